import Foundation
import IonBeamAnalysis
import NumericalMethods
import TestSupport
import Testing

@Suite("RBS fits", .enabled(if: Corpus.available, "corpus absent"))
struct FitTests {
  /// Three Poisson draws of a hybrid film on Na.
  ///
  /// Cramér-Rao values from the truth file (0.606, 3.425, 1.455, 0.131 %), and where efficient estimates
  /// of these draws lie, in units of them.
  @Test func hybridOnSodium() throws {
    let shifts: [[Double]] = [
      [0.33, -0.76, 0.61], [1.89, 1.71, -2.04], [3.23, -2.13, 1.46],
    ]
    let bounds = [2.021419628366489, 11.417002770952735, 9.697521021674246]
    let truth = [1000.0 / 3, 1000.0 / 3, 2000.0 / 3]
    for draw in 1...3 {
      let text = try String(
        contentsOfFile: Corpus.path("rbs/fit/F1_hybrid_on_Na_s\(draw).dat"), encoding: .utf8)
      let counts = text.split(separator: "\n").compactMap { line in
        line.split(separator: " ").last.flatMap { Double($0) }
      }
      let detector = BackscatteringDetector(
        solidAngle: 3, calibration: ChannelCalibration(offset: 20, slope: 2), fwhm: 15,
        channels: 1024)
      var setup = BackscatteringSetup(
        ion: try #require(Ion("4He")), energy: 2000, particles: 1.210852760356e14,
        geometry: BackscatteringGeometry(.ibm, incidence: 0, scattering: 170), detector: detector)
      setup.physics.stopping = ElectronicStopping(.zbl95)
      func part(_ name: String, _ n: Double) throws -> SampleLayer.Part {
        SampleLayer.Part(try #require(TargetNuclei(name)), n)
      }
      let layers = [
        SampleLayer(
          "film",
          [try part("Al", 283.333), try part("C", 400), try part("O", 600), try part("H", 666.667)]),
        SampleLayer("substrate", [try part("Na", 60000)]),
      ]
      let free = try ["film.Al", "film.C", "film.O", "particles"].map {
        FreeParameter(try #require(FitTarget($0, layers: layers)))
      }
      let problem = SpectrumFitProblem(
        setup: setup, layers: layers, counts: counts, ranges: [115...590], free: free)
      let fit = try problem.solve()
      #expect(fit.converged)
      let covariance = try #require(fit.covariance)
      for k in 0..<3 {
        let off = (fit.values[k] - truth[k]) / bounds[k]
        #expect(abs(off - shifts[draw - 1][k]) < 0.3, "\(draw) \(k) \(off)")
        #expect(abs(covariance[k, k].squareRoot() / bounds[k] - 1) < 0.1)
      }
    }
  }

  /// A real spectrum: Au on SiO2 on Si, from the start values of the truth file to its bands.
  @Test func realSpectrum() throws {
    let text = try String(contentsOfFile: Corpus.path("rbs/jabs/experimental.dat"), encoding: .utf8)
    let counts = text.split(separator: "\n").compactMap { line -> Double? in
      let cells = line.split { $0 == " " || $0 == "\t" }
      return cells.count >= 2 ? Double(cells[1]) : nil
    }
    let detector = BackscatteringDetector(
      solidAngle: 5, calibration: ChannelCalibration(offset: 10, slope: 1.72), fwhm: 10,
      channels: counts.count)
    var setup = BackscatteringSetup(
      ion: try #require(Ion("4He")), energy: 2027, particles: 2e13,
      geometry: BackscatteringGeometry(.ibm, incidence: 0, scattering: 160), detector: detector)
    setup.physics.stopping = ElectronicStopping(.zbl95)
    setup.physics.minimumEnergy = 150
    func part(_ name: String, _ n: Double) throws -> SampleLayer.Part {
      SampleLayer.Part(try #require(TargetNuclei(name)), n)
    }
    var gold = SampleLayer("gold", [try part("Au", 30)])
    gold.roughness = 47.1
    let layers = [
      gold, SampleLayer("oxide", [try part("Si", 6500.0 / 3), try part("O", 13000.0 / 3)]),
      SampleLayer("substrate", [try part("Si", 20000)]),
    ]
    let free = try [
      "particles", "offset", "slope", "fwhm", "gold.areal_density", "gold.roughness_fwhm",
      "oxide.Si", "oxide.O",
    ].map { FreeParameter(try #require(FitTarget($0, layers: layers))) }
    var problem = SpectrumFitProblem(
      setup: setup, layers: layers, counts: counts,
      ranges: [200...449, 450...700, 1050...1110], free: free)
    problem.steps = 100
    let fit = try problem.solve()
    let oxide = fit.values[6] + fit.values[7]
    #expect(abs(fit.values[4] - 32.05) < 0.9)
    #expect(abs(oxide - 6892) < 45)
    #expect(abs(100 * fit.values[7] / oxide - 67.25) < 0.9)
    #expect(abs(fit.values[2] - 1.7131) < 0.003)
    #expect(fit.chiSquarePerDegree < 2.3)
  }
}
