internal import Bytes
internal import Tables

/// The numbers of a block of lines: one or several a line, between blanks, tabs, commas or semicolons.
struct CountLines {
  /// The numbers, exact, where all are whole.
  private(set) var whole: [Int64] = []
  /// All numbers where one is not whole.
  private(set) var real: [Double]?
  /// The offset and number of the line behind the block.
  private(set) var end: Int
  private(set) var endLine: Int
  /// The bytes of the block.
  private(set) var bytes: Range<Int>
  /// The lines with numbers; nil where there are none.
  private(set) var lines: ClosedRange<Int>?
  /// The most numbers on one line.
  private(set) var widest = 0
  /// Lines before the last one that hold another count of numbers than the first line.
  private(set) var unevenLines = 0
  /// Blank lines between the numbers.
  private(set) var blankLines = 0
  /// Blank lines behind the numbers.
  private(set) var trailingBlanks = 0
  /// Places on a line where two blanks stand between numbers.
  private(set) var gaps = 0

  /// The numbers as a column's values.
  var values: ColumnValues { real.map { .real($0) } ?? .integer(whole) }
  /// How many there are.
  var count: Int { real?.count ?? whole.count }

  /// Warns of blank lines between the numbers: a count may be lost there.
  func noteBlanks(_ diagnostics: inout DiagnosticList) {
    if unevenLines > 0 {
      diagnostics.warn(
        "spectrum.uneven-lines", at: lines.map { .line($0.lowerBound) } ?? .whole,
        found: "\(unevenLines) lines hold another count of numbers than the first one",
        expected: "expected as many on every line but the last; counts may be lost or joined")
    }
    if trailingBlanks > 0 {
      diagnostics.note(
        "spectrum.trailing-blanks", at: lines.map { .line($0.upperBound) } ?? .whole,
        found: "\(trailingBlanks) blank lines follow the counts",
        expected: "a count may be lost there")
    }
    guard blankLines > 0 else { return }
    diagnostics.warn(
      "spectrum.blank-lines", at: lines.map { .line($0.lowerBound) } ?? .whole,
      found: "\(blankLines) blank lines stand between the counts",
      expected: "expected none; a count may be lost there")
  }

  /// Where the values of a column stand in the file.
  func origin(of text: DecodedText, _ steps: String...) -> Origin {
    Origin(
      bytes: [text.sourceOffset(bytes.lowerBound)..<text.sourceOffset(bytes.upperBound)],
      lines: lines, steps: steps)
  }

  /// What ends a block.
  enum End {
    /// A line that starts with this byte.
    case byte(UInt8)
    /// Any line that starts with no number.
    case word
  }

