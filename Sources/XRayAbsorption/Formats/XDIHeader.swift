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

    /// Whether this is the field of a name, whatever the case.
    func isNamed(_ family: String, _ key: String) -> Bool {
      self.family.lowercased() == family && self.key.lowercased() == key
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
      guard let first = content.first else { continue }
      if first != "#" {
        if ";%*!$:".contains(first) {
          flaws.add(
            .deviates,
            Diagnostic(
              .warning, "xdi.comment-mark", at: .line(line.number),
              found: "the line starts with `\(first)`",
              expected: "expected `#`; the line is left out"))
          comments.append(content)
          continue
        }
        return
      }
      let body = Self.trimmed(content.dropFirst())
      if line.number == 1, readVersion(body) { continue }
      if body.hasPrefix("---"), body.allSatisfy({ $0 == "-" }) {
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
    fields.first { $0.isNamed(family.lowercased(), key.lowercased()) }
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
    guard let colon = body.firstIndex(of: ":") else {
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
    let value = Self.trimmed(body[body.index(after: colon)...])
    let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    fields.append(
      Field(
        family: String(parts[0]), key: parts.count > 1 ? String(parts[1]) : "", value: value,
        line: line))
    let dots = name.filter { $0 == "." }.count
    if dots != 1 || parts[0].isEmpty || parts.last?.isEmpty == true {
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
    let start = text.drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...last])
  }
}
