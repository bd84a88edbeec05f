public import Bytes
public import Reading
public import Tables

/// FAST ComTec's spectra `.mpa` (docs/formats/fastcomtec-mpa.md).
public enum FastComTecText: FileFormat {
  /// The id.
  public static let id = "fastcomtec-mpa"
  /// One line for people.
  public static let title = "FAST ComTec spectra (.mpa)"
  /// What it measures.
  public static let technique = Technique.rbs
  /// Usual extensions.
  public static let extensions = ["mpa"]
  /// How it is recognised.
  public static let recognisedBy = "[MPA3] or [MPA4A] on line 1, or a section [ADCn] with range="

  /// Looks for the first section and for converters with their range.
  public static func recognise(_ file: FileHead) -> Recognition {
    // Binary data may follow the head.
    let text = file.head.prefix(4096)
    let start = text.firstRange(of: "[")
    let isUTF16 = text.starts(with: [0xFF, 0xFE]) || text.starts(with: [0xFE, 0xFF])
    guard start != nil || isUTF16 else { return .none }
    let plain = isUTF16 ? ByteView(text.array.filter { $0 != 0 }) : text
    let lines = plain.latin1().split(omittingEmptySubsequences: true) { $0.isNewline }
    var reasons: [String] = []
    if let first = lines.first.map({ SpectrumText.trimmed($0) }), first.hasSuffix("") {
      let name = first.drop { $0 != "[" }.prefix { $0 != "]" }
      if name.hasPrefix("[MPA") { reasons.append("\(name)] on line 1") }
    }
    var section = ""
    for line in lines {
      let line = SpectrumText.trimmed(line)
      if line.hasPrefix("[") {
        section = String(line.dropFirst().prefix { $0 != "]" })
      } else if section.hasPrefix("ADC") || section.hasPrefix("CHN"),
        line.lowercased().hasPrefix("range=")
      {
        reasons.append("[\(section)] with \(line.prefix(20))")
        break
      }
    }
    if lines.contains(where: { $0.hasPrefix("[LISTDATA]") }) { reasons.append("[LISTDATA]") }
    return reasons.isEmpty ? .none : Recognition(reasons.count > 1 ? 100 : 85, reasons)
  }

  /// Reads one spectrum a converter; coincidence maps are named and skipped.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var result = SpectrumTables()
    try refuseBinary(bytes)
    let text = try DecodedText.decode(bytes, into: &result.diagnostics)
    SpectrumText.noteLineEnd(text, &result.diagnostics)
    var file = FastComTecSections()
    try file.read(text, &result)
    guard !file.data.isEmpty else {
      throw ReadFailure(
        "fastcomtec-mpa.no-data", at: .line(1),
        found: "no section [TDATn,…] or [DATAn,…] has counts",
        expected: "expected one a converter")
    }
    for (number, data) in file.data.enumerated() {
      let table = file.data.count > 1 ? "spectrum_\(number + 1)" : "spectrum"
      let content = try file.content(data, of: text, table: table, &result)
      try result.checkPromise(
        content.counts.count, of: data.promised, at: .line(data.line), " in [\(data.name)]")
      if content.counts.count > data.promised {
        result.diagnostics.warn(
          "spectrum.more", at: .line(data.line),
          found:
            "[\(data.name)] promises \(data.promised) channels, \(content.counts.count) are there",
          expected: "all are given")
      }
      try result.add(content)
    }
    return result.dataset(id)
  }

  /// List mode and binary counts are refused by name.
  private static func refuseBinary(_ bytes: ByteView) throws(ReadFailure) {
    let nul =
      bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
      ? nil : bytes.withBytes { $0.firstIndex(of: 0) }
    let head = bytes.prefix(nul ?? bytes.count)
    if let list = head.firstRange(of: "[LISTDATA]") {
      throw ReadFailure(
        "fastcomtec-mpa.list-mode", at: .byte(list.lowerBound),
        found: "the file is list mode: single events behind [LISTDATA]",
        expected: "replay it in MPANT and save the spectra as ASCII")
    }
    guard let nul else { return }
    throw ReadFailure(
      "fastcomtec-mpa.binary", at: .byte(nul), found: "the counts are binary",
      expected: "save the spectra as ASCII (fmt=asc)")
  }
}

/// The sections of an MPA file.
private struct FastComTecSections {
  /// A block of counts.
  struct Counts {
    var name: String
    var number: Int
    var promised: Int
    var line: Int
    var lines: CountLines
  }
  var data: [Counts] = []
  private var settings: [String: [String: (value: String, line: Int)]] = [:]
  private var report: (text: String, line: Int)?
  private var title: String?

