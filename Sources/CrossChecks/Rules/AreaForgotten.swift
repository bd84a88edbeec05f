internal import NumericalMethods
internal import Tables
internal import Units

/// `area-forgotten`: what is given per area is the quantity over the stated area.
enum AreaForgotten: LintRule {
  static let code = "area-forgotten"
  static let formula =
    "current over current density (impedance per area over impedance …), over the area"
  static let threshold =
    "the ratio is 1 cm² within 2 % while the stated area differs from 1 cm² by more"
  static let source = "j = I/A"
  static let needs = "a quantity, the same per area, and the electrode's area"

  private static let limit = 0.02

  static func check(_ subject: LintSubject) -> [LintCheck] {
    let tables = subject.tables
    let hasDensity = tables.contains { table in
      table.columns.contains { $0.unit.unit.flatMap { pair($0.dimension) } != nil }
    }
    guard hasDensity, let area = area(subject), area > 0 else { return [] }
    return tables.flatMap { table -> [LintCheck] in
      table.columns.compactMap { column -> LintCheck? in
        guard let unit = column.unit.unit, column.summary == nil,
          let pair = pair(unit.dimension),
          let density = LintSubject.values(of: column, pair.density),
          let bare = table.columns.first(where: {
            $0.unit.unit?.dimension == pair.bare.dimension && isPartner($0, column)
          }),
          let amount = LintSubject.values(of: bare, pair.bare)
        else { return nil }
        // Current over density is an area; an impedance per area over the impedance is one.
        let ratios = zip(amount, density).compactMap { a, d -> Double? in
          guard a.isFinite, d.isFinite, a != 0, d != 0 else { return nil }
          return pair.isProduct ? d / a : a / d
        }
        guard let found = median(LintNumbers.sample(ratios)) else { return nil }
        let centimetres = found.magnitude * 1e4
        let isForgotten =
          (centimetres - 1).magnitude <= limit && (area * 1e4 - 1).magnitude > limit
        return LintCheck(
          !isForgotten, centimetres / (area * 1e4), limit: limit, table,
          at: LintSubject.place(column, row: 0),
          "'\(column.label)' stands for an area of \(LintNumbers.short(centimetres)) cm2, the file states "
            + "\(LintNumbers.short(area * 1e4)) cm2"
            + (isForgotten
              ? "; the area was forgotten, the values were only given another unit" : ""))
      }
    }
  }

  /// Whether a column is the same quantity as one per area: by name, or as the only one of its kind.
  private static func isPartner(_ column: Column, _ density: Column) -> Bool {
    // Of pure numbers only a dose belongs to a fluence.
    if column.unit.unit?.dimension == .one, !column.name.contains("dose") { return false }
    if density.name.contains("imag") != column.name.contains("imag") { return false }
    return !column.name.contains("range") && !column.name.contains("limit")
  }

  private static func pair(
    _ dimension: Dimension
  ) -> (density: PhysicalUnit, bare: PhysicalUnit, isProduct: Bool)? {
    if dimension == PhysicalUnit.amperePerSquareMetre.dimension {
      return (.amperePerSquareMetre, .ampere, false)
    }
    if dimension == PhysicalUnit.ohmSquareMetre.dimension { return (.ohmSquareMetre, .ohm, true) }
    if dimension == PhysicalUnit.perSquareMetre.dimension {
      return (.perSquareMetre, .one, false)
    }
    let charge = PhysicalUnit.coulomb.dimension / PhysicalUnit.squareMetre.dimension
    if dimension == charge {
      return (PhysicalUnit(ucum: "C/m2", dimension: charge, scale: 1), .coulomb, false)
    }
    return nil
  }

  /// The stated area in m²; the vendors' 0 and 0.001 cm² are none.
  private static func area(_ subject: LintSubject) -> Double? {
    if let own = subject.dataset.setting("electrode_area") { return own.value }
    let words: Set = [
      "electrodearea", "electrodesurfacearea", "area", "surfacearea", "sputterarea", "craterarea",
    ]
    guard let entry = subject.metadata(words), case .text = entry.value,
      let value = LintSubject.quantity(entry.value, .squareMetre, fallback: nil), value > 0,
      (value - 1e-7).magnitude > 1e-10
    else { return nil }
    return value
  }
}
