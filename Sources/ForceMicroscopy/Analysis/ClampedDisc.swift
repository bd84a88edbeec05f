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
  var mesh: DiscMesh
  /// θ and ψ, node by node.
  var unknowns: [DiscPair]

  /// The contact radius over a; 0 under a point load.
  var contactRadius: Double { pointLoad ? 0 : Double.exp(inner) }

  /// The radial tension under the tip over Y.
  var centreTension: Double {
    let r = Double.exp(inner)
    guard let first = unknowns.first, r > 0 else { return .nan }
    return first.y / r + (pointLoad ? 0 : first.x * first.x / 16)
  }

  /// ψ at the edge, the radial tension there over Y.
  var edgeTension: Double { unknowns.last?.y ?? .nan }
}

extension ClampedDisc {
  /// The length over which bending fades, √(D/N).
  private func bendingLength(_ tension: Double) -> Double {
    min(1, (bending / max(tension, bending)).squareRoot())
  }

  /// The steps in ln r that the layers at the contact and at the edge ask for.
  private func finestSteps(
    inner: Double, centreTension: Double, edgeTension: Double, pointLoad: Bool
  ) -> (contact: Double, edge: Double) {
    guard bending > 0 else { return (DiscMesh.coarse, DiscMesh.coarse) }
    let edge = min(DiscMesh.coarse, 0.15 * bendingLength(edgeTension))
    if pointLoad { return (DiscMesh.coarse, edge) }
    return (min(DiscMesh.coarse, 0.15 * bendingLength(centreTension) / Double.exp(inner)), edge)
  }

  /// A mesh from `inner` to 0 in x = ln r, fine where bending layers stand at the edge and the contact.
  func mesh(
    inner: Double, centreTension: Double, edgeTension: Double, pointLoad: Bool
  ) -> DiscMesh {
    let steps = finestSteps(
      inner: inner, centreTension: centreTension, edgeTension: edgeTension, pointLoad: pointLoad)
    return DiscMesh(length: -inner, contact: steps.contact, edge: steps.edge)
  }

  /// Whether the mesh of a state still resolves its layers.
  func meshFits(_ state: DiscState) -> Bool {
    let steps = finestSteps(
      inner: state.inner, centreTension: state.centreTension, edgeTension: state.edgeTension,
      pointLoad: state.pointLoad)
    return state.mesh.fits(length: -state.inner, contact: steps.contact, edge: steps.edge)
  }

  /// The depth of a state whose inner end stands at `inner`.
  private func depth(_ state: DiscState, inner: Double) -> Double {
    var sum = 0.0
    for (node, u) in zip(state.mesh.nodes, state.unknowns) {
      sum += node.simpson * u.x * Double.exp(inner * (1 - node.fraction))
    }
    sum *= -inner
    let r0 = Double.exp(inner)
    if state.pointLoad {
      return sum + r0 * (state.unknowns.first?.x ?? 0) / 2
        + state.force * r0 * r0 / (16 * Double.pi * bending)
    }
    return sum + r0 * r0 / (2 * tipRadius)
  }

  /// Newton's method from a state in the same mode; nil where it does not converge.
  func newton(from guess: DiscState, force: Double) -> DiscState? {
    var state = guess
    state.force = force
    let tolerance = 1e-5
    for _ in 0..<25 {
      let rows = rows(state, length: -state.inner, force: force)
      let factors = DiscFactors(rows)
      var change = factors.solve(rows.map { $0.residual })
      guard let first = change.first else { return nil }
      // The inner end is an unknown of its own, with the equation θ₀ − c/R = 0.
      var shift = 0.0
      var byInner: [DiscPair]?
      if !state.pointLoad {
        let z = factors.solve(rows.map { -$0.byLength })
        guard let top = z.first else { return nil }
        let slope = Double.exp(state.inner) / tipRadius
        let denominator = -slope - top.x
        guard denominator != 0 else { return nil }
        shift = (-(state.unknowns[0].x - slope) + first.x) / denominator
        for i in change.indices { change[i] += z[i] * shift }
        byInner = z
      }
      guard shift.isFinite else { return nil }
      var fraction = min(1, 1 / max(abs(shift), 1e-300))
      var sizes = DiscPair.zero
      var moves = DiscPair.zero
      for (u, step) in zip(state.unknowns, change) {
        sizes = pointwiseMax(sizes, pointwiseMax(u, -u))
        moves = pointwiseMax(moves, pointwiseMax(step, -step))
        // A membrane stays in tension.
        if bending == 0, step.y > 0.8 * u.y { fraction = min(fraction, 0.8 * u.y / step.y) }
      }
      guard moves.x.isFinite, moves.y.isFinite else { return nil }
      for i in change.indices { state.unknowns[i] -= change[i] * fraction }
      state.inner += fraction * shift
      guard state.inner < -0.05, state.inner > -600 else { return nil }
      let done =
        moves.x <= tolerance * sizes.x && moves.y <= tolerance * sizes.y
        && abs(shift) <= tolerance
      if done && fraction == 1 {
        return finish(state, factors: factors, byInner: byInner)
      }
    }
    return nil
  }

  /// Depth and its derivatives from the factors of the last step.
  private func finish(
    _ solved: DiscState, factors: DiscFactors, byInner: [DiscPair]?
  ) -> DiscState? {
    var state = solved
    let inner = state.inner
    let r0 = Double.exp(inner)
    state.depth = depth(state, inner: inner)
    var depthByTheta = state.mesh.nodes.map {
      -inner * $0.simpson * Double.exp(inner * (1 - $0.fraction))
    }
    if state.pointLoad { depthByTheta[0] += r0 / 2 }
    let step = 1e-5
    let depthByInner =
      (depth(state, inner: inner + step) - depth(state, inner: inner - step)) / (2 * step)

    // dδ/dq for a parameter whose residual column is given: all equations are linear in F, s and D.
    func derivative(_ column: [DiscPair]) -> Double? {
      let y = factors.solve(column)
      guard let top = y.first else { return nil }
      var sum = 0.0
      for (weight, v) in zip(depthByTheta, y) { sum -= weight * v.x }
      guard let z = byInner, let edge = z.first else { return sum }
      let shift = top.x / (-r0 / tipRadius - edge.x)
      for (weight, v) in zip(depthByTheta, z) { sum -= weight * v.x * shift }
      return sum + depthByInner * shift
    }
    let columns = parameterColumns(state, length: -inner)
    guard let slope = derivative(columns.byForce), let pull = derivative(columns.byTension) else {
      return nil
    }
    state.depthByForce = slope
    if state.pointLoad { state.depthByForce += r0 * r0 / (16 * Double.pi * bending) }
    state.depthByTension = pull
    if bending > 0 {
      guard let stiff = derivative(columns.byBending) else { return nil }
      state.depthByBending = stiff
    }
    guard state.depth.isFinite, state.depth > 0, state.depthByForce.isFinite,
      state.depthByForce > 0
    else { return nil }
    return state
  }
}
