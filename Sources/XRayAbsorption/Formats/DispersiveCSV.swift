public import Bytes
public import Reading
public import Tables
internal import Units

/// Spectra of a dispersive spectrometer by pixel, as the Photon Factory saves them
/// (docs/formats/dispersive-csv.md).
public enum DispersiveCSV: FileFormat {
  /// The id.
  public static let id = "dispersive-csv"
  /// One line for people.
  public static let title = "Dispersive spectrum by pixel (CSV)"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["csv"]
  /// How it is recognised.
  public static let recognisedBy = "a first line `, 0`, then pixels 1, 2, 3 … each with a number"

  /// Rows that must count up for the file to be recognised.
  private static let leastRows = 8

  /// Looks for the line above the rows and for pixels that count up from 1.
  public static func recognise(_ file: FileHead) -> Recognition {
    var ignored = DiagnosticList()
    guard let text = try? DecodedText.decode(file.head.prefix(4096), into: &ignored) else {
      return .none
    }
    let lines = TextLines(text.utf8)
    var row = 0
    for line in lines {
      let cells = dialect.cells(text.utf8[line.range])
      guard cells.count == 2 else { break }
      if line.number == 1 {
        guard cells[0].isEmpty, let number = Int(cells[1]), number >= 0 else { return .none }
      } else {
        guard Int(cells[0]) == row + 1, NumberScanner.parse(cells[1]) != nil else { break }
        row += 1
      }
      if row >= leastRows {
        return Recognition(85, ["line 1 is `, 0`, the rows below count pixels from 1"])
      }
    }
    return .none
  }

  private static let dialect = TableDialect(delimiter: .character(UInt8(ascii: ",")))

  /// Reads the rows; the energies of the pixels stand elsewhere.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    let lines = TextLines(text.utf8)
    guard let first = lines.first(where: { _ in true }), first.next < text.utf8.count else {
      throw ReadFailure(
        "dispersive-csv.no-data", at: .line(1), found: "no row follows line 1",
        expected: "expected rows of a pixel and a number")
    }
    let table = try NumericTable.parse(
      text, from: first.next, line: 2, dialect: dialect,
      columns: [.init(.real(), label: "pixel"), .init(.real(), label: "signal")],
      into: &diagnostics)
    guard table.rows > 0 else {
      throw ReadFailure(
        "dispersive-csv.no-data", at: .line(2), found: "there is no row of numbers",
        expected: "expected rows of a pixel and a number")
    }
    if !text.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline", found: "the last line has no end",
        expected: "expected a line end; the last number may be cut")
    }
    let source =
      text.sourceOffset(table.bytes.lowerBound)..<text.sourceOffset(table.bytes.upperBound)
    let columns = ["pixel", "mu"].enumerated().map { i, name in
      Column(
        name: name, label: i == 0 ? "pixel" : "signal", values: table.values[i], unit: .known(.one),
        missing: table.missing[i],
        origin: Origin(
          bytes: [source], lines: table.lines, steps: ["column \(i + 1), decimal text"]))
    }
    checkPixels(columns[0], into: &diagnostics)
    diagnostics.note(
      "dispersive-csv.axis", found: "the axis counts pixels",
      expected: "their energies are not in the file: give a column of them with --energy")
    var dataset = Dataset(
      format: id, technique: technique,
      tables: [Table(name: "scan", columns: columns, indexColumns: ["pixel"])],
      diagnostics: diagnostics.all, complete: table.complete)
    dataset.metadata.append("header_1", XDIHeader.trimmed(lines.string(first)))
    dataset.reading["encoding"] = text.encoding.rawValue
    return dataset
  }

  /// Warns where the pixels do not count up by one.
  private static func checkPixels(_ column: Column, into diagnostics: inout DiagnosticList) {
    let pixels = column.real ?? []
    let steps = zip(pixels, pixels.dropFirst()).enumerated().filter {
      $0.element.1 - $0.element.0 != 1
    }
    guard let first = steps.first else { return }
    diagnostics.warn(
      "dispersive-csv.pixels", at: .line(first.offset + 3),
      found: "the pixels do not count up by one", expected: "expected 1, 2, 3 …; rows may be lost",
      count: steps.count)
  }
}
