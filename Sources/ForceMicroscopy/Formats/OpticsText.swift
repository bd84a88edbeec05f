public import Bytes
public import Reading
public import Tables
internal import Units

/// Text files of Optics11 indenters (Piuma, Chiaro, Pavone): keys above, rows of time, load and piezo.
///
/// Usage: one `.txt` a curve.
/// Columns: `Load` as `force`, `Piezo` as `piezo_position`, `Cantilever` as `deflection`, `Time` as
/// `time`; `Indentation` and `Auxiliary` under their own names.
/// Values: as in the file, in newtons, metres and seconds.
/// Metadata: every line above the labels, with its line.
/// Structure: docs/formats/optics11-txt.md.
public enum OpticsText: FileFormat {
  /// `optics11-txt`.
  public static let id = "optics11-txt"
  /// One line for people.
  public static let title = "Optics11 indenter text (Piuma, Chiaro, Pavone)"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Text.
  public static let extensions = ["txt"]
  /// How it is recognised.
  public static let recognisedBy =
    "tab-separated labels 'Time (s)', 'Load (uN)', 'Piezo (nm)' and keys such as 'k (N/m)'"

  /// 100 with labels and two keys of the instrument, 90 with one, 65 with labels alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    // Three of the five quantities make a line of labels.
    guard file.mayHold("Load (", "Piezo (", "Cantilever (", within: 32768),
      let text = try? DecodedText.decode(file.head.prefix(32768), into: &ignored)
    else { return .none }
    let header = OpticsHeader(text.utf8)
    guard header.labelLine > 0 else { return .none }
    var reasons = [
      "line \(header.labelLine) is '\(header.labels.prefix(5).joined(separator: " "))'"
    ]
    let keys = header.keyCount
    if keys > 0 { reasons.append("\(keys) keys of Optics11 above it") }
    return Recognition(keys > 1 ? 100 : keys > 0 ? 90 : 65, reasons)
  }

  /// Reads the curve.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = OpticsHeader(text.utf8)
    guard header.labelLine > 0 else {
      throw ReadFailure(
        "optics.labels", found: "no line of column labels",
        expected: "expected 'Time (s)<tab>Load (uN)<tab>…<tab>Piezo (nm)'")
    }
    guard header.labels.count <= options.limits.columns else {
      throw ReadFailure(
        "text.columns", at: .line(header.labelLine), found: "\(header.labels.count) columns",
        expected: "expected at most \(options.limits.columns)")
    }
    let layout = TableLayout.survey(
      text.utf8, from: header.dataStart, line: header.labelLine + 1, delimiter: .character(0x09),
      maximumColumns: options.limits.columns)
    guard let layout else {
      throw ReadFailure(
        "optics.no-data", at: .line(header.labelLine + 1), found: "no row of numbers",
        expected: "expected numbers below the column labels")
    }
    TextEnd.check(text, into: &diagnostics)
    let plan = header.labels.enumerated().map { c, label in
      ForceTextColumn.column(
        label, part: label, kind: .real(), place: .cell(line: header.labelLine, column: c + 1),
        options: options, into: &diagnostics)
    }
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    rules.comment = nil
    let table = try NumericTable.parse(
      text, from: header.dataStart, line: header.labelLine + 1, dialect: layout.dialect,
      columns: plan.map(\.request), rules: rules, into: &diagnostics)
    let columns = table.columns(plan, of: text)
    let segments = OpticsSegments(header, columns, rows: table.rows)
    diagnostics.add(contentsOf: segments.diagnostics.all)
    if let time = columns.first(where: { $0.name == "time" }) {
      table.checkOrder(time, code: "series.restart", into: &diagnostics)
    }
    return Dataset(
      format: id, technique: technique, tables: segments.cut.tables(columns, of: table),
      metadata: header.settings.metadata, diagnostics: diagnostics.all, complete: table.complete,
      reading: TextEnd.reading(text, layout.dialect), settingOrigins: header.settings.origins,
      settings: settings(header.settings, into: &diagnostics))
  }

  /// Spring constant and tip radius, by the unit that their keys name.
  private static func settings(
    _ settings: TextSettings, into diagnostics: inout DiagnosticList
  ) -> [InstrumentSetting] {
    var result: [InstrumentSetting] = []
    func value(_ name: String, in target: PhysicalUnit) -> (key: String, value: Double)? {
      for entry in settings.metadata.entries {
        let label = ColumnLabel(entry.key, expecting: target.dimension)
        guard label.name == name, let unit = label.unit?.unit,
          let exponent = unit.decimalExponent(to: target),
          let value = settings.number(entry.key, exponent: exponent)
        else { continue }
        return (entry.key, value)
      }
      return nil
    }
    if let k = value("k", in: .newtonPerMetre) {
      result.append(.springConstant(k.value, key: k.key, origin: settings.origin(k.key)))
    }
    if let r = value("Tip radius", in: .metre) {
      result.append(.tipRadius(r.value, key: r.key, origin: settings.origin(r.key)))
    }
    return result
  }
}
