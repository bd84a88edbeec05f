internal import Tables
internal import Units

/// `current-sign`: a positive current raises the cell's voltage.
enum CurrentSign: LintRule {
  static let code = "current-sign"
  static let formula =
    "share of stretches of constant current, and of steps of the current, in which "
    + "ΔV and I (or ΔI) have different signs"
  static let threshold = "more than 80 % of at least 3"
  static let source =
    "charge positive (cycling.md); a cell is passive: dV/dI > 0 at a step, and charging "
    + "raises the potential"
  static let needs = "time, current and voltage, with stretches of constant current"

  static let limit = 0.8

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard table["frequency"] == nil,
        subject.values(anyOf: ["test_time", "time"], in: table, .second) != nil,
        let current = subject.values("current", in: table, .ampere),
        let voltage = subject.values("voltage", in: table, .volt)
      else { return nil }
      let votes = Votes(current: current, voltage: voltage)
      guard votes.total >= 3 else { return nil }
      let share = Double(votes.against) / Double(votes.total)
      let holds = share <= limit
      return LintCheck(
        holds, share, limit: limit, table,
        at: LintSubject.place(table["current"], row: votes.first),
        "the voltage moves against the current in \(votes.against) of \(votes.total) stretches "
          + "and steps of constant current"
          + (holds ? "" : "; the current is counted positive on discharge, or V and I are swapped"))
    }
  }

  private struct Votes {
    var against = 0
    var total = 0
    /// The row of the first vote against.
    var first = 0

    init(current: [Double], voltage: [Double]) {
      let count = min(current.count, voltage.count)
      guard count > 5, let range = LintNumbers.extremes(current),
        let reach = LintNumbers.extremes(voltage)
      else { return }
      let large = max(range.low.magnitude, range.high.magnitude)
      guard large > 0 else { return }
      let noise = max(5 * LintNumbers.noise(voltage), 1e-3 * (reach.high - reach.low), 1e-5)
      // Where charge and discharge stand on both sides of 0 V the cell is symmetric, and its voltage an
      // overpotential: it has the sign of the current, whichever way it drifts.
      let isSymmetric =
        reach.low < 0 && reach.high > 0 && -reach.low > reach.high / 4
        && reach.high > -reach.low / 4
      var start = 0
      for row in 1...count {
        if row < count, isSame(current[row], current[start]), current[row].isFinite { continue }
        if row - start >= 5, current[start].magnitude > large / 100 {
          let end = voltage[row - 1]
          let change = isSymmetric ? end : end - voltage[start + 1]
          add(current[start], change, noise, start)
        }
        if row < count {
          let step = current[row] - current[row - 1]
          if step.magnitude > large / 10 {
            add(step, voltage[row] - voltage[row - 1], noise, row)
          }
          start = row
        }
      }
    }

    /// Whether two currents are equal within 5 %, or both are none.
    private func isSame(_ a: Double, _ b: Double) -> Bool {
      (a - b).magnitude <= 0.05 * b.magnitude
    }

    private mutating func add(_ cause: Double, _ change: Double, _ noise: Double, _ row: Int) {
      guard change.isFinite, cause.isFinite, change.magnitude > noise else { return }
      total += 1
      if (change > 0) != (cause > 0) {
        if against == 0 { first = row }
        against += 1
      }
    }
  }
}
