internal import Bytes
internal import Tables

/// What stands above the rows of an AFM Workshop file: settings, and the line of column labels.
struct AFMWorkshopHeader {
  /// A label taken apart: `Extend`, `Z-Sense(nm)`.
  struct Label {
    var text: String
    /// `approach`, `retract` or `dwell`; nil where the first word is none of them.
    var segment: String?
    var part: String
  }

  private(set) var settings = TextSettings()
  private(set) var labels: [Label] = []
  private(set) var delimiter = TableDialect.Delimiter.character(UInt8(ascii: ","))
  /// The line of the labels; 0 where there is none.
  private(set) var labelLine = 0
  /// Where the rows start.
  private(set) var dataStart = 0

  /// The first words that tell the segment.
  private static let segments = [
    "extend": "approach", "approach": "approach", "retract": "retract", "withdraw": "retract",
    "hold": "dwell", "dwell": "dwell",
  ]
  /// More lines than this are no header.
  static let mostLines = 400
  /// The title of the first line.
  static let title = "Force-Distance Curve"

  /// Reads lines up to the labels.
  init(_ text: ByteView) {
    for line in TextLines(text) {
      if line.number > Self.mostLines { break }
      let content = text[line.range]
      if let found = Self.labels(content) {
        (delimiter, labels) = found
        labelLine = line.number
        dataStart = line.next
        return
      }
      add(TextLines.string(content.prefix(4096)), line.number)
    }
  }

  /// The labels of a line; nil where fewer than two of its cells name a segment.
  static func labels(_ line: ByteView) -> (TableDialect.Delimiter, [Label])? {
    // Labels begin with a letter or a quote; rows of numbers are not looked at closer.
    guard let first = line[0], first >= UInt8(ascii: "A") || first == UInt8(ascii: "\""),
      line.count <= 1 << 16
    else { return nil }
    let marks: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09]
    for mark in marks {
      let delimiter = TableDialect.Delimiter.character(mark)
      var cells = TableDialect(delimiter: delimiter).cells(line)
      if cells.count > 2, cells.last == "" { cells.removeLast() }
      let labels = cells.map(label)
      if labels.count(where: { $0.segment != nil }) >= 2 { return (delimiter, labels) }
    }
    return nil
  }

  private static func label(_ cell: String) -> Label {
    let words = cell.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
    guard words.count == 2, let segment = segments[words[0].lowercased()] else {
      return Label(text: cell, segment: nil, part: cell)
    }
    return Label(text: cell, segment: segment, part: TextSettings.trimmed(words[1]))
  }

  /// `key:<tab>value`; any other line by its number.
  private mutating func add(_ line: String, _ number: Int) {
    var words = Substring(line)
    while let last = words.last, ",; \t".contains(last) { words.removeLast() }
    if words.isEmpty { return }
    guard let colon = words.firstIndex(of: ":"), colon != words.startIndex else {
      settings.add("line \(number)", .text(TextSettings.trimmed(words)), line: number)
      return
    }
    settings.add(
      TextSettings.trimmed(words[..<colon]),
      .text(TextSettings.trimmed(words[words.index(after: colon)...])), line: number)
  }
}
