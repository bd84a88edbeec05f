/// A figure before it is drawn: series with their axes, marks and words.
///
/// Analyzers and simulations make figures; only the output layer draws them and writes the numbers
/// beside them.
public struct Figure: Hashable, Sendable, Codable {
  /// An axis: what it shows and in which unit (UCUM).
  public struct Axis: Hashable, Sendable, Codable {
    /// The quantity in words, such as `deflection`.
    public var quantity: String
    /// The unit of the numbers, UCUM; `1` for a pure number.
    public var unit: String
    /// Whether the axis is logarithmic.
    public var logarithmic: Bool

    /// An axis from its parts.
    public init(_ quantity: String, unit: String, logarithmic: Bool = false) {
      self.quantity = quantity
      self.unit = unit
      self.logarithmic = logarithmic
    }
  }

  /// How a series is drawn.
  public enum Style: String, Hashable, Sendable, Codable { case points, line, dashed, band }

  /// One series of numbers.
  public struct Series: Hashable, Sendable, Codable {
    /// The name in the legend.
    public var name: String
    /// How it is drawn.
    public var style: Style
    /// The coordinates in the axes' units; non-finite points are left out.
    public var x: [Double], y: [Double]
    /// The standard uncertainty of `y` (error bars), or for a band its other edge.
    public var u: [Double]?

    /// A series from its parts.
    public init(_ name: String, _ style: Style, x: [Double], y: [Double], u: [Double]? = nil) {
      self.name = name
      self.style = style
      self.x = x
      self.y = y
      self.u = u
    }
  }

  /// A marked point.
  public struct Mark: Hashable, Sendable, Codable {
    /// The coordinates in the axes' units.
    public var x: Double, y: Double
    /// The words beside it.
    public var label: String

    /// A mark from its parts.
    public init(x: Double, y: Double, label: String) {
      self.x = x
      self.y = y
      self.label = label
    }
  }

  /// A coloured map: cells between lines of a grid that may be bent.
  public struct Field: Hashable, Sendable, Codable {
    /// The number of cells along a row, and of rows.
    public var columns: Int, rows: Int
    /// The corners of the cells in the axes' units, row by row: (columns + 1)·(rows + 1) of them.
    public var x: [Double], y: [Double]
    /// The value of each cell, row by row; one that is not finite stays white.
    public var values: [Double]

    /// A map on a bent grid from its corners.
    public init(columns: Int, rows: Int, x: [Double], y: [Double], values: [Double]) {
      self.columns = columns
      self.rows = rows
      self.x = x
      self.y = y
      self.values = values
    }

    /// A map on a rectangular grid from the edges of its columns and rows.
    public init(xEdges: [Double], yEdges: [Double], values: [Double]) {
      self.init(
        columns: max(0, xEdges.count - 1), rows: max(0, yEdges.count - 1),
        x: yEdges.flatMap { _ in xEdges }, y: yEdges.flatMap { y in xEdges.map { _ in y } },
        values: values)
    }

    /// Edges midway between positions, and as far beyond the first and the last.
    ///
    /// - Parameter logarithmic: whether the positions are taken as equal steps of a logarithmic axis.
    public static func edges(around positions: [Double], logarithmic: Bool = false) -> [Double] {
      guard let first = positions.first, let last = positions.last else { return [] }
      guard positions.count > 1 else {
        return logarithmic && first > 0
          ? [first / 1.2, first * 1.2] : [first - 0.5, first + 0.5]
      }
      func middle(_ a: Double, _ b: Double) -> Double {
        logarithmic ? (a * b).squareRoot() : (a + b) / 2
      }
      var edges = zip(positions, positions.dropFirst()).map(middle)
      let (inner, outer) = (edges[0], edges[edges.count - 1])
      edges.insert(logarithmic ? first * first / inner : 2 * first - inner, at: 0)
      edges.append(logarithmic ? last * last / outer : 2 * last - outer)
      return edges
    }

    /// Whether the arrays have the sizes that the numbers of cells ask for.
    public var isWhole: Bool {
      guard columns > 0, rows > 0 else { return false }
      let (cells, overflow) = columns.multipliedReportingOverflow(by: rows)
      guard !overflow, values.count == cells else { return false }
      let corners = cells + columns + rows + 1
      return x.count == corners && y.count == corners
    }
  }

  /// The name of the file without extension, such as `film_03-force-deflection`.
  public var id: String
  /// The title.
  public var title: String
  /// What the reader sees and what it means, one or two sentences.
  public var caption: String
  /// The axes.
  public var xAxis: Axis, yAxis: Axis
  /// Coloured maps below the series; all share the colours of ``colourAxis``.
  public var fields: [Field] = []
  /// What the colours of the maps show; colours are even on both sides of zero where values of
  /// both signs occur.
  public var colourAxis: Axis?
  /// The series in drawing order.
  public var series: [Series]
  /// Marked points.
  public var marks: [Mark]
  /// Whether one unit of x is drawn as long as one unit of y.
  public var equalScale: Bool

  /// A figure from its parts.
  public init(
    id: String, title: String, caption: String, xAxis: Axis, yAxis: Axis, series: [Series],
    marks: [Mark] = [], equalScale: Bool = false, fields: [Field] = [], colourAxis: Axis? = nil
  ) {
    self.fields = fields
    self.colourAxis = colourAxis
    self.id = id
    self.title = title
    self.caption = caption
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.series = series
    self.marks = marks
    self.equalScale = equalScale
  }
}
