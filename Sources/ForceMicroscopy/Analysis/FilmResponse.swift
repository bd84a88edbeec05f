internal import NumericalMethods
internal import RealModule

/// The inputs of a film model in SI units.
struct FilmInputs: Hashable, Sendable {
  /// The spring constant, N/m; nil for a curve that is already F(δ).
  var springConstant: Double?
  /// The radius of the hole, m.
  var holeRadius: Double
  /// The radius of the tip, m; needed by the exact models.
  var tipRadius: Double?
  /// The Poisson ratio of film and sheet.
  var poisson: Double
  /// The thickness of the film, m.
  var thickness: Double?
  /// The 2-D modulus of the sheet under the film, N/m; 0 without one, nil if not known.
  var sheet: Double?

  /// The bending stiffness of film and sheet for a total 2-D modulus, and its derivative.
  ///
  /// Perfectly bonded, both of the same Poisson ratio: D = [A h²/12 + (A G/(A+G)) h²/4]/(1 − ν²) with
  /// A = Y − G; parallel-axis theorem of a thick layer on a membrane.
  func bending(_ y: Double) -> (value: Double, slope: Double) {
    guard let h = thickness, h > 0, y > 0 else { return (0, 0) }
    let g = min(sheet ?? 0, y)
    let a = y - g
    let factor = h * h / (1 - poisson * poisson)
    return (factor * (a / 12 + a * g / y / 4), factor * (1.0 / 12 + g * g / (y * y) / 4))
  }

  /// The dimensionless factor of the cubic term of the textbook formula.
  var q: Double { 1 / (1.05 - 0.15 * poisson - 0.16 * poisson * poisson) }
}

/// The answer of a film model to load, tabulated: F over Z = δ + F/k with derivatives by Y and σ.
///
/// Between nodes ln F is a cubic in ln Z with the exact slopes; below the first node a power law.
struct FilmResponse: Sendable {
  /// Forces and depths at the nodes.
  private(set) var force: [Double] = [], depth: [Double] = []
  private var logZ: [Double] = [], logF: [Double] = [], slope: [Double] = []
  /// ∂ ln F/∂Y and ∂ ln F/∂σ at constant Z.
  private var byModulus: [Double] = [], byTension: [Double] = []
  private var modulusSlope: [Double] = [], tensionSlope: [Double] = []
  /// The states of the exact solutions, to start the next one from.
  private(set) var states: [DiscState] = []

  /// The number of nodes for results and for the way there; their forces span a factor of ``span``.
  static let nodes = 21, fewNodes = 11
  static let span = 3000.0

  /// Ascending forces up to a greatest one.
  static func forces(upTo greatest: Double, nodes: Int) -> [Double] {
    let ratio = Double.log(span) / Double(nodes - 1)
    return (0..<nodes).map { greatest * Double.exp(ratio * Double($0 - nodes + 1)) }
  }

