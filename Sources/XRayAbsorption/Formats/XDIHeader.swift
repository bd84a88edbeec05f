internal import Bytes
internal import Tables

/// What stands above the rows of an XDI file, read tolerantly: what is wrong is noted, not refused.
struct XDIHeader {
  /// One `# Family.key: value` line.
  struct Field {
    var family: String
    var key: String
    var value: String
    var line: Int
    /// Both in lower case.
    let name: (family: String, key: String)

    init(family: String, key: String, value: String, line: Int) {
      self.family = family
      self.key = key
      self.value = value
      self.line = line
      name = (family.lowercased(), key.lowercased())
    }
  }

  /// The text behind `XDI/` up to the first blank, such as `1.0`; nil where line 1 is none.
  var version: String?
  /// What wrote the file, such as `GSE/1.0`.
  var application = ""
  var fields: [Field] = []
  var comments: [String] = []
  /// The words of the line between the dashes and the rows.
  var labels: [String] = []
  var hasDashes = false
  /// Where the first row starts: its offset in the decoded text and its line.
  var dataStart = 0
  var dataLine = 1
  var flaws = XDIFlaws()

  /// More fields than this are no header.
  static let mostFields = 100_000

  private enum Part { case fields, comments, labels }

  init(_ text: ByteView) throws(ReadFailure) {
    var part = Part.fields
    let lines = TextLines(text)
    for line in lines {
      dataStart = line.range.lowerBound
      dataLine = line.number
      let content = Self.trimmed(lines.string(line))
      guard let first = content.utf8.first else { continue }
      if first != UInt8(ascii: "#") {
        if ";%*!$:".utf8.contains(first) {
          flaws.add(
            .deviates,
            Diagnostic(
              .warning, "xdi.comment-mark", at: .line(line.number),
              found: "the line starts with `\(Unicode.Scalar(first))`",
              expected: "expected `#`; the line is left out"))
          comments.append(content)
          continue
        }
        return
      }
      let body = Self.trimmed(content.dropFirst())
      if line.number == 1, readVersion(body) { continue }
      if body.hasPrefix("---"), body.utf8.allSatisfy({ $0 == UInt8(ascii: "-") }) {
        part = .labels
        hasDashes = true
        continue
      }
      switch part {
      case .fields:
        if body.hasPrefix("///") {
          part = .comments
        } else if !body.isEmpty {
          field(body, line.number)
          guard fields.count <= Self.mostFields else {
            throw ReadFailure(
              "xdi.header-size", at: .line(line.number),
              found: "more than \(Self.mostFields) header fields", expected: "expected rows of data"
            )
          }
        }
      case .comments: comments.append(body)
      case .labels:
        if labels.isEmpty {
          labels = body.split { $0 == " " || $0 == "\t" }.map(String.init)
          checkLabels(line.number)
        } else if !body.isEmpty {
          comments.append(body)
        }
      }
    }
    dataStart = text.count
  }

  /// The first field of a name, whatever the case.
  func field(_ family: String, _ key: String) -> Field? {
    let name = (family.lowercased(), key.lowercased())
    return fields.first { $0.name == name }
  }

  /// Numbers behind the labels are a row whose line end is damaged: without a word it would be lost.
  private mutating func checkLabels(_ line: Int) {
    let numbers = labels.filter { Double($0) != nil }.count
    guard numbers >= 2, numbers < labels.count else { return }
    flaws.add(
      .deviates,
      Diagnostic(
        .warning, "xdi.labels", at: .line(line),
        found: "the line of labels holds \(numbers) numbers",
        expected: "expected labels; a row may be joined to them and lost"))
  }

  private mutating func readVersion(_ body: String) -> Bool {
    guard body.uppercased().hasPrefix("XDI/") else { return false }
    let words = body.dropFirst(4).split(maxSplits: 1) { $0 == " " || $0 == "\t" }
    guard let number = words.first, number.first?.isNumber == true else { return false }
    version = String(number)
    application = words.count > 1 ? Self.trimmed(words[1]) : ""
    return true
  }

  private mutating func field(_ body: String, _ line: Int) {
    guard let colon = body.utf8.firstIndex(of: UInt8(ascii: ":")) else {
      flaws.add(
        .invalid,
        Diagnostic(
          .warning, "xdi.header", at: .line(line),
          found: "a header line without `:` (\(body.prefix(60)))",
          expected: "expected `# Family.key: value`"))
      comments.append(body)
      return
    }
    let name = Self.trimmed(body[..<colon])
    let value = Self.trimmed(body[body.utf8.index(after: colon)...])
    let dot = name.utf8.firstIndex(of: UInt8(ascii: "."))
    let family = dot.map { String(name[..<$0]) } ?? name
    let key = dot.map { String(name[name.utf8.index(after: $0)...]) } ?? ""
    fields.append(Field(family: family, key: key, value: value, line: line))
    let dots = name.utf8.count { $0 == UInt8(ascii: ".") }
    if dots != 1 || family.isEmpty || key.isEmpty {
      flaws.add(
        .invalid,
        Diagnostic(
          .warning, "xdi.header", at: .line(line),
          found: "the header name `\(name.prefix(60))` has \(dots) dots",
          expected: "expected `Family.key` with one dot"))
    } else if name.first?.isNumber == true {
      flaws.add(
        .invalid,
        Diagnostic(
          .warning, "xdi.header", at: .line(line),
          found: "the family of `\(name.prefix(60))` starts with a digit",
          expected: "expected a letter"))
    } else if value.isEmpty {
      flaws.add(
        .invalid,
        Diagnostic(
          .warning, "xdi.header", at: .line(line),
          found: "the header field `\(name.prefix(60))` has no value",
          expected: "expected `# Family.key: value`"))
    }
  }

  /// A text without blanks around it.
  static func trimmed(_ text: some StringProtocol) -> String {
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let text = Substring(text)
    let start = text.utf8.drop(while: isBlank)
    guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
    return String(text[start.startIndex..<text.utf8.index(after: last)])
  }
}
