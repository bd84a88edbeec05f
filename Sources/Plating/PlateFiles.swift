internal import Bytes
internal import Configuration
internal import Materials
internal import Tables
internal import Units

/// The files that a configuration names: results with measured values, and surface profiles.
final class PlateFiles {
  private let open: (String) throws(ReadFailure) -> ByteView
  private var trees: [String: ResultValue] = [:]
  /// The files read so far, by name.
  private(set) var identities: [String: InputIdentity] = [:]

  init(open: @escaping (String) throws(ReadFailure) -> ByteView) { self.open = open }

  private func content(_ file: String) throws(ReadFailure) -> ByteView {
    let bytes = try open(file)
    identities[file] = InputIdentity(
      path: file, bytes: bytes.count, sha256: SHA256.hex(of: bytes))
    return bytes
  }

  /// The tree of the results file of a reference.
  func results(_ reference: ConfigReference) throws(ReadFailure) -> ResultValue {
    if let tree = trees[reference.file] { return tree }
    let bytes: ByteView
    let tree: ResultValue
    do throws(ReadFailure) {
      bytes = try content(reference.file)
      tree = try JSONText.parse(bytes)
    } catch {
      // The failure stands in the other file; its place is told in words.
      let inner = error.diagnostic
      throw ReadFailure(
        inner.code, at: reference.place,
        found: "\(reference.file), \(inner.place): \(inner.found)", expected: inner.expected)
    }
    trees[reference.file] = tree
    return tree
  }

  /// A quantity of a results file in the dimension that is due.
  func quantity<D: PhysicalDimension>(
    _ reference: ConfigReference
  ) throws(ReadFailure) -> Measured<D> {
    let tree = try results(reference)
    let end = try MeasuredModulus.place(
      of: reference.key, in: tree, file: reference.file, at: reference.place)
    guard let found = end.value.asQuantity, let value = found.value else {
      throw ReadFailure(
        "materials.no-quantity", at: reference.place,
        found: "`\(reference.source)` is no quantity", expected: "a number with a unit")
    }
    guard let quantity = try? Quantity<D>(value, unit: found.unit) else {
      throw ReadFailure(
        "materials.dimension", at: reference.place,
        found: "`\(reference.source)` is in \(found.unit.ucum)",
        expected: "a quantity of the dimension \(D.dimension)")
    }
    let u = found.u.flatMap { try? Quantity<D>($0, unit: found.unit) }
    return Measured(quantity, u: u, source: reference.source)
  }

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
