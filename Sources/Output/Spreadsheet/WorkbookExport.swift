internal import Bytes
public import Tables
internal import Units

/// Writes a dataset as a workbook (`.xlsx`) that spreadsheets and openpyxl read.
///
/// One sheet a table: names in row 1, UCUM units in row 2, values from row 3 on, the first two rows frozen. Numbers are
/// numbers, text is text and never a formula, a missing cell is empty, instants are ISO 8601 text. Sheets
/// `metadata` and `provenance` follow. The same dataset gives the same bytes (Office Open XML, ECMA-376 part 1).
public enum WorkbookExport {
  /// Limits of a worksheet (Excel specifications and limits).
  struct Limits {
    /// Rows, the two of the header included.
    var rows = 1_048_576
    /// Columns.
    var columns = 16_384
    /// Characters of a text cell, in UTF-16 units.
    var text = 32_767
  }

  /// A workbook.
  public struct File: Sendable {
    /// The bytes.
    public var bytes: [UInt8]
    /// What a sheet cannot hold and how it was written instead.
    public var notes: [Diagnostic]
  }

  /// The workbook of a dataset.
  ///
  /// - Parameters:
  ///   - dataset: its tables and grids become sheets.
  ///   - provenance: what the dataset was read from.
  /// - Returns: the file; nil where it would be beyond the 4 GiB of a plain zip archive.
  public static func file(_ dataset: Dataset, provenance: ExportProvenance) -> File? {
    file(dataset, provenance: provenance, limits: Limits())
  }

  static func file(_ dataset: Dataset, provenance: ExportProvenance, limits: Limits) -> File? {
    var book = WorkbookParts(limits: limits)
    for table in dataset.allTables { book.add(table) }
    if dataset.metadata.count > 0 { book.add(metadata(dataset.metadata)) }
    book.add(book.provenance(provenance))
    return book.finish().map { File(bytes: $0, notes: book.notes) }
  }

  private static func metadata(_ metadata: Metadata) -> Table {
    var keys: [String] = []
    var values: [String] = []
    for entry in metadata.entries {
      keys.append(entry.key)
      switch entry.value {
      case .text(let text): values.append(text)
      case .real(let number): values.append("\(number)")
      case .integer(let number): values.append("\(number)")
      }
    }
    return Table(name: "metadata", columns: [.text("key", keys), .text("value", values)])
  }
}

extension Column {
  /// A column of text that a program wrote, without label and unit.
  static func text(_ name: String, _ values: [String]) -> Column {
    Column(name: name, label: "", values: .text(values), unit: .absent)
  }
}

/// The sheets of a workbook while it is made.
struct WorkbookParts {
  private(set) var notes: [Diagnostic] = []
  private let limits: WorkbookExport.Limits
  private var zip = ZipArchiveWriter()
  private var names = SheetNames()
  private var sheets: [String] = []
  /// What each sheet holds: sheet, table, column, label, unit, rows, missing.
  private var contents: [[String]] = []

  init(limits: WorkbookExport.Limits) { self.limits = limits }

  /// Adds a table, on further sheets where one cannot hold it.
  mutating func add(_ table: Table) {
    let perSheet = max(1, limits.rows - 2)
    let parts = max(1, (table.rows + perSheet - 1) / perSheet)
    let across = max(1, (table.columns.count + limits.columns - 1) / limits.columns)
    if parts > 1 || across > 1 {
      notes.append(
        Diagnostic(
          .note, "xlsx.split",
          found: "table '\(table.name)' has \(table.rows) rows and \(table.columns.count) columns",
          expected:
            "a sheet holds \(perSheet) and \(limits.columns); it goes on over \(parts * across) sheets"
        ))
    }
    for part in 0..<parts {
      for block in 0..<across {
        let columns = Array(
          table.columns.dropFirst(block * limits.columns).prefix(limits.columns))
        let rows = part * perSheet..<min(table.rows, (part + 1) * perSheet)
        let name = names.next(table.name)
        sheets.append(name)
        for column in columns {
          contents.append([
            name, table.name, column.name, column.label, Self.unit(column), "\(column.count)",
            "\(column.missing.count)",
          ])
        }
        var cut = 0
        zip.add("xl/worksheets/sheet\(sheets.count).xml") { write in
          var sheet = SheetText(columns: columns, rows: rows, limit: limits.text)
          while let piece = sheet.next() { write(piece) }
          cut = sheet.cut
        }
        if cut > 0 {
          notes.append(
            Diagnostic(
              .warning, "xlsx.text-cut",
              found:
                "\(cut) text\(cut == 1 ? "" : "s") of sheet '\(name)' longer than a cell holds",
              expected: "expected at most \(limits.text) characters; --to csv writes them whole"))
        }
      }
    }
  }

