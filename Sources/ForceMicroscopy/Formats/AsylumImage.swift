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
  static func holds(_ sections: IgorSections) -> Bool {
    sections.header.dimensions.count > 2 || isOneLayer(sections)
  }

  /// Whether a wave of two dimensions is a single layer: both dimensions are lengths.
  static func isOneLayer(_ sections: IgorSections) -> Bool {
    sections.header.dimensions.count == 2
      && sections.dimensionUnits.prefix(2).allSatisfy { $0 == "m" }
  }

  init(_ sections: IgorSections, _ series: IgorSeries) {
    let header = sections.header
    var columns: [Column] = []
    if header.dimensions.count > 2 {
      let labels = Array(sections.labels[header.dimensions.count - 1].dropFirst())
      for position in 0..<series.columns {
        let label = position < labels.count ? labels[position] : ""
        columns += layer(series, position, label, sections.dataUnits)
      }
    } else {
      let channel = AsylumChannels.image(header.name, dataUnits: sections.dataUnits)
      columns = series.allInOne(
        name: channel?.name ?? IgorUnits.name(header.name, fallback: "layer_0"),
        unit: channel?.unit ?? IgorUnits.column(sections.dataUnits))
    }
    table = Table(name: "scan", columns: columns)
    guard !series.isCut, !columns.isEmpty else { return }
    let inSpace =
      header.dimensions.count > 2 ? header.dimensions.dropLast() : header.dimensions[...]
    grid = Grid(
      name: "scan",
      axes: inSpace.enumerated().map { i, count in
        GridAxis(
          name: i < 3 ? ["x", "y", "z"][i] : "t", count: count,
          origin: header.origins[i].isFinite ? header.origins[i] : 0,
          step: header.steps[i].isFinite ? header.steps[i] : 1,
          unit: IgorUnits.column(sections.dimensionUnits[i]))
      }, channels: table.columns)
  }

  private mutating func layer(
    _ series: IgorSeries, _ position: Int, _ label: String, _ dataUnits: String
  ) -> [Column] {
    let channel =
      AsylumChannels.image(label, dataUnits: dataUnits)
      ?? AsylumChannels.other(label, position: position, dataUnits: dataUnits)
    if let doubt = channel.doubt {
      diagnostics.warn(
        "unit.unknown", at: .byte(212), found: doubt,
        expected: "give it with --unit \(channel.name)=UNIT")
    }
    return series.column(position, name: channel.name, label: label, unit: channel.unit)
  }
}
