internal import Tables

/// Fills columns from the rows of a text table: the hot path of every text format.
///
/// Numbers go from bytes to a small block that stays in the cache, and from there to the columns' arrays;
/// there is no String, no allocation and no line counter in the loop over rows. The line of an error is
/// found afterwards from its offset.
struct TableParser {
  enum Code { static let real: UInt8 = 0, integer: UInt8 = 1, text: UInt8 = 2, beyond: UInt8 = 3 }

  let base: UnsafeRawPointer
  let end: UnsafeRawPointer
  let view: ByteView
  let startOffset: Int
  let startLine: Int
  let dialect: TableDialect
  let requests: [NumericTable.Request]
  let rules: NumericTable.Rules
  let endsWithNewline: Bool
  let scanner: NumberScanner
  let columnCount: Int
  let blockRows: Int
  let blockStride: Int

  /// One code a column, and `beyond` behind the last one.
  let codes: UnsafeMutablePointer<UInt8>
  let exponents: UnsafeMutablePointer<Int>
  /// `blockStride` words a column, `blockRows` of them used: bits of a Double, an Int64, or the place of a text.
  let block: UnsafeMutablePointer<UInt64>

  var reals: [[Double]]
  var integers: [[Int64]]
  var texts: [[String]]
  var masks: [MissingMask]
  var notes: TableNotes
  var table = NumericTable()
  var diagnostics = DiagnosticList()
  /// Columns of unknown kind in which text was found: the caller starts again.
  var turnedToText: [Int] = []

  /// Rows flushed to the columns.
  var flushed = 0
  /// Cells of the row in progress that are missing, and whether all of them are empty.
  var pending: [(column: Int, offset: Int, reason: TableNotes.Reason)] = []
  var firstRow: Int?
  var lastRowEnd = 0
  /// Their lines, counted from the start; quoted cells that span lines are added at the end.
  var firstRowLine = 0
  var lastRowLine = 0
  var hasLinesInQuotes = false
  /// The shortest last cell of a row so far.
  var shortest = Int.max
  /// Lines that were read.
  var lines = 0

  init(
    _ bytes: UnsafeRawBufferPointer, view: ByteView, start: Int, line: Int, dialect: TableDialect,
    columns: [NumericTable.Request], rules: NumericTable.Rules, endsWithNewline: Bool
  ) {
    // An empty text has no base address; any valid one will do, as nothing is read from it.
    let memory = bytes.baseAddress ?? UnsafeRawPointer(PowersOfFive.shared.words)
    base = memory
    end = memory + bytes.count
    self.view = view
    startOffset = min(max(0, start), bytes.count)
    startLine = line
    self.dialect = dialect
    requests = columns
    self.rules = rules
    self.endsWithNewline = endsWithNewline
    scanner = NumberScanner(decimalMark: dialect.decimalMark)
    columnCount = columns.count
    blockRows = min(1024, max(8, 2048 / max(1, columnCount)))
    // Columns a power of two apart would all fall into the same lines of the cache.
    blockStride = blockRows + 8
    codes = .allocate(capacity: columnCount + 1)
    exponents = .allocate(capacity: columnCount + 1)
    block = .allocate(capacity: blockStride * columnCount + 1)
    codes.initialize(repeating: Code.beyond, count: columnCount + 1)
    exponents.initialize(repeating: 0, count: columnCount + 1)
    block.initialize(repeating: 0, count: blockStride * columnCount + 1)
    for (c, request) in columns.enumerated() {
      switch request.kind {
      case .real(let exponent, _, _):
        codes[c] = Code.real
        exponents[c] = exponent
      case .undecided: codes[c] = Code.real
      case .integer: codes[c] = Code.integer
      case .text: codes[c] = Code.text
      }
    }
    reals = Array(repeating: [], count: columnCount)
    integers = Array(repeating: [], count: columnCount)
    texts = Array(repeating: [], count: columnCount)
    masks = Array(repeating: MissingMask(), count: columnCount)
    notes = TableNotes(columns: columnCount)
    let expected = Self.estimatedRows(UnsafeRawBufferPointer(rebasing: bytes[startOffset...]))
    // Every cell takes at least one byte, so a table is never larger than eight times the text.
    for c in 0..<columnCount {
      switch codes[c] {
      case Code.real: LargeMemory.reserve(&reals[c], expected)
      case Code.integer: LargeMemory.reserve(&integers[c], expected)
      default: texts[c].reserveCapacity(expected)
      }
    }
  }

  /// The rows that the length of the first ones lets expect, a little rounded up.
  private static func estimatedRows(_ bytes: UnsafeRawBufferPointer) -> Int {
    let head = UnsafeRawBufferPointer(rebasing: bytes[..<min(bytes.count, 1 << 16)])
    let rows = max(1, TextLines.roughCount(head))
    if head.count == bytes.count { return rows + 1 }
    return bytes.count / max(1, head.count / rows) * 17 / 16 + 16
  }

  func release() {
    codes.deallocate()
    exponents.deallocate()
    block.deallocate()
  }

