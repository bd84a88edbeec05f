internal import Bytes
internal import Tables

/// The columns of a plain wave, with its axis and, for three dimensions and more, its grid.
struct IgorPlainTable {
  /// The columns in the file's order, an axis first where the rows are scaled.
  private(set) var columns: [Column] = []
  /// The name of the axis column.
  private(set) var index: [String] = []
  /// What there is to say about them.
  private(set) var diagnostics = DiagnosticList()
  private let shape: IgorShape
  private let series: any IgorPoints
  private var channels: [Column] = []

  /// The columns of a wave; with more of them than `limit` all points stand in one column.
  init(_ shape: IgorShape, _ series: any IgorPoints, limit: Int) {
    self.shape = shape
    self.series = series
    let unit = IgorUnits.column(shape.dataUnits)
    if case .unknown(let text) = unit {
      diagnostics.warn(
        "unit.unknown",
        at: shape.unitPlace,
        found: "the unit of the data, \u{201C}\(text)\u{201D}, is not known",
        expected: "expected a unit such as m, V, N or s")
    }
    if let axis = axis() {
      columns.append(axis)
      index = [axis.name]
    }
    guard series.columns <= limit else {
      diagnostics.warn(
        "ibw.many-columns", at: shape.dimensionPlace,
        found: "the wave has \(series.columns) columns, more than \(limit)",
        expected: "all points stand in one column, the first dimension fastest")
      columns = series.allInOne(
        name: IgorUnits.name(shape.name, fallback: "value"), label: shape.name, unit: unit)
      index = []
      return
    }
    let labels = columnLabels()
    for position in 0..<series.columns {
      let label = labels[position]
      let fallback = shape.dimensions.count > 1 ? "column_\(position)" : "value"
      let name = IgorUnits.name(
        label.isEmpty && shape.dimensions.count < 2 ? shape.name : label, fallback: fallback)
      channels += series.column(
        position, name: name,
        label: label.isEmpty && shape.dimensions.count < 2 ? shape.name : label,
        unit: unit)
    }
    columns += channels
  }

  /// The label of each column; empty where the file gives none.
  private func columnLabels() -> [String] {
    let labels = shape.columnLabels
    return (0..<max(1, series.columns)).map { $0 < labels.count ? labels[$0] : "" }
  }

  /// The scaled rows of a wave of one or two dimensions: `sfB + row · sfA`.
  private func axis() -> Column? {
    guard shape.dimensions.count == 1 || shape.dimensions.count == 2,
      let step = shape.steps.first, let origin = shape.origins.first,
      step.isFinite, origin.isFinite, step != 0
    else { return nil }
    let unit = shape.unit(0)
    if step == 1, origin == 0, unit.isEmpty { return nil }
    return Column(
      name: unit == "s" ? "time" : "x", label: "x",
      values: .real((0..<series.rows).map { origin + Double($0) * step }),
      unit: IgorUnits.column(unit), origin: shape.axisOrigin)
  }

  /// The grid of a wave of three or more dimensions: the last one counts the channels.
  func grid(named name: String) -> Grid? {
    guard shape.dimensions.count > 2, !series.isCut, !channels.isEmpty else { return nil }
    return Grid(name: name, axes: shape.axes(dropping: 1), channels: channels)
  }
}

/// Where the scaling of the rows stands in a header.
enum IgorAxis {
  /// The bytes of `sfA[0]` and `sfB[0]`.
  static func origin(_ header: IgorHeader) -> Origin {
    let start =
      header.version == 5 ? IgorHeader.Field.sampleInterval : IgorHeader.prefix(header.version) + 48
    let second = header.version == 5 ? start + 32 : start + 8
    return Origin(
      bytes: [start..<(start + 8), second..<(second + 8)],
      steps: ["float64, \(header.order.rawValue)-endian", "sfB + row · sfA"])
  }
}
