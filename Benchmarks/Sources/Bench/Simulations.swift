import Glibc
import Interphase

/// Runs the plating model at its defaults, film 10 nm, and prints the time and the roughness left.
func measurePlating(repeats: Int) {
  do {
    var film = FilmParameters.assumed
    film.thickness = Measured(Quantity(10, .nanometre), source: "benchmark")
    var plateCase = PlateCase(label: "film 10 nm", film: film)
    plateCase.solver = .sharp
    let configuration = try PlateConfiguration(base: plateCase, cases: [plateCase])
    let (seconds, outcome) = best(of: repeats) { runPlate(configuration, tracePrefix: "bench") }
    var ratio = Double.nan
    if case .quantity(let q)? = outcome.result["cases"]?[0]?["pv_ratio"] { ratio = q.value ?? .nan }
    if case .number(let x)? = outcome.result["cases"]?[0]?["pv_ratio"] { ratio = x }
    print("interphase\t\(seconds)\t0\t\(plateCase.points)\t\(ratio)")
  } catch {
    print("interphase\tfailed\t\(error)")
  }
}

/// Runs the phase field at its defaults under films of 4, 10 and 20 nm, and prints the time of all three
/// and the roughness left under the last.
func measurePhaseField(repeats: Int) {
  do {
    let cases = [4.0, 10, 20].map { thickness in
      var film = FilmParameters.assumed
      film.thickness = Measured(Quantity(thickness, .nanometre), source: "benchmark")
      return PlateCase(label: "film \(thickness) nm", film: film)
    }
    let configuration = try PlateConfiguration(base: cases[0], cases: cases)
    let (seconds, outcome) = best(of: repeats) { runPlate(configuration, tracePrefix: "bench") }
    let ratio = outcome.result["cases"]?[2]?["pv_ratio"]?.quantity?.value ?? .nan
    print("interphase\t\(seconds)\t0\t3\t\(ratio)")
  } catch {
    print("interphase\tfailed\t\(error)")
  }
}

/// Takes a thousand explicit Allen–Cahn steps on a periodic square, and prints the time and the sum of
/// all cells.
func measureStencil(cells: Int, repeats: Int) {
  var start = OrderParameterField(
    columns: cells, rows: cells, columnEdge: .periodic, rowEdge: .periodic)
  for row in 0..<start.rows {
    for column in 0..<start.columns {
      let noise = Double((column * 7 + row * 13) % 97) / 97
      start[row, column] = noise / 2 + (column < cells / 2 ? 0.5 : 0)
    }
  }
  let coefficients = AllenCahnCoefficients(diffusivity: 1, well: 2, timeStep: 0.1, spacing: 1)
  let (seconds, field) = best(of: repeats) {
    var field = start
    for _ in 0..<1000 { field.step(coefficients) }
    return field
  }
  print("interphase\t\(seconds)\t0\t\(cells)\t\(field.values.reduce(0, +))")
}

/// The film of the fit: 4 nm on graphene over a hole of 1350 nm radius.
private let settings: KeyValuePairs = [
  "spring-constant": "35 N/m", "hole-radius": "1350 nm", "tip-radius": "50 nm", "poisson": "0.2",
  "thickness": "4 nm", "substrate-e2d": "340 N/m", "model": "plate",
]

