public import Bytes
public import Reading
public import Tables
internal import Units

/// Logs of Novonix UHPC testers.
public enum NovonixText: FileFormat {
  /// `novonix-csv`.
  public static let id = "novonix-csv"
  /// One line for people.
  public static let title = "Novonix UHPC csv"
  /// Cycling.
  public static let technique = Technique.cycling
  /// Extensions in use.
  public static let extensions = ["csv"]
  /// How it is recognised.
  public static let recognisedBy = "line 1 '[Summary]' and 'Novonix' below it"

  /// 95 for `[Summary]` with Novonix' name, 60 for `[Summary]` with a section `[Data]`.
  public static func recognise(_ file: FileHead) -> Recognition {
    var diagnostics = DiagnosticList()
    guard file.head.prefix(16).withBytes({ $0.contains(UInt8(ascii: "[")) }),
      let text = try? DecodedText.decode(file.head, into: &diagnostics)
    else { return .none }
    var isNamed = false
    for line in TextLines(text.utf8) {
      let words = bare(text.utf8[line.range].prefix(200))
      if line.number == 1, words != "[Summary]" { return .none }
      if words.contains("Novonix") || words.contains("UHPC") { isNamed = true }
      if isNamed {
        return Recognition(95, ["line 1 is '[Summary]', line \(line.number) names Novonix"])
      }
      if words == "[Data]" { return Recognition(60, ["sections [Summary] and [Data]"]) }
    }
    return .none
  }

  /// Reads the log.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    var text = try DecodedText.decode(bytes, into: &diagnostics)
    var sections = try NovonixSections(text.utf8)
    if sections.isQuoted {
      // Spreadsheets put quotes around whole lines; a blank in place of a quote moves nothing.
      var plain = DiagnosticList()
      text = try DecodedText.decode(
        ByteView(bytes.array.map { $0 == UInt8(ascii: "\"") ? 0x20 : $0 }), into: &plain)
      sections = try NovonixSections(text.utf8)
      diagnostics.note(
        "novonix.quoted-lines", at: .line(sections.labels.number),
        found: "whole lines stand in quotes", expected: "the quotes are taken off")
    }
    if let stray = sections.stray {
      diagnostics.warn(
        "novonix.section", at: .line(stray),
        found:
          "the log does not start with [Summary]; the lines up to the next section are kept as "
          + "`Protocol`",
        expected: "expected [Summary] on line 1")
    }
    let delimiter = TableDialect.Delimiter.character(UInt8(ascii: ","))
    let plan = CyclerTable(
      labels: TableDialect(delimiter: delimiter).cells(text.utf8[sections.labels.range]),
      labelLine: sections.labels.number, dataStart: sections.labels.next,
      dataLine: sections.labels.number + 1, delimiter: delimiter)
    let content = try plan.read(text, options: options, into: &diagnostics)
    var preamble = CyclerPreamble(
      sections.summary, of: text, delimiter: .character(0x0B))
    if !sections.protocolLines.isEmpty {
      preamble.note(
        "Protocol",
        sections.protocolLines.map { TextLines.string(text.utf8[$0.range]) }
          .joined(separator: "\n"))
    }
    return content.dataset(
      format: id, preamble: preamble, text: text, diagnostics: &diagnostics)
  }

  /// A line without blanks and quotes around it.
  static func bare(_ line: ByteView) -> String {
    var words = TextLines.string(line)[...]
    while let last = words.last, last == " " || last == "\"" || last == "," { words.removeLast() }
    while let first = words.first, first == " " || first == "\"" { words.removeFirst() }
    return String(words)
  }
}

/// The sections of a Novonix log.
struct NovonixSections {
  /// The lines of `[Summary]`.
  private(set) var summary: [TextLine] = []
  /// The lines of `[Protocol]`.
  private(set) var protocolLines: [TextLine] = []
  /// The first line that stands in no section, or begins one that is not known.
  private(set) var stray: Int?
  /// The line of the labels, below `[Data]`.
  let labels: TextLine
  /// Whether whole lines stand in quotes.
  let isQuoted: Bool

  private static let known: Set<String> = [
    "[Summary]", "[End Summary]", "[Protocol]", "[End Protocol]", "[Data]",
  ]

  init(_ text: ByteView) throws(ReadFailure) {
    var section = ""
    for line in TextLines(text) {
      let words = NovonixText.bare(text[line.range].prefix(200))
      if section == "[Data]", !words.isEmpty {
        labels = line
        let cells = TableDialect(delimiter: .character(UInt8(ascii: ","))).cells(text[line.range])
        isQuoted = cells.count == 1 && cells[0].contains(",")
        return
      }
      if words.hasPrefix("["), words.hasSuffix("]") {
        section = words
        if !Self.known.contains(words), stray == nil { stray = line.number }
      } else if section == "[Summary]" {
        summary.append(line)
      } else if !words.isEmpty {
        if section.isEmpty, stray == nil { stray = line.number }
        protocolLines.append(line)
      }
    }
    throw ReadFailure(
      "novonix.no-data", found: "no section [Data]", expected: "expected [Data] and labels below it"
    )
  }
}
