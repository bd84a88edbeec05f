internal import Interphase

/// The spectra of a dataset as IDF, with what stands against it.
struct IDFDocuments {
  /// The documents, each with the name of its table.
  private(set) var all: [(name: String, document: IDFExport)] = []

  /// - Parameter isOnly: whether a file without spectrum is an error; among others it is a note.
  init(_ dataset: Dataset, shown: String, isOnly: Bool, problems: inout [Diagnostic]) {
    let records = IDFExport.records(of: dataset)
    if records.isEmpty {
      problems.append(
        Diagnostic(
          isOnly ? .error : .note, "export.no-spectrum",
          found: "the file holds no backscattering spectrum and no setup",
          expected: "expected counts by channel, or beam and geometry; tables go to --to csv"))
    }
    let name = shown.split(separator: "/").last.map(String.init) ?? shown
    for record in records {
      var document = IDFExport(dataset, record: record)
      document.fileName = name
      problems += document.problems
      all.append((record.table, document))
    }
  }
}

extension ExportFolder {
  /// Writes each spectrum of a dataset as IDF; gives the names of the files.
  mutating func writeIDF(
    _ dataset: Dataset, shown: String, isOnly: Bool, problems: inout [Diagnostic]
  ) throws -> [String] {
    let documents = IDFDocuments(dataset, shown: shown, isOnly: isOnly, problems: &problems)
    var names: [String] = []
    for item in documents.all {
      let stem = Self.stem(shown)
      let base = documents.all.count == 1 ? stem : "\(stem)-\(item.name)"
      names.append(try folder.write(item.document.bytes, to: export.unusedName(base) + ".xnra"))
    }
    return names
  }
}
