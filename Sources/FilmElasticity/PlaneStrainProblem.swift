public import NumericalMethods

/// A linear plane-strain problem on a strip: stiffness, prescribed displacements, loads, solution.
///
/// Unknown 2n is the displacement of node n along x, 2n + 1 that along y; displacements in m, forces
/// per unit of width out of the plane in N/m.
public struct PlaneStrainProblem: Sendable {
  /// A component of a displacement or a force.
  public enum Component: Int, Hashable, Sendable, CaseIterable {
    /// Along the strip.
    case x
    /// Across the strip.
    case y
  }

  /// The mesh.
  public let mesh: StripMesh
  /// The stiffness matrix before any displacement is prescribed.
  public private(set) var stiffness: SymmetricBandMatrix
  /// The nodal forces in N/m.
  public var forces: [Double]
  /// The prescribed displacements by unknown; nil where it is free.
  public internal(set) var prescribed: [Double?]

  /// The problem of a mesh whose elements have a material each.
  public init(
    mesh: StripMesh, material: (_ column: Int, _ row: Int) -> ElasticMaterial
  ) {
    self.mesh = mesh
    var matrix = SymmetricBandMatrix(size: mesh.unknowns, bandwidth: mesh.bandwidth)
    mesh.forEachStiffness(material) { nodes, stiffness in
      let size = 2 * nodes.count
      for a in 0..<size {
        let row = 2 * nodes[a / 2] + a % 2
        for b in 0...a { matrix.add(stiffness[a * size + b], row, 2 * nodes[b / 2] + b % 2) }
      }
    }
    stiffness = matrix
    forces = [Double](repeating: 0, count: mesh.unknowns)
    prescribed = [Double?](repeating: nil, count: mesh.unknowns)
  }

  /// The problem of a mesh of one material.
  public init(mesh: StripMesh, material: ElasticMaterial) {
    self.init(mesh: mesh) { _, _ in material }
  }

  /// Prescribes a displacement in m of the node (i, j).
  public mutating func fix(_ i: Int, _ j: Int, _ component: Component, at value: Double = 0) {
    let unknown = 2 * mesh.node(i, j) + component.rawValue
    guard prescribed.indices.contains(unknown) else { return }
    prescribed[unknown] = value
  }

  /// Adds a stiffness in Pa (force per displacement and width) between two unknowns.
  public mutating func addStiffness(_ value: Double, _ a: Int, _ b: Int) {
    stiffness.add(value, a, b)
  }

  /// Adds a body force in N/m³ (per volume), given at each place.
  public mutating func addBodyForce(
    gauss count: Int? = nil, _ force: (_ x: Double, _ y: Double) -> (x: Double, y: Double)
  ) {
    mesh.forEachPoint(gauss: count ?? mesh.element.order + 3) { nodes, point, weight in
      let value = force(point.x, point.y)
      for (n, node) in nodes.enumerated() {
        forces[2 * node] += weight * point.values[n] * value.x
        forces[2 * node + 1] += weight * point.values[n] * value.y
      }
    }
  }

  /// The matrix with the rows and columns of prescribed unknowns made those of a scaled unit matrix.
  public func constrainedMatrix() -> SymmetricBandMatrix {
    var matrix = stiffness
    for (unknown, value) in prescribed.enumerated() where value != nil {
      matrix.isolate(unknown, diagonal: max(stiffness[unknown, unknown], 1e-300))
    }
    return matrix
  }

  /// The right-hand side for ``constrainedMatrix()``.
  public func constrainedForces() -> [Double] {
    let given = prescribed.map { $0 ?? 0 }
    var right = forces
    if given.contains(where: { $0 != 0 }), let carried = stiffness.times(given) {
      for i in right.indices { right[i] -= carried[i] }
    }
    for (unknown, value) in prescribed.enumerated() {
      if let value { right[unknown] = value * max(stiffness[unknown, unknown], 1e-300) }
    }
    return right
  }

  /// The displacements in m; nil where the prescribed ones do not hold the body.
  public func solve() -> [Double]? {
    var matrix = constrainedMatrix()
    guard matrix.factorise() else { return nil }
    return matrix.solve(constrainedForces())
  }

  /// The strain energy ½ uᵀKu of displacements in J/m.
  public func strainEnergy(_ u: [Double]) -> Double {
    guard let force = stiffness.times(u) else { return 0 }
    var sum = 0.0
    for i in u.indices { sum += u[i] * force[i] }
    return sum / 2
  }

  /// The strain at every quadrature point of the stiffness, with the place.
  public func strains(_ u: [Double]) -> [(x: Double, y: Double, strain: PlaneStrain)] {
    var result: [(x: Double, y: Double, strain: PlaneStrain)] = []
    guard u.count == mesh.unknowns else { return result }
    mesh.forEachPoint(gauss: mesh.element.order + 1) { nodes, point, _ in
      let local = nodes.flatMap { [u[2 * $0], u[2 * $0 + 1]] }
      result.append((point.x, point.y, point.strain(local)))
    }
    return result
  }

  /// The L2 norm of the difference from an exact displacement, over that of the exact one.
  public func relativeError(
    _ u: [Double], exact: (_ x: Double, _ y: Double) -> (x: Double, y: Double)
  ) -> Double {
    guard u.count == mesh.unknowns else { return .infinity }
    var (error, norm) = (0.0, 0.0)
    mesh.forEachPoint(gauss: mesh.element.order + 3) { nodes, point, weight in
      let found = point.displacement(nodes.flatMap { [u[2 * $0], u[2 * $0 + 1]] })
      let wanted = exact(point.x, point.y)
      let (dx, dy) = (found.x - wanted.x, found.y - wanted.y)
      error += weight * (dx * dx + dy * dy)
      norm += weight * (wanted.x * wanted.x + wanted.y * wanted.y)
    }
    return (error / norm).squareRoot()
  }
}
