internal import Tables

/// The XML of one worksheet, piece by piece.
struct SheetText {
  /// Texts that were longer than a cell holds.
  private(set) var cut = 0

  private let columns: [Column]
  private let letters: [String]
  private let limit: Int
  private let end: Int
  private let first: Int
  private var row: Int
  private var state = State.head

  private enum State { case head, rows, done }

  /// Whole numbers beyond this are text: a spreadsheet holds 53 bits.
  private static let exact: UInt64 = 1 << 53
  private static let pieceSize = 1 << 18

  /// - Parameters:
  ///   - columns: the columns of the sheet.
  ///   - rows: which rows of them.
  ///   - limit: the longest text of a cell, in UTF-16 units.
  init(columns: [Column], rows: Range<Int>, limit: Int) {
    self.columns = columns
    self.limit = limit
    first = rows.lowerBound
    row = rows.lowerBound
    end = rows.upperBound
    letters = columns.indices.map(Self.letters)
  }

  /// The next piece; nil after the last.
  mutating func next() -> [UInt8]? {
    var out = ByteBuffer()
    switch state {
    case .head:
      out.add(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><dimension ref=\"\(reference)\"/><sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"2\" topLeftCell=\"A3\" activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData>"
      )
      header(&out, 1) { $0.name }
      header(&out, 2) { WorkbookParts.unit($0) }
      state = .rows
    case .rows:
      while row < end, out.bytes.count < Self.pieceSize { addRow(&out) }
      if row >= end {
        out.add("</sheetData></worksheet>")
        state = .done
      }
    case .done: return nil
    }
    return out.bytes
  }

  /// The cells of the sheet, which readers that go row by row ask for first.
  private var reference: String {
    let last = letters.last.map { "\($0)\(max(first, end) - first + 2)" }
    return last.map { $0 == "A1" ? $0 : "A1:\($0)" } ?? "A1"
  }

  private mutating func header(
    _ out: inout ByteBuffer, _ number: Int, _ text: (Column) -> String
  ) {
    out.add("<row r=\"\(number)\">")
    for (i, column) in columns.enumerated() {
      let text = text(column)
      if !text.isEmpty { addText(&out, text, letters[i], number, style: " s=\"1\"") }
    }
    out.add("</row>")
  }

  private mutating func addRow(_ out: inout ByteBuffer) {
    let number = row - first + 3
    out.add("<row r=\"")
    out.add(number)
    out.add("\">")
    for (i, column) in columns.enumerated()
    where row < column.count && !column.missing.contains(row) {
      switch column.values {
      case .real(let values):
        if values[row].isFinite {
          open(&out, letters[i], number)
          out.add(values[row])
          out.add("</v></c>")
        }
      case .integer(let values):
        if values[row].magnitude > Self.exact {
          addText(&out, "\(values[row])", letters[i], number)
        } else {
          open(&out, letters[i], number)
          out.add(values[row])
          out.add("</v></c>")
        }
      case .text(let values): addText(&out, values[row], letters[i], number)
      case .category(let levels, let codes):
        let level = Int(codes[row])
        if levels.indices.contains(level) { addText(&out, levels[level], letters[i], number) }
      case .instant(let values):
        var text = ByteBuffer()
        text.addInstant(values[row])
        addText(&out, text.text, letters[i], number)
      }
    }
    out.add("</row>")
    row += 1
  }

  private func open(_ out: inout ByteBuffer, _ letters: String, _ number: Int) {
    out.add("<c r=\"")
    out.add(letters)
    out.add(number)
    out.add("\"><v>")
  }

  private mutating func addText(
    _ out: inout ByteBuffer, _ text: String, _ letters: String, _ number: Int, style: String = ""
  ) {
    out.add("<c r=\"")
    out.add(letters)
    out.add(number)
    out.add("\"")
    out.add(style)
    out.add(" t=\"inlineStr\"><is><t xml:space=\"preserve\">")
    if text.utf16.count > limit {
      cut += 1
      add(&out, String(decoding: text.utf16.prefix(limit), as: UTF16.self))
    } else {
      add(&out, text)
    }
    out.add("</t></is></c>")
  }

  /// Adds text as content of XML; `_xHHHH_`, which spreadsheets take for a character, is guarded (ECMA-376
  /// part 1, 22.9.2.19), and so are the characters that XML forbids.
  private func add(_ out: inout ByteBuffer, _ text: String) {
    let scalars = Array(text.unicodeScalars)
    for (i, scalar) in scalars.enumerated() {
      switch scalar {
      case "&": out.add("&amp;")
      case "<": out.add("&lt;")
      case ">": out.add("&gt;")
      case "\r": out.add("_x000D_")
      case "_" where Self.isEscape(scalars[i...].prefix(7)): out.add("_x005F_")
      default:
        if scalar.value < 0x20 && scalar != "\t" && scalar != "\n"
          || scalar.value == 0xFFFE || scalar.value == 0xFFFF
        {
          out.add("_x")
          let digits = String(scalar.value, radix: 16, uppercase: true)
          for _ in digits.utf8.count..<4 { out.add("0") }
          out.add(digits)
          out.add("_")
        } else {
          out.bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
      }
    }
  }

  private static func isEscape(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
    text.count == 7 && text.dropFirst().first == "x" && text.last == "_"
      && text.dropFirst(2).dropLast().allSatisfy { $0.properties.isASCIIHexDigit }
  }

  /// The letters of a column, A to Z and then AA.
  static func letters(_ index: Int) -> String {
    var rest = index + 1
    var out: [UInt8] = []
    while rest > 0 {
      out.append(UInt8(ascii: "A") + UInt8(truncatingIfNeeded: (rest - 1) % 26))
      rest = (rest - 1) / 26
    }
    return String(decoding: out.reversed(), as: UTF8.self)
  }
}
