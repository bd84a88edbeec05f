internal import NumericalMethods
public import Tables

/// How the energies of a spectrum were calibrated.
public struct EnergyCalibration: Hashable, Sendable {
  /// Where a shift comes from.
  public enum Method: String, Hashable, Sendable {
    /// The energies are the file's.
    case none
    /// An option adds to all energies.
    case shift
    /// The reference spectrum was given its e0.
    case calibrate
    /// A project stores the shift.
    case stored
  }

  /// Where the shift comes from.
  public var method = Method.none
  /// What was added to every energy in eV.
  public var shift = 0.0
  /// The reference spectrum, and the e0 that it was given in eV.
  public var reference: String?, referenceEnergy: Double?
  /// The tabulated edge.
  public var edge: AbsorptionEdge?
  /// The edge energy of the reference channel in eV, after the shift, with its uncertainty.
  public var channel: (value: Double, u: Double?)? {
    get { channelValue.map { ($0, channelU) } }
    set { (channelValue, channelU) = (newValue?.value, newValue?.u) }
  }
  private var channelValue: Double?
  private var channelU: Double?
}

/// What was found in one spectrum; energies in eV.
public struct SpectrumAnalysis: Sendable {
  /// The spectrum before the analysis.
  public var source: SpectrumSource
  /// The finite points in ascending order, with the calibration applied.
  public var scan: AbsorptionScan
  /// The convention.
  public var convention: XASOptions.Convention
  /// The absorber, its edge, and where they come from: `file`, `option`, `nearest-edge`.
  public var element: String?, edge: String?, elementSource: String?
  /// The edge energy in eV and its uncertainty; nil without an edge.
  public var e0: Double?, e0U: Double?
  /// The grid point of the steepest rise in eV.
  public var gridEdge: Double?
  /// The curves; nil where the spectrum was not normalised.
  public var curves: NormalisedSpectrum?
  /// The uncertainty of the edge step, and its sensitivity to the limits.
  public var stepU: Double?, stepSensitivity: Double?
  /// The noise of one point in the scale of the absorption.
  public var noise: Double?
  /// What the ordinate was divided by.
  public var scaling = XASOptions.Scaling.edgeStep
  /// The normalised and the flattened absorption by that scaling; empty where there is none.
  public var norm: [Double] = [], flat: [Double] = []
  /// The mean of both over e0 + 50 eV … e0 + 200 eV.
  public var normMean: Double?, flatMean: Double?
  /// The white line.
  public var peak: WhiteLine?
  /// The calibration.
  public var calibration = EnergyCalibration()
  /// The shift against the reference; nil for the reference itself.
  public var shift: SpectrumShift?
  /// The reference of the shift.
  public var shiftReference: String?
  /// Differences of e0 and of the peak's position to the reference, with their uncertainties.
  public var e0Difference: WhiteLine.Estimate?, peakDifference: WhiteLine.Estimate?
  /// The step and the peaks that were fitted.
  public var fit: EdgeFit?
  /// The combination of standards that was fitted.
  public var mixture: LinearCombination?
  /// The match to scattering factors, where that normalises.
  public var mback: MbackNormalisation?
  /// The ids of the steps behind its numbers.
  var steps = SpectrumSteps()

  /// The name of the spectrum.
  public var name: String { source.name }

  /// The energies of the normalised curve in eV.
  public var energy: [Double] { curves?.scan.energy ?? scan.energy }

  /// The median step of the energies within 5 eV of the edge.
  var energyStep: Double? {
    guard let centre = e0 ?? gridEdge else { return nil }
    let near = energy.filter { ($0 - centre).magnitude <= 5 }
    return median(zip(near, near.dropFirst()).map { $1 - $0 })
  }
}

extension SpectrumAnalysis {
  /// Analyzes one spectrum.
  ///
  /// - Parameters:
  ///   - source: the spectrum.
  ///   - options: the rules.
  ///   - move: what a calibration adds to all energies in eV.
  ///   - diagnostics: gets what there is to say.
  public init(
    _ source: SpectrumSource, options: XASOptions, move: Double = 0,
    diagnostics: inout DiagnosticList
  ) {
    self.source = source
    convention = options.convention
    element = source.element
    edge = source.edge
    elementSource = source.elementSource
    let place = Place.entry(source.name)
    let usesStored =
      (options.parameters ?? (options.convention == .athena ? .stored : .auto)) == .stored
    var shift = move + (options.energyShift ?? 0)
    if options.energyShift != nil { calibration.method = .shift }
    if let stored = source.stored, stored.shift != 0 {
      if usesStored || options.convention == .interphase {
        shift += stored.shift
        if calibration.method == .none { calibration.method = .stored }
      }
    }
    calibration.shift = shift
    scan = AbsorptionScan(
      energy: shift == 0 ? source.energy : source.energy.map { $0 + shift }, mu: source.mu)
    Self.report(scan, place, &diagnostics)
    prepare(options, place, &diagnostics)
    // The conventions of others normalise anew what is normalised already.
    let keeps = source.signal.isNormalised && options.convention == .interphase
    scaling = options.scaling ?? (keeps ? .none : .edgeStep)
    let choices = merged(options, usesStored: usesStored, place, &diagnostics)
    normalise(choices, options, place, &diagnostics)
    if let alpha = options.alpha { correct(alpha, choices, options, place, &diagnostics) }
    nameElement(place, &diagnostics)
    scale(options, place, &diagnostics)
    findPeak(options)
    findReference()
    fitModel(options, place, &diagnostics)
  }

