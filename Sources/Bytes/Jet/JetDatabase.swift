public import Tables

/// A Jet 4 or ACE database (`.mdb`, `.res`, `.accdb`), opened to read the rows of its tables.
///
/// The file is a sequence of pages of 4096 bytes. The first byte of a page is its kind: 1 rows of a
/// table, 2 the definition of a table, 3 and 4 indexes, 5 usage maps. A page of rows names the page of
/// the definition that owns it, so rows are found by one walk over all pages: a cut file still gives
/// the rows of every page that is there. Layout after the notes of the mdbtools project (HACKING.md)
/// and of Jackcess; written from those descriptions.
public struct JetDatabase: Sendable {
  /// Bytes of a page.
  static let pageSize = 4096

  /// The version that byte 20 of the first page names.
  public enum Version: UInt8, Sendable {
    case jet4 = 1
    case ace12, ace14, ace15, ace16, ace17
  }

  /// The file.
  let bytes: ByteView
  /// The version of the format.
  public let version: Version
  /// The whole pages that are there.
  public let pageCount: Int
  /// The tables that are no part of the database's own book-keeping, in the order of the catalogue.
  public private(set) var tables: [JetTable] = []
  /// What is wrong with the database as a whole.
  public private(set) var diagnostics = DiagnosticList()
  /// Whether pages, tables or entries of the catalogue are lost.
  public private(set) var isDamaged = false
  /// The pages of rows by the page of their table's definition, in the order of the file.
  let rowPages: [Int: [Int]]

  /// Whether bytes start like a Jet or ACE database of any version.
  public static func recognises(_ bytes: ByteView) -> Bool {
    guard bytes.starts(with: [0, 1, 0, 0]) else { return false }
    let name = bytes[4..<19].latin1()
    return name == "Standard Jet DB" || name == "Standard ACE DB"
  }

  /// Opens a database and reads its catalogue.
  ///
  /// - Throws: `jet.magic`, `jet.version`, `jet.truncated` where not even the catalogue is there,
  ///   `jet.no-tables`.
  public init(_ bytes: ByteView) throws(ReadFailure) {
    guard Self.recognises(bytes) else {
      throw ReadFailure(
        "jet.magic", at: .byte(4), found: "no 'Standard Jet DB' at the start",
        expected: "expected a Microsoft Jet database")
    }
    let number = bytes[20] ?? 0
    guard let version = Version(rawValue: number) else {
      throw ReadFailure(
        "jet.version", at: .byte(20),
        found: number == 0 ? "a Jet 3 database (Access 97)" : "version \(number)",
        expected: "expected Jet 4 (1) or ACE (2 to 6): convert the file with Access, or export it")
    }
    self.version = version
    self.bytes = bytes
    let pageCount = bytes.count / Self.pageSize
    self.pageCount = pageCount
    rowPages = bytes.withBytes { raw in
      var owners: [Int: [Int]] = [:]
      for page in 1..<max(1, pageCount) {
        let start = page * Self.pageSize
        guard raw[start] == JetPage.rows else { continue }
        let owner = Int(raw.u32(start + 4))
        // Long values have a letter code in place of an owner.
        if owner < pageCount, owner != JetPage.longValues {
          owners[owner, default: []].append(page)
        }
      }
      return owners
    }
    guard pageCount > 2 else {
      throw ReadFailure(
        "jet.truncated", at: .byte(bytes.count),
        found: "\(pageCount) whole pages of \(Self.pageSize) bytes",
        expected: "expected at least the catalogue on page 2")
    }
    let rest = bytes.count % Self.pageSize
    if rest != 0 {
      isDamaged = true
      diagnostics.warn(
        "jet.truncated", at: .byte(bytes.count),
        found: "the file ends \(rest) bytes behind page \(pageCount - 1)",
        expected: "expected whole pages of \(Self.pageSize) bytes; the whole ones are read")
    }
    readCatalogue()
    if tables.isEmpty {
      throw ReadFailure(
        "jet.no-tables", at: .byte(2 * Self.pageSize),
        found: "neither the catalogue nor a definition of a table can be read",
        expected: "expected a database that is neither encrypted nor overwritten")
    }
  }

