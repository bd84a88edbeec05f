internal import Bytes

/// Names of files in a results folder, made from paths and titles.
public enum SafeName {
  /// The longest name in bytes, before a hash is appended.
  static let limit = 100

  /// A name that is safe on every file system and in every address.
  ///
  /// `[A-Za-z0-9._-]` are kept, all other bytes become `_`, the name is cut at 100 bytes, and where
  /// anything changed eight hex digits of the text's SHA-256 are appended, so that two texts never
  /// give one name. Names that start with a dot are changed too.
  public static func make(_ text: String) -> String {
    var name: [UInt8] = []
    var changed = text.isEmpty
    for byte in text.utf8 {
      guard name.count < limit else {
        changed = true
        break
      }
      let kept = isKept(byte) && !(name.isEmpty && byte == UInt8(ascii: "."))
      name.append(kept ? byte : UInt8(ascii: "_"))
      if !kept { changed = true }
    }
    let base = String(decoding: name, as: UTF8.self)
    guard changed else { return base }
    return base + "-" + SHA256.hex(of: ByteView(utf8: text)).prefix(8)
  }

  private static func isKept(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  /// The text with every byte that may not stand in a relative address percent-encoded.
  public static func urlEncoded(_ text: String, keepingSlashes: Bool = false) -> String {
    var out = ByteBuffer()
    let digits = Array("0123456789ABCDEF".utf8)
    for byte in text.utf8 {
      if isKept(byte) || (keepingSlashes && byte == UInt8(ascii: "/")) {
        out.add(byte)
      } else {
        out.add(UInt8(ascii: "%"))
        out.add(digits[Int(byte >> 4)])
        out.add(digits[Int(byte & 15)])
      }
    }
    return out.text
  }
}
