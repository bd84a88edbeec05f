internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The parts of a text export by mda2ascii: the lines above, and blocks of values with their columns.
struct MDATextOutline {
  /// One block of rows and what stands above it.
  struct Block {
    var title: String
    var entries: [(key: String, value: String)] = []
    var columns: [MDAColumns.Description] = []
    var rows: Range<Int>?
    var firstRowLine = 0
  }

  private(set) var header: [(key: String, value: String)] = []
  private(set) var blocks: [Block] = []
  /// The number of lines.
  private(set) var lines = 0

  /// Where reading stopped because there are too many blocks.
  private(set) var firstLineLeftOut: Int?

  /// Further blocks are not begun: every one takes a table.
  static let mostBlocks = 20_000

  init(_ text: ByteView) {
    var open: Block?
    var isInBlocks = false
    let lines = TextLines(text)
    for line in lines {
      self.lines = line.number
      guard
        let first = text.withBytes({ bytes in
          line.range.first { bytes[$0] != 0x20 && bytes[$0] != 0x09 }.map { bytes[$0] }
        })
      else { continue }
      guard first == UInt8(ascii: "#") else {
        if open == nil { open = Block(title: "scan") }
        if let rows = open?.rows {
          open?.rows = rows.lowerBound..<line.next
        } else {
          open?.rows = line.range.lowerBound..<line.next
          open?.firstRowLine = line.number
        }
        continue
      }
      if open?.rows != nil, let block = open {
        blocks.append(block)
        open = nil
        guard blocks.count < Self.mostBlocks else {
          firstLineLeftOut = line.number
          return
        }
        open = Block(title: "scan")
      }
      let content = XDIHeader.trimmed(lines.string(line))
      let words = content.split(maxSplits: 3) { $0 == " " || $0 == "\t" }
      // `# 1-D Scan`, `# 2-D Scan Point`, `# 1-D Scan Values`, …
      if words.count >= 3, words[1].hasSuffix("-D"), words[2] == "Scan" {
        isInBlocks = true
        if open == nil { open = Block(title: "") }
        if words.count == 3 || open?.title.isEmpty == true { open?.title = "\(words[1]) scan" }
      }
      let entry = Self.entry(content)
      if let column = Self.column(content) {
        if open == nil { open = Block(title: "scan") }
        open?.columns.append(column)
      }
      if isInBlocks { open?.entries.append(entry) } else { header.append(entry) }
    }
    if let block = open, block.rows != nil { blocks.append(block) }
  }

  /// `# Scan number = 5` as key and value; lines of another shape under `comment`.
  private static func entry(_ content: String) -> (key: String, value: String) {
    let body = XDIHeader.trimmed(content.drop { $0 == "#" })
    if let mark = body.range(" = ") {
      return (String(body[..<mark.lowerBound]), String(body[mark.upperBound...]))
    }
    if body.hasPrefix("Extra PV "), let colon = body.range(": ") {
      let fields = body[colon.upperBound...]
      let name = fields.prefix { $0 != "," }
      return (String(name), XDIHeader.trimmed(fields.dropFirst(name.count + 1)))
    }
    return ("comment", body)
  }

  /// `#    2  [1-D Positioner 1]  NAME, description, mode, unit, …`; nil for other lines.
  private static func column(_ content: String) -> MDAColumns.Description? {
    let body = content.drop { $0 == "#" || $0 == " " || $0 == "\t" }
    guard body.first?.isNumber == true, let open = body.firstIndex(of: "["),
      let close = body[open...].firstIndex(of: "]"),
      body[..<open].allSatisfy({ $0.isNumber || $0 == " " || $0 == "\t" })
    else { return nil }
    let role = XDIHeader.trimmed(body[body.index(after: open)..<close])
    let rest = body[body.index(after: close)...]
    let fields = rest.split(separator: ",", omittingEmptySubsequences: false)
      .map { XDIHeader.trimmed($0) }
    let name = fields[0].isEmpty ? role : fields[0]
    let isPositioner = role.contains("Positioner")
    var unit = ""
    var words = ""
    if isPositioner, fields.count >= 7 {
      words = fields[1]
      unit = fields[fields.count - 1].isEmpty ? fields[3] : fields[fields.count - 1]
    } else if !isPositioner, fields.count >= 3 {
      words = fields[1..<(fields.count - 1)].joined(separator: ", ")
      unit = fields[fields.count - 1]
    } else if fields.count > 1 {
      words = fields[1]
    }
    return MDAColumns.Description(
      name: name, description: words, unit: unit, isPositioner: isPositioner,
      isFloat32: role.contains("Detector"))
  }
}

