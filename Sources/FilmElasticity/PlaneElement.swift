internal import NumericalMethods

/// A quadrilateral element with tensor-product Lagrange shape functions.
///
/// The local node i·(order + 1) + j stands at the i-th place along x and the j-th along y.
public enum PlaneElement: String, Hashable, Sendable, CaseIterable {
  /// Four nodes, bilinear.
  case q1
  /// Nine nodes, biquadratic (Q9).
  case q2

  /// The degree along an edge.
  public var order: Int { self == .q1 ? 1 : 2 }

  /// The number of nodes along an edge.
  var edgeNodes: Int { order + 1 }

  /// The number of nodes.
  public var nodes: Int { edgeNodes * edgeNodes }

  /// The quadrature that is exact for the stiffness of a rectangle.
  var rule: GaussRule { GaussRule(order + 1) }

  /// The shape functions of an edge and their slopes at ξ in [−1, 1].
  func edgeShapes(_ xi: Double) -> (values: [Double], slopes: [Double]) {
    switch self {
    case .q1: ([(1 - xi) / 2, (1 + xi) / 2], [-0.5, 0.5])
    case .q2:
      (
        [xi * (xi - 1) / 2, (1 - xi) * (1 + xi), xi * (xi + 1) / 2],
        [xi - 0.5, -2 * xi, xi + 0.5]
      )
    }
  }
}

/// The shape functions of an element at one point, with their slopes along x and y.
struct ElementPoint {
  /// The shape functions.
  private(set) var values: [Double]
  /// ∂/∂x and ∂/∂y of the shape functions.
  private(set) var dx: [Double]
  private(set) var dy: [Double]
  /// The area that a unit of (ξ, η) covers here.
  private(set) var area: Double
  /// The place.
  private(set) var x: Double
  private(set) var y: Double

  /// The point (ξ, η) of an element whose nodes stand at `x`, `y`.
  init(_ element: PlaneElement, xi: Double, eta: Double, x nodesX: [Double], y nodesY: [Double]) {
    let along = element.edgeShapes(xi)
    let across = element.edgeShapes(eta)
    let count = element.nodes
    let edge = element.edgeNodes
    values = [Double](repeating: 0, count: count)
    var dXi = values
    var dEta = values
    for i in 0..<edge {
      for j in 0..<edge {
        values[i * edge + j] = along.values[i] * across.values[j]
        dXi[i * edge + j] = along.slopes[i] * across.values[j]
        dEta[i * edge + j] = along.values[i] * across.slopes[j]
      }
    }
    var (xXi, xEta, yXi, yEta) = (0.0, 0.0, 0.0, 0.0)
    x = 0
    y = 0
    for n in 0..<count {
      x += values[n] * nodesX[n]
      y += values[n] * nodesY[n]
      xXi += dXi[n] * nodesX[n]
      xEta += dEta[n] * nodesX[n]
      yXi += dXi[n] * nodesY[n]
      yEta += dEta[n] * nodesY[n]
    }
    area = xXi * yEta - xEta * yXi
    dx = dXi
    dy = dEta
    for n in 0..<count {
      dx[n] = (dXi[n] * yEta - dEta[n] * yXi) / area
      dy[n] = (dEta[n] * xXi - dXi[n] * xEta) / area
    }
  }

  /// The strain of nodal displacements (u, v, u, v, …).
  func strain(_ u: [Double]) -> PlaneStrain {
    var strain = PlaneStrain(xx: 0, yy: 0, shear: 0)
    for n in 0..<values.count {
      strain.xx += dx[n] * u[2 * n]
      strain.yy += dy[n] * u[2 * n + 1]
      strain.shear += dy[n] * u[2 * n] + dx[n] * u[2 * n + 1]
    }
    return strain
  }

  /// The displacement.
  func displacement(_ u: [Double]) -> (x: Double, y: Double) {
    var sum = (x: 0.0, y: 0.0)
    for n in 0..<values.count {
      sum.x += values[n] * u[2 * n]
      sum.y += values[n] * u[2 * n + 1]
    }
    return sum
  }
}

extension PlaneElement {
  /// The stiffness matrix, row by row, of degrees of freedom (u, v, u, v, …).
  func stiffness(x: [Double], y: [Double], _ material: ElasticMaterial) -> [Double] {
    let size = 2 * nodes
    let lame = material.lameModulus
    let shear = material.shearModulus
    var matrix = [Double](repeating: 0, count: size * size)
    let rule = rule
    for (xi, wXi) in zip(rule.points, rule.weights) {
      for (eta, wEta) in zip(rule.points, rule.weights) {
        let point = ElementPoint(self, xi: xi, eta: eta, x: x, y: y)
        let weight = wXi * wEta * point.area
        for a in 0..<nodes {
          let (ax, ay) = (weight * point.dx[a], weight * point.dy[a])
          for b in 0..<nodes {
            let (bx, by) = (point.dx[b], point.dy[b])
            let row = 2 * a * size + 2 * b
            matrix[row] += (lame + 2 * shear) * ax * bx + shear * ay * by
            matrix[row + 1] += lame * ax * by + shear * ay * bx
            matrix[row + size] += lame * ay * bx + shear * ax * by
            matrix[row + size + 1] += (lame + 2 * shear) * ay * by + shear * ax * bx
          }
        }
      }
    }
    return matrix
  }
}
