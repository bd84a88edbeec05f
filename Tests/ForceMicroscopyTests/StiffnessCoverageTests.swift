import NumericalMethods
import Tables
import TestSupport
import Testing
import Units

@testable import ForceMicroscopy

/// 95 % intervals of the force-curve analysis over synthetic curves (`tools/coverage-study`).
@Suite("Interval coverage, force curves") struct StiffnessCoverageTests {
  /// A straight line of force over deflection with white noise: the slope and its interval.
  @Test func stiffness() throws {
    let options = ForceAnalysisOptions()
    var count = CoverageCount()
    for seed in 0..<CoverageCount.cases(few: 150) {
      var random = CounterRandom(seed: 81, stream: UInt64(seed))
      let k = 0.5 + 4 * random.uniform()
      let noise = (0.05 + 0.4 * random.uniform()) * 1e-9
      let n = 60 + Int(random.uniform() * 200)
      let depth = (0..<n).map { 20e-9 * Double($0) / Double(n - 1) }
      let force = depth.map { k * $0 + noise * random.normal() }
      let table = Table(
        name: "data",
        columns: [
          Column(
            name: "deflection", label: "Deflection (m)", values: .real(depth), unit: .known(.metre)),
          Column(name: "force", label: "Force (N)", values: .real(force), unit: .known(.newton)),
        ])
      let analysis = analyzeForceCurves(
        Dataset(format: "made", technique: .afm, tables: [table]),
        input: InputIdentity(path: "made", bytes: 0, sha256: ""), sample: "s", options: options,
        tracePrefix: "t")
      let found = analysis.curves.first?.value(.stiffness)
      count.add(found?.value, u: found?.u, truth: k)
    }
    print(count.row("afm stiffness"))
    #expect(count.isRight, "\(count)")
  }
}
