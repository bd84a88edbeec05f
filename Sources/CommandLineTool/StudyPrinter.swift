internal import Interphase

/// A results folder from a path; one that another run holds is a usage error.
enum OutputFolder {
  static func open(_ path: String) throws -> ResultsFolder {
    do {
      return try ResultsFolder(path)
    } catch {
      if error.kind == .inUse { throw UsageFailure("\(error.path): \(error.reason)") }
      throw error
    }
  }
}

/// Writes and prints what a study found: the shared end of `afm` and `run`.
struct StudyPrinter {
  let common: CommonOptions
  let clock: RunClock

  /// Writes the results folder, prints JSON or a table, and ends with status 1 where an input failed.
  func finish(_ run: StudyRun, folder: ResultsFolder?, arguments: [String]) throws {
    for input in run.inputs { common.report(input.report.diagnostics, file: input.report.file) }
    common.report(run.diagnostics, file: run.title)
    let document = run.document(run: clock.run).withArguments
    if let folder {
      var writer = ResultsWriter(folder: folder, times: clock.times)
      try writer.write(
        run, document: document)
    }
    if !common.json, !common.quiet { Terminal.out(table(run, folder)) }
    try common.finish(document, arguments: arguments)
  }

  private func table(_ run: StudyRun, _ folder: ResultsFolder?) -> String {
    let failed = run.inputs.filter { $0.report.status == .error }.count
    var text =
      "\(run.inputs.count) files read, \(failed) failed, \(run.skipped.count) passed over\n"
    var samples = TextTable(
      header: [
        "sample", "curves used",
        run.samples.contains { young($0) != nil } ? "Young's modulus" : "modulus", "fracture force",
        "toughness", "PV/PV0",
      ],
      rightAligned: [1])
    for sample in run.samples {
      let used = number(sample.statistics?["n_used"]) ?? "–"
      let all = number(sample.statistics?["n_curves"]) ?? "–"
      let ratios = sample.plateCases.map { plate in
        "\(plate["metal"]?.text ?? "") \(quantity(plate["pv_ratio"]?.quantity))"
      }
      samples.add([
        sample.name, "\(used) of \(all)",
        young(sample).map { quantity($0) }
          ?? (sample.refusal == nil
            ? quantity(sample.handover?["modulus"]?.quantity) : "refused: \(sample.refusal ?? "")"),
        quantity(sample.handover?["fracture_force"]?.quantity),
        quantity(sample.handover?["toughness"]?.quantity), ratios.joined(separator: ", "),
      ])
    }
    if !samples.isEmpty { text += "\n" + samples.text(hidingEmptyColumns: true) + "\n" }
    if let folder { text += "\nresults: \(folder.path)/results.json" }
    return text
  }

  /// The mean modulus of a supported sample.
  private func young(_ sample: StudySample) -> MeasuredValue? {
    let mean = sample.statistics?["statistics"]?["young_modulus"]
    guard case .number(let value)? = mean?["mean"] else { return nil }
    var u: Double?
    if case .number(let x)? = mean?["u"] { u = x }
    return MeasuredValue(value, .pascal, u: u, uKind: u == nil ? nil : "propagated")
  }

  private func number(_ value: ResultValue?) -> String? {
    switch value {
    case .integer(let n)?: "\(n)"
    case .number(let x)?: brief(x)
    default: nil
    }
  }

  private func quantity(_ quantity: MeasuredValue?) -> String {
    guard let quantity, quantity.value != nil else { return "–" }
    return PeopleText.quantity(quantity)
  }
}
