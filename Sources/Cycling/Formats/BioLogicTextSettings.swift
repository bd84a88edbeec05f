internal import Bytes
internal import Tables
internal import Units

/// The settings of a BioLogic text export that analyses need: `Electrode surface area : 0.500 cm²`.
enum BioLogicTextSettings {
  private static let wanted: [(key: String, name: String, unit: PhysicalUnit)] = [
    ("Electrode surface area", "electrode_area", .squareMetre),
    ("Mass of active material", "active_material_mass", .kilogram),
    ("Characteristic mass", "characteristic_mass", .kilogram),
    ("Battery capacity", "nominal_capacity", .coulomb),
  ]

  /// Those that somebody set: 0 and 0.001 in any unit are what EC-Lab starts with, and so are 7000 mg.
  static func read(_ metadata: Metadata, _ origins: [String: Origin]) -> [InstrumentSetting] {
    var settings = wanted.compactMap { wanted -> InstrumentSetting? in
      guard let text = metadata.text(wanted.key) else { return nil }
      let words = text.split(separator: " ", maxSplits: 1)
      guard words.count == 2,
        let value = Double(String(words[0].map { $0 == "," ? "." : $0 })), value > 0,
        value.isFinite, value != 0.001 || wanted.name == "nominal_capacity", value != 7000,
        let unit = PhysicalUnit.loose(String(words[1]), expecting: wanted.unit.dimension)?.unit,
        let converter = try? UnitConverter(from: unit, to: wanted.unit)
      else { return nil }
      return InstrumentSetting(
        wanted.name, converter(value), wanted.unit, key: wanted.key,
        origin: origins[wanted.key] ?? Origin())
    }
    let key = "Acquisition started on"
    if let text = metadata.text(key),
      let stamp = ClockStamp(text, order: ClockStamp.order(of: [text]))
    {
      settings.append(
        InstrumentSetting(
          "start_time", Double(stamp.nanoseconds) / 1e9, .second, key: key,
          origin: origins[key] ?? Origin()))
    }
    return settings
  }
}
