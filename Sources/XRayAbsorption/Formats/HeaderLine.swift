internal import Bytes
internal import Tables

/// A line beside the rows of a text: its number and what it says behind the mark of a comment.
struct HeaderLine: Hashable {
  /// The number, from 1.
  let number: Int
  /// The text without mark and without blanks around it.
  let text: String
  /// Whether a mark stood before it.
  let isComment: Bool

  /// The characters that make a line a comment at one beamline or another.
  static let marks: Set<UInt8> = Set("#;%*!$:".utf8)

  init(_ line: TextLine, _ decoded: DecodedText) {
    self.init(number: line.number, TextLines.string(decoded.utf8[line.range]))
  }

  init(number: Int, _ content: String) {
    self.number = number
    var rest = Self.trimmed(content[...])
    var marked = false
    // `# # energy i0` has two marks; `#(1)` and `#%name:` have one with a word behind it.
    while let first = rest.utf8.first, Self.marks.contains(first) {
      if first == UInt8(ascii: "$"), rest.dropFirst().first == "(" { break }
      rest = Self.trimmed(rest.dropFirst())
      marked = true
    }
    if !marked, content.hasPrefix(" C ") {
      rest = Self.trimmed(content.dropFirst(2))
      marked = true
    }
    text = String(rest)
    isComment = marked
  }

  static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  /// Whether the line is empty or drawn of dashes and the like.
  var isRule: Bool { text.allSatisfy { "-=_*#+~.".contains($0) } }

  /// `key: value` and `key = value`; nil for other lines.
  var pair: (key: String, value: String)? {
    guard let mark = text.firstIndex(where: { $0 == ":" || $0 == "=" }), mark != text.startIndex
    else { return nil }
    let after = text.index(after: mark)
    // The colon of a time or of a process variable ends no key.
    if text[mark] == ":", after < text.endIndex, !" \t".contains(text[after]) { return nil }
    let key = Self.trimmed(text[..<mark])
    guard !key.isEmpty, key.count <= 60, !key.contains("\"") else { return nil }
    return (String(key), String(Self.trimmed(text[after...])))
  }

  /// The labels of a line that holds as many as there are columns; nil where none fits.
  ///
  /// Tried in turn: cells in quotes or between blanks, tabs, commas, and names apart by two blanks.
  func labels(_ count: Int) -> [String]? {
    let bytes = ByteView(Array(text.utf8))
    let delimiters: [TableDialect.Delimiter] = [
      .blanks, .character(0x09), .character(0x2C), .character(0x3B),
    ]
    for delimiter in delimiters {
      var cells = TableDialect(delimiter: delimiter).cells(bytes)
      while cells.count > count, cells.last == "" { cells.removeLast() }
      if cells.count == count { return cells.map { Self.bare($0) } }
    }
    let wide = byWideGaps
    return wide.count == count ? wide : nil
  }

  /// A label without the comma behind it.
  private static func bare(_ label: String) -> String {
    let text = label.last == "," ? String(label.dropLast()) : label
    return text
  }

  /// Names that hold single blanks and stand apart by two or a tab.
  var byWideGaps: [String] {
    var cells: [String] = []
    var cell = ""
    var blanks = 0
    for character in text {
      if character == " " || character == "\t" {
        blanks += character == "\t" ? 2 : 1
        continue
      }
      if blanks > 1, !cell.isEmpty {
        cells.append(cell)
        cell = ""
      } else if blanks == 1, !cell.isEmpty {
        cell.append(" ")
      }
      blanks = 0
      cell.append(character)
    }
    if !cell.isEmpty { cells.append(cell) }
    return cells
  }
}
