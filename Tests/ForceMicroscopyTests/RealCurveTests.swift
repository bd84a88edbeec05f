import Tables
import TestSupport
import Testing

@testable import ForceMicroscopy

/// Real curves on soft and on supported samples: contact rules equal to nanite's, and no modulus.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct RealCurveTests {
  private func candidate(_ a: ForceCurveAnalysis, _ method: ContactMethod) -> Int? {
    a.candidates.first { $0.method == method }?.index
  }

  @Test func siliconNitrideMeetsTheReference() throws {
    let a = try #require(analyzed("afm/ibw/fc_SiN_FD_plot.ibw", [:]).curves.first)
    #expect(a.curve.segments.map { $0.stop - $0.start } == [1009, 1007])
    #expect(abs((a.contactSlope ?? 0) - 0.4676) < 1e-3)
    let expected: [(ContactMethod, Int, Int)] = [
      (.deviationFromBaseline, 927, 1), (.frechetDirectPath, 899, 1),
      (.gradientZeroCrossing, 916, 1), (.fitConstantLine, 926, 10),
      (.fitConstantPolynomial, 924, 10), (.fitLinePolynomial, 923, 10),
    ]
    for (method, index, tolerance) in expected {
      let found = candidate(a, method) ?? -99
      #expect(abs(found - index) <= tolerance, "\(method): \(found)")
    }
    noElasticNumbers(a)
  }

  @Test func softCellsGiveNoModulus() throws {
    let a = try #require(analyzed("afm/ibw/fc_cell37.ibw", [:]).curves.first)
    #expect(abs((candidate(a, .deviationFromBaseline) ?? 0) - 3791) <= 1)
    #expect(abs((candidate(a, .frechetDirectPath) ?? 0) - 5856) <= 1)
    noElasticNumbers(a)
    for file in ["fc_cell39", "fc_cell42"] {
      let analysis = try analyzed("afm/ibw/\(file).ibw", [:])
      let b = try #require(analysis.curves.first)
      noElasticNumbers(b)
      #expect(b.value(.hysteresis) == nil || !b.curve.dwell, "no hysteresis across a dwell")
      #expect(analysis.diagnostics.contains { $0.code == "afm.needs-hole-radius" })
    }
  }

  /// A live cell taken for a film over a hole: the curve refutes it, whatever the options say.
  @Test func aCellIsNoFilmEvenWhenItIsSaidToBeOne() throws {
    let analysis = try analyzed(
      "afm/ibw/fc_cell39.ibw",
      ["hole-radius": "1350", "tip-radius": "50", "thickness": "10", "no-substrate": "true"])
    let curve = try #require(analysis.curves.first)
    #expect(curve.flags.contains("afm.large-deflection"))
    #expect(curve.verdict == .rejected)
    noElasticNumbers(curve)
  }

  private func noElasticNumbers(_ a: ForceCurveAnalysis) {
    for key in ForceKey.allCases where key.isElastic {
      #expect(a.estimates[key] == nil, "\(key)")
    }
  }

  @Test func aChosenModelWithoutItsInputsIsAnError() throws {
    let plate = try analyzed("afm/ibw/fc_SiN_FD_plot.ibw", ["model": "plate"])
    #expect(
      plate.diagnostics.contains { $0.code == "afm.needs-hole-radius" && $0.severity == .error })
    let tip = try analyzed(
      "afm/ibw/fc_SiN_FD_plot.ibw", ["model": "membrane", "hole-radius": "500"])
    #expect(tip.diagnostics.contains { $0.code == "afm.needs-tip-radius" && $0.severity == .error })
    #expect(tip.curves.isEmpty)
  }
}
