import CSQLite
import Interphase
import Output
import Tables
import Testing
import Units

@Suite("Tables of results")
struct ResultsTests {
  private func document() throws -> ResultDocument {
    let stiffness = try PhysicalUnit(ucum: "N/m")
    let pascal = try PhysicalUnit(ucum: "GPa")
    func input(_ file: String, _ curves: [ResultValue], _ more: ResultObject) -> InputReport {
      var result = more
      result["curves"] = .list(curves)
      var fields = ResultObject()
      fields["result"] = .object(result)
      return InputReport(
        file: file, sha256: "00", bytes: 5, format: "asylum-ibw",
        diagnostics: [Diagnostic(.warning, "afm.x", at: .byte(7), found: "f'\"", expected: "e")],
        fields: fields)
    }
    var first = ResultObject()
    first["model"] = .text("=plate")
    first["matrix"] = .list((0..<9).map { .number(Double($0)) })
    var second = ResultObject()
    second["model"] = .text("'); DROP TABLE results; --")
    second["it's"] = .flag(true)
    let a = input(
      "a,b.ibw",
      [
        .fields([
          "curve": .integer(0),
          "stiffness": .quantity(MeasuredValue(2.5, stiffness, u: 0.1, trace: TraceID("t1"))),
          "modulus": .null,
        ])
      ], first)
    let b = input(
      "b.ibw",
      [
        .fields([
          "curve": .integer(0), "stiffness": .quantity(MeasuredValue(nil, stiffness)),
          "modulus": .quantity(MeasuredValue(1e-9, pascal)),
        ])
      ], second)
    let bad = InputReport(
      file: "=c.ibw",
      diagnostics: [Diagnostic(.error, "ibw.checksum", at: .byte(2), found: "f", expected: "e")])
    var summary = ResultObject()
    summary["samples"] = .list([.fields(["n": .integer(2)])])
    var traces = TraceGraph()
    _ = traces.add(.fit, "straight line")
    return ResultDocument(
      version: "0.1.0", command: "afm", inputs: [a, b, bad], summary: summary, traces: traces)
  }

