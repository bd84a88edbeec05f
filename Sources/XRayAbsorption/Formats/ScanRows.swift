internal import Bytes
internal import Tables
internal import Units

/// Rows of numbers between blanks, for formats whose points a table of one row a line does not fit.
///
/// A point may span lines, and numbers of Fortran may touch. What a row lacks is told as the tables of
/// text formats tell it: one row in a hundred may be left out with a warning, more are an error.
struct ScanRows {
  private struct BadRow {
    var code: String
    var place: Place
    var found: String
    var expected: String
  }

  private let text: ByteView
  /// What the file calls the columns.
  let labels: [String]
  private var values: [[Double]]
  private var masks: [MissingMask]
  private var missing: [(word: String, places: [Place], count: Int)?]
  private var bad: [BadRow] = []
  private var badCount = 0
  /// Whether the row that came last was bad, and the text may end inside it.
  private var endsBad = false
  private var range: Range<Int>?
  /// The line of each row; of a point that spans lines the first one.
  private(set) var lines: [Int] = []
  private var lastLine = 0
  /// Whether rows were left out.
  private(set) var complete = true

  init(_ text: ByteView, labels: [String]) {
    self.text = text
    self.labels = labels
    values = Array(repeating: [], count: labels.count)
    masks = Array(repeating: MissingMask(), count: labels.count)
    missing = Array(repeating: nil, count: labels.count)
  }

  /// Rows read.
  var count: Int { lines.count }

  /// The values of a column.
  func reals(_ column: Int) -> [Double] { column < values.count ? values[column] : [] }

  /// Where a row stands.
  func place(_ row: Int) -> Place {
    row >= 0 && row < lines.count ? .line(lines[row]) : .whole
  }

  // MARK: Cells

  /// The cells of a stretch of text, between blanks and tabs.
  ///
  /// - Parameter splitting: whether numbers that touch are taken apart, as in `1.0E+05-1.0E+00`.
  static func cells(_ text: ByteView, _ range: Range<Int>, splitting: Bool = false) -> [Range<Int>]
  {
    var result: [Range<Int>] = []
    text.withBytes { bytes in
      var i = range.lowerBound
      let end = min(range.upperBound, bytes.count)
      while i < end {
        while i < end, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
        let start = i
        while i < end, bytes[i] != 0x20, bytes[i] != 0x09 { i += 1 }
        guard i > start else { continue }
        if splitting {
          result += parts(start..<i) { bytes[$0] }
        } else {
          result.append(start..<i)
        }
      }
    }
    return result
  }

