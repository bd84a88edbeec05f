internal import Tables

/// From the values of a figure's maps to colours.
struct ColourScale {
  /// The number of colours: odd, so that zero is white; fine enough to look smooth, coarse enough to
  /// draw runs of cells at once.
  static let levels = 49
  let axis: Figure.Axis
  /// Values of both signs: white stands for zero.
  let isDiverging: Bool
  let scale: AxisScale
  /// The room that the bar with its labels takes beside the plot.
  let width: Double

  /// The colours for all maps of a figure; nil where it has none.
  init?(_ figure: Figure) {
    let whole = figure.fields.filter(\.isWhole)
    guard !whole.isEmpty else { return nil }
    axis = figure.colourAxis ?? Figure.Axis("value", unit: "1")
    var low = Double.infinity
    var high = -Double.infinity
    for field in whole {
      for value in field.values where value.isFinite && (!axis.logarithmic || value > 0) {
        low = min(low, value)
        high = max(high, value)
      }
    }
    isDiverging = !axis.logarithmic && low < 0 && high > 0
    if isDiverging { (low, high) = (-max(-low, high), max(-low, high)) }
    scale = AxisScale(
      low: low, high: high, logarithmic: axis.logarithmic, wanted: 5, padded: false)
    let widest = scale.ticks.map { TextMetrics.width($0.label, size: 10) }.max() ?? 0
    width = 8 + 12 + 5 + widest + 18
  }

  /// The level of a value; nil where it has no colour.
  func level(_ value: Double) -> Int? {
    guard let place = scale.position(value) else { return nil }
    return min(Self.levels - 1, max(0, Int(min(max(place, 0), 1) * Double(Self.levels))))
  }

  /// The colour of a level.
  func colour(_ level: Int) -> String {
    Palette.map((Double(level) + 0.5) / Double(Self.levels), diverging: isDiverging)
  }
}

extension FigureDrawing {
  /// Draws the maps: neighbours of one colour in a row are one shape.
  func drawFields(_ out: inout ByteBuffer) {
    guard let colourScale else { return }
    for field in figure.fields where field.isWhole {
      var paths = [ByteBuffer](repeating: ByteBuffer(), count: ColourScale.levels)
      for row in 0..<field.rows {
        var column = 0
        while column < field.columns {
          let level = colourScale.level(field.values[row * field.columns + column])
          var end = column + 1
          while end < field.columns,
            colourScale.level(field.values[row * field.columns + end]) == level
          {
            end += 1
          }
          if let level { addRun(&paths[level], field, row, column, end) }
          column = end
        }
      }
      // Strokes of the same colour close the hairlines between neighbours.
      for (level, path) in paths.enumerated() where !path.bytes.isEmpty {
        let colour = colourScale.colour(level)
        out.add("<path fill=\"\(colour)\" stroke=\"\(colour)\" stroke-width=\"0.4\" d=\"")
        out.bytes.append(contentsOf: path.bytes)
        out.add("\"/>\n")
      }
    }
  }

  /// The outline of the cells `from`..<`end` of a row: along its lower edge, back along its upper.
  private func addRun(
    _ path: inout ByteBuffer, _ field: Figure.Field, _ row: Int, _ from: Int, _ end: Int
  ) {
    let width = field.columns + 1
    let corners =
      (from...end).map { row * width + $0 }
      + (from...end).reversed().map { (row + 1) * width + $0 }
    var places = corners.compactMap { place(field.x[$0], field.y[$0]) }
    guard places.count == corners.count else { return }
    // A straight run needs its ends only.
    let bent =
      places.prefix(end - from + 1).contains { abs($0.y - places[0].y) > 0.02 }
      || places.suffix(end - from + 1).contains { abs($0.y - places[places.count - 1].y) > 0.02 }
    if !bent {
      let half = end - from
      places = [places[0], places[half], places[half + 1], places[places.count - 1]]
    }
    for (i, at) in places.enumerated() {
      path.add(i == 0 ? UInt8(ascii: "M") : i == 1 ? UInt8(ascii: "L") : UInt8(ascii: " "))
      path.addCoordinate(at.x)
      path.add(" ")
      path.addCoordinate(at.y)
    }
    path.add("z")
  }

  /// Draws the bar of colours with its ticks beside the plot.
  func drawColourBar(_ out: inout ByteBuffer) {
    guard let colourScale else { return }
    let x = left + plotWidth + 8
    let step = plotHeight / Double(ColourScale.levels)
    for level in 0..<ColourScale.levels {
      // Half a unit of overlap closes the lines between the steps.
      let over = level + 1 < ColourScale.levels ? 0.5 : 0
      let y = top + plotHeight - Double(level + 1) * step - over
      rectangle(&out, x, y, 12, step + over, "fill=\"\(colourScale.colour(level))\"")
    }
    rectangle(
      &out, x, top, 12, plotHeight, "fill=\"none\" stroke=\"#000\" stroke-width=\"1\"")
    out.add("\n")
    for tick in colourScale.scale.ticks {
      guard let f = colourScale.scale.position(tick.value), f >= -1e-9, f <= 1 + 1e-9 else {
        continue
      }
      let y = top + (1 - f) * plotHeight
      out.add("<path stroke=\"#000\" d=\"M")
      out.addCoordinate(x + 12)
      out.add(" ")
      out.addCoordinate(y)
      out.add("h3\"/>")
      text(&out, x + 17, y + 3.6, tick.label)
    }
    let middle = top + plotHeight / 2
    let at = Self.width - 4
    var turned = ByteBuffer()
    turned.add("text-anchor=\"middle\" font-size=\"11\" transform=\"rotate(-90 ")
    turned.addCoordinate(at)
    turned.add(" ")
    turned.addCoordinate(middle)
    turned.add(")\"")
    text(
      &out, at, middle,
      Self.label(colourScale.axis, colourScale.scale.factor, min(height, plotHeight + 60)),
      turned.text)
  }
}
