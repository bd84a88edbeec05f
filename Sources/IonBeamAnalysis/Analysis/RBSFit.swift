internal import NumericalMethods
internal import RealModule
public import Tables
internal import Units

/// A fitted spectrum with all that follows from it: the result of `rbs fit`.
public struct RBSFit: Sendable {
  /// The spectrum.
  public var measured: StoredSpectrum
  /// The fit.
  public var fit: SpectrumFit
  /// The layers as they were at the start.
  public var start: [SampleLayer]
  /// The options.
  public var options: RBSFitOptions
  /// The channels that were fitted.
  public var ranges: [ClosedRange<Int>]
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// The steps from bytes to numbers.
  public var trace: TraceGraph
  /// The elemental depth profile.
  public var profile: ElementProfile
  /// The fits under the other stopping sets, where asked for.
  public var sensitivity: [StoppingFit]
  let problem: SpectrumFitProblem
  /// How the parameters move when the charge, or the stopping of one element, is off by its uncertainty.
  private(set) var systematic = Systematic(charge: [], stopping: [])
  let step: TraceID

  /// A fit under another stopping set.
  public struct StoppingFit: Hashable, Sendable {
    /// The set.
    public var set: StoppingSet
    /// χ² by degrees of freedom.
    public var chiSquarePerDegree: Double
    /// Areal densities of the elements of the film in 1e15 at/cm2, in the order of `names`.
    public var arealDensity: [Double]
  }

  struct Systematic: Sendable {
    var charge: [Double]
    var stopping: [[Double]]
  }

  /// Fits a sample to a spectrum.
  ///
  /// - Parameters:
  ///   - measured: The counts.
  ///   - setup: The measurement, with the start values of its free parameters.
  ///   - layers: The sample at the start.
  ///   - options: What is free, in which ranges, and how.
  ///   - input: The spectrum's file, for the trace.
  ///   - sample: The sample's file, for the trace.
  ///   - tracePrefix: What the trace ids start with, unique in a run.
  /// - Throws: `rbs.setup` without particles or solid angle, `rbs.parameter`, `rbs.range`,
  ///   `rbs.no-stopping`, `rbs.counts`.
  public init(
    _ measured: StoredSpectrum, setup: BackscatteringSetup, layers: [SampleLayer],
    options: RBSFitOptions = RBSFitOptions(), input: InputIdentity? = nil,
    sample: InputIdentity? = nil, tracePrefix: String = "t"
  ) throws(ReadFailure) {
    guard setup.particles > 0, setup.detector.solidAngle > 0 else {
      throw ReadFailure(
        "rbs.setup", found: "no number of ions, or no solid angle",
        expected: "expected particles (or charge) and solid angle above 0")
    }
    guard measured.counts.allSatisfy({ $0.isFinite && $0 >= 0 }) else {
      throw ReadFailure(
        "rbs.counts", found: "counts that are negative or no numbers",
        expected: "expected counts of 0 or more: the likelihood is Poisson's")
    }
    var setup = setup
    setup.detector.channels = measured.counts.count
    setup.detector.firstChannel = measured.firstChannel
    self.measured = measured
    self.options = options
    start = layers
    problem = try options.problem(
      setup, layers, counts: measured.counts, firstChannel: measured.firstChannel)
    ranges = problem.ranges
    let startValues = problem.free.map { $0.target.value(setup, layers) }
    do {
      var solved = try (options.method == .global ? problem.searched() : problem).solve()
      solved.start = startValues
      fit = solved
    } catch {
      throw error.failure
    }
    profile = ElementProfile(problem, fit.values, fit.covariance)
    sensitivity = []
    diagnostics = []
    trace = TraceGraph(prefix: tracePrefix)
    step = RBSTrace.fit(
      &trace, problem: problem, layers: layers, input: input, sample: sample)
    systematic = systematics()
    if options.sensitivity {
      for set in StoppingSet.allCases {
        if let other = repeated(set) { sensitivity.append(other) }
      }
    }
    diagnostics = warnings()
  }

  /// The fit from the minimum under another stopping set.
  private func repeated(_ set: StoppingSet) -> StoppingFit? {
    var other = problem
    other.setup = fit.setup
    other.setup.physics.stopping = ElectronicStopping(set)
    other.layers = fit.layers
    guard let solved = try? other.solve() else { return nil }
    return StoppingFit(
      set: set, chiSquarePerDegree: solved.chiSquarePerDegree,
      arealDensity: names.map { Self.filmDensity($0, solved.layers) })
  }

