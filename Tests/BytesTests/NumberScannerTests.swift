import Glibc
import Testing

@testable import Bytes

/// The bits that the C library's correctly rounding `strtod` gives for a text.
private func reference(_ text: String) -> UInt64 { strtod(text, nil).bitPattern }

private func bits(_ text: String) -> UInt64? {
  switch NumberScanner().outcome(text) {
  case .number(let x): x.bitPattern
  case .overflow: (text.hasPrefix("-") ? -Double.infinity : .infinity).bitPattern
  case .invalid: nil
  }
}

/// A counter-based generator (SplitMix64; Steele, Lea, Flood 2014), so that a failure repeats.
private struct Generator: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite struct NumberScannerTests {
  @Test func bitEqualToStrtodOnRandomNumbers() {
    var generator = Generator(state: 20_261_122)
    var wrong: [String] = []
    for i in 0..<250_000 {
      // Shortest texts of random bit patterns: every exponent, subnormals included.
      let x = Double(bitPattern: generator.next())
      if x.isFinite {
        let text = "\(x)"
        if bits(text) != x.bitPattern { wrong.append(text) }
      }
      // Random digits, 1 to 24 of them, with a random point and exponent.
      let count = 1 + i % 24
      var digits = ""
      for _ in 0..<count {
        digits.append(Character(Unicode.Scalar(48 + UInt8(generator.next() % 10))))
      }
      let point = Int(generator.next() % UInt64(count + 1))
      let split = digits.index(digits.startIndex, offsetBy: point)
      let exponent = Int(generator.next() % 700) - 360
      let plain = "\(digits[..<split]).\(digits[split...])"
      let scientific = i % 2 == 0 ? "\(plain)e\(exponent)" : "-\(plain)E\(exponent / 20)"
      for text in [plain, scientific, "\(i)", "\(digits)"] where bits(text) != reference(text) {
        wrong.append(text)
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(5))")
  }

  @Test func halfwayCasesAreExact() {
    var generator = Generator(state: 7)
    var wrong: [String] = []
    for i in 0..<4000 {
      // The exact decimal of the middle between two Doubles, and its neighbours in the last digit.
      let exponent = Int(generator.next() % 140) - 70
      let significand = (1 << 53) | (generator.next() & ((1 << 53) - 1)) | 1
      let middle = scaled(significand, by: exponent)
      for text in [middle, middle + (middle.contains(".") ? "0000000001" : ".0000000001")] {
        if bits(text) != reference(text) { wrong.append(text) }
      }
      if i % 8 == 0, let last = middle.last, last != "0" {
        let below = middle.dropLast() + "\((last.wholeNumberValue ?? 1) - 1)99999"
        if bits(String(below)) != reference(String(below)) { wrong.append(String(below)) }
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) differ, such as \(wrong.prefix(3))")
  }

  /// The exact decimal text of `significand` · 2^`power` for |power| up to 70, in whole numbers.
  private func scaled(_ significand: UInt64, by power: Int) -> String {
    if power >= 0 { return "\(UInt128(significand) << UInt128(power))" }
    let scale = UInt128(-power)
    let mask = (UInt128(1) << scale) - 1
    var text = "\(UInt128(significand) >> scale)"
    var rest = UInt128(significand) & mask
    if rest != 0 { text += "." }
    while rest != 0 {
      rest *= 10
      text += "\(rest >> scale)"
      rest &= mask
    }
    return text
  }

  @Test func hardCases() {
    let cases = [
      "0", "-0", "0.0", ".5", "5.", "+3", "1e22", "1e23", "9007199254740993", "9007199254740992.5",
      "2.2250738585072011e-308", "2.2250738585072014e-308", "4.9406564584124654e-324",
      "2.4703282292062327e-324", "2.4703282292062328e-324", "1e-400", "1e-324", "3e-324",
      "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e308",
      "1e309", "1e400", "-1e400", "123456789012345678901234567890", "0.000000000000000000000000001",
      "8.589973e9", "1.2345678E-04", "6.0221407600000000000000000000000001e23",
      "0.1000000000000000055511151231257827021181583404541015625",
      "0.10000000000000001387778780781445675529539585113525390625",
      "0." + String(repeating: "0", count: 320) + "123456789012345678901234567890",
      String(repeating: "9", count: 400), "1" + String(repeating: "0", count: 308),
      "1e-99999999999999999999", "1e99999999999999999999", "0e99999999999999999999",
    ]
    for text in cases { #expect(bits(text) == reference(text), "\(text)") }
    #expect(NumberScanner().outcome("1e400") == .overflow)
    #expect(NumberScanner.parse("1e-400") == 0)
  }

  @Test func grammar() {
    #expect(NumberScanner.parse("\u{2212}1.5e\u{2212}3") == -0.0015)
    #expect(NumberScanner.parse("1.0-102") == 1e-102)
    #expect(NumberScanner.parse("2.5D+03") == 2500)
    #expect(NumberScanner.parse("2.5d3") == 2500)
    #expect(NumberScanner(decimalMark: UInt8(ascii: ",")).parse("1234,5") == 1234.5)
    #expect(NumberScanner(decimalMark: UInt8(ascii: ",")).parse("1.5") == nil)
    for text in [
      "", "-", "+", ".", "e5", "1e", "1e+", "0x10", "1_0", "1,5", "5V", " 1", "1 ", "1.2.3", "nan",
      "inf", "--1", "1-2", "1.0-1022", "\u{2212}", "1.0-12",
    ] {
      #expect(NumberScanner().outcome(text) == .invalid, "\(text)")
    }
  }

  @Test func exponentIsFoldedInBeforeRounding() {
    // What strtod gives for the digits with the exponent written out; 60.12 * 1e-9 differs.
    let nano = NumberScanner(exponent: -9)
    var generator = Generator(state: 3)
    for _ in 0..<20_000 {
      let text = "\(generator.next() % 1000).\(generator.next() % 1_000_000)"
      #expect(nano.parse(text)?.bitPattern == reference(text + "e-9"))
    }
    #expect(nano.parse("60.12e3") == 60.12e-6)
  }
}
