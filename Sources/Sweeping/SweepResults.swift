internal import Configuration
internal import NumericalMethods
internal import Simulation
package import Tables
internal import Units

/// Everything that a whole sweep gives: tables, map, result and diagnostics.
package struct SweepResults: Sendable {
  package let plan: SweepPlan
  /// One record a point, in order.
  package let records: [PointRecord]
  /// The rows of `sweep.csv`.
  package let table: Table
  /// The rows that the phase field repeated; nil without control.
  package let controlTable: Table?
  /// The map over two axes; nil for any other number of axes.
  package let map: Grid?
  package let result: ResultObject
  package let summary: ResultObject
  package let diagnostics: [Diagnostic]

  /// The results of all points; `records` must hold each point once, in order.
  package init(_ plan: SweepPlan, _ records: [PointRecord]) {
    self.plan = plan
    self.records = records
    table = Self.table(plan, records, name: "sweep") { $0.outputs }
    controlTable = plan.control.map { _ in
      Self.table(plan, records.filter { $0.rows.contains { $0.control != nil } }, name: "control") {
        $0.control ?? $0.outputs.map { _ in nil }
      }
    }
    map = Self.map(plan, records)
    let statistics = SweepStatistics(plan: plan, records: records)
    let failed = records.reduce(0) { $0 + $1.rows.count { $0.status == PointRecord.failed } }
    var result = ResultObject()
    result["command"] = .text(plan.command)
    result["points"] = .integer(plan.points)
    result["rows"] = .integer(plan.points * plan.cases.count)
    result["failed"] = .integer(failed)
    result["cases"] = .list(plan.cases.map(ResultValue.text))
    result["varied"] = .list(plan.varied.map(Self.varied))
    if let sampling = plan.sampling {
      result["sample"] = .fields([
        "method": .text(sampling.method.rawValue), "count": .integer(sampling.count),
        "seed": .text("\(sampling.seed)"),
      ])
    }
    result["parameters"] = plan.parameters
    result["statistics"] = statistics.statistics
    result["statistics_over"] = .text(plan.sampling == nil ? "points of the grid" : "draws")
    let means = "first order, variance of the conditional means over "
    result["sobol_method"] = .text(
      plan.sampling == nil
        ? means + "the values of the axis"
        : means + "groups of draws (at most 32), chance part taken off")
    result["orderings"] = statistics.orderings
    result["control"] = statistics.control
    let lines = plan.cases.indices.map { CriticalLine(plan, records, case: $0) }
    if lines.contains(where: { !$0.points.isEmpty }) {
      result["critical_line"] = .list(lines.flatMap(\.result))
    }
    self.result = result
    summary = {
      var summary = ResultObject()
      summary["points"] = .integer(plan.points)
      summary["rows"] = .integer(plan.points * plan.cases.count)
      summary["failed"] = .integer(failed)
      summary["orderings"] = statistics.orderings
      return summary
    }()
    diagnostics = Self.diagnostics(plan, records)
  }

  private static func varied(_ item: SweepPlan.Varied) -> ResultValue {
    var fields = ResultObject()
    fields["key"] = .text(item.key)
    fields["unit"] = item.unit.map { .text($0.ucum) }
    if let values = item.values {
      fields["axis"] = .list(
        values.map { value in
          switch value {
          case .number(let x, _): .number(x)
          case .word(let word): .text(word)
          }
        })
    } else {
      fields["distribution"] = item.distribution.map(ResultValue.text)
    }
    return .object(fields)
  }

  /// One line for each code and case, with the first point and how many there are.
  private static func diagnostics(_ plan: SweepPlan, _ records: [PointRecord]) -> [Diagnostic] {
    struct Key: Hashable {
      let code: String
      let index: Int
    }
    var list = plan.diagnostics
    var places: [Key: Int] = [:]
    for record in records {
      for note in record.notes {
        let key = Key(code: note.code, index: note.index)
        if let i = places[key] {
          list[i].count += 1
          continue
        }
        places[key] = list.count
        let label = plan.cases[note.index]
        let named = note.found.contains("`\(label)`") ? "" : " of case `\(label)`"
        list.append(
          Diagnostic(
            note.severity, note.code,
            found: "first at point \(record.point)\(named): \(note.found)",
            expected: note.expected))
      }
    }
    return list
  }
}
