extension UnitOf where D == PureNumber {
  /// `1`.
  public static var one: UnitOf { UnitOf(trusted: .one) }
  /// `%`.
  public static var percent: UnitOf { UnitOf(trusted: .percent) }
}

extension UnitOf where D == Count {
  /// `{count}`.
  public static var count: UnitOf { UnitOf(trusted: .count) }
}

extension UnitOf where D == CountRate {
  /// `{count}/s`.
  public static var countPerSecond: UnitOf { UnitOf(trusted: .countPerSecond) }
}

extension UnitOf where D == Length {
  /// `m`.
  public static var metre: UnitOf { UnitOf(trusted: .metre) }
  /// `mm`.
  public static var millimetre: UnitOf { UnitOf(trusted: .millimetre) }
  /// `um`.
  public static var micrometre: UnitOf { UnitOf(trusted: .micrometre) }
  /// `nm`.
  public static var nanometre: UnitOf { UnitOf(trusted: .nanometre) }
  /// `pm`.
  public static var picometre: UnitOf { UnitOf(trusted: .picometre) }
  /// `Ao`.
  public static var angstrom: UnitOf { UnitOf(trusted: .angstrom) }
}

extension UnitOf where D == Area {
  /// `m2`.
  public static var squareMetre: UnitOf { UnitOf(trusted: .squareMetre) }
  /// `cm2`.
  public static var squareCentimetre: UnitOf { UnitOf(trusted: .squareCentimetre) }
  /// `um2`.
  public static var squareMicrometre: UnitOf { UnitOf(trusted: .squareMicrometre) }
  /// `nm2`.
  public static var squareNanometre: UnitOf { UnitOf(trusted: .squareNanometre) }
}

extension UnitOf where D == Volume {
  /// `m3`.
  public static var cubicMetre: UnitOf { UnitOf(trusted: .cubicMetre) }
  /// `cm3`.
  public static var cubicCentimetre: UnitOf { UnitOf(trusted: .cubicCentimetre) }
}

extension UnitOf where D == WaveNumber {
  /// `/m`.
  public static var perMetre: UnitOf { UnitOf(trusted: .perMetre) }
  /// `/Ao`.
  public static var perAngstrom: UnitOf { UnitOf(trusted: .perAngstrom) }
}

extension UnitOf where D == AreaDensity {
  /// `/m2`.
  public static var perSquareMetre: UnitOf { UnitOf(trusted: .perSquareMetre) }
  /// `/cm2`.
  public static var perSquareCentimetre: UnitOf { UnitOf(trusted: .perSquareCentimetre) }
  /// `10*15/cm2`.
  public static var atoms1e15PerSquareCentimetre: UnitOf {
    UnitOf(trusted: .atoms1e15PerSquareCentimetre)
  }
}

extension UnitOf where D == Mass {
  /// `kg`.
  public static var kilogram: UnitOf { UnitOf(trusted: .kilogram) }
  /// `g`.
  public static var gram: UnitOf { UnitOf(trusted: .gram) }
  /// `mg`.
  public static var milligram: UnitOf { UnitOf(trusted: .milligram) }
  /// `u`.
  public static var atomicMassUnit: UnitOf { UnitOf(trusted: .atomicMassUnit) }
}

extension UnitOf where D == MassDensity {
  /// `kg/m3`.
  public static var kilogramPerCubicMetre: UnitOf { UnitOf(trusted: .kilogramPerCubicMetre) }
  /// `g/cm3`.
  public static var gramPerCubicCentimetre: UnitOf { UnitOf(trusted: .gramPerCubicCentimetre) }
}

extension UnitOf where D == TimeSpan {
  /// `s`.
  public static var second: UnitOf { UnitOf(trusted: .second) }
  /// `ms`.
  public static var millisecond: UnitOf { UnitOf(trusted: .millisecond) }
  /// `min`.
  public static var minute: UnitOf { UnitOf(trusted: .minute) }
  /// `h`.
  public static var hour: UnitOf { UnitOf(trusted: .hour) }
  /// `d`.
  public static var day: UnitOf { UnitOf(trusted: .day) }
}

