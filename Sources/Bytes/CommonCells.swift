/// The loop over those cells of a row that are numbers written in the common way.
///
/// A function of its own: what it needs is little, so that it stays in registers.
struct CommonCells {
  private let scanner: NumberScanner
  private let codes: UnsafeMutablePointer<UInt8>
  private let exponents: UnsafeMutablePointer<Int>
  /// Words from one column of the block to the next.
  private let stride: Int
  private let delimiter: UInt8
  private let second: UInt8
  /// Up to here a number and a window behind its start are readable.
  private let limit: UnsafeRawPointer

  /// The loop for the text from `start` to `end`, with one or two delimiters.
  init(
    _ scanner: NumberScanner, codes: UnsafeMutablePointer<UInt8>,
    exponents: UnsafeMutablePointer<Int>, stride: Int, delimiter: UInt8, second: UInt8,
    start: UnsafeRawPointer, end: UnsafeRawPointer
  ) {
    self.scanner = scanner
    self.codes = codes
    self.exponents = exponents
    self.stride = stride
    self.delimiter = delimiter
    self.second = second
    limit = start + max(0, end - start - NumberScanner.window)
  }

  /// Reads cells from `p` on until one is anything else, or the line ends: then true.
  @inline(never)
  func read(
    _ p: inout UnsafeRawPointer, column: inout Int, slot: inout UnsafeMutablePointer<UInt64>,
    lastLength: inout Int
  ) -> Bool {
    var cell = p
    var c = column
    var target = slot
    var ended = false
    while cell < limit, codes[c] == TableParser.Code.real {
      if cell.load(as: UInt8.self) == 0x20 {
        cell += 1
        continue
      }
      let (x, end) = scanner.common(cell, exponents[c])
      if !x.isFinite { break }
      let next = end.load(as: UInt8.self)
      if next == delimiter || next == second {
        target.pointee = x.bitPattern
        target += stride
        c &+= 1
        cell = end + 1
      } else if next == 0x0A || next == 0x0D {
        target.pointee = x.bitPattern
        c &+= 1
        lastLength = end - cell
        cell = end
        ended = true
        break
      } else {
        break
      }
    }
    p = cell
    column = c
    slot = target
    return ended
  }
}
