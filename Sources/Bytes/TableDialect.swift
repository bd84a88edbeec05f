/// How a text table separates its cells and writes its numbers.
public struct TableDialect: Hashable, Sendable {
  /// What stands between two cells.
  public enum Delimiter: Hashable, Sendable {
    /// One character of ASCII.
    case character(UInt8)
    /// One or more blanks or tabs.
    case blanks

    /// The name for people: `tab`, `blanks` or the character.
    public var name: String {
      switch self {
      case .blanks: "blanks"
      case .character(0x09): "tab"
      case .character(let byte): String(Character(Unicode.Scalar(byte)))
      }
    }
  }

  /// What stands between two cells.
  public var delimiter: Delimiter
  /// The decimal mark, `.` or `,`.
  public var decimalMark: UInt8

  /// The character around cells that hold the delimiter; nil where none has that meaning.
  public var quote: UInt8?

  /// A dialect from its parts.
  public init(
    delimiter: Delimiter, decimalMark: UInt8 = UInt8(ascii: "."), quote: UInt8? = UInt8(ascii: "\"")
  ) {
    self.delimiter = delimiter
    self.decimalMark = decimalMark
    self.quote = quote
  }

  /// The decimal mark that is not used, `,` beside `.` and the other way round.
  var otherMark: UInt8 {
    decimalMark == UInt8(ascii: ".") ? UInt8(ascii: ",") : UInt8(ascii: ".")
  }

  /// The cells of one line as text, blanks and quotes taken off.
  public func cells(_ line: ByteView) -> [String] {
    ranges(line, limit: .max).map { CellText.string(line[$0], quote: quote) }
  }

  /// What a cell holds.
  public enum CellKind: Hashable, Sendable {
    /// A number.
    case number
    /// Nothing, or a word for "no value".
    case missing
    /// Anything else.
    case text
  }

  /// What the cells of one line hold.
  public func kinds(_ line: ByteView) -> [CellKind] {
    ranges(line, limit: .max).map { range in
      switch CellText.kind(line[range], dialect: self) {
      case .integer, .real: .number
      case .missing: .missing
      case .text: .text
      }
    }
  }

  /// Where the cells of a line stand, blanks around them left out, at most `limit` of them.
  func ranges(_ line: ByteView, limit: Int) -> [Range<Int>] {
    line.withBytes { bytes in
      var result: [Range<Int>] = []
      var i = 0
      let count = bytes.count
      func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte == 0x09 && delimiter != .character(0x09))
      }
      while result.count < limit {
        while i < count, isBlank(bytes[i]) { i += 1 }
        if delimiter == .blanks, i >= count { break }
        let start = i
        if let quote, i < count, bytes[i] == quote {
          i = CellText.afterQuotes(bytes, from: i, end: count, quote: quote) ?? count
        }
        switch delimiter {
        case .blanks: while i < count, !isBlank(bytes[i]) { i += 1 }
        case .character(let mark): while i < count, bytes[i] != mark { i += 1 }
        }
        var end = i
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        result.append(start..<end)
        if i >= count { break }
        i += 1
      }
      return result
    }
  }
}

/// The text of single cells: quotes, missing tokens, numbers with thousands separators.
enum CellText {
  /// The offset behind the closing quote of a cell that opens at `start`; nil where it never closes.
  static func afterQuotes(
    _ bytes: UnsafeRawBufferPointer, from start: Int, end: Int, quote: UInt8
  ) -> Int? {
    var i = start + 1
    while i < end {
      if bytes[i] == quote {
        if i + 1 < end, bytes[i + 1] == quote {
          i += 1
        } else {
          return i + 1
        }
      }
      i += 1
    }
    return nil
  }

  /// A cell as text: quotes around it are taken off and doubled ones inside halved.
  static func string(_ cell: ByteView, quote: UInt8?) -> String {
    TextLines.string(unquoted(cell, quote: quote))
  }

  /// A cell without the quotes around it.
  static func unquoted(_ cell: ByteView, quote: UInt8?) -> ByteView {
    guard let quote, cell.count >= 2, cell[0] == quote, cell[cell.count - 1] == quote else {
      return cell
    }
    let inner = cell[1..<(cell.count - 1)]
    guard inner.withBytes({ $0.contains(quote) }) else { return inner }
    var bytes: [UInt8] = []
    var skip = false
    for byte in inner.array {
      if byte == quote && !skip {
        skip = true
        bytes.append(byte)
      } else {
        if byte != quote { bytes.append(byte) }
        skip = false
      }
    }
    return ByteView(bytes)
  }