  static func unit(_ column: Column) -> String {
    if case .known(let unit) = column.unit { return unit.ucum }
    return ""
  }

  /// The sheet that says where everything comes from.
  func provenance(_ provenance: ExportProvenance) -> Table {
    var rows: [[String]] = [["interphase", provenance.version, "", "", "", "", ""]]
    if let input = provenance.input {
      rows.append(["file", input.path, "", "", "", "", ""])
      rows.append(["bytes", "\(input.bytes)", "", "", "", "", ""])
      rows.append(["sha256", input.sha256, "", "", "", "", ""])
    }
    if let format = provenance.format { rows.append(["format", format, "", "", "", "", ""]) }
    rows += contents
    let names = ["sheet", "table", "column", "label", "unit", "rows", "missing"]
    return Table(
      name: "provenance",
      columns: names.enumerated().map { i, name in .text(name, rows.map { $0[i] }) })
  }

  /// The archive.
  mutating func finish() -> [UInt8]? {
    zip.add("xl/workbook.xml", workbook)
    zip.add("xl/styles.xml", Array(Self.styles.utf8))
    zip.add("xl/_rels/workbook.xml.rels", relations)
    zip.add("_rels/.rels", Array(Self.rootRelations.utf8))
    zip.add("[Content_Types].xml", types)
    let zip = zip
    return zip.finish()
  }

  private static let declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
  private static let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
  private static let office =
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
  private static let package = "http://schemas.openxmlformats.org/package/2006"

  private var workbook: [UInt8] {
    var out = ByteBuffer()
    out.add(
      "\(Self.declaration)<workbook xmlns=\"\(Self.main)\" xmlns:r=\"\(Self.office)\"><sheets>")
    for (i, name) in sheets.enumerated() {
      out.add("<sheet name=\"")
      out.addEscaped(name)
      out.add("\" sheetId=\"\(i + 1)\" r:id=\"rId\(i + 1)\"/>")
    }
    out.add("</sheets></workbook>")
    return out.bytes
  }

  private var relations: [UInt8] {
    var out = ByteBuffer()
    out.add("\(Self.declaration)<Relationships xmlns=\"\(Self.package)/relationships\">")
    for i in sheets.indices {
      out.add(
        "<Relationship Id=\"rId\(i + 1)\" Type=\"\(Self.office)/worksheet\" Target=\"worksheets/sheet\(i + 1).xml\"/>"
      )
    }
    out.add(
      "<Relationship Id=\"rId\(sheets.count + 1)\" Type=\"\(Self.office)/styles\" Target=\"styles.xml\"/></Relationships>"
    )
    return out.bytes
  }

  private var types: [UInt8] {
    let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    var out = ByteBuffer()
    out.add(
      "\(Self.declaration)<Types xmlns=\"\(Self.package)/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"\(kind).sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"\(kind).styles+xml\"/>"
    )
    for i in sheets.indices {
      out.add(
        "<Override PartName=\"/xl/worksheets/sheet\(i + 1).xml\" ContentType=\"\(kind).worksheet+xml\"/>"
      )
    }
    out.add("</Types>")
    return out.bytes
  }

  private static let rootRelations =
    "\(declaration)<Relationships xmlns=\"\(package)/relationships\"><Relationship Id=\"rId1\" Type=\"\(office)/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"

  /// Cell style 0 is plain, 1 the bold of the header.
  private static let styles =
    "\(declaration)<styleSheet xmlns=\"\(main)\"><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"2\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/></cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/></cellStyles></styleSheet>"
}
