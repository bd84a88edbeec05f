internal import Tables

/// Reads the rows of a worksheet from XML that comes in pieces.
///
/// A worksheet is XML of one shape, so a scanner made for it replaces a parser: tags, the attributes
/// `r`, `s` and `t` of cells, and their values are looked at, everything else is passed over (ECMA-376
/// part 1, §18.3). A cell is taken only when all of it is in the buffer.
struct SheetScanner {
  /// What is known of the workbook.
  let styles: SheetStyles
  /// The entry, for messages.
  let place: Place
  /// Non-empty rows that are given as cells, before the others go into columns.
  let headRows: Int
  /// Whether the rows behind them are wanted.
  let readsColumns: Bool
  /// Bytes of the member in the archive, which bound what is set aside.
  let storedBytes: Int

  /// Shared texts, and those of this sheet behind them.
  var pool: TextPool
  private(set) var head: [SpreadsheetRow] = []
  private(set) var columns: [SheetColumn] = []
  /// Rows with a value behind the head.
  private(set) var rows = 0
  /// The numbers of the first and the last of them.
  private(set) var firstRow = 0, lastRow = 0
  private(set) var isComplete = false
  /// Whether everything that is wanted was read.
  var isDone: Bool { isComplete || (!readsColumns && head.count > headRows) }

  private let scanner = NumberScanner()
  private var prefix = 0
  private var isInRows = false
  private var expectedRows = 0
  /// The number of the row, the column of the next cell, and whether the row has a value.
  private var rowNumber = 0
  private var nextColumn = 0
  private var hasValue = false
  private var isHeadRow = true
  private var cells = 0
  private var filled = 0
  private var scratch: [UInt8] = []
  /// Columns that a sheet can have: A to XFD.
  static let mostColumns = 16384

  init(
    styles: SheetStyles, pool: TextPool, place: Place, headRows: Int, readsColumns: Bool,
    storedBytes: Int
  ) {
    self.styles = styles
    self.pool = pool
    self.place = place
    self.headRows = headRows
    self.readsColumns = readsColumns
    self.storedBytes = storedBytes
  }

  /// A scanner of a further sheet, whose rows go on in the same columns.
  init(_ before: SheetScanner, place: Place, storedBytes: Int) {
    self.init(
      styles: before.styles, pool: before.pool, place: place, headRows: before.headRows,
      readsColumns: true, storedBytes: storedBytes)
    columns = before.columns
    rows = before.rows
    firstRow = before.firstRow
    lastRow = before.lastRow
    cells = before.cells
    filled = before.filled
  }

  /// Why a sheet cannot be read on.
  private func damaged(_ found: String) -> ReadFailure {
    ReadFailure(
      "xlsx.damaged", at: place, found: found,
      expected: "expected a worksheet as spreadsheet programs write it")
  }

  /// Reads whole cells from the start of the buffer; gives how many bytes are done with.
  mutating func read(
    _ buffer: UnsafeRawBufferPointer, _ isLast: Bool
  ) throws(ReadFailure) -> Int {
    guard let base = buffer.baseAddress, !isComplete else { return buffer.count }
    let end = base + buffer.count
    var p = base
    if !isInRows {
      guard let start = try beginning(buffer) else {
        if isLast { throw damaged("no 'sheetData' in the sheet") }
        return 0
      }
      p = base + start
      if isComplete { return buffer.count }
    }
    while p < end, !isDone {
      if p.load(as: UInt8.self) != UInt8(ascii: "<") {
        p += 1
        continue
      }
      guard let next = try tag(p, end) else {
        if isLast { break }
        return p - base
      }
      p = next
    }
    return p - base
  }

