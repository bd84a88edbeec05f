import RealModule
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

@Suite struct MbackTests {
  /// f″ of aluminium by xraydb 4.5.8 `f2_chantler` (design page, 3.3).
  @Test func tableAgreesWithXrayDB() throws {
    let table = try #require(MbackNormalisation.table("Al"))
    let found = interpolate([1550, 1558, 1560, 1570, 1800], table.energy, table.values)
    for (value, wanted) in zip(found, [0.358, 0.483, 3.031, 4.027, 3.499]) {
      // Beside the jump cubics and straight lines differ.
      #expect((value / wanted - 1).magnitude < 0.02, "\(value) \(wanted)")
    }
    for symbol in ["Na", "Mg", "Al", "Si", "P", "S", "Cl"] {
      let table = try #require(MbackNormalisation.table(symbol))
      #expect(table.energy.count > 60 && zip(table.energy, table.energy.dropFirst()).allSatisfy(<))
      #expect(table.values.allSatisfy { $0 > 0.2 && $0 < 5 })
    }
    #expect(MbackNormalisation.table("Fe") == nil)
  }

  /// f″ itself on any scale and any background is found exactly.
  @Test func tableComesBack() throws {
    let table = try #require(MbackNormalisation.table("Al"))
    let energy = (0..<700).map { 1480 + 0.5 * Double($0) }
    let mu = zip(energy, interpolate(energy, table.energy, table.values)).map {
      40 * $1 + 3 - 0.02 * ($0 - 1560)
    }
    var choices = NormalisationChoices()
    choices.pre = -70...(-20)
    choices.post = 30...250
    let spectrum = try #require(
      LarchConvention.normalise(AbsorptionScan(energy: energy, mu: mu), choices))
    let found = try MbackNormalisation(spectrum, element: "Al")
    #expect((found.scale * 40 - 1).magnitude < 1e-6)
    // larch's step comes from a parabola that starts 30 eV above the edge.
    #expect((found.edgeStep / spectrum.edgeStep - 1).magnitude < 0.05)
    for (a, b) in zip(found.matched, found.scattering) { #expect((a - b).magnitude < 1e-6) }
    #expect(throws: ReadFailure.self) { try MbackNormalisation(spectrum, element: "Fe") }
    #expect(throws: ReadFailure.self) { try MbackNormalisation(spectrum, element: "S") }
  }

  /// larch's `mback_norm` of the PHOENIX spectrum: a step of 542702, within 3 % (design page, 5).
  @Test(.enabled(if: Corpus.available, "corpus absent")) func phoenixAgreesWithLarch() throws {
    var choices = NormalisationChoices()
    choices.pre = -75...(-20)
    choices.post = 30...240
    choices.degree = 1
    let spectrum = try #require(
      LarchConvention.normalise(MergeTests.scan("al_k/SLS_PHOENIX_2023.dat"), choices))
    #expect((spectrum.edgeStep / 589767.0934 - 1).magnitude < 1e-7)
    let found = try MbackNormalisation(spectrum, element: "Al")
    #expect((found.edgeStep / 542702.1599 - 1).magnitude < 0.03, "\(found.edgeStep)")
  }
}
