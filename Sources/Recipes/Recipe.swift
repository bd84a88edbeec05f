public import Bytes
public import Tables

/// A text format as data: how its files are recognised, and what their lines and columns mean.
///
/// Read from YAML of schema 1 (docs/recipes.md). ``entry`` is the format that it makes.
public struct Recipe: Sendable {
  /// The version of the schema.
  public static let schema = 1

  /// The id, lower-case with hyphens.
  public internal(set) var id = ""
  /// One line for people.
  public internal(set) var title = ""
  /// What the format measures.
  public internal(set) var technique = Technique.any
  /// Lower-case extensions without dot; `*` stands for anything.
  public internal(set) var extensions: [String] = []
  /// What a file is recognised by.
  public internal(set) var marks: [Mark] = []
  /// How the text is written.
  public internal(set) var text = TextRules()
  /// What stands above the rows.
  public internal(set) var header = HeaderRules()
  /// Where the rows stand.
  public internal(set) var data = DataRules()
  /// What the columns are, in the order in which they are tried.
  public internal(set) var columns: [ColumnRule] = []
  /// Names of columns that a file needs to be recognised.
  public internal(set) var requires: [String] = []
  /// Metadata that the user has to give.
  public internal(set) var overrides: [String] = []
  /// Codes of the lint rules that apply.
  public internal(set) var checks: [String] = []
  /// The SHA-256 of the recipe's text in hex.
  public internal(set) var sha256 = ""
  /// The file that it was read from; nil for a built-in one.
  public internal(set) var file: String?

  init() {}

  /// A pattern that some lines of a file of the format match, or that they never do.
  public struct Mark: Sendable {
    /// The lines that are looked at, from 1.
    public var lines: ClosedRange<Int>
    /// The pattern.
    public var pattern: LinePattern
    /// Points for a match.
    public var points: Int
    /// Whether a match rules the format out.
    public var isReject: Bool
  }

  /// How the text of a file is written; nil where the file tells.
  public struct TextRules: Sendable {
    /// The encoding.
    public var encoding: DecodedText.Encoding?
    /// What stands between two cells.
    public var delimiter: TableDialect.Delimiter?
    /// The decimal mark.
    public var decimal: UInt8?
    /// The character around cells; nil for none.
    public var quote: UInt8? = UInt8(ascii: "\"")
    /// The first character of comments among the rows; nil for none.
    public var comment: UInt8? = UInt8(ascii: "#")
    /// Words that stand for a missing number, besides those of docs/text.md.
    public var missing: [String] = []
  }

  /// A line of a file.
  public enum LineRule: Sendable {
    /// The first that matches.
    case match(LinePattern)
    /// The line of that number; 0 for column names says that there are none.
    case number(Int)
    /// The line whose number the first group of a match tells.
    case count(LinePattern)
  }

  /// What stands above the rows.
  public struct HeaderRules: Sendable {
    /// The line of the column names, the last one where there are several.
    public var columnsAt = LineRule.number(1)
    /// The names of the header rows, from the uppermost.
    public var rowNames = ["label"]
    /// What is taken off the start of every header row.
    public var strip: LinePattern?
    /// Whether a row of units follows.
    public var hasUnitsRow = false
    /// Lines of metadata whose named groups are the keys.
    public var patterns: [LinePattern] = []
    /// The text between a key and its value.
    public var keyMark: String?
  }

  /// What becomes of rows with another number of cells.
  public enum Ragged: String, Sendable, CaseIterable {
    case error, pad, drop
  }

  /// Where the rows stand.
  public struct DataRules: Sendable {
    /// The first row; nil for the line below the header.
    public var starts: LineRule?
    /// The line behind the last row; nil for the end of the file.
    public var ends: LineRule?
    /// What becomes of rows with another number of cells; nil for the rule of docs/text.md.
    public var ragged: Ragged?
    /// Whether the header may be repeated among the rows.
    public var repeatsHeader = false
    /// The line above each section, and the name of its table.
    public var sections: (match: LinePattern, name: RecipeTemplate?)?
  }

  /// What a column is.
  public struct ColumnRule: Sendable {
    /// The kinds of cells.
    public enum Kind: String, Sendable, CaseIterable {
      case number, integer, text, category, clock, duration
    }

    /// Patterns for the cells above the column, by the name of the header row.
    public var patterns: [(row: String, pattern: LinePattern)] = []
    /// The name.
    public var name = RecipeTemplate("")
    /// The unit; nil where the file tells.
    public var unit: RecipeTemplate?
    /// The kind of its cells.
    public var kind = Kind.number
    /// Whether a file without it cannot be read.
    public var isRequired = false
    /// Where the sign comes from.
    public var sign: SignRule?
    /// A factor on the values as written.
    public var scale: Double?
    /// The factor as the recipe writes it.
    var scaleText = ""
    /// Why there is a factor.
    public var why = ""
    /// Whether every column that matches is taken.
    public var takesEach = false
    /// What tells these columns apart.
    public var key: RecipeTemplate?
    /// What is known of the column besides.
    public var attached: [(name: String, value: RecipeTemplate)] = []
    /// How clock times are written.
    public var formats: [ClockFormat] = []
    /// The date of clock times that have none.
    public var date: RecipeTemplate?
    /// Minutes that the clock is ahead of UTC; nil where that is not known.
    public var zone: Int?
    /// Where the rule stands in the recipe.
    var place = Place.whole
  }

  /// The sign of a column by the text of another one.
  public struct SignRule: Sendable {
    /// The name of the other column.
    public var column: String
    /// Texts of rows whose values are negative, positive and zero.
    public var negative: [String], positive: [String], zero: [String]
  }
}

/// Text in which `$name` stands for what a named group or a header row holds.
public struct RecipeTemplate: Sendable, Hashable {
  /// The text as it was written.
  public let source: String
  private enum Part: Hashable { case text(String), reference(String) }
  private var parts: [Part] = []

  init(_ source: String) {
    self.source = source
    var text = ""
    let scalars = Array(source.unicodeScalars)
    var i = 0
    while i < scalars.count {
      guard scalars[i] == "$", i + 1 < scalars.count else {
        text.unicodeScalars.append(scalars[i])
        i += 1
        continue
      }
      let isBraced = scalars[i + 1] == "{"
      var j = i + (isBraced ? 2 : 1)
      var name = ""
      while j < scalars.count, ScalarSet.word.contains(scalars[j].value) {
        name.unicodeScalars.append(scalars[j])
        j += 1
      }
      let isClosed = !isBraced || j < scalars.count && scalars[j] == "}"
      guard !name.isEmpty, isClosed else {
        text.unicodeScalars.append(scalars[i])
        i += 1
        continue
      }
      if !text.isEmpty { parts.append(.text(text)) }
      text = ""
      parts.append(.reference(name))
      i = j + (isBraced ? 1 : 0)
    }
    if !text.isEmpty { parts.append(.text(text)) }
  }

  /// The names that it refers to.
  var references: [String] {
    parts.compactMap { if case .reference(let name) = $0 { name } else { nil } }
  }

  /// Whether it refers to nothing.
  var isLiteral: Bool { references.isEmpty }

  /// The text with what the names stand for; a name without a value stands for nothing.
  func text(_ values: (String) -> String?) -> String {
    parts.map { part in
      switch part {
      case .text(let text): text
      case .reference(let name): values(name) ?? ""
      }
    }
    .joined()
  }
}
