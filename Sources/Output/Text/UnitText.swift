public import Tables
internal import Units

extension PeopleText {
  /// A UCUM unit as people read it, such as `N·m⁻¹`; empty for a pure number.
  ///
  /// Text that is no UCUM stays as it is.
  public static func unit(_ ucum: String) -> String {
    if ucum.isEmpty || ucum == "1" { return "" }
    return (try? PhysicalUnit(ucum: ucum))?.display ?? ucum
  }

  /// A quantity as people read it: `2.310 ± 0.050 N·m⁻¹`.
  public static func quantity(_ quantity: MeasuredValue) -> String {
    let number = value(quantity.value, u: quantity.u)
    if quantity.value == nil { return number }
    let unit = unit(quantity.unit.ucum)
    if unit.isEmpty { return number }
    let needsBrackets = number.contains("±") && !number.hasPrefix("(")
    let tight = unit.hasPrefix("°") && unit != "°C"
    return (needsBrackets ? "(\(number))" : number) + (tight ? "" : "\u{00A0}") + unit
  }
}
