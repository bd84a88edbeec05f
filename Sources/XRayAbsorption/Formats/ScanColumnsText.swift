public import Bytes
public import Reading
public import Tables
internal import Units

/// Columns whose labels say that they are an absorption scan, whatever program wrote them
/// (docs/formats/xas-columns.md).
public enum ScanColumnsText: FileFormat {
  /// The id.
  public static let id = "xas-columns"
  /// One line for people.
  public static let title = "Absorption scan in labelled columns (.xmu, .nor, beamline texts)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["xmu", "nor", "dat", "txt", "csv"]
  /// How it is recognised.
  public static let recognisedBy =
    "a label for the photon energy beside one for mu, I0, a transmission or a yield"

  /// Looks at the labels above the first rows.
  ///
  /// It never scores more than 60: a format that knows more stands before it.
  public static func recognise(_ file: FileHead) -> Recognition {
    let start = BeamlineHead.start(file)
    guard !start.hasPrefix("# XDI/"), !start.hasPrefix("#XDI/"), !start.hasPrefix("#F ") else {
      return .none
    }
    if start.hasPrefix(":runabs") {
      return Recognition(60, ["line 1 starts with `:runabs`, the dispersive beamline ID24"])
    }
    guard let line = BeamlineHead.lineAboveNumbers(file), mayBeLabels(line) else { return .none }
    // Whole lines only: the last one of the head may be cut.
    let head = file.head.prefix(16384)
    let whole = head.count == file.size ? head.count : head.array.lastIndex(of: 0x0A) ?? head.count
    var ignored = DiagnosticList()
    guard
      let text = try? BeamlineText(head.prefix(whole), options: ReadOptions(), into: &ignored),
      text.width > 1, text.width < 1000, let line = BeamlineScan.labelLine(text)
    else { return .none }
    return judge(line.labels.map { ColumnHeading($0) }, text, line: line.number)
  }

  /// Whether a line names an energy and another column: what is looked at before anything is parsed.
  private static func mayBeLabels(_ line: String) -> Bool {
    let words = HeaderLine(number: 1, line).text.split { " \t,;".contains($0) }
    guard words.count > 1, words.count < 2000 else { return false }
    return words.contains { ColumnHeading(String($0)).meaning?.isEnergy == true }
  }

  private static func judge(
    _ headings: [ColumnHeading], _ text: BeamlineText, line: Int
  ) -> Recognition {
    let names = headings.compactMap { $0.meaning?.name }
    guard let axis = headings.first(where: { $0.meaning?.isEnergy == true }) else { return .none }
    // Words of batteries, surfaces and ion beams, where `E` and `I1` are something else.
    let foreign: Set = [
      "voltage", "potential", "capacity", "cycle", "ewe", "current_a", "i_ma", "force", "frequency",
      "channel", "counts", "depth", "cross_section", "step_index", "cell", "power", "charge",
    ]
    let slugs = headings.map { ColumnLabel.slug($0.label) }
    guard !slugs.contains(where: foreign.contains) else { return .none }
    let signals: Set = [
      "mu", "norm", "flat", "incident_intensity", "transmitted_intensity", "reference_intensity",
      "fluorescence_yield", "electron_yield",
    ]
    let found = headings.filter { signals.contains($0.meaning?.name ?? "") }
    // A short label of the energy may be anything: it needs a label that is of absorption alone.
    let isShort = axis.label.count < 3 && !["ev", "ee"].contains(axis.label.lowercased())
    let sure: Set = ["mu", "xmu", "i0", "io", "munorm", "norm", "mutrans", "mufluor"]
    let own = found.filter { !isShort || sure.contains($0.label.lowercased()) }
    guard let signal = own.first, names.count > 1 else { return .none }
    if own.count == 1, signal.label.lowercased() == "intensity", !isKilo(text) { return .none }
    return Recognition(
      60, ["line \(line) labels `\(axis.label)` and `\(signal.label)` are of an absorption scan"])
  }

  /// Whether the first column looks like a rising energy in keV: an `intensity` alone says little.
  private static func isKilo(_ text: BeamlineText) -> Bool {
    let scanner = NumberScanner(decimalMark: text.dialect.decimalMark)
    let values = text.lines[text.rows].prefix(100).compactMap { line in
      text.dialect.cells(text.text.utf8[line.range]).first.flatMap { scanner.parse($0) }
    }
    let steps = zip(values, values.dropFirst()).map { $1 - $0 }
    return values.count > 9 && values.allSatisfy { $0 > 1 && $0 < 120 }
      && steps.allSatisfy { $0 > 0 }
      && (steps.min() ?? 1) < 0.005
  }

  /// Reads the rows below the line of labels.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    var scan = BeamlineScan(text, axis: 0)
    if scan.labelLines.isEmpty, text.header.first?.text.hasPrefix("runabs") == true,
      text.width == 2
    {
      // ESRF ID24: the axis counts pixels of the camera.
      scan.headings[0].meaning = ColumnNames.meaning(of: "pixel")
      scan.headings[1].meaning = ColumnNames.meaning(of: "mu")
      scan.axis = nil
    }
    SampleStatement(text.header)?.apply(&scan.headings)
    return try scan.dataset(id, text, options: options, diagnostics)
  }
}
