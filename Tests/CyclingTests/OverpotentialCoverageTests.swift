import Cycling
import NumericalMethods
import Tables
import TestSupport
import Testing

/// 95 % intervals of the analysis of cycler logs over synthetic cells (`tools/coverage-study`).
@Suite("Interval coverage, cycling") struct OverpotentialCoverageTests {
  /// Symmetric cells with a constant overpotential and white noise: that of the first cycle.
  @Test func overpotential() throws {
    var options = CyclingOptions()
    options.cell = .symmetric
    var count = CoverageCount()
    for seed in 0..<CoverageCount.cases(few: 150) {
      var random = CounterRandom(seed: 82, stream: UInt64(seed))
      let level = 0.02 + 0.1 * random.uniform()
      let noise = level * (0.002 + 0.01 * random.uniform())
      let perHalf = 60 + Int(random.uniform() * 100)
      var records = CyclingRecords(time: [], voltage: [], current: [])
      for half in 0..<6 {
        let sign = half % 2 == 0 ? 1.0 : -1
        for _ in 0..<perHalf {
          records.time.append(30 * Double(records.time.count))
          records.voltage.append(sign * level + noise * random.normal())
          records.current.append(sign * 1e-3)
        }
      }
      var diagnostics = DiagnosticList()
      let analysis = analyzeCycling(records, options: options, diagnostics: &diagnostics)
      let cycle = analysis.cycles.first
      count.add(cycle?.mean, u: cycle?.meanU, truth: level)
    }
    print(count.row("cycling overpotential_mean"))
    #expect(count.isRight, "\(count)")
  }
}
