internal import ArgumentParser
internal import Interphase

/// `afm`: analyzes force curves, file by file and sample by sample.
struct ForceCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "afm",
    abstract: "Analyze force curves of freestanding films and of supported samples.",
    discussion: """
      Bare numbers are in the unit shown; a suffix (1.35um) is accepted, and '± u' or --OPTION-u \
      gives the standard uncertainty. With -o the results folder holds results.json, results.csv, \
      handover.json, figures and report.html.
      """)
  static let example =
    "interphase afm TestData/demo/afm --hole-radius 1350 --tip-radius 50 --substrate-e2d 340 "
    + "--substrate-e2d-u 30 --thickness 10 --elastic-limit none"

  @Argument(help: ArgumentHelp("Files, folders, or '-'.", valueName: "FILE"))
  var files: [String] = []

  @Option(name: [.customShort("o"), .customLong("output")], help: "The results folder.")
  var output: String?

  @OptionGroup(title: "Film") var film: FilmOptions
  @OptionGroup(title: "Prediction") var prediction: PredictOptions
  @OptionGroup(title: "Calibration") var calibration: SaderOptions
  @OptionGroup var batch: BatchOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    let alone = [prediction.predict ? "--predict" : nil, calibration.sader.map { _ in "--sader" }]
      .compactMap { $0 }
    if alone.count > 1 { throw ValidationError("--predict and --sader exclude each other") }
    if files.isEmpty, alone.isEmpty { throw ValidationError("Missing expected argument '<FILE>'") }
    if let file = files.first, let option = alone.first {
      throw ValidationError("\(option) takes no FILE; '\(file)' is one")
    }
  }

  func run() throws {
    let clock = RunClock()
    if let text = calibration.sader {
      let document = try SaderOptions.document(text, common: common, run: clock.run)
      if common.json {
        Terminal.out(bytes: document.json)
      } else {
        Terminal.out(SaderOptions.table(document))
      }
      return
    }
    var resolved = try film.resolve()
    try batch.hand(ForceAnalysisOptions.descriptions.map(\.name)) {
      name, text throws(ReadFailure) in
      try resolved.setOption(name: name, text: text)
    }
    let options = resolved
    if let model = options.contactModel {
      if prediction.predict {
        throw UsageFailure("--predict is for films; --model \(model.rawValue)")
      }
      // No file gives an angle: without one here or in --samples nothing could ever be fitted.
      let given = options.bySample.values.contains { settings in
        settings.contains { $0.name == "half_angle" || $0.name == "half-angle" }
      }
      if model.needsHalfAngle, options.halfAngle?.value.si.isFinite != true, !given {
        throw UsageFailure(
          "--model \(model.rawValue) needs --half-angle, the angle to the axis (afm.needs-half-angle)"
        )
      }
    }
    if prediction.predict {
      let document = try prediction.document(options, run: clock.run)
      if common.json {
        Terminal.out(bytes: document.json)
      } else {
        Terminal.out(PredictOptions.table(document))
      }
      return
    }
    let folder = try output.map { try OutputFolder.open($0) }
    let inputs = try InputList.checked(files, reader: batch.reader)
    var worker = StudyReader(
      reader: batch.reader, selection: InputSelection(technique: .afm), force: options)
    worker.given = batch.given
    worker.take(commandLine: Array(CommandLine.arguments.dropFirst()), of: .afm)
    let read = try batch.study("afm", folder, common).read(
      inputs, with: worker, options: StudyRun.journalOptions(options))
    let run = StudyRun.forceCurves(read, options: options, title: batch.title(files))
    try StudyPrinter(common: common, clock: clock).finish(run, folder: folder, arguments: files)
  }
}
