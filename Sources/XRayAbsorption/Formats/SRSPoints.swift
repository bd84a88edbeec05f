internal import Bytes
internal import Tables
internal import Units

/// The header and the points of an SRS scan, taken apart but not yet numbers.
struct SRSPoints {
  /// One point: its cells in the text, and the lines from its first to its last.
  struct Point {
    var cells: [Range<Int>]
    var line: Int
    var lastLine: Int
  }

  private(set) var header = ScanHeader()
  /// `SRSRUN`, `SRSTLE` and the like.
  private(set) var settings: [(String, String)] = []
  private(set) var hasEnd = false
  private(set) var headerEnd = 1
  var all: [Point] = []
  /// Whether a line of labels stands above the rows, as Diamond writes it.
  private(set) var isLabelled = false
  private(set) var abortedLine: Int?
  private var hasEndOfData = false
  private var ownLabels: [String] = []
  private var width = 0

  /// Whether the end of the data is missing where it belongs.
  var isCut: Bool { !isLabelled && !hasEndOfData && abortedLine == nil }

  /// A line with at least this many numbers opens a point.
  private static let opening = 5

  init(_ text: ByteView) {
    for line in TextLines(text) {
      let content = text[line.range]
      if !hasEnd {
        headerEnd = line.number
        header.append(line, text)
        let words = XDIHeader.trimmed(TextLines.string(content))
        if words.uppercased().hasPrefix("&END") { hasEnd = true } else { take(words) }
        continue
      }
      if content.isBlankOrEndMark { continue }
      let cells = ScanRows.cells(text, line.range)
      if ScanRows.isNumeric(text, cells) {
        add(cells, line.number)
        continue
      }
      if takeWords(TextLines.string(content), line, text, cells) { break }
    }
    if width == 0 { width = all.first?.cells.count ?? 0 }
    // The count of cells that most points have, should the first be damaged.
    var counts: [Int: Int] = [:]
    for point in all { counts[point.cells.count, default: 0] += 1 }
    if let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }) { width = most.key }
  }

  private mutating func add(_ cells: [Range<Int>], _ line: Int) {
    let opens = isLabelled || cells.count >= Self.opening || all.isEmpty
    if opens {
      all.append(Point(cells: cells, line: line, lastLine: line))
    } else {
      all[all.count - 1].cells += cells
      all[all.count - 1].lastLine = line
    }
  }

  /// Takes a line that holds more than numbers; true where the data end with it.
  private mutating func takeWords(
    _ line: String, _ at: TextLine, _ text: ByteView, _ cells: [Range<Int>]
  ) -> Bool {
    let words = XDIHeader.trimmed(line)
    let upper = words.uppercased()
    if upper.hasPrefix("END") {
      hasEndOfData = true
      header.append(at, text)
      return true
    }
    if upper.hasPrefix("DATA ABORTED") {
      abortedLine = at.number
      header.append(at, text)
      return true
    }
    let isComment = upper == "C" || upper.hasPrefix("C ") || line.hasPrefix("C")
    if isComment || (all.isEmpty && words.contains("=")) || words.hasPrefix("<") {
      header.append(at, text)
      if isComment, all.isEmpty { ownLabels = Self.labels(words.dropFirst()) }
    } else if all.isEmpty, !cells.contains(where: { ScanRows.isNumeric(text, [$0]) }) {
      header.append(at, text)
      let labels = line.contains("\t") ? Self.between(line) : Self.labels(words[...])
      if labels.count > 1 {
        ownLabels = labels
        isLabelled = true
      }
    } else {
      // No number where one belongs: the row is told as damaged.
      add(cells, at.number)
    }
    return false
  }

  private static func labels(_ words: Substring) -> [String] {
    words.split { $0 == " " || $0 == "\t" }.map(String.init)
  }

  private static func between(_ line: String) -> [String] {
    line.split(separator: "\t").map { XDIHeader.trimmed($0) }.filter { !$0.isEmpty }
  }

  /// `SRSRUN=66946,SRSTLE='a text, with a comma',`.
  private mutating func take(_ line: String) {
    var rest = line[...]
    while let equals = rest.firstIndex(of: "=") {
      let key = XDIHeader.trimmed(rest[..<equals].drop { $0 == "," || $0 == " " || $0 == "&" })
      rest = rest[rest.index(after: equals)...]
      let value: Substring
      if rest.first == "'" {
        rest = rest.dropFirst()
        let end = rest.firstIndex(of: "'") ?? rest.endIndex
        value = rest[..<end]
        rest = rest[end...].dropFirst()
      } else {
        let end = rest.firstIndex(of: ",") ?? rest.endIndex
        value = rest[..<end]
        rest = rest[end...]
      }
      if !key.isEmpty { settings.append((key, XDIHeader.trimmed(value))) }
    }
  }

  /// The labels of the columns; nil where there is no point.
  var labels: [String]? {
    guard width > 0 else { return nil }
    if ownLabels.count == width, isLabelled || !ownLabels.contains(where: { Double($0) != nil }) {
      return ownLabels
    }
    let known = width == 7 || isLabelled ? ["axis"] : ["axis", "time", "i0", "it", "if", "im"]
    return (0..<width).map { i in
      i < known.count ? known[i] : known.count == 1 ? "col\(i + 1)" : "g\(i - known.count + 1)"
    }
  }

  /// The name and unit of a column behind the axis.
  func role(_ i: Int) -> (String, ColumnUnit) {
    let label = labels?[i] ?? ""
    if label.first == "g", Int(label.dropFirst()) != nil { return ("fluorescence_yield", .absent) }
    return (ColumnNames.meaning(of: label)?.name ?? ColumnLabel.slug(label), .absent)
  }
}
