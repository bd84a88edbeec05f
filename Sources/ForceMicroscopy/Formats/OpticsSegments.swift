internal import Bytes
internal import Tables

/// The segments of an Optics11 curve: by the times of its steps, else by its turning point.
struct OpticsSegments {
  private(set) var cut: ForceTextSegments
  private(set) var diagnostics = DiagnosticList()

  init(_ header: OpticsHeader, _ columns: [Column], rows: Int) {
    func values(_ name: String) -> [Double]? { columns.first { $0.name == name }?.real }
    let position = values("piezo_position") ?? values("deflection")
    var reason =
      header.isProfileDamaged
      ? "a step of the profile is missing or cannot be read" : "there is no profile with times"
    if let (starts, total, place) = Self.starts(header) {
      if let time = values("time"), let rows = Self.rows(starts, total: total, time) {
        let kinds = Self.kinds(header, rows, position)
        cut = ForceTextSegments(
          all: zip(kinds, rows).filter { !$0.1.isEmpty }.map { .init(kind: $0.0, rows: $0.1) })
        return
      }
      reason = "the times of the steps (\(place)) do not fit the time column"
    }
    cut = .turningPoint(position, rows: rows)
    diagnostics.warn(
      "optics.segments-inferred", at: .line(header.labelLine), found: reason,
      expected: "the curve is cut where its piezo is farthest from the start")
  }

  /// When the steps start, how long a profile lasts, and where that stands.
  private static func starts(
    _ header: OpticsHeader
  ) -> (times: [Double], total: Double?, place: Place)? {
    if let times = header.startTimes {
      let key = header.settings.metadata.entries.first {
        $0.key.hasPrefix("Step absolute start times")
      }?.key
      return (times, nil, header.settings.place(of: key ?? ""))
    }
    guard !header.isProfileDamaged, let first = header.profile.first else { return nil }
    var times = [header.settings.number("SMDuration (s)") ?? 0]
    var last = first
    for step in header.profile.dropFirst() {
      times.append((times.last ?? 0) + last.seconds)
      last = step
    }
    let place = header.profileLine.map { Place.line($0) } ?? .whole
    let total = (times.last ?? 0) + last.seconds
    return total.isFinite ? (times, total, place) : nil
  }

  /// The rows of each step; what comes before the first one goes with it.
  private static func rows(
    _ starts: [Double], total: Double?, _ time: [Double]
  ) -> [Range<Int>]? {
    guard let start = time.first(where: \.isFinite), let end = time.last(where: \.isFinite),
      let last = starts.last, last < end
    else { return nil }
    // A profile that lasts another time than the rows is not the one that was run.
    if let total, abs(total - (end - start)) > 0.2 * (end - start) { return nil }
    var bounds = [0]
    var row = 0
    for start in starts.dropFirst() {
      while row < time.count, !(time[row] >= start) { row += 1 }
      bounds.append(row)
    }
    bounds.append(time.count)
    return zip(bounds, bounds.dropFirst()).map { $0..<max($0, $1) }
  }

  /// What each step is: by the targets of the profile, else by the way of the piezo.
  private static func kinds(
    _ header: OpticsHeader, _ rows: [Range<Int>], _ position: [Double]?
  ) -> [String] {
    if header.profile.count == rows.count, !header.isProfileDamaged {
      var before = 0.0
      return header.profile.map { step in
        defer { before = step.target }
        return kind(step.target - before, threshold: 0)
      }
    }
    guard let position else { return rows.map { _ in "dwell" } }
    let finite = position.filter(\.isFinite)
    let range = (finite.max() ?? 0) - (finite.min() ?? 0)
    return rows.map { rows in
      guard let first = rows.first, let last = rows.last else { return "dwell" }
      return kind(position[last] - position[first], threshold: range / 50)
    }
  }

  private static func kind(_ change: Double, threshold: Double) -> String {
    change > threshold ? "approach" : change < -threshold ? "retract" : "dwell"
  }
}
