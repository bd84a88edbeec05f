internal import Bytes
internal import Tables

/// What a wave says about itself apart from its points, whichever kind of file it stands in.
struct IgorShape {
  /// The name of the wave.
  var name = ""
  /// The lengths of the dimensions in use.
  var dimensions: [Int] = []
  /// The step and the origin of each dimension.
  var steps: [Double] = [], origins: [Double] = []
  /// The unit of the data and of each dimension; empty where there is none.
  var dataUnits = "", dimensionUnits: [String] = []
  /// The labels of each dimension: the first names the dimension, the others its elements.
  var labels: [[String]] = [[], [], [], []]
  /// The note as key and value pairs.
  var note = IgorNote()
  /// Whether the file ended before all parts of the wave.
  var isCut = false
  /// Where the labels, the data unit and the dimensions stand, for messages.
  var labelPlace = Place.whole, unitPlace = Place.whole, dimensionPlace = Place.whole
  /// Where the scaling of the rows stands.
  var axisOrigin = Origin()

  /// The labels of the elements of the last of two or more dimensions.
  var columnLabels: [String] {
    dimensions.count > 1 && dimensions.count <= labels.count
      ? Array(labels[dimensions.count - 1].dropFirst()) : []
  }

  /// The step and origin of a dimension; 1 and 0 where the file gives no finite ones.
  func scale(_ i: Int) -> (step: Double, origin: Double) {
    let step = i < steps.count && steps[i].isFinite ? steps[i] : 1
    let origin = i < origins.count && origins[i].isFinite ? origins[i] : 0
    return (step, origin)
  }

  /// The unit of a dimension; empty where there is none.
  func unit(_ i: Int) -> String { i < dimensionUnits.count ? dimensionUnits[i] : "" }

  /// The axes of a grid over all dimensions but the last `dropped` ones.
  func axes(dropping dropped: Int) -> [GridAxis] {
    dimensions.indices.dropLast(dropped).map { i in
      GridAxis(
        name: i < 3 ? ["x", "y", "z"][i] : "t", count: dimensions[i], origin: scale(i).origin,
        step: scale(i).step, unit: IgorUnits.column(unit(i)))
    }
  }
}

/// The points of a wave as columns: the last of two or more dimensions counts the columns.
protocol IgorPoints {
  /// The rows that are present.
  var rows: Int { get }
  /// The columns that are present.
  var columns: Int { get }
  /// The columns that the file declares.
  var declaredColumns: Int { get }
  /// Whether rows or columns are missing.
  var isCut: Bool { get }
  /// The column at a position over some of the rows; two columns where points are complex.
  func column(
    _ position: Int, rows: Range<Int>?, name: String, label: String, unit: ColumnUnit
  ) -> [Column]
  /// All points in one column, the first dimension fastest.
  func allInOne(name: String, label: String, unit: ColumnUnit) -> [Column]
}

extension IgorPoints {
  /// The whole column at a position; two columns where points are complex.
  func column(_ position: Int, name: String, label: String, unit: ColumnUnit) -> [Column] {
    column(position, rows: nil, name: name, label: label, unit: unit)
  }
}

extension IgorSections {
  /// What the wave says about itself.
  var shape: IgorShape {
    var shape = IgorShape(
      name: header.name, dimensions: header.dimensions, steps: header.steps,
      origins: header.origins, dataUnits: dataUnits, dimensionUnits: dimensionUnits,
      labels: labels, note: note, isCut: lost != nil)
    shape.labelPlace = .byte(36)
    shape.unitPlace = .byte(
      header.version == 5 ? 212 : IgorHeader.prefix(header.version) + 34)
    shape.dimensionPlace = .byte(IgorHeader.Field.dimensions)
    shape.axisOrigin = IgorAxis.origin(header)
    return shape
  }
}