/// An approach of 4000 points, the last 1600 in contact: position and deflection in metres.
func filmApproach() throws -> (position: [Double], deflection: [Double]) {
  let stiffness = 35.0
  let film = FilmPrediction(
    e2d: Quantity(si: 580), pretension: Quantity(si: 0.35), holeRadius: Quantity(si: 1350e-9),
    tipRadius: Quantity(si: 50e-9), poissonRatio: 0.2,
    bendingStiffness: Quantity(si: (240.0 / 12 + 240.0 * 340 / 580 / 4) * 16e-18 / 0.96),
    model: .plate)
  let forces = (1...1600).map { i in
    let t = Double(i) / 1600
    return 60e-9 * t * t
  }
  let depths = try predictForceCurve(film, forces: forces.map { Quantity(si: $0) })
  var state: UInt64 = 2026
  func noise() -> Double {
    // The sum of twelve uniform numbers less six is nearly normal.
    var sum = -6.0
    for _ in 0..<12 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      sum += Double(state >> 11) * 0x1p-53
    }
    return sum * 3e-11
  }
  var position: [Double] = []
  var deflection: [Double] = []
  for i in 0..<2400 {
    position.append(Double(i - 2400) * 0.1e-9)
    deflection.append(noise())
  }
  for (force, depth) in zip(forces, depths) {
    position.append(depth.si + force / stiffness)
    deflection.append(force / stiffness + noise())
  }
  return (position, deflection)
}

/// Writes the approach as two columns for the peer.
func writeFilmApproach(_ path: String) {
  do {
    let curve = try filmApproach()
    var text = "position\tdeflection\n"
    for (z, d) in zip(curve.position, curve.deflection) { text += "\(z)\t\(d)\n" }
    writeFile(path, Array(text.utf8))
  } catch {
    print("failed\t\(error)")
  }
}

/// Analyses the approach: contact, failure, the fits of all three models, uncertainties.
func measureFilmFit(repeats: Int) {
  do {
    let curve = try filmApproach()
    let metre = ColumnUnit.known(PhysicalUnit.metre)
    let dataset = Dataset(
      format: "delimited-table", technique: .afm,
      tables: [
        Table(
          name: "approach",
          columns: [
            Column(
              name: "sensor_position", label: "z", values: .real(curve.position), unit: metre),
            Column(name: "deflection", label: "d", values: .real(curve.deflection), unit: metre),
          ])
      ], metadata: Metadata())
    var options = ForceAnalysisOptions()
    for (name, text) in settings { try options.setOption(name: name, text: text) }
    let (seconds, analysis) = best(of: repeats) {
      analyzeForceCurves(
        dataset, input: InputIdentity(path: "curve", bytes: 1, sha256: "00"), sample: "film",
        options: options, tracePrefix: "bench")
    }
    let e2d = analysis.curves.first?.value(.e2d)?.value ?? .nan
    print("interphase\t\(seconds)\t0\t\(curve.position.count)\t\(e2d)")
  } catch {
    print("interphase\tfailed\t\(error)")
  }
}

/// Solves a unit square of bilinear elements clamped below, as `interphase verify elasticity-large`.
func measureElasticity(cells n: Int, contrast: Double, repeats: Int) {
  var moduli: [Double] = []
  for j in 0..<n {
    for i in 0..<n {
      let x = (Double(i) + 0.5) / Double(n) - 0.5
      let y = (Double(j) + 0.5) / Double(n)
      moduli.append(1 + (contrast - 1) * (1 + tanh((y - 0.3 - 0.15 * cos(12 * x)) / 0.02)) / 2)
    }
  }
  let row = n + 1
  var forces = [Double](repeating: 0, count: 2 * row * row)
  for j in 0...n {
    for i in 0...n {
      let weight = (i % n == 0 ? 0.5 : 1) * (j % n == 0 ? 0.5 : 1) / (Double(n) * Double(n))
      forces[j * row + i] = weight * sin(3 * Double(i) / Double(n))
      forces[(row + j) * row + i] = weight * cos(2 * Double(j) / Double(n))
    }
  }
  let (seconds, solution) = best(of: repeats) {
    GridElasticity(
      columns: n, rows: n, width: 1, height: 1, poissonRatio: 0.3, moduli: moduli)?.solve(forces)
  }
  let square = (solution?.displacements ?? []).reduce(0) { $0 + $1 * $1 }
  print("interphase\t\(seconds)\t0\t\(2 * row * n)\t\(square.squareRoot())")
}
