public import Tables

/// The analysis of one file: a spectrum for each group, scan, entry or pair.
public struct XASFileAnalysis: Sendable {
  /// The file.
  public var input: InputIdentity
  /// Its spectra, in file order.
  public var spectra: [SpectrumAnalysis]
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// The options.
  public var options: XASOptions
  /// The steps from bytes to numbers.
  public var trace: TraceGraph { builder.graph }
  var builder: XASTrace
  private let prefix: String

  /// The tree of the contract.
  public var result: ResultValue {
    .fields(["spectra": .list(spectra.map { XASResult(a: $0, options: options).value() })])
  }

  /// The figures of its spectra.
  public var figures: [Figure] {
    spectra.flatMap { XASFigures($0, file: input.path, isOnly: spectra.count == 1).all() }
  }

  /// Analyzes the spectra of a file.
  ///
  /// - Parameters:
  ///   - dataset: what the reader gave.
  ///   - input: the file, for the trace.
  ///   - options: the rules.
  ///   - tracePrefix: what the trace ids start with, unique in a run.
  /// - Throws: the reason where the file holds no spectrum: `xas.no-energy`, `xas.no-signal`,
  ///   `xas.constant`, `xas.expression`, `xas.select` …
  public init(
    _ dataset: Dataset, input: InputIdentity, options: XASOptions, tracePrefix: String
  ) throws(ReadFailure) {
    var list = DiagnosticList()
    let sources = try SpectrumSources(dataset: dataset, options: options, input: input).all(&list)
    self.input = input
    self.options = options
    prefix = tracePrefix
    builder = XASTrace(prefix: tracePrefix)
    spectra = []
    diagnostics = []
    analyze(sources, move: 0, said: list)
  }

  /// What has to be kept of a file to have its analysis again without reading it.
  public struct Stored: Sendable, Codable {
    var sources: [SpectrumSource]
    var reading: [Diagnostic]
    var input: InputIdentity
  }

  /// The spectra before their analysis, and what reading them had to say.
  public var stored: Stored {
    Stored(sources: spectra.map(\.source), reading: reading.all, input: input)
  }

  /// Analyzes spectra that were kept, as if their file had been read.
  public init(_ stored: Stored, options: XASOptions, tracePrefix: String) {
    input = stored.input
    self.options = options
    prefix = tracePrefix
    builder = XASTrace(prefix: tracePrefix)
    spectra = []
    diagnostics = []
    var list = DiagnosticList()
    list.add(contentsOf: stored.reading)
    analyze(stored.sources, move: 0, said: list)
  }

  /// Analyzes the spectra anew with all energies moved, as a calibration asks.
  mutating func move(by shift: Double) {
    // What choosing the columns had to say stands; what the analysis said is said anew.
    analyze(spectra.map(\.source), move: shift, said: reading)
  }

  private var reading = DiagnosticList()

  private mutating func analyze(_ sources: [SpectrumSource], move: Double, said: DiagnosticList) {
    reading = said
    var list = said
    builder = XASTrace(prefix: prefix)
    spectra = sources.map { source in
      var spectrum = SpectrumAnalysis(source, options: options, move: move, diagnostics: &list)
      builder.add(&spectrum, options: options)
      return spectrum
    }
    diagnostics = list.all
  }
}
