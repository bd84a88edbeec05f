public import Tables

/// The rows of a Jet table as columns.
public struct JetContent: Sendable {
  /// One column.
  public struct Values: Sendable {
    /// The name in the table's definition.
    public var name: String
    /// What the values are.
    public var kind: JetColumn.Kind
    /// The values.
    public var values: ColumnValues
    /// The cells that hold no value.
    public var missing: MissingMask
  }

  /// The columns in the order of the definition.
  public var columns: [Values]
  /// Rows read.
  public var rows = 0
  /// Rows whose bytes make no sense.
  public var damagedRows = 0
  /// Real numbers that are infinite or none; they are missing.
  public var nonFinite = 0
  /// Long texts whose pages cannot be read.
  public var lostTexts = 0
  /// The bytes of the pages that the rows stand on.
  public var bytes: [Range<Int>] = []

  /// The column of that name, in any case of letters.
  public subscript(name: String) -> Values? {
    columns.first { $0.name.lowercased() == name.lowercased() }
  }
}

extension JetDatabase {
  /// Reads all rows of a table, in the order of its pages.
  ///
  /// Deleted rows are passed over. Where there are more rows than the definition counts, pages that the
  /// table's usage map does not name are left out if that makes the count right: they were freed.
  public func read(_ table: JetTable) -> JetContent {
    let pages = rowPages[table.page] ?? []
    let content = read(table, pages: pages)
    guard content.rows > table.rowCount, let used = usedPages(table) else { return content }
    let narrowed = read(table, pages: pages.filter { used.contains($0) })
    return narrowed.rows == table.rowCount ? narrowed : content
  }

  private func read(_ table: JetTable, pages: [Int]) -> JetContent {
    var reader = JetRowReader(table, self)
    bytes.withBytes { raw in
      for page in pages { reader.read(page: page, raw) }
    }
    return reader.finish()
  }

  /// The pages that a table's usage map names; nil where it cannot be read.
  private func usedPages(_ table: JetTable) -> Set<Int>? {
    bytes.withBytes { raw -> Set<Int>? in
      guard let map = row(at: table.usageMap, raw), map.count > 5 else { return nil }
      var pages: Set<Int> = []
      func add(_ range: Range<Int>, from first: Int) {
        for (i, offset) in range.enumerated() {
          for bit in 0..<8 where raw[offset] & (1 << UInt8(bit)) != 0 {
            pages.insert(first + i * 8 + bit)
          }
        }
      }
      switch raw[map.lowerBound] {
      case 0:
        add((map.lowerBound + 5)..<map.upperBound, from: Int(raw.u32(map.lowerBound + 1)))
      case 1:
        let bits = (Self.pageSize - 4) * 8
        for (i, offset) in stride(from: map.lowerBound + 1, to: map.upperBound - 3, by: 4)
          .enumerated()
        {
          let number = Int(raw.u32(offset))
          if number == 0 { continue }
          let start = number * Self.pageSize
          guard number < pageCount, raw[start] == JetPage.usageMap else { return nil }
          add((start + 4)..<(start + Self.pageSize), from: i * bits)
        }
      default: return nil
      }
      return pages
    }
  }

  /// The bytes of a row, wherever it was moved to; nil where it cannot be found.
  func row(at pointer: JetPointer, _ raw: UnsafeRawBufferPointer) -> Range<Int>? {
    guard pointer.page > 0, pointer.page < pageCount else { return nil }
    let start = pointer.page * Self.pageSize
    guard raw[start] == JetPage.rows, pointer.row < Int(raw.u16(start + 12)) else { return nil }
    return JetRowReader.slot(pointer.row, of: start, raw)?.bytes
  }
}

/// Takes the rows of a table apart and gathers the columns.
struct JetRowReader {
  let table: JetTable
  let database: JetDatabase
  private var cells: [JetCells]
  /// Cells that rows of real databases stay far below: a hostile row of 6 bytes may name 255 columns.
  private let mostCells: Int
  private(set) var content = JetContent(columns: [])

  init(_ table: JetTable, _ database: JetDatabase) {
    self.table = table
    self.database = database
    let pages = database.rowPages[table.page]?.count ?? 0
    let room = pages * JetDatabase.pageSize
    // The count is the file's; what is set aside stays in proportion to the bytes that are there.
    let expected = min(table.rowCount, room / (4 + table.columns.count))
    cells = table.columns.map {
      JetCells($0, expected: expected, textBudget: 2 * database.bytes.count)
    }
    mostCells = 4 * room + (1 << 16)
  }

