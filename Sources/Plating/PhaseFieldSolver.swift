internal import FilmElasticity
internal import NumericalMethods
internal import RealModule

/// The phase field of a metal under a film: explicit 5-point steps of
/// ∂ξ/∂τ = D·[∇²ξ − ξ(1−ξ)(1−2ξ)/ℓ²] + ξ(1−ξ)·R(e)/(R(η)·ℓ).
///
/// This is ∂ξ/∂t = −L_σ(g′ − κ∇²ξ) + L_η·h′(ξ)·R(e) with g = Wξ²(1−ξ)², h = ξ²(3−2ξ), κ = 6γℓ,
/// W = 3γ/ℓ, L_η = i₀Vₘ/6Fℓ, L_σ = i₀Vₘ²χ/6FRTℓ, in the nominal growth τ = v₀t: D = L_σκ/v₀ in nm. The
/// overpotential e = η − Vₘσₙ/F is one number for each column; χ = χ(e) in `full`, χ(η) in `constant`
/// capillarity. Curvature enters through the gradient term alone.
struct PhaseFieldSolver: Sendable {
  let problem: PlatingRun.Problem
  let window: PhaseFieldWindow
  /// Points over the width, and whether the columns are those from the centre outwards.
  let points: Int
  let mirrored: Bool
  /// The number of columns.
  let columns: Int
  var field: OrderParameterField
  /// The height of the lowest row of cell centres in nm.
  private(set) var bottom: Double
  /// The nominal growth reached in nm.
  private(set) var growth = 0.0
  private(set) var steps = 0
  /// The greatest L_ηR/L_σW so far.
  private(set) var drivingForce = 0.0
  /// The heights of the interface in nm and the normal stress in MPa, one a column.
  private(set) var heights: [Double]
  private(set) var stress: [Double]
  private var normal: EvenConvolution
  private var tangential: EvenConvolution
  /// The row below the interface of each column.
  private var lower: [Int]
  private var centredHeights: [Double]
  private var rates: [Double]
  private var stiffnesses: [Double]
  private var coefficients: AllenCahnColumns
  /// The largest response of any wave in MPa/nm.
  private let stiffestWave: Double

  /// The phase field of a problem's surface at the start.
  init(_ problem: PlatingRun.Problem, _ window: PhaseFieldWindow) {
    self.problem = problem
    self.window = window
    points = problem.heights.count
    mirrored = PlatingRun.isMirrored(problem.heights)
    columns = mirrored ? points / 2 + 1 : points
    var normalModes: [Double] = []
    var tangentialModes: [Double] = []
    // Pa per m to MPa per nm
    let scale = 1e-15
    for mode in 0..<(points / 2) {
      let k = 2 * Double.pi * Double(mode + 1) / (problem.width * 1e-9)
      normalModes.append(problem.film.response(wavenumber: k) * scale)
      tangentialModes.append(problem.film.baseTangentialStress(wavenumber: k) * scale)
    }
    stiffestWave = normalModes.max() ?? 0
    normal = EvenConvolution(modes: normalModes, points: points, mirrored: mirrored)
    tangential = EvenConvolution(modes: tangentialModes, points: points, mirrored: mirrored)
    let start = Self.reduce(problem.heights, mirrored)
    bottom = (start.min() ?? 0) - window.base + window.spacing / 2
    heights = start
    let zeros = [Double](repeating: 0, count: columns)
    stress = zeros
    centredHeights = zeros
    rates = zeros
    stiffnesses = zeros
    coefficients = AllenCahnColumns(count: columns)
    lower = start.map { [bottom] z in
      Int(((z - bottom) / window.spacing).rounded(.down).clamped(to: 0...Double(window.rows - 2)))
    }
    field = OrderParameterField(
      columns: columns, rows: window.rows, columnEdge: mirrored ? .mirror : .periodic,
      rowEdge: .noFlux)
    fill(start)
  }

  /// ξ from the distance to the interface along its normal.
  private mutating func fill(_ start: [Double]) {
    let dx = window.spacing
    for i in 0..<columns {
      let left = start[i > 0 ? i - 1 : mirrored ? 1 : columns - 1]
      let right = start[i + 1 < columns ? i + 1 : mirrored ? columns - 2 : 0]
      let slope = (right - left) / (2 * dx)
      let stretch = (1 + slope * slope).squareRoot() * window.halfWidth
      for j in 0..<window.rows {
        let distance = (bottom + Double(j) * dx - start[i]) / stretch
        field[j, i] = 1 / (1 + Double.exp(min(distance, 700)))
      }
    }
    _ = field.crossings(clearingBelow: Self.least)
  }

  /// Cells below this count as empty: subnormal numbers would slow the steps down.
  static let least = 1e-30

  /// ln(ξ/(1 − ξ)), which falls on a straight line through an interface.
  static func logit(_ x: Double) -> Double {
    Double.log(max(x, 1e-300)) - Double.log(max(1 - x, 1e-16))
  }

  /// The columns of a surface given at all points.
  private static func reduce(_ all: [Double], _ mirrored: Bool) -> [Double] {
    mirrored ? Array(all[(all.count / 2)...]) + [all[0]] : all
  }

  /// The values at all points of a series over the columns.
  func expand(_ series: [Double]) -> [Double] {
    guard mirrored else { return series }
    return (0..<points).map { series[abs($0 - points / 2)] }
  }

