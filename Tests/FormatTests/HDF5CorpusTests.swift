import Bytes
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Real HDF5 files of the corpus against what h5py found in them.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct HDF5CorpusTests {
  private func read(_ file: String) throws -> Dataset {
    let bytes = try FileSource.open(path: Corpus.path(file))
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let head = FileHead(bytes, name: name)
    let format = try FormatRegistry.choose(head, id: nil, detection: FormatRegistry.detect(head))
    return try format.read(bytes, name: name, options: ReadOptions())
  }

  /// The truth's sums were summed by numpy: equal to nine digits.
  private func compare(_ column: Column?, _ truth: ResultValue?, _ what: String) throws {
    let values = try #require(column?.real, "\(what)")
    #expect(values.count == truth?["n"]?.finiteNumber.map { Int($0) }, "\(what)")
    let isFinite = values.allSatisfy(\.isFinite)
    #expect(isFinite, "\(what)")
    let sum = values.reduce(0, +)
    for (found, key) in [(values.first, "first"), (values.last, "last"), (sum, "sum")] {
      #expect(Truth.difference(found, truth?[key]?.finiteNumber) < 1e-9, "\(what) \(key)")
    }
  }

  @Test(arguments: ["Fe_XDIFiles", "generic"]) func nexus(_ name: String) throws {
    let dataset = try read("xas/hdf5/\(name).h5")
    #expect(dataset.format == "nexus-xas")
    #expect(dataset.complete)
    let truth = try Truth.of(Corpus.path("xas/hdf5/\(name).h5"))
    guard case .object(let entries)? = truth["entries"] else { throw Failure() }
    #expect(dataset.tables.map(\.name) == entries.keys)
    for name in entries.keys {
      let table = try #require(dataset[name])
      try compare(table["photon_energy"], entries[name]?["energy"], "\(name) energy")
      try compare(table["mu"], entries[name]?["intensity"], "\(name) intensity")
      #expect(table["photon_energy"]?.unit.ucum == "eV")
      #expect(table.indexColumns == ["photon_energy"])
      #expect(table.metadata.text("definition") == "NXxas")
      if case .text(let title)? = entries[name]?["title"] {
        #expect(table.metadata.text("title") == title)
      }
      if case .text(let mode)? = entries[name]?["mode"] {
        #expect(table.metadata.text("mode") == mode)
      }
    }
    #expect(
      dataset.diagnostics.filter { $0.code.hasPrefix("hdf5") || $0.code.hasPrefix("nexus") } == [])
  }

  /// What a draft of the definition keeps beside the result: the detectors and the raw rows.
  @Test func nexusKeepsRawColumns() throws {
    let dataset = try read("xas/hdf5/Fe_XDIFiles.h5")
    let table = try #require(dataset["fe2o3"])
    #expect(table["incident_intensity"]?.count == 348)
    #expect(table["transmitted_intensity"]?.count == 348)
    #expect(table.columns.contains { $0.label == "rawdata.itrans" })
    #expect(table.metadata.text("instrument/source/energy@units") == "GeV")
    #expect(table.metadata.text("instrument/monochromator/crystal/reflection") == "[1, 1, 1]")
  }

  @Test func cutNexus() throws {
    let dataset = try read("xas/derived/Fe_XDIFiles.cut.h5")
    #expect(!dataset.complete)
    #expect(dataset.diagnostics.contains { $0.code == "hdf5.cut" })
    #expect(dataset.tables.contains { $0["photon_energy"]?.count == 348 })
  }

  @Test func bliss() throws {
    let dataset = try read("xas/hdf5/NiSO4_align_mirrors_0001.h5")
    #expect(dataset.format == "bliss")
    #expect(dataset.complete)
    let truth = try Truth.of(Corpus.path("xas/hdf5/NiSO4_align_mirrors_0001.h5"))
    for scan in ["1.1", "2.1"] {
      let table = try #require(dataset[scan])
      guard case .object(let columns)? = truth["entries"]?[scan]?["measurement"] else {
        throw Failure()
      }
      #expect(table.columns.map(\.label).sorted() == columns.keys.sorted())
      for label in columns.keys {
        let column = try #require(table.columns.first { $0.label == label })
        let values = try #require(column.real)
        let expected = columns[label]?.elements ?? []
        #expect(values.count == 81)
        let sum = values.reduce(0, +)
        let scale = values.reduce(0) { max($0, abs($1)) }
        #expect(
          Truth.difference(sum, expected.last?.finiteNumber, scale: scale) < 1e-9,
          "\(scan) \(label)")
      }
      if case .text(let title)? = truth["entries"]?[scan]?["title"] {
        #expect(table.metadata.text("title") == title)
      }
      #expect(table.indexColumns == [scan == "1.1" ? "phfm" : "pvfm"])
    }
  }

  /// A master file whose links lead to files that are not there.
  @Test func blissMaster() throws {
    let dataset = try read("xas/hdf5/blc16742_NiSO4.h5")
    #expect(dataset.format == "bliss")
    #expect(dataset.tables.isEmpty)
    let links = dataset.diagnostics.first { $0.code == "hdf5.dangling-links" }
    #expect(links?.count == 1121)
    #expect(links?.severity == .warning)
  }

  @Test func library() throws {
    let dataset = try read("xas/hdf5/library.h5")
    #expect(dataset.format == "nexafs-library")
    #expect(dataset.tables.map(\.rows) == [501, 501, 451, 451])
    for table in dataset.tables {
      #expect(table.columns.map(\.name) == ["photon_energy", "mu"])
      #expect(table.metadata.text("@compound")?.hasPrefix("CuO") == true)
    }
    #expect(dataset.metadata.text("@library_version") == "1.0")
    #expect(dataset.diagnostics.filter { $0.severity > .note } == [])
  }

  /// Files of other fields are named and refused.
  @Test(arguments: [
    "afm/hdf5/fmt-hdf5-fd_version_0.13.3.h5", "cycling/indigo_test_sample.h5",
    "sims/phi_h5/PowerCo-102-Pos-Cu_Grid.h5",
  ]) func foreign(_ file: String) throws {
    let failure = #expect(throws: ReadFailure.self) { try read(file) }
    #expect(failure?.diagnostic.code == "hdf5.unsupported")
  }

  private struct Failure: Error {}
}
