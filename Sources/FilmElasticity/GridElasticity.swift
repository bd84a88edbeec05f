internal import CKernels
internal import NumericalMethods
internal import RealModule

/// Plane strain on a rectangle of equal bilinear elements, each with its own modulus, clamped at its
/// lower side: conjugate gradients with a multigrid V-cycle, no matrix stored.
///
/// An element's energy splits into constant strain and two modes ξη (exactly integrated), so that the
/// product with the stiffness takes some fifty operations an element. The coarser grids take a mean
/// modulus of four elements; smoothing is by Chebyshev polynomials over the upper part of the spectrum
/// of D⁻¹K, whose end is bounded by that of one element (A. J. Wathen, IMA J. Numer. Anal. 7 (1987) 449).
public struct GridElasticity: Sendable {
  /// The elements along x and y.
  public let columns: Int
  /// The elements along y.
  public let rows: Int
  /// The size of the rectangle in m.
  public let width: Double
  /// The height of the rectangle in m.
  public let height: Double
  /// Poisson's ratio of all elements.
  public let poissonRatio: Double
  /// Young's modulus of each element in Pa, row by row from the lower left.
  public let moduli: [Double]

  /// A rectangle; nil where the number of moduli does not fit, a modulus is not above 0, or the
  /// numbers of elements cannot be halved down to a grid that is solved directly.
  public init?(
    columns: Int, rows: Int, width: Double, height: Double, poissonRatio: Double,
    moduli: [Double]
  ) {
    guard columns >= 1, rows >= 1, columns <= 8192, rows <= 8192, moduli.count == columns * rows,
      width > 0, height > 0, poissonRatio > -1, poissonRatio < 0.5,
      moduli.allSatisfy({ $0 > 0 && $0.isFinite })
    else { return nil }
    var (n, m) = (columns, rows)
    while Self.halves(n, m) { (n, m) = (n / 2, m / 2) }
    guard min(n, m) <= Self.mostDirect, max(n, m) <= 1024 else { return nil }
    self.columns = columns
    self.rows = rows
    self.width = width
    self.height = height
    self.poissonRatio = poissonRatio
    self.moduli = moduli
  }

  /// The greatest number of elements across the coarsest grid.
  private static let mostDirect = 160

  /// Whether a grid is made coarser.
  fileprivate static func halves(_ n: Int, _ m: Int) -> Bool {
    n % 2 == 0 && m % 2 == 0 && min(n, m) >= 4
  }

  /// The number of free unknowns.
  public var degreesOfFreedom: Int { 2 * (columns + 1) * rows }

  /// A solution.
  public struct Solution: Sendable {
    /// The displacements along x of all nodes, row by row from the lower left, then those along y.
    public var displacements: [Double]
    /// The steps of the conjugate gradients.
    public var iterations: Int
    /// |f − Ku|/|f| at the end, carried along by the iteration.
    public var relativeResidual: Double
    /// The same, computed anew from the displacements.
    ///
    /// Where stiff parts move far, the rounding of the displacements alone leaves more than the
    /// iteration's residual: |K||u|·10⁻¹⁶/|f|.
    public var recomputedResidual: Double
  }

  /// The displacements under nodal forces, ordered as they are: along x of all nodes, then along y.
  ///
  /// - Parameter tolerance: the relative residual at which the iteration ends.
  /// - Returns: nil where the number of forces does not fit.
  public func solve(
    _ forces: [Double], tolerance: Double = 1e-8, iterations most: Int = 500
  ) -> Solution? {
    let nodes = (columns + 1) * (rows + 1)
    guard forces.count == 2 * nodes, let cycle = MultigridCycle(self) else { return nil }
    let top = cycle.levels[0]
    let size = 2 * nodes
    var residual = forces
    for i in 0...columns {
      residual[i] = 0
      residual[nodes + i] = 0
    }
    let load = residual
    let norm = ck_dot(load, load, size).squareRoot()
    var x = [Double](repeating: 0, count: size)
    guard norm > 0, norm.isFinite else {
      return Solution(
        displacements: x, iterations: 0, relativeResidual: 0, recomputedResidual: 0)
    }
    var direction = [Double](repeating: 0, count: size)
    var product = direction
    var last = 0.0
    var steps = 0
    var reached = 1.0
    while steps < most, reached > tolerance {
      cycle.apply(residual)
      let rz = ck_dot(residual, top.x, size)
      guard rz.isFinite, rz > 0 else { break }
      ck_xpay(top.x, steps == 0 ? 0 : rz / last, &direction, size)
      last = rz
      top.apply(direction, &product, &cycle.scratch)
      let step = rz / ck_dot(direction, product, size)
      ck_axpy(step, direction, &x, size)
      ck_axpy(-step, product, &residual, size)
      steps += 1
      reached = ck_dot(residual, residual, size).squareRoot() / norm
    }
    top.residual(load, x, &residual, &cycle.scratch)
    return Solution(
      displacements: x, iterations: steps, relativeResidual: reached,
      recomputedResidual: ck_dot(residual, residual, size).squareRoot() / norm)
  }
}

