internal import Bytes
internal import Tables
internal import Units

/// What the header of a segment says of its data; the same for most segments of a map.
struct JPKSegmentPlan: Sendable {
  /// `approach`, `retract`, `dwell`, `modulation`, or a slug of another style.
  let kind: String
  /// The channels in the order of the header, and their canonical names.
  let channels: [JPKChannel]
  let names: [String]
  /// The set point of an approach.
  let trigger: JPKProperty?
  /// What there is to say about segments of this plan.
  private(set) var diagnostics = JPKDiagnostics()

  init(_ source: JPKSource, files: [String], limit: Int) {
    let place = Place.entry(source.header.member)
    let style =
      source.segment("settings.style")?.value
      ?? source.segment("settings.segment-settings.style")?.value
    let named = source.segment("name.name")?.value ?? ""
    kind = Self.kind(style ?? Self.styles.first { named.hasPrefix($0) } ?? "")
    if style == nil || !Self.styles.contains(style ?? "") {
      diagnostics.note(
        "jpk.segment-style", at: place,
        found: style.map { "a segment of style '\($0)'" } ?? "a segment without a style",
        expected: "expected extend, retract, pause or modulation; its table is called \(kind)")
    }
    var labels = Self.labels(source, files)
    if labels.count > limit {
      diagnostics.warn(
        "jpk.many-channels", at: place, found: "the segment lists \(labels.count) channels",
        expected: "expected at most \(limit); the others are left out")
      labels.removeLast(labels.count - limit)
    }
    var channels: [JPKChannel] = []
    var used: Set<String> = []
    var computed = 0
    for label in labels {
      let channel = JPKChannel(label, source)
      diagnostics.add(channel.diagnostics)
      guard let storage = channel.storage else { continue }
      computed += channel.isComputed ? 1 : 0
      if computed > 16 {
        diagnostics.warn(
          "jpk.many-channels", at: place, found: "more than 16 channels have no data file",
          expected: "expected fewer; the others are left out")
        break
      }
      if case .numbers = storage, !used.insert(channel.file).inserted {
        diagnostics.warn(
          "jpk.shared-file", at: place, found: "two channels name the file \(channel.file)",
          expected: "expected one each; \(label) is left out")
        continue
      }
      channels.append(channel)
    }
    self.channels = channels
    names = JPKChannelName.names(channels.map { ($0.label, $0.unit) })
    let point = source.segment("settings.segment-settings.setpoint")
    trigger = kind == "approach" && (point?.number ?? 0) > 0 ? point : nil
  }

  private static let styles = ["extend", "retract", "pause", "modulation"]

  private static func kind(_ style: String) -> String {
    switch style {
    case "extend": "approach"
    case "retract": "retract"
    case "pause": "dwell"
    case "": "segment"
    default: ColumnLabel.slug(style)
    }
  }

  /// The channels that the header lists, else those that have a data file.
  private static func labels(_ source: JPKSource, _ files: [String]) -> [String] {
    var labels: [String] = []
    if let list = source.own("channels.list")?.value {
      labels = list.split { $0 == " " || $0 == "," }.map(String.init)
    } else {
      for file in files where file.hasPrefix("channels/") && file.hasSuffix(".dat") {
        labels.append(String(file.dropFirst(9).dropLast(4)))
      }
    }
    var seen: Set<String> = []
    return labels.filter { seen.insert($0).inserted }
  }

  /// Whether a change of this key leaves the plan as it is.
  static func leavesPlan(_ key: String) -> Bool {
    if key.hasPrefix("channel") { return key.hasSuffix(".num-points") }
    return !key.hasPrefix("force-segment-header.settings")
      && !key.hasPrefix("force-segment-header.name")
      && !key.hasPrefix("force-segment-header.force-segment-header-info")
  }
}

/// One segment as it is read: the values of its channels, and the time of each point.
struct JPKSegment {
  private(set) var columns: [Column] = []
  private(set) var diagnostics = JPKDiagnostics()
  /// A member with a wrong CRC-32 or size, and one that is not there.
  private(set) var hasDamage = false, hasGap = false
  /// The rows of the longest channel.
  private(set) var rows = 0
  /// Seconds from the start of this segment to that of the next one, where known.
  private(set) var duration: Double?

  private let plan: JPKSegmentPlan
  private let source: JPKSource

  init(_ plan: JPKSegmentPlan, _ source: JPKSource) {
    self.plan = plan
    self.source = source
  }

