internal import Tables
internal import Units

/// The settings of a force curve that every reader of this technique gives, each with its unit.
extension InstrumentSetting {
  /// The spring constant of the cantilever, N/m.
  static func springConstant(
    _ value: Double, key: String, group: String? = nil, origin: Origin = Origin()
  ) -> InstrumentSetting {
    InstrumentSetting(
      "spring_constant", value, .newtonPerMetre, key: key, group: group, origin: origin)
  }

  /// The inverse optical lever sensitivity, m/V.
  static func invOLS(
    _ value: Double, key: String, group: String? = nil, origin: Origin = Origin()
  ) -> InstrumentSetting {
    InstrumentSetting("invols", value, .metrePerVolt, key: key, group: group, origin: origin)
  }

  /// The trigger or set point as a force, N.
  static func triggerForce(
    _ value: Double, key: String, group: String? = nil, origin: Origin = Origin()
  ) -> InstrumentSetting {
    InstrumentSetting("trigger_force", value, .newton, key: key, group: group, origin: origin)
  }

  /// The trigger or set point as a deflection of the cantilever, m.
  static func triggerDeflection(
    _ value: Double, key: String, group: String? = nil, origin: Origin = Origin()
  ) -> InstrumentSetting {
    InstrumentSetting("trigger_deflection", value, .metre, key: key, group: group, origin: origin)
  }

  /// The trigger or set point as a voltage of the detector, V.
  static func triggerVoltage(
    _ value: Double, key: String, group: String? = nil, origin: Origin = Origin()
  ) -> InstrumentSetting {
    InstrumentSetting("trigger_voltage", value, .volt, key: key, group: group, origin: origin)
  }

  /// The radius of the tip or sphere, m.
  static func tipRadius(
    _ value: Double, key: String, group: String? = nil, origin: Origin = Origin()
  ) -> InstrumentSetting {
    InstrumentSetting("tip_radius", value, .metre, key: key, group: group, origin: origin)
  }
}