extension UnitOf where D == Frequency {
  /// `Hz`.
  public static var hertz: UnitOf { UnitOf(trusted: .hertz) }
  /// `kHz`.
  public static var kilohertz: UnitOf { UnitOf(trusted: .kilohertz) }
  /// `/s`.
  public static var perSecond: UnitOf { UnitOf(trusted: .perSecond) }
}

extension UnitOf where D == Speed {
  /// `m/s`.
  public static var metrePerSecond: UnitOf { UnitOf(trusted: .metrePerSecond) }
  /// `nm/s`.
  public static var nanometrePerSecond: UnitOf { UnitOf(trusted: .nanometrePerSecond) }
  /// `um/s`.
  public static var micrometrePerSecond: UnitOf { UnitOf(trusted: .micrometrePerSecond) }
}

extension UnitOf where D == Temperature {
  /// `K`.
  public static var kelvin: UnitOf { UnitOf(trusted: .kelvin) }
  /// `Cel`.
  public static var celsius: UnitOf { UnitOf(trusted: .celsius) }
}

extension UnitOf where D == AmountOfSubstance {
  /// `mol`.
  public static var mole: UnitOf { UnitOf(trusted: .mole) }
}

extension UnitOf where D == MolarVolume {
  /// `m3/mol`.
  public static var cubicMetrePerMole: UnitOf { UnitOf(trusted: .cubicMetrePerMole) }
  /// `cm3/mol`.
  public static var cubicCentimetrePerMole: UnitOf { UnitOf(trusted: .cubicCentimetrePerMole) }
}

extension UnitOf where D == PlaneAngle {
  /// `rad`.
  public static var radian: UnitOf { UnitOf(trusted: .radian) }
  /// `deg`.
  public static var degree: UnitOf { UnitOf(trusted: .degree) }
}

extension UnitOf where D == SolidAngle {
  /// `sr`.
  public static var steradian: UnitOf { UnitOf(trusted: .steradian) }
  /// `msr`.
  public static var millisteradian: UnitOf { UnitOf(trusted: .millisteradian) }
}

extension UnitOf where D == Force {
  /// `N`.
  public static var newton: UnitOf { UnitOf(trusted: .newton) }
  /// `mN`.
  public static var millinewton: UnitOf { UnitOf(trusted: .millinewton) }
  /// `uN`.
  public static var micronewton: UnitOf { UnitOf(trusted: .micronewton) }
  /// `nN`.
  public static var nanonewton: UnitOf { UnitOf(trusted: .nanonewton) }
  /// `pN`.
  public static var piconewton: UnitOf { UnitOf(trusted: .piconewton) }
}

extension UnitOf where D == ForcePerLength {
  /// `N/m`.
  public static var newtonPerMetre: UnitOf { UnitOf(trusted: .newtonPerMetre) }
  /// `J/m2`.
  public static var joulePerSquareMetre: UnitOf { UnitOf(trusted: .joulePerSquareMetre) }
  /// `nN/nm`.
  public static var nanonewtonPerNanometre: UnitOf { UnitOf(trusted: .nanonewtonPerNanometre) }
}

extension UnitOf where D == Pressure {
  /// `Pa`.
  public static var pascal: UnitOf { UnitOf(trusted: .pascal) }
  /// `kPa`.
  public static var kilopascal: UnitOf { UnitOf(trusted: .kilopascal) }
  /// `MPa`.
  public static var megapascal: UnitOf { UnitOf(trusted: .megapascal) }
  /// `GPa`.
  public static var gigapascal: UnitOf { UnitOf(trusted: .gigapascal) }
}

extension UnitOf where D == PressurePerLength {
  /// `Pa/m`.
  public static var pascalPerMetre: UnitOf { UnitOf(trusted: .pascalPerMetre) }
}

