import TestSupport
import Testing

@testable import XRayAbsorption

@Suite(.enabled(if: Corpus.available, "corpus absent")) struct InterphaseConventionTests {
  /// The reference numbers of the design page, section 5, for spectra with arrays in the corpus.
  @Test func referenceSpectra() throws {
    let peers = try LarchCorpusTests.peers()
    for (name, e0, tolerance, step) in [
      ("al_k/SLS_PHOENIX_2023.dat", 1565.36, 0.05, 6.01e5),
      ("columns/cu_rt01.xmu", 8980.56, 0.05, 2.83),
      ("xdi_S_K/gypsum_rt_01.xdi", 2480.656, 0.05, 0.00287),
    ] {
      let peer = try #require(peers.first { $0.name == name })
      let silicon = InterphaseConvention.NextEdge(symbol: "Si", energy: 1839)
      let result = try #require(
        InterphaseConvention.normalise(
          AbsorptionScan(energy: peer.energy, mu: peer.mu),
          nextEdges: name.hasPrefix("al_k") ? [silicon] : []))
      #expect(result.edgeU > 0 && result.edgeU < 0.05 && result.isInflection)
      #expect(result.spectrum.e0 != result.gridEdge)
      #expect((result.spectrum.e0 - e0).magnitude < tolerance, "e0 of \(name)")
      #expect((result.spectrum.edgeStep / step - 1).magnitude < 0.03, "step of \(name)")
      #expect(result.hasEdge)
    }
  }

  /// A sane curve without any option on nearly every spectrum that reaches 100 eV above its edge.
  ///
  /// Measured: 49 of 51 and 50 of 51; the two with a high mean are sulphides with a strong white line.
  @Test func curvesAreSane() throws {
    var norms: [Double] = []
    var flats: [Double] = []
    for peer in try LarchCorpusTests.peers() {
      let scan = AbsorptionScan(energy: peer.energy, mu: peer.mu)
      guard let result = InterphaseConvention.normalise(scan) else { continue }
      let s = result.spectrum
      guard s.scan.energy[s.scan.count - 1] > s.e0 + 100 else { continue }
      let inside = s.scan.energy.indices.filter {
        s.scan.energy[$0] > s.e0 + 50 && s.scan.energy[$0] < s.e0 + 200
      }
      guard !inside.isEmpty else { continue }
      norms.append(inside.reduce(0) { $0 + s.norm[$1] } / Double(inside.count))
      flats.append(inside.reduce(0) { $0 + s.flat[$1] } / Double(inside.count))
    }
    let sane = Double(norms.count { (0.75...1.2).contains($0) }) / Double(norms.count)
    let level = Double(flats.count { (0.95...1.05).contains($0) }) / Double(flats.count)
    #expect(norms.count > 30 && sane >= 0.95 && level >= 0.97)
  }

  /// Smoothing on a grid much finer than the data: a level stays level, a step is half way in its middle, and
  /// tables that are no spectra cost no square of their rows.
  @Test func smoothingOnFineGrids() throws {
    let smoothing = LorentzianSmoothing(step: 0.1)
    for n in [100, 600] {
      // Two clusters far apart: few points beside the data alone, many all at once.
      let x = (0..<n).map { Double($0) * 0.5 + ($0 < n / 2 ? 0 : 5 * Double(n)) }
      let level = smoothing.values(x, x.map { _ in 3 })
      #expect(level.allSatisfy { abs($0 - 3) < 1e-9 }, "\(n)")
      let middle = x[n / 4]
      let step = smoothing.values(x, x.map { $0 < middle ? 0 : ($0 > middle ? 1 : 0.5) })
      #expect(abs(step[n / 4] - 0.5) < 0.01 && step[2] < 0.05 && step[n / 2 - 3] > 0.95, "\(n)")
    }
    let rows = 600
    let x = (0..<rows).map { Double($0) * 1e17 }
    let found = smoothing.values(x, x.map { _ in 1 })
    #expect(found.count == rows && found.allSatisfy { abs($0 - 1) < 1e-6 })
  }
}
