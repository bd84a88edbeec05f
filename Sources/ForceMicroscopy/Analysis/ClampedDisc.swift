internal import NumericalMethods
internal import RealModule

/// A clamped circular film under a rigid, frictionless paraboloid at its centre: the exact
/// axisymmetric Föppl–von Kármán problem in dimensionless form.
///
/// Lengths are in hole radii a, tensions in the 2-D modulus Y, forces in Ya and bending stiffnesses in
/// Ya². With θ = −dw/dr, ψ = r N_r and x = ln r:
/// ψ_xx − ψ + r θ²/2 = 0 and D(θ_xx − θ) − r ψ θ + r F/2π = 0 (membrane: θ = F/2πψ); at r = 1 θ = 0
/// (plate) and ψ′ − νψ = (1 − ν)s; at the contact radius c θ = c/R, ψ_x − ψ = −c³/8R² and, for the
/// plate, θ′ = 1/R. Where the contact of a plate is very much smaller than its bending length, the
/// force is a point load. L. D. Landau, E. M. Lifshitz, Theory of Elasticity, §14; contact after
/// U. Komaragiri, M. R. Begley, J. G. Simmonds, J. Appl. Mech. 72 (2005) 203.
struct ClampedDisc: Hashable, Sendable {
  /// The Poisson ratio.
  var poisson: Double
  /// The tip radius over the hole radius.
  var tipRadius: Double
  /// The pretension over the 2-D modulus, s.
  var tension: Double
  /// The bending stiffness D/(Ya²); 0 for a membrane.
  var bending: Double

  /// The load at which a clamped plate buckles under compression: s = −14.682 D (first zero of J₁,
  /// 3.8317, squared).
  static let bucklingFactor = 14.681_970_642_123_893
}

/// The solution of the disc problem at one force.
struct DiscState: Hashable, Sendable {
  /// The force over Ya.
  var force: Double
  /// The depth over a.
  var depth = 0.0
  /// ∂depth/∂force, ∂depth/∂s and ∂depth/∂D.
  var depthByForce = 0.0, depthByTension = 0.0, depthByBending = 0.0
  /// ln c, or the logarithm of the inner radius of the mesh under a point load.
  var inner: Double
  /// Whether the force is taken as a point load.
  var pointLoad: Bool
  /// The mesh, 0 at the inner radius and 1 at the edge.
  var mesh: [Double]
  /// Simpson weights of the mesh.
  var weights: [Double]
  /// θ and ψ by turns, node by node.
  var unknowns: [Double]

  /// The contact radius over a; 0 under a point load.
  var contactRadius: Double { pointLoad ? 0 : Double.exp(inner) }

  /// The radial tension under the tip over Y.
  var centreTension: Double {
    let r = Double.exp(inner)
    guard unknowns.count > 1, r > 0 else { return .nan }
    return unknowns[1] / r + (pointLoad ? 0 : unknowns[0] * unknowns[0] / 16)
  }
}

extension ClampedDisc {
  /// The number of mesh intervals: the error of the depth is then below 1e-5 (tests).
  static let intervals = 96

  /// The length over which bending fades, √(D/N).
  private func bendingLength(_ tension: Double) -> Double {
    min(1, (bending / max(tension, bending)).squareRoot())
  }

  /// A mesh from `inner` to 0 in x = ln r, fine where bending layers stand at the edge and the contact.
  func mesh(inner: Double, centreTension: Double, edgeTension: Double, pointLoad: Bool) -> [Double]
  {
    let n = Self.intervals
    let length = -inner
    let coarse = 0.15
    let growth = 0.12
    var edge = coarse
    var contact = coarse
    if bending > 0 {
      edge = min(coarse, 0.15 * bendingLength(edgeTension))
      if !pointLoad {
        contact = min(coarse, 0.15 * bendingLength(centreTension) / Double.exp(inner))
      }
    }
    // Number of intervals up to a distance t from the inner end.
    func count(_ t: Double) -> Double {
      t / coarse + Double.log(1 + growth * t / contact) / growth
        + Double.log((edge + growth * length) / (edge + growth * (length - t))) / growth
    }
    func density(_ t: Double) -> Double {
      1 / coarse + 1 / (contact + growth * t) + 1 / (edge + growth * (length - t))
    }
    let total = count(length)
    var result = [Double](repeating: 0, count: n + 1)
    var t = 0.0
    for i in 1..<n {
      let target = total * Double(i) / Double(n)
      var low = t
      var high = length
      t = min(high, t + total / Double(n) / density(t))
      for _ in 0..<30 {
        let miss = count(t) - target
        if miss > 0 { high = t } else { low = t }
        if abs(miss) < 1e-6 { break }
        let next = t - miss / density(t)
        t = next > low && next < high ? next : (low + high) / 2
      }
      result[i] = t / length
    }
    result[n] = 1
    return result
  }

