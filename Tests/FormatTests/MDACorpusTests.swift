import Bytes
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// MDA files against mdaviz 1.4.2 (`readMDA`) and their text exports against larch 2026.3.1.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct MDACorpusTests {
  func read(_ format: any FileFormat.Type, _ file: String) throws -> Dataset {
    let bytes = try FileSource.open(path: Corpus.path("xas/\(file)"))
    return try Reading.read(format, bytes, name: file).get()
  }

  /// `b'eV'` as the truth files write it.
  func plain(_ value: ResultValue?) -> String {
    let text = value?.text ?? ""
    return text.hasPrefix("b'") ? String(text.dropFirst(2).dropLast()) : text
  }

  @Test(arguments: ["mda/sxr129577.mda", "mda/SampleScan.mda", "mda/MEX2_5641.mda"])
  func numbersAreThoseOfMdaviz(_ file: String) throws {
    let truth = try Truth.of(Corpus.path("xas/\(file)"))
    let dataset = try read(MDAFormat.self, file)
    let outer = try #require(truth["dims"]?[0])
    let table = try #require(dataset.tables.first)
    #expect(.integer(table.rows) == outer["curr_pt"])
    #expect(table.metadata["points requested"].map { "\($0)" } != nil)
    let expected = (outer["positioners"]?.elements ?? []) + (outer["detectors"]?.elements ?? [])
    #expect(table.columns.count == expected.count)
    for (column, truth) in zip(table.columns, expected) {
      #expect(column.label == plain(truth["name"]))
      let values = try #require(column.real)
      let factor = SPECCorpusTests.factor(column)
      let scale = values.reduce(0) { $0 + abs($1) }
      #expect(
        Truth.difference(
          values.reduce(0, +), truth["sum"]?.finiteNumber.map { $0 * factor }, scale: scale)
          < 2e-9, "\(file) \(column.label)")
    }
  }

  @Test func aStoppedScanGivesThePointsDoneAndItsSpectra() throws {
    let truth = try Truth.of(Corpus.path("xas/mda/MEX2_5641.mda"))
    let dataset = try read(MDAFormat.self, "mda/MEX2_5641.mda")
    #expect(dataset.tables.first?.rows == 30)
    #expect(dataset.diagnostics.contains { $0.code == "mda.partial" && $0.severity == .warning })
    let grid = try #require(dataset.grids.first)
    #expect(grid.axes.map(\.count) == [4096, 30])
    let detectors = truth["dims"]?[1]?["detectors"]?.elements ?? []
    #expect(grid.channels.count == detectors.count && detectors.count == 4)
    for (channel, truth) in zip(grid.channels, detectors) {
      #expect(channel.label == plain(truth["name"]))
      #expect(channel.real?.reduce(0, +) == truth["sum"]?.finiteNumber)
    }
  }

  @Test(arguments: ["mda/sxr129577.asc", "mda/sxr129598.asc"])
  func textExportsAreThoseOfLarch(_ file: String) throws {
    let truth = try Truth.of(Corpus.path("xas/\(file)"))["table"] ?? .null
    let table = try #require(try read(MDAASCIIFormat.self, file).tables.first)
    #expect(.integer(table.rows) == truth["nrows"])
    #expect(.integer(table.columns.count) == truth["ncols"])
    for (column, truth) in zip(table.columns, truth["columns"]?.elements ?? []) {
      let found = try #require(column.statistics)
      let scale = max(abs(found.min ?? 0), abs(found.max ?? 0))
      for (value, key) in [
        (found.first, "first"), (found.last, "last"), (found.min, "min"), (found.max, "max"),
        (column.real?.reduce(0, +), "sum"),
      ] {
        #expect(
          Truth.difference(value, truth[key]?.finiteNumber, scale: scale) < 2e-9,
          "\(file) \(column.label) \(key)")
      }
    }
  }

  /// The same scan, binary and as text of nine digits.
  @Test func bothFormsAgree() throws {
    let binary = try #require(try read(MDAFormat.self, "mda/sxr129577.mda").tables.first)
    let text = try #require(try read(MDAASCIIFormat.self, "mda/sxr129577.asc").tables.first)
    #expect(binary.columns.map(\.label) == text.columns.dropFirst().map(\.label))
    #expect(binary.columns.map(\.name) == text.columns.dropFirst().map(\.name))
    #expect(binary.columns.map(\.unit) == text.columns.dropFirst().map(\.unit))
    for (a, b) in zip(binary.columns, text.columns.dropFirst()) {
      for (x, y) in zip(a.real ?? [], b.real ?? []) {
        #expect(Truth.difference(x, y) < 1e-8)
      }
    }
    #expect(binary.indexColumns == ["photon_energy"] && text.indexColumns == ["photon_energy"])
  }

  /// 34 920 of 58 200 bytes: the positioners and some detectors are whole.
  @Test func aCutFileGivesItsWholeColumns() throws {
    let cut = try read(MDAFormat.self, "derived/sxr129577.cut.mda")
    let whole = try #require(try read(MDAFormat.self, "mda/sxr129577.mda").tables.first)
    let table = try #require(cut.tables.first)
    #expect(!cut.complete && cut.diagnostics.contains { $0.code == "mda.cut" })
    // 1280 bytes of head, two columns of Float64, then whole columns of Float32.
    #expect(table.columns.count == 2 + (34920 - 1280 - 2 * 601 * 8) / (601 * 4))
    #expect(table.columns.map(\.values) == whole.columns.prefix(table.columns.count).map(\.values))
  }
}
