internal import Configuration
internal import NumericalMethods
internal import Simulation
internal import Tables
internal import Units

/// Where the growth rate of a small wave is zero on a map: for each value of the first axis the value
/// of the second, by linear interpolation between the points.
struct CriticalLine {
  private let plan: SweepPlan
  private let index: Int
  /// The values of the first and the second axis, in their units.
  private(set) var points: [(first: Double, second: Double)] = []

  /// The line of a case; empty where there is no map, no growth rate or no change of sign.
  init(_ plan: SweepPlan, _ records: [PointRecord], case index: Int) {
    self.plan = plan
    self.index = index
    let axes = plan.axes
    guard axes.count == 2, records.count == plan.points,
      let output = plan.outputs.firstIndex(where: { $0.key == "growth_rate" }),
      let first = Self.numbers(plan.varied[axes[0]]),
      let second = Self.numbers(plan.varied[axes[1]])
    else { return }
    for (x, position) in first.enumerated() {
      let rates = second.indices.map { y -> Double? in
        let start = (x * second.count + y) * plan.draws
        return mean(
          records[start..<(start + plan.draws)].compactMap { $0.rows[index].outputs[output] })
      }
      for y in second.indices.dropFirst() {
        guard let below = rates[y - 1], let above = rates[y], below != above,
          (below > 0) != (above > 0)
        else { continue }
        let part = below / (below - above)
        points.append((position, second[y - 1] + part * (second[y] - second[y - 1])))
      }
    }
  }

  private static func numbers(_ item: SweepPlan.Varied) -> [Double]? {
    guard let values = item.values, item.unit != nil else { return nil }
    return values.compactMap { value in
      if case .number(let x, _) = value { return x }
      return nil
    }
  }

  /// One entry a point: the case and both values.
  var result: [ResultValue] {
    points.map { point in
      var entry = ResultObject()
      entry["case"] = .text(plan.cases[index])
      for (axis, value) in zip(plan.axes, [point.first, point.second]) {
        let item = plan.varied[axis]
        entry[item.key] = .quantity(MeasuredValue(value, item.unit ?? .one))
      }
      return .object(entry)
    }
  }

  /// The line for a figure; none where it is empty.
  var series: [Figure.Series] {
    guard points.count > 1 else { return [] }
    return [
      Figure.Series(
        "growth rate 0", .dashed, x: points.map(\.first), y: points.map(\.second))
    ]
  }
}
