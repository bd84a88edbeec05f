import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// A generated experiment (tools/generate/igor_packed.py), whole and with single records changed.
@Suite struct IgorPackedTests {
  static let sample = "afm/igor-packed/experiment.pxp"

  func bytes() throws -> [UInt8] { try FileSource.open(path: TestData.path(Self.sample)).array }

  func read(_ bytes: [UInt8]) throws -> Dataset {
    try IgorPacked.read(ByteView(bytes), name: "experiment.pxp", options: ReadOptions())
  }

  func failure(_ bytes: [UInt8]) -> Diagnostic? {
    switch Reading.read(IgorPacked.self, ByteView(bytes), name: "experiment.pxp") {
    case .success: nil
    case .failure(let failure): failure.diagnostic
    }
  }

  /// Where the headers of the records of a type stand.
  func places(_ type: UInt16, _ bytes: [UInt8]) -> [Int] {
    var result: [Int] = []
    var start = 0
    while start + 8 <= bytes.count {
      let isBig = bytes[start] == 0
      let word = { (i: Int, j: Int) in Int(bytes[start + (isBig ? j : i)]) }
      let length = (0..<4).reduce(0) { $0 | word(4 + $1, 7 - $1) << (8 * $1) }
      if UInt16(word(0, 1) | word(1, 0) << 8) == type { result.append(start) }
      start += 8 + length
    }
    return result
  }

