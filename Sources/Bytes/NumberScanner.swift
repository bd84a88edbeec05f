/// Reads decimal numbers from bytes, correctly rounded to the nearest Double, without any locale.
///
/// The grammar is `[+-−]? digits [mark digits] ([eEdD] [+-]? digits)?` with U+2212 as a minus, the
/// digits before or after the mark left out at most on one side, and Fortran's exponent of three
/// digits without a letter (`1.0-102`). Nothing else is a number: no hexadecimal, no separators, no
/// names such as `inf`, nothing behind the last digit.
public struct NumberScanner: Sendable {
  /// The decimal mark, `.` or `,` as a rule.
  public let decimalMark: UInt8
  /// The power of ten that every number is multiplied by before rounding: -9 reads nm as m.
  public let exponent: Int
  let powers: PowersOfFive

  /// A scanner for one decimal mark and one power of ten.
  public init(decimalMark: UInt8 = UInt8(ascii: "."), exponent: Int = 0) {
    self.decimalMark = decimalMark
    self.exponent = min(max(exponent, -4096), 4096)
    powers = PowersOfFive.shared
  }

  /// What a piece of text is as a number.
  public enum Outcome: Hashable, Sendable {
    /// A finite number.
    case number(Double)
    /// A number beyond the range of Double.
    case overflow
    /// Not a number.
    case invalid
  }

  /// The number that the bytes spell, all of them; blanks around it are not allowed.
  public func outcome(_ bytes: ByteView) -> Outcome { bytes.withBytes { outcome($0) } }

  /// The number that a text spells, all of it; blanks around it are not allowed.
  public func outcome(_ text: some StringProtocol) -> Outcome {
    var copy = String(text)
    return copy.withUTF8 { outcome(UnsafeRawBufferPointer($0)) }
  }

  /// The finite number that the bytes spell, or nil.
  public func parse(_ bytes: ByteView) -> Double? { Self.finite(outcome(bytes)) }

  /// The finite number that a text spells, or nil.
  public func parse(_ text: some StringProtocol) -> Double? { Self.finite(outcome(text)) }

  /// The finite number that a text with a decimal point spells, or nil.
  public static func parse(_ text: some StringProtocol) -> Double? { NumberScanner().parse(text) }

  /// The finite number that bytes with a decimal point spell, or nil.
  public static func parse(_ bytes: ByteView) -> Double? { NumberScanner().parse(bytes) }

  private static func finite(_ outcome: Outcome) -> Double? {
    if case .number(let x) = outcome { return x }
    return nil
  }

  /// The number that a buffer spells, all of it.
  func outcome(_ bytes: UnsafeRawBufferPointer) -> Outcome {
    guard let base = bytes.baseAddress, bytes.count > 0 else { return .invalid }
    var p = base
    let end = base + bytes.count
    let x = scan(&p, end, exponent)
    if x.isNaN || p != end { return .invalid }
    return x.isFinite ? .number(x) : .overflow
  }

  /// The number at `cursor`, which then stands behind it; NaN where there is none (the cursor is
  /// then anywhere up to `end`), infinity where it overflows.
  func scan(
    _ cursor: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ exponent: Int
  ) -> Double {
    var p = cursor
    var negative = false
    if p < end {
      let first = p.load(as: UInt8.self)
      if first == UInt8(ascii: "-") {
        negative = true
        p += 1
      } else if first == UInt8(ascii: "+") {
        p += 1
      } else if first == 0xE2, Self.isMinusSign(p, end) {
        negative = true
        p += 3
      }
    }
    let start = p
    var w: UInt64 = 0
    while p < end {
      let digit = p.load(as: UInt8.self) &- 48
      if digit > 9 { break }
      w = w &* 10 &+ UInt64(digit)
      p += 1
    }
    var digits = p - start
    var q = exponent
    var hasMark = false
    if p < end && p.load(as: UInt8.self) == decimalMark {
      hasMark = true
      p += 1
      let fraction = p
      scanDigits(&p, end, &w)
      let count = p - fraction
      q = q &- count
      digits = digits &+ count
    }
    if digits == 0 { return .nan }
    if p < end {
      let next = p.load(as: UInt8.self)
      let letter = next | 0x20
      if letter == UInt8(ascii: "e") || letter == UInt8(ascii: "d") {
        p += 1
        if !Self.scanExponent(&p, end, &q) { return .nan }
      } else if hasMark, next == UInt8(ascii: "-") || next == UInt8(ascii: "+"),
        Self.hasBareExponent(p, end)
      {
        if !Self.scanExponent(&p, end, &q) { return .nan }
      }
    }
    let x = digits > 19 ? long(start, p, shift: q) : nearest(w, q)
    cursor = p
    return negative ? -x : x
  }

