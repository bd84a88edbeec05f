import Foundation
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// The cyanobacteria series as larch fits it (multi.truth.json): 8 spectra by 9 standards.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct MixtureCorpusTests {
  /// Weights to 2e-3 (design page, section 5), and R to 2 %.
  @Test func cyanobacteriaAgreeWithLarch() throws {
    let truth = try #require(
      JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: Corpus.path("xas/multi.truth.json"))))
        as? [String: Any])
    let fits = try #require(truth["lcf"] as? [String: [String: Any]])
    var curves: [String: LinearCombination.Curve] = [:]
    for group in try AthenaCorpusTests.groups("cyanobacteria") {
      let scan = try #require(group.scan)
      let name = try #require(group.table.metadata.text("label"))
      var choices = NormalisationChoices()
      choices.e0 = group.number("bkg_e0")
      if let a = group.number("bkg_pre1"), let b = group.number("bkg_pre2") { choices.pre = a...b }
      if let a = group.number("bkg_nor1"), let b = group.number("bkg_nor2") { choices.post = a...b }
      choices.degree = Int(group.number("bkg_nnorm") ?? 3) - 1
      let shift = group.number("bkg_eshift") ?? 0
      let moved = AbsorptionScan(energy: scan.energy.map { $0 + shift }, mu: scan.mu)
      let spectrum = try #require(LarchConvention.normalise(moved, choices))
      curves[name.filter { $0.isLetter || $0.isNumber }] = LinearCombination.Curve(
        name: name, energy: spectrum.scan.energy, values: spectrum.norm)
    }
    // larch names the group `0.12` d_0_12.
    func curve(_ name: String) throws -> LinearCombination.Curve {
      let label = name.hasPrefix("d_") ? String(name.dropFirst(2)) : name
      return try #require(
        curves[label.filter { $0.isLetter || $0.isNumber }], "\(name) of \(curves.keys.sorted())")
    }
    #expect(fits.count == 8)
    for (name, wanted) in fits {
      let standards = try #require(wanted["standards"] as? [String])
      let weights = try #require(wanted["weights"] as? [String: Double])
      var diagnostics = DiagnosticList()
      let fit = try LinearCombination(
        curve(name), standards: standards.map(curve), window: 11899...12000,
        diagnostics: &diagnostics)
      for (part, standard) in zip(fit.parts, standards) {
        let weight = try #require(weights[standard])
        #expect((part.weight - weight).magnitude < 2e-3, "\(name): \(part), \(weight)")
      }
      let r = try #require(wanted["rfactor"] as? Double)
      #expect((fit.rFactor / r - 1).magnitude < 0.02, "\(name)")
    }
  }
}
