internal import NumericalMethods
internal import Tables

/// One least-squares problem: the points, and what is free in which term.
struct EdgeFitProblem {
  private let terms: [EdgeModel.Term]
  private let window: ClosedRange<Double>
  private let energy: [Double]
  private let data: [Double]
  /// The parameters of all terms one after another, their limits, and which are free.
  private var values: [Double] = []
  private var lower: [Double] = []
  private var upper: [Double] = []
  private var free: [Int] = []
  /// Where each term's parameters begin.
  private var starts: [Int] = []

  init(
    _ model: EdgeModel, energy: [Double], _ y: [Double], window: ClosedRange<Double>,
    isNormalised: Bool
  ) throws(ReadFailure) {
    let inside = energy.indices.filter {
      energy[$0] > window.lowerBound && energy[$0] < window.upperBound && $0 < y.count
        && y[$0].isFinite
    }
    self.window = window
    self.energy = inside.map { energy[$0] }
    data = inside.map { y[$0] }
    guard !model.terms.isEmpty else {
      throw ReadFailure("xas.fit-model", found: "no term", expected: "expected a step or a peak")
    }
    terms = Self.completed(model.terms, self.energy, data, window, isNormalised)
    let span = window.upperBound - window.lowerBound
    let least = span / 2000
    for term in terms {
      starts.append(values.count)
      for key in term.shape.keys {
        let setting = term.settings[key] ?? EdgeModel.Setting(0, isFixed: true)
        if !setting.isFixed { free.append(values.count) }
        values.append(setting.value)
        let limits: (Double, Double) =
          switch key {
          case .center: (window.lowerBound - span / 2, window.upperBound + span / 2)
          case .width, .fwhm: (least, 4 * span)
          case .area: (0, .infinity)
          case .height: (-.infinity, .infinity)
          case .fraction: (0, 1)
          }
        lower.append(limits.0)
        upper.append(limits.1)
      }
    }
    guard data.count > free.count else {
      throw ReadFailure(
        "xas.fit-points",
        found: "\(data.count) points in \(window.lowerBound)…\(window.upperBound) eV",
        expected: "expected more than the \(free.count) free parameters")
    }
  }

  /// Fills in what the text leaves open.
  private static func completed(
    _ terms: [EdgeModel.Term], _ energy: [Double], _ data: [Double],
    _ window: ClosedRange<Double>, _ isNormalised: Bool
  ) -> [EdgeModel.Term] {
    var terms = terms
    let range = (data.max() ?? 1) - (data.min() ?? 0)
    var slopes = [Double](repeating: 0, count: 4)
    for i in terms.indices where terms[i].shape.isStep {
      let height = EdgeModel.Setting(isNormalised ? 1 : data.last ?? range, isFixed: isNormalised)
      terms[i].settings[.width] = terms[i].settings[.width] ?? EdgeModel.Setting(0.5, isFixed: true)
      terms[i].settings[.height] = terms[i].settings[.height] ?? height
    }
    let step = terms.first { $0.shape.isStep }
    for i in terms.indices where !terms[i].shape.isStep {
      let center = terms[i].settings[.center]?.value ?? window.lowerBound
      let width =
        terms[i].settings[.fwhm]?.value ?? min(3, (window.upperBound - window.lowerBound) / 4)
      terms[i].settings[.fwhm] =
        terms[i].settings[.fwhm] ?? EdgeModel.Setting(width, isFixed: false)
      let fraction = terms[i].settings[.fraction]?.value ?? 0
      if terms[i].shape == .pvoigt, terms[i].settings[.fraction] == nil {
        terms[i].settings[.fraction] = EdgeModel.Setting(0, isFixed: true)
      }
      guard terms[i].settings[.area] == nil else { continue }
      var height = interpolate([center], energy, data).first ?? 0
      if let step {
        let p = step.shape.keys.map { step.settings[$0]?.value ?? 0 }
        height -= step.shape.value(center, p[...], slopes: &slopes)
      }
      // A share, because neighbours overlap; never 0, where a peak would have no slope.
      let start = max(0.5 * height, 0.05 * range) * width / terms[i].shape.heightFactor(fraction)
      terms[i].settings[.area] = EdgeModel.Setting(start, isFixed: false)
    }
    return terms
  }

  /// The sum of the terms, with derivatives along all parameters.
  private func curve(_ all: [Double], _ energy: Double, _ slopes: inout [Double]) -> Double {
    var sum = 0.0
    for (term, start) in zip(terms, starts) {
      let end = start + term.shape.keys.count
      sum += term.shape.value(energy, all[start..<end], slopes: &slopes, at: start)
    }
    return sum
  }

  /// Residuals and their derivatives along the free parameters.
  private func evaluate(
    _ p: [Double], _ residuals: inout [Double], _ jacobian: inout DenseMatrix?
  ) -> Bool {
    var all = values
    for (i, at) in free.enumerated() { all[at] = p[i] }
    residuals = [Double](repeating: 0, count: data.count)
    var matrix = DenseMatrix(rows: data.count, columns: free.count)
    var slopes = [Double](repeating: 0, count: all.count)
    for i in data.indices {
      residuals[i] = curve(all, energy[i], &slopes) - data[i]
      for (k, at) in free.enumerated() { matrix[i, k] = slopes[at] }
    }
    jacobian = matrix
    return residuals.allSatisfy(\.isFinite)
  }

  /// The least-squares solution.
  func solve() throws(ReadFailure) -> EdgeFit {
    guard !free.isEmpty else { return result(values, nil) }
    var settings = LevenbergMarquardtSettings()
    settings.steps = 500
    let found = levenbergMarquardt(
      free.map { values[$0] }, lower: free.map { lower[$0] }, upper: free.map { upper[$0] },
      settings: settings, evaluate: evaluate)
    guard let found else {
      throw ReadFailure(
        "xas.fit-model", found: "a model without a value at its start",
        expected: "expected finite starting values")
    }
    var all = values
    for (i, at) in free.enumerated() { all[at] = found.parameters[i] }
    return result(all, found)
  }

