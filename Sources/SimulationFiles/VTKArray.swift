internal import Bytes
internal import Tables
internal import Units

/// One `DataArray` or `Array` of a VTK file, decoded.
struct VTKArray {
  /// What the numbers are.
  enum Values {
    case real([Double])
    case integer([Int64])

    var count: Int {
      switch self {
      case .real(let v): v.count
      case .integer(let v): v.count
      }
    }
  }

  let element: XMLTree.Element
  /// The name; empty where there is none.
  let name: String
  /// Numbers of one point or cell.
  let components: Int
  let values: Values
  let origin: Origin
  let storage: Column.Storage
  let unit: ColumnUnit

  /// Decodes an array.
  ///
  /// - Parameter tuples: how many points or cells it must have; nil where the array itself says so.
  init(
    _ element: XMLTree.Element, of document: VTKDocument, tuples: Int?, limits: ExpansionLimits
  ) throws(ReadFailure) {
    self.element = element
    name = element.attribute("Name") ?? ""
    let place = Place.line(element.line)
    let shown = name.isEmpty ? "an array" : "array '\(name)'"
    let typeName = element.attribute("type") ?? ""
    let isText = typeName == "String"
    guard let layout = isText ? .int8 : NumberLayout(rawValue: typeName.lowercased()) else {
      throw ReadFailure(
        "vti.number-type", at: place, found: "\(shown) of type '\(typeName)'",
        expected: "expected Int8 to UInt64, Float32 or Float64")
    }
    let written = element.attribute("NumberOfComponents") ?? "1"
    guard let count = Int(written), (1...64).contains(count) || count == 0 else {
      throw ReadFailure(
        "vti.components", at: place, found: "\(shown) with NumberOfComponents=\"\(written)\"",
        expected: "expected 1 to 64")
    }
    components = max(1, count)
    var expected = tuples.map { $0.multipliedReportingOverflow(by: max(1, count)) }
      .flatMap { $0.overflow ? nil : $0.partialValue }
    if tuples == nil, !isText, let text = element.attribute("NumberOfTuples"), let n = Int(text) {
      expected = n.multipliedReportingOverflow(by: max(1, count)).partialValue
    }
    let order = document.order
    let data: ByteView
    var bytes: Range<Int>?
    switch element.attribute("format") ?? "ascii" {
    case "ascii":
      values = try Self.ascii(element, layout, expected, shown)
      origin = Origin(
        bytes: element.bytes.map { [$0] } ?? [], lines: element.line...element.line,
        steps: ["decimal text"])
      storage = layout.isInteger ? .integer : layout == .float32 ? .float32 : .float64
      unit = Self.unit(element)
      return
    case "binary":
      let text = ByteView(utf8: element.text)
      var reader = Base64Reader(text, at: place)
      data = try Self.payload(document, shown, limits, offset: nil) { n, what throws(ReadFailure) in
        try reader.read(n, what)
      }
      bytes = element.bytes
    case "appended":
      guard let start = document.appended, let text = element.attribute("offset"),
        let offset = Int(text), offset >= 0, offset <= document.bytes.count - start
      else {
        throw ReadFailure(
          "vti.offset", at: place,
          found: "\(shown) with offset \(element.attribute("offset") ?? "none")",
          expected: "expected an offset within the appended data")
      }
      if document.isBase64 {
        var reader = Base64Reader(document.bytes, from: start + offset, at: place)
        data = try Self.payload(document, shown, limits, offset: nil) {
          n, what throws(ReadFailure) in
          try reader.read(n, what)
        }
      } else {
        var cursor = ByteCursor(document.bytes, order: order, area: "vti")
        try cursor.seek(to: start + offset)
        if document.compressor == nil {
          let size = try Self.number(cursor.slice(document.headerSize, shown).array, order)
          let here = cursor.offset
          data = try cursor.slice(size, shown)
          bytes = here..<(here + size)
        } else {
          let here = cursor.offset
          data = try Self.payload(document, shown, limits, offset: here) {
            n, what throws(ReadFailure) in
            try cursor.slice(n, what).array
          }
          bytes = here..<cursor.offset
        }
      }
    case let other:
      throw ReadFailure(
        "vti.format", at: place, found: "\(shown) with format=\"\(other)\"",
        expected: "expected ascii, binary or appended")
    }
    let stored = data.count / layout.size
    guard stored * layout.size == data.count, expected == nil || stored == expected else {
      throw ReadFailure(
        "vti.count", at: place,
        found: "\(shown) holds \(data.count) bytes, \(stored) numbers of \(layout.size) bytes",
        expected: expected.map { "expected \($0) numbers" } ?? "expected whole numbers")
    }
    if let whole = data.integers(layout, count: stored, order: order) {
      values = .integer(whole)
    } else if let real = data.reals(layout, count: stored, order: order) {
      values = .real(real)
    } else {
      throw ReadFailure(
        "vti.range", at: place, found: "\(shown) holds a whole number above 2^63 − 1",
        expected: "expected smaller ones")
    }
    let endian = order == .little ? "little-endian" : "big-endian"
    origin = Origin(
      bytes: bytes.map { [$0] } ?? [], lines: element.line...element.line,
      steps: ["\(typeName) \(endian)"])
    storage = layout.isInteger ? .integer : layout == .float32 ? .float32 : .float64
    unit = Self.unit(element)
  }