  /// A cell taken apart at signs that start a number: those behind a digit or a mark, unless exactly
  /// three digits follow a number without exponent (Fortran's exponent without letter).
  private static func parts(_ cell: Range<Int>, _ byte: (Int) -> UInt8) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = cell.lowerBound
    var hasExponent = false
    for i in cell.dropFirst() {
      let letter = byte(i) | 0x20
      if letter == UInt8(ascii: "e") || letter == UInt8(ascii: "d") { hasExponent = true }
      guard byte(i) == UInt8(ascii: "-") || byte(i) == UInt8(ascii: "+") else { continue }
      let before = byte(i - 1)
      guard i > start, before &- 48 <= 9 || before == UInt8(ascii: ".") else { continue }
      let rest = (i + 1)..<cell.upperBound
      let isExponent = !hasExponent && rest.count == 3 && rest.allSatisfy { byte($0) &- 48 <= 9 }
      if isExponent { continue }
      result.append(start..<i)
      start = i
      hasExponent = false
    }
    result.append(start..<cell.upperBound)
    return result
  }

  /// Whether all cells of a line are numbers or words for none, and there is one.
  static func isNumeric(_ text: ByteView, _ cells: [Range<Int>]) -> Bool {
    let scanner = NumberScanner()
    var numbers = 0
    for cell in cells {
      if scanner.outcome(text[cell]) != .invalid {
        numbers += 1
      } else if !isMissing(text[cell]) {
        return false
      }
    }
    return numbers > 0
  }

  /// `nan`, `inf` and the asterisks of a number too wide for its field.
  private static func isMissing(_ cell: ByteView) -> Bool {
    guard cell.count > 0, cell.count <= 40 else { return false }
    let word = TextLines.string(cell).lowercased()
    let bare = word.drop { $0 == "-" || $0 == "+" }
    return ["nan", "inf", "infinity"].contains(String(bare)) || word.allSatisfy { $0 == "*" }
  }

  // MARK: Rows

  /// Adds a row whose cells start on `line`.
  mutating func append(_ cells: [Range<Int>], line: Int, through last: Int? = nil) {
    guard let first = cells.first, let end = cells.last else { return }
    endsBad = false
    guard cells.count == labels.count else {
      addBad(
        BadRow(
          code: "text.ragged-row", place: .line(line), found: "\(cells.count) cells",
          expected: "expected \(labels.count) as in the other rows"))
      endsBad = cells.count < labels.count
      return
    }
    var row: [Double] = []
    row.reserveCapacity(cells.count)
    let scanner = NumberScanner()
    var holes: [(column: Int, word: String)] = []
    for (column, cell) in cells.enumerated() {
      switch scanner.outcome(text[cell]) {
      case .number(let x): row.append(x)
      case .overflow:
        row.append(.nan)
        holes.append((column, TextLines.string(text[cell])))
      case .invalid:
        guard Self.isMissing(text[cell]) else {
          addBad(
            BadRow(
              code: "text.not-a-number", place: .cell(line: line, column: column + 1),
              found:
                "'\(TextLines.string(text[cell]).prefix(80))' in column '\(labels[column])'",
              expected: "expected a number with the decimal mark '.'"))
          endsBad = column == cells.count - 1 && end.upperBound == text.count
          return
        }
        row.append(.nan)
        holes.append((column, TextLines.string(text[cell])))
      }
    }
    for (column, word) in holes {
      masks[column].insert(count)
      let place = Place.cell(line: line, column: column + 1)
      var seen = missing[column] ?? (String(word.prefix(40)), [], 0)
      seen.count += 1
      if seen.places.count < 11 { seen.places.append(place) }
      missing[column] = seen
    }
    for (column, x) in row.enumerated() { values[column].append(x) }
    lines.append(line)
    lastLine = last ?? line
    range = (range?.lowerBound ?? first.lowerBound)..<end.upperBound
  }

  private mutating func addBad(_ row: BadRow) {
    badCount += 1
    if bad.count < 11 { bad.append(row) }
  }

  /// Tells what the rows lack; throws where there is none or too many are bad.
  mutating func finish(
    _ text: DecodedText, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    if endsBad, badCount > 0 {
      let last = bad.count == badCount ? bad.removeLast() : nil
      badCount -= 1
      complete = false
      diagnostics.warn(
        "text.cut-row", at: last?.place ?? .whole,
        found: "the last row ends in the middle: 1 row is lost",
        expected: "expected a whole row and a line end")
    }
    if let first = bad.first {
      guard badCount <= (count + badCount) / 100 else {
        throw ReadFailure(first.code, at: first.place, found: first.found, expected: first.expected)
      }
      complete = false
      for code in ["text.ragged-row", "text.not-a-number"] {
        let rows = bad.filter { $0.code == code }
        guard let first = rows.first else { continue }
        diagnostics.warn(
          code, at: first.place, found: first.found,
          expected: "\(first.expected); the row is left out",
          count: rows.count == bad.count ? badCount : rows.count,
          places: rows.dropFirst().map(\.place))
      }
    }
    guard count > 0 else {
      throw ReadFailure(
        "text.no-rows", found: "there is no row of numbers",
        expected: "expected rows of \(labels.count) numbers")
    }
    for (column, seen) in missing.enumerated() {
      guard let seen, let first = seen.places.first else { continue }
      diagnostics.warn(
        "text.missing", at: first,
        found: "no number but '\(seen.word)' in column '\(labels[column])'",
        expected: "counted as missing", count: seen.count, places: Array(seen.places.dropFirst()))
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
  }

  /// A column with its name and unit.
  func column(_ i: Int, name: String, unit: ColumnUnit, of text: DecodedText) -> Column {
    let bytes = range.map { text.sourceOffset($0.lowerBound)..<text.sourceOffset($0.upperBound) }
    let span = lines.first.map { $0...max($0, lastLine) }
    return Column(
      name: name, label: labels[i], values: .real(values[i]), unit: unit, missing: masks[i],
      origin: Origin(
        bytes: bytes.map { [$0] } ?? [], lines: span,
        steps: ["number \(i + 1) of its point, decimal text"]))
  }
}
