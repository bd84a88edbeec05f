#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Text in GB18030 (and so in GB2312 and GBK), which Chinese instruments write.
public enum ChineseText {
  /// The text in UTF-8; nil where it is no GB18030, or where the system has no table for it.
  public static func utf8(fromGB18030 bytes: ByteView) -> ByteView? {
    guard let converter = iconv_open("UTF-8", "GB18030"),
      converter != UnsafeMutableRawPointer(bitPattern: -1)
    else { return nil }
    defer { iconv_close(converter) }
    var isValid = true
    // Two bytes become three at most, four become four, and one stays one.
    let result = ByteView(capacity: bytes.count / 2 * 3 + 16) { target in
      bytes.withBytes { source in
        var input = UnsafeMutablePointer(
          mutating: source.baseAddress?.assumingMemoryBound(to: CChar.self))
        var left = source.count
        var output = target.baseAddress?.assumingMemoryBound(to: CChar.self)
        var room = target.count
        if iconv(converter, &input, &left, &output, &room) == Int(bitPattern: UInt.max)
          || left > 0
        {
          isValid = false
        }
        return target.count - room
      }
    }
    return isValid ? result : nil
  }
}
