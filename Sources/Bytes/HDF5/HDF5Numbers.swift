/// Numbers of any width, as HDF5 describes them bit by bit.
enum HDF5Numbers {
  /// An integer of 1 to 8 bytes, and whether it fits; an unsigned one beyond `Int64.max` does not.
  ///
  /// The caller has checked that the bytes are there.
  static func integer(
    _ bytes: ByteView, _ offset: Int, _ size: Int, _ bits: HDF5Datatype.Bits, isSigned: Bool
  ) -> (value: Int64, raw: UInt64, fits: Bool) {
    let word = bytes.withBytes { load($0, offset, size, bits.order) } >> UInt64(bits.offset)
    return integer(word, bits.precision, isSigned)
  }

  @inline(__always)
  static func integer(
    _ word: UInt64, _ precision: Int, _ isSigned: Bool
  ) -> (value: Int64, raw: UInt64, fits: Bool) {
    let unused = UInt64(max(0, 64 - precision))
    if isSigned {
      let value = Int64(bitPattern: word << unused) >> Int64(unused)
      return (value, word, true)
    }
    let raw = (word << unused) >> unused
    return (Int64(bitPattern: raw), raw, raw <= UInt64(Int64.max))
  }

  /// Up to eight bytes as a word; bytes beyond the end count as 0.
  @inline(__always)
  static func load(
    _ raw: UnsafeRawBufferPointer, _ offset: Int, _ size: Int, _ order: ByteOrder
  ) -> UInt64 {
    var word: UInt64 = 0
    for i in 0..<min(size, 8) {
      let at = order == .little ? offset + size - 1 - i : offset + i
      guard at >= 0, at < raw.count else { return 0 }
      word = word << 8 | UInt64(raw[at])
    }
    return word
  }

  /// A floating-point number of any layout up to 16 bytes, rounded to the nearest Double.
  static func real(
    _ raw: UnsafeRawBufferPointer, _ offset: Int, _ size: Int, _ layout: HDF5Datatype.Float
  ) -> Double {
    // The two words of the number, the lower first.
    let low: UInt64
    let high: UInt64
    if size <= 8 {
      low = load(raw, offset, size, layout.order)
      high = 0
    } else if layout.order == .little {
      low = load(raw, offset, 8, .little)
      high = load(raw, offset + 8, size - 8, .little)
    } else {
      high = load(raw, offset, size - 8, .big)
      low = load(raw, offset + size - 8, 8, .big)
    }
    /// `count` ≤ 64 bits from bit `start` on.
    func bits(_ start: Int, _ count: Int) -> UInt64 {
      guard count > 0 else { return 0 }
      var value = start < 64 ? low >> UInt64(start) : high >> UInt64(start - 64)
      if start < 64, start > 0 { value |= high << UInt64(64 - start) }
      return count < 64 ? value & ((1 << UInt64(count)) - 1) : value
    }
    let isNegative = bits(layout.sign, 1) == 1
    let exponent = Int(bits(layout.exponent, layout.exponentBits))
    // The upper 64 bits of the mantissa; a 1 anywhere below them keeps the rounding right.
    let kept = min(layout.mantissaBits, 62)
    let dropped = layout.mantissaBits - kept
    var mantissa = bits(layout.mantissa + dropped, kept)
    let isSticky = bits(layout.mantissa, min(dropped, 64)) != 0
    let sign = isNegative ? -1.0 : 1.0
    let largest = (1 << layout.exponentBits) - 1
    if exponent == largest && layout.exponentBits > 1 {
      let fraction = layout.isImplied ? mantissa : mantissa & ((1 << UInt64(kept - 1)) - 1)
      return fraction == 0 && !isSticky ? sign * .infinity : .nan
    }
    // An explicit leading bit stands before the binary point.
    var power = exponent - layout.bias - (layout.isImplied ? kept : kept - 1)
    if layout.isImplied {
      if exponent == 0 { power += 1 } else { mantissa |= 1 << UInt64(kept) }
    }
    if mantissa == 0 && !isSticky { return sign * 0.0 }
    mantissa = mantissa << 1 | (isSticky ? 1 : 0)
    power -= 1
    let value = Double(mantissa)
    // In two steps, so that numbers near the ends of the range come out whole.
    let half = max(-1000, min(1000, power))
    return sign * Double(sign: .plus, exponent: max(-1000, min(1000, power - half)), significand: 1)
      * (value * Double(sign: .plus, exponent: half, significand: 1))
  }

  /// Whether a layout is that of IEEE 754, 4 or 8 bytes.
  static func isIEEE(_ size: Int, _ f: HDF5Datatype.Float) -> Bool {
    switch size {
    case 4:
      f.sign == 31 && f.exponent == 23 && f.exponentBits == 8 && f.mantissa == 0
        && f.mantissaBits == 23 && f.bias == 127 && f.isImplied
    case 8:
      f.sign == 63 && f.exponent == 52 && f.exponentBits == 11 && f.mantissa == 0
        && f.mantissaBits == 52 && f.bias == 1023 && f.isImplied
    default: false
    }
  }
}
