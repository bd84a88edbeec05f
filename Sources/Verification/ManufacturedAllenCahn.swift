internal import CKernels
internal import RealModule

/// PFHub benchmark 7a: Allen–Cahn with a source that makes a known solution exact.
///
/// ∂η/∂t = −4η(η − 1)(η − ½) + κ∇²η + S on [0, 1] × [0, ½], periodic in x, η = 1 below and 0 above, to
/// t = 8; η = ½[1 − tanh((y − α)/√(2κ))] with α = ¼ + A₁t·sin B₁x + A₂·sin(B₂x + C₂t)
/// (Jokisaari et al., Comput. Mater. Sci. 149, 336, 2018; pages.nist.gov/pfhub, benchmark 7).
enum ManufacturedAllenCahn {
  private static let kappa = 4e-4, a1 = 0.0075, a2 = 0.03
  private static let b1 = 8 * Double.pi, b2 = 22 * Double.pi, c2 = 0.0625 * Double.pi
  private static let end = 8.0

  /// The L2 error at the end of five-point differences with `cells` cells along x and forward Euler steps
  /// of 500·h²: four fifths of the longest stable step.
  static func error(cells: Int) -> Double {
    let h = 1 / Double(cells)
    let points = cells / 2 + 1
    let width = Double.sqrt(2 * kappa)
    let steps = max(1, Int((end / (500 * h * h)).rounded(.up)))
    let dt = end / Double(steps)
    // tanh((y − α)/w) = 1 − 2u, u = 1/(1 + e·f), e = exp(2y/w) of a row and f = exp(−2α/w) of a column.
    let e = (0..<points).map { Double.exp(2 * Double($0) * h / width) }
    let places = (0..<cells).map { Double($0) * h }
    let sine1 = places.map { Double.sin(b1 * $0) }
    let cosine1 = places.map { Double.cos(b1 * $0) }
    func exact(_ i: Int, _ j: Int, _ t: Double) -> Double {
      let alpha = 0.25 + a1 * t * sine1[i] + a2 * Double.sin(b2 * places[i] + c2 * t)
      return 0.5 * (1 - Double.tanh((Double(j) * h - alpha) / width))
    }
    var now = (0..<cells).map { i in (0..<points).map { exact(i, $0, 0) } }
    for i in now.indices {
      now[i][0] = 1
      now[i][points - 1] = 0
    }
    var next = now
    for step in 0..<steps {
      let t = Double(step) * dt
      for i in 0..<cells {
        let inner = b2 * places[i] + c2 * t
        let (sine2, cosine2) = (Double.sin(inner), Double.cos(inner))
        let alpha = 0.25 + a1 * t * sine1[i] + a2 * sine2
        let alphaT = a1 * sine1[i] + a2 * c2 * cosine2
        let alphaX = a1 * b1 * t * cosine1[i] + a2 * b2 * cosine2
        let alphaXX = -a1 * b1 * b1 * t * sine1[i] - a2 * b2 * b2 * sine2
        // S = sech²/(4√κ)·(√2(α_t − κα_xx) − 2√κ·tanh·α_x²)
        let p = Double.sqrt(2) * (alphaT - kappa * alphaXX) / (4 * Double.sqrt(kappa))
        let s = -alphaX * alphaX / 2
        ck_manufactured_column(
          now[i], now[i == 0 ? cells - 1 : i - 1], now[i == cells - 1 ? 0 : i + 1], e, points, dt,
          kappa / (h * h), Double.exp(-2 * alpha / width), p, s, &next[i])
      }
      swap(&now, &next)
    }
    var sum = 0.0
    for i in now.indices {
      for j in 0..<points {
        let difference = now[i][j] - exact(i, j, end)
        sum += difference * difference
      }
    }
    return Double.sqrt(sum) * h
  }
}
