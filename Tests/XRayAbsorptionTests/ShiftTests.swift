import NumericalMethods
import RealModule
import TestSupport
import Testing

@testable import XRayAbsorption

@Suite struct ShiftTests {
  /// The smoothing spline against scipy 1.17.1 `make_smoothing_spline(x, y, lam=0.01)`, x = 0…9,
  /// y = x² mod 7.
  @Test func splineAgreesWithScipy() throws {
    let x = (0..<10).map(Double.init)
    let y = (0..<10).map { Double($0 * $0 % 7) }
    let spline = try #require(SmoothingSpline(x, y, lambda: 0.01))
    for (i, wanted) in Self.scipy.enumerated() {
      #expect((spline(x[i]).value - wanted).magnitude < 1e-9)
    }
    #expect((spline(4.3).value - Self.between.0).magnitude < 1e-9)
    #expect((spline(4.3).slope - Self.between.1).magnitude < 1e-9)
    let places = [-3, -1, 0.2, 0.9, 4.1, 8.7, 9, 12.5]
    var values: [Double] = []
    var slopes: [Double] = []
    spline.curve(at: places, less: 0.4, values: &values, slopes: &slopes)
    #expect(values.count == places.count && slopes.count == places.count)
    for (i, place) in places.enumerated() {
      #expect((spline(place - 0.4).value - values[i]).magnitude < 1e-12)
      #expect((spline(place - 0.4).slope - slopes[i]).magnitude < 1e-12)
    }
  }

  static let scipy = [
    -0.0414656952712768, 1.1657780854896498, 3.7566233018840944, 2.119077325500704,
    2.1186705524826333, 3.760880772813976, 1.1405139723919346, -0.026084131727510895,
    1.0298899999415585, 3.9761158164942376,
  ]
  static let between = (2.7711956113261484, 2.3621017494299665)

  /// The same with λ by cross-validation, on x = 0, 0.25 … 9.75, every fourth value.
  @Test func crossValidationAgreesWithScipy() throws {
    let x = (0..<40).map { Double($0) / 4 }
    let y = x.indices.map { (i: Int) -> Double in
      let ripple = Double(i * 7919 % 101) / 50.5 - 1
      return Double.sin(x[i]) + 0.1 * ripple
    }
    let spline = try #require(SmoothingSpline(x, y))
    let wanted = [
      -0.028594363817527446, 0.81573390403915, 0.8890187888575932, 0.13825585255340456,
      -0.7480988572374222, -0.9475782627733234, -0.26948179916343773, 0.6644519258777458,
      0.9996677092348714, 0.39324897508908363,
    ]
    for (i, value) in wanted.enumerated() {
      #expect((spline.values[4 * i] - value).magnitude < 1e-4)
    }
    #expect(spline.degreesOfFreedom > 4 && spline.degreesOfFreedom < 20)
  }

  @Test func splineRefusesWhatIsNoCurve() {
    #expect(SmoothingSpline([0, 1, 2], [0, 1, 2]) == nil)
    #expect(SmoothingSpline([0, 1, 1, 2], [0, 1, 2, 3]) == nil)
    #expect(SmoothingSpline([0, 1, 2, 3], [0, .nan, 2, 3]) == nil)
  }

  /// An edge like that of four-fold aluminium: a step, a white line and a broad resonance (eV).
  static func aluminium(_ e: Double, shift: Double) -> Double {
    let x = e - shift
    func bell(_ centre: Double, _ width: Double, _ height: Double) -> Double {
      let t = (x - centre) / width
      return height / (1 + t * t)
    }
    let t = (x - 1564.2) / 0.6
    return 0.5 + t / (2 * (1 + t * t).squareRoot()) + bell(1565.6, 1.1, 0.9) + bell(1571, 3, 0.4)
  }

  /// The case of the paper: −0.30 eV at steps of 0.2 eV and 1 % noise, 200 pairs with seeds.
  ///
  /// The error must be at most 1.25 times the Cramér–Rao bound, and intervals must hold what they say
  /// (design page, 3.5: 0.94–1.09 times; 68 % hold 63–76 %, 95 % hold 92–98 %).
  @Test func shiftsAreFoundWithHonestUncertainties() throws {
    let energy = (0..<250).map { 1545 + 0.2 * Double($0) }
    let noise = 0.01
    let window = 1554.0...1584.0
    var random = CounterRandom(seed: 8)
    var (squares, us, within, withinTwo, pairs) = (0.0, 0.0, 0, 0, 0)
    for _ in 0..<200 {
      func noisy(_ shift: Double) -> [Double] {
        energy.map { Self.aluminium($0, shift: shift) + noise * random.normal() }
      }
      let reference = noisy(0)
      let spectrum = noisy(-0.3)
      let fit = try #require(
        SpectrumShift(
          energy: energy, spectrum, reference: (energy, reference), window: window))
      let error = fit.shift + 0.3
      squares += error * error
      us += fit.u
      pairs += 1
      if error.magnitude < fit.u { within += 1 }
      if error.magnitude < 1.96 * fit.u { withinTwo += 1 }
    }
    // The bound: the true curve, all three parameters, noise in both spectra.
    var normal = DenseMatrix(rows: 3, columns: 3)
    for e in energy where window.contains(e) {
      let slope =
        (Self.aluminium(e + 1e-4, shift: -0.3) - Self.aluminium(e - 1e-4, shift: -0.3)) / 2e-4
      let row = [Self.aluminium(e, shift: -0.3), -slope, 1]
      for i in 0..<3 { for j in 0..<3 { normal[i, j] += row[i] * row[j] } }
    }
    let unit = try #require(CholeskyFactor(normal)?.solve([0, 1, 0]))
    let bound = (unit[1] * 2 * noise * noise).squareRoot()
    let rms = (squares / Double(pairs)).squareRoot()
    #expect(rms <= 1.25 * bound)
    #expect((120...154).contains(within) && withinTwo >= 180)
    #expect(us / Double(pairs) <= 0.02)
  }

  /// Gypsum under the beam: the sample changes, and the uncertainty must say so (design page, 5).
  @Test(.enabled(if: Corpus.available, "corpus absent")) func gypsumMoves() throws {
    let peers = try LarchCorpusTests.peers()
    func norm(_ number: Int) throws -> NormalisedSpectrum {
      let peer = try #require(peers.first { $0.name == "xdi_S_K/gypsum_rt_0\(number).xdi" })
      return try #require(
        LarchConvention.normalise(AbsorptionScan(energy: peer.energy, mu: peer.mu)))
    }
    let first = try norm(1)
    let window = (first.e0 - 10)...(first.e0 + 20)
    let wanted = [
      (-0.007, 0.005), (-0.002, 0.004), (-0.044, 0.016), (-0.035, 0.014), (-0.036, 0.014),
    ]
    for (i, (shift, u)) in wanted.enumerated() {
      let other = try norm(i + 2)
      let fit = try #require(
        SpectrumShift(
          energy: other.scan.energy, other.norm, reference: (first.scan.energy, first.norm),
          window: window))
      #expect((fit.shift - shift).magnitude < 0.002 && (fit.u / u - 1).magnitude < 0.25)
      #expect(fit.shapesDiffer)
    }
    for moved in [0.1, 0.3, -0.4] {
      let fit = try #require(
        SpectrumShift(
          energy: first.scan.energy.map { $0 + moved }, first.norm,
          reference: (first.scan.energy, first.norm), window: window))
      #expect((fit.shift - moved).magnitude < 1e-3 && fit.u <= 0.004)
    }
  }
}
