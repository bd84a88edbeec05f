internal import Tables

extension ByteCursor {
  /// An unsigned little-endian number of 1 to 8 bytes.
  mutating func unsigned(_ size: Int, _ what: String) throws(ReadFailure) -> UInt64 {
    let bytes = try slice(size, what)
    return bytes.withBytes { raw in
      var value: UInt64 = 0
      for (i, byte) in raw.enumerated() where i < 8 { value |= UInt64(byte) << (8 * UInt64(i)) }
      return value
    }
  }

  /// A length or count of 1 to 8 bytes; one beyond `Int` becomes the greatest `Int`.
  mutating func length(_ size: Int, _ what: String) throws(ReadFailure) -> Int {
    Int(exactly: try unsigned(size, what)) ?? .max
  }

  /// An address; nil where it is the undefined one, whose bits are all set.
  mutating func address(_ size: Int, _ what: String) throws(ReadFailure) -> Int? {
    let value = try unsigned(size, what)
    let undefined = size >= 8 ? UInt64.max : (1 << (8 * UInt64(size))) - 1
    return value == undefined ? nil : Int(exactly: value) ?? .max
  }

  /// Text up to a NUL, which is skipped.
  mutating func nulText(_ what: String) throws(ReadFailure) -> String {
    let rest = view.dropFirst(offset)
    guard let end = rest.withBytes({ $0.firstIndex(of: 0) }) else {
      throw ReadFailure(
        "hdf5.damaged", at: place, found: "\(what) has no end", expected: "expected a NUL behind it"
      )
    }
    let text = rest.prefix(end).hdf5Text
    try skip(end + 1, what)
    return text
  }
}

extension ByteView {
  /// UTF-8 text; Latin-1 where the bytes are none.
  var hdf5Text: String { String(validating: array, as: UTF8.self) ?? latin1() }
}

extension Int {
  /// The sum, or the greatest number where it overflows.
  func plus(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product, or the greatest number where it overflows.
  func times(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// The quotient rounded up; both must be positive.
  func dividedUp(by other: Int) -> Int { self / other + (self % other == 0 ? 0 : 1) }

  /// The exponent of the greatest power of two that is not above a positive number.
  var log2Floor: Int { self > 0 ? Self.bitWidth - 1 - leadingZeroBitCount : 0 }

  /// How many bytes hold any number up to this one.
  var bytesNeeded: Int { log2Floor / 8 + 1 }
}
