internal import Bytes
internal import Tables
internal import Units

/// What the modules beside the data say: settings, log, loops, external devices.
///
/// The places of the values were found by the authors of yadg; the keys are those of EC-Lab's text
/// exports, so that both kinds of file can be looked up alike.
struct BioLogicSettings {
  /// Every value under EC-Lab's key for it.
  private(set) var metadata = Metadata()
  /// Where each value stands.
  private(set) var origins: [String: Origin] = [:]
  /// What analyses need.
  private(set) var settings: [InstrumentSetting] = []
  private var diagnostics = DiagnosticList()

  init(_ modules: BioLogicModules, into list: inout DiagnosticList) {
    for module in modules.all {
      switch module.name {
      case "VMP Set": set(module)
      case "VMP LOG": log(module)
      case "VMP loop": loop(module)
      case "VMP ExtDev": externalDevices(module)
      case "VMP data": break
      default:
        diagnostics.warn(
          "mpr.unknown-module", at: .byte(module.start),
          found: "a module '\(module.name)' of \(module.declared) bytes",
          expected: "expected VMP Set, data, LOG, loop or ExtDev; not read")
      }
    }
    for module in modules.all {
      add(
        "\(module.name) module",
        "version \(module.version), \(module.declared) bytes, \(module.date)", module, 0)
    }
    list.add(contentsOf: diagnostics.all)
  }

  private mutating func add(
    _ key: String, _ value: MetadataValue, _ module: BioLogicModules.Module, _ offset: Int,
    size: Int = 0
  ) {
    metadata.append(key, value)
    if origins[key] == nil {
      let start = module.payload + offset
      origins[key] = Origin(bytes: [start..<(start + size)], steps: [module.name])
    }
  }

  private mutating func add(
    _ key: String, _ text: String, _ module: BioLogicModules.Module, _ offset: Int
  ) {
    add(key, .text(text), module, offset, size: text.utf8.count)
  }

  /// A text whose first byte is its length.
  private mutating func pascal(
    _ key: String, _ module: BioLogicModules.Module, at offset: Int, room: Int
  ) {
    guard let length = module.bytes[offset], length > 0 else { return }
    let part = module.bytes[(offset + 1)..<(offset + 1 + Int(length))]
    guard part.count == Int(length), Int(length) <= room else {
      if !module.isCut { lost(key, "\(length) characters", module, offset) }
      return
    }
    let text = BioLogicModules.trimmed(part.latin1(cutAtNUL: true))
    if !text.isEmpty { add(key, .text(text), module, offset, size: Int(length) + 1) }
  }

  /// A 32-bit number that is finite.
  private mutating func real(
    _ key: String, _ module: BioLogicModules.Module, at offset: Int
  ) -> Double? {
    guard let value = module.bytes.reals(.float32, count: 1, at: offset, order: .little)?.first,
      value.isFinite, abs(value) < 1e30
    else {
      if module.bytes.count >= offset + 4 { lost(key, "no plain number", module, offset) }
      return nil
    }
    add(key, .real(value), module, offset, size: 4)
    return value
  }

  private mutating func lost(
    _ key: String, _ found: String, _ module: BioLogicModules.Module, _ offset: Int
  ) {
    diagnostics.warn(
      "mpr.setting", at: .byte(module.payload + offset),
      found: "'\(key)' in the module \(module.name): \(found)",
      expected: "expected a value that fits; left out")
  }

  /// What EC-Lab writes where nobody set a value.
  private static func isSet(_ value: Double) -> Bool {
    value > 0 && abs(value - 0.001) > 1e-9 && abs(value - 7000) > 1e-3
  }

  private mutating func setting(
    _ name: String, _ value: Double, _ unit: PhysicalUnit, _ key: String
  ) {
    settings.append(
      InstrumentSetting(name, value, unit, key: key, origin: origins[key] ?? Origin()))
  }

