extension PhysicalUnit {
  /// A unit of the table below; its texts are checked by the tests.
  private static func known(_ ucum: String) -> PhysicalUnit {
    (try? PhysicalUnit(ucum: ucum)) ?? .one
  }

  /// `%`.
  public static let percent = known("%")
  /// `{count}`.
  public static let count = known("{count}")
  /// `{count}/s`.
  public static let countPerSecond = known("{count}/s")
  /// `m`.
  public static let metre = known("m")
  /// `mm`.
  public static let millimetre = known("mm")
  /// `um`.
  public static let micrometre = known("um")
  /// `nm`.
  public static let nanometre = known("nm")
  /// `pm`.
  public static let picometre = known("pm")
  /// `Ao`.
  public static let angstrom = known("Ao")
  /// `m2`.
  public static let squareMetre = known("m2")
  /// `cm2`.
  public static let squareCentimetre = known("cm2")
  /// `um2`.
  public static let squareMicrometre = known("um2")
  /// `nm2`.
  public static let squareNanometre = known("nm2")
  /// `m3`.
  public static let cubicMetre = known("m3")
  /// `cm3`.
  public static let cubicCentimetre = known("cm3")
  /// `/m`.
  public static let perMetre = known("/m")
  /// `/Ao`.
  public static let perAngstrom = known("/Ao")
  /// `/m2`.
  public static let perSquareMetre = known("/m2")
  /// `/cm2`.
  public static let perSquareCentimetre = known("/cm2")
  /// `10*15/cm2`.
  public static let atoms1e15PerSquareCentimetre = known("10*15/cm2")
  /// `kg`.
  public static let kilogram = known("kg")
  /// `g`.
  public static let gram = known("g")
  /// `mg`.
  public static let milligram = known("mg")
  /// `u`.
  public static let atomicMassUnit = known("u")
  /// `kg/m3`.
  public static let kilogramPerCubicMetre = known("kg/m3")
  /// `g/cm3`.
  public static let gramPerCubicCentimetre = known("g/cm3")
  /// `s`.
  public static let second = known("s")
  /// `ms`.
  public static let millisecond = known("ms")
  /// `min`.
  public static let minute = known("min")
  /// `h`.
  public static let hour = known("h")
  /// `d`.
  public static let day = known("d")
  /// `Hz`.
  public static let hertz = known("Hz")
  /// `kHz`.
  public static let kilohertz = known("kHz")
  /// `/s`.
  public static let perSecond = known("/s")
  /// `m/s`.
  public static let metrePerSecond = known("m/s")
  /// `nm/s`.
  public static let nanometrePerSecond = known("nm/s")
  /// `um/s`.
  public static let micrometrePerSecond = known("um/s")
  /// `K`.
  public static let kelvin = known("K")
  /// `Cel`.
  public static let celsius = known("Cel")
  /// `mol`.
  public static let mole = known("mol")
  /// `m3/mol`.
  public static let cubicMetrePerMole = known("m3/mol")
  /// `cm3/mol`.
  public static let cubicCentimetrePerMole = known("cm3/mol")
  /// `rad`.
  public static let radian = known("rad")
  /// `deg`.
  public static let degree = known("deg")
  /// `sr`.
  public static let steradian = known("sr")
  /// `msr`.
  public static let millisteradian = known("msr")
  /// `N`.
  public static let newton = known("N")
  /// `mN`.
  public static let millinewton = known("mN")
  /// `uN`.
  public static let micronewton = known("uN")
  /// `nN`.
  public static let nanonewton = known("nN")
  /// `pN`.
  public static let piconewton = known("pN")
  /// `N/m`.
  public static let newtonPerMetre = known("N/m")
  /// `J/m2`.
  public static let joulePerSquareMetre = known("J/m2")
  /// `nN/nm`.
  public static let nanonewtonPerNanometre = known("nN/nm")
  /// `Pa`.
  public static let pascal = known("Pa")
  /// `kPa`.
  public static let kilopascal = known("kPa")
  /// `MPa`.
  public static let megapascal = known("MPa")
  /// `GPa`.
  public static let gigapascal = known("GPa")
  /// `Pa/m`.
  public static let pascalPerMetre = known("Pa/m")
  /// `J`.
  public static let joule = known("J")
  /// `mJ`.
  public static let millijoule = known("mJ")
  /// `fJ`.
  public static let femtojoule = known("fJ")
  /// `eV`.
  public static let electronvolt = known("eV")
  /// `keV`.
  public static let kiloelectronvolt = known("keV")
  /// `W.h`.
  public static let wattHour = known("W.h")
  /// `mW.h`.
  public static let milliwattHour = known("mW.h")
  /// `W`.
  public static let watt = known("W")
  /// `mW`.
  public static let milliwatt = known("mW")
  /// `A`.
  public static let ampere = known("A")
  /// `mA`.
  public static let milliampere = known("mA")
  /// `uA`.
  public static let microampere = known("uA")
  /// `nA`.
  public static let nanoampere = known("nA")
  /// `A/m2`.
  public static let amperePerSquareMetre = known("A/m2")
  /// `mA/cm2`.
  public static let milliamperePerSquareCentimetre = known("mA/cm2")
  /// `C`.
  public static let coulomb = known("C")
  /// `A.h`.
  public static let ampereHour = known("A.h")
  /// `mA.h`.
  public static let milliampereHour = known("mA.h")
  /// `mA.h/g`.
  public static let milliampereHourPerGram = known("mA.h/g")
  /// `V`.
  public static let volt = known("V")
  /// `mV`.
  public static let millivolt = known("mV")
  /// `uV`.
  public static let microvolt = known("uV")
  /// `Ohm`.
  public static let ohm = known("Ohm")
  /// `kOhm`.
  public static let kiloohm = known("kOhm")
  /// `Ohm.cm2`.
  public static let ohmSquareCentimetre = known("Ohm.cm2")
  /// `Ohm.m2`.
  public static let ohmSquareMetre = known("Ohm.m2")
  /// `S`.
  public static let siemens = known("S")
  /// `S/m`.
  public static let siemensPerMetre = known("S/m")
  /// `S/cm`.
  public static let siemensPerCentimetre = known("S/cm")
  /// `F`.
  public static let farad = known("F")
  /// `uF`.
  public static let microfarad = known("uF")
  /// `m/V`.
  public static let metrePerVolt = known("m/V")
  /// `nm/V`.
  public static let nanometrePerVolt = known("nm/V")
  /// `[arb'U]`, an arbitrary unit that converts to nothing.
  public static let arbitrary = known("[arb'U]")

