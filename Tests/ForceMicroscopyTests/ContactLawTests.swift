import Testing

@testable import ForceMicroscopy

/// Force laws against values of the literature and against one another.
@Suite struct ContactLawTests {
  private func law(
    _ model: ContactModel, radius: Double = 5e-6, angle: Double = 0.4, poisson: Double = 0.5,
    thickness: Double? = nil
  ) throws -> ContactLaw {
    try #require(
      ContactLaw(
        model,
        ContactInputs(
          springConstant: 1, tipRadius: radius, halfAngle: angle, poisson: poisson,
          thickness: thickness)))
  }

  /// 16/9 E√R δ^1.5 for ν = ½; 2/π and 0.7453 (Bilodeau 1992) times tan α/(1 − ν²).
  @Test func prefactors() throws {
    let d = 3e-7
    let sphere = try law(.hertzSphere).elastic(d).value
    #expect(abs(sphere / (16.0 / 9 * 5e-6.squareRoot() * d * d.squareRoot()) - 1) < 1e-14)
    let tangent = 0.4227932187381618  // tan 0.4
    let cone = try law(.hertzCone, poisson: 0.3).elastic(d).value
    #expect(abs(cone / (2 / Double.pi * tangent / 0.91 * d * d) - 1) < 1e-14)
    let pyramid = try law(.hertzPyramid, poisson: 0.3).elastic(d).value
    #expect(abs(pyramid / (0.7453 * tangent / 0.91 * d * d) - 1) < 1e-14)
  }

  /// The series of nanite's `sneddon_spher_approx` (error below 10⁻⁴ to δ = R), and a value of the
  /// closed form at a = 0.999 R in SciPy.
  @Test func exactSphereMeetsTheSeries() throws {
    let r = 5e-6
    let exact = try law(.sphere)
    let hertz = try law(.hertzSphere)
    for x in [1e-8, 1e-4, 0.01, 0.1, 0.5, 1.0] {
      let series =
        1 - x / 10 - x * x / 840 + 11.0 / 15120 * x * x * x + 1357.0 / 6652800 * x * x * x * x
      let ratio = exact.elastic(x * r).value / hertz.elastic(x * r).value
      #expect(abs(ratio / series - 1) < (x > 0.6 ? 1e-4 : 2e-6), "\(x): \(ratio) \(series)")
    }
    // artanh 0.999 = 3.8002011672502; δ/R = 0.999 artanh, F/E*R² = 1.998001 artanh − 0.999.
    let s = exact.elastic(0.999 * 3.8002011672502 * r)
    #expect(abs(s.value / (4.0 / 3 * r * r * (1.998001 * 3.8002011672502 - 0.999)) - 1) < 1e-12)
    #expect(abs(s.slope / (4.0 / 3 * 2 * 0.999 * r) - 1) < 1e-12)
  }

  /// Bonded layer, ν = ½: 1 + 1.133χ + 1.283χ² + 0.769χ³ + 0.0975χ⁴ (Dimitriadis 2002).
  @Test func bondedLayerMeetsThePrintedCoefficients() throws {
    let printed = [1.133, 1.283, 0.769, 0.0975]
    for (found, expected) in zip(ContactLaw.bondedLayer(poisson: 0.5), printed) {
      #expect(abs(found - expected) < 6e-4, "\(found)")
    }
    let half = try law(.hertzSphere)
    let layer = try law(.hertzSphere, thickness: 5e-6)
    // χ = √(5 µm · 0.2 µm)/5 µm = 0.2.
    let factor = 1 + 1.133 * 0.2 + 1.283 * 0.04 + 0.769 * 0.008 + 0.0975 * 0.0016
    #expect(abs(layer.elastic(2e-7).value / half.elastic(2e-7).value - factor) < 2e-4)
  }

  /// JKR: −(8/9)·(3/2)πRW at δ = 0, −(3/2)πRW at its lowest; Hertz far in.
  @Test func adhesionMeetsItsPullOff() throws {
    let jkr = try law(.jkr)
    let e = 2e4
    let w = 3e-3
    let pull = 1.5 * Double.pi * 5e-6 * w
    #expect(abs(jkr.force(0, modulus: e, work: w).value / (-8.0 / 9 * pull) - 1) < 1e-9)
    let lowest =
      stride(from: -2e-6, to: 2e-6, by: 1e-10).map {
        jkr.force($0, modulus: e, work: w).value
      }.min() ?? 0
    #expect(abs(lowest / -pull - 1) < 1e-6)
    let deep = 4e-5
    let hertz = try law(.hertzSphere).elastic(deep).value * e
    #expect(abs(jkr.force(deep, modulus: e, work: w).value / hertz - 1) < 0.05)
    let dmt = try law(.dmt)
    #expect(abs(dmt.force(0, modulus: e, work: w).value / (-2 * Double.pi * 5e-6 * w) - 1) < 1e-12)
  }

  /// Analytic derivatives against central differences.
  @Test func derivativesHold() throws {
    for model in ContactModel.allCases {
      let law = try law(model, thickness: model == .hertzSphere ? 3e-6 : nil)
      for depth in [-1e-7, 2e-8, 3e-7, 2e-6] {
        let e = 2e4
        let w = 3e-3
        let f = law.force(depth, modulus: e, work: w)
        func check(_ analytic: Double, _ up: Double, _ down: Double, _ step: Double, _ name: String)
        {
          let numeric = (up - down) / (2 * step)
          #expect(
            abs(analytic - numeric) <= 1e-5 * max(abs(numeric), abs(f.value) * 1e-3 / step * 1e-3),
            "\(model) \(name) at \(depth): \(analytic) \(numeric)")
        }
        check(
          f.byDepth, law.force(depth + 1e-12, modulus: e, work: w).value,
          law.force(depth - 1e-12, modulus: e, work: w).value, 1e-12, "depth")
        check(
          f.byModulus, law.force(depth, modulus: e + 1e-2, work: w).value,
          law.force(depth, modulus: e - 1e-2, work: w).value, 1e-2, "modulus")
        check(
          f.byWork, law.force(depth, modulus: e, work: w + 1e-8).value,
          law.force(depth, modulus: e, work: w - 1e-8).value, 1e-8, "work")
      }
    }
  }
}
