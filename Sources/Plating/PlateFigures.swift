internal import NumericalMethods
internal import Simulation
internal import Tables
internal import Units

/// The figures of a plating simulation: morphology, stress along the interface, and the history.
func plateFigures(_ runs: [CaseRun]) -> [Figure] {
  [
    morphology(runs), stressMap(runs, note: modelNote(runs)), interfaceStress(runs),
    roughness(runs), stressHistory(runs),
  ]
}

/// The model in the words of a caption.
private func modelNote(_ runs: [CaseRun]) -> String {
  let solvers = PlateSolver.allCases.filter { solver in
    runs.contains { $0.plateCase.solver == solver }
  }
  let words = solvers.map(\.words).joined(separator: " and ")
  return words.prefix(1).uppercased() + words.dropFirst()
    + "; the film's stress-free state is flat."
}

private func bandNote(_ runs: [CaseRun]) -> String {
  runs.contains { !$0.propagation.variations.isEmpty }
    ? " Bands: ± one standard uncertainty, propagated from the film's measured parameters." : ""
}

private func morphology(_ runs: [CaseRun]) -> Figure {
  var series: [Figure.Series] = []
  for run in runs {
    if run.run.status == .overhang, let phase = run.run.phase {
      for line in phase.contours(width: run.plateCase.width.value(in: .nanometre)) {
        series.append(.init(run.plateCase.label, .line, x: line.map(\.x), y: line.map(\.y)))
      }
      continue
    }
    let x = InterfaceLine(run).positions
    let y = run.run.final.heights
    if let u = run.uncertaintyAlong({ $0.final.heights }) {
      series.append(band(run.plateCase.label, x: x, y: y, u: u))
    }
    series.append(.init(run.plateCase.label, .line, x: x, y: y))
  }
  // The surfaces at the start come last, so that a film has one colour in all figures.
  var starts: [[Double]] = []
  for run in runs where !starts.contains(run.run.initial.heights) {
    starts.append(run.run.initial.heights)
    let x = InterfaceLine(run).positions
    series.append(
      .init(
        starts.count == 1 ? "before" : "before, \(run.plateCase.label)", .dashed, x: x,
        y: run.run.initial.heights))
  }
  return Figure(
    id: "morphology", title: "Metal surface before and after plating",
    caption: "Height of the interface of metal and film. " + modelNote(runs) + bandNote(runs),
    xAxis: .init("position", unit: "nm"), yAxis: .init("interface height", unit: "nm"),
    series: series)
}

private func interfaceStress(_ runs: [CaseRun]) -> Figure {
  var series: [Figure.Series] = []
  for run in runs {
    let line = InterfaceLine(run)
    let rows = line.onLine.indices.filter { line.onLine[$0] }
    let stress = run.run.final.normalStress
    let x = rows.map { line.arcLength[$0] }
    let y = rows.map { stress[$0] }
    if let u = run.uncertaintyAlong({ $0.final.normalStress }) {
      series.append(band(run.plateCase.label, x: x, y: y, u: rows.map { u[$0] }))
    }
    series.append(.init(run.plateCase.label, .line, x: x, y: y))
  }
  return Figure(
    id: "interface-stress", title: "Normal stress of the film along the interface A–B",
    caption: "At the end of the run; tension is positive, and the tip stands in the middle of the "
      + "line. " + modelNote(runs) + bandNote(runs),
    xAxis: .init("arc length from A", unit: "nm"), yAxis: .init("normal stress", unit: "MPa"),
    series: series)
}

private func roughness(_ runs: [CaseRun]) -> Figure {
  var series: [Figure.Series] = []
  for run in runs {
    let history = run.run.history
    let start = run.numbers.pvInitial
    let x = history.map(\.growth)
    let y = history.map { $0.peakToValley / start }
    if let u = run.uncertaintyAlong({ $0.history.map { $0.peakToValley / start } }) {
      series.append(band(run.plateCase.label, x: x, y: y, u: u))
    }
    series.append(.init(run.plateCase.label, .line, x: x, y: y))
  }
  return Figure(
    id: "roughness-history", title: "Roughness against growth",
    caption: "Peak-to-valley height over its value at the start. Which film ends smoother depends "
      + "on the growth at which one looks. " + modelNote(runs) + bandNote(runs),
    xAxis: .init("nominal growth", unit: "nm"), yAxis: .init("PV/PV₀", unit: "1"), series: series)
}

private func stressHistory(_ runs: [CaseRun]) -> Figure {
  var series: [Figure.Series] = []
  for run in runs {
    let history = run.run.history
    let x = history.map(\.growth)
    for (name, style, read) in [
      ("tip", Figure.Style.line, { (m: PlatingRun.Moment) in m.tipStress }),
      ("valley", .dashed, { $0.valleyStress }),
    ] {
      let y = history.map(read)
      if let u = run.uncertaintyAlong({ $0.history.map(read) }) {
        series.append(band("\(run.plateCase.label), \(name)", x: x, y: y, u: u))
      }
      series.append(.init("\(run.plateCase.label), \(name)", style, x: x, y: y))
    }
  }
  return Figure(
    id: "stress-history", title: "Interface stress against growth",
    caption: "Normal stress of the film at the bump's centre (tip) and its largest value anywhere "
      + "(valley). " + modelNote(runs) + bandNote(runs),
    xAxis: .init("nominal growth", unit: "nm"), yAxis: .init("normal stress", unit: "MPa"),
    series: series)
}

/// The band of ± u about a line; it carries the line's name, and with it the line's colour.
private func band(_ name: String, x: [Double], y: [Double], u: [Double]) -> Figure.Series {
  Figure.Series(
    name, .band, x: x, y: zip(y, u).map { $0 - $1 }, u: zip(y, u).map { $0 + $1 })
}
