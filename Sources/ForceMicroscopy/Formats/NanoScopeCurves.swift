internal import Bytes
internal import Tables
internal import Units

/// The tables of the force curves of a NanoScope file.
struct NanoScopeCurves {
  /// One table a segment; `INDEX/kind` where the file is a force volume.
  private(set) var tables: [Table] = []
  /// What there is to say.
  private(set) var diagnostics = DiagnosticList()
  /// Whether all declared samples were there.
  private(set) var complete = true
  private let file: ByteView
  private let ramp: NanoScopeRamp
  private var channels: [NanoScopeChannel]
  private let settings: NanoScopeSettings
  private let isCapture: Bool
  private var missing = 0
  /// Positions and times, which all curves share.
  private var shared: [String: [Double]] = [:]

  init(
    _ file: ByteView, _ header: NanoScopeHeader, _ channels: [NanoScopeChannel],
    _ settings: NanoScopeSettings, isVolume: Bool, isCapture: Bool
  ) {
    self.file = file
    self.channels = channels
    self.settings = settings
    self.isCapture = isCapture
    let main = channels.first { $0.role == .deflection } ?? channels[0]
    ramp = NanoScopeRamp(
      header, main,
      isCapture: isCapture && !channels.contains { $0.role == .sensor || $0.role == .piezo })
    diagnostics.add(contentsOf: ramp.diagnostics.all)
    warnOfLayouts(main)
    warnOfUnits()
    setScales(main, isVolume: isVolume)
    let isSingle = main.layout.curves == 1 && !isVolume
    let readable = channels.map { readableCurves($0.layout) }
    let most = readable.max() ?? 0
    if isSingle, most == 0 {
      salvage(main)
    } else {
      for curve in 0..<most {
        let present = channels.indices.filter { readable[$0] > curve }.map { self.channels[$0] }
        tables += segments(curve, present, prefix: isSingle ? "" : "\(curve)/")
      }
    }
    warnOfLoss(readable, isSingle: isSingle)
    if missing > 0 {
      diagnostics.warn(
        "nanoscope.missing-values", at: .byte(main.layout.offset),
        found: "\(missing) samples are NanoScope's mark for no value",
        expected: "expected numbers; they are missing in the table")
    }
    noteTheAbsent()
  }

  /// How many curves of a channel are whole.
  private func readableCurves(_ layout: NanoScopeLayout) -> Int {
    guard layout.offset < file.count, layout.bytesPerCurve > 0 else { return 0 }
    // No volume has more curves; tables without end would cost far more memory than the file.
    return min(layout.curves, 1 << 18, (file.count - layout.offset) / layout.bytesPerCurve)
  }

  // MARK: Segments

  private mutating func segments(
    _ curve: Int, _ channels: [NanoScopeChannel], prefix: String
  ) -> [Table] {
    guard let main = channels.first(where: { $0.role == .deflection }) ?? channels.first else {
      return []
    }
    return ["approach", "dwell", "retract"].compactMap { kind in
      let rows = Self.count(kind, main.layout)
      return rows > 0 ? table(kind, curve, channels, rows: rows, prefix: prefix) : nil
    }
  }

  private static func count(_ kind: String, _ layout: NanoScopeLayout) -> Int {
    kind == "approach" ? layout.approach : kind == "retract" ? layout.retract : layout.hold
  }