  @Test func readsWavesByTheirPath() throws {
    let truth = try Truth.of(TestData.path(Self.sample))
    let dataset = try read(bytes())
    #expect(dataset.tables.map(\.name) == truth["tables"]?.elements.compactMap(\.text))
    #expect(dataset.technique == .afm && dataset.complete)
    #expect(!dataset.diagnostics.contains { $0.severity > .note })
    let ramp = try #require(dataset["root/ramp"])
    #expect(ramp["ramp"]?.real == truth["data"]?.elements.compactMap(\.finiteNumber))
    #expect(ramp["ramp"]?.unit.ucum == "V" && ramp["time"]?.real?.last == 11.5)
    let whole = try #require(
      dataset["root/a folder whose name has more than 31 let/whole"])
    #expect(whole.columns[0].values == .integer([0, 1, 2, 3, 4, 5]))
    let words = try #require(dataset["root/curves/words"])
    #expect(words.columns[0].values == .text(["first", "third \u{B5}m"]))
  }

  @Test func readsCurvesAndImagesAsTheirOwnFilesWouldBe() throws {
    let truth = try Truth.of(TestData.path(Self.sample))
    let dataset = try read(bytes())
    let curve = dataset.tables.filter { $0.name.hasPrefix("root/curves/Curve0000/") }
    #expect(
      curve.map(\.rows)
        == truth["segments"]?.elements.map {
          Int(($0["stop"]?.finiteNumber ?? 0) - ($0["start"]?.finiteNumber ?? 0))
        })
    #expect(
      curve[0].columns.map(\.name)
        == ["piezo_position", "deflection", "sensor_position", "time"])
    let k = try #require(
      dataset.setting("spring_constant", group: "root/curves/Curve0000"))
    #expect(k.value == truth["spring_constant_N_per_m"]?.finiteNumber)
    #expect(dataset.metadata.text(k.key) == "35")
    // The note of the curve stands where its origin says.
    let place = try #require(k.origin.bytes.first)
    #expect(try ByteView(bytes())[place].latin1() == "SpringConstant: 35")
    let grid = try #require(dataset.grids.first)
    #expect(grid.name.hasSuffix("/Image/scan") && grid.axes.map(\.count) == [4, 6])
  }

  @Test func originsCountFromTheStartOfTheFile() throws {
    let bytes = try bytes()
    let dataset = try read(bytes)
    for table in dataset.tables where table.name.contains("Curve0000") {
      for column in table.columns where column.name != "time" {
        let range = try #require(column.origin.bytes.first)
        let again = ByteView(bytes)[range].reals(Float.self, count: column.count, order: .little)
        #expect(again == column.real)
      }
    }
  }

  @Test func keepsVariablesAndTexts() throws {
    let metadata = try read(bytes()).metadata
    #expect(metadata["root/K20"] == .real(20))
    #expect(metadata["root/k_lever"] == .real(35.5))
    #expect(metadata["root/turn"] == .real(1.5) && metadata["root/turn imaginary"] == .real(-2))
    #expect(metadata["root/operator"] == .text("J\u{FC}rgen"))
    #expect(metadata["root/curves/n"] == .real(1))
    #expect(metadata["history"] == .text("\u{2022}New experiment\r"))
    #expect(metadata["procedure"] == .text("#pragma rtGlobals=1\r"))
    #expect(metadata.text("recreation")?.hasPrefix("| Platform=Windows") == true)
    #expect(metadata["records"] == .integer(16) && metadata["records_wave"] == .integer(6))
  }

  @Test func passesOverSupersededRecordsWithANote() throws {
    let dataset = try read(bytes())
    let note = try #require(dataset.diagnostics.first { $0.code == "pxp.superseded" })
    #expect(note.severity == .note && note.message.hasPrefix("1 records"))
    #expect(
      dataset.diagnostics.map(\.code).sorted() == [
        "ibw.text-wave", "pxp.other-records", "pxp.superseded",
      ])
  }

  @Test func keepsTheOtherWavesWhereOneIsDamaged() throws {
    var bytes = try bytes()
    let wave = try #require(places(3, bytes).first)
    bytes[wave + 8] = 99
    let dataset = try read(bytes)
    let warning = try #require(dataset.diagnostics.first { $0.code == "pxp.wave" })
    #expect(warning.severity == .warning && warning.place == .byte(wave + 8))
    #expect(warning.message.contains("version 99"))
    #expect(dataset.tables.count == 5 && !dataset.complete)
  }

  @Test func keepsTheRecordsBeforeACut() throws {
    let bytes = try bytes()
    let picture = try #require(places(3, bytes).last)
    let dataset = try read(Array(bytes[..<(picture + 100)]))
    let warning = try #require(dataset.diagnostics.first { $0.code == "pxp.truncated" })
    #expect(warning.place == .byte(picture) && warning.message.contains("12 records"))
    #expect(dataset.tables.count == 5 && !dataset.complete)
    let first = try #require(places(3, bytes).first)
    #expect(failure(Array(bytes[..<(first + 50)]))?.code == "pxp.truncated")
    #expect(failure(Array(bytes[..<5]))?.place == .byte(0))
  }

  @Test func saysWhereTheChainOfRecordsBreaks() throws {
    var bytes = try bytes()
    let last = try #require(places(5, bytes).last)
    bytes[last] = 0x11
    bytes[last + 1] = 0x22
    let warning = try #require(try read(bytes).diagnostics.first { $0.code == "pxp.damaged" })
    #expect(warning.place == .byte(last))
    #expect(failure([0x11, 0x22, 0, 0, 0, 0, 0, 0])?.code == "pxp.damaged")
  }

  @Test func saysThatFoldersDoNotClose() throws {
    var bytes = try bytes()
    let end = try #require(places(10, bytes).last)
    bytes[end] = 0
    let open = try read(bytes)
    #expect(open.diagnostics.contains { $0.code == "pxp.folders" })
    #expect(open.diagnostics.contains { $0.message.contains("1 unused") })
    bytes = try self.bytes()
    let start = try #require(places(9, bytes).first)
    let long = try #require(places(101, bytes).first)
    bytes[start] = 0
    #expect(try read(bytes).diagnostics.contains { $0.code == "pxp.folders" })
    bytes = try self.bytes()
    bytes[long + 8] = 41
    #expect(try read(bytes).diagnostics.contains { $0.code == "pxp.folders" })
  }

  @Test func keepsWhatItCanOfDamagedVariables() throws {
    var bytes = try bytes()
    let record = try #require(places(1, bytes).first)
    bytes[record + 12] = 9
    let dataset = try read(bytes)
    let warning = try #require(dataset.diagnostics.first { $0.code == "pxp.variables" })
    #expect(warning.severity == .warning && !dataset.complete)
    #expect(dataset.metadata["root/k_lever"] == .real(35.5))
  }

  @Test func namesASecondWaveOfOnePath() throws {
    var bytes = try bytes()
    let old = try #require(places(0x8003, bytes).first)
    bytes[old + 1] = 0
    let dataset = try read(bytes)
    #expect(dataset["root/ramp_2"]?.rows == 3)
    #expect(dataset.diagnostics.contains { $0.code == "pxp.duplicate-wave" })
  }

  @Test func refusesFoldersThatNestWithoutEnd() throws {
    let bytes = try bytes()
    let start = try #require(places(9, bytes).first)
    let folder = Array(bytes[start..<(start + 40)])
    let deep = failure(Array((0..<400).map { _ in folder }.joined()) + bytes)
    #expect(deep?.code == "pxp.nesting" && deep?.message.contains("2000 bytes") == true)
  }

  @Test func textRecordsWithNULBytesAreNotPassedOver() throws {
    var bytes = try bytes()
    let wave = try #require(places(3, bytes).first)
    bytes[wave] = 2
    #expect(try read(bytes).diagnostics.contains { $0.code == "pxp.text" })
  }

  @Test func anExperimentWithoutWavesIsNoError() throws {
    let bytes = try bytes()
    let first = try #require(places(3, bytes).first)
    let dataset = try read(Array(bytes[..<first]))
    #expect(dataset.tables.isEmpty)
    #expect(dataset.diagnostics.contains { $0.code == "pxp.no-waves" && $0.severity == .warning })
  }

  @Test func isNotTakenForAnythingElse() throws {
    let head = FileHead(ByteView(try bytes()), name: "x.dat")
    #expect(IgorPacked.recognise(head).score == 95)
    #expect(AsylumForceCurve.recognise(head).score == 0 && IgorWave.recognise(head).score == 0)
    for other in [
      [UInt8](repeating: 0, count: 4096), Array(0...255), Array("IGOR\rWAVES a\r".utf8),
    ] {
      #expect(IgorPacked.recognise(FileHead(ByteView(other), name: "x.dat")).score == 0)
    }
  }
}

