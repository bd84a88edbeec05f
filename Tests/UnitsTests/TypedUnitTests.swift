import Testing

@testable import Units

/// The types of the quantities against the exponents of their dimensions.
@Suite struct TypedUnitTests {
  private func check<D: PhysicalDimension>(_ units: [UnitOf<D>]) {
    for unit in units {
      #expect(unit.unit.dimension == D.dimension, "\(unit.unit.ucum)")
      #expect(unit.unit == .one || unit.unit.ucum != "1")
    }
  }

  @Test func everyUnitMeasuresWhatItsTypeSays() {
    check([UnitOf<PureNumber>.one, .percent])
    check([UnitOf<Count>.count])
    check([UnitOf<CountRate>.countPerSecond])
    check([UnitOf<Length>.metre, .millimetre, .micrometre, .nanometre, .picometre, .angstrom])
    check([UnitOf<Area>.squareMetre, .squareCentimetre, .squareMicrometre, .squareNanometre])
    check([UnitOf<Volume>.cubicMetre, .cubicCentimetre])
    check([UnitOf<WaveNumber>.perMetre, .perAngstrom])
    check([UnitOf<AreaDensity>.perSquareMetre, .perSquareCentimetre, .atoms1e15PerSquareCentimetre])
    check([UnitOf<Mass>.kilogram, .gram, .milligram, .atomicMassUnit])
    check([UnitOf<MassDensity>.kilogramPerCubicMetre, .gramPerCubicCentimetre])
    check([UnitOf<TimeSpan>.second, .millisecond, .minute, .hour, .day])
    check([UnitOf<Frequency>.hertz, .kilohertz, .perSecond])
    check([UnitOf<Speed>.metrePerSecond, .nanometrePerSecond, .micrometrePerSecond])
    check([UnitOf<Temperature>.kelvin, .celsius])
    check([UnitOf<AmountOfSubstance>.mole])
    check([UnitOf<MolarVolume>.cubicMetrePerMole, .cubicCentimetrePerMole])
    check([UnitOf<PlaneAngle>.radian, .degree])
    check([UnitOf<SolidAngle>.steradian, .millisteradian])
    check([UnitOf<Force>.newton, .millinewton, .micronewton, .nanonewton, .piconewton])
    check([UnitOf<ForcePerLength>.newtonPerMetre, .joulePerSquareMetre, .nanonewtonPerNanometre])
    check([UnitOf<Pressure>.pascal, .kilopascal, .megapascal, .gigapascal])
    check([UnitOf<PressurePerLength>.pascalPerMetre])
    check([
      UnitOf<Energy>.joule, .millijoule, .femtojoule, .electronvolt, .kiloelectronvolt, .wattHour,
      .milliwattHour,
    ])
    check([UnitOf<Power>.watt, .milliwatt])
    check([UnitOf<ElectricCurrent>.ampere, .milliampere, .microampere, .nanoampere])
    check([UnitOf<CurrentDensity>.amperePerSquareMetre, .milliamperePerSquareCentimetre])
    check([UnitOf<Charge>.coulomb, .ampereHour, .milliampereHour])
    check([UnitOf<SpecificCharge>.milliampereHourPerGram])
    check([UnitOf<Voltage>.volt, .millivolt, .microvolt])
    check([UnitOf<Resistance>.ohm, .kiloohm])
    check([UnitOf<AreaResistance>.ohmSquareCentimetre, .ohmSquareMetre])
    check([UnitOf<Conductance>.siemens])
    check([UnitOf<Conductivity>.siemensPerMetre, .siemensPerCentimetre])
    check([UnitOf<Capacitance>.farad, .microfarad])
    check([UnitOf<VoltageSensitivity>.metrePerVolt, .nanometrePerVolt])
  }

  private func product<A, B, C>(_: (Quantity<A>, Quantity<B>) -> Quantity<C>) {
    #expect(C.dimension == A.dimension * B.dimension, "\(A.self) × \(B.self) = \(C.self)")
  }

  private func quotient<A, B, C>(_: (Quantity<A>, Quantity<B>) -> Quantity<C>) {
    #expect(C.dimension == A.dimension / B.dimension, "\(A.self) / \(B.self) = \(C.self)")
  }

