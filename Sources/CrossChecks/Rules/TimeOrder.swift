internal import Tables
internal import Units

/// `time-order`: elapsed time never falls and no two records of one step share an instant.
enum TimeOrder: LintRule {
  static let code = "time-order"
  static let formula = "rows with t(i) < t(i−1); rows with t(i) = t(i−1) inside a step"
  static let threshold = "any row that falls; more than 1 % of the rows repeat the instant before"
  static let source = "time grows; two records of one instrument stand at two instants"
  static let needs = "a column of elapsed time"

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.compactMap { table in
      guard
        let time = subject.values(
          anyOf: ["test_time", "time", "sputter_time"], in: table, .second),
        let range = LintNumbers.extremes(time.values), range.high > range.low
      else { return nil }
      let found = count(time.values, table)
      let label = table[time.name]?.label ?? time.name
      if let row = found.firstFall {
        return LintCheck(
          false, Double(found.falls), limit: 0, table,
          at: LintSubject.place(table[time.name], row: row),
          "'\(label)' steps back \(found.falls) times; files or copies were joined, or the counter restarts"
        )
      }
      let share = Double(found.repeats) / Double(time.values.count)
      let holds = share <= 0.01
      return LintCheck(
        holds, share, limit: 0.01, table,
        at: LintSubject.place(table[time.name], row: found.firstRepeat ?? 0),
        holds
          ? "'\(label)' never falls"
          : "\(LintNumbers.percent(share)) of the rows of '\(label)' repeat the instant before; "
            + (found.isCoarse
              ? "the time has too few decimals for the rate of the records"
              : "rows are copied, or the time lost its decimals"))
    }
  }

  private static func count(
    _ time: [Double], _ table: Table
  ) -> (falls: Int, firstFall: Int?, repeats: Int, firstRepeat: Int?, isCoarse: Bool) {
    let steps = ["step_count", "step_id", "half_cycle", "cycle_count", "cycle"].compactMap {
      table[$0]?.real
    }
    var falls = 0
    var repeats = 0
    var firstFall: Int?
    var firstRepeat: Int?
    var smallest = Double.infinity
    var last: (row: Int, time: Double)?
    for (row, now) in time.enumerated() where now.isFinite {
      if let before = last {
        if now < before.time {
          falls += 1
          firstFall = firstFall ?? row
        } else if now == before.time {
          let isNewStep = steps.contains { row < $0.count && $0[row] != $0[before.row] }
          if !isNewStep {
            repeats += 1
            firstRepeat = firstRepeat ?? row
          }
        } else {
          smallest = min(smallest, now - before.time)
        }
      }
      last = (row, now)
    }
    // A clock whose steps are as coarse as the records are close cannot tell them apart.
    let isCoarse = smallest <= LintNumbers.quantum(time) * 1.5
    return (falls, firstFall, repeats, firstRepeat, isCoarse)
  }
}
