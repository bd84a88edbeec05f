internal import NumericalMethods
internal import Tables
internal import Units

/// `contact-slope`: a cantilever bends no further than the piezo moves, and just as far on a rigid surface.
enum ContactSlope: LintRule {
  static let code = "contact-slope"
  static let formula = "slope of deflection against position in the upper half of the contact"
  static let threshold = "above 1.2; below 0.8 as well where the file names a rigid surface"
  static let source =
    "δ = z − d ≥ 0 (H.-J. Butt, B. Cappella, M. Kappl, Surf. Sci. Rep. 59 (2005) 1, §2)"
  static let needs = "an approach with deflection (or force and spring constant) and position"

  private static let limit = 0.2

  static func check(_ subject: LintSubject) -> [LintCheck] {
    let isRigid = isRigidSurface(subject.dataset)
    return subject.tables.compactMap { table in
      guard table.name == "approach" || table.name.hasSuffix("/approach"),
        let deflection = deflection(subject, table),
        let position = subject.values(
          anyOf: ["sensor_position", "piezo_position"], in: table, .metre),
        let slope = slope(deflection, position.values)
      else { return nil }
      let holds = slope <= 1 + limit && (!isRigid || slope >= 1 - limit)
      var message = "the contact slope is \(LintNumbers.short(slope))"
      if !holds {
        let slip = LintNumbers.slip(slope, tolerance: 0.3).map { "; \(LintNumbers.words($0))" }
        message += slip ?? "; the deflection sensitivity or the position's scale is wrong"
      }
      return LintCheck(
        holds, slope, limit: slope > 1 ? 1 + limit : 1 - limit, table,
        at: LintSubject.place(table[position.name], row: 0), message)
    }
  }

  private static func deflection(_ subject: LintSubject, _ table: Table) -> [Double]? {
    if let own = subject.values("deflection", in: table, .metre) { return own }
    guard let force = subject.values("force", in: table, .newton),
      let k = ForceAgainstStiffness.stiffness(subject, table), k > 0
    else { return nil }
    return force.map { $0 / k }
  }

  /// The slope of the upper half of the rise at the end of an approach; nil where it is no straight rise.
  private static func slope(_ deflection: [Double], _ position: [Double]) -> Double? {
    let rows = zip(position, deflection).filter { $0.0.isFinite && $0.1.isFinite }
    guard rows.count > 40 else { return nil }
    let far = rows.prefix(rows.count / 5).map(\.1)
    guard let zero = median(far), let end = rows.last.map({ $0.1 - zero }) else { return nil }
    let noise = standardDeviation(far) ?? 0
    // From the last row back to where the rise falls below half of its height.
    let rise = rows.reversed().prefix { ($0.1 - zero) / end > 0.5 }
    guard end.magnitude > 20 * noise, rise.count >= 8, rise.count < rows.count / 2,
      let line = fitLine(rise.map(\.0), rise.map(\.1))
    else { return nil }
    // A rise that is no line (a jump into contact, a stretch at the detector's end) has no slope.
    guard line.slopeU < 0.05 * line.slope.magnitude else { return nil }
    return line.slope.magnitude
  }

  /// Whether metadata name a surface that no tip deforms.
  private static func isRigidSurface(_ dataset: Dataset) -> Bool {
    let keys: Set = ["sample", "samplename", "surface", "substrate", "comment"]
    let rigid = ["glass", "sapphire", "mica", "silicon wafer", "rigid", "stiff surface", "diamond"]
    return dataset.metadata.entries.contains { entry in
      guard keys.contains(LintSubject.bare(entry.key)), case .text(let text) = entry.value else {
        return false
      }
      let words = text.lowercased()
      return rigid.contains { words.contains($0) } && !words.contains(" on ")
    }
  }
}
