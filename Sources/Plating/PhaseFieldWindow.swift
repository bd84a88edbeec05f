internal import NumericalMethods

/// The grid of a phase field: square cells in a window that follows the interface.
struct PhaseFieldWindow: Hashable, Sendable {
  /// The half width ℓ of the interface in nm: ξ = ½(1 − tanh(s/2ℓ)).
  var halfWidth: Double
  /// The size of a cell in nm.
  var spacing: Double
  /// The rows of cells over the height of the window.
  var rows: Int

  /// How far above the bottom the lowest point of the interface starts, in nm.
  ///
  /// Twelve half widths, where ξ is 1 to 6·10⁻⁶, are 6 nm at the defaults.
  var base: Double { max(6, 12 * halfWidth) }
  /// How near the top the interface may come, in nm.
  var margin: Double { max(10 * halfWidth, 4 * spacing) }
  /// The height that a window must have for a surface of a roughness, in nm.
  func needed(for roughness: Double) -> Double { base + roughness + margin }
}

/// The phase field at the end of a run, as far as the window reaches.
struct PhaseFieldEnd: Hashable, Sendable {
  /// Columns of cells, centred as the surface's points are.
  var columns: Int
  var rows: Int
  /// The height of the lowest row of cell centres in nm, in the frame of the surface.
  var bottom: Double
  /// The size of a cell in nm.
  var spacing: Double
  /// ξ row by row from the bottom.
  var values: [Double]

  /// ξ of a column at a row that need not be whole: straight between rows, 0 above the window.
  func value(column: Int, row: Double) -> Double {
    guard columns > 0, column >= 0, column < columns, row >= 0, row <= Double(rows - 1),
      let lower = Int(exactly: min(row.rounded(.down), Double(rows - 2))), lower >= 0
    else { return 0 }
    let (a, b) = (values[lower * columns + column], values[(lower + 1) * columns + column])
    let share = row - Double(lower)
    return share == 0 ? a : share == 1 ? b : a + share * (b - a)
  }

  /// The lines ξ = ½ in nm: one across the window, or more where the interface folded over.
  func contours(width: Double) -> [[ContourPoint]] {
    // The logarithm of ξ/(1 − ξ) is straight across an interface.
    let straight = values.map { PhaseFieldSolver.logit($0) }
    return contourLines(straight, columns: columns, rows: rows, level: 0).map { line in
      line.map {
        ContourPoint(
          x: ($0.x - Double(columns / 2)) * width / Double(max(columns, 1)),
          y: bottom + $0.y * spacing)
      }
    }
  }
}
