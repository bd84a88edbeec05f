internal import NumericalMethods
internal import Tables
internal import Units

/// `baseline-force`: far from the surface the mean force is zero.
enum BaselineForce: LintRule {
  static let code = "baseline-force"
  static let formula = "|mean| of the force over the outer fifth of the approach, over its scatter"
  static let threshold = "above 5 standard deviations, and above 1 % of the force's range"
  static let source = "a free cantilever carries no load; the zero of a raw photodiode is arbitrary"
  static let needs =
    "an approach with a force that is not just a raw detector signal times a constant"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      // A force that comes with the detector's signal has its arbitrary zero.
      guard isReduced(subject.dataset, table),
        let force = subject.values("force", in: table, .newton),
        let position = subject.values(
          anyOf: ["sensor_position", "piezo_position", "deflection"], in: table, .metre)
      else { return nil }
      let rows = zip(position.values, force).filter { $0.0.isFinite && $0.1.isFinite }
      guard rows.count > 50, let range = LintNumbers.extremes(rows.map(\.1)) else { return nil }
      let far = rows.prefix(rows.count / 5).map(\.1)
      guard let level = mean(far), let scatter = standardDeviation(far), scatter > 0,
        range.high > range.low, scatter < 0.05 * (range.high - range.low)
      else { return nil }
      let size = level.magnitude / scatter
      let holds = size <= 5 || level.magnitude <= 0.01 * (range.high - range.low)
      return LintCheck(
        holds, size, limit: 5, table, at: LintSubject.place(table["force"], row: 0),
        "the mean force far from contact is \(LintNumbers.short(level)) N, "
          + "\(LintNumbers.short(size)) times its scatter"
          + (holds ? "" : "; the baseline was not taken off, or the curve does not leave contact"))
    }
  }

  private static func isReduced(_ dataset: Dataset, _ table: Table) -> Bool {
    guard table.name == "approach" || table.name.hasSuffix("/approach") || dataset.tables.count == 1
    else { return false }
    guard table["deflection_voltage"] == nil else { return false }
    let words = dataset.metadata.entries.contains {
      let key = LintSubject.bare($0.key)
      return key.contains("baseline") && (key.contains("correct") || key.contains("subtract"))
    }
    return words || dataset.format == "delimited-table"
  }
}
