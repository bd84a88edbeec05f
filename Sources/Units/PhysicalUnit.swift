/// A unit of measure: a dimension, a factor to the coherent SI unit and the UCUM text.
///
/// Two units are equal when their UCUM texts are.
public struct PhysicalUnit: Hashable, Sendable {
  /// The UCUM text, such as `mA/cm2`.
  public let ucum: String
  /// What the unit measures.
  public let dimension: Dimension
  /// The factor to the coherent SI unit: 1 `ucum` = `scale` SI.
  public let scale: Double
  /// The zero of the scale in SI units (273.15 for `Cel`); 0 for all others.
  public let offset: Double

  /// A unit from its parts.
  public init(ucum: String, dimension: Dimension, scale: Double, offset: Double = 0) {
    self.ucum = ucum
    self.dimension = dimension
    self.scale = scale
    self.offset = offset
  }

  /// The unit of a pure number, `1`.
  public static let one = PhysicalUnit(ucum: "1", dimension: .one, scale: 1)
}
