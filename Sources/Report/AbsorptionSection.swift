internal import Output
internal import Study
internal import Tables
internal import Units
internal import XRayAbsorption

/// The absorption spectra in the report: what was found, what was taken for what, figures of the first
/// ones.
enum AbsorptionSection {
  /// How many spectra are drawn in the page; the figures of all stand in the folder `figures`.
  private static let drawnFiles = 4

  static func section(_ run: StudyRun) -> ReportDocument.Section {
    let inputs = run.inputs.filter { $0.absorption != nil }
    var blocks: [ReportDocument.Block] = [
      .table(positions(inputs)), .table(normalisations(inputs)), .table(origins(inputs)),
    ]
    let parts = parts(inputs)
    if !parts.rows.isEmpty { blocks.append(.table(parts)) }
    if let figures = run.absorption?.figures, !figures.isEmpty {
      blocks.append(.heading("Spectra together"))
      blocks.append(.figures(figures))
    }
    for input in inputs.prefix(drawnFiles) {
      let figures = Array(input.figures.prefix(12))
      if figures.isEmpty { continue }
      blocks.append(.heading(input.report.file))
      blocks.append(.figures(figures))
    }
    return .init("Absorption spectra", blocks)
  }

  /// Every spectrum with its result and its name in tables.
  private static func spectra(
    _ inputs: [StudyInput]
  ) -> [(name: String, analysis: SpectrumAnalysis, result: ResultValue?)] {
    inputs.flatMap { input in
      let all = input.absorption?.spectra ?? []
      let results = input.report.fields["result"]?["spectra"]
      return all.enumerated().map { n, spectrum in
        let name = all.count == 1 ? input.report.file : "\(input.report.file)#\(spectrum.name)"
        return (name, spectrum, results?[n])
      }
    }
  }

  private static func value(_ result: ResultValue?) -> ReportTable.Cell {
    .optional(StudyReport.measured(result), else: "–")
  }

  private static func positions(_ inputs: [StudyInput]) -> ReportTable {
    let rows = spectra(inputs).map { name, spectrum, result -> [ReportTable.Cell] in
      let calibration = spectrum.calibration
      var words = calibration.method.rawValue
      if let reference = calibration.reference { words += ", \(reference)" }
      return [
        .text(name),
        .text([spectrum.element, spectrum.edge].compactMap { $0 }.joined(separator: " ")),
        value(result?["e0"]), value(result?["peak"]?["position"]),
        .text(spectrum.peak.map { self.words($0.best.rawValue) } ?? "–"),
        value(result?["peak"]?["width80"]), value(result?["shift"]?["value"]),
        .text(spectrum.shiftReference ?? "–"), .text(words),
        value(result?["calibration"]?["shift"]),
        .text(spectrum.aluminiumHint.map { "near \($0.hint.words)" } ?? "–"),
      ]
    }
    return ReportTable(
      caption: """
        Positions: edge energy, white line with its estimator and its width at 0.8 of the height, shift \
        against the reference, and the energy calibration they depend on. The nearest of AlO4, AlO5, AlO6 \
        and metal is a hint: lines of one material are published 1 to 4 eV apart.
        """,
      columns: [
        "spectrum", "edge", "E0", "peak", "estimator", "width", "shift", "reference",
        "calibration", "energies moved by", "line",
      ], rows: rows)
  }

  private static func normalisations(_ inputs: [StudyInput]) -> ReportTable {
    let rows = spectra(inputs).map { name, spectrum, result -> [ReportTable.Cell] in
      func range(_ key: String) -> ReportTable.Cell {
        guard let line = result?[key], let from = line["from"]?.quantity?.value,
          let to = line["to"]?.quantity?.value
        else { return .missing("not normalised") }
        let degree = StudyReport.integer(line["degree"]) ?? 0
        let ends =
          "\(PeopleText.value(from.rounded(), u: nil)) to \(PeopleText.value(to.rounded(), u: nil))"
        return .text("\(ends) eV, degree \(degree)")
      }
      return [
        .text(name), .text(spectrum.convention.rawValue), .text(words(spectrum.scaling.rawValue)),
        value(result?["edge_step"]), value(result?["edge_step_sensitivity"]), range("pre_edge"),
        range("post_edge"), value(result?["norm_mean"]), value(result?["flat_mean"]),
      ]
    }
    return ReportTable(
      caption: """
        Normalisation: ranges relative to E0; sensitivity is the largest relative change of the step \
        when a limit moves by a fifth; means over E0 + 50 eV to E0 + 200 eV.
        """,
      columns: [
        "spectrum", "convention", "divided by", "edge step", "sensitivity", "pre-edge",
        "post-edge", "mean normalised", "mean flattened",
      ], rows: rows)
  }

  private static func origins(_ inputs: [StudyInput]) -> ReportTable {
    let rows = spectra(inputs).map { name, spectrum, _ -> [ReportTable.Cell] in
      [
        .text(name), .text(spectrum.source.energyLabel),
        .text(spectrum.source.signal.expression.text),
        .text(spectrum.source.signal.mode.rawValue),
        .text(spectrum.elementSource.map { words($0) } ?? "–"),
        .integer(spectrum.scan.count), .integer(spectrum.source.energy.count),
      ]
    }
    return ReportTable(
      caption: "What was taken for what: the columns of energy and absorption in each file.",
      columns: [
        "spectrum", "energy", "absorption", "mode", "edge named by", "points used", "points",
      ], rows: rows)
  }

  /// Steps, peaks and standards that were fitted.
  private static func parts(_ inputs: [StudyInput]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    for (name, _, result) in spectra(inputs) {
      func cell(_ parameter: ResultValue?) -> ReportTable.Cell {
        guard case .number(let fixed)? = parameter?["value"] else { return value(parameter) }
        return .text("\(fixed) (fixed)")
      }
      for peak in StudyReport.list(result?["fit"]?["peaks"]) {
        rows.append([
          .text(name), .text(peak["shape"]?.text ?? "peak"), cell(peak["center"]),
          cell(peak["fwhm"]), cell(peak["area"]),
        ])
      }
      for standard in StudyReport.list(result?["lcf"]?["standards"]) {
        rows.append([
          .text(name), .text(standard["name"]?.text ?? ""), value(standard["weight"]),
          .text("–"), .text("–"),
        ])
      }
    }
    return ReportTable(
      caption: "Peaks with centre, full width at half maximum and area; standards with weight.",
      columns: ["spectrum", "fitted", "centre or weight", "width", "area"], rows: rows)
  }

  private static func words(_ text: String) -> String {
    String(text.map { $0 == "_" || $0 == "-" ? " " : $0 })
  }
}
