internal import FilmElasticity

/// How a run ended.
public enum PlatingStatus: String, Hashable, Sendable {
  /// The end was reached.
  case finished
  /// The step fell below 10⁻¹² of the end.
  case stalled
}

/// The surface at one moment, at all points of the grid.
public struct SurfaceState: Hashable, Sendable {
  /// The nominal growth v₀t in nm.
  public var growth: Double
  /// The heights of the metal/film interface in nm.
  public var heights: [Double]
  /// The normal stress of the film at the interface in MPa, tension positive.
  public var normalStress: [Double]
  /// The stress along the film at the interface in MPa, tension positive.
  public var tangentialStress: [Double]

  /// The greatest less the least height in nm.
  public var peakToValley: Double { (heights.max() ?? 0) - (heights.min() ?? 0) }
  /// The largest normal stress anywhere in MPa.
  public var valleyStress: Double { normalStress.max() ?? 0 }
  /// The normal stress at the centre of the surface in MPa.
  public var tipStress: Double { Self.centre(of: normalStress) }
  /// The stress along the film at the centre in MPa.
  public var hoopStress: Double { Self.centre(of: tangentialStress) }

  private static func centre(of values: [Double]) -> Double {
    values.isEmpty ? 0 : values[values.count / 2]
  }

  /// The mean rise over another state of the outer tenth of the points on each side, in nm.
  public func farFieldRise(over start: SurfaceState) -> Double {
    let count = heights.count
    let outer = max(1, count / 10)
    guard count >= 2 * outer, start.heights.count == count else { return 0 }
    var sum = 0.0
    for i in 0..<outer {
      sum += heights[i] - start.heights[i]
      sum += heights[count - 1 - i] - start.heights[count - 1 - i]
    }
    return sum / Double(2 * outer)
  }
}

/// One run of the sharp-interface model: its numbers, all in nm, MPa and s.
struct SharpInterfaceRun: Sendable {
  /// What one run needs.
  struct Problem: Sendable {
    var film: FilmOnMetal
    var kinetics: PlatingKinetics
    var capillarity: Capillarity
    /// The width of the domain in nm.
    var width: Double
    /// The heights at the start in nm, at x_i = −width/2 + i·width/N.
    var heights: [Double]
    /// The nominal growth at the end in nm.
    var growth: Double
    /// The allowed local error as a share of the roughness.
    var tolerance: Double
    /// The number of equal growth intervals at which the history is kept.
    var intervals: Int
  }

  /// One line of the history.
  struct Moment: Hashable, Sendable {
    var growth: Double
    var peakToValley: Double
    var tipStress: Double
    var valleyStress: Double
  }

  let status: PlatingStatus
  /// The surface at the start and at the growth reached.
  let initial: SurfaceState
  let final: SurfaceState
  let history: [Moment]
  /// The normal stress at the centre where its magnitude was largest.
  let tipStressExtreme: Double
  /// The largest magnitude of the normal stress anywhere, at any step.
  let greatestStress: Double
  let steps: Int
  let factorizations: Int

  /// Runs a problem to its end or until it stalls.
  init(_ problem: Problem) {
    let count = problem.heights.count
    let mirrored = Self.isMirrored(problem.heights)
    let grid = SurfaceGrid(
      points: count, width: problem.width, mirrored: mirrored, film: problem.film)
    let model = SharpInterfaceModel(
      grid: grid, kinetics: problem.kinetics, capillarity: problem.capillarity)
    let start = grid.reduce(problem.heights)
    let roughness = Self.roughness(start)
    // A flat surface has no roughness to measure errors with: a millionth of a nanometre.
    let floor = max(1e-4 * roughness, 1e-6)
    var integrator = StiffIntegrator(
      model, start: start, end: problem.growth, tolerance: problem.tolerance * (roughness + floor))
    let shortest = 1e-12 * problem.growth
    func moment(_ growth: Double, _ z: [Double]) -> Moment {
      let stress = model.normalStress(z)
      return Moment(
        growth: growth, peakToValley: Self.roughness(z), tipStress: stress[grid.centre],
        valleyStress: stress.max() ?? 0)
    }
    var extreme = 0.0
    var greatest = 0.0
    func watch(_ z: [Double]) {
      let stress = model.normalStress(z)
      if stress[grid.centre].magnitude > extreme.magnitude { extreme = stress[grid.centre] }
      for value in stress where value.magnitude > greatest { greatest = value.magnitude }
    }
    watch(start)
    var history = [moment(0, start)]
    var status = PlatingStatus.finished
    while integrator.time < problem.growth * (1 - 1e-13) {
      let tolerance = problem.tolerance * (Self.roughness(integrator.state) + floor)
      guard
        integrator.advance(to: problem.growth, shortest: shortest, tolerance: tolerance),
        integrator.steps < Self.mostSteps
      else {
        status = .stalled
        break
      }
      watch(integrator.state)
      while history.count <= problem.intervals {
        let due = problem.growth * Double(history.count) / Double(problem.intervals)
        let lag = integrator.time - due
        guard lag > -1e-12 * problem.growth else { break }
        history.append(moment(due, integrator.interpolated(lag: max(lag, 0))))
      }
    }
    func surface(_ growth: Double, _ z: [Double]) -> SurfaceState {
      SurfaceState(
        growth: growth, heights: grid.expand(z), normalStress: grid.expand(model.normalStress(z)),
        tangentialStress: grid.expand(model.tangentialStress(z)))
    }
    self.status = status
    initial = surface(0, start)
    final = surface(
      status == .finished ? problem.growth : integrator.time, integrator.state)
    self.history = history
    tipStressExtreme = extreme
    greatestStress = greatest
    steps = integrator.steps
    factorizations = integrator.factorizations
  }

  /// The number of steps after which a run is given up as stalled.
  private static let mostSteps = 200_000

  private static func roughness(_ z: [Double]) -> Double { (z.max() ?? 0) - (z.min() ?? 0) }

  /// Whether a surface is its own mirror image about the centre.
  private static func isMirrored(_ z: [Double]) -> Bool {
    let half = z.count / 2
    return (1..<max(half, 1)).allSatisfy { z[half + $0] == z[half - $0] }
  }
}
