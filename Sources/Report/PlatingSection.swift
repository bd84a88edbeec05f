internal import Output
internal import Tables

/// The simulation in the report: cases, parameters with their sources, figures.
enum PlatingSection {
  static func section(
    cases: ResultValue?, parameters: ResultValue?, figures: [Figure]
  ) -> ReportDocument.Section {
    let list = StudyReport.list(cases)
    func value(_ plate: ResultValue, _ key: String) -> ReportTable.Cell {
      .optional(StudyReport.measured(plate[key]), else: "none")
    }
    let table = ReportTable(
      caption: """
        Plating under each film. PV is the height of the surface from peak to valley; the ratio is that \
        at the end over that at the start. Negative stress is compression. Uncertainties are propagated \
        from those of the film's modulus and thickness.
        """,
      columns: [
        "film", "metal", "status", "film modulus", "PV ratio", "PV at the end",
        "tip stress at the end",
        "valley stress at the end", "growth",
      ],
      rows: list.map { plate in
        [
          .text(plate["label"]?.text ?? ""), .text(plate["metal"]?.text ?? ""),
          .text(plate["status"]?.text ?? ""), value(plate, "film_modulus"),
          value(plate, "pv_ratio"), value(plate, "pv_final"), value(plate, "tip_stress_final"),
          value(plate, "valley_stress_final"), value(plate, "growth"),
        ]
      })
    let solver = list.first?["solver"]?.text ?? "sharp"
    var blocks: [ReportDocument.Block] = [
      .text(
        """
        Solver: \(solver), with a flat reference film. A ratio below 1 means \
        that the bump is levelled. The orderings hold in a window of growth and fail late: read the \
        history, not only the end.
        """),
      .table(table),
    ]
    if !figures.isEmpty { blocks.append(.figures(figures)) }
    if let parameters = parameterTable(parameters) {
      blocks.append(.heading("Parameters"))
      blocks.append(.table(parameters))
    }
    return .init("Plating under the film", blocks)
  }

  static func parameterTable(_ parameters: ResultValue?) -> ReportTable? {
    guard case .object(let object)? = parameters else { return nil }
    // What a case sets itself stands in the table of the cases.
    let own = ["film.thickness", "film.modulus", "film.poisson", "metal"]
    let rows = object.keys.filter { key in !own.contains { key.hasPrefix($0) } }
      .map { key -> [ReportTable.Cell] in
        let value = object[key]
        if let quantity = StudyReport.measured(value) {
          return [.text(key), .quantity(quantity), .text(quantity.source ?? "")]
        }
        let word: String
        switch value?["value"] {
        case .text(let text)?: word = text
        case .flag(let flag)?: word = flag ? "true" : "false"
        case .integer(let n)?: word = "\(n)"
        default: word = ""
        }
        return [.text(key), .text(word), .text(value?["source"]?.text ?? "")]
      }
    return ReportTable(
      caption: "Parameters that all cases share, each with its source.",
      columns: ["parameter", "value", "source"], rows: rows)
  }
}
