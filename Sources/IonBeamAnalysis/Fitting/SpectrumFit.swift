public import NumericalMethods
internal import RealModule

/// A fit of a sample and its setup to a measured spectrum.
public struct SpectrumFit: Sendable {
  /// The setup at the minimum.
  public var setup: BackscatteringSetup
  /// The sample at the minimum.
  public var layers: [SampleLayer]
  /// The free parameters.
  public var free: [FreeParameter]
  /// Their values at the start.
  public var start: [Double]
  /// Their values at the minimum.
  public var values: [Double]
  /// (JᵀWJ)⁻¹ with weights 1/model; nil where parameters cannot be told apart.
  ///
  /// Rows of parameters at a bound are 0.
  public var covariance: DenseMatrix?
  /// Which parameters ended on a bound.
  public var atBound: [Bool]
  /// Σ(y − μ)²/max(μ, 1) over the degrees of freedom.
  public var chiSquarePerDegree: Double
  /// The Poisson deviance over the degrees of freedom.
  public var deviancePerDegree: Double
  /// Channels in the range less free parameters.
  public var degreesOfFreedom: Int
  /// Steps taken.
  public var iterations: Int
  /// Whether the last step changed every parameter by less than 1e-3 of its uncertainty.
  public var converged: Bool
  /// The spectrum at the minimum.
  public var spectrum: SimulatedSpectrum
  /// How each parameter changes the counts of the channels that matter.
  var jacobian: [[Double]]
  /// The counts of the model in those channels.
  var model: [Double]
  /// The positions of those channels in the spectrum.
  var wanted: [Int]

  /// The shift of the parameters that a change of the expected counts brings, to first order.
  ///
  /// δp = C JᵀW δμ, with the weights 1/model of the fit.
  func response(to change: [Double]) -> [Double] {
    guard let covariance, change.count == model.count else {
      return [Double](repeating: 0, count: free.count)
    }
    let gradient = jacobian.map { row in
      var sum = 0.0
      for i in model.indices { sum += row[i] * change[i] / model[i] }
      return sum
    }
    return covariance.times(gradient) ?? gradient.map { _ in 0 }
  }
}

/// A fit to do: what was measured, in which channels, and what is free.
public struct SpectrumFitProblem: Sendable {
  /// The measurement's setup; free parameters give its start values.
  public var setup: BackscatteringSetup
  /// The sample at the start.
  public var layers: [SampleLayer]
  /// Counts by channel from `firstChannel`.
  public var counts: [Double]
  /// The number of the first channel.
  public var firstChannel: Int
  /// The channels that count, by number, inclusive.
  public var ranges: [ClosedRange<Int>]
  /// The free parameters.
  public var free: [FreeParameter]
  /// Parameters that follow others.
  public var ties: [FitTie] = []
  /// The greatest number of steps.
  public var steps = 60
  /// The seed of the random numbers of ``searched(generations:)`` and of depth profiles.
  public var seed: UInt64 = 0

  /// A fit to do.
  public init(
    setup: BackscatteringSetup, layers: [SampleLayer], counts: [Double], firstChannel: Int = 0,
    ranges: [ClosedRange<Int>], free: [FreeParameter]
  ) {
    self.setup = setup
    self.layers = layers
    self.counts = counts
    self.firstChannel = firstChannel
    self.ranges = ranges
    self.free = free
  }

