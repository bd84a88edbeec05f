import Foundation
import IonBeamAnalysis
import NumericalMethods
import Tables
import Testing
import Units

/// A Poisson draw, from a seeded generator.
///
/// By the sum of exponential waiting times below 60, by the normal law rounded above: the skewness that is
/// lost is 0.13 at most.
func poisson(_ mean: Double, _ random: inout CounterRandom) -> Double {
  guard mean > 0 else { return 0 }
  guard mean < 60 else { return max(0, (mean + mean.squareRoot() * random.normal()).rounded()) }
  var (n, waited) = (0.0, -log(random.uniform()))
  while waited < mean {
    n += 1
    waited -= log(random.uniform())
  }
  return n
}

@Suite("RBS fits: results")
struct FitAnalysisTests {
  static func layers(_ text: String) throws -> SampleFile { try SampleFile.parse(text) }

  /// The hybrid film on Na of the corpus, with H tied to C and a stated density.
  static let hybrid = """
    beam: {ion: 4He, energy: 2000 keV, particles: 1.248301814800e+14}
    geometry: {type: ibm, incidence: 0 deg, scattering: 170 deg}
    detector: {solid_angle: 3 msr, offset: 20 keV, slope: 2 keV, fwhm: 15 keV, channels: 1024}
    layers:
      - {name: film, areal_density: 2000, atoms: {Al: 2, C: 2, O: 4, H: 4}, density: 1.9 g/cm3}
      - {name: Na, substrate: true, areal_density: 60000, atoms: {Na: 1}}
    physics: {stopping: zbl95}
    fit: {range: [115ch, 590ch], free: [film.Al, film.C, film.O, particles], tie: {film.H: 2 * film.C}}
    """

  /// Mass and thickness: 2000 (1e15/cm2) of Al2C2O4H4 are 40.410 µg/cm2, 212.69 nm at 1.90 g/cm3.
  ///
  /// Both numbers from the specification, by hand from atomic masses.
  @Test func massAndThickness() throws {
    let file = try SampleFile.parse(Self.hybrid)
    var simulator = try SpectrumSimulator(file.setup)
    let truth = try simulator.simulate(file.layers)
    let fit = try RBSFit(
      StoredSpectrum("spectrum", counts: truth.total), setup: file.setup, layers: file.layers,
      options: RBSFitOptions(file.fit))
    let result = fit.result()
    let layer = try #require(result["layers"]?[0])
    let mass = try #require(layer["mass"]?.quantity)
    #expect(abs((mass.value ?? 0) - 40.410) < 1e-3)
    #expect(mass.unit.ucum == "ug/cm2")
    let thickness = try #require(layer["thickness"]?.quantity)
    #expect(abs((thickness.value ?? 0) - 212.69) < 5e-3)
    #expect(thickness.unit.ucum == "nm")
    #expect((thickness.u ?? 0) > 0)
    #expect(layer["density_source"]?.text == "sample file, line 5, column 82")
    #expect(abs((result["thickness"]?.quantity?.value ?? 0) - 212.69) < 5e-3)
    // The substrate has no density, and no thickness.
    #expect(result["layers"]?[1]?["thickness"] == .null)
    // H follows C.
    let c = try #require(result["areal_density"]?["C"]?.quantity)
    let h = try #require(result["areal_density"]?["H"]?.quantity)
    #expect(abs((h.value ?? 0) / (c.value ?? 1) - 2) < 1e-9)
    #expect(abs((h.u ?? 0) / (c.u ?? 1) - 2) < 1e-6)
    // A charge that is free carries no uncertainty of the charge; the stopping does.
    let parts = try #require(result["u_parts"]?["Al"])
    #expect(parts["charge"]?.quantity?.value == 0)
    let stopping = try #require(parts["stopping"]?.quantity?.value)
    #expect(stopping > 0.005 * 500 && stopping < 0.08 * 500, "\(stopping)")
    #expect(result["converged"] == .flag(true))
    #expect(fit.diagnostics.allSatisfy { $0.severity == .note }, "\(fit.diagnostics)")
  }

