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
  private var used: Set<String> = []

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
    let tables = dataset.allTables
    var files: [File] = []
    for table in tables {
      let stem = tables.count == 1 ? baseName : "\(baseName)-\(table.name)"
      let name = unused(SafeName.make(stem)) + ".csv"
      let bytes = CSVWriter.bytes(table)
      package.add(
        file: name, table: table, bytes: bytes.count,
        sha256: SHA256.hex(of: ByteView(bytes)), provenance: provenance)
      files.append(File(name: name, bytes: bytes))
      files.append(
        File(
          name: name + "-metadata.json",
          bytes: JSONWriter.document(
            CSVMetadata.document(table, file: name, provenance: provenance))))
    }
    return files
  }

  /// The file `datapackage.json` for everything exported so far.
  public var packageFile: File {
    File(name: "datapackage.json", bytes: JSONWriter.document(package.result))
  }

  private mutating func unused(_ stem: String) -> String {
    var name = stem
    var n = 2
    while !used.insert(name).inserted {
      name = "\(stem)-\(n)"
      n += 1
    }
    return name
  }
}

extension Dataset {
  /// The tables, and each grid as a table with one row a point.
  ///
  /// An image is both: a table of its layers and a grid of them with its axes. It is given once, as
  /// the grid, which holds the positions as well.
  public var allTables: [Table] {
    let expanded = grids.map(\.table)
    let shown = tables.filter { table in
      !expanded.contains { $0.name == table.name && $0.rows == table.rows }
    }
    return shown + expanded
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