  /// The column at the surface's centre.
  var centre: Int { mirrored ? 0 : points / 2 }

  // MARK: Interface and stress

  /// Finds the interface of every column from where it was; false where it has left the window.
  mutating func findInterface() -> Bool {
    let dx = window.spacing
    for i in 0..<columns {
      var j = lower[i]
      while j > 0 && field[j, i] < 0.5 { j -= 1 }
      while j < window.rows - 2 && field[j + 1, i] >= 0.5 { j += 1 }
      let (a, b) = (field[j, i], field[j + 1, i])
      guard a >= 0.5, b < 0.5 else { return false }
      lower[i] = j
      let below = Self.logit(a)
      heights[i] = bottom + (Double(j) + below / (below - Self.logit(b))) * dx
    }
    return true
  }

  /// The normal stress of the film on the present interface.
  mutating func findStress() {
    centre(heights)
    normal.apply(to: centredHeights, into: &stress)
    for i in 0..<columns { stress[i] = -stress[i] }
  }

  /// The stress along the film at its base.
  mutating func tangentialStress() -> [Double] {
    var result = [Double](repeating: 0, count: columns)
    centre(heights)
    tangential.apply(to: centredHeights, into: &result)
    return result
  }

  /// The heights less their mean, so that a uniform height gives no stress, not even by rounding.
  private mutating func centre(_ z: [Double]) {
    var sum = 0.0
    for (i, value) in z.enumerated() {
      sum += mirrored && i > 0 && i < columns - 1 ? 2 * value : value
    }
    let mean = sum / Double(points)
    for i in 0..<columns { centredHeights[i] = z[i] - mean }
  }

  /// Whether some column holds the interface more than once; also clears what is next to nothing.
  mutating func foldsOver() -> Bool {
    field.crossings(clearingBelow: Self.least).contains { $0 > 1 }
  }

  // MARK: Steps

  /// Takes the step that the stress allows, at most to the end; false where it is too short.
  mutating func advance() -> Bool {
    let kinetics = problem.kinetics
    let nominalRate = 1 / kinetics.rate(kinetics.overpotential)
    let nominalStiffness = 1 / kinetics.stiffness(kinetics.overpotential)
    let volts = kinetics.voltsPerStress
    var (fastest, stiffest) = (0.0, 0.0)
    var driving = 0.0
    let constant = problem.capillarity == .constant
    for i in 0..<columns {
      let (rate, stiffness) = kinetics.rateAndStiffness(kinetics.overpotential - volts * stress[i])
      guard rate.isFinite, stiffness.isFinite else { return false }
      rates[i] = rate * nominalRate
      stiffnesses[i] = stiffness * nominalStiffness
      fastest = max(fastest, rates[i].magnitude)
      stiffest = max(stiffest, stiffnesses[i])
      driving = max(driving, rates[i].magnitude / (constant ? 1 : stiffnesses[i]))
    }
    let dx = window.spacing
    let capillarity = kinetics.constantCapillarity
    // L_ηR/L_σW = (r/6ℓ)/(D/2ℓ²), with r = R/R(η)
    drivingForce = max(drivingForce, driving * window.halfWidth / (3 * capillarity))
    let diffusion = capillarity * (constant ? 1 : stiffest)
    var step = 0.125 * dx * dx / diffusion
    let damping = kinetics.linearMobility * stiffest * stiffestWave
    if damping > 0 { step = min(step, 0.2 / damping) }
    if fastest > 0 { step = min(step, 0.25 * dx / fastest) }
    guard step.isFinite, step > 1e-12 * problem.growth else { return false }
    let left = problem.growth - growth
    let last = step >= left
    if last { step = left }
    let width = window.halfWidth
    for i in 0..<columns {
      let d = step * capillarity * (constant ? 1 : stiffnesses[i])
      coefficients.diffusion[i] = d / (dx * dx)
      coefficients.linear[i] = 2 * d / (width * width)
      coefficients.constant[i] = step * rates[i] / width - d / (width * width)
    }
    field.step(coefficients)
    growth = last ? problem.growth : growth + step
    steps += 1
    return true
  }

  /// Moves the window up where the interface has come near its top; false where there is no room.
  mutating func followInterface() -> Bool {
    let dx = window.spacing
    let top = bottom + Double(window.rows - 1) * dx
    guard (heights.max() ?? 0) > top - window.margin else { return true }
    let lowest = heights.min() ?? 0
    let spare = ((lowest - window.base - bottom) / dx).rounded(.down)
    guard let count = Int(exactly: spare), count > 0 else { return false }
    field.moveDown(by: count)
    bottom += Double(count) * dx
    for i in 0..<columns { lower[i] = max(0, lower[i] - count) }
    return true
  }

  // MARK: Results

  /// The field over all points.
  var end: PhaseFieldEnd {
    var values: [Double] = []
    values.reserveCapacity(points * window.rows)
    for j in 0..<window.rows {
      for i in 0..<points {
        values.append(field[j, mirrored ? abs(i - points / 2) : i])
      }
    }
    return PhaseFieldEnd(
      columns: points, rows: window.rows, bottom: bottom, spacing: window.spacing, values: values)
  }

  /// The surface now.
  mutating func surface() -> SurfaceState {
    let along = tangentialStress()
    return SurfaceState(
      growth: growth, heights: expand(heights), normalStress: expand(stress),
      tangentialStress: expand(along))
  }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    isNaN ? range.lowerBound : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
