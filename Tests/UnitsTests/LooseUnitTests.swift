import Testing

@testable import Units

@Suite struct LooseUnitTests {
  /// docs/units.md, table of spellings: every row with its prefixes and code points.
  @Test func spellings() {
    let rows: [(String, [String])] = [
      ("um", ["µm", "μm", "um", "micrometer", "micrometre", "micron", "Microns"]),
      ("uA", ["µA", "μA", "uA", "microA", "microamp", "microAmps", "uAmp"]),
      ("Ohm", ["Ω", "Ω", "ohm", "Ohms", "Ohm", "ohms"]),
      ("kOhm", ["kΩ", "kΩ", "kohm", "kOhms", "kOhm", "kiloohm", "kiloOhm"]),
      ("MOhm", ["MΩ", "MOhm", "Mohm", "megaohm"]),
      ("mOhm", ["mΩ", "mOhm", "mohm", "milliohm"]),
      ("Ao", ["Å", "\u{212B}", "A\u{30A}", "A°", "angstrom", "Ang", "Angstroms", "Ao"]),
      ("Cel", ["°C", "degC", "Deg C", "℃", "deg C", "º C", "° C", "celsius", "Cel"]),
      ("deg", ["°", "deg", "degree", "degrees", "Deg"]),
      (
        "/cm2",
        ["1/cm²", "cm^-2", "cm**-2", "cm⁻²", "/cm2", "at/cm2", "atoms/cm²", "cm-2", "1/cm^2"]
      ),
      ("cm2", ["cm²", "cm^2", "cm**2", "cm2", "cm^(2)", "cm^{2}"]),
      ("cm3", ["cm³", "cm^3"]),
      ("mA/cm2", ["mA/cm²", "mA/cm^2", "mA cm-2", "mA·cm⁻²", "mA cm^-2", "mA*cm**-2", "mA.cm-2"]),
      (
        "Ohm.cm2", ["Ω·cm²", "Ω cm²", "Ω∙cm2", "Ohm*cm^2", "Ohm×cm2", "Ohm.cm2", "ohm cm2", "Ωcm²"]
      ),
      ("s", ["sec", "secs", "Sec", "second", "seconds", "s", "SEC"]),
      ("ms", ["msec", "ms", "millisecond", "milliseconds"]),
      ("us", ["µs", "usec", "μsec", "us"]),
      ("min", ["Min", "minutes", "min", "MIN"]), ("h", ["hr", "Hr", "hours", "h", "hrs", "HR"]),
      ("d", ["days", "day", "d"]), ("A", ["Amps", "amp", "A", "Ampere"]),
      ("V", ["Volts", "volt", "V", "VOLTS"]), ("mA", ["mAmp", "mA", "mAmps", "milliamps"]),
      ("W", ["Watts", "watt"]), ("N", ["Newton", "newtons"]), ("nN", ["nN", "nNewton"]),
      ("A.h", ["Ah", "Amp-hr", "A.h", "A·h", "A h", "Ahr", "amp hour", "AH"]),
      ("mA.h", ["mAh", "mAhr", "mA.h", "mA·h", "mA h", "mAHr", "mAmp-hr"]),
      ("mA.h/g", ["mAh/g", "mA.h/g", "mAh g-1", "mAh·g⁻¹", "mAh g^-1"]),
      ("W.h", ["Wh", "Watt-hr", "W.h", "Watt-hours"]), ("mW.h", ["mWh", "mWatt-hr"]),
      ("mA.s", ["mAs"]), ("A.s", ["As"]), ("C", ["C", "coulomb"]),
      ("W.h/kg", ["Wh/kg", "Wh kg⁻¹"]),
      (
        "10*15/cm2",
        [
          "1e15 at/cm2", "10^15 at/cm2", "TFU", "tfu", "10¹⁵ atoms/cm²", "10*15/cm2",
          "1E15 atoms/cm2", "10**15 at/cm2", "1x10^15 at/cm2", "1×10^15 at/cm²", "1E+15 at/cm2",
        ]
      ),
      ("{count}", ["cts", "counts", "Counts", "{count}"]),
      (
        "{count}/s",
        ["cps", "c/s", "cts/s", "counts/s", "counts/sec", "{count}/s", "counts per second"]
      ),
      ("[arb'U]", ["a.u.", "arb. units", "arb", "norm.", "A.U.", "arb.u.", "[arb'U]"]),
      ("%", ["%", "percent"]), ("1", ["-", "none", "unitless", "1", "None"]),
      ("N/m", ["N/m", "N m^-1", "N·m⁻¹", "N m-1"]), ("pN/nm", ["pN/nm"]),
      ("J/m2", ["J/m²", "J m-2", "J/m^2"]), ("nm/V", ["nm/V", "nm V^-1"]),
      ("/s", ["1/s", "s^-1", "sec^-1", "s⁻¹"]), ("keV", ["keV"]), ("mm[Hg]", ["mmHg", "mm Hg"]),
      ("W/m/K", ["W/(m K)", "W/(m·K)", "W/m/K", "W m^-1 K^-1"]), ("m2/s", ["m²/s", "m^2 s^-1"]),
      ("[ppm]", ["ppm", "[ppm]"]), ("V", ["[V]", "(V)", "<V>", "( V )"]), ("J/kg/K", ["J/kg.K-1"]),
      ("g/cm3", ["g/cm³", "g cm-3"]),
      ("S/cm", ["S/cm", "S cm⁻¹"]),
    ]
    var cases = 0
    for (ucum, texts) in rows {
      for text in texts {
        cases += 1
        let unit = PhysicalUnit.loose(text)
        #expect(unit?.unit.ucum == ucum, "'\(text)'")
        #expect(unit?.remark == nil, "'\(text)'")
      }
    }
    #expect(cases > 200)
  }

