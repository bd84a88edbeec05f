internal import Configuration
internal import FilmElasticity
internal import RealModule
internal import Tables
internal import Units

extension VerificationCase {
  /// A large problem, also with moduli far apart, by multigrid.
  static let elasticityLarge = VerificationCase(
    "elasticity-large", "unit square clamped below, by conjugate gradients with multigrid",
    keys: [
      .integer("cells", default: 512, limit: .from(4, to: 2048), "along each side"),
      .number(
        "contrast", default: "1", limit: .from(1e-6, to: 1e6),
        "modulus above a wavy line over that below"),
    ]
  ) { values throws(ReadFailure) in
    let n = try values.integer("cells")
    let contrast = try values.number("contrast")
    var moduli: [Double] = []
    moduli.reserveCapacity(n * n)
    for j in 0..<n {
      for i in 0..<n {
        let x = (Double(i) + 0.5) / Double(n) - 0.5
        let y = (Double(j) + 0.5) / Double(n)
        let step = (1 + Double.tanh((y - 0.3 - 0.15 * Double.cos(12 * x)) / 0.02)) / 2
        moduli.append(1 + (contrast - 1) * step)
      }
    }
    guard
      let grid = GridElasticity(
        columns: n, rows: n, width: 1, height: 1, poissonRatio: 0.3, moduli: moduli)
    else {
      throw values.failure(
        "cells", "verify.cells", found: "\(n) cells cannot be halved to a small grid",
        expected: "a number such as 96, 250 or 512")
    }
    let row = n + 1
    var forces = [Double](repeating: 0, count: 2 * row * row)
    for j in 0...n {
      for i in 0...n {
        // The weights of the trapezoid rule.
        let weight =
          (i % n == 0 ? 0.5 : 1) * (j % n == 0 ? 0.5 : 1) / (Double(n) * Double(n))
        forces[j * row + i] = weight * Double.sin(3 * Double(i) / Double(n))
        forces[(row + j) * row + i] = weight * Double.cos(2 * Double(j) / Double(n))
      }
    }
    let solution = grid.solve(forces)
    var square = 0.0
    for value in solution?.displacements ?? [] { square += value * value }
    let known = references.first { $0.cells == n && $0.contrast == contrast }
    let most = contrast <= 1000 && contrast >= 1e-3 ? 30.0 : nil
    return [
      VerificationRow(
        "solution_norm", .one, result: solution == nil ? nil : square.squareRoot(),
        reference: known?.norm, source: "SciPy 1.17, sparse direct solver", tolerance: 1e-7),
      VerificationRow(
        "iterations", .one, result: solution.map { Double($0.iterations) },
        reference: most == nil ? nil : 0, source: "at most 30", .absolute, tolerance: most),
      VerificationRow(
        "relative_residual", .one, result: solution?.relativeResidual, reference: 0,
        source: "end of the iteration", .absolute, tolerance: 1e-8),
      VerificationRow(
        "recomputed_residual", .one, result: solution?.recomputedResidual, reference: nil,
        source: nil, .absolute, tolerance: nil),
      VerificationRow(
        "degrees_of_freedom", .one, result: Double(grid.degreesOfFreedom),
        reference: 2 * Double(n) * Double(n + 1), source: "free nodes", .absolute, tolerance: 0),
    ]
  }

  /// Norms of the solution by a sparse direct solver with one step of refinement.
  private static let references: [(cells: Int, contrast: Double, norm: Double)] = [
    (64, 1, 76.36915844485435), (64, 1000, 27.318397872858764), (128, 1, 151.4248750883807),
    (128, 1000, 54.43312138817741), (256, 1, 301.4953594342587), (256, 1000, 108.54584812168517),
    (512, 1, 601.6099125217029), (512, 1000, 216.70537143641062),
  ]
}
