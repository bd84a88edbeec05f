/// The fast way from digits to a Double: numbers written as most instruments write them.
///
/// Digits are taken eight at a time by arithmetic on one 64-bit word, without branches on their number.
extension NumberScanner {
  /// Bytes that must be readable from the start of a number for ``common(_:_:)``.
  static let window = 40

  /// Below this both the digits and powers of ten up to 10^22 are exact.
  ///
  /// 2^53 would do too; but numbers of 16 digits lie on both sides of it, and a branch that goes
  /// either way costs more than the general method.
  private static let surelyExact: UInt64 = 1_000_000_000_000_000

  /// The number at `start` and the byte behind it, if it is written in the common way, else NaN.
  ///
  /// Common are up to 7 digits (6 behind a sign), a mark, up to 16 digits and an exponent of up to
  /// three digits, 19 digits in all. At least ``window`` bytes must be readable.
  @inline(__always)
  func common(
    _ start: UnsafeRawPointer, _ exponent: Int
  ) -> (value: Double, end: UnsafeRawPointer) {
    let failed = (Double.nan, start)
    var text = Self.word(start)
    let isNegative = text & 0xFF == UInt64(UInt8(ascii: "-"))
    text = text &>> (isNegative ? 8 : 0)
    var p = start + (isNegative ? 1 : 0)
    var w: UInt64
    let wholeDigits: Int
    if (text &>> 8) & 0xFF == UInt64(decimalMark) {
      w = (text & 0xFF) &- 48
      if w > 9 { return failed }
      wholeDigits = 1
      p += 1
    } else {
      (w, wholeDigits) = Self.digits(text)
      // Zero and eight digits go the general way.
      if wholeDigits & 7 == 0 { return failed }
      p += wholeDigits
    }
    var q = exponent
    var next = p.load(as: UInt8.self)
    if next == decimalMark {
      p += 1
      let (first, firstDigits) = Self.digits(Self.word(p))
      if firstDigits == 8 {
        w = w &* 100_000_000 &+ first
        p += 8
        q = q &- 8
        let (rest, restDigits) = Self.digits(Self.word(p))
        if restDigits > 0 {
          w = w &* powers.wholeTens[restDigits] &+ rest
          p += restDigits
          q = q &- restDigits
          if wholeDigits &+ restDigits > 11 { return failed }
        }
      } else if firstDigits > 0 {
        w = w &* powers.wholeTens[firstDigits] &+ first
        p += firstDigits
        q = q &- firstDigits
      }
      next = p.load(as: UInt8.self)
      if next &- 48 <= 9 { return failed }
      // Fortran's exponent without a letter.
      if next == UInt8(ascii: "-") || next == UInt8(ascii: "+") { return failed }
    }
    let letter = next | 0x20
    if letter == UInt8(ascii: "e") || letter == UInt8(ascii: "d") {
      p += 1
      let sign = p.load(as: UInt8.self)
      p += sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? 1 : 0
      let tens = p.load(as: UInt8.self) &- 48
      if tens > 9 { return failed }
      var e = Int(tens)
      p += 1
      var digit = p.load(as: UInt8.self) &- 48
      if digit <= 9 {
        e = e &* 10 &+ Int(digit)
        p += 1
        digit = p.load(as: UInt8.self) &- 48
        if digit <= 9 {
          e = e &* 10 &+ Int(digit)
          p += 1
          if p.load(as: UInt8.self) &- 48 <= 9 { return failed }
        }
      }
      q = q &+ (sign == UInt8(ascii: "-") ? 0 &- e : e)
    }
    let x = nearest(w, q)
    return (Double(bitPattern: x.bitPattern | (isNegative ? 1 &<< 63 : 0)), p)
  }

  /// Eight bytes, the first one lowest.
  @inline(__always)
  static func word(_ p: UnsafeRawPointer) -> UInt64 {
    UInt64(littleEndian: p.loadUnaligned(as: UInt64.self))
  }

  /// The digits at the start of eight bytes, and how many there are; for none the value has no
  /// meaning.
  @inline(__always)
  static func digits(_ text: UInt64) -> (value: UInt64, count: Int) {
    let values = text ^ 0x3030_3030_3030_3030
    // The high bit of a byte is set where it is no digit; only the lowest such byte is used.
    let others = ((values &+ 0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080
    let count = others.trailingZeroBitCount &>> 3
    // The digits move to the high bytes, zeros stand before them.
    var v = values &<< UInt64(truncatingIfNeeded: 64 &- 8 &* count)
    v = (v &* 10) &+ (v &>> 8)
    v =
      ((v & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        &+ ((v &>> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) &>> 32
    return (v & 0xFFFF_FFFF, count)
  }

  /// The Double nearest to `w` · 10^`q`.
  @inline(__always)
  func nearest(_ w: UInt64, _ q: Int) -> Double {
    if w < Self.surelyExact && q >= -22 && q <= 22 {
      // Both numbers are exact, so one operation rounds correctly (Clinger 1990).
      let exact = Double(Int64(bitPattern: w))
      return q < 0 ? exact / powers.tens[0 &- q] : exact * powers.tens[q]
    }
    return powers.nearest(w, exponent: q)
  }
}
