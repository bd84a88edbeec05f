import Materials
import Tables
import Testing
import Units

/// A results tree with hand-over records, as the force-distance analysis writes them.
private func results() -> ResultValue {
  func gigapascals(_ value: Double, u: Double) -> ResultValue {
    .quantity(MeasuredValue(value, .gigapascal, u: u, trace: TraceID("t17")))
  }
  func planar(_ value: Double, u: Double) -> ResultValue {
    .quantity(MeasuredValue(value, .newtonPerMetre, u: u))
  }
  let ready: ResultValue = .fields([
    "sample": .text("n25"), "status": .text("ready"), "reasons": .list([]),
    "modulus": gigapascals(24, u: 3), "n": .integer(12),
  ])
  let refused: ResultValue = .fields([
    "sample": .text("n10"), "status": .text("refused"),
    "reasons": .list([.text("two-branches"), .text("few-curves")]), "modulus": .null,
    "old_modulus": gigapascals(90, u: 9),
    "models": .fields(["plate": .fields(["modulus": gigapascals(80, u: 8)])]),
  ])
  let corrected: ResultValue = .fields([
    "e2d": planar(100, u: 20), "substrate_corrected": .flag(true), "text": .text("x"),
  ])
  return .fields([
    "summary": .fields([
      "handover": .list([ready, refused]), "curve": corrected,
      "raw": .fields(["e2d": planar(440, u: 20), "force": .quantity(MeasuredValue(1, .nanonewton))]
      ),
    ])
  ])
}

private func read(
  _ key: String, thickness: Double? = 4, thicknessU: Double? = nil, substrate: Double? = nil
) throws(ReadFailure) -> MeasuredModulus {
  try MeasuredModulus.read(
    results(), key: key,
    context: .init(
      file: "results.json",
      thickness: thickness.map {
        Measured(Quantity($0, .nanometre), u: thicknessU.map { Quantity($0, .nanometre) })
      },
      substrate: substrate.map {
        Measured(Quantity($0, .newtonPerMetre), u: Quantity(30, .newtonPerMetre))
      }))
}

private func code(_ body: () throws(ReadFailure) -> MeasuredModulus) -> String? {
  do {
    _ = try body()
    return nil
  } catch {
    return error.diagnostic.code
  }
}

@Suite struct MeasuredModulusTests {
  @Test func takesAReadyRecordWithItsUncertaintyAndTrace() throws {
    for key in [
      "summary.handover[sample=n25]", "summary.handover[0].modulus", "/summary/handover/0/modulus",
    ] {
      let modulus = try read(key)
      #expect(modulus.modulus.value.value(in: .gigapascal) == 24)
      #expect(modulus.modulus.u?.value(in: .gigapascal) == 3)
      #expect(modulus.modulus.n == 12)
      #expect(modulus.trace == TraceID("t17"))
      #expect(modulus.modulus.source.hasPrefix("results.json#"))
    }
    let record = try #require(results()["summary"]?["handover"]?[0])
    let direct = try MeasuredModulus.handover(record, context: .init(file: "run"))
    #expect(direct.modulus.source == "run#n25.modulus")
  }

  /// A refused record is refused, and so is any number that stands in it.
  @Test func refusesARefusedRecordWithItsReasons() throws {
    for key in [
      "summary.handover[1]", "summary.handover[sample=n10].old_modulus",
      "summary.handover[1].models.plate.modulus",
    ] {
      let failure = #expect(throws: ReadFailure.self) { try read(key) }
      #expect(failure?.diagnostic.code == "materials.refused")
      #expect(failure?.diagnostic.found.contains("two-branches, few-curves") == true)
    }
    let record = try #require(results()["summary"]?["handover"]?[1])
    #expect(
      code { () throws(ReadFailure) in
        try MeasuredModulus.handover(record, context: .init(file: "run"))
      } == "materials.refused")
  }

  /// E = (440 − 340) N/m / 4 nm = 25 GPa; u² = (20² + 30²)/4² ⊕ (25·0.4/4)², by hand.
  @Test func takesTheSubstrateOffAPlanarModulus() throws {
    let modulus = try read("summary.raw.e2d", thicknessU: 0.4, substrate: 340).modulus
    #expect((modulus.value.value(in: .gigapascal) - 25).magnitude < 1e-12)
    let expected = ((400.0 + 900) / 16 + 6.25).squareRoot()
    #expect(((modulus.u?.value(in: .gigapascal) ?? 0) - expected).magnitude < 1e-12)
    #expect(code { () throws(ReadFailure) in try read("summary.raw.e2d") } == "materials.substrate")
    #expect(
      code { () throws(ReadFailure) in
        try read("summary.raw.e2d", thickness: nil, substrate: 340)
      } == "materials.thickness")
    #expect(
      code { () throws(ReadFailure) in try read("summary.raw.e2d", substrate: 500) }
        == "materials.modulus")
    let corrected = try read("summary.curve.e2d", substrate: 340).modulus
    #expect((corrected.value.value(in: .gigapascal) - 25).magnitude < 1e-12)
    #expect((corrected.u?.value(in: .gigapascal) ?? 0) == 5)
  }

  @Test func namesWhatIsWrongWithAReference() {
    let expected: [(String, String)] = [
      ("summary.nothing", "materials.key"), ("summary.handover[9]", "materials.key"),
      ("summary..x", "materials.key"), ("summary.handover[x]", "materials.key"),
      ("summary.curve.text", "materials.no-quantity"), ("summary", "materials.no-quantity"),
      ("summary.raw.force", "materials.dimension"),
    ]
    for (key, expected) in expected {
      #expect(code { () throws(ReadFailure) in try read(key) } == expected, "\(key)")
    }
  }

  /// F·0.1 V/Vₘ = 742.19 MPa for lithium (reference closed form), 407 MPa for sodium.
  @Test func presetsStallWhereTheReferenceSays() {
    let volts = 0.1
    let lithium = PhysicalConstants.faraday * volts / Metal.lithium.molarVolume.value.si
    #expect((lithium / 742_194_862.4615386 - 1).magnitude < 1e-12)
    let sodium = PhysicalConstants.faraday * volts / Metal.sodium.molarVolume.value.si
    #expect((sodium / 1e6 - 407).magnitude < 0.2)
    #expect(Metal.preset("na") == .sodium)
    #expect(Metal.preset("K") == nil)
  }
}
