internal import Bytes
internal import Tables
internal import Units

/// The force curves of a Nanosurf file.
///
/// The backward blocks run along the same axis as the forward ones, so that they stand in reversed
/// time; they are given in time order.
struct NanosurfCurves {
  /// One table a segment; `INDEX/kind` where there are several curves.
  private(set) var tables: [Table] = []
  /// What there is to say.
  private(set) var diagnostics = DiagnosticList()
  private let file: ByteView
  private let channels: [NanosurfChannel]
  private let times: NanosurfTimes

  init(_ file: ByteView, _ header: NanosurfHeader, _ channels: [NanosurfChannel]) {
    self.file = file
    self.channels = channels
    times = NanosurfTimes(header)
    let lines = channels.map(\.lines).max() ?? 0
    let readable = channels.map { $0.wholeLines(file) }.max() ?? 0
    let isTurned = turned()
    if readable > 1 << 18 {
      diagnostics.warn(
        "nid.many-curves", found: "there are \(readable) curves",
        expected: "expected at most \(1 << 18); the first are given")
    }
    for curve in 0..<min(lines, readable, 1 << 18) {
      var start: Double? = 0
      for kind in ["approach", "dwell", "retract", "dwell_2"] {
        let own = channels.filter { NanosurfChannel.segments[$0.frame.lowercased()] == kind }
        guard
          let table = table(
            kind, curve, own, prefix: lines > 1 ? "\(curve)/" : "",
            turned: kind == "retract" && isTurned,
            start: &start)
        else { continue }
        tables.append(table)
      }
    }
    for channel in channels where channel.value == nil {
      diagnostics.warn(
        "nid.no-scale", at: .byte(channel.section.start),
        found: "\(channel.section.name) has no Dim2Min and Dim2Range",
        expected: "expected them; its numbers are given as stored")
    }
    if tables.contains(where: { $0["time"] == nil }) {
      diagnostics.note(
        "nid.no-time", found: "the header gives no modulation time and points for some segments")
    }
  }

  /// Whether the backward curves end where the forward ones end.
  private func turned() -> Bool {
    func ends(_ frame: String, _ name: String) -> [(first: Double, last: Double)] {
      guard
        let channel = channels.first(where: {
          $0.frame.lowercased() == frame && $0.value?.name == name
        })
      else { return [] }
      return (0..<min(channel.wholeLines(file), 64)).compactMap { line in
        let n = channel.pointCount(line)
        guard n > 1,
          let v = channel.column(file, line: line, count: n, reversed: false, image: false)?.real
        else { return nil }
        return (v[0], v[n - 1])
      }
    }
    for name in ["Deflection", "Z-Axis Sensor"] {
      let pairs = zip(ends("spec forward", name), ends("spec backward", name))
      var (near, far) = (0.0, 0.0)
      for (forward, backward) in pairs {
        near += abs(backward.first - forward.last)
        far += abs(backward.last - forward.last)
      }
      if near != far { return far < near }
    }
    return true
  }

  private mutating func table(
    _ kind: String, _ curve: Int, _ own: [NanosurfChannel], prefix: String, turned: Bool,
    start: inout Double?
  ) -> Table? {
    var columns: [Column] = []
    var rows = 0
    for channel in own where curve < channel.wholeLines(file) {
      let n = channel.pointCount(curve)
      guard n > 0, rows == 0 || n == rows,
        let column = channel.column(file, line: curve, count: n, reversed: turned, image: false)
      else {
        if n != rows, n > 0 { mismatch(channel, curve) }
        continue
      }
      rows = n
      columns.append(column)
    }
    guard rows > 0, let first = own.first(where: { curve < $0.wholeLines(file) }) else {
      return nil
    }
    if let axis = axis(first, curve, rows: rows, turned: turned),
      !columns.contains(where: { $0.name == axis.name })
    {
      columns.append(axis)
    }
    var index: [String] = []
    if let (step, origin) = times.step(kind), let begin = start {
      columns.append(
        Column(
          name: "time", label: "time", values: .real((0..<rows).map { begin + Double($0) * step }),
          unit: .known(.second), origin: origin))
      start = begin + Double(rows) * step
      index = ["time"]
    } else {
      start = nil
    }
    return Table(name: prefix + kind, columns: columns, indexColumns: index)
  }

  private mutating func mismatch(_ channel: NanosurfChannel, _ curve: Int) {
    diagnostics.warn(
      "nid.line-points", at: .byte(channel.section.start),
      found: "line \(curve) of \(channel.section.name) has another number of points than the other "
        + "signals of its group",
      expected: "expected the same number; it is left out")
  }

  /// What was driven: the axis of the line.
  private mutating func axis(
    _ channel: NanosurfChannel, _ line: Int, rows: Int, turned: Bool
  ) -> Column? {
    guard let axis = channel.lineAxis(line), axis.extent != 0,
      let (unit, factor) = NanoScopeScale.known(axis.unit)
    else {
      diagnostics.note(
        "nid.no-axis", at: .byte(channel.section.start),
        found: "\(channel.section.name) does not say what was driven from where to where")
      return nil
    }
    let step = rows > 1 ? axis.extent / Double(rows - 1) : 0
    var values = (0..<rows).map { (axis.least + Double($0) * step) * factor }
    if turned { values.reverse() }
    let isZ = axis.name.uppercased().hasPrefix("Z") && unit == .known(.metre)
    let slug = ColumnLabel.slug(axis.name)
    let entries = ["LineDim\(line)Min", "LineDim\(line)Range", "Dim0Min", "Dim0Range"]
      .compactMap { channel.section[$0]?.bytes }.prefix(2)
    return Column(
      name: isZ ? "piezo_position" : slug.isEmpty ? "axis" : slug + "_axis", label: axis.name,
      values: .real(values), unit: unit,
      origin: Origin(bytes: Array(entries), steps: ["least + extent · i / (n − 1)"]))
  }
}

/// Seconds between the points of each segment.
struct NanosurfTimes {
  private var steps: [String: (Double, Origin)] = [:]

  init(_ header: NanosurfHeader) {
    guard let section = header["DataSet\\Parameters\\Spectroscopy"] else { return }
    for (kind, time, points) in [
      ("approach", "FwModTime", "FwModDatapoints"), ("retract", "BwModTime", "BwModDatapoints"),
      ("dwell", "FwPauseTime", "FwPauseDatapoints"),
      ("dwell_2", "BwPauseTime", "BwPauseDatapoints"),
    ] {
      guard let duration = section.parameter(time),
        let seconds = NumberScanner.parse(duration.text),
        let unit = NanoScopeScale.known(duration.unit), unit.unit == .known(.second),
        let count = section.parameter(points).flatMap({ NumberScanner.parse($0.text) }), count > 0,
        case let step = seconds * unit.factor / count, step > 0, step.isFinite
      else { continue }
      steps[kind] = (
        step, Origin(bytes: [duration.entry.bytes], steps: ["\(time) / \(points)"])
      )
    }
  }

  /// The step of a segment, and where it comes from.
  func step(_ kind: String) -> (Double, Origin)? { steps[kind] }
}
