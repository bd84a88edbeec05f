public import Units

/// A setting of the instrument under a canonical name, in SI units, beside the file's own key.
///
/// Readers give what analyses need (`spring_constant` in N/m, `invols` in m/V, `trigger_force` in N,
/// `trigger_deflection` in m, `trigger_voltage` in V, `tip_radius` in m); every key of the file stands
/// in the metadata all the same.
public struct InstrumentSetting: Hashable, Sendable {
  /// The canonical name, such as `spring_constant`.
  public var name: String
  /// The value in `unit`.
  public var value: Double
  /// The standard uncertainty in `unit`; nil where it is not known.
  public var u: Double?
  /// The unit, a coherent SI one.
  public var unit: PhysicalUnit
  /// The key of the metadata that it comes from.
  public var key: String
  /// The group of tables that it holds for: `3` for `3/approach`; nil for all of the file.
  public var group: String?
  /// Where it stands in the file.
  public var origin: Origin

  /// A setting from its parts.
  public init(
    _ name: String, _ value: Double, _ unit: PhysicalUnit, u: Double? = nil, key: String,
    group: String? = nil, origin: Origin = Origin()
  ) {
    self.name = name
    self.value = value
    self.u = u
    self.unit = unit
    self.key = key
    self.group = group
    self.origin = origin
  }
}

extension Dataset {
  /// The setting of that name for a group of tables, or for the whole file.
  public func setting(_ name: String, group: String? = nil) -> InstrumentSetting? {
    if let group, let own = settings.first(where: { $0.name == name && $0.group == group }) {
      return own
    }
    return settings.first { $0.name == name && $0.group == nil }
  }
}
