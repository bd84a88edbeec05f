internal import Tables

extension TableParser {
  enum CellResult { case next, last, bad, restart }

  @inline(__always)
  func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  private var all: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: end - base) }

  /// Where the line end at or after `p` stands.
  func lineEnd(_ p: UnsafeRawPointer) -> UnsafeRawPointer {
    base + TextLines.lineEnd(all, from: p - base).end
  }

  /// Where the line after that of `p` starts.
  func afterLine(_ p: UnsafeRawPointer) -> UnsafeRawPointer {
    base + TextLines.lineEnd(all, from: p - base).next
  }

  /// Behind the line end at `p`.
  @inline(__always)
  func pastLineEnd(_ p: UnsafeRawPointer) -> UnsafeRawPointer {
    if p < end, p.load(as: UInt8.self) == 0x0A { return p + 1 }
    return base + TextLines.afterLineEnd(all, at: p - base)
  }

  /// The cells from `p` to the end of the line.
  func countCells(_ p: UnsafeRawPointer) -> Int {
    let line = view[(p - base)..<(lineEnd(p) - base)]
    return dialect.ranges(line, limit: 1 << 20).count
  }

  var allPendingEmpty: Bool { pending.allSatisfy { $0.reason == .empty } }

  /// Reads the cell at `p` slowly and rightly, and moves to the next cell or the line end.
  @inline(never)
  mutating func readCell(
    _ p: inout UnsafeRawPointer, column: Int, row: Int, slot: UnsafeMutablePointer<UInt64>
  ) throws(ReadFailure) -> CellResult {
    let start = p - base
    var contentEnd: Int
    if let quote = dialect.quote, p < end, p.load(as: UInt8.self) == quote {
      guard let after = CellText.afterQuotes(all, from: start, end: all.count, quote: quote) else {
        throw ReadFailure(
          "text.unclosed-quote", at: notes.cell(offset: start, column: column, self),
          found: "a quote that is never closed", expected: "expected a second quote")
      }
      contentEnd = after
      if view[start..<after].withBytes({ $0.contains { isLineEnd($0) } }) {
        hasLinesInQuotes = true
      }
    } else {
      contentEnd = start
    }
    let result: CellResult
    (contentEnd, result) = cellEnd(from: contentEnd)
    var cellEnd = contentEnd
    while cellEnd > start, all[cellEnd - 1] == 0x20 || all[cellEnd - 1] == 0x09 { cellEnd -= 1 }
    p = base + contentEnd + (result == .next ? 1 : 0)
    let cell = view[start..<cellEnd]

    switch codes[column] {
    case Code.text:
      slot.pointee = UInt64(start) << 27 | UInt64(min(cellEnd - start, 1 << 27 - 1))
      return result
    case Code.integer:
      let plain = CellText.unquoted(cell, quote: dialect.quote)
      if let value = CellText.integer(plain) {
        slot.pointee = UInt64(bitPattern: value)
        return result
      }
      if isMissing(plain) {
        slot.pointee = 0
        pending.append((column, start, plain.count == 0 ? .empty : .word))
        return result
      }
      becomeReal(column, rowsInBlock: row)
      return readReal(cell, at: start, column: column, slot: slot) ?? result
    default:
      return readReal(cell, at: start, column: column, slot: slot) ?? result
    }
  }

  /// Where the cell that is read up to `from` ends, and what follows it.
  private func cellEnd(from: Int) -> (Int, CellResult) {
    var i = from
    let bytes = all
    while i < bytes.count {
      let byte = bytes[i]
      if isLineEnd(byte) { return (i, .last) }
      switch dialect.delimiter {
      case .character(let mark): if byte == mark { return (i, .next) }
      case .blanks: if byte == 0x20 || byte == 0x09 { return (i, .next) }
      }
      i += 1
    }
    return (i, .last)
  }

  /// Reads a cell of a real column; nil where it is a number or missing.
  private mutating func readReal(
    _ cell: ByteView, at offset: Int, column: Int, slot: UnsafeMutablePointer<UInt64>
  ) -> CellResult? {
    let plain = CellText.unquoted(cell, quote: dialect.quote)
    let scanner = NumberScanner(decimalMark: dialect.decimalMark, exponent: exponents[column])
    func store(_ outcome: NumberScanner.Outcome, _ pending: inout [PendingCell]) -> Bool {
      switch outcome {
      case .number(let x):
        slot.pointee = x.bitPattern
        return true
      case .overflow:
        slot.pointee = Double.nan.bitPattern
        pending.append((column, offset, .overflow))
        return true
      case .invalid: return false
      }
    }
    if store(scanner.outcome(plain), &pending) { return nil }
    if isMissing(plain) {
      slot.pointee = Double.nan.bitPattern
      pending.append((column, offset, plain.count == 0 ? .empty : .word))
      return nil
    }
    if let number = CellText.ungrouped(plain, dialect: dialect),
      store(scanner.outcome(number), &pending)
    {
      notes.addGrouped(column: column, offset: offset)
      return nil
    }
    if requests[column].kind == .undecided, reals[column].allSatisfy({ $0.isNaN }) {
      turnedToText.append(column)
      return .restart
    }
    if requests[column].mayHoldWords {
      slot.pointee = Double.nan.bitPattern
      pending.append((column, offset, .word))
      return nil
    }
    return .bad
  }

  /// A column of whole numbers meets another number: what was read becomes real.
  private mutating func becomeReal(_ column: Int, rowsInBlock: Int) {
    let mask = masks[column]
    reals[column] = integers[column].enumerated().map {
      mask.contains($0.offset) ? .nan : Double($0.element)
    }
    integers[column] = []
    for row in 0..<rowsInBlock {
      let cell = block + (column * blockStride + row)
      let value = Double(Int64(bitPattern: cell.pointee))
      cell.pointee = (mask.contains(flushed + row) ? .nan : value).bitPattern
    }
    codes[column] = Code.real
  }

  /// Marks the missing cells of a finished row.
  mutating func commitPending(row: Int) {
    for cell in pending {
      masks[cell.column].insert(row)
      notes.addMissing(column: cell.column, offset: cell.offset, reason: cell.reason)
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Appends the rows of the block to the columns.
  mutating func flush(_ rowCount: Int) {
    guard rowCount > 0 else { return }
    for c in 0..<columnCount {
      let cells = UnsafeMutableBufferPointer(start: block + c * blockStride, count: rowCount)
      switch codes[c] {
      case Code.real:
        cells.withMemoryRebound(to: Double.self) { values in
          if case .real(_, let factor, let offset) = requests[c].kind, factor != 1 || offset != 0 {
            for i in 0..<rowCount { values[i] = values[i] * factor + offset }
          }
          reals[c].append(contentsOf: values)
        }
      case Code.integer:
        cells.withMemoryRebound(to: Int64.self) { integers[c].append(contentsOf: $0) }
      default:
        var last: UInt64?
        var text = ""
        for cell in cells {
          let start = Int(cell >> 27)
          let bytes = CellText.unquoted(
            view[start..<(start + Int(cell & (1 << 27 - 1)))], quote: dialect.quote)
          // Neighbours are often equal; then they share one text.
          if let last, same(last, bytes) {
            texts[c].append(text)
          } else {
            text = TextLines.string(bytes)
            texts[c].append(text)
          }
          last = cell
        }
      }
    }
    flushed += rowCount
  }

  private func same(_ packed: UInt64, _ other: ByteView) -> Bool {
    let start = Int(packed >> 27)
    let bytes = view[start..<(start + Int(packed & (1 << 27 - 1)))]
    guard bytes.count == other.count else { return false }
    return bytes.withBytes { a in other.withBytes { b in a.elementsEqual(b) } }
  }

  /// Whether a cell is a word for "no number", of those that all know or of this table's own.
  func isMissing(_ cell: ByteView) -> Bool {
    CellText.isMissing(cell)
      || !rules.missingWords.isEmpty && rules.missingWords.contains(TextLines.string(cell))
  }

  /// Fills the rest of a short row with missing cells, where the rules say so.
  mutating func pad(_ column: inout Int, row: Int, at offset: Int) {
    while column < columnCount {
      let slot = block + (row + column * blockStride)
      switch codes[column] {
      case Code.integer: slot.pointee = 0
      case Code.text: slot.pointee = UInt64(offset) << 27
      default: slot.pointee = Double.nan.bitPattern
      }
      pending.append((column, offset, .empty))
      column += 1
    }
  }

  typealias PendingCell = (column: Int, offset: Int, reason: TableNotes.Reason)

  func lineTooLong(_ start: UnsafeRawPointer) -> ReadFailure {
    ReadFailure(
      "text.line-length", at: .line(notes.line(start - base, self)),
      found: "a line of more than \(rules.lineBytes) bytes",
      expected: "expected lines within that limit")
  }
}
