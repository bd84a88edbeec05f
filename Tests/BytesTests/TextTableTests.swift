import Tables
import Testing

@testable import Bytes

@Suite struct TextTableTests {
  /// Reads a text with the layout that is found in it.
  private func read(
    _ text: String, rules: NumericTable.Rules = NumericTable.Rules()
  ) throws -> (layout: TableLayout, table: NumericTable, diagnostics: [Diagnostic]) {
    var diagnostics = DiagnosticList()
    let decoded = try DecodedText.decode(ByteView(utf8: text), into: &diagnostics)
    let layout = try #require(try TableLayout.detect(decoded.utf8))
    let requests = layout.kinds.enumerated().map {
      NumericTable.Request($0.element, label: "column \($0.offset + 1)")
    }
    let table = try NumericTable.parse(
      decoded, from: layout.dataStart, line: layout.dataLine, dialect: layout.dialect,
      columns: requests, rules: rules, into: &diagnostics)
    return (layout, table, diagnostics.all)
  }

  private func reals(_ table: NumericTable, _ column: Int) -> [Double]? {
    switch table.values[column] {
    case .real(let v): v
    case .integer(let v): v.map(Double.init)
    default: nil
    }
  }

  @Test func everyDelimiterAndDecimalMarkGivesTheSameNumbers() throws {
    let rows = (0..<120).map { [Double($0) * 0.25, -1.5e-3 * Double($0), 1000 + Double($0) / 8] }
    for (delimiter, mark) in [
      ("\t", "."), (";", "."), (",", "."), ("|", "."), ("  ", "."), ("\t", ","), (";", ","),
      (" ", ","), (", ", "."), ("|", ","),
    ] {
      for end in ["\n", "\r\n", "\r"] {
        var text = ["a", "b", "c"].joined(separator: delimiter) + end
        for row in rows {
          let cells = row.map { "\($0)".map { $0 == "." ? mark : String($0) }.joined() }
          text += cells.joined(separator: delimiter) + end
        }
        let (layout, table, diagnostics) = try read(text)
        #expect(layout.header.last?.cells == ["a", "b", "c"], "\(delimiter)")
        #expect(diagnostics.isEmpty, "\(delimiter) \(mark): \(diagnostics)")
        for c in 0..<3 { #expect(reals(table, c) == rows.map { $0[c] }, "\(delimiter) \(mark)") }
        #expect(table.lines == 2...121)
        #expect(table.bytes.lowerBound == layout.dataStart)
      }
    }
  }

  @Test func integersStayExactAndTextStaysText() throws {
    let (_, table, _) = try read("n,name,x\n9007199254740993,a b,0.5\n-2,\"c,\"\"d\"\"\",1\n")
    #expect(table.values[0] == .integer([9_007_199_254_740_993, -2]))
    #expect(table.values[1] == .text(["a b", "c,\"d\""]))
    #expect(table.values[2] == .real([0.5, 1]))
  }

  @Test func aColumnOfWholeNumbersBecomesRealWhereOneIsNot() throws {
    var text = ""
    for i in 0..<3000 { text += i == 2500 ? "0.5\t\(i)\n" : i == 7 ? "\t\(i)\n" : "\(i)\t\(i)\n" }
    let (_, table, _) = try read(text)
    let values = try #require(reals(table, 0))
    #expect(values[2499] == 2499 && values[2500] == 0.5 && values[2999] == 2999)
    #expect(values[7].isNaN && table.missing[0].count == 1 && table.missing[0].contains(7))
    #expect(table.values[1] == .integer((0..<3000).map(Int64.init)))
  }

  @Test func missingWordsAreCountedOncePerColumn() throws {
    let words = ["NaN", "-nan(ind)", "1.#QNAN", "inf", "N/A", "#DIV/0!", "null", "---", "OVL", "?"]
    var text = "x;y\n1;1.5\n"
    for (i, word) in words.enumerated() { text += "\(i);\(word)\n" }
    let (_, table, diagnostics) = try read(text + "3;2.5\n")
    #expect(table.missing[1].count == words.count && table.rows == words.count + 2)
    #expect(diagnostics.count == 1)
    #expect(diagnostics.first?.code == "text.missing")
    #expect(diagnostics.first?.count == words.count)
    #expect(diagnostics.first?.place == .cell(line: 3, column: 2))
  }

  @Test func thousandsSeparators() throws {
    let (_, table, diagnostics) = try read(
      "a;b;c\n1.234,5;1'000,0;12 345,25\n2.345,5;2'000,5;1,5\n3,25;999,0;2\u{A0}500,0\n")
    #expect(reals(table, 0) == [1234.5, 2345.5, 3.25])
    #expect(reals(table, 1) == [1000, 2000.5, 999])
    #expect(reals(table, 2) == [12345.25, 1.5, 2500])
    #expect(diagnostics.map(\.code) == Array(repeating: "text.thousands", count: 3))
    let mixed = "a;b\n1.234,5;1,0\n2345,5;2,5\n3,25;3,5\n"
    #expect { try read(mixed) } throws: {
      let failure = $0 as? ReadFailure
      return failure?.diagnostic.code == "text.thousands"
        && failure?.diagnostic.place == .cell(line: 2, column: 1)
    }
  }

