internal import Bytes
internal import Tables

/// The records of a `VMP data` module: how many there are, and where each column stands in them.
struct BioLogicRecords {
  /// One column of a record.
  struct Column {
    /// The number that EC-Lab gives the column.
    var id: Int
    /// EC-Lab's name for it, `unknown_ID` where nobody knows it.
    var label: String
    /// Where and how it is stored.
    var field: RecordField
  }

  /// The columns, in the order of the file.
  private(set) var columns: [Column] = []
  /// The bytes of one record.
  private(set) var size = 0
  /// The number of records that the module declares, and of those that are whole.
  private(set) var declared = 0, count = 0
  /// The byte of the file at which the first record starts.
  private(set) var start = 0
  /// Whether every record and every column is there.
  private(set) var isComplete = true

  /// The identity of the columns, as the head of the module lists them.
  private struct Head {
    var declared: Int
    var ids: [Int]
    /// The byte of the content at which the records start.
    var rows: Int
  }

  init(
    _ module: BioLogicModules.Module, _ file: ByteView, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let head = try Self.head(module)
    declared = head.declared
    start = module.payload + head.rows
    let present = max(0, file.count - start)
    let span = module.declared - head.rows
    guard span >= 0, declared > 0 else {
      try plan(head, module, recordSize: nil, into: &diagnostics)
      if span > 0, declared == 0 {
        diagnostics.warn(
          "mpr.rows", at: .byte(module.payload),
          found: "no row declared above \(span) bytes of records",
          expected: "expected none; a test that runs on writes its count at the end")
        isComplete = false
      }
      return
    }
    if span % declared == 0, module.declared <= file.count || span / declared < 1 << 16 {
      try plan(head, module, recordSize: span / declared, into: &diagnostics)
    } else if module.isCut {
      // The length of the module cannot be right; only columns that are all known have a size.
      try plan(head, module, recordSize: nil, into: &diagnostics)
      diagnostics.warn(
        "mpr.module-length", at: .byte(module.start),
        found: "the module VMP data declares \(module.declared) bytes, "
          + "\(file.count - module.payload) are left",
        expected: "expected \(declared) records of \(size) bytes; as many as fit are given")
      isComplete = false
    } else {
      throw ReadFailure(
        "mpr.rows", at: .byte(module.payload),
        found: "\(declared) rows declared, \(span) bytes in the module VMP data",
        expected: "expected the same number of bytes for each row")
    }
    guard size > 0 else { return }
    count = min(declared, present / size)
    if count < declared {
      let found =
        "the file ends inside the module VMP data: \(present) of \(span) bytes of records, "
        + "\(count) of \(declared) rows"
      guard count > 0 else {
        throw ReadFailure(
          "mpr.truncated", at: .byte(file.count), found: found,
          expected: "expected at least one whole record of \(size) bytes")
      }
      diagnostics.warn(
        "mpr.truncated", at: .byte(file.count),
        found: found
          + " (module length declared \(module.declared), present \(module.bytes.count))",
        expected: "expected all; the \(count) whole ones are given, \(declared - count) are lost")
      isComplete = false
    }
  }

  /// The head of the content by its version: how many rows, which columns, where the rows start.
  private static func head(_ module: BioLogicModules.Module) throws(ReadFailure) -> Head {
    var cursor = ByteCursor(module.bytes, area: "mpr", base: module.payload)
    let declared = Int(try cursor.u32("number of rows"))
    let layout: (count: Int, isWide: Bool, ids: Int, rows: Int)
    switch module.version {
    case 2, 3:
      layout = (Int(try cursor.u8("number of columns")), true, 5, 403 + module.version)
    case 0, 10, 11:
      let first = Int(try cursor.u8("number of columns"))
      let second = try cursor.u8("column")
      layout = second == 0 ? (first, true, 6, 1007) : (first, false, 5, 100)
    default:
      throw ReadFailure(
        "mpr.version", at: .byte(module.start),
        found: "version \(module.version) of the module VMP data",
        expected: "expected 0, 2, 3, 10 or 11")
    }
    let width = layout.isWide ? 2 : 1
    guard layout.count > 0, layout.ids + layout.count * width <= layout.rows else {
      throw ReadFailure(
        "mpr.columns", at: .byte(module.payload + 4), found: "\(layout.count) columns",
        expected: "expected 1 to \((layout.rows - layout.ids) / width)")
    }
    try cursor.seek(to: layout.ids)
    var ids: [Int] = []
    for _ in 0..<layout.count {
      ids.append(
        layout.isWide ? Int(try cursor.u16("column")) : Int(try cursor.u8("column")))
    }
    if module.bytes.count < layout.rows {
      throw ReadFailure(
        "mpr.truncated", at: .byte(module.payload + module.bytes.count),
        found: "the module VMP data has \(module.bytes.count) bytes",
        expected: "expected \(layout.rows) bytes before the first record")
    }
    return Head(declared: declared, ids: ids, rows: layout.rows)
  }