  /// Every unit above, for tests and lists.
  static let common: [PhysicalUnit] = [
    .one, .percent, .count, .countPerSecond, .metre, .millimetre, .micrometre, .nanometre,
    .picometre, .angstrom, .squareMetre, .squareCentimetre, .squareMicrometre, .squareNanometre,
    .cubicMetre, .cubicCentimetre, .perMetre, .perAngstrom, .perSquareMetre, .perSquareCentimetre,
    .atoms1e15PerSquareCentimetre, .kilogram, .gram, .milligram, .atomicMassUnit,
    .kilogramPerCubicMetre, .gramPerCubicCentimetre, .second, .millisecond, .minute, .hour, .day,
    .hertz, .kilohertz, .perSecond, .metrePerSecond, .nanometrePerSecond, .micrometrePerSecond,
    .kelvin, .celsius, .mole, .cubicMetrePerMole, .cubicCentimetrePerMole, .radian, .degree,
    .steradian, .millisteradian, .newton, .millinewton, .micronewton, .nanonewton, .piconewton,
    .newtonPerMetre, .joulePerSquareMetre, .nanonewtonPerNanometre, .pascal, .kilopascal,
    .megapascal, .gigapascal, .pascalPerMetre, .joule, .millijoule, .femtojoule, .electronvolt,
    .kiloelectronvolt, .wattHour, .milliwattHour, .watt, .milliwatt, .ampere, .milliampere,
    .microampere, .nanoampere, .amperePerSquareMetre, .milliamperePerSquareCentimetre, .coulomb,
    .ampereHour, .milliampereHour, .milliampereHourPerGram, .volt, .millivolt, .microvolt, .ohm,
    .kiloohm, .ohmSquareCentimetre, .ohmSquareMetre, .siemens, .siemensPerMetre,
    .siemensPerCentimetre, .farad, .microfarad, .metrePerVolt, .nanometrePerVolt, .arbitrary,
  ]
}