  /// Words that instruments and spreadsheets write where there is no number, in lower case.
  private static let missingTokens: Set<String> = [
    "", "nan", "+nan", "-nan", "nan(ind)", "-nan(ind)", "1.#qnan", "-1.#qnan", "1.#ind", "-1.#ind",
    "1,#qnan", "-1,#qnan", "1,#ind", "-1,#ind", "1.#inf", "-1.#inf", "1,#inf", "-1,#inf", "inf",
    "+inf", "-inf", "infinity", "+infinity", "-infinity", "na", "n/a", "#n/a", "#value!", "#div/0!",
    "null", "none", "--", "---", "*", "ovl", "ol", "overflow", "under", "?",
  ]

  /// Whether a cell is one of the words for "no number", in any case.
  static func isMissing(_ cell: ByteView) -> Bool {
    if cell.count == 0 { return true }
    if cell.count > 10 { return false }
    return missingTokens.contains(TextLines.string(cell).lowercased())
  }

  /// The cell without thousands separators; nil where it has none or they are not in threes.
  ///
  /// Separators are blank, U+00A0, U+202F, `'` and, where the decimal mark is there too, the other
  /// mark.
  static func ungrouped(_ cell: ByteView, dialect: TableDialect) -> ByteView? {
    let mark = dialect.decimalMark
    // Most cells that are no number hold no separator at all.
    let other = dialect.otherMark
    let mayHaveGroups =
      cell.count <= 64
      && cell.withBytes { bytes in
        bytes.contains { $0 == 0x20 || $0 == 0x27 || $0 == other || $0 == 0xC2 || $0 == 0xE2 }
      }
    guard mayHaveGroups else { return nil }
    let bytes = cell.array
    let hasMark = bytes.contains(mark)
    var plain: [UInt8] = []
    var separator: [UInt8] = []
    var digits = 0
    var groups = 0
    var inFraction = false
    var i = 0
    while i < bytes.count {
      let byte = bytes[i]
      if byte &- 48 <= 9 {
        plain.append(byte)
        digits += 1
        i += 1
        continue
      }
      if inFraction || byte == mark || (byte | 0x20) == UInt8(ascii: "e") {
        if !inFraction, groups > 0, digits != 3 { return nil }
        inFraction = true
        plain.append(byte)
        i += 1
        continue
      }
      if plain.isEmpty, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
        plain.append(byte)
        i += 1
        continue
      }
      let length =
        byte == 0xC2 ? 2 : byte == 0xE2 ? 3 : 1
      guard i + length <= bytes.count else { return nil }
      let found = Array(bytes[i..<(i + length)])
      let known: [[UInt8]] = [
        [0x20], [0xC2, 0xA0], [0xE2, 0x80, 0xAF], [UInt8(ascii: "'")], [0xE2, 0x80, 0x99],
      ]
      guard known.contains(found) || (hasMark && found == [dialect.otherMark]) else { return nil }
      guard separator.isEmpty || separator == found else { return nil }
      guard groups == 0 ? (1...3).contains(digits) : digits == 3 else { return nil }
      separator = found
      groups += 1
      digits = 0
      i += length
    }
    guard groups > 0, inFraction || digits == 3 else { return nil }
    return ByteView(plain)
  }

  /// What a cell is in a dialect.
  enum Kind: Equatable {
    case integer, real, missing, text
  }

  static func kind(_ cell: ByteView, dialect: TableDialect) -> Kind {
    let cell = unquoted(cell, quote: dialect.quote)
    guard let first = cell[0] else { return .missing }
    // Letters and other characters that start no number; U+2212 starts with 0xE2.
    let mayBeNumber =
      first &- 48 <= 9 || first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
      || first == dialect.decimalMark || first == 0xE2
    guard mayBeNumber else { return isMissing(cell) ? .missing : .text }
    if NumberScanner(decimalMark: dialect.decimalMark).outcome(cell) != .invalid {
      return integer(cell) == nil ? .real : .integer
    }
    if isMissing(cell) { return .missing }
    return ungrouped(cell, dialect: dialect) == nil ? .text : .real
  }

  /// The whole number that a cell spells, if it is one and fits 64 bits.
  static func integer(_ cell: ByteView) -> Int64? {
    guard cell.count <= 21 else { return nil }
    return cell.withBytes { bytes -> Int64? in
      var i = 0
      var isNegative = false
      if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
        isNegative = first == UInt8(ascii: "-")
        i = 1
      } else if bytes.starts(with: [0xE2, 0x88, 0x92]) {
        isNegative = true
        i = 3
      }
      guard i < bytes.count else { return nil }
      // Below zero, where the range is larger by one.
      var value: Int64 = 0
      while i < bytes.count {
        let digit = bytes[i] &- 48
        guard digit <= 9 else { return nil }
        let (tenfold, isLarge) = value.multipliedReportingOverflow(by: 10)
        let (next, isLarger) = tenfold.subtractingReportingOverflow(Int64(digit))
        guard !isLarge, !isLarger else { return nil }
        value = next
        i += 1
      }
      return isNegative ? value : value == .min ? nil : -value
    }
  }
}
