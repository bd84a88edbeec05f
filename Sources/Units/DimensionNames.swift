extension Dimension {
  /// The dimension of a product of powers of base quantities.
  static func of(_ powers: KeyValuePairs<Base, Int>) -> Dimension {
    powers.reduce(.one) { $0 * Dimension($1.key, $1.value) }
  }

  /// The product; nil where an exponent would leave its 16 bits.
  func product(_ other: Dimension) -> Dimension? {
    let fits = Base.allCases.allSatisfy { base in
      Int16(exactly: twelfths(of: base) + other.twelfths(of: base)) != nil
    }
    return fits ? self * other : nil
  }

  /// What a quantity of this dimension is called, such as `pressure`; nil where it has no usual name.
  public var name: String? { Self.names.first { $0.dimension == self }?.name }

  /// The dimension for messages: `a pressure (Pa)`, or the base units where it has no name.
  var phrase: String {
    guard let entry = Self.names.first(where: { $0.dimension == self }) else {
      return "a quantity in \(description)"
    }
    let article = "aeiou".contains(entry.name.prefix(1)) ? "an" : "a"
    return entry.unit.isEmpty
      ? "\(article) \(entry.name)" : "\(article) \(entry.name) (\(entry.unit))"
  }

  private static let names: [(dimension: Dimension, name: String, unit: String)] = [
    (.one, "pure number", ""),
    (Length.dimension, "length", "m"),
    (Area.dimension, "area", "m2"),
    (Volume.dimension, "volume", "m3"),
    (Mass.dimension, "mass", "kg"),
    (TimeSpan.dimension, "time", "s"),
    (Frequency.dimension, "frequency", "Hz"),
    (Speed.dimension, "speed", "m/s"),
    (Temperature.dimension, "temperature", "K"),
    (AmountOfSubstance.dimension, "amount of substance", "mol"),
    (MolarVolume.dimension, "molar volume", "m3/mol"),
    (MassDensity.dimension, "mass density", "kg/m3"),
    (PlaneAngle.dimension, "angle", "rad"),
    (SolidAngle.dimension, "solid angle", "sr"),
    (Count.dimension, "count", "{count}"),
    (CountRate.dimension, "count rate", "{count}/s"),
    (Force.dimension, "force", "N"),
    (ForcePerLength.dimension, "stiffness, surface energy or 2-D modulus", "N/m"),
    (Pressure.dimension, "pressure or modulus", "Pa"),
    (PressurePerLength.dimension, "stiffness per area", "Pa/m"),
    (Energy.dimension, "energy", "J"),
    (Power.dimension, "power", "W"),
    (ElectricCurrent.dimension, "current", "A"),
    (CurrentDensity.dimension, "current density", "A/m2"),
    (Charge.dimension, "charge", "C"),
    (SpecificCharge.dimension, "specific charge", "C/kg"),
    (Voltage.dimension, "voltage", "V"),
    (Resistance.dimension, "resistance", "Ohm"),
    (AreaResistance.dimension, "area-specific resistance", "Ohm.m2"),
    (Conductivity.dimension, "conductivity", "S/m"),
    (Conductance.dimension, "conductance", "S"),
    (Capacitance.dimension, "capacitance", "F"),
    (VoltageSensitivity.dimension, "deflection sensitivity", "m/V"),
    (AreaDensity.dimension, "number per area", "/m2"),
    (WaveNumber.dimension, "wave number", "/m"),
  ]
}
