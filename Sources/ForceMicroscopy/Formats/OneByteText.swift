internal import Bytes

/// Text in Windows-1252, the one-byte encoding of Igor and Asylum files.
enum OneByteText {
  /// The text of bytes; every byte gives one character.
  static func decode(_ bytes: some Sequence<UInt8>) -> String {
    var scalars = String.UnicodeScalarView()
    for byte in bytes { scalars.append(DecodedText.windows1252(byte)) }
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

extension OneByteText {
  /// UTF-8 where the bytes are valid UTF-8 (Igor 7 and later), else Windows-1252.
  static func any(_ bytes: [UInt8]) -> String {
    String(validating: bytes, as: UTF8.self) ?? decode(bytes[...])
  }
}
