import Foundation
import IonBeamAnalysis
import NumericalMethods
import Tables
import Testing

/// Fits of films other than the corpus's: no bias beyond 0.3 u, and uncertainties that cover.
///
/// Truth is the simulation itself. The efficient estimate of a draw y is p + (JᵀWJ)⁻¹JᵀW(y − μ) at the true
/// values (Fisher), with derivatives taken here, from the simulator alone.
@Suite("RBS fits: bias and coverage")
struct FitBiasTests {
  struct Film {
    var name: String
    var ion = "4He"
    var energy = 2000.0
    var layers: [(String, Double, [(String, Double)])]
    var free: [String]
    var range: String
    var scattering = 170.0
    var fwhm = 15.0
  }

  static let films = [
    Film(
      name: "alumina on silicon",
      layers: [("film", 900, [("Al", 2), ("O", 3)]), ("Si", 60000, [("Si", 1)])],
      free: ["film.Al", "film.O", "particles"], range: "300:1200"),
    Film(
      name: "fluoride on copper, calibration free", energy: 2200,
      layers: [("film", 1500, [("Al", 1), ("F", 3)]), ("Cu", 40000, [("Cu", 1)])],
      free: ["film.Al", "film.F", "particles", "offset"], range: "500:1900", scattering: 165),
    Film(
      name: "thin gold on carbon, resolution free", energy: 1800,
      layers: [("film", 25, [("Au", 1)]), ("C", 60000, [("C", 1)])],
      free: ["film.Au", "particles", "fwhm", "offset"], range: "200:1800", fwhm: 18),
    Film(
      name: "titania on lithium", energy: 1700,
      layers: [("film", 600, [("Ti", 1), ("O", 2)]), ("Li", 200000, [("Li", 1)])],
      free: ["film.Ti", "film.O"], range: "300:1400"),
    Film(
      name: "copper on aluminium, protons", ion: "1H", energy: 1000,
      layers: [("film", 800, [("Cu", 1)]), ("Al", 120000, [("Al", 1)])],
      free: ["film.areal_density", "particles", "energy"], range: "300:1000"),
  ]

