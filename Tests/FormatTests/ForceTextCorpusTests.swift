import Bytes
import ForceMicroscopy
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Text files of force curves against afmformats 0.18.7: the truth files of the corpus.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct ForceTextCorpusTests {
  /// Reads a file of the corpus as the format that detection finds.
  func read(_ file: String) throws -> Dataset {
    let bytes = try FileSource.open(path: Corpus.path(file))
    let name = String(file.split(separator: "/").last ?? "")
    let head = FileHead(bytes, name: name)
    let format = try FormatRegistry.choose(
      head, id: nil, detection: FormatRegistry.detect(head))
    return try format.read(bytes, name: name, options: ReadOptions())
  }

  /// A column of all segments in time order, times a factor.
  func joined(_ dataset: Dataset, _ name: String, times factor: Double = 1) -> [Double] {
    dataset.tables.flatMap { ($0[name]?.real ?? []).map { $0 * factor } }
  }

  /// The truth files hold ten digits.
  func compare(_ values: [Double], _ truth: ResultValue?, _ what: String) throws {
    let truth = try #require(truth, "\(what)")
    let found = ColumnStatistics(values)
    let scale = max(abs(found.min ?? 0), abs(found.max ?? 0))
    for (key, value) in [
      ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
      ("mean", found.mean),
    ] {
      #expect(
        Truth.difference(value, truth[key]?.finiteNumber, scale: scale) < 1e-9, "\(what) \(key)")
    }
    #expect(truth["n"] == .integer(values.count), "\(what)")
    #expect(truth["nan"] == .integer(found.missing), "\(what)")
  }

  func segmentCounts(_ truth: ResultValue?) -> [Int] {
    (truth?["segment_counts"]?.elements ?? []).compactMap { $0.finiteNumber.map { Int($0) } }
  }

  @Test func readsAFMWorkshop() throws {
    for name in ["2018-08-01_13.06.09", "2021-01-15"] {
      let file = "afm/text/fmt-afm-workshop-fd_single_\(name).csv"
      let dataset = try read(file)
      #expect(dataset.format == "afmworkshop-csv")
      let item = try Truth.of(Corpus.path(file))["items"]?[0]
      #expect(dataset.tables.map(\.name) == ["approach", "retract"])
      #expect(dataset.tables.map(\.rows) == segmentCounts(item))
      // afmformats was told 0.05 N/m and 5e-8 m/V, and turns the sign of the height.
      try compare(
        joined(dataset, "deflection_voltage", times: 0.05 * 5e-8), item?["columns"]?["force"], name)
      try compare(
        joined(dataset, "sensor_position", times: -1), item?["columns"]?["height (measured)"], name)
      #expect(dataset.metadata.text("Point") == item?["enum"]?.finiteNumber.map { "\(Int($0))" })
      // Neither file is calibrated: no force is made up.
      #expect(dataset.settings.isEmpty)
      #expect(dataset.tables.allSatisfy { $0["force"] == nil })
      #expect(dataset.complete)
    }
  }

  @Test func readsAFMFormatsTab() throws {
    let file = "afm/text/fmt-tab-fd_version_0.13.3.tab"
    let dataset = try read(file)
    #expect(dataset.format == "afmformats-tab")
    let item = try Truth.of(Corpus.path(file))["items"]?[0]
    #expect(dataset.tables.map(\.name) == ["approach", "retract"])
    #expect(dataset.tables.map(\.rows) == segmentCounts(item))
    for (name, label) in [
      ("force", "force"), ("sensor_position", "height (measured)"),
      ("piezo_position", "height (piezo)"),
    ] {
      try compare(joined(dataset, name), item?["columns"]?[label], label)
    }
    for (name, key) in [
      ("spring_constant", "spring constant"), ("invols", "sensitivity"),
      ("trigger_force", "setpoint"),
    ] {
      #expect(
        Truth.difference(
          dataset.setting(name)?.value, item?["meta"]?[key]?.finiteNumber) < 1e-9, "\(name)")
      #expect(dataset.setting(name)?.origin.lines != nil)
    }
    // The file's first row stands on the line of names; afmformats passes over it without a word.
    #expect(dataset.diagnostics.map(\.code) == ["tab.joined-header"])
    #expect(dataset.diagnostics.first?.place == .line(26))
    #expect(dataset.complete, "all points that the settings declare are there")
  }

  @Test func readsNTMDT() throws {
    let file = "afm/text/ntmdt_decimal_comma.txt"
    let dataset = try read(file)
    #expect(dataset.format == "ntmdt-txt")
    #expect(dataset.technique == .afm)
    let truth = try Truth.of(Corpus.path(file))["own_raw"]
    let table = try #require(dataset.tables.first)
    #expect(truth?["rows"] == .integer(table.rows))
    let expected = truth?["columns"]?.elements ?? []
    #expect(table.columns.count == expected.count)
    for (column, truth) in zip(table.columns, expected) {
      try compare(column.real ?? [], truth, column.name)
      #expect(column.unit.ucum.isEmpty)
    }
    #expect(dataset.diagnostics.map(\.code) == ["ntmdt.units"])
  }

  @Test func refusesHDF5() throws {
    let refusal = #expect(throws: ReadFailure.self) {
      try read("afm/hdf5/fmt-hdf5-fd_version_0.13.3.h5")
    }
    #expect(refusal?.diagnostic.code == "hdf5.unsupported")
    #expect(refusal?.diagnostic.place == .byte(0))
  }
}