  @Test("results.csv has a row an input and a column a key")
  func csv() throws {
    #expect(
      String(decoding: ResultsCSV.bytes(try document().inputs), as: UTF8.self) == """
        file,sha256,format,status,complete,model,curve,stiffness / N/m,u(stiffness) / N/m,it's,modulus / GPa
        "a,b.ibw",00,asylum-ibw,warning,true,'=plate,0,2.5,0.1,,
        b.ibw,00,asylum-ibw,warning,true,'); DROP TABLE results; --,0,,,true,1e-09
        '=c.ibw,,,error,false,,,,,,

        """)
  }

  @Test("Keys keep their position where some file has two curves")
  func twoCurves() throws {
    var document = try document()
    document.inputs[1].fields["result"] = .fields([
      "curves": .list([.fields(["n": .integer(1)]), .fields(["n": .integer(2)])])
    ])
    let header = String(decoding: ResultsCSV.bytes(document.inputs), as: UTF8.self).split(
      separator: "\n")[0]
    #expect(
      header
        == "file,sha256,format,status,complete,model,curves[0].curve,curves[0].stiffness / N/m,"
        + "u(curves[0].stiffness) / N/m,curves[0].n,curves[1].n")
  }

  @Test("Leaves come in the order of the tree, a quantity as one")
  func leaves() throws {
    let leaves = ResultValue.object(try document().summary).leaves(prefix: "summary")
    #expect(leaves == [ResultLeaf(key: "summary.samples[0].n", value: .integer(2))])
  }

  @Test("Series and matrices are no columns; what is added when it is written stands in the JSON")
  func series() throws {
    var document = try document()
    let series = ResultValue.fields([
      "values": .list((0..<20).map { .number(Double($0)) }), "unit": .text("keV"),
    ])
    let matrix = ResultValue.list([
      .list([.number(1), .number(0)]), .list([.number(0), .number(1)]),
    ])
    document.inputs[1].fields["result"] = .fields([
      "energy": series, "covariance": matrix, "n": .integer(1),
      "short": .fields(["values": .list([.number(2)]), "unit": .text("keV")]),
    ])
    document.inputs.removeFirst()
    let header = String(decoding: ResultsCSV.bytes(document.inputs), as: UTF8.self).split(
      separator: "\n")[0]
    #expect(header == "file,sha256,format,status,complete,n,short.values[0],short.unit")
    document.completes = { position, report in
      var whole = report
      whole.fields["late"] = .integer(position + 41)
      return whole
    }
    let json = String(decoding: document.json, as: UTF8.self)
    #expect(json.contains("\"late\": 41"))
    #expect(json == String(decoding: JSONWriter.document(document.result), as: UTF8.self))
    #expect(document.inputs[0].fields["late"] == nil)
  }

  /// The rows of a query, as text with `|` between cells.
  private func query(_ path: String, _ sql: String) -> [String] {
    var handle: OpaquePointer?
    guard sqlite3_open_v2(path, &handle, SQLITE_OPEN_READONLY, nil) == SQLITE_OK else { return [] }
    defer { sqlite3_close(handle) }
    var statement: OpaquePointer?
    guard sqlite3_prepare_v2(handle, sql, -1, &statement, nil) == SQLITE_OK else {
      return [String(cString: sqlite3_errmsg(handle))]
    }
    defer { sqlite3_finalize(statement) }
    var rows: [String] = []
    while sqlite3_step(statement) == SQLITE_ROW {
      rows.append(
        (0..<sqlite3_column_count(statement)).map { i in
          sqlite3_column_text(statement, i).map { String(cString: $0) } ?? "∅"
        }.joined(separator: "|"))
    }
    return rows
  }

  @Test("results.sqlite holds the same, and no text becomes a statement")
  func database() throws {
    let folder = ScratchFolder()
    let path = folder.path + "/results.sqlite"
    try ResultsDatabase.write(try document(), provenance: [.init("seed", "1")], to: path)
    #expect(
      query(path, "SELECT file, bytes, status, complete FROM inputs") == [
        "a,b.ibw|5|warning|1", "b.ibw|5|warning|1", "=c.ibw|∅|error|0",
      ])
    #expect(
      query(path, "SELECT input, value, unit, u, trace FROM results WHERE key LIKE '%stiffness'")
        == ["a,b.ibw|2.5|N/m|0.1|t1", "b.ibw|∅|N/m|∅|∅"])
    #expect(
      query(path, "SELECT value FROM results WHERE key = 'model'") == [
        "=plate", "'); DROP TABLE results; --",
      ])
    #expect(query(path, "SELECT count(*) FROM results WHERE key LIKE 'matrix[%'") == ["9"])
    #expect(
      query(path, "SELECT key, value FROM results WHERE input IS NULL") == [
        "summary.samples[0].n|2"
      ])
    #expect(
      query(path, "SELECT input, code, place, message FROM diagnostics WHERE severity = 'error'")
        == ["=c.ibw|ibw.checksum|byte 2|f; e"])
    #expect(
      query(path, "SELECT * FROM provenance") == ["interphase|0.1.0", "command|afm", "seed|1"])
    #expect(
      query(path, "SELECT kind, json_extract(step, '$.summary') FROM traces") == [
        "fit|straight line"
      ])
    #expect(
      query(
        path,
        "SELECT file, \"stiffness / N/m\", \"u(stiffness) / N/m\", \"modulus / GPa\" FROM wide")
        == ["a,b.ibw|2.5|0.1|∅", "b.ibw|∅|∅|1.0e-09", "=c.ibw|∅|∅|∅"])
    #expect(query(path, "PRAGMA integrity_check") == ["ok"])
    #expect(throws: OutputFailure.self) {
      try ResultsDatabase.write(try document(), to: folder.path + "/none/results.sqlite")
    }
  }

  @Test("The crate says what made what")
  func crate() throws {
    let crate = ResearchCrate(
      name: "Study", description: "d", version: "0.1.0", command: "interphase afm a",
      started: "2026-01-01T00:00:00Z", ended: "2026-01-01T00:00:01Z",
      inputs: try document().inputs,
      outputs: [.init(path: "figures/a b.svg", bytes: 3, sha256: "ff")])
    guard case .list(let graph)? = crate.result["@graph"] else {
      Issue.record("no graph")
      return
    }
    func entity(_ id: String) -> ResultValue? { graph.first { $0["@id"]?.text == id } }
    #expect(entity("./")?["hasPart"] == .list([.fields(["@id": .text("figures/a%20b.svg")])]))
    #expect(entity("figures/a%20b.svg")?["@type"] == .text("File"))
    let action = entity("#run")
    #expect(action?["error"] == .text("=c.ibw: byte 2: f; e"))
    #expect(
      action?["actionStatus"]?["@id"] == .text("http://schema.org/CompletedActionStatus"))
    // Every reference of the action leads to an entity of the graph.
    for key in ["object", "result"] {
      guard case .list(let list)? = action?[key] else {
        Issue.record("no \(key)")
        continue
      }
      #expect(list.allSatisfy { $0["@id"]?.text.flatMap(entity) != nil })
    }
    #expect(entity("#input-1")?["sha256"] == .text("00"))
  }
}
