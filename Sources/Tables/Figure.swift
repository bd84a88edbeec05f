/// A figure before it is drawn: series with their axes, marks and words.
///
/// Analyzers and simulations make figures; only the output layer draws them and writes the numbers
/// beside them.
public struct Figure: Hashable, Sendable {
  /// An axis: what it shows and in which unit (UCUM).
  public struct Axis: Hashable, Sendable {
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
  public enum Style: String, Hashable, Sendable { case points, line, dashed, band }

  /// One series of numbers.
  public struct Series: Hashable, Sendable {
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
  public struct Mark: Hashable, Sendable {
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

  /// The name of the file without extension, such as `film_03-force-deflection`.
  public var id: String
  /// The title.
  public var title: String
  /// What the reader sees and what it means, one or two sentences.
  public var caption: String
  /// The axes.
  public var xAxis: Axis, yAxis: Axis
  /// The series in drawing order.
  public var series: [Series]
  /// Marked points.
  public var marks: [Mark]
  /// Whether one unit of x is drawn as long as one unit of y.
  public var equalScale: Bool

  /// A figure from its parts.
  public init(
    id: String, title: String, caption: String, xAxis: Axis, yAxis: Axis, series: [Series],
    marks: [Mark] = [], equalScale: Bool = false
  ) {
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
