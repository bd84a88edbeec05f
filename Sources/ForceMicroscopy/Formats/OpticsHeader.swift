internal import Bytes
internal import Tables

/// What stands above the rows of an Optics11 file: keys and values, the profile, the column labels.
struct OpticsHeader {
  /// One step of the profile: where it leads and how long it takes.
  struct Step {
    var target: Double
    var seconds: Double
  }

  private(set) var settings = TextSettings()
  private(set) var labels: [String] = []
  private(set) var labelLine = 0
  private(set) var dataStart = 0
  private(set) var profile: [Step] = []
  /// Whether a step of the profile is missing or cannot be read.
  private(set) var isProfileDamaged = false
  /// The line of the first step.
  private(set) var profileLine: Int?

  /// More lines than this are no header.
  static let mostLines = 400
  /// The quantities of the column labels, before their units.
  private static let quantities = ["Time", "Load", "Indentation", "Cantilever", "Piezo"]
  /// Keys that these instruments write.
  private static let keys = [
    "k (N/m)", "Tip radius (um)", "Tip radius (µm)", "Calibration factor", "Z surface (um)",
    "Piezo position (nm) (Measured)", "SMDuration (s)",
  ]

  init(_ text: ByteView) {
    for line in TextLines(text) {
      if line.number > Self.mostLines { break }
      let content = text[line.range]
      // Quotes are plain characters here.
      let cells = TextLines.string(content.prefix(1 << 14)).split(
        separator: "\t", omittingEmptySubsequences: false
      ).map { TextSettings.trimmed($0) }
      if Self.labelCount(cells) >= 3 {
        labels = cells.count > 1 && cells.last == "" ? cells.dropLast() : cells
        labelLine = line.number
        dataStart = line.next
        return
      }
      add(cells, line.number)
    }
  }

  /// How many of the quantities of Optics11 the cells name.
  static func labelCount(_ cells: [String]) -> Int {
    quantities.count { quantity in cells.contains { $0.hasPrefix(quantity + " (") } }
  }

  /// How many of the keys of Optics11 are there.
  var keyCount: Int { Self.keys.count { settings.metadata[$0] != nil } }

  /// The start times of the steps in seconds, where the header lists them.
  var startTimes: [Double]? {
    guard
      let key = settings.metadata.entries.first(where: {
        $0.key.hasPrefix("Step absolute start times")
      })?.key, let text = settings.metadata.text(key)
    else { return nil }
    for separators in [";", ", \t", " \t"] {
      let cells = text.split { separators.contains($0) }
      let numbers = cells.compactMap { TextSettings.number($0) }
      if numbers.count == cells.count, !numbers.isEmpty,
        zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 })
      {
        return numbers
      }
    }
    return nil
  }

  /// Keys and values between tabs, `key: value`, `key (unit) value`; any other line by its number.
  private mutating func add(_ cells: [String], _ line: Int) {
    var cells = cells
    while cells.last == "" { cells.removeLast() }
    guard let first = cells.first else { return }
    if cells.count == 3 {
      // A list whose values stand between tabs.
      settings.add(Self.key(first), .text(cells.dropFirst().joined(separator: "\t")), line: line)
      return
    }
    if cells.count > 1 {
      let start = cells.count % 2
      if start == 1 { settings.add("line \(line)", .text(first), line: line) }
      for i in stride(from: start, to: cells.count, by: 2)
      where !cells[i].isEmpty || !cells[i + 1].isEmpty {
        let key = cells[i].isEmpty ? "line \(line)" : Self.key(cells[i])
        settings.add(key, .text(cells[i + 1]), line: line)
      }
      takeStep(cells, line)
      return
    }
    if let colon = first.firstIndex(of: ":"), colon != first.startIndex,
      first[first.index(after: colon)...].first != "\\"
    {
      settings.add(
        TextSettings.trimmed(first[..<colon]),
        .text(TextSettings.trimmed(first[first.index(after: colon)...])), line: line)
    } else if let gap = first.lastIndex(of: " "), first[..<gap].hasSuffix(")"),
      TextSettings.number(first[first.index(after: gap)...]) != nil
    {
      settings.add(
        TextSettings.trimmed(first[..<gap]),
        .text(String(first[first.index(after: gap)...])), line: line)
    } else {
      settings.add("line \(line)", .text(first), line: line)
    }
  }

  /// A key without the colon behind it.
  private static func key(_ cell: String) -> String {
    cell.hasSuffix(":") ? TextSettings.trimmed(cell.dropLast()) : cell
  }

  /// `D[Z1] (nm)`, value, `t[1] (s)`, value: one step of the profile.
  private mutating func takeStep(_ cells: [String], _ line: Int) {
    // D[max] and D[final] are results, no steps.
    let isStep = cells[0].hasPrefix("D[") && Self.index(cells[0]) != nil
    guard isStep || cells.count == 4 && cells[2].hasPrefix("t[") else { return }
    let number = profile.count + 1
    guard cells.count == 4, Self.index(cells[0]) == number, Self.index(cells[2]) == number,
      let target = TextSettings.number(cells[1]), let seconds = TextSettings.number(cells[3])
    else {
      isProfileDamaged = true
      return
    }
    profileLine = profileLine ?? line
    profile.append(Step(target: target, seconds: seconds))
  }

  /// The number between the brackets of `D[Z2] (nm)`.
  private static func index(_ key: String) -> Int? {
    guard let open = key.firstIndex(of: "["), let close = key.firstIndex(of: "]"), open < close
    else { return nil }
    return Int(key[open..<close].drop { !$0.isNumber })
  }
}
