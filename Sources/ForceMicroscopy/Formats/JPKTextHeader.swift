internal import Bytes
internal import Tables

/// The blocks of a JPK text export: lines `# key: value`, then the rows of one segment.
struct JPKTextBlocks {
  /// One line of a header.
  struct Entry {
    var key: String
    var value: String
    var line: TextLine
  }

  /// One segment.
  struct Block {
    /// The header lines above the rows.
    var entries: [Entry] = []
    /// Where the rows start and the line of the first one; nil where there is none.
    var start: (offset: Int, line: Int)?
    /// Where the next header starts.
    var stop = 0

    /// The value of a key; the last one where it repeats.
    subscript(key: String) -> String? { entries.last { $0.key == key }?.value }
  }

  /// The blocks in the order of the text.
  private(set) var all: [Block] = []

  init(_ text: ByteView) {
    var block = Block()
    for line in TextLines(text) {
      guard let first = text[line.range].withBytes({ $0.first { $0 != 0x20 && $0 != 0x09 } }) else {
        continue
      }
      guard first == UInt8(ascii: "#") else {
        if block.start == nil { block.start = (line.range.lowerBound, line.number) }
        continue
      }
      if block.start != nil {
        block.stop = line.range.lowerBound
        all.append(block)
        block = Block()
      }
      if let entry = Self.entry(TextLines.string(text[line.range]), line) {
        block.entries.append(entry)
      }
    }
    block.stop = text.count
    if block.start != nil || !block.entries.isEmpty { all.append(block) }
  }

  /// The key and value of a line `# key: value`; nil for a line of another kind.
  static func entry(_ text: String, _ line: TextLine) -> Entry? {
    let content = trimmed(text.drop { $0 == " " || $0 == "\t" || $0 == "#" })
    guard !content.isEmpty else { return nil }
    guard let colon = content.firstIndex(of: ":") else {
      return Entry(key: "header", value: String(content), line: line)
    }
    return Entry(
      key: String(trimmed(content[..<colon])),
      value: String(trimmed(content[content.index(after: colon)...])), line: line)
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  /// The words of a list; quoted ones may hold blanks.
  static func words(_ text: String?) -> [String] {
    guard let text else { return [] }
    return TableDialect(delimiter: .blanks).cells(ByteView(utf8: text))
  }
}
