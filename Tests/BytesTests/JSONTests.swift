import Bytes
import Tables
import Testing
import Units

@Suite struct JSONTests {
  func parse(_ text: String) throws(ReadFailure) -> ResultValue {
    try JSONText.parse(ByteView(utf8: text))
  }

  func failure(_ bytes: [UInt8]) -> Diagnostic? {
    do throws(ReadFailure) {
      _ = try JSONText.parse(ByteView(bytes))
      return nil
    } catch { return error.diagnostic }
  }

  func failure(_ text: String) -> Diagnostic? { failure(Array(text.utf8)) }

  @Test func readsEveryKindOfValue() throws {
    let value = try parse(
      """
      \u{FEFF} {"a": [1, -2.5e-3, true, false, null, "x\\n\\u00e9\\ud83d\\ude00/\\/"],
       "empty": {}, "none": [], "nested": [[[]], {"k": [0]}]}
      """)
    #expect(
      value["a"]
        == .list([
          .integer(1), .number(-2.5e-3), .flag(true), .flag(false), .null, .text("x\né😀//"),
        ]))
    #expect(value["empty"] == .object(ResultObject()))
    #expect(value["none"] == .list([]))
    #expect(value["nested"] == .list([.list([.list([])]), .fields(["k": .list([.integer(0)])])]))
    if case .object(let object) = value {
      #expect(object.keys == ["a", "empty", "none", "nested"])
    }
    #expect(try parse("7") == .integer(7))
    #expect(try parse(" \"\" ") == .text(""))
  }

  @Test func numbersAreExact() throws {
    // The nearest doubles by IEEE 754; the bit patterns are those of Python's `float(...).hex()`.
    let cases: [(String, ResultValue)] = [
      ("0.1", .number(0x1.999999999999ap-4)), ("1e23", .number(0x1.52d02c7e14af6p+76)),
      ("2.2250738585072011e-308", .number(Double(bitPattern: 0xF_FFFF_FFFF_FFFF))),
      ("9007199254740993", .integer(9_007_199_254_740_993)),
      ("9223372036854775807", .integer(.max)),
      ("9223372036854775808", .number(0x1p+63)), ("-0", .number(-0.0)), ("1e-400", .number(0)),
      ("1.0", .number(1)), ("1E2", .number(100)),
    ]
    for (text, expected) in cases { #expect(try parse(text) == expected, "\(text)") }
    #expect(failure("1e400")?.code == "json.number")
  }

  @Test func errorsNameLineAndColumn() {
    let cases: [(String, String, String)] = [
      ("", "json.truncated", "line 1, column 1"),
      ("{\"a\": 1,\n \"b\" 2}", "json.syntax", "line 2, column 6"),
      ("[1, 2", "json.truncated", "line 1, column 6"),
      ("[1 2]", "json.syntax", "line 1, column 4"),
      ("[1,]", "json.syntax", "line 1, column 4"),
      ("{\"ä\": 1, \"ä\": 2}", "json.duplicate-key", "line 1, column 10"),
      ("{\"a\": null, \"a\": 2}", "json.duplicate-key", "line 1, column 13"),
      ("{\"a\": \"no end\n", "json.syntax", "line 1, column 14"),
      ("{\"a\": \"no end", "json.truncated", "line 1, column 7"),
      ("[\r\n\r\nNaN]", "json.syntax", "line 3, column 1"),
      ("[-]", "json.syntax", "line 1, column 3"), ("[01]", "json.syntax", "line 1, column 3"),
      ("[1.]", "json.syntax", "line 1, column 4"), ("[1e+]", "json.syntax", "line 1, column 5"),
      ("[\"\\x\"]", "json.syntax", "line 1, column 4"),
      ("[\"\\ud800\"]", "json.encoding", "line 1, column 5"),
      ("[\"\\ude00\"]", "json.encoding", "line 1, column 5"),
      ("[\"\\u12g4\"]", "json.syntax", "line 1, column 7"),
      ("{} x", "json.syntax", "line 1, column 4"), ("{1: 2}", "json.syntax", "line 1, column 2"),
      ("tru", "json.syntax", "line 1, column 1"),
    ]
    for (text, code, place) in cases {
      let found = failure(text)
      #expect(found?.code == code, "\(text)")
      #expect(found?.place.description == place, "\(text)")
    }
    #expect(failure([0x22, 0xFF, 0x22])?.code == "json.encoding")
    #expect(failure([0x5B, 0])?.code == "json.syntax")
  }

  @Test func deepNestingIsAnErrorAndNoOverflow() throws {
    let deep = String(repeating: "[", count: 200_001)
    #expect(failure(deep)?.code == "json.nesting")
    #expect(failure(deep)?.place == .cell(line: 1, column: 257))
    let allowed = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
    _ = try parse(allowed)
    let objects = String(repeating: "{\"a\":", count: 300)
    #expect(failure(objects)?.code == "json.nesting")
  }

  @Test func everyCutOfADocumentIsAnError() {
    let text = "{\"inputs\": [{\"file\": \"a.ibw\", \"u\": [1.5, -2e3]}], \"ok\": true}"
    for n in 0..<text.utf8.count { #expect(failure(String(text.prefix(n))) != nil) }
  }

  @Test func quantitiesAreRecognised() throws {
    let newton = PhysicalUnit(
      ucum: "N/m", dimension: Dimension(.mass) / Dimension(.time, 2), scale: 1)
    let tree = try parse(
      """
      {"k": {"value": 2.31, "unit": "N/m", "u": 0.05, "u_kind": "fit", "trace": "t17",
             "interval": [2.2, 2.4], "source": "file"},
       "list": [{"value": null, "unit": "N/m"}, {"value": 1, "unit": "furlong"}, []],
       "row": {"name": "Al", "value": 1, "unit": "N/m"}, "bad": {"value": "x", "unit": "N/m"}}
      """
    ).recognisingQuantities { $0 == "N/m" ? newton : nil }
    #expect(
      tree["k"]?.quantity
        == MeasuredValue(
          2.31, newton, u: 0.05, uKind: "fit", interval: 2.2...2.4, trace: TraceID("t17"),
          source: "file"))
    #expect(tree["list"]?[0]?.quantity == MeasuredValue(nil, newton))
    #expect(tree["list"]?[1]?["unit"] == .text("furlong"))
    #expect(tree["list"]?[2] == .list([]))
    #expect(tree["row"]?["name"] == .text("Al"))
    #expect(tree["row"]?["value"] == .integer(1))
    #expect(tree["bad"]?["value"] == .text("x"))
    if case .object(let object) = tree { #expect(object.keys == ["k", "list", "row", "bad"]) }
    #expect(ResultValue.text("x").recognisingQuantities { _ in nil } == .text("x"))
  }
}
