public import Bytes
internal import Reading
public import Tables
internal import Units

/// What a text table looks like to somebody who has never seen its format: dialect, header, columns.
///
/// Recipes are drafted from it.
public struct TableDraft: Sendable {
  /// The delimiter and the decimal mark.
  public let dialect: TableDialect
  /// The labels of the columns; nil where there is no header.
  public let labels: [String]?
  /// The line of the labels.
  public let headerLine: TextLine?
  /// Whether a row of units stands below the labels.
  public let hasUnitsRow: Bool
  /// The cells of the row of units.
  public let units: [String]?
  /// The line of the first row.
  public let dataLine: Int
  /// The offset at which the rows start.
  public let dataStart: Int
  /// The first row as it stands in the text.
  public let firstRow: String
  /// The columns with their names, units and kinds.
  public let columns: [TextColumn]
  /// The technique that the columns make up.
  public let technique: Technique
  /// The lines above the header.
  public let preamble: [String]

  /// The draft of a text; nil where no line holds numbers.
  ///
  /// - Throws: `text.columns` where a line has too many cells.
  public init?(_ text: ByteView) throws(ReadFailure) {
    guard let layout = try TableLayout.detect(text) else { return nil }
    let heading = TableHeading(layout, text)
    var said = DiagnosticList()
    let plan = heading.plan(layout, options: ReadOptions(), into: &said)
    dialect = layout.dialect
    labels = heading.labels
    headerLine = heading.line
    hasUnitsRow = heading.units != nil
    units = heading.units
    dataLine = layout.dataLine
    dataStart = layout.dataStart
    columns = plan.columns
    technique = plan.technique
    let lines = TextLines(text, from: layout.dataStart, number: layout.dataLine)
    firstRow = lines.first { _ in true }.map { lines.string($0) } ?? ""
    headerTexts = heading.line.map { [$0.number: TextLines.string(text[$0.range])] } ?? [:]
    let below = heading.line.map { $0.number + (heading.units == nil ? 1 : 2) }
    holdsTextAboveRows =
      below.map { below in
        TextLines(text.prefix(layout.dataStart)).contains { line in
          line.number >= below && text[line.range][0] != UInt8(ascii: "#")
            && !text[line.range].withBytes { $0.allSatisfy { $0 == 0x20 || $0 == 0x09 } }
        }
      } ?? false
    preamble = layout.preamble.map { TextLines.string(text[$0.range]) }
  }

  /// Whether lines that are neither empty nor comments stand between the header and the rows.
  public let holdsTextAboveRows: Bool

  private let headerTexts: [Int: String]

  /// The line of the labels as it stands in the text.
  public func headerText(_ line: TextLine) -> String { headerTexts[line.number] ?? "" }
}
