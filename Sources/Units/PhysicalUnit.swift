/// A unit of measure: a dimension, a factor to the coherent SI unit and the UCUM text.
///
/// Two units are equal when their UCUM texts are.
public struct PhysicalUnit: Sendable {
  /// The UCUM text, such as `mA/cm2`.
  public let ucum: String
  /// What the unit measures.
  public let dimension: Dimension
  /// The factor to the coherent SI unit: 1 `ucum` = `scale` SI.
  public let scale: Double
  /// The zero of the scale in SI units (273.15 for `Cel`); 0 for all others.
  public let offset: Double
  /// Whether the unit is arbitrary (`[arb'U]`), so that it converts to nothing but itself.
  public let isArbitrary: Bool
  /// The factor as an exact number, where 64 bits hold it.
  let exactScale: ExactFactor?
  /// The zero as an exact number; nil for zero.
  let exactOffset: ExactFactor?

  /// A unit from its parts; prefer `init(ucum:)`, which also holds the factor exactly.
  public init(ucum: String, dimension: Dimension, scale: Double, offset: Double = 0) {
    self.ucum = ucum
    self.dimension = dimension
    self.scale = scale
    self.offset = offset
    isArbitrary = false
    exactScale = scale == 1 ? .one : nil
    exactOffset = nil
  }

  init(
    ucum: String, dimension: Dimension, scale: Double, exactScale: ExactFactor?,
    exactOffset: ExactFactor?, isArbitrary: Bool
  ) {
    self.ucum = ucum
    self.dimension = dimension
    self.scale = scale
    self.exactScale = exactScale
    self.exactOffset = exactOffset
    self.isArbitrary = isArbitrary
    offset = exactOffset?.double ?? 0
  }

  /// The unit of a pure number, `1`.
  public static let one = PhysicalUnit(ucum: "1", dimension: .one, scale: 1)
}

extension PhysicalUnit: Hashable {
  /// Whether the UCUM texts are the same; see ``isEquivalent(to:)`` for the meaning.
  public static func == (a: PhysicalUnit, b: PhysicalUnit) -> Bool { a.ucum == b.ucum }

  /// Feeds the UCUM text.
  public func hash(into hasher: inout Hasher) { hasher.combine(ucum) }

  /// Whether both units mean the same, however they are written (`N/m` and `nN/nm`).
  public func isEquivalent(to other: PhysicalUnit) -> Bool {
    if ucum == other.ucum { return true }
    guard dimension == other.dimension, !isArbitrary, !other.isArbitrary,
      offset == other.offset
    else { return false }
    if let a = exactScale, let b = other.exactScale { return a == b }
    return scale == other.scale
  }
}

extension PhysicalUnit: CustomStringConvertible {
  /// The UCUM text.
  public var description: String { ucum }
}