  /// The elements of the layers that are no substrate, in the order in which they are named.
  public var names: [String] {
    var names: [String] = []
    for part in fit.layers.filter({ !$0.isSubstrate }).flatMap(\.parts)
    where !names.contains(part.nuclei.name) {
      names.append(part.nuclei.name)
    }
    return names
  }

  /// The areal density of an element in 1e15 at/cm2, summed over the layers that are no substrate.
  static func filmDensity(_ name: String, _ layers: [SampleLayer]) -> Double {
    layers.filter { !$0.isSubstrate }.flatMap(\.parts).filter { $0.nuclei.name == name }
      .reduce(0) { $0 + $1.arealDensity }
  }

  /// How the parameters move when charge or stopping are off by their uncertainties.
  private func systematics() -> Systematic {
    let charge = fit.response(to: fit.model.map { options.chargeUncertainty * $0 })
    var stopping: [[Double]] = []
    var numbers: [Int] = []
    for part in fit.layers.flatMap(\.parts) where part.arealDensity > 0 {
      let z = part.nuclei.atomicNumber
      guard !numbers.contains(z) else { continue }
      numbers.append(z)
      var changed = fit.setup
      guard options.stoppingUncertainty > 0 else { continue }
      changed.physics.stopping.factors[z, default: 1] *= 1 + options.stoppingUncertainty
      guard var simulator = try? SpectrumSimulator(changed),
        let spectrum = try? simulator.simulate(fit.layers)
      else { continue }
      let change = zip(fit.wanted, fit.model).map { i, mu in
        (spectrum.total.indices.contains(i) ? spectrum.total[i] : 0) - mu
      }
      stopping.append(fit.response(to: change))
    }
    return Systematic(charge: charge, stopping: stopping)
  }

  /// How a quantity of the sample changes with the parameters.
  func gradient(
    _ quantity: (BackscatteringSetup, [SampleLayer]) -> Double
  ) -> [Double] {
    fit.values.indices.map { k in
      let u = fit.covariance.map { max(0, $0[k, k]).squareRoot() } ?? 0
      let width = max(1e-4 * u, 1e-6 * fit.values[k].magnitude)
      guard width > 0 else { return 0 }
      var high = fit.values
      var low = fit.values
      high[k] += width
      low[k] = max(low[k] - width, fit.free[k].lower)
      let a = problem.state(high)
      let b = problem.state(low)
      return (quantity(a.setup, a.layers) - quantity(b.setup, b.layers)) / (high[k] - low[k])
    }
  }

  /// The standard uncertainty that the covariance gives a quantity; nil without a covariance.
  func uncertainty(_ gradient: [Double]) -> Double? {
    guard let covariance = fit.covariance, let carried = covariance.times(gradient) else {
      return nil
    }
    return max(0, zip(gradient, carried).reduce(0) { $0 + $1.0 * $1.1 }).squareRoot()
  }

  /// The parts of the uncertainty of a quantity: counting, charge, stopping.
  func parts(_ gradient: [Double]) -> (counting: Double?, charge: Double, stopping: Double) {
    func moved(_ shift: [Double]) -> Double { zip(gradient, shift).reduce(0) { $0 + $1.0 * $1.1 } }
    let scale = zip(gradient, fit.values).map { ($0 * $1).magnitude }.max() ?? 0
    // A charge that is free itself absorbs its own uncertainty but for rounding.
    let charge = moved(systematic.charge).magnitude
    return (
      uncertainty(gradient), charge < 1e-9 * scale ? 0 : charge,
      systematic.stopping.reduce(0) { $0 + moved($1) * moved($1) }.squareRoot()
    )
  }

  /// The fit with its elements, its residuals, and the depth profile.
  public func figures(file: String) -> [Figure] {
    let base = file.split(separator: "/").last.map(String.init) ?? file
    let figures = RBSFigures(stem: base, title: base)
    let calibration = fit.setup.detector.calibration
    return [
      figures.spectrum(fit.spectrum, calibration, measured: measured.counts, ranges: ranges),
      figures.residuals(
        fit.spectrum, calibration, measured: measured.counts, wanted: fit.wanted),
      figures.profile(profile),
    ]
  }
}
