internal import Tables

/// The definition of one table of a Jet database.
public struct JetTable: Hashable, Sendable {
  /// The name in the catalogue; `page N` where it has none.
  public let name: String
  /// The page of the definition.
  let page: Int
  /// The rows that the definition counts.
  public let rowCount: Int
  /// The columns in the order of their numbers.
  public let columns: [JetColumn]
  /// Whether rows have a part of variable length.
  let hasVariablePart: Bool
  /// Whether it is no table of the database's own.
  let isUserTable: Bool
  /// Where the map of its pages stands: a row of a page.
  let usageMap: JetPointer

  /// Reads the definition that starts at a page; nil where there is none.
  init?(at number: Int, name: String, in database: JetDatabase) {
    guard let definition = Self.definition(at: number, in: database) else { return nil }
    var cursor = ByteCursor(definition, area: "jet")
    do throws(ReadFailure) {
      try cursor.seek(to: 16)
      rowCount = Int(try cursor.u32("number of rows"))
      try cursor.seek(to: 40)
      isUserTable = try cursor.u8("kind of table") == 0x4E
      try cursor.skip(2)
      hasVariablePart = try cursor.u16("number of variable columns") > 0
      let count = Int(try cursor.u16("number of columns"))
      try cursor.skip(4)
      let indexes = Int(try cursor.u32("number of indexes"))
      usageMap = JetPointer(try cursor.u32("usage map"))
      // A table has at most 255 columns and 32 indexes (limits of Access).
      guard count > 0, count <= 255, indexes <= 255 else { return nil }
      try cursor.seek(to: 63 + 12 * indexes)
      var found: [JetColumn] = []
      for _ in 0..<count {
        guard let column = JetColumn(try cursor.slice(25, "column")) else { return nil }
        found.append(column)
      }
      for i in found.indices {
        let length = Int(try cursor.u16("length of a column's name"))
        found[i].name = JetText.utf16(try cursor.slice(length, "name of a column"))
      }
      columns = found.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    } catch {
      return nil
    }
    self.name = name
    page = number
  }

  /// The bytes of a definition, whose continuations stand on further pages.
  private static func definition(at number: Int, in database: JetDatabase) -> ByteView? {
    var parts: [ByteView] = []
    var seen: Set<Int> = []
    var next = number
    while next != 0, seen.insert(next).inserted {
      guard let page = database.page(next), page[0] == JetPage.definition else { return nil }
      parts.append(parts.isEmpty ? page : page.dropFirst(8))
      next = page.withBytes { Int($0.u32(4)) }
    }
    // The cycle of a damaged chain ends at its first page; a whole one ends with page 0.
    guard next == 0, let first = parts.first else { return nil }
    return parts.count == 1 ? first : ByteView(parts.flatMap(\.array))
  }
}

/// The place of a row: its number on a page.
struct JetPointer: Hashable, Sendable {
  let page: Int
  let row: Int

  init(_ stored: UInt32) {
    row = Int(stored & 0xFF)
    page = Int(stored >> 8)
  }
}

/// A column of a Jet table.
public struct JetColumn: Hashable, Sendable {
  /// What the values are.
  public enum Kind: UInt8, Sendable {
    case boolean = 1
    case byte, int16, int32, money, float32, float64, date, binary, text, ole, memo
    case guid = 15
    case numeric = 16
    case complex = 18
    case int64 = 19
    case extendedDate = 20

    /// Bytes of a value of fixed length; nil for one of any length.
    var size: Int? {
      switch self {
      case .boolean: 0
      case .byte: 1
      case .int16: 2
      case .int32, .float32, .complex: 4
      case .money, .float64, .date, .int64: 8
      case .guid: 16
      case .numeric: 17
      case .extendedDate: 42
      case .binary, .text, .ole, .memo: nil
      }
    }
  }

  /// The name.
  public var name = ""
  /// What the values are.
  public let kind: Kind
  /// The number of the column, which is that of its bit in a row's null mask.
  let number: Int
  /// Where the value stands: in the fixed part at an offset, or at an index of the variable part.
  let isFixed: Bool
  let offset: Int
  let variableIndex: Int
  let length: Int
  /// Digits behind the decimal mark of a `numeric`.
  let scale: Int

  /// Reads a descriptor of 25 bytes; nil for a kind that is not known.
  init?(_ descriptor: ByteView) {
    guard let kind = Kind(rawValue: descriptor[0] ?? 0) else { return nil }
    self.kind = kind
    let fields = descriptor.withBytes { raw in
      (raw.u16(5), raw.u16(7), raw.u16(21), raw.u16(23))
    }
    number = Int(fields.0)
    variableIndex = Int(fields.1)
    offset = Int(fields.2)
    length = Int(fields.3)
    scale = Int(descriptor[12] ?? 0)
    isFixed = (descriptor[15] ?? 0) & 1 != 0
    if number > 255 { return nil }
  }
}
