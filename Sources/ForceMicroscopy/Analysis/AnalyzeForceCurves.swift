internal import NumericalMethods
public import Tables
internal import Units

/// Analyzes all force curves of a file as those of a freestanding film or of a supported sample.
///
/// Never throws: what cannot be analysed is in the diagnostics, with severity error where nothing
/// could be.
///
/// - Parameters:
///   - dataset: what the reader gave: tables `approach`, `retract`, `dwell`.
///   - input: the file, for the trace.
///   - sample: the sample that the file's curves belong to.
///   - options: the settings; those of `bySample` for this sample are put on top.
///   - tracePrefix: what the trace ids start with, unique in a run.
public func analyzeForceCurves(
  _ dataset: Dataset, input: InputIdentity, sample: String, options: ForceAnalysisOptions,
  tracePrefix: String
) -> ForceFileAnalysis {
  let name = options.sample ?? sample
  var diagnostics = DiagnosticList()
  var resolved = options
  do {
    resolved = try options.resolved(forSample: name)
  } catch {
    diagnostics.add(error.diagnostic)
  }
  resolved.dropValuesNotGiven()
  var trace = ForceTrace(prefix: tracePrefix)
  var curves: [ForceCurveAnalysis] = []
  var results: [ResultValue] = []
  var figures: [Figure] = []
  if let lacking = resolved.lackingInput(dataset) {
    diagnostics.add(lacking)
  } else {
    let found = ForceCurve.all(of: dataset, options: resolved, diagnostics: &diagnostics)
    for curve in found {
      var analyzer = ForceCurveAnalyzer(options: resolved)
      let analysis = analyzer.analyze(curve, sample: name)
      diagnostics.add(contentsOf: analyzer.diagnostics.all)
      noteFlags(analysis, options: resolved, &diagnostics)
      trace.add(analysis, input: input, options: resolved)
      results.append(ForceResult(a: analysis, options: resolved, trace: trace).value())
      // A map of thousands of curves is not drawn curve by curve.
      if curves.count < drawnCurves || analysis.failure != nil && figures.count < 4 * drawnCurves {
        figures += forceFigures(analysis, file: input.path, several: found.count > 1)
      }
      curves.append(analysis)
    }
    if curves.isEmpty, !diagnostics.contains(atLeast: .error) {
      diagnostics.add(noCurve(dataset))
    }
  }
  return ForceFileAnalysis(
    input: input, sample: name, curves: curves, result: .fields(["curves": .list(results)]),
    diagnostics: diagnostics.all, trace: trace.graph, figures: figures, options: resolved)
}

/// How many curves of a file of several are drawn; beyond them those that failed, up to as many again.
private let drawnCurves = 16

/// The error of a file without a force curve: which columns there are, and where they are named.
private func noCurve(_ dataset: Dataset) -> Diagnostic {
  let columns = dataset.tables.first?.columns ?? []
  // The labels of a text table stand on the line before its values.
  let place = columns.first?.origin.lines.map { Place.line(max(1, $0.lowerBound - 1)) } ?? .whole
  let volts = columns.contains { $0.name == "deflection_voltage" }
  let names = columns.prefix(6).map { "\($0.name) ('\($0.label)')" }.joined(separator: ", ")
  return Diagnostic(
    .error, "afm.no-curve", at: place,
    found: names.isEmpty ? "no force curve" : "no force curve in the columns \(names)",
    expected: volts
      ? "a sensitivity: the file gives volts and no deflection in metres (--invols)"
      : "an approach with a position and a deflection, each once")
}

extension ForceAnalysisOptions {
  /// The error of a model that was chosen without an input that it needs.
  fileprivate func lackingInput(_ dataset: Dataset) -> Diagnostic? {
    let chosen = contactModel?.rawValue ?? model.rawValue
    let found = "the \(chosen) model was chosen without an input that it needs"
    if let contactModel {
      if contactModel.needsHalfAngle, halfAngle == nil {
        return Diagnostic(.error, "afm.needs-half-angle", found: found, expected: "--half-angle")
      }
      if !contactModel.needsHalfAngle, tipRadius?.value.si.isFinite != true,
        !dataset.settings.contains(where: { $0.name == "tip_radius" && $0.value > 0 })
      {
        return Diagnostic(.error, "afm.needs-tip-radius", found: found, expected: "--tip-radius")
      }
      return nil
    }
    if model != .auto, holeRadius == nil {
      return Diagnostic(.error, "afm.needs-hole-radius", found: found, expected: "--hole-radius")
    }
    if model == .plate || model == .membrane, tipRadius == nil {
      return Diagnostic(.error, "afm.needs-tip-radius", found: found, expected: "--tip-radius")
    }
    if model == .plate, thickness == nil {
      return Diagnostic(.error, "afm.needs-thickness", found: found, expected: "--thickness")
    }
    return nil
  }

