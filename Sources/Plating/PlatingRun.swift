internal import FilmElasticity

/// How a run ended.
public enum PlatingStatus: String, Hashable, Sendable {
  /// The end was reached.
  case finished
  /// The step fell below 10⁻¹² of the end.
  case stalled
  /// The interface folded over: a column of the phase field holds it more than once.
  case overhang
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

/// One run of the plating model: its numbers, all in nm, MPa and s.
struct PlatingRun: Sendable {
  /// What one run needs.
  struct Problem: Sendable {
    var film: FilmOnMetal
    var kinetics: PlatingKinetics
    var capillarity: Capillarity
    /// The width of the domain in nm.
    var width: Double
    /// The heights at the start in nm, at x_i = −width/2 + i·width/N; the columns of a phase field.
    var heights: [Double]
    /// The nominal growth at the end in nm.
    var growth: Double
    /// The allowed local error of the sharp-interface model as a share of the roughness.
    var tolerance: Double
    /// The number of equal growth intervals at which the history is kept.
    var intervals: Int
    /// The window of the phase field; nil for the sharp-interface model.
    var window: PhaseFieldWindow?
    /// The number of steps after which a phase field is given up as stalled.
    var mostSteps = 10_000_000
  }

  /// One line of the history.
  struct Moment: Hashable, Sendable {
    var growth: Double
    var peakToValley: Double
    var tipStress: Double
    var valleyStress: Double

    /// The moment between this one and a later one.
    func interpolated(to other: Moment, at growth: Double) -> Moment {
      let span = other.growth - self.growth
      let share = span > 0 ? (growth - self.growth) / span : 1
      func between(_ a: Double, _ b: Double) -> Double { share == 1 ? b : a + share * (b - a) }
      return Moment(
        growth: growth, peakToValley: between(peakToValley, other.peakToValley),
        tipStress: between(tipStress, other.tipStress),
        valleyStress: between(valleyStress, other.valleyStress))
    }
  }

  var status: PlatingStatus
  /// The surface at the start and at the growth reached.
  var initial: SurfaceState
  var final: SurfaceState
  var history: [Moment]
  /// The normal stress at the centre where its magnitude was largest.
  var tipStressExtreme: Double
  /// The largest magnitude of the normal stress anywhere, at any step.
  var greatestStress: Double
  var steps: Int
  /// The greatest L_ηR/L_σW of a phase field: how far the driving force bends its profile.
  var drivingForce = 0.0
  /// The phase field at the end; nil for the sharp-interface model.
  var phase: PhaseFieldEnd?

  /// Runs a problem to its end or until it stops before.
  static func solve(_ problem: Problem) -> PlatingRun {
    if let window = problem.window { return phaseField(problem, window) }
    return sharp(problem)
  }

  static func roughness(_ z: [Double]) -> Double { (z.max() ?? 0) - (z.min() ?? 0) }

  /// Whether a surface on an even number of points is its own mirror image about the centre.
  static func isMirrored(_ z: [Double]) -> Bool {
    let half = z.count / 2
    guard z.count % 2 == 0 else { return false }
    return (1..<max(half, 1)).allSatisfy { z[half + $0] == z[half - $0] }
  }
}
