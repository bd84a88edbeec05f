import Tables
import Testing
import Units

@Suite("Keys of results documents")
struct ResultPathTests {
  private let gigapascal = PhysicalUnit(ucum: "GPa", dimension: .one, scale: 1e9)

  private var document: ResultValue {
    func q(_ x: Double) -> ResultValue { .quantity(MeasuredValue(x, gigapascal, u: x / 10)) }
    return .fields([
      "inputs": .list([
        .fields([
          "file": .text("afm/n10/a.ibw"),
          "result": .fields(["curves": .list([.fields(["modulus": q(25), "curve": .integer(0)])])]),
        ]),
        .fields([
          "file": .text("afm/n25/a.ibw"), "result": .fields(["modulus": q(30), "a/b~c": q(1)]),
        ]),
        .fields(["file": .text("odd#name.csv"), "result": .fields(["stiffness": q(2)])]),
      ]),
      "summary": .fields([
        "samples": .list([
          .fields(["sample": .text("(1ALD-1MLD)10"), "modulus": q(26), "n": .integer(3)]),
          .fields(["sample": .text("v1.2[x]"), "modulus": q(31), "n": .integer(4)]),
        ])
      ]),
      "traces": .fields(["t1": .fields(["parameters": .fields(["stiffness": .integer(9)])])]),
    ])
  }

  private func value(_ key: String) throws -> Double? {
    try document.find(key).value.quantity?.value
  }

  @Test("All spellings find the number")
  func spellings() throws {
    #expect(try value("/inputs/0/result/curves/0/modulus") == 25)
    #expect(try value("/inputs/1/result/a~1b~0c") == 1)
    #expect(try value("afm/n10/a.ibw#result.curves[0].modulus") == 25)
    #expect(try value("n10/a.ibw#curves[0].modulus") == 25)
    #expect(try value("n10/a.ibw#modulus") == 25)
    #expect(try value("n25/a.ibw#modulus") == 30)
    #expect(try value("odd#name.csv#stiffness") == 2)
    #expect(try value("summary.samples[1].modulus") == 31)
    #expect(try value("summary.samples[sample=(1ALD-1MLD)10].modulus") == 26)
    #expect(try value("samples[sample=v1.2[x]].modulus") == 31)
    #expect(try value("summary.samples[n=4].modulus") == 31)
    #expect(try value("stiffness") == 2, "steps of the trace do not count")
    #expect(try value("curves[0].modulus") == 25)
    #expect(try document.find("n25/a.ibw#modulus.u").value == .number(3))
    #expect(try document.find("/summary/samples/0/modulus/unit").value == .text("GPa"))
  }

  @Test("The path found is spelled in full")
  func found() throws {
    let place = try document.find("n10/a.ibw#modulus").path
    #expect(place.description == "inputs[0].result.curves[0].modulus")
    #expect(place.pointer == "/inputs/0/result/curves/0/modulus")
    #expect(
      try document.find("/inputs/1/result/a~1b~0c").path.pointer == "/inputs/1/result/a~1b~0c")
  }

  @Test("A key that fits several places names them all")
  func ambiguous() throws {
    let failure = #expect(throws: ResultPath.Failure.self) { try document.find("modulus") }
    #expect(failure?.reason == "4 keys fit 'modulus'")
    #expect(
      failure?.candidates == [
        "afm/n10/a.ibw#result.curves[0].modulus", "afm/n25/a.ibw#result.modulus",
        "summary.samples[0].modulus", "summary.samples[1].modulus",
      ])
    for candidate in failure?.candidates ?? [] {
      #expect(try document.find(candidate).value.quantity != nil)
    }
    let files = #expect(throws: ResultPath.Failure.self) { try document.find("a.ibw#modulus") }
    #expect(files?.candidates == ["afm/n10/a.ibw#modulus", "afm/n25/a.ibw#modulus"])
  }

  @Test("A key that fits nowhere says so and offers the nearest")
  func nothing() {
    let failure = #expect(throws: ResultPath.Failure.self) { try document.find("stifness") }
    #expect(failure?.reason == "no key fits 'stifness'")
    #expect(failure?.candidates == ["stiffness"])
    for bad in [
      "", ".", "a.", "a..b", "summary.samples[", "summary.samples[x]", "summary.samples[-1]",
      "/nowhere", "/inputs/9", "/inputs/0/result/curves/x", "no.ibw#modulus", "summary.samples[9]",
      "summary.samples[sample=none]", "#", "afm/n10/a.ibw#",
    ] {
      #expect(throws: ResultPath.Failure.self, "\(bad)") { try document.find(bad) }
    }
  }
}