  private mutating func table(
    _ kind: String, _ curve: Int, _ channels: [NanoScopeChannel], rows: Int, prefix: String,
    cut: Int? = nil
  ) -> Table {
    var columns: [Column] = []
    var hasPosition = false
    var hasForce = false
    for channel in channels {
      guard Self.count(kind, channel.layout) == rows,
        let samples = samples(kind, curve, channel, limit: cut)
      else { continue }
      hasPosition = hasPosition || channel.role == .sensor || channel.role == .piezo
      columns += self.columns(channel, samples, withForce: !hasForce)
      hasForce = hasForce || channel.role == .deflection
    }
    let layout = (channels.first { $0.role == .deflection } ?? channels[0]).layout
    if !hasPosition, let z = cached("z", kind, { $0.positions(kind, layout, count: cut ?? rows) }) {
      columns.append(
        Column(
          name: "piezo_position", label: "Ramp", values: .real(z),
          unit: .known(.metre), origin: ramp.cosine?.origin ?? ramp.length?.origin ?? Origin()))
    }
    var index: [String] = []
    if let t = cached("t", kind, { $0.times(kind, layout, count: cut ?? rows) }) {
      columns.append(
        Column(
          name: "time", label: "time", values: .real(t),
          unit: .known(.second), origin: ramp.steps?.origin ?? Origin()))
      index = ["time"]
    }
    return Table(name: prefix + kind, columns: columns, indexColumns: index)
  }

  private mutating func cached(
    _ what: String, _ kind: String, _ make: (NanoScopeRamp) -> [Double]?
  ) -> [Double]? {
    if let known = shared[what + kind] { return known }
    let values = make(ramp)
    shared[what + kind] = values
    return values
  }

  /// Raw samples of a segment in time order, with their bytes.
  private struct Samples {
    var raw: [Int64]
    var origin: Origin
  }

  private func samples(
    _ kind: String, _ curve: Int, _ channel: NanoScopeChannel, limit: Int? = nil
  ) -> Samples? {
    let layout = channel.layout
    let kinds: [Int: NumberLayout] = [1: .int8, 2: .int16, 4: .int32, 8: .int64]
    guard let number = kinds[layout.width] else { return nil }
    let start = layout.offset + curve * layout.bytesPerCurve
    let skipped =
      kind == "approach"
      ? 0 : layout.approachBlock + (kind == "dwell" ? layout.retract : 0)
    let n = min(Self.count(kind, layout), limit ?? .max)
    let first = start + skipped * layout.width
    guard var raw = file.integers(number, count: n, at: first, order: .little) else { return nil }
    var steps = ["\(number.rawValue) little-endian"]
    if kind == "approach" {
      raw.reverse()
      steps.append("reversed to time order")
    }
    return Samples(
      raw: raw, origin: Origin(bytes: [first..<(first + n * layout.width)], steps: steps))
  }

  // MARK: Columns

  /// The columns of a channel: deflection as volts, metres and newtons, others in their unit.
  private mutating func columns(
    _ channel: NanoScopeChannel, _ samples: Samples, withForce: Bool
  ) -> [Column] {
    let scale = channel.scale
    let label = channel.label
    guard let step = scale.step else {
      return [
        Column(
          name: Self.slug(label), label: label, values: .integer(samples.raw),
          unit: .unknown("LSB"), origin: samples.origin)
      ]
    }
    var values = samples.raw.map { Double($0) * step }
    if channel.layout.width == 4 {
      for (i, x) in samples.raw.enumerated() where x == Int64(Int32.min) {
        values[i] = .nan
        missing += 1
      }
    }
    var origin = samples.origin
    origin.steps.append("× \(step) \(scale.hardUnit.ucum)")
    func column(_ name: String, _ factor: Double?, _ unit: ColumnUnit, _ step: String?) -> Column {
      var origin = origin
      if let step { origin.steps.append(step) }
      return Column(
        name: name, label: label,
        values: .real(factor.map { f in values.map { $0 * f } } ?? values),
        unit: unit, origin: origin)
    }
    let sensed = scale.sensitivity.map { "× \($0) \(scale.unit.ucum) per \(scale.hardUnit.ucum)" }
    guard channel.role == .deflection, scale.hardUnit == .known(.volt) else {
      return [
        column(Self.name(channel), scale.sensitivity, scale.unit, sensed)
      ]
    }
    var result = [column("deflection_voltage", nil, scale.hardUnit, nil)]
    guard let s = scale.sensitivity, scale.unit == .known(.metre) else { return result }
    result.append(column("deflection", s, scale.unit, sensed))
    if withForce, let k = settings.springConstant?.value {
      result.append(
        column("force", s * k, .known(.newton), "× \(s) m/V × \(k) N/m"))
    }
    return result
  }

