import Testing

@testable import Units

@Suite struct ConversionTests {
  private func convert(_ x: Double, _ from: String, _ to: String) throws -> Double {
    try PhysicalUnit(ucum: from).convert(x, to: PhysicalUnit(ucum: to))
  }

  /// Exact definitions (SI brochure 9th ed.; NIST SP 811 for inch and Fahrenheit).
  @Test func exact() throws {
    #expect(try convert(25, "Cel", "K") == 298.15)
    #expect(try convert(298.15, "K", "Cel") == 25)
    #expect(try convert(-40, "[degF]", "Cel") == -40)
    #expect(try convert(212, "[degF]", "Cel") == 100)
    #expect(try convert(100, "Cel", "[degF]") == 212)
    #expect(try convert(60.12, "nN", "N") == 60.12e-9)
    #expect(try convert(1.5, "mA.h", "C") == 5.4)
    #expect(try convert(0.1, "mA.h", "C") == 0.36)
    #expect(try convert(1, "10*15/cm2", "/m2") == 1e19)
    #expect(try convert(1, "nN/nm", "N/m") == 1)
    #expect(try convert(1, "keV", "J") == 1.602176634e-16)
    #expect(try convert(180, "deg", "rad") == Double.pi)
    #expect(try convert(90, "'", "deg") == 1.5)
    #expect(try convert(2.54, "cm", "[in_i]") == 1)
    #expect(try convert(0, "Cel", "K") == 273.15)
    #expect(try convert(0, "mV", "V") == 0)
    #expect(try convert(-.infinity, "mV", "V") == -.infinity)
    #expect(try PhysicalUnit.celsius.convertDifference(2.5, to: .kelvin) == 2.5)
  }

  @Test func decimalExponent() throws {
    #expect(PhysicalUnit.nanonewton.decimalExponent(to: .newton) == -9)
    #expect(PhysicalUnit.newton.decimalExponent(to: .nanonewton) == 9)
    #expect(
      PhysicalUnit.milliamperePerSquareCentimetre.decimalExponent(to: .amperePerSquareMetre) == 1)
    #expect(PhysicalUnit.milliampereHour.decimalExponent(to: .coulomb) == nil)
    #expect(PhysicalUnit.celsius.decimalExponent(to: .kelvin) == nil)
    #expect(PhysicalUnit.metre.decimalExponent(to: .newton) == nil)
    #expect(PhysicalUnit.metre.decimalExponent(to: .metre) == 0)
  }

  @Test func refusals() throws {
    let arbitrary = PhysicalUnit.arbitrary
    #expect(throws: UnitError.arbitrary(arbitrary)) { try arbitrary.convert(1, to: .one) }
    #expect(throws: UnitError.arbitrary(arbitrary)) {
      try PhysicalUnit.one.convert(1, to: arbitrary)
    }
    #expect(try arbitrary.convert(2, to: arbitrary) == 2)
    let error = #expect(throws: UnitError.self) { try PhysicalUnit.metre.convert(1, to: .newton) }
    #expect(error?.description == "'m' is a length (m); expected a force (N), as 'N' is")
    #expect(throws: UnitError.self) { try PhysicalUnit.countPerSecond.convert(1, to: .hertz) }
    #expect(throws: UnitError.self) { try PhysicalUnit.count.convert(1, to: .one) }
  }

  /// mV → V → mV for values of up to 15 digits; the naive product fails for over 1 % of them.
  @Test func thereAndBackGivesTheSameBits() throws {
    var random = SplitMix(seed: 20)
    let pairs = [
      ("mV", "V"), ("nN", "N"), ("nm", "Ao"), ("mA/cm2", "A/m2"), ("GPa", "Pa"), ("V", "uV"),
    ]
    var failures = 0
    for _ in 0..<3000 {
      let digits = Int.random(in: 1...15, using: &random)
      var limit = 1
      for _ in 0..<digits { limit *= 10 }
      let mantissa = Int.random(in: 1..<limit, using: &random)
      let tens = Int.random(in: -12...6, using: &random)
      guard let x = Double("\(mantissa)e\(tens)") else { continue }
      for (a, b) in pairs {
        let there = try convert(x, a, b)
        if try convert(there, b, a) != x { failures += 1 }
      }
    }
    #expect(failures == 0)
  }

  /// The converter against text: a decimal shift is what `Double(text)` gives.
  @Test func longNumbersAreRoundedOnce() throws {
    var random = SplitMix(seed: 21)
    let toVolt = try UnitConverter(from: .millivolt, to: .volt)
    for _ in 0..<2000 {
      let x = Double.random(in: 0.001...1000, using: &random)
      let y = toVolt(x)
      // x / 1000 in one rounding is IEEE division.
      #expect(y == x / 1000 || Double("\(x)e-3") == y)
    }
  }

  /// The two ways to SI and the decimal text agree, far beyond the exact powers of ten as well.
  @Test func decimalTextIsTheTruth() throws {
    var random = SplitMix(seed: 25)
    for _ in 0..<3000 {
      let digits = Int.random(in: 1..<1_000_000_000_000_000, using: &random)
      let tens = Int.random(in: -60...40, using: &random)
      let x = try #require(Double("\(digits)e\(tens)"))
      #expect(PhysicalUnit.nanometre.toSI(x) == Double("\(digits)e\(tens - 9)"))
      #expect(PhysicalUnit.nanometre.fromSI(x) == Double("\(digits)e\(tens + 9)"))
      #expect(
        try PhysicalUnit.gigapascal.convert(-x, to: .pascal) == Double("-\(digits)e\(tens + 9)"))
      #expect(PhysicalUnit.nanometre.fromSI(PhysicalUnit.nanometre.toSI(x)) == x)
    }
  }

  /// hc = 1239.841984… eV nm (CODATA 2018).
  @Test func photons() throws {
    let photon = Quantity<Energy>(1, .electronvolt)
    let wavelength = try #require(photon.photonWavelength)
    #expect(abs(wavelength.value(in: .nanometre) - 1239.841984) < 1e-6)
    let back = try #require(Quantity<Energy>(photonWavelength: wavelength))
    #expect(abs(back.value(in: .electronvolt) - 1) < 1e-15)
    #expect(Quantity<Energy>.zero.photonWavelength == nil)
  }

  @Test func typedQuantities() throws {
    let force = Quantity<Force>(60, .nanonewton)
    let depth = Quantity<Length>(1, .nanometre)
    #expect((force / depth).value(in: .newtonPerMetre).rounded() == 60)
    #expect((force * depth).value(in: .femtojoule) > 0)
    #expect(force / Quantity(30, .nanonewton) == 2)
    #expect(Quantity<Temperature>(25, .celsius).si == 298.15)
    #expect(throws: UnitError.self) { try Quantity<Length>(1, unit: PhysicalUnit.newton) }
    #expect(throws: UnitError.self) { try Quantity<PureNumber>(1, unit: PhysicalUnit.arbitrary) }
    #expect(MemoryLayout<Quantity<Length>>.size == 8)
    #expect(
      Measured(Quantity<Pressure>(25, .gigapascal), u: Quantity(5, .gigapascal)).relativeUncertainty
        == 0.2)
  }
}

/// A seeded generator, SplitMix64 by Sebastiano Vigna.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
