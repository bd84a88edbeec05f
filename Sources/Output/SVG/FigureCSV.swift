public import Tables

/// The numbers of a figure as CSV, one row a point: what stands beside each SVG.
///
/// Columns: `series`, `style`, x, y, `u(y)` and, for bands, the other edge. Marked points are rows of
/// the style `mark`, with their words as series. Of a map each cell is a row of the style `field`: its
/// middle and, in a column of its own, its value.
public enum FigureCSV {
  /// The bytes of the file.
  public static func bytes(_ figure: Figure) -> [UInt8] {
    var out = ByteBuffer()
    let hasU = figure.series.contains { $0.u != nil && $0.style != .band }
    let hasBand = figure.series.contains { $0.u != nil && $0.style == .band }
    let x = header(figure.xAxis)
    let y = header(figure.yAxis)
    out.add("series,style,")
    out.addCell(CSVWriter.guarded(x))
    out.add(",")
    out.addCell(CSVWriter.guarded(y))
    if hasU {
      out.add(",")
      out.addCell("u(\(figure.yAxis.quantity))\(suffix(figure.yAxis))")
    }
    if hasBand {
      out.add(",")
      out.addCell("edge of \(y)")
    }
    let hasField = !figure.fields.isEmpty
    if hasField, let axis = figure.colourAxis {
      out.add(",")
      out.addCell(CSVWriter.guarded(header(axis)))
    } else if hasField {
      out.add(",value")
    }
    out.add("\n")
    for (number, field) in figure.fields.enumerated() where field.isWhole {
      addCells(&out, field, number, empty: (hasU ? 1 : 0) + (hasBand ? 1 : 0))
    }
    for series in figure.series {
      var lead = ByteBuffer()
      lead.addCell(CSVWriter.guarded(series.name))
      lead.add(",\(series.style.rawValue),")
      for i in series.x.indices where i < series.y.count {
        out.bytes.append(contentsOf: lead.bytes)
        add(&out, series.x[i])
        out.add(",")
        add(&out, series.y[i])
        let u = series.u.flatMap { i < $0.count ? $0[i] : nil } ?? .nan
        if hasU {
          out.add(",")
          if series.style != .band { add(&out, u) }
        }
        if hasBand {
          out.add(",")
          if series.style == .band { add(&out, u) }
        }
        if hasField { out.add(",") }
        out.add("\n")
      }
    }
    for mark in figure.marks {
      out.addCell(CSVWriter.guarded(mark.label))
      out.add(",mark,")
      add(&out, mark.x)
      out.add(",")
      add(&out, mark.y)
      if hasU { out.add(",") }
      if hasBand { out.add(",") }
      if hasField { out.add(",") }
      out.add("\n")
    }
    return out.bytes
  }

  /// The cells of a map, one row each.
  private static func addCells(
    _ out: inout ByteBuffer, _ field: Figure.Field, _ number: Int, empty: Int
  ) {
    let width = field.columns + 1
    for row in 0..<field.rows {
      for column in 0..<field.columns {
        let corner = row * width + column
        func middle(_ values: [Double]) -> Double {
          (values[corner] + values[corner + 1] + values[corner + width] + values[corner + width + 1])
            / 4
        }
        out.add("map \(number + 1),field,")
        add(&out, middle(field.x))
        out.add(",")
        add(&out, middle(field.y))
        for _ in 0...empty { out.add(",") }
        add(&out, field.values[row * field.columns + column])
        out.add("\n")
      }
    }
  }

  private static func header(_ axis: Figure.Axis) -> String { axis.quantity + suffix(axis) }

  private static func suffix(_ axis: Figure.Axis) -> String {
    axis.unit.isEmpty ? "" : " / \(axis.unit)"
  }

  private static func add(_ out: inout ByteBuffer, _ number: Double) {
    if number.isFinite { out.add(number) }
  }
}
