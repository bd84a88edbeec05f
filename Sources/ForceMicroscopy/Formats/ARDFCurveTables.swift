internal import Bytes
internal import Tables
internal import Units

/// Makes tables of the curves of one volume: one a segment, with canonical columns and time.
struct ARDFCurveTables {
  private let view: ByteView
  private let volume: ARDFVolume
  private let channels: [AsylumChannels.Channel]
  private let step: Double?
  private let timeOrigin: Origin
  /// Times are the same in all curves of one length: they share one array.
  private var times: [Range<Int>: ColumnValues] = [:]

  /// The tables of a volume; what is odd about its channels is said once.
  init(
    _ view: ByteView, _ volume: ARDFVolume, note: IgorNote, _ diagnostics: inout DiagnosticList
  ) {
    self.view = view
    self.volume = volume
    channels = volume.channels.enumerated().map { position, channel in
      Self.channel(channel, position, &diagnostics)
    }
    let rate = note.entries.first { $0.key == "NumPtsPerSec" }
    if volume.stepUnits.count > 2, volume.stepUnits[2] == "s", volume.steps[2].isFinite,
      volume.steps[2] > 0
    {
      step = volume.steps[2]
      timeOrigin = Origin(
        bytes: [volume.timeStepBytes], steps: ["float64, little-endian", "row · time step"])
    } else if let rate, let perSecond = Double(rate.value), perSecond.isFinite, perSecond > 0 {
      step = 1 / perSecond
      timeOrigin = Origin(bytes: [rate.bytes], steps: ["row / NumPtsPerSec"])
    } else {
      step = nil
      timeOrigin = Origin()
    }
  }

  /// A channel's name and unit; the unit that the file writes beside it counts.
  private static func channel(
    _ channel: ARDFVolume.Channel, _ position: Int, _ diagnostics: inout DiagnosticList
  ) -> AsylumChannels.Channel {
    let known = AsylumChannels.curve(channel.label, dataUnits: channel.unit)
    var result =
      known
      ?? AsylumChannels.Channel(
        name: IgorUnits.name(channel.label, fallback: "channel_\(position)"),
        unit: IgorUnits.column(channel.unit))
    if case .known = IgorUnits.column(channel.unit) {
      result.unit = IgorUnits.column(channel.unit)
      if result.name != "force" { result.doubt = nil }
    } else if known == nil {
      result.doubt =
        "the unit of channel \(position), \(channel.label), is \u{201C}\(channel.unit)\u{201D}"
    }
    if let doubt = result.doubt {
      diagnostics.warn(
        "unit.unknown", found: doubt, expected: "give it with --unit \(result.name)=UNIT")
    }
    return result
  }

  /// The tables of a curve, named without its number; empty, and the loss noted, where it is damaged.
  mutating func tables(
    _ curve: ARDFCurves.Curve, _ flaws: inout ARDFFlaws, _ diagnostics: inout DiagnosticList
  ) -> [Table] {
    var series: [Series] = []
    for block in curve.data {
      guard flaws.check(block, view) else {
        let cut = block.isWhole(in: view) ? "damaged" : "cut"
        flaws.lose(curve.number, block.place, "a block of its data is \(cut)")
        return []
      }
      guard let data = Series(block, view) else {
        flaws.lose(curve.number, block.place, "a block of its data contradicts its own size")
        return []
      }
      series.append(data)
    }
    guard let first = series.first else {
      flaws.lose(curve.number, .byte(curve.offset), "it has no data")
      return []
    }
    guard series.allSatisfy({ $0.count == first.count }) else {
      let counts = series.map { "\($0.count)" }.joined(separator: ", ")
      flaws.lose(
        curve.number, .byte(first.block.offset), "its channels have \(counts) values")
      return []
    }
    if series.count < channels.count {
      let missing = channels.count - series.count
      flaws.lose()
      diagnostics.warn(
        "ardf.channels", at: .byte(curve.offset),
        found: "a curve lacks \(missing) of the \(channels.count) channels",
        expected: "those that are there are given")
    }
    let parts = segments(first, series, curve, &diagnostics)
    return zip(parts.all, parts.names).map { part, name in
      table(name, part.rows, series)
    }
  }