  // MARK: steps

  /// Divides by the blank and bins a continuous scan, where options ask for it.
  private mutating func prepare(
    _ options: XASOptions, _ place: Place, _ diagnostics: inout DiagnosticList
  ) {
    if let blank = options.blankScan {
      do {
        scan = try SignalCorrections.divide(
          scan.averaged(), by: blank.averaged(), place: place, diagnostics: &diagnostics)
      } catch {
        diagnostics.add(error.diagnostic)
      }
    }
    if options.rebin {
      if let e0 = options.choices.e0 ?? LarchConvention.edge(scan), let bins = scan.rebinned(e0) {
        scan.energy = bins.energy
        scan.mu = bins.mu
      } else {
        diagnostics.warn(
          "xas.not-binned", at: place, found: "'\(name)' has no edge to set bins by",
          expected: "its points are used as they are")
      }
    }
  }

  private mutating func normalise(
    _ choices: NormalisationChoices, _ options: XASOptions, _ place: Place,
    _ diagnostics: inout DiagnosticList
  ) {
    guard options.convention != .interphase else {
      normaliseOwn(choices, options, place, &diagnostics)
      return
    }
    noise = pointNoise(scan.energy, scan.mu)
    curves =
      options.convention == .larch
      ? LarchConvention.normalise(scan, choices) : AthenaConvention.normalise(scan, choices)
    e0 = curves?.e0
    gridEdge = LarchConvention.edge(scan)
    guard let curves else {
      diagnostics.warn(
        "xas.no-edge", at: place, found: "'\(name)' has \(scan.count) usable points",
        expected: "expected at least 8 to find an edge")
      return
    }
    let n = noise ?? 0
    if curves.edgeStep.magnitude < 5 * n { noEdge(place, curves.edgeStep, n, &diagnostics) }
  }

  /// Takes over-absorption out and normalises anew.
  private mutating func correct(
    _ alpha: Double, _ choices: NormalisationChoices, _ options: XASOptions, _ place: Place,
    _ diagnostics: inout DiagnosticList
  ) {
    guard let curves else { return }
    do {
      scan.mu = try SignalCorrections.overAbsorption(
        curves.scan.mu, norm: curves.norm, alpha: alpha, place: place)
      scan.energy = curves.scan.energy
      normalise(choices, options, place, &diagnostics)
    } catch {
      diagnostics.add(error.diagnostic)
    }
  }

  /// Fits step and peaks, where options ask for it.
  private mutating func fitModel(
    _ options: XASOptions, _ place: Place, _ diagnostics: inout DiagnosticList
  ) {
    guard let text = options.fit, let e0, !norm.isEmpty else { return }
    let values: [Double]
    switch options.fitArray {
    case .norm: values = norm
    case .flat: values = flat.isEmpty ? norm : flat
    case .mu: values = curves?.scan.mu ?? scan.mu
    }
    let window = options.fitWindow.map { $0.range(e0) } ?? (e0 - 10)...(e0 + 15)
    guard let window else {
      diagnostics.warn(
        "xas.fit-window", at: place, found: "the window of the fit is empty for e0 of '\(name)'",
        expected: "expected A below B; no fit is given")
      return
    }
    let isNormalised = options.fitArray != .mu && scaling != .none
    do {
      fit =
        text == "auto"
        ? try EdgeFit.auto(
          energy: energy, values, e0: e0, window: window, isNormalised: isNormalised,
          place: place, diagnostics: &diagnostics)
        : try EdgeFit(
          EdgeModel(text), energy: energy, values, window: window, isNormalised: isNormalised,
          place: place, diagnostics: &diagnostics)
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.severity = .warning
      diagnostics.add(diagnostic)
    }
  }

