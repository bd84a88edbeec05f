public import Bytes
public import Reading
public import Tables
internal import Units

/// Absorption spectra in NeXus files: the NXxas definition, in its drafts and in its older form.
///
/// One table for each entry (docs/formats/nexus-xas.md).
public enum NeXusXAS: FileFormat {
  /// The id.
  public static let id = "nexus-xas"
  /// One line for people.
  public static let title = "NeXus absorption spectra (NXxas)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["h5", "nxs", "nx", "hdf5", "hdf"]
  /// How it is recognised.
  public static let recognisedBy = "HDF5 with an entry whose definition is NXxas"

  /// Looks for an entry with the definition, or with energy and absorbed_beam.
  public static func recognise(_ file: FileHead) -> Recognition {
    guard let dialect = HDF5Dialect.of(file), dialect.kind == .nexus else { return .none }
    return Recognition(95, [dialect.reason])
  }

  /// Reads every entry as a table with its metadata.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let (file, root) = try HDF5Reading.open(bytes, options)
    var diagnostics = DiagnosticList()
    var tables: [Table] = []
    var others: [Table] = []
    for node in try HDF5Reading.members(root, of: file) {
      guard node.isGroup else { continue }
      for entry in entries(node, file) {
        let label = String(entry.path.dropFirst())
        var collection = HDF5Collection(entry, of: file, first: ["energy", "intensity", "data"])
        guard let axis = axis(collection) else {
          others += collection.looseTables(named: label, options: options, into: &diagnostics)
          diagnostics.warn(
            "nexus.no-energy", at: .entry(entry.path), found: "the entry has no series of energies",
            expected: "expected a dataset 'energy' of one dimension")
          continue
        }
        let rows = collection.series[axis].count
        let path = collection.series[axis].path
        collection.expandBlocks(rows: rows, of: file)
        collection.keepShort(except: rows)
        tables.append(
          table(&collection, label, path, rows, options: options, into: &diagnostics))
        others += collection.looseTables(named: label, options: options, into: &diagnostics)
      }
    }
    guard !tables.isEmpty || !others.isEmpty || !file.danglingLinks.isEmpty else {
      throw file.diagnostics.all.first.map {
        ReadFailure($0.code, at: $0.place, found: $0.found, expected: $0.expected)
      }
        ?? ReadFailure(
          "nexus.no-entry", found: "no entry holds a series of numbers",
          expected: "expected an entry with 'energy' and 'intensity'")
    }
    return HDF5Reading.finish(Self.self, tables + others, file, root, diagnostics)
  }

  /// The entry and its subentries; a subentry with a definition of its own is read for itself.
  private static func entries(_ node: HDF5Node, _ file: HDF5File) -> [HDF5Node] {
    guard let links = try? file.links(node) else { return [node] }
    var inner: [HDF5Node] = []
    for link in links.all {
      guard case .hard = link.target, let child = try? file.open(link, in: node), child.isGroup,
        HDF5Dialect.definition(child, file)?.hasPrefix("NXxas") == true
      else { continue }
      inner.append(child)
    }
    return inner.isEmpty ? [node] : inner
  }

  /// The series that is the energy axis.
  private static func axis(_ collection: HDF5Collection) -> Int? {
    let series = collection.series
    func first(_ isWanted: (HDF5Collection.Series) -> Bool) -> Int? {
      series.firstIndex { $0.count > 1 && isWanted($0) }
    }
    func parent(_ one: HDF5Collection.Series) -> String {
      one.parts.dropLast().joined(separator: "/")
    }
    return first { $0.path == "energy" }
      ?? first { $0.label == "energy" && collection.classes[parent($0)] == "NXdata" }
      ?? first { $0.path == "data/energy" }
      ?? first { $0.label == "energy" && collection.classes[parent($0)] == "NXmonochromator" }
      ?? first { $0.label.lowercased() == "energy" }
  }

  private static func table(
    _ collection: inout HDF5Collection, _ label: String, _ axis: String, _ rows: Int,
    options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> Table {
    let mode = self.mode(collection.metadata).lowercased()
    var taken: Set<String> = []
    var columns: [Column] = []
    var own = collection.remove { $0.count == rows }
    own = own.filter { $0.path == axis } + own.filter { $0.path != axis }
    for one in own {
      let name = one.path == axis ? "energy" : one.label
      var meaning = meaning(name, mode)
      // The measured arrays come first; copies of them deeper down keep names of their own.
      if let known = meaning, !taken.insert(known.name).inserted { meaning = nil }
      let label = meaning == nil && one.parts.count > 1 ? one.path : name
      columns.append(one.column(meaning, label: label, options: options, into: &diagnostics))
    }
    let start = own.first?.origin.bytes.first?.lowerBound ?? 0
    EnergyAxis.complete(
      &columns, spacing: nil, axis: 0, place: { _ in .byte(start) }, into: &diagnostics)
    var table = Table(name: label, columns: columns, indexColumns: EnergyAxis.index(of: columns))
    table.metadata = collection.metadata
    return table
  }

  private static func mode(_ metadata: Metadata) -> String {
    ["mode", "mode/name", "data/mode"].lazy.compactMap { metadata.text($0) }.first ?? ""
  }

  /// What a dataset of an NXxas entry is.
  private static func meaning(_ name: String, _ mode: String) -> ColumnNames.Meaning? {
    switch name.lowercased() {
    case "incoming_beam": return ColumnNames.meaning(of: "i0")
    case "absorbed_beam":
      if mode.contains("electron") || mode.contains("yield") && !mode.contains("fluor") {
        return ColumnNames.meaning(of: "tey")
      }
      return ColumnNames.meaning(of: mode.contains("fluor") ? "ifluor" : "itrans")
    default: return ColumnNames.meaning(of: name)
    }
  }
}
