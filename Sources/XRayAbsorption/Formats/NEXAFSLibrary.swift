public import Bytes
public import Reading
public import Tables
internal import Units

/// Libraries of spectra as the FlexPES beamline of MAX IV keeps them: `spectra/N/{x,y}`.
///
/// Described in docs/formats/nexafs-library.md.
public enum NEXAFSLibrary: FileFormat {
  /// The id.
  public static let id = "nexafs-library"
  /// One line for people.
  public static let title = "Library of NEXAFS spectra (MAX IV FlexPES)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["h5", "hdf5"]
  /// How it is recognised.
  public static let recognisedBy = "HDF5 with groups spectra/N that hold x and y"

  /// Looks for the group of spectra.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let dialect = HDF5Dialect.of(file), dialect.kind == .library else { return .none }
    return Recognition(90, [dialect.reason])
  }

  /// Whether a group holds x and y.
  static func isSpectrum(_ node: HDF5Node, _ file: HDF5File) -> Bool {
    guard node.isGroup, let links = try? file.links(node) else { return false }
    return links["x"] != nil && links["y"] != nil
  }

  /// Reads every spectrum as a table; its attributes are the table's metadata.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let (file, root) = try HDF5Reading.open(bytes, options)
    var diagnostics = DiagnosticList()
    var tables: [Table] = []
    var others: [Table] = []
    for node in try HDF5Reading.members(root, of: file) where node.isGroup {
      guard node.name == "spectra" else {
        var rest = HDF5Collection(node, of: file)
        rest.expandBlocks(rows: 0, of: file)
        others += rest.looseTables(named: node.name, options: options, into: &diagnostics)
        continue
      }
      for entry in try HDF5Reading.members(node, of: file) {
        var collection = HDF5Collection(entry, of: file, first: ["x", "y"])
        let rows = collection.series.first { $0.path == "x" }?.count ?? 0
        collection.expandBlocks(rows: rows, of: file)
        collection.keepShort(except: rows)
        let own = collection.remove { $0.count == rows && rows > 0 }
        var columns: [Column] = []
        for one in own {
          columns.append(column(one, options: options, into: &diagnostics))
        }
        let start = own.first?.origin.bytes.first?.lowerBound ?? 0
        EnergyAxis.complete(
          &columns, spacing: nil, place: { _ in .byte(start) }, into: &diagnostics)
        var table = Table(
          name: entry.name, columns: columns, indexColumns: EnergyAxis.index(of: columns))
        table.metadata = collection.metadata
        tables.append(table)
        others += collection.looseTables(named: entry.name, options: options, into: &diagnostics)
      }
    }
    guard tables.contains(where: { !$0.columns.isEmpty }) else {
      throw file.diagnostics.all.first.map {
        ReadFailure($0.code, at: $0.place, found: $0.found, expected: $0.expected)
      }
        ?? ReadFailure(
          "nexafs-library.empty", found: "no spectrum in the library",
          expected: "expected groups spectra/N with x and y")
    }
    return HDF5Reading.finish(Self.self, tables + others, file, root, diagnostics)
  }

  private static func column(
    _ one: HDF5Collection.Series, options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> Column {
    var one = one
    switch one.path {
    case "x":
      if one.unit.isEmpty {
        one.unit = "eV"
        one.origin.steps.append("eV, as the library's program has it")
      }
      return one.column(ColumnNames.meaning(of: "energy"), options: options, into: &diagnostics)
    case "y":
      return one.column(ColumnNames.meaning(of: "mu"), options: options, into: &diagnostics)
    default:
      return one.column(ColumnNames.meaning(of: one.label), options: options, into: &diagnostics)
    }
  }
}
