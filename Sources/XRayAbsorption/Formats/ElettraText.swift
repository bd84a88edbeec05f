public import Bytes
public import Reading
public import Tables
internal import RealModule

/// Scans of the XAFS beamline at Elettra, whose rows have no labels (docs/formats/elettra-xafs.md).
public enum ElettraText: FileFormat {
  /// The id.
  public static let id = "elettra-xafs"
  /// One line for people.
  public static let title = "Elettra XAFS scan"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["txt", "dat"]
  /// How it is recognised.
  public static let recognisedBy = "#Project Name:, #Folder Name: and #Monochromator … lines"

  /// Looks for the header lines of the beamline's program.
  public static func recognise(_ file: FileHead) -> Recognition {
    let first = file.head[0] ?? 0
    guard [0x23, 0xEF, 0xFE, 0xFF].contains(first),
      BeamlineHead.holds(file, ["#project name:"], within: 1024),
      let head = BeamlineHead(file)
    else { return .none }
    var reasons: [String] = []
    for mark in ["#Folder Name:", "#Picoam", "#Monochromator"] {
      if let i = head.lines.firstIndex(where: { $0.hasPrefix(mark) }) {
        reasons.append("line \(i + 1) starts with `\(mark)`")
      }
    }
    return reasons.count > 1 ? Recognition(90, reasons) : .none
  }

  /// Reads the rows; what the columns are is checked by their numbers.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try BeamlineText(bytes, options: options, into: &diagnostics)
    var scan = BeamlineScan(
      headings: BeamlineScan.headings([], count: text.width), axis: 0)
    if text.width == 8, holdsAbsorption(text) {
      // Energy asked for and reached, I0, I1, ln(I0/I1), I2, ln(I1/I2), time.
      let roles = [
        "energy", "energy readback", "i0", "it", "mu", "iref", "", "count time",
      ]
      for (i, role) in roles.enumerated() {
        scan.headings[i].meaning = ColumnNames.meaning(of: role)
      }
      scan.axis = nil
      diagnostics.note(
        "xas.columns-known", found: "the rows have no labels",
        expected: "column 5 is ln(column 3/column 4): named as the beamline orders its columns")
    }
    return try scan.dataset(id, text, options: options, diagnostics)
  }

  /// Whether the fifth column is the logarithm of the third over the fourth in the first rows.
  private static func holdsAbsorption(_ text: BeamlineText) -> Bool {
    var seen = 0
    let scanner = NumberScanner(decimalMark: text.dialect.decimalMark)
    for line in text.lines[text.rows].prefix(8) {
      let cells = text.dialect.cells(text.text.utf8[line.range])
      guard cells.count == 8, let incident = scanner.parse(cells[2]),
        let transmitted = scanner.parse(cells[3]), let mu = scanner.parse(cells[4]), incident > 0,
        transmitted > 0
      else { continue }
      guard abs(Double.log(incident / transmitted) - mu) < 2e-5 else { return false }
      seen += 1
    }
    return seen > 2
  }
}
