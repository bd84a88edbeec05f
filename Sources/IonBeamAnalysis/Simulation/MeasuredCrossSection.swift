/// A measured or evaluated differential cross section of one nucleus, linear between its points.
public struct MeasuredCrossSection: Hashable, Sendable, Codable {
  /// What the values are.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// mb/sr, laboratory.
    case millibarn = "mb"
    /// The ratio to the unscreened Rutherford cross section.
    case ratio = "rr"
  }

  /// The nucleus; nil for all isotopes of the element.
  public var massNumber: Int?
  /// The atomic number of the nucleus.
  public var atomicNumber: Int
  /// What the values are.
  public var kind: Kind
  /// Laboratory energies in keV, ascending.
  public var energies: [Double]
  /// Cross sections in mb/sr, or ratios.
  public var values: [Double]

  /// A cross section of at least two points in ascending order of energy; nil for anything else.
  public init?(
    atomicNumber: Int, massNumber: Int?, kind: Kind, energies: [Double], values: [Double]
  ) {
    guard energies.count == values.count, energies.count >= 2,
      zip(energies, energies.dropFirst()).allSatisfy({ $0 <= $1 }),
      values.allSatisfy({ $0.isFinite && $0 >= 0 }), energies.allSatisfy(\.isFinite)
    else { return nil }
    self.atomicNumber = atomicNumber
    self.massNumber = massNumber
    self.kind = kind
    self.energies = energies
    self.values = values
  }

  /// Whether the data hold for an isotope.
  func holds(for isotope: Isotope) -> Bool {
    isotope.atomicNumber == atomicNumber && (massNumber.map { $0 == isotope.massNumber } ?? true)
  }
}
