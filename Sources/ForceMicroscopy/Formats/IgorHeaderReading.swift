internal import Bytes
internal import Tables

extension IgorHeader {
  /// Reads and checks the header of a wave.
  ///
  /// - Throws: `ibw.version`, `ibw.truncated`, `ibw.type`, `ibw.dimensions`, `ibw.sizes`.
  init(_ view: ByteView) throws(ReadFailure) {
    guard view.count >= 2 else {
      throw ReadFailure(
        "ibw.truncated", at: .byte(view.count), found: "the file holds \(view.count) bytes",
        expected: "expected an Igor binary wave, whose header takes 118 bytes or more")
    }
    guard let (version, order) = Self.signature(view), Self.versions.contains(version) else {
      let raw = UInt16(view[0] ?? 0) | UInt16(view[1] ?? 0) << 8
      throw ReadFailure(
        "ibw.version", at: .byte(0), found: "version \(Int16(bitPattern: raw))",
        expected: "expected an Igor binary wave of version 1, 2, 3 or 5")
    }
    self.version = version
    self.order = order
    size = Self.size(version)
    guard view.count >= size else {
      throw ReadFailure(
        "ibw.truncated", at: .byte(view.count),
        found: "the file ends after \(view.count) bytes, within the header",
        expected: "expected the \(size) bytes of a version \(version) header")
    }
    var cursor = ByteCursor(view, order: order, area: "ibw")
    if version == 5 {
      try readVersion5(&cursor)
      checksumHolds = Self.sum(view.prefix(size), order) == 0
    } else {
      try readOlder(&cursor)
    }
  }

  /// The sum of the 16-bit words, modulo 65536.
  private static func sum(_ view: ByteView, _ order: ByteOrder) -> UInt16 {
    let words = view.integers(.uint16, count: view.count / 2, order: order) ?? []
    return words.reduce(into: UInt16(0)) { $0 &+= UInt16(truncatingIfNeeded: $1) }
  }

  private mutating func readVersion5(_ cursor: inout ByteCursor) throws(ReadFailure) {
    try cursor.seek(to: 4)
    let waveSize = Int(try cursor.i32("wfmSize"))
    formulaBytes = try part(&cursor, "formulaSize")
    noteBytes = try part(&cursor, "noteSize")
    dataUnitBytes = try part(&cursor, "dataEUnitsSize")
    for _ in 0..<4 { dimensionUnitBytes.append(try part(&cursor, "dimEUnitsSize")) }
    for _ in 0..<4 { dimensionLabelBytes.append(try part(&cursor, "dimLabelsSize")) }
    textIndexBytes = try part(&cursor, "sIndicesSize")

    try cursor.seek(to: 68)
    created = try cursor.u32("creationDate")
    modified = try cursor.u32("modDate")
    let declared = Int(try cursor.i32("npnts"))
    typeWord = try cursor.i16("type")
    try cursor.seek(to: 92)
    name = OneByteText.field(try cursor.slice(32, "name"))
    try cursor.seek(to: Field.dimensions)
    var lengths: [Int] = []
    for _ in 0..<4 { lengths.append(Int(try cursor.i32("nDim"))) }
    for _ in 0..<4 { steps.append(try cursor.f64("sfA")) }
    for _ in 0..<4 { origins.append(try cursor.f64("sfB")) }
    dataUnits = OneByteText.field(try cursor.slice(4, "dataUnits"))
    for _ in 0..<4 { dimensionUnits.append(OneByteText.field(try cursor.slice(4, "dimUnits"))) }

    try check(points: declared, dataSpace: waveSize - 320, padded: 0)
    try setDimensions(lengths)
  }

