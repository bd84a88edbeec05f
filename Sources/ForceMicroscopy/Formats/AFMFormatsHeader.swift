internal import Bytes
internal import Tables

/// The `#` lines of an afmformats export: settings as JSON, and the names of the columns.
struct AFMFormatsHeader {
  private(set) var settings = TextSettings()
  private(set) var diagnostics = DiagnosticList()
  /// The names of the columns, from the last `#` line above the rows.
  private(set) var names: [String] = []
  private(set) var namesLine = 0
  /// Where the rows start: offset and line.
  private(set) var dataStart = 0
  private(set) var dataLine = 1
  /// The cells of a row that stands on the line of names; empty where there is none.
  private(set) var joined: [String] = []
  /// Whether there is a block of settings.
  private(set) var hasBlock = false

  /// More lines than this are no header.
  static let mostLines = 100_000
  static let title = "# afmformats "
  static let begin = "# BEGIN METADATA"
  static let end = "# END METADATA"

  init(_ text: ByteView) throws(ReadFailure) {
    var inBlock = false
    var last: (number: Int, text: String)?
    dataStart = text.count
    for line in TextLines(text) {
      let content = text[line.range]
      if content.count > 0, content[0] != UInt8(ascii: "#") {
        dataStart = line.range.lowerBound
        dataLine = line.number
        break
      }
      if line.number > Self.mostLines {
        throw ReadFailure(
          "tab.header-size", at: .line(line.number),
          found: "more than \(Self.mostLines) header lines", expected: "expected rows of numbers")
      }
      let words = TextSettings.trimmed(TextLines.string(content.prefix(1 << 16)))
      if words.hasPrefix(Self.begin) {
        inBlock = true
        hasBlock = true
      } else if words.hasPrefix(Self.end) {
        inBlock = false
      } else if inBlock {
        setting(TextSettings.trimmed(words.dropFirst()), line.number)
      } else {
        if let last { remark(last) }
        last = words.isEmpty ? nil : (line.number, words)
      }
      dataLine = line.number + 1
    }
    if inBlock {
      diagnostics.warn(
        "tab.metadata", at: .line(dataLine), found: "the block of settings has no end",
        expected: "expected '\(Self.end)'")
    }
    guard let last, takeNames(last) else {
      throw ReadFailure(
        "tab.names", at: .line(dataLine), found: "no line of column names above the rows",
        expected: "expected '# force<tab>height (measured)<tab>…'")
    }
  }

  /// One line of the JSON block, which afmformats writes with one key a line.
  private mutating func setting(_ text: String, _ line: Int) {
    if text.isEmpty || text == "{" || text == "}" { return }
    var body = Substring(text)
    if body.last == "," { body.removeLast() }
    if let object = try? JSONText.parse(ByteView(utf8: "{\(body)}"), nesting: 4),
      case .object(let fields) = object, let key = fields.keys.first, fields.keys.count == 1
    {
      settings.add(key, Self.value(fields[key] ?? .null), line: line)
      return
    }
    // Python writes what is no number as NaN and Infinity, which JSON does not know.
    if let mark = body.firstIndex(of: ":"), body.first == "\"",
      body[..<mark].dropFirst().last == "\""
    {
      let key = String(body[..<mark].dropFirst().dropLast())
      let value = TextSettings.trimmed(body[body.index(after: mark)...])
      settings.add(key, .text(value), line: line)
      if ["NaN", "Infinity", "-Infinity"].contains(value) { return }
    } else {
      settings.add("line \(line)", .text(text), line: line)
    }
    diagnostics.warn(
      "tab.metadata", at: .line(line), found: "'\(text.prefix(60))' is no setting in JSON",
      expected: "expected \"key\": value; it is kept as text")
  }

  private static func value(_ json: ResultValue) -> MetadataValue {
    switch json {
    case .integer(let n): .integer(Int64(n))
    case .number(let x): .real(x)
    case .text(let text): .text(text)
    case .flag(let flag): .text(flag ? "true" : "false")
    default: .text("null")
    }
  }

  /// A line that turned out not to be that of the names.
  private mutating func remark(_ line: (number: Int, text: String)) {
    let words = TextSettings.trimmed(line.text.dropFirst())
    if words.isEmpty { return }
    if words.hasPrefix("afmformats ") {
      settings.add("afmformats", .text(String(words.dropFirst(11))), line: line.number)
    } else {
      settings.add("line \(line.number)", .text(words), line: line.number)
    }
  }

  /// Takes the names; a row that follows on the same line is set apart.
  private mutating func takeNames(_ line: (number: Int, text: String)) -> Bool {
    namesLine = line.number
    var cells = TextSettings.trimmed(line.text.dropFirst()).split(
      separator: "\t", omittingEmptySubsequences: false
    ).map { TextSettings.trimmed($0) }
    // n names and n cells joined without a line end give 2n − 1 cells, the middle one of both kinds.
    let middle = cells.count / 2
    if cells.count % 2 == 1, cells.count > 2,
      cells[(middle + 1)...].contains(where: { TextSettings.number($0) != nil }),
      let name = AFMFormatsColumns.known.keys.sorted().first(where: {
        cells[middle].hasPrefix($0) && TextSettings.number(cells[middle].dropFirst($0.count)) != nil
      })
    {
      joined = [String(cells[middle].dropFirst(name.count))] + cells[(middle + 1)...]
      cells = Array(cells[..<middle]) + [name]
    }
    names = cells
    return names.contains { AFMFormatsColumns.known[$0] != nil } || names.count > 1
  }
}

/// The columns that afmformats defines, with their units.
enum AFMFormatsColumns {
  static let known = [
    "force": "N", "height (measured)": "m", "height (piezo)": "m", "index": "1", "segment": "1",
    "time": "s", "tip position": "m",
  ]
}
