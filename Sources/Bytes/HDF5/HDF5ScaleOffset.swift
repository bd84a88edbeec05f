internal import Tables

/// The scale-offset filter: numbers as their distance from the least, in as few bits as that needs.
struct HDF5ScaleOffset {
  private let values: [UInt32]
  private let path: String
  private let place: Int

  init(_ values: [UInt32], _ path: String, _ place: Int) {
    self.values = values
    self.path = path
    self.place = place
  }

  private func value(_ i: Int) -> Int { i < values.count ? Int(values[i]) : 0 }

  /// The numbers as they were (decimally rounded ones as they were rounded).
  ///
  /// The parameters: 0 the kind of scaling (0 decimal digits of floats, 2 integers), 1 the digits,
  /// 2 the number of elements, 3 the class (0 integer, 1 float), 4 the bytes, 5 the sign, 6 the
  /// byte order (0 little), 7 whether a fill value follows, 8… that value.
  func undo(_ bytes: ByteView, size: Int) throws(ReadFailure) -> ByteView {
    let (kind, count, width) = (value(0), value(2), value(4))
    let digits = Int(Int32(truncatingIfNeeded: value(1)))
    let isFloat = value(3) == 1
    guard width >= 1, width <= 8, count.times(width) == size, kind == 0 || kind == 2,
      !isFloat || (kind == 0 && (width == 4 || width == 8)), abs(digits) <= 64
    else {
      throw ReadFailure(
        "hdf5.filter", at: .entry(path), found: "scale-offset of kind \(kind) over \(width) bytes",
        expected: "expected integers, or floats with decimal scaling")
    }
    var cursor = ByteCursor(bytes, area: "hdf5", base: place)
    let bits = Int(try cursor.u32("bits of a number"))
    let leastSize = Int(try cursor.u8("bytes of the least number"))
    let least = try cursor.unsigned(min(leastSize, 8), "least number")
    try cursor.seek(to: 21)
    guard bits <= 8 * width else {
      throw ReadFailure(
        "hdf5.damaged", at: .byte(place), found: "numbers of \(bits) bits in \(width) bytes",
        expected: "expected no more than fit")
    }
    if bits == 8 * width { return try cursor.slice(size, "chunk") }
    let packed = try cursor.slice(bits.times(count).plus(7) / 8, "chunk")
    let hasFill = value(7) != 0
    var fill: UInt64 = 0
    for i in 0..<2 where 8 + i < values.count { fill |= UInt64(values[8 + i]) << UInt64(32 * i) }
    let allSet = bits < 64 ? (UInt64(1) << UInt64(bits)) - 1 : .max
    let isLittle = value(6) == 0
    let power = Self.powerOfTen(digits)
    return ByteView(capacity: size) { target in
      packed.withBytes { source in
        var position = 0
        for i in 0..<count {
          var word: UInt64 = 0
          // The highest bit first.
          var left = bits
          while left > 0 {
            let room = 8 - position & 7
            let take = min(room, left)
            let byte = UInt64(source[position >> 3])
            word = word << UInt64(take) | byte >> UInt64(room - take) & ((1 << UInt64(take)) - 1)
            position += take
            left -= take
          }
          let result: UInt64
          if hasFill && bits > 0 && word == allSet {
            result = fill
          } else if !isFloat {
            result = word &+ least
          } else if width == 4 {
            let base = Float(bitPattern: UInt32(truncatingIfNeeded: least))
            let scaled = Float(word) / Float(power) + base
            result = UInt64(scaled.bitPattern)
          } else {
            result = (Double(word) / power + Double(bitPattern: least)).bitPattern
          }
          for k in 0..<width {
            target[i * width + (isLittle ? k : width - 1 - k)] = UInt8(
              truncatingIfNeeded: result >> UInt64(8 * k))
          }
        }
      }
      return size
    }
  }

  private static func powerOfTen(_ exponent: Int) -> Double {
    var value = 1.0
    for _ in 0..<abs(exponent) { value *= 10 }
    return exponent < 0 ? 1 / value : value
  }
}
