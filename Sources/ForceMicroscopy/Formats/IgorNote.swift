internal import Bytes

/// The note of an Igor wave, as key and value pairs with the bytes of each.
///
/// Asylum writes `key:value` lines ended by CR. Keys repeat and differ only in case, and all are
/// kept. A note that holds no such line is plain text.
struct IgorNote {
  /// One `key:value` line.
  struct Entry {
    /// The key up to the first colon, without blanks around it.
    let key: String
    /// The value after it, without blanks around it.
    let value: String
    /// The bytes of the line in the file, without its end.
    let bytes: Range<Int>
  }

  /// The entries in the file's order; lines without a colon have an empty key.
  private(set) var entries: [Entry] = []
  /// How many entries have a key.
  private(set) var pairs = 0

  private let decode: (ArraySlice<UInt8>) -> String

  /// No note.
  init() { decode = { OneByteText.decode($0) } }

  /// The entries of a note that starts at byte `base` of the file.
  ///
  /// - Parameters:
  ///   - cut: the note was cut off, so that a last line without an end is left out.
  ///   - isUTF8: the bytes are UTF-8, not Windows-1252.
  init(_ view: ByteView, base: Int, cut: Bool = false, isUTF8: Bool = false) {
    decode = isUTF8 ? { String(decoding: $0, as: UTF8.self) } : { OneByteText.decode($0) }
    let bytes = view.array
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? bytes.count
      if end == bytes.count && cut { break }
      add(bytes[start..<end], base: base)
      start = end + 1
    }
  }

  private mutating func add(_ line: ArraySlice<UInt8>, base: Int) {
    let text = Self.trimmed(line)
    guard !text.isEmpty else { return }
    let place = (base + line.startIndex)..<(base + line.endIndex)
    if let colon = text.firstIndex(of: 0x3A), colon > text.startIndex {
      let key = decode(Self.trimmed(text[..<colon]))
      let value = decode(Self.trimmed(text[text.index(after: colon)...]))
      entries.append(Entry(key: key, value: value, bytes: place))
      pairs += 1
    } else {
      entries.append(Entry(key: "", value: decode(text), bytes: place))
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let first = text.first, first == 0x20 || first == 0x09 || first == 0 {
      text = text.dropFirst()
    }
    while let last = text.last, last == 0x20 || last == 0x09 || last == 0 { text = text.dropLast() }
    return text
  }
}
