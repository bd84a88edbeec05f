internal import NumericalMethods
internal import Tables
internal import Units

/// `force-vs-stiffness`: force is the spring constant times the deflection, on all rows.
enum ForceAgainstStiffness: LintRule {
  static let code = "force-vs-stiffness"
  static let formula = "slope of force against deflection over the spring constant"
  static let threshold =
    "off by more than 1 %, or a row more than 1 % of the force's range off the line"
  static let source = "Hooke's law, F = k·d; an offset of either zero is allowed"
  static let needs = "force, deflection and a spring constant"

  private static let limit = 0.01

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard let force = subject.values("force", in: table, .newton),
        let deflection = subject.values("deflection", in: table, .metre),
        let constant = stiffness(subject, table), constant > 0
      else { return nil }
      let rows = zip(force, deflection).enumerated().filter {
        $0.element.0.isFinite && $0.element.1.isFinite
      }
      guard rows.count > 3,
        let line = fitLine(rows.map { $0.element.1 }, rows.map { $0.element.0 }),
        let range = LintNumbers.extremes(force), range.high > range.low
      else { return nil }
      let ratio = line.slope / constant
      let place = LintSubject.place(table["force"], row: 0)
      if (ratio - 1).magnitude > limit {
        let slip = LintNumbers.slip(ratio).map { "; \(LintNumbers.words($0))" }
        return LintCheck(
          false, ratio, limit: limit, table, at: place,
          "force over deflection is \(LintNumbers.short(ratio)) times the spring constant "
            + "\(LintNumbers.short(constant)) N/m" + (slip ?? "; the constant is not the one used"))
      }
      let worst = rows.max {
        off($0.element, line) < off($1.element, line)
      }
      let share = (worst.map { off($0.element, line) } ?? 0) / (range.high - range.low)
      return LintCheck(
        share <= limit, share, limit: limit, table,
        at: LintSubject.place(table["force"], row: worst?.offset ?? 0),
        share <= limit
          ? "force is k·d with k = \(LintNumbers.short(constant)) N/m"
          : "a row lies \(LintNumbers.percent(share)) of the force's range off F = k·d; rows or columns are mixed"
      )
    }
  }

  private static func off(_ pair: (Double, Double), _ line: LineFit) -> Double {
    (pair.0 - line.value(at: pair.1)).magnitude
  }

  /// The spring constant of the curve that a table belongs to.
  static func stiffness(_ subject: LintSubject, _ table: Table) -> Double? {
    let group = table.name.split(separator: "/").first.map(String.init)
    return subject.dataset.setting("spring_constant", group: group)?.value
  }
}