  static func sample(_ film: Film) throws -> (BackscatteringSetup, [SampleLayer]) {
    var detector = BackscatteringDetector(
      solidAngle: 3, calibration: ChannelCalibration(offset: 15, slope: 2.1), fwhm: film.fwhm)
    detector.channels = 1100
    var setup = BackscatteringSetup(
      ion: try #require(Ion(film.ion)), energy: film.energy, particles: 6e13,
      geometry: BackscatteringGeometry(.ibm, incidence: 0, scattering: film.scattering),
      detector: detector)
    setup.physics.stopping = ElectronicStopping(.zbl95)
    let layers = try film.layers.enumerated().map { i, layer in
      let sum = layer.2.reduce(0) { $0 + $1.1 }
      var made = SampleLayer(
        layer.0,
        try layer.2.map {
          SampleLayer.Part(try #require(TargetNuclei($0.0)), layer.1 * $0.1 / sum)
        })
      made.isSubstrate = i == film.layers.count - 1
      return made
    }
    return (setup, layers)
  }

  @Test func otherFilms() throws {
    var random = CounterRandom(seed: 31)
    let asked = ProcessInfo.processInfo.environment["INTERPHASE_DRAWS"].flatMap { Int($0) }
    var (within, all) = (0, 0)
    var pulls = 0.0
    for film in Self.films {
      let (setup, layers) = try Self.sample(film)
      let targets = try film.free.map { try #require(FitTarget($0, layers: layers)) }
      let truth = targets.map { $0.value(setup, layers) }
      var simulator = try SpectrumSimulator(setup)
      let spectrum = try simulator.simulate(layers)
      let range = try #require(SampleFile.FitSection.Range(film.range))
      let channels = try #require(
        range.channels(setup.detector.calibration, count: spectrum.total.count))
      // The start is off by a few per cent.
      var (startSetup, startLayers) = (setup, layers)
      for (target, value) in zip(targets, truth) {
        let factor: Double
        switch target {
        case .energy: factor = 1.002
        case .offset: factor = 1.3
        default: factor = 1.12
        }
        target.set(value * factor, &startSetup, &startLayers)
      }
      var options = RBSFitOptions()
      options.free = film.free
      // By channels, so that a calibration that starts off its truth takes the same ones.
      options.ranges = [
        SampleFile.FitSection.Range(
          lower: .channel(channels.lowerBound), upper: .channel(channels.upperBound))
      ]
      // Without noise the truth comes back.
      let clean = try RBSFit(
        StoredSpectrum("clean", counts: spectrum.total), setup: startSetup, layers: startLayers,
        options: options)
      let covariance = try #require(clean.fit.covariance)
      let u = truth.indices.map { covariance[$0, $0].squareRoot() }
      for k in truth.indices {
        let off = (clean.fit.values[k] - truth[k]) / u[k]
        #expect(abs(off) < 0.05, "\(film.name): \(film.free[k]) is off by \(off) u without noise")
      }
      // Derivatives at the truth, by central differences over one uncertainty.
      let mu = channels.map { max(spectrum.total[$0], 1e-3) }
      var rows: [[Double]] = []
      for (k, target) in targets.enumerated() {
        let width = u[k]
        let sides = try [1.0, -1.0].map { side -> [Double] in
          var (s, l) = (setup, layers)
          target.set(truth[k] + side * width, &s, &l)
          var other = try SpectrumSimulator(s)
          let total = try other.simulate(l).total
          return channels.map { total[$0] }
        }
        rows.append(zip(sides[0], sides[1]).map { ($0 - $1) / (2 * width) })
      }
      var information = DenseMatrix(rows: truth.count, columns: truth.count)
      for a in truth.indices {
        for b in truth.indices {
          information[a, b] = mu.indices.reduce(0) { $0 + rows[a][$1] * rows[b][$1] / mu[$1] }
        }
      }
      let inverse = try #require(CholeskyFactor(information)?.inverse())
      for k in truth.indices {
        // The uncertainty is the Cramér-Rao bound.
        #expect(abs(u[k] / inverse[k, k].squareRoot() - 1) < 0.1, "\(film.name): \(film.free[k])")
      }
      var offs = [Double](repeating: 0, count: truth.count)
      for draw in 0..<(asked ?? 3) {
        let counts = spectrum.total.map { poisson($0, &random) }
        let fit = try RBSFit(
          StoredSpectrum("draw", counts: counts), setup: startSetup, layers: startLayers,
          options: options)
        #expect(fit.fit.converged, "\(film.name) \(draw)")
        let y = channels.map { counts[$0] }
        let score = rows.map { row in
          mu.indices.reduce(0) { $0 + row[$1] * (y[$1] - mu[$1]) / mu[$1] }
        }
        let shift = try #require(inverse.times(score))
        for k in truth.indices {
          let off = (fit.fit.values[k] - truth[k] - shift[k]) / u[k]
          offs[k] += off
          // Of many draws some are far enough from the truth that the estimate is no straight line there.
          #expect(
            abs(off) < (asked == nil ? 0.3 : 1),
            "\(film.name): \(film.free[k]), draw \(draw): \(off) u")
          let pull = (fit.fit.values[k] - truth[k]) / u[k]
          pulls += pull * pull
          all += 1
          if abs(pull) < 1 { within += 1 }
        }
      }
      for k in truth.indices {
        let bias = offs[k] / Double(asked ?? 3)
        #expect(abs(bias) < 0.3, "\(film.name): \(film.free[k]) is off by \(bias) u in the mean")
        if asked != nil { print("\(film.name), \(film.free[k]): bias \(bias) u") }
      }
    }
    if asked != nil {
      print(
        "within u: \(100 * Double(within) / Double(all)) % of \(all), rms pull "
          + "\((pulls / Double(all)).squareRoot())")
    }
    // 68 % lie within u; of 48 that are partly correlated between 45 and 90 %.
    #expect(Double(within) > 0.45 * Double(all) && Double(within) < 0.9 * Double(all))
  }

