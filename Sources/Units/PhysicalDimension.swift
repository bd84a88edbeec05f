/// A kind of quantity, for types: `Quantity<Length>` cannot be added to `Quantity<Force>`.
public protocol PhysicalDimension: Sendable {
  /// The exponents of the base quantities.
  static var dimension: Dimension { get }
}

/// A pure number.
public enum PureNumber: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.one
}

/// A number of things.
public enum Count: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.count)
}

/// Things per time.
public enum CountRate: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.count: 1, .time: -1])
}

/// A length.
public enum Length: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.length)
}

/// An area.
public enum Area: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.length, 2)
}

/// A volume.
public enum Volume: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.length, 3)
}

/// One over a length.
public enum WaveNumber: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.length, -1)
}

/// Things per area, such as 10*15/cm2 of atoms.
public enum AreaDensity: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.length, -2)
}

/// A mass.
public enum Mass: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.mass)
}

/// Mass over volume.
public enum MassDensity: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: -3])
}

/// A span of time.
public enum TimeSpan: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.time)
}

/// One over a time.
public enum Frequency: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.time, -1)
}

/// Length over time.
public enum Speed: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.length: 1, .time: -1])
}

/// A temperature.
public enum Temperature: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.temperature)
}

/// An amount of substance.
public enum AmountOfSubstance: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.amount)
}

/// Volume over amount of substance.
public enum MolarVolume: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.length: 3, .amount: -1])
}

/// A plane angle.
public enum PlaneAngle: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.angle)
}

/// A solid angle.
public enum SolidAngle: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.angle, 2)
}

/// A force.
public enum Force: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: 1, .time: -2])
}

/// Force over length: a spring constant, a 2-D modulus, a tension; also energy over area.
public enum ForcePerLength: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .time: -2])
}

/// Energy over area; the same dimension as ``ForcePerLength`` under the name of surfaces.
public typealias SurfaceEnergy = ForcePerLength

/// A pressure, a stress or a modulus of elasticity.
public enum Pressure: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: -1, .time: -2])
}

/// Stress over displacement: an interface stiffness or the response of a film to a wavy base.
public enum PressurePerLength: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: -2, .time: -2])
}

/// An energy.
public enum Energy: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: 2, .time: -2])
}

/// A bending stiffness of a plate has the dimension of an energy.
public typealias BendingStiffness = Energy

/// Energy over time.
public enum Power: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: 2, .time: -3])
}

/// An electric current.
public enum ElectricCurrent: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension(.current)
}

/// Current over area.
public enum CurrentDensity: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.current: 1, .length: -2])
}

/// An electric charge.
public enum Charge: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.current: 1, .time: 1])
}

/// Charge over mass.
public enum SpecificCharge: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.current: 1, .time: 1, .mass: -1])
}

/// An electric potential difference.
public enum Voltage: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: 2, .time: -3, .current: -1])
}

/// A resistance or the modulus of an impedance.
public enum Resistance: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: 2, .time: -3, .current: -2])
}

/// Resistance times area.
public enum AreaResistance: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: 1, .length: 4, .time: -3, .current: -2])
}

/// One over a resistance.
public enum Conductance: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: -1, .length: -2, .time: 3, .current: 2])
}

/// Conductance over length.
public enum Conductivity: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: -1, .length: -3, .time: 3, .current: 2])
}

/// A capacitance.
public enum Capacitance: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: -1, .length: -2, .time: 4, .current: 2])
}

/// Displacement over detector signal: the inverse optical lever sensitivity of an AFM.
public enum VoltageSensitivity: PhysicalDimension {
  /// Its exponents.
  public static let dimension = Dimension.of([.mass: -1, .length: -1, .time: 3, .current: 1])
}
