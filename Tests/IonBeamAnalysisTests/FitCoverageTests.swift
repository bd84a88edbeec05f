import IonBeamAnalysis
import NumericalMethods
import TestSupport
import Testing

/// 95 % intervals of RBS fits over Poisson draws of simulated spectra (`tools/coverage-study`).
@Suite("Interval coverage, RBS") struct FitCoverageTests {
  /// A Poisson number by products of uniform numbers, in pieces of mean 20.
  ///
  /// Knuth, The Art of Computer Programming, vol. 2, 3.4.1.
  private static func poisson(_ mean: Double, _ random: inout CounterRandom) -> Double {
    var left = mean
    var count = 0.0
    while left > 0 {
      let piece = min(left, 20)
      left -= piece
      var product = 1.0
      // e^-piece as a product of halves keeps to plain arithmetic.
      var limit = 1.0
      for _ in 0..<1024 { limit *= 1 - piece / 1024 + (piece / 1024) * (piece / 1024) / 2 }
      while true {
        product *= random.uniform()
        if product <= limit { break }
        count += 1
      }
    }
    return count
  }

  /// The areal density of gold on carbon, free together with the number of particles.
  @Test func arealDensity() throws {
    func part(_ name: String, _ n: Double) throws -> SampleLayer.Part {
      SampleLayer.Part(try #require(TargetNuclei(name)), n)
    }
    let truth = 120.0
    let detector = BackscatteringDetector(
      solidAngle: 3, calibration: ChannelCalibration(offset: 20, slope: 8), fwhm: 15, channels: 256)
    var setup = BackscatteringSetup(
      ion: try #require(Ion("4He")), energy: 2000, particles: 2e12,
      geometry: BackscatteringGeometry(.ibm, incidence: 0, scattering: 170), detector: detector)
    setup.physics.stopping = ElectronicStopping(.zbl95)
    setup.physics.minimumEnergy = 1200
    let layers = [SampleLayer("film", [try part("Au", truth), try part("Ag", 200)])]
    var simulator = try SpectrumSimulator(setup)
    let mean = try simulator.simulate(layers)
    let free = try ["film.Au", "film.Ag"].map {
      FreeParameter(try #require(FitTarget($0, layers: layers)))
    }
    var count = CoverageCount()
    for seed in 0..<CoverageCount.cases(few: 24) {
      var random = CounterRandom(seed: 83, stream: UInt64(seed))
      let counts = mean.total.map { Self.poisson($0, &random) }
      let fit = try SpectrumFitProblem(
        setup: setup, layers: layers, counts: counts, firstChannel: mean.firstChannel,
        ranges: [170...240], free: free
      ).solve()
      count.add(
        fit.values.first, u: fit.covariance.map { $0[0, 0].squareRoot() }, truth: truth)
    }
    print(count.row("rbs areal density"))
    #expect(count.isRight, "\(count)")
  }
}
