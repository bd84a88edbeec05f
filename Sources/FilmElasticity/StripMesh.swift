internal import NumericalMethods

/// A structured mesh of quadrilaterals on a strip, numbered column by column.
///
/// Node (i, j), i along x and j along y, has the number i·nodesAcross + j; its displacements are the
/// unknowns 2·number and 2·number + 1.
public struct StripMesh: Hashable, Sendable {
  /// The element.
  public let element: PlaneElement
  /// The widths of the columns of elements along x, in m.
  public let columnWidths: [Double]
  /// The heights of the rows of elements along y, in m.
  public let rowHeights: [Double]
  /// Whether every element is a rectangle.
  public private(set) var isRectangular = true
  /// The places of all nodes in m.
  public private(set) var x: [Double] = []
  /// The places of all nodes in m.
  public private(set) var y: [Double] = []

  /// A mesh whose columns and rows have the given sizes in m; it starts at the origin.
  public init(columnWidths: [Double], rowHeights: [Double], element: PlaneElement) {
    self.element = element
    self.columnWidths = columnWidths
    self.rowHeights = rowHeights
    let along = Self.places(columnWidths, element)
    let across = Self.places(rowHeights, element)
    for px in along {
      for py in across {
        x.append(px)
        y.append(py)
      }
    }
  }

  /// A mesh of equal elements on a strip of a length and a thickness in m.
  public init(
    length: Double, thickness: Double, columns: Int, rows: Int, element: PlaneElement
  ) {
    let columns = max(1, columns)
    let rows = max(1, rows)
    self.init(
      columnWidths: [Double](repeating: length / Double(columns), count: columns),
      rowHeights: [Double](repeating: thickness / Double(rows), count: rows), element: element)
  }

  /// Sizes of elements that add up to a length and grow from each to the next by one factor.
  public static func graded(length: Double, count: Int, growth: Double) -> [Double] {
    let count = max(1, count)
    var sizes = [1.0]
    for _ in 1..<max(count, 1) where sizes.count < count {
      sizes.append((sizes.last ?? 1) * growth)
    }
    let sum = sizes.reduce(0, +)
    return sizes.map { $0 * length / sum }
  }

  private static func places(_ sizes: [Double], _ element: PlaneElement) -> [Double] {
    var result = [0.0]
    var edge = 0.0
    for size in sizes {
      for step in 1...element.order {
        result.append(edge + size * Double(step) / Double(element.order))
      }
      edge += size
    }
    return result
  }

  /// The number of columns of elements.
  public var columns: Int { columnWidths.count }
  /// The number of rows of elements.
  public var rows: Int { rowHeights.count }
  /// The number of nodes along x.
  public var nodesAlong: Int { columns * element.order + 1 }
  /// The number of nodes along y.
  public var nodesAcross: Int { rows * element.order + 1 }
  /// The number of all nodes.
  public var nodes: Int { nodesAlong * nodesAcross }
  /// The number of unknowns.
  public var unknowns: Int { 2 * nodes }

  /// The number of the node at (i, j).
  public func node(_ i: Int, _ j: Int) -> Int { i * nodesAcross + j }

  /// The greatest distance of two unknowns of one element.
  var bandwidth: Int { 2 * (element.order * nodesAcross + element.order) + 1 }

  /// Moves every node; the elements are then no longer taken for rectangles.
  public mutating func moveNodes(_ move: (_ x: Double, _ y: Double) -> (x: Double, y: Double)) {
    for n in x.indices {
      let to = move(x[n], y[n])
      x[n] = to.x
      y[n] = to.y
    }
    isRectangular = false
  }

  /// The numbers of the nodes of an element in the order of ``PlaneElement``.
  func elementNodes(column: Int, row: Int) -> [Int] {
    let order = element.order
    var result: [Int] = []
    for i in 0...order {
      for j in 0...order { result.append(node(column * order + i, row * order + j)) }
    }
    return result
  }

  /// The stiffness matrices of all elements, one after the other, made once where they repeat.
  func forEachStiffness(
    _ material: (_ column: Int, _ row: Int) -> ElasticMaterial,
    _ body: (_ nodes: [Int], _ stiffness: [Double]) -> Void
  ) {
    var known: (width: Double, height: Double, material: ElasticMaterial, stiffness: [Double])?
    for column in 0..<columns {
      for row in 0..<rows {
        let nodes = elementNodes(column: column, row: row)
        let here = material(column, row)
        let (width, height) = (columnWidths[column], rowHeights[row])
        if isRectangular, let known, known.width == width, known.height == height,
          known.material == here
        {
          body(nodes, known.stiffness)
          continue
        }
        // A rectangle is placed at its own origin, so that equal ones are equal to the last bit.
        let stiffness =
          isRectangular
          ? element.stiffness(
            x: nodes.indices.map {
              width * Double($0 / element.edgeNodes) / Double(element.order)
            },
            y: nodes.indices.map {
              height * Double($0 % element.edgeNodes) / Double(element.order)
            }, here)
          : element.stiffness(x: nodes.map { x[$0] }, y: nodes.map { y[$0] }, here)
        known = (width, height, here, stiffness)
        body(nodes, stiffness)
      }
    }
  }

  /// The quadrature points of all elements, each with its weight and the nodes of its element.
  func forEachPoint(
    gauss count: Int, _ body: (_ nodes: [Int], _ point: ElementPoint, _ weight: Double) -> Void
  ) {
    let rule = GaussRule(count)
    for column in 0..<columns {
      for row in 0..<rows {
        let nodes = elementNodes(column: column, row: row)
        let xs = nodes.map { x[$0] }
        let ys = nodes.map { y[$0] }
        for (xi, wXi) in zip(rule.points, rule.weights) {
          for (eta, wEta) in zip(rule.points, rule.weights) {
            let point = ElementPoint(element, xi: xi, eta: eta, x: xs, y: ys)
            body(nodes, point, wXi * wEta * point.area)
          }
        }
      }
    }
  }
}
