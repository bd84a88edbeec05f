internal import FilmElasticity
internal import Materials
internal import Simulation
internal import Tables
internal import Units

/// The film over the interface at the end of a run, as it lies in space.
///
/// The film is solved as a flat strip. It is laid on the interface: at each position its base follows
/// the surface of the metal, and its thickness there is that of the strained strip.
struct LaidFilm: Sendable {
  let field: FilmField
  let poissonRatio: Double
  /// x of each column in nm, and the width of the domain.
  let positions: [Double]
  let width: Double
  /// The interface and the top of what is shown, in nm, one a column.
  let base: [Double], top: [Double]
  /// The time at the end in s, and the nominal growth in nm.
  let time: Double, growth: Double

  /// The film of a run with at most `columns` columns; a film thicker than the domain is wide is cut
  /// there, where nothing is felt.
  init(_ run: CaseRun, columns: Int, levels: Int) {
    let plateCase = run.plateCase
    let heights = run.run.final.heights
    let width = plateCase.width.value(in: .nanometre)
    let thickness = plateCase.film.thickness.value
    let problem = plateCase.problem(
      modulus: plateCase.film.modulus.modulus.value, thickness: thickness)
    let stride = max(1, (heights.count + columns - 1) / max(columns, 1))
    let depth = min(thickness.value(in: .nanometre), width)
    let field = FilmField(
      problem.film, heights: heights, width: width, stride: stride, levels: levels, depth: depth)
    self.field = field
    self.width = width
    poissonRatio = plateCase.film.poissonRatio.value.si
    time = run.numbers.time
    growth = run.numbers.growth
    let points = (0..<field.columns).map { $0 * stride }
    positions = points.map {
      Double($0 - heights.count / 2) * width / Double(max(heights.count, 1))
    }
    let base = points.map { heights[$0] }
    self.base = base
    top = base.indices.map { i in
      let upper = field.displacementY[(field.levels - 1) * field.columns + i]
      return base[i] + max(depth + upper - field.displacementY[i], 0)
    }
  }

  /// Where a height lies between base and top of a column: level and share; nil outside the film.
  func level(column: Int, height: Double) -> (lower: Int, share: Double)? {
    let span = top[column] - base[column]
    guard span > 0 else { return nil }
    let place = (height - base[column]) / span * Double(field.levels - 1)
    guard place >= 0, place <= Double(field.levels - 1),
      let lower = Int(exactly: min(place.rounded(.down), Double(field.levels - 2)))
    else { return nil }
    return (lower, place - Double(lower))
  }
}

/// ξ and the film's displacement and stress at the end of a run, on a grid in space.
///
/// Rows are a cell of the phase field apart, or an eighth of a thin film. Outside the film its channels
/// are missing.
func fieldGrid(_ run: CaseRun, name: String) -> SimulationOutcome.NamedGrid {
  let film = LaidFilm(run, columns: 1024, levels: 49)
  let columns = film.positions.count
  let spacing = columns > 1 ? film.positions[1] - film.positions[0] : film.width
  let phase = run.run.phase
  let thickness = run.plateCase.film.thickness.value.value(in: .nanometre)
  let bottom = phase?.bottom ?? (film.base.min() ?? 0) - 2
  let windowTop = phase.map { $0.bottom + Double($0.rows - 1) * $0.spacing } ?? bottom
  let extent = max((film.top.max() ?? 0) + spacing, windowTop) - bottom
  let step = max(min(spacing, thickness / 8), extent / 2047)
  let rows = max(2, min(2048, Int(exactly: (extent / step - 1e-9).rounded(.up)) ?? 2047) + 1)
  let empty = [Double](repeating: .nan, count: rows * columns)
  let vonMises = film.field.vonMises(poissonRatio: film.poissonRatio)
  let sources = [
    ("displacement_x", film.field.displacementX), ("displacement_y", film.field.displacementY),
    ("stress_xx", film.field.stressXX), ("stress_yy", film.field.stressYY),
    ("stress_xy", film.field.stressXY), ("stress_von_mises", vonMises),
  ]
  var channels = sources.map { _ in empty }
  for row in 0..<rows {
    let height = bottom + Double(row) * step
    for column in 0..<columns {
      guard let (lower, share) = film.level(column: column, height: height) else { continue }
      let at = lower * columns + column
      for (c, source) in sources.enumerated() {
        channels[c][row * columns + column] =
          source.1[at] + share * (source.1[at + columns] - source.1[at])
      }
    }
  }
  var all: [Column] = []
  if let phase {
    let stride = max(1, (phase.columns + columns - 1) / columns)
    var values: [Double] = []
    values.reserveCapacity(rows * columns)
    for row in 0..<rows {
      let place = Double(row) * step / phase.spacing
      for column in 0..<columns { values.append(phase.value(column: column * stride, row: place)) }
    }
    all.append(simulatedColumn("order_parameter", values, .one))
  }
  for ((name, _), values) in zip(sources, channels) {
    all.append(
      simulatedColumn(name, values, name.hasPrefix("stress") ? .megapascal : .nanometre))
  }
  let unit = ColumnUnit.known(.nanometre)
  return .init(
    name: "fields/\(name).vti",
    grid: Grid(
      name: run.plateCase.label,
      axes: [
        GridAxis(
          name: "x", count: columns, origin: film.positions.first ?? 0, step: spacing, unit: unit),
        GridAxis(name: "y", count: rows, origin: bottom, step: step, unit: unit),
      ], channels: all),
    fields: [
      simulatedColumn("time", [film.time], .second),
      simulatedColumn("growth", [film.growth], .nanometre),
    ])
}
