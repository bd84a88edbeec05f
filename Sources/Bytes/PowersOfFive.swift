/// The constants that turn decimal digits into the nearest Double, computed once at first use.
///
/// `upper`/`lower` hold the 128 leading bits of 5^q for q in -342...308: truncated, except that the
/// inexact reciprocals down to 5^-27 are rounded up, as Lemire, "Number parsing at a gigabyte per
/// second" (2021, doi 10.1002/spe.2984, section 5) needs them. All come from exact integer
/// arithmetic: powers by multiplying with 5, reciprocals by dividing 2^960 by 5 again and again
/// (nested floors of whole quotients are exact).
struct PowersOfFive: @unchecked Sendable {
  static let smallest = -342
  static let largest = 308
  /// The one table; its memory lives as long as the program and never changes after this line.
  static let shared = PowersOfFive()

  /// Pairs of words, high then low, for `smallest...largest`.
  let words: UnsafePointer<UInt64>
  /// 1, 10, … 1e22: the powers of ten that Double holds exactly.
  let tens: UnsafePointer<Double>
  /// 1, 10, … 1e19.
  let wholeTens: UnsafePointer<UInt64>

  private init() {
    let count = Self.largest - Self.smallest + 1
    let table = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * count)
    table.initialize(repeating: 0, count: 2 * count)
    var power = [UInt64](repeating: 0, count: 16)
    power[0] = 1
    for q in 0...Self.largest {
      Self.store(Self.leadingBits(power), in: table, at: q - Self.smallest)
      Self.multiplyByFive(&power)
    }
    var reciprocal = [UInt64](repeating: 0, count: 16)
    reciprocal[15] = 1
    for q in 1...(-Self.smallest) {
      Self.divideByFive(&reciprocal)
      var bits = Self.leadingBits(reciprocal)
      if q <= 27 { bits += 1 }
      Self.store(bits, in: table, at: -q - Self.smallest)
    }
    words = UnsafePointer(table)

    let doubles = UnsafeMutablePointer<Double>.allocate(capacity: 23)
    var ten = 1.0
    for i in 0...22 {
      (doubles + i).initialize(to: ten)
      ten *= 10
    }
    tens = UnsafePointer(doubles)
    let wholes = UnsafeMutablePointer<UInt64>.allocate(capacity: 20)
    var whole: UInt64 = 1
    for i in 0...19 {
      (wholes + i).initialize(to: whole)
      whole = whole &* 10
    }
    wholeTens = UnsafePointer(wholes)
  }

  private static func store(_ bits: UInt128, in table: UnsafeMutablePointer<UInt64>, at i: Int) {
    table[2 * i] = UInt64(truncatingIfNeeded: bits >> 64)
    table[2 * i + 1] = UInt64(truncatingIfNeeded: bits)
  }

  private static func multiplyByFive(_ number: inout [UInt64]) {
    var carry: UInt64 = 0
    for i in number.indices {
      let product = UInt128(number[i]) * 5 + UInt128(carry)
      number[i] = UInt64(truncatingIfNeeded: product)
      carry = UInt64(truncatingIfNeeded: product >> 64)
    }
  }

  private static func divideByFive(_ number: inout [UInt64]) {
    var remainder: UInt64 = 0
    for i in number.indices.reversed() {
      let (quotient, rest) = UInt64(5).dividingFullWidth((remainder, number[i]))
      number[i] = quotient
      remainder = rest
    }
  }

  /// The 128 bits from the highest set one down; the number is not zero.
  private static func leadingBits(_ number: [UInt64]) -> UInt128 {
    guard let top = number.lastIndex(where: { $0 != 0 }) else { return 0 }
    func word(_ i: Int) -> UInt64 { i >= 0 ? number[i] : 0 }
    let shift = number[top].leadingZeroBitCount
    let upper = UInt128(word(top)) << 64 | UInt128(word(top - 1))
    if shift == 0 { return upper }
    return upper << UInt128(shift) | UInt128(word(top - 2) >> UInt64(64 - shift))
  }

  /// The Double nearest to `digits` · 10^`exponent`, ties to even; infinity where it overflows.
  ///
  /// The method of Eisel and Lemire; that a 64-bit significand never needs a slower way is proved in
  /// Mushtak and Lemire, "Fast number parsing without fallback" (2023, doi 10.1002/spe.3198).
  @inline(__always)
  func nearest(_ digits: UInt64, exponent q: Int) -> Double {
    if digits == 0 || q < Self.smallest { return 0 }
    if q > Self.largest { return .infinity }
    let leading = digits.leadingZeroBitCount
    let w = digits &<< UInt64(truncatingIfNeeded: leading)
    let entry = words + 2 &* (q &- Self.smallest)
    var (high, low) = w.multipliedFullWidth(by: entry[0])
    if high & 0x1FF == 0x1FF {
      let second = w.multipliedFullWidth(by: entry[1]).high
      let (sum, carry) = low.addingReportingOverflow(second)
      low = sum
      if carry { high = high &+ 1 }
    }
    let upperBit = Int(truncatingIfNeeded: high &>> 63)
    let shift = UInt64(truncatingIfNeeded: upperBit &+ 9)
    var mantissa = high &>> shift
    // floor(q · log2 10) + 63, exact in this range.
    var power = (217706 &* q) &>> 16 &+ 63 &+ upperBit &- leading &+ 1023
    if power <= 0 {
      let extra = 1 &- power
      if extra >= 64 { return 0 }
      mantissa = mantissa &>> UInt64(truncatingIfNeeded: extra)
      mantissa = (mantissa &+ (mantissa & 1)) &>> 1
      return Double(bitPattern: mantissa)  // a carry into bit 52 makes the least normal number
    }
    if low <= 1 && q >= -4 && q <= 23 && mantissa & 3 == 1 && mantissa &<< shift == high {
      mantissa &= ~1  // exactly between two numbers: to even
    }
    mantissa = (mantissa &+ (mantissa & 1)) &>> 1
    if mantissa >= 1 &<< 53 {
      mantissa = 1 &<< 52
      power = power &+ 1
    }
    if power >= 2047 { return .infinity }
    mantissa &= (1 &<< 52) &- 1
    return Double(bitPattern: mantissa | UInt64(truncatingIfNeeded: power) &<< 52)
  }
}