  /// The canonical name of a channel that is no deflection.
  private static func name(_ channel: NanoScopeChannel) -> String {
    let unit = channel.scale.unit
    switch channel.role {
    case .sensor where unit == .known(.metre): return "sensor_position"
    case .piezo where unit == .known(.metre): return "piezo_position"
    default: break
    }
    let label = channel.label.lowercased()
    let isVolts = unit == .known(.volt)
    if isVolts, ["friction", "lateral", "horizontal", "torsion"].contains(where: label.contains) {
      return "lateral_deflection_voltage"
    }
    if label.hasPrefix("amplitude"), isVolts || unit == .known(.metre) { return "amplitude" }
    if label.hasPrefix("phase"), unit == .known(.degree) { return "phase" }
    return slug(channel.label)
  }

  private static func slug(_ label: String) -> String {
    let slug = ColumnLabel.slug(label)
    // A name of ours would promise a unit of ours.
    return slug.isEmpty ? "channel" : CanonicalName.entry(slug) == nil ? slug : slug + "_channel"
  }
}

// MARK: - Scales and losses

extension NanoScopeCurves {
  private mutating func warnOfLayouts(_ main: NanoScopeChannel) {
    for channel in channels where !channel.layout.fits {
      let layout = channel.layout
      diagnostics.warn(
        "nanoscope.data-length", at: .byte(channel.section.start),
        found:
          "Data length \(layout.length) of \u{201C}\(channel.label)\u{201D} is no whole number of "
          + "curves of \(layout.approach) + \(layout.hold) + \(layout.retract) samples",
        expected: "taken as \(layout.curves) curves of \(layout.width)-byte samples")
    }
    for channel in channels where channel.scale.step == nil {
      diagnostics.warn(
        "nanoscope.no-scale", at: .byte(channel.section.start),
        found: "the channel \u{201C}\(channel.label)\u{201D} has no scale",
        expected: "expected V/LSB; its numbers are given as stored")
    }
    for channel in channels where channel.role != .deflection {
      guard let doubt = channel.scale.doubt else { continue }
      diagnostics.warn(
        "nanoscope.unit-assumed", at: .byte(channel.section.start), found: doubt,
        expected: "expected a unit such as nm/V")
    }
  }

  /// Warns of units that cannot be read, and of a deflection that is not in volts.
  private mutating func warnOfUnits() {
    for channel in channels where channel.scale.step != nil {
      let isDeflection = channel.role == .deflection
      let hard = channel.scale.hardUnit
      guard isDeflection ? hard != .known(.volt) : channel.scale.unit.unit == nil else { continue }
      diagnostics.warn(
        "unit.unknown", at: .byte(channel.section.start),
        found: "the scale of \u{201C}\(channel.label)\u{201D} is in "
          + "\u{201C}\(channel.scale.writtenUnit)\u{201D}",
        expected: isDeflection ? "expected volts" : "expected a known unit")
    }
  }

  /// Finds out what a step of 32-bit numbers is, and divides the scales.
  private mutating func setScales(_ main: NanoScopeChannel, isVolume: Bool) {
    guard main.layout.width == 4, main.stated < 4, main.role == .deflection,
      let step = main.scale.step
    else { return }
    let count = min(readableCurves(main.layout), 32)
    let curves = (0..<count).compactMap { samples("approach", $0, main)?.raw }
    let answer = NanoScopeStep(
      curves, step: step, trigger: isCapture ? nil : settings.trigger?.volts)
    if answer.divisor != 1 || (isVolume && !answer.isConfirmed) {
      diagnostics.warn(
        "nanoscope.scale-inferred", at: .byte(main.section.start),
        found: "the numbers have 32 bits, Bytes/pixel is \(main.stated): a step may be "
          + "\(step) V or a part of it",
        expected: "divided by \(answer.divisor): \(answer.reason)")
    }
    guard answer.divisor != 1 else { return }
    for i in channels.indices where channels[i].layout.width == 4 && channels[i].stated < 4 {
      channels[i].scale.step = channels[i].scale.step.map { $0 / Double(answer.divisor) }
    }
  }

