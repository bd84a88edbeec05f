internal import NumericalMethods
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
  /// The square is symmetric about its middle: with an even number of cells one quarter is stepped.
  func byDifferences(cells: Int, step: Double, steps: Int) -> Findings {
    let isQuarter = cells.isMultiple(of: 2)
    let n = isQuarter ? cells / 2 : cells
    let edge = isQuarter ? FieldEdge.noFlux : .periodic
    let spacing = Self.side / Double(cells)
    let origin = isQuarter ? 0 : -Self.side / 2
    var field = OrderParameterField(columns: n, rows: n, columnEdge: edge, rowEdge: edge)
    let places = (0..<n).map { origin + (Double($0) + 0.5) * spacing }
    for j in 0..<n {
      for i in 0..<n { field[j, i] = start(places[i], places[j]) }
    }
    let rule = AllenCahnCoefficients(
      diffusivity: 1, well: 2, square: 30 * Self.drivingForce, timeStep: step, spacing: spacing)
    for _ in 0..<steps { field.step(rule) }
    var sum = 0.0
    var energy = 0.0
    for j in 0..<n {
      for i in 0..<n {
        let here = field[j, i]
        sum += here
        let right = field[j, i + 1 < n || isQuarter ? i + 1 : 0] - here
        let above = field[j + 1 < n || isQuarter ? j + 1 : 0, i] - here
        energy +=
          Self.bulkEnergy(here) * spacing * spacing + (right * right + above * above) / 2
      }
    }
    return Findings(
      fraction: sum / Double(n * n), freeEnergy: isQuarter ? 4 * energy : energy)
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
