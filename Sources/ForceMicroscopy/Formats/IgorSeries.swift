internal import Bytes
internal import Tables

/// The points of an Igor wave as columns: the last dimension counts the columns, all others the rows.
///
/// Igor stores the first dimension fastest, so that every column is one run of bytes. Where the file
/// was cut, whole rows are kept of a wave of one or two dimensions cut within its last column, and
/// whole columns otherwise.
struct IgorSeries: IgorPoints {
  private let sections: IgorSections
  /// Rows and columns as declared.
  let declaredRows: Int, declaredColumns: Int
  /// Rows and columns that are present whole.
  let rows: Int, columns: Int

  /// The shape of a numeric wave.
  ///
  /// - Throws: `ibw.truncated` where the cut left no whole row and no whole column.
  init(_ sections: IgorSections) throws(ReadFailure) {
    self.sections = sections
    let lengths = sections.header.dimensions
    declaredColumns = lengths.count > 1 ? lengths[lengths.count - 1] : 1
    declaredRows = lengths.count > 1 ? sections.header.points / declaredColumns : lengths.first ?? 0
    let present = sections.data.count / max(1, sections.header.type.pointSize ?? 1)
    let inLast = present - declaredRows * (declaredColumns - 1)
    if present == sections.header.points {
      (rows, columns) = (declaredRows, declaredColumns)
    } else if lengths.count <= 2, inLast > 0 {
      (rows, columns) = (inLast, declaredColumns)
    } else {
      (rows, columns) = (declaredRows, present / max(1, declaredRows))
      guard columns > 0 else {
        throw ReadFailure(
          "ibw.truncated", at: .byte(IgorHeader.Field.points(sections.header.version)),
          found: "the header declares \(declaredColumns) columns of \(declaredRows) points, "
            + "\(present) points are left", expected: "expected at least one whole column")
      }
    }
  }

  /// Whether rows or columns are missing.
  var isCut: Bool { rows < declaredRows || columns < declaredColumns }

  /// The column at a position over some of the rows; two columns where points are complex.
  ///
  /// Rows out of range are left out.
  func column(
    _ position: Int, rows range: Range<Int>?, name: String, label: String, unit: ColumnUnit
  ) -> [Column] {
    let header = sections.header
    guard let layout = header.type.layout, let pointSize = header.type.pointSize,
      position >= 0, position < columns
    else { return [] }
    let range = (range ?? 0..<rows).clamped(to: 0..<rows)
    let start = (position * declaredRows + range.lowerBound) * pointSize
    let bytes =
      (sections.dataStart + start)..<(sections.dataStart + start + range.count * pointSize)
    let stored = "\(layout.rawValue), \(header.order.rawValue)-endian"

    func part(_ offset: Int, _ suffix: String, _ step: String?) -> Column {
      let stride = header.type.isComplex ? 2 : 1
      let values = Self.values(
        sections.data, layout, count: range.count, at: start + offset, stride: stride, header.order)
      return Column(
        name: name + suffix, label: label, values: values, unit: unit,
        origin: Origin(bytes: [bytes], steps: step.map { [stored, $0] } ?? [stored]),
        storage: layout == .float32 ? .float32 : layout == .float64 ? .float64 : .integer)
    }
    guard header.type.isComplex else { return [part(0, "", nil)] }
    return [
      part(0, "_real", "real part of each point"),
      part(layout.size, "_imaginary", "imaginary part of each point"),
    ]
  }

  /// All points in one column, the first dimension fastest.
  func allInOne(name: String, label: String, unit: ColumnUnit) -> [Column] {
    IgorSeries(
      flat: sections, points: sections.data.count / max(1, sections.header.type.pointSize ?? 1)
    )
    .column(0, name: name, label: label, unit: unit)
  }

  private init(flat sections: IgorSections, points: Int) {
    self.sections = sections
    (declaredRows, declaredColumns) = (points, 1)
    (rows, columns) = (points, 1)
  }

  /// The numbers; whole numbers stay whole, unless they exceed 2^63.
  private static func values(
    _ data: ByteView, _ layout: NumberLayout, count: Int, at offset: Int, stride: Int,
    _ order: ByteOrder
  ) -> ColumnValues {
    if let reals = data.reals(layout, count: count, at: offset, stride: stride, order: order) {
      return .real(reals)
    }
    if let whole = data.integers(layout, count: count, at: offset, stride: stride, order: order) {
      return .integer(whole)
    }
    let bits = data.integers(.int64, count: count, at: offset, stride: stride, order: order) ?? []
    return .real(bits.map { Double(UInt64(bitPattern: $0)) })
  }
}
