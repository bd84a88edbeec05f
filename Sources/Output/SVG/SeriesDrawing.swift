internal import Tables

extension FigureDrawing {
  /// Draws bands first, then lines, points and their error bars, each in the figure's order.
  func drawSeries(_ out: inout ByteBuffer) {
    let budget = max(60, Self.pointBudget / max(1, figure.series.count))
    for (i, series) in figure.series.enumerated() where series.style == .band {
      drawBand(&out, series, colours[i], budget)
    }
    for (i, series) in figure.series.enumerated() where series.style != .band {
      if series.u != nil { drawErrorBars(&out, series, colours[i]) }
      if series.style == .points {
        drawPoints(&out, series, colours[i], shape(of: i), budget)
      } else {
        drawLine(&out, series, colours[i], budget)
      }
    }
  }

  /// The places of a series' points in runs; a point without a place ends a run.
  private func runs(_ x: [Double], _ y: [Double]) -> [[DrawnPoint]] {
    var runs: [[DrawnPoint]] = []
    var run: [DrawnPoint] = []
    for (px, py) in zip(x, y) {
      if let at = place(px, py) {
        run.append(at)
      } else if !run.isEmpty {
        runs.append(run)
        run = []
      }
    }
    if !run.isEmpty { runs.append(run) }
    return runs
  }

  private func addLine(_ path: inout ByteBuffer, _ points: [DrawnPoint]) {
    for (i, point) in points.enumerated() {
      path.add(i == 0 ? UInt8(ascii: "M") : i == 1 ? UInt8(ascii: "L") : UInt8(ascii: " "))
      path.addCoordinate(point.x)
      path.add(UInt8(ascii: " "))
      path.addCoordinate(point.y)
    }
  }

  private func drawLine(
    _ out: inout ByteBuffer, _ series: Figure.Series, _ colour: String, _ budget: Int
  ) {
    var path = ByteBuffer()
    let runs = runs(series.x, series.y)
    for run in runs {
      addLine(&path, PathThinning.line(run, limit: max(8, budget / runs.count)))
    }
    if !path.bytes.isEmpty {
      linePath(&out, path, colour, dashed: series.style == .dashed)
    }
  }

  private func drawPoints(
    _ out: inout ByteBuffer, _ series: Figure.Series, _ colour: String, _ shape: Int, _ budget: Int
  ) {
    let points = PathThinning.cloud(runs(series.x, series.y).flatMap { $0 }, limit: budget)
    let many = points.count > 150
    var path = ByteBuffer()
    for point in points { addShape(&path, point, many ? 0 : shape) }
    if !path.bytes.isEmpty {
      let size = many ? (points.count > 600 ? 2.2 : 3.2) : 5.5
      pointPath(&out, path, colour, many ? 0 : shape, size: size)
    }
  }

  /// At most about a hundred error bars a series, evenly taken.
  private func drawErrorBars(_ out: inout ByteBuffer, _ series: Figure.Series, _ colour: String) {
    guard let u = series.u else { return }
    let count = min(series.x.count, series.y.count, u.count)
    let every = max(1, (count + 99) / 100)
    let cap = every == 1 ? 2.5 : 0
    var path = ByteBuffer()
    for i in stride(from: 0, to: count, by: every) where u[i].isFinite && u[i] > 0 {
      guard let centre = place(series.x[i], series.y[i]),
        let high = place(series.x[i], series.y[i] + u[i])
      else { continue }
      // On a logarithmic axis the lower end may have no place: the bar then runs out of the frame.
      let low = place(series.x[i], series.y[i] - u[i])?.y ?? top + plotHeight + 20
      for (y, half) in [(high.y, cap), (low, cap)] where half > 0 {
        path.add("M")
        path.addCoordinate(centre.x - half)
        path.add(" ")
        path.addCoordinate(y)
        path.add("h")
        path.addCoordinate(2 * half)
      }
      path.add("M")
      path.addCoordinate(centre.x)
      path.add(" ")
      path.addCoordinate(high.y)
      path.add("V")
      path.addCoordinate(low)
    }
    if path.bytes.isEmpty { return }
    out.add("<path fill=\"none\" stroke=\"\(colour)\" stroke-width=\"0.9\" d=\"")
    out.bytes.append(contentsOf: path.bytes)
    out.add("\"/>\n")
  }

  private func drawBand(
    _ out: inout ByteBuffer, _ series: Figure.Series, _ colour: String, _ budget: Int
  ) {
    guard let other = series.u else { return }
    let edge = runs(series.x, series.y).flatMap { $0 }
    let back = runs(series.x, other).flatMap { $0 }
    if edge.isEmpty || back.isEmpty { return }
    var path = ByteBuffer()
    let limit = max(8, budget / 2)
    addLine(
      &path,
      PathThinning.line(edge, limit: limit) + PathThinning.line(back, limit: limit).reversed())
    out.add("<path fill=\"\(colour)\" fill-opacity=\"0.25\" stroke=\"none\" d=\"")
    out.bytes.append(contentsOf: path.bytes)
    out.add("z\"/>\n")
  }
}
