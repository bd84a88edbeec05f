/// A centred moving average; the window is cut at the ends and its width made odd.
public func movingAverage(_ x: [Double], width: Int) -> [Double] {
  let half = max(0, width) / 2
  guard half > 0, !x.isEmpty else { return x }
  var result = x
  var sum = 0.0
  var first = 0
  var last = 0
  for i in x.indices {
    let lo = max(0, i - half)
    let hi = min(x.count - 1, i + half)
    while last <= hi {
      sum += x[last]
      last += 1
    }
    while first < lo {
      sum -= x[first]
      first += 1
    }
    result[i] = sum / Double(hi - lo + 1)
  }
  return result
}

/// A centred running median; the window is cut at the ends and its width made odd.
public func runningMedian(_ x: [Double], width: Int) -> [Double] {
  let half = max(0, width) / 2
  guard half > 0, !x.isEmpty else { return x }
  var result = x
  if half == 2, x.count > 4 {
    for i in 2..<(x.count - 2) {
      result[i] = medianOfFive(x[i - 2], x[i - 1], x[i], x[i + 1], x[i + 2])
    }
  }
  let done = half == 2 && x.count > 4 ? 2..<(x.count - 2) : 0..<0
  for i in x.indices where !done.contains(i) {
    let window = x[max(0, i - half)...min(x.count - 1, i + half)].sorted()
    let h = window.count / 2
    result[i] = window.count % 2 == 1 ? window[h] : (window[h - 1] + window[h]) / 2
  }
  return result
}

/// The third of five numbers by comparisons alone.
private func medianOfFive(
  _ a: Double, _ b: Double, _ c: Double, _ d: Double, _ e: Double
) -> Double {
  // The least of two pairs' lesser ones and the greatest of their greater ones are not the median.
  let f = max(min(a, b), min(c, d))
  let g = min(max(a, b), max(c, d))
  // The median of e, f and g.
  return max(min(f, g), min(max(f, g), e))
}
