public import Bytes
public import Reading
public import Tables

/// A plain Igor binary wave: numbers or text, of any type, byte order and rank.
///
/// Usage: any `.ibw` that is no Asylum curve or image (those are ``AsylumForceCurve``).
/// Columns: the last dimension of the wave, by its labels; a complex wave gives two columns a label,
/// `NAME_real` and `NAME_imaginary`; a wave with a scaled first dimension gets an axis column.
/// Metadata: the header's fields and every `key:value` line of the note.
/// Structure: docs/formats/igor-ibw.md.
public enum IgorWave: FileFormat {
  /// The id, `igor-ibw`.
  public static let id = "igor-ibw"
  /// One line for people.
  public static let title = "Igor binary wave"
  /// The content does not tell what was measured.
  public static let technique = Technique.any
  /// Igor's extensions.
  public static let extensions = ["ibw", "bwav"]
  /// The version word, and header sizes that agree.
  public static let recognisedBy = "version word 1, 2, 3 or 5 and header sizes that agree"

  /// How sure we are: 100 with a whole header whose sizes agree.
  public static func recognise(_ file: FileHead) -> Recognition {
    let igor = IgorRecognition.score(file)
    guard igor.score > 0 else { return .none }
    if AsylumMarks.find(file).isEmpty { return igor }
    return Recognition(min(60, igor.score), igor.reasons + ["holds marks of an Asylum file"])
  }

  /// Reads the wave.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    try dataset(of: IgorSections(bytes), bytes, options: options)
  }

  /// The table of a wave that was taken apart, its bytes beside it.
  static func dataset(
    of sections: IgorSections, _ bytes: ByteView, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let (metadata, origins) = sections.metadata()
    let tableName = sections.header.name.isEmpty ? "wave" : sections.header.name
    var diagnostics: DiagnosticList
    var tables: [Table]
    var grids: [Grid] = []
    if sections.header.type.isText {
      diagnostics = sections.diagnostics(series: nil)
      let texts = try IgorTextWave.texts(sections, bytes)
      tables = [Table(name: tableName, columns: [texts])]
      diagnostics.warn(
        "ibw.text-wave", at: .byte(IgorHeader.Field.type(5)),
        found: "this is a text wave of \(texts.count) texts: it holds no numbers",
        expected: "expected a numeric wave for an analysis")
    } else {
      let series = try IgorSeries(sections)
      diagnostics = sections.diagnostics(series: series)
      let content = IgorPlainTable(sections.shape, series, limit: options.limits.columns)
      tables = [Table(name: tableName, columns: content.columns, indexColumns: content.index)]
      if let grid = content.grid(named: tableName) { grids = [grid] }
      diagnostics.add(contentsOf: content.diagnostics.all)
      if sections.header.points == 0 {
        diagnostics.warn(
          "ibw.no-points", at: .byte(IgorHeader.Field.points(sections.header.version)),
          found: "the wave has 0 points", expected: "expected data")
      }
    }
    IgorMissing.warn(tables, &diagnostics)
    return Dataset(
      format: id, technique: technique, tables: tables, grids: grids, metadata: metadata,
      diagnostics: diagnostics.all, complete: sections.lost == nil,
      reading: ["encoding": "windows-1252"], settingOrigins: origins)
  }
}

/// The contents of a text wave.
enum IgorTextWave {
  /// The texts as a column.
  ///
  /// - Throws: `ibw.text-index` where the index of the texts does not fit their bytes.
  static func texts(_ sections: IgorSections, _ view: ByteView) throws(ReadFailure) -> Column {
    let header = sections.header
    let expected = "expected 4 bytes a text: the end of each, ascending"
    guard let range = sections.textIndex, range.count == header.points * 4,
      let ends = view[range].integers(.int32, count: header.points, order: header.order)
    else {
      throw ReadFailure(
        "ibw.text-index", at: .byte(52),
        found: "the index of \(header.points) texts takes \(header.textIndexBytes) bytes",
        expected: expected)
    }
    var texts: [String] = []
    var start = 0
    for (i, end) in ends.enumerated() {
      guard let end = Int(exactly: end), end >= start, end <= sections.data.count else {
        throw ReadFailure(
          "ibw.text-index", at: .byte(range.lowerBound + 4 * i), found: "text \(i) ends at \(end)",
          expected: "expected an end from \(start) to \(sections.data.count)")
      }
      texts.append(OneByteText.any(sections.data[start..<end].array))
      start = end
    }
    return Column(
      name: IgorUnits.name(header.name, fallback: "text"), label: header.name, values: .text(texts),
      unit: .absent,
      origin: Origin(
        bytes: [sections.dataStart..<(sections.dataStart + sections.data.count), range],
        steps: ["text"]))
  }
}
