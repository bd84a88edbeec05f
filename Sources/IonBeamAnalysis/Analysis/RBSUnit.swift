internal import Tables
internal import Units

/// Quantities of results, in the units of the contract.
enum RBSUnit {
  static let tfu = unit("10*15/cm2")
  static let kiloelectronvolt = unit("keV")
  static let stopping = unit("10*-15.eV.cm2")

  static func unit(_ ucum: String) -> PhysicalUnit {
    if let unit = try? PhysicalUnit(ucum: ucum) { return unit }
    return PhysicalUnit.loose(ucum)?.unit ?? .one
  }

  /// A quantity; null where there is no number.
  static func quantity(
    _ value: Double?, _ unit: PhysicalUnit = .one, u: Double? = nil, kind: String = "propagated",
    trace: TraceID? = nil, source: String? = nil
  ) -> ResultValue {
    guard let value, value.isFinite else { return .null }
    return .quantity(
      MeasuredValue(
        value, unit, u: u, uKind: u == nil ? nil : kind, trace: trace, source: source))
  }

  /// A number without unit; null where there is none.
  static func number(_ value: Double?) -> ResultValue {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// A text; null where there is none.
  static func text(_ value: String?) -> ResultValue { value.map { .text($0) } ?? .null }

  /// Values of one unit: `{"values": [...], "unit": "keV"}`, with `u` where it is known.
  static func series(_ values: [Double], _ unit: String, u: [Double]? = nil) -> ResultValue {
    var fields = ResultObject()
    fields["values"] = .list(values.map { number($0) })
    if let u { fields["u"] = .list(u.map { number($0) }) }
    fields["unit"] = .text(unit)
    return .object(fields)
  }

  /// A number for people: few digits, no trailing zeros.
  static func words(_ value: Double, _ decimals: Int = 3) -> String {
    guard value.isFinite else { return "–" }
    guard value.magnitude < 1e9 else { return "\(value)" }
    var factor = 1.0
    for _ in 0..<decimals { factor *= 10 }
    let rounded = (value * factor).rounded() / factor
    if let whole = Int(exactly: rounded) { return "\(whole)" }
    return "\(rounded)"
  }
}