  @Test func prefixesKeepTheirFactor() throws {
    let micro = ["µ", "μ", "u"]
    let prefixes: [(String, Int)] =
      [("m", -3), ("n", -9), ("p", -12), ("k", 3), ("M", 6), ("G", 9)] + micro.map { ($0, -6) }
    for (prefix, tens) in prefixes {
      for atom in ["m", "A", "V", "W", "N", "Pa", "J", "eV", "Hz", "S", "F", "C", "Ω", "Ω", "Ohm"] {
        let base = try #require(PhysicalUnit.loose(atom))
        let unit = try #require(PhysicalUnit.loose(prefix + atom), "\(prefix)\(atom)")
        #expect(unit.unit.decimalExponent(to: base.unit) == tens, "\(prefix)\(atom)")
        #expect(unit.remark == nil)
      }
    }
  }

  /// Readings that the expected dimension decides, with their remark.
  @Test func ambiguity() {
    func check(_ text: String, _ expected: Dimension?, _ ucum: String?, _ code: String?) {
      let unit = PhysicalUnit.loose(text, expecting: expected)
      #expect(unit?.unit.ucum == ucum, "'\(text)'")
      #expect(unit?.remark?.code == code, "'\(text)'")
    }
    check("A", nil, "A", nil)
    check("A", ElectricCurrent.dimension, "A", nil)
    check("A", Length.dimension, "Ao", "unit.ambiguous")
    check("A^-1", WaveNumber.dimension, "/Ao", "unit.ambiguous")
    check("A-1", WaveNumber.dimension, "/Ao", "unit.ambiguous")
    check("1/A", WaveNumber.dimension, "/Ao", "unit.ambiguous")
    check("C", nil, "C", nil)
    check("C", Charge.dimension, "C", nil)
    check("C", Temperature.dimension, "Cel", "unit.ambiguous")
    check("°", Temperature.dimension, "Cel", "unit.ambiguous")
    check("S", TimeSpan.dimension, "s", "unit.case")
    check("s", Conductance.dimension, "S", "unit.case")
    check("mS", TimeSpan.dimension, "ms", "unit.case")
    check("H", TimeSpan.dimension, "h", "unit.case")
    check("M", Length.dimension, "m", "unit.case")
    check("Nm", Length.dimension, "nm", "unit.case")
    check("KEV", nil, "keV", "unit.case")
    check("ev", nil, "eV", "unit.case")
    check("khz", Frequency.dimension, "kHz", "unit.case")
    // Two readings of one dimension are no reading.
    check("mhz", Frequency.dimension, nil, nil)
    check("mpa", Pressure.dimension, nil, nil)
    check("M", nil, nil, nil)
    // Nothing fits: the written unit is kept, with a warning.
    check("mV", Length.dimension, "mV", "unit.mismatch")
    check("m", TimeSpan.dimension, "m", "unit.mismatch")
    check("ms", Conductance.dimension, "ms", "unit.mismatch")
    check("a.u.", Force.dimension, "[arb'U]", "unit.mismatch")
    check("counts", .one, "{count}", nil)
    check("%", .one, "%", nil)
  }

