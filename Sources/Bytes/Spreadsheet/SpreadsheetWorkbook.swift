internal import Synchronization
public import Tables

/// A workbook of Office Open XML (`.xlsx`, `.xlsm`), read sheet by sheet into typed columns.
///
/// Sheets are decompressed and scanned piece by piece, so that memory holds the columns and not the XML
/// (ECMA-376 part 1; formulas are not evaluated, their stored values are read).
public struct SpreadsheetWorkbook: Sendable {
  /// A worksheet.
  public struct Sheet: Hashable, Sendable {
    /// The name on its tab.
    public let name: String
    /// The member of the archive.
    public let member: String
    /// Whether the program hides it.
    public let isHidden: Bool
  }

  /// The worksheets in the order of their tabs.
  public let sheets: [Sheet]
  /// Warnings of the archive.
  public let diagnostics: [Diagnostic]
  /// Whether the archive is cut and its members were found by their own headers.
  public let isCut: Bool
  /// Days of dates count from 1904 and not from 1900.
  public let countsFrom1904: Bool
  private let archive: ZipArchive
  private let stylesMember: String?
  private let textsMember: String?
  private let cache = Cache()

  private struct CommonParts {
    var styles = SheetStyles()
    var pool = TextPool()
  }

  private final class Cache: Sendable {
    let parts = Mutex<CommonParts?>(nil)
  }

  /// Whether the members of a zip archive are those of a workbook, as far as bytes from its start tell.
  public static func mayBe(_ head: ByteView) -> Bool {
    guard ZipArchive.recognises(head), head.count > 30 else { return false }
    let length = Int(head[26] ?? 0) | Int(head[27] ?? 0) << 8
    let name = head[30..<(30 + min(length, 512))].latin1()
    return name.hasPrefix("[Content_Types]") || name.hasPrefix("xl/") || name.hasPrefix("_rels/")
      || name.hasPrefix("docProps/") || name == "mimetype"
  }

  /// Opens a workbook: reads the list of its sheets.
  ///
  /// - Throws: `zip.*` where the archive is damaged, `xlsx.no-workbook` where it is none,
  ///   `xlsx.encrypted`, `xlsx.binary` for `.xlsb`, `xml.*` where a part is damaged.
  public init(_ bytes: ByteView, limits: ExpansionLimits = ExpansionLimits()) throws(ReadFailure) {
    var cut: Diagnostic?
    do throws(ReadFailure) {
      archive = try ZipArchive(bytes, limits: limits)
    } catch {
      guard error.diagnostic.code == "zip.truncated" else { throw error }
      archive = try ZipArchive(salvaging: bytes, limits: limits, keepsDamaged: true)
      cut = error.diagnostic
    }
    isCut = cut != nil
    let package = try Self.relations(of: "", in: archive)
    let path = package.first { $0.kind == "officeDocument" }?.target ?? "xl/workbook.xml"
    guard let entry = archive[path] else {
      throw ReadFailure(
        "xlsx.no-workbook", at: .entry(path), found: "the archive has no workbook",
        expected: "expected a .xlsx file")
    }
    guard !path.hasSuffix(".bin") else {
      throw ReadFailure(
        "xlsx.binary", at: .entry(path), found: "a binary workbook (.xlsb)",
        expected: "save it as .xlsx or .csv")
    }
    let root = try XMLTree(archive.read(entry)).root
    let relations = try Self.relations(of: path, in: archive)
    let targets = [String: String](
      relations.map { ($0.id, $0.target) }, uniquingKeysWith: { first, _ in first })
    var sheets: [Sheet] = []
    for sheet in root["sheets"]?.all("sheet") ?? [] {
      // `r:id`; chart sheets have relations of another kind.
      guard let id = sheet.attributes.first(where: { $0.name == "id" })?.value,
        let member = targets[id], let name = sheet.attribute("name"),
        relations.first(where: { $0.id == id })?.kind == "worksheet"
      else { continue }
      sheets.append(
        Sheet(
          name: name, member: member,
          isHidden: sheet.attribute("state").map { $0 != "visible" } ?? false))
    }
    self.sheets = sheets
    let flag = root["workbookPr"]?.attribute("date1904")
    countsFrom1904 = flag == "1" || flag == "true"
    stylesMember = relations.first { $0.kind == "styles" }?.target
    textsMember = relations.first { $0.kind == "sharedStrings" }?.target
    var notes = DiagnosticList()
    notes.add(contentsOf: archive.diagnostics)
    if let cut {
      notes.warn(
        "zip.truncated", at: cut.place, found: cut.found,
        expected: "\(cut.expected); what can be found of \(sheets.count) sheets is given")
    }
    diagnostics = notes.all
  }

