import Interphase
import Output
import Tables
import Testing
import Units

@Suite("JSON of tables and documents")
struct ResultDocumentTests {
  private let metre = PhysicalUnit(ucum: "m", dimension: Dimension(.length), scale: 1)

  @Test("A column has the statistics of the contract over its finite values")
  func column() {
    let column = Column(
      name: "deflection", label: "Defl", values: .real([3, .nan, 1, 2, .infinity]),
      unit: .known(metre))
    let r = column.result
    #expect(r["count"] == .integer(3))
    #expect(r["missing"] == .integer(2))
    #expect(r["min"] == .number(1))
    #expect(r["max"] == .number(3))
    #expect(r["mean"] == .number(2))
    #expect(r["first"] == .number(3))
    #expect(r["last"] == .number(2))
    #expect(r["unit"] == .text("m"))
    #expect(r["label"] == .text("Defl"))
  }

  @Test("Whole numbers beyond 2^53 stay exact")
  func wholeNumbers() {
    let big: Int64 = 9_007_199_254_740_993
    let r = Column(name: "record", label: "Rec#", values: .integer([big, 1]), unit: .absent).result
    #expect(r["max"] == .integer(9_007_199_254_740_993))
    #expect(r["first"] == .integer(9_007_199_254_740_993))
    #expect(r["unit"] == .text(""))
  }

  @Test("Text columns have null statistics, and unknown units keep their text")
  func text() {
    var missing = MissingMask()
    missing.insert(1)
    let r = Column(
      name: "state", label: "State", values: .text(["C", ""]), unit: .unknown("furlong"),
      missing: missing
    ).result
    #expect(r["count"] == .integer(1))
    #expect(r["missing"] == .integer(1))
    for key in ["min", "max", "mean", "first", "last"] { #expect(r[key] == .null) }
    #expect(r["unit"] == .text(""))
    #expect(r["unit_text"] == .text("furlong"))
  }

  @Test("A column without any finite value has null statistics")
  func nothingFinite() {
    let r = Column(name: "x", label: "x", values: .real([.nan]), unit: .absent).result
    #expect(r["count"] == .integer(0))
    #expect(r["missing"] == .integer(1))
    #expect(r["mean"] == .null)
  }

  @Test("The document has the keys of the contract in its order")
  func document() {
    var fields = ResultObject()
    fields["result"] = .fields(["stiffness": .null])
    let good = InputReport(
      file: "a.csv", sha256: "00", bytes: 3, format: "delimited-table",
      diagnostics: [Diagnostic(.note, "text.encoding", found: "f", expected: "e")], fields: fields)
    let bad = InputReport(
      file: "b\u{FFFD}.csv", fileBytes: [0x62, 0xFF],
      diagnostics: [
        Diagnostic(
          .error, "text.ragged-row", at: .cell(line: 3, column: 2), found: "f", expected: "e",
          count: 8, places: [.line(9)])
      ], fields: fields)
    let document = ResultDocument(
      version: "0.1.0", command: "afm", inputs: [good, bad],
      skipped: [SkippedFile(file: "x.png", looksLike: "PNG image", reason: "not recognised")])
    guard case .object(let top) = document.result else {
      Issue.record("not an object")
      return
    }
    #expect(
      top.keys == ["interphase", "schema", "command", "run", "inputs", "skipped", "summary"])
    let first = document.result["inputs"]?[0]
    #expect(first?["status"] == .text("ok"))
    #expect(first?["complete"] == .flag(true))
    #expect(first?["result"]?["stiffness"] == .null)
    let second = document.result["inputs"]?[1]
    #expect(second?["status"] == .text("error"))
    #expect(second?["complete"] == .flag(false))
    #expect(second?["result"] == nil, "a failed input carries no result")
    #expect(second?["file_bytes"] == .text("62ff"))
    let diagnostic = second?["diagnostics"]?[0]
    #expect(diagnostic?["place"] == .text("line 3, column 2"))
    #expect(diagnostic?["message"] == .text("f (8 times); e"))
    #expect(diagnostic?["count"] == .integer(8))
    #expect(diagnostic?["places"] == .list([.text("line 9")]))
    #expect(document.result["skipped"]?[0]?["looks_like"] == .text("PNG image"))
  }

  @Test("Traces stand by id, with inclusive byte ranges")
  func traces() {
    var graph = TraceGraph()
    let read = graph.add(
      .read, "column Defl",
      source: .init(file: "a.ibw", sha256: "9f", place: "byte 384", bytes: [384..<8576]))
    let fit = graph.add(.fit, "straight line", inputs: [read], rows: 412...871)
    #expect(fit.text == "t2")
    let traces = graph.result
    #expect(traces["t1"]?["source"]?["bytes"] == .list([.list([.integer(384), .integer(8575)])]))
    #expect(traces["t2"]?["inputs"] == .list([.text("t1")]))
    #expect(traces["t2"]?["rows"] == .list([.integer(412), .integer(871)]))
    #expect(traces["t2"]?["kind"] == .text("fit"))
  }
}