  /// Reads all rows.
  mutating func run() throws(ReadFailure) {
    guard columnCount > 0 else { return }
    let end = self.end
    let blanks = dialect.delimiter == .blanks
    let delimiter: UInt8
    if case .character(let byte) = dialect.delimiter { delimiter = byte } else { delimiter = 0x20 }
    let second: UInt8 = blanks ? 0x09 : delimiter
    let tabIsBlank = delimiter != 0x09
    let comment = rules.comment
    let scanner = self.scanner
    let codes = self.codes
    let exponents = self.exponents
    let stride = blockStride
    let count = columnCount
    // The length of the last cell of the row in progress.
    var lastLength = 0
    var shortest = self.shortest
    let common = CommonCells(
      scanner, codes: codes, exponents: exponents, stride: stride, delimiter: delimiter,
      second: second, start: base, end: end)
    var plain = PlainRows(self, delimiter: delimiter)
    var p = base + startOffset
    var row = 0
    var lines = 0

    rows: while p < end {
      var column = 0
      var slot = block + row
      var rowStart = p
      if plain.isUsed {
        let before = row
        let start = p - base
        plain.read(&p, row: &row, column: &column, rowStart: &rowStart, shortest: &shortest)
        if row > before {
          if firstRow == nil {
            firstRow = start
            firstRowLine = lines &+ 1
          }
          lines &+= row &- before
          lastRowEnd = plain.lastEnd - base
          lastRowLine = lines
          if row == blockRows {
            flush(row)
            row = 0
            continue rows
          }
          if p >= end { break rows }
        }
        slot = block + (row + column * stride)
      }
      lines &+= 1
      cells: while true {
        if common.read(&p, column: &column, slot: &slot, lastLength: &lastLength) { break cells }
        while p < end {
          let byte = p.load(as: UInt8.self)
          if byte != 0x20 && !(byte == 0x09 && tabIsBlank) { break }
          p += 1
        }
        let cellStart = p
        let code = codes[column]
        if code == Code.real {
          var q = p
          let x = scanner.scan(&q, end, exponents[column])
          if x - x == 0 {
            let next = q < end ? q.load(as: UInt8.self) : 0x0A
            if next == delimiter || next == second {
              slot.pointee = x.bitPattern
              slot += stride
              column &+= 1
              p = q + 1
              continue cells
            }
            if next == 0x0A || next == 0x0D {
              slot.pointee = x.bitPattern
              column &+= 1
              lastLength = q - cellStart
              p = q
              break cells
            }
          }
        } else if code == Code.integer {
          var q = p
          var value: Int64 = 0
          let negative = q < end && q.load(as: UInt8.self) == UInt8(ascii: "-")
          if negative { q += 1 }
          let digitsStart = q
          while q < end {
            let digit = q.load(as: UInt8.self) &- 48
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            q += 1
          }
          let digits = q - digitsStart
          let next = q < end ? q.load(as: UInt8.self) : 0x0A
          if digits > 0 && digits <= 18
            && (next == delimiter || next == second || next == 0x0A || next == 0x0D)
          {
            slot.pointee = UInt64(bitPattern: negative ? 0 &- value : value)
            slot += stride
            column &+= 1
            if next == 0x0A || next == 0x0D {
              lastLength = q - cellStart
              p = q
              break cells
            }
            p = q + 1
            continue cells
          }
        }

        // Everything unusual: text, quotes, missing cells, the ends of rows in odd places.
        let atLineEnd = p >= end || isLineEnd(p.load(as: UInt8.self))
        if column == 0, atLineEnd {
          // An empty line; with blanks between, what follows the last blank is no cell.
          p = pastLineEnd(p)
          continue rows
        }
        if blanks, atLineEnd { break cells }
        if column == 0, let comment, p < end, p.load(as: UInt8.self) == comment {
          notes.comments.add(p - base)
          p = afterLine(p)
          continue rows
        }
        if column == count {
          // Cells beyond the last column: one empty one may be allowed.
          if atLineEnd, rules.trailingDelimiter { break cells }
          column = count + countCells(p)
          p = lineEnd(p)
          break cells
        }
        switch try readCell(&p, column: column, row: row, slot: slot) {
        case .next:
          slot += stride
          column &+= 1
        case .last:
          column &+= 1
          lastLength = p - cellStart
          break cells
        case .bad:
          pending.removeAll(keepingCapacity: true)
          try notes.addBad(
            .init(row: rowStart - base, cell: cellStart - base, column: column, cells: nil), self)
          p = afterLine(p)
          continue rows
        case .restart:
          return
        }
      }

      // `p` stands at the line end or the end of the text.
      if p - rowStart > rules.lineBytes { throw lineTooLong(rowStart) }
      let isCutShort = p >= end && !endsWithNewline
      if column < count, rules.padsShortRows, !isCutShort {
        pad(&column, row: row, at: p - base)
      }
      if column == count && !(pending.count == count && allPendingEmpty) {
        if isCutShort && rules.distrustsShortLastCell && lastLength < shortest {
          notes.cutRow = rowStart - base
          pending.removeAll(keepingCapacity: true)
          break rows
        }
        shortest = min(shortest, lastLength)
        if firstRow == nil {
          firstRow = rowStart - base
          firstRowLine = lines
        }
        lastRowEnd = p - base
        lastRowLine = lines
        if !pending.isEmpty { commitPending(row: flushed + row) }
        row &+= 1
        if row == blockRows {
          flush(row)
          row = 0
        }
      } else if column == count {
        notes.emptyRows.add(rowStart - base)
        pending.removeAll(keepingCapacity: true)
      } else {
        pending.removeAll(keepingCapacity: true)
        if isCutShort && column < count {
          notes.cutRow = rowStart - base
        } else {
          try notes.addBad(
            .init(row: rowStart - base, cell: rowStart - base, column: column, cells: column), self)
        }
      }
      p = pastLineEnd(p)
    }
    flush(row)
    self.shortest = shortest
    self.lines = lines
  }
}
