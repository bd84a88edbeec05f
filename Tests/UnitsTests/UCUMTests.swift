import Testing

@testable import Units

@Suite struct UCUMTests {
  /// Factors to the coherent SI unit: SI brochure 9th ed., CODATA 2018, UCUM 2.2 (m[Hg]), NIST SP 811.
  @Test(arguments: [
    ("Ao", 1e-10), ("mA.h", 3.6), ("eV", 1.602176634e-19), ("u", 1.66053906660e-27),
    ("10*15/cm2", 1e19), ("m[Hg]", 133322), ("mm[Hg]", 133.322), ("nN/nm", 1), ("mA/cm2", 10),
    ("%", 0.01), ("bar", 1e5), ("atm", 101325), ("b", 1e-28), ("mb/sr", 1e-31), ("min", 60),
    ("h", 3600), ("d", 86400), ("a", 31_557_600), ("deg", 0.017453292519943295), ("/cm2", 1e4),
    ("Ohm.cm2", 1e-4), ("mA.h/g", 3600), ("J/m2", 1), ("GPa", 1e9), ("[psi]", 6894.757293168362),
    ("10*-15.eV.cm2", 1.602176634e-38), ("cm3/mol", 1e-6), ("{count}/s", 1), ("m/(s.s)", 1),
    ("2.m", 2), ("100/cm", 1e4), ("N/m{film}", 1), ("cd", 1), ("Pa", 1), ("T", 1),
    ("dam", 10), ("u[c]", 299.792458), ("mol", 1), ("kg", 1), ("[ppm]", 1e-6), ("cal", 4.184),
    ("cm-2", 1e4),
  ])
  func factor(text: String, expected: Double) {
    let unit = try? PhysicalUnit(ucum: text)
    #expect(unit?.scale == expected)
    #expect(unit?.ucum == text)
  }

  @Test(arguments: [
    "", " ", "kmin", "da", "mm3m", "mAo", "k%", "foo", "m/", "m.", "(m", "m)", "m//s", ".m", "µm",
    "m^2",
    "mA h", "Ohms", "m²", "m2.", "10**", "()", "{x", "0", "m1000", "m-", "-1", "+m", "[arb'U", "Å",
    "m99999999999999999999", String(repeating: "m.", count: 200),
    // Each exponent is in range, their sum is not.
    String(repeating: "F30.", count: 28) + "F30",
  ])
  func refused(text: String) {
    #expect(throws: UnitError.self) { try PhysicalUnit(ucum: text) }
  }

  @Test func longestAtomFirst() throws {
    #expect(try PhysicalUnit(ucum: "min").dimension == TimeSpan.dimension)
    #expect(try PhysicalUnit(ucum: "cd").dimension == Dimension(.luminousIntensity))
    #expect(try PhysicalUnit(ucum: "Pa").dimension == Pressure.dimension)
    #expect(try PhysicalUnit(ucum: "a").dimension == TimeSpan.dimension)
    #expect(try PhysicalUnit(ucum: "{count}").dimension == Dimension(.count))
    #expect(try PhysicalUnit(ucum: "mS").dimension != PhysicalUnit(ucum: "ms").dimension)
  }

  @Test func tableOfCommonUnitsHoldsWhatItsNamesSay() throws {
    for unit in PhysicalUnit.common {
      let parsed = try PhysicalUnit(ucum: unit.ucum)
      #expect(parsed.scale == unit.scale)
    }
    #expect(PhysicalUnit.common.count { $0 == .one } == 1)
    #expect(PhysicalUnit.nanometre.ucum == "nm")
    #expect(PhysicalUnit.gigapascal.scale == 1e9)
    #expect(UnitOf<Length>.nanometre.unit.dimension == Length.dimension)
  }

  @Test func products() throws {
    let mA = PhysicalUnit.milliampere
    #expect(mA.over(.squareCentimetre)?.ucum == "mA/cm2")
    #expect(mA.times(.hour)?.ucum == "mA.h")
    #expect(mA.times(.hour)?.over(.gram)?.ucum == "mA.h/g")
    #expect(PhysicalUnit.one.over(.squareCentimetre)?.ucum == "/cm2")
    #expect(PhysicalUnit.metre.over(.metre)?.ucum == "1")
    #expect(PhysicalUnit.squareMetre.power(1, over: 2)?.ucum == "m")
    #expect(PhysicalUnit.metre.power(1, over: 2) == nil)
    #expect(PhysicalUnit.countPerSecond.power(2)?.ucum == "{count}.{count}/s2")
    #expect(try PhysicalUnit(ucum: "m/(s.kg)").canonical.ucum == "m/s/kg")
    #expect(try PhysicalUnit(ucum: "cm-2.10*15").canonical.ucum == "10*15/cm2")
    #expect(try PhysicalUnit(ucum: "N/m").isEquivalent(to: PhysicalUnit(ucum: "nN/nm")))
    #expect(try !PhysicalUnit(ucum: "N/m").isEquivalent(to: PhysicalUnit(ucum: "N/cm")))
  }

  @Test func display() throws {
    let pairs = [
      "mA/cm2": "mA·cm⁻²", "um": "µm", "Ao": "Å", "Cel": "°C", "Ohm.cm2": "Ω·cm²", "1": "",
      "kOhm": "kΩ", "10*15/cm2": "10¹⁵·cm⁻²", "{count}/s": "count·s⁻¹", "mm[Hg]": "mmHg",
      "deg": "°", "/Ao": "Å⁻¹",
    ]
    for (ucum, text) in pairs { #expect(try PhysicalUnit(ucum: ucum).display == text) }
  }
}
