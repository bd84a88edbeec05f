internal import Bytes
public import Tables

/// Exports datasets as CSV files with their sidecars into one folder.
public struct CSVExport: Sendable {
  /// One file of the export.
  public struct File: Sendable {
    /// The name, without folder.
    public var name: String
    /// The content.
    public var bytes: [UInt8]
  }

  /// The package that lists the CSV files.
  public private(set) var package: DataPackage
  private var names = UniqueNames()

  /// An export into a folder of that name.
  public init(packageName: String) { package = DataPackage(name: packageName) }

  /// The files of one dataset: a CSV and a sidecar for each table and grid.
  ///
  /// - Parameters:
  ///   - dataset: what an input holds.
  ///   - baseName: what file names start with; a name that repeats gets `-2`, `-3`.
  ///   - provenance: the input.
  /// - Returns: the files in order; nothing is written.
  public mutating func files(
    _ dataset: Dataset, baseName: String, provenance: ExportProvenance
  ) -> [File] {
    var files: [File] = []
    forEachFile(dataset, baseName: baseName, provenance: provenance) { files.append($0) }
    return files
  }

  /// Gives the files of one dataset one after the other, so that they need not be held together.
  ///
  /// - Parameters:
  ///   - dataset: what an input holds.
  ///   - baseName: what file names start with; a name that repeats gets `-2`, `-3`.
  ///   - provenance: the input.
  ///   - namesTable: whether the name of the table always stands behind the base name, with a dot.
  ///   - body: takes a file; nothing is written here.
  public mutating func forEachFile<Failure: Error>(
    _ dataset: Dataset, baseName: String, provenance: ExportProvenance, namesTable: Bool = false,
    _ body: (File) throws(Failure) -> Void
  ) throws(Failure) {
    // A table without columns has nothing that a csv could hold.
    let tables = dataset.allTables.filter { !$0.columns.isEmpty }
    for table in tables {
      let stem =
        namesTable
        ? "\(baseName).\(table.name)"
        : tables.count == 1 ? baseName : "\(baseName)-\(table.name)"
      let name = names.unused(SafeName.make(stem)) + ".csv"
      let bytes = CSVWriter.bytes(table)
      package.add(
        file: name, table: table, bytes: bytes.count,
        sha256: SHA256.hex(of: ByteView(bytes)), provenance: provenance)
      try body(File(name: name, bytes: bytes))
      try body(
        File(
          name: name + "-metadata.json",
          bytes: JSONWriter.document(
            CSVMetadata.document(table, file: name, provenance: provenance))))
    }
  }

  /// A safe name that this export has not given yet.
  public mutating func unusedName(_ base: String) -> String { names.unused(SafeName.make(base)) }

  /// The file `datapackage.json` for everything exported so far.
  public var packageFile: File {
    File(name: "datapackage.json", bytes: JSONWriter.document(package.result))
  }
}

/// Gives every name once; one that repeats gets `-2`, then `-3`.
struct UniqueNames {
  private var used: Set<String> = []
  /// The number that the next repeat of a name gets, so that many repeats are not counted anew.
  private var next: [String: Int] = [:]

  /// The name, or the first numbered one that was not given yet.
  mutating func unused(_ name: String) -> String {
    if used.insert(name).inserted { return name }
    var number = next[name] ?? 2
    while !used.insert("\(name)-\(number)").inserted { number += 1 }
    next[name] = number + 1
    return "\(name)-\(number)"
  }
}

extension Dataset {
  /// The tables, and each grid as a table with one row a point.
  ///
  /// An image is both: a table of its layers and a grid of them with its axes. It is given once, as
  /// the grid, which holds the positions as well.
  public var allTables: [Table] {
    let expanded = grids.map(\.table)
    var rows: [String: Set<Int>] = [:]
    for table in expanded { rows[table.name, default: []].insert(table.rows) }
    return tables.filter { rows[$0.name]?.contains($0.rows) != true } + expanded
  }
}

extension Grid {
  /// The grid as a table: a column for each axis, then the channels, one row a point.
  public var table: Table {
    let rows = channels.map(\.count).max() ?? 0
    var columns: [Column] = []
    var stride = 1
    for axis in axes {
      let count = max(1, axis.count)
      let positions = (0..<rows).map { axis.origin + Double($0 / stride % count) * axis.step }
      columns.append(
        Column(name: axis.name, label: axis.name, values: .real(positions), unit: axis.unit))
      let (next, overflow) = stride.multipliedReportingOverflow(by: count)
      stride = overflow ? Int.max : next
    }
    return Table(name: name, columns: columns + channels, indexColumns: axes.map(\.name))
  }
}
