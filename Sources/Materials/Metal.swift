public import Units

/// A metal that is plated under a film: its material constants, each with its source.
public struct Metal: Hashable, Sendable {
  /// The name, such as `Li`.
  public var name: String
  /// The molar volume Vₘ.
  public var molarVolume: Measured<MolarVolume>
  /// The energy of the interface of metal and film, γ.
  public var surfaceEnergy: Measured<SurfaceEnergy>
  /// Young's modulus.
  public var youngModulus: Measured<Pressure>
  /// Poisson's ratio.
  public var poissonRatio: Measured<PureNumber>
  /// The pressure that the plated metal puts on a film it lifts.
  public var pressure: Measured<Pressure>

  /// A metal from its constants.
  public init(
    name: String, molarVolume: Measured<MolarVolume>, surfaceEnergy: Measured<SurfaceEnergy>,
    youngModulus: Measured<Pressure>, poissonRatio: Measured<PureNumber>,
    pressure: Measured<Pressure>
  ) {
    self.name = name
    self.molarVolume = molarVolume
    self.surfaceEnergy = surfaceEnergy
    self.youngModulus = youngModulus
    self.poissonRatio = poissonRatio
    self.pressure = pressure
  }

  /// The plane-strain modulus E/(1 − ν²).
  public var planeStrainModulus: Quantity<Pressure> {
    let nu = poissonRatio.value.si
    return youngModulus.value / (1 - nu * nu)
  }

  /// Lithium with the default constants.
  public static let lithium = Metal(
    name: "Li",
    molarVolume: Measured(
      Quantity(13.00, .cubicCentimetrePerMole), source: "default (handbook density)"),
    surfaceEnergy: Measured(
      Quantity(0.50, .joulePerSquareMetre), source: "default (literature 0.3–0.6 J/m2)"),
    youngModulus: Measured(Quantity(4.91, .gigapascal), source: "default (literature)"),
    poissonRatio: Measured(Quantity(0.362, .one), source: "default (literature)"),
    pressure: Measured(Quantity(100, .megapascal), source: "default (reference film study)"))

  /// Sodium with the default constants.
  ///
  /// The default pressure follows from the measured ratio 0.59 of the Li and Na deposits'
  /// thicknesses; the molar volumes would give 54.9 MPa.
  public static let sodium = Metal(
    name: "Na",
    molarVolume: Measured(
      Quantity(23.70, .cubicCentimetrePerMole), source: "default (handbook density)"),
    surfaceEnergy: Measured(
      Quantity(0.25, .joulePerSquareMetre), source: "default (literature 0.2–0.3 J/m2)"),
    youngModulus: Measured(Quantity(10, .gigapascal), source: "default (literature)"),
    poissonRatio: Measured(Quantity(0.34, .one), source: "default (literature)"),
    pressure: Measured(Quantity(59, .megapascal), source: "default (reference film study)"))

  /// The metals known by name, in the order in which they are listed.
  public static let presets = [lithium, sodium]

  /// The preset of a name, in any case; nil for an unknown metal.
  public static func preset(_ name: String) -> Metal? {
    presets.first { $0.name.lowercased() == name.lowercased() }
  }
}
