internal import Configuration
internal import NumericalMethods
internal import Simulation
internal import Tables
internal import Units

extension SweepResults {
  /// One row a point and case: `point`, `case`, the varied keys, the numbers, `status`.
  static func table(
    _ plan: SweepPlan, _ records: [PointRecord], name: String,
    numbers: (PointRecord.Row) -> [Double?]
  ) -> Table {
    let rows = records.flatMap(\.rows)
    var columns = [
      Column(
        name: "point", label: "point",
        values: .integer(records.flatMap { r in r.rows.map { _ in Int64(r.point) } }),
        unit: .known(.one)),
      Column(
        name: "case", label: "case",
        values: .text(records.flatMap { r in r.rows.indices.map { plan.cases[$0] } }),
        unit: .known(.one)),
    ]
    for (i, item) in plan.varied.enumerated() {
      columns.append(input(item, rows.map { $0.inputs[i] }))
    }
    let values = rows.map(numbers)
    for (i, output) in plan.outputs.enumerated() {
      columns.append(
        number(
          output.key, values.map { $0[i] }, output.unit, isWhole: output.kind != .quantity))
    }
    columns.append(
      Column(
        name: "status", label: "status", values: .text(rows.map(\.status)), unit: .known(.one)))
    return Table(name: name, columns: columns, indexColumns: ["point"])
  }

  private static func input(_ item: SweepPlan.Varied, _ values: [ConfigScalar?]) -> Column {
    guard let unit = item.unit else {
      return Column(
        name: item.key, label: item.key,
        values: .text(
          values.map { value in
            if case .word(let word)? = value { return word }
            return ""
          }), unit: .known(.one),
        missing: mask(values.map { $0 == nil }))
    }
    return number(
      item.key,
      values.map { value in
        if case .number(let x, _)? = value { return x }
        return nil
      }, unit, isWhole: false)
  }

  private static func number(
    _ name: String, _ values: [Double?], _ unit: PhysicalUnit, isWhole: Bool
  ) -> Column {
    if isWhole {
      return Column(
        name: name, label: name,
        values: .integer(values.map { $0.flatMap { Int64(exactly: $0) } ?? 0 }),
        unit: .known(unit), missing: mask(values.map { $0 == nil }))
    }
    return Column(
      name: name, label: name, values: .real(values.map { $0 ?? .nan }), unit: .known(unit))
  }

  private static func mask(_ missing: [Bool]) -> MissingMask {
    var mask = MissingMask()
    for (row, isMissing) in missing.enumerated() where isMissing { mask.insert(row) }
    return mask
  }

  /// The numbers over two axes, the first axis along x; means over the draws where keys are sampled.
  ///
  /// A grid has equal steps. An axis of other values is laid out by position, and its values stand in
  /// a channel of its own, as all axes do.
  static func map(_ plan: SweepPlan, _ records: [PointRecord]) -> Grid? {
    let axes = plan.axes.map { plan.varied[$0] }
    guard axes.count == 2, let first = axes[0].values, let second = axes[1].values,
      records.count == plan.points
    else { return nil }
    var cells: [[Int]] = []
    for y in second.indices {
      for x in first.indices {
        let start = (x * second.count + y) * plan.draws
        cells.append(Array(start..<(start + plan.draws)))
      }
    }
    var channels: [Column] = []
    for (k, axis) in axes.enumerated() {
      guard let unit = axis.unit else { continue }
      let values = cells.map { cell -> Double? in
        guard case .number(let x, _)? = records[cell[0]].rows[0].inputs[plan.axes[k]] else {
          return nil
        }
        return x
      }
      channels.append(number(axis.key, values, unit, isWhole: false))
    }
    for (index, label) in plan.cases.enumerated() {
      for (o, output) in plan.outputs.enumerated() {
        let values = cells.map { cell -> Double? in
          mean(
            cell.compactMap { point in
              let row = records[point].rows[index]
              let counts = row.status == "finished" || row.status == "delaminated"
              return counts ? row.outputs[o] : nil
            })
        }
        let name = plan.cases.count == 1 ? output.key : "\(output.key) \(label)"
        channels.append(number(name, values, output.unit, isWhole: false))
      }
    }
    return Grid(name: "map", axes: axes.map(gridAxis), channels: channels)
  }

  private static func gridAxis(_ item: SweepPlan.Varied) -> GridAxis {
    let numbers = (item.values ?? []).compactMap { value -> Double? in
      if case .number(let x, _) = value { return x }
      return nil
    }
    let count = item.values?.count ?? 1
    guard let unit = item.unit, numbers.count == count, count > 1, let low = numbers.first,
      let high = numbers.last
    else {
      return GridAxis(name: item.key, count: count, origin: 0, step: 1, unit: .known(.one))
    }
    let step = (high - low) / Double(count - 1)
    let even = numbers.enumerated().allSatisfy {
      ($1 - (low + Double($0) * step)).magnitude <= 1e-9 * (high - low).magnitude
    }
    guard even, step > 0 else {
      return GridAxis(name: item.key, count: count, origin: 0, step: 1, unit: .known(.one))
    }
    return GridAxis(name: item.key, count: count, origin: low, step: step, unit: .known(unit))
  }
}
