internal import Bytes
internal import DelimitedText

/// Where the rows of a sample end, and whether they stand in sections.
struct DraftLayout {
  /// The pattern of the lines that start a section.
  var sections: String?
  /// The pattern of the line behind the last row.
  var ends: String?
  /// What becomes of rows with another number of cells.
  var ragged: String?
  /// Whether the header stands among the rows again.
  var repeatsHeader = false
  /// How many rows it should read.
  var rows = 1

  /// The ways in which the rows may stand, the likeliest first.
  static func candidates(
    _ text: ByteView, _ table: TableDraft, _ scan: DraftScan
  ) -> [DraftLayout] {
    if scan.strays.isEmpty, scan.blocks.count <= 1 { return [DraftLayout()] }
    var all: [DraftLayout] = []
    if let pattern = sections(text, table, scan) {
      all.append(DraftLayout(sections: pattern, rows: scan.rows))
    }
    if let header = table.headerLine {
      let name = text[header.range].array
      if scan.strays.contains(where: { text[scan.lines[$0].range].array == name }) {
        all.append(DraftLayout(repeatsHeader: true, rows: scan.rows))
      }
    }
    // Behind the line that ends the rows most lines are none.
    let end = ends(text, table, scan)
    let main = scan.blocks.indices.contains(scan.main) ? scan.blocks[scan.main] : nil
    let own = main?.rows ?? 0
    let lost = scan.rows - own
    let after = scan.strays.count { $0 > main?.last ?? 0 }
    let isEnd = lost <= 1 || lost <= 4 * after && lost * 5 <= own
    if let end, isEnd { all.append(DraftLayout(ends: end, rows: own)) }
    all.append(DraftLayout(rows: scan.rows))
    all.append(DraftLayout(ragged: "pad", rows: scan.rows))
    if let end, !isEnd { all.append(DraftLayout(ends: end, rows: scan.rows)) }
    all.append(DraftLayout(ragged: "drop", rows: scan.rows))
    return all
  }

  // MARK: The end

  /// A pattern for the first line behind the rows, by its first word.
  private static func ends(_ text: ByteView, _ table: TableDraft, _ scan: DraftScan) -> String? {
    guard scan.blocks.indices.contains(scan.main) else { return nil }
    let last = scan.blocks[scan.main].last
    guard let stray = scan.strays.first(where: { $0 > last }) else { return nil }
    let line = TextLines.string(text[scan.lines[stray].range])
    let start = String(line.prefix { $0 == " " || $0 == "\t" })
    let word = firstWord(line)
    guard let letter = word.unicodeScalars.first, !(48...57).contains(letter.value), letter != "-",
      letter != "+"
    else { return nil }
    return "^" + DraftText.escaped(start) + DraftText.escaped(word)
  }

  /// The text up to the first blank, tab, or mark of a value behind a key, that mark included.
  static func firstWord(_ line: String) -> String {
    var word = ""
    for character in line.drop(while: { $0 == " " || $0 == "\t" }) {
      if character == " " || character == "\t" || character == "," || character == ";" { break }
      word.append(character)
      if character == ":" || character == "=" { break }
    }
    return word
  }

  // MARK: Sections

  /// A pattern for the line that starts each of several blocks with names of their own; nil where there is none.
  private static func sections(
    _ text: ByteView, _ table: TableDraft, _ scan: DraftScan
  ) -> String? {
    // The lines above each block, back to the block before it.
    var above: [[String]] = []
    var end = 0
    for block in scan.blocks where block.rows >= 2 {
      let between = (end..<block.first).map { TextLines.string(text[scan.lines[$0].range]) }
      end = block.last + 1
      let isNamed = between.suffix(4).contains {
        TableLayout.labels(ByteView(utf8: $0), table.dialect, count: block.cells) != nil
      }
      if isNamed { above.append(between) } else { return nil }
    }
    guard above.count >= 2, let first = above.first else { return nil }
    // The first line of a section is the first one whose start stands once above every block.
    for line in above[1] where isMark(line) {
      let word = firstWord(line)
      let count = { (lines: [String]) in lines.count { firstWord($0) == word && isMark($0) } }
      // Some files say before the first section what stands in every one.
      if above.dropFirst().allSatisfy({ count($0) == 1 }), count(first) == 1 {
        let rest = String(line.drop { $0 == " " || $0 == "\t" }.dropFirst(word.count))
        let gap =
          rest.first == " "
          ? " " : rest.first == "\t" ? "\\t" : rest.first.map { DraftText.escaped("\($0)") } ?? ""
        return "^\\s*" + DraftText.escaped(word) + (gap.isEmpty ? "" : "\(gap)\\s*(?<section>.*)")
      }
    }
    return kindred(above)
  }

  /// Lines of which one word is the same in every block, such as `ZCURVE<tab>TABLE`.
  private static func kindred(_ above: [[String]]) -> String? {
    guard let second = above.dropFirst().first else { return nil }
    for line in second.reversed() where isMark(line) {
      let words = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard words.count >= 2, let name = words.first, !name.isEmpty else { continue }
      let word = words[1]
      guard !word.isEmpty, NumberScanner.parse(String(word)) == nil else { continue }
      let isOnce = above.allSatisfy { lines in
        lines.count { other in
          let parts = other.split(separator: "\t", omittingEmptySubsequences: false)
          return parts.count >= 2 && !parts[0].isEmpty && parts[1] == word
        } == 1
      }
      if isOnce { return "^(?<section>\\S+)\\t" + DraftText.escaped(String(word)) }
    }
    return nil
  }

  /// Whether a line holds a word that could start a section.
  private static func isMark(_ line: String) -> Bool {
    firstWord(line).unicodeScalars.contains { $0.properties.isAlphabetic || $0 == "#" || $0 == "[" }
  }
}
