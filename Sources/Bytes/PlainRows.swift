internal import CKernels

/// The loop over those rows of a table that are plain numbers: the processor's own instructions take a
/// cell as a whole.
///
/// It stops at the first cell that is anything else, which is then read as every cell can be.
struct PlainRows {
  /// Whether the table and the processor are such that the loop is of use.
  private(set) var isUsed: Bool
  private var table: ck_plain_table
  private var place = ck_plain_place()
  /// Rows that gave nothing, one after the other; after some of them the loop rests for a while.
  private var failures = 0
  private var rest = 0

  /// Bytes that may be looked at beyond the start of a cell.
  private static let window = 20

  init(_ parser: borrowing TableParser, delimiter: UInt8) {
    let count = parser.columnCount
    // Quotes are not plain; lines of plain cells are short enough for every limit, where blanks do not
    // make them longer.
    isUsed =
      ck_has_plain_rows() != 0
      && (parser.dialect.delimiter == .blanks || delimiter != UInt8(ascii: " "))
      && count <= parser.rules.lineBytes / (Self.window + 2)
      && parser.end - parser.base > Self.window
    table = ck_plain_table(
      codes: parser.codes, exponents: parser.exponents, powers: parser.scanner.powers.tens,
      block: parser.block, stride: parser.blockStride, columns: count, rows: parser.blockRows,
      delimiter: delimiter, mark: parser.dialect.decimalMark, longest: parser.rules.lineBytes,
      limit: parser.base.assumingMemoryBound(to: UInt8.self)
        + max(0, parser.end - parser.base - Self.window))
  }

  /// Where the last whole row that was read ends.
  var lastEnd: UnsafeRawPointer { UnsafeRawPointer(place.last_end) }

  /// Reads from the start of a row: whole rows, and the first cells of the next one.
  @inline(__always)
  mutating func read(
    _ p: inout UnsafeRawPointer, row: inout Int, column: inout Int,
    rowStart: inout UnsafeRawPointer, shortest: inout Int
  ) {
    if rest > 0 {
      rest &-= 1
      return
    }
    let before = row
    place.row = row
    place.column = 0
    place.shortest = shortest
    place.cell = p.assumingMemoryBound(to: UInt8.self)
    ck_plain_rows(&table, &place)
    row = place.row
    column = place.column
    shortest = place.shortest
    p = UnsafeRawPointer(place.cell)
    rowStart = UnsafeRawPointer(place.row_start)
    if row > before || column > 1 {
      failures = 0
    } else {
      failures &+= 1
      if failures == 16 {
        failures = 0
        rest = 256
      }
    }
  }
}
