internal import Tables
internal import Units

/// The ids of the steps behind the numbers of one spectrum.
struct SpectrumSteps: Hashable, Sendable {
  var ids: [String: TraceID] = [:]

  subscript(_ key: String) -> TraceID? {
    get { ids[key] }
    set { ids[key] = newValue }
  }
}

/// Builds the steps from the columns of a file to the numbers of its spectra.
struct XASTrace {
  var graph: TraceGraph

  init(prefix: String) { graph = TraceGraph(prefix: prefix) }

  /// The steps of one spectrum up to its white line.
  mutating func add(_ a: inout SpectrumAnalysis, options: XASOptions) {
    let source = a.source
    var steps = SpectrumSteps()
    var energy = read(source.energyOrigin, source.input, "energy", source.energySteps)
    let columns = source.signalOrigins.map { read($0, source.input, "column", []) }
    let absorption = graph.add(
      .compute, "absorption of \(a.name): \(a.source.signal.mode.rawValue)", inputs: columns,
      formula: source.signal.expression.text, reference: "docs/xas.md")
    if a.calibration.shift != 0 {
      var parameters = ResultObject()
      parameters["shift"] = .quantity(XASUnit.quantity(a.calibration.shift, "eV"))
      parameters["method"] = .text(a.calibration.method.rawValue)
      energy = graph.add(
        a.calibration.method == .stored ? .compute : .override, "energies moved",
        inputs: [energy], parameters: parameters)
    }
    steps["calibration"] = energy
    var counts = ResultObject()
    counts["non_finite"] = .integer(a.scan.nonFinite)
    counts["backward_steps"] = .integer(a.scan.backwardSteps)
    var points = graph.add(
      .select, "finite points in ascending order: \(a.scan.count)", inputs: [energy, absorption],
      parameters: counts, rows: source.energy.isEmpty ? nil : 0...(source.energy.count - 1))
    steps["points"] = points
    if options.blankScan != nil || options.rebin || options.alpha != nil {
      var parameters = ResultObject()
      if let blank = options.blank { parameters["blank"] = .text(blank) }
      if options.rebin { parameters["rebin"] = .text("boxcar") }
      if let alpha = options.alpha { parameters["alpha"] = .number(alpha) }
      points = graph.add(
        .compute, "corrections of the absorption", inputs: [points], parameters: parameters,
        reference: "docs/xas.md")
      steps["points"] = points
    }
    steps["noise"] = graph.add(
      .compute, "noise of one point", inputs: [points],
      formula: "σ = 1.4826·median of contrasts of four neighbours", reference: "docs/xas.md")
    if a.calibration.channel != nil {
      steps["reference_channel_e0"] = graph.add(
        .fit, "edge of the reference channel", inputs: [energy],
        formula: source.referenceText ?? "", reference: "docs/xas.md")
    }
    if a.e0 != nil { addEdge(a, options, points, &steps) }
    if let fit = a.fit { addFit(fit, options, &steps) }
    a.steps = steps
  }

  private mutating func addEdge(
    _ a: SpectrumAnalysis, _ options: XASOptions, _ points: TraceID, _ steps: inout SpectrumSteps
  ) {
    let grid = graph.add(
      .fit, "grid point of the steepest rise", inputs: [points],
      formula: "maximum of the smoothed derivative",
      reference: "M. Newville, J. Phys. Conf. Ser. 430 (2013) 012007")
    steps["e0_grid"] = grid
    if options.choices.e0 != nil {
      steps["e0"] = graph.add(.override, "edge energy from the option")
    } else {
      steps["e0"] =
        a.convention == .interphase
        ? graph.add(
          .fit, "edge energy: inflection of a cubic about the grid point", inputs: [grid],
          formula: "e0 = −c₂/3c₃", reference: "docs/xas.md") : grid
    }
    guard let curves = a.curves, let e0 = steps["e0"] else {
      if let peak = a.peak { addPeak(peak, points, &steps) }
      return
    }
    func line(_ name: String, _ line: EdgeLine, _ inputs: [TraceID]) -> TraceID {
      var parameters = ResultObject()
      parameters["from"] = .quantity(XASUnit.quantity(line.from, "eV"))
      parameters["to"] = .quantity(XASUnit.quantity(line.to, "eV"))
      parameters["degree"] = .integer(line.degree)
      return graph.add(
        .fit, "\(name) of degree \(line.degree)", inputs: inputs, parameters: parameters,
        rows: line.points.isEmpty ? nil : line.points.lowerBound...(line.points.upperBound - 1),
        formula: "least squares in powers of E − e0", reference: "docs/xas.md")
    }
    steps["pre_edge"] = line("pre-edge", curves.preEdge, [points, e0])
    let before = steps["pre_edge"].map { [points, e0, $0] } ?? [points, e0]
    steps["post_edge"] = line("post-edge", curves.postEdge, before)
    let lines = [steps["pre_edge"], steps["post_edge"]].compactMap { $0 }
    let step = graph.add(
      .compute, "edge step (\(a.convention.rawValue))", inputs: lines + [e0],
      formula: "post-edge − pre-edge at e0", reference: "docs/xas.md")
    steps["edge_step"] = step
    let formula: String
    switch a.scaling {
    case .edgeStep: formula = "(mu − pre-edge)/step"
    case .mback: formula = "(s·mu − Σcᵢ(E − e0)ⁱ − pre-edge of f″)/step of f″"
    case .area: formula = "(mu − pre-edge)/area over the peak window"
    case .max: formula = "(mu − pre-edge)/maximum in the peak window"
    case .none: formula = "mu as given"
    }
    let norm = graph.add(
      .compute, "normalised absorption", inputs: [points, step] + lines, formula: formula)
    steps["norm"] = norm
    if let peak = a.peak { addPeak(peak, norm, &steps) }
  }