  @Test func productsHaveTheDimensionOfTheirFactors() {
    product { (a: Quantity<Length>, b: Quantity<Length>) -> Quantity<Area> in a * b }
    product { (a: Quantity<Length>, b: Quantity<Area>) -> Quantity<Volume> in a * b }
    product { (a: Quantity<Length>, b: Quantity<ForcePerLength>) -> Quantity<Force> in a * b }
    product { (a: Quantity<Length>, b: Quantity<Force>) -> Quantity<Energy> in a * b }
    product { (a: Quantity<Length>, b: Quantity<Pressure>) -> Quantity<ForcePerLength> in a * b }
    product { (a: Quantity<Length>, b: Quantity<PressurePerLength>) -> Quantity<Pressure> in a * b }
    product { (a: Quantity<Area>, b: Quantity<Length>) -> Quantity<Volume> in a * b }
    product { (a: Quantity<Area>, b: Quantity<ForcePerLength>) -> Quantity<Energy> in a * b }
    product { (a: Quantity<Area>, b: Quantity<Pressure>) -> Quantity<Force> in a * b }
    product { (a: Quantity<Area>, b: Quantity<Resistance>) -> Quantity<AreaResistance> in a * b }
    product { (a: Quantity<Area>, b: Quantity<CurrentDensity>) -> Quantity<ElectricCurrent> in a * b
    }
    product { (a: Quantity<ForcePerLength>, b: Quantity<Length>) -> Quantity<Force> in a * b }
    product { (a: Quantity<ForcePerLength>, b: Quantity<Area>) -> Quantity<Energy> in a * b }
    product { (a: Quantity<Force>, b: Quantity<Length>) -> Quantity<Energy> in a * b }
    product { (a: Quantity<Pressure>, b: Quantity<Area>) -> Quantity<Force> in a * b }
    product { (a: Quantity<Pressure>, b: Quantity<Length>) -> Quantity<ForcePerLength> in a * b }
    product { (a: Quantity<PressurePerLength>, b: Quantity<Length>) -> Quantity<Pressure> in a * b }
    product { (a: Quantity<ElectricCurrent>, b: Quantity<TimeSpan>) -> Quantity<Charge> in a * b }
    product { (a: Quantity<ElectricCurrent>, b: Quantity<Voltage>) -> Quantity<Power> in a * b }
    product { (a: Quantity<ElectricCurrent>, b: Quantity<Resistance>) -> Quantity<Voltage> in a * b
    }
    product { (a: Quantity<TimeSpan>, b: Quantity<ElectricCurrent>) -> Quantity<Charge> in a * b }
    product { (a: Quantity<TimeSpan>, b: Quantity<Speed>) -> Quantity<Length> in a * b }
    product { (a: Quantity<Charge>, b: Quantity<Voltage>) -> Quantity<Energy> in a * b }
    product { (a: Quantity<Voltage>, b: Quantity<Charge>) -> Quantity<Energy> in a * b }
    product { (a: Quantity<Voltage>, b: Quantity<ElectricCurrent>) -> Quantity<Power> in a * b }
    product { (a: Quantity<Voltage>, b: Quantity<VoltageSensitivity>) -> Quantity<Length> in a * b }
    product { (a: Quantity<Resistance>, b: Quantity<ElectricCurrent>) -> Quantity<Voltage> in a * b
    }
    product { (a: Quantity<Resistance>, b: Quantity<Area>) -> Quantity<AreaResistance> in a * b }
    product { (a: Quantity<CurrentDensity>, b: Quantity<Area>) -> Quantity<ElectricCurrent> in a * b
    }
    product { (a: Quantity<Speed>, b: Quantity<TimeSpan>) -> Quantity<Length> in a * b }
    product { (a: Quantity<VoltageSensitivity>, b: Quantity<Voltage>) -> Quantity<Length> in a * b }
    quotient { (a: Quantity<Length>, b: Quantity<TimeSpan>) -> Quantity<Speed> in a / b }
    quotient { (a: Quantity<Length>, b: Quantity<Voltage>) -> Quantity<VoltageSensitivity> in a / b
    }
    quotient { (a: Quantity<ForcePerLength>, b: Quantity<Length>) -> Quantity<Pressure> in a / b }
    quotient { (a: Quantity<Force>, b: Quantity<Length>) -> Quantity<ForcePerLength> in a / b }
    quotient { (a: Quantity<Force>, b: Quantity<Area>) -> Quantity<Pressure> in a / b }
    quotient { (a: Quantity<Pressure>, b: Quantity<Length>) -> Quantity<PressurePerLength> in a / b
    }
    quotient { (a: Quantity<ElectricCurrent>, b: Quantity<Area>) -> Quantity<CurrentDensity> in
      a / b
    }
    quotient { (a: Quantity<Charge>, b: Quantity<TimeSpan>) -> Quantity<ElectricCurrent> in a / b }
    quotient { (a: Quantity<Voltage>, b: Quantity<ElectricCurrent>) -> Quantity<Resistance> in a / b
    }
    quotient { (a: Quantity<Power>, b: Quantity<ElectricCurrent>) -> Quantity<Voltage> in a / b }
    quotient { (a: Quantity<Energy>, b: Quantity<TimeSpan>) -> Quantity<Power> in a / b }
  }
}
