internal import RealModule

/// PFHub benchmark 1a: spinodal decomposition on a periodic square.
///
/// ∂c/∂t = ∇·M∇(f′ − κ∇²c), f = 5(c − 0.3)²(0.7 − c)², M = 5, κ = 2, side 200 (Jokisaari et al.,
/// Comput. Mater. Sci. 126, 139, 2017).
struct SpinodalBenchmark {
  static let side = 200.0
  private static let mobility = 5.0, gradient = 2.0
  /// Added to the linear part and taken from the other, which lets the steps be longer.
  private static let stabiliser = 0.4

  /// What is found at a time.
  struct Findings {
    /// ∫ f + ½κ|∇c|².
    var freeEnergy: Double
    /// The mean of c.
    var mean: Double
  }

  private var field: SpectralEvolution
  /// The time reached.
  private(set) var time = 0.0
  /// The greatest rise of the free energy from one look to the next; 0 where it only falls.
  private(set) var greatestRise = 0.0
  private var last: Double

  /// The benchmark on `cells`² points; nil for a number without transform.
  init?(cells: Int) {
    let spacing = Self.side / Double(cells)
    var values: [Double] = []
    values.reserveCapacity(cells * cells)
    for j in 0..<cells {
      let y = Double(j) * spacing
      for i in 0..<cells {
        let x = Double(i) * spacing
        let product = Double.cos(0.13 * x) * Double.cos(0.087 * y)
        values.append(
          0.5 + 0.01
            * (Double.cos(0.105 * x) * Double.cos(0.11 * y) + product * product
              + Double.cos(0.025 * x - 0.15 * y) * Double.cos(0.07 * x - 0.02 * y)))
      }
    }
    let (m, kappa, s) = (Self.mobility, Self.gradient, Self.stabiliser)
    guard
      let field = SpectralEvolution(
        values, points: cells, side: Self.side, linear: { -m * $0 * (kappa * $0 + s) },
        factor: { -m * $0 },
        nonlinear: { c in 10 * (c - 0.3) * (0.7 - c) * (1 - 2 * c) - s * c })
    else { return nil }
    self.field = field
    last = 0
    last = findings.freeEnergy
  }

  /// What is found now.
  var findings: Findings {
    var bulk = 0.0
    var sum = 0.0
    for c in field.values {
      sum += c
      let product = (c - 0.3) * (0.7 - c)
      bulk += 5 * product * product
    }
    let mean =
      bulk / Double(field.values.count) + Self.gradient / 2 * field.meanSquareGradient
    return Findings(
      freeEnergy: mean * Self.side * Self.side, mean: sum / Double(field.values.count))
  }

  /// Advances to a later time in equal steps of at most `step`.
  mutating func advance(to end: Double, step: Double) {
    guard end > time, step > 0 else { return }
    let looks = Int(min(((end - time) / 5).rounded(.up), 1e4))
    let from = time
    for look in 1...max(1, looks) {
      let target = look == looks ? end : from + (end - from) * Double(look) / Double(looks)
      let steps = Int(min(((target - time) / step - 1e-9).rounded(.up), 1e7))
      field.advance(by: (target - time) / Double(max(1, steps)), steps: max(1, steps))
      time = target
      let energy = findings.freeEnergy
      greatestRise = max(greatestRise, energy - last)
      last = energy
    }
  }
}
