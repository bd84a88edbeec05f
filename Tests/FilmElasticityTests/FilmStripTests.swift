import FilmElasticity
import Foundation
import TestSupport
import Testing

/// The strip solution against a direct 4×4 solve of the Airy constants in 450-digit arithmetic
/// (mpmath 1.3; E 25 GPa, ν 0.24, h 10 nm), and against its limits.
@Suite struct FilmStripTests {
  struct Reference {
    var base: FilmBase
    var x: Double
    var response: Double
    var tangential: Double
    /// σ_xx, σ_yy, σ_xy at 3/8 of the thickness.
    var inside: (xx: Double, yy: Double, xy: Double)
  }

  static let references: [Reference] = [
    .init(
      base: .lubricated, x: 0.001, response: 221066.73563950409, tangential: -1326400458050.3826,
      inside: (-331600088606.33068, -151119.83851247802, -310875095.21199786)),
    .init(
      base: .lubricated, x: 0.3, response: 1758552910704706.8, tangential: -1.1759638770337505e+17,
      inside: (-29188106889406787.0, -1201901595979453.7, -8239069315252646.7)),
    .init(
      base: .lubricated, x: 0.99, response: 1.7331924010986373e+17,
      tangential: -1.1038520560796115e+18,
      inside: (-2.5058681713604063e+17, -1.1805835023375048e+17, -2.4515514703488323e+17)),
    .init(
      base: .lubricated, x: 1, response: 1.7966979967436551e+17,
      tangential: -1.1225762042955974e+18,
      inside: (-2.5423621364466174e+17, -1.2237138822146549e+17, -2.5158174052812216e+17)),
    .init(
      base: .lubricated, x: 3, response: 3.5003195787850155e+18,
      tangential: -4.1899786988824752e+18,
      inside: (10431384450961932.0, -2.1377143026171776e+18, -1.671696668158084e+18)),
    .init(
      base: .lubricated, x: 100, response: 1.3264006791171477e+20,
      tangential: -1.3264006791171477e+20,
      inside: (250567.37811938694, -264297.09746839444, -257432.23779389069)),
    .init(
      base: .lubricated, x: 500, response: 6.6320033955857385e+20,
      tangential: -6.6320033955857385e+20,
      inside: (4.5931245183906848e-59, -4.6423805453975554e-59, -4.6177525318941201e-59)),
    .init(
      base: .bonded, x: 0.001, response: 884266.13275654286, tangential: -279241.9366599609,
      inside: (994799124854.16501, -410182.06647416366, -1139874305.9304201)),
    .init(
      base: .bonded, x: 0.99, response: 3.9523554958589892e+17,
      tangential: -1.2481122618502071e+17,
      inside: (3.5511138399404461e+17, -1.9149773469540881e+17, -5.1252111463164362e+17)),
    .init(
      base: .bonded, x: 3, response: 4.1642646660574986e+18, tangential: -1.3150309471760522e+18,
      inside: (5.4708731578666238e+17, -2.0157302960091456e+18, -1.7795696479999847e+18)),
    .init(
      base: .bonded, x: 500, response: 7.5110689437065149e+20,
      tangential: -2.3719165085388994e+20,
      inside: (3.4318702205034099e-59, -3.4685707896457841e-59, -3.450220505074597e-59)),
  ]

  static func strip(_ base: FilmBase, thickness: Double = 10e-9) -> FilmStrip {
    FilmStrip(thickness: thickness, youngModulus: 25e9, poissonRatio: 0.24, base: base)
  }

  static func relative(_ a: Double, _ b: Double) -> Double { ((a - b) / b).magnitude }

