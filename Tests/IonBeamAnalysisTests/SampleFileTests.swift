import Foundation
import IonBeamAnalysis
import Tables
import TestSupport
import Testing

@Suite("RBS sample files")
struct SampleFileTests {
  static let text = """
    beam: {ion: 4He, energy: 2 MeV, charge: 20 uC}
    geometry: {type: cornell, incidence: 7 deg, scattering: 165}
    detector: {solid_angle: 3 msr, offset: 20, slope: 2000 eV, fwhm: 15 keV, channels: 1024,
               foil: [{areal_density: 150, atoms: {Si: 1}}],
               spot: {shape: rectangular, l1: 5 mm, l2: 2 mm},
               aperture: {shape: circular, l1: 1 cm, distance: 100 mm}}
    layers:
      - {name: film, areal_density: 2000 tfu, atoms: {Al: 2, N: 1, Y: 1, No: 1e0}, density: 1.9 g/cm3}
      - {name: under, elements: {Al: 300, 18O: 4.5e2}}
      - {name: Na, substrate: true, areal_density: 6e4, atoms: {Na: 1}}
    physics: {stopping: icru49, straggling: yang, min_energy: 60, cross_sections: [o16.r33]}
    fit: {range: [[115ch, 590ch], [1000 keV, 1.5 MeV]], free: [film.Al, particles],
          tie: {film.N: 2 * film.Al}, bounds: {film.Al: [0, 2000]}}
    """

  @Test func everyKey() throws {
    // No is nobelium, which has no natural isotope and no stopping data here.
    #expect(throws: ReadFailure.self) { try SampleFile.parse(Self.text) }
    let file = try SampleFile.parse(Self.text.replacing("No: 1e0", with: "B: 1e0"))
    #expect(file.setup.energy == 2000)
    #expect(abs(file.setup.particles / 1.24830181e14 - 1) < 1e-8)
    #expect(file.setup.geometry.kind == .cornell)
    #expect(file.setup.detector.calibration.slope == 2)
    #expect(file.setup.detector.foil.first?.arealDensity == 150)
    #expect(file.setup.detector.aperture?.first == 10)
    #expect(file.setup.detector.distance == 100)
    #expect(file.layers.map(\.name) == ["film", "under", "Na"])
    #expect(file.layers[0].parts.map(\.nuclei.name) == ["Al", "N", "Y", "B"])
    #expect(file.layers[0].parts.map(\.arealDensity) == [800, 400, 400, 400])
    #expect(file.layers[1].parts[1].nuclei.isotopes.map(\.massNumber) == [18])
    #expect(file.layers[2].isSubstrate)
    #expect(file.setup.physics.stopping.set == .icru49)
    #expect(file.setup.physics.minimumEnergy == 60)
    #expect(file.crossSectionFiles == ["o16.r33"])
    let fit = try #require(file.fit)
    let calibration = ChannelCalibration(offset: 20, slope: 2)
    #expect(
      fit.ranges.compactMap { $0.channels(calibration, count: 1024) } == [115...590, 490...739])
    #expect(fit.ties.first?.factor == 2)
    #expect(fit.bounds.first?.upper == 2000)
  }

  /// What is wrong, and the place where the message must point.
  @Test func mistakes() throws {
    let good = Self.text.replacing("No: 1e0", with: "B: 1e0")
    let cases: [(String, String, String, Int)] = [
      ("energy: 2 MeV", "energy: 2 mm", "config.dimension", 1),
      ("energy: 2 MeV", "energy: -2 MeV", "config.range", 1),
      ("ion: 4He", "ion: 4Hx", "config.choice", 1),
      ("scattering: 165", "scattering: 65", "config.range", 2),
      ("type: cornell", "type: round", "config.choice", 2),
      ("slope: 2000 eV", "slope: 0", "config.range", 3),
      ("offset: 20", "ofset: 20", "config.unknown-key", 3),
      ("Al: 300", "Alu: 300", "rbs.no-element", 9),
      ("name: under", "name: film", "config.repeated-key", 9),
      ("straggling: yang", "straggling: wang", "config.choice", 11),
      ("[115ch, 590ch]", "[115ch]", "config.type", 12),
    ]
    for (from, to, code, line) in cases {
      do {
        _ = try SampleFile.parse(good.replacing(from, with: to))
        Issue.record("\(to) was taken")
      } catch {
        #expect(error.diagnostic.code == code, "\(to): \(error.diagnostic.message)")
        if case .cell(let found, _) = error.diagnostic.place {
          #expect(found == line, "\(to)")
        } else {
          Issue.record("\(to): no place")
        }
      }
    }
  }

  /// The sample files of the corpus say what the tests of the simulation set by hand.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func corpusFiles() throws {
    for c in SimulationTests.cases {
      let file = try SampleFile.parse(
        String(contentsOfFile: Corpus.path("rbs/sim/\(c.id).yaml"), encoding: .utf8))
      var wanted = try SimulationTests.setup(c)
      wanted.geometry.exit = 180 - c.scattering
      wanted.physics.minimumEnergy = 50
      #expect(file.setup == wanted, "\(c.id)")
      let layers = try SimulationTests.layers(c)
      #expect(file.layers.map(\.parts) == layers.map(\.parts), "\(c.id)")
    }
    for name in ["F1_hybrid_on_Na", "experimental"] {
      let file = try SampleFile.parse(
        String(contentsOfFile: Corpus.path("rbs/fit/\(name).yaml"), encoding: .utf8))
      #expect(file.fit?.ranges.isEmpty == false)
    }
  }
}
