internal import Tables
internal import Units

/// The calibration and trigger that a file gives for one of its curves.
struct WrittenCalibration: Sendable {
  /// The spring constant, N/m.
  var springConstant: InstrumentSetting?
  /// The inverse optical lever sensitivity, m/V.
  var invOLS: InstrumentSetting?
  /// The trigger, as force, deflection or voltage.
  var trigger: InstrumentSetting?
}

extension WrittenCalibration {
  /// The metadata keys of text tables that no instrument format claims; a reader of an instrument says
  /// itself which of its keys holds for which curve.
  private static let springKeys = ["SpringConstant", "Spring Constant", "spring_constant"]
  private static let sensitivityKeys = ["InvOLS", "invols"]

  /// The calibration of a group of tables; values that are not above 0 are left out.
  init(_ dataset: Dataset, group: String?) {
    springConstant =
      Self.positive(dataset.setting("spring_constant", group: group))
      ?? Self.fallback(Self.springKeys, dataset) { .springConstant($0, key: $1, origin: $2) }
    invOLS =
      Self.positive(dataset.setting("invols", group: group))
      ?? Self.fallback(Self.sensitivityKeys, dataset) { .invOLS($0, key: $1, origin: $2) }
    for name in ["trigger_force", "trigger_deflection", "trigger_voltage"] where trigger == nil {
      trigger = Self.positive(dataset.setting(name, group: group))
    }
  }

  /// The greatest signal over the trigger point, for a greatest deflection in metres above baseline.
  func triggerRatio(deflection top: Double, springConstant k: Double?) -> Double? {
    guard let trigger else { return nil }
    switch trigger.name {
    case "trigger_force": return k.map { $0 * top / trigger.value }
    case "trigger_voltage": return invOLS.map { top / $0.value / trigger.value }
    default: return top / trigger.value
    }
  }

  private static func positive(_ setting: InstrumentSetting?) -> InstrumentSetting? {
    setting.flatMap { $0.value > 0 && $0.value.isFinite ? $0 : nil }
  }

  private static func fallback(
    _ keys: [String], _ dataset: Dataset,
    _ make: (Double, String, Origin) -> InstrumentSetting
  ) -> InstrumentSetting? {
    guard dataset.settings.isEmpty else { return nil }
    for key in keys {
      let value: Double?
      switch dataset.metadata[key] {
      case .real(let x): value = x
      case .integer(let i): value = Double(i)
      case .text(let s): value = Double(s.filter { !$0.isWhitespace })
      case nil: value = nil
      }
      if let value, value > 0, value.isFinite {
        return make(value, key, dataset.settingOrigins[key] ?? Origin())
      }
    }
    return nil
  }
}
