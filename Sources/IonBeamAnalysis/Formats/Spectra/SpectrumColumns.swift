internal import Bytes
internal import Reading
internal import Tables

/// What the columns of a text spectrum are, by the words above them or by their numbers.
struct SpectrumColumns {
  /// The meaning of a column.
  enum Meaning: Hashable {
    case channel, energy, counts, simulated
  }

  private static let words: [(Meaning, Set<String>)] = [
    (
      .channel,
      [
        "channel", "channels", "chan", "ch", "chn", "channel number", "kanal", "kan\u{E4}le",
        "kanalnummer", "canal", "kanaal", "kanava", "canale", "kana\u{142}", "csatorna",
        "channel no", "channel nr", "bin",
      ]
    ),
    (
      .energy,
      [
        "energy", "energie", "energ\u{ED}a", "energia", "e", "energy low", "energy kev",
        "\u{E9}nergie", "energi",
      ]
    ),
    (
      .counts,
      [
        "counts", "count", "cts", "data", "experimental", "exp", "measured", "z\u{E4}hler",
        "zaehler", "z\u{E4}hlrate", "ereignisse", "impulse", "yield", "events", "coups", "cuentas",
        "experiment", "counts/channel", "spectrum", "contagens", "conteggi", "tellingen",
        "zliczenia",
        "pulssit", "be\u{FC}t\u{E9}s", "inhalt",
      ]
    ),
    (.simulated, ["fit", "simulated", "simulation", "sim", "total", "simul"]),
  ]

  /// What a label says; nil for any other word.
  static func meaning(_ label: String) -> Meaning? {
    let word = bare(label)
    return words.first { $0.1.contains(word) }?.0
  }

  /// The label in lower case without unit, quotes, marks and number signs.
  private static func bare(_ label: String) -> String {
    var text = label.lowercased()
    for mark in ["(", "[", "{"] {
      if let start = text.firstIndex(of: Character(mark)) { text = String(text[..<start]) }
    }
    if text != "counts/channel", let slash = text.firstIndex(of: "/") {
      text = String(text[..<slash])
    }
    text = String(text.map { $0 == "_" || $0 == "-" ? " " : $0 })
    var trimmed = SpectrumText.trimmed(text)
    while let first = trimmed.first, ["#", "%", "\"", "'", " "].contains(first) {
      trimmed.removeFirst()
    }
    while let last = trimmed.last, [":", ".", "\"", "'", " ", ",", ";"].contains(last) {
      trimmed.removeLast()
    }
    for unit in [" kev", " mev", " ev"] where trimmed.hasSuffix(unit) && trimmed != "energy kev" {
      trimmed.removeLast(unit.count)
    }
    return trimmed
  }

  /// How many keV the unit within a label is; 1 where there is none.
  static func scale(_ label: String) -> Double {
    let words = label.lowercased().split { !$0.isLetter }
    return words.compactMap { SpectrumText.kiloelectronvolts($0) }.first ?? 1
  }

  /// Labels as words for columns; nil where none of them means anything.
  static func meanings(_ labels: [String]) -> [Meaning?]? {
    let found = labels.map(meaning)
    return found.contains { $0 != nil } ? found : nil
  }
}

/// The rows at the start of a text, for recognition: cheap, and without the decoding of the whole.
struct SpectrumRows {
  /// The cells of the first rows as numbers.
  var rows: [[Double]]
  /// The cells of the line above the rows.
  var labels: [String]

  /// Nil where the text does not end in rows of numbers with the same count of cells.
  init?(_ file: FileHead) {
    var head = file.head.prefix(16384)
    let isWhole = head.count == file.size
    if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
      head = ByteView(head.dropFirst(2).array.filter { $0 != 0 })
    }
    if head.starts(with: [0xEF, 0xBB, 0xBF]) { head = head.dropFirst(3) }
    var lines: [ByteView] = []
    for line in TextLines(head) where line.range.count > 0 {
      let content = head[line.range]
      if content.withBytes({ $0.contains { $0 != 0x20 && $0 != 0x09 } }) { lines.append(content) }
    }
    // The last line of the head may be cut.
    if !isWhole, !lines.isEmpty { lines.removeLast() }
    if isWhole, let last = lines.last, last.starts(with: [UInt8(ascii: "<"), UInt8(ascii: "/")]) {
      lines.removeLast()
    }
    guard let last = lines.last, Self.mayBeRow(last) else { return nil }
    var start = lines.count
    while start > 0, Self.mayBeRow(lines[start - 1]) { start -= 1 }
    let dialect = Self.dialect(lines[start])
    let scanner = NumberScanner(decimalMark: dialect.decimalMark)
    rows = []
    for line in lines[start...].prefix(64) {
      let cells = dialect.cells(line).filter { !$0.isEmpty }
      let numbers = cells.compactMap { scanner.parse($0) }
      guard numbers.count == cells.count, numbers.count == rows.first?.count ?? numbers.count,
        !numbers.isEmpty
      else { return nil }
      rows.append(numbers)
    }
    labels = []
    if start > 0 {
      let bytes = lines[start - 1]
      let isASCII = bytes.withBytes { $0.allSatisfy { $0 < 0x80 } }
      let text = isASCII ? bytes : ByteView(utf8: Self.decoded(bytes))
      labels = SpectrumText.isDataMark(TextLines.string(text)) ? [] : dialect.cells(text)
    }
  }

  private static func decoded(_ bytes: ByteView) -> String {
    String(validating: bytes.array, as: UTF8.self) ?? bytes.latin1()
  }

  /// Whether a line starts as a number.
  private static func mayBeRow(_ line: ByteView) -> Bool {
    for offset in 0..<min(line.count, 64) {
      guard let byte = line[offset] else { return false }
      if byte == 0x20 || byte == 0x09 || (byte == 0x22 && line.count > 2) { continue }
      return byte &- 48 <= 9 || byte == 0x2D || byte == 0x2B || byte == 0x2E
    }
    return false
  }

  private static func dialect(_ line: ByteView) -> TableDialect {
    let bytes = line.array
    let comma = UInt8(ascii: ",")
    for mark in [UInt8(ascii: ";"), 0x09] where bytes.contains(mark) {
      return TableDialect(
        delimiter: .character(mark),
        decimalMark: bytes.contains(comma) ? comma : UInt8(ascii: "."))
    }
    return TableDialect(delimiter: bytes.contains(comma) ? .character(comma) : .blanks)
  }
}