  /// Reads the channels; `start` is the time at which the segment begins.
  mutating func read(_ archive: ZipArchive, start: Double?) {
    diagnostics.add(plan.diagnostics)
    var values: [[Double]?] = plan.channels.map { numbers(of: $0, archive) }
    rows = values.map { $0?.count ?? 0 }.max() ?? 0
    checkPoints(values)
    for (i, channel) in plan.channels.enumerated() {
      // Channels without a file are as long as the others.
      switch channel.storage {
      case .constant(let x): values[i] = filled(channel) { _ in x }
      case .ramp(let first, let step): values[i] = filled(channel) { first + Double($0) * step }
      case .numbers, nil: break
      }
      guard var own = values[i] else { continue }
      let stored = own.count
      if stored < rows { own += [Double](repeating: .nan, count: rows - stored) }
      var size = 0
      if case .numbers(let layout)? = channel.storage { size = layout.size }
      columns.append(
        Column(
          name: plan.names[i], label: channel.label, values: .real(own), unit: channel.unit,
          origin: Origin(
            bytes: size > 0 ? [0..<(stored * size)] : [],
            member: size > 0 ? source.folder + channel.file : source.header.member,
            steps: channel.words)))
    }
    addTime(start)
  }

  private func filled(_ channel: JPKChannel, _ value: (Int) -> Double) -> [Double] {
    (0..<rows).map { row in
      channel.steps.reduce(value(row)) { $0 * $1.multiplier + $1.offset }
    }
  }

  private mutating func numbers(of channel: JPKChannel, _ archive: ZipArchive) -> [Double]? {
    guard case .numbers(let layout)? = channel.storage else { return nil }
    let name = source.folder + channel.file
    guard let entry = archive[name] else {
      hasGap = true
      diagnostics.warn(
        "jpk.missing-member", at: .entry(name),
        found: "the header lists a channel whose data file is not in the archive",
        expected: "expected every file of channels.list; the channel is left out")
      return nil
    }
    let bytes: ByteView
    do {
      bytes = try archive.read(entry)
    } catch {
      hasDamage = true
      diagnostics.warn(
        "jpk.damaged-member", at: .entry(name), found: error.diagnostic.found,
        expected: "expected undamaged data; the channel is left out")
      return nil
    }
    let count = bytes.count / layout.size
    if bytes.count % layout.size != 0 {
      diagnostics.warn(
        "jpk.odd-length", at: .entry(name),
        found: "\(bytes.count) bytes are no whole number of points of \(layout.size) bytes",
        expected: "the \(count) whole ones are given")
    }
    return bytes.scaled(layout, count: count, order: .big, steps: channel.steps)
  }

  /// Compares the declared counts of points with those present.
  private mutating func checkPoints(_ values: [[Double]?]) {
    let place = Place.entry(source.header.member)
    var declared = source.segment("num-points").map { [$0] } ?? []
    for (channel, own) in zip(plan.channels, values) where own != nil {
      if let points = source.channel(channel.label, "num-points") { declared.append(points) }
      if let own, own.count < rows {
        diagnostics.warn(
          "jpk.channel-length", at: .entry(source.folder + channel.file),
          found: "\(own.count) points, where other channels of the segment have \(rows)",
          expected: "expected as many; the others are missing")
      }
    }
    guard values.contains(where: { $0 != nil }) else { return }
    for points in declared where points.number != Double(rows) {
      let isCount = points.number.map { $0 >= 0 && $0 == $0.rounded() } ?? false
      diagnostics.warn(
        "jpk.points", at: place,
        found: "\(points.key) declares \(points.value) points, \(rows) are in the file",
        expected: isCount
          ? "expected the same number; those in the file are given"
          : "expected a number of points; those in the file are given")
      return
    }
  }

  /// Adds the time of each point from the duration, unless the file has a channel of it.
  private mutating func addTime(_ start: Double?) {
    let written = source.segment("duration") ?? source.segment("settings.segment-settings.duration")
    if let seconds = written?.number, seconds >= 0 {
      duration = seconds
    } else if let written, written.value != "NaN" {
      diagnostics.warn(
        "jpk.duration", at: .entry(source.header.member),
        found: "the duration of the segment is '\(written.value)'",
        expected: "expected seconds; the segment has no time column")
    }
    guard let start, let duration, let written, rows > 0,
      !columns.contains(where: { $0.name == "time" })
    else { return }
    let end = start + duration
    let step = (end - start) / Double(rows)
    columns.append(
      Column(
        name: "time", label: "duration",
        values: .real((0..<rows).map { Double($0) * step + start }),
        unit: .known(.second),
        origin: Origin(
          bytes: written.origin.bytes, member: written.origin.member,
          steps: ["earlier segments + point · duration / points"])))
  }
}
