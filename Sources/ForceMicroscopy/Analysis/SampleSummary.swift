internal import NumericalMethods
internal import RealModule
internal import Tables
internal import Units

/// The statistics of one sample.
struct SampleSummary {
  let name: String
  let files: [ForceFileAnalysis]
  let options: ForceAnalysisOptions
  let curves: [ForceCurveAnalysis]
  private var means: [ForceKey: TraceID] = [:]
  private let joint: JointFit?
  private var jointTrace: TraceID?

  init(name: String, files: [ForceFileAnalysis], options: ForceAnalysisOptions) {
    self.name = name
    self.files = files
    self.options = options
    curves = files.flatMap(\.curves)
    joint = options.joint ? JointFit(files, options: files.first?.options ?? options) : nil
  }

  /// Whether a curve counts for a key.
  private func counts(_ c: ForceCurveAnalysis, _ key: ForceKey) -> Bool {
    switch c.verdict {
    case .good: return true
    case .rejected: return false
    case .suspect:
      if options.includeSuspect { return true }
      return c.flags == ["afm.undetermined"] && !key.isElastic
    }
  }

  /// The curves of verdict good (or all not rejected, where asked for).
  var used: Int {
    curves.filter { $0.verdict == .good || (options.includeSuspect && $0.verdict == .suspect) }
      .count
  }

  /// The statistics of one key in its result unit.
  struct Statistics {
    var values: [Double]
    var mean: Double
    var sd: Double?
    var systematic: Double
    var noise: Double?
    var se: Double? { sd.map { $0 / Double(values.count).squareRoot() } }
    /// √(SE² + u_sys²); with one curve the noise of that curve stands for SE.
    var u: Double? {
      (se ?? noise).map { ($0 * $0 + systematic * systematic).squareRoot() }
    }
  }

  func statistics(_ key: ForceKey) -> Statistics? {
    let list = curves.filter { counts($0, key) }.compactMap { $0.estimates[key] }
    let values = list.map { $0.value / key.scale }
    guard let m = mean(values) else { return nil }
    var variance = 0.0
    for source in SharedInput.allCases {
      let shift = list.reduce(0) { $0 + ($1.shared[source] ?? 0) } / Double(list.count) / key.scale
      variance += shift * shift
    }
    return Statistics(
      values: values, mean: m, sd: standardDeviation(values), systematic: variance.squareRoot(),
      noise: list.count == 1 ? list[0].uNoise.map { $0 / key.scale } : nil)
  }

  private func traces(_ key: ForceKey) -> [TraceID] {
    var result: [TraceID] = []
    for file in files {
      for (i, curve) in file.curves.enumerated() where counts(curve, key) {
        if let id = file.result["curves"]?[i]?[key.rawValue]?.quantity?.trace { result.append(id) }
      }
    }
    return result
  }

  /// The entry of `samples[]`.
  mutating func value(trace: inout TraceGraph) -> ResultValue {
    var statistics = ResultObject()
    for key in ForceKey.allCases {
      guard let s = self.statistics(key) else { continue }
      let id = trace.add(
        .aggregate, "mean of \(key.rawValue) over \(s.values.count) curves of \(name)",
        inputs: traces(key), formula: "mean; u = √(SD²/n + u_systematic²)",
        reference: "JCGM 100:2008, §4.2 and §5")
      means[key] = id
      var one = ResultObject()
      one["n"] = .integer(s.values.count)
      one["mean"] = .number(s.mean)
      one["u"] = s.u.map { .number($0) } ?? .null
      one["sd"] = s.sd.map { .number($0) } ?? .null
      one["se"] = s.se.map { .number($0) } ?? .null
      one["median"] = median(s.values).map { .number($0) } ?? .null
      one["min"] = s.values.min().map { .number($0) } ?? .null
      one["max"] = s.values.max().map { .number($0) } ?? .null
      one["unit"] = .text(key.ucum)
      one["u_systematic"] = .number(s.systematic)
      one["trace"] = .text(id.text)
      statistics[key.rawValue] = .object(one)
    }
    var fields = ResultObject()
    fields["sample"] = .text(name)
    fields["n_files"] = .integer(files.count)
    fields["n_curves"] = .integer(curves.count)
    fields["n_used"] = .integer(used)
    fields["n_rejected"] = .integer(curves.filter { $0.verdict == .rejected }.count)
    fields["statistics"] = .object(statistics)
    fields["weibull"] = .fields(["fracture_force": weibull()])
    if options.joint { fields["joint"] = jointValue(trace: &trace) }
    return .object(fields)
  }

