internal import CKernels
internal import NumericalMethods
internal import RealModule

/// A periodic field u(t) with ∂û/∂t = L(k²)·û + N̂(u), advanced in Fourier space by exponential steps.
///
/// ETDRK4 (Cox and Matthews, J. Comput. Phys. 176, 430, 2002, in the form of Kassam and Trefethen,
/// SIAM J. Sci. Comput. 26, 1214, 2005): the stiff linear part is exact. Its coefficients come from
/// series near 0, where the closed forms cancel.
struct SpectralEvolution {
  /// The values at the grid points.
  private(set) var values: [Double]
  /// Squares of the wave numbers, in the order of the spectrum.
  let squares: [Double]
  private let linear: [Double]
  /// What the spectrum of the nonlinear part is multiplied with; 1 where empty.
  private let factors: [Double]
  private let nonlinear: @Sendable (Double) -> Double
  private let weights: [Double]
  private var grid: FourierGrid
  private var state: FourierGrid.Spectrum
  private var steps = Coefficients()

  /// A field on a square grid.
  ///
  /// - Parameters:
  ///   - values: the field at the start, `points`² numbers.
  ///   - points: along each side.
  ///   - side: the length of the side.
  ///   - linear: L for the square of a wave number; never positive.
  ///   - factor: what the spectrum of `nonlinear` is multiplied with, for the square of a wave number.
  ///   - nonlinear: the nonlinear part at a point.
  init?(
    _ values: [Double], points: Int, side: Double, linear: (Double) -> Double,
    factor: ((Double) -> Double)? = nil, nonlinear: @escaping @Sendable (Double) -> Double
  ) {
    guard points > 0, values.count == points * points,
      let grid = FourierGrid(rows: points, columns: points)
    else { return nil }
    self.grid = grid
    self.values = values
    self.nonlinear = nonlinear
    let unit = 2 * Double.pi / side
    let half = points / 2
    var squares: [Double] = []
    var weights: [Double] = []
    squares.reserveCapacity(grid.spectrumCount)
    for i in 0..<points {
      let kx = unit * Double(i <= half ? i : i - points)
      for k in 0...half {
        let ky = unit * Double(k)
        squares.append(kx * kx + ky * ky)
        weights.append(k == 0 || k == half ? 1 : 2)
      }
    }
    self.squares = squares
    self.weights = weights
    self.linear = squares.map(linear)
    factors = factor.map { squares.map($0) } ?? []
    state = FourierGrid.Spectrum(count: grid.spectrumCount)
    self.grid.spectrum(of: values, into: &state)
  }

  /// The mean of the field.
  var mean: Double { (state.re.first ?? 0) / Double(values.count) }

  /// The mean of |∇u|², from the spectrum.
  var meanSquareGradient: Double {
    var sum = 0.0
    for i in squares.indices {
      sum += weights[i] * squares[i] * (state.re[i] * state.re[i] + state.im[i] * state.im[i])
    }
    let count = Double(values.count)
    return sum / (count * count)
  }

  /// Advances by `count` steps of a length.
  mutating func advance(by length: Double, steps count: Int) {
    guard length > 0, count > 0 else { return }
    if length != steps.length { steps = Coefficients(length, linear) }
    let size = squares.count
    var atStart = state
    var a = state
    var nStart = state
    var nA = state
    var nB = state
    var nC = state
    for _ in 0..<count {
      swap(&atStart, &state)
      evaluate(atStart, into: &nStart)
      ck_exponential_stage(steps.half, atStart.re, steps.middle, nStart.re, &a.re, size)
      ck_exponential_stage(steps.half, atStart.im, steps.middle, nStart.im, &a.im, size)
      evaluate(a, into: &nA)
      ck_exponential_stage(steps.half, atStart.re, steps.middle, nA.re, &state.re, size)
      ck_exponential_stage(steps.half, atStart.im, steps.middle, nA.im, &state.im, size)
      evaluate(state, into: &nB)
      ck_exponential_late_stage(
        steps.half, a.re, steps.middle, nB.re, nStart.re, &state.re, size)
      ck_exponential_late_stage(
        steps.half, a.im, steps.middle, nB.im, nStart.im, &state.im, size)
      evaluate(state, into: &nC)
      ck_exponential_step(
        steps.full, atStart.re, steps.first, nStart.re, steps.second, nA.re, nB.re, steps.last,
        nC.re, &state.re, size)
      ck_exponential_step(
        steps.full, atStart.im, steps.first, nStart.im, steps.second, nA.im, nB.im, steps.last,
        nC.im, &state.im, size)
    }
    grid.values(of: state, into: &values)
  }

  /// The spectrum of the nonlinear part.
  private mutating func evaluate(
    _ spectrum: FourierGrid.Spectrum, into result: inout FourierGrid.Spectrum
  ) {
    grid.values(of: spectrum, into: &values)
    for i in values.indices { values[i] = nonlinear(values[i]) }
    grid.spectrum(of: values, into: &result)
    for i in factors.indices {
      result.re[i] *= factors[i]
      result.im[i] *= factors[i]
    }
  }

  /// The coefficients of one length of step.
  private struct Coefficients {
    var length = 0.0
    var full: [Double] = []
    var half: [Double] = []
    var middle: [Double] = []
    var first: [Double] = []
    var second: [Double] = []
    var last: [Double] = []

    init() {}

    init(_ length: Double, _ linear: [Double]) {
      self.length = length
      for l in linear {
        let z = l * length
        let (p1, p2, p3) = Self.phi(z)
        full.append(Double.exp(z))
        half.append(Double.exp(z / 2))
        middle.append(length / 2 * Self.phi(z / 2).0)
        first.append(length * (p1 - 3 * p2 + 4 * p3))
        second.append(length * (p2 - 2 * p3))
        last.append(length * (4 * p3 - p2))
      }
    }

    /// φ₁ = (eᶻ − 1)/z, φ₂ = (φ₁ − 1)/z, φ₃ = (φ₂ − ½)/z; by their series within |z| ≤ 1.
    private static func phi(_ z: Double) -> (Double, Double, Double) {
      guard z.magnitude <= 1 else {
        let one = Double.expMinusOne(z) / z
        let two = (one - 1) / z
        return (one, two, (two - 0.5) / z)
      }
      // φ₃ = Σ zⁿ/(n + 3)!, summed from the far end.
      var sum = 1.0
      for n in stride(from: 18, through: 1, by: -1) { sum = 1 + z / Double(n + 3) * sum }
      let three = sum / 6
      let two = 0.5 + z * three
      return (1 + z * two, two, three)
    }
  }
}
