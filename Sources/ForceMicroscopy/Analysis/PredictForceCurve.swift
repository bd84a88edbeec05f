internal import NumericalMethods
internal import RealModule
public import Tables
public import Units

/// A film whose force–deflection curve is to be predicted.
public struct FilmPrediction: Hashable, Sendable {
  /// Total 2-D modulus and pretension.
  public var e2d: Quantity<ForcePerLength>, pretension: Quantity<ForcePerLength>
  /// The radius of the hole.
  public var holeRadius: Quantity<Length>
  /// The radius of the tip; needed by the exact models.
  public var tipRadius: Quantity<Length>?
  /// The Poisson ratio.
  public var poissonRatio: Double
  /// The thickness, from which D = e2d h²/12(1 − ν²) follows.
  public var thickness: Quantity<Length>?
  /// The bending stiffness, which stands above that from the thickness.
  public var bendingStiffness: Quantity<BendingStiffness>?
  /// The model.
  public var model: FilmModel

  /// A film from its parts.
  public init(
    e2d: Quantity<ForcePerLength>, pretension: Quantity<ForcePerLength>,
    holeRadius: Quantity<Length>, tipRadius: Quantity<Length>? = nil, poissonRatio: Double = 0.2,
    thickness: Quantity<Length>? = nil, bendingStiffness: Quantity<BendingStiffness>? = nil,
    model: FilmModel = .auto
  ) {
    self.e2d = e2d
    self.pretension = pretension
    self.holeRadius = holeRadius
    self.tipRadius = tipRadius
    self.poissonRatio = poissonRatio
    self.thickness = thickness
    self.bendingStiffness = bendingStiffness
    self.model = model
  }
}

/// The deflections of a film at given forces (`--predict`), in the order of the forces.
///
/// - Throws: `afm.needs-tip-radius`, `afm.needs-thickness` or `afm.prediction` where the film has no
///   solution.
public func predictForceCurve(
  _ film: FilmPrediction, forces: [Quantity<Force>]
) throws(ReadFailure) -> [Quantity<Length>] {
  let y = film.e2d.si
  let a = film.holeRadius.si
  let nu = film.poissonRatio
  let h = film.thickness?.si ?? 0
  let bending = film.bendingStiffness?.si ?? y * h * h / (12 * (1 - nu * nu))
  guard y > 0, a > 0, nu > -1, nu < 1, bending >= 0, film.pretension.si.isFinite,
    forces.allSatisfy({ $0.si >= 0 && $0.si.isFinite })
  else {
    throw ReadFailure(
      "afm.prediction", found: "a parameter out of range",
      expected: "e2d, hole radius > 0, −1 < ν < 1, forces ≥ 0")
  }
  var model = film.model
  if model == .auto {
    let thick = film.bendingStiffness.map { $0.si > 0 } ?? (h >= 1e-9)
    model = film.tipRadius == nil ? .textbook : thick ? .plate : .membrane
  }
  if model == .textbook {
    let linear = 16 * Double.pi * bending / (a * a) + Double.pi * film.pretension.si
    let q = 1 / (1.05 - 0.15 * nu - 0.16 * nu * nu)
    let cubic = q * q * q * y / (a * a)
    var result: [Quantity<Length>] = []
    for f in forces.map(\.si) {
      let top = max(a, 2 * Double.pow(f / cubic, 1.0 / 3))
      guard linear >= 0,
        let d = findRoot(in: 0...top, { linear * $0 + cubic * $0 * $0 * $0 - f })
      else { throw noSolution }
      result.append(Quantity(si: d))
    }
    return result
  }
  guard let r = film.tipRadius?.si, r > 0 else {
    throw ReadFailure(
      "afm.needs-tip-radius", found: "the \(model.rawValue) model without tip radius",
      expected: "--tip-radius")
  }
  if model == .plate, bending <= 0 {
    throw ReadFailure(
      "afm.needs-thickness", found: "the plate model without thickness or bending stiffness",
      expected: "--thickness or --bending-stiffness")
  }
  let disc = ClampedDisc(
    poisson: nu, tipRadius: r / a, tension: film.pretension.si / y,
    bending: model == .plate ? bending / (y * a * a) : 0)
  let order = forces.indices.filter { forces[$0].si > 0 }.sorted { forces[$0] < forces[$1] }
  guard let states = disc.curve(forces: order.map { forces[$0].si / (y * a) }) else {
    throw noSolution
  }
  var result = [Quantity<Length>](repeating: .zero, count: forces.count)
  for (i, state) in zip(order, states) { result[i] = Quantity(si: state.depth * a) }
  return result
}

private let noSolution = ReadFailure(
  "afm.prediction", found: "the film has no solution at these forces",
  expected: "a film that is not buckled and a contact smaller than the hole")

/// The prediction as `summary.prediction` of the contract.
public func predictionResult(
  forces: [Quantity<Force>], deflections: [Quantity<Length>]
) -> ResultValue {
  .fields([
    "force": .fields([
      "unit": .text("nN"), "values": .list(forces.map { .number($0.value(in: .nanonewton)) }),
    ]),
    "deflection": .fields([
      "unit": .text("nm"),
      "values": .list(deflections.map { .number($0.value(in: .nanometre)) }),
    ]),
  ])
}
