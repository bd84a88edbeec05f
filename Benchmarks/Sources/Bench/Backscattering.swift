import Glibc
import Interphase

/// A film of Al, C and O on Na under 2 MeV helium ions at 170°, as in the design's second simulation.
private struct FilmOnSodium {
  let setup: BackscatteringSetup
  let layers: [SampleLayer]

  /// - Parameters:
  ///   - hydrogen: Hydrogen in the film in 1e15 at/cm2.
  ///   - straggling: Bohr's, as the peer has it, or Chu's.
  init(
    aluminium: Double, carbon: Double, oxygen: Double, hydrogen: Double, particles: Double,
    straggling: Straggling
  ) throws {
    guard let ion = Ion("4He"), let al = TargetNuclei("Al"), let c = TargetNuclei("C"),
      let o = TargetNuclei("O"), let h = TargetNuclei("H"), let na = TargetNuclei("Na")
    else { throw SimulationFailure.invalid("a name that is no element") }
    let detector = BackscatteringDetector(
      solidAngle: 3, calibration: ChannelCalibration(offset: 20, slope: 2), fwhm: 15,
      channels: 1024)
    var setup = BackscatteringSetup(
      ion: ion, energy: 2000, particles: particles,
      geometry: BackscatteringGeometry(.ibm, incidence: 0, scattering: 170), detector: detector)
    setup.physics.stopping = ElectronicStopping(.zbl95)
    setup.physics.straggling = straggling
    self.setup = setup
    var film = [
      SampleLayer.Part(al, aluminium), SampleLayer.Part(c, carbon), SampleLayer.Part(o, oxygen),
    ]
    if hydrogen > 0 { film.append(SampleLayer.Part(h, hydrogen)) }
    layers = [
      SampleLayer("film", film), SampleLayer("substrate", [SampleLayer.Part(na, 60000)]),
    ]
  }
}

/// Simulates the film on sodium again and again, tables of stopping included, and prints the time of one.
func measureBackscattering(repeats: Int) {
  do {
    let sample = try FilmOnSodium(
      aluminium: 500, carbon: 500, oxygen: 1000, hydrogen: 0, particles: 6.241509074e13,
      straggling: .bohr)
    let turns = 20
    let (seconds, total) = try best(of: repeats) {
      var total = 0.0
      for _ in 0..<turns {
        var simulator = try SpectrumSimulator(sample.setup)
        // Above 200 keV: channel 90.
        total = try simulator.simulate(sample.layers).total.dropFirst(90).reduce(0, +)
      }
      return total
    }
    print("interphase\t\(seconds / Double(turns))\t0\t1024\t\(total)")
  } catch {
    print("interphase\tfailed\t\(error)")
  }
}

/// Fits Al, C, O of the film and the number of ions to one Poisson draw of it, from values 15 % off.
func measureBackscatteringFit(repeats: Int) {
  do {
    let truth = try FilmOnSodium(
      aluminium: 1000.0 / 3, carbon: 1000.0 / 3, oxygen: 2000.0 / 3, hydrogen: 2000.0 / 3,
      particles: 1.24830181480e14, straggling: .chu)
    var simulator = try SpectrumSimulator(truth.setup)
    var random = PoissonDraw(state: 2026)
    let counts = try simulator.simulate(truth.layers).total.map { random.draw($0) }
    let start = try FilmOnSodium(
      aluminium: 283.333, carbon: 400, oxygen: 600, hydrogen: 2000.0 / 3,
      particles: 1.210852760356e14, straggling: .chu)
    let free = ["film.Al", "film.C", "film.O", "particles"].compactMap {
      FitTarget($0, layers: start.layers).map { FreeParameter($0) }
    }
    let problem = SpectrumFitProblem(
      setup: start.setup, layers: start.layers, counts: counts, ranges: [115...590], free: free)
    let (seconds, fit) = try best(of: repeats) { try problem.solve() }
    print("interphase\t\(seconds)\t0\t\(fit.iterations)\t\(fit.values.first ?? 0)")
  } catch {
    print("interphase\tfailed\t\(error)")
  }
}

/// Poisson numbers of large mean, nearly: normal ones, rounded.
private struct PoissonDraw {
  var state: UInt64

  mutating func draw(_ mean: Double) -> Double {
    var sum = -6.0
    for _ in 0..<12 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      sum += Double(state >> 11) * 0x1p-53
    }
    return max(0, (mean + sum * mean.squareRoot()).rounded())
  }
}

/// Writes an Ortec text spectrum of 16384 channels: a falling background with peaks.
func writeSpectrum(_ path: String) {
  var random = PoissonDraw(state: 16384)
  var text = "$SPEC_ID:\r\nA spectrum made for a benchmark\r\n$SPEC_REM:\r\nDET# 1\r\n"
  text += "$DATE_MEA:\r\n01/15/2026 10:20:30\r\n$MEAS_TIM:\r\n3600 3650\r\n$DATA:\r\n0 16383\r\n"
  for i in 0..<16384 {
    let off = Double(i % 1024) - 512
    let mean = 3000 * exp(-Double(i) / 3000) + 2000 * exp(-off * off / 200)
    var cell = "\(Int(random.draw(mean)))"
    while cell.utf8.count < 8 { cell = " " + cell }
    text += cell + "\r\n"
  }
  text += "$ROI:\r\n0\r\n$PRESETS:\r\nNone\r\n0\r\n0\r\n$ENER_FIT:\r\n0.5 0.183\r\n"
  text += "$MCA_CAL:\r\n3\r\n5.0E-01 1.83E-01 0.0E+00 keV\r\n$SHAPE_CAL:\r\n3\r\n1 0 0\r\n"
  writeFile(path, Array(text.utf8))
}
