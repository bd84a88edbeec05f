internal import Configuration
internal import NumericalMethods
internal import Simulation
package import Tables
internal import Units

extension SweepResults {
  /// The outputs that are drawn.
  private var drawn: [Int] {
    let keys = plan.command == "plate" ? ["pv_ratio", "growth_rate"] : ["opening_over_thickness"]
    return keys.compactMap { key in plan.outputs.firstIndex { $0.key == key } }
  }

  /// A map over two axes, lines over one, or the draws over the first sampled key.
  package var figures: [Figure] {
    let axes = plan.axes.map { plan.varied[$0] }
    let numeric = axes.filter { $0.unit != nil && ($0.values?.count ?? 0) > 1 }
    if axes.count == 2, numeric.count == 2 { return maps(axes) }
    if axes.count == 1, numeric.count == 1 { return drawn.map { lines(axes[0], output: $0) } }
    if axes.isEmpty, let first = plan.sampled.first {
      return drawn.map { scatter(first, output: $0) }
    }
    return []
  }

  private func axis(_ item: SweepPlan.Varied) -> Figure.Axis {
    let values = item.values.map(numbers) ?? []
    return Figure.Axis(
      Self.words(item.key), unit: item.unit?.ucum ?? "1", logarithmic: Self.isLogarithmic(values))
  }

  private func numbers(_ values: [ConfigScalar]) -> [Double] {
    values.compactMap { value in
      if case .number(let x, _) = value { return x }
      return nil
    }
  }

  /// Whether positive values grow by one factor rather than by one step.
  private static func isLogarithmic(_ values: [Double]) -> Bool {
    guard values.count > 2, let low = values.first, let high = values.last, low > 0, high > low
    else { return false }
    let factor = values[1] / low
    return zip(values, values.dropFirst()).allSatisfy { ($1 / $0 - factor).magnitude < 1e-6 }
      && high / low > 3
  }

  private func maps(_ axes: [SweepPlan.Varied]) -> [Figure] {
    guard let map else { return [] }
    let first = axis(axes[0])
    let second = axis(axes[1])
    func edges(_ item: SweepPlan.Varied, _ logarithmic: Bool) -> [Double] {
      Figure.Field.edges(around: numbers(item.values ?? []).sorted(), logarithmic: logarithmic)
    }
    let order = axes.map { item -> [Int] in
      let values = numbers(item.values ?? [])
      return values.indices.sorted { values[$0] < values[$1] }
    }
    var figures: [Figure] = []
    for output in drawn {
      for (index, label) in plan.cases.enumerated() {
        let name =
          plan.cases.count == 1 ? plan.outputs[output].key : "\(plan.outputs[output].key) \(label)"
        guard let channel = map.channels.first(where: { $0.name == name })?.real else { continue }
        let width = order[0].count
        let values = order[1].flatMap { y in order[0].map { x in channel[y * width + x] } }
        guard values.contains(where: \.isFinite) else { continue }
        let quantity = plan.outputs[output]
        var id = output == drawn.first ? "map" : "map-\(quantity.key)"
        if plan.cases.count > 1 { id += "-\(fileNames(for: plan.cases)[index])" }
        let over = plan.sampled.isEmpty ? "" : ", mean of \(plan.draws) draws"
        figures.append(
          Figure(
            id: id, title: Self.words(quantity.key) + (plan.cases.count == 1 ? "" : ", \(label)"),
            caption: "\(Self.meaning(quantity.key)) over \(first.quantity) and "
              + "\(second.quantity)\(over). White cells hold no number.",
            xAxis: first, yAxis: second, series: CriticalLine(plan, records, case: index).series,
            fields: [
              Figure.Field(
                xEdges: edges(axes[0], first.logarithmic),
                yEdges: edges(axes[1], second.logarithmic),
                values: values)
            ],
            colourAxis: Figure.Axis(Self.words(quantity.key), unit: quantity.unit.ucum)))
      }
    }
    return figures
  }

  private func lines(_ item: SweepPlan.Varied, output: Int) -> Figure {
    let positions = numbers(item.values ?? [])
    let quantity = plan.outputs[output]
    let series = plan.cases.enumerated().map { index, label in
      let groups = positions.indices.map { position in
        (0..<plan.draws).compactMap { draw -> Double? in
          let row = records[position * plan.draws + draw].rows[index]
          return row.status == "finished" ? row.outputs[output] : nil
        }
      }
      let spread = plan.draws > 1 ? groups.map { standardDeviation($0) ?? 0 } : nil
      return Figure.Series(
        label, .line, x: positions, y: groups.map { mean($0) ?? .nan }, u: spread)
    }
    return Figure(
      id: output == drawn.first ? "sweep" : "sweep-\(quantity.key)",
      title: Self.words(quantity.key),
      caption: "\(Self.meaning(quantity.key)) over \(Self.words(item.key))."
        + (plan.draws > 1 ? " Bars: standard deviation of \(plan.draws) draws." : ""),
      xAxis: axis(item), yAxis: Figure.Axis(Self.words(quantity.key), unit: quantity.unit.ucum),
      series: series)
  }

  private func scatter(_ item: Int, output: Int) -> Figure {
    let quantity = plan.outputs[output]
    let series = plan.cases.enumerated().map { index, label in
      let points = records.compactMap { record -> (Double, Double)? in
        let row = record.rows[index]
        guard case .number(let x, _)? = row.inputs[item], row.status == "finished",
          let y = row.outputs[output]
        else { return nil }
        return (x, y)
      }
      return Figure.Series(label, .points, x: points.map(\.0), y: points.map(\.1))
    }
    return Figure(
      id: output == drawn.first ? "sweep" : "sweep-\(quantity.key)",
      title: Self.words(quantity.key),
      caption: "\(Self.meaning(quantity.key)) of \(records.count) draws over "
        + "\(Self.words(plan.varied[item].key)).",
      xAxis: Figure.Axis(
        Self.words(plan.varied[item].key), unit: plan.varied[item].unit?.ucum ?? "1"),
      yAxis: Figure.Axis(Self.words(quantity.key), unit: quantity.unit.ucum), series: series)
  }

  /// A key as words: `film.thickness` is `film thickness`.
  private static func words(_ key: String) -> String {
    switch key {
    case "pv_ratio": "roughness ratio"
    default: String(key.map { $0 == "." || $0 == "_" ? " " : $0 })
    }
  }

  private static func meaning(_ key: String) -> String {
    switch key {
    case "pv_ratio": "Roughness left at the end of the run, as a share of that at the start,"
    case "growth_rate": "Growth rate of a small wave; the line of zero is the critical one,"
    case "opening_over_thickness": "Opening of the film over its thickness"
    default: key
    }
  }
}