  /// The bytes of a row on a page, with its flags; nil where its offset makes no sense.
  static func slot(
    _ row: Int, of page: Int, _ raw: UnsafeRawBufferPointer
  ) -> (bytes: Range<Int>, isDeleted: Bool, isMoved: Bool)? {
    let entry = page + 14 + 2 * row
    guard row >= 0, row < (JetDatabase.pageSize - 14) / 2 else { return nil }
    let word = Int(raw.u16(entry))
    let start = word & 0x1FFF
    let end = row == 0 ? JetDatabase.pageSize : Int(raw.u16(entry - 2)) & 0x1FFF
    guard start >= 16 + 2 * row, start <= end, end <= JetDatabase.pageSize else { return nil }
    return ((page + start)..<(page + end), word & 0x8000 != 0, word & 0x4000 != 0)
  }

  mutating func read(page: Int, _ raw: UnsafeRawBufferPointer) {
    let start = page * JetDatabase.pageSize
    let count = min(Int(raw.u16(start + 12)), (JetDatabase.pageSize - 14) / 2)
    for row in 0..<count {
      guard let slot = Self.slot(row, of: start, raw) else {
        content.damagedRows += 1
        continue
      }
      if slot.isDeleted { continue }
      var bytes = slot.bytes
      // A row that outgrew its page left a pointer; its new place carries the mark of a deleted row.
      if slot.isMoved {
        var hops = 0
        var isFound = true
        var next = slot
        while next.isMoved, hops < 16 {
          hops += 1
          let pointer = JetPointer(raw.u32(next.bytes.lowerBound))
          let target = pointer.page * JetDatabase.pageSize
          guard next.bytes.count >= 4, pointer.page > 0, pointer.page < database.pageCount,
            raw[target] == JetPage.rows, pointer.row < Int(raw.u16(target + 12)),
            let found = Self.slot(pointer.row, of: target, raw)
          else {
            isFound = false
            break
          }
          next = found
        }
        guard isFound, !next.isMoved else {
          content.damagedRows += 1
          continue
        }
        bytes = next.bytes
      }
      if !add(bytes, raw) { content.damagedRows += 1 }
    }
    if let last = content.bytes.indices.last, content.bytes[last].upperBound == start {
      content.bytes[last] = content.bytes[last].lowerBound..<(start + JetDatabase.pageSize)
    } else {
      content.bytes.append(start..<(start + JetDatabase.pageSize))
    }
  }

  /// Adds a row; false where its parts do not fit into its bytes.
  private mutating func add(_ row: Range<Int>, _ raw: UnsafeRawBufferPointer) -> Bool {
    let columns = Int(raw.u16(row.lowerBound))
    let mask = row.upperBound - (columns + 7) / 8
    guard row.count >= 3, columns > 0, columns <= 255, mask >= row.lowerBound + 2,
      content.rows * table.columns.count < mostCells
    else { return false }
    var variables = 0
    var fixedEnd = mask
    if table.hasVariablePart {
      guard mask - 4 >= row.lowerBound + 2 else { return false }
      variables = Int(raw.u16(mask - 2))
      guard variables <= 255, mask - 4 - 2 * variables >= row.lowerBound + 2 else { return false }
      fixedEnd = mask - 4 - 2 * variables
    }
    /// Where a cell stands; nil for one without a value, an empty range with `fits` false if damaged.
    func place(_ column: JetColumn) -> (bytes: Range<Int>?, fits: Bool) {
      guard column.number < columns,
        raw[mask + column.number / 8] & (1 << UInt8(column.number % 8)) != 0
      else { return (nil, true) }
      if column.isFixed {
        guard let size = column.kind.size ?? Optional(column.length) else { return (nil, false) }
        let start = row.lowerBound + 2 + column.offset
        return start + size <= fixedEnd ? (start..<(start + size), true) : (nil, false)
      }
      guard column.variableIndex < variables else { return (nil, true) }
      let entry = mask - 4 - 2 * column.variableIndex
      let start = Int(raw.u16(entry))
      let end = Int(raw.u16(entry - 2))
      guard start <= end, start >= 2, row.lowerBound + end <= fixedEnd else { return (nil, false) }
      return ((row.lowerBound + start)..<(row.lowerBound + end), true)
    }
    for column in table.columns where column.kind != .boolean && !place(column).fits {
      return false
    }
    for i in cells.indices {
      let column = table.columns[i]
      if column.kind == .boolean {
        let isTrue =
          column.number < columns
          && raw[mask + column.number / 8] & (1 << UInt8(column.number % 8)) != 0
        cells[i].add(isTrue ? 1 : 0)
        continue
      }
      guard let bytes = place(column).bytes else {
        cells[i].addMissing()
        continue
      }
      if !cells[i].add(bytes, raw, database) {
        content.lostTexts += 1
      }
    }
    content.rows += 1
    return true
  }

  mutating func finish() -> JetContent {
    content.nonFinite = cells.reduce(0) { $0 + $1.nonFinite }
    content.columns = zip(table.columns, cells).map { column, cells in
      JetContent.Values(
        name: column.name, kind: column.kind, values: cells.values, missing: cells.missing)
    }
    return content
  }
}
