internal import NumericalMethods
internal import Tables
internal import Units

/// All elastic curves of one film fitted with one modulus in common; pretension, contact and baseline
/// are each curve's own.
///
/// χ²(Y) = Σ χᵢ²(Y), each minimised over the curve's own parameters, is brought to its minimum by
/// Newton's method: the slope of χᵢ² is Jᵀr for Y alone, its curvature the inverse of what Y's variance
/// would be in a free fit. Near the minimum this is the mean of the free fits weighted by their
/// variances; unlike that mean it holds for curves that alone fix hardly anything.
struct JointFit: Sendable {
  /// A curve of the joint fit.
  struct Member: Sendable {
    /// The file and the number of the curve in it.
    var file: String, number: Int
    /// Pretension with its u at the common modulus, N/m.
    var pretension: Double, pretensionU: Double?
    /// How far the minimum of this curve alone would lie from the common modulus, in its own u.
    var pull: Double
  }

  /// The common 2-D modulus of film and sheet, N/m.
  var modulus: Double
  /// Its standard uncertainty from noise; with a Birge ratio above 1 it is multiplied by that.
  var noiseU: Double
  /// √(χ²/(n − 1)) of the curves about the common modulus: about 1 where they agree.
  var birgeRatio: Double?
  /// The change of the modulus for one u of every shared input, N/m, with its sign.
  var shared: [SharedInput: Double]
  /// The standard uncertainties of thickness (m) and sheet (N/m).
  var uncertainty: [SharedInput: Double]
  /// The inputs of the first curve: thickness and sheet are common.
  var inputs: FilmInputs
  /// The model.
  var model: FilmModel
  /// The curves.
  var members: [Member]
}

extension JointFit {
  /// One curve on the way.
  fileprivate struct Part {
    var file: String
    var analysis: ForceCurveAnalysis
    var data: FitData
    var inputs: FilmInputs
    var fit: FilmFit
    /// (JᵀJ)⁻¹ of all free parameters, the modulus among them, for noise 1.
    var inverse = DenseMatrix(rows: 0, columns: 0)
    /// dχ²/2dY and the inverse variance of Y, both over the variance of the curve's noise.
    var slope = 0.0, weight = 0.0
  }

  /// The joint fit of the curves that have an elastic fit and are not rejected; nil with fewer than two,
  /// or where some were fitted with different models.
  init?(_ files: [ForceFileAnalysis], options: ForceAnalysisOptions) {
    var parts: [Part] = []
    for file in files {
      for a in file.curves where a.verdict != .rejected && a.model != nil {
        let others = a.flags.filter { $0 != "afm.undetermined" }
        guard others.isEmpty || options.includeSuspect, let fit = a.fit, let inputs = a.inputs
        else { continue }
        parts.append(
          Part(
            file: file.input.path, analysis: a, data: a.fitData(fit), inputs: inputs, fit: fit))
      }
    }
    guard parts.count > 1, let model = parts.first?.fit.model,
      parts.allSatisfy({ $0.fit.model == model })
    else { return nil }
    var sums = (0.0, 0.0)
    for part in parts {
      guard let u = part.fit.u(0), u > 0 else { continue }
      sums.0 += part.fit.parameters.modulus / (u * u)
      sums.1 += 1 / (u * u)
    }
    let moduli = parts.map { $0.fit.parameters.modulus }
    guard var y = sums.1 > 0 ? sums.0 / sums.1 : median(moduli) else { return nil }
    for _ in 0..<20 {
      for i in parts.indices where !parts[i].refit(modulus: y) { return nil }
      let weight = parts.reduce(0) { $0 + $1.weight }
      guard weight > 0, weight.isFinite else { return nil }
      let step = -parts.reduce(0) { $0 + $1.slope } / weight
      guard step.isFinite else { return nil }
      y += min(max(step, -0.3 * y), 0.5 * y)
      if abs(step) < max(1e-6 * y, 1e-3 / weight.squareRoot()) { break }
    }
    for i in parts.indices where !parts[i].refit(modulus: y) { return nil }
    let weight = parts.reduce(0) { $0 + $1.weight }
    guard weight > 0, let inputs = parts.first?.inputs else { return nil }
    self.model = model
    self.inputs = inputs
    modulus = y
    // In units of its own u a curve would rather lie at −slope/√weight.
    let pulls = parts.map { $0.weight > 0 ? -$0.slope / $0.weight.squareRoot() : 0 }
    let ratio = (pulls.reduce(0) { $0 + $1 * $1 } / Double(parts.count - 1)).squareRoot()
    birgeRatio = ratio
    noiseU = max(1, ratio) / weight.squareRoot()
    members = zip(parts, pulls).map { part, pull in
      Member(
        file: part.file, number: part.analysis.number,
        pretension: part.fit.parameters.tension, pretensionU: part.fit.u(1), pull: pull)
    }
    shared = Self.shared(parts, weight: weight, options: options)
    uncertainty = [:]
    uncertainty[.thickness] = options.thickness?.u?.si
    uncertainty[.sheet] = options.noSubstrate ? nil : options.substrateE2D?.u?.si
  }

