internal import RealModule

/// A stiff system of ordinary differential equations y' = f(y).
protocol StiffSystem {
  /// f(y); may hold values that are not finite where y is out of reach.
  func derivative(_ y: [Double]) -> [Double]
  /// 1 − step·∂f/∂y.
  func newtonMatrix(_ y: [Double], step: Double) -> PackedMatrix
}

/// Numerical differentiation formulas of orders 1 to 5 with error control, in backward differences.
///
/// Shampine and Reichelt, The MATLAB ODE Suite, SIAM J. Sci. Comput. 18 (1997) 1–22, §2: modified
/// Newton iteration with the matrix kept while it converges, quasi-constant steps, order and step
/// chosen from the error estimates of the neighbouring orders.
struct StiffIntegrator<System: StiffSystem> {
  private static var highestOrder: Int { 5 }
  private static var corrections: [Double] { [0, -0.1850, -1.0 / 9, -0.0823, -0.0415, 0] }
  private static var iterations: Int { 4 }

  let system: System
  /// The time reached.
  private(set) var time = 0.0
  /// Steps taken.
  private(set) var steps = 0
  /// Matrices factorized.
  private(set) var factorizations = 0
  /// The step to try next.
  private var step: Double
  private var lastStep: Double
  private var order = 1
  private var equalSteps = 0
  /// y, and its backward differences up to order + 2.
  private var differences: [[Double]]
  private var factors: PackedMatrix?
  private var rowOrder: [Int] = []
  private var matrixIsFresh = false

  private let harmonics: [Double]
  private let leading: [Double]
  private let errorConstants: [Double]

  /// The state now.
  var state: [Double] { differences[0] }

  /// An integrator at time 0; `tolerance` is the allowed local error (root mean square) of a state.
  init(_ system: System, start: [Double], end: Double, tolerance: Double) {
    self.system = system
    var gamma = [0.0]
    for k in 1...Self.highestOrder { gamma.append((gamma.last ?? 0) + 1 / Double(k)) }
    harmonics = gamma
    let kappa = Self.corrections
    leading = zip(kappa, gamma).map { (kappa: Double, gamma: Double) in (1 - kappa) * gamma }
    errorConstants = kappa.indices.map { (k: Int) -> Double in
      kappa[k] * gamma[k] + 1 / Double(k + 1)
    }
    let rate = system.derivative(start)
    let size = Self.norm(rate)
    let guess = size > 0 && size.isFinite ? 0.1 * tolerance.squareRoot() / size : 1e-6 * end
    step = min(guess, 0.01 * end)
    lastStep = step
    differences = Array(
      repeating: [Double](repeating: 0, count: start.count), count: Self.highestOrder + 3)
    differences[0] = start
    differences[1] = rate.map { $0 * step }
  }

  /// Takes one step that does not pass `end`; false where the step has fallen below `shortest`.
  mutating func advance(to end: Double, shortest: Double, tolerance: Double) -> Bool {
    if time + step > end || end - time - step < 1e-3 * step {
      rescale(by: (end - time) / step)
    }
    while true {
      guard step >= shortest, step > 0 else { return false }
      guard let correction = correct(tolerance: tolerance) else {
        if matrixIsFresh { rescale(by: 0.5) } else { refresh() }
        continue
      }
      let error = errorConstants[order] * Self.norm(correction) / tolerance
      if error > 1 {
        rescale(by: max(0.2, 0.9 * Double.pow(error, -1 / Double(order + 1))))
        continue
      }
      accept(correction)
      chooseOrder(error: error, tolerance: tolerance)
      return true
    }
  }

  /// The state at a time within the last step, from the interpolating polynomial.
  ///
  /// Must be asked before the next step; `lag` is the time before ``time``.
  func interpolated(lag: Double) -> [Double] {
    var result = differences[0]
    var product = 1.0
    for k in 0..<interpolationOrder {
      product *= (-lag / lastStep + Double(k)) / Double(k + 1)
      for i in 0..<result.count { result[i] += product * interpolation[k][i] }
    }
    return result
  }

  private var interpolation: [[Double]] = []
  private var interpolationOrder = 1

  /// Root mean square.
  private static func norm(_ v: [Double]) -> Double {
    var sum = 0.0
    for x in v { sum += x * x }
    return (sum / Double(max(v.count, 1))).squareRoot()
  }

  private func predicted() -> [Double] {
    var result = differences[0]
    for k in 1...order { for i in 0..<result.count { result[i] += differences[k][i] } }
    return result
  }

