public import Bytes
public import Reading
public import Tables
internal import Units

/// Force curves of AFM Workshop instruments: one table with columns for approach and retract.
///
/// Usage: `.csv` of single and mapped force-distance curves, one curve a file.
/// Columns: `Z-Sense` as `sensor_position`, `T-B` as `deflection_voltage`, `Force` as `force`.
/// Values: as in the file, in metres, volts and newtons; a column that ends early is a shorter segment.
/// Metadata: every line above the labels, with its line.
/// Structure: docs/formats/afmworkshop-csv.md.
public enum AFMWorkshopText: FileFormat {
  /// `afmworkshop-csv`.
  public static let id = "afmworkshop-csv"
  /// One line for people.
  public static let title = "AFM Workshop force curve (CSV)"
  /// Force microscopy.
  public static let technique = Technique.afm
  /// Comma-separated text.
  public static let extensions = ["csv"]
  /// How it is recognised.
  public static let recognisedBy = "labels such as 'Extend Z-Sense(nm)' and 'Retract T-B(V)'"

  /// 100 with title and labels, 85 with labels alone, 60 with the title alone.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    // The title, or labels that begin with a segment in any case.
    guard
      file.mayHold(
        "Force-Dist", "xtend", "XTEND", "pproach", "PPROACH", "etract", "ETRACT", "ithdraw",
        "ITHDRAW",
        "old", "OLD", "well", "WELL", within: 16384),
      let text = try? DecodedText.decode(file.head.prefix(16384), into: &ignored)
    else { return .none }
    let lines = TextLines(text.utf8)
    guard let first = lines.first(where: { _ in true }) else { return .none }
    let isTitled = lines.string(first).hasPrefix(AFMWorkshopHeader.title)
    let header = AFMWorkshopHeader(text.utf8)
    var reasons = isTitled ? ["line 1 is '\(AFMWorkshopHeader.title)'"] : []
    if header.labelLine == 0 { return isTitled ? Recognition(60, reasons) : .none }
    reasons.append("line \(header.labelLine) labels columns by segment")
    return Recognition(isTitled ? 100 : 85, reasons)
  }

  /// Reads the curve.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let header = AFMWorkshopHeader(text.utf8)
    guard header.labelLine > 0 else {
      throw ReadFailure(
        "afmworkshop.labels", found: "no line of column labels",
        expected: "expected labels such as 'Extend Z-Sense(nm),Extend T-B(V)'")
    }
    guard header.labels.count <= options.limits.columns else {
      throw ReadFailure(
        "text.columns", at: .line(header.labelLine), found: "\(header.labels.count) columns",
        expected: "expected at most \(options.limits.columns)")
    }
    let layout = TableLayout.survey(
      text.utf8, from: header.dataStart, line: header.labelLine + 1, delimiter: header.delimiter,
      maximumColumns: options.limits.columns)
    guard let layout else {
      throw ReadFailure(
        "afmworkshop.no-data", at: .line(header.labelLine + 1), found: "no row of numbers",
        expected: "expected numbers below the column labels")
    }
    TextEnd.check(text, into: &diagnostics)
    let plan = header.labels.enumerated().map { c, label in
      ForceTextColumn.column(
        label.text, part: label.part, kind: .real(),
        place: .cell(line: header.labelLine, column: c + 1), options: options, into: &diagnostics)
    }
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    rules.trailingDelimiter = true
    rules.comment = nil
    var found = DiagnosticList()
    let table = try NumericTable.parse(
      text, from: header.dataStart, line: header.labelLine + 1, dialect: layout.dialect,
      columns: plan.map(\.request), rules: rules, into: &found)
    let cut = AFMWorkshopSegments(header, table, table.columns(plan, of: text), found.all)
    diagnostics.add(contentsOf: cut.diagnostics.all)
    return Dataset(
      format: id, technique: technique, tables: cut.tables, metadata: header.settings.metadata,
      diagnostics: diagnostics.all + calibrationRemarks(header), complete: table.complete,
      reading: TextEnd.reading(text, layout.dialect), settingOrigins: header.settings.origins,
      settings: settings(header))
  }

  private static let springKey = "Force Constant, nN/nm"
  private static let gainKey = "Light Lever Gain, mV/nm"

  /// The value of a calibration key; nil for 1, which stands there where nothing was calibrated.
  private static func calibration(_ key: String, _ header: AFMWorkshopHeader) -> Double? {
    header.settings.number(key).flatMap { $0 > 0 && $0 != 1 ? $0 : nil }
  }

  private static func settings(_ header: AFMWorkshopHeader) -> [InstrumentSetting] {
    var result: [InstrumentSetting] = []
    if let k = calibration(springKey, header) {
      result.append(
        .springConstant(k, key: springKey, origin: header.settings.origin(springKey)))
    }
    if let gain = calibration(gainKey, header) {
      // mV/nm is 10^6 V/m.
      result.append(
        .invOLS(1e-6 / gain, key: gainKey, origin: header.settings.origin(gainKey)))
    }
    return result
  }

  private static func calibrationRemarks(_ header: AFMWorkshopHeader) -> [Diagnostic] {
    let keys = [springKey, gainKey].filter { header.settings.number($0) == 1 }
    guard let first = keys.first else { return [] }
    let place = header.settings.origin(first).lines.map { Place.line($0.lowerBound) } ?? .whole
    return [
      Diagnostic(
        .warning, "afmworkshop.default-calibration", at: place,
        found: "\(keys.joined(separator: " and ")) \(keys.count > 1 ? "are" : "is") exactly 1",
        expected: "1 stands where nothing was calibrated and is not used; give the value with "
          + "--spring-constant and --invols")
    ]
  }
}
