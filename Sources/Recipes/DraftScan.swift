internal import Bytes
internal import DelimitedText

/// What a sample holds from its first row on: blocks of rows, what stands between them, and what the columns hold.
struct DraftScan {
  /// Neighbouring lines with as many cells and mostly numbers.
  struct Block {
    /// The places of the first and the last row in the list of lines.
    var first: Int, last: Int
    var rows: Int
    var cells: Int
  }

  /// What the rows of the first block hold in one column.
  struct Facts {
    var numbers = 0
    var texts = 0
    /// The first cells that are not empty.
    var cells: [String] = []
    var first: Double?
    var isWhole = true
    /// Steps up and all steps from row to row, of the first rows.
    var rises = 0, steps = 0
    var last: Double?

    /// Whether the numbers mostly rise, as a time does.
    var isRising: Bool { steps == 0 || rises * 2 > steps }
  }

  /// The lines that were looked at.
  let lines: [TextLine]
  /// The blocks in the order of the file.
  private(set) var blocks: [Block] = []
  /// The place of the block that the draft is about.
  private(set) var main = 0
  /// Lines behind the first row that are no rows, no comments and not empty.
  private(set) var strays: [Int] = []
  /// One entry a column.
  private(set) var facts: [Facts]

  /// Lines and bytes that are looked at.
  static let mostLines = 200_000
  static let mostBytes = 64 << 20
  /// Cells of a column that are looked at to tell what its texts are.
  static let mostCells = 200

  init(_ text: ByteView, _ table: TableDraft) {
    var lines: [TextLine] = []
    for line in TextLines(text) {
      lines.append(line)
      if lines.count >= Self.mostLines || line.next > Self.mostBytes { break }
    }
    self.lines = lines
    let width = table.columns.count
    facts = Array(repeating: Facts(), count: width)
    let scanner = NumberScanner(decimalMark: table.dialect.decimalMark)
    var open: Block?
    for (i, line) in lines.enumerated() {
      let view = text[line.range]
      if view.withBytes({ $0.allSatisfy { $0 == 0x20 || $0 == 0x09 } }) { continue }
      let isComment = view[0] == UInt8(ascii: "#")
      var kinds = isComment ? [] : table.dialect.kinds(view)
      if kinds.count == width + 1, kinds.last == .missing { kinds.removeLast() }
      let isRow = kinds.count == width ? Self.isRow(kinds, table) : Self.isRow(kinds)
      guard isRow, line.number >= table.dataLine || kinds.count != width || open != nil else {
        if let block = open { blocks.append(block) }
        open = nil
        if !isComment, line.number >= table.dataLine { strays.append(i) }
        continue
      }
      if var block = open, block.cells == kinds.count {
        block.last = i
        block.rows += 1
        open = block
      } else {
        if let block = open { blocks.append(block) }
        open = Block(first: i, last: i, rows: 1, cells: kinds.count)
      }
      if kinds.count == width, line.number >= table.dataLine {
        note(table.dialect.cells(view), kinds, scanner)
      }
    }
    if let block = open { blocks.append(block) }
    // A row with other cells than its neighbours is a block of one row, and a stray.
    for block in blocks where block.cells != width || block.rows == 1 {
      if lines[block.first].number >= table.dataLine, block.cells != width {
        strays += Array(block.first...block.last)
      }
    }
    strays.sort()
    main =
      blocks.firstIndex { block in
        lines[block.first].number <= table.dataLine && lines[block.last].number >= table.dataLine
      } ?? 0
  }

  /// Rows in all blocks with as many cells as the draft's.
  var rows: Int {
    let width = facts.count
    return blocks.reduce(0) { $0 + ($1.cells == width ? $1.rows : 0) }
  }

  /// Whether a line with the cells of the table is one of its rows: not most of its numbers are words.
  private static func isRow(_ kinds: [TableDialect.CellKind], _ table: TableDraft) -> Bool {
    var numbers = 0
    var words = 0
    for (kind, column) in zip(kinds, table.columns) {
      if kind == .number { numbers += 1 }
      if kind == .text, column.kind != .text, column.kind != .undecided { words += 1 }
    }
    return words == 0 && (numbers > 0 || kinds.contains(.missing)) || numbers > words
  }

  /// Whether a line with other cells may be a row of another table.
  private static func isRow(_ kinds: [TableDialect.CellKind]) -> Bool {
    let numbers = kinds.count { $0 == .number }
    return numbers > 0 && numbers * 2 >= kinds.count { $0 != .missing }
  }

  private mutating func note(
    _ cells: [String], _ kinds: [TableDialect.CellKind], _ scanner: NumberScanner
  ) {
    for (c, cell) in cells.enumerated() where c < facts.count && c < kinds.count {
      switch kinds[c] {
      case .missing: continue
      case .number:
        facts[c].numbers += 1
        if facts[c].numbers <= 2000, let number = scanner.parse(cell) {
          if let last = facts[c].last {
            facts[c].steps += 1
            if number > last { facts[c].rises += 1 }
          } else {
            facts[c].first = number
          }
          facts[c].last = number
        }
        if facts[c].isWhole,
          cell.contains(where: { $0 == "." || $0 == "," || $0 == "e" || $0 == "E" })
        {
          facts[c].isWhole = false
        }
      case .text: facts[c].texts += 1
      }
      if facts[c].cells.count < Self.mostCells { facts[c].cells.append(cell) }
    }
  }
}
