internal import Bytes
internal import Tables

/// The header of an EC-Lab or BT-Lab text export: settings, and the line of column names.
struct BioLogicHeader {
  /// The lines above the column names.
  private(set) var settings: [TextLine] = []
  /// The line of the column names.
  private(set) var namesLine: TextLine
  /// The column names, one empty one at the end taken off.
  private(set) var names: [String]
  /// What stands between cells: a tab, or the semicolon of BCS exports.
  private(set) var delimiter: UInt8

  /// Whether a first line is that of an export with settings.
  static func isMagic(_ line: String) -> Bool {
    line.hasPrefix("EC-Lab ASCII FILE") || line.hasPrefix("BT-Lab ASCII FILE")
  }

  /// Names that EC-Lab writes, as marks of a file without settings.
  private static let marks: Set<String> = [
    "mode", "ox/red", "error", "control changes", "Ns changes", "counter inc.", "Ns", "time/s",
    "freq/Hz", "Re(Z)/Ohm", "-Im(Z)/Ohm", "|Z|/Ohm", "Phase(Z)/deg", "Ewe/V", "<Ewe>/V", "Ecell/V",
    "I/mA", "<I>/mA", "cycle number", "(Q-Qo)/mA.h", "half cycle", "dq/mA.h", "P/W", "I Range",
    "control/V", "control/mA", "control/V/mA", "Ece/V",
  ]

  /// How many of the cells are names that EC-Lab writes.
  static func markCount(_ cells: [String]) -> Int { Set(cells).intersection(marks).count }

  /// What stands between the cells of a line of names.
  static func delimiter(_ line: String) -> UInt8 {
    let bytes = line.utf8
    let semicolon = UInt8(ascii: ";")
    return bytes.count { $0 == semicolon } > bytes.count { $0 == 0x09 } ? semicolon : 0x09
  }

  /// The cells of a line of names.
  static func cells(_ line: String) -> [String] {
    let mark = delimiter(line)
    var cells = TableDialect(delimiter: .character(mark)).cells(ByteView(utf8: line))
    if cells.count > 1, cells.last == "" { cells.removeLast() }
    return cells
  }

  init(_ text: ByteView) throws(ReadFailure) {
    let lines = TextLines(text)
    guard let first = lines.first(where: { _ in true }) else {
      throw ReadFailure(
        "mpt.empty", found: "the file is empty (0 bytes)", expected: "expected an EC-Lab export")
    }
    namesLine = first
    names = Self.cells(lines.string(first))
    delimiter = Self.delimiter(lines.string(first))
    if !Self.isMagic(lines.string(first)) {
      if Self.markCount(names) >= 2 { return }
      throw ReadFailure(
        "mpt.header", at: .line(1), found: "'\(lines.string(first).prefix(60))'",
        expected: "expected 'EC-Lab ASCII FILE', 'BT-Lab ASCII FILE' or a line of column names")
    }
    var declared: Int?
    for line in lines {
      if line.number == 2 {
        declared = try Self.declaredLines(lines.string(line))
      }
      guard line.number > 2, let declared else {
        settings.append(line)
        continue
      }
      if line.number < declared {
        settings.append(line)
        continue
      }
      namesLine = line
      names = Self.cells(lines.string(line))
      delimiter = Self.delimiter(lines.string(line))
      if names.count < 2 || Self.markCount(names) == 0 {
        throw ReadFailure(
          "mpt.header-lines", at: .line(2),
          found: "line \(declared) holds no column names ('\(lines.string(line).prefix(60))')",
          expected: "expected the number of the line with the column names")
      }
      return
    }
    throw ReadFailure(
      "mpt.truncated-header", at: .line(2),
      found: "\(declared ?? 0) header lines declared, \(settings.count) present",
      expected: "expected the whole header and the line of column names")
  }

  private static func declaredLines(_ line: String) throws(ReadFailure) -> Int {
    let digits = line.drop { !$0.isNumber }.prefix { $0.isNumber }
    guard line.hasPrefix("Nb header lines"), let count = Int(digits), count >= 3 else {
      throw ReadFailure(
        "mpt.header-lines", at: .line(2), found: "'\(line.prefix(60))'",
        expected: "expected 'Nb header lines : N' with N of 3 or more")
    }
    return count
  }

  /// All settings: `key : value` by key, any other line as `header line N`, with their places.
  func metadata(_ text: DecodedText) -> (metadata: Metadata, origins: [String: Origin]) {
    var metadata = Metadata()
    var origins: [String: Origin] = [:]
    for line in settings {
      let words = Self.trim(TextLines.string(text.utf8[line.range])[...])
      if words.isEmpty { continue }
      var key = "header line \(line.number)"
      var value = words
      if let mark = words.firstRange(of: " : ") {
        key = Self.trim(words[..<mark.lowerBound])
        value = Self.trim(words[mark.upperBound...])
      } else if words.hasSuffix(" :") {
        key = Self.trim(words.dropLast(2))
        value = ""
      }
      metadata.append(key, value)
      if origins[key] == nil {
        let bytes =
          text.sourceOffset(line.range.lowerBound)..<text.sourceOffset(line.range.upperBound)
        origins[key] = Origin(bytes: [bytes], lines: line.number...line.number, steps: ["text"])
      }
    }
    return (metadata, origins)
  }

  private static func trim(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}

extension String {
  /// Where a text first occurs.
  fileprivate func firstRange(of needle: String) -> Range<Index>? {
    var i = startIndex
    while i < endIndex {
      if self[i...].hasPrefix(needle) { return i..<index(i, offsetBy: needle.count) }
      i = index(after: i)
    }
    return nil
  }
}
