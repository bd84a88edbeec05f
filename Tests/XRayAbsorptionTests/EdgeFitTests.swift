import Foundation
import NumericalMethods
import RealModule
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

@Suite struct EdgeFitTests {
  static func curve(_ model: String, _ energy: [Double]) throws -> [Double] {
    var slopes = [Double](repeating: 0, count: 4)
    let terms = try EdgeModel(model).terms
    return energy.map { e in
      terms.reduce(0) { sum, term in
        let p = term.shape.keys.map { term.settings[$0]?.value ?? 0 }
        return sum + term.shape.value(e, p[...], slopes: &slopes)
      }
    }
  }

  @Test func modelsAreReadAndWritten() throws {
    let text = "atan@1567.1[width=0.5,height=1]+gauss@1567.6+pvoigt@1571.2[fraction~0.3]"
    let model = try EdgeModel(
      " ATAN@1567.1[height=1, width=0.5] + gauss@1.5676e+3 + pvoigt@1571.2[fraction~0.3]")
    #expect(model.text == text)
    #expect(try EdgeModel(model.text) == model)
    #expect(model.terms[2].settings[.fraction] == EdgeModel.Setting(0.3, isFixed: false))
    #expect(try EdgeModel("gauss@1[center=2]").terms[0].settings[.center]?.isFixed == true)
  }

  @Test(arguments: [
    "", "gauss", "gauss@", "gauss@x", "gaus@1", "gauss@1+", "gauss@1[", "gauss@1[]",
    "gauss@1[fwhm]", "gauss@1[fwhm=]", "gauss@1[fwhm=0]", "gauss@1[fraction=0.5]",
    "pvoigt@1[fraction=1.5]", "atan@1+erf@2", "gauss@nan", "gauss@1[area=inf]", "gauss@0x10",
    "gauss@1[fwhm==2]", "gauss@1]", "gauss@1[fwhm=2]x", "gauss@1@2",
  ])
  func modelsAreRefused(_ text: String) {
    #expect(throws: ReadFailure.self) { try EdgeModel(text) }
  }

  /// Every derivative against differences, and areas and widths against their definitions.
  @Test func shapesHaveTheirDerivatives() throws {
    for shape in EdgeModel.Shape.allCases {
      let p = [1567.3, 1.7, 2.4, 0.35].prefix(shape.keys.count)
      for energy in stride(from: 1560.0, through: 1575, by: 0.7) {
        var slopes = [Double](repeating: 0, count: 4)
        var other = slopes
        _ = shape.value(energy, p, slopes: &slopes)
        for i in p.indices {
          var (up, down) = (p, p)
          up[i] += 1e-5
          down[i] -= 1e-5
          let difference =
            (shape.value(energy, up, slopes: &other) - shape.value(energy, down, slopes: &other))
            / 2e-5
          #expect((difference - slopes[i]).magnitude < 1e-7, "\(shape) \(i) at \(energy)")
        }
      }
      guard !shape.isStep else { continue }
      var slopes = [Double](repeating: 0, count: 4)
      let top = shape.value(1567.3, p, slopes: &slopes)
      #expect((top - 2.4 * shape.heightFactor(0.35) / 1.7).magnitude < 1e-12)
      if shape == .gauss || shape == .lorentz {
        #expect((shape.value(1567.3 + 0.85, p, slopes: &slopes) / top - 0.5).magnitude < 1e-12)
      }
      var area = 0.0
      for i in -200_000..<200_000 {
        area += 0.02 * shape.value(1567.3 + 0.02 * Double(i), p, slopes: &slopes)
      }
      #expect((area - 2.4).magnitude < 1e-3)
    }
  }

  /// What made a curve is found again, in any order of the terms.
  @Test func exactCurvesComeBack() throws {
    let energy = (0..<200).map { 1555 + 0.125 * Double($0) }
    let y = try Self.curve(
      "erf@1566[width=0.8,height=1]+pvoigt@1568[fwhm=2,area=3,fraction=0.4]"
        + "+lorentz@1573[fwhm=4,area=5]", energy)
    var diagnostics = DiagnosticList()
    let fit = try EdgeFit(
      EdgeModel("lorentz@1572.5+pvoigt@1568.4[fraction~0.5]+erf@1565.7[width=0.8]"),
      energy: energy, y, window: 1555...1580, diagnostics: &diagnostics)
    #expect(diagnostics.all.isEmpty && fit.isSound && fit.chiSquare < 1e-12)
    #expect(fit.peaks.map(\.shape) == [.pvoigt, .lorentz])
    #expect((fit.peaks[0].center.value - 1568).magnitude < 1e-5)
    #expect((fit.peaks[0].fraction?.value ?? 0) - 0.4 < 1e-4)
    #expect((fit.peaks[1].area.value - 5).magnitude < 1e-4)
    #expect(fit.step?.width.isFixed == true && fit.step?.width.u == nil)
  }

