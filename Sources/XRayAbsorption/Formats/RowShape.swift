internal import Bytes

/// What a line looks like between one kind of delimiter: how many cells it has, and how many are numbers.
struct RowShape: Hashable {
  /// Cells; one empty cell behind a last delimiter does not count.
  private(set) var cells = 0
  /// Cells that are numbers or stand for a missing one.
  private(set) var numbers = 0
  /// Cells that are no number but may have been one: they hold a digit, or are a single character.
  private(set) var spoilt = 0
  /// Whether Fortran wrote numbers without a blank between, as in `1.0E+05-1.0E+00`.
  private(set) var hasOverrun = false

  /// Whether every cell is a number; `words` cells at the start may be text.
  func isRow(words: Int) -> Bool { cells > words && numbers == cells }

  /// Takes a line apart.
  ///
  /// - Parameter words: cells at the start that are text, such as a date.
  init(_ line: [UInt8], _ dialect: TableDialect, words: Int = 0) {
    let blanks = dialect.delimiter == .blanks
    var delimiter: UInt8 = 0x20
    if case .character(let mark) = dialect.delimiter { delimiter = mark }
    let count = line.count
    var i = 0
    while i <= count {
      var first = i
      while i < count {
        let byte = line[i]
        if byte == delimiter || (blanks && byte == 0x09) { break }
        i += 1
      }
      var last = i
      let isEnd = i == count
      i += 1
      while first < last, line[first] == 0x20 || line[first] == 0x09 { first += 1 }
      while last > first, line[last - 1] == 0x20 || line[last - 1] == 0x09 { last -= 1 }
      if first == last, blanks || isEnd { continue }
      cells += 1
      if cells <= words {
        numbers += 1
        continue
      }
      let pieces = Self.pieces(line, first, last, mark: dialect.decimalMark)
      guard pieces > 0, pieces == 1 || blanks else {
        if last - first == 1 || line[first..<last].contains(where: { $0 &- 48 <= 9 }) {
          spoilt += 1
        }
        continue
      }
      cells += pieces - 1
      numbers += pieces
      if pieces > 1 { hasOverrun = true }
    }
  }

  /// How many numbers a cell holds: 0 for text, more than 1 where they overran their fields.
  ///
  /// An overrun needs a decimal mark or an exponent in each part, so that a date is none.
  private static func pieces(_ line: [UInt8], _ first: Int, _ last: Int, mark: UInt8) -> Int {
    if first == last { return 1 }
    var count = 0
    var digits = 0
    var isFraction = false
    var hasExponent = false
    var exponentDigits = 0
    var isPlain = false
    var i = first
    while i < last {
      let byte = line[i]
      if byte &- 48 <= 9 {
        digits += 1
        if hasExponent { exponentDigits += 1 }
      } else if byte == mark {
        if isFraction || hasExponent { return 0 }
        isFraction = true
      } else if byte | 0x20 == 0x65 || byte | 0x20 == 0x64 {
        if digits == 0 || hasExponent { return isWord(line, first, last) }
        hasExponent = true
      } else if byte == 0x2B || byte == 0x2D {
        // A sign starts the number or its exponent; anywhere else it starts the next number.
        if i > first, !(hasExponent && exponentDigits == 0 && (line[i - 1] | 0x20) &- 0x64 <= 1) {
          guard digits > 0, !hasExponent || exponentDigits > 0 else { return 0 }
          if !isFraction && !hasExponent { isPlain = true }
          count += 1
          (digits, exponentDigits, isFraction, hasExponent) = (0, 0, false, false)
        }
      } else {
        return isWord(line, first, last)
      }
      i += 1
    }
    guard digits > 0, !hasExponent || exponentDigits > 0 else { return isWord(line, first, last) }
    if count > 0, isPlain || (!isFraction && !hasExponent) { return 0 }
    return count + 1
  }

  private static let known: Set<String> = [
    "nan", "+nan", "-nan", "inf", "+inf", "-inf", "infinity", "-infinity", "n/a", "null", "none",
    "--", "---", "*", "overflow",
  ]

  /// 1 for the words that stand for no number, which the table reader knows too; else 0.
  private static func isWord(_ line: [UInt8], _ first: Int, _ last: Int) -> Int {
    guard last - first <= 9 else { return 0 }
    return known.contains(String(decoding: line[first..<last], as: UTF8.self).lowercased()) ? 1 : 0
  }

  /// The line with a blank before every number that overran its field.
  static func withoutOverruns(_ line: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for byte in line {
      if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+"), let last = result.last,
        last &- 48 <= 9 || last == UInt8(ascii: ".")
      {
        result.append(0x20)
      }
      result.append(byte)
    }
    return result
  }
}