  private mutating func addPeak(
    _ peak: WhiteLine, _ norm: TraceID, _ steps: inout SpectrumSteps
  ) {
    var parameters = ResultObject()
    parameters["window"] = .text(
      "\(XASText.number(peak.window.lowerBound)):\(XASText.number(peak.window.upperBound))")
    parameters["best"] = .text(peak.best.rawValue)
    steps["peak"] = graph.add(
      .compute, "position, height and width of the white line", inputs: [norm],
      parameters: parameters, reference: "docs/xas.md")
    if steps["norm"] == nil { steps["norm"] = norm }
  }

  private mutating func addFit(
    _ fit: EdgeFit, _ options: XASOptions, _ steps: inout SpectrumSteps
  ) {
    var parameters = ResultObject()
    parameters["window"] = .text(
      "\(XASText.number(fit.window.lowerBound)):\(XASText.number(fit.window.upperBound))")
    parameters["array"] = .text(options.fitArray.rawValue)
    parameters["points"] = .integer(fit.points)
    steps["fit"] = graph.add(
      .fit, "step and peaks by least squares", inputs: [steps["norm"]].compactMap { $0 },
      parameters: parameters, formula: fit.model.text, reference: "docs/xas.md")
  }

  /// The step of a combination of standards.
  mutating func addMixture(_ a: inout SpectrumAnalysis, standards: [SpectrumAnalysis]) {
    guard let mixture = a.mixture else { return }
    var parameters = ResultObject()
    parameters["window"] = .text(
      "\(XASText.number(mixture.window.lowerBound)):\(XASText.number(mixture.window.upperBound))")
    a.steps["lcf"] = graph.add(
      .fit, "combination of \(standards.count) standards",
      inputs: ([a.steps["norm"]] + standards.map { $0.steps["norm"] }).compactMap { $0 },
      parameters: parameters, formula: "y(E) = Σ wᵢ sᵢ(E)", reference: "docs/xas.md")
  }

  /// The step of a shift between two spectra.
  mutating func addShift(_ a: inout SpectrumAnalysis, reference: SpectrumAnalysis) {
    guard let shift = a.shift else { return }
    var parameters = ResultObject()
    parameters["window"] = .text(
      "\(XASText.number(shift.window.lowerBound)):\(XASText.number(shift.window.upperBound))")
    parameters["points"] = .integer(shift.points)
    a.steps["shift"] = graph.add(
      .fit, "shift of \(a.name) against \(reference.name)",
      inputs: [a.steps["norm"], reference.steps["norm"]].compactMap { $0 }, parameters: parameters,
      formula: "y(E) = a·f(E − δ) + b, f a smoothing spline of the reference",
      reference: "docs/xas.md")
    a.steps["e0_difference"] = graph.add(
      .compute, "difference of e0",
      inputs: [a.steps["e0"], reference.steps["e0"]].compactMap { $0 })
    a.steps["peak_difference"] = graph.add(
      .compute, "difference of the peak's position",
      inputs: [a.steps["peak"], reference.steps["peak"]].compactMap { $0 })
  }

  private mutating func read(
    _ column: SpectrumSource.Origin, _ input: InputIdentity, _ what: String, _ more: [String]
  ) -> TraceID {
    let steps = column.origin.steps + more
    let words = steps.isEmpty ? "" : ", " + steps.joined(separator: ", ")
    let place: String
    if let member = column.origin.member {
      place = Place.entry(member).description
    } else if let lines = column.origin.lines {
      place = "lines \(lines.lowerBound)–\(lines.upperBound)"
    } else if let first = column.origin.bytes.first {
      place = Place.byte(first.lowerBound).description
    } else {
      place = Place.whole.description
    }
    return graph.add(
      .read, "\(what) \(column.label)\(words)",
      source: TraceStep.Source(
        file: input.path, sha256: input.sha256, place: place, bytes: column.origin.bytes))
  }
}