  /// A parameter of the truth against lmfit 1.3.4 (design page, section 5): the value, its uncertainty.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func phoenixAgreesWithLmfit() throws {
    let path = Corpus.path("xas/al_k/SLS_PHOENIX_2023.dat")
    let truth = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: path + ".truth.json"))) as? [String: Any])
    let wanted = try #require((truth["fit"] as? [String: Any])?["params"] as? [String: [Double]])
    var energy: [Double] = []
    var norm: [Double] = []
    let text = try String(contentsOfFile: path + ".norm_expert.csv", encoding: .utf8)
    for line in text.split(whereSeparator: \.isNewline).dropFirst() {
      let cells = line.split(separator: ",").map { Double($0) ?? .nan }
      energy.append(cells[0])
      norm.append(cells[4])
    }
    var diagnostics = DiagnosticList()
    let fit = try EdgeFit(
      EdgeModel("atan@1567.1[height=1,width=0.5]+gauss@1567.6+gauss@1571.2"), energy: energy, norm,
      window: 1556...1576, diagnostics: &diagnostics)
    #expect(diagnostics.all.isEmpty && fit.isSound && fit.points == 100)
    #expect(fit.chiSquare <= 0.006437950252 * 1.001 && fit.freeParameters == 7)
    let step = try #require(fit.step)
    try #require(fit.peaks.count == 2)
    for (name, found) in [
      ("st_center", step.center), ("p1_center", fit.peaks[0].center),
      ("p2_center", fit.peaks[1].center), ("p1_fwhm", fit.peaks[0].fwhm),
      ("p2_fwhm", fit.peaks[1].fwhm), ("p1_amplitude", fit.peaks[0].area),
      ("p2_amplitude", fit.peaks[1].area), ("p1_height", fit.peaks[0].height),
      ("p2_height", fit.peaks[1].height),
    ] {
      let peer = try #require(wanted[name])
      #expect((found.value - peer[0]).magnitude < 0.003, "\(name): \(found), lmfit \(peer)")
      #expect(((found.u ?? 0) / peer[1] - 1).magnitude < 0.1, "\(name): \(found), lmfit \(peer)")
    }
    // Width and fraction besides are too much for two peaks.
    var more = DiagnosticList()
    let loose = try EdgeFit(
      EdgeModel("atan@1567.1[width~0.5]+pvoigt@1567.6[fraction~0.3]+pvoigt@1571.2[fraction~0.3]"),
      energy: energy, norm, window: 1556...1576, diagnostics: &more)
    #expect(loose.chiSquare < fit.chiSquare)
    #expect(more.all.map(\.code) == ["xas.fit-bound"] && loose.peaks[0].fraction?.u == nil)
  }

  /// Two peaks for one, with free widths: no tiny errors.
  @Test func degenerateFitsAreReported() throws {
    let energy = (0..<200).map { 1555 + 0.125 * Double($0) }
    let y = try Self.curve("gauss@1567[fwhm=3,area=2]", energy)
    for (model, code) in [
      ("gauss@1567+gauss@1567", "xas.fit-degenerate"),
      ("gauss@1567[fwhm=3]+gauss@1567[fwhm=3,center=1567]", "xas.fit-degenerate"),
      ("pvoigt@1567[fraction~0.3]", "xas.fit-bound"),
    ] {
      var diagnostics = DiagnosticList()
      let fit = try EdgeFit(
        EdgeModel(model), energy: energy, y, window: 1555...1580, diagnostics: &diagnostics)
      #expect(!fit.isSound, "\(model)")
      #expect(diagnostics.all.contains { $0.code == code }, "\(model): \(fit.parameters)")
    }
    // With noise the same.
    var random = CounterRandom(seed: 3)
    let noisy = y.map { $0 + 0.005 * random.normal() }
    var diagnostics = DiagnosticList()
    let fit = try EdgeFit(
      EdgeModel("gauss@1566.9+gauss@1567.1"), energy: energy, noisy, window: 1555...1580,
      diagnostics: &diagnostics)
    #expect(!fit.isSound && diagnostics.all.map(\.code) == ["xas.fit-degenerate"])
    #expect(fit.peaks.allSatisfy { ($0.center.u ?? 9) > 0.5 && $0.area.u == nil })
    #expect(throws: ReadFailure.self) {
      try EdgeFit(
        EdgeModel("gauss@1567"), energy: energy, y, window: 1600...1610, diagnostics: &diagnostics)
    }
  }

  /// `auto` finds how many peaks made a curve.
  @Test func autoCountsPeaks() throws {
    let energy = (0..<160).map { 1553 + 0.2 * Double($0) }
    for (seed, model) in [
      "atan@1565.5[width=0.5,height=1]+gauss@1566[fwhm=2.5,area=3]",
      "atan@1566.5[width=0.5,height=1]+gauss@1566.3[fwhm=2.5,area=2]+gauss@1571[fwhm=6,area=6]",
      "atan@1566[width=0.5,height=1]+gauss@1564[fwhm=1,area=0.4]+gauss@1567.3[fwhm=2,area=2]"
        + "+gauss@1571.5[fwhm=4,area=4]",
    ].enumerated() {
      var random = CounterRandom(seed: UInt64(seed))
      let y = try Self.curve(model, energy).map { $0 + 0.01 * random.normal() }
      var diagnostics = DiagnosticList()
      let fit = try EdgeFit.auto(energy: energy, y, e0: 1565.5, diagnostics: &diagnostics)
      let truth = try EdgeModel(model).terms.dropFirst()
      #expect(fit.peaks.count == truth.count, "\(model): \(fit.model.text)")
      for (peak, term) in zip(fit.peaks, truth) {
        let center = term.settings[.center]?.value ?? 0
        #expect((peak.center.value - center).magnitude < 5 * (peak.center.u ?? 0))
      }
    }
  }
}
