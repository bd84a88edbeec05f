#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The range of an axis with its ticks: from numbers to positions.
struct AxisScale {
  var low: Double
  var high: Double
  let logarithmic: Bool
  /// The power of ten that the tick labels leave out, and the axis label names; 0 for none.
  var factor = 0
  /// Ticks with labels.
  var ticks: [(value: Double, label: String)] = []
  /// Ticks without labels.
  var minorTicks: [Double] = []

  /// The scale that shows the numbers from `low` to `high`, with about `wanted` ticks.
  ///
  /// - Parameter padded: whether room is left at both ends, and zero is shown where it is near.
  init(low: Double, high: Double, logarithmic: Bool, wanted: Int, padded: Bool = true) {
    self.logarithmic = logarithmic
    self.low = low
    self.high = high
    if logarithmic {
      fitLogarithmic(wanted: wanted)
    } else {
      fitLinear(wanted: wanted, padded: padded)
    }
  }

  /// The position of a number: 0 at the low end, 1 at the high end; nil where it has none.
  func position(_ x: Double) -> Double? {
    guard x.isFinite else { return nil }
    if logarithmic {
      guard x > 0 else { return nil }
      return (log10(x) - log10(low)) / (log10(high) - log10(low))
    }
    return (x - low) / (high - low)
  }

  /// 10ⁿ, correctly rounded.
  static func powerOfTen(_ n: Int) -> Double { Double("1e\(max(-320, min(308, n)))") ?? 1 }

  private mutating func fitLinear(wanted: Int, padded: Bool) {
    if !(low.isFinite && high.isFinite) || low > high { (low, high) = (0, 1) }
    // Beyond a hundredth of the range of Double the differences could overflow.
    low = min(max(low, -1e306), 1e306)
    high = min(max(high, -1e306), 1e306)
    if high - low <= max(abs(low), abs(high)) * 1e-12 {
      let room = max(abs(low) * 0.05, low == 0 ? 0.5 : 1e-300)
      low -= room
      high += room
    } else if padded {
      let span = high - low
      let nearZero = low > 0 && low < span * 0.3
      let belowZero = high < 0 && -high < span * 0.3
      let (bottom, top) = (low, high)
      low = nearZero ? 0 : bottom == 0 ? 0 : bottom - span * 0.04
      high = belowZero ? 0 : top == 0 ? 0 : top + span * 0.04
    }
    let raw = (high - low) / Double(max(2, wanted))
    var exponent = DecimalText(raw).exponent
    let mantissa = raw / Self.powerOfTen(exponent)
    var unit = mantissa < 1.42 ? 1.0 : mantissa < 3.17 ? 2.0 : mantissa < 7.08 ? 5.0 : 10.0
    if unit == 10 {
      unit = 1
      exponent += 1
    }
    let step = unit * Self.powerOfTen(exponent)
    let largest = max(abs(low), abs(high))
    let top = DecimalText(largest).exponent
    if top >= 5 || top < -2 { factor = 3 * Int((Double(top) / 3).rounded(.down)) }
    let decimals = max(0, factor - exponent)
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    guard first.magnitude < 1e15, last.magnitude < 1e15, last >= first, last - first < 100
    else { return }
    for i in Int(first)...Int(last) {
      let value = exponent < 0 ? Double(i) * unit / Self.powerOfTen(-exponent) : Double(i) * step
      ticks.append((value, DecimalText(value).shifted(by: -factor).fixed(decimals: decimals)))
    }
    let parts = unit == 2 ? 4 : 5
    for i in (Int(first) - 1)...Int(last) {
      for part in 1..<parts {
        let value = (Double(i) + Double(part) / Double(parts)) * step
        if value > low && value < high { minorTicks.append(value) }
      }
    }
  }

  private mutating func fitLogarithmic(wanted: Int) {
    if !(low.isFinite && high.isFinite) || low <= 0 || low > high { (low, high) = (0.1, 10) }
    let ratio = high / low
    let room = ratio.isFinite && ratio < 1.0001 ? 1.5 : max(1.08, pow(ratio, 0.04))
    low = max(low / room, 1e-300)
    high = min(high * room, 1e300)
    let bottom = Int(log10(low).rounded(.down))
    let top = Int(log10(high).rounded(.up))
    let decades = log10(high) - log10(low)
    let every = max(1, Int((decades / Double(max(2, wanted))).rounded(.up)))
    let plain = bottom >= -3 && top <= 4
    func label(_ n: Int, _ multiple: Int) -> String {
      if plain {
        return DecimalText(Double(multiple)).shifted(by: n).fixed(decimals: max(0, -n))
      }
      return multiple == 1
        ? PeopleText.powerOfTen(n) : "\(multiple) × \(PeopleText.powerOfTen(n))"
    }
    // Less than a decade and a half holds too few powers of ten to read the axis by.
    let multiples = decades < 0.7 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : decades < 1.6 ? [1, 2, 5] : [1]
    for n in bottom...max(bottom, top) {
      for multiple in 1...9 {
        let value = Double("\(multiple)e\(n)") ?? 0
        guard value >= low * (1 - 1e-12), value <= high * (1 + 1e-12) else { continue }
        if multiples.contains(multiple) && (multiple > 1 || n % every == 0) {
          ticks.append((value, label(n, multiple)))
        } else if every == 1 || multiple == 1 {
          minorTicks.append(value)
        }
      }
    }
    if ticks.count < 2 {
      for value in [low, high] {
        ticks.append((value, PeopleText.number(value)))
      }
    }
  }
}
