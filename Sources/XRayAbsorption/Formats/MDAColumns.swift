internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The columns of EPICS scans, from MDA files and from their text exports: names, units, roles.
struct MDAColumns {
  /// What the file says about one column.
  struct Description {
    /// The process variable; the label of the column.
    var name: String
    var description: String
    var unit: String
    var isPositioner: Bool
    var isFloat32: Bool
  }

  private static let energy = Dimension(.mass) * Dimension(.length, 2) / Dimension(.time, 2)

  /// What a column is: by its description, its process variable, or as a positioner by its unit.
  static func heading(_ column: Description) -> ColumnHeading {
    var meaning = column.description.isEmpty ? nil : ColumnNames.meaning(of: column.description)
    if meaning == nil { meaning = ColumnNames.meaning(of: column.name) }
    if meaning == nil, column.isPositioner, !column.unit.isEmpty,
      PhysicalUnit.loose(column.unit, expecting: energy)?.unit.dimension == energy
    {
      meaning = ColumnNames.meaning(of: "energy")
    }
    return ColumnHeading(label: column.name, unit: column.unit, meaning: meaning)
  }

  /// A column with its canonical name and unit; energies keep the unit of the file for now.
  static func column(
    _ description: Description, _ values: [Double], origin: Origin, place: Place,
    options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> Column {
    let heading = heading(description)
    var unit = ColumnUnit.absent
    if let loose = heading.looseUnit(options) {
      if let remark = loose.remark {
        diagnostics.add(
          Diagnostic(
            remark.isWarning ? .warning : .note, remark.code, at: place, found: remark.text,
            expected: "set it with --unit \(description.name)=UNIT where that is wrong"))
      }
      unit = .known(loose.unit)
    } else if !description.unit.isEmpty {
      unit = .unknown(description.unit)
      diagnostics.warn(
        "unit.unknown", at: place,
        found: "the unit `\(description.unit.prefix(40))` of column `\(description.name)` is not"
          + " known", expected: "name one with --unit \(description.name)=UNIT")
    }
    let words = description.description.isEmpty ? description.name : description.description
    return Column(
      name: heading.meaning?.name ?? ColumnLabel.slug(words), label: description.name,
      values: .real(values), unit: unit, origin: origin,
      storage: description.isFloat32 ? .float32 : .float64)
  }
}

extension MDAScan {
  /// What the record says about its columns, positioners first.
  var descriptions: [MDAColumns.Description] {
    positioners.map { p in
      MDAColumns.Description(
        name: p.name, description: p.description,
        unit: p.readbackName.isEmpty || p.readbackUnit.isEmpty ? p.unit : p.readbackUnit,
        isPositioner: true, isFloat32: false)
    }
      + detectors.map { d in
        MDAColumns.Description(
          name: d.name, description: d.description, unit: d.unit, isPositioner: false,
          isFloat32: true)
      }
  }

  /// The header of the record as metadata of its table.
  var metadata: Metadata {
    var result = Metadata()
    result.append("scan", name)
    result.append("time", time)
    result.append("points requested", .integer(Int64(points)))
    result.append("points done", .integer(Int64(done)))
    for p in positioners {
      let fields = [
        p.name, p.description, p.mode, p.unit, p.readbackName, p.readbackDescription,
        p.readbackUnit,
      ]
      result.append("positioner \(p.number &+ 1)", fields.joined(separator: ", "))
    }
    for d in detectors {
      result.append(
        "detector \(d.number &+ 1)", [d.name, d.description, d.unit].joined(separator: ", "))
    }
    for t in triggers { result.append("trigger \(t.number &+ 1)", "\(t.name), \(t.command)") }
    return result
  }
}
