internal import NumericalMethods
internal import Tables
internal import Units

/// A column of numbers under a canonical name.
func simulatedColumn(
  _ name: String, _ values: [Double], _ unit: PhysicalUnit, u: [Double]? = nil
) -> Column {
  Column(
    name: name, label: name, values: .real(values), unit: .known(unit),
    uncertainty: u.map { .perRow($0) },
    origin: Origin(steps: ["simulated by the plating model"]))
}

/// The interface at the start and the end: heights, stresses, arc length, and the line A–B.
func interfaceTable(_ run: CaseRun) -> Table {
  let line = InterfaceLine(run)
  let initial = run.run.initial
  let final = run.run.final
  let normal = run.uncertaintyAlong { $0.final.normalStress }
  let tangential = run.uncertaintyAlong { $0.final.tangentialStress }
  return Table(
    name: "interface",
    columns: [
      simulatedColumn("position_x", line.positions, .nanometre),
      simulatedColumn("interface_height_initial", initial.heights, .nanometre),
      simulatedColumn(
        "interface_height_final", final.heights, .nanometre,
        u: run.uncertaintyAlong { $0.final.heights }),
      simulatedColumn("normal_stress_initial", initial.normalStress, .megapascal),
      simulatedColumn("normal_stress_final", final.normalStress, .megapascal, u: normal),
      simulatedColumn("tangential_stress_initial", initial.tangentialStress, .megapascal),
      simulatedColumn(
        "tangential_stress_final", final.tangentialStress, .megapascal, u: tangential),
      simulatedColumn("arc_length", line.arcLength, .nanometre),
      Column(
        name: "on_line", label: "on_line",
        values: .integer(line.onLine.map { $0 ? 1 : 0 }), unit: .known(.one)),
    ], indexColumns: ["position_x"])
}

/// The history at equal intervals of growth.
func historyTable(_ run: CaseRun) -> Table {
  let history = run.run.history
  let speed = run.plateCase.kinetics.nominalSpeed
  return Table(
    name: "history",
    columns: [
      simulatedColumn("time", history.map { $0.growth / speed }, .second),
      simulatedColumn("growth", history.map(\.growth), .nanometre),
      simulatedColumn(
        "pv", history.map(\.peakToValley), .nanometre,
        u: run.uncertaintyAlong { $0.history.map(\.peakToValley) }),
      simulatedColumn(
        "tip_stress", history.map(\.tipStress), .megapascal,
        u: run.uncertaintyAlong { $0.history.map(\.tipStress) }),
      simulatedColumn(
        "valley_stress", history.map(\.valleyStress), .megapascal,
        u: run.uncertaintyAlong { $0.history.map(\.valleyStress) }),
    ], indexColumns: ["time"])
}

/// The places along the interface at the end of a run.
struct InterfaceLine {
  /// x of each point in nm.
  let positions: [Double]
  /// The length along the interface in nm, from the end A of the line.
  let arcLength: [Double]
  /// Whether a point lies on the line A–B.
  let onLine: [Bool]

  init(_ run: CaseRun) {
    let heights = run.run.final.heights
    let width = run.plateCase.width.value(in: .nanometre)
    let spacing = width / Double(max(heights.count, 1))
    let from = run.plateCase.lineFrom.value(in: .nanometre)
    let to = run.plateCase.lineTo.value(in: .nanometre)
    let x = heights.indices.map { Double($0 - heights.count / 2) * spacing }
    // A thousandth of the spacing keeps rounding from dropping an end point.
    let slack = 1e-3 * spacing
    let on = x.map { $0 >= from - slack && $0 <= to + slack }
    var length = 0.0
    var along: [Double] = []
    for i in heights.indices {
      if i > 0 {
        let rise = heights[i] - heights[i - 1]
        length += (spacing * spacing + rise * rise).squareRoot()
      }
      along.append(length)
    }
    let origin = zip(along, on).first { $0.1 }?.0 ?? 0
    positions = x
    arcLength = along.map { $0 - origin }
    onLine = on
  }
}

/// The lines ξ = ½ where the interface folded over and has no one height for each position.
func contourTable(_ run: CaseRun) -> Table? {
  guard run.run.status == .overhang, let phase = run.run.phase else { return nil }
  let lines = phase.contours(width: run.plateCase.width.value(in: .nanometre))
  let points = lines.enumerated().flatMap { number, line in line.map { (number + 1, $0) } }
  return Table(
    name: "contour",
    columns: [
      Column(
        name: "line", label: "line", values: .integer(points.map { Int64($0.0) }),
        unit: .known(.one)),
      simulatedColumn("position_x", points.map(\.1.x), .nanometre),
      simulatedColumn("interface_height", points.map(\.1.y), .nanometre),
    ], indexColumns: ["line"])
}
