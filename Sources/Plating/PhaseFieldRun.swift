extension PlatingRun {
  /// Runs the phase field to its end, or until it stalls or folds over.
  static func phaseField(_ problem: Problem, _ window: PhaseFieldWindow) -> PlatingRun {
    phaseField(PhaseFieldSolver(problem, window))
  }

  /// Runs a phase field from where it stands.
  static func phaseField(_ start: PhaseFieldSolver) -> PlatingRun {
    var solver = start
    let problem = solver.problem
    var status = PlatingStatus.finished
    var isFound = solver.findInterface()
    solver.findStress()
    let initial = solver.surface()
    func moment() -> Moment {
      Moment(
        growth: solver.growth, peakToValley: roughness(solver.heights),
        tipStress: solver.stress[solver.centre], valleyStress: solver.stress.max() ?? 0)
    }
    var now = moment()
    var history = [now]
    var extreme = now.tipStress
    var greatest = 0.0
    func watch() {
      for value in solver.stress where value.magnitude > greatest { greatest = value.magnitude }
    }
    watch()
    if !isFound { status = .stalled }
    while status == .finished && solver.growth < problem.growth {
      guard solver.steps < problem.mostSteps, solver.advance() else {
        status = .stalled
        break
      }
      isFound = solver.findInterface()
      if (!isFound || solver.steps % checkInterval == 0) && solver.foldsOver() {
        status = .overhang
        break
      }
      guard isFound, solver.followInterface() else {
        status = .stalled
        break
      }
      solver.findStress()
      watch()
      let before = now
      now = moment()
      if now.tipStress.magnitude > extreme.magnitude { extreme = now.tipStress }
      while history.count <= problem.intervals {
        let due = problem.growth * Double(history.count) / Double(problem.intervals)
        guard due <= now.growth else { break }
        history.append(before.interpolated(to: now, at: due))
      }
    }
    if status == .finished && solver.foldsOver() { status = .overhang }
    return PlatingRun(
      status: status, initial: initial, final: solver.surface(), history: history,
      tipStressExtreme: extreme, greatestStress: greatest, steps: solver.steps,
      drivingForce: solver.drivingForce, phase: solver.end)
  }

  /// How many steps pass between looks at whether the interface folds over.
  private static let checkInterval = 16
}