  private mutating func table(_ name: String, _ rows: Range<Int>, _ series: [Series]) -> Table {
    var columns = series.map { data in
      let known = data.channel < channels.count ? channels[data.channel] : nil
      let bytes = (data.start + 4 * rows.lowerBound)..<(data.start + 4 * rows.upperBound)
      return Column(
        name: known?.name ?? "channel_\(data.channel)",
        label: data.channel < channels.count ? volume.channels[data.channel].label : "",
        values: .real(
          view.reals(Float.self, count: rows.count, at: bytes.lowerBound, order: .little) ?? []),
        unit: known?.unit ?? .absent,
        origin: Origin(bytes: [bytes], steps: ["float32, little-endian"]), storage: .float32)
    }
    guard let step else { return Table(name: name, columns: columns) }
    let values = times[rows] ?? .real(rows.map { Double($0) * step })
    if times.count < 4096 { times[rows] = values }
    columns.append(
      Column(
        name: "time", label: "t", values: values, unit: .known(PhysicalUnit.second),
        origin: timeOrigin))
    return Table(name: name, columns: columns, indexColumns: ["time"])
  }

  /// The segments by their offsets; by the turning point of the position where those say nothing.
  private func segments(
    _ first: Series, _ series: [Series], _ curve: ARDFCurves.Curve,
    _ diagnostics: inout DiagnosticList
  ) -> AsylumSegments {
    if let parts = AsylumSegments(
      starts: first.offsets, names: volume.segments, rows: first.count)
    {
      return parts
    }
    diagnostics.warn(
      "ardf.segments-inferred", at: .byte(first.block.offset + 36),
      found: "the offsets of the segments do not fit the data of a curve",
      expected: "expected ascending offsets; such curves are cut where their position is greatest")
    let position = ["sensor_position", "piezo_position", "deflection"].lazy.compactMap { name in
      series.first { $0.channel < channels.count && channels[$0.channel].name == name }
    }.first
    let values = position.flatMap {
      view.reals(Float.self, count: $0.count, at: $0.start, order: .little)
    }
    return AsylumSegments(IgorNote(), rows: first.count, position: values)
  }

  /// The data of one channel: number of values, channel, five offsets of segments, float32 values.
  private struct Series {
    let block: ARDFBlock
    let count: Int
    let channel: Int
    let offsets: [Int]
    let start: Int

    init?(_ block: ARDFBlock, _ view: ByteView) {
      let head = block.offset + ARDFBlock.headerSize
      guard let words = view.integers(.uint32, count: 5, at: head, order: .little),
        let offsets = view.integers(.int32, count: 5, at: head + 20, order: .little),
        block.size >= 56, Int(words[3]) <= (block.size - 56) / 4
      else { return nil }
      self.block = block
      count = Int(words[3])
      channel = Int(words[4])
      self.offsets = offsets.map { Int($0) }
      start = head + 40
    }
  }
}

extension AsylumSegments {
  /// The segments that ARDF data give: where each starts, in the order of the names.
  ///
  /// A segment that is absent has the offset 0, and the last value of the data ends the list. nil
  /// where the offsets are no rows of the data.
  init?(starts: [Int], names: [String], rows: Int) {
    guard !names.isEmpty, names.count <= starts.count, starts[0] == 0, rows > 0 else { return nil }
    var parts: [(start: Int, kind: String)] = []
    for (i, (start, name)) in zip(starts, names).enumerated() {
      if i > 0, start == 0 || start == rows - 1 { continue }
      guard start >= 0, start < rows else { return nil }
      parts.append((start, Self.kind(named: name)))
    }
    parts.sort { $0.start < $1.start }
    let ends = parts.dropFirst().map(\.start) + [rows]
    self.init(zip(parts, ends).map { Segment(kind: $0.kind, rows: $0.start..<$1) })
  }

  /// The kind of a segment by Asylum's name for it.
  private static func kind(named name: String) -> String {
    let word = name.lowercased()
    if word.hasPrefix("ext") || word.hasPrefix("app") { return "approach" }
    if word.hasPrefix("ret") || word.hasPrefix("with") { return "retract" }
    return word.hasPrefix("dwell") ? "dwell" : "segment"
  }
}
