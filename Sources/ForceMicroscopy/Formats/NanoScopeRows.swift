internal import Bytes
internal import Tables
internal import Units

/// The rows of a NanoScope text export: cells between tabs, some of them absent.
struct NanoScopeRows {
  /// `approach`, `dwell`, `retract`, and `scan` for columns of no direction.
  private(set) var tables: [Table] = []
  /// Whether every row was read.
  private(set) var complete = true
  /// How decimals are written.
  private(set) var decimalMark = "."

  private struct Cells {
    var values: [Double] = []
    var missing = MissingMask()
    /// The shortest cell without its sign, for the distrust of a last line that has no end.
    var shortest = Int.max
    var last = 0
  }

  init(
    _ text: DecodedText, from start: TextLine, labels: [NanoScopeLabel],
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let lines = TextLines(text.utf8, from: start.range.lowerBound, number: start.number)
    let mark = Self.mark(text.utf8, lines)
    decimalMark = mark == UInt8(ascii: ",") ? "," : "."
    let scanners = labels.map { NumberScanner(decimalMark: mark, exponent: $0.exponent) }
    var columns = [Cells](repeating: Cells(), count: labels.count)
    var rows = 0
    var lastLine = start.number
    var end = start.range.lowerBound
    var bad = 0
    var long = 0
    var cut = false
    for line in lines {
      let cells = Self.split(text.utf8, line.range)
      if cells.allSatisfy({ $0.isEmpty }) { continue }
      if line.next >= text.utf8.count, !text.endsWithNewline,
        Self.isCut(text.utf8, cells, columns)
      {
        cut = true
        diagnostics.warn(
          "text.cut-last-row", at: .line(line.number),
          found: "the last line has no end and is shorter than the others",
          expected: "it is left out, since its last number may be cut")
        break
      }
      if cells.count > labels.count, cells[labels.count...].contains(where: { !$0.isEmpty }) {
        long += 1
        if long == 1 {
          diagnostics.warn(
            "nanoscope-text.long-row", at: .line(line.number),
            found: "a row has \(cells.count) cells for \(labels.count) labels",
            expected: "expected one each; the rest is left out")
        }
      }
      for i in labels.indices {
        let range = i < cells.count ? cells[i] : 0..<0
        guard !range.isEmpty else {
          columns[i].values.append(.nan)
          columns[i].missing.insert(rows)
          continue
        }
        let cell = text.utf8[range]
        columns[i].shortest = min(columns[i].shortest, Self.length(cell))
        switch scanners[i].outcome(cell) {
        case .number(let x): columns[i].values.append(x * labels[i].factor)
        case .overflow, .invalid:
          bad += 1
          if bad <= 10 {
            diagnostics.warn(
              "nanoscope-text.not-a-number", at: .cell(line: line.number, column: i + 1),
              found: "cells that are no number", expected: "expected numbers; they are missing")
          }
          columns[i].values.append(.nan)
          columns[i].missing.insert(rows)
        }
        columns[i].last = rows + 1
      }
      rows += 1
      lastLine = line.number
      end = line.range.upperBound
    }
    complete = !cut && long == 0
    guard rows > 0, bad * 2 < rows * labels.count else {
      throw ReadFailure(
        "nanoscope-text.no-data", at: .line(start.number),
        found: rows == 0 ? "there is no whole row" : "\(bad) cells in \(rows) rows are no numbers",
        expected: "expected rows of numbers between tabs")
    }
    let bytes = text.sourceOffset(start.range.lowerBound)..<text.sourceOffset(end)
    build(
      labels, columns, Origin(bytes: [bytes], lines: start.number...lastLine), &diagnostics)
  }

  /// One table a direction, without the rows that only the other one has.
  private mutating func build(
    _ labels: [NanoScopeLabel], _ cells: [Cells], _ origin: Origin,
    _ diagnostics: inout DiagnosticList
  ) {
    for way in ["approach", "dwell", "retract", "scan"] {
      let own = labels.indices.filter { (labels[$0].way ?? "scan") == way }
      guard let rows = own.map({ cells[$0].last }).max() else { continue }
      var columns: [Column] = []
      for i in own {
        var origin = origin
        origin.steps = ["column \(i + 1), decimal text"]
        if labels[i].unit.unit == nil {
          diagnostics.warn(
            "unit.unknown",
            found: "the label \u{201C}\(labels[i].label)\u{201D} gives no known unit",
            expected: "expected one such as nm, V, pN")
        }
        columns.append(
          Column(
            name: labels[i].name, label: labels[i].label,
            values: .real(Array(cells[i].values.prefix(rows))), unit: labels[i].unit,
            origin: origin))
      }
      let hasTime = columns.contains { $0.name == "time" }
      tables.append(Table(name: way, columns: columns, indexColumns: hasTime ? ["time"] : []))
    }
  }

  /// A comma where the first rows have commas and no point.
  private static func mark(_ text: ByteView, _ lines: TextLines) -> UInt8 {
    var comma = false
    for line in lines.prefix(100) {
      let (hasComma, hasPoint) = text[line.range].withBytes {
        ($0.contains(UInt8(ascii: ",")), $0.contains(UInt8(ascii: ".")))
      }
      if hasPoint { return UInt8(ascii: ".") }
      comma = comma || hasComma
    }
    return comma ? UInt8(ascii: ",") : UInt8(ascii: ".")
  }

  /// The cells of a line, without blanks around them.
  private static func split(_ text: ByteView, _ line: Range<Int>) -> [Range<Int>] {
    text.withBytes { bytes in
      var result: [Range<Int>] = []
      var start = line.lowerBound
      for i in line.lowerBound...line.upperBound {
        guard i == line.upperBound || bytes[i] == 0x09 else { continue }
        var (low, high) = (start, i)
        while low < high, bytes[low] == 0x20 { low += 1 }
        while high > low, bytes[high - 1] == 0x20 { high -= 1 }
        result.append(low..<high)
        start = i + 1
      }
      return result
    }
  }

  private static func length(_ cell: ByteView) -> Int {
    let first = cell[0]
    return first == UInt8(ascii: "-") || first == UInt8(ascii: "+") ? cell.count - 1 : cell.count
  }

  /// Whether the last line may be the start of a longer one.
  private static func isCut(_ text: ByteView, _ cells: [Range<Int>], _ columns: [Cells]) -> Bool {
    guard let last = cells.lastIndex(where: { !$0.isEmpty }), last < columns.count else {
      return false
    }
    let expected = columns.filter { $0.shortest < .max }.count
    if expected == 0 || cells.filter({ !$0.isEmpty }).count < expected { return true }
    // A tab behind the last number says that it is whole.
    return last == cells.count - 1 && length(text[cells[last]]) < columns[last].shortest
  }
}