  /// The nodes, their radii and the Simpson weights in x for an inner end.
  private func nodes(_ state: DiscState, inner: Double) -> (x: [Double], r: [Double]) {
    let x = state.mesh.map { inner * (1 - $0) }
    return (x, x.map { Double.exp($0) })
  }

  /// The depth of a state whose inner end stands at `inner`.
  private func depth(_ state: DiscState, inner: Double) -> Double {
    let u = state.unknowns
    var sum = 0.0
    for i in state.mesh.indices {
      sum += state.weights[i] * u[2 * i] * Double.exp(inner * (1 - state.mesh[i]))
    }
    sum *= -inner
    let r0 = Double.exp(inner)
    if state.pointLoad {
      return sum + r0 * u[0] / 2 + state.force * r0 * r0 / (16 * Double.pi * bending)
    }
    return sum + r0 * r0 / (2 * tipRadius)
  }

  /// The residuals of all equations for a state, and the Jacobian where asked for.
  ///
  /// Fourth-order compact differences: (y₊ − y)/k − (y − y₋)/h = ∫ hat · y″ with y″ through the three
  /// points of each node, and at the ends with the known slopes.
  private func residuals(
    _ state: DiscState, inner: Double, force: Double, jacobian: inout BandedMatrix?
  ) -> [Double] {
    let u = state.unknowns
    let n = state.mesh.count - 1
    let (x, r) = nodes(state, inner: inner)
    let d = bending
    let load = force / (2 * Double.pi)
    let plate = d > 0
    var result = [Double](repeating: 0, count: 2 * n + 2)
    let wantsJacobian = jacobian != nil
    var band = jacobian ?? BandedMatrix(size: 0, lower: 0, upper: 0)

    // f = D θ_xx and g = ψ_xx at a node, with their derivatives.
    func f(_ i: Int) -> Double { d * u[2 * i] + r[i] * (u[2 * i + 1] * u[2 * i] - load) }
    func g(_ i: Int) -> Double { u[2 * i + 1] - r[i] * u[2 * i] * u[2 * i] / 2 }
    func addF(_ w: Double, _ row: Int, _ i: Int) {
      band.add(-w * (d + r[i] * u[2 * i + 1]), row, 2 * i)
      band.add(-w * r[i] * u[2 * i], row, 2 * i + 1)
    }
    func addG(_ w: Double, _ row: Int, _ i: Int) {
      band.add(w * r[i] * u[2 * i], row, 2 * i)
      band.add(-w, row, 2 * i + 1)
    }

    for i in 1..<max(n, 1) {
      let h = x[i] - x[i - 1]
      let k = x[i + 1] - x[i]
      let wm = (h * h + h * k - k * k) / (12 * h)
      let wp = (k * k + h * k - h * h) / (12 * k)
      let w0 = (h + k) / 2 - wm - wp
      if plate {
        result[2 * i] =
          d * ((u[2 * i + 2] - u[2 * i]) / k - (u[2 * i] - u[2 * i - 2]) / h)
          - wm * f(i - 1) - w0 * f(i) - wp * f(i + 1)
      }
      result[2 * i + 1] =
        (u[2 * i + 3] - u[2 * i + 1]) / k - (u[2 * i + 1] - u[2 * i - 1]) / h
        - wm * g(i - 1) - w0 * g(i) - wp * g(i + 1)
      if wantsJacobian {
        for (row, stiffness) in [(2 * i, d), (2 * i + 1, 1)] where row % 2 == 1 || plate {
          band.add(stiffness / h, row, row - 2)
          band.add(-stiffness * (1 / h + 1 / k), row, row)
          band.add(stiffness / k, row, row + 2)
        }
        if plate {
          addF(wm, 2 * i, i - 1)
          addF(w0, 2 * i, i)
          addF(wp, 2 * i, i + 1)
        }
        addG(wm, 2 * i + 1, i - 1)
        addG(w0, 2 * i + 1, i)
        addG(wp, 2 * i + 1, i + 1)
      }
    }
    if !plate {
      for i in 0...n {
        result[2 * i] = u[2 * i + 1] * u[2 * i] - load
        band.add(u[2 * i + 1], 2 * i, 2 * i)
        band.add(u[2 * i], 2 * i, 2 * i + 1)
      }
    }

    // The inner end: slopes of θ and ψ there, and their derivatives by θ₀ and ψ₀.
    let theta = u[0]
    let psi = u[1]
    let c = r[0]
    let k = x[1] - x[0]
    var psiX = psi - c * c * c / (8 * tipRadius * tipRadius)
    var psiXTheta = 0.0
    var thetaX = c / tipRadius
    var thetaXTheta = 0.0
    var thetaXPsi = 0.0
    if state.pointLoad {
      psiX = psi - c * theta * theta / 8
      psiXTheta = -c * theta / 4
      thetaX = theta - force * c / (4 * Double.pi * d)
      thetaXTheta = 1
    } else if !plate {
      thetaX = -theta * psiX / psi
      thetaXTheta = -psiX / psi
      thetaXPsi = -theta / psi + theta * psiX / (psi * psi)
    }
    if plate {
      let slope = d * thetaX + c * (psi * theta - load) + c * (psiX * theta + psi * thetaX)
      result[0] =
        d * ((u[2] - theta) / k - thetaX) - k / 12 * (5 * f(0) + f(1)) - k * k / 12 * slope
      band.add(d / k, 0, 2)
      band.add(-d / k - d * thetaXTheta, 0, 0)
      addF(5 * k / 12, 0, 0)
      addF(k / 12, 0, 1)
      let byTheta =
        d * thetaXTheta + c * psi + c * (psiX + psiXTheta * theta + psi * thetaXTheta)
      let byPsi = c * theta + c * (theta + thetaX)
      band.add(-k * k / 12 * byTheta, 0, 0)
      band.add(-k * k / 12 * byPsi, 0, 1)
    }
    let slope = psiX - c * (theta * theta / 2 + theta * thetaX)
    result[1] = (u[3] - psi) / k - psiX - k / 12 * (5 * g(0) + g(1)) - k * k / 12 * slope
    band.add(1 / k, 1, 3)
    band.add(-1 / k - 1, 1, 1)
    band.add(-psiXTheta, 1, 0)
    addG(5 * k / 12, 1, 0)
    addG(k / 12, 1, 1)
    band.add(
      -k * k / 12 * (psiXTheta - c * (theta + thetaX + theta * thetaXTheta)), 1, 0)
    band.add(-k * k / 12 * (1 - c * theta * thetaXPsi), 1, 1)

    // The clamped edge.
    let m = 2 * n
    let h = x[n] - x[n - 1]
    let edgeX = poisson * u[m + 1] + (1 - poisson) * tension
    var edgeSlope = edgeX
    if plate {
      result[m] = u[m]
      band.add(1, m, m)
    } else {
      let t = u[m]
      let p = u[m + 1]
      edgeSlope += -t * t / 2 + t * t * edgeX / p
      let byTheta = -t + 2 * t * edgeX / p
      let byPsi = t * t * (poisson / p - edgeX / (p * p))
      band.add(h * h / 12 * byTheta, m + 1, m)
      band.add(h * h / 12 * byPsi, m + 1, m + 1)
    }
    result[m + 1] =
      (u[m - 1] - u[m + 1]) / h + edgeX - h / 12 * (5 * g(n) + g(n - 1)) + h * h / 12 * edgeSlope
    band.add(1 / h, m + 1, m - 1)
    band.add(-1 / h + poisson + h * h / 12 * poisson, m + 1, m + 1)
    addG(5 * h / 12, m + 1, n)
    addG(h / 12, m + 1, n - 1)
    if wantsJacobian { jacobian = band }
    return result
  }

