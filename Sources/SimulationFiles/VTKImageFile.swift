public import Bytes
public import Reading
public import Tables
internal import Units

/// VTK image data (`.vti`): values on a regular grid, as ParaView, FiPy, MOOSE and this program write them.
public enum VTKImageFile: FileFormat {
  /// `vtk-image-data`.
  public static let id = "vtk-image-data"
  /// One line for people.
  public static let title = "VTK image data (.vti)"
  /// Any technique may use it.
  public static let technique = Technique.any
  /// The extension.
  public static let extensions = ["vti"]
  /// How it is recognised.
  public static let recognisedBy = "<VTKFile type=\"ImageData\">"

  /// 95 for image data, 60 for another kind of VTK's XML files, which reading then refuses.
  public static func recognise(_ file: FileHead) -> Recognition {
    let head = file.head.prefix(4096)
    guard let tag = head.firstRange(of: "<VTKFile"), tag.lowerBound < 2048 else { return .none }
    let end = head.firstRange(of: ">", from: tag.upperBound)?.lowerBound ?? head.count
    let attributes = head[tag.upperBound..<end].latin1()
    let isImage = attributes.contains("\"ImageData\"") || attributes.contains("'ImageData'")
    return isImage
      ? Recognition(95, ["<VTKFile type=\"ImageData\">"])
      : Recognition(60, ["<VTKFile\(attributes.prefix(60))>"])
  }

  /// Reads grids and fields.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    let document = try VTKDocument(bytes, options: options)
    let type = document.root.attribute("type") ?? ""
    guard type == "ImageData", let image = document.root["ImageData"] else {
      throw ReadFailure(
        "vti.type", at: .line(document.root.line), found: "VTK data of type '\(type)'",
        expected: "expected ImageData: in ParaView resample to an image, or save data as CSV")
    }
    var dataset = Dataset(format: id, technique: technique, tables: [])
    var diagnostics = DiagnosticList()
    diagnostics.add(contentsOf: document.diagnostics)
    for element in [document.root, image] {
      for attribute in element.attributes {
        dataset.keep(attribute.name, attribute.value, at: .line(element.line))
      }
    }
    let limits = options.limits.expansion
    try fields(image, document, limits, &dataset)
    try fields(document.root, document, limits, &dataset)
    let frame = try VTKFrame(image, lengthUnit: dataset.metadata.text("length_unit"))
    if let direction = image.attribute("Direction"), !VTKFrame.isIdentity(direction) {
      diagnostics.warn(
        "vti.direction", at: .line(image.line), found: "Direction=\"\(direction)\"",
        expected: "the axes are given as if they were not turned")
    }
    let pieces = image.all("Piece")
    guard !pieces.isEmpty else {
      throw ReadFailure(
        "vti.no-data", at: .line(image.line), found: "no Piece", expected: "expected one or more")
    }
    for (kind, isCells) in [("PointData", false), ("CellData", true)] {
      let channels = try VTKChannels(
        pieces, kind, frame, isCells: isCells, document, limits, &diagnostics)
      guard !channels.columns.isEmpty else { continue }
      dataset.grids.append(
        Grid(
          name: isCells ? "cell_data" : "point_data", axes: frame.axes(ofCells: isCells),
          channels: channels.columns))
    }
    if dataset.grids.isEmpty {
      diagnostics.warn(
        "vti.no-data", at: .line(image.line), found: "no array of point or cell data",
        expected: "expected at least one")
    }
    dataset.reading["byte order"] = document.order.rawValue
    dataset.diagnostics = diagnostics.all
    return dataset
  }

  /// Numbers and texts that belong to the grid as a whole.
  private static func fields(
    _ parent: XMLTree.Element, _ document: VTKDocument, _ limits: ExpansionLimits,
    _ dataset: inout Dataset
  ) throws(ReadFailure) {
    var single: [Column] = []
    for group in parent.all("FieldData") {
      for element in group.children where element.name == "DataArray" || element.name == "Array" {
        let array = try VTKArray(element, of: document, tuples: nil, limits: limits)
        let label = array.name.isEmpty ? "field" : array.name
        if let texts = array.texts {
          dataset.keep(label, texts.joined(separator: "; "), at: .line(element.line))
          continue
        }
        let columns = VTKChannels.columns(array, label: label)
        if array.values.count == array.components {
          single += columns
        } else {
          dataset.tables.append(Table(name: ColumnLabel.slug(label), columns: columns))
        }
      }
    }
    if !single.isEmpty { dataset.tables.insert(Table(name: "fields", columns: single), at: 0) }
  }
}
