public import Bytes
public import Reading
public import Tables

/// An Igor text file: waves as columns of numbers, with commands for scaling, labels and notes.
///
/// Usage: `.itx` of Igor Pro and of programs that write for it.
/// Tables: one a wave, named as the wave; the last of two or more dimensions gives the columns. A
/// wave with Asylum's note and labels becomes a force curve or image, as in ``AsylumForceCurve``.
/// Metadata: every command under `X`, and the note of each wave.
/// Structure: docs/formats/igor-itx.md.
public enum IgorText: FileFormat {
  /// The id, `igor-itx`.
  public static let id = "igor-itx"
  /// One line for people.
  public static let title = "Igor text waves"
  /// The content tells what was measured, or not.
  public static let technique = Technique.any
  /// Igor's extensions; `.awav` is an older one.
  public static let extensions = ["itx", "awav"]
  /// The first line, and a block or command.
  public static let recognisedBy = "the line IGOR, then WAVES or X"

  /// How sure we are: 100 with the line IGOR and a block or command behind it.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = file.head.prefix(256).array.filter { $0 != 0 }
    let upper = String(decoding: start, as: UTF8.self).uppercased()
    guard upper.contains("IGOR") else { return .none }
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head, into: &ignored) else { return .none }
    var isFirst = true
    for line in TextLines(text.utf8) {
      let content = TextLines.string(text.utf8[line.range].prefix(64)).uppercased()
        .filter { !$0.isWhitespace }
      if content.isEmpty || content.hasPrefix("//") { continue }
      if isFirst {
        guard content == "IGOR" else { return .none }
        isFirst = false
      } else if content.hasPrefix("WAVES") || content.hasPrefix("X") {
        return Recognition(100, ["the line IGOR", "a block or command behind it"])
      } else {
        break
      }
    }
    return isFirst ? .none : Recognition(60, ["the line IGOR"])
  }

  /// Reads all waves.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let reader = try IgorTextReader(text, options: options)
    diagnostics.add(contentsOf: reader.diagnostics.all)
    guard !reader.waves.isEmpty else {
      throw ReadFailure(
        "itx.no-waves", at: .line(1), found: "the file holds no block of numbers",
        expected: "expected WAVES, BEGIN, rows, END")
    }
    var result = Dataset(format: id, technique: technique, tables: [])
    for command in reader.commands { result.metadata.append("X", command.text) }
    var names: [String: Int] = [:]
    for wave in reader.waves {
      let n = (names[wave.shape.name] ?? 0) + 1
      names[wave.shape.name] = n
      if n > 1 {
        diagnostics.warn(
          "itx.duplicate-wave", at: wave.shape.dimensionPlace,
          found: "a wave has the name of an earlier one",
          expected: "expected one of each name; the later ones get _2, _3 and so on")
      }
      let own = n > 1 ? "\(wave.shape.name)_\(n)" : wave.shape.name
      var part = dataset(of: wave, options: options)
      diagnostics.add(contentsOf: part.diagnostics)
      let isMarked = part.technique == .afm
      if isMarked { result.technique = .afm }
      if reader.waves.count > 1 || !isMarked {
        part = part.placed(at: own, named: isMarked ? "" : wave.shape.name)
      }
      result.tables += part.tables
      result.grids += part.grids
      for entry in part.metadata.entries { result.metadata.append(entry.key, entry.value) }
      result.settingOrigins.merge(part.settingOrigins) { first, _ in first }
      result.settings += part.settings
    }
    result.diagnostics = diagnostics.all
    result.complete = reader.isComplete
    result.reading = ["encoding": text.encoding.rawValue]
    return result
  }

  /// The tables of one wave, as the same wave in a binary file would give them.
  private static func dataset(of wave: IgorWrittenWave, options: ReadOptions) -> Dataset {
    var shape = wave.shape
    shape.note = IgorNote(ByteView(utf8: wave.noteText), base: 0, isUTF8: true)
    var result = Dataset(format: id, technique: technique, tables: [])
    append(shape.note, wave, to: &result)
    guard let points = wave.points else {
      let column = Column(
        name: IgorUnits.name(shape.name, fallback: "text"), label: shape.name,
        values: .text(wave.texts), unit: .absent, origin: wave.origin)
      result.tables = [Table(name: shape.name, columns: [column])]
      return result
    }
    var diagnostics = DiagnosticList()
    if AsylumMarks.holds(shape) {
      result.technique = .afm
      if AsylumImage.holds(shape) {
        let image = AsylumImage(shape, points)
        diagnostics = image.diagnostics
        result.tables = [image.table]
        if let grid = image.grid { result.grids = [grid] }
      } else {
        let curve = AsylumCurve(shape, points)
        diagnostics = curve.diagnostics
        result.tables = curve.tables
      }
      AsylumNote.check(shape.note, &diagnostics)
      result.settings = AsylumNote.settings(result.metadata, result.settingOrigins)
    } else {
      let content = IgorPlainTable(shape, points, limit: options.limits.columns)
      diagnostics = content.diagnostics
      result.tables = [
        Table(name: shape.name, columns: content.columns, indexColumns: content.index)
      ]
      if let grid = content.grid(named: shape.name) { result.grids = [grid] }
    }
    // Places within the note are lines here.
    result.diagnostics = diagnostics.all.map { diagnostic in
      var diagnostic = diagnostic
      if case .byte = diagnostic.place {
        diagnostic.place = .line(wave.noteLines?.lowerBound ?? wave.origin.lines?.lowerBound ?? 1)
      }
      return diagnostic
    }
    return result
  }

  private static func append(_ note: IgorNote, _ wave: IgorWrittenWave, to result: inout Dataset) {
    guard !wave.noteText.isEmpty else { return }
    let origin = Origin(lines: wave.noteLines, steps: ["text of a Note command"])
    if note.pairs == 0 {
      result.metadata.append("note", wave.noteText)
      result.settingOrigins["note"] = origin
      return
    }
    for entry in note.entries {
      let key = entry.key.isEmpty ? "note" : entry.key
      result.metadata.append(key, entry.value)
      if result.settingOrigins[key] == nil { result.settingOrigins[key] = origin }
    }
  }
}
