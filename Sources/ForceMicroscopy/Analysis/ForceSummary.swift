internal import NumericalMethods
public import Tables
internal import Units

/// What one sample hands to a simulation: the modulus of the film alone, or why there is none.
public struct FilmHandover: Hashable, Sendable {
  /// The sample.
  public var sample: String
  /// Why the record is refused; empty for a ready one.
  public var reasons: [String]
  /// Whether the modulus may be used.
  public var isReady: Bool { reasons.isEmpty }
  /// The mean film modulus of the good curves, GPa; nil where refused.
  public var modulus: MeasuredValue?
  /// The standard deviation between curves, GPa.
  public var modulusSpread: Double?
  /// The Poisson ratio.
  public var poissonRatio: Double
  /// Film thickness (nm), pretension (N/m), fracture force (nN), toughness (fJ), sheet (N/m).
  public var thickness: MeasuredValue?, pretension: MeasuredValue?, fractureForce: MeasuredValue?,
    toughness: MeasuredValue?, substrateE2D: MeasuredValue?
  /// The number of curves behind the modulus.
  public var n: Int
  /// The model.
  public var model: String?
  /// Whether the sheet was taken off (or is known to be absent).
  public var isSubstrateCorrected: Bool
  /// The files behind it.
  public var inputs: [String]
}

/// The summary of all files of a run, sample by sample.
public struct ForceSummary: Sendable {
  /// `{"samples": […], "handover": […]}` of the contract.
  public var summary: ResultValue
  /// The records for the simulations.
  public var handover: [FilmHandover]
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// Weibull rank plots.
  public var figures: [Figure]
}

/// Summarises files by sample: mean, spread, shared uncertainty, Weibull statistics and hand-over.
///
/// Samples come in the order of their names. Curves of verdict good count; a curve that is suspect
/// only because its elastic fit is undetermined counts for all but the elastic numbers. A shared
/// (systematic) uncertainty does not shrink with the number of curves.
public func summarizeForceSamples(
  _ analyses: [ForceFileAnalysis], options: ForceAnalysisOptions, trace: inout TraceGraph
) -> ForceSummary {
  var names: [String] = []
  for a in analyses where !names.contains(a.sample) { names.append(a.sample) }
  names.sort { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
  var samples: [ResultValue] = []
  var handovers: [ResultValue] = []
  var records: [FilmHandover] = []
  var figures: [Figure] = []
  var diagnostics = DiagnosticList()
  for name in names {
    let files = analyses.filter { $0.sample == name }
    var summary = SampleSummary(name: name, files: files, options: options)
    samples.append(summary.value(trace: &trace))
    let record = summary.handover(trace: &trace)
    handovers.append(summary.value(of: record))
    records.append(record)
    if let figure = summary.weibullFigure() { figures.append(figure) }
    if summary.used < 10, summary.used > 0 {
      diagnostics.note(
        "afm.few-curves", found: "sample \(name) has \(summary.used) usable curves",
        expected: "ten or more, to know the spread")
    }
    if !record.isReady {
      diagnostics.note(
        "afm.handover-refused",
        found: "sample \(name): " + record.reasons.joined(separator: "; "))
    }
  }
  return ForceSummary(
    summary: .fields(["samples": .list(samples), "handover": .list(handovers)]),
    handover: records, diagnostics: diagnostics.all, figures: figures)
}