  mutating func read(_ text: DecodedText, _ result: inout SpectrumTables) throws(ReadFailure) {
    var offset = 0
    var number = 1
    var section = ""
    while offset < text.utf8.count {
      var lines = TextLines(text.utf8, from: offset, number: number).makeIterator()
      guard let line = lines.next() else { break }
      offset = line.next
      number += 1
      let content = SpectrumText.trimmed(TextLines.string(text.utf8[line.range]))
      if content.isEmpty { continue }
      guard content.hasPrefix("[") else {
        setting(content, section, line, &result)
        continue
      }
      let name = SpectrumText.trimmed(String(content.dropFirst().prefix { $0 != "]" }))
      if !content.contains("]") {
        result.diagnostics.warn(
          "fastcomtec-mpa.section", at: .line(line.number),
          found: "`\(content.prefix(40))` has no closing bracket", expected: "expected [NAME]")
      }
      let rest = SpectrumText.trimmed(String(content.drop { $0 != "]" }.dropFirst()))
      section = name
      guard let block = try Self.block(name, line) else {
        if !rest.isEmpty {
          result.metadata.append(name, rest)
          if name.hasPrefix("MPA"), report == nil { report = (rest, line.number) }
        }
        if settings[name] != nil {
          result.diagnostics.warn(
            "fastcomtec-mpa.section", at: .line(line.number),
            found: "a second section [\(name.prefix(40))]", expected: "its settings are kept too")
        }
        settings[name] = settings[name] ?? [:]
        continue
      }
      let counts = try CountLines(
        text.utf8, from: offset, line: number, until: .byte(UInt8(ascii: "[")))
      offset = counts.end
      number = counts.endLine
      if block.isMap {
        result.complete = false
        result.diagnostics.warn(
          "fastcomtec-mpa.map", at: .line(line.number),
          found: "[\(name)] is a map of \(counts.count) values", expected: "it is not read")
        result.metadata.append(name, "map of \(counts.count) values, not read")
        continue
      }
      guard counts.count > 0 else {
        result.complete = false
        result.diagnostics.warn(
          "fastcomtec-mpa.empty", at: .line(line.number), found: "[\(name)] holds no counts",
          expected: "expected \(block.channels); the spectrum is lost")
        continue
      }
      data.append(
        Counts(
          name: name, number: block.number, promised: block.channels, line: line.number,
          lines: counts))
    }
    if settings.keys.allSatisfy({ !$0.hasPrefix("ADC") && !$0.hasPrefix("CHN") }) {
      result.diagnostics.warn(
        "fastcomtec-mpa.no-converter", at: .line(1),
        found: "no section [ADCn] or [CHNn] tells of the converters",
        expected: "times and calibrations are not known")
    }
  }

  /// `TDAT0,2048`: the number of the data and its channels; nil for a section of settings.
  private static func block(
    _ name: String, _ line: TextLine
  ) throws(ReadFailure) -> (number: Int, channels: Int, isMap: Bool)? {
    let kinds = ["TDAT", "DATA", "CDAT", "MDAT"]
    guard let kind = kinds.first(where: { name.hasPrefix($0) }) else { return nil }
    let parts = name.dropFirst(kind.count).split(separator: ",").map { SpectrumText.trimmed($0) }
    guard parts.count == 2, let number = Int(parts[0]), number >= 0, number < 1000,
      let channels = Int(parts[1]), channels > 0
    else {
      throw ReadFailure(
        "fastcomtec-mpa.section", at: .line(line.number), found: "the section [\(name.prefix(40))]",
        expected: "expected a number and a count of channels, as in [TDAT0,2048]")
    }
    return (number, channels, kind == "CDAT" || kind == "MDAT")
  }

  private mutating func setting(
    _ text: String, _ section: String, _ line: TextLine, _ result: inout SpectrumTables
  ) {
    if text.hasPrefix("REPORT-FILE") {
      result.metadata.append("REPORT-FILE", text)
      let words = text.split(whereSeparator: { $0.isWhitespace })
      if text.contains("=") {
        result.diagnostics.note(
          "fastcomtec-mpa.line", at: .line(line.number),
          found: "`\(text.suffix(40))` stands in the line REPORT-FILE", expected: "kept as metadata"
        )
      }
      if let from = words.firstIndex(of: "from"), words.count > from + 2 {
        report = ("\(words[from + 1]) \(words[from + 2])", line.number)
      }
      return
    }
    guard let mark = text.firstIndex(of: "=") else {
      result.metadata.append("line \(line.number)", text)
      result.diagnostics.note(
        "fastcomtec-mpa.line", at: .line(line.number),
        found: "`\(text.prefix(40))` is no key=value",
        expected: "kept as metadata")
      return
    }
    let key = SpectrumText.trimmed(String(text[..<mark]))
    let value = SpectrumText.trimmed(String(text[text.index(after: mark)...]))
    result.metadata.append(section.isEmpty ? key : "\(section)/\(key)", value)
    settings[section, default: [:]][key.lowercased()] = (value, line.number)
    if key.lowercased() == "cmline0" { title = value }
  }

