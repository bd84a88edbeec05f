import Bytes
import Cycling
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Workbooks written in the test, one for each rule of the reader.
@Suite struct WorkbookTests {
  private func sample(_ path: String) throws -> [UInt8] {
    try FileSource.open(path: TestData.path("cycling/" + path)).array
  }

  private func read(_ bytes: [UInt8], _ name: String) -> InputReading {
    InputReader().read(
      bytes: ByteView(bytes), identity: InputIdentity(path: name, bytes: bytes.count, sha256: ""))
  }

  @Test func splitSheetsAreOneTable() throws {
    let reading = read(try sample("arbin-xlsx/split_channel.xlsx"), "split_channel.xlsx")
    let dataset = try reading.outcome.get()
    #expect(dataset.tables.map(\.name) == ["Channel_11"])
    #expect(dataset["Channel_11"]?.rows == 24)
    #expect(dataset.metadata.text("Global_Info: Schedule File Name") == "symmetric & slow.sdu")
  }

  /// A stamp whose year does not fit into nanoseconds is no stamp, and no trap.
  @Test func yearsBeyondTheClockAreMissing() throws {
    var text = "Data_Point,Date_Time,Test_Time (s),Step_Time (s),Step_Index,Cycle_Index,"
    text += "Current (A),Voltage (V)\n"
    for i in 1...30 {
      let year = i == 7 ? "999999999" : "2024"
      let two = i < 10 ? "0\(i)" : "\(i)"
      text += "\(i),01/13/\(year) 08:\(two):00,\(i * 60),\(i * 60),1,1,0.001,0.0\(two)\n"
    }
    let reading = read(Array(text.utf8), "years.csv")
    #expect(reading.format == "arbin-csv")
    let table = try #require(reading.outcome.get()["data"])
    #expect(table["unix_time"]?.statistics?.count == 29)
    #expect(table["unix_time"]?.statistics?.missing == 1)
  }

  @Test func sheetsAreNamedInARefusal() throws {
    // The third row of the sample names time, voltage and current; without 'Voltage' it is no log.
    let book = try SpreadsheetWorkbook(ByteView(sample("xlsx/by_hand.xlsx")))
    let sheet = try #require(book.sheets.first)
    let head = try book.head(of: sheet, rows: 3).head
    #expect(head.map(\.number) == [1, 2, 3])
    #expect(head[2][2] == .text("Voltage (V)"))
    #expect(head[2][1] == nil)
    let table = try book.table(of: [sheet], below: 3)
    #expect(table.rows == 120)
    #expect(table.columns.map(\.index) == [0, 2, 3, 4])
    let dataset = try read(sample("xlsx/by_hand.xlsx"), "by_hand.xlsx").outcome.get()
    #expect(dataset.diagnostics.contains { $0.code == "xlsx.generic" && $0.severity == .warning })
  }

  @Test func oldAndForeignContainersAreNamed() {
    let cases: [([UInt8], String)] = [
      ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "office.unsupported"),
      (Array("PAR1".utf8) + [0x15, 0x04, 0x15, 0x00], "parquet.unsupported"),
      ([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A], "hdf5.unsupported"),
    ]
    for (magic, code) in cases {
      let reading = read(magic + Array(repeating: 0, count: 600), "cell.xls")
      guard case .failure(let failure) = reading.outcome else {
        Issue.record("\(code): read")
        continue
      }
      #expect(failure.diagnostic.code == code)
    }
  }

  @Test func aWrongChecksumIsAnErrorUnlessSalvaged() throws {
    var bytes = try sample("land-xlsx/record_mode_cycle.xlsx")
    // The last byte of the CRC-32 in the directory's entry of sheet1.xml.
    let archive = ByteView(bytes)
    var place = 0
    while let found = archive.firstRange(of: "PK\u{1}\u{2}", from: place) {
      let name = archive[(found.lowerBound + 46)..<(found.lowerBound + 70)].latin1()
      if name.hasPrefix("xl/worksheets/sheet1.xml") { bytes[found.lowerBound + 16] ^= 1 }
      place = found.upperBound
    }
    guard case .failure(let failure) = read(bytes, "record.xlsx").outcome else {
      Issue.record("a wrong checksum passed")
      return
    }
    #expect(failure.diagnostic.code == "zip.checksum")
    var options = ReadOptions()
    options.salvage = true
    let dataset = try LandWorkbook.read(ByteView(bytes), name: "record.xlsx", options: options)
    #expect(dataset["Record"]?.rows == 30)
    #expect(!dataset.complete)
    #expect(dataset.diagnostics.contains { $0.code == "zip.checksum" && $0.severity == .warning })
  }
}