extension UnitOf where D == Energy {
  /// `J`.
  public static var joule: UnitOf { UnitOf(trusted: .joule) }
  /// `mJ`.
  public static var millijoule: UnitOf { UnitOf(trusted: .millijoule) }
  /// `fJ`.
  public static var femtojoule: UnitOf { UnitOf(trusted: .femtojoule) }
  /// `eV`.
  public static var electronvolt: UnitOf { UnitOf(trusted: .electronvolt) }
  /// `keV`.
  public static var kiloelectronvolt: UnitOf { UnitOf(trusted: .kiloelectronvolt) }
  /// `W.h`.
  public static var wattHour: UnitOf { UnitOf(trusted: .wattHour) }
  /// `mW.h`.
  public static var milliwattHour: UnitOf { UnitOf(trusted: .milliwattHour) }
}

extension UnitOf where D == Power {
  /// `W`.
  public static var watt: UnitOf { UnitOf(trusted: .watt) }
  /// `mW`.
  public static var milliwatt: UnitOf { UnitOf(trusted: .milliwatt) }
}

extension UnitOf where D == ElectricCurrent {
  /// `A`.
  public static var ampere: UnitOf { UnitOf(trusted: .ampere) }
  /// `mA`.
  public static var milliampere: UnitOf { UnitOf(trusted: .milliampere) }
  /// `uA`.
  public static var microampere: UnitOf { UnitOf(trusted: .microampere) }
  /// `nA`.
  public static var nanoampere: UnitOf { UnitOf(trusted: .nanoampere) }
}

extension UnitOf where D == CurrentDensity {
  /// `A/m2`.
  public static var amperePerSquareMetre: UnitOf { UnitOf(trusted: .amperePerSquareMetre) }
  /// `mA/cm2`.
  public static var milliamperePerSquareCentimetre: UnitOf {
    UnitOf(trusted: .milliamperePerSquareCentimetre)
  }
}

extension UnitOf where D == Charge {
  /// `C`.
  public static var coulomb: UnitOf { UnitOf(trusted: .coulomb) }
  /// `A.h`.
  public static var ampereHour: UnitOf { UnitOf(trusted: .ampereHour) }
  /// `mA.h`.
  public static var milliampereHour: UnitOf { UnitOf(trusted: .milliampereHour) }
}

extension UnitOf where D == SpecificCharge {
  /// `mA.h/g`.
  public static var milliampereHourPerGram: UnitOf { UnitOf(trusted: .milliampereHourPerGram) }
}

extension UnitOf where D == Voltage {
  /// `V`.
  public static var volt: UnitOf { UnitOf(trusted: .volt) }
  /// `mV`.
  public static var millivolt: UnitOf { UnitOf(trusted: .millivolt) }
  /// `uV`.
  public static var microvolt: UnitOf { UnitOf(trusted: .microvolt) }
}

extension UnitOf where D == Resistance {
  /// `Ohm`.
  public static var ohm: UnitOf { UnitOf(trusted: .ohm) }
  /// `kOhm`.
  public static var kiloohm: UnitOf { UnitOf(trusted: .kiloohm) }
}

extension UnitOf where D == AreaResistance {
  /// `Ohm.cm2`.
  public static var ohmSquareCentimetre: UnitOf { UnitOf(trusted: .ohmSquareCentimetre) }
  /// `Ohm.m2`.
  public static var ohmSquareMetre: UnitOf { UnitOf(trusted: .ohmSquareMetre) }
}

extension UnitOf where D == Conductance {
  /// `S`.
  public static var siemens: UnitOf { UnitOf(trusted: .siemens) }
}

extension UnitOf where D == Conductivity {
  /// `S/m`.
  public static var siemensPerMetre: UnitOf { UnitOf(trusted: .siemensPerMetre) }
  /// `S/cm`.
  public static var siemensPerCentimetre: UnitOf { UnitOf(trusted: .siemensPerCentimetre) }
}

extension UnitOf where D == Capacitance {
  /// `F`.
  public static var farad: UnitOf { UnitOf(trusted: .farad) }
  /// `uF`.
  public static var microfarad: UnitOf { UnitOf(trusted: .microfarad) }
}

extension UnitOf where D == VoltageSensitivity {
  /// `m/V`.
  public static var metrePerVolt: UnitOf { UnitOf(trusted: .metrePerVolt) }
  /// `nm/V`.
  public static var nanometrePerVolt: UnitOf { UnitOf(trusted: .nanometrePerVolt) }
}