  /// The covariance of all parameters, with 0 for what is held or at a bound; nil where it is singular.
  ///
  /// What the other parameters can stand in for to a part in 10⁶ (the diagonal of the normal matrix
  /// times that of its inverse) is marked as not determined.
  private func covariance(_ found: NonlinearFit) -> (matrix: DenseMatrix, loose: Set<Int>)? {
    guard let inverse = found.inverseNormal else { return nil }
    let spare = Double(max(1, data.count - free.count))
    let variance = found.sumOfSquares / spare
    var residuals: [Double] = []
    var jacobian: DenseMatrix?
    guard evaluate(found.parameters, &residuals, &jacobian), let normal = jacobian?.gram else {
      return nil
    }
    var matrix = DenseMatrix(rows: values.count, columns: values.count)
    var loose: Set<Int> = []
    for (i, a) in free.enumerated() {
      for (k, b) in free.enumerated() { matrix[a, b] = inverse[i, k] * variance }
      if !found.atBound[i], !(normal[i, i] * inverse[i, i] < 1e6) { loose.insert(a) }
    }
    return (matrix, loose)
  }

  private func result(_ all: [Double], _ found: NonlinearFit?) -> EdgeFit {
    let known = found.flatMap(covariance)
    var bounded: Set<Int> = []
    for (i, at) in free.enumerated() where found?.atBound[i] ?? false { bounded.insert(at) }
    var isSound = found?.converged ?? true
    func parameter(_ at: Int) -> EdgeFit.Parameter {
      let isFree = free.contains(at)
      var u: Double?
      if isFree, !bounded.contains(at), let known, !known.loose.contains(at) {
        u = known.matrix[at, at].squareRoot()
      }
      // Where a peak stands that may be anywhere in the window, or nowhere, is not determined.
      if let value = u, !value.isFinite || value > reach(at) { u = nil }
      if isFree, u == nil { isSound = false }
      return EdgeFit.Parameter(
        value: all[at], u: u, isFixed: !isFree, isAtBound: bounded.contains(at))
    }
    var slopes = [Double](repeating: 0, count: max(4, all.count))
    func curve(_ term: EdgeModel.Term, _ start: Int) -> [Double] {
      let p = all[start..<(start + term.shape.keys.count)]
      return energy.map { term.shape.value($0, p, slopes: &slopes) }
    }
    var step: EdgeFit.Step?
    var stepCurve: [Double] = []
    var peaks: [EdgeFit.Peak] = []
    for (term, at) in zip(terms, starts) {
      if term.shape.isStep {
        step = EdgeFit.Step(
          shape: term.shape, center: parameter(at), width: parameter(at + 1),
          height: parameter(at + 2))
        stepCurve = curve(term, at)
        continue
      }
      let (fwhm, area) = (parameter(at + 1), parameter(at + 2))
      let fraction = term.shape == .pvoigt ? parameter(at + 3) : nil
      peaks.append(
        EdgeFit.Peak(
          shape: term.shape, center: parameter(at), fwhm: fwhm, area: area,
          height: height(term.shape, at, fwhm, area, fraction, known?.matrix), fraction: fraction,
          curve: curve(term, at)))
    }
    peaks = peaks.enumerated().sorted {
      ($0.element.center.value, $0.offset) < ($1.element.center.value, $1.offset)
    }.map(\.element)
    let fit = energy.map { self.curve(all, $0, &slopes) }
    return EdgeFit(
      model: EdgeModel(terms), window: window, step: step, peaks: peaks,
      chiSquare: zip(fit, data).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) },
      points: data.count, freeParameters: free.count, isSound: isSound, energy: energy,
      data: data, fit: fit, stepCurve: stepCurve)
  }

  /// The uncertainty at which a parameter says nothing: half the window for energies.
  private func reach(_ at: Int) -> Double {
    let span = window.upperBound - window.lowerBound
    for (term, start) in zip(terms, starts) where at - start < term.shape.keys.count && at >= start
    {
      switch term.shape.keys[at - start] {
      case .center, .width, .fwhm: return span / 2
      case .fraction: return 1
      case .area, .height: return .infinity
      }
    }
    return .infinity
  }

  /// Area × factor ÷ width, with the uncertainty by the covariance of all three.
  private func height(
    _ shape: EdgeModel.Shape, _ at: Int, _ fwhm: EdgeFit.Parameter, _ area: EdgeFit.Parameter,
    _ fraction: EdgeFit.Parameter?, _ covariance: DenseMatrix?
  ) -> EdgeFit.Parameter {
    let factor = shape.heightFactor(fraction?.value ?? 0)
    let value = area.value * factor / fwhm.value
    let parts = [fwhm, area] + (fraction.map { [$0] } ?? [])
    let isFixed = parts.allSatisfy(\.isFixed)
    var u: Double?
    if let covariance, !isFixed, parts.allSatisfy({ $0.isFixed || $0.u != nil }) {
      let lean = EdgeModel.Shape.lorentzHeight - EdgeModel.Shape.gaussHeight
      let slopes = [-value / fwhm.value, factor / fwhm.value, area.value * lean / fwhm.value]
      var variance = 0.0
      for i in parts.indices {
        for k in parts.indices {
          variance += slopes[i] * slopes[k] * covariance[at + 1 + i, at + 1 + k]
        }
      }
      u = max(0, variance).squareRoot()
    }
    return EdgeFit.Parameter(value: value, u: u, isFixed: isFixed, isAtBound: false)
  }
}
