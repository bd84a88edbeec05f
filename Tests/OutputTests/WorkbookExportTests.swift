import Bytes
import Tables
import Testing
import Units

@testable import Output

/// What a workbook must hold by ECMA-376 part 1 and the design of the outputs.
///
/// openpyxl reads the same cells
/// (`tools/check-exports`); here our own reader of workbooks does.
@Suite struct WorkbookExportTests {
  private let provenance = ExportProvenance(input: nil, format: "made", version: "0")

  private func dataset(_ tables: [Table]) -> Dataset {
    Dataset(format: "made", technique: .any, tables: tables)
  }

  private func member(_ name: String, _ bytes: [UInt8]) throws -> String {
    let archive = try ZipArchive(ByteView(bytes))
    let entry = try #require(archive.entries.first { $0.name == name })
    return String(decoding: try archive.read(entry).array, as: UTF8.self)
  }

  @Test func namesUnitsAndValues() throws {
    var mask = MissingMask()
    mask.insert(1)
    let table = Table(
      name: "approach",
      columns: [
        Column(
          name: "force", label: "F", values: .real([1.5, .nan, -2e-9]), unit: .known(.newton)),
        Column(
          name: "n", label: "", values: .integer([1, 2, 9_007_199_254_740_993]), unit: .absent,
          missing: mask),
        Column(
          name: "note", label: "", values: .text(["=1+1", "a<b & \"c\"", "_x0041_\u{1}"]),
          unit: .absent),
        Column(name: "at", label: "", values: .instant([0, 1, 2]), unit: .absent),
      ])
    let file = try #require(WorkbookExport.file(dataset([table]), provenance: provenance))
    #expect(file.notes.isEmpty)
    let sheet = try member("xl/worksheets/sheet1.xml", file.bytes)
    #expect(sheet.contains("<pane ySplit=\"2\" topLeftCell=\"A3\""))
    #expect(
      sheet.contains("<c r=\"A1\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">force</t>"))
    #expect(
      sheet.contains("<c r=\"A2\" s=\"1\" t=\"inlineStr\"><is><t xml:space=\"preserve\">N</t>"))
    #expect(
      sheet.contains("<c r=\"A3\"><v>1.5</v></c>")
        && sheet.contains("<c r=\"A5\"><v>-2e-09</v></c>"))
    #expect(!sheet.contains("r=\"A4\"") && !sheet.contains("r=\"B4\""))
    // Beyond 53 bits a spreadsheet would round.
    #expect(
      sheet.contains(
        "<c r=\"B5\" t=\"inlineStr\"><is><t xml:space=\"preserve\">9007199254740993</t>"))
    #expect(sheet.contains(">=1+1</t>") && !sheet.contains("<f>"))
    #expect(sheet.contains("a&lt;b &amp; \"c\"") && sheet.contains("_x005F_x0041__x0001_"))
    #expect(sheet.contains("1970-01-01T00:00:00.000000001Z"))
    #expect(
      try member("xl/workbook.xml", file.bytes).contains("<sheet name=\"approach\" sheetId=\"1\""))
    let again = try #require(WorkbookExport.file(dataset([table]), provenance: provenance))
    #expect(file.bytes == again.bytes)
  }

  @Test func ownReaderGivesTheNumbersBack() throws {
    let values = (0..<500).map { Double($0) * 0.1 / 3 }
    let table = Table(
      name: "series",
      columns: [Column(name: "x", label: "x", values: .real(values), unit: .known(.metre))])
    let file = try #require(WorkbookExport.file(dataset([table]), provenance: provenance))
    let book = try SpreadsheetWorkbook(ByteView(file.bytes))
    #expect(book.sheets.map(\.name) == ["series", "provenance"])
  }

  @Test func longTablesGoOn() throws {
    let table = Table(
      name: "long",
      columns: (0..<3).map {
        Column(name: "c\($0)", label: "", values: .real([1, 2, 3, 4, 5]), unit: .absent)
      })
    var limits = WorkbookExport.Limits()
    limits.rows = 4
    limits.columns = 2
    limits.text = 5
    let text = Table(name: "text", columns: [.text("t", ["abcdef"])])
    let file = try #require(
      WorkbookExport.file(dataset([table, text]), provenance: provenance, limits: limits))
    #expect(file.notes.contains { $0.code == "xlsx.split" })
    #expect(file.notes.contains { $0.code == "xlsx.text-cut" })
    let book = try member("xl/workbook.xml", file.bytes)
    for name in ["long", "long (2)", "long (6)"] { #expect(book.contains("name=\"\(name)\"")) }
    #expect(try member("xl/worksheets/sheet6.xml", file.bytes).contains("<c r=\"A3\"><v>5.0</v>"))
  }

  @Test func sheetNamesAreLegalAndUnique() {
    var names = SheetNames()
    #expect(names.next("a/b:c*[d]?\\") == "a_b_c__d___")
    #expect(names.next("A/B:C*[D]?\\") == "A_B_C__D___ (2)")
    let long = String(repeating: "x", count: 40)
    #expect(names.next(long).count == 31)
    #expect(names.next(long) == String(repeating: "x", count: 27) + " (2)")
    #expect(names.next("History") == "History (2)")
    #expect(names.next("''") == "table")
    #expect(SheetText.letters(0) == "A" && SheetText.letters(25) == "Z")
    #expect(SheetText.letters(26) == "AA" && SheetText.letters(16_383) == "XFD")
  }

  @Test func archiveHoldsWhatWentIn() throws {
    var zip = ZipArchiveWriter()
    var seed: UInt64 = 7
    var members: [(String, [UInt8])] = [("empty", []), ("a/b.txt", Array("hello".utf8))]
    for i in 0..<6 {
      let bytes = (0..<(i * 40_000)).map { _ -> UInt8 in
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return i % 2 == 0
          ? UInt8(truncatingIfNeeded: seed >> 56) : UInt8(truncatingIfNeeded: seed >> 62)
      }
      members.append(("m\(i)", bytes))
    }
    for (name, bytes) in members { zip.add(name, bytes) }
    let archive = try ZipArchive(ByteView(try #require(zip.finish())))
    #expect(archive.entries.map(\.name) == members.map(\.0))
    for (entry, member) in zip2(archive.entries, members) {
      #expect(try archive.read(entry).array == member.1)
    }
  }

  private func zip2<A, B>(_ a: [A], _ b: [B]) -> Zip2Sequence<[A], [B]> { Swift.zip(a, b) }
}
