internal import FilmElasticity
internal import Materials
internal import NumericalMethods
internal import RealModule
internal import Units

/// Runs of the phase field whose answers are known, for `verify`.
package enum PlatingChecks {
  /// The numbers of one case that references give.
  package struct Answer: Sendable {
    /// Whether the run came to its end.
    package let isFinished: Bool
    /// PV at the end over PV at the start.
    package let ratio: Double
    /// σ_n in MPa at the tip at the start and at the end, and its largest value at the end.
    package let tipInitial, tipFinal, valleyFinal: Double
    /// The rise of the outer tenths in nm.
    package let rise: Double
  }

  /// Runs a case at its nominal parameters.
  package static func run(_ plateCase: PlateCase) -> Answer {
    let run = PlatingRun.solve(
      plateCase.problem(
        modulus: plateCase.film.modulus.modulus.value, thickness: plateCase.film.thickness.value))
    let numbers = CaseNumbers(run, kinetics: plateCase.kinetics)
    return Answer(
      isFinished: run.status == .finished, ratio: numbers.pvRatio,
      tipInitial: numbers.tipInitial, tipFinal: numbers.tipFinal,
      valleyFinal: numbers.valleyFinal, rise: numbers.farFieldRise)
  }

  /// The speed of a flat front over v₀, for cells of `spacingOverWidth` half widths; nil where it fails.
  ///
  /// Lithium at the defaults: the front moves 24 half widths after the first six.
  package static func planarSpeedRatio(spacingOverWidth: Double) -> Double? {
    var plateCase = PlateCase(label: "front")
    let width = plateCase.interfaceHalfWidth.value(in: .nanometre)
    let spacing = width * spacingOverWidth
    plateCase.stop = .growth(Quantity(30 * width, .nanometre))
    var problem = plateCase.problem(
      modulus: plateCase.film.modulus.modulus.value, thickness: plateCase.film.thickness.value)
    problem.heights = [Double](repeating: 0, count: 8)
    problem.width = 8 * spacing
    let window = PhaseFieldWindow(
      halfWidth: width, spacing: spacing, rows: max(8, Int((60 / spacingOverWidth).rounded())))
    var solver = PhaseFieldSolver(problem, window)
    var start: (growth: Double, height: Double)?
    while solver.growth < problem.growth {
      guard solver.advance(), solver.findInterface() else { return nil }
      if start == nil && solver.growth >= 6 * width { start = (solver.growth, solver.heights[0]) }
    }
    guard let start, solver.growth > start.growth else { return nil }
    return (solver.heights[0] - start.height) / (solver.growth - start.growth)
  }

  /// d(R²)/dt of a shrinking circle over −2L_σκ, for a half width in cells.
  ///
  /// R from 20 to 16 half widths, from the area that ξ covers; without a driving force.
  package static func circleAreaRate(cellsPerWidth: Double = 2) -> Double {
    let width = cellsPerWidth
    let cells = max(16, Int((30 * width).rounded()))
    // A quarter of the circle about the centre of the first cell, with mirrors there.
    var field = OrderParameterField(
      columns: cells, rows: cells, columnEdge: .mirror, rowEdge: .mirror)
    let radius = 20 * width
    for j in 0..<cells {
      for i in 0..<cells {
        let r = Double(i * i + j * j).squareRoot()
        field[j, i] = 1 / (1 + Double.exp((r - radius) / width))
      }
    }
    func squaredRadius() -> Double {
      var area = 0.0
      for j in 0..<cells {
        for i in 0..<cells {
          area += field[j, i] * (i > 0 ? 2 : 1) * (j > 0 ? 2 : 1)
        }
      }
      return area / .pi
    }
    let step = 0.125
    let coefficients = AllenCahnCoefficients(
      diffusivity: 1, well: 1 / (width * width), timeStep: step, spacing: 1)
    // The profile settles first.
    let settling = Int(4 * width * width / step)
    for _ in 0..<settling { field.step(coefficients) }
    let start = squaredRadius()
    let count = Int((radius * radius - 256 * width * width) / 2 / step)
    for _ in 0..<count { field.step(coefficients) }
    return (squaredRadius() - start) / (-2 * step * Double(count))
  }

  /// The decay of a small wave under a film over the rate of linear theory; nil where the run fails.
  ///
  /// d ln A/dt = −M·χ(η)·(S_eff(k) + γk²) for a wave of 0.05 nm, after the profile has settled.
  package static func dispersion(_ plateCase: PlateCase) -> Double? {
    var plateCase = plateCase
    plateCase.surface = .cosine(height: Quantity(0.1, .nanometre))
    let kinetics = plateCase.kinetics
    let width = plateCase.interfaceHalfWidth.value(in: .nanometre)
    let k = 2 * Double.pi / plateCase.width.value(in: .nanometre)
    var problem = plateCase.problem(
      modulus: plateCase.film.modulus.modulus.value, thickness: plateCase.film.thickness.value)
    let response = problem.film.response(wavenumber: k * 1e9) * 1e-15
    let rate =
      kinetics.linearMobility * response + kinetics.constantCapillarity * k * k
    // One relaxation time of the profile, then half a decay of the wave.
    let settling = width * width / kinetics.constantCapillarity
    let span = 0.5 / rate
    problem.growth = settling + span
    problem.intervals = 64
    let run = PlatingRun.solve(problem)
    guard run.status == .finished else { return nil }
    guard let start = run.history.first(where: { $0.growth >= settling }) else { return nil }
    let decay = Double.log(start.peakToValley / run.final.peakToValley)
    return decay / (problem.growth - start.growth) / rate
  }
}
