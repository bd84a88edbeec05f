internal import Interphase

/// The spectra of a dataset as XDI, with what stands against it.
struct XDIDocuments {
  /// The documents, each with the name of its table.
  private(set) var all: [(name: String, document: XDIDocument)] = []

  /// - Parameter isOnly: whether a file without spectrum is an error; among others it is a note.
  init(
    _ dataset: Dataset, shown: String, provenance: ExportProvenance, options: XASOptions,
    isOnly: Bool, problems: inout [Diagnostic]
  ) {
    let tables = XDIExport.tables(of: dataset)
    let absorbers = tables.isEmpty ? [:] : Self.absorbers(dataset, provenance, options)
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
      export.absorber = absorbers[table.name]
      if let document = export.document(of: table, in: dataset) {
        all.append((table.name, document))
      }
      problems += export.problems
    }
  }

  /// The absorber of each spectrum: the file's, that of the options, or the one of the nearest edge.
  private static func absorbers(
    _ dataset: Dataset, _ provenance: ExportProvenance, _ options: XASOptions
  ) -> [String: XDIExport.Absorber] {
    guard let input = provenance.input,
      let analysis = try? XASFileAnalysis(
        dataset, input: input, options: options, tracePrefix: "x.")
    else { return [:] }
    var result: [String: XDIExport.Absorber] = [:]
    for spectrum in analysis.spectra { result[spectrum.name] = spectrum.absorber }
    return result
  }
}

extension ExportFolder {
  /// Writes each spectrum of a dataset as XDI; gives the names of the files.
  mutating func writeXDI(
    _ dataset: Dataset, shown: String, isOnly: Bool, provenance: ExportProvenance,
    options: XASOptions, problems: inout [Diagnostic]
  ) throws -> [String] {
    let documents = XDIDocuments(
      dataset, shown: shown, provenance: provenance, options: options, isOnly: isOnly,
      problems: &problems)
    return try write(documents.all, shown: shown, isOne: dataset.tables.count == 1)
  }

  /// Writes documents of one input; gives the names of the files.
  mutating func write(
    _ documents: [(name: String, document: XDIDocument)], shown: String, isOne: Bool
  ) throws -> [String] {
    var names: [String] = []
    for item in documents {
      let stem = Self.stem(shown)
      let base = isOne ? stem : "\(stem)-\(item.name)"
      names.append(
        try folder.write(item.document.bytes, to: export.unusedName(base) + ".xdi"))
    }
    return names
  }
}
