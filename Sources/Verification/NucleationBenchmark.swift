internal import CKernels
internal import RealModule

/// PFHub benchmark 8a: a round seed of a pure substance in its undercooled melt.
///
/// ∂ξ/∂t = ∇²ξ − g′ + Δf·p′ with g = ξ²(1 − ξ)², p = ξ³(10 − 15ξ + 6ξ²) and Δf = 1/(15√2), for which a
/// seed of radius 5 is critical; periodic square of side 100 (Wu et al., Comput. Mater. Sci. 193, 110371,
/// 2021).
struct NucleationBenchmark {
  /// The radius of the seed over the critical one.
  var ratio: Double

  static let side = 100.0
  static let drivingForce = 1 / (15 * Double.sqrt(2))

  /// What is reported at a time.
  struct Findings {
    /// The mean of ξ.
    var fraction: Double
    /// ∫ ½|∇ξ|² + g − Δf·p.
    var freeEnergy: Double
  }

  private func start(_ x: Double, _ y: Double) -> Double {
    0.5 * (1 - Double.tanh((Double.hypot(x, y) - 5 * ratio) / Double.sqrt(2)))
  }

  private static func bulkEnergy(_ xi: Double) -> Double {
    let q = xi * (1 - xi)
    return q * q - drivingForce * xi * xi * xi * (10 - 15 * xi + 6 * xi * xi)
  }

  /// Five-point differences at cell centres and forward Euler steps.
  ///
  /// The square is symmetric about its middle: one quarter is stepped. With an odd number of cells the
  /// middle stands in a cell, and the cells of its row and column count half.
  func byDifferences(cells: Int, step: Double, steps: Int) -> Findings {
    let isOdd = !cells.isMultiple(of: 2)
    let n = (cells + 1) / 2
    let spacing = Self.side / Double(cells)
    let offset = isOdd ? 0 : 0.5
    var x: [Double] = []
    x.reserveCapacity(n * n)
    for j in 0..<n {
      for i in 0..<n {
        x.append(start((Double(i) + offset) * spacing, (Double(j) + offset) * spacing))
      }
    }
    var y = x
    var rule = ck_allen_cahn(
      dt: step, g: 1 / (spacing * spacing), a: 30 * Self.drivingForce, b: 2,
      lowEdge: isOdd ? 1 : 0, highEdge: 0)
    ck_allen_cahn_steps(&x, &y, n, n, &rule, steps)
    if !steps.isMultiple(of: 2) { swap(&x, &y) }
    var sum = 0.0
    var energy = 0.0
    for j in 0..<n {
      let rowWeight = isOdd && j == 0 ? 0.5 : 1
      for i in 0..<n {
        let columnWeight = isOdd && i == 0 ? 0.5 : 1
        let here = x[j * n + i]
        sum += rowWeight * columnWeight * here
        energy += rowWeight * columnWeight * Self.bulkEnergy(here) * spacing * spacing
        if i + 1 < n {
          let slope = x[j * n + i + 1] - here
          energy += rowWeight * slope * slope / 2
        }
        if j + 1 < n {
          let slope = x[(j + 1) * n + i] - here
          energy += columnWeight * slope * slope / 2
        }
      }
    }
    return Findings(
      fraction: 4 * sum / (Double(cells) * Double(cells)), freeEnergy: 4 * energy)
  }

  /// Fourier modes and exponential steps of fourth order; nil for a number of points without transform.
  func bySpectrum(points: Int, step: Double, steps: Int) -> (start: Findings, end: Findings)? {
    let spacing = Self.side / Double(points)
    var values: [Double] = []
    values.reserveCapacity(points * points)
    for j in 0..<points {
      for i in 0..<points {
        values.append(
          start(Double(i - points / 2) * spacing, Double(j - points / 2) * spacing))
      }
    }
    let tilt = 30 * Self.drivingForce
    guard
      var field = SpectralEvolution(
        values, points: points, side: Self.side, linear: { -$0 },
        nonlinear: { xi in
          let q = xi * (1 - xi)
          return q * (tilt * q - 2 * (1 - 2 * xi))
        })
    else { return nil }
    let atStart = Self.findings(field)
    field.advance(by: step, steps: steps)
    return (atStart, Self.findings(field))
  }

  private static func findings(_ field: SpectralEvolution) -> Findings {
    var bulk = 0.0
    for xi in field.values { bulk += bulkEnergy(xi) }
    let mean = bulk / Double(field.values.count) + field.meanSquareGradient / 2
    return Findings(fraction: field.mean, freeEnergy: mean * side * side)
  }
}