  /// Solves the implicit step by modified Newton; nil where it does not converge.
  private mutating func correct(tolerance: Double) -> [Double]? {
    if factors == nil { refresh() }
    guard let factors else { return nil }
    let prediction = predicted()
    var weighted = [Double](repeating: 0, count: prediction.count)
    for k in 1...order {
      let factor = harmonics[k] / leading[order]
      for i in 0..<weighted.count { weighted[i] += factor * differences[k][i] }
    }
    let c = step / leading[order]
    var correction = [Double](repeating: 0, count: prediction.count)
    var y = prediction
    var previous: Double?
    for iteration in 0..<Self.iterations {
      let rate = system.derivative(y)
      var residual = [Double](repeating: 0, count: y.count)
      for i in 0..<y.count { residual[i] = c * rate[i] - weighted[i] - correction[i] }
      let change = factors.solve(residual, order: rowOrder)
      let size = Self.norm(change) / tolerance
      guard size.isFinite else { return nil }
      for i in 0..<y.count {
        correction[i] += change[i]
        y[i] += change[i]
      }
      if size == 0 { return correction }
      if let previous {
        let ratio = size / previous
        let left = Double.pow(ratio, Double(Self.iterations - 1 - iteration))
        if ratio >= 1 || left / (1 - ratio) * size > Self.newtonTolerance { return nil }
        if ratio / (1 - ratio) * size < Self.newtonTolerance { return correction }
      }
      previous = size
    }
    return nil
  }

  /// The Newton error allowed, as a share of the error tolerance.
  private static var newtonTolerance: Double { 0.03 }

  /// Makes the Newton matrix anew at the predicted state.
  private mutating func refresh() {
    var matrix = system.newtonMatrix(predicted(), step: step / leading[order])
    factorizations += 1
    matrixIsFresh = true
    if let rows = matrix.factorize() {
      factors = matrix
      rowOrder = rows
    } else {
      factors = nil
    }
  }

  private mutating func accept(_ correction: [Double]) {
    time += step
    lastStep = step
    steps += 1
    equalSteps += 1
    matrixIsFresh = false
    for i in 0..<correction.count {
      differences[order + 2][i] = correction[i] - differences[order + 1][i]
      differences[order + 1][i] = correction[i]
    }
    for k in stride(from: order, through: 0, by: -1) {
      for i in 0..<correction.count { differences[k][i] += differences[k + 1][i] }
    }
    interpolation = Array(differences[1...(order + 1)])
    interpolationOrder = order
  }

  /// After order + 1 equal steps takes the order and step that promise most.
  private mutating func chooseOrder(error: Double, tolerance: Double) {
    guard equalSteps >= order + 1 else { return }
    var best = (factor: factor(error, order), order: order)
    if order > 1 {
      let lower = errorConstants[order - 1] * Self.norm(differences[order]) / tolerance
      let candidate = factor(lower, order - 1)
      if candidate > best.factor { best = (candidate, order - 1) }
    }
    if order < Self.highestOrder {
      let higher = errorConstants[order + 1] * Self.norm(differences[order + 2]) / tolerance
      let candidate = factor(higher, order + 1)
      if candidate > best.factor { best = (candidate, order + 1) }
    }
    order = best.order
    rescale(by: min(10, 0.9 * best.factor))
  }

  private func factor(_ error: Double, _ order: Int) -> Double {
    error > 0 ? Double.pow(error, -1 / Double(order + 1)) : 10
  }

  /// Changes the step and the backward differences with it (equation 8 of the paper).
  private mutating func rescale(by factor: Double) {
    let product = Self.product(
      Self.difference(order, factor), Self.difference(order, 1), size: order + 1)
    var changed = Array(
      repeating: [Double](repeating: 0, count: state.count), count: order + 1)
    for column in 0...order {
      for row in 0...order where product[row][column] != 0 {
        let weight = product[row][column]
        for i in 0..<state.count { changed[column][i] += weight * differences[row][i] }
      }
    }
    for k in 0...order { differences[k] = changed[k] }
    step *= factor
    equalSteps = 0
    factors = nil
  }

  /// The matrix R(factor) of the paper: row i, column j holds Π (m − 1 − factor·j)/m over m = 1 … i.
  private static func difference(_ order: Int, _ factor: Double) -> [[Double]] {
    var matrix = Array(
      repeating: [Double](repeating: 0, count: order + 1), count: order + 1)
    for j in 0...order {
      matrix[0][j] = 1
      var value = 1.0
      for i in 1...order {
        value *= (Double(i - 1) - factor * Double(j)) / Double(i)
        matrix[i][j] = value
      }
    }
    return matrix
  }

  private static func product(_ a: [[Double]], _ b: [[Double]], size: Int) -> [[Double]] {
    var result = Array(repeating: [Double](repeating: 0, count: size), count: size)
    for i in 0..<size {
      for k in 0..<size {
        for j in 0..<size { result[i][j] += a[i][k] * b[k][j] }
      }
    }
    return result
  }
}