  /// Appends the run of digits at `p` to `w`, up to eight at a time.
  @inline(__always)
  private func scanDigits(_ p: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ w: inout UInt64) {
    while end - p >= 8 {
      let (value, count) = Self.digits(Self.word(p))
      if count == 0 { return }
      w = w &* powers.wholeTens[count] &+ value
      p += count
      if count < 8 { return }
    }
    while p < end {
      let digit = p.load(as: UInt8.self) &- 48
      if digit > 9 { return }
      w = w &* 10 &+ UInt64(digit)
      p += 1
    }
  }

  /// Adds the exponent at `p`, a sign and digits, to `q`; false where there are no digits.
  @inline(__always)
  private static func scanExponent(
    _ p: inout UnsafeRawPointer, _ end: UnsafeRawPointer, _ q: inout Int
  ) -> Bool {
    var negative = false
    if p < end {
      let sign = p.load(as: UInt8.self)
      if sign == UInt8(ascii: "-") {
        negative = true
        p += 1
      } else if sign == UInt8(ascii: "+") {
        p += 1
      } else if sign == 0xE2, isMinusSign(p, end) {
        negative = true
        p += 3
      }
    }
    let start = p
    var e = 0
    while p < end {
      let digit = p.load(as: UInt8.self) &- 48
      if digit > 9 { break }
      if e < 1 &<< 40 { e = e &* 10 &+ Int(digit) }
      p += 1
    }
    q = negative ? q &- e : q &+ e
    return p != start
  }

  /// Whether U+2212 stands at `p`.
  private static func isMinusSign(_ p: UnsafeRawPointer, _ end: UnsafeRawPointer) -> Bool {
    end - p >= 3 && p.load(fromByteOffset: 1, as: UInt8.self) == 0x88
      && p.load(fromByteOffset: 2, as: UInt8.self) == 0x92
  }

  /// Whether a sign and exactly three digits stand at `p`: Fortran drops the letter only there.
  private static func hasBareExponent(_ p: UnsafeRawPointer, _ end: UnsafeRawPointer) -> Bool {
    guard end - p >= 4 else { return false }
    for i in 1...3 where p.load(fromByteOffset: i, as: UInt8.self) &- 48 > 9 { return false }
    return end - p == 4 || p.load(fromByteOffset: 4, as: UInt8.self) &- 48 > 9
  }

  /// The number whose more than 19 digits start at `start`; the last one counts 10^`shift`.
  @inline(never)
  private func long(_ start: UnsafeRawPointer, _ end: UnsafeRawPointer, shift: Int) -> Double {
    var digits: [UInt8] = []
    var significant = 0
    var p = start
    while p < end {
      let byte = p.load(as: UInt8.self)
      p += 1
      if byte == decimalMark { continue }
      let digit = byte &- 48
      if digit > 9 { break }
      if significant == 0 && digit == 0 { continue }
      significant += 1
      if digits.count <= ExactDecimal.keptDigits {
        digits.append(digit)
      } else if digit != 0 {
        // What lies beyond the kept digits only has to be known as "something".
        digits[ExactDecimal.keptDigits] = max(1, digits[ExactDecimal.keptDigits])
      }
    }
    if significant == 0 { return 0 }
    let (point, overflow) = significant.addingReportingOverflow(shift)
    if overflow { return shift < 0 ? 0 : .infinity }
    return ExactDecimal.nearest(digits: digits, point: point)
  }
}