  /// Finds where the rows start; nil where more of the sheet is needed.
  private mutating func beginning(_ buffer: UnsafeRawBufferPointer) throws(ReadFailure) -> Int? {
    if buffer.count >= 2, buffer[0] == 0xFE || buffer[0] == 0xFF || buffer[1] == 0 {
      throw ReadFailure(
        "xlsx.encoding", at: place, found: "the sheet is not written in UTF-8",
        expected: "expected UTF-8, as spreadsheet programs write it")
    }
    var i = 0
    while let open = buffer[i...].firstIndex(of: UInt8(ascii: "<")) {
      guard let close = buffer[open...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
      i = close + 1
      if open + 1 < close, buffer[open + 1] == UInt8(ascii: "!"),
        buffer[open + 2] != UInt8(ascii: "-")
      {
        throw ReadFailure(
          "xlsx.doctype", at: place, found: "a document type declaration",
          expected: "expected none: nothing that it names is read")
      }
      let tag = XMLTag(buffer, open, close)
      if tag.name == "dimension" { expect(buffer[open..<close]) }
      guard tag.name == "sheetData", !tag.isEnd else { continue }
      if let colon = buffer[open..<close].firstIndex(of: UInt8(ascii: ":")) {
        prefix = colon - open
      }
      isInRows = true
      isComplete = tag.isEmpty
      return close + 1
    }
    return nil
  }

  /// Takes the rows that `<dimension ref="A1:G62306"/>` promises as a hint.
  private mutating func expect(_ tag: Slice<UnsafeRawBufferPointer>) {
    let text = String(decoding: tag, as: UTF8.self)
    guard let colon = text.lastIndex(of: ":") else { return }
    let corner = text[text.index(after: colon)...].prefix { $0 != "\"" && $0 != "'" }
    guard let rows = Int(corner.drop { $0.isLetter }), rows > 0 else { return }
    let columns = corner.prefix { $0.isLetter }.utf8.reduce(0) { sum, letter in
      sum < 1 << 20 ? sum * 26 + Int(letter & 0x1F) : sum
    }
    // One byte in the archive for a cell at least, so that a false promise sets little aside.
    expectedRows = min(rows, storedBytes / max(1, columns))
  }

  /// Takes a tag; gives the byte behind it, or nil where it goes beyond the buffer.
  @inline(__always)
  private mutating func tag(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
  ) throws(ReadFailure) -> UnsafeRawPointer? {
    let name = start + 1 + prefix
    // The padding of zeros ends every loop; what is found behind `end` does not count.
    guard name < end else { return nil }
    let first = name.load(as: UInt8.self)
    let second = name.load(fromByteOffset: 1, as: UInt8.self)
    if first == UInt8(ascii: "c"), second <= 0x20 || second == UInt8(ascii: ">") || second == 0x2F {
      return try cell(name + 1, end)
    }
    if first == UInt8(ascii: "r"), second == UInt8(ascii: "o") { return row(name, end) }
    return other(start, end)
  }

  /// A start of a row: `<row r="5" …>`.
  private mutating func row(
    _ name: UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> UnsafeRawPointer? {
    var p = name
    var number = rowNumber &+ 1
    while p < end, p.load(as: UInt8.self) != UInt8(ascii: ">") {
      if p.load(as: UInt8.self) <= 0x20, p.load(fromByteOffset: 1, as: UInt8.self) == 0x72,
        p.load(fromByteOffset: 2, as: UInt8.self) == UInt8(ascii: "=")
      {
        p += 4
        number = 0
        while p < end {
          let digit = p.load(as: UInt8.self) &- 48
          if digit > 9 { break }
          number = number < 1 &<< 40 ? number &* 10 &+ Int(digit) : number
          p += 1
        }
      } else {
        p += 1
      }
    }
    guard p < end else { return nil }
    rowNumber = number
    nextColumn = 0
    hasValue = false
    return p + 1
  }

  /// Any other tag: ends of rows and of the sheet, comments, instructions.
  private mutating func other(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> UnsafeRawPointer? {
    if start.load(fromByteOffset: 1, as: UInt8.self) == UInt8(ascii: "!") {
      var p = start + 2
      while p < end {
        if p.load(as: UInt8.self) == UInt8(ascii: ">"), p - start > 6,
          p.load(fromByteOffset: -1, as: UInt8.self) == UInt8(ascii: "-")
        {
          return p + 1
        }
        p += 1
      }
      return nil
    }
    var p = start
    while p < end, p.load(as: UInt8.self) != UInt8(ascii: ">") { p += 1 }
    guard p < end else { return nil }
    let name = start + 2 + prefix
    if start.load(fromByteOffset: 1, as: UInt8.self) == 0x2F,
      name.load(as: UInt8.self) == UInt8(ascii: "s")
    {
      isComplete = true
    }
    return p + 1
  }

  private enum Kind { case number, shared, text, inline, truth, error }

  /// A cell, from behind its name to behind its end; nil where it goes beyond the buffer.
  private mutating func cell(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
  ) throws(ReadFailure) -> UnsafeRawPointer? {
    var p = start
    var column = nextColumn
    var style = 0
    var kind = Kind.number
    while true {
      let byte = p.load(as: UInt8.self)
      if byte == UInt8(ascii: ">") { break }
      if byte == UInt8(ascii: "/") {
        guard p + 1 < end else { return nil }
        nextColumn = column &+ 1
        return p + 2
      }
      if byte <= 0x20 {
        guard p < end else { return nil }
        p += 1
        continue
      }
      // An attribute; those of one letter end with `="` or `='`.
      let letter = byte
      var q = p + 1
      while q < end, q.load(as: UInt8.self) != UInt8(ascii: "=") { q += 1 }
      guard q + 1 < end else { return nil }
      let isShort = q - p == 1
      let quote = q.load(fromByteOffset: 1, as: UInt8.self)
      q += 2
      if isShort, letter == UInt8(ascii: "r") {
        column = 0
        while true {
          let capital = (q.load(as: UInt8.self) & 0xDF) &- 64
          if capital == 0 || capital > 26 { break }
          column = column < 1 &<< 20 ? column &* 26 &+ Int(capital) : column
          q += 1
        }
        column -= 1
      } else if isShort, letter == UInt8(ascii: "s") {
        while true {
          let digit = q.load(as: UInt8.self) &- 48
          if digit > 9 { break }
          style = style < 1 &<< 30 ? style &* 10 &+ Int(digit) : style
          q += 1
        }
      } else if isShort, letter == UInt8(ascii: "t") {
        kind = Self.kind(q, quote)
      }
      while q < end, q.load(as: UInt8.self) != quote { q += 1 }
      guard q < end else { return nil }
      p = q + 1
    }
    p += 1
    guard column >= 0, column < Self.mostColumns else {
      throw damaged("a cell beyond column XFD in row \(rowNumber)")
    }
    return try content(p, end, column, kind, style)
  }

  private static func kind(_ value: UnsafeRawPointer, _ quote: UInt8) -> Kind {
    switch value.load(as: UInt8.self) {
    case UInt8(ascii: "s"):
      value.load(fromByteOffset: 1, as: UInt8.self) == quote ? .shared : .text
    case UInt8(ascii: "i"): .inline
    case UInt8(ascii: "b"): .truth
    case UInt8(ascii: "e"): .error
    case UInt8(ascii: "d"): .text
    default: .number
    }
  }

  /// What stands between `<c …>` and `</c>`.
  private mutating func content(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer, _ column: Int, _ kind: Kind, _ style: Int
  ) throws(ReadFailure) -> UnsafeRawPointer? {
    var p = start
    var value: UnsafeRawBufferPointer?
    var number = Double.nan
    scratch.removeAll(keepingCapacity: true)
    var hasText = false
    while true {
      while p < end, p.load(as: UInt8.self) != UInt8(ascii: "<") { p += 1 }
      let name = p + 1 + prefix
      guard name + 2 < end else { return nil }
      let first = name.load(as: UInt8.self)
      if p.load(fromByteOffset: 1, as: UInt8.self) == 0x2F {
        // An end: of the cell, or of a part of it.
        let last = (name + 1).load(as: UInt8.self)
        guard let next = Self.behind(p, end) else { return nil }
        p = next
        if last == UInt8(ascii: "c") { break }
        continue
      }
      let second = (name + 1).load(as: UInt8.self)
      guard let open = Self.behind(p, end) else { return nil }
      let isEmpty = (open - 2).load(as: UInt8.self) == 0x2F
      p = open
      if isEmpty { continue }
      if first == UInt8(ascii: "v"), second <= 0x20 || second == UInt8(ascii: ">") {
        if kind == .number {
          let fast = end - p > NumberScanner.window ? scanner.common(p, 0) : (.nan, p)
          if !fast.0.isNaN, fast.1.load(as: UInt8.self) == UInt8(ascii: "<") {
            number = fast.0
            p = fast.1
            continue
          }
        }
        guard let close = Self.markup(p, end) else { return nil }
        value = UnsafeRawBufferPointer(start: p, count: close - p)
        p = close
      } else if first == UInt8(ascii: "t"), second <= 0x20 || second == UInt8(ascii: ">") {
        guard let close = Self.markup(p, end) else { return nil }
        XMLCharacters.append(UnsafeRawBufferPointer(start: p, count: close - p), to: &scratch)
        hasText = true
        p = close
      } else if first == UInt8(ascii: "f") || first == UInt8(ascii: "r") && second == 0x50 {
        // A formula, or the phonetic run of an inline text.
        guard let close = Self.markup(p, end) else { return nil }
        p = close
      }
    }
    nextColumn = column + 1
    try take(column, kind, style, number, value, hasText)
    return p
  }

  /// The byte behind the next `>`.
  @inline(__always)
  private static func behind(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> UnsafeRawPointer? {
    var p = start
    while p < end, p.load(as: UInt8.self) != UInt8(ascii: ">") { p += 1 }
    return p < end ? p + 1 : nil
  }

  /// The next `<`.
  @inline(__always)
  private static func markup(
    _ start: UnsafeRawPointer, _ end: UnsafeRawPointer
  ) -> UnsafeRawPointer? {
    var p = start
    while p < end, p.load(as: UInt8.self) != UInt8(ascii: "<") { p += 1 }
    return p < end ? p : nil
  }

  /// Puts a cell where it belongs.
  @inline(__always)
  private mutating func take(
    _ column: Int, _ kind: Kind, _ style: Int, _ number: Double, _ value: UnsafeRawBufferPointer?,
    _ hasText: Bool
  ) throws(ReadFailure) {
    if kind == .number, number == number {
      try startRow()
      try add(number, column, style)
      return
    }
    try takeSlowly(column, kind, style, value, hasText)
  }

  @inline(never)
  private mutating func takeSlowly(
    _ column: Int, _ kind: Kind, _ style: Int, _ value: UnsafeRawBufferPointer?, _ hasText: Bool
  ) throws(ReadFailure) {
    switch kind {
    case .number, .truth:
      guard let value, !value.isEmpty else { return }
      let text = String(decoding: value, as: UTF8.self)
      guard let number = scanner.parse(LooseBlanks.trimmed(text)) else {
        throw damaged("the cell '\(text.prefix(40))' of row \(rowNumber) holds no number")
      }
      try startRow()
      try add(number, column, style)
    case .shared:
      guard let value, let code = Self.integer(value), code < pool.count else {
        throw damaged("a cell of row \(rowNumber) names a text that is not there")
      }
      try startRow()
      try add(code: Int32(clamping: code), column)
    case .text, .inline:
      if !hasText {
        guard let value else { return }
        XMLCharacters.append(value, to: &scratch)
      }
      if scratch.isEmpty { return }
      try startRow()
      let last = column < columns.count ? columns[column].lastCode : -1
      let code = scratch.withUnsafeBytes { pool.number(of: $0, last: last) }
      try add(code: code, column)
    case .error:
      try startRow()
      if isHeadRow { return }
      try reach(column)
      columns[column].addError()
    }
  }

  private static func integer(_ value: UnsafeRawBufferPointer) -> Int? {
    var result = 0
    for byte in value {
      let digit = byte &- 48
      guard digit <= 9, result < 1 << 40 else { return nil }
      result = result * 10 + Int(digit)
    }
    return value.isEmpty ? nil : result
  }

  /// Counts a row at its first value.
  @inline(__always)
  private mutating func startRow() throws(ReadFailure) {
    if hasValue { return }
    hasValue = true
    isHeadRow = head.count < headRows || !readsColumns
    if head.count < headRows {
      head.append(SpreadsheetRow(number: rowNumber, cells: []))
      return
    }
    if !readsColumns {
      // One row more than wanted says that the head is whole.
      head.append(SpreadsheetRow(number: rowNumber, cells: []))
      return
    }
    if rows == 0 {
      firstRow = rowNumber
    }
    rows &+= 1
    lastRow = rowNumber
  }

  /// Makes columns up to one.
  @inline(__always)
  private mutating func reach(_ column: Int) throws(ReadFailure) {
    cells &+= 1
    while columns.count <= column { columns.append(SheetColumn()) }
    // Columns without values in most rows are filled up; a hostile sheet would do so without end.
    if filled > 1 << 20, filled / 20 > cells {
      throw damaged("\(cells) cells are scattered over far more rows and columns")
    }
  }

  @inline(__always)
  private mutating func add(_ number: Double, _ column: Int, _ style: Int) throws(ReadFailure) {
    let isDate = style < styles.isDate.count && styles.isDate[style]
    if isHeadRow {
      note(column, isDate ? .date(number) : .number(number))
      return
    }
    try reach(column)
    filled &+= columns[column].add(number, row: rows &- 1, isDate: isDate, expected: expectedRows)
  }

  private mutating func add(code: Int32, _ column: Int) throws(ReadFailure) {
    if isHeadRow {
      note(column, .text(pool[Int(code)]))
      return
    }
    try reach(column)
    filled += columns[column].add(code: code, row: rows - 1, expected: expectedRows)
  }

  private mutating func note(_ column: Int, _ cell: SpreadsheetCell) {
    guard let last = head.indices.last else { return }
    head[last].cells.append((column, cell))
  }
}