  private mutating func readOlder(_ cursor: inout ByteCursor) throws(ReadFailure) {
    try cursor.seek(to: 2)
    let waveSize = Int(try cursor.i32("wfmSize"))
    if version >= 2 { noteBytes = try part(&cursor, "noteSize") }
    if version == 3 { formulaBytes = try part(&cursor, "formulaSize") }
    let base = Self.prefix(version)
    try cursor.seek(to: base)
    typeWord = try cursor.i16("type")
    try cursor.seek(to: base + 6)
    name = OneByteText.field(try cursor.slice(20, "name"))
    try cursor.seek(to: base + 34)
    dataUnits = OneByteText.field(try cursor.slice(4, "dataUnits"))
    dimensionUnits = [OneByteText.field(try cursor.slice(4, "xUnits"))]
    let declared = Int(try cursor.i32("npnts"))
    try cursor.seek(to: base + 48)
    steps = [try cursor.f64("hsA")]
    origins = [try cursor.f64("hsB")]
    try cursor.seek(to: base + 96)
    created = try cursor.u32("creationDate")
    try cursor.seek(to: base + 102)
    modified = try cursor.u32("modDate")
    try check(points: declared, dataSpace: waveSize - 110, padded: 16)
    dimensions = points > 0 ? [points] : []
  }

  /// The size of a part after the data, which must not be negative.
  private func part(_ cursor: inout ByteCursor, _ field: String) throws(ReadFailure) -> Int {
    let place = cursor.place
    let bytes = Int(try cursor.i32(field))
    guard bytes >= 0 else {
      throw ReadFailure(
        "ibw.sizes", at: place, found: "\(field) is \(bytes)", expected: "expected 0 or more bytes")
    }
    return bytes
  }

  /// Checks the type, the number of points and the size of the wave against one another.
  ///
  /// Versions before 5 have up to `padded` bytes of padding after the data, within the wave's size.
  private mutating func check(
    points declared: Int, dataSpace: Int, padded: Int
  ) throws(ReadFailure) {
    guard let type = IgorNumberType(typeWord), version == 5 || !type.isText else {
      throw ReadFailure(
        "ibw.type", at: .byte(Field.type(version)), found: "number type \(typeWord)",
        expected: "expected 2 (float32), 4 (float64), 8, 16, 32 or 128 (integers), plus 64 for "
          + "unsigned and 1 for complex, or in version 5 also 0 (text)")
    }
    self.type = type
    guard declared >= 0 else {
      throw ReadFailure(
        "ibw.sizes", at: .byte(Field.points(version)), found: "npnts is \(declared)",
        expected: "expected 0 or more points")
    }
    points = declared
    // At most 2^31 points of 16 bytes: no overflow.
    let needed = declared * (type.pointSize ?? 0)
    if version == 5, needed > Int(Int32.max) - size,
      UInt32(truncatingIfNeeded: needed) == UInt32(truncatingIfNeeded: dataSpace)
    {
      // More than wfmSize can hold: it has its low 32 bits.
      dataBytes = needed
      return
    }
    guard dataSpace >= 0 else {
      throw ReadFailure(
        "ibw.sizes", at: .byte(Field.waveSize(version)),
        found: "wfmSize leaves \(dataSpace) bytes for the data", expected: "expected 0 or more")
    }
    guard let pointSize = type.pointSize else {
      dataBytes = dataSpace
      return
    }
    guard (needed...(needed + padded)).contains(dataSpace) else {
      throw ReadFailure(
        "ibw.sizes", at: .byte(Field.points(version)),
        found: "npnts declares \(declared) points of \(pointSize) bytes, that is \(needed) bytes, "
          + "but wfmSize leaves \(dataSpace) bytes for them",
        expected: "expected both to say the same")
    }
    dataBytes = needed
    padding = dataSpace - needed
  }

  /// Takes the lengths of the dimensions, whose product must be the number of points.
  private mutating func setDimensions(_ lengths: [Int]) throws(ReadFailure) {
    let used = lengths.prefix { $0 > 0 }
    var product = used.isEmpty ? 0 : 1
    var overflow = false
    for length in used {
      let (value, tooLarge) = product.multipliedReportingOverflow(by: length)
      product = value
      overflow = overflow || tooLarge
    }
    let unused = lengths.dropFirst(used.count)
    guard !overflow, product == points, unused.allSatisfy({ $0 == 0 }) else {
      throw ReadFailure(
        "ibw.dimensions", at: .byte(Field.dimensions),
        found: "the dimensions are " + lengths.map { "\($0)" }.joined(separator: " × "),
        expected: "expected a product of npnts, \(points), and zeros for dimensions not in use")
    }
    dimensions = Array(used)
  }
}
