internal import ArgumentParser
internal import Interphase

/// `inspect`: recognises each file by content and prints what is in it.
struct InspectCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Recognise files by their content and print what is in them.",
    discussion: "A folder means every recognised file in it, recursively; '-' is standard input.")
  static let example = "interphase inspect TestData/demo"

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String]

  @Flag(help: "Print the score that every format gives the file, with its reasons.")
  var explain = false

  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let clock = RunClock()
    // What is printed for people names no hash.
    var configured = batch.reader(hashes: common.json)
    configured.summarisesFrom = InputReader.largeText
    configured.explains = explain
    let reader = configured
    let inputs = try InputList.checked(files, reader: reader)
    let selection = InputSelection()
    let progress = Progress(total: inputs.count)
    let json = common.json
    let explain = explain
    // What is printed is made in the job, so that the series of a file do not outlive it.
    let items = Batch.map(inputs, jobs: batch.workers, finished: { progress.show($0) }) {
      _, input -> (decision: InputSelection.Decision, report: InputReport, text: String) in
      let reading = input.read(with: reader)
      var fields = ResultObject()
      var text = ""
      if explain { fields["detection"] = reading.detectionResult }
      if case .success(let dataset) = reading.outcome {
        if json {
          // Made once: it holds the statistics of every column.
          let own = dataset.resultFields
          for key in own.keys { fields[key] = own[key] }
        } else {
          text = InspectText.describe(input.shown, reading, dataset)
        }
      }
      if explain, !json { text += InspectText.explain(reading) }
      return (selection.decide(input, reading), reading.report(input, fields: fields), text)
    }
    var reports: [InputReport] = []
    var skipped: [SkippedFile] = []
    for item in items {
      if case .skip(let file) = item.decision {
        skipped.append(file)
        continue
      }
      reports.append(item.report)
      if !json, !item.text.isEmpty { Terminal.out(item.text) }
      common.report(item.report.diagnostics, file: item.report.file)
    }
    try common.finish(
      ResultDocument(
        version: interphaseVersion, command: "inspect", run: clock.run, inputs: reports,
        skipped: skipped), arguments: files)
  }
}

/// What `inspect` prints for people.
enum InspectText {
  static func describe(_ file: String, _ reading: InputReading, _ dataset: Dataset) -> String {
    var lines = [
      "\(escapedControls(file)): \(dataset.format), \(dataset.technique.rawValue), "
        + "\(dataset.tables.count) table\(dataset.tables.count == 1 ? "" : "s"), "
        + "\(dataset.metadata.count) metadata keys" + (dataset.complete ? "" : ", incomplete")
    ]
    for setting in dataset.settings where setting.group == nil {
      lines.append(
        "  \(setting.name): \(brief(setting.value)) \(setting.unit.display) "
          + "(\(escapedControls(dataset.source(of: setting))))")
    }
    for table in dataset.tables {
      lines.append("  \(escapedControls(table.name)): \(table.rows) rows")
      var text = TextTable(
        header: ["column", "label", "unit", "count", "missing", "min", "max", "mean"],
        rightAligned: [3, 4, 5, 6, 7])
      for column in table.columns {
        let s = column.statistics
        text.add([
          column.name, column.label, column.unit.unit?.display ?? "",
          "\(s?.count ?? max(0, column.count - column.missing.count))",
          "\(s?.missing ?? column.missing.count)", brief(s?.min), brief(s?.max), brief(s?.mean),
        ])
      }
      lines.append(text.text(indent: 4))
      for column in table.columns {
        guard let distinct = column.distinctValues(limit: 12),
          (distinct.count ?? 0) < table.rows
        else { continue }
        let more = distinct.count == distinct.values.count ? "" : ", …"
        let count = distinct.count.map { "\($0)" } ?? "more than \(DistinctWords.most)"
        lines.append(
          "    \(column.name): \(count) different values: "
            + distinct.values.map(escapedControls).joined(separator: ", ") + more)
      }
    }
    for grid in dataset.grids {
      let shape = grid.axes.map { "\($0.count)" }.joined(separator: " × ")
      lines.append(
        "  grid \(escapedControls(grid.name)): \(shape), channels "
          + escapedControls(grid.channels.map { $0.label }.joined(separator: ", ")))
    }
    return lines.joined(separator: "\n")
  }

  static func explain(_ reading: InputReading) -> String {
    let candidates = reading.detection?.candidates ?? []
    if candidates.isEmpty { return "\n  no format scores above 0" }
    return candidates.map {
      "\n  \($0.score)  \($0.format.id): \($0.reasons.joined(separator: "; "))"
    }
    .joined()
  }
}
