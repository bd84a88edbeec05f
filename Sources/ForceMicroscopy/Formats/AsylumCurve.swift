internal import Bytes
internal import Tables
internal import Units

/// The tables of a force curve.
struct AsylumCurve {
  /// One table a segment, in time order.
  private(set) var tables: [Table] = []
  /// What there is to say about labels, units and segments.
  private(set) var diagnostics = DiagnosticList()
  private let shape: IgorShape
  private let series: any IgorPoints

  init(_ shape: IgorShape, _ series: any IgorPoints) {
    self.shape = shape
    self.series = series
    let channels = self.channels()
    let segments = AsylumSegments(
      shape.note, rows: series.rows, position: position(channels.map(\.channel)))
    if let problem = segments.problem, !shape.isCut || series.rows > 0 {
      let turned = segments.all.first?.kind == "approach"
      diagnostics.warn(
        "ibw.segments-inferred", at: segments.place, found: problem,
        expected: turned
          ? "expected Indexes and Direction; the curve is cut where its position is greatest"
          : "expected Indexes and Direction; the curve is left whole")
    }
    for (segment, name) in zip(segments.all, segments.names) {
      var columns: [Column] = []
      for (position, entry) in channels.enumerated() {
        columns += series.column(
          position, rows: segment.rows, name: entry.channel.name, label: entry.label,
          unit: entry.channel.unit)
      }
      let time = time(segment.rows)
      if let time { columns.append(time) }
      tables.append(
        Table(name: name, columns: columns, indexColumns: time == nil ? [] : ["time"]))
    }
  }

  /// What each column is, by its label.
  private mutating func channels() -> [(label: String, channel: AsylumChannels.Channel)] {
    let labels = shape.columnLabels
    if labels.count < series.columns, !shape.isCut {
      diagnostics.warn(
        "ibw.labels", at: shape.labelPlace,
        found: "\(labels.count) labels for \(series.declaredColumns) columns",
        expected: "expected one each; columns without one keep their number as name")
    }
    var result: [(label: String, channel: AsylumChannels.Channel)] = []
    var seen: Set<String> = []
    for position in 0..<series.columns {
      let label = position < labels.count ? labels[position] : ""
      let channel =
        AsylumChannels.curve(label, dataUnits: shape.dataUnits)
        ?? AsylumChannels.other(label, position: position, dataUnits: shape.dataUnits)
      if let doubt = channel.doubt {
        diagnostics.warn(
          "unit.unknown", at: shape.unitPlace, found: doubt,
          expected: "give it with --unit \(channel.name)=UNIT")
      }
      if !seen.insert(channel.name).inserted {
        diagnostics.warn(
          "ibw.duplicate-column", found: "two columns are \(channel.name)",
          expected: "expected one; the second is named \(channel.name)_2")
      }
      result.append((label, channel))
    }
    return result
  }

  /// The column that tells approach from retract: sensor, else piezo, else deflection.
  private func position(_ channels: [AsylumChannels.Channel]) -> [Double]? {
    for name in ["sensor_position", "piezo_position", "deflection", "deflection_voltage"] {
      if let i = channels.firstIndex(where: { $0.name == name }) {
        return series.column(i, name: name, label: "", unit: .absent).first?.real
      }
    }
    return nil
  }

  /// Seconds since the start of the curve, from the sample interval of the header or the note's rate.
  private func time(_ rows: Range<Int>) -> Column? {
    guard let step = shape.steps.first, let start = shape.origins.first, step.isFinite, step > 0,
      start.isFinite, shape.unit(0) == "s"
    else { return rate(rows) }
    return Column(
      name: "time", label: "x", values: .real(rows.map { start + Double($0) * step }),
      unit: .known(PhysicalUnit.second), origin: shape.axisOrigin)
  }

  private func rate(_ rows: Range<Int>) -> Column? {
    guard let entry = shape.note.entries.first(where: { $0.key == "NumPtsPerSec" }),
      let rate = Double(entry.value), rate.isFinite, rate > 0
    else { return nil }
    return Column(
      name: "time", label: "NumPtsPerSec", values: .real(rows.map { Double($0) / rate }),
      unit: .known(PhysicalUnit.second),
      origin: Origin(bytes: [entry.bytes], steps: ["row / NumPtsPerSec"]))
  }
}