  /// The response; nil where the model has no solution.
  init?(
    _ model: FilmModel, modulus y: Double, tension sigma: Double, inputs: FilmInputs,
    greatestForce: Double, nodes: Int = Self.nodes, guesses: [DiscState] = []
  ) {
    let a = inputs.holeRadius
    guard y > 0, y.isFinite, sigma.isFinite, a > 0, greatestForce > 0 else { return nil }
    let compliance = inputs.springConstant.map { 1 / $0 } ?? 0
    let bend = inputs.bending(y)
    var points: [(f: Double, d: Double, dF: Double, dY: Double, dS: Double)] = []
    if model == .textbook {
      let linear = 16 * Double.pi * bend.value / (a * a) + Double.pi * sigma
      let q3 = inputs.q * inputs.q * inputs.q
      let cubic = q3 * y / (a * a)
      guard linear > 0 else { return nil }
      for f in Self.forces(upTo: greatestForce, nodes: nodes) {
        var d = min(f / linear, Double.pow(f / cubic, 1.0 / 3))
        for _ in 0..<50 {
          let step = (linear * d + cubic * d * d * d - f) / (linear + 3 * cubic * d * d)
          d -= step
          if abs(step) < 1e-13 * d { break }
        }
        let stiffness = linear + 3 * cubic * d * d
        let fY = 16 * Double.pi * bend.slope / (a * a) * d + q3 / (a * a) * d * d * d
        points.append((f, d, 1 / stiffness, -fY / stiffness, -Double.pi * d / stiffness))
      }
    } else {
      guard let r = inputs.tipRadius, r > 0 else { return nil }
      let plate = model == .plate
      let disc = ClampedDisc(
        poisson: inputs.poisson, tipRadius: r / a, tension: sigma / y,
        bending: plate ? bend.value / (y * a * a) : 0)
      if plate {
        guard bend.value > 0, disc.tension > -0.98 * ClampedDisc.bucklingFactor * disc.bending
        else { return nil }
      }
      let scaled = Self.forces(upTo: greatestForce, nodes: nodes).map { $0 / (y * a) }
      guard let solved = disc.curve(forces: scaled, guesses: guesses) else { return nil }
      states = solved
      let bendingByModulus = plate ? bend.slope / (y * a * a) - disc.bending / y : 0
      for s in solved {
        let byY =
          a
          * (-s.depthByForce * s.force / y - s.depthByTension * disc.tension / y
            + s.depthByBending * bendingByModulus)
        points.append(
          (s.force * y * a, a * s.depth, s.depthByForce / y, byY, a * s.depthByTension / y))
      }
    }
    for p in points {
      let z = p.d + compliance * p.f
      let zF = p.dF + compliance
      guard z > 0, zF > 0 else { return nil }
      force.append(p.f)
      depth.append(p.d)
      logZ.append(Double.log(z))
      logF.append(Double.log(p.f))
      slope.append(z / (p.f * zF))
      byModulus.append(-p.dY / zF / p.f)
      byTension.append(-p.dS / zF / p.f)
    }
    for i in 1..<max(1, logZ.count) where logZ[i] <= logZ[i - 1] { return nil }
    modulusSlope = gradient(byModulus)
    tensionSlope = gradient(byTension)
  }

  /// The slope of a node series over ln Z through the neighbours of each node.
  private func gradient(_ y: [Double]) -> [Double] {
    y.indices.map { j in
      let a = max(0, j - 1)
      let b = min(y.count - 1, j + 1)
      return a < b ? (y[b] - y[a]) / (logZ[b] - logZ[a]) : 0
    }
  }

  /// The depth at a force of the table; ln δ is a straight line over ln F between nodes.
  func depth(at f: Double) -> Double? {
    guard f > 0, let i = force.firstIndex(where: { $0 >= f }) else { return nil }
    guard i > 0 else { return force[0] > 0 ? depth[0] * f / force[0] : nil }
    let t = Double.log(f / force[i - 1]) / Double.log(force[i] / force[i - 1])
    return Double.exp((1 - t) * Double.log(depth[i - 1]) + t * Double.log(depth[i]))
  }

  /// A value of the table with its derivatives.
  struct Value {
    var force = 0.0, byZ = 0.0, byModulus = 0.0, byTension = 0.0
  }

  /// F(Z) and its derivatives by Z, Y and σ; 0 without contact.
  func value(at z: Double) -> Value {
    guard z > 0, let first = logZ.first, let last = logZ.last else { return Value() }
    let x = Double.log(z)
    if x <= first {
      let f = Double.exp(logF[0] + slope[0] * (x - first))
      return Value(
        force: f, byZ: f * slope[0] / z, byModulus: f * byModulus[0], byTension: f * byTension[0])
    }
    let n = logZ.count
    if x >= last {
      let f = Double.exp(logF[n - 1] + slope[n - 1] * (x - last))
      return Value(
        force: f, byZ: f * slope[n - 1] / z, byModulus: f * byModulus[n - 1],
        byTension: f * byTension[n - 1])
    }
    var low = 0
    var high = n - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if logZ[middle] <= x { low = middle } else { high = middle }
    }
    let h = cubicHermite(
      x, x0: logZ[low], x1: logZ[high], y0: logF[low], y1: logF[high], slope0: slope[low],
      slope1: slope[high])
    let byY = cubicHermite(
      x, x0: logZ[low], x1: logZ[high], y0: byModulus[low], y1: byModulus[high],
      slope0: modulusSlope[low], slope1: modulusSlope[high])
    let byS = cubicHermite(
      x, x0: logZ[low], x1: logZ[high], y0: byTension[low], y1: byTension[high],
      slope0: tensionSlope[low], slope1: tensionSlope[high])
    let f = Double.exp(h.value)
    return Value(
      force: f, byZ: f * h.slope / z, byModulus: f * byY.value, byTension: f * byS.value)
  }
}
