internal import Bytes
internal import Tables

/// The lines above the numbers of a PSTrace export: notes, names of the curves, dates, and units.
struct PalmSensHeader {
  /// The cells of the line above the numbers: a unit each (`s,V,s,V`), or labels with units.
  private(set) var labels: [String] = []
  /// The line of the labels, and where the numbers start.
  private(set) var labelsLine = 1, dataStart = 0, dataLine = 1
  /// What stands between cells.
  private(set) var delimiter = UInt8(ascii: ",")
  /// Dates, notes and names.
  private(set) var metadata = Metadata()
  /// The cells of the line of names, above the dates of the measurements.
  private var names: [String] = []

  init(_ text: DecodedText) throws(ReadFailure) {
    var lines: [(number: Int, cells: [String])] = []
    for line in TextLines(text.utf8) {
      if line.number > 1000 { break }
      let bytes = text.utf8[line.range].prefix(1 << 16)
      let content = TextLines.string(bytes)
      if content.allSatisfy({ $0 == " " || $0 == "\u{FEFF}" }) { continue }
      let mark = Self.delimiter(content)
      let cells = TableDialect(delimiter: .character(mark)).cells(bytes)
      if let last = lines.last, Self.isRow(cells) {
        labels = last.cells
        while labels.count > 1, labels.last == "" { labels.removeLast() }
        labelsLine = last.number
        dataStart = line.range.lowerBound
        dataLine = line.number
        delimiter = mark
        keep(lines.dropLast())
        return
      }
      lines.append((line.number, cells))
    }
    throw ReadFailure(
      "palmsens.no-data", at: .line(lines.last?.number ?? 1), found: "no row of numbers",
      expected: "expected a line of units and rows below the dates")
  }

  private static func delimiter(_ line: String) -> UInt8 {
    let marks: [Character] = [";", "\t"]
    for mark in marks where line.contains(mark) { return mark.asciiValue ?? 0x2C }
    return UInt8(ascii: ",")
  }

  /// Whether all cells that hold anything are numbers, two of them at least.
  private static func isRow(_ cells: [String]) -> Bool {
    let full = cells.filter { !$0.isEmpty }
    return full.count >= 2
      && full.allSatisfy { cell in
        let text = String(cell.map { $0 == "," ? "." : $0 })
        return Double(text)?.isFinite == true
      }
  }

  private mutating func keep(_ lines: ArraySlice<(number: Int, cells: [String])>) {
    var last: [String] = []
    for (_, cells) in lines {
      let key = cells.first ?? ""
      if key.hasPrefix("Date and time measurement") { names = last }
      let isKey = key.hasSuffix(":")
      // The key stands again before each curve.
      let rest = cells.filter { !$0.isEmpty && !(isKey && $0 == key) }.joined(separator: ", ")
      metadata.append(isKey ? String(key.dropLast()) : "header", rest)
      last = cells
    }
  }

  /// The name of the curve that starts at a column; a repeated one gets a number.
  func name(ofColumn column: Int, among others: [String]) -> String {
    let cell = column < names.count ? names[column] : ""
    let short = cell.split(separator: ":").first.map(String.init) ?? ""
    let name = short.isEmpty ? "curve" : short
    if !others.contains(name) { return name }
    var n = 2
    while others.contains("\(name)_\(n)") { n += 1 }
    return "\(name)_\(n)"
  }
}
