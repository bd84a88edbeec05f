internal import Bytes
internal import Tables
internal import Units

/// The canonical names of JPK's channels, of archives and of text exports alike.
enum JPKChannelName {
  /// Names for the channels of one segment, in their order.
  ///
  /// Where several channels are one quantity (`height` and `head-height`), the one that JPK itself
  /// shows first has the plain name and the others `_2`, `_3`.
  static func names(_ channels: [(label: String, unit: ColumnUnit)]) -> [String] {
    let plain = channels.map { name($0.label, $0.unit) }
    var result = plain
    for name in Set(plain) {
      let places = plain.indices.filter { plain[$0] == name }
      guard places.count > 1 else { continue }
      let ranked = places.sorted { (rank(channels[$0].label), $0) < (rank(channels[$1].label), $1) }
      for (n, place) in ranked.enumerated() where n > 0 { result[place] = "\(name)_\(n + 1)" }
    }
    // The time since the start of the segment beside that of the curve.
    if channels.contains(where: { $0.label == "seriesTime" }),
      let own = channels.firstIndex(where: { $0.label == "time" })
    {
      result[own] = "segment_time"
      if let series = channels.firstIndex(where: { $0.label == "seriesTime" }) {
        result[series] = "time"
      }
    }
    return result
  }

  /// The name of one channel with a unit.
  static func name(_ label: String, _ unit: ColumnUnit) -> String {
    let dimension = unit.unit?.dimension
    let own = label.lowercased()
    if own == "vdeflection" {
      switch dimension {
      case PhysicalUnit.newton.dimension: return "force"
      case PhysicalUnit.metre.dimension: return "deflection"
      case PhysicalUnit.volt.dimension: return "deflection_voltage"
      default: return "vdeflection"
      }
    }
    if own == "hdeflection" {
      return dimension == PhysicalUnit.volt.dimension ? "lateral_deflection_voltage" : "hdeflection"
    }
    if own == "seriestime" || own == "time", dimension == PhysicalUnit.second.dimension {
      return "time"
    }
    if own.hasSuffix("height"), dimension == PhysicalUnit.metre.dimension {
      return isSensor(own) ? "sensor_position" : "piezo_position"
    }
    let slug = ColumnLabel.slug(label)
    // A canonical name is for its own dimension only.
    if let expected = CanonicalName.dimension(of: slug), expected != dimension {
      return slug + "_signal"
    }
    return slug
  }

  /// Whether a height is measured: by strain gauge, capacitive sensor or encoder.
  private static func isSensor(_ label: String) -> Bool {
    ["measured", "sensor", "strain"].contains { label.contains($0) }
  }

  /// Which channel of one quantity comes first: JPK's own choice, then raw before smoothed signals.
  private static func rank(_ label: String) -> Int {
    let own = label.lowercased()
    if own == "height" || own == "measuredheight" || own == "seriestime" { return 0 }
    return own.hasPrefix("smoothed") ? 2 : 1
  }
}