  /// The uncertainty of a stated density stands in that of the thickness, and by itself beside it.
  ///
  /// t = m/ρ, so that u(ρ)/ρ = 0.1/1.9 of 212.69 nm are 11.194 nm; counting and density add in squares.
  @Test func densityUncertainty() throws {
    let text = Self.hybrid.replacing("1.9 g/cm3", with: "1.9 ± 0.1 g/cm3")
    let file = try SampleFile.parse(text)
    #expect(file.layers[0].density == 1.9 && file.layers[0].densityUncertainty == 0.1)
    var simulator = try SpectrumSimulator(file.setup)
    let truth = try simulator.simulate(file.layers)
    let fit = try RBSFit(
      StoredSpectrum("spectrum", counts: truth.total), setup: file.setup, layers: file.layers,
      options: RBSFitOptions(file.fit))
    let result = fit.result(arrays: false)
    let layer = try #require(result["layers"]?[0])
    #expect(layer["density"]?.quantity?.u == 0.1 && layer["density"]?.quantity?.uKind == "user")
    for place in [layer, result] {
      let parts = try #require(place["thickness_u_parts"])
      let density = try #require(parts["density"]?.quantity?.value)
      #expect(abs(density - 11.194) < 2e-3, "\(density)")
      let counting = try #require(parts["counting"]?.quantity?.value)
      let whole = try #require(place["thickness"]?.quantity?.u)
      #expect(
        counting > 0
          && abs(whole / (counting * counting + density * density).squareRoot() - 1) < 1e-9)
      #expect((parts["stopping"]?.quantity?.value ?? 0) > 0)
    }
    #expect(result["layers"]?[1]?["thickness_u_parts"] == .null)
    // The density is common to a batch: the mean of many spectra is no surer of it than one.
    let many = RBSFit.summary([RBSFit](repeating: fit, count: 100), failed: 0)
    let mean = try #require(many["thickness"]?["film"]?["weighted_mean"]?.quantity)
    #expect((mean.u ?? 0) > 11.19 && (mean.u ?? 0) < 11.3, "\(mean)")
    #expect(try SampleFile.parse(text.replacing("1.9 ± 0.1", with: "1.9(1)")).layers == file.layers)
    var options = RBSOptions()
    try options.setOption(name: "density", text: "1.9 ± 5 %")
    #expect(options.density == 1.9 && abs((options.densityUncertainty ?? 0) - 0.095) < 1e-12)
  }

  /// Without a density there is no thickness; with a charge that is held, its uncertainty counts.
  @Test func noDensityAndHeldCharge() throws {
    let text = Self.hybrid.replacing(", density: 1.9 g/cm3", with: "")
      .replacing(", particles]", with: "]")
    let file = try SampleFile.parse(text)
    var simulator = try SpectrumSimulator(file.setup)
    let truth = try simulator.simulate(file.layers)
    let fit = try RBSFit(
      StoredSpectrum("spectrum", counts: truth.total), setup: file.setup, layers: file.layers,
      options: RBSFitOptions(file.fit))
    let result = fit.result(arrays: false)
    #expect(result["thickness"] == .null)
    #expect(result["layers"]?[0]?["thickness"] == .null)
    #expect(fit.diagnostics.contains { $0.code == "rbs.no-density" })
    // The same data fitted with 2 % more ions: the film's Al moves by its part of the charge.
    let charge = try #require(result["u_parts"]?["Al"]?["charge"]?.quantity?.value)
    var more = file.setup
    more.particles *= 1.02
    let other = try RBSFit(
      StoredSpectrum("spectrum", counts: truth.total), setup: more, layers: file.layers,
      options: RBSFitOptions(file.fit))
    let moved = abs(other.fit.values[0] - fit.fit.values[0])
    #expect(charge > 2 && abs(moved / charge - 1) < 0.1, "\(charge) \(moved)")
    #expect(result["spectrum"] == nil)
  }
}
