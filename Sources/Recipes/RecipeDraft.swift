public import Bytes
public import DelimitedText
internal import Reading
public import Tables
internal import Units

/// A recipe drafted from a sample, for the user to finish.
public struct RecipeDraft: Sendable {
  /// What the sample looks like.
  public let table: TableDraft
  /// The YAML text.
  public let text: String
  /// The label of the column that is the axis: a time, an energy, a frequency; nil where none is found.
  public let axis: String?
  /// The columns of the draft.
  public let columns: [DraftColumn]
  /// The technique that the columns make up.
  public let technique: Technique

  /// A column of a draft.
  public struct DraftColumn: Sendable {
    /// What the file calls it.
    public var label: String
    /// The name in the draft.
    public var name: String
    /// The unit in UCUM; nil where none was found.
    public var unit: String?
    /// The type in words of the schema.
    public var type: String
    /// Whether the unit is only the usual one for the name: the file does not say it.
    public var isGuessed = false
  }

  /// Columns in a draft beyond which one rule stands for all others.
  static let mostColumns = 60

  /// Drafts a recipe.
  ///
  /// The draft is tried on the sample itself: where the rows end, whether they stand in sections and
  /// what becomes of odd ones is what reads the most rows.
  ///
  /// - Parameters:
  ///   - bytes: the content of the sample.
  ///   - name: its file name, from which the id is made.
  /// - Throws: `text.no-data` where no line holds numbers.
  public init(_ bytes: ByteView, name: String) throws(ReadFailure) {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    guard let table = try TableDraft(text.utf8) else {
      throw ReadFailure(
        "text.no-data", at: .line(1), found: "no line holds numbers",
        expected: "expected rows of numbers between tabs, ';', ',', '|' or blanks")
    }
    let scan = DraftScan(text.utf8, table)
    self.table = table
    let columns = DraftColumns(table, scan.facts).columns
    let names = Set(columns.map(\.name))
    let hasTime = columns.contains { $0.type == "duration" || $0.type == "clock" }
    let isCycling = hasTime && names.isSuperset(of: ["voltage", "current"])
    let technique = table.technique == .any && isCycling ? Technique.cycling : table.technique
    let axis = DraftColumns.axis(columns, scan.facts, technique)
    let drafts = DraftLayout.candidates(text.utf8, table, scan).map { layout in
      var columns = columns
      if layout.sections != nil { columns += Self.others(text.utf8, layout, columns) }
      var draft = DraftText(
        table: table, columns: columns, axis: axis, technique: technique, layout: layout,
        name: name)
      draft.usesLine = draft.isAnchorWrong
      return draft
    }
    self.columns = columns
    self.technique = technique
    self.axis = axis
    self.text = Self.best(drafts, bytes, name)
  }

  /// Of several drafts the first that reads the rows that it should, else the one that reads most of them.
  private static func best(
    _ drafts: [DraftText], _ bytes: ByteView, _ name: String
  ) -> String {
    var best: (rows: Int, text: String)?
    for draft in drafts {
      let text = draft.yaml
      guard drafts.count > 1 else { return text }
      do throws(ReadFailure) {
        let dataset = try Recipe(text).read(bytes, name: name, options: ReadOptions())
        let read = dataset.tables.reduce(0) { $0 + $1.rows }
        if read >= draft.layout.rows { return text }
        if read > best?.rows ?? 0 { best = (read, text) }
      } catch {
        continue
      }
    }
    return best?.text ?? drafts.first?.yaml ?? ""
  }

  /// Columns of other sections that the first one lacks.
  private static func others(
    _ text: ByteView, _ layout: DraftLayout, _ known: [DraftColumn]
  ) -> [DraftColumn] {
    guard let pattern = layout.sections.flatMap({ try? LinePattern($0) }) else { return [] }
    var labels = Set(known.map(\.label))
    var names = Set(known.map(\.name))
    var result: [DraftColumn] = []
    var start: Int?
    var sections = 0
    func add(_ end: Int) {
      guard let start, sections < 20, let table = try? TableDraft(text[start..<end]),
        table.labels != nil
      else { return }
      sections += 1
      let scan = DraftScan(text[start..<end], table)
      for column in DraftColumns(table, scan.facts).columns where !labels.contains(column.label) {
        labels.insert(column.label)
        guard !names.contains(column.name) else { continue }
        names.insert(column.name)
        result.append(column)
      }
    }
    for line in TextLines(text) where pattern.matches(text[line.range]) {
      add(line.range.lowerBound)
      start = line.range.lowerBound
    }
    add(text.count)
    return result
  }
}
