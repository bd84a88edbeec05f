internal import NumericalMethods
internal import RealModule
internal import Tables
internal import Units

/// The steps of the analysis of one curve.
struct ForceCurveAnalyzer {
  let options: ForceAnalysisOptions
  var diagnostics = DiagnosticList()

  init(options: ForceAnalysisOptions) { self.options = options }

  mutating func analyze(_ curve: ForceCurve, sample: String) -> ForceCurveAnalysis {
    var a = ForceCurveAnalysis(number: curve.number, sample: sample, curve: curve)
    a.method = options.contactMethod
    let n = curve.approachZ.count
    if curve.missing > 0 { a.flags.append("afm.missing-values") }
    guard n >= 50 else {
      let span = (curve.approachZ.max() ?? 0) - (curve.approachZ.min() ?? 0)
      a.flags.append(n < 2 || span == 0 ? "afm.aborted" : "afm.too-few-points")
      if curve.reduced { a = withSlope(a) }
      return judged(a)
    }
    a.candidates = ContactRules.candidates(curve.approachSignal)
    prepare(&a)
    guard let line = a.baseline, let noise = a.noise else { return judged(a) }
    let k = curve.reduced ? 1 : curve.springConstant?.value.si
    let flat = (0..<n).map { curve.approachSignal[$0] - line.value(at: curve.approachZ[$0]) }
    let smooth = runningMedian(flat, width: 5)
    let range = (smooth.max() ?? 0) - (curve.reduced ? 0 : smooth.min() ?? 0)
    if range < 5 * noise || range <= 0 { a.flags.append("afm.no-contact") }
    a.peakRow = smooth.indices.max { smooth[$0] < smooth[$1] }
    a.drops = FilmFailure.drops(flat, noise: noise)
    a.failure = FilmFailure.failure(
      a.drops, rule: options.failureRule, percent: options.failurePercent)
    check(&a, smooth: smooth)
    guard let k else {
      diagnostics.warn(
        "afm.no-spring-constant", found: "the file gives no spring constant",
        expected: "--spring-constant; deflections only, no forces and no moduli")
      return judged(a)
    }
    if let model = options.contactModel {
      analyzeSupported(&a, model: model, force: k, noise: noise)
      return judged(a)
    }
    if !a.flags.contains(where: Self.rejecting.contains) {
      fit(&a, smooth: smooth, force: k, noise: noise)
    }
    finish(&a, force: k, noise: noise)
    return judged(a)
  }

  /// A short table of deflection and force still has the slope of a straight line.
  private func withSlope(_ analysis: ForceCurveAnalysis) -> ForceCurveAnalysis {
    var a = analysis
    a.depth = a.curve.approachZ
    a.force = a.curve.approachSignal
    straightStiffness(&a)
    return a
  }

  /// The flags that reject a curve.
  static let rejecting: Set<String> = [
    "afm.no-contact", "afm.too-few-points", "afm.slope-impossible", "afm.aborted",
    "afm.large-deflection",
  ]

  private func judged(_ analysis: ForceCurveAnalysis) -> ForceCurveAnalysis {
    var a = analysis
    if a.flags.contains(where: Self.rejecting.contains) {
      a.verdict = .rejected
      for key in ForceKey.allCases where key.isElastic { a.estimates[key] = nil }
    } else {
      a.verdict = a.flags.isEmpty ? .good : .suspect
    }
    return a
  }

  /// Baseline line and noise from the part before contact.
  private func prepare(_ a: inout ForceCurveAnalysis) {
    let z = a.curve.approachZ
    let s = a.curve.approachSignal
    let n = s.count
    // Third differences see neither line nor slow contact: variance 20 σ².
    var differences: [Double] = []
    differences.reserveCapacity(n)
    for i in 3..<n { differences.append(s[i] - 3 * s[i - 1] + 3 * s[i - 2] - s[i - 3]) }
    let rough = (median(differences.map { abs($0) }) ?? 0) / 0.6745 / 20.0.squareRoot()
    if a.curve.reduced {
      a.baseline = LineFit(
        centre: 0, intercept: 0, interceptU: 0, slope: 0, slopeU: 0, residual: rough, count: n)
      a.noise = max(rough, 1e-7 * ((s.max() ?? 0) - (s.min() ?? 0)))
      return
    }
    let contact = a.candidates.first { $0.method == .deviationFromBaseline }?.index ?? n / 2
    let rows = 0..<max(n / 20, contact * 9 / 10)
    if contact < n / 20 { a.flags.append("afm.no-baseline") }
    guard let line = fitLine(z, s, in: rows) else {
      a.flags.append("afm.aborted")
      return
    }
    a.baseline = line
    a.noise = contact < n / 20 ? max(rough, 1e-15) : max(line.residual, 1e-15)
  }

