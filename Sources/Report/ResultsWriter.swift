internal import Bytes
internal import Cycling
internal import ForceMicroscopy
internal import IonBeamAnalysis
public import Output
public import Simulation
public import Study
package import Sweeping
internal import Tables
internal import XRayAbsorption

/// Writes the results folder; every file appears under its name only when it is whole.
///
/// Figures and series come first, then the tables and the report, then `results.json`, and last the
/// crate that lists them all with their hashes.
public struct ResultsWriter {
  /// When the run started and ended, ISO 8601; the report shows the start.
  public struct Times: Sendable {
    /// The instants.
    public var started: String, ended: String
    /// Whether they are those of SOURCE_DATE_EPOCH.
    public var areFixed: Bool

    /// A run from its instants.
    public init(started: String, ended: String, areFixed: Bool = false) {
      self.started = started
      self.ended = ended
      self.areFixed = areFixed
    }
  }

  /// The folder, held by this run.
  private let folder: ResultsFolder
  private let times: Times
  private var outputs: [ResearchCrate.Output] = []

  /// A writer for a folder.
  public init(folder: ResultsFolder, times: Times) {
    self.folder = folder
    self.times = times
  }

  /// Writes the results of a study.
  public mutating func write(
    _ run: StudyRun, document: ResultDocument
  ) throws(OutputFailure) {
    let ids = run.inputs.flatMap { $0.figures.map(\.id) }
    let repeated = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }
    for input in run.inputs {
      for var figure in input.figures {
        // Files of one name in two folders would overwrite each other's figures.
        if repeated[figure.id] != nil {
          let folder = input.identity.path.split(separator: "/").dropLast()
          figure.id = (folder + [Substring(figure.id)]).joined(separator: "/")
        }
        try add(figure)
      }
    }
    for input in run.inputs { outputs += input.files }
    let names = run.inputs.map { $0.report.file.split(separator: "/").last ?? "" }
    for (input, name) in zip(run.inputs, names) {
      let isOnly = names.count { $0 == name } == 1
      let stem = SafeName.make(isOnly ? String(name) : input.report.file)
      for table in input.cycling?.tables ?? [] where table.rows > 0 {
        try add(CSVWriter.bytes(table), "\(stem)-\(table.name).csv")
      }
    }
    for (input, name) in zip(run.inputs, names) {
      let isOnly = names.count { $0 == name } == 1
      try addSpectrum(input, SafeName.make(isOnly ? Self.stem(name) : input.report.file))
    }
    for figure in (run.force?.figures ?? []) + (run.cycling?.figures ?? [])
      + (run.absorption?.figures ?? [])
    { try add(figure) }
    if let plating = run.plating { try add(plating) }
    if let handover = run.force?.summary["handover"] {
      try add(JSONWriter.document(.fields(["handover": handover])), "handover.json")
    }
    try finish(
      StudyReport.document(run, instant: times.started), document,
      description: Self.description(run))
  }

  /// The simulated or fitted spectrum of an input as csv and, with its sample, as `.xnra`.
  private mutating func addSpectrum(_ input: StudyInput, _ stem: String) throws(OutputFailure) {
    guard let analysis = input.backscattering, let table = analysis.table else { return }
    // The table of all results is called results.csv.
    let stem = stem == "results" ? "results-spectrum" : stem
    try add(CSVWriter.bytes(table), "\(stem).csv")
    guard let sample = analysis.sample else { return }
    var export = IDFExport(
      sample.setup, layers: sample.layers, measured: analysis.measured?.counts,
      firstChannel: analysis.measured?.firstChannel ?? 0, spectrum: analysis.spectrum)
    export.fileName = "\(stem).xnra"
    try add(export.bytes, "\(stem).xnra")
  }

  /// The name of a file without its extension.
  private static func stem(_ name: Substring) -> String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return String(name) }
    return String(name[..<dot])
  }

  private static func description(_ run: StudyRun) -> String {
    switch run.command {
    case "cycling":
      "Overpotential, shorts, lifetime and efficiency of \(run.inputs.count) cycler logs."
    case "rbs": "Elements, areal densities and simulations of backscattering spectra."
    case "xas": "Edges, white lines and shifts of X-ray absorption spectra."
    default: "Measured and simulated properties of \(run.samples.count) samples."
    }
  }

  /// Writes the results of `plate` or `delaminate`.
  ///
  /// - Parameters:
  ///   - outcomes: one for each configuration that was run.
  ///   - title: the title of the report.
  ///   - document: what `results.json` holds.
  public mutating func write(
    _ outcomes: [SimulationOutcome], title: String, document: ResultDocument
  ) throws(OutputFailure) {
    for outcome in outcomes { try add(outcome) }
    try finish(
      StudyReport.simulationDocument(
        outcomes, title: title, document: document, instant: times.started),
      document,
      description: document.command == SimulationCommand.delaminate.rawValue
        ? "Simulations of the delamination of a film." : "Simulations of plating under a film.")
  }

  /// Writes the results of a whole sweep.
  package mutating func write(
    _ sweep: SweepResults, document: ResultDocument
  ) throws(OutputFailure) {
    for figure in sweep.figures { try add(figure) }
    try add(CSVWriter.bytes(sweep.table), "sweep.csv")
    if let table = sweep.controlTable { try add(CSVWriter.bytes(table), "control.csv") }
    if let map = sweep.map { try add(.init(name: "map.vti", grid: map)) }
    try finish(
      StudyReport.sweepDocument(sweep, document: document, instant: times.started), document,
      description: "A sweep over the parameters of a simulation.")
  }

  private mutating func finish(
    _ report: ReportDocument, _ document: ResultDocument, description: String
  ) throws(OutputFailure) {
    try add(ResultsCSV.bytes(document.inputs), "results.csv")
    try folder.write("results.sqlite") { path throws(OutputFailure) in
      try ResultsDatabase.write(document, provenance: report.provenance, to: path)
    }
    // The same in content, not in bytes.
    outputs.append(.init(path: "results.sqlite", bytes: 0, sha256: ""))
    try add(HTMLReport.render(report), "report.html")
    let json = document.json
    try folder.write(json, to: "results.json")
    // Its object `run` says what came from the journal. Where every date is fixed, the crate of a run that
    // was resumed equals that of one that nobody disturbed, and so names no hash that would not.
    outputs.append(
      .init(
        path: "results.json", bytes: json.count,
        sha256: times.areFixed ? "" : SHA256.hex(of: ByteView(json))))
    let crate = ResearchCrate(
      name: report.title, description: description, version: document.version,
      command: "interphase \(document.command)", started: times.started, ended: times.ended,
      inputs: document.inputs, outputs: outputs)
    try folder.write(JSONWriter.document(crate.result), to: "ro-crate-metadata.json")
    folder.removeStale(keeping: outputs.map(\.path))
  }

  private mutating func add(_ outcome: SimulationOutcome) throws(OutputFailure) {
    for figure in outcome.figures { try add(figure) }
    for named in outcome.tables { try add(CSVWriter.bytes(named.table), named.name) }
    for named in outcome.grids { try add(named) }
  }

  private mutating func add(_ named: SimulationOutcome.NamedGrid) throws(OutputFailure) {
    let bytes: [UInt8]
    do {
      bytes = try VTKImage.file(named.grid, fields: named.fields).bytes
    } catch {
      throw OutputFailure(.system, path: named.name, reason: error.message)
    }
    try add(bytes, named.name)
  }

  private mutating func add(_ figure: Figure) throws(OutputFailure) {
    let name = SafeName.make(figure.id)
    try add(SVGFigure.document(figure), "figures/\(name).svg")
    try add(FigureCSV.bytes(figure), "figures/\(name).csv")
  }

  private mutating func add(_ bytes: [UInt8], _ name: String) throws(OutputFailure) {
    try folder.write(bytes, to: name)
    outputs.append(
      .init(path: name, bytes: bytes.count, sha256: SHA256.hex(of: ByteView(bytes))))
  }
}
