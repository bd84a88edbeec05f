public import Bytes
public import Reading
public import Tables
internal import Units

/// Scans of the ESRF's control program BLISS: groups `1.1`, `1.2` … with a `measurement` each.
///
/// Described in docs/formats/bliss.md.
public enum BLISSFile: FileFormat {
  /// The id.
  public static let id = "bliss"
  /// One line for people.
  public static let title = "BLISS scans (ESRF HDF5)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["h5", "hdf5", "nx", "nxs"]
  /// How it is recognised.
  public static let recognisedBy =
    "HDF5 with groups 1.1, 1.2 … that hold measurement, or of creator BLISS"

  /// Looks for the writer's name, or for numbered scans.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let dialect = HDF5Dialect.of(file), dialect.kind == .bliss else { return .none }
    return Recognition(90, [dialect.reason])
  }

  /// Whether a group's name is the number of a scan, `12.1`, or ends with one.
  static func isScan(_ name: String) -> Bool { order(name) != nil }

  /// The number of a scan and of its part.
  private static func order(_ name: String) -> (Int, Int)? {
    let tail = name.split(separator: "_").last ?? ""
    let parts = tail.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 2, let scan = Int(parts[0]), let part = Int(parts[1]), scan >= 0, part >= 0
    else { return nil }
    return (scan, part)
  }

  /// Reads every scan as a table; a file of links alone gives no table and a warning.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let (file, root) = try HDF5Reading.open(bytes, options)
    var diagnostics = DiagnosticList()
    var tables: [Table] = []
    var nodes = try HDF5Reading.members(root, of: file).enumerated().map { ($0.offset, $0.element) }
    nodes.sort { (order($0.1.name) ?? (.max, $0.0)) < (order($1.1.name) ?? (.max, $1.0)) }
    for (_, node) in nodes where node.isGroup {
      var collection = HDF5Collection(node, of: file, first: ["title", "measurement"])
      let rows = scanLength(collection)
      collection.expandBlocks(rows: 0, of: file)
      collection.keepShort(except: rows)
      tables.append(table(&collection, node.name, rows, options: options, into: &diagnostics))
      tables += collection.looseTables(named: node.name, options: options, into: &diagnostics)
    }
    if tables.isEmpty, let failure = file.diagnostics.all.first, file.danglingLinks.isEmpty {
      throw ReadFailure(
        failure.code, at: failure.place, found: failure.found, expected: failure.expected)
    }
    return HDF5Reading.finish(Self.self, tables, file, root, diagnostics)
  }

  /// The length that most series of `measurement` have; of two, the longer.
  private static func scanLength(_ collection: HDF5Collection) -> Int {
    var counts: [Int: Int] = [:]
    for one in collection.series where one.parts.first == "measurement" {
      counts[one.count, default: 0] += 1
    }
    return counts.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? 0
  }

  private static func table(
    _ collection: inout HDF5Collection, _ name: String, _ rows: Int, options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) -> Table {
    let own = collection.remove { $0.count == rows && $0.parts.first == "measurement" }
    let scanned = scannedMotor(collection.metadata.text("title") ?? "", own)
    let isEnergyScan =
      scanned.map { ColumnNames.meaning(of: own[$0].label)?.isEnergy == true } ?? true
    var columns: [Column] = []
    for one in own {
      var meaning = ColumnNames.meaning(of: one.label)
      // An energy that stands still while a mirror moves is no axis.
      if !isEnergyScan, meaning?.isEnergy == true { meaning = nil }
      columns.append(one.column(meaning, options: options, into: &diagnostics))
    }
    let start = own.first?.origin.bytes.first?.lowerBound ?? 0
    if isEnergyScan {
      EnergyAxis.complete(
        &columns, spacing: nil, place: { _ in .byte(start) }, into: &diagnostics)
    }
    let index = isEnergyScan ? EnergyAxis.index(of: columns) : scanned.map { [columns[$0].name] }
    var table = Table(name: name, columns: columns, indexColumns: index ?? [])
    table.metadata = collection.metadata
    if rows == 0 {
      diagnostics.note(
        "bliss.empty-scan", at: .entry(name), found: "the scan has no series in 'measurement'",
        expected: "its settings are kept")
    }
    return table
  }

  /// The motor that the scan's command moves first: `ascan phfm 46.59 56.59 80 0.5`.
  private static func scannedMotor(_ title: String, _ series: [HDF5Collection.Series]) -> Int? {
    let words = title.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }
    for word in words.dropFirst() {
      if let i = series.firstIndex(where: { $0.label == word }) { return i }
    }
    return nil
  }
}