  /// Fits by maximum Poisson likelihood.
  ///
  /// Fisher scoring with Marquardt's damping: the normal equations are JᵀWJ with W = 1/model, which
  /// never takes the weights from the data, so that the estimate is unbiased (Baker, Cousins, Nucl.
  /// Instrum. Methods 221 (1984) 437). At the minimum (JᵀWJ)⁻¹ is the Cramér-Rao bound.
  ///
  /// - Throws: `SimulationFailure` where the sample at the start cannot be simulated, or the range holds
  ///   fewer channels than there are free parameters.
  public func solve() throws(SimulationFailure) -> SpectrumFit {
    let n = free.count
    var problem = self
    // Channels outside the spectrum do not count; the simulation covers the same channels.
    problem.setup.detector.firstChannel = firstChannel
    let wanted = positions
    guard n > 0, wanted.count > n else {
      throw .invalid("\(wanted.count) channels in the range for \(n) free parameters")
    }
    // Channels above the range are left out until the minimum is found.
    problem.setup.detector.channels = (wanted.last ?? 0) + 1
    var model = try Model(problem, wanted)
    let start = free.map { $0.target.value(setup, layers) }
    var p = zip(free, start).map { min(max($1, $0.lower), $0.upper) }
    var current = try model.evaluate(p)
    var deviance = deviance(current.mu, wanted)
    var damping = 1e-3
    var growth = 2.0
    var iterations = 0
    var converged = false
    // Steps in a row that changed the deviance by less than a thousandth of any uncertainty squared.
    var idle = 0
    var jacobian = try model.jacobian(p, current)
    while iterations < steps, !converged {
      iterations += 1
      let (matrix, gradient) = normal(jacobian, current.mu, wanted)
      // A parameter at a bound whose gradient points outward is held.
      let moving = (0..<n).filter { k in
        !(p[k] <= free[k].lower && gradient[k] < 0) && !(p[k] >= free[k].upper && gradient[k] > 0)
      }
      guard !moving.isEmpty else {
        converged = true
        break
      }
      var accepted = false
      for _ in 0..<12 {
        var damped = DenseMatrix(rows: moving.count, columns: moving.count)
        for (a, i) in moving.enumerated() {
          for (b, j) in moving.enumerated() { damped[a, b] = matrix[i, j] }
          damped[a, a] += damping * max(matrix[i, i], 1e-300)
        }
        guard let factor = CholeskyFactor(damped),
          let step = factor.solve(moving.map { gradient[$0] })
        else {
          damping *= growth
          growth *= 2
          continue
        }
        var next = p
        for (a, i) in moving.enumerated() {
          next[i] = min(max(p[i] + step[a], free[i].lower), free[i].upper)
        }
        guard let tried = try? model.evaluate(next) else {
          damping *= growth
          growth *= 2
          continue
        }
        let gained = deviance - self.deviance(tried.mu, wanted)
        // One thousandth of every uncertainty is no change; nor is a loss within rounding.
        let small = zip(moving, step).allSatisfy { i, s in
          s.magnitude * max(matrix[i, i], 0).squareRoot() < 1e-3
        }
        if gained >= -1e-9 * max(1, deviance) {
          p = next
          current = tried
          deviance -= gained
          damping = max(damping / 9, 1e-12)
          growth = 2
          accepted = true
          idle = gained.magnitude < 1e-6 ? idle + 1 : 0
          converged = small || idle >= 3
          break
        }
        if small {
          converged = true
          break
        }
        damping *= growth
        growth *= 2
      }
      if !accepted { break }
      if !converged { jacobian = try model.jacobian(p, current) }
    }
    jacobian = try model.jacobian(p, current)
    let atBound = (0..<n).map { p[$0] <= free[$0].lower || p[$0] >= free[$0].upper }
    let degrees = wanted.count - n
    let chi = wanted.enumerated().reduce(0.0) { sum, pair in
      let mu = current.mu[pair.offset]
      let off = counts[pair.element] - mu
      return sum + off * off / max(mu, 1)
    }
    current.setup.detector.channels = setup.detector.channels
    current.setup.detector.firstChannel = setup.detector.firstChannel
    var whole = try SpectrumSimulator(current.setup)
    current.spectrum = try whole.simulate(current.layers)
    return SpectrumFit(
      setup: current.setup, layers: current.layers, free: free, start: start, values: p,
      covariance: covariance(jacobian, current.mu, wanted, atBound), atBound: atBound,
      chiSquarePerDegree: chi / Double(degrees), deviancePerDegree: deviance / Double(degrees),
      degreesOfFreedom: degrees, iterations: iterations, converged: converged,
      spectrum: current.spectrum, jacobian: jacobian, model: current.mu, wanted: wanted)
  }

  /// The positions of the channels that count.
  var positions: [Int] {
    counts.indices.filter { i in ranges.contains { $0.contains(i + firstChannel) } }
  }

  /// The setup and the sample of given values of the free parameters.
  func state(_ p: [Double]) -> (setup: BackscatteringSetup, layers: [SampleLayer]) {
    var setup = setup
    var layers = layers
    for (parameter, value) in zip(free, p) { parameter.target.set(value, &setup, &layers) }
    for tie in ties {
      tie.target.set(tie.factor * tie.other.value(setup, layers), &setup, &layers)
    }
    return (setup, layers)
  }

  /// Twice the log-likelihood below that of a perfect model.
  fileprivate func deviance(_ mu: [Double], _ wanted: [Int]) -> Double {
    var sum = 0.0
    for (m, i) in zip(mu, wanted) {
      let y = counts[i]
      sum += m - y
      if y > 0 { sum += y * Double.log(y / m) }
    }
    return 2 * sum
  }

