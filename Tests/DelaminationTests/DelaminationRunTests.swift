import FilmElasticity
import Foundation
import TestSupport
import Testing

@testable import Delamination

/// A film on the default interface; lengths in nm, moduli in GPa, stresses in MPa.
private struct Film {
  var thickness = 4.0
  var pressure = 100.0
  var modulus = 25.0
  var damage = 8.0
  var halfLength = 50.0
  var strength = 150.0
  var energy = 0.3
  var onset = 0.05
  var columns = 100
  var rows = 3
  var steps = 6
  var rigid = false

  /// The run with all lengths multiplied by one factor and all stresses by another.
  func run(lengths: Double = 1, stresses: Double = 1) -> DelaminationRun {
    let law = CohesiveLaw(
      strength: strength * 1e6 * stresses, energy: energy * stresses * lengths,
      onsetOpening: onset * 1e-9 * lengths)
    return DelaminationRun(
      .init(
        geometry: .init(
          thickness: thickness * 1e-9 * lengths, halfLength: halfLength * 1e-9 * lengths,
          columns: columns, damagedColumns: Int((damage / halfLength * Double(columns)).rounded()),
          rows: rows,
          material: ElasticMaterial(youngModulus: modulus * 1e9 * stresses, poissonRatio: 0.24)),
        law: rigid ? nil : law, pressure: pressure * 1e6 * stresses, steps: steps))
  }

  var ratio: Double { run().opening * 1e9 / thickness }
}

@Suite struct DelaminationRunTests {
  /// The mesh-converged openings of an independent finite-element prototype (nine-node elements,
  /// 100×3, secant iteration): u/h for Li at 100 MPa and Na at 59 MPa.
  static let openings: [(h: Double, lithium: Double, sodium: Double)] = [
    (4, 0.35308, 0.11620), (6, 0.07441, 0.03202), (8, 0.03047, 0.01545), (10, 0.01730, 0.009572),
    (16, 0.006955, 0.004086), (20, 0.004908, 0.002895),
  ]

  @Test func theTwelveOpenings() {
    var last = (lithium: Double.infinity, sodium: Double.infinity)
    for row in Self.openings {
      let lithium = Film(thickness: row.h).run()
      let sodium = Film(thickness: row.h, pressure: 59).run()
      let found = (
        lithium: lithium.opening * 1e9 / row.h, sodium: sodium.opening * 1e9 / row.h
      )
      #expect(abs(found.lithium / row.lithium - 1) < 5e-4, "Li \(row.h): \(found)")
      #expect(abs(found.sodium / row.sodium - 1) < 5e-4, "Na \(row.h): \(found)")
      #expect(!lithium.delaminates && !sodium.delaminates)
      #expect(found.lithium > found.sodium)
      #expect(found.lithium < last.lithium && found.sodium < last.sodium)
      last = found
    }
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func referenceCorpus() throws {
    struct Table: Decodable {
      struct Case: Decodable {
        var h_nm: Double
        var p_MPa: Double
        var w0_over_h: Double
        var stable_load_fraction: Double
      }
      var cases: [Case]
    }
    let data = try Data(
      contentsOf: URL(fileURLWithPath: Corpus.path("simulation/fig4b_czm.truth.json")))
    let table = try JSONDecoder().decode(Table.self, from: data)
    #expect(table.cases.count == 12)
    for reference in table.cases {
      let run = Film(thickness: reference.h_nm, pressure: reference.p_MPa).run()
      let found = run.opening * 1e9 / reference.h_nm
      #expect(abs(found / reference.w0_over_h - 1) < 1e-6)
      #expect(run.stableFraction == reference.stable_load_fraction)
    }
  }

  @Test func meshesAgree() {
    #if DEBUG
    let meshes = [(50, 2), (100, 3), (200, 4)]
    #else
    let meshes = [(50, 2), (100, 3), (200, 4), (400, 8)]
    #endif
    let found = meshes.map { Film(columns: $0.0, rows: $0.1).ratio }
    let (least, most) = (found.min() ?? 0, found.max() ?? 1)
    #expect(most / least - 1 < 2e-3, "\(found)")
    // The number of load steps does not matter.
    #expect(abs(Film(columns: 50, rows: 2, steps: 1).ratio / found[0] - 1) < 1e-8)
    #expect(abs(Film(columns: 50, rows: 2, steps: 30).ratio / found[0] - 1) < 1e-8)
  }

  /// Stresses, moduli and energy times s leave the opening alone; with lengths it grows by s.
  ///
  /// The factors change with each run of the test.
  @Test func scales() {
    let film = Film(columns: 50, rows: 2)
    let nominal = film.run().opening
    for _ in 0..<3 {
      let s = exp(Double.random(in: -3...3))
      let t = exp(Double.random(in: -3...3))
      let found = film.run(lengths: t, stresses: s).opening
      #expect(abs(found / (t * nominal) - 1) < 1e-5, "stresses \(s), lengths \(t)")
    }
  }

  /// Deflections of a rigidly bonded film by CalculiX 2.20 (CPE8, 200×16, 100 MPa, L = 5a₀), in nm.
  @Test func rigidBond() {
    #if DEBUG
    let (columns, rows) = (100, 6)
    #else
    let (columns, rows) = (200, 16)
    #endif
    for (h, a, deflection) in [(4.0, 8.0, 0.3294755), (10, 8, 0.09218404), (4, 40, 89.61014)] {
      let film = Film(
        thickness: h, damage: a, halfLength: 5 * a, columns: columns, rows: rows, rigid: true)
      let found = film.run().opening * 1e9
      #expect(abs(found / deflection - 1) < 0.015, "\(h) \(a): \(found)")
    }
  }

  /// A film that cannot hold is told as such, with the share of the load that it carries.
  @Test func comesOff() {
    var film = Film(damage: 16, halfLength: 80, strength: 100, energy: 0.2, columns: 100)
    let run = film.run()
    #expect(run.delaminates)
    #expect(run.stableFraction > 0.33 && run.stableFraction < 0.40, "\(run.stableFraction)")
    #expect(run.opening > 0 && run.maximumDamage > 0.9)
    film.columns = 50
    film.rows = 2
    film.steps = 25
    #expect(abs(film.run().stableFraction - run.stableFraction) < 0.01)
    // Just below the load that it carries it holds, just above it does not.
    film.pressure = 100 * (run.stableFraction - 0.01)
    #expect(!film.run().delaminates)
    film.pressure = 100 * (run.stableFraction + 0.015)
    #expect(film.run().delaminates)
  }

  /// A weak interface under a high load separates from the start, without a crash.
  @Test func hopeless() {
    let run = Film(pressure: 1e5, energy: 0.02, columns: 20, rows: 1).run()
    #expect(run.delaminates && run.stableFraction < 0.05)
  }

  /// The tractions on the underside carry the pressure: ∫t dx = p·a₀.
  @Test func tractionsCarryTheLoad() {
    let run = Film().run()
    let held = run.places.filter { $0.x > 8e-9 }
    var sum = 0.0
    // Three Gauss points an element of 0.5 nm, of weights 5/18, 8/18, 5/18.
    for (i, place) in held.enumerated() {
      sum += place.normal * 0.5e-9 * (i % 3 == 1 ? 8.0 : 5.0) / 18
    }
    #expect(held.count == 3 * 84)
    #expect(abs(sum / (100e6 * 8e-9) - 1) < 1e-7)
    #expect(run.places.allSatisfy { $0.damage >= 0 && $0.damage <= 1 })
    #expect(zip(run.places, run.places.dropFirst()).allSatisfy { $0.x < $1.x })
  }
}
