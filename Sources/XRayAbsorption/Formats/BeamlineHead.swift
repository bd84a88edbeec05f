internal import Bytes
internal import Reading
internal import Tables

/// The first lines of a file, as cheap as recognition needs them.
struct BeamlineHead {
  /// The lines, marks of comments included.
  let lines: [String]

  /// The lines within the first bytes of a text; nil for other content.
  init?(_ file: FileHead, bytes: Int = 4096) {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(bytes), into: &ignored) else {
      return nil
    }
    let all = TextLines(text.utf8)
    lines = all.map { all.string($0) }
  }

  /// The first characters of a text, to turn other files away before anything is decoded.
  static func start(_ file: FileHead) -> String {
    String(decoding: characters(file, 192), as: UTF8.self)
  }

  /// The first bytes without byte order mark, and without the zeros of UTF-16.
  private static func characters(_ file: FileHead, _ count: Int) -> [UInt8] {
    let bytes = file.head.prefix(count).array
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return bytes.filter { $0 != 0 && $0 < 0x80 }
    }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes[3...]) : bytes
  }

  /// Whether one of some words stands within the first bytes, in any case of its letters.
  ///
  /// - Parameter words: in lower case, ASCII.
  static func holds(_ file: FileHead, _ words: [String], within count: Int) -> Bool {
    let text = characters(file, count).map { $0 &- 65 < 26 ? $0 | 0x20 : $0 }
    return words.contains { word in
      let word = Array(word.utf8)
      guard let first = word.first, text.count >= word.count else { return false }
      var i = 0
      while i + word.count <= text.count {
        if text[i] == first, text[i..<(i + word.count)].elementsEqual(word) { return true }
        i += 1
      }
      return false
    }
  }

  /// The line above the first two lines that start with a number; nil where there is none.
  ///
  /// No more than a few kilobytes are looked at, and nothing but that line is decoded.
  static func lineAboveNumbers(_ file: FileHead) -> String? {
    let text = characters(file, 8192)
    var above: Range<Int>?
    var previous: Range<Int>?
    var wasNumber = false
    var start = 0
    for (i, byte) in text.enumerated() where byte == 0x0A || byte == 0x0D {
      defer { start = i + 1 }
      guard let first = text[start..<i].first(where: { $0 != 0x20 && $0 != 0x09 }) else { continue }
      let isNumber = first &- 48 <= 9 || first == 0x2D || first == 0x2B || first == 0x2E
      if isNumber, wasNumber {
        return above.map { String(decoding: text[$0], as: UTF8.self) }
      }
      if isNumber { above = previous }
      wasNumber = isNumber
      if !isNumber, !isRule(text[start..<i]) { previous = start..<i }
    }
    return nil
  }

  /// Whether a line is drawn of dashes, or is a dummy row behind a mark.
  private static func isRule(_ line: ArraySlice<UInt8>) -> Bool {
    !line.contains { ($0 | 0x20) &- 97 < 26 || $0 >= 0x80 }
  }
}
