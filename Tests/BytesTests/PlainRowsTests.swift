import Bytes
import Tables
import Testing

/// The loop over plain rows gives what the scanner gives for each cell alone.
@Suite struct PlainRowsTests {
  /// A multiplicative generator (Lehmer 1951, a = 48271, m = 2^31 − 1).
  private struct Numbers {
    var state: UInt64
    mutating func next(_ n: Int) -> Int {
      state = state * 48271 % 2_147_483_647
      return Int(state % UInt64(n))
    }
    mutating func digits(_ count: Int) -> String {
      (0..<count).map { _ in "\(next(10))" }.joined()
    }
    /// A number in one of the ways in which instruments write it.
    mutating func cell(_ mark: String) -> String {
      let sign = ["", "", "-", "+", "\u{2212}"][next(40) < 36 ? next(3) : next(5)]
      switch next(12) {
      case 0: return sign + digits(1 + next(20))
      case 1: return sign + mark + digits(1 + next(8))
      case 2: return sign + digits(1 + next(8)) + mark
      case 3: return sign + digits(1) + mark + digits(7) + "E-0\(next(10))"
      case 4: return sign + digits(1 + next(12)) + mark + digits(1 + next(12))
      case 5: return " " + sign + digits(2) + mark + digits(3) + " "
      case 6: return sign + "0" + mark + "000" + digits(next(12))
      default: return sign + digits(1 + next(5)) + mark + digits(1 + next(8))
      }
    }
  }

  @Test("numbers are those of the scanner, in all lengths and places") func numbers() throws {
    for seed in 1...24 {
      var random = Numbers(state: UInt64(seed * 7919))
      let mark = seed % 3 == 0 ? "," : "."
      let delimiter = mark == "," ? ";" : [",", "\t", ";"][random.next(3)]
      let end = ["\n", "\r\n"][random.next(2)]
      let columns = 1 + random.next(5)
      let exponent = [0, -3, -9, 3, 20, -30][random.next(6)]
      let rows = (0..<400).map { _ in (0..<columns).map { _ in random.cell(mark) } }
      var text = rows.map { $0.joined(separator: delimiter) }.joined(separator: end)
      if random.next(2) == 0 { text += end }
      var diagnostics = DiagnosticList()
      let decoded = try DecodedText.decode(ByteView(utf8: text), into: &diagnostics)
      let dialect = TableDialect(
        delimiter: .character(Array(delimiter.utf8)[0]), decimalMark: Array(mark.utf8)[0])
      let table = try NumericTable.parse(
        decoded, from: 0, line: 1, dialect: dialect,
        columns: (0..<columns).map { .init(.real(exponent: exponent), label: "\($0)") },
        into: &diagnostics)
      #expect(table.rows == rows.count && table.lines == 1...rows.count, "seed \(seed)")
      let scanner = NumberScanner(decimalMark: Array(mark.utf8)[0], exponent: exponent)
      for (c, values) in table.values.enumerated() {
        guard case .real(let values) = values else { continue }
        for (row, value) in values.enumerated() {
          let cell = rows[row][c].filter { $0 != " " }
          let expected = try #require(scanner.parse(cell), "\(cell)")
          #expect(value.bitPattern == expected.bitPattern, "\(cell) in row \(row)")
        }
      }
    }
  }

  @Test("cells between blanks are those of the scanner, wherever blanks stand") func blanks() throws
  {
    for seed in 1...24 {
      var random = Numbers(state: UInt64(seed * 104_729))
      let end = ["\n", "\r\n"][random.next(2)]
      let columns = 1 + random.next(5)
      let isPadded = random.next(2) == 0
      func gap(_ least: Int) -> String {
        String(repeating: random.next(9) == 0 ? "\t" : " ", count: least + random.next(4))
      }
      var rows: [[String]] = []
      var lines: [String] = []
      for row in 0..<400 {
        let cells = (0..<columns).map { _ in random.cell(".").filter { $0 != " " } }
        rows.append(cells)
        var line = isPadded ? gap(0) : ""
        for (n, cell) in cells.enumerated() { line += (n > 0 ? gap(1) : "") + cell }
        lines.append(line + (isPadded || row % 50 == 7 ? gap(0) : ""))
      }
      // Rows with another number of cells are found, whatever stands around them.
      lines[100] += " 7"
      lines[250] = "   "
      let text = lines.joined(separator: end) + end
      var diagnostics = DiagnosticList()
      let decoded = try DecodedText.decode(ByteView(utf8: text), into: &diagnostics)
      let table = try NumericTable.parse(
        decoded, from: 0, line: 1, dialect: TableDialect(delimiter: .blanks),
        columns: (0..<columns).map { .init(.real(), label: "\($0)") }, into: &diagnostics)
      rows.remove(at: 250)
      rows.remove(at: 100)
      #expect(table.rows == rows.count && table.droppedRows == 1, "seed \(seed)")
      #expect(diagnostics.all.map(\.place) == [.line(101)], "seed \(seed)")
      let scanner = NumberScanner()
      for (c, values) in table.values.enumerated() {
        guard case .real(let values) = values else { continue }
        for (row, value) in values.enumerated() {
          let expected = try #require(scanner.parse(rows[row][c]), "\(rows[row][c])")
          #expect(value.bitPattern == expected.bitPattern, "\(rows[row][c]) in row \(row)")
        }
      }
    }
  }

  @Test("whole numbers stay exact between others") func wholeNumbers() throws {
    var random = Numbers(state: 99)
    let rows = (0..<3000).map { row in
      let digits = String(Int(random.digits(1 + random.next(17))) ?? 0)
      return (random.next(2) == 0 ? "-" + digits : digits, "\(row).5")
    }
    let text = rows.map { "\($0.0),\($0.1)\n" }.joined()
    var diagnostics = DiagnosticList()
    let decoded = try DecodedText.decode(ByteView(utf8: text), into: &diagnostics)
    let table = try NumericTable.parse(
      decoded, from: 0, line: 1, dialect: TableDialect(delimiter: .character(0x2C)),
      columns: [.init(.integer, label: "n"), .init(.real(), label: "x")], into: &diagnostics)
    guard case .integer(let values) = table.values[0] else {
      Issue.record("the column is not one of whole numbers")
      return
    }
    #expect(values == rows.map { Int64($0.0) ?? .min })
  }

  @Test("bytes of rows, and rows of another width, are found in their places") func places() throws
  {
    let good = (0..<500).map { "\($0).25,7\n" }
    var lines = good
    lines[200] = "1.5\n"
    lines[300] = "1.5,2,3\n"
    lines[400] = "\n"
    let text = "a,b\n" + lines.joined()
    var diagnostics = DiagnosticList()
    let decoded = try DecodedText.decode(ByteView(utf8: text), into: &diagnostics)
    let table = try NumericTable.parse(
      decoded, from: 4, line: 2, dialect: TableDialect(delimiter: .character(0x2C)),
      columns: [.init(.real(), label: "a"), .init(.real(), label: "b")], into: &diagnostics)
    #expect(table.rows == 497 && table.lines == 2...501 && table.droppedRows == 2)
    #expect(table.bytes == 4..<(text.utf8.count - 1))
    let bad = diagnostics.all.first { $0.code == "text.ragged-row" }
    #expect(bad?.place == .line(202) && bad?.places == [.line(302)])
  }
}
