internal import Interphase

/// The spectra of a dataset as XDI, with what stands against it.
struct XDIDocuments {
  /// The documents, each with the name of its table.
  private(set) var all: [(name: String, document: XDIDocument)] = []

  /// - Parameter isOnly: whether a file without spectrum is an error; among others it is a note.
  init(
    _ dataset: Dataset, shown: String, provenance: ExportProvenance, isOnly: Bool,
    problems: inout [Diagnostic]
  ) {
    let tables = XDIExport.tables(of: dataset)
    if tables.isEmpty {
      problems.append(
        Diagnostic(
          isOnly ? .error : .note, "export.no-spectrum", found: "the file holds no spectrum",
          expected: "expected columns with a photon energy or an angle; other tables go to --to csv"
        ))
    }
    for table in tables {
      var export = XDIExport(
        file: shown.split(separator: "/").last.map(String.init) ?? shown,
        sha256: provenance.input?.sha256, format: provenance.format)
      if let document = export.document(of: table, in: dataset) {
        all.append((table.name, document))
      }
      problems += export.problems
    }
  }
}

extension ExportFolder {
  /// Writes each spectrum of a dataset as XDI; gives the names of the files.
  mutating func writeXDI(
    _ dataset: Dataset, shown: String, isOnly: Bool, provenance: ExportProvenance,
    problems: inout [Diagnostic]
  ) throws -> [String] {
    let documents = XDIDocuments(
      dataset, shown: shown, provenance: provenance, isOnly: isOnly, problems: &problems)
    var names: [String] = []
    for item in documents.all {
      let stem = Self.stem(shown)
      let base = dataset.tables.count == 1 ? stem : "\(stem)-\(item.name)"
      names.append(
        try folder.write(item.document.bytes, to: export.unusedName(base) + ".xdi"))
    }
    return names
  }
}
