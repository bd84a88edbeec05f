public import Tables
internal import Units

/// Writes grids as VTK image data (`.vti`), which ParaView opens.
///
/// One appended raw block, `UInt64` headers, little endian (VTK File Formats, "XML File Formats"). The
/// channels are point data; their units stand in VTK's own key `UNITS_LABEL`, the unit of the axes in
/// the field array `length_unit`, in which positions are written as they stand.
public enum VTKImage {
  /// The file of a grid.
  public struct File: Sendable {
    /// The bytes.
    public var bytes: [UInt8]
    /// Channels and field columns that hold text, which has no place in the file.
    public var leftOut: [String]
  }

  /// Why a grid cannot be written.
  public struct Failure: Error, Hashable {
    /// What was found, and what is expected.
    public var message: String
  }

  /// The file of a grid with up to three axes.
  ///
  /// - Parameters:
  ///   - grid: regular axes and channels; the first axis is the fastest.
  ///   - fields: numbers that belong to the grid as a whole, such as `time`; a column of that name is
  ///     also written as `TimeValue`, which ParaView shows.
  /// - Throws: ``Failure`` for a grid of more axes, or with a channel that does not fill it.
  public static func file(_ grid: Grid, fields: [Column] = []) throws(Failure) -> File {
    guard (1...3).contains(grid.axes.count) else {
      throw Failure(message: "\(grid.axes.count) axes; expected one to three")
    }
    var points = 1
    for axis in grid.axes {
      let (product, overflow) = points.multipliedReportingOverflow(by: axis.count)
      guard axis.count > 0, !overflow else {
        throw Failure(message: "an axis of \(axis.count) points; expected at least one")
      }
      points = product
    }
    for channel in grid.channels where channel.count != points {
      throw Failure(
        message: "channel '\(channel.name)' has \(channel.count) values; expected \(points)")
    }
    var writer = Writer()
    writer.head(grid)
    writer.fields(fields)
    writer.piece(grid)
    return File(bytes: writer.finished(), leftOut: writer.leftOut)
  }

  /// The XML and, beside it, the block of numbers that it points into.
  private struct Writer {
    var xml = ByteBuffer()
    var block: [UInt8] = []
    var leftOut: [String] = []

    mutating func head(_ grid: Grid) {
      let axes =
        grid.axes
        + Array(
          repeating: GridAxis(name: "", count: 1, origin: 0, step: 1, unit: .absent),
          count: 3 - grid.axes.count)
      let extent = axes.map { "0 \($0.count - 1)" }.joined(separator: " ")
      xml.add("<?xml version=\"1.0\"?>\n<VTKFile type=\"ImageData\" version=\"1.0\" ")
      xml.add("byte_order=\"LittleEndian\" header_type=\"UInt64\">\n<ImageData WholeExtent=\"")
      xml.add(extent)
      xml.add("\" Origin=\"\(axes.map { "\($0.origin)" }.joined(separator: " "))\" Spacing=\"")
      xml.add(axes.map { "\($0.step)" }.joined(separator: " "))
      xml.add("\">\n<FieldData>\n")
      // The unit's text as codes of its characters, as VTK keeps strings.
      let unit = grid.axes.first?.unit.ucum ?? ""
      if !unit.isEmpty {
        xml.add(
          "<Array type=\"String\" Name=\"length_unit\" NumberOfTuples=\"1\" format=\"ascii\">")
        xml.add(unit.utf8.map { "\($0)" }.joined(separator: " "))
        xml.add(" 0</Array>\n")
      }
    }

    mutating func fields(_ columns: [Column]) {
      for column in columns {
        array(column, name: column.name, isField: true)
        if column.name == "time" { array(column, name: "TimeValue", isField: true) }
      }
      xml.add("</FieldData>\n")
    }

    mutating func piece(_ grid: Grid) {
      let counts = grid.axes.map(\.count) + Array(repeating: 1, count: 3 - grid.axes.count)
      xml.add("<Piece Extent=\"\(counts.map { "0 \($0 - 1)" }.joined(separator: " "))\">\n")
      xml.add("<PointData>\n")
      for channel in grid.channels { array(channel, name: channel.name, isField: false) }
      xml.add("</PointData>\n<CellData>\n</CellData>\n</Piece>\n</ImageData>\n")
    }

    private mutating func array(_ column: Column, name: String, isField: Bool) {
      let words: [UInt64]
      let type: String
      switch column.values {
      case .real(let values):
        type = "Float64"
        words = values.enumerated().map {
          (column.missing.contains($0) ? Double.nan : $1).bitPattern
        }
      case .integer(let values), .instant(let values):
        type = "Int64"
        words = values.map { UInt64(bitPattern: $0) }
      case .text, .category:
        leftOut.append(column.name)
        return
      }
      xml.add("<DataArray type=\"\(type)\" Name=\"")
      xml.addEscaped(name)
      xml.add("\" ")
      if isField { xml.add("NumberOfTuples=\"\(words.count)\" ") }
      xml.add("format=\"appended\" offset=\"\(block.count)\">")
      if !column.unit.ucum.isEmpty {
        xml.add("<InformationKey name=\"UNITS_LABEL\" location=\"vtkDataArray\">")
        xml.addEscaped(column.unit.ucum)
        xml.add("</InformationKey>")
      }
      xml.add("</DataArray>\n")
      block.reserveCapacity(block.count + 8 * (words.count + 1))
      append(UInt64(words.count) * 8)
      for word in words { append(word) }
    }

    private mutating func append(_ word: UInt64) {
      for shift in stride(from: 0, to: 64, by: 8) {
        block.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }

    mutating func finished() -> [UInt8] {
      xml.add("<AppendedData encoding=\"raw\">\n_")
      xml.bytes.append(contentsOf: block)
      xml.add("\n</AppendedData>\n</VTKFile>\n")
      return xml.bytes
    }
  }
}
