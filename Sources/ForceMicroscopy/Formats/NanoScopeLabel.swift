internal import Tables
internal import Units

/// A label of a NanoScope export, such as `Calc_Ramp_Ex_nm`: quantity, direction and unit.
struct NanoScopeLabel {
  /// The label as written, without blanks around it.
  let label: String
  /// `approach` for `Ex`, `retract` for `Rt`, `dwell` for a hold; nil for none of them.
  let way: String?
  /// The canonical name, or a slug.
  let name: String
  /// The unit of the column after conversion.
  let unit: ColumnUnit
  /// The power of ten to that unit, and a factor where it is no power of ten.
  let exponent: Int, factor: Double

  /// Takes a label apart.
  init(_ text: String) {
    label = text.split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
    var words = label.split { $0 == "_" || $0 == " " }.map(String.init)
    var way: String?
    var unitText: String?
    // The first word names the quantity, whatever it looks like.
    for i in words.indices.dropFirst().reversed() {
      let ways = ["ex": "approach", "rt": "retract", "hd": "dwell", "hold": "dwell"]
      if way == nil, let found = ways[words[i].lowercased()] {
        way = found
        words.remove(at: i)
      } else if unitText == nil, Self.units.contains(words[i]) {
        unitText = words.remove(at: i)
      }
    }
    if unitText == nil, let bracket = ColumnLabel(label).unitText { unitText = bracket }
    self.way = way
    let known = unitText.flatMap { NanoScopeScale.known($0) }
    unit = known?.unit ?? unitText.map { .unknown($0) } ?? .absent
    let scale = known?.factor ?? 1
    let powers: [Double: Int] = [
      1: 0, 1e-3: -3, 1e-6: -6, 1e-9: -9, 1e-12: -12, 1e-15: -15, 1e3: 3, 1e6: 6,
    ]
    exponent = powers[scale] ?? 0
    factor = powers[scale] == nil ? scale : 1
    name = Self.name(words.joined(separator: "_"), unit)
  }

  /// The units that stand as a word of their own in a label.
  private static let units: Set<String> = [
    "nm", "um", "\u{B5}m", "\u{3BC}m", "pm", "m", "V", "mV", "uV", "N", "nN", "uN", "pN", "s", "ms",
    "us",
    "deg", "LSB", "Hz", "kHz", "A", "nA", "pA", "Pa", "kPa", "MPa", "GPa", "Arb",
  ]

  private static func name(_ words: String, _ unit: ColumnUnit) -> String {
    let text = words.lowercased().filter { $0 != "_" }
    switch unit {
    case .known(.metre):
      if text.hasPrefix("calcramp") || text == "ramp" || text == "z" || text == "height" {
        return text == "height" ? "height" : "piezo_position"
      }
      if text.hasPrefix("heightsensor") || text.hasPrefix("zsens") { return "sensor_position" }
      if text.hasPrefix("defl") { return "deflection" }
    case .known(.volt):
      if text.hasPrefix("defl") { return "deflection_voltage" }
      if text.hasPrefix("friction") || text.hasPrefix("lateral") {
        return "lateral_deflection_voltage"
      }
      if text.hasPrefix("amplitude") { return "amplitude" }
    case .known(.newton):
      if text.hasPrefix("defl") || text.hasPrefix("force") { return "force" }
    case .known(.second):
      if text.hasPrefix("time") { return "time" }
    case .known(.degree):
      if text.hasPrefix("phase") { return "phase" }
    default: break
    }
    let slug = ColumnLabel.slug(words)
    return slug.isEmpty ? "column" : CanonicalName.entry(slug) == nil ? slug : slug + "_column"
  }
}
