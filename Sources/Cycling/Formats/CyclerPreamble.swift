internal import Bytes
internal import Tables

/// The lines above a log's labels as keys and values.
struct CyclerPreamble {
  /// The keys and values in the file's order.
  private(set) var metadata = Metadata()
  /// Where each key stands.
  private(set) var origins: [String: Origin] = [:]

  /// Takes lines apart: `key:` before a delimiter, `key: value`, `key<delimiter>value`; any other line
  /// is kept as `header line N`.
  init(
    _ lines: [TextLine], of text: DecodedText, delimiter: TableDialect.Delimiter,
    mark: Character? = nil
  ) {
    let dialect = TableDialect(delimiter: delimiter)
    for line in lines {
      var cells = dialect.cells(text.utf8[line.range]).map { Self.trim($0[...]) }
      if let mark, let first = cells.first, first.first == mark {
        cells[0] = Self.trim(first.dropFirst())
      }
      while let last = cells.last, last.isEmpty { cells.removeLast() }
      for (key, value) in Self.pairs(cells, line: line.number) {
        metadata.append(key, value)
        if origins[key] == nil {
          let bytes =
            text.sourceOffset(line.range.lowerBound)..<text.sourceOffset(line.range.upperBound)
          origins[key] = Origin(bytes: [bytes], lines: line.number...line.number, steps: ["text"])
        }
      }
    }
  }

  /// Adds what the reader has to say of its own.
  mutating func note(_ key: String, _ value: String) { metadata.append(key, value) }

  private static func pairs(_ cells: [String], line: Int) -> [(String, String)] {
    guard let first = cells.first else { return [] }
    if cells.count == 1 {
      guard let pair = pair(first) else { return [("header line \(line)", first)] }
      return [pair]
    }
    var result: [(String, String)] = []
    var i = 0
    while i < cells.count {
      let cell = cells[i]
      let next = i + 1 < cells.count ? cells[i + 1] : ""
      if cell.hasSuffix(":"), cell.count > 1 {
        let isKey = next.hasSuffix(":") && i + 2 < cells.count
        result.append((key(cell.dropLast(), line, &result), isKey ? "" : next))
        i += isKey ? 1 : 2
      } else if i == 0, cells.count == 2 {
        result.append((key(cell[...], line, &result), next))
        return result
      } else if let pair = pair(cell) {
        result.append(pair)
        i += 1
      } else {
        if !cell.isEmpty { result.append(("header line \(line)", cell)) }
        i += 1
      }
    }
    return result
  }

  /// A key; text before a wide gap in it, `Today's Date 01/15/2025  Date of Test`, is a line of its own.
  private static func key(
    _ cell: Substring, _ line: Int, _ result: inout [(String, String)]
  ) -> String {
    guard let gap = cell.firstRange(of: "  ") else { return trim(cell) }
    result.append(("header line \(line)", trim(cell[..<gap.lowerBound])))
    return trim(cell[gap.upperBound...])
  }

  /// `key: value`; the colon of a clock time or of a drive letter is none.
  private static func pair(_ cell: String) -> (String, String)? {
    guard let colon = cell.firstIndex(of: ":"), colon != cell.startIndex else { return nil }
    let rest = cell[cell.index(after: colon)...]
    guard rest.isEmpty || rest.first == " " else { return nil }
    return (trim(cell[..<colon]), trim(rest))
  }

  private static func trim(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return String(text)
  }
}

extension Substring {
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

/// The line of labels of a log, found among its first lines.
struct CyclerLabelLine {
  /// The line.
  let line: TextLine
  /// Its cells.
  let labels: [String]
  /// What stands between them.
  let delimiter: TableDialect.Delimiter
  /// The lines above it.
  let above: [TextLine]

  /// Lines looked at.
  static let mostLines = 2000

  /// The first line of which `accepts` is satisfied with the cells, between tabs, semicolons or commas.
  ///
  /// - Parameter start: the bytes that the line starts with, in lower case, blanks and quotes left out;
  ///   any other line is passed over at once.
  init?(
    _ text: ByteView, lines limit: Int = mostLines, start: String = "",
    accepts: ([String]) -> Bool
  ) {
    let start = Array(start.utf8)
    var above: [TextLine] = []
    for line in TextLines(text) {
      if above.count >= limit { return nil }
      let content = text[line.range]
      if content.count <= 65_536, Self.starts(content, with: start) {
        for mark in [UInt8(0x09), UInt8(ascii: ";"), UInt8(ascii: ",")] {
          guard content.withBytes({ $0.contains(mark) }) else { continue }
          var cells = TableDialect(delimiter: .character(mark)).cells(content)
          while cells.count > 1, cells.last == "" { cells.removeLast() }
          if accepts(cells) {
            self.line = line
            labels = cells
            delimiter = .character(mark)
            self.above = above
            return
          }
        }
      }
      above.append(line)
    }
    return nil
  }

  private static func starts(_ line: ByteView, with start: [UInt8]) -> Bool {
    line.withBytes { bytes in
      var i = 0
      while i < bytes.count, bytes[i] == 0x20 || bytes[i] == UInt8(ascii: "\"") { i += 1 }
      guard i + start.count <= bytes.count else { return false }
      for (k, wanted) in start.enumerated() {
        let byte = bytes[i + k]
        let lower = byte &- 65 <= 25 ? byte | 0x20 : byte
        if lower != wanted { return false }
      }
      return true
    }
  }
}
