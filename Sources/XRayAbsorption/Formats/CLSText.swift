public import Bytes
public import Reading
public import Tables

/// Scans of the Canadian Light Source's data acquisition (docs/formats/cls.md).
public enum CLSText: FileFormat {
  /// The id.
  public static let id = "cls"
  /// One line for people.
  public static let title = "CLS Data Acquisition scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "000", "txt"]
  /// How it is recognised.
  public static let recognisedBy = "# CLS Data Acquisition on line 1"

  /// Looks for the program's name on the first line.
  public static func recognise(_ file: FileHead) -> Recognition {
    BeamlineHead.start(file).hasPrefix("# CLS Data Acquisition")
      ? Recognition(95, ["line 1 is `# CLS Data Acquisition`"]) : .none
  }

  /// Reads the rows of the event that holds the energy; those of other events are kept as text.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let events = events(bytes)
    let event = mainEvent(events)
    let text = try BeamlineText(
      bytes, options: options,
      aside: { line in
        let digits = line.drop { $0 == 0x20 }.prefix { $0 &- 48 <= 9 }
        let number = Int(String(decoding: digits, as: UTF8.self))
        return line.contains(0x2C) && number != event && events.contains { $0.event == number }
      }, into: &diagnostics)
    let own = events.filter { $0.event == event }
    // The second line of labels is the better one: it has names, the first has process variables.
    let labels = own.last { $0.labels.count == text.width }?.labels ?? []
    let variables = own.first { $0.labels.count == text.width }?.labels ?? []
    var headings = BeamlineScan.headings(labels, count: text.width)
    for i in headings.indices where i < variables.count { complete(&headings[i], variables[i]) }
    return try BeamlineScan(headings: headings, labelLines: []).dataset(
      id, text, options: options, diagnostics)
  }

  /// What a process variable adds to a label: a meaning where the label has none, and a unit.
  private static func complete(_ heading: inout ColumnHeading, _ variable: String) {
    if variable.hasPrefix("PCT"), variable.contains(":mA:") {
      heading.meaning = ColumnNames.meaning(of: "ring current")
      heading.unit = "mA"
    }
    guard heading.meaning == nil else { return }
    // The four channels of the scaler at HXMA: diode or Lytle detector and three chambers.
    let channels = ["mcs03": "lytle", "mcs04": "i0", "mcs05": "it", "mcs06": "iref"]
    let words = variable.split(separator: ":").map(String.init)
    if words.count == 3, words[0] == "BL1606-ID1", let role = channels[words[1]] {
      heading.meaning = ColumnNames.meaning(of: role)
    } else if !words.contains("Energy") {
      heading.meaning = ColumnNames.meaning(of: variable)
    }
  }

  // MARK: - Events

  /// The labels of one event in one line `#(N) …`.
  private struct Event {
    var event: Int
    var labels: [String]
  }

  private static func events(_ bytes: ByteView) -> [Event] {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(bytes.prefix(1 << 18), into: &ignored) else {
      return []
    }
    var result: [Event] = []
    let lines = TextLines(text.utf8)
    for line in lines {
      let content = lines.string(line)
      if !content.hasPrefix("#") { break }
      guard content.hasPrefix("#("), let close = content.firstIndex(of: ")"),
        let number = Int(content[content.index(content.startIndex, offsetBy: 2)..<close])
      else { continue }
      let rest = content[content.index(after: close)...]
      let cells = TableDialect(delimiter: .blanks).cells(ByteView(Array(rest.utf8)))
      result.append(Event(event: number, labels: cells))
    }
    return result
  }

  /// The event whose labels hold an energy and an id of the event, else the first.
  private static func mainEvent(_ events: [Event]) -> Int {
    let main = events.first { event in
      event.labels.contains("Event-ID")
    }
    return main?.event ?? events.first?.event ?? 1
  }
}
