import Foundation
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

@Suite struct CorrectionTests {
  @Test func deadTimeIsTakenOut() {
    let counts = SignalCorrections.deadTime(
      [100, 50], input: [2000, 1000], output: [1600, 1000], live: [0.5, 2])
    #expect(counts == [250, 25])
    #expect(SignalCorrections.deadTime([100], input: [3], output: [2]) == [150])
    #expect(SignalCorrections.deadTime([1], input: [1], output: [0]).allSatisfy { !$0.isFinite })
  }

  @Test func blanksAreDivided() throws {
    let energy = (0..<40).map { 1550 + Double($0) }
    let scan = AbsorptionScan(energy: energy, mu: energy.map { $0 / 100 })
    let blank = AbsorptionScan(energy: [1540, 1600], mu: [15.4, 16])
    var diagnostics = DiagnosticList()
    let flat = try SignalCorrections.divide(scan, by: blank, diagnostics: &diagnostics)
    #expect(flat.count == 40 && flat.mu.allSatisfy { ($0 - 1).magnitude < 1e-12 })
    #expect(diagnostics.all.isEmpty)
    let short = AbsorptionScan(energy: [1560, 1600], mu: [1, 1])
    #expect(
      try SignalCorrections.divide(scan, by: short, diagnostics: &diagnostics).count == 30)
    #expect(diagnostics.all.map(\.code) == ["xas.blank"])
    let zero = AbsorptionScan(energy: [1540, 1600], mu: [0, 0])
    #expect(throws: ReadFailure.self) {
      try SignalCorrections.divide(scan, by: zero, diagnostics: &diagnostics)
    }
  }

  /// A thick sample's fluorescence has norm_seen = norm(α + 1)/(α + norm): the correction undoes it.
  @Test func overAbsorptionIsUndone() throws {
    let alpha = 1.7
    let norm = [0, 0.2, 1, 1.9, 1.1]
    let seen = norm.map { $0 * (alpha + 1) / (alpha + $0) }
    let found = try SignalCorrections.overAbsorption(seen, norm: seen, alpha: alpha)
    for (a, b) in zip(found, norm) { #expect((a - b).magnitude < 1e-12) }
    do throws(ReadFailure) {
      _ = try SignalCorrections.overAbsorption([3], norm: [2.7], alpha: 1.7)
      Issue.record("norm = 1 + α was accepted")
    } catch { #expect(error.diagnostic.code == "xas.over-absorption") }
    #expect(throws: ReadFailure.self) {
      try SignalCorrections.overAbsorption([1], norm: [1], alpha: 0)
    }
  }

  /// larch 2026.3 `fluo_corr` of a fluorescence spectrum of Fe₀.₇₃Ga₀.₂₇: its largest values give α.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func correctionAgreesWithLarch() throws {
    let wanted = try MergeTests.truth("over-absorption columns/fe73ga27.010")
    let scan = try MergeTests.scan("columns/fe73ga27.010")
    let spectrum = try #require(LarchConvention.normalise(scan))
    let top = try #require(wanted["norm_max"] as? Double)
    #expect(((spectrum.norm.max() ?? 0) - top).magnitude < 1e-6)
    // α from the largest value; the sum over all points follows.
    let largest = try #require(wanted["mu_corr_max"] as? Double)
    let mu = try #require(zip(spectrum.norm, scan.mu).max { $0.0 < $1.0 }?.1)
    let alpha = largest * (top - 1) / (largest - mu)
    let found = try SignalCorrections.overAbsorption(scan.mu, norm: spectrum.norm, alpha: alpha)
    let sum = try #require(wanted["mu_corr_sum"] as? Double)
    #expect((found.reduce(0, +) / sum - 1).magnitude < 5e-4)
    #expect(sum > 1.2 * scan.mu.reduce(0, +))
  }

  @Test func aluminiumIsHintedAt() {
    let lines = [1565.9, 1567.0, 1567.6, 1571, 1562.8]
    let hints = lines.map { AluminiumHint.nearest(to: $0)?.hint }
    #expect(hints == [.tetrahedral, .fivefold, .octahedral, .octahedral, .metal])
    #expect(AluminiumHint.nearest(to: 1564.7).map { ($0.distance - 0.7).magnitude < 1e-9 } == true)
    #expect(AluminiumHint.nearest(to: 2480) == nil)
  }

  /// Two elements of a detector that lose counts to dead time: the formula takes each by its own rates, and the sum
  /// is that of a detector that loses none.
  @Test func deadTimeIsTakenOutByTheRatesOfEachElement() throws {
    let energies = XASAnalysisTests.energies
    let input = [energies.map { 1e4 * (1 + XASAnalysisTests.edge($0)) }, energies.map { 2e4 + $0 }]
    let output = input.map { $0.map { $0 * exp(-2e-5 * $0) } }
    let whole = energies.map { 1e3 * XASAnalysisTests.edge($0) }
    func seen(_ i: Int) -> [Double] {
      zip(whole, zip(output[i], input[i])).map { $0 * $1.0 / $1.1 }
    }
    let monitor = energies.map { _ in 1e5 }
    let columns = [
      ("Energy (eV)", energies), ("I0", monitor), ("ROI1", seen(0)), ("ROI2", seen(1)),
      // The order of the rates is not that of the elements: their numbers count.
      ("ICR2", input[1]), ("ICR1", input[0]), ("OCR2", output[1]), ("OCR1", output[0]),
    ]
    let plain = try #require(
      try XASAnalysisTests.run(XASAnalysisTests.table(columns)).spectra.first)
    #expect(plain.source.signal.expression.text == "({ROI1} + {ROI2})/{I0}")
    let found = try #require(
      try XASAnalysisTests.run(XASAnalysisTests.table(columns), [("dead-time", "true")]).spectra
        .first)
    #expect(
      found.source.signal.expression.text == "({ROI1}*{ICR1}/{OCR1} + {ROI2}*{ICR2}/{OCR2})/{I0}")
    for (a, b) in zip(found.source.mu, whole) { #expect((a / (2 * b / 1e5) - 1).magnitude < 1e-12) }
    #expect(plain.source.mu[240] < 0.9 * found.source.mu[240])
    // A factor of dead time does the same; one below 1 is none.
    for (factor, formula) in [(1.25, "{ROI1}*{DTFactor}/{I0}"), (0.8, nil)] {
      let table = XASAnalysisTests.table(
        Array(columns[..<3]) + [("DTFactor", energies.map { _ in factor })])
      let corrected = Result { try XASAnalysisTests.run(table, [("dead-time", "true")]) }
      switch corrected {
      case .success(let file): #expect(file.spectra.first?.source.signal.expression.text == formula)
      case .failure(let error):
        #expect(formula == nil && (error as? ReadFailure)?.diagnostic.code == "xas.dead-time")
      }
    }
    // Without rates nothing is corrected, and that is said.
    #expect(throws: ReadFailure.self) {
      try XASAnalysisTests.run(
        XASAnalysisTests.table(Array(columns[..<4])), [("dead-time", "true")])
    }
    // What has no detector of photons is not touched.
    let yield = XASAnalysisTests.table(Array(columns[..<2]) + [("TEY", whole)])
    let electrons = try XASAnalysisTests.run(yield, [("dead-time", "true")])
    #expect(electrons.spectra.first?.source.signal.expression.text == "{TEY}/{I0}")
  }

  /// The class stands beside the white line of an Al K edge with the calibration, and nowhere else.
  @Test func theHintStandsInTheResult() throws {
    let file = try XASAnalysisTests.analyze(XASAnalysisTests.data("xdi/al_k_edge.xdi"))
    let spectrum = try #require(file.spectra.first)
    let hint = try #require(spectrum.aluminiumHint)
    let result = file.result["spectra"]?[0]?["peak"]?["hint"]
    #expect(result?["class"]?.text == hint.hint.rawValue)
    #expect(result?["calibration"]?.text == spectrum.calibration.method.rawValue)
    #expect(result?["distance"]?.quantity?.value == hint.distance)
    let other = try XASAnalysisTests.run(
      XASAnalysisTests.table([
        ("Energy (eV)", XASAnalysisTests.energies),
        ("mu", XASAnalysisTests.energies.map { XASAnalysisTests.edge($0) }),
      ]), [("element", "Br"), ("edge", "L3")])
    #expect(other.spectra.first?.peak != nil && other.spectra.first?.aluminiumHint == nil)
  }
}