  /// Contact slope, trigger, saturation.
  private mutating func check(
    _ a: inout ForceCurveAnalysis, smooth: [Double]
  ) {
    let curve = a.curve
    guard !curve.reduced, let low = smooth.min(), let peak = a.peakRow else { return }
    let end = a.drops.first?.index ?? peak
    let high = smooth[end]
    let s = curve.approachSignal
    if high > low {
      let middle =
        (s[...end].min() ?? low) + ((s[...end].max() ?? high) - (s[...end].min() ?? low)) / 2
      let rows = (0...end).filter { s[$0] > middle }
      let z = rows.map { curve.approachZ[$0] }
      if let line = fitLine(z, rows.map { s[$0] }) {
        a.contactSlope = line.slope
        if line.slope > 1.05, (a.noise ?? 0) * 10 < high - low {
          a.flags.append("afm.slope-impossible")
        }
      }
    }
    let n = s.count
    if let greatest = s.max(), high > low {
      let band = 1e-4 * (high - low)
      let count = s.reduce(0) { $0 + ($1 >= greatest - band ? 1 : 0) }
      let first = s.firstIndex { $0 >= greatest - band } ?? 0
      let last = s.lastIndex { $0 >= greatest - band } ?? 0
      let moved = abs(curve.approachZ[last] - curve.approachZ[first])
      let span = abs(curve.approachZ[n - 1] - curve.approachZ[0])
      if count >= 20 || (count >= 5 && count * 100 >= n), moved > 0.005 * span {
        a.flags.append("afm.saturated")
      }
    }
    checkTrigger(&a)
  }

  /// The inputs of the film models from options and file; nil without a hole radius.
  func filmInputs(_ curve: ForceCurve) -> FilmInputs {
    let sheet = options.noSubstrate ? 0 : options.substrateE2D?.value.si
    return FilmInputs(
      springConstant: curve.reduced ? nil : curve.springConstant?.value.si,
      holeRadius: options.holeRadius?.value.si ?? 1e-6, tipRadius: options.tipRadius?.value.si,
      poisson: options.poissonRatio?.value.si ?? 0.2, thickness: options.thickness?.value.si,
      sheet: sheet)
  }

  /// The model to use, with warnings where an input is lacking.
  private mutating func chosenModel() -> FilmModel {
    guard options.holeRadius != nil else {
      diagnostics.warn(
        "afm.needs-hole-radius", found: "no hole radius given",
        expected: "--hole-radius for 2-D modulus and pretension; stiffness and failure only")
      return .textbook
    }
    switch options.model {
    case .textbook: return .textbook
    case .membrane, .plate: return options.model
    case .auto:
      guard options.tipRadius != nil else {
        diagnostics.warn(
          "afm.needs-tip-radius", found: "no tip radius given",
          expected: "--tip-radius for the exact models; the textbook formula is used")
        return .textbook
      }
      let h = options.thickness?.value.si ?? 0
      return h >= 1e-9 ? .plate : .membrane
    }
  }

  /// The rows of the fit: up to the elastic limit, and before any fall of the force.
  private func fitRows(_ a: ForceCurveAnalysis, smooth: [Double], force k: Double) -> Range<Int> {
    let drop = a.drops.first.map { $0.index + 1 } ?? smooth.count
    var end = min(drop, (a.peakRow ?? smooth.count - 1) + 1)
    if let limit = options.elasticLimit?.si {
      end = min(end, smooth.firstIndex { k * $0 > limit } ?? end)
    }
    return 0..<end
  }

