public import Bytes
public import Reading
public import Tables
internal import Units

/// Scans of EPICS as `saveData` writes them: binary MDA files (docs/formats/mda.md).
public enum MDAFormat: FileFormat {
  /// The id.
  public static let id = "mda"
  /// One line for people.
  public static let title = "EPICS MDA scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["mda"]
  /// How it is recognised.
  public static let recognisedBy = "the float 1.2, 1.3 or 1.4 and a plausible rank at byte 0"

  /// Looks at the version, the rank and whether the first scan repeats them.
  public static func recognise(_ file: FileHead) -> Recognition {
    var cursor = ByteCursor(file.head, order: .big, area: "mda")
    guard let version = try? cursor.f32("version"), isKnown(version),
      let _ = try? cursor.i32("number"), let rank = try? cursor.i32("rank"), rank > 0, rank <= 16
    else { return .none }
    let reasons = ["version \(version) at byte 0", "rank \(rank)"]
    guard let dimension = try? cursor.i32("dimension"), dimension > 0 else {
      return Recognition(60, reasons)
    }
    try? cursor.skip(4 * Int(rank - 1) + 8)
    guard let again = try? cursor.i32("rank"), let points = try? cursor.i32("points"),
      again == rank, points == dimension
    else { return Recognition(70, reasons) }
    return Recognition(100, reasons + ["the scan repeats rank and \(points) points"])
  }

  static func isKnown(_ version: Float) -> Bool { version > 1.15 && version < 1.45 }

  /// Reads the outer scan as a table, the inner ones as arrays, and the extra process variables.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let file = try MDAFile(bytes)
    var dataset = Dataset(format: id, technique: technique, tables: [])
    let scan = file.scan
    let found = scan.columns(bytes)
    let expected = scan.positioners.count + scan.detectors.count
    guard expected > 0, scan.done > 0 else {
      throw ReadFailure(
        "mda.no-data", at: .byte(scan.start + 8),
        found: "\(scan.done) points done, \(expected) positioners and detectors",
        expected: "expected at least one of each")
    }
    guard !found.isEmpty else {
      throw ReadFailure(
        "mda.truncated", at: .byte(scan.data),
        found: "\(bytes.count - scan.data) bytes of numbers are left",
        expected: "expected \(scan.end - scan.data)")
    }
    if found.count < expected {
      dataset.complete = false
      diagnostics.warn(
        "mda.cut", at: .byte(scan.data),
        found: "the file ends within the numbers: \(found.count) of \(expected) columns are whole",
        expected: "expected \(scan.end) bytes at least, \(bytes.count) are there")
    }
    if scan.done < scan.points {
      diagnostics.warn(
        "mda.partial", at: .byte(scan.start + 8),
        found: "\(scan.done) of \(scan.points) points are done",
        expected: "the scan was stopped or was still running; the points done are given")
    }
    var columns: [Column] = []
    for (description, (values, range)) in zip(scan.descriptions, found) {
      columns.append(
        MDAColumns.column(
          description, values,
          origin: Origin(
            bytes: [range],
            steps: [description.isFloat32 ? "Float32 big-endian" : "Float64 big-endian"]),
          place: .byte(range.lowerBound), options: options, into: &diagnostics))
    }
    let first = columns.first?.origin.bytes.first?.lowerBound ?? scan.data
    let index = ScanAxis.complete(
      &columns, place: { .byte(first + 8 * $0) }, into: &diagnostics)
    var table = Table(
      name: scan.name.isEmpty ? "scan" : scan.name, columns: columns, indexColumns: index)
    table.metadata = scan.metadata
    dataset.tables = [table]
    file.describe(into: &dataset)
    var inner = MDAInnerScans(bytes, file)
    inner.read(options, into: &diagnostics)
    dataset.grids = inner.grids
    for (key, value) in inner.counts { dataset.metadata.append(key, .integer(Int64(value))) }
    dataset.complete = dataset.complete && inner.complete
    file.readExtras(after: inner.end, into: &dataset, &diagnostics)
    dataset.diagnostics = diagnostics.all
    return dataset
  }
}
