internal import Bytes
internal import Tables
internal import Units

/// The images of a Nanosurf file, and the results that its software computed from curves.
struct NanosurfImages {
  /// The scans (`scan`, `scan_2` …), then one table a group of results, under the group's name.
  private(set) var tables: [Table] = []
  /// The scans with their axes.
  private(set) var grids: [Grid] = []
  /// What there is to say.
  private(set) var diagnostics = DiagnosticList()
  private let file: ByteView

  init(_ file: ByteView, _ channels: [NanosurfChannel]) {
    self.file = file
    var groups: [Int] = []
    for channel in channels where !groups.contains(channel.group) { groups.append(channel.group) }
    // The backward scan has no axes of its own: they are those of the forward one.
    var axes: [[Int]: [GridAxis]] = [:]
    for channel in channels where Self.isScan(channel) {
      let shape = [channel.points, channel.lines]
      if axes[shape] == nil { axes[shape] = Self.axes(channel) }
    }
    var results: [Table] = []
    for group in groups {
      let own = channels.filter { $0.group == group }
      guard let first = own.first else { continue }
      if Self.isScan(first) {
        var shapes: [[Int]] = []
        for c in own where !shapes.contains([c.points, c.lines]) {
          shapes.append([c.points, c.lines])
        }
        for shape in shapes {
          scan(own.filter { [$0.points, $0.lines] == shape }, axes[shape])
        }
      } else {
        for channel in own { if let table = result(channel) { results.append(table) } }
      }
    }
    tables += results
    for channel in channels where channel.value == nil {
      diagnostics.warn(
        "nid.no-scale", at: .byte(channel.section.start),
        found: "\(channel.section.name) has no Dim2Min and Dim2Range",
        expected: "expected them; its numbers are given as stored")
    }
    for channel in channels {
      guard let value = channel.value, NanoScopeScale.known(value.unit) == nil else { continue }
      diagnostics.warn(
        "unit.unknown", at: .byte(channel.section.start),
        found: "\(channel.section.name) is in \u{201C}\(value.unit)\u{201D}",
        expected: "expected a known unit")
    }
  }

  private static func isScan(_ channel: NanosurfChannel) -> Bool {
    channel.frame.lowercased().contains("scan")
  }

  private static func axes(_ channel: NanosurfChannel) -> [GridAxis]? {
    let counts = [channel.points, channel.lines]
    var result: [GridAxis] = []
    for i in 0..<2 {
      guard let axis = NanosurfChannel.axis(i, channel.section),
        let (unit, factor) = NanoScopeScale.known(axis.unit)
      else { return nil }
      result.append(
        GridAxis(
          name: i == 0 ? "x" : "y", count: counts[i], origin: axis.least * factor,
          step: counts[i] > 1 ? axis.extent * factor / Double(counts[i] - 1) : axis.extent * factor,
          unit: unit))
    }
    return result
  }

  /// The layers of one scan that are whole.
  private mutating func scan(_ layers: [NanosurfChannel], _ axes: [GridAxis]?) {
    let columns = layers.compactMap { channel in
      channel.wholeLines(file) == channel.lines
        ? channel.column(
          file, line: 0, count: channel.points * channel.lines, reversed: false, image: true) : nil
    }
    if let first = layers.first, !columns.isEmpty {
      let name = grids.isEmpty ? "scan" : "scan_\(grids.count + 1)"
      let table = Table(name: name, columns: columns)
      tables.append(table)
      let plain = [("x", first.points), ("y", first.lines)].map {
        GridAxis(name: $0.0, count: $0.1, origin: 0, step: 1, unit: .absent)
      }
      grids.append(Grid(name: name, axes: axes ?? plain, channels: table.columns))
    }
  }

  /// A result per curve: the valid points of each line one below the other, with the line's number.
  private func result(_ channel: NanosurfChannel) -> Table? {
    var curve: [Int64] = []
    var values: [Double] = []
    var first: Column?
    for line in 0..<channel.wholeLines(file) {
      let n = channel.pointCount(line)
      guard n > 0,
        let column = channel.column(file, line: line, count: n, reversed: false, image: false),
        let real = column.real
      else { continue }
      if first == nil { first = column }
      curve += [Int64](repeating: Int64(line), count: n)
      values += real
    }
    guard var column = first else { return nil }
    column = Column(
      name: column.name, label: column.label, values: .real(values), unit: column.unit,
      origin: Origin(
        bytes: [
          channel
            .offset..<(channel.offset + channel.wholeLines(file) * channel.points
            * channel.layout.size)
        ], steps: column.origin.steps))
    return Table(
      name: channel.frame.isEmpty ? channel.section.name : channel.frame,
      columns: [
        Column(name: "curve", label: "line", values: .integer(curve), unit: .known(.one)), column,
      ], indexColumns: ["curve"])
  }
}
