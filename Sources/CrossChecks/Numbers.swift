internal import NumericalMethods
internal import RealModule

/// Small statistics over long series: rules look at every value only where one wrong value counts.
enum LintNumbers {
  /// Values evenly taken from a series, at most `most`; missing ones are left out.
  static func sample(_ values: [Double], most: Int = 4096) -> [Double] {
    let step = max(1, values.count / most)
    return stride(from: 0, to: values.count, by: step).compactMap {
      values[$0].isFinite ? values[$0] : nil
    }
  }

  /// The median of the magnitudes; nil where no value is finite and non-zero.
  static func medianMagnitude(_ values: [Double]) -> Double? {
    median(sample(values).filter { $0 != 0 }.map(\.magnitude))
  }

  /// Least and greatest finite value.
  static func extremes(_ values: [Double]) -> (low: Double, high: Double)? {
    var (low, high) = (Double.infinity, -Double.infinity)
    for x in values where x.isFinite {
      low = min(low, x)
      high = max(high, x)
    }
    return low <= high ? (low, high) : nil
  }

  /// The decimal place that all values share: 0.001 for 3.712; 0 where they have more than nine digits.
  ///
  /// Looks at 500 values, and takes a value for a multiple where it is one to 10⁻⁹ of the largest.
  static func quantum(_ values: [Double]) -> Double {
    let some = sample(values, most: 500)
    guard let largest = some.map(\.magnitude).max(), largest > 0, largest.isFinite else { return 0 }
    var place = Int(exactly: Double.log10(largest).rounded(.down)) ?? 0
    for _ in 0..<9 {
      let step = Double.exp10(Double(place))
      if some.allSatisfy({
        (($0 / step).rounded() * step - $0).magnitude <= largest * 1e-9
      }) {
        return step
      }
      place -= 1
    }
    return 0
  }

  /// The scatter of a series about its own course: 1.4826 · median |second difference| / √6.
  static func noise(_ values: [Double]) -> Double {
    guard values.count > 4 else { return 0 }
    let step = max(1, values.count / 4096)
    let second = stride(from: 1, to: values.count - 1, by: step).compactMap { i -> Double? in
      let d = values[i - 1] - 2 * values[i] + values[i + 1]
      return d.isFinite ? d.magnitude : nil
    }
    return 1.4826 * (median(second) ?? 0) / 6.0.squareRoot()
  }

  /// The usual slip between a number and what it should be: 1000, 3600, 60 and their inverses, −1.
  ///
  /// - Parameter tolerance: how far, relatively, the ratio may lie from the factor.
  static func slip(_ ratio: Double, tolerance: Double = 0.05) -> Double? {
    let factors = [1e3, 1e6, 1e9, 3600, 3.6, 3.6e6, 60, 100, 1e4]
    let all = factors + factors.map { 1 / $0 }
    if (ratio + 1).magnitude <= tolerance { return -1 }
    let found = all.first { (ratio / $0 - 1).magnitude <= tolerance }
    return found ?? all.first { (-ratio / $0 - 1).magnitude <= tolerance }.map { -$0 }
  }

  /// A slip in words: `a factor 1000 (a prefix lost: m under the unit)`.
  static func words(_ slip: Double) -> String {
    if slip == -1 { return "the sign is reversed" }
    let size = slip.magnitude
    let cause: String
    switch size >= 1 ? size : 1 / size {
    case 1e3: cause = size > 1 ? "milli under the bare unit" : "the bare unit under milli, or kilo"
    case 1e6: cause = "micro or mega"
    case 1e9: cause = "nano or giga"
    case 3600, 3.6, 3.6e6: cause = "hours and seconds, coulombs and ampere-hours"
    case 60: cause = "minutes under seconds, or seconds under minutes"
    case 100: cause = "per cent, or cm under m"
    default: cause = "cm2 under m2"
    }
    let number = size >= 1 ? short(size) : "1/\(short((1 / size)))"
    return "a factor \(number): \(cause)" + (slip < 0 ? ", and the sign is reversed" : "")
  }

  /// A number with at most four significant digits.
  static func short(_ x: Double) -> String {
    guard x.isFinite else { return "no number" }
    if x == 0 { return "0" }
    let place = 3 - (Int(exactly: Double.log10(x.magnitude).rounded(.down)) ?? 0)
    guard place.magnitude < 300 else { return "\(x)" }
    let scale = Double.exp10(Double(place))
    let rounded = (x * scale).rounded() / scale
    if rounded == rounded.rounded(), rounded.magnitude < 1e6, let whole = Int(exactly: rounded) {
      return "\(whole)"
    }
    return "\(rounded)"
  }

  /// A share in per cent.
  static func percent(_ x: Double) -> String { short(x * 100) + " %" }
}
