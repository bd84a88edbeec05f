internal import Bytes
internal import Tables

/// The layers of an Asylum image.
struct AsylumImage {
  /// One column a layer, one row a pixel, the fast axis fastest.
  private(set) var table = Table(name: "scan", columns: [])
  /// The same pixels with their axes; nil where layers are missing.
  private(set) var grid: Grid?
  /// What there is to say about labels and units.
  private(set) var diagnostics = DiagnosticList()

  /// Whether a wave is an image: three dimensions, or two in space.
  static func holds(_ shape: IgorShape) -> Bool {
    shape.dimensions.count > 2 || isOneLayer(shape)
  }

  /// Whether a wave of two dimensions is a single layer: both dimensions are lengths.
  static func isOneLayer(_ shape: IgorShape) -> Bool {
    shape.dimensions.count == 2 && shape.unit(0) == "m" && shape.unit(1) == "m"
  }

  init(_ shape: IgorShape, _ series: any IgorPoints) {
    var columns: [Column] = []
    let hasLayers = shape.dimensions.count > 2
    if hasLayers {
      let labels = shape.columnLabels
      for position in 0..<series.columns {
        let label = position < labels.count ? labels[position] : ""
        columns += layer(shape, series, position, label)
      }
    } else {
      let channel = AsylumChannels.image(shape.name, dataUnits: shape.dataUnits)
      columns = series.allInOne(
        name: channel?.name ?? IgorUnits.name(shape.name, fallback: "layer_0"),
        label: shape.name, unit: channel?.unit ?? IgorUnits.column(shape.dataUnits))
    }
    table = Table(name: "scan", columns: columns)
    guard !series.isCut, !columns.isEmpty else { return }
    grid = Grid(
      name: "scan", axes: shape.axes(dropping: hasLayers ? 1 : 0), channels: table.columns)
  }

  private mutating func layer(
    _ shape: IgorShape, _ series: any IgorPoints, _ position: Int, _ label: String
  ) -> [Column] {
    let dataUnits = shape.dataUnits
    let channel =
      AsylumChannels.image(label, dataUnits: dataUnits)
      ?? AsylumChannels.other(label, position: position, dataUnits: dataUnits)
    if let doubt = channel.doubt {
      diagnostics.warn(
        "unit.unknown", at: shape.unitPlace, found: doubt,
        expected: "give it with --unit \(channel.name)=UNIT")
    }
    return series.column(position, name: channel.name, label: label, unit: channel.unit)
  }
}
