/// A quantity with its standard uncertainty and what it rests on.
public struct Measured<D: PhysicalDimension>: Sendable, Hashable, Codable {
  /// The value.
  public var value: Quantity<D>
  /// The standard uncertainty (1 sigma); nil where it is not known, zero where exact.
  public var u: Quantity<D>?
  /// The number of specimens, curves or readings behind it, where that has a meaning.
  public var n: Int?
  /// Where it comes from, in words: `config line 4`, `default`, `results.json#modulus`.
  public var source: String

  /// A measured quantity from its parts.
  public init(_ value: Quantity<D>, u: Quantity<D>? = nil, n: Int? = nil, source: String = "") {
    self.value = value
    self.u = u
    self.n = n
    self.source = source
  }

  /// The uncertainty as a fraction of the value; nil where either is missing or the value is zero.
  public var relativeUncertainty: Double? {
    guard let u, value.si != 0 else { return nil }
    return u.si / abs(value.si)
  }
}
