public import NumericalMethods

extension PlaneStrainProblem {
  /// The stiffness that the unknowns of the base feel once all others follow (static condensation).
  ///
  /// - Parameter components: the displacements of the base nodes that are kept; the others of the
  ///   base are free unless they are prescribed.
  /// - Returns: the Schur complement K_bb − K_bi·K_ii⁻¹·K_ib and the unknowns of its rows; nil where
  ///   the kept unknowns do not hold the strip.
  public func condensedOntoBase(
    _ components: [Component]
  ) -> (matrix: DenseMatrix, unknowns: [Int])? {
    let kept = (0..<mesh.nodesAlong).flatMap { i in
      components.map { 2 * mesh.node(i, 0) + $0.rawValue }
    }.filter { prescribed[$0] == nil }
    var held = self
    held.forces = [Double](repeating: 0, count: mesh.unknowns)
    for unknown in held.prescribed.indices where held.prescribed[unknown] != nil {
      held.prescribed[unknown] = 0
    }
    for unknown in kept { held.prescribed[unknown] = 0 }
    var matrix = held.constrainedMatrix()
    guard matrix.factorise() else { return nil }
    var result = DenseMatrix(rows: kept.count, columns: kept.count)
    for (column, unknown) in kept.enumerated() {
      held.prescribed[unknown] = 1
      guard let u = matrix.solve(held.constrainedForces()), let force = stiffness.times(u) else {
        return nil
      }
      for (row, other) in kept.enumerated() { result[row, column] = force[other] }
      held.prescribed[unknown] = 0
    }
    return (result, kept)
  }
}
