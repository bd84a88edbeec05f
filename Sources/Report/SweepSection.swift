internal import Output
internal import Sweeping
internal import Tables

extension StudyReport {
  /// The report of a sweep: orderings, figures, statistics, what was varied.
  static func sweepDocument(
    _ sweep: SweepResults, document: ResultDocument, instant: String
  ) -> ReportDocument {
    let plate = sweep.plan.command == "plate"
    var report = ReportDocument(title: sweep.plan.file)
    report.sections = [SweepSection.section(sweep)]
    let methods = MethodsSection(forceCurves: false, plating: plate, delamination: !plate)
    report.sections.append(methods.section)
    report.references = methods.references
    report.findings = document.inputs.flatMap { input in
      input.diagnostics.map { ReportDocument.Finding(file: input.file, $0) }
    }
    report.inputs = document.inputs
    report.provenance = provenance(command: document.command, instant: instant)
    return report
  }
}

/// The sweep in the report.
enum SweepSection {
  /// The lines of the table of statistics that the page shows; all of them stand in results.json.
  private static let mostLines = 200

  static func section(_ sweep: SweepResults) -> ReportDocument.Section {
    let plan = sweep.plan
    var words = "\(plan.points) points of \(plan.cases.count) case"
    words += plan.cases.count == 1 ? "" : "s"
    if let sampling = plan.sampling {
      words += ", \(sampling.count) draws (\(sampling.method.rawValue), seed \(sampling.seed))"
    }
    words += ". All rows stand in sweep.csv."
    var blocks: [ReportDocument.Block] = [.text(words), .table(varied(plan))]
    if !sweep.figures.isEmpty { blocks.append(.figures(sweep.figures)) }
    if let orderings = orderings(sweep) { blocks.append(.table(orderings)) }
    blocks.append(.table(statistics(sweep)))
    if let parameters = PlatingSection.parameterTable(plan.parameters) {
      blocks.append(.heading("Parameters"))
      blocks.append(.table(parameters))
    }
    return .init("Sweep", blocks)
  }

  private static func varied(_ plan: SweepPlan) -> ReportTable {
    ReportTable(
      caption: "What was varied.", columns: ["key", "how"],
      rows: plan.varied.map { item in
        let how = item.distribution ?? "\(item.values?.count ?? 0) values"
        return [.text(item.key), .text(how)]
      })
  }

  private static func orderings(_ sweep: SweepResults) -> ReportTable? {
    let list = StudyReport.list(sweep.result["orderings"])
    guard !list.isEmpty else { return nil }
    return ReportTable(
      caption: "The share of the draws for which an order of the cases holds.",
      columns: ["order", "at", "probability"],
      rows: list.prefix(mostLines).map { entry in
        [
          .text(entry["expression"]?.text ?? ""), .text(place(entry["at"])),
          .optional(StudyReport.measured(entry["probability"]), else: "no draw"),
        ]
      })
  }

  private static func statistics(_ sweep: SweepResults) -> ReportTable {
    let list = StudyReport.list(sweep.result["statistics"])
    func number(_ value: ResultValue?) -> ReportTable.Cell {
      guard case .number(let x)? = value else { return .missing("–") }
      return .text(PeopleText.value(x, u: nil))
    }
    let over = sweep.result["statistics_over"]?.text ?? "points"
    let more = list.count > mostLines ? " The first \(mostLines) of \(list.count) lines." : ""
    return ReportTable(
      caption: "Numbers over the \(over).\(more)",
      columns: ["case", "key", "unit", "at", "mean", "sd", "median", "5 %", "95 %"],
      rows: list.prefix(mostLines).map { entry in
        [
          .text(entry["case"]?.text ?? ""), .text(entry["key"]?.text ?? ""),
          .text(entry["unit"]?.text ?? ""), .text(place(entry["at"])), number(entry["mean"]),
          number(entry["sd"]), number(entry["median"]), number(entry["p05"]),
          number(entry["p95"]),
        ]
      })
  }

  /// The values of the axes in words.
  private static func place(_ at: ResultValue?) -> String {
    guard case .object(let fields)? = at else { return "" }
    return fields.keys.map { key in
      let value = fields[key]
      let words = value?.text ?? value?.quantity.map { PeopleText.quantity($0) } ?? ""
      return "\(key) \(words)"
    }.joined(separator: ", ")
  }
}
