import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// A generated text export (tools/generate/nanoscope_sample.py), whole and changed.
@Suite struct NanoScopeTextTests {
  func text() throws -> String {
    let path = TestData.path("afm/nanoscope-text/export.txt")
    return String(decoding: try FileSource.open(path: path).array, as: UTF8.self)
  }

  func read(_ text: String) throws -> Dataset {
    try NanoScopeText.read(ByteView(utf8: text), name: "made.txt", options: ReadOptions())
  }

  func failure(_ text: String) -> String? {
    switch Reading.read(NanoScopeText.self, ByteView(utf8: text), name: "made.txt") {
    case .success: nil
    case .failure(let failure): failure.diagnostic.code
    }
  }

  func codes(_ dataset: Dataset) -> [String] { dataset.diagnostics.map(\.code) }

  /// 60 rows of extension, 50 of retraction, 25 nm/V and 0.12 N/m (made with them).
  @Test func readsBothDirections() throws {
    let dataset = try read(text())
    #expect(dataset.tables.map(\.name) == ["approach", "retract"])
    #expect(dataset.tables.map(\.rows) == [60, 50])
    #expect(dataset.diagnostics.isEmpty && dataset.complete)
    for table in dataset.tables {
      #expect(table.columns.map(\.name) == ["time", "piezo_position", "deflection", "force"])
      #expect(table.columns.map(\.unit.ucum) == ["s", "m", "m", "N"])
      #expect(table.columns.allSatisfy { $0.missing.count == 0 })
    }
    #expect(dataset.setting("spring_constant")?.value == 0.12)
    #expect(Truth.difference(dataset.setting("invols")?.value, 25e-9) < 1e-12)
    #expect(dataset.setting("trigger_voltage")?.value == 0.8)
    #expect(dataset.metadata.text("Version") == "0x07300000")
  }

  /// Labels alone are enough; without a header there is no calibration.
  @Test func readsAnExportWithoutHeader() throws {
    let whole = try text()
    let view = ByteView(utf8: whole)
    let start = try #require(view.firstRange(of: "Time_s_Ex"))
    let bare = String(decoding: view.dropFirst(start.lowerBound).array, as: UTF8.self)
    let head = FileHead(ByteView(utf8: bare), name: "x.txt")
    #expect(NanoScopeText.recognise(head).score == 85)
    let dataset = try read(bare)
    #expect(dataset.tables.map(\.rows) == [60, 50] && dataset.settings.isEmpty)
    #expect(
      dataset.tables[0].columns.map(\.values) == (try read(whole)).tables[0].columns.map(\.values))
  }

  @Test func masksWhatShortRowsLack() throws {
    let labels = "Calc_Ramp_Ex_nm\tCalc_Ramp_Rt_nm\tDefl_V_Ex\tDefl_V_Rt\tHeight_Sensor_um_Ex\n"
    let dataset = try read(labels + "0\t3\t0.5\t0.7\t1\n1\t2\n2\t1\tx\t0.6\t1.5\t9\n")
    let approach = dataset.tables[0]
    #expect(
      approach.columns.map(\.name) == ["piezo_position", "deflection_voltage", "sensor_position"])
    #expect(approach["piezo_position"]?.real == [0, 1e-9, 2e-9])
    #expect(approach["sensor_position"]?.missing.count == 1)
    #expect(approach["sensor_position"]?.real?[2] == 1.5e-6)
    #expect(approach["deflection_voltage"]?.missing.count == 2)
    #expect(Set(codes(dataset)) == ["nanoscope-text.not-a-number", "nanoscope-text.long-row"])
    #expect(!dataset.complete)
  }

  @Test func refusesWhatHoldsNoRows() throws {
    #expect(failure("") == "nanoscope-text.no-data")
    #expect(
      failure("\"\\?Force file list\"\n\"\\*Force file list end\"\n") == "nanoscope-text.no-data")
    #expect(failure("Defl_V_Ex\tDefl_V_Rt\nx\ty\n") == "nanoscope-text.no-data")
    let whole = try text()
    #expect(codes(try read(String(whole.dropLast(20)))).contains("text.cut-last-row"))
    let unclosed = whole.replacing("\"\\*Force file list end\"\r\n", with: "")
    #expect(codes(try read(unclosed)) == ["nanoscope.header"])
  }
}

/// A real export against the corpus' truth.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct NanoScopeTextCorpusTests {
  @Test func readsAnExportOfVersion7() throws {
    let path = Corpus.path("afm/bruker/text_veeco_file1.txt")
    let dataset = try NanoScopeText.read(
      FileSource.open(path: path), name: "text_veeco_file1.txt", options: ReadOptions())
    let truth = try Truth.of(path)
    #expect(dataset.diagnostics.isEmpty && dataset.complete)
    let columns = dataset.tables.flatMap(\.columns)
    let names = (truth["columns_named"]?.elements ?? []).compactMap(\.text)
    #expect(Set(columns.map(\.label)) == Set(names) && columns.count == names.count)
    for name in names {
      let expected = try #require(truth["columns"]?[name])
      let found = try #require(columns.first { $0.label == name })
      let statistics = try #require(found.statistics)
      let factor = name.contains("_nm") ? 1e-9 : name.contains("_pN") ? 1e-12 : 1
      #expect(Double(statistics.count) == expected["n"]?.finiteNumber)
      let size =
        max(
          abs(expected["max"]?.finiteNumber ?? 0), abs(expected["min"]?.finiteNumber ?? 0)) * factor
      for (key, value) in [
        ("first", statistics.first), ("last", statistics.last), ("min", statistics.min),
        ("max", statistics.max), ("mean", statistics.mean),
      ] {
        let wanted = expected[key]?.finiteNumber.map { $0 * factor }
        #expect(Truth.difference(value, wanted, scale: size) < 1e-9, "\(name) \(key)")
      }
      let isRetract = name.contains("_Rt")
      #expect(dataset[isRetract ? "retract" : "approach"]?.columns.contains(found) == true)
    }
    #expect(dataset.setting("spring_constant")?.value == 0.07444)
    #expect(Truth.difference(dataset.setting("invols")?.value, 36.35e-9) < 1e-12)
    // The trigger is off.
    #expect(dataset.setting("trigger_voltage") == nil)
    let lines = dataset.metadata.entries.filter { $0.key != "section" }.count
    let sections = dataset.metadata.entries.count - lines
    // 658 header lines, of which one closes the header.
    #expect(Double(lines + sections + 1) == truth["header_lines"]?.finiteNumber)
  }
}
