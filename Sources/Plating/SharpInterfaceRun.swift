extension PlatingRun {
  /// Runs the sharp-interface model to its end or until it stalls.
  static func sharp(_ problem: Problem) -> PlatingRun {
    let count = problem.heights.count
    let mirrored = isMirrored(problem.heights)
    let grid = SurfaceGrid(
      points: count, width: problem.width, mirrored: mirrored, film: problem.film)
    let model = SharpInterfaceModel(
      grid: grid, kinetics: problem.kinetics, capillarity: problem.capillarity)
    let start = grid.reduce(problem.heights)
    let bump = roughness(start)
    // A flat surface has no roughness to measure errors with: a millionth of a nanometre.
    let floor = max(1e-4 * bump, 1e-6)
    var integrator = StiffIntegrator(
      model, start: start, end: problem.growth, tolerance: problem.tolerance * (bump + floor))
    let shortest = 1e-12 * problem.growth
    func moment(_ growth: Double, _ z: [Double]) -> Moment {
      let stress = model.normalStress(z)
      return Moment(
        growth: growth, peakToValley: roughness(z), tipStress: stress[grid.centre],
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
      let tolerance = problem.tolerance * (roughness(integrator.state) + floor)
      guard
        integrator.advance(to: problem.growth, shortest: shortest, tolerance: tolerance),
        integrator.steps < mostSteps
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
    return PlatingRun(
      status: status, initial: surface(0, start),
      final: surface(
        status == .finished ? problem.growth : integrator.time, integrator.state),
      history: history, tipStressExtreme: extreme, greatestStress: greatest,
      steps: integrator.steps)
  }

  /// The number of steps after which a run is given up as stalled.
  private static let mostSteps = 200_000
}