  /// Places the columns in the record; the size of the record settles what the numbers leave open.
  private mutating func plan(
    _ head: Head, _ module: BioLogicModules.Module, recordSize: Int?,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    let list = module.payload + 5
    let known = Set(head.ids)
    var readings = [false, true].map { alternative in
      head.ids.map {
        BioLogicColumnID.meaning(of: $0, among: known, alternative: alternative)
      }
    }
    if let recordSize, Self.size(readings[0]).unknown == 0,
      Self.size(readings[0]).known != recordSize, Self.size(readings[1]).known == recordSize
    {
      readings.swapAt(0, 1)
    }
    let meanings = readings[0]
    let sum = Self.size(meanings)
    var width: Int?
    if sum.unknown > 0, let recordSize, recordSize > sum.known,
      (recordSize - sum.known) % sum.unknown == 0
    {
      let each = (recordSize - sum.known) / sum.unknown
      width = [1, 2, 4, 8].contains(each) ? each : nil
    }
    if sum.unknown == 0, let recordSize, recordSize != sum.known {
      throw ReadFailure(
        "mpr.rows", at: .byte(module.payload),
        found: "\(head.declared) rows declared; each has \(recordSize) bytes by the length of the "
          + "module VMP data and \(sum.known) by its columns",
        expected: "expected the same from both")
    }
    if sum.unknown > 0, recordSize.map({ $0 < sum.known }) ?? true {
      throw ReadFailure(
        "mpr.rows", at: .byte(list),
        found: "column numbers \(Self.unknown(head.ids, meanings)) of the module VMP data are not "
          + "known, and the size of a record is not either",
        expected: "expected a whole module, whose length tells the size")
    }
    size = recordSize ?? sum.known
    place(head.ids, meanings, width: width)
    say(head.ids, meanings, width: width, at: list, into: &diagnostics)
  }

  /// The bytes of the known columns, flags counted once, and the number of unknown ones.
  private static func size(
    _ meanings: [BioLogicColumnID.Meaning]
  ) -> (known: Int, unknown: Int) {
    var sum = (known: 0, unknown: 0)
    var hasFlags = false
    for meaning in meanings {
      switch meaning {
      case .flag:
        if !hasFlags { sum.known += 1 }
        hasFlags = true
      case .number(_, let layout): sum.known += layout.size
      case .unknown: sum.unknown += 1
      }
    }
    return sum
  }

  /// Gives each column its byte: from the front up to an unknown column without a size, and from the
  /// end back to the last such one.
  private mutating func place(
    _ ids: [Int], _ meanings: [BioLogicColumnID.Meaning], width: Int?
  ) {
    let stop = width == nil ? meanings.firstIndex(of: .unknown) : nil
    let resume = width == nil ? meanings.lastIndex(of: .unknown) : nil
    var flags: Int?
    var offset = 0
    for (i, meaning) in meanings.enumerated() {
      if let stop, i == stop { offset = size }
      if let stop, let resume, i >= stop, i <= resume { continue }
      if let resume, i == resume + 1 { offset = size - Self.size(Array(meanings[i...])).known }
      switch meaning {
      case .flag(let label, let mask, let shift):
        let at = flags ?? offset
        if flags == nil { offset += 1 }
        flags = at
        columns.append(
          Column(
            id: ids[i], label: label, field: RecordField(.uint8, at: at, bits: (mask, shift))))
      case .number(let label, let layout):
        columns.append(Column(id: ids[i], label: label, field: RecordField(layout, at: offset)))
        offset += layout.size
      case .unknown:
        let layouts: [Int: NumberLayout] = [
          1: .uint8, 2: .uint16, 4: .float32, 8: .float64,
        ]
        guard let layout = layouts[width ?? 0] else { continue }
        columns.append(
          Column(id: ids[i], label: "unknown_\(ids[i])", field: RecordField(layout, at: offset)))
        offset += layout.size
      }
    }
  }

  private mutating func say(
    _ ids: [Int], _ meanings: [BioLogicColumnID.Meaning], width: Int?, at list: Int,
    into diagnostics: inout DiagnosticList
  ) {
    let unknown = Self.unknown(ids, meanings)
    if !unknown.isEmpty {
      let lost = ids.count - columns.count
      diagnostics.warn(
        "mpr.unknown-column", at: .byte(list),
        found: "column numbers \(unknown) of the module VMP data are not known",
        expected: width.map { "their size, \($0) bytes, follows from that of a record" }
          ?? "their sizes cannot be told; \(lost) columns are left out")
      if width == nil { isComplete = false }
    }
    let related = ids.filter(BioLogicColumnID.isRelated)
    if !related.isEmpty {
      diagnostics.note(
        "mpr.related-column", at: .byte(list),
        found: "column numbers \(related.map(String.init).joined(separator: ", "))",
        expected: "taken for \(related.map { String($0 % 256) }.joined(separator: ", ")), "
          + "which they are plus a multiple of 256")
    }
  }

  private static func unknown(_ ids: [Int], _ meanings: [BioLogicColumnID.Meaning]) -> String {
    zip(ids, meanings).filter { $0.1 == .unknown }.map { String($0.0) }.joined(separator: ", ")
  }
}
