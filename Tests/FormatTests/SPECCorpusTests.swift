import Bytes
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// SPEC files against silx 3.1.3: the truth files of the corpus.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct SPECCorpusTests {
  static let files = [
    "spec/APS9BM_2006.dat", "spec/APS_spec_data.dat", "spec/EXAFS_Cu.dat", "spec/absorption.dat",
    "spec/user6idd.dat",
  ]

  func read(_ file: String) throws -> Dataset {
    let bytes = try FileSource.open(path: Corpus.path("xas/\(file)"))
    return try Reading.read(SPECFormat.self, bytes, name: file).get()
  }

  /// What a column's values are multiplied by on their way from the file: keV become eV.
  static func factor(_ column: Column) -> Double {
    column.origin.steps.contains { $0.hasPrefix("keV →") } ? 1000 : 1
  }

  /// Every scan: its key, command, date, rows, labels, the sum of every column, the ends of the first.
  @Test func scansAreThoseOfSilx() throws {
    var columns = 0
    for file in Self.files {
      let truth = try Truth.of(Corpus.path("xas/\(file)"))
      let dataset = try read(file)
      let scans = truth["scans"]?.elements ?? []
      #expect(.integer(dataset.tables.count) == truth["nscans"], "\(file)")
      #expect(dataset.tables.count == scans.count, "\(file)")
      #expect(dataset.complete, "\(file)")
      for (table, scan) in zip(dataset.tables, scans) {
        let place = "\(file) \(table.name)"
        #expect(table.name == scan["key"]?.text, "\(place)")
        #expect(table.metadata.text("S") == scan["S"]?.text, "\(place)")
        #expect(table.metadata.text("D") == scan["D"]?.text, "\(place)")
        #expect(.integer(table.rows) == scan["nrows"], "\(place)")
        // silx splits at two blanks alone: one label where the blanks are single ones.
        var labels = (scan["labels"]?.elements ?? []).compactMap(\.text)
        if labels.count == 1, table.columns.count > 1 {
          labels = labels[0].split(separator: " ").map(String.init)
        }
        #expect(table.columns.map(\.label) == labels, "\(place)")
        guard table.rows > 0 else { continue }
        #expect(.integer(table.columns.count) == scan["ncols"], "\(place)")
        let sums = scan["col_sum"]?.elements ?? []
        #expect(sums.count == table.columns.count, "\(place)")
        for (column, sum) in zip(table.columns, sums) {
          let values = try #require(column.real)
          let factor = Self.factor(column)
          let scale = values.reduce(0) { $0 + abs($1) }
          #expect(
            Truth.difference(
              values.reduce(0, +), sum.finiteNumber.map { $0 * factor }, scale: scale) < 2e-9,
            "\(place) \(column.label)")
          columns += 1
        }
        let first = try #require(table.columns.first)
        let factor = Self.factor(first)
        for (value, expected) in zip(
          [first.real?.first, first.real?.last], scan["col0"]?.elements ?? [])
        {
          #expect(
            Truth.difference(value, expected.finiteNumber.map { $0 * factor }) < 1e-9, "\(place)")
        }
      }
    }
    #expect(columns > 2000)
  }

  @Test func oneEmptyScanCostsANote() throws {
    let dataset = try read("spec/absorption.dat")
    #expect(dataset["36.1"]?.rows == 0)
    let note = dataset.diagnostics.filter { $0.code == "spec.empty-scan" }
    #expect(note.count == 1 && note.first?.severity == .note && note.first?.count == 1)
    // A coarse scan (0.012 keV) shows no keV by itself; the other scans of the file do.
    let energy = try #require(dataset["2.1"]?["photon_energy"]?.real)
    #expect(energy.first == 7540 && energy.last == 7300.3)
    #expect(dataset["2.1"]?.indexColumns == ["photon_energy"])
    #expect(dataset["1.1"]?.indexColumns == ["kb_ic_x"])
  }

  @Test func abortedScansAreTold() throws {
    let dataset = try read("spec/user6idd.dat")
    #expect(dataset["1.1"]?.rows == 0 && dataset["2.1"]?.rows == 55)
    #expect(dataset["2.1"]?.columns.count == 25)
    #expect(dataset.diagnostics.contains { $0.code == "spec.empty-scan" })
    #expect(dataset.metadata.text("O7") == "aux_th aux_x x_detector")
  }

  /// 33 951 of 56 585 bytes: rows up to the cut, which falls into a row.
  @Test func aCutFileGivesItsWholeRows() throws {
    let cut = try read("derived/APS9BM_2006.cut.dat")
    let whole = try read("spec/APS9BM_2006.dat")
    let rows = try #require(cut["1.1"]?.rows)
    #expect(rows == 151 && !cut.complete)
    #expect(cut.diagnostics.contains { $0.severity == .warning && $0.code.hasPrefix("text.") })
    let expected = (whole["1.1"]?.columns ?? []).map { $0.real?.prefix(rows) }
    #expect((cut["1.1"]?.columns ?? []).map { $0.real?.prefix(rows) } == expected)
  }
}