  /// The joint fit as a result; null where there is none.
  private mutating func jointValue(trace: inout TraceGraph) -> ResultValue {
    guard let joint else { return .null }
    let id = trace.add(
      .fit,
      "one modulus for \(joint.members.count) curves of \(name); pretension, contact and baseline are each curve's own",
      inputs: files.flatMap { file in
        file.curves.indices.compactMap {
          file.result["curves"]?[$0]?["e2d"]?.quantity?.trace
        }
      }, formula: "minimum of Σ χᵢ²(Y); u = max(1, Birge ratio)/√Σ wᵢ, with u_systematic",
      reference: "docs/afm.md")
    jointTrace = id
    func quantity(_ value: Double, _ unit: String, _ noise: Double, _ shared: Double) -> ResultValue
    {
      .quantity(
        MeasuredValue(
          value, ForceResult.unit(unit), u: (noise * noise + shared * shared).squareRoot(),
          uKind: "propagated", trace: id))
    }
    var one = ResultObject()
    one["n"] = .integer(joint.members.count)
    one["model"] = .text(joint.model.rawValue)
    one["e2d"] = quantity(joint.modulus, "N/m", joint.noiseU, joint.systematicU(of: .e2d))
    one["e2d_film"] =
      joint.inputs.sheet.map {
        quantity(joint.modulus - $0, "N/m", joint.noiseU, joint.systematicU(of: .e2dFilm))
      } ?? .null
    one["modulus"] = jointModulus.map { .quantity($0) } ?? .null
    one["birge_ratio"] = joint.birgeRatio.map { .number($0) } ?? .null
    one["curves"] = .list(
      joint.members.map { member in
        .fields([
          "file": .text(member.file), "curve": .integer(member.number),
          "pretension": .quantity(
            MeasuredValue(
              member.pretension, ForceResult.unit("N/m"), u: member.pretensionU,
              uKind: member.pretensionU == nil ? nil : "fit", trace: id)),
          "pull": .number(member.pull),
        ])
      })
    return .object(one)
  }

  /// The film modulus of the joint fit, GPa.
  private var jointModulus: MeasuredValue? {
    guard let joint, let sheet = joint.inputs.sheet, let h = joint.inputs.thickness, h > 0 else {
      return nil
    }
    let shared = joint.systematicU(of: .modulus)
    let noise = joint.noiseU / h
    return MeasuredValue(
      ForceResult.inUnit((joint.modulus - sheet) / h, "GPa"), ForceResult.unit("GPa"),
      u: ForceResult.inUnit((noise * noise + shared * shared).squareRoot(), "GPa"),
      uKind: "propagated", trace: jointTrace)
  }

  private var fractureForces: [Double] { statistics(.fractureForce)?.values ?? [] }

  private func weibull() -> ResultValue {
    guard let w = WeibullFit(fractureForces) else { return .null }
    return .fields([
      "n": .integer(w.n), "shape": .number(w.shape),
      "shape_lower": w.shapeLower.map { .number($0) } ?? .null,
      "shape_upper": w.shapeUpper.map { .number($0) } ?? .null,
      "scale": .quantity(
        MeasuredValue(
          w.scale, ForceResult.unit("nN"), u: w.scaleU, uKind: "fit",
          trace: means[.fractureForce])),
    ])
  }

  /// The rank plot: ln(−ln(1 − P)) against ln F with median ranks P = (i − 0.3)/(n + 0.4).
  func weibullFigure() -> Figure? {
    let values = fractureForces.sorted()
    guard let w = WeibullFit(values) else { return nil }
    let n = Double(values.count)
    let y = values.indices.map { i in
      Double.log(-Double.log(1 - (Double(i) + 0.7) / (n + 0.4)))
    }
    let ends = [values[0] * 0.95, values[values.count - 1] * 1.05]
    let id = String(name.map { $0.isLetter || $0.isNumber || $0 == "-" ? $0 : "_" })
    return Figure(
      id: "\(id)-weibull", title: "\(name): Weibull plot of the fracture force",
      caption: "Median ranks of the fracture force and the maximum-likelihood line. "
        + "With few curves the slope is uncertain by tens of per cent.",
      xAxis: .init("fracture force", unit: "nN", logarithmic: true),
      yAxis: .init("ln(−ln(1 − P))", unit: "1"),
      series: [
        .init("curves", .points, x: values, y: y),
        .init(
          "maximum likelihood", .line, x: ends,
          y: ends.map { w.shape * Double.log($0 / w.scale) }),
      ])
  }

