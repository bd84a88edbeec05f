import Interphase
import Output
import Tables
import Testing
import Units

@Suite("Numbers for people")
struct PeopleTextTests {
  @Test("Value and uncertainty are rounded to two digits of the uncertainty")
  func values() {
    // JCGM 100:2008 §7.2.6: one or two digits of u, and the value to the same place.
    let cases: [(Double, Double?, String)] = [
      (2.3149, 0.0512, "2.315 ± 0.051"),
      (25.04, 4.96, "25.0 ± 5.0"),
      (10.057_62, 0.027, "10.058 ± 0.027"),
      (28.058, 0.0996, "28.06 ± 0.10"),
      (0.9996, 0.000_51, "0.99960 ± 0.00051"),
      (-3.25, 0.25, "\u{2212}3.25 ± 0.25"),
      (120, 35, "120 ± 35"),
      (1234, 350, "1230 ± 350"),
      (0.001, 12, "0 ± 12"),
      (1.234e-9, 2e-11, "(1.234 ± 0.020) × 10⁻⁹"),
      (6.5e8, 1.23e7, "(6.50 ± 0.12) × 10⁸"),
      (1e-12, 3e-9, "(0.0 ± 3.0) × 10⁻⁹"),
      (35, 0, "35"),
      (0.1, 0, "0.1"),
      (2.5, nil, "2.5"),
      (0, nil, "0"),
      (1.0 / 3.0, nil, "0.33333"),
      (123_456.7, nil, "123460"),
      (1e-7, nil, "1 × 10⁻⁷"),
      (6.022_140_76e23, nil, "6.0221 × 10²³"),
      (.nan, 1, "–"),
    ]
    for (value, u, text) in cases { #expect(PeopleText.value(value, u: u) == text) }
    #expect(PeopleText.value(nil, u: 1) == "–")
  }

  @Test("Rounding works on the digits that are read, ties away from zero")
  func rounding() {
    // 0.145 and 2.675 lie below their decimal text in binary.
    #expect(DecimalText(0.145).fixed(decimals: 2) == "0.15")
    #expect(DecimalText(2.675).fixed(decimals: 2) == "2.68")
    #expect(DecimalText(-0.5).fixed(decimals: 0) == "\u{2212}1")
    #expect(DecimalText(-0.04).fixed(decimals: 1) == "0.0")
    #expect(DecimalText(9.996).fixed(decimals: 2) == "10.00")
    #expect(DecimalText(0.096).fixed(decimals: 1) == "0.1")
    #expect(DecimalText(1e21).fixed(decimals: 1) == "1000000000000000000000.0")
    #expect(DecimalText(.leastNonzeroMagnitude).exponent == -324)
    #expect(DecimalText(123_456).exponent == 5)
    #expect(DecimalText(1e16).exponent == 16)
  }

  @Test("Quantities carry their unit in SI style")
  func quantities() throws {
    let stiffness = try PhysicalUnit(ucum: "N/m")
    #expect(
      PeopleText.quantity(MeasuredValue(2.31, stiffness, u: 0.05))
        == "(2.310 ± 0.050)\u{A0}N·m⁻¹")
    #expect(PeopleText.quantity(MeasuredValue(2.5, stiffness)) == "2.5\u{A0}N·m⁻¹")
    #expect(PeopleText.quantity(MeasuredValue(0.24, .one, u: 0.01)) == "0.240 ± 0.010")
    #expect(PeopleText.quantity(MeasuredValue(nil, stiffness)) == "–")
    #expect(PeopleText.unit("no unit!") == "no unit!")
    #expect(PeopleText.unit("um") == "µm")
  }
}
