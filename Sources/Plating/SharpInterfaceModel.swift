/// How the curvature of the surface enters the kinetics.
public enum Capillarity: String, Hashable, Sendable, CaseIterable {
  /// The curvature shifts the overpotential.
  case full
  /// The curvature adds a linear term with the kinetics of the nominal overpotential.
  case constant
}

/// The equation of motion of the metal surface, z_τ = (V/v₀)·√(1 + z_x²), and its Jacobian.
///
/// Heights are in nm, and time is the nominal growth τ = v₀t in nm, which removes i₀ from the problem.
struct SharpInterfaceModel: StiffSystem {
  let grid: SurfaceGrid
  let kinetics: PlatingKinetics
  let capillarity: Capillarity
  /// 1/R(η).
  private let inverseRate: Double
  private let stressVolts: Double
  private let curvatureVolts: Double
  private let constantCapillarity: Double

  init(grid: SurfaceGrid, kinetics: PlatingKinetics, capillarity: Capillarity) {
    self.grid = grid
    self.kinetics = kinetics
    self.capillarity = capillarity
    inverseRate = 1 / kinetics.rate(kinetics.overpotential)
    stressVolts = kinetics.voltsPerStress
    curvatureVolts = kinetics.voltsPerCurvature
    constantCapillarity = kinetics.constantCapillarity
  }

  /// The normal stress of the film in MPa, tension positive.
  func normalStress(_ z: [Double]) -> [Double] { grid.normal.times(centred(z)).map { -$0 } }

  /// The stress along the film at its base in MPa.
  func tangentialStress(_ z: [Double]) -> [Double] { grid.tangential.times(centred(z)) }

  /// The surface less its mean, so that a uniform height gives no stress, not even by rounding.
  private func centred(_ z: [Double]) -> [Double] {
    var sum = 0.0
    for (i, value) in z.enumerated() { sum += grid.weight(i) * value }
    let mean = sum / Double(grid.points)
    return z.map { $0 - mean }
  }

  /// The local slope, curvature and stretch of the surface.
  private func shape(_ z: [Double], _ i: Int) -> (slope: Double, second: Double) {
    let (left, right) = grid.neighbours(i)
    let dx = grid.spacing
    // At the ends of the mirrored half both neighbours are the same point and the slope is 0.
    return ((z[right] - z[left]) / (2 * dx), (z[right] - 2 * z[i] + z[left]) / (dx * dx))
  }

  func derivative(_ z: [Double]) -> [Double] {
    let stress = normalStress(z)
    var result = [Double](repeating: 0, count: z.count)
    for i in 0..<z.count {
      let (slope, second) = shape(z, i)
      let stretch = 1 + slope * slope
      let root = stretch.squareRoot()
      let curvature = -second / (stretch * root)
      var e = kinetics.overpotential - stressVolts * stress[i]
      var speed = 0.0
      switch capillarity {
      case .full: e += curvatureVolts * curvature
      case .constant: speed = -constantCapillarity * curvature
      }
      speed += kinetics.rate(e) * inverseRate
      result[i] = speed * root
    }
    return result
  }

  func newtonMatrix(_ z: [Double], step: Double) -> PackedMatrix {
    let stress = normalStress(z)
    var matrix = PackedMatrix(size: z.count)
    let dx = grid.spacing
    for i in 0..<z.count {
      let (slope, second) = shape(z, i)
      let stretch = 1 + slope * slope
      let root = stretch.squareRoot()
      let curvature = -second / (stretch * root)
      var e = kinetics.overpotential - stressVolts * stress[i]
      if capillarity == .full { e += curvatureVolts * curvature }
      let (rate, rateSlope) = kinetics.rateAndSlope(e)
      var speed = rate * inverseRate
      // d(speed)/d(curvature)
      let capillary: Double
      switch capillarity {
      case .full: capillary = rateSlope * inverseRate * curvatureVolts
      case .constant:
        capillary = -constantCapillarity
        speed -= constantCapillarity * curvature
      }
      // f = speed·√(1+p²); K = −s/(1+p²)^{3/2}
      let bySlope =
        speed * slope / root + root * capillary * 3 * second * slope / (stretch * stretch * root)
      let bySecond = -root * capillary / (stretch * root)
      matrix.setRow(
        i, to: grid.normal, scale: -step * root * rateSlope * inverseRate * stressVolts)
      let (left, right) = grid.neighbours(i)
      matrix[i, right] -= step * (bySlope / (2 * dx) + bySecond / (dx * dx))
      matrix[i, left] -= step * (-bySlope / (2 * dx) + bySecond / (dx * dx))
      matrix[i, i] += 1 + step * 2 * bySecond / (dx * dx)
    }
    return matrix
  }
}
