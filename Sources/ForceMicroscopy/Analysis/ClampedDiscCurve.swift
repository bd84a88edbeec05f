internal import NumericalMethods
internal import RealModule

extension ClampedDisc {
  /// The contact below which the load counts as a point: a thousandth of the bending length.
  private static let pointRadius = 1e-3

  /// A first state at a force so small that the film answers linearly.
  private func start(force: Double) -> DiscState? {
    if bending > 0 {
      let length = min(1, (bending / max(abs(tension), bending)).squareRoot())
      let inner = Double.log(Self.pointRadius * length)
      let mesh = mesh(
        inner: inner, centreTension: tension, edgeTension: tension, pointLoad: true)
      let unknowns = radii(mesh, length: -inner).map { DiscPair(0, tension * $0) }
      let guess = DiscState(
        force: force, inner: inner, pointLoad: true, mesh: mesh, unknowns: unknowns)
      guard let state = newton(from: guess, force: force) else { return nil }
      return settle(state)
    }
    guard tension > 0 else { return nil }
    let c = (force * tipRadius / (2 * Double.pi * tension)).squareRoot()
    let inner = Double.log(c)
    guard inner < -0.1 else { return nil }
    let mesh = mesh(
      inner: inner, centreTension: tension, edgeTension: tension, pointLoad: false)
    let unknowns = radii(mesh, length: -inner).map { r in
      DiscPair(force / (2 * Double.pi * tension * r), tension * r)
    }
    return newton(
      from: DiscState(
        force: force, inner: inner, pointLoad: false, mesh: mesh, unknowns: unknowns),
      force: force)
  }

  /// A state on another inner end and mode, its unknowns interpolated.
  private func moved(_ state: DiscState, inner: Double, pointLoad: Bool) -> DiscState {
    let mesh = mesh(
      inner: inner, centreTension: state.centreTension, edgeTension: state.edgeTension,
      pointLoad: pointLoad)
    let old = state.mesh.nodes.map { state.inner * (1 - $0.fraction) }
    let last = old.count - 1
    var j = 0
    let unknowns = mesh.nodes.map { node -> DiscPair in
      let x = inner * (1 - node.fraction)
      while j < last - 1, old[j + 1] < x { j += 1 }
      if x <= old[0] { return state.unknowns[0] * Double.exp(x - old[0]) }
      let t = min(1, (x - old[j]) / (old[j + 1] - old[j]))
      return state.unknowns[j] * (1 - t) + state.unknowns[j + 1] * t
    }
    return DiscState(
      force: state.force, inner: inner, pointLoad: pointLoad, mesh: mesh, unknowns: unknowns)
  }

  /// Changes between point load and contact where the contact radius asks for it.
  private func settle(_ state: DiscState) -> DiscState? {
    guard bending > 0 else { return state }
    let length = min(1, (bending / max(state.centreTension, bending)).squareRoot())
    let limit = Double.log(Self.pointRadius * length)
    if state.pointLoad {
      // Outside a small contact θ = r(A − κ ln r) − κc²/2r·…: θ(c) = c/R and θ′(c) = 1/R give ln c.
      let kappa = state.force / (4 * Double.pi * bending)
      let a = state.unknowns[0].x / Double.exp(state.inner) + kappa * state.inner
      let predicted = (a - 1 / tipRadius) / kappa - 0.5
      guard predicted > limit else {
        if state.inner > limit + 0.7 {
          return newton(
            from: moved(state, inner: limit, pointLoad: true), force: state.force) ?? state
        }
        return state
      }
      let guess = moved(state, inner: min(predicted, -0.2), pointLoad: false)
      return newton(from: guess, force: state.force)
    }
    if state.inner < limit - 0.7 {
      return newton(from: moved(state, inner: limit, pointLoad: true), force: state.force) ?? state
    }
    return state
  }

  /// Goes from one state to a greater or smaller force, in smaller steps where need be.
  func advance(_ state: DiscState, to force: Double) -> DiscState? {
    var current = state
    var steps = 0
    var ratio = force / current.force
    while steps < 60 {
      steps += 1
      let remaining = force / current.force
      let factor = abs(Double.log(remaining)) <= abs(Double.log(ratio)) ? remaining : ratio
      let target = factor == remaining ? force : current.force * factor
      if let raw = newton(from: current, force: target), let next = settle(raw) {
        current = regridded(next)
        if target == force { return current }
        ratio *= ratio.squareRoot()
      } else {
        ratio = Double.exp(Double.log(factor) / 2)
        if abs(Double.log(ratio)) < 1e-3 { return nil }
      }
    }
    return nil
  }

  /// The same solution on a mesh that fits its layers, where the old one no longer does.
  private func regridded(_ state: DiscState) -> DiscState {
    if meshFits(state) { return state }
    let guess = moved(state, inner: state.inner, pointLoad: state.pointLoad)
    return newton(from: guess, force: state.force) ?? state
  }

  /// The states at ascending forces; nil where the film has no solution (buckled, or the tip fills the
  /// hole).
  ///
  /// - Parameters:
  ///   - forces: forces over Ya, ascending, above 0.
  ///   - guesses: states of a similar film at ascending forces; the nearest is used where it leads to a
  ///     solution.
  func curve(forces: [Double], guesses: [DiscState] = []) -> [DiscState]? {
    guard let first = forces.first, first > 0, tipRadius > 0, bending >= 0, poisson > -1,
      poisson < 1, forces.allSatisfy(\.isFinite)
    else { return nil }
    var result: [DiscState] = []
    result.reserveCapacity(forces.count)
    var near = 0
    for force in forces {
      while near + 1 < guesses.count, guesses[near + 1].force * guesses[near].force < force * force
      {
        near += 1
      }
      if near < guesses.count, guesses[near].pointLoad ? bending > 0 : true,
        abs(Double.log(guesses[near].force / force)) < 0.8,
        let state = newton(from: guesses[near], force: force), let settled = settle(state)
      {
        result.append(settled)
        continue
      }
      if let last = result.last {
        guard let state = advance(last, to: force) else { return nil }
        result.append(state)
        continue
      }
      let nonlinear =
        bending > 0
        ? 5 * bending * bending.squareRoot() : 0.3 * tension * tension * tipRadius
      var seed = min(force, nonlinear)
      var state = start(force: seed)
      for _ in 0..<6 where state == nil {
        seed *= 0.1
        state = start(force: seed)
      }
      guard let begun = state else { return nil }
      guard let arrived = seed == force ? begun : advance(begun, to: force) else { return nil }
      result.append(arrived)
    }
    return result
  }
}
