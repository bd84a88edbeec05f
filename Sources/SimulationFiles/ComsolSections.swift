internal import Bytes
internal import Tables

/// A COMSOL text export taken apart at its lines with `%`: the head, and the parts with their titles.
struct ComsolSections {
  /// One part: the titles above it and where its rows stand.
  struct Section {
    /// The texts of the lines with `%` above the rows, without it.
    var titles: [TextLine]
    /// Where the rows start, and the line.
    var start: Int, line: Int
    /// Where they end.
    var end: Int
    /// How many lines hold something.
    var rows: Int
  }

  /// A line `% Key: value` of the head.
  struct Entry {
    var key: String
    var value: String
    var line: Int
  }

  private(set) var head: [Entry] = []
  private(set) var sections: [Section] = []
  /// Lines with `%` behind the last row.
  private(set) var tail: [TextLine] = []

  init(_ text: ByteView) {
    var titles: [TextLine] = []
    var isHead = true
    var isInRows = false
    for line in TextLines(text) {
      let bytes = text[line.range]
      var i = 0
      while let byte = bytes[i], byte == 0x20 || byte == 0x09 { i += 1 }
      guard let first = bytes[i] else { continue }
      if first == UInt8(ascii: "%") {
        if isHead, let (key, value) = Self.pair(Self.words(line, text)) {
          head.append(Entry(key: key, value: value, line: line.number))
          continue
        }
        if isInRows { titles = [] }
        isInRows = false
        titles.append(line)
        continue
      }
      // Some writers leave out the % before the names of the columns.
      let isName =
        sections.isEmpty && !isInRows && titles.isEmpty && Self.isWord(bytes.dropFirst(i))
      if isName {
        titles.append(line)
        continue
      }
      isHead = false
      if !isInRows {
        sections.append(
          Section(
            titles: titles, start: line.range.lowerBound, line: line.number, end: line.next,
            rows: 0))
        isInRows = true
        titles = []
      }
      sections[sections.count - 1].rows += 1
      sections[sections.count - 1].end = line.next
    }
    tail = titles
  }

  /// The text of a line without `%` and the blanks at its ends.
  static func words(_ line: TextLine, _ text: ByteView) -> String {
    var words = Substring(TextLines.string(text[line.range]))
    words = words.drop { $0 == " " || $0 == "\t" }
    if words.first == "%" { words = words.dropFirst() }
    words = words.drop { $0 == " " || $0 == "\t" }
    while let last = words.last, last == " " || last == "\t" { words.removeLast() }
    return String(words)
  }

  /// The value of a key of the head.
  func value(_ key: String) -> String? { head.first { $0.key == key }?.value }

  /// `Key: value`, where the key is one to three words.
  private static func pair(_ words: String) -> (String, String)? {
    guard let colon = words.firstIndex(of: ":") else { return nil }
    let key = words[..<colon]
    guard let first = key.first, first.isLetter, first.isUppercase, key.count <= 32,
      key.allSatisfy({ $0.isLetter || $0 == " " }), !key.contains("  ")
    else { return nil }
    return (
      String(key), String(words[words.index(after: colon)...].drop { $0 == " " || $0 == "\t" })
    )
  }

  private static func isWord(_ bytes: ByteView) -> Bool {
    guard let first = bytes[0] else { return false }
    let isLetter = first | 0x20 >= UInt8(ascii: "a") && first | 0x20 <= UInt8(ascii: "z")
    let lower = TextLines.string(bytes.prefix(3)).lowercased()
    return isLetter && !lower.hasPrefix("nan") && !lower.hasPrefix("inf")
  }
}
