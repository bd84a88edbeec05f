internal import Tables

/// The cells of one column of a Jet table while its rows are read.
struct JetCells {
  private let column: JetColumn
  private var integers: [Int64] = []
  private var reals: [Double] = []
  private var texts: [String] = []
  private(set) var missing = MissingMask()
  /// Numbers that are none: infinite, or no number at all.
  private(set) var nonFinite = 0
  private var count = 0

  private enum Store { case integers, reals, texts }
  private let store: Store

  /// Bytes of text that may still be taken: many rows may point to one long text.
  private var textBudget: Int

  init(_ column: JetColumn, expected: Int, textBudget: Int) {
    self.column = column
    self.textBudget = textBudget
    switch column.kind {
    case .boolean, .byte, .int16, .int32, .int64, .complex: store = .integers
    case .float32, .float64, .date, .money, .numeric: store = .reals
    case .binary, .text, .ole, .memo, .guid, .extendedDate: store = .texts
    }
    switch store {
    case .integers: integers.reserveCapacity(expected)
    case .reals: reals.reserveCapacity(expected)
    case .texts: texts.reserveCapacity(expected)
    }
  }

  var values: ColumnValues {
    switch store {
    case .integers: .integer(integers)
    case .reals: .real(reals)
    case .texts: .text(texts)
    }
  }

  mutating func add(_ value: Int64) {
    integers.append(value)
    count += 1
  }

  mutating func addMissing() {
    missing.insert(count)
    count += 1
    switch store {
    case .integers: integers.append(0)
    case .reals: reals.append(.nan)
    case .texts: texts.append("")
    }
  }

  /// Adds the value at those bytes; false where a long text is lost and the cell counts as missing.
  mutating func add(
    _ bytes: Range<Int>, _ raw: UnsafeRawBufferPointer, _ database: JetDatabase
  ) -> Bool {
    guard bytes.count >= column.kind.size ?? 0 else {
      addMissing()
      return false
    }
    let start = bytes.lowerBound
    switch column.kind {
    case .boolean: add(0)
    case .byte: add(Int64(raw[start]))
    case .int16: add(Int64(Int16(bitPattern: raw.u16(start))))
    case .int32, .complex: add(Int64(Int32(bitPattern: raw.u32(start))))
    case .int64: add(Int64(bitPattern: raw.u64(start)))
    case .money: add(real: Double(Int64(bitPattern: raw.u64(start))) / 1e4)
    case .float32: add(real: Double(Float(bitPattern: raw.u32(start))))
    case .float64, .date: add(real: Double(bitPattern: raw.u64(start)))
    case .numeric: add(real: numeric(start, raw))
    case .text, .guid, .binary, .extendedDate:
      textBudget -= bytes.count
      guard textBudget >= 0 else {
        addMissing()
        return false
      }
      switch column.kind {
      case .text: add(text: JetText.decode(database.bytes[bytes]))
      case .extendedDate: add(text: database.bytes[bytes].latin1(cutAtNUL: true))
      default: add(text: Self.hexadecimal(raw[bytes]))
      }
    case .memo, .ole:
      guard let content = JetLongValue.content(bytes, raw, database, atMost: textBudget) else {
        addMissing()
        return false
      }
      textBudget -= content.count
      add(
        text: column.kind == .memo
          ? JetText.decode(content) : content.withBytes { Self.hexadecimal($0[...]) })
    }
    return true
  }

  private mutating func add(real value: Double) {
    if !value.isFinite {
      missing.insert(count)
      nonFinite += 1
    }
    reals.append(value.isFinite ? value : .nan)
    count += 1
  }

  private mutating func add(text: String) {
    texts.append(text)
    count += 1
  }

  /// A sign byte and four 32-bit words, the highest first, over 10^scale.
  private func numeric(_ start: Int, _ raw: UnsafeRawBufferPointer) -> Double {
    var value = 0.0
    for i in 0..<4 { value = value * 4_294_967_296 + Double(raw.u32(start + 1 + 4 * i)) }
    for _ in 0..<min(column.scale, 28) { value /= 10 }
    return raw[start] & 0x80 != 0 ? -value : value
  }

  private static func hexadecimal(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(2 * bytes.count)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

/// Text of Jet 4: UTF-16, or compressed where it starts with FF FE.
enum JetText {
  static func utf16(_ bytes: ByteView) -> String {
    bytes.withBytes { raw in
      let units = (0..<(raw.count / 2)).map { raw.u16(2 * $0) }
      return String(decoding: units, as: UTF16.self)
    }
  }

  /// In compressed text a unit below 256 is one byte; a byte 0 switches to plain units and back.
  static func decode(_ bytes: ByteView) -> String {
    guard bytes.starts(with: [0xFF, 0xFE]) else { return utf16(bytes) }
    return bytes.withBytes { raw in
      var units: [UInt16] = []
      units.reserveCapacity(raw.count)
      var isCompressed = true
      var i = 2
      while i < raw.count {
        if raw[i] == 0 {
          isCompressed.toggle()
          i += 1
        } else if isCompressed {
          units.append(UInt16(raw[i]))
          i += 1
        } else {
          guard i + 1 < raw.count else { break }
          units.append(raw.u16(i))
          i += 2
        }
      }
      return String(decoding: units, as: UTF16.self)
    }
  }
}

/// Values that may stand outside their row: memos and OLE objects.
enum JetLongValue {
  /// The bytes behind a descriptor of 12 bytes; nil where a page of them is lost.
  static func content(
    _ bytes: Range<Int>, _ raw: UnsafeRawBufferPointer, _ database: JetDatabase,
    atMost limit: Int
  ) -> ByteView? {
    guard bytes.count >= 12 else { return bytes.isEmpty ? ByteView([]) : nil }
    let word = raw.u32(bytes.lowerBound)
    let length = Int(word & 0x3FFF_FFFF)
    guard length <= limit else { return nil }
    let pointer = JetPointer(raw.u32(bytes.lowerBound + 4))
    if word & 0x8000_0000 != 0 {
      return database.bytes[(bytes.lowerBound + 12)..<bytes.upperBound].prefix(length)
    }
    if word & 0x4000_0000 != 0 {
      return database.row(at: pointer, raw).map { database.bytes[$0].prefix(length) }
    }
    // A chain of rows, each with the place of the next one before its bytes.
    var content: [UInt8] = []
    var next: JetPointer? = pointer
    while let here = next, content.count < length {
      guard let row = database.row(at: here, raw), row.count > 4 else { return nil }
      content += raw[(row.lowerBound + 4)..<row.upperBound]
      let following = raw.u32(row.lowerBound)
      next = following == 0 ? nil : JetPointer(following)
    }
    return content.count < length ? nil : ByteView(Array(content.prefix(length)))
  }
}
