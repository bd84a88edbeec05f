internal import NumericalMethods

/// Rules that find the contact point in an approach without a model of the sample.
///
/// Force against index, up to its maximum. The rules are those of nanite (P. Müller et al., BMC
/// Bioinformatics 20 (2019) 465), written anew from their description.
enum ContactRules {
  /// The index of contact by every rule, in the order of the rules.
  static func candidates(_ force: [Double]) -> [(method: ContactMethod, index: Int)] {
    guard let peak = force.indices.max(by: { force[$0] < force[$1] }) else { return [] }
    let f = Array(force[..<max(peak, 1)])
    let half = f.count / 2
    return [
      (.deviationFromBaseline, deviation(f) ?? half), (.frechetDirectPath, directPath(f) ?? half),
      (.gradientZeroCrossing, gradient(f) ?? half),
      (.fitConstantLine, constantLine(f) ?? half),
      (.fitConstantPolynomial, polynomial(f, sloped: false) ?? half),
      (.fitLinePolynomial, polynomial(f, sloped: true) ?? half),
    ]
  }

  static func deviation(_ f: [Double]) -> Int? {
    let head = f.count / 10
    guard head > 0, let b = mean(Array(f[..<head])) else { return nil }
    let m = f[..<head].reduce(0) { max($0, abs($1 - b)) }
    return f.firstIndex { $0 - b > 2 * m }
  }

  static func directPath(_ f: [Double]) -> Int? {
    guard f.count > 2, let low = f.min(), let high = f.max(), high > low else { return nil }
    let n = Double(f.count - 1)
    var best: (Int, Double)?
    for (i, y) in f.enumerated() {
      let d = (y - low) / (high - low) - Double(i) / n
      if d < best?.1 ?? .infinity { best = (i, d) }
    }
    return best?.0
  }

  static func gradient(_ f: [Double]) -> Int? {
    let width = max(5, f.count / 100)
    let smooth = average(f, width)
    // Ten points short of the maximum: there the curve bends over.
    guard let peak = smooth.indices.max(by: { smooth[$0] < smooth[$1] }), peak > 60 else {
      return nil
    }
    var slope = [smooth[1] - smooth[0]]
    slope.reserveCapacity(peak)
    for i in 1..<(peak - 10) { slope.append((smooth[i + 1] - smooth[i - 1]) / 2) }
    let again = average(slope, width)
    guard let greatest = again.max() else { return nil }
    // The row after the last small one, and half a width for each of the two averages.
    return again.lastIndex { $0 <= 0.01 * greatest }.map { $0 + 1 + width }
  }

  /// A moving average of rows i − ⌊w/2⌋ … i − ⌊w/2⌋ + w − 1, the series mirrored at its ends.
  private static func average(_ x: [Double], _ width: Int) -> [Double] {
    let n = x.count
    guard n > 0 else { return [] }
    let half = width / 2
    func at(_ i: Int) -> Double {
      let j = i < 0 ? -i - 1 : i < n ? i : 2 * n - 1 - i
      return x[min(max(j, 0), n - 1)]
    }
    var result: [Double] = []
    result.reserveCapacity(n)
    var sum = 0.0
    for i in (-half)..<(width - half) { sum += at(i) }
    for i in x.indices {
      result.append(sum / Double(width))
      sum += at(i - half + width) - at(i - half)
    }
    return result
  }

  /// A constant, then a straight line that starts from it: exact least squares for every break.
  static func constantLine(_ f: [Double]) -> Int? {
    let n = f.count
    guard n > 10 else { return nil }
    var sy = 0.0
    var syy = 0.0
    for y in f {
      sy += y
      syy += y * y
    }
    var best: (Int, Double)?
    var after = 0.0
    var sxy = 0.0
    // Model d + m·max(0, j − i), sums built from the end.
    for i in stride(from: n - 2, through: 1, by: -1) {
      after += f[i + 1]
      sxy += after
      let count = Double(n - i)
      let s1 = count * (count - 1) / 2
      let s2 = (count - 1) * count * (2 * count - 1) / 6
      let det = Double(n) * s2 - s1 * s1
      guard det > 0 else { continue }
      let m = (Double(n) * sxy - s1 * sy) / det
      let d = (sy - m * s1) / Double(n)
      let cost = syy - d * sy - m * sxy
      if cost < best?.1 ?? .infinity { best = (i, cost) }
    }
    return best?.0
  }

  /// A constant or a line, then x³/(ax² + bx + c) in the limit c → 0: least squares in break, height,
  /// slope, a and b from the start that the direct path gives.
  ///
  /// nanite's simplex starts at c = ½ in units of rows and never leaves it for values that matter, so
  /// that its published numbers are those of c = 0.
  static func polynomial(_ f: [Double], sloped: Bool) -> Int? {
    let n = f.count
    guard n > 20, let low = f.min(), let high = f.max(), high > low else { return nil }
    guard let begin = directPath(f) else { return nil }
    // Means of blocks: some hundred of them fix a break to a small part of a per cent.
    let block = max(1, n / 500)
    var x: [Double] = []
    var y: [Double] = []
    x.reserveCapacity(n / block + 1)
    y.reserveCapacity(n / block + 1)
    var row = 0
    while row < n {
      let end = min(n, row + block)
      var sum = 0.0
      for i in row..<end { sum += f[i] }
      x.append((Double(row + end - 1) / 2) / Double(n))
      y.append((sum / Double(end - row) - low) / (high - low))
      row = end
    }
    let x0 = Double(begin) / Double(n)
    let span = max(1 - x0, 0.02)
    let head = y.prefix(max(1, 10 / block)).reduce(0, +) / Double(max(1, 10 / block))
    let start = [x0, head, 0, 0.5 * span, 0.5 * span * span]
    let lower = [0.0, -1, sloped ? -10.0 : 0.0, 1e-9, 1e-12]
    let upper = [1.0, 1, sloped ? 10.0 : 0.0, 1e3, 1e6]
    var settings = LevenbergMarquardtSettings()
    settings.steps = 100
    settings.stepTolerance = 1e-5
    settings.typical = [1e-2, 1e-2, 1e-2, 1e-3, 1e-4]
    let fit = levenbergMarquardt(start, lower: lower, upper: upper, settings: settings) {
      p, r, jacobian in
      r = [Double](repeating: 0, count: x.count)
      var j = DenseMatrix(rows: jacobian == nil ? 0 : x.count, columns: 5)
      for i in x.indices {
        let t = x[i] - p[0]
        r[i] = p[1] + p[2] * t - y[i]
        var byT = p[2]
        if t > 0 {
          let under = p[3] * t + p[4]
          r[i] += t * t / under
          byT += t * (under + p[4]) / (under * under)
          if jacobian != nil {
            let g = -t * t / (under * under)
            j.values[5 * i + 3] = g * t
            j.values[5 * i + 4] = g
          }
        }
        if jacobian != nil {
          j.values[5 * i] = -byT
          j.values[5 * i + 1] = 1
          j.values[5 * i + 2] = t
        }
      }
      if jacobian != nil { jacobian = j }
      return r.allSatisfy(\.isFinite)
    }
    guard let p = fit?.parameters[0], p > 0, p < 1 else { return nil }
    return Int(p * Double(n))
  }
}
