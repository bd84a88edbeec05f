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
  /// The line of the first row.
  public let dataLine: Int
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
  public init?(_ text: DecodedText) throws(ReadFailure) {
    guard let layout = try TableLayout.detect(text.utf8) else { return nil }
    let heading = TableHeading(layout, text.utf8)
    var said = DiagnosticList()
    let plan = heading.plan(layout, options: ReadOptions(), into: &said)
    dialect = layout.dialect
    labels = heading.labels
    headerLine = heading.line
    hasUnitsRow = heading.units != nil
    dataLine = layout.dataLine
    columns = plan.columns
    technique = plan.technique
    let lines = TextLines(text.utf8, from: layout.dataStart, number: layout.dataLine)
    firstRow = lines.first { _ in true }.map { lines.string($0) } ?? ""
    headerTexts = heading.line.map { [$0.number: TextLines.string(text.utf8[$0.range])] } ?? [:]
    preamble = layout.preamble.map { TextLines.string(text.utf8[$0.range]) }
  }

  private let headerTexts: [Int: String]

  /// The line of the labels as it stands in the text.
  public func headerText(_ line: TextLine) -> String { headerTexts[line.number] ?? "" }

  /// The label as a unit of its own, such as `Amps` or `Amp-hr`; nil where it is none.
  public static func unit(ofLabel label: String) -> String? {
    guard label.count > 2, let unit = PhysicalUnit.loose(label)?.unit, unit.ucum != "1" else {
      return nil
    }
    return unit.ucum
  }
}