  @Test func oneBadRowInAHundredIsLeftOutAndMoreIsAnError() throws {
    func table(_ rows: Int, bad: [Int: String]) -> String {
      (0..<rows).map { bad[$0] ?? "\($0).5\t2.5" }.joined(separator: "\n") + "\n"
    }
    let (_, kept, diagnostics) = try read(table(300, bad: [60: "x\t1.5", 100: "1.5\t2.5\t3.5"]))
    #expect(kept.rows == 298 && kept.droppedRows == 2 && !kept.complete)
    #expect(diagnostics.first?.code == "text.not-a-number")
    #expect(diagnostics.first?.place == .cell(line: 61, column: 1))
    #expect(diagnostics.first?.places == [.line(101)])
    for (bad, code, place) in [
      ("1.5", "text.ragged-row", Place.line(61)),
      ("1.5\t2.5\t3.5", "text.ragged-row", .line(61)),
      ("1.5\t5V", "text.not-a-number", .cell(line: 61, column: 2)),
      ("1.5\t0x10", "text.not-a-number", .cell(line: 61, column: 2)),
      ("1.5\t2,5", "text.mixed-decimal-mark", .cell(line: 61, column: 2)),
      ("\"1.5\t2.5", "text.unclosed-quote", .cell(line: 61, column: 1)),
    ] {
      #expect { try read(table(90, bad: [60: bad])) } throws: {
        let diagnostic = ($0 as? ReadFailure)?.diagnostic
        return diagnostic?.code == code && diagnostic?.place == place
      }
    }
  }

  @Test func aRowCutAtTheEndIsNotGiven() throws {
    let whole = (0..<20).map { "\($0).125\t\($0).250\n" }.joined()
    let (_, table, diagnostics) = try read(whole + "20.12")
    #expect(table.rows == 20 && diagnostics.map(\.code).contains("text.cut-row"))
    var rules = NumericTable.Rules()
    rules.distrustsShortLastCell = true
    let (_, short, _) = try read(whole + "20.125\t20.25", rules: rules)
    #expect(short.rows == 21)
    let (_, shorter, _) = try read(whole + "20.125\t2.2", rules: rules)
    #expect(shorter.rows == 20 && !shorter.complete)
  }

  @Test func powersOfTenAreExact() throws {
    var diagnostics = DiagnosticList()
    let decoded = try DecodedText.decode(ByteView(utf8: "60.12,1.5\n1e3,2.5\n"), into: &diagnostics)
    let table = try NumericTable.parse(
      decoded, from: 0, line: 1, dialect: TableDialect(delimiter: .character(UInt8(ascii: ","))),
      columns: [
        .init(.real(exponent: -9), label: "d"), .init(.real(factor: -60, offset: 1), label: "t"),
      ], into: &diagnostics)
    #expect(reals(table, 0) == [60.12e-9, 1e-6])
    #expect(reals(table, 1) == [-89, -149])
  }

  @Test func encodings() throws {
    let text = "Kraft/µN\t日本\n1,5\t2\n"
    var notes = DiagnosticList()
    let utf8 = Array(text.utf8)
    var little: [UInt8] = []
    var big: [UInt8] = []
    for unit in text.utf16 {
      little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
    }
    for (bytes, encoding) in [
      (utf8, DecodedText.Encoding.utf8), ([0xEF, 0xBB, 0xBF] + utf8, .utf8),
      ([0xFF, 0xFE] + little, .utf16le), ([0xFE, 0xFF] + big, .utf16be), (little, .utf16le),
      (big, .utf16be),
    ] {
      let decoded = try DecodedText.decode(ByteView(bytes), into: &notes)
      #expect(decoded.encoding == encoding && decoded.utf8.array == utf8)
      #expect(decoded.sourceOffset(utf8.count) == bytes.count)
    }
    #expect(notes.all.isEmpty)
    // Å, µ and the euro sign of Windows-1252; 0x81 is left open there.
    let decoded = try DecodedText.decode(ByteView([0xC5, 0x2F, 0xB5, 0x80, 0x81]), into: &notes)
    #expect(TextLines.string(decoded.utf8) == "Å/µ€\u{81}")
    #expect(decoded.sourceOffset(decoded.utf8.count) == 5)
    #expect(notes.all.map(\.code) == ["text.encoding"])
    // One bad byte in a text that is UTF-8 elsewhere.
    let broken = Array(String(repeating: "Länge µm\n", count: 60).utf8) + [0xB5, 0x0A]
    notes = DiagnosticList()
    #expect(try DecodedText.decode(ByteView(broken), into: &notes).encoding == .utf8)
    #expect(notes.all.first?.place == .line(61))
    #expect { try DecodedText.decode(ByteView(utf8: "a\nb\u{0}\n"), into: &notes) } throws: {
      ($0 as? ReadFailure)?.diagnostic.place == .line(2)
    }
  }

  @Test func linesAndTheirNumbers() {
    let text = ByteView(utf8: "a\nb\r\nc\rd\r\r\ne")
    let lines = Array(TextLines(text))
    #expect(lines.map { TextLines(text).string($0) } == ["a", "b", "c", "d", "e"])
    #expect(lines.map(\.number) == [1, 2, 3, 4, 5])
    for line in lines {
      #expect(TextLines.number(ofOffset: line.range.lowerBound, in: text) == line.number)
    }
  }

  @Test func tooManyColumnsIsAnErrorAtItsLine() throws {
    let wide = (0..<20000).map { "c\($0)" }.joined(separator: ",") + "\n"
    #expect { try TableLayout.detect(ByteView(utf8: wide)) } throws: {
      ($0 as? ReadFailure)?.diagnostic.place == .line(1)
    }
  }
}
