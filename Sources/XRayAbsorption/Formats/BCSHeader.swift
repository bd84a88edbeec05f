internal import Bytes

/// What stands above the rows of a text file of the Beamline Controls System of the Advanced Light Source.
struct BCSHeader {
  /// One line of the header as key and value.
  struct Entry {
    var key: String
    var value: String
    var line: Int
  }

  private(set) var entries: [Entry] = []
  /// The cells of the line of labels.
  private(set) var labels: [String] = []
  private(set) var labelLine: Int?
  /// Where the line behind the labels starts.
  private(set) var dataStart = 0
  /// Whether `Date: mm/dd/yyyy` is there.
  private(set) var hasDate = false
  /// Whether a line that only this system writes is there.
  private(set) var hasScanLine = false

  /// The words that begin the line of labels.
  private static let firstLabels: Set<String> = [
    "time of day", "time (s)", "time", "frame", "frame #", "frame number",
  ]
  /// Headers are shorter than this.
  private static let mostLines = 1000

  private enum Expected { case nothing, motor, pauseMotor, scanFile }

  init(_ text: ByteView) {
    var expected = Expected.nothing
    // Characters of the description that are still to come, and the lines of a time scan's header.
    var description = 0
    var isTimeScan = false
    let lines = TextLines(text)
    for line in lines {
      guard line.number <= Self.mostLines else { return }
      let raw = lines.string(line)
      let content = XDIHeader.trimmed(raw)
      let cells = raw.utf8.contains(0x09) ? Self.cells(raw) : []
      if cells.count > 1, Self.firstLabels.contains(cells[0].lowercased()) {
        labels = cells
        labelLine = line.number
        dataStart = line.next
        return
      }
      if description > 0 {
        append("Description", content, line.number)
        description -= max(1, raw.utf8.count)
        continue
      }
      switch expected {
      case .motor:
        append("Motor", content, line.number)
        expected = .nothing
        continue
      case .pauseMotor:
        append("Pause motor", content, line.number)
        expected = .scanFile
        continue
      case .scanFile:
        append("Scan file", content, line.number)
        expected = .nothing
        continue
      case .nothing: break
      }
      if content.isEmpty { continue }
      if content.hasPrefix("Start, Stop, Increment") || content.hasPrefix("Flying Scan") {
        append("Scan type", content, line.number)
        hasScanLine = true
        expected = .motor
      } else if content.hasPrefix("From File") {
        append("Scan type", content, line.number)
        hasScanLine = true
        expected = .pauseMotor
      } else if content.first?.isNumber == true {
        // A time scan: the length of its memo, the memo, the samples, the times.
        isTimeScan = isTimeScan || line.number == 2
        timeScanLine(content, line.number, isTimeScan, &description)
      } else if let colon = content.firstIndex(of: ":") {
        let key = XDIHeader.trimmed(content[..<colon])
        let value = XDIHeader.trimmed(content[content.index(after: colon)...])
        append(key, value, line.number)
        if key == "Date", Self.isDate(value) { hasDate = true }
        if ["Delay After Move (s)", "Stay at End", "Bi-directional"].contains(key) {
          hasScanLine = true
        }
        if key == "Description Length" || key == "Decription Length" {
          hasScanLine = true
          description = Self.length(value)
        }
      } else {
        append("comment", content, line.number)
      }
    }
  }

  private mutating func append(_ key: String, _ value: String, _ line: Int) {
    entries.append(Entry(key: key, value: value, line: line))
  }

  private mutating func timeScanLine(
    _ content: String, _ line: Int, _ isTimeScan: Bool, _ description: inout Int
  ) {
    guard isTimeScan else {
      append("comment", content, line)
      return
    }
    hasScanLine = true
    let keys = ["Description Length", "Samples", "Timing"]
    let known = entries.filter { keys.contains($0.key) }.count
    let key = known < keys.count ? keys[known] : "comment"
    append(key, content, line)
    if known == 0 { description = Self.length(content) - 1 }
  }

  /// A length of text as the file writes it; nothing is ever allocated from it.
  private static func length(_ text: String) -> Int {
    let digits = text.prefix { $0.isNumber }
    return min(max(0, Int(digits) ?? 0), 1 << 20)
  }

  /// The cells between tabs, without empty ones at the end.
  static func cells(_ line: String) -> [String] {
    var cells = line.split(separator: "\t", omittingEmptySubsequences: false).map {
      XDIHeader.trimmed($0)
    }
    while cells.last?.isEmpty == true { cells.removeLast() }
    return cells
  }

  /// Whether a text is a date such as `7/4/2023`.
  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3
      && zip(parts, [2, 2, 4]).allSatisfy { part, most in
        !part.isEmpty && part.count <= most && part.allSatisfy { $0.isNumber }
      }
  }

  /// The value of the first entry of a key.
  func value(_ key: String) -> String? { entries.first { $0.key == key }?.value }
}
