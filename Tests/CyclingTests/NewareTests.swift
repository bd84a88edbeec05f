import Bytes
import Cycling
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Damaged, odd and rare Neware and LAND files, made in the tests.
@Suite struct NewareTests {
  private func little<T: FixedWidthInteger>(_ value: T) -> [UInt8] {
    (0..<(T.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }

  private func float(_ value: Float) -> [UInt8] { little(value.bitPattern) }

  /// A header page and one page of records of equal size.
  private func page(_ kind: UInt8, _ version: UInt8, _ rows: [[UInt8]], size: Int) -> [UInt8] {
    var head = [UInt8](repeating: 0, count: 4096)
    head.replaceSubrange(0..<5, with: [kind, 0, version, 0, 1])
    var page = [UInt8](repeating: 0, count: 4096)
    page.replaceSubrange(0..<4, with: little(UInt16(kind) + 1) + little(UInt16(rows.count)))
    for (i, row) in rows.enumerated() {
      page[4 + i / 8] |= 1 << UInt8(i % 8)
      page.replaceSubrange((132 + i * size)..<(132 + i * size + row.count), with: row)
    }
    return head + page
  }

  /// Six records at 1 V and 1 A, 10 s apart, run information at records 1 and 4, one step.
  private func parts(_ version: UInt8 = 14) -> [(String, [UInt8])] {
    let main = (0..<6).map { _ in float(1) + float(1) }
    let info = [0, 3].map { i in
      var row = little(UInt32(i * 10_000)) + [0] + float(0) + float(0) + float(0) + float(0)
      row += [UInt8](repeating: 0, count: 8) + little(Int32(10_000)) + little(UInt32(1_700_000_000))
      return row + little(UInt32(5)) + little(UInt32(i + 1)) + little(UInt16(0))
    }
    let step = [little(UInt32(149)) + little(UInt32(7)) + [UInt8](repeating: 0, count: 16) + [1]]
    return [
      ("data.ndc", page(1, version, main, size: 8)),
      ("data_runInfo.ndc", page(18, version, info, size: version >= 16 ? 100 : 55)),
      ("data_step.ndc", page(7, version, step, size: version >= 16 ? 100 : 37)),
    ]
  }

  private func archive(
    _ parts: [(String, [UInt8])], change: (inout ZipWriter) -> Void = { _ in }
  ) -> [UInt8] {
    var zip = ZipWriter(members: parts.map { ZipWriter.Member($0.0, bytes: $0.1) })
    change(&zip)
    return zip.bytes
  }

  private func read(_ bytes: [UInt8], salvage: Bool = false) throws(ReadFailure) -> Dataset {
    var options = ReadOptions()
    options.salvage = salvage
    return try NewareZip.read(ByteView(bytes), name: "test.ndax", options: options)
  }

  /// I dt over the gap is 10 A s a record; the cycle number is the stored one plus 1.
  @Test func fillsTheGapsBetweenRunInformation() throws {
    let table = try #require(try read(archive(parts()))["data"])
    #expect(table["test_time"]?.real == [0, 10, 20, 30, 40, 50])
    #expect(table["step_charging_capacity"]?.real?[2] == 20.0 / 3600)
    #expect(table["step_discharging_capacity"]?.real?[2] == 0)
    #expect(table["step_charging_energy"]?.real?[2] == 20.0 / 3600)
    #expect(table["unix_time"]?.real?[1] == 1_700_000_010)
    #expect(table["cycle_count"]?.values == .integer(Array(repeating: 150, count: 6)))
    #expect(table["step_id"]?.values == .integer(Array(repeating: 7, count: 6)))
    #expect(table["step_type"]?.values == .category(levels: ["CC_Chg"], codes: [0, 0, 0, 0, 0, 0]))
  }

  @Test func aWrongChecksumIsAnErrorUnlessSalvaged() throws {
    let damaged = archive(parts()) { $0.members[0].crc ^= 1 }
    let failure = #expect(throws: ReadFailure.self) { try read(damaged) }
    #expect(failure?.diagnostic.code == "zip.checksum")
    #expect(failure?.diagnostic.place == .entry("data.ndc"))
    let dataset = try read(damaged, salvage: true)
    #expect(dataset["data"]?.rows == 6)
    #expect(!dataset.complete)
    #expect(dataset.diagnostics.contains { $0.code == "neware.damaged-member" })
  }

  @Test func damagedSettingsCostOnlyThemselves() throws {
    let settings = ("TestInfo.xml", Array("<root><config Barcode='x'/></root>".utf8))
    let whole = try read(archive(parts() + [settings]))
    #expect(whole.metadata.text("TestInfo/Barcode") == "x")
    let dataset = try read(archive(parts() + [settings]) { $0.members[3].crc ^= 1 })
    #expect(dataset["data"]?.rows == 6)
    #expect(
      dataset.diagnostics.contains { $0.code == "neware.document" && $0.severity == .warning })
  }

  /// Cut behind the main records: all voltages, no times, and a word about it.
  @Test func aCutArchiveKeepsItsVoltages() throws {
    let whole = archive(parts())
    let cut = try #require(
      ByteView(whole).firstRange(of: "data_runInfo.ndc")?.lowerBound)
    let dataset = try read(Array(whole.prefix(cut + 40)))
    #expect(dataset["data"]?["voltage"]?.real == [1, 1, 1, 1, 1, 1])
    #expect(dataset["data"]?["test_time"]?.real?.contains { $0.isFinite } != true)
    #expect(!dataset.complete)
    #expect(dataset.diagnostics.contains { $0.code == "neware.cut-archive" })
    let nothing = #expect(throws: ReadFailure.self) { try read(Array(whole.prefix(60))) }
    #expect(nothing != nil)
  }

