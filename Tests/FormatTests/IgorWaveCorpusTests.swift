import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// Real waves, compared with igor2 0.5.15 and nanite (the corpus' truth files).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct IgorWaveCorpusTests {
  static let curves = ["fc_SiN_FD_plot", "fc_cell37", "fc_cell39", "fc_cell42"]

  func read(_ path: String, _ format: any FileFormat.Type) throws -> Dataset {
    let file = Corpus.path(path)
    let name = String(path.split(separator: "/").last ?? "")
    return try format.read(FileSource.open(path: file), name: name, options: ReadOptions())
  }

  func number(_ value: ResultValue?) -> Double? { value?.finiteNumber }

  /// Statistics of a truth file, `layers[i]` or `z_sensor`, to 2e-6 of the largest value.
  func compare(_ column: Column?, _ truth: ResultValue?, _ what: String) {
    guard let found = column?.statistics, let truth else {
      Issue.record("\(what): column or truth absent")
      return
    }
    let scale = max(abs(number(truth["max"]) ?? 0), abs(number(truth["min"]) ?? 0))
    #expect(Double(found.count) == number(truth["n"]), "\(what)")
    for (key, value) in [
      ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
      ("mean", found.mean),
    ] {
      #expect(
        Truth.difference(value, number(truth[key]), scale: scale) < 2e-6, "\(what) \(key)")
    }
  }

  @Test(arguments: curves) func readsForceCurves(_ curve: String) throws {
    let path = "afm/ibw/\(curve).ibw"
    let dataset = try read(path, AsylumForceCurve.self)
    let truth = try Truth.of(Corpus.path(path))
    let segments = truth["force_curve"]?["segments"]?.elements ?? []
    #expect(!segments.isEmpty)
    #expect(dataset.tables.map(\.name) == segments.compactMap { $0["kind"]?.text })
    for (table, segment) in zip(dataset.tables, segments) {
      compare(table["sensor_position"], segment["z_sensor"], "\(table.name) sensor")
      compare(table["piezo_position"], segment["z_piezo"], "\(table.name) piezo")
      compare(table["deflection"], segment["deflection_m"], "\(table.name) deflection")
      #expect(table.columns.prefix(3).map(\.label) == ["Raw", "Defl", "ZSnsr"])
      #expect(table.columns.prefix(3).allSatisfy { $0.unit.ucum == "m" && $0.storage == .float32 })
    }
    // 2000 points a second.
    let time = try #require(dataset.tables[1]["time"]?.real?.first)
    #expect(abs(time - Double(dataset.tables[0].rows) / 2000) < 1e-9)
    try checkNote(dataset, truth, path)
    #expect(!dataset.diagnostics.contains { $0.severity > .note })
  }

  /// Keys, values, places of the note, and the bytes after the wave.
  func checkNote(_ dataset: Dataset, _ truth: ResultValue, _ path: String) throws {
    let bytes = try FileSource.open(path: Corpus.path(path))
    let keys = Set(dataset.settingOrigins.keys.filter { !$0.hasPrefix("sfA[") })
    #expect(Double(keys.count) == number(truth["note_keys"]))
    guard case .object(let note) = truth["note"] else {
      Issue.record("truth has no note")
      return
    }
    for key in note.keys {
      let value = try #require(note[key]?.text)
      #expect(dataset.metadata.text(key) == value)
      let range = try #require(dataset.settingOrigins[key]?.bytes.first)
      let line = bytes[range].latin1()
      #expect(line.hasPrefix(key + ":") && line.hasSuffix(value), "\(key)")
    }
    #expect(
      dataset.metadata["trailing_bytes"]
        == .integer(Int64(number(truth["trailing_bytes_after_standard_sections"]) ?? -1)))
  }

  /// The bytes of every column, read again by hand, are its values.
  @Test func originsHoldTheBytesOfTheValues() throws {
    let path = "afm/ibw/fc_cell39.ibw"
    let bytes = try FileSource.open(path: Corpus.path(path))
    for table in try read(path, AsylumForceCurve.self).tables {
      for column in table.columns where column.name != "time" {
        let range = try #require(column.origin.bytes.first)
        #expect(range.count == column.count * 4)
        let again = bytes[range].reals(Float.self, count: column.count, order: .little)
        #expect(again == column.real)
      }
    }
  }

  @Test func readsAnImage() throws {
    let path = "afm/ibw/img_BTFO.ibw"
    let dataset = try read(path, AsylumForceCurve.self)
    let truth = try Truth.of(Corpus.path(path))
    let table = try #require(dataset["scan"])
    // The stale bytes after the first NUL would give `PhaseRetracerace` (afm.md §2.1).
    #expect(
      table.columns.map(\.label)
        == ["HeightRetrace", "AmplitudeRetrace", "DeflectionRetrace", "PhaseRetrace"])
    #expect(table.columns.map(\.name) == ["height", "amplitude", "deflection", "phase"])
    #expect(table.columns.map(\.unit.ucum) == ["m", "m", "m", "deg"])
    for (column, layer) in zip(table.columns, truth["layers"]?.elements ?? []) {
      compare(column, layer, column.label)
    }
    let grid = try #require(dataset.grids.first)
    #expect(grid.axes.map(\.count) == [256, 256] && grid.axes.map(\.unit.ucum) == ["m", "m"])
    #expect(abs(grid.axes[0].step * 255 - 2e-6) < 1e-12)
    // Byte 0xB0 of the one-byte encoding is the degree sign; the line is no number.
    #expect(dataset.metadata.text("EndHeaterTemp") == "NaN \u{B0}C")
    try checkNote(dataset, truth, path)
  }

  @Test(arguments: ["win-double", "win-version2", "win-version5", "mac-version5"])
  func readsReferenceWaves(_ wave: String) throws {
    let path = "afm/ibw/tn003/\(wave).ibw"
    let dataset = try read(path, IgorWave.self)
    let truth = try Truth.of(Corpus.path(path))
    let column = try #require(dataset.tables.first?.columns.first)
    #expect(column.real == truth["data"]?.elements.compactMap(\.finiteNumber))
    #expect(dataset.tables.first?.name == truth["name"]?.text)
    #expect(
      number(truth["creation_igor_seconds"]).map { MetadataValue.integer(Int64($0)) }
        == dataset.metadata["creationDate"])
    #expect(dataset.metadata.text("note") == (wave == "win-double" ? nil : "This is a test."))
    #expect(dataset.diagnostics.isEmpty)
  }

  @Test func readsATextWave() throws {
    let dataset = try read("afm/ibw/tn003/win-textWave.ibw", IgorWave.self)
    #expect(
      dataset.tables.first?.columns.first?.values == .text(["Mary", "had", "a", "little", "lamb"]))
    #expect(dataset.diagnostics.map(\.code) == ["ibw.text-wave"])
  }

  @Test func readsAWaveWithoutPoints() throws {
    let dataset = try read("afm/ibw/tn003/win-zeroPointWave.ibw", IgorWave.self)
    #expect(dataset.tables.first?.rows == 0)
    #expect(dataset.diagnostics.map(\.code) == ["ibw.no-points"])
  }

  /// 1157 values of the third column are left, 2016 of the others (file length 21142).
  @Test func keepsTheWholeRowsOfACutCurve() throws {
    let dataset = try read("afm/damaged/fc_SiN_cut60.ibw", AsylumForceCurve.self)
    let whole = try read("afm/ibw/fc_SiN_FD_plot.ibw", IgorWave.self)
    #expect(!dataset.complete)
    let table = try #require(dataset.tables.first)
    #expect(table.rows == 1157)
    for (cut, full) in zip(table.columns.prefix(3), whole.tables[0].columns.dropFirst()) {
      #expect(cut.real == full.real.map { Array($0.prefix(1157)) })
    }
    let warning = try #require(dataset.diagnostics.first { $0.code == "ibw.truncated" })
    #expect(warning.severity == .warning)
    #expect(warning.message.contains("1157 of 2016 rows"))
  }

  @Test func refusesHostileWaves() throws {
    for (file, code, place, words) in [
      ("ibw_truncated_header", "ibw.truncated", "byte 100", "100"),
      ("ibw_huge_npnts", "ibw.sizes", "byte 76", "2147483647"),
      ("ibw_version_99", "ibw.version", "byte 0", "99"),
    ] {
      let bytes = try FileSource.open(path: Corpus.path("nasty/\(file).ibw"))
      let result = Reading.read(IgorWave.self, bytes, name: "\(file).ibw")
      guard case .failure(let failure) = result else {
        Issue.record("\(file) was read")
        continue
      }
      #expect(failure.diagnostic.code == code)
      #expect(failure.diagnostic.place.description == place)
      #expect(failure.diagnostic.message.contains(words))
      #expect(IgorWave.recognise(FileHead(bytes, name: "\(file).ibw")).score >= 50)
    }
    let text = try read("nasty/ibw_text_wave.ibw", IgorWave.self)
    #expect(text.tables[0].columns.allSatisfy { $0.statistics == nil })
    #expect(text.diagnostics.contains { $0.code == "ibw.text-wave" && $0.message.contains("text") })
  }

  @Test func readsSyntheticCurves() throws {
    for folder in ["10c-4nm", "25c-10nm", "50c-20nm", "graphene"] {
      let entries = try FileSource.list(folder: Corpus.path("afm/synthetic/\(folder)"))
      let files = entries.map(\.relativePath)
      for file in files where file.hasSuffix(".ibw") {
        let dataset = try read("afm/synthetic/\(folder)/\(file)", AsylumForceCurve.self)
        #expect(dataset.tables.first?.name == "approach")
        #expect(Set(dataset.tables[0].columns.map(\.label)) == ["Raw", "Defl", "ZSnsr", "x"])
        #expect(dataset.metadata.text("Springconstant2") == "1")
        #expect(["35", "3"].contains(dataset.metadata.text("SpringConstant")))
        #expect(!dataset.diagnostics.contains { $0.severity > .note })
      }
    }
  }

  @Test func recognisesAsylumAndPlainWaves() throws {
    let asylum =
      Self.curves.map { "ibw/\($0)" } + [
        "ibw/img_BTFO", "synthetic/10c-4nm/elastic_0", "synthetic/graphene/graphene_1um",
        "damaged/fc_SiN_cut60",
      ]
    let plain = ["win-double", "win-version2", "win-version5", "mac-version5", "win-textWave"]
    for (files, isAsylum) in [(asylum, true), (plain.map { "ibw/tn003/\($0)" }, false)] {
      for file in files {
        let bytes = try FileSource.open(path: Corpus.path("afm/\(file).ibw"))
        let head = FileHead(bytes, name: "x.dat")
        let scores = [AsylumForceCurve.recognise(head).score, IgorWave.recognise(head).score]
        #expect(scores[isAsylum ? 0 : 1] >= 80, "\(file) \(scores)")
        #expect(scores[isAsylum ? 1 : 0] <= 60, "\(file) \(scores)")
      }
    }
  }
}