  private static func report(
    _ scan: AbsorptionScan, _ place: Place, _ diagnostics: inout DiagnosticList
  ) {
    if scan.nonFinite > 0 {
      diagnostics.warn(
        "xas.non-finite", at: place,
        found: "\(scan.nonFinite) rows have no finite energy or absorption",
        expected: "they are left out of the analysis")
    }
    let codes = diagnostics.all.map(\.code)
    if scan.backwardSteps > 0, !codes.contains("axis.unordered") {
      diagnostics.note(
        "axis.unordered", at: place,
        found: "\(scan.backwardSteps) of the energies step back",
        expected: "the analysis sorts them")
    }
    if scan.repeatedEnergies > 0, !codes.contains("axis.repeated") {
      diagnostics.warn(
        "axis.repeated", at: place,
        found: "\(scan.repeatedEnergies) energies repeat the one before",
        expected: "expected every energy once")
    }
  }

  /// What the options fix, then what the file stores.
  private func merged(
    _ options: XASOptions, usesStored: Bool, _ place: Place, _ diagnostics: inout DiagnosticList
  ) -> NormalisationChoices {
    var choices = options.choices
    guard let stored = source.stored else { return choices }
    guard usesStored else {
      if stored.hasParameters {
        diagnostics.note(
          "xas.stored-ignored", at: place,
          found: "the project stores parameters of the normalisation",
          expected: "they are not used; --parameters stored does")
      }
      return choices
    }
    choices.e0 = choices.e0 ?? stored.choices.e0
    choices.pre = choices.pre ?? stored.choices.pre
    choices.post = choices.post ?? stored.choices.post
    choices.degree = choices.degree ?? stored.choices.degree
    if stored.isStepFixed {
      choices.edgeStep = stored.choices.edgeStep
      diagnostics.note(
        "xas.fixed-step", at: place, found: "the project fixes the edge step",
        expected: "it is used as stored")
    }
    return choices
  }

  private mutating func normaliseOwn(
    _ choices: NormalisationChoices, _ options: XASOptions, _ place: Place,
    _ diagnostics: inout DiagnosticList
  ) {
    let known = element
    let result = InterphaseConvention.normalise(scan, choices) { e0 in
      let symbol =
        known ?? AbsorptionEdge.nearest(to: e0).flatMap { $0.edge == "K" ? $0.symbol : nil }
      return AbsorptionEdge.limits(above: symbol, sample: options.sample)
    }
    guard let result else {
      noise = pointNoise(scan.energy, scan.mu)
      diagnostics.warn(
        "xas.no-edge", at: place, found: "'\(name)' has \(scan.count) usable points",
        expected: "expected at least 8 to find an edge")
      return
    }
    noise = result.noise
    gridEdge = result.gridEdge
    guard result.hasEdge else {
      noEdge(place, result.spectrum.edgeStep, result.noise, &diagnostics)
      return
    }
    let above = result.spectrum.scan.energy.count { $0 > result.spectrum.e0 }
    e0 = result.spectrum.e0
    e0U = options.choices.e0 == nil ? result.edgeU : nil
    guard above >= 20 || source.signal.isNormalised else {
      diagnostics.warn(
        "xas.aborted", at: place, found: "only \(above) points lie above the edge of '\(name)'",
        expected: "expected 20 or more; it is not normalised")
      return
    }
    curves = result.spectrum
    stepU = choices.edgeStep == nil ? result.stepU : nil
    stepSensitivity = result.stepSensitivity
    if !result.isInflection {
      diagnostics.warn(
        "xas.no-inflection", at: place,
        found: "no inflection was found beside the steepest point of '\(name)'",
        expected: "e0 is that point, with half a step as its uncertainty")
    }
    if let next = result.nextEdge, choices.post == nil {
      diagnostics.warn(
        "xas.next-edge", at: place,
        found: "the scan reaches the edge of \(next.symbol) at \(XASText.number(next.energy)) eV",
        expected: "the post-edge ends 15 eV below it")
    }
    let pre = result.spectrum.preEdge
    if pre.points.count < 4 || pre.degree == 0 && choices.preDegree == nil {
      diagnostics.note(
        "xas.pre-edge-short", at: place,
        found: "the pre-edge of '\(name)' has \(pre.points.count) points and is short",
        expected: "a constant stands for a line")
    }
  }

  private func noEdge(
    _ place: Place, _ step: Double, _ noise: Double, _ diagnostics: inout DiagnosticList
  ) {
    let ratio = noise > 0 ? XASText.rounded(step.magnitude / noise, 1) : "–"
    let isOwn = convention == .interphase
    diagnostics.warn(
      "xas.no-edge", at: place,
      found: "'\(name)' has no edge: its step is \(ratio) times the noise, or it lies at an end",
      expected: isOwn ? "it is not normalised" : "its normalisation means little")
  }