  @Test func versionsThatWereNeverSeenAreMarked() throws {
    let dataset = try read(archive(parts(21)))
    #expect(dataset["data"]?.rows == 6)
    #expect(dataset.diagnostics.contains { $0.code == "neware.unverified" })
    let failure = #expect(throws: ReadFailure.self) { try read(archive(parts(15))) }
    #expect(failure?.diagnostic.code == "neware.version")
  }

  @Test func aStepThatIsNotListedIsCounted() throws {
    var members = parts()
    members[2].1 = page(7, 14, [], size: 37)
    let dataset = try read(archive(members))
    #expect(dataset["data"]?["cycle_count"]?.missing.count == 6)
    #expect(
      dataset.diagnostics.contains { $0.code == "neware.unlisted-step" && $0.severity == .warning })
    members.remove(at: 2)
    #expect(try read(archive(members)).diagnostics.contains { $0.code == "neware.no-steps" })
    members[0].0 = "x.txt"
    let failure = #expect(throws: ReadFailure.self) { try read(archive(members)) }
    #expect(failure?.diagnostic.code == "neware.no-data")
  }

  @Test func aPageThatMiscountsIsNoticed() throws {
    var members = parts()
    members[0].1[4096 + 4] = 0x1F
    let dataset = try read(archive(members))
    #expect(dataset["data"]?.rows == 5)
    #expect(dataset.diagnostics.contains { $0.code == "neware.page-count" })
  }

  /// One count of the multiplier's table (cycling.md): 0.1 mA at 0, 1e-4 mA below 10 mA and so on.
  @Test(arguments: [
    (0, 1e-4), (-5, 1e-8), (-50, 1e-7), (-500, 1e-6), (-5000, 1e-5), (-2_000_000, 1e-11),
    (-20_000_000, 1e-10), (-200_000_000, 1e-9), (5, 1e-7), (50, 1e-6), (500, 1e-5), (5000, 1e-4),
    (7777, 1e-4),
  ])
  func oneCountIsWorthWhatTheRangeSays(_ range: Int, _ amperes: Double) throws {
    // ndc 5: index, cycle, step, type, time, volts, current, four counters, date, range.
    var row: [UInt8] = [0x55] + little(UInt32(1)) + little(UInt32(0)) + [1, 1, 0, 0, 0, 0, 0]
    row += little(UInt64(1500)) + little(Int32(12345)) + little(Int32(1)) + [0, 0, 0, 0]
    row += little(Int64(3600)) + [UInt8](repeating: 0, count: 24) + little(UInt16(2024))
    row += [2, 29, 12, 30, 15] + little(Int32(range))
    let dataset = try read(archive([("data.ndc", page(1, 5, [row], size: 87))]))
    let table = try #require(dataset["data"])
    #expect(Truth.difference(table["current"]?.real?.first, amperes) < 1e-15)
    #expect(Truth.difference(table["step_charging_capacity"]?.real?.first, amperes) < 1e-15)
    #expect(table["voltage"]?.real == [1.2345])
    #expect(table["step_time"]?.real == [1.5])
    // 2024-02-29 12:30:15
    #expect(table["unix_time"]?.real == [1_709_209_815])
  }

  @Test func notEveryFileThatStartsWithNewareIsOne() throws {
    var head = Array("NEWARE".utf8) + [UInt8](repeating: 0, count: 200)
    for (version, code) in [
      (21, "neware.version"), (29, "neware.pointer"), (130, "neware.pointer"),
    ] as [(UInt8, String)] {
      head[14] = version
      let bytes = head
      let failure = #expect(throws: ReadFailure.self) {
        try NewareFile.read(ByteView(bytes), name: "x.nda", options: ReadOptions())
      }
      #expect(failure?.diagnostic.code == code)
    }
  }

  @Test func micromperesAndChineseAreToldApartByTheLabels() throws {
    let labels =
      "DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(\u{B5}A),Voltage(V)"
    let latin = labels.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    let row = Array("\n1,1,1,Rest,00:00:00,30:00:01.5,250.5,1.5\n".utf8)
    let dataset = try NewareText.read(
      ByteView(latin + row), name: "a.csv", options: ReadOptions())
    #expect(dataset.reading["encoding"] == "windows-1252")
    #expect(dataset["data"]?["current"]?.real == [250.5e-6])
    #expect(dataset["data"]?["test_time"]?.real == [108_001.5])
    let chinese = try NewareText.read(
      FileSource.open(path: TestData.path("encodings/neware_gb18030.csv")), name: "b.csv",
      options: ReadOptions())
    #expect(chinese.reading["encoding"] == "GB18030")
    #expect(chinese["data"]?["voltage"]?.label == "电压(V)")
  }

  @Test func landExchangeFilesAreRefusedWithTheWayOut() {
    let bytes = ByteView([UInt8](repeating: 0, count: 64) + Array("data".utf8))
    let head = FileHead(bytes, name: "cell.cex")
    let failure = #expect(throws: ReadFailure.self) {
      _ = try FormatRegistry.choose(head, id: nil, detection: FormatRegistry.detect(head))
    }
    #expect(failure?.diagnostic.code == "land.cex-unsupported")
    #expect(failure?.diagnostic.expected.contains("export") == true)
  }

  /// The sample holds three steps of 20, 40 and 15 records; the cut takes the last blocks.
  @Test func cutAndChangedLandFilesAreNoticed() throws {
    let path = TestData.path("cycling/land-ccs/rest_and_discharge.ccs")
    let whole = try FileSource.open(path: path).array
    let cut = try LandFile.read(
      ByteView(Array(whole.dropLast(128 + 60))), name: "a.ccs", options: ReadOptions())
    #expect(cut["data"]?.rows == 75 - 3 - 3)
    #expect(cut.diagnostics.contains { $0.code == "land.cut-block" })
    #expect(!cut.complete)
    // A step header that tells of more time than its records: the later time is kept.
    var later = whole
    let header = 0xA00 + 128 * 5
    later[header + 26] = 1
    let changed = try LandFile.read(ByteView(later), name: "b.ccs", options: ReadOptions())
    #expect(changed.diagnostics.contains { $0.code == "land.elapsed" })
    // Current that its charges contradict.
    for block in 6..<13 { later[0xA00 + 128 * block + 8 + 11] = 0x3C }
    let charged = try LandFile.read(ByteView(later), name: "c.ccs", options: ReadOptions())
    #expect(charged.diagnostics.contains { $0.code == "land.charge" })
  }
}
