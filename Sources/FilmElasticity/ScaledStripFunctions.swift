internal import RealModule

/// The hyperbolic groups of the strip solution at x = kh, each multiplied by e^(−2x).
///
/// Below x = 1 the differences that cancel are summed from their Taylor series; above, e^(−2x) keeps
/// every term finite. All groups are good to a few units in the last place for any x ≥ 0.
struct ScaledStripFunctions {
  /// The value of x beyond which every group has reached its limit in double precision.
  private static let saturation = 1000.0

  /// e^(−2x)·(sinh²x − x²).
  let squareDifference: Double
  /// e^(−2x)·(sinh²x + x²).
  let squareSum: Double
  /// e^(−2x)·(sinh x cosh x + x).
  let productSum: Double
  /// e^(−2x)·(sinh 2x − 2x).
  let doubleDifference: Double
  /// e^(−2x)·cosh²x.
  let coshSquare: Double
  /// e^(−2x).
  let decay: Double
  /// e^(−2x)·x².
  let decayedSquare: Double

  /// The groups at x = kh; x must not be negative.
  init(_ argument: Double) {
    let x = min(argument, Self.saturation)
    let q = Double.exp(-2 * x)
    decay = q
    decayedSquare = q * x * x
    coshSquare = (1 + q) * (1 + q) / 4
    let sinhScaled = -Double.expMinusOne(-2 * x) / 2
    squareSum = sinhScaled * sinhScaled + decayedSquare
    // sinh x cosh x = sinh(2x)/2
    productSum = -Double.expMinusOne(-4 * x) / 4 + q * x
    if x < 1 {
      squareDifference = q * Self.squareDifferenceSeries(x)
      doubleDifference = q * Self.doubleDifferenceSeries(x)
    } else {
      squareDifference = sinhScaled * sinhScaled - decayedSquare
      doubleDifference = -Double.expMinusOne(-4 * x) / 2 - 2 * q * x
    }
  }

  /// sinh²x − x² = Σ (2x)^(2n) / (2·(2n)!) over n ≥ 2.
  private static func squareDifferenceSeries(_ x: Double) -> Double {
    let t = 4 * x * x
    var term = t * t / 48
    var sum = 0.0
    var n = 4.0
    while sum + term != sum {
      sum += term
      term *= t / ((n + 1) * (n + 2))
      n += 2
    }
    return sum
  }

  /// sinh 2x − 2x = Σ (2x)^(2n+1) / (2n+1)! over n ≥ 1.
  private static func doubleDifferenceSeries(_ x: Double) -> Double {
    let t = 4 * x * x
    var term = 2 * x * t / 6
    var sum = 0.0
    var n = 3.0
    while sum + term != sum {
      sum += term
      term *= t / ((n + 1) * (n + 2))
      n += 2
    }
    return sum
  }

  /// t cosh t − sinh t, from its series Σ 2n·t^(2n+1)/(2n+1)! below 1, times e^(−scale).
  static func tCoshMinusSinh(_ t: Double, scale: Double) -> Double {
    if t >= 1 {
      return (Double.exp(t - scale) * (t - 1) + Double.exp(-t - scale) * (t + 1)) / 2
    }
    let square = t * t
    var power = t * square / 6
    var sum = 0.0
    var n = 1.0
    while sum + 2 * n * power != sum {
      sum += 2 * n * power
      power *= square / ((2 * n + 2) * (2 * n + 3))
      n += 1
    }
    return sum * Double.exp(-scale)
  }
}
