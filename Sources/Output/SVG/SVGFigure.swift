public import Tables

/// Draws figures as SVG, 86 mm wide: one column of a journal.
///
/// One unit of the drawing is a quarter of a millimetre. The legend stands above the axes, so that it
/// never covers data. Series of many points are thinned to what the page can show; the numbers in
/// full stand in the CSV beside the figure (``FigureCSV``).
public enum SVGFigure {
  /// The bytes of a standalone SVG file.
  public static func document(_ figure: Figure) -> [UInt8] {
    var out = ByteBuffer()
    out.add("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    var drawing = FigureDrawing(figure)
    drawing.draw(into: &out)
    return out.bytes
  }

  /// The `svg` element for a page that holds several figures.
  ///
  /// - Parameter id: what ids inside the element start with; unique on the page.
  public static func element(_ figure: Figure, id: String) -> [UInt8] {
    var out = ByteBuffer()
    var drawing = FigureDrawing(figure, id: id)
    drawing.draw(into: &out)
    return out.bytes
  }
}

/// The layout of one figure.
struct FigureDrawing {
  static let width = 344.0
  static let fontSize = 11.0
  static let smallSize = 10.0
  /// Points that all series together may have, so that a file stays well below 300 kB.
  static let pointBudget = 14_000

  let figure: Figure
  let id: String
  var x: AxisScale
  var y: AxisScale
  var left = 0.0
  var top = 0.0
  var plotWidth = 0.0
  var plotHeight = 198.0
  var height = 0.0
  /// The colour of each series; series of one name share theirs.
  var colours: [String] = []
  var legend: [LegendEntry] = []
  /// The colours of the maps; nil where the figure has none.
  var colourScale: ColourScale?

  /// One entry of the legend, with its place.
  struct LegendEntry {
    var name: String
    var style: Figure.Style
    var colour: String
    var shape: Int
    var x: Double
    var y: Double
  }

  init(_ figure: Figure, id: String? = nil) {
    self.figure = figure
    self.id = SafeName.make(id ?? figure.id)
    let range = DataRange(figure)
    colourScale = ColourScale(figure)
    x = AxisScale(
      low: range.x.low, high: range.x.high, logarithmic: figure.xAxis.logarithmic, wanted: 5,
      padded: range.xNeedsRoom)
    y = AxisScale(
      low: range.y.low, high: range.y.high, logarithmic: figure.yAxis.logarithmic, wanted: 5,
      padded: colourScale == nil)
    assignColours()
    layOut(range)
  }

  private mutating func assignColours() {
    var order: [String: Int] = [:]
    for series in figure.series where order[series.name] == nil {
      order[series.name] = order.count
    }
    colours = figure.series.map { Palette.colour(order[$0.name] ?? 0, of: order.count) }
  }

  private mutating func layOut(_ range: DataRange) {
    layOutLegend()
    let legendBottom = legend.map(\.y).max().map { $0 + 9 } ?? 2
    top = legendBottom + 6
    measureLeft()
    if figure.equalScale { fitEqualScale(range) }
    height = top + plotHeight + 38
  }

  private mutating func measureLeft() {
    let widest = y.ticks.map { TextMetrics.width($0.label, size: Self.smallSize) }.max() ?? 0
    left = 20 + widest + 6
    // The last label is centred below its tick, and must not run out of the drawing.
    var right = 6.0
    for tick in x.ticks {
      let half = TextMetrics.width(tick.label, size: Self.smallSize) / 2 + 2
      if let f = x.position(tick.value), f <= 1 + 1e-9 {
        right = max(right, half - (1 - f) * (Self.width - left - half))
      }
    }
    if let colourScale { right = max(right, colourScale.width) }
    plotWidth = Self.width - left - right
  }

