internal import FilmElasticity

/// A film pushed off its interface by a pressure: the equilibrium at full load, or the load up to
/// which there is one.
struct DelaminationRun: Sendable {
  /// What is solved.
  struct Problem: Hashable, Sendable {
    var geometry: CohesiveFilm.Geometry
    /// The law of the interface; nil for a rigid bond.
    var law: CohesiveLaw?
    /// The full pressure in Pa.
    var pressure: Double
    /// The load steps.
    var steps: Int
  }

  /// One place of the underside at the end, from the middle outwards; lengths in m, tractions in Pa.
  struct Place: Sendable {
    var x: Double
    var opening: Double
    /// The traction that holds the film (positive pulls it down) and that along it.
    var normal: Double, shear: Double
    var damage: Double
  }

  /// The problem that was solved.
  let problem: Problem
  /// The share of the load at which the last equilibrium was found; 1 where the film holds.
  private(set) var stableFraction = 0.0
  /// The opening in the middle in m at the last equilibrium.
  private(set) var opening = 0.0
  /// The largest damage at the last equilibrium.
  private(set) var maximumDamage = 0.0
  /// The extent of the interface in m that has separated, and that is damaged but holds.
  private(set) var crackLength = 0.0
  private(set) var processZoneLength = 0.0
  /// The load steps taken and the systems solved.
  private(set) var loadSteps = 0
  private(set) var iterations = 0
  /// The underside at the last equilibrium, from the middle outwards.
  private(set) var places: [Place] = []

  /// Whether the film comes off before the full load.
  var delaminates: Bool { stableFraction < 1 }

  /// How near to the load without equilibrium the last one is found.
  private static let resolution = 0.005
  /// Newton steps before the slower secant method takes over, and the steps of that.
  private static let newtonSteps = 25
  private static let secantSteps = 400

  init(_ problem: Problem) {
    self.problem = problem
    var film = CohesiveFilm(problem.geometry, law: problem.law)
    guard let law = problem.law else {
      iterations = 1
      loadSteps = 1
      if let u = film.solveRigid(pressure: problem.pressure) {
        stableFraction = 1
        opening = film.opening(u)
        places = film.baseNodes.map {
          Place(x: $0.x, opening: u[2 * $0.node + 1], normal: 0, shear: 0, damage: 0)
        }
      }
      return
    }
    var state = [Double](repeating: 0, count: film.unknowns)
    var damage = [Double](repeating: 0, count: film.points)
    var reached = 0.0
    let increment = 1 / Double(max(1, problem.steps))
    var target = min(1, increment)
    // The lowest load for which no equilibrium was found.
    var failed: Double?
    while reached < 1 {
      if let found = equilibrium(&film, law, at: target, from: state, damage) {
        (state, damage) = found
        reached = target
        loadSteps += 1
      } else {
        failed = min(failed ?? target, target)
      }
      if let limit = failed {
        if limit - reached <= Self.resolution { break }
        target = (reached + limit) / 2
      } else {
        // The last step ends at 1 whatever the rounding.
        target = reached + 1.5 * increment > 1 ? 1 : reached + increment
      }
    }
    stableFraction = reached
    finish(film, law, state, damage)
  }

  /// The equilibrium at a share of the load, reached from one below; nil where there is none.
  private mutating func equilibrium(
    _ film: inout CohesiveFilm, _ law: CohesiveLaw, at fraction: Double, from start: [Double],
    _ before: [Double]
  ) -> (state: [Double], damage: [Double])? {
    let pressure = fraction * problem.pressure
    // An opening of many thicknesses and failure openings is a film that has come off.
    let bound = 1e3 * (problem.geometry.halfLength + law.failureOpening)
    var u = start
    for iteration in 0..<(Self.newtonSteps + Self.secantSteps) {
      iterations += 1
      // Beyond the strength the slopes are negative; where they make the whole unstable, and where
      // Newton's method cycles over the corners of the law, secants lead to the next equilibrium.
      var next: [Double]?
      if iteration < Self.newtonSteps {
        next = film.step(pressure: pressure, from: u, damage: before, secant: false)
      }
      if next == nil {
        next = film.step(pressure: pressure, from: u, damage: before, secant: true)
      }
      guard let next else { return nil }
      var (change, size) = (0.0, 0.0)
      for (_, node) in film.baseNodes {
        for unknown in [2 * node, 2 * node + 1] {
          change = max(change, (next[unknown] - u[unknown]).magnitude)
          size = max(size, next[unknown].magnitude)
        }
      }
      guard size.isFinite, size < bound else { return nil }
      u = next
      if change <= 1e-9 * size {
        let openings = film.openings(u)
        let damage = zip(openings, before).map {
          law.respond(opening: $0.opening, slip: $0.slip, damage: $1).damage
        }
        return (u, damage)
      }
    }
    return nil
  }

  private mutating func finish(
    _ film: CohesiveFilm, _ law: CohesiveLaw, _ u: [Double], _ damage: [Double]
  ) {
    opening = film.opening(u)
    maximumDamage = damage.max() ?? 0
    var held: [Place] = []
    let openings = film.openings(u)
    for (column, edge) in film.bonded.enumerated() {
      for (index, point) in edge.points.enumerated() {
        let i = 3 * column + index
        if damage[i] >= 1 {
          crackLength += point.weight
        } else if damage[i] > 0 {
          processZoneLength += point.weight
        }
        let answer = law.respond(
          opening: openings[i].opening, slip: openings[i].slip, damage: damage[i], secant: true)
        // The mesh runs towards the middle: what points along it points back along x.
        held.append(
          Place(
            x: problem.geometry.halfLength - point.x, opening: openings[i].opening,
            normal: answer.normal, shear: -answer.shear, damage: damage[i]))
      }
    }
    let free = film.baseNodes.filter { $0.x < problem.geometry.initialDamage }.map {
      Place(x: $0.x, opening: u[2 * $0.node + 1], normal: 0, shear: 0, damage: 1)
    }
    places = free + held.reversed()
  }
}