  /// What the warnings are for: bounds, correlation, hydrogen, misfit, elements beyond Rutherford.
  @Test func warnings() throws {
    func codes(_ text: String, _ change: (inout [Double]) -> Void = { _ in }) throws -> RBSFit {
      let file = try SampleFile.parse(text)
      var simulator = try SpectrumSimulator(file.setup)
      var counts = try simulator.simulate(file.layers).total
      change(&counts)
      return try RBSFit(
        StoredSpectrum("s", counts: counts), setup: file.setup, layers: file.layers,
        options: RBSFitOptions(file.fit))
    }
    let text = FitAnalysisTests.hybrid
    let bound = try codes(
      text.replacing("tie:", with: "bounds: {film.O: [1100, 2000]}, tie:"))
    #expect(bound.diagnostics.contains { $0.code == "rbs.at-bound" })
    let parameter = try #require(bound.result(arrays: false)["parameters"]?[2])
    #expect(parameter["name"]?.text == "film.O")
    #expect(parameter["at_bound"] == .flag(true))
    #expect(parameter["u"] == .null)
    let hydrogen = try codes(
      text.replacing("film.O, particles], tie: {film.H: 2 * film.C}", with: "film.O, film.H]"))
    #expect(hydrogen.diagnostics.contains { $0.code == "rbs.hydrogen-free" })
    let misfit = try codes(text) { counts in
      for i in 300..<330 { counts[i] *= 1.5 }
    }
    #expect(misfit.diagnostics.contains { $0.code == "rbs.chi2" })
    #expect(misfit.result(arrays: false)["parameters"]?[0]?["u_scaled"] != .null)
    let fast = try codes(text.replacing("2000 keV", with: "2600 keV"))
    let named = fast.diagnostics.filter { $0.code == "rbs.non-rutherford" }.map(\.found)
    #expect(named.count == 2 && named[0].contains("on C:") && named[1].contains("on O:"))
    // The same composition twice: only their sum is seen.
    let twice = try codes(
      """
      beam: {ion: 4He, energy: 2000, particles: 1e13}
      geometry: {scattering: 170}
      detector: {solid_angle: 3, offset: 20, slope: 2, fwhm: 15, channels: 1024}
      layers:
        - {name: top, elements: {Al: 300}}
        - {name: below, elements: {Al: 300}}
        - {name: C, substrate: true, areal_density: 60000, atoms: {C: 1}}
      fit: {range: [600, 1300], free: [top.Al, below.Al]}
      """)
    let said = Set(twice.diagnostics.map(\.code))
    #expect(!said.isDisjoint(with: ["rbs.correlated", "rbs.undetermined"]))
  }

  /// Names that the sample does not have, and measurements that cannot be.
  @Test func refusals() throws {
    func code(_ text: String) -> String {
      do {
        let file = try SampleFile.parse(text)
        _ = try RBSFit(
          StoredSpectrum("s", counts: [Double](repeating: 10, count: 1024)), setup: file.setup,
          layers: file.layers, options: RBSFitOptions(file.fit))
        return ""
      } catch {
        return error.diagnostic.code
      }
    }
    let text = FitAnalysisTests.hybrid
    #expect(code(text.replacing("free: [film.Al", with: "free: [film.Fe")) == "rbs.parameter")
    #expect(code(text.replacing("film.O, part", with: "film.O, film.H, part")) == "rbs.parameter")
    #expect(
      code(text.replacing("free: [film.Al", with: "free: [film.areal_density, film.Al"))
        == "rbs.parameter")
    #expect(code(text.replacing("[115ch, 590ch]", with: "[2000ch, 2200ch]")) == "rbs.range")
    #expect(code(text.replacing("1.248301814800e+14", with: "0")) == "rbs.setup")
  }

  /// The spread between the stopping sets is asked for, and found.
  @Test func sensitivity() throws {
    let file = try SampleFile.parse(FitAnalysisTests.hybrid)
    var simulator = try SpectrumSimulator(file.setup)
    let counts = try simulator.simulate(file.layers).total
    var options = RBSFitOptions(file.fit)
    options.sensitivity = true
    let fit = try RBSFit(
      StoredSpectrum("s", counts: counts), setup: file.setup, layers: file.layers,
      options: options)
    let result = try #require(fit.result(arrays: false)["stopping_sensitivity"])
    let sets = ["zbl95", "zbl95+kkk", "icru49"].compactMap {
      result["sets"]?[$0]?["areal_density"]?["O"]?.quantity?.value
    }
    #expect(sets.count == 3)
    let spread = try #require(result["spread"]?["O"]?.quantity?.value)
    #expect(abs(spread - ((sets.max() ?? 0) - (sets.min() ?? 0))) < 1e-9 && spread > 1)
    // The set of the simulation gives the truth back.
    #expect(abs(sets[0] - 2000.0 / 3) < 0.1)
  }

  /// A search finds the minimum from a start that is off by a factor of three.
  @Test func globalSearch() throws {
    let film = Self.films[3]
    let (setup, layers) = try Self.sample(film)
    var simulator = try SpectrumSimulator(setup)
    let counts = try simulator.simulate(layers).total
    var start = layers
    start[0].parts[0].arealDensity *= 3
    start[0].parts[1].arealDensity /= 3
    var options = RBSFitOptions()
    options.free = film.free
    options.method = .global
    let fit = try RBSFit(
      StoredSpectrum("s", counts: counts), setup: setup, layers: start, options: options)
    #expect(abs(fit.fit.values[0] - 200) < 0.5 && abs(fit.fit.values[1] - 400) < 2)
    #expect(abs(fit.fit.start[0] - 600) < 1e-9)
  }
}
