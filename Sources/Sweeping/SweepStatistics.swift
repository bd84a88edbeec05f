internal import Configuration
internal import NumericalMethods
internal import Simulation
internal import Tables
internal import Units

/// The numbers over the points of a sweep, and over the draws at each combination of its axes.
struct SweepStatistics {
  let plan: SweepPlan
  let records: [PointRecord]

  /// Points whose numbers are taken together: the draws at one combination of the axes' values, or all
  /// points where nothing is sampled.
  private struct Group {
    var points: Range<Int>
    /// The values of the axes; empty where there is one group.
    var at: ResultObject
  }

  private var groups: [Group] {
    guard plan.sampling != nil, !plan.axes.isEmpty else {
      return [Group(points: 0..<records.count, at: ResultObject())]
    }
    let counts = plan.axes.map { plan.varied[$0].values?.count ?? 1 }
    return stride(from: 0, to: records.count, by: plan.draws).map { first in
      let positions = SweepRunner.axisPositions(first + 1, counts: counts, draws: plan.draws)
      var at = ResultObject()
      for (axis, position) in zip(plan.axes, positions) {
        let item = plan.varied[axis]
        switch item.values?[position] {
        case .number(let x, _)?: at[item.key] = .quantity(MeasuredValue(x, item.unit ?? .one))
        case .word(let word)?: at[item.key] = .text(word)
        case nil: break
        }
      }
      return Group(points: first..<min(first + plan.draws, records.count), at: at)
    }
  }

  /// How many groups of draws an index is taken over.
  static func bins(_ count: Int) -> Int {
    min(max(Int(Double(count).squareRoot()), 2), 32)
  }

  /// A number of a row that counts: of a run that was finished, or whose film came off.
  private func number(_ row: PointRecord.Row, _ output: Int) -> Double? {
    guard row.status == "finished" || row.status == "delaminated" else { return nil }
    return row.outputs[output]
  }

  /// The inputs whose share of the variance is asked for, as numbers; words count by their position.
  private func input(_ row: PointRecord.Row, _ item: Int) -> Double? {
    switch row.inputs[item] {
    case .number(let x, _)?: return x
    case .word(let word)?:
      return plan.varied[item].values?.firstIndex(of: .word(word)).map(Double.init)
    case nil: return nil
    }
  }

  /// `[{case, key, unit, n, mean, sd, median, p05, p95, sobol}]`.
  var statistics: ResultValue {
    let inputs = plan.sampled.isEmpty ? plan.axes : plan.sampled
    var list: [ResultValue] = []
    for group in groups {
      for (index, label) in plan.cases.enumerated() {
        for (o, output) in plan.outputs.enumerated() {
          let rows = records[group.points].map { $0.rows[index] }
            .filter { number($0, o) != nil }
          let values = rows.compactMap { number($0, o) }
          var entry = ResultObject()
          entry["case"] = .text(label)
          entry["key"] = .text(output.key)
          entry["unit"] = .text(output.unit.ucum)
          if !group.at.keys.isEmpty { entry["at"] = .object(group.at) }
          entry["n"] = .integer(values.count)
          func add(_ key: String, _ value: Double?) {
            entry[key] = value.map(ResultValue.number) ?? .null
          }
          add("mean", mean(values))
          add("sd", standardDeviation(values))
          add("median", quantile(values, 0.5))
          add("p05", quantile(values, 0.05))
          add("p95", quantile(values, 0.95))
          var sobol = ResultObject()
          for item in inputs {
            let x = rows.compactMap { input($0, item) }
            let share =
              x.count == values.count
              ? firstOrderIndex(
                inputs: x, outputs: values, groups: Self.bins(x.count),
                drawn: plan.sampling != nil) : nil
            sobol[plan.varied[item].key] = share.map(ResultValue.number) ?? .null
          }
          entry["sobol"] = .object(sobol)
          list.append(.object(entry))
        }
      }
    }
    return .list(list)
  }

  /// `[{expression, probability, n}]`: the share of the draws for which an inequality holds.
  ///
  /// u = √(p(1 − p)/n), the standard deviation of a binomial share.
  var orderings: ResultValue {
    var list: [ResultValue] = []
    for group in groups {
      for ordering in plan.orderings {
        guard let output = plan.outputs.firstIndex(where: { $0.key == ordering.key }) else {
          continue
        }
        let held = records[group.points].compactMap { record in
          ordering.holds(record.rows.map { number($0, output) })
        }
        let n = Double(held.count)
        let share = held.isEmpty ? nil : Double(held.count { $0 }) / n
        var entry = ResultObject()
        entry["expression"] = .text(ordering.expression)
        if !group.at.keys.isEmpty { entry["at"] = .object(group.at) }
        entry["n"] = .integer(held.count)
        entry["probability"] = .quantity(
          MeasuredValue(
            share, .one, u: share.map { ($0 * (1 - $0) / n).squareRoot() },
            interval: share.map { Self.interval($0, n) }))
        list.append(.object(entry))
      }
    }
    return .list(list)
  }

  /// The 95 % interval of a share after Wilson.
  ///
  /// E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.
  private static func interval(_ p: Double, _ n: Double) -> ClosedRange<Double> {
    let z = 1.959963984540054
    let middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    let half =
      z / (1 + z * z / n) * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
    return max(middle - half, 0)...min(middle + half, 1)
  }

  /// How far the phase field is from the sharp solver at the control points, relative, by case and key.
  var control: ResultValue? {
    guard let every = plan.control else { return nil }
    var list: [ResultValue] = []
    for (index, label) in plan.cases.enumerated() {
      for (o, output) in plan.outputs.enumerated() where output.kind == .quantity {
        var differences: [Double] = []
        for record in records {
          let row = record.rows[index]
          guard let sharp = number(row, o), let phase = row.control?[o], sharp != 0 else {
            continue
          }
          differences.append((phase - sharp) / sharp.magnitude)
        }
        // What both start from is no finding.
        guard differences.contains(where: { $0.magnitude > 1e-12 }) else { continue }
        var entry = ResultObject()
        entry["case"] = .text(label)
        entry["key"] = .text(output.key)
        entry["n"] = .integer(differences.count)
        entry["mean_difference"] = .quantity(MeasuredValue(mean(differences), .one))
        entry["greatest_difference"] = .quantity(
          MeasuredValue(differences.map(\.magnitude).max(), .one))
        list.append(.object(entry))
      }
    }
    return .fields(["every": .integer(every), "differences": .list(list)])
  }
}
