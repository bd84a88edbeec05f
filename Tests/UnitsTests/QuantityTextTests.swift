import Testing

@testable import Units

@Suite struct QuantityTextTests {
  @Test func forms() throws {
    let rows: [(String, Dimension, Double, Double?, String)] = [
      ("25 GPa", Pressure.dimension, 25, nil, "GPa"),
      ("25 ± 5 GPa", Pressure.dimension, 25, 5, "GPa"),
      ("25 GPa ± 5 GPa", Pressure.dimension, 25, 5, "GPa"),
      ("25 GPa ± 500 MPa", Pressure.dimension, 25, 0.5, "GPa"),
      ("35 N/m ± 1.8", ForcePerLength.dimension, 35, 1.8, "N/m"),
      ("25 +- 5 GPa", Pressure.dimension, 25, 5, "GPa"),
      ("25 +/- 5 GPa", Pressure.dimension, 25, 5, "GPa"),
      ("25 GPa ± 20 %", Pressure.dimension, 25, 5, "GPa"),
      ("25.0(5) GPa", Pressure.dimension, 25, 0.5, "GPa"),
      ("1.35um", Length.dimension, 1.35, nil, "um"),
      ("1.35 µm", Length.dimension, 1.35, nil, "um"),
      ("-0.1 V", Voltage.dimension, -0.1, nil, "V"),
      ("−16 nm", Length.dimension, -16, nil, "nm"),
      ("1e-3 A", ElectricCurrent.dimension, 1e-3, nil, "A"),
      ("25eV", Energy.dimension, 25, nil, "eV"),
      ("2e3 eV", Energy.dimension, 2000, nil, "eV"),
      (".5 V", Voltage.dimension, 0.5, nil, "V"),
      ("0.5", .one, 0.5, nil, "1"),
      ("20 %", .one, 20, nil, "%"),
      ("0.24 ± 0.02", .one, 0.24, 0.02, "1"),
      ("4 ± 0.3 nm", Length.dimension, 4, 0.3, "nm"),
      ("2.4 ± 0.3 g/cm3", MassDensity.dimension, 2.4, 0.3, "g/cm3"),
      ("298.15 K", Temperature.dimension, 298.15, nil, "K"),
      ("25 °C ± 2", Temperature.dimension, 25, 2, "Cel"),
      ("340 ± 30 N/m", ForcePerLength.dimension, 340, 30, "N/m"),
    ]
    for (text, dimension, value, u, unit) in rows {
      let quantity = try QuantityText.parse(text, dimension: dimension)
      #expect(quantity.number == value, "\(text)")
      #expect(quantity.uncertainty == u, "\(text)")
      #expect(quantity.unit.ucum == unit, "\(text)")
    }
  }

  /// The Double nearest to the decimal text, not a product of two roundings.
  @Test func roundedOnce() throws {
    let force = try QuantityText.parse("60.12 nN", dimension: Force.dimension)
    #expect(try force.value(in: .newton) == 60.12e-9)
    #expect(4.7 * 1e-9 != 4.7e-9)
    let long = try QuantityText.parse("0.12345678901234567 um", dimension: nil)
    #expect(try long.value(in: .metre) == 0.12345678901234567e-6)
    let warm = try QuantityText.parse("25 ± 2 Cel", dimension: Temperature.dimension)
    #expect(try warm.value(in: .kelvin) == 298.15)
    #expect(try warm.uncertainty(in: .kelvin) == 2)
    let typed = try force.measured(Force.self, source: "test")
    #expect(typed.value.si == 60.12e-9)
    #expect(typed.source == "test")
    var random = SplitMix(seed: 24)
    for _ in 0..<2000 {
      let x = Double.random(in: 0.001...1000, using: &random)
      let parsed = try QuantityText.parse("\(x) nm", dimension: Length.dimension)
      #expect(try parsed.value(in: .metre) == Double("\(x)e-9"))
    }
  }

  /// data-model.md §14: "1.23" → 0.01/√12.
  @Test func digits() throws {
    let u = try #require(QuantityText.digitUncertainty(ofNumber: "1.23"))
    #expect(abs(u - 0.0028868) < 5e-8)
    #expect(
      QuantityText.digitUncertainty(ofNumber: "-1.230e-3").map { abs($0 - 2.8867513e-7) < 1e-14 }
        == true)
    #expect(QuantityText.digitUncertainty(ofNumber: "5 V") == nil)
    #expect(QuantityText.digitUncertainty(ofNumber: "") == nil)
    #expect(QuantityText.digitUncertainty(ofNumber: "1e99999") == nil)
  }

  @Test func defaults() throws {
    let bare = try QuantityText.parse("60", dimension: Force.dimension, defaultUnit: .nanonewton)
    #expect(bare.unit == .nanonewton)
    #expect(!bare.hasUnit)
    let spread = try QuantityText.parse(
      "60 ± 2", dimension: Force.dimension, defaultUnit: .nanonewton)
    #expect(spread.uncertainty == 2)
  }

  @Test func errors() {
    let rows: [(String, Dimension?, String)] = [
      ("60", Force.dimension, "quantity.unit"), ("60", nil, "quantity.unit"),
      ("60 nm", Force.dimension, "unit.mismatch"), ("nN", Force.dimension, "quantity.number"),
      ("", Force.dimension, "quantity.number"), ("60 foo", Force.dimension, "unit.unknown"),
      ("1,35 um", Length.dimension, "unit.unknown"), ("1e999 nm", Length.dimension, "unit.range"),
      ("25 ± -5 GPa", Pressure.dimension, "quantity.uncertainty"),
      ("25 ± GPa", Pressure.dimension, "quantity.uncertainty"),
      ("25 ± 5 ± 5 GPa", Pressure.dimension, "quantity.uncertainty"),
      ("25 GPa ± 5 nm", Pressure.dimension, "unit.mismatch"),
      ("5 a.u.", .one, "unit.arbitrary"), ("inf V", Voltage.dimension, "quantity.number"),
      ("nan", .one, "quantity.number"), ("0x10 nm", Length.dimension, "unit.unknown"),
      ("1_0 nm", Length.dimension, "unit.unknown"),
    ]
    for (text, dimension, code) in rows {
      let error = #expect(throws: UnitError.self) {
        _ = try QuantityText.parse(text, dimension: dimension)
      }
      #expect(error?.code == code, "\(text)")
    }
  }
}
