import NumericalMethods
import Testing

@testable import ForceMicroscopy

private func disc(_ nu: Double, _ s: Double, _ r: Double, _ d: Double) -> ClampedDisc {
  ClampedDisc(poisson: nu, tipRadius: r, tension: s, bending: d)
}

@Test func dbg() throws {
  let rows: [(Double, Double, Double, Double, [(Double, Double)])] = [
    (0.2, 6e-4, 0.037, 0, [(1e-6, 0.00147915), (2e-5, 0.0149445), (4e-4, 0.0669796)]),
    (0.3, 1e-4, 0.05, 0, [(1e-6, 0.00498057), (2e-5, 0.0239539), (4e-4, 0.0701151)]),
    (0.2, 6e-4, 0.037, 4.8e-6, [(1e-6, 0.00058458), (2e-5, 0.010634), (4e-4, 0.062727)]),
    (0.25, 5e-4, 0.04, 1e-4, [(1e-6, 0.00015235), (2e-5, 0.0030391), (4e-4, 0.041539)]),
  ]
  for (nu, s, r, d, points) in rows {
    let clock = ContinuousClock()
    let t0 = clock.now
    let states = disc(nu, s, r, d).curve(forces: points.map(\.0))
    print(nu, s, r, d, clock.now - t0)
    for (state, p) in zip(states ?? [], points) {
      print("  ", p.0, state.depth, state.depth / p.1 - 1, state.pointLoad, state.inner, state.centreTension)
    }
  }
}