  /// Makes one unit of x as long as one of y: first by the height, then by a wider range.
  private mutating func fitEqualScale(_ range: DataRange) {
    guard !x.logarithmic, !y.logarithmic, x.high > x.low, y.high > y.low else { return }
    let scale = plotWidth / (x.high - x.low)
    plotHeight = min(300, max(60, (y.high - y.low) * scale))
    let shown = plotHeight / scale
    if shown > (y.high - y.low) * 1.001 {
      let middle = (y.high + y.low) / 2
      y = AxisScale(
        low: middle - shown / 2, high: middle + shown / 2, logarithmic: false,
        wanted: max(2, Int(plotHeight / 34)), padded: false)
    } else if shown < (y.high - y.low) * 0.999 {
      let wide = (y.high - y.low) * plotWidth / plotHeight
      let middle = (x.high + x.low) / 2
      x = AxisScale(
        low: middle - wide / 2, high: middle + wide / 2, logarithmic: false, wanted: 5,
        padded: false)
    } else {
      y = AxisScale(
        low: y.low, high: y.high, logarithmic: false, wanted: max(2, Int(plotHeight / 34)),
        padded: false)
    }
    measureLeft()
  }

  private mutating func layOutLegend() {
    var seen: Set<String> = []
    var entries: [LegendEntry] = []
    for (i, series) in figure.series.enumerated()
    where !series.name.isEmpty && seen.insert(series.name).inserted {
      // A line or points tell more in the legend than the band of the same name.
      let drawn =
        figure.series.first { $0.name == series.name && $0.style != .band } ?? series
      entries.append(
        LegendEntry(
          name: series.name, style: drawn.style, colour: colours[i], shape: shape(of: i), x: 0, y: 0
        ))
    }
    guard entries.count > 1 else { return }
    let shownMost = 12
    if entries.count > shownMost {
      let more = entries.count - shownMost + 1
      entries.removeLast(more)
      entries.append(
        LegendEntry(name: "and \(more) more", style: .band, colour: "none", shape: 0, x: 0, y: 0))
    }
    let column = Self.width - 8
    var x = 4.0
    var y = 10.0
    for var entry in entries {
      entry.name = TextMetrics.fitted(entry.name, size: Self.smallSize, width: column - 24)
      let wide = 24 + TextMetrics.width(entry.name, size: Self.smallSize) + 10
      if x > 4 && x + wide - 10 > column {
        x = 4
        y += 14
      }
      entry.x = x
      entry.y = y
      legend.append(entry)
      x += wide
    }
  }

  /// Which shape the points of a series have: each in turn among the series of points.
  func shape(of series: Int) -> Int {
    figure.series[..<series].count { $0.style == .points } % 4
  }

  /// The place of a point on the page; nil where the axis has none for it.
  func place(_ px: Double, _ py: Double) -> DrawnPoint? {
    guard let fx = x.position(px), let fy = y.position(py) else { return nil }
    return DrawnPoint(x: left + fx * plotWidth, y: top + (1 - fy) * plotHeight)
  }
}

/// The extent of the numbers of a figure.
struct DataRange {
  var x = (low: Double.infinity, high: -Double.infinity)
  var y = (low: Double.infinity, high: -Double.infinity)
  /// Whether points stand at the ends, which would be cut by the frame.
  var xNeedsRoom = false

  init(_ figure: Figure) {
    for series in figure.series {
      if series.style == .points && figure.fields.isEmpty { xNeedsRoom = true }
      for i in series.x.indices where i < series.y.count {
        add(series.x[i], series.y[i], figure)
        guard let u = series.u, i < u.count, u[i].isFinite else { continue }
        if series.style == .band {
          add(series.x[i], u[i], figure)
        } else {
          add(series.x[i], series.y[i] + u[i], figure)
          add(series.x[i], series.y[i] - u[i], figure)
        }
      }
    }
    for field in figure.fields where field.isWhole {
      for (px, py) in zip(field.x, field.y) { add(px, py, figure) }
    }
    for mark in figure.marks { add(mark.x, mark.y, figure) }
    if !figure.marks.isEmpty && figure.fields.isEmpty { xNeedsRoom = true }
  }

  private mutating func add(_ px: Double, _ py: Double, _ figure: Figure) {
    guard px.isFinite, py.isFinite, !figure.xAxis.logarithmic || px > 0,
      !figure.yAxis.logarithmic || py > 0
    else { return }
    x = (min(x.low, px), max(x.high, px))
    y = (min(y.low, py), max(y.high, py))
  }
}