  private mutating func set(_ module: BioLogicModules.Module) {
    if let id = module.bytes[0] {
      let name = BioLogicColumnID.techniques[id] ?? "technique \(id)"
      add("Technique", .text(name), module, 0, size: 1)
    }
    pascal("Comments", module, at: 0x07, room: 0xFF)
    let mass = real("Mass of active material", module, at: 0x107)
    _ = real("at x", module, at: 0x10B)
    _ = real("Molecular weight of active material", module, at: 0x10F)
    _ = real("Atomic weight of intercalated ion", module, at: 0x113)
    _ = real("Acquisition started at : xo", module, at: 0x117)
    pascal("Electrode material", module, at: 0x11E, room: 0x1C0 - 0x11F)
    pascal("Electrolyte", module, at: 0x1C0, room: 0x211 - 0x1C1)
    let area = real("Electrode surface area", module, at: 0x211)
    pascal("Reference electrode", module, at: 0x215, room: 0x24C - 0x216)
    let characteristic = real("Characteristic mass", module, at: 0x24C)
    let capacity = real("Battery capacity", module, at: 0x25C)
    let milligram = 1e6
    if let mass, Self.isSet(mass) {
      setting("active_material_mass", mass / milligram, .kilogram, "Mass of active material")
    }
    if let characteristic, Self.isSet(characteristic) {
      setting("characteristic_mass", characteristic / milligram, .kilogram, "Characteristic mass")
    }
    if let capacity, capacity > 0 {
      setting("nominal_capacity", capacity * 3.6, .coulomb, "Battery capacity")
    }
    if let area { electrode(area, module) }
  }

  /// The area in cm², as far as it can be told: the file keeps no unit beside it.
  private mutating func electrode(_ area: Double, _ module: BioLogicModules.Module) {
    guard Self.isSet(area) || area < 0 else { return }
    guard area > 0, area <= 20 else {
      diagnostics.warn(
        "mpr.area", at: .byte(module.payload + 0x211),
        found: "the electrode surface area is \(area), without a unit",
        expected: "expected cm2 up to 20; EC-Lab may mean mm2, so it is taken as not set")
      return
    }
    setting("electrode_area", area / 1e4, .squareMetre, "Electrode surface area")
  }

  private mutating func log(_ module: BioLogicModules.Module) {
    if let channel = module.bytes[0x09] {
      add("Run on channel", .integer(Int64(channel) + 1), module, 0x09, size: 1)
    }
    if let number = module.bytes.integers(.uint16, count: 1, at: 0xAB, order: .little)?.first {
      add("Channel serial number", .integer(number), module, 0xAB, size: 2)
    }
    _ = real("Ewe ctrl range min", module, at: 0x1F8)
    _ = real("Ewe ctrl range max", module, at: 0x1FC)
    if let days = module.bytes.reals(.float64, count: 1, at: 0x249, order: .little)?.first {
      start(days, module)
    }
    pascal("File", module, at: 0x251, room: 0xFF)
    pascal("Host", module, at: 0x351, room: 0x384 - 0x352)
    pascal("Address", module, at: 0x384, room: 0x3B7 - 0x385)
    pascal("EC-LAB software", module, at: 0x3B7, room: 6)
    pascal("Internet server", module, at: 0x3BE, room: 6)
    pascal("Command interpretor", module, at: 0x3C5, room: 9)
    pascal("Device serial number", module, at: 0x3CF, room: 32)
  }

  /// The start on the clock of the laboratory, from days since 1899-12-30.
  private mutating func start(_ days: Double, _ module: BioLogicModules.Module) {
    // 1950 to 2200; anything else is another record.
    guard days > 18264, days < 109_575,
      let milliseconds = Int64(exactly: ((days - 25569) * 86_400_000).rounded())
    else {
      lost("Acquisition started on", "\(days) days since 1899-12-30", module, 0x249)
      return
    }
    let key = "Acquisition started on"
    add(key, .text(ClockStamp.text(milliseconds: milliseconds)), module, 0x249, size: 8)
    setting("start_time", Double(milliseconds) / 1000, .second, key)
  }

  private mutating func loop(_ module: BioLogicModules.Module) {
    guard let count = module.bytes.integers(.uint32, count: 1, order: .little)?.first,
      let n = Int(exactly: count), n > 0, n <= (module.bytes.count - 4) / 4,
      let rows = module.bytes.integers(.uint32, count: n, at: 4, order: .little)
    else {
      lost("Loop indexes", "no list", module, 0)
      return
    }
    let shown = rows.prefix(1000).map(String.init).joined(separator: " ")
    add("Loop indexes", .text(shown), module, 0, size: 4 + n * 4)
  }

  private mutating func externalDevices(_ module: BioLogicModules.Module) {
    for (number, base) in [(1, 0x36), (2, 0x63)] {
      pascal("Analog IN \(number)", module, at: base, room: 0x1B)
      for (part, offset) in [("max V", 0x1C), ("min V", 0x20), ("max x", 0x24), ("min x", 0x28)] {
        _ = real("Analog IN \(number) \(part)", module, at: base + offset)
      }
    }
  }
}
