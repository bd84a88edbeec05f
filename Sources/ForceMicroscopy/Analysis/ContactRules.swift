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
    guard f.count > 4 * width + 10 else { return nil }
    let smooth = average(f, width)
    var slope = smooth
    for i in smooth.indices {
      let a = max(0, i - 1)
      let b = min(smooth.count - 1, i + 1)
      slope[i] = (smooth[b] - smooth[a]) / Double(b - a)
    }
    // The series ends at the maximum: the last ten points bend over.
    let again = average(Array(slope.dropLast(10)), width)
    guard let greatest = again.max(), greatest > 0 else { return nil }
    return again.lastIndex { $0 <= 0.01 * greatest }.map { $0 + width }
  }

  /// A moving average of rows i − ⌊w/2⌋ … i − ⌊w/2⌋ + w − 1, the ends continued by their last value.
  private static func average(_ x: [Double], _ width: Int) -> [Double] {
    guard let first = x.first, let last = x.last else { return [] }
    let half = width / 2
    func at(_ i: Int) -> Double { i < 0 ? first : i < x.count ? x[i] : last }
    var result: [Double] = []
    result.reserveCapacity(x.count)
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

  /// A constant or a line, then x³/(ax² + bx + c), fitted over a grid of breaks and refined.
  static func polynomial(_ f: [Double], sloped: Bool) -> Int? {
    let n = f.count
    guard n > 20, let low = f.min(), let high = f.max(), high > low else { return nil }
    // The fit needs no more than some hundred points.
    let stride = max(1, n / 400)
    let rows = Swift.stride(from: 0, to: n, by: stride).map { $0 }
    let x = rows.map { Double($0) / Double(n - 1) }
    let y = rows.map { (f[$0] - low) / (high - low) }
    guard let begin = constantLine(f) else { return nil }
    let x0 = Double(begin) / Double(n - 1)
    let span = max(1 - x0, 0.02)
    let start = [x0, y[0], 0, 0.5 * span, 0.5 * span, 0.1 * span * span]
    let lower = [0.0, -1, sloped ? -1.0 : 0.0, 0, 0, 1e-9]
    let upper = [1.0, 1, sloped ? 1.0 : 0.0, 1e3, 1e3, 1e3]
    func model(_ p: [Double]) -> [Double]? {
      x.indices.map { i in
        let base = p[1] + p[2] * (x[i] - p[0])
        let t = x[i] - p[0]
        guard t > 0 else { return base - y[i] }
        return base + t * t * t / (p[3] * t * t + p[4] * t + p[5]) - y[i]
      }
    }
    let fit = levenbergMarquardt(start, lower: lower, upper: upper) { p, r, j in
      guard let value = model(p),
        let jacobian = centralDifferences(
          p, typical: [0.1, 0.1, 0.1, 0.1, 0.1, 0.01], residuals: model)
      else { return false }
      r = value
      j = jacobian
      return value.allSatisfy(\.isFinite)
    }
    guard let p = fit?.parameters[0], p > 0, p < 1 else { return nil }
    return Int((p * Double(n - 1)).rounded())
  }
}
