public import Bytes
public import Reading
public import Tables

/// HDF5 files of no dialect that is known: the series of each group as a table.
///
/// Described in docs/formats/hdf5.md.
public enum GenericHDF5: FileFormat {
  /// The id.
  public static let id = "hdf5"
  /// One line for people.
  public static let title = "HDF5 file with series of numbers"
  /// What it measures: the content does not tell.
  public static let technique = Technique.any
  /// Usual extensions.
  public static let extensions = ["h5", "hdf5", "hdf", "nxs", "he5"]
  /// How it is recognised.
  public static let recognisedBy = "HDF5 signature and numbers in one or two dimensions"

  /// Takes what no other format of HDF5 claims.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let dialect = HDF5Dialect.of(file), dialect.kind == .plain else { return .none }
    return Recognition(60, [dialect.reason])
  }

  /// Reads the series of each group as a table, everything else as metadata.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let (file, root) = try HDF5Reading.open(bytes, options)
    var diagnostics = DiagnosticList()
    var collection = HDF5Collection(root, of: file)
    collection.expandNarrowBlocks(of: file)
    let tables = collection.looseTables(named: "", options: options, into: &diagnostics)
    guard !tables.isEmpty else {
      throw file.diagnostics.all.first.map {
        ReadFailure($0.code, at: $0.place, found: $0.found, expected: $0.expected)
      }
        ?? ReadFailure(
          "hdf5.no-series", found: "no dataset holds a series of numbers",
          expected: "expected datasets of one dimension, or of two with few columns")
    }
    var dataset = HDF5Reading.finish(Self.self, tables, file, root, diagnostics)
    dataset.metadata = collection.metadata
    return dataset
  }
}
