import Interphase
import Output
import Tables
import Testing
import Units

@Suite("JSON output")
struct JSONWriterTests {
  private let newton = PhysicalUnit(ucum: "N/m", dimension: Dimension(.mass), scale: 1)

  private func line(_ value: ResultValue) -> String {
    String(decoding: JSONWriter.line(value), as: UTF8.self)
  }

  @Test("Plain values are written as RFC 8259 says")
  func plainValues() {
    #expect(line(.null) == "null")
    #expect(line(.flag(true)) == "true")
    #expect(line(.flag(false)) == "false")
    #expect(line(.integer(.min)) == "-9223372036854775808")
    #expect(line(.integer(0)) == "0")
    #expect(line(.number(2)) == "2.0")
    #expect(line(.number(-0.0)) == "-0.0")
    #expect(line(.number(1e-9)) == "1e-09")
    #expect(line(.number(.leastNonzeroMagnitude)) == "5e-324")
    #expect(line(.number(0.1)) == "0.1")
    #expect(line(.list([])) == "[]")
    #expect(line(.object(ResultObject())) == "{}")
  }

  @Test("Numbers that JSON does not have are null")
  func notFinite() {
    for x in [Double.nan, .infinity, -.infinity] { #expect(line(.number(x)) == "null") }
    let q = MeasuredValue(.nan, newton, u: .infinity)
    #expect(line(.quantity(q)) == #"{"value":null,"unit":"N/m"}"#)
  }

  @Test("Every control character, separator and direction mark is escaped")
  func controls() {
    // The set of reliability.md §1: U+0000–U+001F, U+007F–U+009F, U+2028/9, bidirectional marks.
    let escaped =
      Array(0x00...0x1F) + Array(0x7F...0x9F) + [0x2028, 0x2029, 0x061C, 0x200E, 0x200F]
      + Array(0x202A...0x202E) + Array(0x2066...0x2069)
    for code in escaped {
      guard let scalar = Unicode.Scalar(UInt32(code)) else { continue }
      let bytes = JSONWriter.line(.text(String(Character(scalar))))
      #expect(bytes.first == UInt8(ascii: "\""))
      #expect(bytes.dropFirst().first == UInt8(ascii: "\\"), "U+\(String(code, radix: 16))")
      #expect(bytes.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
    }
    #expect(line(.text("a\"b\\c\u{1}\n\r\n")) == #""a\"b\\c\u0001\n\r\n""#)
    #expect(line(.text("µΩ Å 𝛿 é")) == "\"µΩ Å 𝛿 é\"")
  }

  @Test("A quantity has the keys of the contract, and only those it has")
  func quantity() {
    let q = MeasuredValue(
      2.31, newton, u: 0.05, uKind: "fit", interval: 2.2...2.4, trace: TraceID("t17"),
      source: "option")
    #expect(
      line(.quantity(q))
        == #"{"value":2.31,"unit":"N/m","u":0.05,"u_kind":"fit","interval":[2.2,2.4],"#
        + #""source":"option","trace":"t17"}"#)
    #expect(
      line(.quantity(MeasuredValue(1, newton, u: 0))) == #"{"value":1.0,"unit":"N/m","u":0.0}"#)
  }

  @Test("The pretty form keeps a quantity and a list of numbers on one line")
  func pretty() {
    let value = ResultValue.fields([
      "k": .quantity(MeasuredValue(1.5, newton)),
      "rows": .list([.integer(1), .integer(2)]),
      "curves": .list([.fields(["n": .integer(1)])]),
      "empty": .object(ResultObject()),
    ])
    let expected = """
      {
        "k": {"value": 1.5, "unit": "N/m"},
        "rows": [1, 2],
        "curves": [
          {
            "n": 1
          }
        ],
        "empty": {}
      }

      """
    #expect(String(decoding: JSONWriter.document(value), as: UTF8.self) == expected)
  }

  @Test("A deep tree needs no call stack")
  func deep() {
    var value = ResultValue.integer(1)
    for _ in 0..<5_000 { value = .list([value]) }
    let bytes = JSONWriter.line(value)
    #expect(bytes.count == 10_001)
  }

  @Test("Metadata keep their order, and a repeated key becomes a list")
  func metadata() {
    var metadata = Metadata()
    metadata.append("b", "1")
    metadata.append("a", .integer(7))
    metadata.append("b", .real(2.5))
    metadata.append("", "no key")
    #expect(line(metadata.result) == #"{"b":["1",2.5],"a":7,"":"no key"}"#)
  }
}
