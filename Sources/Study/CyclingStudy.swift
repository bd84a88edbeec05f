public import Cycling
internal import Output
public import Tables
internal import Units

extension StudyRun {
  /// A batch of cycler logs without a study: inputs, or one continued test, and their summary.
  public static func cyclerLogs(
    _ reading: StudyBatch.Reading, options: CyclingOptions, title: String
  ) -> StudyRun {
    var read = reading.inputs
    var run = StudyRun(command: "cycling", title: title)
    run.reading = reading.run
    run.takeRoot(of: read)
    run.options = cyclingJournalOptions(options)
    if options.merge { merge(&read, options: options) }
    run.take(read)
    run.summarizeLogs()
    if let summary = run.cycling?.summary { run.summary = summary }
    return run
  }

  /// The resolved options of `cycling`, for journal and provenance.
  public static func cyclingJournalOptions(_ options: CyclingOptions) -> ResultObject {
    var list = ResultObject()
    list["cycling"] = .object(options.resolved)
    return list
  }

  /// Joins the logs that were read: the result stands at the first, `merged_into` at the others.
  private static func merge(_ read: inout [StudyInput], options: CyclingOptions) {
    let places = read.indices.filter { read[$0].test != nil }
    guard let first = places.first else { return }
    let tests = places.compactMap { read[$0].test }
    let names = places.map { read[$0].report.file }
    for place in places { read[place].test = nil }
    guard let (test, order) = CyclingTest.merged(tests, names: names) else { return }
    let identities = order.map { read[places[$0]].identity }
    for place in places.dropFirst() {
      read[place].report.fields["merged_into"] = .text(read[first].report.file)
    }
    var analysis = analyzeCycling(test, inputs: identities, options: options, tracePrefix: "c1.")
    analysis.input = read[first].identity
    read[first].report.fields["merged_order"] = .list(order.map { .text(names[$0]) })
    read[first].take(analysis)
  }

  /// One line a cell and the survival of all.
  mutating func summarizeLogs() {
    let logs = inputs.filter { $0.technique == .cycling || $0.cycling != nil }
    let failed = inputs.filter {
      $0.report.status == .error && (command == "cycling" || $0.technique == .cycling)
    }
    guard command == "cycling" || !logs.isEmpty else { return }
    cycling = summarizeCycling(
      inputs.compactMap { input in input.cycling.map { (input.report.file, $0) } },
      failed: failed.count)
  }

  /// The numbers of a sample's symmetric cells: overpotentials and lifetime.
  ///
  /// Over several cells means with the standard error of their scatter; the lifetime is the median of
  /// the product-limit estimate, or the longest test where fewer than half failed.
  func addLogs(of sample: String, to fields: inout ResultObject) {
    let cells = inputs.filter { $0.sample == sample }.compactMap { $0.cycling }
      .filter { $0.analysis.lifetime != nil }
    guard !cells.isEmpty else { return }
    func settled(_ cell: CyclingFileAnalysis) -> MeasuredValue? {
      cell.result["overpotential_reference"]?.quantity
        ?? cell.result["overpotential_final"]?
        .quantity
    }
    fields["overpotential_initial"] = Self.average(
      cells.compactMap { $0.result["overpotential_initial"]?.quantity })
    fields["overpotential_settled"] = Self.average(cells.compactMap { settled($0) })
    let lives = cells.compactMap { $0.analysis.lifetime }
    let curve = SurvivalCurve(lives.map { ($0.time / 3600, $0.isCensored) })
    var life = ResultObject()
    let longest = lives.map { $0.time / 3600 }.max() ?? 0
    life["value"] = .number(curve.median ?? longest)
    life["unit"] = .text("h")
    life["censored"] = .flag(curve.median == nil)
    life["n"] = .integer(lives.count)
    if cells.count == 1, let trace = cells.first?.result["lifetime"]?["trace"] {
      life["trace"] = trace
    }
    fields["lifetime"] = .object(life)
  }

  private static func average(_ values: [MeasuredValue]) -> ResultValue {
    guard let first = values.first else { return .null }
    let numbers = values.compactMap { $0.value }
    guard numbers.count > 1 else { return .quantity(first) }
    let n = Double(numbers.count)
    let centre = numbers.reduce(0, +) / n
    let spread = numbers.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / (n - 1)
    return .quantity(
      MeasuredValue(
        centre, first.unit, u: (spread / n).squareRoot(), uKind: "repeat",
        trace: first.trace))
  }
}

extension Study {
  /// The options of the analysis of cycler logs, as the study sets them.
  func cyclingOptions() throws(ReadFailure) -> CyclingOptions {
    var options = CyclingOptions()
    for setting in settings.cycling {
      do {
        try options.setOption(name: setting.key, text: setting.text)
        if AnalysisSettings.areSame(AnalysisSettings.optionName(setting.key), "area") {
          options.areaSource = "study"
        }
      } catch {
        throw ReadFailure(
          error.diagnostic.code, at: error.diagnostic.place,
          found: "\(setting.source), cycling.\(setting.key): \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
    }
    options.merge = false
    return options
  }
}
