public import Tables

/// A report before it is laid out: what is said, in order, without any markup.
///
/// The page shows, in this order: title, diagnostics, assumptions, the sections, references, the
/// trace of every number shown, and the provenance.
public struct ReportDocument: Sendable {
  /// A heading with what stands below it.
  public struct Section: Sendable {
    /// The heading.
    public var title: String
    /// Paragraphs, tables and figures in order.
    public var blocks: [Block]

    /// A section from its parts.
    public init(_ title: String, _ blocks: [Block] = []) {
      self.title = title
      self.blocks = blocks
    }
  }

  /// A part of a section.
  public enum Block: Sendable {
    /// A heading inside the section.
    case heading(String)
    /// Running text.
    case paragraph([Inline])
    /// Points of a list.
    case list([[Inline]])
    /// A table of numbers and words.
    case table(ReportTable)
    /// Figures side by side, each numbered.
    case figures([Figure])

    /// Running text without numbers or citations.
    public static func text(_ text: String) -> Block { .paragraph([.text(text)]) }
  }

  /// A part of running text.
  public enum Inline: Sendable, ExpressibleByStringLiteral {
    /// Words.
    case text(String)
    /// A number with unit and uncertainty, which leads to its trace.
    case quantity(MeasuredValue)
    /// Words that stand out.
    case strong(String)
    /// A reference, by its number from 1.
    case citation(Int)

    /// Words.
    public init(stringLiteral text: String) { self = .text(text) }
  }

  /// Something that was assumed because nobody gave it.
  public struct Assumption: Sendable {
    /// What was assumed, such as `growth per pair`.
    public var key: String
    /// The value.
    public var value: ReportTable.Cell
    /// Where the value comes from, such as `default` or `study.yaml line 3`.
    public var source: String
    /// Which results depend on it.
    public var usedBy: [String]

    /// An assumption from its parts.
    public init(key: String, value: ReportTable.Cell, source: String, usedBy: [String]) {
      self.key = key
      self.value = value
      self.source = source
      self.usedBy = usedBy
    }
  }

  /// A diagnostic with the file it is about.
  public struct Finding: Sendable {
    /// The path; `-` for the study as a whole.
    public var file: String
    /// What was found.
    public var diagnostic: Diagnostic

    /// A finding from its parts.
    public init(file: String, _ diagnostic: Diagnostic) {
      self.file = file
      self.diagnostic = diagnostic
    }
  }

  /// A line of the provenance: what, and its value.
  public struct Fact: Sendable {
    /// What the line tells.
    public var name: String
    /// The value.
    public var value: String

    /// A line from its parts.
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The title.
  public var title: String
  /// One or two sentences below the title.
  public var lead: [Inline] = []
  /// What reading and analysis had to say; errors and warnings stand first.
  public var findings: [Finding] = []
  /// What was assumed.
  public var assumptions: [Assumption] = []
  /// The sections in order; methods are one of them.
  public var sections: [Section] = []
  /// The references in order; `Inline.citation(1)` is the first.
  public var references: [String] = []
  /// The steps behind the numbers; those that no shown number leads to are left out.
  public var traces = TraceGraph()
  /// Version, command, options, date: one line each.
  public var provenance: [Fact] = []
  /// The inputs with their hashes.
  public var inputs: [InputReport] = []

  /// A report with a title and nothing else.
  public init(title: String) { self.title = title }
}

/// A table of a report.
public struct ReportTable: Sendable {
  /// A cell.
  public enum Cell: Sendable, ExpressibleByStringLiteral {
    /// Words.
    case text(String)
    /// A whole number.
    case integer(Int)
    /// A number with unit and uncertainty, which leads to its trace.
    case quantity(MeasuredValue)
    /// No value, and why.
    case missing(String)

    /// Words.
    public init(stringLiteral text: String) { self = .text(text) }

    /// A quantity, or a reason where there is none.
    public static func optional(_ quantity: MeasuredValue?, else reason: String) -> Cell {
      quantity.map(Cell.quantity) ?? .missing(reason)
    }
  }

  /// What the table shows.
  public var caption: String
  /// The heads of the columns; a unit that all quantities of a column share moves up into its head.
  public var columns: [String]
  /// The rows; short ones are filled up with empty cells.
  public var rows: [[Cell]]

  /// A table from its parts.
  public init(caption: String, columns: [String], rows: [[Cell]]) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }
}
