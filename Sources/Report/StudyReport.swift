internal import ForceMicroscopy
public import Output
internal import Simulation
public import Study
internal import Tables
internal import Units

/// What the report of a study says: samples, simulation, curves, other files, methods.
public enum StudyReport {
  /// How many curves of a sample are drawn in the page; all of them stand in the folder `figures`.
  static let drawnCurves = 2

  /// The report before it is laid out.
  ///
  /// - Parameters:
  ///   - run: what the study found.
  ///   - instant: the date in the footer.
  public static func document(_ run: StudyRun, instant: String) -> ReportDocument {
    var report = ReportDocument(title: run.title)
    report.lead = lead(run)
    report.findings = run.diagnostics.map { .init(file: "-", $0) }
    for input in run.inputs {
      report.findings += input.report.diagnostics.map { .init(file: input.report.file, $0) }
    }
    report.assumptions = run.assumptions.map {
      .init(key: $0.key, value: .text($0.value), source: $0.source, usedBy: $0.usedBy)
    }
    report.sections = ["cycling", "xas", "rbs"].contains(run.command) ? [] : [samples(run)]
    if let plating = run.plating {
      report.sections.append(
        PlatingSection.section(
          cases: plating.result["cases"], parameters: plating.result["parameters"],
          figures: plating.figures))
    }
    let measured = run.samples.filter { $0.statistics != nil }
    if !measured.isEmpty {
      report.sections.append(ForceSection.section(run, samples: measured))
    }
    let hasLogs = run.inputs.contains { $0.cycling != nil }
    if hasLogs { report.sections.append(CyclingSection.section(run)) }
    let hasSpectra = run.inputs.contains { $0.absorption != nil }
    if hasSpectra { report.sections.append(AbsorptionSection.section(run)) }
    let hasBackscattering = run.inputs.contains { $0.backscattering != nil }
    if hasBackscattering { report.sections.append(BackscatteringSection.section(run)) }
    if let other = OtherFilesSection.section(run) { report.sections.append(other) }
    let cited = MethodsSection(
      forceCurves: !measured.isEmpty, plating: run.plating != nil, cycling: hasLogs,
      absorption: hasSpectra, backscattering: hasBackscattering)
    report.sections.append(cited.section)
    report.references = cited.references
    report.traces = run.traces
    report.inputs = run.inputs.map { $0.report }
    report.provenance = provenance(command: run.command, instant: instant)
    return report
  }

  /// The report of `plate` or `delaminate`: one section a configuration.
  static func simulationDocument(
    _ outcomes: [SimulationOutcome], title: String, document: ResultDocument, instant: String
  ) -> ReportDocument {
    let delamination = document.command == SimulationCommand.delaminate.rawValue
    var report = ReportDocument(title: title)
    report.sections = outcomes.map { outcome in
      let section = delamination ? DelaminationSection.section : PlatingSection.section
      return section(outcome.result["cases"], outcome.result["parameters"], outcome.figures)
    }
    let methods = MethodsSection(
      forceCurves: false, plating: !delamination, delamination: delamination)
    report.sections.append(methods.section)
    report.references = methods.references
    report.findings = document.inputs.flatMap { input in
      input.diagnostics.map { ReportDocument.Finding(file: input.file, $0) }
    }
    report.traces = document.traces
    report.inputs = document.inputs
    report.provenance = provenance(command: document.command, instant: instant)
    return report
  }

  /// Program, command and date.
  static func provenance(command: String, instant: String) -> [ReportDocument.Fact] {
    [
      .init("program", "Interphase \(interphaseVersion)"), .init("command", command),
      .init("written", instant),
    ]
  }

  private static func lead(_ run: StudyRun) -> [ReportDocument.Inline] {
    let failed = run.inputs.filter { $0.report.status == .error }.count
    let isBatch = ["cycling", "xas", "rbs"].contains(run.command)
    var words =
      isBatch
      ? "\(run.inputs.count) file\(run.inputs.count == 1 ? "" : "s")"
      : "\(run.inputs.count) files of \(run.samples.count) sample\(run.samples.count == 1 ? "" : "s")"
    words += failed == 0 ? ", all read" : ", \(failed) could not be read"
    if !run.skipped.isEmpty { words += "; \(run.skipped.count) other files passed over" }
    words += ". "
    if isBatch { return [.text(words)] }
    let accepted = run.samples.filter { $0.refusal == nil && $0.handover != nil }.count
    words += "A film modulus was accepted for \(accepted) sample\(accepted == 1 ? "" : "s")"
    words +=
      run.plating == nil ? "." : " and carried into the simulation of plating under the film."
    return [.text(words)]
  }

  /// The table that answers first: structure, mechanics, surface after plating.
  private static func samples(_ run: StudyRun) -> ReportDocument.Section {
    let rows = run.samples.map { sample -> [ReportTable.Cell] in
      let record = sample.handover
      func value(_ key: String) -> ReportTable.Cell {
        .optional(measured(record?[key]), else: "none")
      }
      let used = sample.statistics.flatMap { integer($0["n_used"]) }
      let all = sample.statistics.flatMap { integer($0["n_curves"]) }
      return [
        .text(sample.name), .text(sample.film?.kind?.rawValue ?? "–"), thickness(sample),
        .text(all.map { "\(used ?? 0) of \($0)" } ?? "–"),
        sample.refusal.map { .missing($0) } ?? value("modulus"), value("pretension"),
        value("fracture_force"), value("toughness"),
      ]
    }
    let table = ReportTable(
      caption: "Samples, the thinnest film first: mean and standard uncertainty.",
      columns: [
        "sample", "kind", "film thickness", "curves used", "film modulus", "pretension",
        "fracture force", "toughness",
      ], rows: rows)
    return .init("Samples", [.table(table)])
  }

  private static func thickness(_ sample: StudySample) -> ReportTable.Cell {
    guard let record = sample.handover?["thickness"], let quantity = measured(record) else {
      guard let h = sample.thickness else { return .missing("not known") }
      return .quantity(
        MeasuredValue(
          h.value.value(in: .nanometre), UnitOf<Length>.nanometre.unit,
          u: h.u?.value(in: .nanometre), source: h.source))
    }
    return .quantity(quantity)
  }

  /// A quantity that has a value.
  static func measured(_ value: ResultValue?) -> MeasuredValue? {
    guard let quantity = value?.quantity, quantity.value != nil else { return nil }
    return quantity
  }

  /// A whole number of a result tree.
  static func integer(_ value: ResultValue?) -> Int? {
    if case .integer(let n)? = value { return n }
    return nil
  }

  /// The elements of a list of a result tree; empty for anything else.
  static func list(_ value: ResultValue?) -> [ResultValue] {
    if case .list(let elements)? = value { return elements }
    return []
  }
}