  private func normal(
    _ jacobian: [[Double]], _ mu: [Double], _ wanted: [Int]
  ) -> (DenseMatrix, [Double]) {
    let n = free.count
    var matrix = DenseMatrix(rows: n, columns: n)
    var gradient = [Double](repeating: 0, count: n)
    for a in 0..<n {
      for b in 0...a {
        var sum = 0.0
        for i in mu.indices { sum += jacobian[a][i] * jacobian[b][i] / mu[i] }
        matrix[a, b] = sum
        matrix[b, a] = sum
      }
      var slope = 0.0
      for i in mu.indices { slope += jacobian[a][i] * (counts[wanted[i]] - mu[i]) / mu[i] }
      gradient[a] = slope
    }
    return (matrix, gradient)
  }

  private func covariance(
    _ jacobian: [[Double]], _ mu: [Double], _ wanted: [Int], _ atBound: [Bool]
  ) -> DenseMatrix? {
    let (matrix, _) = normal(jacobian, mu, wanted)
    let inner = atBound.indices.filter { !atBound[$0] }
    var part = DenseMatrix(rows: inner.count, columns: inner.count)
    for (a, i) in inner.enumerated() {
      for (b, j) in inner.enumerated() { part[a, b] = matrix[i, j] }
    }
    guard !inner.isEmpty, let inverse = CholeskyFactor(part)?.inverse() else { return nil }
    var result = DenseMatrix(rows: free.count, columns: free.count)
    for (a, i) in inner.enumerated() {
      for (b, j) in inner.enumerated() { result[i, j] = inverse[a, b] }
    }
    return result
  }
}

/// The simulation as a function of the free parameters.
private struct Model {
  /// What parameters give.
  struct Point {
    var setup: BackscatteringSetup
    var layers: [SampleLayer]
    var spectrum: SimulatedSpectrum
    /// The counts in the channels that matter, never below 1e-3.
    var mu: [Double]
  }

  let problem: SpectrumFitProblem
  let wanted: [Int]
  var simulator: SpectrumSimulator

  init(_ problem: SpectrumFitProblem, _ wanted: [Int]) throws(SimulationFailure) {
    self.problem = problem
    self.wanted = wanted
    simulator = try SpectrumSimulator(problem.setup)
  }

  mutating func evaluate(_ p: [Double]) throws(SimulationFailure) -> Point {
    let (setup, layers) = problem.state(p)
    try simulator.change(to: setup)
    let spectrum = try simulator.simulate(layers)
    let mu = wanted.map { $0 < spectrum.total.count ? max(spectrum.total[$0], 1e-3) : 1e-3 }
    return Point(setup: setup, layers: layers, spectrum: spectrum, mu: mu)
  }

  /// Derivatives of the counts: exact for the number of ions, forward differences for the rest.
  mutating func jacobian(_ p: [Double], _ at: Point) throws(SimulationFailure) -> [[Double]] {
    var rows: [[Double]] = []
    for (k, parameter) in problem.free.enumerated() {
      if parameter.target == .particles, p[k] > 0, problem.ties.isEmpty {
        rows.append(at.mu.map { $0 / p[k] })
        continue
      }
      let step = width(parameter, p[k])
      var shifted = p
      shifted[k] += p[k] + step > parameter.upper ? -step : step
      let other = try evaluate(shifted)
      let inverse = 1 / (shifted[k] - p[k])
      rows.append(zip(other.mu, at.mu).map { ($0 - $1) * inverse })
    }
    return rows
  }

  /// A step that changes the spectrum by much more than rounding and much less than its noise.
  private func width(_ parameter: FreeParameter, _ value: Double) -> Double {
    switch parameter.target {
    case .offset, .energy: return 0.01
    case .slope: return max(1e-9, 1e-5 * value)
    case .fwhm: return max(1e-3, 1e-3 * value)
    case .roughness: return max(0.05, 5e-3 * value)
    case .element, .arealDensity: return max(0.01, 1e-3 * value)
    case .particles, .yieldScale, .stoppingScale: return max(1e-12, 1e-3 * value)
    }
  }
}

/// The deviance of parameters, for searches.
struct SpectrumCost {
  private let problem: SpectrumFitProblem
  private let wanted: [Int]
  private var model: Model

  init(_ problem: SpectrumFitProblem) throws(SimulationFailure) {
    var problem = problem
    wanted = problem.positions
    problem.setup.detector.firstChannel = problem.firstChannel
    problem.setup.detector.channels = (wanted.last ?? 0) + 1
    self.problem = problem
    model = try Model(problem, wanted)
  }

  /// The deviance; infinite where the sample cannot be simulated.
  mutating func callAsFunction(_ p: [Double]) -> Double {
    guard let point = try? model.evaluate(p) else { return .infinity }
    let deviance = problem.deviance(point.mu, wanted)
    return deviance.isFinite ? deviance : .infinity
  }
}
