internal import Tables
internal import Units

/// The channels of Asylum curves and images: from a label to a canonical name and a unit.
///
/// The unit of the wave belongs to the channels stored as lengths; phases, frequencies and the like
/// carry their own, which the file does not state.
enum AsylumChannels {
  /// What a channel is: its name and unit, and whether the file's own unit was not believed.
  struct Channel {
    var name: String
    var unit: ColumnUnit
    var doubt: String?
  }

  /// A column of a force curve.
  static func curve(_ label: String, dataUnits: String) -> Channel? {
    switch label {
    case "Raw", "LVDTRaw": length("piezo_position", dataUnits)
    case "ZSnsr", "LVDT": length("sensor_position", dataUnits)
    case "Defl", "Deflection": deflection(dataUnits)
    case "DeflV": Channel(name: "deflection_voltage", unit: .known(PhysicalUnit.volt))
    case "Lat", "Latrl", "LatV", "Lateral":
      Channel(name: "lateral_deflection_voltage", unit: .known(PhysicalUnit.volt))
    case "Force": Channel(name: "force", unit: .known(PhysicalUnit.newton))
    case "Amp", "Amp1", "Amp2": length("amplitude", dataUnits)
    case "AmpV": Channel(name: "amplitude", unit: .known(PhysicalUnit.volt))
    case "Phas", "Phase", "Phas1", "Phas2", "Phase1", "Phase2":
      Channel(name: "phase", unit: .known(PhysicalUnit.degree))
    case "Freq", "Freq1", "Frequency": Channel(name: "frequency", unit: .known(PhysicalUnit.hertz))
    case "Time": Channel(name: "time", unit: .known(PhysicalUnit.second))
    default: nil
    }
  }

  /// A layer of an image; labels end in the direction of the scan, such as `HeightRetrace`.
  static func image(_ label: String, dataUnits: String) -> Channel? {
    if label.hasPrefix("Height") || label.hasPrefix("Topography") || label.hasPrefix("Z-Axis") {
      return length("height", dataUnits)
    }
    if label.hasPrefix("ZSensor") { return length("sensor_position", dataUnits) }
    if label.hasPrefix("Amplitude") || label.hasPrefix("Amp") {
      return length("amplitude", dataUnits)
    }
    if label.hasPrefix("Phas") { return Channel(name: "phase", unit: .known(PhysicalUnit.degree)) }
    if label.hasPrefix("Defl") { return deflection(dataUnits) }
    if label.hasPrefix("Freq") {
      return Channel(name: "frequency", unit: .known(PhysicalUnit.hertz))
    }
    return nil
  }

  /// A column that no list knows: a name from its label, and no unit, since the wave's may not be its.
  static func other(_ label: String, position: Int, dataUnits: String) -> Channel {
    Channel(
      name: IgorUnits.name(label, fallback: "column_\(position)"), unit: .unknown(dataUnits),
      doubt:
        "the channel \(position), labelled \u{201C}\(label)\u{201D}, is not known: its unit may "
        + "not be that of the wave, \u{201C}\(dataUnits)\u{201D}")
  }

  private static func deflection(_ dataUnits: String) -> Channel {
    if dataUnits == "V" {
      return Channel(name: "deflection_voltage", unit: .known(PhysicalUnit.volt))
    }
    return length("deflection", dataUnits)
  }

  /// A length, in the unit of the wave; metres with a doubt where the file gives none.
  private static func length(_ name: String, _ dataUnits: String) -> Channel {
    let unit = IgorUnits.column(dataUnits)
    switch unit {
    case .known(let known) where known.dimension == PhysicalUnit.metre.dimension:
      return Channel(name: name, unit: unit)
    case .absent:
      return Channel(
        name: name, unit: .known(PhysicalUnit.metre),
        doubt:
          "the wave gives no unit: its lengths are taken to be in metres, as Asylum stores them")
    default:
      return Channel(
        name: name, unit: unit,
        doubt: "the wave's unit, \u{201C}\(dataUnits)\u{201D}, is no length: it is kept for \(name)"
      )
    }
  }
}
