internal import Tables
internal import Units

/// The trace of one curve: where its columns and settings were read, and every step after.
struct ForceTrace {
  var graph: TraceGraph
  private(set) var ids: [String: TraceID] = [:]

  init(prefix: String) { graph = TraceGraph(prefix: prefix) }

  subscript(_ key: String) -> TraceID? { ids[key] }

  /// Adds the steps of a curve.
  mutating func add(
    _ a: ForceCurveAnalysis, input: InputIdentity, options: ForceAnalysisOptions
  ) {
    ids = [:]
    let reads = a.curve.columns.map { column in
      graph.add(
        .read,
        "column \(column.label), " + column.origin.steps.joined(separator: ", "),
        source: TraceStep.Source(
          file: input.path, sha256: input.sha256, place: place(column.origin),
          bytes: column.origin.bytes))
    }
    var calibration: [TraceID] = []
    if !a.curve.reduced, let k = a.curve.springConstant {
      let id = setting(
        "spring constant", a.curve.written.springConstant, k.value.si, "N/m", k.u?.si, k.source,
        input)
      ids["spring_constant"] = id
      calibration.append(id)
    }
    if let s = a.curve.invOLS {
      let id = setting(
        "InvOLS", a.curve.written.invOLS, ForceResult.inUnit(s.value.si, "nm/V"), "nm/V",
        s.u.map { ForceResult.inUnit($0.si, "nm/V") }, s.source, input)
      ids["invols"] = id
      if s.source == "option" { calibration.append(id) }
    }
    guard a.noise != nil || !a.estimates.isEmpty else { return }
    let rows = a.curve.segments.first { $0.kind == "approach" }
    let approach = graph.add(
      .select, "approach of curve \(a.number), z growing toward the sample", inputs: reads,
      rows: rows.map { $0.start...max($0.start, $0.stop - 1) })
    ids["approach"] = approach
    let baseline = graph.add(
      .fit, "baseline: a straight line through the approach before contact", inputs: [approach],
      formula: "d = offset + slope·z", reference: "docs/afm.md")
    ids["baseline"] = baseline
    var settings = ResultObject()
    for (name, value, u, unit) in inputList(options) {
      settings[name] = .quantity(
        MeasuredValue(
          value, ForceResult.unit(unit), u: u, uKind: u == nil ? nil : "user", source: "option"))
    }
    var chain = [approach, baseline] + calibration
    if let fit = a.fit {
      var parameters = settings
      parameters["model"] = .text(fit.model.rawValue)
      parameters["noise_correlation"] = .number(fit.correlation)
      let id = graph.add(
        .fit,
        "least squares of the \(fit.model.rawValue) model in measured deflection: Y, σ, z₀, baseline offset and slope; u from the covariance scaled by the residual and its autocorrelation time",
        inputs: [approach] + calibration, parameters: parameters,
        rows: fit.rows.lowerBound...max(fit.rows.lowerBound, fit.rows.upperBound - 1),
        formula: fit.model == .textbook
          ? "F = (16πD/a² + πσ)δ + q³Yδ³/a²"
          : "Föppl–von Kármán disc under a rigid paraboloid, δ = (z − z₀) − (d − baseline)",
        reference: fit.model == .textbook
          ? "C. Lee et al., Science 321 (2008) 385; D after A. Castellanos-Gomez et al., Adv. Mater. 24 (2012) 772"
          : "Landau & Lifshitz, Theory of Elasticity, §14; docs/afm.md")
      ids["fit"] = id
      chain = [id]
    }
    if let fit = a.contactFit {
      var parameters = settings
      parameters["model"] = .text(fit.model.rawValue)
      parameters["noise_correlation"] = .number(fit.correlation)
      let id = graph.add(
        .fit,
        "least squares of the \(fit.model.rawValue) model in force over the position of the tip, whole \(fit.model.isAdhesive ? "retract" : "approach"): modulus, contact, baseline\(fit.model.isAdhesive ? ", work of adhesion" : ""); u from the covariance scaled by the residual and its autocorrelation time",
        inputs: [approach] + calibration, parameters: parameters, formula: fit.model.formula,
        reference: fit.model.reference)
      ids["fit"] = id
      chain = [id]
    }
    let convert =
      options.contactModel == nil
      ? graph.add(
        .convert, "force F = k·(d − baseline) and film deflection δ", inputs: chain,
        formula: "F = k (d − baseline); δ = (z − z₀) − (d − baseline)", reference: "docs/afm.md")
      : graph.add(
        .convert, "force F = k·d − baseline and indentation δ", inputs: chain,
        formula: "F = k d − baseline; δ = z − d − contact", reference: "docs/afm.md")
    ids["force"] = convert
    var failure: TraceID?
    if let f = a.failure {
      var parameters = ResultObject()
      parameters["rule"] = .text(options.failureRule.rawValue)
      parameters["percent"] = .number(options.failurePercent)
      let id = graph.add(
        .select, "failure: the last point before the force falls", inputs: [convert],
        parameters: parameters, rows: f.index...f.index)
      failure = id
      ids["failure"] = id
    }
    let sheet = given(["substrate_e2d"], settings)
    let thickness = given(["thickness"], settings)
    for key in ForceKey.allCases where a.estimates[key] != nil {
      let source: TraceID
      switch key {
      case .fractureForce, .fractureDeflection, .toughness, .fractureForcePerThickness,
        .toughnessPerThickness:
        source = failure ?? convert
      case .maxForce, .adhesionForce, .maxDeflection, .loadingWork, .unloadingWork, .hysteresis:
        source = convert
      default: source = ids["fit"] ?? convert
      }
      let more: [TraceID]
      switch key {
      case .e2dFilm: more = sheet
      case .modulus: more = sheet + thickness
      case .fractureForcePerThickness, .toughnessPerThickness: more = thickness
      default: more = []
      }
      ids[key.rawValue] = graph.add(
        .compute, key.rawValue, inputs: [source] + more, formula: key.formula,
        reference: "docs/afm.md")
    }
  }