/// One grid of the cycle.
private final class GridLevel {
  let columns: Int
  let rows: Int
  let moduli: [Double]
  /// One over the sum of the moduli round each node; 0 where it is clamped.
  let weights: [Double]
  /// The coefficients of the element's energy.
  let coefficients: [Double]
  /// The diagonal of an element of modulus 1, along x and along y.
  let diagonal: (x: Double, y: Double)
  var x: [Double]
  var load: [Double]
  var d: [Double]

  init(columns n: Int, rows m: Int, moduli: [Double], coefficients c: [Double]) {
    columns = n
    rows = m
    self.moduli = moduli
    coefficients = c
    let row = n + 1
    var sums = [Double](repeating: 0, count: row * (m + 1))
    for j in 0..<m {
      for i in 0..<n {
        let e = moduli[j * n + i]
        sums[j * row + i] += e
        sums[j * row + i + 1] += e
        sums[(j + 1) * row + i] += e
        sums[(j + 1) * row + i + 1] += e
      }
    }
    for i in 0..<sums.count { sums[i] = i < row ? 0 : 1 / sums[i] }
    weights = sums
    diagonal = (c[0] + c[3] + c[6], c[5] + c[2] + c[7])
    x = [Double](repeating: 0, count: 2 * row * (m + 1))
    load = x
    d = x
  }

  var nodes: Int { (columns + 1) * (rows + 1) }

  /// The grid of elements twice as large, with moduli between those of four elements.
  func coarser() -> GridLevel {
    let (n, m) = (columns / 2, rows / 2)
    // Between the mean, which bounds the stiffness of the four from above, and the harmonic mean,
    // which bounds it from below: the square of the mean root.
    var mean = [Double](repeating: 0, count: n * m)
    for j in 0..<m {
      for i in 0..<n {
        let at = 2 * j * columns + 2 * i
        let lower = moduli[at].squareRoot() + moduli[at + 1].squareRoot()
        let upper = moduli[at + columns].squareRoot() + moduli[at + columns + 1].squareRoot()
        mean[j * n + i] = (lower + upper) * (lower + upper) / 16
      }
    }
    return GridLevel(columns: n, rows: m, moduli: mean, coefficients: coefficients)
  }

  func apply(_ x: [Double], _ y: inout [Double], _ scratch: inout [Double]) {
    ck_grid_apply(x, moduli, columns, rows, coefficients, &y, &scratch)
  }

  func residual(
    _ b: [Double], _ x: [Double], _ y: inout [Double], _ scratch: inout [Double]
  ) {
    ck_grid_residual(b, x, moduli, columns, rows, coefficients, &y, &scratch)
  }

  /// Smooths `x` by a Chebyshev polynomial in D⁻¹K over [end/share, end].
  func smooth(
    degree: Int, end: Double, share: Double, fromZero: Bool, _ scratch: inout [Double]
  ) {
    let middle = end * (1 + 1 / share) / 2
    let half = end * (1 - 1 / share) / 2
    var rho = half / middle
    var keep = 0.0
    var step = 1 / middle
    for k in 0..<degree {
      if k > 0 {
        let next = 1 / (2 * middle / half - rho)
        keep = next * rho
        step = 2 * next / half
        rho = next
      }
      let steps = [step / diagonal.x, step / diagonal.y]
      if k == 0 && fromZero {
        ck_grid_start(load, weights, nodes, steps, &d, &x)
      } else {
        ck_grid_smooth(
          load, moduli, weights, columns, rows, coefficients, keep, steps, &d, &x, &scratch)
      }
    }
  }
}

