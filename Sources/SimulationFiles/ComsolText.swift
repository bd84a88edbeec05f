public import Bytes
public import Reading
public import Tables
internal import Units

/// A text export of COMSOL Multiphysics: spreadsheet, sectionwise, grid and table.
public enum ComsolText: FileFormat {
  /// `comsol-text`.
  public static let id = "comsol-text"
  /// One line for people.
  public static let title = "COMSOL text export"
  /// What it holds.
  public static let technique = Technique.simulation
  /// Extensions that the program offers.
  public static let extensions = ["txt", "csv", "dat"]
  /// How it is recognised.
  public static let recognisedBy =
    "lines % Model:, % Version: COMSOL, % Nodes:, % Table: at the start"

  /// 95 for a version of COMSOL or the keys of its head, 60 for a model with one more key.
  public static func recognise(_ file: FileHead) -> Recognition {
    var notes = DiagnosticList()
    let head = file.head.prefix(4096)
    guard let text = try? DecodedText.decode(head, into: &notes) else { return .none }
    let lines = TextLines(text.utf8)
    var keys: [String] = []
    var isComsol = false
    for line in lines {
      let words = lines.string(line).drop { $0 == " " || $0 == "\t" }
      if words.isEmpty { continue }
      guard words.first == "%", line.number < 40 else { break }
      let body = words.dropFirst().drop { $0 == " " }
      for key in Self.keys where body.hasPrefix("\(key):") {
        keys.append(key)
        if key == "Version", body.contains("COMSOL") { isComsol = true }
      }
    }
    guard !keys.isEmpty else { return .none }
    let reason = ["lines % with \(keys.joined(separator: ", "))"]
    if isComsol || (keys.contains("Model") && keys.count >= 4) { return Recognition(95, reason) }
    return keys.contains("Model") && keys.count >= 2 || keys.count >= 4
      ? Recognition(60, reason) : .none
  }

  private static let keys = [
    "Model", "Version", "Date", "Dimension", "Nodes", "Elements", "Expressions", "Description",
    "Length unit", "Table",
  ]

  /// Reads the export.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let parts = ComsolSections(text.utf8)
    guard let first = parts.sections.first else {
      throw ReadFailure(
        "comsol.no-data", at: .line(TextLines.number(ofOffset: text.utf8.count, in: text.utf8)),
        found: "no row of numbers below the lines with %", expected: "expected at least one")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline",
        at: .line(TextLines.number(ofOffset: text.utf8.count, in: text.utf8)),
        found: "the last line has no line end", expected: "its last number may be cut")
    }
    var dataset = Dataset(format: id, technique: technique, tables: [])
    for entry in parts.head { dataset.keep(entry.key, entry.value, at: .line(entry.line)) }
    dataset.reading["encoding"] = text.encoding.rawValue
    var reader = ComsolReader(text, parts, options, diagnostics)
    let titles = first.titles.map { ComsolSections.words($0, text.utf8) }
    if titles.contains(where: { ComsolReader.keyword($0) == "Grid" }) {
      try reader.readGrid()
    } else if titles.contains(where: { ComsolReader.keyword($0) != nil }) {
      try reader.readSections()
    } else if parts.sections.count > 1 {
      try reader.readLabelledParts()
    } else {
      try reader.readRows()
    }
    for line in parts.tail {
      let words = ComsolSections.words(line, text.utf8)
      dataset.metadata.append("line \(line.number)", words)
      if ComsolReader.keyword(words) != nil {
        reader.lose("comsol.no-rows", line.number, "no rows below '\(words.prefix(60))'")
      }
    }
    dataset.tables = reader.tables
    dataset.grids = reader.grids
    dataset.complete = reader.complete
    dataset.diagnostics = reader.diagnostics.all
    if !reader.parameters.isEmpty {
      dataset.metadata.append("parameters", reader.parameters.joined(separator: "; "))
    }
    return dataset
  }
}
