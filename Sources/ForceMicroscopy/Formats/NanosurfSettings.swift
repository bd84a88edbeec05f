internal import Bytes
internal import Tables
internal import Units

/// Spring constant, sensitivity and set point of a Nanosurf header, in SI units.
enum NanosurfSettings {
  /// The settings of a file of force curves.
  static func all(
    _ header: NanosurfHeader, into diagnostics: inout DiagnosticList
  ) -> [InstrumentSetting] {
    var result: [InstrumentSetting] = []
    let cantilever = header["DataSet\\Calibration\\Cantilever"]
    if let k = quantity(cantilever, "Prop0", .newtonPerMetre), k.value > 0 {
      result.append(
        .springConstant(k.value, key: "Prop0", origin: Origin(bytes: [k.entry.bytes])))
    } else {
      diagnostics.warn(
        "nid.no-spring-constant", at: .byte(cantilever?.start ?? 0),
        found: "the section DataSet\\Calibration\\Cantilever gives no spring constant in Prop0",
        expected: "expected N/m above 0")
    }
    if let sensitivity = sensitivity(header) { result.append(sensitivity) }
    if let trigger = trigger(header) { result.append(trigger) }
    return result
  }

  private static func quantity(
    _ section: NanosurfHeader.Section?, _ key: String, _ unit: PhysicalUnit
  ) -> (value: Double, entry: NanosurfHeader.Entry)? {
    guard let found = section?.parameter(key), let number = NumberScanner.parse(found.text),
      let written = PhysicalUnit.loose(found.unit)?.unit, written.dimension == unit.dimension
    else { return nil }
    return (number * written.scale / unit.scale, found.entry)
  }

  /// The ranges of one detector signal in metres and in volts give the sensitivity.
  private static func sensitivity(_ header: NanosurfHeader) -> InstrumentSetting? {
    guard let section = header["DataSet\\Calibration\\Scanhead"] else { return nil }
    var metres: (Double, NanosurfHeader.Entry)?
    var volts: (Double, NanosurfHeader.Entry)?
    for entry in section.entries where entry.key.hasPrefix("In") {
      let cells = entry.value.split(separator: ",", omittingEmptySubsequences: false)
      guard cells.count > 4, cells[1].hasPrefix("TipSignalDC"), cells[2] == "Deflection",
        let range = NumberScanner.parse(cells[4]), range > 0
      else { continue }
      if cells[3] == "m", metres == nil { metres = (range, entry) }
      if cells[3] == "V", volts == nil { volts = (range, entry) }
    }
    guard let metres, let volts, case let value = metres.0 / volts.0, value.isFinite, value > 0
    else { return nil }
    return .invOLS(
      value, key: metres.1.key,
      origin: Origin(
        bytes: [metres.1.bytes, volts.1.bytes],
        steps: ["range of \(metres.1.key) in m / range of \(volts.1.key) in V"]))
  }

  /// The value at which the forward modulation stops, where it stops at a value.
  private static func trigger(_ header: NanosurfHeader) -> InstrumentSetting? {
    guard let section = header["DataSet\\Parameters\\Spectroscopy"],
      section.parameter("FwModMode")?.text == "1",
      let stop = section.parameter("FwModStopValue"), let value = NumberScanner.parse(stop.text),
      value > 0, let unit = NanoScopeScale.known(stop.unit)
    else { return nil }
    let origin = Origin(bytes: [stop.entry.bytes])
    let number = value * unit.factor
    switch unit.unit {
    case .known(.newton): return .triggerForce(number, key: stop.entry.key, origin: origin)
    case .known(.metre): return .triggerDeflection(number, key: stop.entry.key, origin: origin)
    case .known(.volt): return .triggerVoltage(number, key: stop.entry.key, origin: origin)
    default: return nil
    }
  }
}