  /// Reads lines from an offset, which is the start of line `line`, to the end of the block or text.
  ///
  /// - Throws: `spectrum.not-a-number` at a cell that is none.
  init(
    _ text: ByteView, from start: Int, line first: Int, until stop: End
  ) throws(ReadFailure) {
    end = start
    endLine = first
    bytes = start..<start
    let scanner = NumberScanner()
    whole.reserveCapacity(min((text.count - min(start, text.count)) / 4 + 1, 1 << 20))
    var i = start
    var line = first
    var blanks = 0
    var widestOfFirst: Int?
    var previous: Int?
    let count = text.count
    try text.withBytes { buffer throws(ReadFailure) in
      while i < count {
        let lineStart = i
        var cell = 0
        row: while i < count {
          let byte = buffer[i]
          if byte == 0x20 || byte == 0x09 || byte == 0x2C || byte == 0x3B {
            if cell > 0, byte == 0x20, i &+ 1 < count, buffer[i &+ 1] == 0x20 { gaps &+= 1 }
            i &+= 1
            continue
          }
          if byte == 0x0A || byte == 0x0D { break row }
          if cell == 0, Self.isEnd(byte, stop) {
            i = lineStart
            trailingBlanks = blanks
            finish(i, line)
            return
          }
          cell &+= 1
          // Up to 18 digits fit; anything else is read the long way.
          var value: Int64 = 0
          var p = i
          while p < count, p &- i < 18 {
            let digit = buffer[p] &- 48
            if digit > 9 { break }
            value = value &* 10 &+ Int64(digit)
            p &+= 1
          }
          if p > i, p == count || Self.isBreak(buffer[p]) {
            i = p
            if real == nil { whole.append(value) } else { real?.append(Double(value)) }
            continue
          }
          while p < count, !Self.isBreak(buffer[p]) { p &+= 1 }
          try add(text[i..<p], scanner, line, cell)
          i = p
        }
        if cell == 0 {
          if lines != nil { blanks &+= 1 }
        } else {
          blankLines &+= blanks
          blanks = 0
          if let previous, previous != (widestOfFirst ?? previous) { unevenLines &+= 1 }
          previous = cell
          if widestOfFirst == nil { widestOfFirst = cell }
          lines = (lines?.lowerBound ?? line)...line
          widest = max(widest, cell)
        }
        if i < count {
          // LF, CRLF, CR, and CR CR LF.
          if buffer[i] == 0x0D {
            if i &+ 1 < count, buffer[i &+ 1] == 0x0A {
              i &+= 1
            } else if i &+ 2 < count, buffer[i &+ 1] == 0x0D, buffer[i &+ 2] == 0x0A {
              i &+= 2
            }
          }
          i &+= 1
          line &+= 1
        }
      }
      trailingBlanks = blanks
      finish(i, line)
    }
  }

  private mutating func finish(_ offset: Int, _ line: Int) {
    end = offset
    endLine = line
    bytes = bytes.lowerBound..<max(bytes.lowerBound, offset)
  }

  private static func isEnd(_ byte: UInt8, _ stop: End) -> Bool {
    switch stop {
    case .byte(let mark): byte == mark
    case .word: byte &- 48 > 9 && byte != 0x2D && byte != 0x2B && byte != 0x2E
    }
  }

  private static func isBreak(_ byte: UInt8) -> Bool {
    byte == 0x0A || byte == 0x0D || byte == 0x20 || byte == 0x09 || byte == 0x2C || byte == 0x3B
  }

  /// Adds a number that is more than digits.
  private mutating func add(
    _ cell: ByteView, _ scanner: NumberScanner, _ line: Int, _ column: Int
  ) throws(ReadFailure) {
    let text = TextLines.string(cell)
    if real == nil, let number = Int64(text) {
      whole.append(number)
      return
    }
    guard let number = scanner.parse(cell) else {
      throw ReadFailure(
        "spectrum.not-a-number", at: .cell(line: line, column: column),
        found: "`\(text.prefix(40))` stands where a count must be", expected: "expected a number")
    }
    if real == nil {
      real = whole.map { Double($0) }
      whole = []
    }
    real?.append(number)
  }
}

/// The straight line through pairs of channel and energy, by least squares.
struct StraightLine {
  /// The energy of channel 0.
  var offset: Double
  /// The slope.
  var slope: Double
  /// The largest distance of an energy from the line.
  var residual: Double

  /// The line; nil where fewer than two channels differ, or a number is not finite.
  init?(_ pairs: [(channel: Double, energy: Double)]) {
    guard pairs.count >= 2, pairs.allSatisfy({ $0.channel.isFinite && $0.energy.isFinite }) else {
      return nil
    }
    let n = Double(pairs.count)
    let x = pairs.reduce(0) { $0 + $1.channel } / n
    let y = pairs.reduce(0) { $0 + $1.energy } / n
    var xx = 0.0
    var xy = 0.0
    for pair in pairs {
      xx += (pair.channel - x) * (pair.channel - x)
      xy += (pair.channel - x) * (pair.energy - y)
    }
    guard xx > 0, (xy / xx).isFinite else { return nil }
    slope = xy / xx
    offset = y - slope * x
    let (a, b) = (offset, slope)
    residual = pairs.reduce(0) { max($0, ($1.energy - a - b * $1.channel).magnitude) }
  }
}