/// Real experiments, compared with igor2 0.5.15 (the corpus' truth files).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct IgorPackedCorpusTests {
  @Test(arguments: ["packed-byteorder.pxt", "polar-graphs-demo.pxp"])
  func readsRealExperiments(_ name: String) throws {
    let path = Corpus.path("afm/pxp/\(name)")
    let truth = try Truth.of(path)
    let bytes = try FileSource.open(path: path)
    #expect(IgorPacked.recognise(FileHead(bytes, name: "x.dat")).score >= 90)
    let dataset = try IgorPacked.read(bytes, name: name, options: ReadOptions())
    #expect(
      dataset.metadata["records"] == truth["records"]?.finiteNumber.map { .integer(Int64($0)) })
    for (word, kind) in [
      ("wave", "Wave"), ("variables", "Variables"), ("history", "History"), ("other", "Unknown"),
      ("folder_start", "FolderStart"), ("folder_end", "FolderEnd"), ("recreation", "Recreation"),
      ("get_history", "GetHistory"), ("procedure", "Procedure"),
    ] {
      let count = truth["record_kinds"]?["\(kind)Record"]?.finiteNumber
      #expect(
        dataset.metadata["records_\(word)"] == count.map { .integer(Int64($0)) }, "\(kind)")
    }
    let waves = truth["waves"]?.elements ?? []
    #expect(dataset.tables.map { "/" + $0.name } == waves.compactMap { $0["path"]?.text })
    for (table, wave) in zip(dataset.tables, waves) {
      let column = try #require(table.columns.last)
      let shape = wave["shape"]?.elements.compactMap(\.finiteNumber) ?? []
      #expect(Double(table.rows) == shape.first)
      #expect(table.columns.count { $0.name != "x" } == Int(shape.dropFirst().first ?? 1))
      // Sums of float32 in the truth are those of numpy's float32 accumulator.
      let sum = try #require(column.real).reduce(0, +)
      let size = try #require(column.real).map(abs).reduce(0, +)
      #expect(
        abs(sum - (wave["sum"]?.finiteNumber ?? .nan)) <= 3e-6 * size, "\(table.name) \(sum)")
      #expect(
        column.storage == (wave["dtype"]?.text == ">f8" ? .float64 : .float32), "\(table.name)")
    }
    #expect(!dataset.diagnostics.contains { $0.severity > .note })
  }
}
