internal import Materials
internal import Simulation
internal import Tables
internal import Units

/// The underside from the middle outwards: lift, tractions and damage.
func undersideTable(_ run: DelaminateCaseRun) -> Table {
  func column(
    _ name: String, _ values: [Double], _ unit: PhysicalUnit, u: [Double]? = nil
  ) -> Column {
    Column(
      name: name, label: name, values: .real(values), unit: .known(unit),
      uncertainty: u.map { .perRow($0) },
      origin: Origin(steps: ["simulated by the cohesive-zone model"]))
  }
  let places = run.run.places
  let u = run.propagation.uncertainty(count: places.count) { $0.places.map { $0.opening * 1e9 } }
  return Table(
    name: "interface",
    columns: [
      column("position_x", places.map { $0.x * 1e9 }, .nanometre),
      column("displacement_y", places.map { $0.opening * 1e9 }, .nanometre, u: u),
      column("traction_normal", places.map { $0.normal * 1e-6 }, .megapascal),
      column("traction_shear", places.map { $0.shear * 1e-6 }, .megapascal),
      column("damage", places.map(\.damage), .one),
    ], indexColumns: ["position_x"])
}

/// The opening over the thickness against the thickness, one line for each metal; and for a few
/// cases the lifted underside.
func delaminateFigures(_ runs: [DelaminateCaseRun]) -> [Figure] {
  var figures = [thicknessFigure(runs)]
  if runs.count <= 8 { figures.append(undersideFigure(runs)) }
  return figures
}

/// What tells the lines of the figure apart: the metal, and the modulus where there are several.
private func lineName(_ run: DelaminateCaseRun, withModulus: Bool) -> String {
  let metal = run.item.metal.name
  guard withModulus else { return metal }
  return "\(metal), \(rounded(run.item.film.modulus.modulus.value.value(in: .gigapascal))) GPa"
}

private func thicknessFigure(_ runs: [DelaminateCaseRun]) -> Figure {
  let moduli = Set(runs.map { $0.item.film.modulus.modulus.value.si })
  var names: [String] = []
  for run in runs {
    let name = lineName(run, withModulus: moduli.count > 1)
    if !names.contains(name) { names.append(name) }
  }
  var series: [Figure.Series] = []
  var all: [Double] = []
  for name in names {
    let line = runs.filter {
      lineName($0, withModulus: moduli.count > 1) == name && !$0.run.delaminates
    }.sorted { $0.run.problem.geometry.thickness < $1.run.problem.geometry.thickness }
    let x = line.map { $0.run.problem.geometry.thickness * 1e9 }
    let y = line.map { $0.openingOverThickness ?? .nan }
    all += y
    let u = line.map { run in
      run.propagation.uncertainty { $0.opening / $0.problem.geometry.thickness }
    }
    if u.contains(where: { $0 != nil }) {
      series.append(.init(name, .points, x: x, y: y, u: u.map { $0 ?? 0 }))
    } else if x.count < 40 {
      series.append(.init(name, .points, x: x, y: y))
    }
    if x.count > 1 { series.append(.init(name, .line, x: x, y: y)) }
  }
  let off = runs.filter(\.run.delaminates).map {
    "\($0.item.label) at \(Int((100 * $0.run.stableFraction).rounded())) %"
  }
  let gone = off.isEmpty ? "" : " Come off before the full load: \(off.joined(separator: ", "))."
  let spread = (all.max() ?? 1) / (all.min() ?? 1)
  return Figure(
    id: "thickness", title: "Opening of the film against its thickness",
    caption: "Displacement in the middle of the debonded region over the film's thickness at full "
      + "pressure. The cohesive parameters and the debonded width are assumptions: other sets keep the "
      + "order of the lines, but with several of them the thinnest films come off." + gone,
    xAxis: .init("film thickness", unit: "nm"),
    yAxis: .init("opening over thickness", unit: "1", logarithmic: spread > 30),
    series: series)
}

private func undersideFigure(_ runs: [DelaminateCaseRun]) -> Figure {
  var series: [Figure.Series] = []
  for run in runs {
    let x = run.run.places.map { $0.x * 1e9 }
    let y = run.run.places.map { $0.opening * 1e9 }
    let u = run.propagation.uncertainty(count: x.count) { $0.places.map { $0.opening * 1e9 } }
    if let u {
      series.append(
        Figure.Series(
          run.item.label, .band, x: x, y: zip(y, u).map { $0 - $1 },
          u: zip(y, u).map { $0 + $1 }))
    }
    series.append(.init(run.item.label, .line, x: x, y: y))
  }
  let off = runs.contains { $0.run.delaminates }
  return Figure(
    id: "underside", title: "Underside of the film",
    caption: "Displacement of the underside from the middle of the debonded region outwards"
      + (off ? "; for films that come off, at the last load with an equilibrium." : "."),
    xAxis: .init("position", unit: "nm"), yAxis: .init("displacement", unit: "nm"),
    series: series)
}