  /// The change of the common modulus for one u of every shared input.
  private static func shared(
    _ parts: [Part], weight: Double, options: ForceAnalysisOptions
  ) -> [SharedInput: Double] {
    var sums: [SharedInput: Double] = [:]
    let analyzer = ForceCurveAnalyzer(options: options)
    for part in parts {
      var free = part.fit
      free.inverseNormal = part.inverse
      for (source, changed, fraction, scaled) in analyzer.changedInputs(
        part.inputs, part.analysis.curve)
      {
        let shift =
          scaled.map { free.shift(signalScaledBy: $0, data: part.data) }
          ?? free.shift(to: changed, data: part.data)
        guard let first = shift?.first else { continue }
        sums[source, default: 0] += part.weight * first / fraction
      }
    }
    return sums.mapValues { $0 / weight }
  }

  /// The systematic u of a number that follows from the common modulus, SI: `e2d`, `e2dFilm` or
  /// `modulus`.
  ///
  /// Sheet and thickness act twice: on the fit through the bending stiffness, and directly.
  func systematicU(of key: ForceKey) -> Double {
    let h = key == .modulus ? inputs.thickness ?? 1 : 1
    var sum = 0.0
    for source in SharedInput.allCases {
      guard var shift = shared[source] else { continue }
      if source == .sheet, key != .e2d { shift -= uncertainty[.sheet] ?? 0 }
      shift /= h
      if source == .thickness, key == .modulus {
        shift -= (modulus - (inputs.sheet ?? 0)) / (h * h) * (uncertainty[.thickness] ?? 0)
      }
      sum += shift * shift
    }
    return sum.squareRoot()
  }
}

extension JointFit.Part {
  /// Fits the curve's own parameters at a given modulus; false where there is no solution.
  mutating func refit(modulus: Double) -> Bool {
    guard
      let next = FilmFit(
        fit.model, data: data, inputs: inputs, starts: [fit.parameters],
        greatestForce: fit.greatestForce, fixedModulus: modulus, states: fit.response.states)
    else { return false }
    fit = next
    // Parameters that the data hold (a fixed contact, a reduced curve) have no part.
    let held = fit.jacobian.columns == 5 ? data.held : []
    var rows = fit.jacobian
    for i in 0..<rows.rows {
      for k in held { rows.values[5 * i + k] = 0 }
    }
    guard var gram = rows.gram else { return false }
    for k in held { gram[k, k] = 1 }
    guard let inverse = CholeskyFactor(gram)?.inverse(), inverse[0, 0] > 0 else { return false }
    self.inverse = inverse
    for k in held { self.inverse[k, k] = 0 }
    var gradient = 0.0
    for i in fit.residuals.indices { gradient += rows.values[5 * i] * fit.residuals[i] }
    let squares = fit.residuals.reduce(0) { $0 + $1 * $1 }
    let variance = squares / Double(max(1, fit.degreesOfFreedom)) * fit.correlation
    guard variance > 0 else { return false }
    slope = gradient / variance
    weight = 1 / (inverse[0, 0] * variance)
    return slope.isFinite && weight.isFinite
  }
}

extension ForceCurveAnalysis {
  /// The rows of the curve that a fit used.
  func fitData(_ fit: FilmFit) -> FitData {
    FitData(
      z: curve.approachZ, signal: curve.approachSignal, rows: fit.rows,
      fixedContact: method == .fit ? nil : fit.parameters.contact, reduced: curve.reduced,
      noise: noise ?? 1)
  }
}