  private mutating func fit(
    _ a: inout ForceCurveAnalysis, smooth: [Double], force k: Double, noise: Double
  ) {
    let model = chosenModel()
    let inputs = filmInputs(a.curve)
    a.inputs = inputs
    let known = options.holeRadius != nil
    if known, options.poissonRatio == nil {
      a.assumedPoisson = true
      diagnostics.note("afm.assumed", found: "Poisson ratio 0.2 is assumed (--poisson)")
    }
    if known, a.curve.springConstant?.u == nil || options.holeRadius?.u == nil {
      diagnostics.note(
        "afm.u-incomplete",
        found: "u covers noise and the inputs given with an uncertainty; none for "
          + lackingUncertainties(a.curve).joined(separator: ", "))
    }
    if a.curve.reduced, !known { return }
    let rows = fitRows(a, smooth: smooth, force: k)
    var contactRow = a.candidates.first { $0.method == .deviationFromBaseline }?.index ?? 0
    var data = FitData(
      z: a.curve.approachZ, signal: a.curve.approachSignal, rows: rows,
      reduced: a.curve.reduced, noise: noise)
    if options.contactMethod != .fit,
      let row = a.candidates.first(where: { $0.method == options.contactMethod })?.index,
      row < data.z.count
    {
      contactRow = row
      data.fixedContact = data.z[row]
    }
    let top = rows.reduce(0) { max($0, k * smooth[$1]) }
    guard rows.count >= 20, top > 5 * k * noise else {
      a.flags.append("afm.too-few-points")
      return
    }
    // The limit itself where it ended the rows, else the greatest force that was fitted.
    let next = rows.upperBound < smooth.count ? k * smooth[rows.upperBound] : top
    a.limitForce = options.elasticLimit.map { next > $0.si ? $0.si : min($0.si, top) } ?? top
    let starts = FilmFit.starts(data: data, inputs: inputs, contactRow: contactRow)
    var fits: [FilmFit] = []
    var wanted: [FilmModel] = [.textbook]
    if known, inputs.tipRadius != nil {
      wanted.append(.membrane)
      if inputs.bending(1 + (inputs.sheet ?? 0)).value > 0 { wanted.append(.plate) }
    }
    if !wanted.contains(model) { wanted.append(model) }
    for m in wanted {
      if let f = FilmFit(
        m, data: data, inputs: inputs, starts: starts, greatestForce: 1.1 * top,
        fine: m == model || m == .textbook)
      {
        fits.append(f)
      }
    }
    guard let chosen = fits.first(where: { $0.model == model }) else {
      a.flags.append("afm.bad-fit")
      diagnostics.warn(
        "afm.no-fit", found: "the \(model.rawValue) model finds no solution for curve \(a.number)",
        expected: "a film under tension or stiff enough in bending")
      return
    }
    a.fit = chosen
    a.model = known ? model : nil
    a.substrateCorrected = known && inputs.sheet != nil
    if known {
      let force = a.curve.reduced ? 1 : k
      a.models = fits.map { f in
        let y = f.parameters.modulus
        let film = inputs.sheet.map { y - $0 }
        return ModelFit(
          model: f.model, e2d: y, e2dU: f.u(0), pretension: f.parameters.tension,
          pretensionU: f.u(1), e2dFilm: film,
          modulus: film.flatMap { x in inputs.thickness.flatMap { $0 > 0 ? x / $0 : nil } },
          rms: f.rms * force)
      }
    }
    let span = (rows.map { smooth[$0] }.max() ?? 0) - (rows.map { smooth[$0] }.min() ?? 0)
    if !chosen.converged || (chosen.rms > 3 * noise && chosen.rms > 0.02 * span) {
      // Without a hole nobody said that this is a film: the curve is not to blame.
      if known { a.flags.append("afm.bad-fit") } else { a.answersAsFilm = false }
    }
    a.covariance = chosen.covariance
  }

  private func lackingUncertainties(_ curve: ForceCurve) -> [String] {
    var names: [String] = []
    if !curve.reduced, curve.springConstant?.u == nil { names.append("spring constant") }
    if options.holeRadius?.u == nil { names.append("hole radius") }
    if options.tipRadius != nil, options.tipRadius?.u == nil { names.append("tip radius") }
    if options.thickness != nil, options.thickness?.u == nil { names.append("thickness") }
    if options.substrateE2D != nil, options.substrateE2D?.u == nil { names.append("sheet") }
    return names
  }
}
