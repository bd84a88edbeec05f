internal import Cycling
internal import Output
internal import Study
internal import Tables
internal import Units

/// The cycler logs in the report: one table of cells, their events, figures of the first ones.
enum CyclingSection {
  /// How many cells are drawn in the page; the figures of all stand in the folder `figures`.
  private static let drawnCells = 4

  static func section(_ run: StudyRun) -> ReportDocument.Section {
    let inputs = run.inputs.filter { $0.cycling != nil }
    var blocks: [ReportDocument.Block] = [.table(cells(inputs))]
    let events = events(inputs)
    if !events.rows.isEmpty { blocks.append(.table(events)) }
    // Cells that failed come first.
    let failed = inputs.filter { $0.cycling?.analysis.failure != nil }
    let alive = inputs.filter { $0.cycling?.analysis.failure == nil }
    for input in (failed + alive).prefix(drawnCells) {
      let figures = input.cycling?.figures ?? []
      if figures.isEmpty { continue }
      blocks.append(.heading(input.report.file))
      blocks.append(.figures(figures))
    }
    if let figures = run.cycling?.figures, !figures.isEmpty {
      blocks.append(.heading("Cells together"))
      blocks.append(.figures(figures))
    }
    return .init("Cycler logs", blocks)
  }

  private static func cells(_ inputs: [StudyInput]) -> ReportTable {
    let rows = inputs.map { input -> [ReportTable.Cell] in
      let result = input.cycling?.result
      func value(_ key: String) -> ReportTable.Cell {
        .optional(StudyReport.measured(result?[key]), else: "–")
      }
      var life = ReportTable.Cell.missing("shorts are looked for in symmetric cells")
      var ended = "–"
      if let lifetime = result?["lifetime"], case .number(let hours)? = lifetime["value"] {
        life = .quantity(MeasuredValue(hours, .hour))
        ended = lifetime["ended_by"]?.text.map { words($0) } ?? "test ended"
      }
      return [
        .text(input.report.file), .text(input.sample), .text(result?["cell_type"]?.text ?? ""),
        .integer(StudyReport.integer(result?["cycles"]?["rows"]) ?? 0),
        value("overpotential_initial"), value("overpotential_reference"),
        value("overpotential_final"), life, .text(ended), value("coulombic_efficiency_mean"),
      ]
    }
    return ReportTable(
      caption: """
        Cells: overpotential of the first cycle, of the reference cycles and of the last one before a \
        failure; the time from the first load to a failure or to the end of the test.
        """,
      columns: [
        "file", "sample", "cell", "cycles", "first overpotential", "reference overpotential",
        "last overpotential", "lifetime", "ended by", "Coulombic efficiency",
      ], rows: rows)
  }

  private static func words(_ kind: String) -> String {
    String(kind.map { $0 == "_" ? " " : $0 })
  }

  private static func events(_ inputs: [StudyInput]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for input in inputs {
      for event in StudyReport.list(input.cycling?.result["events"]).prefix(20) {
        func value(_ key: String) -> ReportTable.Cell {
          .optional(StudyReport.measured(event[key]), else: "–")
        }
        rows.append([
          .text(input.report.file), .text(words(event["kind"]?.text ?? "")),
          .text(words(event["rule"]?.text ?? "")),
          .integer(StudyReport.integer(event["record"]) ?? 0), value("time"),
          value("voltage_before"), value("voltage_after"), value("residual_resistance"),
          value("recovered_at"),
        ])
      }
    }
    return ReportTable(
      caption: "Events, each with the rule that found it and the record in the file.",
      columns: [
        "file", "event", "rule", "record", "time", "voltage before", "voltage after",
        "residual resistance", "recovered at",
      ], rows: rows)
  }
}