  /// The first sheet of that name.
  public subscript(name: String) -> Sheet? { sheets.first { $0.name == name } }

  private struct Relation {
    var id: String
    var kind: String
    var target: String
  }

  /// The relations of a part; none where it has none.
  private static func relations(
    of part: String, in archive: ZipArchive
  ) throws(ReadFailure) -> [Relation] {
    let slash = part.lastIndex(of: "/")
    let folder = slash.map { String(part[...$0]) } ?? ""
    let file = slash.map { String(part[part.index(after: $0)...]) } ?? part
    guard let entry = archive["\(folder)_rels/\(file).rels"] else { return [] }
    let root = try XMLTree(archive.read(entry)).root
    return root.all("Relationship").compactMap { relation in
      guard let id = relation.attribute("Id"), let kind = relation.attribute("Type"),
        let target = relation.attribute("Target"), relation.attribute("TargetMode") != "External"
      else { return nil }
      return Relation(
        id: id, kind: kind.split(separator: "/").last.map(String.init) ?? kind,
        target: resolve(target, in: folder))
    }
  }

  /// The member that a target names: relative to a folder, or absolute from the archive's root.
  private static func resolve(_ target: String, in folder: String) -> String {
    var parts = target.hasPrefix("/") ? [] : folder.split(separator: "/").map(String.init)
    for part in target.split(separator: "/") {
      if part == ".." {
        if !parts.isEmpty { parts.removeLast() }
      } else if part != "." {
        parts.append(String(part))
      }
    }
    return parts.joined(separator: "/")
  }

  /// The first rows of a sheet that hold a value, as they stand in the table's `head`.
  ///
  /// - Parameters:
  ///   - sheet: the sheet.
  ///   - rows: how many.
  ///   - salvages: gives what is there of a damaged sheet, and what is wrong with it.
  public func head(
    of sheet: Sheet, rows: Int, salvages: Bool = false
  ) throws(ReadFailure) -> SpreadsheetTable {
    let (scanner, failure) = try scan(
      sheet, headRows: rows, readsColumns: false, salvages: salvages)
    return SpreadsheetTable(
      head: Array(scanner.head.prefix(rows)), columns: [], rows: 0, damage: failure)
  }

  /// All rows of a sheet below its first ones, as typed columns.
  ///
  /// - Parameters:
  ///   - sheets: the sheet, or several that one table is split into: their rows follow one another.
  ///   - headRows: how many rows with a value stand above the table, that of the labels included.
  ///   - salvages: gives the whole rows of a sheet that is cut or whose checksum fails, with a warning.
  public func table(
    of sheets: [Sheet], below headRows: Int = 1, salvages: Bool = false
  ) throws(ReadFailure) -> SpreadsheetTable {
    var result = SpreadsheetTable(head: [], columns: [], rows: 0)
    var scanner: SheetScanner?
    for sheet in sheets {
      let (next, failure) = try scan(
        sheet, headRows: headRows, readsColumns: true, salvages: salvages, after: scanner)
      if result.head.isEmpty { result.head = next.head }
      result.damage = result.damage ?? failure
      scanner = next
    }
    guard let scanner else { return result }
    if scanner.rows > 0, scanner.firstRow <= scanner.lastRow, sheets.count == 1 {
      result.lines = scanner.firstRow...scanner.lastRow
    }
    result.rows = scanner.rows
    result.columns = scanner.columns.enumerated().compactMap { index, cells in
      guard cells.numberCount + cells.textCount + cells.errorCount > 0 else { return nil }
      return SpreadsheetColumn(cells, index: index, rows: scanner.rows, pool: scanner.pool)
    }
    return result
  }

