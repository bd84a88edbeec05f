import Bytes
import NumericalMethods
import TestSupport
import Testing

@testable import ForceMicroscopy

private func disc(_ nu: Double, _ s: Double, _ r: Double, _ d: Double) -> ClampedDisc {
  ClampedDisc(poisson: nu, tipRadius: r, tension: s, bending: d)
}

@Suite struct ClampedDiscTests {
  /// Rows of an exact solution by shooting and by Chebyshev collocation (two independent solvers).
  @Test func meetsIndependentSolutions() throws {
    let rows: [(nu: Double, s: Double, r: Double, d: Double, points: [(Double, Double)])] = [
      (0.2, 6e-4, 0.037, 0, [(1e-6, 0.00147915), (2e-5, 0.0149445), (4e-4, 0.0669796)]),
      (0.3, 1e-4, 0.05, 0, [(1e-6, 0.00498057), (2e-5, 0.0239539), (4e-4, 0.0701151)]),
      (0.2, 6e-4, 0.037, 4.8e-6, [(1e-6, 0.00058458), (2e-5, 0.010634), (4e-4, 0.062727)]),
      (0.25, 5e-4, 0.04, 1e-4, [(1e-6, 0.00015235), (2e-5, 0.0030391), (4e-4, 0.041539)]),
    ]
    for row in rows {
      let states = try #require(
        disc(row.nu, row.s, row.r, row.d).curve(forces: row.points.map(\.0)))
      for (state, point) in zip(states, row.points) {
        #expect(abs(state.depth / point.1 - 1) < 4e-5, "\(row) at \(point.0)")
      }
    }
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func meetsTheTableOfExactDiscs() throws {
    let bytes = try FileSource.open(path: Corpus.path("afm/exact_disc.tsv"))
    let text = bytes.withBytes { String(decoding: $0, as: UTF8.self) }
    var rows = 0
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let cells = line.split(separator: "\t").map(String.init)
      guard cells.count >= 7, let nu = Double(cells[1]), let s = Double(cells[2]),
        let r = Double(cells[3]), let d = Double(cells[4]), let f = Double(cells[5]),
        let depth = Double(cells[6])
      else { continue }
      let state = try #require(disc(nu, s, r, d).curve(forces: [f])?.last)
      #expect(abs(state.depth / depth - 1) < 5e-5, "\(line)")
      if cells.count > 8, let n0 = Double(cells[8]), d == 0 {
        #expect(abs(state.centreTension / n0 - 1) < 1e-4, "\(line)")
      }
      rows += 1
    }
    #expect(rows == 40)
  }

  /// Contact of a plate against scipy 1.17.1 `solve_bvp` (tolerance 1e-9) on the first-order system
  /// with the contact radius as unknown parameter: depth and contact radius.
  @Test func meetsSolveBVP() throws {
    let cases: [(ClampedDisc, Double, Double, Double)] = [
      (disc(0.2, 6e-4, 0.037, 4.8e-6), 4e-4, 0.062_726_851_19, 4.117_5e-4),
      (disc(0.3, 1e-3, 0.03, 1e-6), 4e-4, 0.061_054_734_13, 3.249_82e-3),
      (disc(0.2, 6e-4, 0.037, 4.8e-6), 1e-3, 0.090_683_335_15, 3.255_08e-3),
    ]
    for (film, force, depth, contact) in cases {
      let state = try #require(film.curve(forces: [force])?.last)
      #expect(abs(state.depth / depth - 1) < 1e-5)
      let lower = contact * 0.999
      let upper = contact * 1.001
      #expect(!state.pointLoad)
      #expect(state.contactRadius > lower && state.contactRadius < upper)
    }
  }

  /// Membrane without pretension under a point load: F a²/(Yδ³), from the exact similarity solution.
  @Test func meetsThePointLoadedMembrane() throws {
    let table = [
      (0.0, 0.8610), (0.165, 0.9377), (0.2, 0.9573), (0.25, 0.9879), (0.3, 1.0221),
      (1.0 / 3, Double.pi / 3), (0.5, 1.2133),
    ]
    for (nu, factor) in table {
      // A small tip and hardly any tension: the limit is approached as δ grows.
      let state = try #require(disc(nu, 1e-9, 1e-10, 0).curve(forces: [1e-3])?.last)
      let found = 1e-3 / (state.depth * state.depth * state.depth)
      #expect(abs(found / factor - 1) < 2e-4, "ν \(nu): \(found)")
    }
  }

  /// Plate under a small load with tension: the solution in modified Bessel functions.
  @Test func meetsTheTensionedPlateOfBessel() throws {
    let gamma = 0.577_215_664_901_532_9
    for (k, d) in [(0.3, 1e-5), (2.0, 1e-5), (6.0, 1e-5), (15.0, 1e-6), (40.0, 1e-6)] {
      let f = 1e-7 * d
      let state = try #require(disc(0.2, k * k * d, 0.03, d).curve(forces: [f])?.last)
      let k1 = try #require(ModifiedBessel.second(1, k))
      let k0 = try #require(ModifiedBessel.second(0, k))
      let i0 = try #require(ModifiedBessel.first(0, k))
      let i1 = try #require(ModifiedBessel.first(1, k))
      let log = try #require(logarithm(k / 2))
      let depth =
        f / (2 * Double.pi * d * k * k)
        * ((k1 - 1 / k) * (i0 - 1) / i1 + k0 + log + gamma)
      #expect(abs(state.depth / depth - 1) < 1e-5, "k \(k): \(state.depth / depth)")
      #expect(abs(state.depthByForce * f / state.depth - 1) < 1e-5)
    }
    let state = try #require(disc(0.2, 0, 0.03, 1e-5).curve(forces: [1e-13])?.last)
    #expect(abs(state.depth / (1e-13 / (16 * Double.pi * 1e-5)) - 1) < 1e-5)
  }

  private func logarithm(_ x: Double) -> Double? {
    // ∫₁ˣ dt/t by bisection of the series-based exponential would be circular; use a root of the
    // defining integral by Simpson's rule.
    let n = 20000
    let h = (x - 1) / Double(n)
    var sum = 1 + 1 / x
    for i in 1..<n { sum += (i % 2 == 1 ? 4 : 2) / (1 + Double(i) * h) }
    return sum * h / 3
  }

  /// Clamped plate, no tension, point load, ν 0.3: w/h against P = F a²/(E h⁴), large deflections.
  @Test func meetsTheLargeDeflectionPlate() throws {
    for (load, ratio) in [(1.0, 0.2128), (2, 0.4049), (4, 0.7120), (10, 1.2879), (20, 1.8522)] {
      // h = 0.01 a, Y = E h, D = h²/12(1 − ν²) in units of Ya²; F/(Ya) = P h³/a³.
      let h = 0.01
      let d = h * h / 12 / (1 - 0.09)
      let state = try #require(disc(0.3, 0, 1e-4, d).curve(forces: [load * h * h * h])?.last)
      #expect(abs(state.depth / h / ratio - 1) < 1e-3, "P \(load): \(state.depth / h)")
    }
  }

  /// The derivatives from the Newton factors against finite differences of whole solutions.
  @Test func derivativesMeetFiniteDifferences() throws {
    for d in [0.0, 4.8e-6, 1e-4] {
      for f in [2e-6, 3e-5, 4e-4] {
        let base = disc(0.2, 6e-4, 0.037, d)
        let state = try #require(base.curve(forces: [f])?.last)
        func depth(_ s: Double, _ d: Double, _ f: Double) throws -> Double {
          try #require(disc(0.2, s, 0.037, d).curve(forces: [f])?.last).depth
        }
        let byForce = try (depth(6e-4, d, f * 1.001) - depth(6e-4, d, f * 0.999)) / (0.002 * f)
        #expect(abs(state.depthByForce / byForce - 1) < 2e-4, "F, D \(d), F \(f)")
        let bySigma = try (depth(6.06e-4, d, f) - depth(5.94e-4, d, f)) / 1.2e-5
        #expect(abs(state.depthByTension / bySigma - 1) < 2e-3, "s, D \(d), F \(f)")
        if d > 0 {
          let byBending =
            try (depth(6e-4, d * 1.01, f) - depth(6e-4, d * 0.99, f)) / (0.02 * d)
          #expect(abs(state.depthByBending / byBending - 1) < 2e-3, "D \(d), F \(f)")
        }
      }
    }
  }

  @Test func buckledOrImpossibleFilmsGiveNothing() {
    #expect(disc(0.2, -1e-3, 0.03, 0).curve(forces: [1e-5]) == nil)
    #expect(disc(0.2, 1e-3, 0, 0).curve(forces: [1e-5]) == nil)
    #expect(disc(0.2, 1e-3, 0.03, 0).curve(forces: []) == nil)
    #expect(disc(0.2, 1e-3, 0.03, 0).curve(forces: [.nan]) == nil)
  }
}
