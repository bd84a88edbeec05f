internal import Bytes
internal import Simulation
internal import Tables
internal import Units

extension ConfiguredFiles {
  /// A surface profile: a text table with the columns `position_x` and `interface_height`.
  func profile(_ file: String, at place: Place) throws(ReadFailure) -> SurfaceShape {
    do throws(ReadFailure) {
      let bytes = try content(file)
      var notes = DiagnosticList()
      let text = try DecodedText.decode(bytes, into: &notes)
      guard let layout = try TableLayout.detect(text.utf8), let header = layout.header.last else {
        throw ReadFailure(
          "plate.profile", found: "no table with a header",
          expected: "columns `position_x / nm` and `interface_height / nm`")
      }
      var rules = NumericTable.Rules()
      rules.mayDropRows = false
      let labels = header.cells.map { ColumnLabel($0, expecting: Length.dimension) }
      let table = try NumericTable.parse(
        text, from: layout.dataStart, line: layout.dataLine, dialect: layout.dialect,
        columns: header.cells.map { .init(.real(), label: $0) }, rules: rules, into: &notes)
      return .profile(
        positions: try Self.lengths("position_x", labels, table),
        heights: try Self.lengths("interface_height", labels, table))
    } catch {
      let inner = error.diagnostic
      throw ReadFailure(
        inner.code, at: place, found: "surface.file: \(file), \(inner.place): \(inner.found)",
        expected: inner.expected)
    }
  }

  private static func lengths(
    _ name: String, _ labels: [ColumnLabel], _ table: NumericTable
  ) throws(ReadFailure) -> [Quantity<Length>] {
    guard let i = labels.firstIndex(where: { $0.slug == name }), i < table.values.count,
      case .real(let numbers) = table.values[i]
    else {
      throw ReadFailure(
        "plate.profile", found: "no column `\(name)`", expected: "a header cell `\(name) / nm`")
    }
    guard let unit = labels[i].unit?.unit, let length = try? UnitOf<Length>(unit) else {
      throw ReadFailure(
        "plate.profile", found: "the column `\(labels[i].label)` has no unit of length",
        expected: "a header cell `\(name) / nm`")
    }
    guard table.missing[i].count == 0 else {
      throw ReadFailure(
        "plate.profile", found: "\(table.missing[i].count) missing cells in `\(name)`",
        expected: "a number in each row")
    }
    return numbers.map { Quantity($0, length) }
  }
}
