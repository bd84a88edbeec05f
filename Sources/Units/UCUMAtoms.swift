/// One row of the table of UCUM atoms.
struct UCUMAtom: Sendable {
  var dimension: Dimension
  var factor: ExactFactor
  /// Whether SI prefixes may stand before it.
  var metric: Bool
  /// The zero of the scale in SI units.
  var offset: ExactFactor?
  var arbitrary = false
}

/// The atoms and prefixes of UCUM, <https://ucum.org/ucum>.
///
/// Symbols are case-sensitive. Physical constants are those of CODATA 2018, where UCUM has older ones.
enum UCUM {
  static let prefixes: [String: Int] = [
    "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
  ]

  /// The atom of a symbol with or without prefix, longest atom first.
  static func resolve(_ symbol: String) -> UCUMAtom? {
    if let atom = atoms[symbol] { return atom }
    for length in [1, 2] where symbol.utf8.count > length {
      guard let tens = prefixes[String(symbol.prefix(length))],
        var atom = atoms[String(symbol.dropFirst(length))], atom.metric,
        let factor = atom.factor.times(ExactFactor(1, tens: tens))
      else { continue }
      atom.factor = factor
      return atom
    }
    return nil
  }

  static let atoms: [String: UCUMAtom] = {
    var table: [String: UCUMAtom] = [:]
    func add(
      _ symbols: String..., of dimension: Dimension, _ digits: UInt64 = 1, tens: Int = 0,
      over: UInt64 = 1, pi: Int = 0, metric: Bool = true
    ) {
      guard let factor = ExactFactor(digits, over: over, tens: tens, pi: pi) else { return }
      for symbol in symbols {
        table[symbol] = UCUMAtom(dimension: dimension, factor: factor, metric: metric)
      }
    }
    let length = Length.dimension
    let energy = Energy.dimension
    let pressure = Pressure.dimension
    let volume = Volume.dimension
    // Base units and the SI.
    add("m", of: length)
    add("g", of: Mass.dimension, tens: -3)
    add("s", of: TimeSpan.dimension)
    add("A", of: ElectricCurrent.dimension)
    add("K", of: Temperature.dimension)
    add("mol", of: AmountOfSubstance.dimension)
    add("cd", "lm", of: Dimension(.luminousIntensity))
    add("rad", of: PlaneAngle.dimension)
    add("sr", of: SolidAngle.dimension)
    add("Hz", "Bq", of: Frequency.dimension)
    add("N", of: Force.dimension)
    add("Pa", of: pressure)
    add("J", of: energy)
    add("W", of: Power.dimension)
    add("C", of: Charge.dimension)
    add("V", of: Voltage.dimension)
    add("F", of: Capacitance.dimension)
    add("Ohm", of: Resistance.dimension)
    add("S", "mho", of: Conductance.dimension)
    add("Wb", of: Voltage.dimension * TimeSpan.dimension)
    add("T", of: Voltage.dimension * TimeSpan.dimension / Area.dimension)
    add("H", of: Resistance.dimension * TimeSpan.dimension)
    add("lx", of: Dimension(.luminousIntensity) / Area.dimension)
    add("Gy", "Sv", of: energy / Mass.dimension)
    add("kat", of: AmountOfSubstance.dimension / TimeSpan.dimension)
    // Numbers.
    add("10*", "10^", of: .one, 10, metric: false)
    add("[pi]", of: .one, pi: 1, metric: false)
    add("%", of: .one, tens: -2, metric: false)
    add("[ppth]", of: .one, tens: -3, metric: false)
    add("[ppm]", of: .one, tens: -6, metric: false)
    add("[ppb]", of: .one, tens: -9, metric: false)
    add("[pptr]", of: .one, tens: -12, metric: false)
    // Angles.
    add("deg", of: PlaneAngle.dimension, over: 180, pi: 1, metric: false)
    add("'", of: PlaneAngle.dimension, over: 10800, pi: 1, metric: false)
    add("''", of: PlaneAngle.dimension, over: 648_000, pi: 1, metric: false)
    add("gon", of: PlaneAngle.dimension, over: 200, pi: 1, metric: false)
    add("circ", of: PlaneAngle.dimension, 2, pi: 1, metric: false)
    // Time; months are twelfths of a Julian year.
    add("min", of: TimeSpan.dimension, 60, metric: false)
    add("h", of: TimeSpan.dimension, 3600, metric: false)
    add("d", of: TimeSpan.dimension, 86400, metric: false)
    add("wk", of: TimeSpan.dimension, 604_800, metric: false)
    add("mo", of: TimeSpan.dimension, 2_629_800, metric: false)
    add("a", of: TimeSpan.dimension, 31_557_600, metric: false)
    // Lengths, areas, volumes, masses.
    add("Ao", of: length, tens: -10, metric: false)
    add("[in_i]", of: length, 254, tens: -4, metric: false)
    add("[ft_i]", of: length, 3048, tens: -4, metric: false)
    add("[mil_i]", of: length, 254, tens: -7, metric: false)
    // UCUM has the barn without prefixes; nuclear physics needs mb/sr.
    add("b", of: Area.dimension, tens: -28)
    add("ar", of: Area.dimension, tens: 2)
    add("l", "L", of: volume, tens: -3)
    add("t", of: Mass.dimension, tens: 3)
    add("u", of: Mass.dimension, 166_053_906_660, tens: -38)
    add("[lb_av]", of: Mass.dimension, 45_359_237, tens: -8, metric: false)
    add("[oz_av]", of: Mass.dimension, 28_349_523_125, tens: -12, metric: false)
    // Forces, pressures, energies.
    add("dyn", of: Force.dimension, tens: -5)
    add("gf", of: Force.dimension, 980_665, tens: -8)
    add("[lbf_av]", of: Force.dimension, 44_482_216_152_605, tens: -13, metric: false)
    add("bar", of: pressure, tens: 5)
    add("atm", of: pressure, 101_325, metric: false)
    add("att", of: pressure, 980_665, tens: -1, metric: false)
    add("[psi]", of: pressure, 44_482_216_152_605, tens: -5, over: 64516, metric: false)
    add("m[Hg]", of: pressure, 133_322)
    add("m[H2O]", of: pressure, 980_665, tens: -2)
    add("erg", of: energy, tens: -7)
    add("eV", of: energy, 1_602_176_634, tens: -28)
    add("cal", "cal_th", of: energy, 4184, tens: -3)
    // Electricity, magnetism, viscosity, radiation.
    add("Ci", of: Frequency.dimension, 37, tens: 9)
    add("G", of: Voltage.dimension * TimeSpan.dimension / Area.dimension, tens: -4)
    add("P", of: pressure * TimeSpan.dimension, tens: -1)
    add("St", of: Area.dimension / TimeSpan.dimension, tens: -4)
    // Constants of nature that UCUM has as units.
    add("[c]", of: Speed.dimension, 299_792_458)
    add("[h]", of: energy * TimeSpan.dimension, 662_607_015, tens: -42)
    add("[k]", of: energy / Temperature.dimension, 1_380_649, tens: -29)
    add("[e]", of: Charge.dimension, 1_602_176_634, tens: -28)
    add("[g]", of: Speed.dimension / TimeSpan.dimension, 980_665, tens: -5)
    // Scales with their own zero, and the arbitrary unit.
    add("Cel", of: Temperature.dimension)
    table["Cel"]?.offset = ExactFactor(27315, tens: -2)
    add("[degF]", of: Temperature.dimension, 5, over: 9, metric: false)
    table["[degF]"]?.offset = ExactFactor(45967, over: 180)
    add("[arb'U]", of: .one, metric: false)
    table["[arb'U]"]?.arbitrary = true
    return table
  }()
}
