public import Bytes
public import Reading
public import Tables

/// Amptek's spectra `.mca` (docs/formats/amptek-mca.md).
public enum AmptekSpectrumText: FileFormat {
  /// The id.
  public static let id = "amptek-mca"
  /// One line for people.
  public static let title = "Amptek spectrum (.mca)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["mca"]
  /// How it is recognised.
  public static let recognisedBy = "a line <<PMCA SPECTRUM>>"

  /// Looks for the first section.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let head = SpectrumHead(file) else { return .none }
    if head.lines.contains("<<PMCA SPECTRUM>>") {
      return Recognition(100, ["a line <<PMCA SPECTRUM>>"])
    }
    return head.lines.contains("<<DATA>>") ? Recognition(80, ["a line <<DATA>>"]) : .none
  }

  /// Reads counts, times, start, calibration points, regions and the settings of the processor.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    let text = try DecodedText.decode(bytes, into: &result.diagnostics)
    SpectrumText.noteLineEnd(text, &result.diagnostics)
    var sections = Sections()
    var offset = 0
    var number = 1
    while offset < text.utf8.count {
      var lines = TextLines(text.utf8, from: offset, number: number).makeIterator()
      guard let line = lines.next() else { break }
      offset = line.next
      number += 1
      let content = SpectrumText.trimmed(TextLines.string(text.utf8[line.range]))
      if content.isEmpty { continue }
      if content.hasPrefix("<<") {
        let title = content.filter { $0 != "<" && $0 != ">" }
        sections.enter(title, line, &result)
        guard title == "DATA" else { continue }
        let counts = try CountLines(
          text.utf8, from: offset, line: number, until: .byte(UInt8(ascii: "<")))
        guard counts.count > 0 else {
          throw ReadFailure(
            "amptek-mca.no-data", at: .line(line.number), found: "no count follows <<DATA>>",
            expected: "expected one count a line")
        }
        if sections.counts != nil {
          throw ReadFailure(
            "amptek-mca.second-data", at: .line(line.number), found: "a second section <<DATA>>",
            expected: "expected one spectrum in a file")
        }
        sections.counts = counts
        offset = counts.end
        number = counts.endLine
        continue
      }
      sections.add(content, line, &result)
    }
    guard let counts = sections.counts else {
      throw ReadFailure(
        "amptek-mca.no-data", at: .line(max(1, number - 1)), found: "there is no section <<DATA>>",
        expected: "expected one with the counts")
    }
    var content = SpectrumContent(counts: counts.values)
    content.record = sections.record
    content.origin = counts.origin(of: text, "decimal text, one count a line")
    content.record.calibration = sections.calibration(&result)
    content.calibrationPlace = sections.calibrationPlace
    sections.check(counts, &result)
    counts.noteBlanks(&result.diagnostics)
    if let promised = sections.channels {
      try result.checkPromise(
        counts.count, of: promised, at: sections.channelsPlace, " (MCAC of the processor)")
    }
    try result.add(content)
    return result.dataset(id)
  }

  /// The sections of a file.
  private struct Sections {
    var record = SpectrumRecord()
    var counts: CountLines?
    var channels: Int?
    var channelsPlace = Place.whole
    var calibrationPlace = Place.whole
    private var current = ""
    private var hasEnd = false
    private var label = ""
    private var points: [(channel: Double, energy: Double)] = []
    private var keys: Set<String> = []

    private static let known: Set<String> = [
      "PMCA SPECTRUM", "CALIBRATION", "ROI", "DATA", "END", "DP5 CONFIGURATION",
      "DP5 CONFIGURATION END", "DPP STATUS", "DPP STATUS END",
    ]

    mutating func enter(_ title: String, _ line: TextLine, _ result: inout SpectrumTables) {
      current = title
      if title == "END" { hasEnd = true }
      if title == "CALIBRATION" { calibrationPlace = .line(line.number) }
      if !Self.known.contains(title) {
        result.diagnostics.note(
          "amptek-mca.section", at: .line(line.number),
          found: "the section <<\(title.prefix(40))>> is not known",
          expected: "its lines are kept as metadata")
      }
    }

    mutating func add(_ text: String, _ line: TextLine, _ result: inout SpectrumTables) {
      let place = Place.line(line.number)
      switch current {
      case "PMCA SPECTRUM":
        // `KEY - value`; the value may be empty and hold dashes of its own.
        let key = String(text.prefix { !$0.isWhitespace })
        let rest = SpectrumText.trimmed(String(text.dropFirst(key.count)))
        guard rest.hasPrefix("-") else {
          result.metadata.append("line \(line.number)", text)
          return
        }
        let value = SpectrumText.trimmed(String(rest.dropFirst()))
        result.metadata.append(key, value)
        keys.insert(key)
        setting(key, value, place, &result)
      case "CALIBRATION":
        result.metadata.append(current, text)
        if text.uppercased().hasPrefix("LABEL") {
          label = SpectrumText.trimmed(String(text.split(separator: "-").dropFirst().first ?? ""))
        } else if let pair = SpectrumText.numbers(text), pair.count == 2 {
          points.append((pair[0], pair[1]))
        } else {
          result.diagnostics.warn(
            "amptek-mca.calibration", at: place, found: "`\(text.prefix(40))`",
            expected: "expected a channel and its energy; the line is not used")
        }
      default:
        if let mark = text.firstIndex(where: { $0 == "=" || $0 == ":" }), current.hasPrefix("DP") {
          let key = String(text[..<mark])
          let value = SpectrumText.trimmed(String(text[text.index(after: mark)...]))
          result.metadata.append("\(current)/\(key)", value)
          if key == "MCAC", let count = Int(value.prefix { $0.isNumber }), count > 0 {
            channels = count
            channelsPlace = place
          }
        } else {
          result.metadata.append(current.isEmpty ? "line \(line.number)" : current, text)
        }
      }
    }

    private mutating func setting(
      _ key: String, _ value: String, _ place: Place, _ result: inout SpectrumTables
    ) {
      switch key {
      case "LIVE_TIME", "REAL_TIME":
        guard let time = NumberScanner.parse(value) else {
          result.diagnostics.warn(
            "amptek-mca.time", at: place, found: "\(key) is `\(value.prefix(40))`",
            expected: "expected seconds; it is not known")
          return
        }
        if key == "LIVE_TIME" { record.liveTime = time } else { record.realTime = time }
      case "START_TIME":
        SpectrumText.start(value, at: place, into: &record, &result.diagnostics)
      case "DESCRIPTION": if !value.isEmpty { record.title = value }
      default: break
      }
    }

    /// A straight line through the points, in the unit of the label.
    mutating func calibration(_ result: inout SpectrumTables) -> FileCalibration? {
      guard !points.isEmpty else { return nil }
      guard let scale = SpectrumText.kiloelectronvolts(label) else {
        result.diagnostics.warn(
          "amptek-mca.label", at: calibrationPlace,
          found: "the calibration is labelled `\(label.prefix(40))`",
          expected: "expected keV, MeV or eV; its points are not used")
        return nil
      }
      guard let line = StraightLine(points.map { ($0.channel, $0.energy * scale) }) else {
        result.diagnostics.warn(
          "amptek-mca.calibration", at: calibrationPlace,
          found: "\(points.count) points of calibration at one channel",
          expected: "expected two different channels or more; no line is assumed")
        return nil
      }
      if points.count > 2 {
        result.diagnostics.note(
          "spectrum.fitted-calibration", at: calibrationPlace,
          found: "a straight line through \(points.count) points of channel and energy",
          expected: "the largest distance is \(line.residual) keV")
      }
      return FileCalibration(
        [line.offset, line.slope],
        source: "a straight line through \(points.count) points of <<CALIBRATION>>")
    }

    /// Says what a whole file has and this one lacks.
    func check(_ counts: CountLines, _ result: inout SpectrumTables) {
      if !hasEnd {
        result.complete = false
        result.diagnostics.warn(
          "amptek-mca.no-end", at: .line(counts.endLine), found: "there is no line <<END>>",
          expected: "expected it behind the counts; counts may be lost")
      }
      for key in ["DESCRIPTION", "LIVE_TIME", "REAL_TIME", "START_TIME"] where !keys.contains(key) {
        result.diagnostics.note(
          "amptek-mca.no-setting", at: .line(1), found: "there is no line \(key)",
          expected: "it is not known")
      }
    }
  }
}