  /// The settings of the converter of a block of counts: `TDAT0` belongs to `ADC1`.
  private func converter(_ number: Int) -> (
    name: String, keys: [String: (value: String, line: Int)]
  )? {
    let names =
      settings["CHN0"] != nil
      ? ["CHN\(number)"] : ["ADC\(number + 1)", "CHN\(number + 1)"]
    for name in names {
      if let keys = settings[name] { return (name, keys) }
    }
    return nil
  }

  /// A block of counts with what its converter says.
  func content(
    _ data: Counts, of text: DecodedText, table: String, _ result: inout SpectrumTables
  ) throws(ReadFailure) -> SpectrumContent {
    var content = SpectrumContent(counts: data.lines.values)
    var words = "decimal text, one count a line"
    // Some writers give the channel before each count.
    if data.lines.widest == 2, case .integer(let numbers) = data.lines.values,
      numbers.count % 2 == 0
    {
      let channels = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
      let rises = zip(channels, channels.dropFirst()).allSatisfy { $0 < $1 }
      if rises {
        content = SpectrumContent(
          counts: .integer(stride(from: 1, to: numbers.count, by: 2).map { numbers[$0] }))
        content.channels = channels
        words = "decimal text, channel and count a line"
      }
    }
    content.record.table = table
    content.origin = data.lines.origin(of: text, words)
    content.record.title = title
    if title == nil {
      result.diagnostics.note(
        "fastcomtec-mpa.no-title", at: .line(1), found: "there is no line cmline0=",
        expected: "the spectra have no title")
    }
    content.calibrationPlace = .line(data.line)
    if let report {
      SpectrumText.start(
        report.text, at: .line(report.line), into: &content.record, &result.diagnostics)
    }
    data.lines.noteBlanks(&result.diagnostics)
    guard let converter = converter(data.number) else {
      result.diagnostics.warn(
        "fastcomtec-mpa.no-converter", at: .line(data.line),
        found: "no section tells of the converter of [\(data.name)]",
        expected: "expected [ADC\(data.number + 1)]; times and calibration are not known")
      return content
    }
    func number(_ key: String) -> Double? {
      guard let entry = converter.keys[key] else { return nil }
      if let value = NumberScanner.parse(entry.value) { return value }
      result.diagnostics.warn(
        "fastcomtec-mpa.number", at: .line(entry.line),
        found: "\(key) of [\(converter.name)] is `\(entry.value.prefix(40))`",
        expected: "expected a number; it is not known")
      return nil
    }
    content.record.liveTime = number("livetime")
    content.record.realTime = number("realtime") ?? number("runtime")
    for key in ["range", "livetime", "realtime", "caloff", "calfact"]
    where converter.keys[key] == nil && !(key == "realtime" && converter.keys["runtime"] != nil) {
      result.diagnostics.note(
        "fastcomtec-mpa.no-key", at: .line(data.line),
        found: "[\(converter.name)] has no \(key)", expected: "it is not known")
    }
    if let range = number("range"), range != Double(data.promised) {
      result.diagnostics.warn(
        "fastcomtec-mpa.range", at: .line(data.line),
        found: "[\(data.name)] belongs to [\(converter.name)] with the range \(range)",
        expected: "expected \(data.promised)")
    }
    content.calibrationPlace = converter.keys["calfact"].map { .line($0.line) } ?? .line(data.line)
    guard let offset = number("caloff"), let slope = number("calfact"),
      number("caluse") ?? 1 != 0
    else { return content }
    var coefficients = [offset, slope]
    for key in ["calfact2", "calfact3"] {
      guard let next = number(key) else { break }
      coefficients.append(next)
    }
    let unit = converter.keys["calunit"]?.value ?? "keV"
    guard let scale = SpectrumText.kiloelectronvolts(unit) else {
      result.diagnostics.warn(
        "fastcomtec-mpa.unit", at: converter.keys["calunit"].map { .line($0.line) } ?? .whole,
        found: "the calibration of [\(converter.name)] is in `\(unit.prefix(20))`",
        expected: "expected keV, MeV or eV; it is not used")
      return content
    }
    content.record.calibration = FileCalibration(
      coefficients.map { $0 * scale }, source: "caloff and calfact of [\(converter.name)]")
    return content
  }
}