  /// Takes out values of which only an uncertainty was given.
  fileprivate mutating func dropValuesNotGiven() {
    if holeRadius?.value.si.isNaN == true { holeRadius = nil }
    // A contact model takes the file's radius, with the uncertainty that was given.
    if tipRadius?.value.si.isNaN == true, contactModel == nil { tipRadius = nil }
    if thickness?.value.si.isNaN == true { thickness = nil }
    if halfAngle?.value.si.isNaN == true { halfAngle = nil }
    if substrateE2D?.value.si.isNaN == true { substrateE2D = nil }
    if poissonRatio?.value.si.isNaN == true {
      poissonRatio = Measured(Quantity(si: 0.2), u: poissonRatio?.u, source: "default")
    }
  }
}

/// The force that would fix modulus and pretension, in words.
private func forceAdvice(_ a: ForceCurveAnalysis) -> String? {
  func nanonewton(_ si: Double) -> String {
    let x = ForceResult.inUnit(si, "nN")
    let step = x < 100 ? 5.0 : x < 1000 ? 10.0 : 100.0
    let whole = Int(exactly: (x / step).rounded(.up) * step)
    return whole.map { "\($0) nN" } ?? "\(x) nN"
  }
  guard let force = a.sufficientForce else {
    return a.limitForce.map {
      "a greater --elastic-limit; not even \(nanonewton(40 * $0)) would tell them apart"
    }
  }
  let most = a.force.prefix((a.failure?.index ?? a.peakRow ?? 0) + 1).max() ?? 0
  return most >= force
    ? "--elastic-limit \(nanonewton(force)), if the film still answers elastically there"
    : "a curve up to about \(nanonewton(force)) (this one ends at \(nanonewton(most)))"
}

/// Diagnostics for flags and for numbers that are null.
private func noteFlags(
  _ a: ForceCurveAnalysis, options: ForceAnalysisOptions, _ diagnostics: inout DiagnosticList
) {
  let words: [String: (String, String)] = [
    "afm.no-contact": ("the force range is below 5 × noise", "a curve that touches the film"),
    "afm.no-baseline": ("less than 5 % of the approach lies before contact", "a longer approach"),
    "afm.too-few-points": ("too few points for an analysis", "at least 50 on approach"),
    "afm.saturated": (
      "the deflection stays at one extreme value while z moves", "a detector in range"
    ),
    "afm.slope-impossible": (
      "the deflection grows faster than the position", "a slope of at most 1: check InvOLS"
    ),
    "afm.trigger-mismatch": (
      "the greatest force is not within 5 % of the trigger point", "right k and InvOLS"
    ),
    "afm.bad-fit": ("the model does not describe the curve", "a residual near the noise"),
    "afm.undetermined": (
      options.contactModel == nil
        ? "the curve fixes only a combination of modulus and pretension (u above 30 %)"
        : "the curve does not fix the modulus (u above 30 %)",
      options.contactModel == nil
        ? "a greater --elastic-limit, as far as the film answers elastically"
        : "a deeper indentation or less noise"
    ),
    "afm.large-deflection": (
      "the deflection exceeds half the hole radius: no model of a film holds there",
      "a film over a hole; a soft sample on a base needs a contact model"
    ),
    "afm.hysteresis": ("more than 5 % of the work is lost: slip?", "a curve without hysteresis"),
    "afm.missing-values": ("values are missing", "complete columns"),
    "afm.aborted": ("the approach was aborted", "a whole approach"),
  ]
  for flag in a.flags {
    var (found, expected) = words[flag] ?? (flag, "")
    if flag == "afm.undetermined", let advice = forceAdvice(a) { expected = advice }
    diagnostics.warn(flag, found: found, expected: expected)
  }
  if options.contactModel == nil, a.failure == nil, a.fit != nil || a.curve.reduced {
    diagnostics.note(
      "afm.no-failure",
      found: "no failure (rule \(options.failureRule.rawValue) \(options.failurePercent) %): "
        + "fracture force, deflection and toughness are null")
  }
  if !a.answersAsFilm {
    diagnostics.note(
      "afm.no-film",
      found: "force and deflection of curve \(a.number) are not those of a film: no stiffness",
      expected: "--hole-radius for a film, or a model of contact such as --model hertz-sphere")
  }
  if a.curve.dwell, !a.curve.retractZ.isEmpty {
    diagnostics.note(
      "afm.dwell", found: "a dwell lies between approach and retract: hysteresis is null")
  }
  if a.curve.commanded == false, a.curve.retractZ.isEmpty, !a.curve.reduced {
    diagnostics.note(
      "afm.no-retract", found: "no retract: adhesion, unloading work and hysteresis are null")
  }
  if a.model != nil, !a.substrateCorrected {
    diagnostics.warn(
      "afm.substrate-unknown", found: "neither a sheet nor its absence is given",
      expected: "--substrate-e2d or --no-substrate; no film modulus without")
  } else if a.model != nil, (a.inputs?.sheet ?? 0) > 0 {
    diagnostics.note(
      "afm.assumed-bonding",
      found: "film and sheet are taken as perfectly bonded and of one Poisson ratio")
  }
  if a.failure != nil, a.estimates[.e2d] != nil, a.estimates[.linearStrength2D] == nil {
    diagnostics.note(
      "afm.no-linear-strength",
      found: "no linear strength: no tip radius, or bending above 10 % of the linear stiffness")
  }
}
