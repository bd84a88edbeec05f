internal import Bytes
internal import Reading
internal import Tables

/// The lines of a small text file with their numbers.
struct SetLines {
  /// One line, without blanks at its ends.
  struct Line {
    var number: Int
    var text: String

    /// The words between blanks.
    var words: [Substring] { text.split { $0 == " " || $0 == "\t" } }

    /// The numbers between blanks and commas; nil where a word is none.
    func numbers(_ scanner: NumberScanner = NumberScanner()) -> [Double]? {
      var result: [Double] = []
      for word in text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "," || $0 == ";" })
      {
        guard let value = scanner.parse(word) else { return nil }
        result.append(value)
      }
      return result
    }
  }

  var lines: [Line] = []
  var encoding: String
  /// The number of bytes.
  var size: Int

  /// Decodes the text; a last line without line end is noted, for it may be cut.
  init(
    _ bytes: ByteView, lines most: Int = .max, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let decoded = try DecodedText.decode(bytes, into: &diagnostics)
    encoding = decoded.encoding.rawValue
    size = bytes.count
    let source = TextLines(decoded.utf8)
    for line in source {
      if lines.count >= most { break }
      lines.append(Line(number: line.number, text: IDFNumbers.trimmed(source.string(line))))
    }
    if !decoded.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", at: .line(lines.last?.number ?? 1),
        found: "the last line has no line end", expected: "its last value may be cut")
    }
  }

  /// The first lines of a file; none for what is no text.
  static func head(_ file: FileHead, lines most: Int = .max) -> [Line] {
    var notes = DiagnosticList()
    guard let text = try? SetLines(file.head.prefix(8192), lines: most, into: &notes) else {
      return []
    }
    return text.lines
  }

  /// The lines of numbers, for the origin of a column.
  static func origin(_ lines: [Int], _ size: Int, _ steps: String...) -> Origin {
    guard let first = lines.first, let last = lines.last, first <= last else {
      return Origin(bytes: [0..<size], steps: steps)
    }
    return Origin(lines: first...last, steps: steps)
  }
}

extension Dataset {
  /// Keeps a line or a setting under a key, with its place.
  mutating func keep(_ key: String, _ text: String, line: Int) {
    metadata.append(key, text)
    if settingOrigins[key] == nil { settingOrigins[key] = Origin(lines: line...line) }
  }
}
