/// Why a unit or the text of a quantity means nothing, or cannot be converted.
public enum UnitError: Error, Hashable, Sendable {
  /// The text is no unit; the part that was not understood.
  case unknown(text: String, part: String)
  /// The text is too long, too deep or out of the range of Double.
  case outOfRange(text: String)
  /// Two units measure different things.
  case mismatch(from: PhysicalUnit, to: PhysicalUnit)
  /// A unit does not measure what is expected.
  case unexpected(PhysicalUnit, expected: Dimension)
  /// An arbitrary unit converts to nothing.
  case arbitrary(PhysicalUnit)
  /// The text holds no number where one is due.
  case noNumber(text: String)
  /// A number stands where a number with its unit is due.
  case noUnit(text: String, expected: Dimension)
  /// An uncertainty is negative or no number.
  case badUncertainty(text: String)
}

extension UnitError: CustomStringConvertible {
  /// The stable code, `unit.KIND`.
  public var code: String {
    switch self {
    case .unknown: "unit.unknown"
    case .outOfRange: "unit.range"
    case .mismatch, .unexpected: "unit.mismatch"
    case .arbitrary: "unit.arbitrary"
    case .noNumber: "quantity.number"
    case .noUnit: "quantity.unit"
    case .badUncertainty: "quantity.uncertainty"
    }
  }

  /// What was found.
  public var found: String {
    switch self {
    case .unknown(let text, let part):
      text == part ? "unknown unit '\(text)'" : "unknown unit '\(part)' in '\(text)'"
    case .outOfRange(let text): "'\(text)' is out of range"
    case .mismatch(let from, _): "'\(from.ucum)' is \(from.dimension.phrase)"
    case .unexpected(let unit, _): "'\(unit.ucum)' is \(unit.dimension.phrase)"
    case .arbitrary(let unit): "'\(unit.ucum)' is an arbitrary unit"
    case .noNumber(let text): "'\(text)' does not begin with a number"
    case .noUnit(let text, _): "'\(text)' has no unit"
    case .badUncertainty(let text): "'\(text)' has no valid uncertainty"
    }
  }

  /// What was expected instead.
  public var expected: String {
    switch self {
    case .unknown: "expected a UCUM unit such as nm, N/m, GPa, mA/cm2 or 1"
    case .outOfRange: "expected at most 120 characters and a factor that a Double can hold"
    case .mismatch(_, let to): "expected \(to.dimension.phrase), as '\(to.ucum)' is"
    case .unexpected(_, let dimension): "expected \(dimension.phrase)"
    case .arbitrary: "it converts to nothing; give the real unit"
    case .noNumber: "expected a number, such as 25 GPa or 25 ± 5 GPa"
    case .noUnit(_, let dimension): "expected \(dimension.phrase), with its unit"
    case .badUncertainty: "expected a standard uncertainty ≥ 0, such as 25 ± 5 GPa"
    }
  }

  /// Both halves.
  public var description: String { "\(found); \(expected)" }
}