  /// Of a single curve that is cut: the approach where it is whole, and what there is of the retract.
  private mutating func salvage(_ main: NanoScopeChannel) {
    let layout = main.layout
    let present = max(0, file.count - layout.offset) / layout.width
    guard present >= layout.approach, layout.approach > 0 else { return }
    let whole = channels.filter {
      $0.layout.approach == layout.approach
        && max(0, file.count - $0.layout.offset) / $0.layout.width >= layout.approach
    }
    tables.append(table("approach", 0, whole, rows: layout.approach, prefix: ""))
    let rest = min(layout.retract, present - layout.approachBlock)
    guard rest > 0 else { return }
    tables.append(table("retract", 0, [main], rows: layout.retract, prefix: "", cut: rest))
  }

  private mutating func warnOfLoss(_ readable: [Int], isSingle: Bool) {
    for (channel, n) in zip(channels, readable) where n < channel.layout.curves {
      complete = false
      let layout = channel.layout
      let present = max(0, file.count - layout.offset)
      let found =
        isSingle
        ? "\(present / layout.width) of \(layout.bytesPerCurve / layout.width) samples of "
          + "\u{201C}\(channel.label)\u{201D} are in the file"
        : "\(n) of \(layout.curves) curves of \u{201C}\(channel.label)\u{201D} are in the file"
      diagnostics.warn(
        "nanoscope.truncated", at: .byte(file.count), found: found,
        expected: "expected all of them; the whole ones are given")
    }
  }

  private mutating func noteTheAbsent() {
    if let table = tables.first(where: { table in
      !table.columns.contains { $0.name.hasSuffix("_position") }
    }) {
      diagnostics.warn(
        "nanoscope.no-position",
        found: "there is no channel of height and no usable ramp size for \(table.name)",
        expected: "expected either; the table has no position")
    }
    if let table = tables.first(where: { $0["time"] == nil }) {
      diagnostics.note(
        "nanoscope.no-time",
        found: "the header gives no velocity, scan rate or hold time for \(table.name)")
    }
  }
}

/// What a step of 32-bit samples is worth, where the file states 16 bits.
///
/// Single ramps hold the converter's numbers; force volumes were seen with 8 more bits. The header
/// does not tell which: the trigger does, and where there is none the range of the converter.
struct NanoScopeStep {
  /// What the scale must be divided by.
  private(set) var divisor = 1
  /// Whether the trigger agrees.
  private(set) var isConfirmed = false
  /// Why, in words.
  private(set) var reason = "the numbers lie within the converter's 16 bits"

  init(_ curves: [[Int64]], step: Double, trigger: Double?) {
    var heights: [Double] = []
    var greatest = 0.0
    for curve in curves {
      let valid = curve.filter { $0 != Int64(Int32.min) }.map { Double($0) }
      guard let top = valid.max(), let low = valid.min() else { continue }
      greatest = max(greatest, abs(top), abs(low))
      let head = valid.prefix(max(1, valid.count / 10))
      heights.append(top - head.reduce(0, +) / Double(head.count))
    }
    heights.sort()
    if let trigger, trigger > 0, !heights.isEmpty {
      let height = heights[heights.count / 2] * step
      for candidate in [1, 256, 65536] {
        let ratio = height / Double(candidate) / trigger
        if ratio > 0.25, ratio < 4 {
          divisor = candidate
          isConfirmed = true
          let rounded = (ratio * 1000).rounded() / 1000
          reason = "peak less baseline is then \(rounded) times the trigger of \(trigger) V"
          return
        }
      }
    }
    // The converter has 16 bits at the scale as written.
    for candidate in [1, 256, 65536] where greatest / Double(candidate) <= 32768 * 1.01 {
      divisor = candidate
      if candidate != 1 { reason = "the numbers then lie within the converter's 16 bits" }
      return
    }
  }
}
