import FilmElasticity
import Foundation
import NumericalMethods
import Testing

@Suite struct GridElasticityTests {
  /// Moduli 1 and `contrast` on either side of a wavy line.
  static func moduli(_ n: Int, _ m: Int, contrast: Double) -> [Double] {
    (0..<(n * m)).map { k in
      let (x, y) = ((Double(k % n) + 0.5) / Double(n), (Double(k / n) + 0.5) / Double(m))
      return y > 0.4 + 0.2 * sin(9 * x) ? contrast : 1
    }
  }

  /// Multigrid and the banded factorisation solve the same problem, also on unequal sides.
  @Test func agreesWithTheDirectSolver() throws {
    for (n, m, contrast, nu) in [
      (16, 16, 1.0, 0.3), (24, 16, 1000, 0.3), (8, 20, 0.01, -0.2), (5, 7, 10, 0.45),
    ] {
      let moduli = Self.moduli(n, m, contrast: contrast)
      let grid = try #require(
        GridElasticity(
          columns: n, rows: m, width: 1.5, height: 2, poissonRatio: nu, moduli: moduli))
      let nodes = (n + 1) * (m + 1)
      let forces = (0..<(2 * nodes)).map { sin(Double($0 * $0 % 101)) }
      let found = try #require(grid.solve(forces, tolerance: 1e-11))
      #expect(found.relativeResidual <= 1e-11)
      let mesh = StripMesh(length: 1.5, thickness: 2, columns: n, rows: m, element: .q1)
      var problem = PlaneStrainProblem(mesh: mesh) { column, row in
        ElasticMaterial(youngModulus: moduli[row * n + column], poissonRatio: nu)
      }
      for i in 0...n {
        problem.fix(i, 0, .x)
        problem.fix(i, 0, .y)
        for j in 0...m {
          problem.forces[2 * mesh.node(i, j)] = forces[j * (n + 1) + i]
          problem.forces[2 * mesh.node(i, j) + 1] = forces[nodes + j * (n + 1) + i]
        }
      }
      let exact = try #require(problem.solve())
      let scale = exact.map(abs).max() ?? 0
      for i in 0...n {
        for j in 0...m {
          let k = j * (n + 1) + i
          #expect(abs(found.displacements[k] - exact[2 * mesh.node(i, j)]) < 1e-8 * scale)
          #expect(
            abs(found.displacements[nodes + k] - exact[2 * mesh.node(i, j) + 1]) < 1e-8 * scale)
        }
      }
    }
  }

  /// The number of iterations hardly grows with the grid and stays below 30 at a contrast of 1000.
  @Test func iterationsStayFew() throws {
    for (n, contrast, most) in [(16, 1.0, 11), (64, 1, 11), (64, 1000, 30), (64, 1e-3, 30)] {
      let grid = try #require(
        GridElasticity(
          columns: n, rows: n, width: 1, height: 1, poissonRatio: 0.3,
          moduli: Self.moduli(n, n, contrast: contrast)))
      let forces = [Double](repeating: 1e-3, count: 2 * (n + 1) * (n + 1))
      let found = try #require(grid.solve(forces))
      #expect(found.iterations <= most, "\(n), \(contrast): \(found.iterations)")
      #expect(found.relativeResidual <= 1e-8)
    }
  }

  @Test func refusesWhatItCannotSolve() {
    func grid(_ n: Int, _ m: Int, _ moduli: [Double], nu: Double = 0.3) -> GridElasticity? {
      GridElasticity(
        columns: n, rows: m, width: 1, height: 1, poissonRatio: nu, moduli: moduli)
    }
    #expect(grid(4, 4, [1]) == nil)
    #expect(grid(2, 1, [1, -1]) == nil)
    #expect(grid(2, 1, [1, .nan]) == nil)
    #expect(grid(2, 1, [1, 1], nu: 0.5) == nil)
    #expect(grid(1, 1, [1])?.solve([1]) == nil)
    #expect(grid(1, 1, [1])?.solve([Double](repeating: 0, count: 8))?.iterations == 0)
    #expect(grid(513, 513, [Double](repeating: 1, count: 513 * 513)) == nil)
  }
}
