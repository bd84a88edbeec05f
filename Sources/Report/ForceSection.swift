internal import ForceMicroscopy
internal import Output
internal import Study
internal import Tables

/// The force curves in the report: by sample a table of curves, the models side by side, figures.
enum ForceSection {
  static func section(_ run: StudyRun, samples: [StudySample]) -> ReportDocument.Section {
    var blocks: [ReportDocument.Block] = []
    if let comparison = models(run, samples) { blocks += comparison }
    for sample in samples {
      let inputs = run.inputs.filter { $0.sample == sample.name && $0.force != nil }
      blocks.append(.heading(sample.name))
      blocks.append(.table(curves(sample, inputs)))
      let drawn = figures(inputs)
      if !drawn.isEmpty { blocks.append(.figures(drawn)) }
    }
    if let force = run.force, !force.figures.isEmpty {
      blocks.append(.heading("Samples together"))
      blocks.append(.figures(force.figures))
    }
    return .init("Force curves", blocks)
  }

  /// The columns of the table of curves: heading and result key.
  private static func columns(supported: Bool) -> [(heading: String, key: String)] {
    supported
      ? [
        ("Young's modulus", "young_modulus"), ("work of adhesion", "work_of_adhesion"),
        ("greatest force", "max_force"), ("greatest indentation", "max_deflection"),
        ("adhesion force", "adhesion_force"), ("loading work", "loading_work"),
        ("hysteresis", "hysteresis"),
      ]
      : [
        ("2-D modulus", "e2d"), ("modulus", "modulus"), ("pretension", "pretension"),
        ("stiffness", "stiffness"), ("greatest force", "max_force"),
        ("fracture force", "fracture_force"), ("deflection at failure", "fracture_deflection"),
        ("toughness", "toughness"),
      ]
  }

  private static func curves(_ sample: StudySample, _ inputs: [StudyInput]) -> ReportTable {
    var rows: [[ReportTable.Cell]] = []
    let supported = inputs.contains { $0.force?.isSupportedSample == true }
    let columns = columns(supported: supported)
    for input in inputs {
      guard let force = input.force else { continue }
      for curve in StudyReport.list(force.result["curves"]) {
        func value(_ key: String) -> ReportTable.Cell {
          .optional(StudyReport.measured(curve[key]), else: "none")
        }
        let quality = curve["quality"]
        let flags = StudyReport.list(quality?["flags"]).compactMap { $0.text }
        let verdict = quality?["verdict"]?.text ?? ""
        rows.append(
          [
            .text(input.report.file.split(separator: "/").last.map(String.init) ?? ""),
            .text(flags.isEmpty ? verdict : "\(verdict): \(flags.joined(separator: ", "))"),
          ] + columns.map { value($0.key) })
      }
    }
    return ReportTable(
      caption:
        supported
        ? "Curves of \(sample.name), a supported sample."
        : "Curves of \(sample.name). 2-D modulus: film and sheet together; modulus: the film alone.",
      columns: ["file", "verdict"] + columns.map(\.heading), rows: rows)
  }

  /// The figures of the first curves: those that failed come first.
  private static func figures(_ inputs: [StudyInput]) -> [Figure] {
    let failed = inputs.filter { input in
      StudyReport.list(input.force?.result["curves"]).contains {
        $0["failure"]?["detected"] == .flag(true)
      }
    }
    let intact = inputs.filter { input in !failed.contains { $0.report.file == input.report.file } }
    let chosen = failed.prefix(1) + intact.prefix(StudyReport.drawnCurves - min(1, failed.count))
    // Force against deflection, and the residual of the fit where there is one.
    return chosen.flatMap { $0.force?.figures.prefix(2) ?? [] }
  }

  /// By how much the textbook formula misses, in a sentence; nil where it is within a tenth.
  private static func verdict(_ sample: String, textbook: Double, exact: Double) -> String? {
    guard exact > 0, textbook > 0 else { return nil }
    let percent = Int(exactly: (100 * (textbook / exact - 1)).rounded()) ?? 0
    guard abs(percent) >= 10 else { return nil }
    return "\(sample): the textbook formula gives a modulus \(abs(percent)) % too "
      + (percent > 0 ? "high" : "low") + "."
  }

  /// The textbook formula beside the exact models: means of the film modulus over the curves used.
  private static func models(
    _ run: StudyRun, _ samples: [StudySample]
  ) -> [ReportDocument.Block]? {
    let names = ["textbook", "membrane", "plate"]
    var rows: [[ReportTable.Cell]] = []
    var verdicts: [String] = []
    for sample in samples {
      var found: [String: [Double]] = [:]
      var unit: MeasuredValue?
      for input in run.inputs where input.sample == sample.name {
        for curve in StudyReport.list(input.force?.result["curves"])
        where curve["quality"]?["verdict"]?.text == "good" {
          for name in names {
            guard let q = StudyReport.measured(curve["models"]?[name]?["modulus"]),
              let value = q.value
            else { continue }
            unit = q
            found[name, default: []].append(value)
          }
        }
      }
      guard let unit, !found.isEmpty else { continue }
      func average(_ name: String) -> Double? {
        found[name].map { $0.reduce(0, +) / Double($0.count) }
      }
      if let textbook = average("textbook"), let exact = average("plate") ?? average("membrane"),
        let words = verdict(sample.name, textbook: textbook, exact: exact)
      {
        verdicts.append(words)
      }
      rows.append(
        [.text(sample.name)]
          + names.map { name in
            guard let values = found[name], let mean = average(name) else {
              return .missing("not fitted")
            }
            let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            let n = Double(values.count)
            let error = n > 1 ? (squares / (n * (n - 1))).squareRoot() : nil
            return .quantity(MeasuredValue(mean, unit.unit, u: error))
          })
    }
    guard !rows.isEmpty else { return nil }
    return [
      .text(
        """
        The textbook formula adds the stiffness of a tensioned membrane to a cubic term. For films of a \
        few nanometres on a sheet it is off by tens of per cent, and its residual does not show it; the \
        exact solutions of the plate and membrane equations stand beside it. A membrane without \
        bending misses the other way: it takes the bending of the film for tension.
        """),
      .table(
        ReportTable(
          caption:
            "Film modulus by three models: means over the good curves and their scatter over √n.",
          columns: ["sample", "textbook formula", "exact membrane", "exact plate"], rows: rows)),
    ] + (verdicts.isEmpty ? [] : [.text(verdicts.joined(separator: " "))])
  }
}