  private func residuals(_ state: DiscState, inner: Double, force: Double) -> [Double] {
    var none: BandedMatrix?
    return residuals(state, inner: inner, force: force, jacobian: &none)
  }

  /// Newton's method from a state in the same mode; nil where it does not converge.
  func newton(from guess: DiscState, force: Double) -> DiscState? {
    var state = guess
    state.force = force
    let size = state.unknowns.count
    let step = 1e-5
    for _ in 0..<25 {
      var jacobian: BandedMatrix? = BandedMatrix(size: size, lower: 3, upper: 3)
      let residual = residuals(state, inner: state.inner, force: force, jacobian: &jacobian)
      guard var band = jacobian, band.factorise(), let y = band.solve(residual) else { return nil }
      var change = y.map { -$0 }
      var shift = 0.0
      var byInner: [Double]?
      if !state.pointLoad {
        let up = residuals(state, inner: state.inner + step, force: force)
        let down = residuals(state, inner: state.inner - step, force: force)
        let column = zip(up, down).map { ($0 - $1) / (2 * step) }
        guard let z = band.solve(column) else { return nil }
        // Extra equation θ₀ − c/R = 0, whose derivative by ln c is −c/R.
        let slope = Double.exp(state.inner) / tipRadius
        let denominator = -slope - z[0]
        guard denominator != 0 else { return nil }
        shift = (-(state.unknowns[0] - slope) + y[0]) / denominator
        for i in 0..<size { change[i] -= z[i] * shift }
        byInner = z
      }
      guard shift.isFinite, change.allSatisfy(\.isFinite) else { return nil }
      var fraction = min(1, 1 / max(abs(shift), 1e-300))
      if bending == 0 {
        for i in stride(from: 1, to: size, by: 2) where change[i] < -0.8 * state.unknowns[i] {
          fraction = min(fraction, -0.8 * state.unknowns[i] / change[i])
        }
      }
      var sizes = (0.0, 0.0)
      var moves = (0.0, 0.0)
      for i in stride(from: 0, to: size, by: 2) {
        state.unknowns[i] += fraction * change[i]
        state.unknowns[i + 1] += fraction * change[i + 1]
        sizes = (max(sizes.0, abs(state.unknowns[i])), max(sizes.1, abs(state.unknowns[i + 1])))
        moves = (max(moves.0, abs(change[i])), max(moves.1, abs(change[i + 1])))
      }
      state.inner += fraction * shift
      guard state.inner < -0.05, state.inner > -600 else { return nil }
      let done = moves.0 <= 1e-7 * sizes.0 && moves.1 <= 1e-7 * sizes.1 && abs(shift) <= 1e-7
      if done && fraction == 1 {
        return finish(state, band: band, byInner: byInner)
      }
    }
    return nil
  }

