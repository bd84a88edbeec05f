internal import ArgumentParser
internal import Interphase

/// `lint`: cross-checks of what a file says twice.
struct LintCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint",
    abstract: "Check files against physics: units, scales, signs, copied rows.",
    discussion: """
      Each rule compares two things that a file says of one quantity, such as the charge of a cycler's \
      counter and the integral of its current. A rule that fails is a warning with the likely cause; what \
      cannot be compared is not applicable. The rules stand in docs/lint.md. The exit status is 1 where a \
      file cannot be read; warnings do not change it.
      """)
  static let example = "interphase lint TestData/demo"

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String] = []

  @Option(
    name: .customLong("rule"),
    help: ArgumentHelp("Run this rule only; repeatable.", valueName: "CODE"))
  var codes: [String] = []

  @Flag(help: "List the rules with formula and threshold, and end.")
  var list = false

  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    for code in codes where !CrossChecks.rules.contains(where: { $0.code == code }) {
      throw ValidationError(
        "no rule is called '\(code)'\(nearest(code, among: CrossChecks.rules.map { $0.code }))")
    }
    if files.isEmpty, !list { throw ValidationError("lint needs at least one file") }
  }

  func run() throws {
    let rules = CrossChecks.rules.filter { codes.isEmpty || codes.contains($0.code) }
    if list {
      var table = TextTable(header: ["rule", "compares", "warns"])
      for rule in rules { table.add([rule.code, rule.formula, rule.threshold]) }
      Terminal.out(table.text())
      return
    }
    let clock = RunClock()
    let reader = batch.reader
    let inputs = try InputList.checked(files, reader: reader)
    let selection = InputSelection()
    let progress = Progress(total: inputs.count)
    let items = Batch.map(inputs, jobs: batch.workers, finished: { progress.show($0) }) {
      _, input -> (InputSelection.Decision, InputReport, [LintFinding]) in
      let reading = input.read(with: reader)
      var fields = ResultObject()
      var findings: [LintFinding] = []
      if case .success(let dataset) = reading.outcome {
        findings = CrossChecks.findings(in: dataset, rules: rules)
        fields["lint"] = .list(findings.map(Self.result))
      }
      return (selection.decide(input, reading), reading.report(input, fields: fields), findings)
    }
    var reports: [InputReport] = []
    var skipped: [SkippedFile] = []
    var warnings = 0
    var warned = 0
    for (decision, report, findings) in items {
      if case .skip(let file) = decision {
        skipped.append(file)
        continue
      }
      reports.append(report)
      let failed = findings.filter { $0.outcome == .warn }
      warnings += failed.count
      if !failed.isEmpty { warned += 1 }
      if !common.json { Terminal.out(Self.text(report.file, findings)) }
      common.report(report.diagnostics.filter { $0.severity == .error }, file: report.file)
    }
    var summary = ResultObject()
    summary["warnings"] = .integer(warnings)
    summary["inputs_with_warnings"] = .integer(warned)
    if !common.json, reports.count > 1 {
      Terminal.out("\(reports.count) files, \(warned) with warnings")
    }
    try common.finish(
      ResultDocument(
        version: interphaseVersion, command: "lint", run: clock.run, inputs: reports,
        skipped: skipped, summary: summary), arguments: files)
  }

  /// The JSON object of a finding.
  private static func result(_ finding: LintFinding) -> ResultValue {
    var fields = ResultObject()
    fields["code"] = .text(finding.code)
    fields["outcome"] = .text(finding.outcome.rawValue)
    fields["value"] = finding.value.map(ResultValue.number) ?? .null
    fields["threshold"] = finding.threshold.map(ResultValue.number) ?? .null
    fields["place"] = .text(finding.place.description)
    fields["table"] = finding.table.map(ResultValue.text)
    fields["message"] = .text(finding.message)
    return .object(fields)
  }

  /// One line that counts, and one a warning.
  private static func text(_ file: String, _ findings: [LintFinding]) -> String {
    guard !findings.isEmpty else { return "\(escapedControls(file)): not read" }
    func count(_ outcome: LintOutcome) -> Int {
      Set(findings.filter { $0.outcome == outcome }.map(\.code)).count
    }
    var lines = [
      "\(escapedControls(file)): \(count(.pass)) pass, \(count(.warn)) warn, "
        + "\(count(.notApplicable)) not applicable"
    ]
    for finding in findings where finding.outcome == .warn {
      let table = finding.table.map { "\($0), " } ?? ""
      lines.append(
        escapedControls("  \(finding.code): \(table)\(finding.place): \(finding.message)"))
    }
    return lines.joined(separator: "\n")
  }
}
