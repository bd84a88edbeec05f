internal import Bytes

/// Text in Windows-1252, the one-byte encoding of Igor and Asylum files.
enum OneByteText {
  /// The characters of bytes 0x80–0x9F; the five bytes without a character stay what they are.
  private static let high: [UInt32] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
  ]

  /// The text of bytes; every byte gives one character.
  static func decode(_ bytes: some Sequence<UInt8>) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes {
      if byte < 0x80 || byte > 0x9F {
        scalars.append(Unicode.Scalar(byte))
      } else {
        scalars.append(Unicode.Scalar(high[Int(byte) - 0x80]) ?? Unicode.Scalar(byte))
      }
    }
    return String(scalars)
  }

  /// The text of a part of an array: the fast way where all bytes are ASCII.
  static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
    return decode(bytes.lazy.map { $0 })
  }

  /// Fixed-width text, cut at the first NUL: what stands after it is stale.
  static func field(_ view: ByteView) -> String {
    let bytes = view.array
    return decode(bytes[..<(bytes.firstIndex(of: 0) ?? bytes.endIndex)])
  }
}