  /// The first table of that name.
  public subscript(name: String) -> JetTable? { tables.first { $0.name == name } }

  /// The bytes of a page; nil for one that is not there.
  func page(_ number: Int) -> ByteView? {
    guard number >= 0, number < pageCount else { return nil }
    return bytes[(number * Self.pageSize)..<((number + 1) * Self.pageSize)]
  }

  /// Reads the names of the tables from the catalogue, whose definition stands on page 2.
  private mutating func readCatalogue() {
    var known: Set<Int> = []
    var lost = 0
    if let catalogue = JetTable(at: 2, name: "MSysObjects", in: self) {
      let content = read(catalogue)
      lost = max(0, catalogue.rowCount - content.rows)
      let column = { (name: String) in content.columns.first { $0.name == name } }
      guard case .integer(let ids)? = column("Id")?.values,
        case .integer(let kinds)? = column("Type")?.values,
        case .integer(let flags)? = column("Flags")?.values,
        case .text(let names)? = column("Name")?.values
      else {
        isDamaged = true
        return addNameless(except: known)
      }
      for row in 0..<content.rows where kinds[row] == 1 {
        // The low three bytes of the id are the page of the definition.
        let page = Int(ids[row] & 0xFF_FFFF)
        known.insert(page)
        let table = JetTable(at: page, name: names[row], in: self)
        // 0x8000_0000 and 2 mark the database's own tables; their definitions have a mark of their own.
        let isOwn = flags[row] & 0x8000_0002 != 0 || names[row].hasPrefix("MSys")
        if isOwn && table?.isUserTable != true { continue }
        if let table {
          tables.append(table)
        } else {
          isDamaged = true
          diagnostics.warn(
            "jet.definition", at: .byte(page.multipliedReportingOverflow(by: 4096).partialValue),
            found: "the definition of table '\(names[row])' cannot be read",
            expected: "expected it on page \(page) of \(pageCount); the table is lost")
        }
      }
    } else {
      lost = 1
    }
    addNameless(except: known)
    if lost > 0 || tables.isEmpty {
      isDamaged = true
      diagnostics.warn(
        "jet.catalogue", at: .byte(2 * Self.pageSize),
        found: "the catalogue of tables is incomplete",
        expected: "tables without a name are found by their definitions", count: max(1, lost))
    }
  }

  /// Adds the tables whose definitions the catalogue does not name.
  private mutating func addNameless(except known: Set<Int>) {
    for number in 3..<max(3, pageCount) where !known.contains(number) {
      guard rowPages[number] != nil, bytes[number * Self.pageSize] == JetPage.definition,
        let table = JetTable(at: number, name: "page \(number)", in: self), table.isUserTable
      else { continue }
      tables.append(table)
      isDamaged = true
      diagnostics.warn(
        "jet.nameless", at: .byte(number * Self.pageSize),
        found: "a table of \(table.rowCount) rows that the catalogue does not name",
        expected: "it is called '\(table.name)'")
    }
  }
}

/// The kinds of pages.
enum JetPage {
  static let rows: UInt8 = 1
  static let definition: UInt8 = 2
  static let usageMap: UInt8 = 5
  /// `LVAL` in place of the owner.
  static let longValues = 0x4C41_564C
}

extension UnsafeRawBufferPointer {
  /// Little-endian numbers; 0 where they reach beyond the end.
  func u16(_ offset: Int) -> UInt16 {
    guard offset >= 0, offset <= count - 2 else { return 0 }
    return UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self))
  }
  func u32(_ offset: Int) -> UInt32 {
    guard offset >= 0, offset <= count - 4 else { return 0 }
    return UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }
  func u64(_ offset: Int) -> UInt64 {
    guard offset >= 0, offset <= count - 8 else { return 0 }
    return UInt64(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}
