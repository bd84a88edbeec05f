import CrossChecks
import NumericalMethods
import Tables
import Testing

/// Done-point 9 of the data model: at least 95 % of 200 seeded unit, scale and sign errors are found.
@Suite struct SeededErrorTests {
  static let techniques: [Technique] = [.afm, .xas, .cycling, .impedance, .rbs, .sims]

  static func clean(_ technique: Technique, _ seed: UInt64) -> Dataset {
    switch technique {
    case .afm: CleanData.forceCurve(seed)
    case .xas: CleanData.scan(seed)
    case .cycling: CleanData.cycler(seed)
    case .impedance: CleanData.impedance(seed)
    case .rbs: CleanData.spectrum(seed)
    default: CleanData.profile(seed)
    }
  }

  @Test func cleanDataSetsGiveNoWarning() {
    for technique in Self.techniques {
      for seed in UInt64(1)...10 {
        let warnings = CrossChecks.findings(in: Self.clean(technique, seed))
          .filter { $0.outcome == .warn }
        #expect(
          warnings.isEmpty,
          "\(technique) \(seed): \(warnings.map { "\($0.code): \($0.message)" })")
      }
    }
  }

  /// Each damage in turn on data of its own seed; one that the data cannot have is drawn again.
  @Test func ninetyFivePerCentOfTwoHundredErrorsAreFound() {
    var found = 0
    var cases = 0
    var seed: UInt64 = 1000
    var table: [String] = []
    while cases < 200, seed < 2000 {
      let damage = Damage.all[cases % Damage.all.count]
      seed += 1
      var random = CounterRandom(seed: seed, stream: 9)
      var dataset = Self.clean(damage.technique, seed)
      guard damage.apply(&dataset, &random) else { continue }
      cases += 1
      let warnings = CrossChecks.findings(in: dataset).filter { $0.outcome == .warn }
      if !warnings.isEmpty { found += 1 }
      var codes: [String] = []
      for warning in warnings where !codes.contains(warning.code) { codes.append(warning.code) }
      table.append(
        "\(cases)\t\(seed)\t\(damage.technique.rawValue)\t\(damage.name)\t"
          + (codes.isEmpty ? "MISS" : codes.joined(separator: ", ")))
    }
    print(table.joined(separator: "\n"))
    print("\(found) of \(cases) seeded errors found")
    #expect(cases == 200)
    #expect(found >= 190)
  }
}
