internal import NumericalMethods

/// The underside of one column of elements: its nodes and its quadrature points.
public struct BaseEdge: Hashable, Sendable {
  /// One quadrature point.
  public struct Point: Hashable, Sendable {
    /// The place along the strip in m.
    public var x: Double
    /// The length that it stands for in m.
    public var weight: Double
    /// The shape functions of the nodes.
    public var shapes: [Double]
  }

  /// The numbers of the nodes from left to right.
  public var nodes: [Int]
  /// The quadrature points from left to right, one more than the element's order.
  public var points: [Point]
}

extension StripMesh {
  /// The underside of a column of elements.
  public func baseEdge(column: Int) -> BaseEdge {
    let order = element.order
    let nodes = (0...order).map { node(column * order + $0, 0) }
    let rule = GaussRule(order + 1)
    let points = zip(rule.points, rule.weights).map { xi, weight -> BaseEdge.Point in
      let shapes = element.edgeShapes(xi)
      var place = 0.0
      var slope = 0.0
      for (n, node) in nodes.enumerated() {
        place += shapes.values[n] * x[node]
        slope += shapes.slopes[n] * x[node]
      }
      return BaseEdge.Point(x: place, weight: weight * slope, shapes: shapes.values)
    }
    return BaseEdge(nodes: nodes, points: points)
  }
}

extension PlaneStrainProblem {
  /// Adds a pressure in Pa, which pushes the strip up, on the underside of columns of elements.
  public mutating func addBasePressure(_ pressure: Double, columns: Range<Int>) {
    for column in columns.clamped(to: 0..<mesh.columns) {
      let edge = mesh.baseEdge(column: column)
      for point in edge.points {
        for (node, shape) in zip(edge.nodes, point.shapes) {
          forces[2 * node + 1] += pressure * point.weight * shape
        }
      }
    }
  }

  /// Adds linear springs in Pa/m between the underside of columns of elements and a rigid base.
  public mutating func addBaseSprings(normal: Double, shear: Double, columns: Range<Int>) {
    for column in columns.clamped(to: 0..<mesh.columns) {
      let edge = mesh.baseEdge(column: column)
      for point in edge.points {
        for (a, nodeA) in edge.nodes.enumerated() {
          for (b, nodeB) in edge.nodes.enumerated() where b <= a {
            let share = point.weight * point.shapes[a] * point.shapes[b]
            addStiffness(shear * share, 2 * nodeA, 2 * nodeB)
            addStiffness(normal * share, 2 * nodeA + 1, 2 * nodeB + 1)
          }
        }
      }
    }
  }
}
