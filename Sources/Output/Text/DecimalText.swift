/// The decimal digits of a number, rounded and printed without any locale.
///
/// The digits are those of the shortest text that reads back as the same number, so rounding works on
/// what a reader would see and not on a binary fraction. Ties go away from zero.
public struct DecimalText: Sendable {
  /// Whether the number is below zero.
  public private(set) var negative = false
  /// The digits without leading zeros; empty for zero.
  private var digits: [UInt8] = []
  /// The power of ten of the first digit: 2 for 123.
  private var leading = 0

  /// The digits of a number; those of zero where it is not finite.
  public init(_ number: Double) {
    guard number.isFinite, number != 0 else { return }
    negative = number < 0
    var exponent = 0
    var point: Int?
    let text = Array(number.magnitude.description.utf8)
    var i = 0
    while i < text.count {
      let byte = text[i]
      if byte == UInt8(ascii: ".") {
        point = digits.count
      } else if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: text[(i + 1)...], as: UTF8.self)) ?? 0
        break
      } else {
        digits.append(byte - UInt8(ascii: "0"))
      }
      i += 1
    }
    leading = (point ?? digits.count) - 1 + exponent
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    leading -= zeros
    while digits.last == 0 { digits.removeLast() }
  }

  /// The power of ten of the first digit; 0 for zero.
  public var exponent: Int { digits.isEmpty ? 0 : leading }

  /// How many digits the shortest text has.
  public var count: Int { digits.count }

  /// The number rounded to a digit: `place` −2 rounds to hundredths.
  public func rounded(to place: Int) -> DecimalText {
    let keep = leading - place + 1
    guard !digits.isEmpty, keep < digits.count else { return self }
    var result = self
    guard keep >= 0 else {
      result.digits = []
      return result
    }
    let up = digits[keep] >= 5
    result.digits = Array(digits[..<keep])
    if up {
      var i = keep - 1
      while i >= 0 && result.digits[i] == 9 {
        result.digits[i] = 0
        i -= 1
      }
      if i >= 0 {
        result.digits[i] += 1
      } else {
        result.digits.insert(1, at: 0)
        result.leading += 1
      }
    }
    while result.digits.last == 0 { result.digits.removeLast() }
    return result
  }

  /// The number rounded to that many significant digits.
  public func rounded(significant n: Int) -> DecimalText { rounded(to: leading - max(1, n) + 1) }

  /// Plain decimal text with exactly that many decimals, and U+2212 as minus.
  public func fixed(decimals: Int) -> String {
    let rounded = rounded(to: -decimals)
    var text = ""
    if rounded.leading < 0 || rounded.digits.isEmpty {
      text = "0"
    } else {
      for place in stride(from: rounded.leading, through: 0, by: -1) {
        text += "\(rounded.digit(at: place))"
      }
    }
    if decimals > 0 {
      text += "."
      for place in 1...decimals { text += "\(rounded.digit(at: -place))" }
    }
    return (negative && !rounded.digits.isEmpty ? "\u{2212}" : "") + text
  }

  private func digit(at place: Int) -> UInt8 {
    let i = leading - place
    return digits.indices.contains(i) ? digits[i] : 0
  }

  /// The number times a power of ten.
  public func shifted(by power: Int) -> DecimalText {
    var result = self
    result.leading += power
    return result
  }
}

/// Numbers, quantities and units as people read them in reports and figures.
public enum PeopleText {
  /// A number without uncertainty, at most five significant digits.
  public static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    let text = DecimalText(value)
    let rounded = text.rounded(significant: 5)
    if value == 0 { return "0" }
    if rounded.exponent >= 6 || rounded.exponent < -3 {
      return scientific(rounded, decimals: max(0, rounded.count - 1))
    }
    return rounded.fixed(decimals: max(0, rounded.count - 1 - rounded.exponent))
  }

  /// A value with its standard uncertainty, both rounded to the second significant digit of `u`.
  ///
  /// Gives `2.310 ± 0.050`, or `(1.20 ± 0.35) × 10⁻⁶`. A value without `u` has at most five digits;
  /// `u` of 0 means exact, and the value is printed in full.
  public static func value(_ value: Double?, u: Double?) -> String {
    guard let value, value.isFinite else { return "–" }
    guard let u, u.isFinite, u >= 0 else { return number(value) }
    if u == 0 {
      let text = DecimalText(value)
      if text.exponent >= 15 || text.exponent < -6 {
        return scientific(text, decimals: max(0, text.count - 1))
      }
      return text.fixed(decimals: max(0, text.count - 1 - text.exponent))
    }
    // Rounding 0.0996 to two digits carries into the next place, so the place is taken afterwards.
    let roundedU = DecimalText(u).rounded(significant: 2)
    let place = roundedU.exponent - 1
    let text = DecimalText(value)
    let rounded = text.rounded(to: place)
    let top = rounded.count == 0 ? roundedU.exponent : max(rounded.exponent, roundedU.exponent)
    if top >= 6 || top < -3 {
      let decimals = max(0, top - place)
      let mantissa = text.shifted(by: -top).fixed(decimals: decimals)
      let spread = roundedU.shifted(by: -top).fixed(decimals: decimals)
      return "(\(mantissa) ± \(spread)) × \(powerOfTen(top))"
    }
    let decimals = max(0, -place)
    return rounded.fixed(decimals: decimals) + " ± "
      + roundedU.fixed(decimals: decimals)
  }

  /// A number as `1.5 × 10⁻⁶`.
  private static func scientific(_ text: DecimalText, decimals: Int) -> String {
    "\(text.shifted(by: -text.exponent).fixed(decimals: decimals)) × \(powerOfTen(text.exponent))"
  }

  /// A power of ten with a raised exponent, such as `10⁻⁶`.
  public static func powerOfTen(_ n: Int) -> String { "10" + raised(n) }

  /// A whole number in raised digits.
  public static func raised(_ n: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    let magnitude = "\(n.magnitude)".compactMap { $0.wholeNumberValue.map { digits[$0] } }
    return (n < 0 ? "⁻" : "") + String(magnitude)
  }
}
