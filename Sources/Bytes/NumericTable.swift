public import Tables

/// What is read from the rows of a text table, and how.
public struct NumericTable: Sendable {
  /// How the cells of one column are read.
  public enum Kind: Hashable, Sendable {
    /// Real numbers times `factor` · 10^`exponent` plus `offset`; the power of ten goes in before
    /// rounding.
    case real(exponent: Int = 0, factor: Double = 1, offset: Double = 0)
    /// Whole numbers; the column becomes real where a cell is none.
    case integer
    /// Text as it stands.
    case text
    /// Not known: real, or text once a cell is neither number nor missing.
    case undecided
  }

  /// One column: its kind, and its label for messages.
  public struct Request: Hashable, Sendable {
    /// How the cells are read.
    public var kind: Kind
    /// What the file calls the column.
    public var label: String
    /// Whether a cell that is no number is missing and leaves the rest of its row in place.
    public var mayHoldWords = false

    /// A request from its parts.
    public init(_ kind: Kind, label: String) {
      self.kind = kind
      self.label = label
    }
  }

  /// How the rows are read beyond the cells.
  public struct Rules: Sendable {
    /// A row may end with one more delimiter.
    public var trailingDelimiter = false
    /// A last row without line end is cut off where its last cell is shorter than any other one of
    /// that column, or where it is the only row: it may be the start of a longer number.
    public var distrustsShortLastCell = false
    /// A row that starts with this byte is a comment.
    public var comment: UInt8? = UInt8(ascii: "#")
    /// One row in a hundred that cannot be read may be left out with a warning; else it is an error.
    public var mayDropRows = true
    /// Every row that cannot be read may be left out with a warning, however many there are.
    public var mayDropAnyRow = false
    /// A row with too few cells ends with missing ones.
    public var padsShortRows = false
    /// Further words for "no number", as they stand in the file.
    public var missingWords: Set<String> = []
    /// Whether the text is a piece of a longer one, so that its share of bad rows says nothing.
    var isPiece = false
    /// Bytes of one line.
    public var lineBytes = 64 << 20

    /// The defaults.
    public init() {}
  }

  /// The values, one entry a column.
  public internal(set) var values: [ColumnValues] = []
  /// The missing cells, one mask a column.
  public internal(set) var missing: [MissingMask] = []
  /// Rows read.
  public internal(set) var rows = 0
  /// The bytes of the decoded text that hold the rows.
  public internal(set) var bytes: Range<Int> = 0..<0
  /// The lines that hold the rows; nil where there is none.
  public internal(set) var lines: ClosedRange<Int>?
  /// Rows left out.
  public internal(set) var droppedRows = 0

  /// Whether every row of the text was read.
  public var complete: Bool { droppedRows == 0 }

  /// Reads rows from `start`, which is the start of line `line`, to the end of the text, or to the
  /// start of a line given as `stop`.
  ///
  /// Cells that hold a word for "no number" and numbers beyond the range of Double are missing, with one
  /// warning a column. A row with another count of cells or a cell that is no number is left out with a
  /// warning where at most one row in a hundred is so, and an error else.
  ///
  /// - Throws: `text.ragged-row`, `text.not-a-number`, `text.mixed-decimal-mark`,
  ///   `text.unclosed-quote`, `text.line-length`, `text.thousands`, all at their line.
  public static func parse(
    _ text: DecodedText, from start: Int, upTo stop: Int? = nil, line: Int, dialect: TableDialect,
    columns: [Request], rules: Rules = Rules(), into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> NumericTable {
    var requests = columns
    let part = text.utf8.prefix(stop ?? text.utf8.count)
    while true {
      let attempt = try part.withBytes { bytes throws(ReadFailure) in
        var parser = TableParser(
          bytes, view: text.utf8, start: start, line: line, dialect: dialect, columns: requests,
          rules: rules, endsWithNewline: text.endsWithNewline || part.count < text.utf8.count)
        defer { parser.release() }
        try parser.run()
        if parser.turnedToText.isEmpty { try parser.finish() }
        return (parser.table, parser.diagnostics, parser.turnedToText)
      }
      if attempt.2.isEmpty {
        diagnostics.add(contentsOf: attempt.1.all)
        return attempt.0
      }
      // A column of empty cells turned out to hold text: once more with that known.
      for column in attempt.2 { requests[column].kind = .text }
    }
  }
}