  /// Depth and its derivatives from the factors of the last step.
  private func finish(_ solved: DiscState, band: BandedMatrix, byInner: [Double]?) -> DiscState? {
    var state = solved
    state.depth = depth(state, inner: state.inner)
    let inner = state.inner
    let r0 = Double.exp(inner)
    var depthByUnknown = [Double](repeating: 0, count: state.unknowns.count)
    for i in state.mesh.indices {
      depthByUnknown[2 * i] =
        -inner * state.weights[i] * Double.exp(inner * (1 - state.mesh[i]))
    }
    if state.pointLoad { depthByUnknown[0] += r0 / 2 }
    let step = 1e-5
    let depthByInner =
      (depth(state, inner: inner + step) - depth(state, inner: inner - step)) / (2 * step)
    let base = residuals(state, inner: inner, force: state.force)

    // dδ/dq for a parameter whose residual column is given: all equations are linear in F, s and D.
    func derivative(_ column: [Double]) -> Double? {
      guard let y = band.solve(column) else { return nil }
      var change = y.map { -$0 }
      var shift = 0.0
      if let z = byInner {
        shift = y[0] / (-r0 / tipRadius - z[0])
        for i in change.indices { change[i] -= z[i] * shift }
      }
      var sum = state.pointLoad ? 0 : depthByInner * shift
      for i in stride(from: 0, to: change.count, by: 2) { sum += depthByUnknown[i] * change[i] }
      return sum
    }
    let forceStep = state.force * 1e-3
    let byForce = residuals(state, inner: inner, force: state.force + forceStep)
    guard let slope = derivative(zip(byForce, base).map { ($0 - $1) / forceStep }) else {
      return nil
    }
    state.depthByForce = slope
    if state.pointLoad { state.depthByForce += r0 * r0 / (16 * Double.pi * bending) }
    var other = self
    let tensionStep = max(abs(tension), 1e-6) * 1e-3
    other.tension += tensionStep
    let byTension = other.residuals(state, inner: inner, force: state.force)
    guard let pull = derivative(zip(byTension, base).map { ($0 - $1) / tensionStep }) else {
      return nil
    }
    state.depthByTension = pull
    if bending > 0 {
      other = self
      let bendingStep = bending * 1e-3
      other.bending += bendingStep
      let byBending = other.residuals(state, inner: inner, force: state.force)
      guard let stiff = derivative(zip(byBending, base).map { ($0 - $1) / bendingStep }) else {
        return nil
      }
      state.depthByBending = stiff
    }
    guard state.depth.isFinite, state.depth > 0, state.depthByForce.isFinite,
      state.depthByForce > 0
    else { return nil }
    return state
  }
}