extension MDATextOutline.Block {
  /// The rows as a table; the second part is false where rows were left out.
  func table(
    _ text: DecodedText, _ options: ReadOptions, into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> (Table, complete: Bool) {
    guard let rows else { return (Table(name: title, columns: []), true) }
    var lines = TextLines(text.utf8[rows]).makeIterator()
    let first = lines.next()?.range ?? 0..<0
    let most = options.limits.columns
    let count = SPECSalvage.cells(text.utf8[rows][first], most: most + 1).count
    guard count <= most else {
      throw ReadFailure(
        "mda.too-many-columns", at: .line(firstRowLine),
        found: "the row has more than \(most) cells", expected: "expected at most \(most)")
    }
    var descriptions = columns
    if descriptions.count != count {
      diagnostics.warn(
        "mda.columns", at: .line(firstRowLine),
        found: "\(descriptions.count) column descriptions for rows of \(count) cells",
        expected: "expected one for every column; the others are named by their numbers")
      descriptions = Array(descriptions.prefix(count))
      while descriptions.count < count {
        descriptions.append(
          MDAColumns.Description(
            name: "col\(descriptions.count + 1)", description: "", unit: "", isPositioner: false,
            isFloat32: false))
      }
    }
    let mark = Self.decimalMark(text.utf8[rows][first])
    var rules = NumericTable.Rules()
    rules.lineBytes = options.limits.lineBytes
    let table = try NumericTable.parse(
      text, from: rows.lowerBound, upTo: rows.upperBound, line: firstRowLine,
      dialect: TableDialect(delimiter: .blanks, decimalMark: mark),
      columns: descriptions.map { NumericTable.Request(.real(), label: $0.name) }, rules: rules,
      into: &diagnostics)
    checkPoints(table.rows, into: &diagnostics)
    let range = text.sourceOffset(rows.lowerBound)..<text.sourceOffset(rows.upperBound)
    var result: [Column] = []
    for (i, description) in descriptions.enumerated() {
      guard case .real(let values) = table.values[i] else { continue }
      result.append(
        MDAColumns.column(
          description, values,
          origin: Origin(bytes: [range], lines: table.lines, steps: ["decimal text"]),
          place: .line(firstRowLine), options: options, into: &diagnostics))
    }
    // Numbers beyond the range of Double and words are missing, as the table says.
    for i in result.indices { result[i].missing = table.missing[i] }
    // `Index` counts the points; the first positioner is the axis.
    let index = ScanAxis.complete(
      &result, place: { table.line(ofRow: $0).map { .line($0) } ?? .line(firstRowLine) },
      into: &diagnostics)
    let axis =
      index == result.first.map { [$0.name] } && result.first?.label == "Index" && result.count > 1
      ? [result[1].name] : index
    var named = Table(name: title, columns: result, indexColumns: axis)
    for entry in entries { named.metadata.append(entry.key, entry.value) }
    return (named, table.complete)
  }
}

extension MDATextOutline.Block {
  /// A comma where the first row holds one and no point: a file that went through a spreadsheet.
  static func decimalMark(_ row: ByteView) -> UInt8 {
    let point = UInt8(ascii: ".")
    let comma = UInt8(ascii: ",")
    return row.withBytes { $0.contains(comma) && !$0.contains(point) } ? comma : point
  }

  /// `# Points completed = 30 of 236` against the rows that are there.
  private func checkPoints(_ rows: Int, into diagnostics: inout DiagnosticList) {
    guard let entry = entries.first(where: { $0.key == "Points completed" }) else { return }
    let numbers = entry.value.split(separator: " ").compactMap { Int($0) }
    guard let done = numbers.first else { return }
    if done != rows {
      diagnostics.warn(
        "mda.points", at: .line(firstRowLine), found: "\(rows) rows of \(done) points completed",
        expected: "expected a row for each")
    }
    if let requested = numbers.last, done < requested {
      diagnostics.warn(
        "mda.partial", at: .line(firstRowLine),
        found: "\(done) of \(requested) points are done",
        expected: "the scan was stopped or was still running; the points done are given")
    }
  }
}

extension StringProtocol {
  /// Where a text first stands in this one.
  fileprivate func range(_ part: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(part) {
        return start..<(index(start, offsetBy: part.count))
      }
      start = index(after: start)
    }
    return nil
  }
}
