import Bytes
import Interphase
import Output
import Tables
import Testing
import Units

@Suite("Traces down to bytes")
struct WhyTests {
  private func graph() throws -> (TraceGraph, TraceID) {
    let stiffness = try PhysicalUnit(ucum: "N/m")
    var graph = TraceGraph()
    let read = graph.add(
      .read, "column Defl, Igor wave v5, Float32 little-endian",
      source: .init(
        file: "afm/film_03.ibw", sha256: "9f3c0000aaaabbbb", place: "byte 384",
        bytes: [384..<8576]))
    var invols = ResultObject()
    invols["invols"] = .quantity(
      MeasuredValue(58.2, try PhysicalUnit(ucum: "nm/V"), source: "file, note key InvOLS"))
    let deflection = graph.add(
      .convert, "deflection: V → m", inputs: [read], parameters: invols)
    var spring = ResultObject()
    spring["k"] = .quantity(
      MeasuredValue(35, stiffness, u: 1.8, source: "override: --spring-constant"))
    let force = graph.add(
      .convert, "force", inputs: [deflection], parameters: spring, formula: "force = k · deflection"
    )
    let fit = graph.add(
      .fit, "straight line, orthogonal distance", inputs: [force, deflection], rows: 412...871)
    return (graph, fit)
  }

  @Test("The chain is indented text that ends in the bytes of the file (data-model.md §9)")
  func chain() throws {
    let (graph, fit) = try graph()
    let value = ResultValue.quantity(
      MeasuredValue(2.31, try PhysicalUnit(ucum: "N/m"), u: 0.05, trace: fit))
    let chain = TraceChain(from: fit.text, in: graph.result)
    let expected = """
      afm/film_03.ibw#stiffness = (2.310 ± 0.050)\u{A0}N·m⁻¹
        fit       straight line, orthogonal distance; rows 412–871
          convert   force: force = k · deflection; k = (35.0 ± 1.8)\u{A0}N·m⁻¹ (override: --spring-constant)
            convert   deflection: V → m; invols = 58.2\u{A0}nm·V⁻¹ (file, note key InvOLS)
              read      column Defl, Igor wave v5, Float32 little-endian
                afm/film_03.ibw bytes 384–8575 (sha256 9f3c0000aaaa…)  OK
          convert   deflection: V → m; invols = 58.2\u{A0}nm·V⁻¹ (file, note key InvOLS)  (t2, shown above)

      """
    #expect(
      chain.text(key: "afm/film_03.ibw#stiffness", value: value) { _, _ in .unchanged } == expected)
    #expect(chain.isWhole { _, _ in .unchanged })
    #expect(!chain.isWhole { _, _ in .changed })
    #expect(
      chain.text(key: "k", value: value) { _, hash in
        hash == "9f3c0000aaaabbbb" ? .changed : .missing
      }
      .contains("(sha256 9f3c0000aaaa…)  CHANGED\n"))
  }

  @Test("A document that was written and read again gives the same chain")
  func written() throws {
    let (graph, fit) = try graph()
    let document = ResultDocument(version: "0.1.0", command: "afm", traces: graph)
    let parsed = try JSONText.parse(ByteView(document.json))
    let traces = try #require(parsed["traces"])
    let value = ResultValue.fields([
      "value": .number(2.31), "unit": .text("N/m"), "u": .number(0.05), "trace": .text("t4"),
    ])
    #expect(value.traceID == "t4")
    func shown(_ chain: TraceChain, _ value: ResultValue) -> String {
      let text = chain.text(key: "k", value: value) { _, _ in .unchanged }
      return String(text.map { $0 == "\u{A0}" ? " " : $0 })
    }
    let quantity = ResultValue.quantity(
      MeasuredValue(2.31, try PhysicalUnit(ucum: "N/m"), u: 0.05, trace: fit))
    #expect(
      shown(TraceChain(from: "t4", in: traces), value)
        == shown(TraceChain(from: "t4", in: graph.result), quantity))
  }

  @Test("The JSON holds the steps of this number only, and each file's state")
  func json() throws {
    var (graph, fit) = try graph()
    _ = graph.add(.compute, "something else")
    let result = TraceChain(from: fit.text, in: graph.result).json(key: "k", value: .null) {
      file, _ in file == "afm/film_03.ibw" ? .missing : .unchanged
    }
    guard case .object(let steps)? = result["steps"] else {
      Issue.record("no steps")
      return
    }
    #expect(steps.keys == ["t4", "t3", "t2", "t1"])
    #expect(result["sources"]?[0]?["status"] == .text("MISSING"))
    #expect(result["sources"]?[0]?["step"] == .text("t1"))
    #expect(result["trace"] == .text("t4"))
  }

  @Test("Circles, missing steps and control characters of a damaged document do no harm")
  func damaged() {
    let traces = ResultValue.fields([
      "a": .fields([
        "kind": .text("fit\n"), "summary": .text("x\u{1B}[31m"),
        "inputs": .list([.text("b"), .text("gone"), .integer(3)]),
      ]),
      "b": .fields(["inputs": .list([.text("a")]), "source": .fields(["file": .text("f")])]),
    ])
    let chain = TraceChain(from: "a", in: traces)
    let text = chain.text(key: "k\n", value: .null) { _, _ in .unchanged }
    #expect(
      text == """
        k\\u{a} = no value
          fit\\u{a}  x\\u{1b}[31m
            step      \("")
              f (sha256 …)  MISSING
              fit\\u{a}  x\\u{1b}[31m  (a, shown above)
            gone  (step missing from the document)

        """)
    #expect(!chain.isWhole { _, _ in .unchanged })
  }
}