  /// The record for the simulations.
  mutating func handover(trace: inout TraceGraph) -> FilmHandover {
    let resolved = files.first?.options ?? options
    var reasons: [String] = []
    let fitted = curves.filter { $0.model != nil }
    let corrected = !fitted.isEmpty && fitted.allSatisfy(\.substrateCorrected)
    if let contact = resolved.contactModel {
      return refusedHandover(
        "a supported sample (\(contact.rawValue)): the hand-over is that of freestanding films")
    }
    if resolved.holeRadius == nil { reasons.append("no hole radius: no modulus") }
    if resolved.thickness == nil { reasons.append("no thickness: no modulus") }
    if !corrected, resolved.holeRadius != nil, resolved.substrateE2D == nil, !resolved.noSubstrate {
      reasons.append("neither --substrate-e2d nor --no-substrate is given")
    }
    let s = statistics(.modulus)
    if options.joint, joint == nil, reasons.isEmpty {
      reasons.append("fewer than two curves with one model for --joint")
    }
    if let common = jointModulus, let value = common.value, let u = common.u, u > abs(value) {
      reasons.append("the joint fit does not determine the modulus: raise --elastic-limit")
    }
    if s == nil, joint == nil, reasons.isEmpty {
      let loose = curves.filter { $0.flags.contains("afm.undetermined") }.count
      reasons.append(
        loose > 0
          ? "no curve determines the modulus (\(loose) undetermined): raise --elastic-limit"
          : "no curve of verdict good")
    }
    if let s, s.mean <= 0 { reasons.append("the mean modulus is not above 0") }
    let model = fitted.first?.model
    if let model, fitted.contains(where: { $0.model != model }) {
      reasons.append("curves were fitted with different models")
    }
    func shared(_ x: Double?, _ u: Double?, _ unit: String) -> MeasuredValue? {
      x.map {
        MeasuredValue(
          ForceResult.inUnit($0, unit), ForceResult.unit(unit),
          u: u.map { ForceResult.inUnit($0, unit) },
          uKind: u == nil ? nil : "user", source: "option")
      }
    }
    func mean(_ key: ForceKey) -> MeasuredValue? {
      statistics(key).map {
        MeasuredValue(
          $0.mean, ForceResult.unit(key.ucum), u: $0.u, uKind: "propagated", trace: means[key])
      }
    }
    return FilmHandover(
      sample: name, reasons: reasons,
      modulus: reasons.isEmpty ? jointModulus ?? mean(.modulus) : nil,
      modulusSpread: reasons.isEmpty && joint == nil ? s?.sd : nil,
      poissonRatio: resolved.poissonRatio?.value.si ?? 0.2,
      thickness: shared(
        resolved.thickness?.value.si, resolved.thickness?.u?.si, "nm"),
      pretension: mean(.pretension), fractureForce: mean(.fractureForce),
      toughness: mean(.toughness),
      substrateE2D: resolved.noSubstrate
        ? shared(0, 0, "N/m")
        : shared(resolved.substrateE2D?.value.si, resolved.substrateE2D?.u?.si, "N/m"),
      n: joint?.members.count ?? s?.values.count ?? 0, model: model?.rawValue,
      isSubstrateCorrected: corrected,
      inputs: files.map(\.input.path))
  }

  /// A record that hands nothing over.
  private func refusedHandover(_ reason: String) -> FilmHandover {
    FilmHandover(
      sample: name, reasons: [reason], poissonRatio: options.poissonRatio?.value.si ?? 0.2, n: 0,
      isSubstrateCorrected: false, inputs: files.map(\.input.path))
  }

  /// The record as a result.
  func value(of h: FilmHandover) -> ResultValue {
    func q(_ m: MeasuredValue?) -> ResultValue { m.map { .quantity($0) } ?? .null }
    return .fields([
      "sample": .text(h.sample), "status": .text(h.isReady ? "ready" : "refused"),
      "reasons": .list(h.reasons.map { .text($0) }), "modulus": q(h.modulus),
      "modulus_sd": h.modulusSpread.map {
        .quantity(MeasuredValue($0, ForceResult.unit("GPa"), trace: means[.modulus]))
      } ?? .null,
      "poisson_ratio": .number(h.poissonRatio), "thickness": q(h.thickness),
      "pretension": q(h.pretension), "fracture_force": q(h.fractureForce),
      "toughness": q(h.toughness), "n": .integer(h.n),
      "model": h.model.map { .text($0) } ?? .null,
      "substrate_corrected": .flag(h.isSubstrateCorrected), "substrate_e2d": q(h.substrateE2D),
      "inputs": .list(h.inputs.map { .text($0) }),
    ])
  }
}
