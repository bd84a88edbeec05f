import Tables
import Testing
import Units

@testable import ForceMicroscopy

@Suite struct ForceOptionTests {
  private func set(_ name: String, _ text: String) throws -> ForceAnalysisOptions {
    var options = ForceAnalysisOptions()
    try options.setOption(name: name, text: text)
    return options
  }

  @Test func quantitiesTakeUnitsAndUncertainties() throws {
    #expect(try set("hole-radius", "1350").holeRadius?.value.si == 1350e-9)
    #expect(try set("hole-radius", "1.35um").holeRadius?.value.si == 1.35e-6)
    #expect(try set("hole_radius", "1.35 µm").holeRadius?.value.si == 1.35e-6)
    #expect(try set("hole-diameter", "2.7 um").holeRadius?.value.si == 1.35e-6)
    let k = try #require(set("spring-constant", "35 N/m ± 1.8").springConstant)
    #expect(k.value.si == 35)
    #expect(k.u?.si == 1.8)
    let concise = try #require(set("spring-constant", "35.0(18) N/m").springConstant)
    #expect(abs(concise.value.si - 35) < 1e-12 && abs((concise.u?.si ?? 0) - 1.8) < 1e-12)
    let relative = try #require(set("spring-constant", "35 N/m ± 2 %").springConstant)
    #expect(abs((relative.u?.si ?? 0) - 0.7) < 1e-12)
    #expect(try set("hole-radius", "1.35 microns").holeRadius?.value.si == 1.35e-6)
    let h = try #require(set("thickness", "4 ± 0.3 nm").thickness)
    #expect(abs((h.u?.si ?? 0) - 0.3e-9) < 1e-22)
    #expect(abs((try set("invols", "60").invOLS?.value.si ?? 0) - 6e-8) < 1e-20)
    #expect(try set("elastic-limit", "none").elasticLimit == nil)
    #expect(abs((try set("elastic-limit", "0.1 uN").elasticLimit?.si ?? 0) - 1e-7) < 1e-20)
    #expect(try set("poisson_ratio", "0.24").poissonRatio?.value.si == 0.24)
  }

  @Test func uncertaintyMayComeBeforeOrAfterItsValue() throws {
    var options = try set("tip-radius-u", "5")
    try options.setOption(name: "tip-radius", text: "50")
    #expect(options.tipRadius?.value.si == 50e-9)
    #expect(options.tipRadius?.u?.si == 5e-9)
    try options.setOption(name: "tip-radius-u", text: "0.004 um")
    #expect(abs((options.tipRadius?.u?.si ?? 0) - 4e-9) < 1e-22)
    #expect(options.tipRadius?.value.si == 50e-9)
  }

  @Test func wordsAndFlags() throws {
    #expect(try set("model", "membrane").model == .membrane)
    #expect(try set("failure-rule", "by").failureRule == .by)
    #expect(try set("failure-percent", "30 %").failurePercent == 30)
    #expect(try set("contact-method", "frechet-direct-path").contactMethod == .frechetDirectPath)
    #expect(try set("group-by", "note:Sample").groupBy == .note("Sample"))
    #expect(try set("no-substrate", "true").noSubstrate)
    #expect(try set("include-suspect", "").includeSuspect)
  }

  @Test(arguments: [
    ("hole-radius", "-5"), ("hole-radius", "1350 nN"), ("hole-radius", "wide"),
    ("hole-radius", "0"), ("poisson", "0.7"), ("model", "shell"), ("failure-percent", "100"),
    ("group-by", "note:"), ("spring-constant", "35 kg"), ("thickness", "4 nm ± 1 N"),
    ("no-substrate", "perhaps"), ("thickness", "1e999"), ("thickness", ""), ("wrong", "1"),
    ("model-u", "1"),
  ])
  func nonsenseIsRefused(_ name: String, _ text: String) {
    #expect(throws: ReadFailure.self) { try set(name, text) }
  }

  @Test func everyDescribedOptionCanBeSet() throws {
    for option in ForceAnalysisOptions.descriptions {
      let text: String =
        switch option.name {
        case "poisson": "0.3"
        case "failure-percent": "20"
        case "sample": "film"
        case "group-by": "file"
        default:
          option.unit.contains(" ")
            ? String(option.unit.split(separator: " ").first ?? "") : "1 \(option.unit)"
        }
      #expect(throws: Never.self, "\(option.name) \(text)") { try set(option.name, text) }
    }
  }

  @Test func rowsOfTheSampleTableStandAboveOptions() throws {
    let nano = ColumnUnit.known(.nanometre)
    let table = Table(
      name: "samples",
      columns: [
        Column(name: "sample", label: "sample", values: .text(["a", "b"]), unit: .absent),
        Column(
          name: "thickness", label: "thickness / nm", values: .real([4, .nan]), unit: nano),
        Column(
          name: "poisson_ratio", label: "poisson_ratio / 1", values: .real([0.2, 0.3]),
          unit: .known(.one)),
      ])
    var options = try set("thickness", "9")
    try options.useSamples(table)
    #expect(try options.resolved(forSample: "a").thickness?.value.si == 4e-9)
    let b = try options.resolved(forSample: "b")
    #expect(b.thickness?.value.si == 9e-9, "an empty cell leaves the option")
    #expect(b.poissonRatio?.value.si == 0.3)
    #expect(try options.resolved(forSample: "c").thickness?.value.si == 9e-9)
    let wrong = Table(
      name: "samples",
      columns: [
        Column(name: "sample", label: "sample", values: .text(["a"]), unit: .absent),
        Column(
          name: "thickness", label: "thickness / N", values: .real([4]), unit: .known(.newton)),
      ])
    #expect(throws: ReadFailure.self) { try options.useSamples(wrong) }
    #expect(throws: ReadFailure.self) { try options.useSamples(Table(name: "x", columns: [])) }
  }
}