  /// The text of an array of type `String`: codes of characters, each text ended by 0.
  var texts: [String]? {
    guard element.attribute("type") == "String", case .integer(let codes) = values else {
      return nil
    }
    var bytes: [UInt8] = []
    var result: [String] = []
    for code in codes {
      if code == 0 {
        result.append(String(decoding: bytes, as: UTF8.self))
        bytes = []
      } else {
        bytes.append(UInt8(truncatingIfNeeded: code))
      }
    }
    if !bytes.isEmpty { result.append(String(decoding: bytes, as: UTF8.self)) }
    return result
  }

  /// VTK's own key for a unit, which ParaView shows.
  private static func unit(_ element: XMLTree.Element) -> ColumnUnit {
    let key = element.all("InformationKey").first { $0.attribute("name") == "UNITS_LABEL" }
    let text = (key?.text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !text.isEmpty else { return .absent }
    if let unit = try? PhysicalUnit(ucum: text) { return .known(unit) }
    return PhysicalUnit.loose(text).map { .known($0.unit) } ?? .unknown(text)
  }

  private static func number(_ bytes: [UInt8], _ order: ByteOrder) throws(ReadFailure) -> Int {
    let ordered = order == .little ? bytes.reversed() : bytes
    let value = ordered.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard let n = Int(exactly: value) else {
      throw ReadFailure(
        "vti.truncated", found: "an array of \(value) bytes", expected: "expected fewer than 2^63")
    }
    return n
  }

  /// The bytes of an array behind its header: plain, or blocks of zlib.
  private static func payload(
    _ document: VTKDocument, _ shown: String, _ limits: ExpansionLimits, offset: Int?,
    _ read: (Int, String) throws(ReadFailure) -> [UInt8]
  ) throws(ReadFailure) -> ByteView {
    let size = document.headerSize
    let first = try number(read(size, shown), document.order)
    guard document.compressor != nil else { return ByteView(try read(first, shown)) }
    // [blocks][bytes of a block][bytes of the last block, 0 where it is whole][compressed bytes …]
    let block = try number(read(size, shown), document.order)
    let last = try number(read(size, shown), document.order)
    guard first <= document.bytes.count / size else {
      throw ReadFailure(
        "vti.truncated", at: offset.map { .byte($0) } ?? .whole,
        found: "\(shown) of \(first) compressed blocks",
        expected: "expected fewer than the file holds")
    }
    var sizes: [Int] = []
    for _ in 0..<first { sizes.append(try number(read(size, shown), document.order)) }
    var result: [UInt8] = []
    for (i, length) in sizes.enumerated() {
      let expected = i == first - 1 && last > 0 ? last : block
      let piece = try ZlibStream.inflate(
        ByteView(try read(length, shown)), area: "vti", size: min(expected, 1 << 20),
        limits: limits, offset: offset)
      guard piece.count == expected else {
        throw ReadFailure(
          "vti.count", at: offset.map { .byte($0) } ?? .whole,
          found: "block \(i + 1) of \(shown) holds \(piece.count) bytes",
          expected: "expected \(expected)")
      }
      result += piece.array
      guard result.count <= limits.memberBytes else {
        throw ReadFailure(
          "vti.size", found: "\(shown) is larger than \(limits.memberBytes) bytes",
          expected: "expected a smaller array")
      }
    }
    return ByteView(result)
  }

  /// Numbers between blanks.
  private static func ascii(
    _ element: XMLTree.Element, _ layout: NumberLayout, _ expected: Int?, _ shown: String
  ) throws(ReadFailure) -> Values {
    let text = ByteView(utf8: element.text)
    var real: [Double] = []
    var whole: [Int64] = []
    var line = element.line
    var i = 0
    let scanner = NumberScanner()
    while i < text.count {
      guard let byte = text[i] else { break }
      if byte <= 0x20 {
        if byte == 0x0A { line += 1 }
        i += 1
        continue
      }
      var end = i
      while let next = text[end], next > 0x20 { end += 1 }
      let token = text[i..<end]
      i = end
      if layout.isInteger {
        guard let number = Int64(TextLines.string(token)) else {
          throw notANumber(token, line, shown)
        }
        whole.append(number)
        continue
      }
      switch scanner.outcome(token) {
      case .number(let x): real.append(x)
      case .overflow: real.append(.infinity)
      case .invalid:
        let word = TextLines.string(token).lowercased()
        guard
          ["nan", "-nan", "+nan", "nan(ind)", "-nan(ind)", "inf", "-inf", "+inf"].contains(word)
        else { throw notANumber(token, line, shown) }
        real.append(.nan)
      }
    }
    let found = layout.isInteger ? whole.count : real.count
    if let expected, expected != found {
      throw ReadFailure(
        "vti.count", at: .line(element.line), found: "\(shown) holds \(found) numbers",
        expected: "expected \(expected)")
    }
    return layout.isInteger ? .integer(whole) : .real(real)
  }

  private static func notANumber(_ token: ByteView, _ line: Int, _ shown: String) -> ReadFailure {
    ReadFailure(
      "vti.not-a-number", at: .line(line),
      found: "'\(TextLines.string(token.prefix(40)))' in \(shown)", expected: "expected a number")
  }
}
