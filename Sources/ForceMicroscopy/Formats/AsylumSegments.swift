internal import Tables

/// The parts of a force curve: approach, dwell, retract, in any order and number.
struct AsylumSegments {
  /// One part and its rows.
  struct Segment: Hashable {
    var kind: String
    var rows: Range<Int>
  }

  /// The parts in time order; together they hold every row.
  private(set) var all: [Segment] = []
  /// Why the note's segments were not used; nil where they were.
  private(set) var problem: String?
  /// The bytes of the line at fault.
  private(set) var place = Place.whole

  /// Segments that are known already.
  init(_ all: [Segment]) { self.all = all }

  /// The segments that a note gives: point i of `Indexes` ends segment i, `Direction` i is its kind.
  ///
  /// Where the note gives none, or they contradict the data, the curve is cut at the turning point
  /// of `position`, its greatest value.
  init(_ note: IgorNote, rows: Int, position: [Double]?) {
    let indexes = note.entries.first { $0.key == "Indexes" }
    let directions = note.entries.first { $0.key == "Direction" }
    if let indexes, let directions {
      place = .byte(indexes.bytes.lowerBound)
      take(Self.list(indexes.value), Self.list(directions.value), rows: rows)
    } else {
      problem = "the note has no \(indexes == nil ? "Indexes" : "Direction") line"
    }
    guard problem != nil else { return }
    guard let position, let turn = Self.turningPoint(position) else {
      all = rows > 0 ? [Segment(kind: "curve", rows: 0..<rows)] : []
      return
    }
    all = [Segment(kind: "approach", rows: 0..<(turn + 1))]
    if turn + 1 < rows { all.append(Segment(kind: "retract", rows: (turn + 1)..<rows)) }
  }

  private mutating func take(_ indexes: [String], _ directions: [String], rows: Int) {
    let ends = indexes.compactMap { Double($0) }.compactMap { Int(exactly: $0) }
    guard ends.count == indexes.count, ends.count >= 2 else {
      problem = "Indexes are not two or more whole numbers"
      return
    }
    guard directions.count == ends.count else {
      problem = "there are \(ends.count) Indexes and \(directions.count) Directions"
      return
    }
    guard zip(ends, ends.dropFirst()).allSatisfy({ $0 <= $1 }), let first = ends.first, first >= 0,
      let last = ends.last, last < rows
    else {
      problem = "Indexes do not ascend within the \(rows) rows"
      return
    }
    var start = 0
    if first > 0 {
      // The first entry closes what comes before the first segment, unless it has a direction itself.
      let isSegment = directions.first.flatMap { Double($0) }.map { !$0.isNaN } ?? false
      let kind = isSegment ? Self.kind(directions[0]) : "remainder"
      all.append(Segment(kind: kind, rows: 0..<(first + 1)))
      start = first + 1
    }
    for (end, direction) in zip(ends, directions).dropFirst() where end >= start {
      all.append(Segment(kind: Self.kind(direction), rows: start..<(end + 1)))
      start = end + 1
    }
    if start < rows { all.append(Segment(kind: "remainder", rows: start..<rows)) }
  }

  /// The table name of each segment: a kind that repeats gets `_2`, `_3`.
  var names: [String] {
    var seen: [String: Int] = [:]
    return all.map { segment in
      let n = (seen[segment.kind] ?? 0) + 1
      seen[segment.kind] = n
      return n == 1 ? segment.kind : "\(segment.kind)_\(n)"
    }
  }

  private static func kind(_ direction: String) -> String {
    switch Double(direction) {
    case 1: "approach"
    case -1: "retract"
    case 0: "dwell"
    default: "segment"
    }
  }

  /// The items of a list with commas; an empty last one is a trailing comma.
  private static func list(_ text: String) -> [String] {
    var items = text.split(separator: ",", omittingEmptySubsequences: false).map { item in
      String(item.filter { !$0.isWhitespace })
    }
    if items.last == "" { items.removeLast() }
    return items
  }

  /// The row of the greatest value: a greater position is nearer the sample.
  private static func turningPoint(_ position: [Double]) -> Int? {
    var best: Int?
    var greatest = -Double.infinity
    for (row, value) in position.enumerated() where value > greatest {
      greatest = value
      best = row
    }
    return best
  }
}
