/// A point of a drawing, in its own units.
struct DrawnPoint: Hashable {
  var x: Double
  var y: Double
}

/// Thins out what a page cannot show, so that figures of long series stay small.
enum PathThinning {
  /// The points of a line: of those that follow each other in one column of width `column`, the
  /// first, lowest, highest and last; the column is widened until at most `limit` are left.
  static func line(_ points: [DrawnPoint], limit: Int, column: Double = 0.25) -> [DrawnPoint] {
    var kept = points
    var width = column
    while kept.count > max(8, limit) && width < 1000 {
      kept = inColumns(points, width)
      width *= 2
    }
    return kept
  }

  private static func inColumns(_ points: [DrawnPoint], _ width: Double) -> [DrawnPoint] {
    var kept: [DrawnPoint] = []
    var start = 0
    while start < points.count {
      let column = (points[start].x / width).rounded(.down)
      var end = start
      var lowest = start
      var highest = start
      while end < points.count, (points[end].x / width).rounded(.down) == column {
        if points[end].y < points[lowest].y { lowest = end }
        if points[end].y > points[highest].y { highest = end }
        end += 1
      }
      var last = -1
      for i in [start, min(lowest, highest), max(lowest, highest), end - 1] where i > last {
        kept.append(points[i])
        last = i
      }
      start = end
    }
    return kept
  }

  /// The points of a cloud: the first in each cell of a raster, which is coarsened until at most
  /// `limit` are left.
  static func cloud(_ points: [DrawnPoint], limit: Int, cell: Double = 0.5) -> [DrawnPoint] {
    var kept = points
    var size = cell
    while kept.count > max(8, limit) && size < 1000 {
      var seen: Set<DrawnPoint> = []
      kept = points.filter {
        seen.insert(
          DrawnPoint(x: ($0.x / size).rounded(.down), y: ($0.y / size).rounded(.down))
        ).inserted
      }
      size *= 1.5
    }
    return kept
  }
}
