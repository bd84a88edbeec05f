internal import Output
internal import Tables

/// The delamination in the report: cases, parameters with their sources, figures.
enum DelaminationSection {
  static func section(
    cases: ResultValue?, parameters: ResultValue?, figures: [Figure]
  ) -> ReportDocument.Section {
    let list = StudyReport.list(cases)
    func value(_ item: ResultValue, _ key: String) -> ReportTable.Cell {
      .optional(StudyReport.measured(item[key]), else: "none")
    }
    let table = ReportTable(
      caption: """
        Lift of each film in the middle of its debonded region. A film that delaminates has no \
        equilibrium at the full pressure; the stable share of the load is where the last one was found.
        """,
      columns: [
        "film", "metal", "status", "film thickness", "film modulus", "pressure", "opening",
        "opening over thickness", "stable share of the load", "largest damage",
      ],
      rows: list.map { item in
        [
          .text(item["label"]?.text ?? ""), .text(item["metal"]?.text ?? ""),
          .text(item["status"]?.text ?? ""), value(item, "film_thickness"),
          value(item, "film_modulus"), value(item, "pressure"), value(item, "opening"),
          value(item, "opening_over_thickness"), value(item, "stable_load_fraction"),
          value(item, "max_damage"),
        ]
      })
    var blocks: [ReportDocument.Block] = [
      .text(
        """
        Strength, energy and onset of the interface and the debonded width are assumptions unless their \
        source says otherwise. Other sets keep the order of films and metals, but with several of them \
        the thinnest films come off.
        """),
      .table(table),
    ]
    if !figures.isEmpty { blocks.append(.figures(figures)) }
    if let parameters = PlatingSection.parameterTable(parameters) {
      blocks.append(.heading("Parameters"))
      blocks.append(.table(parameters))
    }
    return .init("Delamination of the film", blocks)
  }
}