/// A V-cycle over all grids, symmetric, as a preconditioner.
private final class MultigridCycle {
  private(set) var levels: [GridLevel]
  var scratch: [Double]
  private let end: Double
  private let direct: SymmetricBandMatrix
  /// The unknowns of the coarsest grid in the order of the direct solver.
  private let order: [Int]
  private static let degree = 4
  private static let share = 16.0

  init?(_ grid: GridElasticity) {
    let ratio = grid.height / Double(grid.rows) / (grid.width / Double(grid.columns))
    let material = ElasticMaterial(youngModulus: 1, poissonRatio: grid.poissonRatio)
    let mu = material.shearModulus
    let plane = material.lameModulus + 2 * mu
    let coefficients = [
      plane * ratio / 4, material.lameModulus / 4, plane / ratio / 4, mu / ratio / 4, mu / 4,
      mu * ratio / 4, (plane * ratio + mu / ratio) / 12, (plane / ratio + mu * ratio) / 12,
    ]
    levels = [
      GridLevel(
        columns: grid.columns, rows: grid.rows, moduli: grid.moduli, coefficients: coefficients)
    ]
    while let last = levels.last, GridElasticity.halves(last.columns, last.rows) {
      levels.append(last.coarser())
    }
    scratch = [Double](repeating: 0, count: 9 * (grid.columns + 2))
    end = Self.largestEigenvalue(material, ratio: ratio)
    let last = levels[levels.count - 1]
    let mesh = StripMesh(
      length: grid.width, thickness: grid.height, columns: last.columns, rows: last.rows,
      element: .q1)
    var problem = PlaneStrainProblem(mesh: mesh) { column, row in
      ElasticMaterial(
        youngModulus: last.moduli[row * last.columns + column], poissonRatio: grid.poissonRatio)
    }
    var order = [Int](repeating: 0, count: 2 * last.nodes)
    for i in 0...last.columns {
      problem.fix(i, 0, .x)
      problem.fix(i, 0, .y)
      for j in 0...last.rows {
        order[2 * mesh.node(i, j)] = j * (last.columns + 1) + i
        order[2 * mesh.node(i, j) + 1] = last.nodes + j * (last.columns + 1) + i
      }
    }
    var matrix = problem.constrainedMatrix()
    guard matrix.factorise() else { return nil }
    direct = matrix
    self.order = order
  }

  /// A bound of the spectrum of D⁻¹K: the largest eigenvalue of one element.
  ///
  /// That of the whole is no larger. Found by power steps, with a margin of one per cent.
  private static func largestEigenvalue(_ material: ElasticMaterial, ratio: Double) -> Double {
    let matrix = PlaneElement.q1.stiffness(
      x: [0, 0, 1, 1], y: [0, ratio, 0, ratio], material)
    var vector: [Double] = [1, -6, 3, 8, -5, 2, 7, -4]
    var value = 1.0
    for _ in 0..<200 {
      var next = [Double](repeating: 0, count: 8)
      var largest = 0.0
      for i in 0..<8 {
        for j in 0..<8 { next[i] += matrix[8 * i + j] * vector[j] }
        next[i] /= matrix[9 * i]
        largest = max(largest, next[i].magnitude)
      }
      value = largest
      vector = next.map { $0 / largest }
    }
    return 1.01 * value
  }

  /// Leaves the product of the preconditioner with a residual in `x` of the finest grid.
  func apply(_ residual: [Double]) {
    levels[0].load = residual
    let last = levels.count - 1
    for l in 0..<last {
      let level = levels[l]
      level.smooth(
        degree: Self.degree, end: end, share: Self.share, fromZero: true, &scratch)
      level.residual(level.load, level.x, &level.d, &scratch)
      ck_grid_restrict(level.d, level.columns, level.rows, &levels[l + 1].load, &scratch)
    }
    let coarse = levels[last]
    if let solution = direct.solve(order.map { coarse.load[$0] }) {
      for (i, unknown) in order.enumerated() { coarse.x[unknown] = solution[i] }
    }
    for l in (0..<last).reversed() {
      let level = levels[l]
      ck_grid_prolong(levels[l + 1].x, level.columns, level.rows, &level.x, &scratch)
      level.smooth(
        degree: Self.degree, end: end, share: Self.share, fromZero: false, &scratch)
    }
  }
}