  @Test func pairsThatMustNotBeEqual() {
    let pairs = [
      ("mS", "ms"), ("A", "Å"), ("mV", "MV"), ("h", "H"), ("s", "S"), ("mPa", "MPa"), ("pA", "Pa"),
      ("m", "min"), ("mAh", "mA"), ("N/m", "N.m"), ("°", "°C"), ("cps", "Hz"), ("1/cm2", "cm2"),
      ("mHz", "MHz"), ("kV", "keV"), ("at/cm2", "10^15 at/cm2"), ("g", "Gy"), ("mmHg", "mHg"),
      ("%", "1"), ("a.u.", "1"), ("Ah", "A/h"), ("Ohm cm", "Ohm cm2"), ("nm", "Nm"), ("us", "ms"),
    ]
    for (a, b) in pairs {
      let first = PhysicalUnit.loose(a)?.unit
      let second = PhysicalUnit.loose(b)?.unit
      if let first, let second { #expect(!first.isEquivalent(to: second), "\(a) \(b)") }
      #expect(first != nil || second != nil, "\(a) \(b)")
    }
  }

  @Test func whatIsNoUnitIsNil() {
    let texts = [
      "", " ", "foo", "hh:mm:ss", "W/m K", "mA/cm2 h", "mAh/V.g", "W/m.K", "220", "J/kg·K", "m//s",
      "cm 2", "m*5", "(m", "m)",
      "Ewe", "vs Li", "x", "?", "m^", "m^x", "1e99999 m", "m1000", "counter inc.", "\u{0}",
      String(repeating: "a", count: 500),
      "{", "[", "()", "/", "-m", "per s", "m per", "m\u{301}",
    ]
    for text in texts {
      #expect(PhysicalUnit.loose(text) == nil, "'\(text)'")
    }
  }

  /// parse(print(u)) == u for random products, and loose text leaves canonical text alone.
  @Test func canonicalTextIsAFixedPoint() throws {
    var random = SplitMix(seed: 22)
    let atoms = [
      "m", "nm", "um", "s", "h", "A", "mA", "V", "kg", "g", "eV", "Ohm", "N", "Pa", "mol", "K",
      "{count}", "10*", "Ao", "%", "sr", "mm[Hg]",
    ]
    for _ in 0..<2000 {
      var factors: [UnitFactor] = []
      for _ in 0..<Int.random(in: 0...5, using: &random) {
        let symbol = atoms[Int.random(in: 0..<atoms.count, using: &random)]
        factors.append(UnitFactor(symbol: symbol, exponent: Int.random(in: -3...3, using: &random)))
      }
      let unit = try #require(PhysicalUnit.canonical(factors))
      let again = try PhysicalUnit(ucum: unit.ucum)
      #expect(again.dimension == unit.dimension)
      #expect(again.isEquivalent(to: unit), "\(unit.ucum)")
      #expect(again.canonical.ucum == unit.ucum)
      #expect(PhysicalUnit.loose(unit.ucum)?.unit.ucum == unit.ucum, "\(unit.ucum)")
    }
  }

  @Test func randomTextNeverTraps() {
    var random = SplitMix(seed: 23)
    let alphabet = Array("mAhsVΩµÅ°C/.·*^-−²⁻¹0123456789()[]{}' %eE_,;±\u{30A}\u{FEFF}")
    var read = 0
    for _ in 0..<20000 {
      let length = Int.random(in: 0...14, using: &random)
      let text = String(
        (0..<length).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &random)] })
      if let unit = PhysicalUnit.loose(text, expecting: Length.dimension) {
        read += 1
        #expect(unit.unit.scale > 0)
      }
      _ = ColumnLabel(text, expecting: TimeSpan.dimension)
      _ = try? QuantityText.parse(text, dimension: nil)
    }
    #expect(read > 10)
  }
}