  @Test func responseFromThinToThick() {
    for reference in Self.references {
      let film = Self.strip(reference.base)
      let k = reference.x / film.thickness
      #expect(Self.relative(film.response(wavenumber: k), reference.response) < 1e-12)
      #expect(
        Self.relative(film.baseTangentialStress(wavenumber: k), reference.tangential) < 1e-12)
    }
  }

  @Test func stressInsideTheFilm() {
    for reference in Self.references {
      let film = Self.strip(reference.base)
      let inside = film.stress(
        wavenumber: reference.x / film.thickness, height: 0.375 * film.thickness)
      // σ_xx passes through zero near x = 3: measure its error by the shear beside it
      let size = max(reference.inside.xx.magnitude, reference.inside.xy.magnitude)
      #expect((inside.xx - reference.inside.xx).magnitude < 1e-9 * size, "\(reference)")
      #expect(Self.relative(inside.yy, reference.inside.yy) < 1e-9, "\(reference)")
      #expect(Self.relative(inside.xy, reference.inside.xy) < 1e-9, "\(reference)")
    }
  }

  /// The base carries −S and its own tangential stress; the top carries nothing.
  @Test func facesCarryTheirBoundaryConditions() {
    for base in FilmBase.allCases {
      for x in [1e-3, 0.2, 0.999, 1.5, 30, 400] {
        let film = Self.strip(base)
        let k = x / film.thickness
        let bottom = film.stress(wavenumber: k, height: 0)
        let response = film.response(wavenumber: k)
        #expect(Self.relative(bottom.yy, -response) < 1e-8)
        #expect(Self.relative(bottom.xx, film.baseTangentialStress(wavenumber: k)) < 1e-8)
        if base == .lubricated {
          #expect(bottom.xy.magnitude < 1e-8 * bottom.xx.magnitude)
        }
        let top = film.stress(wavenumber: k, height: film.thickness)
        #expect(top.yy.magnitude <= 1e-9 * response)
        #expect(top.xy.magnitude <= 1e-9 * response)
      }
    }
  }

  @Test func limitsOfThinAndThickFilms() {
    let k = 1e5
    let thin = Self.strip(.lubricated)
    let bending = thin.planeStrainModulus * k * k * k * k * 1e-24 / 12
    #expect(Self.relative(thin.response(wavenumber: k), bending) < 1e-6)
    let bondedThin = thin.planeStrainModulus * k * k * k * k * 1e-24 / 3
    #expect(Self.relative(Self.strip(.bonded).response(wavenumber: k), bondedThin) < 2e-6)
    let steep = 1e13
    #expect(
      Self.relative(thin.response(wavenumber: steep), thin.planeStrainModulus * steep / 2) < 1e-14)
    let shear = 25e9 / 2.48
    let half = 4 * shear * 0.76 * steep / (3 - 0.96)
    #expect(Self.relative(Self.strip(.bonded).response(wavenumber: steep), half) < 1e-14)
  }

  @Test func uniformDisplacementGivesNoStress() {
    for base in FilmBase.allCases {
      #expect(Self.strip(base).response(wavenumber: 0) == 0)
      #expect(Self.strip(base).baseTangentialStress(wavenumber: 0) == 0)
      #expect(Self.strip(base).stress(wavenumber: 0, height: 1e-9).yy == 0)
    }
  }

  /// h 4 and 20 nm, wavelengths 16, 32, 64 nm, E 25 GPa, ν 0.24: closed forms of an independent
  /// implementation.
  @Test func responseOfTheReferenceFilms() {
    let table: [(h: Double, wavelength: Double, lubricated: Double, bonded: Double)] = [
      (4, 16, 2.0058607800003108e18, 3.2465983150090025e18),
      (4, 32, 1.8528719406898915e17, 4.9204553756651283e17),
      (4, 64, 1.2741059649726206e16, 4.480662697489855e16),
      (20, 16, 5.208543373600942e18, 5.899042049960241e18),
      (20, 32, 2.524600273823707e18, 2.8947793435317704e18),
      (20, 64, 7.412960564456312e17, 1.0390439007398278e18),
    ]
    for row in table {
      let k = 2 * Double.pi / (row.wavelength * 1e-9)
      let lubricated = Self.strip(.lubricated, thickness: row.h * 1e-9)
      #expect(Self.relative(lubricated.response(wavenumber: k), row.lubricated) < 1e-9)
      let bonded = Self.strip(.bonded, thickness: row.h * 1e-9)
      #expect(Self.relative(bonded.response(wavenumber: k), row.bonded) < 1e-9)
    }
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func responseOfEveryReferenceFilm() throws {
    struct Truth: Decodable {
      struct Row: Decodable {
        let h_nm, lambda_nm, E_GPa, nu, S_lubricated, S_bonded: Double
      }
      let film_response_Pa_per_m: [Row]
    }
    let path = Corpus.path("simulation/closed_form.truth.json")
    let truth = try JSONDecoder().decode(
      Truth.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    #expect(truth.film_response_Pa_per_m.count == 9)
    for row in truth.film_response_Pa_per_m {
      for (base, expected) in [
        (FilmBase.lubricated, row.S_lubricated), (.bonded, row.S_bonded),
      ] {
        let film = FilmStrip(
          thickness: row.h_nm * 1e-9, youngModulus: row.E_GPa * 1e9, poissonRatio: row.nu,
          base: base)
        let k = 2 * Double.pi / (row.lambda_nm * 1e-9)
        #expect(Self.relative(film.response(wavenumber: k), expected) < 1e-9)
      }
    }
  }

  /// 1/S_eff = 1/S + 2/(E′_m k).
  @Test func metalGivesWayInSeries() {
    let film = Self.strip(.lubricated)
    let k = 2e8
    let pair = FilmOnMetal(film: film, metalPlaneStrainModulus: 5.65e9)
    let expected = 1 / (1 / film.response(wavenumber: k) + 2 / (5.65e9 * k))
    #expect(Self.relative(pair.response(wavenumber: k), expected) < 1e-14)
    let rigid = FilmOnMetal(film: film, metalPlaneStrainModulus: nil)
    #expect(rigid.response(wavenumber: k) == film.response(wavenumber: k))
    let share = expected / film.response(wavenumber: k)
    #expect(
      Self.relative(
        pair.baseTangentialStress(wavenumber: k), share * film.baseTangentialStress(wavenumber: k))
        < 1e-14)
  }
}
