internal import Bytes
internal import Tables

/// Segments of a force curve as ranges of rows, and the tables that they become.
struct ForceTextSegments {
  /// One segment: what it is and its rows.
  struct Segment: Equatable {
    var kind: String
    var rows: Range<Int>
  }

  /// The segments in time order.
  var all: [Segment]

  /// Approach and retract, cut at the row that is farthest from the first one.
  ///
  /// One approach where the position only goes one way or there is none.
  static func turningPoint(_ position: [Double]?, rows: Int) -> ForceTextSegments {
    var turn = rows
    if let position, let first = position.first(where: \.isFinite) {
      var farthest = 0.0
      for (row, z) in position.enumerated() where z.isFinite && abs(z - first) > farthest {
        farthest = abs(z - first)
        turn = row + 1
      }
    }
    guard turn < rows, turn > 0 else {
      return ForceTextSegments(all: [Segment(kind: "approach", rows: 0..<rows)])
    }
    return ForceTextSegments(all: [
      Segment(kind: "approach", rows: 0..<turn), Segment(kind: "retract", rows: turn..<rows),
    ])
  }

  /// One table a segment; a kind that repeats gets `_2`, `_3`.
  func tables(_ columns: [Column], of table: NumericTable) -> [Table] {
    var seen: [String: Int] = [:]
    return all.map { segment in
      let n = (seen[segment.kind] ?? 0) + 1
      seen[segment.kind] = n
      let lines = table.lines(ofRows: segment.rows)
      let own = columns.map { $0.rows(segment.rows, lines: lines) }
      return Table(
        name: n == 1 ? segment.kind : "\(segment.kind)_\(n)", columns: own,
        indexColumns: own.contains { $0.name == "time" } ? ["time"] : [])
    }
  }
}

/// Header lines of a text file as metadata, each with the line that it stands on.
struct TextSettings {
  private(set) var metadata = Metadata()
  private(set) var origins: [String: Origin] = [:]

  /// Adds a key with its value; the place of the first one of a name is kept.
  mutating func add(_ key: String, _ value: MetadataValue, line: Int) {
    metadata.append(key, value)
    if origins[key] == nil { origins[key] = Origin(lines: line...line, steps: ["text"]) }
  }

  /// The place of a key.
  func origin(_ key: String) -> Origin { origins[key] ?? Origin() }

  /// The finite number of a key's value, with a point or a comma as decimal mark, times 10^`exponent`.
  func number(_ key: String, exponent: Int = 0) -> Double? {
    metadata.text(key).flatMap { Self.number($0, exponent: exponent) }
  }

  /// The finite number that a text spells, with a point or a comma as decimal mark.
  static func number(_ text: some StringProtocol, exponent: Int = 0) -> Double? {
    let bare = trimmed(text)
    return NumberScanner(exponent: exponent).parse(bare)
      ?? NumberScanner(decimalMark: UInt8(ascii: ","), exponent: exponent).parse(bare)
  }

  /// The text without blanks and tabs around it.
  static func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
    while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
    return String(rest)
  }
}

/// The note on a text whose last line has no end.
enum TextEnd {
  static func check(_ text: DecodedText, into diagnostics: inout DiagnosticList) {
    guard !text.endsWithNewline else { return }
    diagnostics.note(
      "text.no-final-newline",
      at: .line(TextLines.number(ofOffset: text.utf8.count, in: text.utf8)),
      found: "the last line has no line end", expected: "its last number may be cut")
  }

  /// How a text was read, for the provenance.
  static func reading(_ text: DecodedText, _ dialect: TableDialect) -> [String: String] {
    [
      "encoding": text.encoding.rawValue, "delimiter": dialect.delimiter.name,
      "decimal mark": String(Character(Unicode.Scalar(dialect.decimalMark))),
    ]
  }
}

extension TextSettings {
  /// The line of a key; the file as a whole where it is not known.
  func place(of key: String) -> Place {
    origins[key]?.lines.map { .line($0.lowerBound) } ?? .whole
  }
}
