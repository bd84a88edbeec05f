public import Bytes
public import Reading
public import Tables

/// Scans of XDAC, MRCAT_XAFS, NSLS_DAC and the EDC program of NSLS (docs/formats/nsls.md).
public enum NSLSText: FileFormat {
  /// The id.
  public static let id = "nsls"
  /// One line for people.
  public static let title = "XDAC, MRCAT, NSLS_DAC scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["dat", "000", "001"]
  /// How it is recognised.
  public static let recognisedBy =
    "XDAC V1., MRCAT_XAFS V0., # NSLS_DAC V0. or NSLS/X11 EDC on line 1"

  /// Looks for the program's name on the first line.
  public static func recognise(_ file: FileHead) -> Recognition {
    let first = HeaderLine(number: 1, firstLine(BeamlineHead.start(file))).text
    for program in ["XDAC V", "MRCAT_XAFS V", "NSLS_DAC V"] where first.hasPrefix(program) {
      return Recognition(
        first.contains("Datafile") ? 100 : 90, ["line 1 is `\(first.prefix(40))`"])
    }
    if first.hasPrefix("NSLS/X"), first.contains("EDC-") {
      return Recognition(90, ["line 1 is `\(first.prefix(40))`"])
    }
    return .none
  }

  private static func firstLine(_ start: String) -> String {
    String(start.split(maxSplits: 1, omittingEmptySubsequences: false) { $0.isNewline }[0])
  }

  /// Reads the rows below the line of labels, which stands under a line of dashes.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    var scan = BeamlineScan(text)
    if scan.labelLines.isEmpty, let labels = detectors(text) {
      scan.headings = BeamlineScan.headings(labels, count: text.width)
      scan.axis = 0
    }
    nameCounters(&scan.headings)
    return try scan.dataset(id, text, options: options, diagnostics)
  }

  /// EDC names its counters in fields of eight characters: `DETECTORSI0      I       IF`.
  private static func detectors(_ text: BeamlineText) -> [String]? {
    guard let line = text.header.first(where: { $0.text.hasPrefix("DETECTORS") }) else {
      return nil
    }
    let names = line.text.dropFirst("DETECTORS".count).split(separator: " ").map(String.init)
    return names.count == text.width - 1 ? ["energy"] + names : nil
  }

  /// MRCAT's counters have numbers for names: the first four are I0, It, Iref and If.
  private static func nameCounters(_ headings: inout [ColumnHeading]) {
    let roles = ["mcs3": "i0", "mcs4": "it", "mcs5": "iref", "mcs6": "if"]
    let labels = Set(headings.map(\.label))
    guard labels.isSuperset(of: ["mcs3", "mcs4"]) else { return }
    for i in headings.indices {
      if let role = roles[headings[i].label] {
        headings[i].meaning = ColumnNames.meaning(of: role)
      }
    }
  }
}
