public import Output
public import Study
internal import ForceMicroscopy
internal import Plating
internal import Tables

/// Writes the results folder of a study; every file appears under its name only when it is whole.
public struct ResultsWriter {
  /// The folder, held by this run.
  public let folder: ResultsFolder
  /// The date that the report shows, ISO 8601.
  public let instant: String

  /// A writer for a folder.
  public init(folder: ResultsFolder, instant: String) {
    self.folder = folder
    self.instant = instant
  }

  /// Writes figures and series first, then the tables, the report and `results.json` last.
  public func write(_ run: StudyRun, document: ResultDocument) throws(OutputFailure) {
    for input in run.inputs {
      for figure in input.force?.figures ?? [] { try write(figure) }
    }
    for figure in run.force?.figures ?? [] { try write(figure) }
    if let plating = run.plating {
      for figure in plating.figures { try write(figure) }
      for named in plating.tables {
        try folder.write(CSVWriter.bytes(named.table), to: named.name)
      }
    }
    if let handover = run.force?.summary["handover"] {
      try folder.write(
        JSONWriter.document(.fields(["handover": handover])), to: "handover.json")
    }
    try folder.write(
      HTMLReport.render(StudyReport.document(run, instant: instant)), to: "report.html")
    try folder.write(document.json, to: "results.json")
  }

  private func write(_ figure: Figure) throws(OutputFailure) {
    let name = SafeName.make(figure.id)
    try folder.write(SVGFigure.document(figure), to: "figures/\(name).svg")
    try folder.write(FigureCSV.bytes(figure), to: "figures/\(name).csv")
  }
}
