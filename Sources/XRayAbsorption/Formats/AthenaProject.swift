public import Bytes
public import Reading
public import Tables
internal import Units

/// Projects of Athena: several spectra with the parameters that were chosen for them.
///
/// Perl literals or JSON, gzipped or not (docs/formats/athena.md).
public enum AthenaProject: FileFormat {
  /// The id.
  public static let id = "athena"
  /// One line for people.
  public static let title = "Athena project"
  /// What it measures.
  public static let technique = Technique.xas
  /// Usual extensions.
  public static let extensions = ["prj"]
  /// How it is recognised.
  public static let recognisedBy = "# Athena project file, or JSON with _____header1"

  /// Looks for the first line of a project.
  public static func recognise(_ file: FileHead) -> Recognition {
    let mark = Array("# Athena project file".utf8)
    let head = file.head.prefix(2048).array
    guard
      let start = head.indices.first(where: { head[$0...].starts(with: mark) })
    else { return .none }
    // Nothing but blanks and a byte order mark before it.
    if head[..<start].allSatisfy({ $0 <= 32 || [0xEF, 0xBB, 0xBF].contains($0) }) {
      return Recognition(100, ["line 1 is `# Athena project file`"])
    }
    let isJSON =
      head.first { $0 > 32 } == UInt8(ascii: "{")
      && file.head.prefix(2048).firstRange(of: "\"_____header") != nil
    return isJSON
      ? Recognition(100, ["JSON that holds `# Athena project file`"]) : .none
  }

  /// Reads every group as a table; what is no group is kept as metadata or told.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &diagnostics)
    var project = AthenaGroups()
    let first = text.utf8.prefix(4096).array.first { $0 > 32 }
    if first == UInt8(ascii: "{") {
      try project.readJSON(text.utf8, limits: options.limits)
    } else {
      project.readPerl(text.utf8)
    }
    if project.isCut {
      diagnostics.warn(
        "athena.cut",
        found: "the project ends early; whole groups before that: \(project.groups.count)",
        expected: "expected `[record]` after every group and `1;` at the end")
    }
    for flaw in project.unreadable {
      diagnostics.warn(
        "athena.statement", at: .line(flaw.line),
        found: "'\(flaw.text.prefix(60))' is no assignment of a literal; it was left out",
        expected: "expected $name, @name or %name = value;")
    }
    guard !project.groups.isEmpty else {
      throw ReadFailure(
        "athena.no-group", found: "the project holds no whole group",
        expected: "expected @args, @x, @y and [record]")
    }
    var seen: [String: Int] = [:]
    var tables: [Table] = []
    var others: [Grid] = []
    for group in project.groups {
      var (table, odd) = group.tables(into: &diagnostics)
      others += odd
      let count = (seen[table.name] ?? 0) + 1
      seen[table.name] = count
      if count > 1 { table.name += "_\(count)" }
      tables.append(table)
    }
    var dataset = Dataset(
      format: id, technique: technique, tables: tables, grids: others, diagnostics: diagnostics.all,
      complete: !project.isCut && project.unreadable.isEmpty)
    for (key, value) in project.header { dataset.metadata.append(key, value) }
    dataset.reading["encoding"] = text.encoding.rawValue
    return dataset
  }
}
