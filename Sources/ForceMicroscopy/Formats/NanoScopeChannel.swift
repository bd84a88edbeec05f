internal import Bytes
internal import Tables
internal import Units

/// One `Ciao force image list`: a channel of force curves.
struct NanoScopeChannel {
  /// What a channel measures.
  enum Role: Hashable {
    case deflection, sensor, piezo, other
  }

  /// Its part of the header.
  let section: NanoScopeHeader.Section
  /// The name that the user sees, such as `Deflection Error`.
  let label: String
  /// What it measures.
  let role: Role
  /// Where its samples stand.
  let layout: NanoScopeLayout
  /// What its samples mean.
  var scale: NanoScopeScale
  /// The spring constant of its list.
  let springConstant: (value: Double, entry: NanoScopeHeader.Entry)?
  /// `Bytes/pixel`, which gives the scale and not the width.
  let stated: Int

  /// Throws where the channel's place or samples are not given.
  init(
    _ section: NanoScopeHeader.Section, in header: NanoScopeHeader, expected: [Int]
  ) throws(ReadFailure) {
    self.section = section
    label = Self.label(section)
    role = Self.role(section, label)
    stated = section.counts("Bytes/pixel").first ?? 2
    springConstant = section.entry("Spring Constant").flatMap { entry in
      NanoScopeValue(entry.value).value.flatMap { $0 > 0 && $0.isFinite ? ($0, entry) : nil }
    }
    guard let offset = section.counts("Data offset").first else {
      throw ReadFailure(
        "nanoscope.no-offset", at: .byte(section.start),
        found: "the channel \u{201C}\(label)\u{201D} has no Data offset",
        expected: "expected the byte where its samples start")
    }
    let force = header.first("Ciao force list")
    let own = section.counts("Samps/line")
    let samples = own.isEmpty ? force?.counts("Samps/line") ?? [] : own
    let hold = force?.counts("Hold Samples").first ?? 0
    guard
      let layout = NanoScopeLayout(
        offset: offset, length: section.counts("Data length").first ?? 0, samples: samples,
        hold: hold, expected: expected, stated: stated, version: header.version ?? 0)
    else {
      throw ReadFailure(
        "nanoscope.no-samples", at: .byte(section.start),
        found: "the channel \u{201C}\(label)\u{201D} has no usable Samps/line",
        expected: "expected the samples of retract and approach")
    }
    self.layout = layout
    let value = section.numbered(["z scale", "fv scale"]).map { NanoScopeValue($0.value) }
    scale = NanoScopeScale(
      value ?? NanoScopeValue(""), step: Self.step(value, section, header), in: header)
  }

  /// The step of the converter: that of the scale, else of the offset beside it, to all its digits.
  private static func step(
    _ value: NanoScopeValue?, _ section: NanoScopeHeader.Section, _ header: NanoScopeHeader
  ) -> Double? {
    var step = value?.step
    for name in ["z offset", "fv scale", "volume offset"] where step == nil {
      let other = section.numbered([name]).map { NanoScopeValue($0.value) }
      if other?.soft == value?.soft { step = other?.step }
    }
    guard let step, step > 0, step < 1e-6 else { return step }
    // Steps of 32 bits are written with few digits: `0.0000000057 V/LSB` stands for 24.576 V / 2^32.
    for section in header.sections {
      for entry in section.entries.prefix(5000) where entry.value.contains("/LSB") {
        let found = NanoScopeValue(entry.value)
        guard found.step == step, let full = found.value, full > 0 else { continue }
        let exact = full / 4_294_967_296
        if abs(exact - step) <= 6e-11, abs(exact - step) < 0.02 * step { return exact }
      }
    }
    return step
  }

  /// The name between quotes, else between brackets, of `Image Data`.
  static func label(_ section: NanoScopeHeader.Section) -> String {
    guard let entry = section.numbered(["image data"]) else { return "" }
    let value = NanoScopeValue(entry.value)
    return value.text.isEmpty ? value.soft ?? "" : value.text
  }

  /// The role by the name that the user sees, else the internal one, else the sensitivity used.
  private static func role(_ section: NanoScopeHeader.Section, _ label: String) -> Role {
    let internalName = section.numbered(["image data"]).flatMap { NanoScopeValue($0.value).soft }
    let soft = section.numbered(["z scale", "fv scale"]).flatMap { NanoScopeValue($0.value).soft }
    for name in [label, internalName ?? ""] {
      let found = role(name)
      if found != .other { return found }
    }
    switch soft?.lowercased() {
    case "sens. deflsens", "sens. deflection": return .deflection
    case "sens. zsenssens": return .sensor
    default: return .other
    }
  }

  private static func role(_ label: String) -> Role {
    let name = label.lowercased().filter { $0 != " " }
    if name.contains("defl"), !name.contains("lateral"), !name.contains("horizontal") {
      return .deflection
    }
    if ["heightsensor", "zsensor", "zsens"].contains(name) { return .sensor }
    if ["height", "z", "zpiezo", "piezo"].contains(name) { return .piezo }
    return .other
  }

  /// Whether one channel of deflection stands before another: the plain ones come first.
  static func rank(_ channel: NanoScopeChannel) -> Int {
    let known = ["deflection error", "deflection", "vertical deflection", "tm deflection"]
    return known.firstIndex(of: channel.label.lowercased()) ?? known.count
  }
}
