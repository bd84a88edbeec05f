internal import ArgumentParser
internal import Interphase

/// `xas`: analyzes X-ray absorption spectra, file by file and as a batch.
struct XASCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "xas",
    abstract: "Analyze X-ray absorption spectra: edge, step, white line, shift, calibration.",
    discussion: """
      Bare numbers are in eV; a unit (\"1.5596 keV\") is accepted. A window is A:B, absolute or as \
      e0-5:e0+25; --pre and --norm are relative to e0. What was taken for energy, I0 and signal stands \
      in the result. With -o the results folder holds results.json, results.csv, figures and \
      report.html.
      """)
  static let example =
    "interphase xas TestData/xas/athena/three_groups.prj --parameters stored -o xas-results"

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String] = []

  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?

  @OptionGroup(title: "Analysis") var analysis: XASOptionGroup
  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Missing expected argument '<FILE>'") }
  }

  func run() throws {
    let clock = RunClock()
    var resolved = try analysis.resolve()
    try batch.hand(XASOptions.descriptions.map(\.name)) { name, text throws(ReadFailure) in
      try resolved.setOption(name: name, text: text)
    }
    let options = resolved
    let folder = try output.map { try OutputFolder.open($0) }
    let inputs = try InputList.checked(files, reader: batch.reader)
    var reader = try StudyReader(
      reader: batch.reader, selection: InputSelection(technique: .xas), absorption: options
    ).withBlank()
    reader.given = batch.given
    reader.take(commandLine: Array(CommandLine.arguments.dropFirst()), of: .xas)
    var journalled = StudyRun.absorptionJournalOptions(options)
    if let hash = reader.blankHash { journalled["blank_sha256"] = .text(hash) }
    let read = try batch.study("xas", folder, common).read(
      inputs, with: reader, options: journalled)
    let run = try StudyRun.absorptionSpectra(
      read, options: options, title: batch.title(files), reader: reader)
    for input in run.inputs { common.report(input.report.diagnostics, file: input.report.file) }
    Terminal.keep(run)
    let document = run.document(run: clock.run).withArguments
    if let folder {
      var writer = ResultsWriter(folder: folder, times: clock.times)
      try writer.write(run, document: document)
    }
    if !common.json, !common.quiet { Terminal.out(Self.table(run, folder)) }
    try common.finish(document, arguments: files)
  }

  /// One line a spectrum, then what was taken for what.
  private static func table(_ run: StudyRun, _ folder: ResultsFolder?) -> String {
    let failed = run.inputs.filter { $0.report.status == .error }.count
    var text =
      "\(run.inputs.count) files read, \(failed) failed, \(run.skipped.count) passed over\n"
    var spectra = TextTable(
      header: [
        "spectrum", "edge", "E0", "edge step", "peak", "by", "width", "shift", "calibration",
        "line",
      ]
    )
    var parts = TextTable(header: ["spectrum", "fitted", "center or weight", "width", "area"])
    var taken = TextTable(header: ["spectrum", "energy", "absorption", "mode", "points"])
    for input in run.inputs {
      guard let analysis = input.absorption else { continue }
      let results = input.report.fields["result"]?["spectra"]
      for (n, spectrum) in analysis.spectra.enumerated() {
        let result = results?[n]
        func quantity(_ value: ResultValue?) -> String {
          value?.quantity.flatMap { $0.value == nil ? nil : PeopleText.quantity($0) } ?? "–"
        }
        let name =
          analysis.spectra.count == 1
          ? input.report.file : "\(input.report.file)#\(spectrum.name)"
        let peak = result?["peak"]
        spectra.add([
          name, [spectrum.element, spectrum.edge].compactMap { $0 }.joined(separator: " "),
          quantity(result?["e0"]), quantity(result?["edge_step"]), quantity(peak?["position"]),
          peak?["best"]?.text ?? "", quantity(peak?["width80"]),
          quantity(result?["shift"]?["value"]), calibration(spectrum.calibration),
          spectrum.aluminiumHint.map { "near \($0.hint.words)" } ?? "",
        ])
        for row in fitted(result, quantity) { parts.add([name] + row) }
        taken.add([
          name, spectrum.source.energyLabel, spectrum.source.signal.expression.text,
          spectrum.source.signal.mode.rawValue,
          "\(spectrum.scan.count) of \(spectrum.source.energy.count)",
        ])
      }
    }
    if !spectra.isEmpty { text += "\n" + spectra.text(hidingEmptyColumns: true) + "\n" }
    if !parts.isEmpty { text += "\n" + parts.text(hidingEmptyColumns: true) + "\n" }
    if !taken.isEmpty { text += "\n" + taken.text() + "\n" }
    let shifts = run.inputs.flatMap { $0.absorption?.spectra ?? [] }.filter { $0.shift != nil }
    if let first = shifts.first?.shiftReference {
      let isOne = shifts.allSatisfy { $0.shiftReference == first }
      text += "\nshifts against \(isOne ? first : "the first spectrum of the same edge")"
      text += "; width at 0.8 of the height\n"
    }
    if let folder { text += "\nresults: \(folder.path)/results.json" }
    return text
  }

  /// The rows of step, peaks and standards that were fitted.
  private static func fitted(
    _ result: ResultValue?, _ quantity: (ResultValue?) -> String
  ) -> [[String]] {
    func value(_ parameter: ResultValue?) -> String {
      guard case .number(let fixed)? = parameter?["value"] else { return quantity(parameter) }
      return "\(brief(fixed)) \(parameter?["unit"]?.text == "eV" ? "eV " : "")(fixed)"
    }
    var rows: [[String]] = []
    if let step = result?["fit"]?["step"], step != .null {
      rows.append([
        step["shape"]?.text ?? "step", value(step["center"]), value(step["width"]), "–",
      ])
    }
    if case .list(let peaks)? = result?["fit"]?["peaks"] {
      for peak in peaks {
        rows.append([
          peak["shape"]?.text ?? "peak", value(peak["center"]), value(peak["fwhm"]),
          value(peak["area"]),
        ])
      }
    }
    if case .list(let standards)? = result?["lcf"]?["standards"] {
      for standard in standards {
        rows.append([standard["name"]?.text ?? "", quantity(standard["weight"]), "–", "–"])
      }
    }
    return rows
  }

  private static func calibration(_ calibration: EnergyCalibration) -> String {
    switch calibration.method {
    case .none: return "none"
    case .shift, .stored, .calibrate:
      let sign = calibration.shift < 0 ? "" : "+"
      let words = "\(calibration.method.rawValue) \(sign)\(brief(calibration.shift)) eV"
      guard let reference = calibration.reference, let energy = calibration.referenceEnergy else {
        return words
      }
      return "\(words) (\(reference) at \(brief(energy)) eV)"
    }
  }
}
