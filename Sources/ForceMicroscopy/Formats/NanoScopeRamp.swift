internal import RealModule
internal import Tables
internal import Units

/// The commanded movement of a NanoScope curve: position and time of each sample.
///
/// The ramp's length belongs to the retract; a shorter approach starts further in and ends at the same
/// turning point. Sample i of n stands at i/n of the ramp, as in NanoScope's own exports.
struct NanoScopeRamp {
  /// The length in metres, and its line.
  private(set) var length: (metres: Double, origin: Origin)?
  /// Seconds between samples of approach and retract, and the line that they come from.
  private(set) var steps: (approach: Double, retract: Double, origin: Origin)?
  /// Seconds of the hold.
  private(set) var holdTime: Double?
  /// Whether the hold keeps the position (and not the deflection).
  private(set) var holdsPosition = true
  /// The cosine of a PeakForce capture in place of a straight ramp: amplitude in m and phase in samples.
  private(set) var cosine: (amplitude: Double, turn: Double, samples: Double, origin: Origin)?
  /// What there is to say.
  private(set) var diagnostics = DiagnosticList()

  /// The ramp of a channel's curves.
  init(_ header: NanoScopeHeader, _ channel: NanoScopeChannel, isCapture: Bool) {
    let force = header.first("Ciao force list")
    if isCapture {
      capture(header, channel)
      return
    }
    let name = channel.section.numbered(["ramp channel"]) ?? force?.numbered(["ramp channel"])
    if let name, case let text = NanoScopeValue(name.value).text, !["Z", ""].contains(text) {
      diagnostics.warn(
        "nanoscope.ramp-channel", at: .byte(name.bytes.lowerBound),
        found: "the ramp is of \u{201C}\(text)\u{201D}",
        expected: "expected Z; no position is given")
    } else {
      readLength(header, channel, force)
    }
    readTimes(channel, force)
  }

  private mutating func readLength(
    _ header: NanoScopeHeader, _ channel: NanoScopeChannel, _ force: NanoScopeHeader.Section?
  ) {
    let entry =
      channel.section.numbered(["ramp size", "z scan size"])
      ?? force?.numbered(["ramp size zsweep", "ramp size", "z scan size"])
    guard let entry else { return }
    let value = NanoScopeValue(entry.value)
    guard let number = value.value, number > 0, number.isFinite else { return }
    let scale = NanoScopeScale(value, step: number, unit: value.unit, in: header)
    guard scale.unit == .known(.metre), let step = scale.step else { return }
    let metres = step * (scale.sensitivity ?? 1)
    guard metres > 0, metres.isFinite else { return }
    var bytes = [entry.bytes]
    if let other = scale.entry { bytes.append(other.bytes) }
    length = (metres, Origin(bytes: bytes, steps: ["linear ramp of \(entry.key)"]))
  }

  /// Ramp over velocity, both in the converter's unit; else half the period of the scan rate.
  private mutating func readTimes(_ channel: NanoScopeChannel, _ force: NanoScopeHeader.Section?) {
    guard let force else { return }
    let n = Double(channel.layout.retract)
    let size =
      (channel.section.numbered(["ramp size", "z scan size"])
      ?? force.numbered(["ramp size zsweep", "ramp size", "z scan size"]))
      .flatMap { entry -> Double? in
        let value = NanoScopeValue(entry.value)
        return value.unit == "V" ? value.value : nil
      }
    if let size, size > 0, let entry = force.entry("Forward vel."),
      let forward = NanoScopeValue(entry.value).value, forward > 0
    {
      let reverse = force.number("Reverse vel.").flatMap { $0 > 0 ? $0 : nil } ?? forward
      let (a, r) = (size / forward / n, size / reverse / n)
      if a.isFinite, r.isFinite, a > 0, r > 0 {
        steps = (a, r, Origin(bytes: [entry.bytes], steps: ["ramp size / velocity / samples"]))
      }
    } else if let entry = force.entry("Scan rate"), let rate = NanoScopeValue(entry.value).value,
      rate > 0, case let step = 0.5 / rate / n, step > 0, step.isFinite
    {
      steps = (step, step, Origin(bytes: [entry.bytes], steps: ["half period / samples"]))
    }
    if let time = force.number("Hold Time"), time >= 0, time.isFinite { holdTime = time }
    if let type = force.entry("Hold Type")?.value.lowercased(), type.contains("defl") {
      holdsPosition = false
    }
  }

  /// A PeakForce capture: a cosine whose turning point is given by the sync distance.
  private mutating func capture(_ header: NanoScopeHeader, _ channel: NanoScopeChannel) {
    let samples = Double(2 * channel.layout.retract)
    guard let scan = header.first("Ciao scan list"),
      let kilohertz = scan.entry("PFT Freq").map({ NanoScopeValue($0.value) }),
      let number = kilohertz.value, number > 0
    else { return }
    let frequency = number * (NanoScopeScale.known(kilohertz.unit)?.factor ?? 1e3)
    let step = 1 / frequency / samples
    if step > 0, step.isFinite {
      steps = (step, step, Origin(steps: ["1 / PFT Freq / samples"]))
    }
    guard let entry = scan.entry("Peak Force Amplitude"),
      let amplitude = NanoScopeValue(entry.value).value, amplitude > 0, amplitude.isFinite,
      let points = scan.number("Sample Points"), points > 0,
      let distance = scan.number("Sync Distance QNM").flatMap({ $0 > 0 ? $0 : nil })
        ?? scan.number("Sync Distance New").flatMap({ $0 > 0 ? $0 : nil })
        ?? scan.number("Sync Distance"), distance > 0
    else { return }
    cosine = (
      amplitude * 1e-9, distance * samples / points, samples,
      Origin(bytes: [entry.bytes], steps: ["cosine of Peak Force Amplitude and Sync Distance"])
    )
    diagnostics.warn(
      "nanoscope.peak-force", at: .byte(entry.bytes.lowerBound),
      found: "this is a PeakForce capture without a measured height",
      expected: "the position is a cosine of \(amplitude) nm, turning at the sync distance")
  }

  /// The first `count` positions of a segment in time order; nil where the file does not tell.
  func positions(_ kind: String, _ layout: NanoScopeLayout, count: Int) -> [Double]? {
    if let cosine {
      let start = kind == "approach" ? 0 : layout.approach
      return (0..<count).map {
        let turns = (Double($0 + start) - cosine.turn) / cosine.samples
        return cosine.amplitude * Double.cos(2 * Double.pi * turns)
      }
    }
    guard let length = length?.metres, layout.retract > 0 else { return nil }
    let step = length / Double(layout.retract)
    switch kind {
    case "approach":
      let skipped = layout.retract - layout.approach
      return (0..<count).map { Double($0 + skipped) * step }
    case "retract": return (0..<count).map { length - Double($0) * step }
    default: return holdsPosition ? [Double](repeating: length, count: count) : nil
    }
  }

  /// The first `count` times of a segment since the start of the curve; nil where the file does not tell.
  func times(_ kind: String, _ layout: NanoScopeLayout, count: Int) -> [Double]? {
    guard let steps else { return nil }
    let turn = Double(layout.approach) * steps.approach
    switch kind {
    case "approach": return (0..<count).map { Double($0) * steps.approach }
    case "retract":
      let start = turn + (layout.hold > 0 ? holdTime ?? 0 : 0)
      return (0..<count).map { start + Double($0) * steps.retract }
    default:
      guard let holdTime, layout.hold > 0 else { return nil }
      let step = holdTime / Double(layout.hold)
      return (0..<count).map { turn + Double($0) * step }
    }
  }
}
