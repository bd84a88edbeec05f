internal import Bytes
internal import Reading
internal import Tables

/// A Gamry `.DTA` taken apart: typed lines, and where its tables stand.
struct GamryDocument {
  /// One table: its names, its units and where its rows stand.
  struct Block {
    /// Its name, such as `CURVE1` or `ZCURVE`.
    var name: String
    /// The rows that its line announces; often the most that the test could give.
    var declared: Int?
    /// The line of the word TABLE.
    var line: Int
    /// The names of the columns, and the line that they stand in.
    var names: [String], namesLine: Int
    /// The units below them.
    var units: [String]
    /// The stretch of the text that holds the rows, and the line of the first one.
    var start: Int, end: Int, firstLine: Int
    /// Whether a cell of the first row is empty: blanks alone do not divide such rows.
    var hasEmptyCell: Bool
  }

  /// The typed lines: key, and value without the label of the form.
  private(set) var metadata = Metadata()
  /// Where each stands.
  private(set) var origins: [String: Origin] = [:]
  /// The tables in the order of the file.
  private(set) var blocks: [Block] = []
  /// The line that says that the test was aborted.
  private(set) var aborted: Int?
  /// Lines with several cells that stand in no table: the first one, and how many.
  private(set) var stray: (line: Int, count: Int)?

  /// The words that a first line holds.
  static let magic = "EXPLAIN"

  private static func isRow(_ bytes: ByteView) -> Bool { bytes[0] == 0x09 || bytes[0] == 0x20 }

  /// Whether the fields are those of a typed line, `KEY TYPE …`: words in capitals.
  private static func isTyped(_ fields: [String]) -> Bool {
    guard let key = fields.first, let first = key.unicodeScalars.first else { return false }
    func isCapital(_ c: Unicode.Scalar) -> Bool { c >= "A" && c <= "Z" }
    return isCapital(first)
      && (fields.count == 1 || fields[1].unicodeScalars.contains(where: isCapital))
      && key.unicodeScalars.allSatisfy { isCapital($0) || ($0 >= "0" && $0 <= "9") || $0 == "_" }
  }

  /// The fields between tabs; blanks around them taken off.
  static func fields(_ line: String) -> [String] {
    line.split(separator: "\t", omittingEmptySubsequences: false).map { field in
      var field = field
      while field.first == " " { field.removeFirst() }
      while field.last == " " { field.removeLast() }
      return String(field)
    }
  }

  init(_ text: DecodedText) {
    var open: Block?
    // Lines still to come of a free text, and the lines of a table's head.
    var notes = (left: 0, key: "", lines: [String]())
    for line in TextLines(text.utf8) {
      let bytes = text.utf8[line.range]
      if notes.left > 0 {
        notes.left -= 1
        notes.lines.append(Self.fields(TextLines.string(bytes)).joined(separator: " "))
        if notes.left == 0 { metadata.append(notes.key, notes.lines.joined(separator: "\n")) }
        continue
      }
      if open != nil, Self.isRow(bytes) {
        open?.take(line, TextLines.string(bytes.prefix(4096)))
        continue
      }
      let fields = Self.fields(TextLines.string(bytes.prefix(1 << 16)))
      guard let key = fields.first, !key.isEmpty else {
        if fields.count(where: { !$0.isEmpty }) > 1 {
          stray = (stray?.line ?? line.number, (stray?.count ?? 0) + 1)
        }
        continue
      }
      if open != nil, !Self.isTyped(fields) {
        // A damaged row: the parser will say so.
        open?.take(line, TextLines.string(bytes.prefix(4096)))
        continue
      }
      let kind = fields.count > 1 ? fields[1] : ""
      if key == "EXPERIMENTABORTED" {
        // Rows may go on behind it.
        aborted = line.number
        add(key, fields, line, text)
        continue
      }
      if let block = open { blocks.append(block) }
      open = nil
      if kind == "TABLE" {
        open = Block(
          name: key, declared: fields.count > 2 ? Int(fields[2]) : nil, line: line.number,
          names: [], namesLine: line.number, units: [], start: line.next, end: line.next,
          firstLine: line.number + 1, hasEmptyCell: false)
      } else if kind == "NOTES" {
        notes = (min(fields.count > 2 ? Int(fields[2]) ?? 0 : 0, 10000), key, [])
        if notes.left <= 0 { metadata.append(key, "") }
      } else if line.number > 1 || key != Self.magic {
        add(key, fields, line, text)
      }
    }
    if notes.left > 0 { metadata.append(notes.key, notes.lines.joined(separator: "\n")) }
    if let block = open { blocks.append(block) }
  }

  /// `KEY TYPE value … label`: the label of the form is no part of the value.
  private mutating func add(
    _ key: String, _ fields: [String], _ line: TextLine, _ text: DecodedText
  ) {
    let kind = fields.count > 1 ? fields[1] : ""
    let last = kind == "TWOPARAM" ? min(fields.count, 5) : max(3, fields.count - 1)
    let value =
      fields.count > 2
      ? fields[2..<min(last, fields.count)].joined(separator: " ") : fields.dropFirst().joined()
    metadata.append(key, value)
    if origins[key] == nil {
      let range =
        text.sourceOffset(line.range.lowerBound)..<text.sourceOffset(line.range.upperBound)
      origins[key] = Origin(bytes: [range], lines: line.number...line.number, steps: ["text"])
    }
  }
}

extension GamryDocument.Block {
  /// Takes the next line that starts with a blank: names, units, then rows.
  fileprivate mutating func take(_ line: TextLine, _ content: String) {
    if names.isEmpty {
      names = Array(GamryDocument.fields(content).drop { $0.isEmpty })
      while names.last == "" { names.removeLast() }
      namesLine = line.number
      start = line.next
      firstLine = line.number + 1
    } else if units.isEmpty {
      // A table cut behind its names, or one without units, has a row of numbers here.
      let cells = Array(GamryDocument.fields(content).drop { $0.isEmpty })
      let hasUnits = !cells.isEmpty && cells[0] == "#" || cells.contains("s") || cells.contains("V")
      units = hasUnits ? cells : [""]
      if hasUnits {
        start = line.next
        firstLine = line.number + 1
      }
    } else if end <= start {
      let cells = GamryDocument.fields(content)
      hasEmptyCell = cells.dropFirst().dropLast().contains("")
    }
    end = line.next
  }
}
