import FormatRegistry
import Foundation
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

/// Fits, standards and repeats through the options of the command.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct XASBatchTests {
  static func batch(
    _ names: [String], _ settings: [(String, String)]
  ) throws -> (batch: XASBatch, summary: XASSummary) {
    var options = XASOptions()
    for (name, text) in settings { try options.setOption(name: name, text: text) }
    let files = try names.enumerated().map { n, name in
      XASBatch.File(
        file: name,
        analysis: try XASAnalysisTests.analyze(
          Corpus.path("xas/" + name), settings, prefix: "x\(n + 1)."))
    }
    var batch = XASBatch(files, options: options)
    let summary = try batch.compare(failed: 0) { names.contains($0) }
    return (batch, summary)
  }

  /// lmfit 1.3.4 on larch's normalised curve: the design page, section 5.
  @Test func phoenixFit() throws {
    let (batch, _) = try Self.batch(
      ["al_k/SLS_PHOENIX_2023.dat"],
      [
        ("convention", "larch"), ("mu", "$3/$4"), ("pre", "-75:-20"), ("norm", "30:240"),
        ("degree", "1"), ("fit", "atan@1567.1[height=1,width=0.5]+gauss@1567.6+gauss@1571.2"),
        ("fit-window", "1556:1576"),
      ])
    let file = batch.files[0].analysis
    let fit = try #require(file.spectra[0].fit)
    #expect(fit.points == 100 && fit.chiSquare <= 0.006438 * 1.001)
    for (n, (center, u, width)) in [(1566.2737, 0.0138, 2.6635), (1570.7161, 0.0206, 7.6974)]
      .enumerated()
    {
      #expect((fit.peaks[n].center.value - center).magnitude < 0.003)
      #expect(((fit.peaks[n].center.u ?? 0) / u - 1).magnitude < 0.1)
      #expect((fit.peaks[n].fwhm.value - width).magnitude < 0.003)
    }
    let tree = file.result["spectra"]?[0]?["fit"]
    #expect(tree?["peaks"]?[0]?["center"]?.quantity?.trace != nil)
    #expect(tree?["step"]?["width"]?["fixed"] == .flag(true))
    #expect(file.figures.contains { $0.id.hasSuffix("-fit") })
  }

  /// larch 2026.3: the design page, section 5.
  @Test func goldMixture() throws {
    let standards = (1...6).map { "lcf_Au/s\($0).dat" }
    for (more, wanted, r) in [
      (
        [("sum-to-one", "false")],
        [0.31349, 0.49715, 0.07618, -0.07917, -0.03096, 0.22093], 1.350e-5
      ),
      (
        [("sum-to-one", "true")], [0.32050, 0.50136, 0.08168, -0.09174, -0.07781, 0.26601], 1.886e-5
      ),
    ] {
      let (batch, _) = try Self.batch(
        ["lcf_Au/unknown.dat"] + standards,
        [("lcf-window", "11870:12030")] + more + standards.map { ("standard", $0) })
      let mixture = try #require(batch.files[0].analysis.spectra[0].mixture)
      for (part, weight) in zip(mixture.parts, wanted) {
        #expect((part.weight - weight).magnitude < 1e-4, "\(part.name)")
      }
      #expect((mixture.rFactor / r - 1).magnitude < 0.01)
      #expect(mixture.parts.map(\.name) == standards)
      // Standards are not fitted by themselves.
      #expect(batch.files[1].analysis.spectra[0].mixture == nil)
    }
  }

  /// larch 2026.3 `merge_groups`: merge_rebin.truth.json.
  @Test func gypsumMerged() throws {
    let names = (1...3).map { "xdi_S_K/gypsum_rt_0\($0).xdi" }
    let (_, summary) = try Self.batch(names, [("convention", "larch"), ("merge", "mean")])
    let merge = try #require(summary.summary["merge"])
    #expect(merge["points"] == .integer(298))
    #expect(((merge["e0"]?.quantity?.value ?? 0) - 2480.602).magnitude < 1e-5)
    #expect(((merge["edge_step"]?.quantity?.value ?? 0) / 0.003490159409 - 1).magnitude < 1e-5)
    let peak = merge["peak"]?["quadratic"]?.quantity?.value ?? 0
    #expect((peak - 2481.755957).magnitude < 1e-3)
    #expect(summary.figures.contains { $0.id == "merged" })
  }

  @Test func scatteringFactors() throws {
    let (batch, _) = try Self.batch(
      ["al_k/SLS_PHOENIX_2023.dat"],
      [
        ("mu", "$3/$4"), ("normalise", "mback"), ("convention", "larch"), ("element", "Al"),
        ("pre", "-75:-20"), ("norm", "30:240"),
      ])
    let spectrum = batch.files[0].analysis.spectra[0]
    // larch gives 542702; tables and orders differ (design page, 3 %).
    #expect(((spectrum.mback?.edgeStep ?? 0) / 5.43e5 - 1).magnitude < 0.03)
    #expect(spectrum.norm.count == spectrum.energy.count && spectrum.peak != nil)
    // Iron has no table of that kind: a warning, no numbers.
    let iron = try Self.batch(["xdi/fe2o3_rt.xdi"], [("normalise", "mback")])
    let file = iron.batch.files[0].analysis
    #expect(file.spectra[0].norm.isEmpty)
    #expect(file.diagnostics.contains { $0.code == "xas.mback" })
  }

  /// A blank that is constant changes the scale only; a small α is refused by name.
  @Test func corrections() throws {
    let path = Corpus.path("xas/xdi_S_K/gypsum_rt_01.xdi")
    let plain = try XASAnalysisTests.analyze(path)
    var options = XASOptions()
    options.blankScan = AbsorptionScan(
      energy: [2000, 2400, 2500, 3000], mu: [2, 2, 2, 2])
    let reading = InputReader().read(path: path)
    let divided = try XASFileAnalysis(
      reading.outcome.get(), input: reading.identity, options: options, tracePrefix: "x1.")
    let ratio =
      (plain.spectra[0].curves?.edgeStep ?? 0) / (divided.spectra[0].curves?.edgeStep ?? 1)
    #expect((ratio - 2).magnitude < 1e-9)
    let low = try XASAnalysisTests.analyze(path, [("alpha", "0.5")])
    #expect(low.diagnostics.contains { $0.code == "xas.over-absorption" && $0.severity == .error })
    let high = try XASAnalysisTests.analyze(path, [("alpha", "1e9")])
    #expect((high.spectra[0].norm.max() ?? 0) > 1)
    let bins = try XASAnalysisTests.analyze(path, [("rebin", "boxcar")])
    #expect(bins.spectra[0].scan.count != plain.spectra[0].scan.count)
  }

  /// `multi.truth.json`: eight spectra of cyanobacteria by nine standards, stored parameters.
  @Test func cyanobacteria() throws {
    let truth = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: Corpus.path("xas/multi.truth.json"))))
        as? [String: Any])
    let wanted = try #require(truth["lcf"] as? [String: [String: Any]])
    let first = try #require(wanted["d_0_12"])
    let standards = try #require(first["standards"] as? [String])
    let path = "prj/cyanobacteria.prj"
    // The truth calls groups by words, the project by labels: the same letters and digits.
    let all = try XASAnalysisTests.analyze(
      Corpus.path("xas/" + path), [("convention", "larch"), ("parameters", "stored")])
    func key(_ text: String) -> String {
      let name = text.hasPrefix("d_") ? String(text.dropFirst(2)) : text
      return name.lowercased().filter { $0.isLetter || $0.isNumber }
    }
    let labels = standards.map { name in
      all.spectra.first { key($0.name) == key(name) }?.name ?? name
    }
    let (batch, _) = try Self.batch(
      [path],
      [("convention", "larch"), ("parameters", "stored"), ("lcf-window", "11899:12000")]
        + labels.map { ("standard", "#\($0)") })
    var compared = 0
    for (name, record) in wanted.sorted(by: { $0.key < $1.key }) {
      guard let weights = record["weights"] as? [String: Double],
        let spectrum = batch.files[0].analysis.spectra.first(where: { key($0.name) == key(name) }),
        let mixture = spectrum.mixture
      else { continue }
      compared += 1
      for (part, standard) in zip(mixture.parts, standards) {
        let weight = weights[standard] ?? .nan
        #expect((part.weight - weight).magnitude < 2e-3, "\(name) \(standard)")
      }
    }
    #expect(compared >= 8)
  }
}