  /// Steps for values that were given and not measured here; none for a value that is not given.
  private mutating func given(_ names: [String], _ settings: ResultObject) -> [TraceID] {
    var steps: [TraceID] = []
    for name in names {
      guard let value = settings[name] else { continue }
      var parameters = ResultObject()
      parameters["value"] = value
      steps.append(graph.add(.override, "\(name) as given", parameters: parameters))
    }
    return steps
  }

  private func place(_ origin: Origin) -> String {
    if let member = origin.member { return Place.entry(member).description }
    if let lines = origin.lines { return "lines \(lines.lowerBound)–\(lines.upperBound)" }
    if let first = origin.bytes.first { return Place.byte(first.lowerBound).description }
    return Place.whole.description
  }

  private mutating func setting(
    _ name: String, _ written: InstrumentSetting?, _ value: Double, _ unit: String,
    _ u: Double?, _ source: String, _ input: InputIdentity
  ) -> TraceID {
    var parameters = ResultObject()
    parameters["value"] = .quantity(MeasuredValue(value, ForceResult.unit(unit), u: u))
    if source == "option" {
      return graph.add(.override, "\(name) from the option", parameters: parameters)
    }
    let origin = written?.origin ?? Origin()
    return graph.add(
      .read, "\(name) from the file's key \(written?.key ?? name)", parameters: parameters,
      source: TraceStep.Source(
        file: input.path, sha256: input.sha256, place: place(origin), bytes: origin.bytes))
  }

  /// The options that enter the models, in result units.
  private func inputList(
    _ o: ForceAnalysisOptions
  ) -> [(String, Double, Double?, String)] {
    func nm(_ si: Double) -> Double { ForceResult.inUnit(si, "nm") }
    var list: [(String, Double, Double?, String)] = []
    if let contact = o.contactModel {
      if contact.needsHalfAngle, let x = o.halfAngle {
        list.append(
          (
            "half_angle", ForceResult.inUnit(x.value.si, "deg"),
            x.u.map { ForceResult.inUnit($0.si, "deg") }, "deg"
          ))
      } else if let x = o.tipRadius, x.value.si.isFinite {
        list.append(("tip_radius", nm(x.value.si), x.u.map { nm($0.si) }, "nm"))
      }
      list.append(("poisson_ratio", o.poissonRatio?.value.si ?? 0.2, o.poissonRatio?.u?.si, "1"))
      if contact == .hertzSphere, let x = o.thickness {
        list.append(("thickness", nm(x.value.si), x.u.map { nm($0.si) }, "nm"))
      }
      return list
    }
    if let x = o.holeRadius {
      list.append(("hole_radius", nm(x.value.si), x.u.map { nm($0.si) }, "nm"))
    }
    if let x = o.tipRadius {
      list.append(("tip_radius", nm(x.value.si), x.u.map { nm($0.si) }, "nm"))
    }
    list.append(
      ("poisson_ratio", o.poissonRatio?.value.si ?? 0.2, o.poissonRatio?.u?.si, "1"))
    if let x = o.thickness {
      list.append(("thickness", nm(x.value.si), x.u.map { nm($0.si) }, "nm"))
    }
    if let x = o.substrateE2D { list.append(("substrate_e2d", x.value.si, x.u?.si, "N/m")) }
    if let x = o.elasticLimit {
      list.append(("elastic_limit", ForceResult.inUnit(x.si, "nN"), nil, "nN"))
    }
    return list
  }
}
