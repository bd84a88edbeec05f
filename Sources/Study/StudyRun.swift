public import Cycling
public import ForceMicroscopy
internal import IonBeamAnalysis
public import Output
public import Simulation
public import Tables
public import Units
public import XRayAbsorption

/// An assumption that stands behind numbers of a study.
public struct Assumption: Hashable, Sendable {
  /// What is assumed, such as `growth_per_pair`.
  public var key: String
  /// The value in words, with its unit.
  public var value: String
  /// Where the value comes from: `default`, `study.yaml`, or the model itself.
  public var source: String
  /// Which numbers rest on it.
  public var usedBy: [String]
}

/// One sample of a study with everything that was found about it.
public struct StudySample: Sendable {
  /// The name.
  public var name: String
  /// The name taken apart, where it says what the film is made of.
  public var film: SampleName?
  /// The film thickness with its source: `study` or `growth`.
  public var thickness: Measured<Length>?
  /// Files by technique.
  public var files: [Technique: Int] = [:]
  /// The sample's element of `summary.samples[]` of the force-curve analysis.
  public var statistics: ResultValue?
  /// The hand-over record; nil without force curves.
  public var handover: ResultValue?
  /// Why there is no modulus to simulate with; nil where there is one.
  public var refusal: String?
  /// The metals that are plated under the film.
  public var metals: [String] = []
  /// The cases of the plating simulation, one a metal.
  public var plateCases: [ResultValue] = []
}

/// Everything that a study found: what the results folder is made from.
public struct StudyRun: Sendable {
  /// The command: `afm`, `cycling`, `xas` or `run`.
  public var command: String
  /// The title of the report.
  public var title: String
  /// The files that were read, in path order.
  public var inputs: [StudyInput] = []
  /// The files that were passed over.
  public var skipped: [SkippedFile] = []
  /// The summary of the force curves by sample.
  public var force: ForceSummary?
  /// What the cycler logs say together; nil without any.
  public var cycling: CyclingSummary?
  /// What the absorption spectra say together; nil without any.
  public var absorption: XASSummary?
  /// The samples, thinnest film first.
  public var samples: [StudySample] = []
  /// The plating simulation of all accepted films; nil where there is none.
  public var plating: SimulationOutcome?
  /// What is assumed.
  public var assumptions: [Assumption] = []
  /// Diagnostics of the study as a whole.
  public var diagnostics: [Diagnostic] = []
  /// The folder that paths are relative to, as given; nil where paths are as given themselves.
  public var root: String?
  /// What reading the batch took: fields of the JSON object `run`.
  public var reading = ResultObject()
  /// The resolved options, for the provenance.
  public var options = ResultObject()
  /// The steps behind all numbers.
  public var traces = TraceGraph()

  /// The summary of the results document.
  public var summary = ResultObject()

  /// Whether an input failed.
  public var hasFailures: Bool { inputs.contains { $0.report.status == .error } }

  /// The document of `results.json`.
  ///
  /// - Parameter run: what may differ between two runs on the same inputs.
  public func document(run: ResultObject) -> ResultDocument {
    var run = run
    // Without an elapsed time (SOURCE_DATE_EPOCH) no other time is told either.
    for key in reading.keys where !key.hasSuffix("_s") || run["elapsed_s"] != nil {
      run[key] = reading[key]
    }
    var fields = ResultObject()
    var provenance = ResultObject()
    provenance["root"] = root.map { .text($0) }
    provenance["options"] = .object(options)
    fields["provenance"] = .object(provenance)
    if !diagnostics.isEmpty { fields["diagnostics"] = .list(diagnostics.map { $0.result }) }
    var document = ResultDocument(
      version: interphaseVersion, command: command, run: run, fields: fields,
      inputs: inputs.map { $0.report }, skipped: skipped, summary: summary, traces: traces)
    let spectra = inputs.map(\.backscattering)
    document.completes = { position, report in
      guard spectra.indices.contains(position), let analysis = spectra[position],
        let result = report.fields["result"]
      else { return report }
      var whole = report
      whole.fields["result"] = analysis.complete(result)
      return whole
    }
    return document
  }
}
