internal import FilmElasticity
internal import NumericalMethods

/// A film over a debonded region: half of a symmetric strip on a cohesive interface.
///
/// The mesh runs from the far end to the middle, so that the columns whose interface changes during
/// loading come last in the matrix and only they are factorised anew.
struct CohesiveFilm: Sendable {
  /// The geometry and the material.
  struct Geometry: Hashable, Sendable {
    /// Thickness, half length and half width of the debonded region in m.
    var thickness: Double, halfLength: Double
    /// The columns of elements over the half length, and those over the debonded region.
    var columns: Int, damagedColumns: Int
    /// The rows of elements over the thickness.
    var rows: Int
    var material: ElasticMaterial

    /// The half width of the debonded region in m.
    var initialDamage: Double { halfLength * Double(damagedColumns) / Double(columns) }
  }

  let geometry: Geometry
  /// The law of the interface; nil for a rigid bond.
  let law: CohesiveLaw?
  /// The undersides of the columns that are bonded, from the far end on.
  let bonded: [BaseEdge]
  private let mesh: StripMesh
  private let loads: [Double]
  /// The film alone, with its symmetry conditions.
  private let film: SymmetricBandMatrix
  private var matrix: SymmetricBandMatrix

  init(_ geometry: Geometry, law: CohesiveLaw?) {
    self.geometry = geometry
    self.law = law
    mesh = StripMesh(
      length: geometry.halfLength, thickness: geometry.thickness, columns: geometry.columns,
      rows: geometry.rows, element: .q2)
    var problem = PlaneStrainProblem(mesh: mesh, material: geometry.material)
    for j in 0..<mesh.nodesAcross {
      problem.fix(0, j, .x)
      problem.fix(mesh.nodesAlong - 1, j, .x)
    }
    let intact = geometry.columns - geometry.damagedColumns
    if law == nil {
      for i in 0...(2 * intact) {
        problem.fix(i, 0, .x)
        problem.fix(i, 0, .y)
      }
    }
    problem.addBasePressure(1, columns: intact..<geometry.columns)
    loads = problem.constrainedForces()
    film = problem.constrainedMatrix()
    matrix = film
    bonded = (0..<intact).map { [mesh] in mesh.baseEdge(column: $0) }
  }

  /// The number of points of the interface: three a column.
  var points: Int { 3 * bonded.count }

  /// The displacements under a pressure in Pa on a rigid bond.
  mutating func solveRigid(pressure: Double) -> [Double]? {
    matrix = film
    guard matrix.factorise() else { return nil }
    return matrix.solve(loads.map { $0 * pressure })
  }

  /// The opening and slip of the interface in m at its points.
  func openings(_ u: [Double]) -> [(opening: Double, slip: Double)] {
    var result: [(opening: Double, slip: Double)] = []
    result.reserveCapacity(points)
    for edge in bonded {
      for point in edge.points {
        var (opening, slip) = (0.0, 0.0)
        for (node, shape) in zip(edge.nodes, point.shapes) {
          slip += shape * u[2 * node]
          opening += shape * u[2 * node + 1]
        }
        result.append((opening, slip))
      }
    }
    return result
  }

  /// One step of Newton's method, or of the secant method, from displacements `u`.
  ///
  /// - Returns: the new displacements; nil where the film with its interface is not stable.
  mutating func step(
    pressure: Double, from u: [Double], damage: [Double], secant: Bool
  ) -> [Double]? {
    guard let law else { return nil }
    // The interface's stiffness in a band over the base's unknowns (u, v of node 0, 1, …), and
    // the right-hand side Σ w·Nᵀ(D·δ − t).
    let reach = 6
    var band = [Double](repeating: 0, count: 2 * (2 * bonded.count + 1) * reach)
    var right = loads.map { $0 * pressure }
    let openings = openings(u)
    for (column, edge) in bonded.enumerated() {
      for (index, point) in edge.points.enumerated() {
        let (opening, slip) = openings[3 * column + index]
        let answer = law.respond(
          opening: opening, slip: slip, damage: damage[3 * column + index], secant: secant)
        let normal = point.weight * (answer.nn * opening + answer.nt * slip - answer.normal)
        let shear = point.weight * (answer.tt * slip + answer.nt * opening - answer.shear)
        for a in 0..<3 {
          let shapeA = point.shapes[a]
          right[2 * edge.nodes[a]] += shapeA * shear
          right[2 * edge.nodes[a] + 1] += shapeA * normal
          for b in 0...a {
            let weight = point.weight * shapeA * point.shapes[b]
            // Rows (a, x) and (a, y), columns (b, x) and (b, y), lower triangle by columns.
            let first = 2 * (2 * column + b) * reach + 2 * (a - b)
            band[first] += weight * answer.tt
            band[first + 1] += weight * answer.nt
            if a != b { band[first + reach - 1] += weight * answer.nt }
            band[first + reach] += weight * answer.nn
          }
        }
      }
    }
    for j in 0..<(2 * (2 * bonded.count + 1)) {
      let column = 2 * mesh.node(j / 2, 0) + j % 2
      for offset in 0..<reach where j + offset < 2 * (2 * bonded.count + 1) {
        let i = j + offset
        let row = 2 * mesh.node(i / 2, 0) + i % 2
        if isHeld(row) || isHeld(column) { continue }
        matrix.set(film[row, column] + band[j * reach + offset], row, column)
      }
    }
    for unknown in 0..<(2 * mesh.nodesAcross) where isHeld(unknown) { right[unknown] = 0 }
    guard matrix.factorise() else { return nil }
    return matrix.solve(right)
  }

  /// Whether an unknown is held by symmetry; the middle's are never bonded.
  private func isHeld(_ unknown: Int) -> Bool {
    unknown % 2 == 0 && unknown < 2 * mesh.nodesAcross
  }

  /// The numbers of the base nodes from the middle to the far end, with their places in m.
  var baseNodes: [(x: Double, node: Int)] {
    (0..<mesh.nodesAlong).reversed().map { i in
      let node = mesh.node(i, 0)
      return (geometry.halfLength - mesh.x[node], node)
    }
  }

  /// The displacement of the underside in the middle in m.
  func opening(_ u: [Double]) -> Double { u[2 * mesh.node(mesh.nodesAlong - 1, 0) + 1] }

  /// The number of unknowns.
  var unknowns: Int { mesh.unknowns }
}