  /// The styles and the shared texts, read when the first sheet is.
  private func commonParts() throws(ReadFailure) -> CommonParts {
    if let known = cache.parts.withLock({ $0 }) { return known }
    var parts = CommonParts()
    if let member = stylesMember, let entry = archive[member] {
      parts.styles = SheetStyles(try XMLTree(archive.read(entry)).root)
    }
    if let member = textsMember, let entry = archive[member] {
      var texts = SharedTextReader()
      _ = try archive.stream(entry) { (buffer, isLast) throws(ReadFailure) in
        .consumed(texts.read(buffer, isLast))
      }
      parts.pool = texts.pool
    }
    cache.parts.withLock { $0 = parts }
    return parts
  }

  private func scan(
    _ sheet: Sheet, headRows: Int, readsColumns: Bool, salvages: Bool,
    after before: SheetScanner? = nil
  ) throws(ReadFailure) -> (SheetScanner, ReadFailure?) {
    guard let entry = archive[sheet.member] else {
      throw ReadFailure(
        "xlsx.no-sheet", at: .entry(sheet.member),
        found: "the sheet '\(sheet.name)' is not in the archive", expected: "expected all its parts"
      )
    }
    let place = Place.entry(entry.name)
    var scanner: SheetScanner
    if let before {
      scanner = SheetScanner(before, place: place, storedBytes: entry.compressedSize)
    } else {
      let common = try commonParts()
      scanner = SheetScanner(
        styles: common.styles, pool: common.pool, place: place, headRows: headRows,
        readsColumns: readsColumns, storedBytes: entry.compressedSize)
    }
    var failure = try archive.stream(
      entry, keepsDamaged: salvages || isCut, chunk: readsColumns ? 1 << 17 : 1 << 14
    ) { (buffer, isLast) throws(ReadFailure) in
      let consumed = try scanner.read(buffer, isLast)
      return scanner.isDone && !readsColumns ? .stop : .consumed(consumed)
    }
    if !scanner.isDone, failure == nil {
      failure = ReadFailure(
        "xlsx.damaged", at: .entry(sheet.member), found: "the sheet stops before its end",
        expected: "expected '</sheetData>'")
      if let failure, !salvages, !isCut { throw failure }
    }
    return (scanner, failure)
  }
}

/// The value of one cell.
public enum SpreadsheetCell: Hashable, Sendable {
  case text(String)
  case number(Double)
  /// A number in a style of dates: days on the calendar of the workbook.
  case date(Double)

  /// The value as text.
  public var text: String {
    switch self {
    case .text(let text): text
    case .number(let x), .date(let x):
      x == x.rounded() && abs(x) < 1e15 ? "\(Int64(x))" : "\(x)"
    }
  }
}

/// A row as it stands: its number in the sheet, and its cells by column from 0.
public struct SpreadsheetRow: Sendable {
  /// The number in the sheet, from 1.
  public var number: Int
  /// Columns from 0 with their cells, in the order of the file.
  public var cells: [(column: Int, cell: SpreadsheetCell)]

  /// The cell of a column.
  public subscript(column: Int) -> SpreadsheetCell? {
    cells.first { $0.column == column }?.cell
  }
}

/// One column of a sheet below its labels.
public struct SpreadsheetColumn: Sendable {
  /// The column, from 0 (A).
  public let index: Int
  /// Numbers (missing cells hold NaN), categories or texts; one for each row.
  public internal(set) var values: ColumnValues
  /// The cells of a column of texts that hold none.
  public internal(set) var missing = MissingMask()
  /// Whether the numbers are days on the calendar of the workbook.
  public let isDate: Bool
  /// Cells that hold an error such as `#N/A`.
  public let errorCells: Int
  /// Texts among numbers, which are missing.
  public internal(set) var unreadCells = 0
  /// The first of them: its row and its text.
  public internal(set) var firstText: (row: Int, text: String)?

  /// Hands the values over, so that they are not in memory twice.
  public mutating func takeValues() -> ColumnValues {
    let result = values
    values = .real([])
    return result
  }
}

/// The rows of a sheet as columns.
public struct SpreadsheetTable: Sendable {
  /// The rows above the table.
  public var head: [SpreadsheetRow]
  /// The columns that hold a value.
  public var columns: [SpreadsheetColumn]
  /// Rows with a value.
  public var rows: Int
  /// The numbers of the first and last of them in the sheet; nil where there is none.
  public var lines: ClosedRange<Int>?
  /// What is wrong with the sheet, where it was salvaged.
  public var damage: ReadFailure?
}
