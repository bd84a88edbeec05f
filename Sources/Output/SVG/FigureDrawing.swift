internal import Tables

extension FigureDrawing {
  /// Draws the whole figure.
  mutating func draw(into out: inout ByteBuffer) {
    out.add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"86mm\" height=\"")
    out.addCoordinate(height / 4)
    out.add("mm\" viewBox=\"0 0 344 ")
    out.addCoordinate(height)
    out.add("\" role=\"img\" aria-labelledby=\"\(id)-title\" font-family=\"")
    out.add("Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif\" font-size=\"10\">\n")
    out.add("<title id=\"\(id)-title\">")
    out.addEscaped(figure.title)
    out.add("</title>\n<desc>")
    out.addEscaped(figure.caption)
    out.add("</desc>\n<rect width=\"344\" height=\"")
    out.addCoordinate(height)
    out.add("\" fill=\"#fff\"/>\n<clipPath id=\"\(id)-clip\">")
    rectangle(&out, left, top, plotWidth, plotHeight, "")
    out.add("</clipPath>\n")
    drawLegend(&out)
    out.add("<g clip-path=\"url(#\(id)-clip)\" fill=\"none\" stroke-linejoin=\"round\">\n")
    drawFields(&out)
    drawSeries(&out)
    out.add("</g>\n")
    drawAxes(&out)
    drawColourBar(&out)
    drawMarks(&out)
    out.add("</svg>\n")
  }

  func rectangle(
    _ out: inout ByteBuffer, _ x: Double, _ y: Double, _ w: Double, _ h: Double, _ style: String
  ) {
    out.add("<rect x=\"")
    out.addCoordinate(x)
    out.add("\" y=\"")
    out.addCoordinate(y)
    out.add("\" width=\"")
    out.addCoordinate(w)
    out.add("\" height=\"")
    out.addCoordinate(h)
    out.add("\"")
    if !style.isEmpty { out.add(" " + style) }
    out.add("/>")
  }

  func text(
    _ out: inout ByteBuffer, _ x: Double, _ y: Double, _ words: String, _ style: String = ""
  ) {
    out.add("<text x=\"")
    out.addCoordinate(x)
    out.add("\" y=\"")
    out.addCoordinate(y)
    out.add("\"")
    if !style.isEmpty { out.add(" " + style) }
    out.add(">")
    out.addEscaped(words)
    out.add("</text>\n")
  }

  // MARK: Axes

  private func drawAxes(_ out: inout ByteBuffer) {
    let bottom = top + plotHeight
    let right = left + plotWidth
    out.add("<path fill=\"none\" stroke=\"#000\" stroke-width=\"1\" d=\"")
    func tick(_ x1: Double, _ y1: Double, _ letter: StaticString, _ length: Double) {
      out.add("M")
      out.addCoordinate(x1)
      out.add(" ")
      out.addCoordinate(y1)
      out.add(letter)
      out.addCoordinate(length)
    }
    for (values, length) in [(x.ticks.map(\.value), 5.0), (x.minorTicks, 2.5)] {
      for value in values {
        guard let f = x.position(value), f >= -1e-9, f <= 1 + 1e-9 else { continue }
        tick(left + f * plotWidth, bottom, "v", -length)
        tick(left + f * plotWidth, top, "v", length)
      }
    }
    for (values, length) in [(y.ticks.map(\.value), 5.0), (y.minorTicks, 2.5)] {
      for value in values {
        guard let f = y.position(value), f >= -1e-9, f <= 1 + 1e-9 else { continue }
        tick(left, bottom - f * plotHeight, "h", length)
        tick(right, bottom - f * plotHeight, "h", -length)
      }
    }
    out.add("\"/>\n")
    rectangle(
      &out, left, top, plotWidth, plotHeight, "fill=\"none\" stroke=\"#000\" stroke-width=\"1\"")
    out.add("\n")
    drawTickLabels(&out, bottom)
    text(
      &out, left + plotWidth / 2, bottom + 32, Self.label(figure.xAxis, x.factor, plotWidth + 30),
      "text-anchor=\"middle\" font-size=\"11\"")
    let middle = top + plotHeight / 2
    var turned = ByteBuffer()
    turned.add("text-anchor=\"middle\" font-size=\"11\" transform=\"rotate(-90 11 ")
    turned.addCoordinate(middle)
    turned.add(")\"")
    text(
      &out, 11, middle, Self.label(figure.yAxis, y.factor, min(height, plotHeight + 60)),
      turned.text)
  }

  private func drawTickLabels(_ out: inout ByteBuffer, _ bottom: Double) {
    var free = -Double.infinity
    for tick in x.ticks {
      guard let f = x.position(tick.value), f >= -1e-9, f <= 1 + 1e-9 else { continue }
      let half = TextMetrics.width(tick.label, size: Self.smallSize) / 2
      let at = left + f * plotWidth
      // Labels that would touch the one before are left out; the tick stays.
      if at - half < free { continue }
      text(&out, at, bottom + 14, tick.label, "text-anchor=\"middle\"")
      free = at + half + 4
    }
    free = .infinity
    for tick in y.ticks {
      guard let f = y.position(tick.value), f >= -1e-9, f <= 1 + 1e-9 else { continue }
      let at = bottom - f * plotHeight
      if at > free { continue }
      text(&out, left - 5, at + 3.6, tick.label, "text-anchor=\"end\"")
      free = at - 11
    }
  }

  /// The words of an axis: the quantity, with power of ten and unit in brackets.
  static func label(_ axis: Figure.Axis, _ factor: Int, _ room: Double) -> String {
    let unit = PeopleText.unit(axis.unit)
    var name = axis.quantity
    if let first = name.first, first.isLowercase, name.dropFirst().first?.isLowercase == true {
      name = first.uppercased() + name.dropFirst()
    }
    let power = factor == 0 ? "" : PeopleText.powerOfTen(factor)
    let inside = [power, unit].filter { !$0.isEmpty }.joined(separator: "\u{00A0}")
    let tail = inside.isEmpty ? "" : " (\(inside))"
    let left = room - TextMetrics.width(tail, size: fontSize)
    return TextMetrics.fitted(name, size: fontSize, width: left) + tail
  }

  // MARK: Legend and marks

  private func drawLegend(_ out: inout ByteBuffer) {
    for entry in legend {
      let y = entry.y - 3.5
      var sample = ByteBuffer()
      switch entry.style {
      case .points:
        addShape(&sample, DrawnPoint(x: entry.x + 10, y: y), entry.shape)
        pointPath(&out, sample, entry.colour, entry.shape, size: 5)
      case .line, .dashed:
        sample.add("M")
        sample.addCoordinate(entry.x + 1)
        sample.add(" ")
        sample.addCoordinate(y)
        sample.add("h18")
        linePath(&out, sample, entry.colour, dashed: entry.style == .dashed)
      case .band:
        rectangle(
          &out, entry.x + 2, y - 4, 16, 8,
          "fill=\"\(entry.colour)\" fill-opacity=\"0.25\" stroke=\"none\"")
        out.add("\n")
      }
      text(&out, entry.x + 23, entry.y, entry.name)
    }
  }

  private func drawMarks(_ out: inout ByteBuffer) {
    if figure.series.allSatisfy({ $0.x.isEmpty }) && figure.marks.isEmpty
      && !figure.fields.contains(where: \.isWhole)
    {
      text(
        &out, left + plotWidth / 2, top + plotHeight / 2, "no data",
        "text-anchor=\"middle\" fill=\"#666\"")
    }
    let data = dataForLabels()
    var taken: [(x: ClosedRange<Double>, y: Double)] = []
    for mark in figure.marks {
      guard let at = place(mark.x, mark.y) else { continue }
      let words = TextMetrics.fitted(mark.label, size: Self.smallSize, width: plotWidth - 12)
      let label = labelPlace(words, at, data, taken)
      taken.append(label)
      text(
        &out, label.x.lowerBound, label.y, words,
        "stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\"")
    }
    for mark in figure.marks {
      guard let at = place(mark.x, mark.y) else { continue }
      out.add("<path fill=\"#fff\" stroke=\"#000\" stroke-width=\"1.2\" d=\"M")
      out.addCoordinate(at.x)
      out.add(" ")
      out.addCoordinate(at.y - 4)
      out.add("l4 4-4 4-4-4z\"/>\n")
    }
  }

  /// Up to a thousand places a series, evenly taken: what a label should not cover.
  private func dataForLabels() -> [DrawnPoint] {
    if figure.marks.isEmpty { return [] }
    var points = figure.marks.compactMap { place($0.x, $0.y) }
    for series in figure.series {
      let count = min(series.x.count, series.y.count)
      for i in stride(from: 0, to: count, by: max(1, count / 1000)) {
        if let at = place(series.x[i], series.y[i]) { points.append(at) }
      }
    }
    return points
  }

  /// The span and baseline for a label near a point that cover least: right or left of it, and up to
  /// five lines above or below.
  private func labelPlace(
    _ words: String, _ at: DrawnPoint, _ data: [DrawnPoint],
    _ taken: [(x: ClosedRange<Double>, y: Double)]
  ) -> (x: ClosedRange<Double>, y: Double) {
    let wide = TextMetrics.width(words, size: Self.smallSize)
    var best: (x: ClosedRange<Double>, y: Double)?
    var least = Double.infinity
    for row in [0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5] {
      for from in [at.x + 8, at.x - 8 - wide, at.x - wide / 2] {
        let start = max(left + 3, min(from, left + plotWidth - 3 - wide))
        let span = start...(start + wide)
        let baseline = max(top + 11, min(at.y + 3.5 + Double(row) * 12, top + plotHeight - 4))
        let box = (top: baseline - 11, bottom: baseline + 4)
        var cost = Double(abs(row)) + abs(start - from) / 20
        for other in taken where other.x.overlaps(span) && abs(other.y - baseline) < 12 {
          cost += 1000
        }
        for point in data
        where point.y > box.top && point.y < box.bottom && point.x > span.lowerBound - 4
          && point.x < span.upperBound + 4
        {
          cost += 2
        }
        if cost < least {
          least = cost
          best = (span, baseline)
        }
      }
    }
    return best ?? (at.x...(at.x + wide), at.y)
  }

  // MARK: Paths

  func linePath(
    _ out: inout ByteBuffer, _ path: ByteBuffer, _ colour: String, dashed: Bool
  ) {
    out.add("<path fill=\"none\" stroke=\"\(colour)\" stroke-width=\"1.6\"")
    if dashed { out.add(" stroke-dasharray=\"6 4\"") }
    out.add(" d=\"")
    out.bytes.append(contentsOf: path.bytes)
    out.add("\"/>\n")
  }

  /// The path of points: dots are zero-length strokes with caps, the other shapes small outlines.
  func pointPath(
    _ out: inout ByteBuffer, _ path: ByteBuffer, _ colour: String, _ shape: Int, size: Double
  ) {
    if shape < 2 {
      out.add("<path fill=\"none\" stroke=\"\(colour)\" stroke-linecap=\"")
      shape == 0 ? out.add("round") : out.add("square")
      out.add("\" stroke-width=\"")
      out.addCoordinate(shape == 0 ? size : size * 0.85)
      out.add("\" d=\"")
    } else {
      out.add("<path fill=\"\(colour)\" stroke=\"none\" d=\"")
    }
    out.bytes.append(contentsOf: path.bytes)
    out.add("\"/>\n")
  }

  func addShape(_ path: inout ByteBuffer, _ at: DrawnPoint, _ shape: Int) {
    path.add("M")
    path.addCoordinate(at.x)
    path.add(" ")
    switch shape {
    case 2:
      path.addCoordinate(at.y - 3.5)
      path.add("l3.5 3.5-3.5 3.5-3.5-3.5z")
    case 3:
      path.addCoordinate(at.y - 3.6)
      path.add("l3.4 5.8h-6.8z")
    default:
      path.addCoordinate(at.y)
      path.add("h0")
    }
  }
}
