internal import Tables
internal import Units

/// What a NanoScope header says of calibration, ramp and trigger.
struct NanoScopeSettings {
  /// The spring constant, N/m, and its line.
  private(set) var springConstant: (value: Double, entry: NanoScopeHeader.Entry)?
  /// The settings in SI units.
  private(set) var settings: [InstrumentSetting] = []
  /// The trigger above the baseline, V.
  private(set) var trigger: (volts: Double, entry: NanoScopeHeader.Entry)?
  /// What there is to say.
  private(set) var diagnostics = DiagnosticList()

  /// The settings of the header whose channel of deflection has this list.
  init(_ header: NanoScopeHeader, deflection: NanoScopeHeader.Section?) {
    let all = header.all("Ciao force image list")
    let constants = all.compactMap { section in
      section.entry("Spring Constant").flatMap { entry in
        NanoScopeValue(entry.value).value.map { (section, $0, entry) }
      }
    }
    let own = constants.first { $0.0.start == deflection?.start }
    if let own, own.1 > 0, own.1.isFinite {
      springConstant = (own.1, own.2)
      settings.append(
        .springConstant(own.1, key: own.2.key, origin: Origin(bytes: [own.2.bytes])))
      let others = constants.filter { $0.1 != own.1 }
      if !others.isEmpty {
        let list = others.map { "\($0.1) (\(NanoScopeChannel.label($0.0)))" }
        diagnostics.warn(
          "nanoscope.several-spring-constants", at: .byte(own.2.bytes.lowerBound),
          found: "the channels have spring constants of their own: \(own.1) "
            + "(\(NanoScopeChannel.label(own.0))), " + list.joined(separator: ", "),
          expected: "expected one; that of the deflection is used, in N/m")
      }
    } else if deflection != nil {
      diagnostics.warn(
        "nanoscope.no-spring-constant",
        at: .byte(own?.2.bytes.lowerBound ?? deflection?.start ?? 0),
        found: own.map { "the spring constant is \($0.2.value)" }
          ?? "the channel of deflection has no Spring Constant",
        expected: "expected a number above 0, in N/m; no forces are given")
    }
    sensitivity(header, deflection)
    readTrigger(header)
  }

  private mutating func sensitivity(
    _ header: NanoScopeHeader, _ deflection: NanoScopeHeader.Section?
  ) {
    guard let deflection else { return }
    let soft = deflection.numbered(["z scale"]).flatMap { NanoScopeValue($0.value).soft }
    // A text export gives the scale in nm and names no sensitivity.
    let name = soft ?? "Sens. DeflSens"
    let scale = NanoScopeScale(NanoScopeValue("V [\(name)] (1 V/LSB) 1 V"), in: header)
    guard let value = scale.sensitivity, scale.unit == .known(.metre), let entry = scale.entry,
      value.isFinite, value > 0
    else {
      diagnostics.warn(
        "nanoscope.no-sensitivity", at: .byte(scale.entry?.bytes.lowerBound ?? deflection.start),
        found: scale.entry.map { "@\(name) is \u{201C}\($0.value)\u{201D}" }
          ?? "there is no @\(name)",
        expected: "expected nm/V above 0; deflections stay in volts")
      return
    }
    if let doubt = scale.doubt {
      diagnostics.warn(
        "nanoscope.unit-assumed", at: .byte(entry.bytes.lowerBound), found: doubt,
        expected: "expected a unit such as nm/V")
    }
    settings.append(.invOLS(value, key: entry.key, origin: Origin(bytes: [entry.bytes])))
  }

  private mutating func readTrigger(_ header: NanoScopeHeader) {
    guard let force = header.first("Ciao force list"),
      force.entry("Trigger mode").map({ $0.value.lowercased() != "off" }) ?? true,
      let entry = force.numbered(["trig threshold deflection", "trig threshold"])
    else { return }
    let value = NanoScopeValue(entry.value)
    guard let point = value.value, let unit = NanoScopeScale.known(value.unit), point > 0,
      point.isFinite
    else { return }
    let origin = Origin(bytes: [entry.bytes])
    let number = point * unit.factor
    if unit.unit == .known(.volt) {
      trigger = (number, entry)
      settings.append(.triggerVoltage(number, key: entry.key, origin: origin))
    } else if unit.unit == .known(.metre) {
      settings.append(.triggerDeflection(number, key: entry.key, origin: origin))
    } else if unit.unit == .known(.newton) {
      settings.append(.triggerForce(number, key: entry.key, origin: origin))
    }
  }
}
