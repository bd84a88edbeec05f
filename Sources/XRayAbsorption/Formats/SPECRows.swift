internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The rows of one scan of a SPEC file, read by themselves so that one bad scan costs no other one.
struct SPECRows {
  /// The columns, energies still in the unit of the file where that is not known.
  var columns: [Column] = []
  /// The lines of the rows where they follow each other without a gap; nil elsewhere.
  var lines: ClosedRange<Int>?
  /// Whether every row was read.
  var complete = true

  private static let dialect = TableDialect(delimiter: .blanks)

  /// Reads rows; spectra between them are left out, and so are rows that do not fit.
  init(
    _ text: DecodedText, _ outline: SPECOutline, _ scan: SPECOutline.Scan,
    _ labels: inout SPECLabels,
    _ options: ReadOptions, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    guard let rows = scan.rows else {
      let headings = labels.headings(outline, scan, rowCells: nil, into: &diagnostics)
      columns = Self.columns(headings, nil, Origin(), options, into: &diagnostics)
      return
    }
    let region = text.utf8[rows]
    var firstLines = TextLines(region).makeIterator()
    var count =
      firstLines.next().map {
        SPECSalvage.cells(region[$0.range], most: options.limits.columns + 1).count
      } ?? 0
    guard count <= options.limits.columns else {
      throw ReadFailure(
        "spec.too-many-columns", at: .line(scan.firstRowLine),
        found: "the row has more than \(options.limits.columns) cells",
        expected: "expected at most \(options.limits.columns)")
    }
    var own = DiagnosticList()
    var headings = labels.headings(outline, scan, rowCells: count, into: &own)
    var table: NumericTable?
    do throws(ReadFailure) {
      if !scan.spectra.isEmpty { throw ReadFailure("spec.mixed", found: "", expected: "") }
      table = try Self.parse(text, rows, scan.firstRowLine, headings, options, into: &own)
    } catch {
      own = DiagnosticList()
      let part = SPECSalvage(
        region, line: scan.firstRowLine, limit: options.limits.columns,
        stated: scan.columnCount)
      count = part.cells
      headings = labels.headings(outline, scan, rowCells: count, into: &own)
      if part.badLines > 0 {
        complete = false
        own.warn(
          "spec.bad-row", at: part.firstBadLines.first.map { .line($0) } ?? .line(scan.line),
          found: "a row that does not hold as many numbers as the others of its scan",
          expected: "expected numbers in every row; left out", count: part.badLines,
          places: part.firstBadLines.dropFirst().map { .line($0) })
      }
      if part.goodLines > 0 {
        var ignored = DiagnosticList()
        let cleaned = try DecodedText.decode(ByteView(part.bytes), into: &ignored)
        table = try Self.parse(
          cleaned, 0..<cleaned.utf8.count, scan.firstRowLine, headings, options, into: &own)
      }
    }
    diagnostics.add(contentsOf: own.all)
    complete = complete && table?.complete != false
    lines = table.flatMap { table in table.lines.flatMap { $0.count == table.rows ? $0 : nil } }
    let bytes = text.sourceOffset(rows.lowerBound)..<text.sourceOffset(rows.upperBound)
    columns = Self.columns(
      headings, table, Origin(bytes: [bytes], lines: table?.lines), options, into: &diagnostics)
  }

  private static func parse(
    _ text: DecodedText, _ rows: Range<Int>, _ line: Int, _ headings: [ColumnHeading],
    _ options: ReadOptions, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> NumericTable {
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    return try NumericTable.parse(
      text, from: rows.lowerBound, upTo: rows.upperBound, line: line, dialect: dialect,
      columns: headings.map { $0.request(options) }, rules: rules, into: &diagnostics)
  }

  private static func columns(
    _ headings: [ColumnHeading], _ table: NumericTable?, _ origin: Origin, _ options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) -> [Column] {
    var result: [Column] = []
    result.reserveCapacity(headings.count)
    for (i, heading) in headings.enumerated() {
      let hasValues = table.map { i < $0.values.count } ?? false
      result.append(
        heading.column(
          hasValues ? table?.values[i] ?? .real([]) : .real([]),
          missing: hasValues ? table?.missing[i] ?? MissingMask() : MissingMask(), origin: origin,
          number: i + 1, place: .whole, options: options, into: &diagnostics))
    }
    return result
  }
}

/// A copy of the rows of a scan in which all that is no row of numbers is blank.
///
/// Lines and bytes keep their places.
struct SPECSalvage {
  private(set) var bytes: [UInt8]
  /// The cells of most rows.
  private(set) var cells = 0
  private(set) var goodLines = 0
  private(set) var badLines = 0
  private(set) var firstBadLines: [Int] = []

  private static let words: Set<String> = [
    "nan", "-nan", "+nan", "inf", "-inf", "+inf", "infinity", "-infinity", "null", "none", "na",
    "n/a", "--", "-", "n.a.",
  ]

  /// - Parameters:
  ///   - region: the rows.
  ///   - line: the number of their first line.
  ///   - limit: the most cells of a row.
  ///   - stated: how many the scan says a row has.
  init(_ region: ByteView, line: Int, limit: Int, stated: Int?) {
    bytes = region.array
    var rows: [(range: Range<Int>, line: Int, cells: Int)] = []
    var counts: [Int: Int] = [:]
    var isContinued = false
    for content in TextLines(region, number: line) {
      let view = region[content.range]
      let first = view.withBytes { $0.first { $0 != 0x20 && $0 != 0x09 } }
      guard let first, first != UInt8(ascii: "#") else {
        isContinued = false
        continue
      }
      if isContinued || first == UInt8(ascii: "@") {
        let last = view.withBytes { $0.last { $0 != 0x20 && $0 != 0x09 } }
        isContinued = last == UInt8(ascii: "\\")
        blank(content.range)
        continue
      }
      let cells = Self.cells(view, most: limit + 1)
      let isRow = cells.count <= limit && cells.allSatisfy { Self.isNumber(view[$0]) }
      rows.append((content.range, content.number, isRow ? cells.count : 0))
      if isRow { counts[cells.count, default: 0] += 1 }
    }
    // The most frequent count; of equal ones the stated one, else the larger.
    func rank(_ count: Int) -> Int { count == stated ? Int.max : count }
    cells = counts.max { ($0.value, rank($0.key)) < ($1.value, rank($1.key)) }?.key ?? 0
    for row in rows {
      if row.cells == cells, cells > 0 {
        goodLines += 1
      } else {
        badLines += 1
        if firstBadLines.count < 11 { firstBadLines.append(row.line) }
        blank(row.range)
      }
    }
  }

  /// Where the cells of a line stand, up to `most` of them.
  static func cells(_ line: ByteView, most: Int) -> [Range<Int>] {
    line.withBytes { bytes in
      var result: [Range<Int>] = []
      var i = 0
      while result.count < most {
        while i < bytes.count, bytes[i] == 0x20 || bytes[i] == 0x09 { i += 1 }
        if i >= bytes.count { break }
        let start = i
        while i < bytes.count, bytes[i] != 0x20, bytes[i] != 0x09 { i += 1 }
        result.append(start..<i)
      }
      return result
    }
  }

  private mutating func blank(_ range: Range<Int>) {
    for i in range where bytes.indices.contains(i) { bytes[i] = 0x20 }
  }

  private static func isNumber(_ cell: ByteView) -> Bool {
    switch NumberScanner().outcome(cell) {
    case .number, .overflow: true
    case .invalid: words.contains(TextLines.string(cell).lowercased())
    }
  }
}
