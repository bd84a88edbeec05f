internal import Simulation
internal import Tables
internal import Units

/// The stress across the films at the end, one film above the other in one scale of colours.
func stressMap(_ runs: [CaseRun], note: String) -> Figure {
  let shown = runs.prefix(mostMaps)
  var fields: [Figure.Field] = []
  var series: [Figure.Series] = []
  var floor = 0.0
  for run in shown {
    let film = LaidFilm(run, columns: 128, levels: 25)
    let lift = floor - (film.base.min() ?? 0)
    fields.append(map(film, lift: lift))
    for edge in [film.base, film.top] {
      series.append(
        .init(
          run.plateCase.label, .line, x: film.positions + [film.width / 2],
          y: closed(edge).map { $0 + lift }))
    }
    floor = (film.top.max() ?? 0) + lift + 3
  }
  let left = runs.count - shown.count
  return Figure(
    id: "stress-map", title: "Stress across the film at the end",
    caption:
      "σ_yy in each film as it lies on the metal, negative in compression; the films stand one "
      + "above the other, from the interface up to their free surface."
      + (left > 0 ? " The first \(shown.count) of \(runs.count) cases." : "") + " " + note,
    xAxis: .init("position", unit: "nm"), yAxis: .init("height, films stacked", unit: "nm"),
    series: series, equalScale: true, fields: fields,
    colourAxis: .init("stress across the film", unit: "MPa"))
}

/// How many films a map shows.
private let mostMaps = 6

/// A series over the period with its first number again at the end.
private func closed(_ values: [Double]) -> [Double] { values + values.prefix(1) }

/// The cells of a film between its columns and levels.
private func map(_ film: LaidFilm, lift: Double) -> Figure.Field {
  let columns = film.positions.count
  let levels = film.field.levels
  let edges = film.positions + [film.width / 2]
  let base = closed(film.base)
  let top = closed(film.top)
  var y: [Double] = []
  var values: [Double] = []
  for level in 0..<levels {
    let share = Double(level) / Double(levels - 1)
    for (low, high) in zip(base, top) { y.append(low + share * (high - low) + lift) }
  }
  let stress = film.field.stressYY
  for level in 0..<(levels - 1) {
    for column in 0..<columns {
      let next = (column + 1) % columns
      let (a, b) = (level * columns, (level + 1) * columns)
      values.append(
        (stress[a + column] + stress[a + next] + stress[b + column] + stress[b + next]) / 4)
    }
  }
  return Figure.Field(
    columns: columns, rows: levels - 1, x: (0..<levels).flatMap { _ in edges }, y: y,
    values: values)
}