  /// Names absorber and edge by the nearest tabulated edge, and checks what the file says.
  private mutating func nameElement(_ place: Place, _ diagnostics: inout DiagnosticList) {
    guard let e0 else {
      calibration.edge = element.flatMap { AbsorptionEdge.find($0, edge ?? "K") }
      return
    }
    if let element {
      let known = AbsorptionEdge.find(element, edge ?? "K")
      calibration.edge = known
      if let known, (known.energy - e0).magnitude > 25 {
        diagnostics.warn(
          "xas.other-edge", at: place,
          found: "the edge lies at \(XASText.rounded(e0, 2)) eV, that of \(element) "
            + "\(known.edge) at \(XASText.number(known.energy)) eV",
          expected: "expected at most 25 eV between them")
      }
    } else if let nearest = AbsorptionEdge.nearest(to: e0) {
      element = nearest.symbol
      edge = nearest.edge
      elementSource = "nearest-edge"
      calibration.edge = nearest
    }
  }

  /// Divides by what the options say.
  private mutating func scale(
    _ options: XASOptions, _ place: Place, _ diagnostics: inout DiagnosticList
  ) {
    if scaling == .mback, !matchFactors(place, &diagnostics) { return }
    guard let curves else {
      if scaling == .none, source.signal.isNormalised, e0 != nil {
        let plain = scan.averaged()
        norm = plain.mu
        scan = plain
      }
      return
    }
    let rest = zip(curves.scan.mu, curves.pre).map { $0 - $1 }
    var divisor = curves.edgeStep
    switch scaling {
    case .edgeStep:
      norm = curves.norm
      flat = curves.flat
    case .mback:
      norm = mback?.norm ?? []
      flat = norm
      return
    case .none:
      norm = curves.scan.mu
      flat = norm
      return
    case .area, .max:
      let window =
        options.peakWindow.flatMap { $0.range(curves.e0) } ?? (curves.e0 - 5)...(curves.e0 + 25)
      let inside = curves.scan.energy.indices.filter { window.contains(curves.scan.energy[$0]) }
      var sum = 0.0
      for (a, b) in zip(inside, inside.dropFirst()) {
        sum += (curves.scan.energy[b] - curves.scan.energy[a]) * (rest[a] + rest[b]) / 2
      }
      let size = scaling == .area ? sum : inside.map { rest[$0] }.max() ?? 0
      if size != 0 { divisor = size }
      norm = rest.map { $0 / divisor }
      let ratio = curves.edgeStep / divisor
      flat = curves.flat.map { $0 * ratio }
    }
    let e0 = curves.e0
    guard let last = curves.scan.energy.last, last >= e0 + 100, scaling == .edgeStep else {
      return
    }
    let inside = curves.scan.energy.indices.filter {
      curves.scan.energy[$0] >= e0 + 50 && curves.scan.energy[$0] <= e0 + 200
    }
    normMean = mean(inside.map { norm[$0] })
    flatMean = mean(inside.map { flat[$0] })
  }

  /// Matches the absorption to f″ of the absorber and keeps the points that its table reaches.
  private mutating func matchFactors(
    _ place: Place, _ diagnostics: inout DiagnosticList
  ) -> Bool {
    guard var curves else { return false }
    do {
      let match = try MbackNormalisation(curves, element: element ?? "–", place: place)
      if let first = match.energy.first, let last = match.energy.last,
        match.energy.count < curves.scan.count
      {
        let kept = curves.scan.energy.indices.filter {
          curves.scan.energy[$0] >= first && curves.scan.energy[$0] <= last
        }
        func trimmed(_ values: [Double]) -> [Double] { kept.map { values[$0] } }
        curves.scan.mu = trimmed(curves.scan.mu)
        curves.pre = trimmed(curves.pre)
        curves.post = trimmed(curves.post)
        curves.norm = trimmed(curves.norm)
        curves.flat = trimmed(curves.flat)
        curves.scan.energy = trimmed(curves.scan.energy)
        self.curves = curves
      }
      guard match.norm.count == curves.scan.count else { return false }
      mback = match
      return true
    } catch {
      var diagnostic = error.diagnostic
      diagnostic.severity = .warning
      diagnostics.add(diagnostic)
      return false
    }
  }

  private mutating func findPeak(_ options: XASOptions) {
    guard let e0, !norm.isEmpty else { return }
    let window = options.peakWindow.flatMap { $0.range(e0) }
    if options.peakWindow != nil, window == nil { return }
    peak = WhiteLine(energy: energy, norm: norm, e0: e0, window: window)
  }

  /// The edge of the reference channel.
  private mutating func findReference() {
    guard let values = source.referenceMu else { return }
    let foil = AbsorptionScan(energy: source.energy.map { $0 + calibration.shift }, mu: values)
    guard
      let result = InterphaseConvention.normalise(
        foil, NormalisationChoices(), sensitivity: false, limits: { _ in [] }), result.hasEdge
    else { return }
    calibration.channel = (result.spectrum.e0, result.edgeU)
  }
}
