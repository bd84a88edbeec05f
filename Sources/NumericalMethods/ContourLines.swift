/// A point of a contour line.
public struct ContourPoint: Hashable, Sendable {
  /// Where along a row, and in which row, in cells or in a length.
  public var x: Double, y: Double

  /// A point from its coordinates.
  public init(x: Double, y: Double) {
    self.x = x
    self.y = y
  }
}

/// The lines on which a field on a grid has a level, by marching squares with straight interpolation.
///
/// Points are in units of cells: value (column i, row j) stands at (i, j). Segments are joined; a closed
/// line ends at its first point. In a saddle the two high corners are joined where the mean of the
/// four corners is high. Lines come in the order of their first cell, row by row.
public func contourLines(
  _ values: [Double], columns: Int, rows: Int, level: Double
) -> [[ContourPoint]] {
  guard columns > 1, rows > 1, columns.multipliedReportingOverflow(by: rows).overflow == false,
    values.count == columns * rows
  else { return [] }
  var tracer = ContourTracer(values: values, columns: columns, rows: rows, level: level)
  return tracer.lines()
}

/// Follows contour lines from square to square.
private struct ContourTracer {
  let values: [Double]
  let columns: Int, rows: Int
  let level: Double
  /// For each edge of the grid the edges that a segment joins it to; −1 where there is none.
  ///
  /// The edge from (i, j) to (i + 1, j) is 2·(j·columns + i), to (i, j + 1) one more.
  private var first: [Int: Int] = [:]
  private var second: [Int: Int] = [:]
  /// Crossed edges in the order of the squares.
  private var order: [Int] = []

  init(values: [Double], columns: Int, rows: Int, level: Double) {
    self.values = values
    self.columns = columns
    self.rows = rows
    self.level = level
  }

  private mutating func join(_ a: Int, _ b: Int) {
    for (from, to) in [(a, b), (b, a)] {
      if first[from] == nil {
        first[from] = to
        order.append(from)
      } else {
        second[from] = to
      }
    }
  }

  mutating func lines() -> [[ContourPoint]] {
    for j in 0..<(rows - 1) {
      for i in 0..<(columns - 1) { march(i, j) }
    }
    var used: Set<Int> = []
    var result: [[ContourPoint]] = []
    // Open lines from their ends, then what is left is closed.
    for start in order where second[start] == nil && !used.contains(start) {
      result.append(follow(start, &used))
    }
    for start in order where !used.contains(start) {
      var line = follow(start, &used)
      if let head = line.first { line.append(head) }
      result.append(line)
    }
    return result
  }

  /// Adds the segments of the square above and right of a grid point.
  private mutating func march(_ i: Int, _ j: Int) {
    let at = j * columns + i
    let corners = [values[at], values[at + 1], values[at + columns + 1], values[at + columns]]
    let high = corners.map { $0 >= level }
    let edges = [2 * at, 2 * (at + 1) + 1, 2 * (at + columns), 2 * at + 1]
    let crossed = (0..<4).filter { high[$0] != high[($0 + 1) % 4] }
    if crossed.count == 2 {
      join(edges[crossed[0]], edges[crossed[1]])
    } else if crossed.count == 4 {
      let centre = (corners[0] + corners[1] + corners[2] + corners[3]) / 4 >= level
      // Where the centre is as high as the first corner, the other two corners are cut off.
      if centre == high[0] {
        join(edges[0], edges[1])
        join(edges[2], edges[3])
      } else {
        join(edges[3], edges[0])
        join(edges[1], edges[2])
      }
    }
  }

  private func follow(_ start: Int, _ used: inout Set<Int>) -> [ContourPoint] {
    var line: [ContourPoint] = []
    var next: Int? = start
    while let edge = next, used.insert(edge).inserted {
      line.append(point(edge))
      next = [first[edge], second[edge]].compactMap { $0 }.first { !used.contains($0) }
    }
    return line
  }

  private func point(_ edge: Int) -> ContourPoint {
    let at = edge / 2
    let (i, j) = (Double(at % columns), Double(at / columns))
    let upright = edge % 2 == 1
    let a = values[at]
    let b = values[upright ? at + columns : at + 1]
    let share = (level - a) / (b - a)
    return upright ? ContourPoint(x: i, y: j + share) : ContourPoint(x: i + share, y: j)
  }
}
