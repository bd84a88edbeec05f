public import Tables

/// The values of one member of a dataset or an attribute, decoded.
public struct HDF5Series: Sendable {
  /// The member of a compound, `outer.inner` for one within another; empty for a plain type.
  public let member: String
  /// How many values stand in one element: above 1 for arrays.
  public let width: Int
  /// The values, element by element.
  public let values: ColumnValues
  /// How the file stores them.
  public let storage: Column.Storage

  init(member: String, width: Int, values: ColumnValues, storage: Column.Storage) {
    self.member = member
    self.width = width
    self.values = values
    self.storage = storage
  }

  /// A series of plain values.
  public init(_ values: ColumnValues) {
    self.init(member: "", width: 1, values: values, storage: .text)
  }

  /// A value as text.
  public func text(_ i: Int) -> String {
    switch value(i) {
    case .text(let text)?: text
    case .integer(let number)?: "\(number)"
    case .real(let number)?: "\(number)"
    case nil: ""
    }
  }

  /// A value as metadata; nil beyond the end.
  public func value(_ i: Int) -> MetadataValue? {
    guard i >= 0, i < values.count else { return nil }
    switch values {
    case .real(let v): return v[i].isFinite ? .real(v[i]) : .text("\(v[i])")
    case .integer(let v), .instant(let v): return .integer(v[i])
    case .text(let v): return .text(v[i])
    case .category(let levels, let codes):
      let code = Int(codes[i])
      return .text(levels.indices.contains(code) ? levels[code] : "")
    }
  }

  /// All values as one entry of metadata: the value itself, or a list in brackets.
  public var metadata: MetadataValue {
    if values.count == 1, let value = value(0) { return value }
    return .text("[" + (0..<values.count).map { text($0) }.joined(separator: ", ") + "]")
  }
}

/// A leaf of a datatype: something without parts, and where it stands in an element.
private struct HDF5Leaf {
  var member: String
  var type: HDF5Datatype
  /// Where the values stand in an element.
  var offsets: [Int]
}

extension HDF5File {
  /// The values of a dataset, one series for each member of its type.
  public func values(_ dataset: HDF5Dataset) throws(ReadFailure) -> [HDF5Series] {
    try decode(try raw(dataset), dataset.type, count: dataset.count, dataset.path)
  }

  /// Decodes elements that stand without gaps.
  func decode(
    _ raw: ByteView, _ type: HDF5Datatype, count: Int, _ path: String
  ) throws(ReadFailure) -> [HDF5Series] {
    guard count.times(type.size) <= raw.count else {
      throw ReadFailure(
        "hdf5.damaged", at: .entry(path), found: "\(raw.count) bytes of data",
        expected: "expected \(count) elements of \(type.size) bytes")
    }
    var result: [HDF5Series] = []
    for leaf in try leaves(type, count: count, path) {
      let values = try decode(raw, leaf, count: count, stride: type.size, path)
      var storage: Column.Storage = .text
      switch leaf.type.kind {
      case .float: storage = leaf.type.size <= 4 ? .float32 : .float64
      case .integer, .bitfield: storage = .integer
      default: break
      }
      if case .real = values, storage == .integer { storage = .float64 }
      result.append(
        HDF5Series(
          member: leaf.member, width: leaf.offsets.count, values: values, storage: storage))
    }
    return result
  }

  /// The parts of a type that have no parts, without recursion.
  private func leaves(
    _ type: HDF5Datatype, count: Int, _ path: String
  ) throws(ReadFailure) -> [HDF5Leaf] {
    var open = [HDF5Leaf(member: "", type: type, offsets: [0])]
    var result: [HDF5Leaf] = []
    while let leaf = open.popLast() {
      switch leaf.type.kind {
      case .compound(let members):
        for member in members.reversed() {
          try reserveData(leaf.offsets.count.times(8), path)
          open.append(
            HDF5Leaf(
              member: leaf.member.isEmpty ? member.name : "\(leaf.member).\(member.name)",
              type: member.type, offsets: leaf.offsets.map { $0 + member.offset }))
        }
      case .array(let dimensions, let base):
        let n = dimensions.reduce(1) { $0.times($1) }
        guard n.times(base.size) <= leaf.type.size else {
          throw ReadFailure(
            "hdf5.damaged", at: .entry(path), found: "an array of \(n) elements",
            expected: "expected no more than fit in \(leaf.type.size) bytes")
        }
        try reserveData(leaf.offsets.count.times(n).times(8), path)
        open.append(
          HDF5Leaf(
            member: leaf.member, type: base,
            offsets: leaf.offsets.flatMap { start in (0..<n).map { start + $0 * base.size } }))
      default:
        try reserveData(leaf.offsets.count.times(count).times(8), path)
        result.append(leaf)
      }
    }
    return result
  }

  private func decode(
    _ raw: ByteView, _ leaf: HDF5Leaf, count: Int, stride: Int, _ path: String
  ) throws(ReadFailure) -> ColumnValues {
    let size = leaf.type.size
    // Every offset plus the leaf's size lies within an element: the parser has checked members,
    // `leaves` arrays; this is the last guard before unchecked reads.
    guard leaf.offsets.allSatisfy({ $0 >= 0 && $0.plus(size) <= stride }),
      count.times(stride) <= raw.count
    else {
      throw ReadFailure(
        "hdf5.damaged", at: .entry(path), found: "a member beyond its element",
        expected: "expected members of \(stride) bytes")
    }
    /// The values of all places, in order.
    func map<T>(_ body: (UnsafeRawBufferPointer, Int) -> T) -> [T] {
      var values: [T] = []
      values.reserveCapacity(count.times(leaf.offsets.count))
      raw.withBytes { bytes in
        for i in 0..<count {
          for offset in leaf.offsets { values.append(body(bytes, i * stride + offset)) }
        }
      }
      return values
    }
    func slices() -> [ByteView] { map { _, at in raw[at..<(at + size)] } }
    switch leaf.type.kind {
    case .integer(let bits, let isSigned): return Self.integers(map, size, bits, isSigned)
    case .bitfield(let bits): return Self.integers(map, size, bits, false)
    case .float(let f):
      if HDF5Numbers.isIEEE(size, f) {
        return size == 8
          ? .real(map { Double(bitPattern: HDF5Numbers.load($0, $1, 8, f.order)) })
          : .real(
            map {
              Double(
                Float(
                  bitPattern: UInt32(truncatingIfNeeded: HDF5Numbers.load($0, $1, 4, f.order))))
            })
      }
      return .real(map { HDF5Numbers.real($0, $1, size, f) })
    case .text(let blankPadded):
      return .text(slices().map { Self.text($0, blankPadded: blankPadded) })
    case .variableText:
      var texts: [String] = []
      for slice in slices() { texts.append(try list(slice, 1, path).hdf5Text) }
      return .text(texts.map { String($0.prefix { $0 != "\0" }) })
    case .enumeration(let base, let names, let values):
      guard case .integer(let bits, let isSigned) = base.kind else { return .text([]) }
      return Self.categories(Self.integers(map, size, bits, isSigned), names, values)
    case .reference: return .text(slices().map { reference($0) })
    case .opaque:
      return .text(
        slices().map { $0.array.map { Self.hex($0 >> 4) + Self.hex($0 & 15) }.joined() })
    case .sequence(let base):
      var texts: [String] = []
      for slice in slices() { texts.append(try sequence(slice, base, path)) }
      return .text(texts)
    case .other(let what):
      throw ReadFailure(
        "hdf5.datatype", at: .entry(path), found: "elements of a kind that is not read: \(what)",
        expected: "expected numbers, text, or compounds and arrays of them")
    case .compound, .array: return .text([])
    }
  }

  private static func hex(_ digit: UInt8) -> String { String(digit, radix: 16) }

  private static func integers(
    _ map: ((UnsafeRawBufferPointer, Int) -> UInt64) -> [UInt64], _ size: Int,
    _ bits: HDF5Datatype.Bits, _ isSigned: Bool
  ) -> ColumnValues {
    let words = map { HDF5Numbers.load($0, $1, size, bits.order) >> UInt64(bits.offset) }
    var fits = true
    let values = words.map { word in
      let number = HDF5Numbers.integer(word, bits.precision, isSigned)
      fits = fits && number.fits
      return number.value
    }
    // Unsigned numbers beyond Int64 become the nearest Double.
    return fits ? .integer(values) : .real(values.map { Double(UInt64(bitPattern: $0)) })
  }

  private static func categories(
    _ found: ColumnValues, _ names: [String], _ values: [Int64]
  ) -> ColumnValues {
    guard case .integer(let numbers) = found else { return found }
    var levels = names
    var codes: [Int64: Int32] = [:]
    for (i, value) in values.enumerated() where codes[value] == nil && i < names.count {
      codes[value] = Int32(truncatingIfNeeded: i)
    }
    return .category(
      levels: {
        // A value that the file gives no name keeps its number.
        for number in numbers where codes[number] == nil {
          codes[number] = Int32(truncatingIfNeeded: levels.count)
          levels.append("\(number)")
        }
        return levels
      }(), codes: numbers.map { codes[$0] ?? 0 })
  }

  private static func text(_ bytes: ByteView, blankPadded: Bool) -> String {
    let all = bytes.array
    var end = all.firstIndex(of: 0) ?? all.count
    if blankPadded { while end > 0, all[end - 1] == 0x20 { end -= 1 } }
    return bytes.prefix(end).hdf5Text
  }

  /// What an object or region reference leads to, as far as it was met.
  private func reference(_ bytes: ByteView) -> String {
    var cursor = ByteCursor(bytes, area: "hdf5")
    guard let address = try? cursor.address(min(offsetSize, bytes.count), "reference") else {
      return "reference to nothing"
    }
    if address == 0 { return "reference to nothing" }
    return "reference to the object at byte \(base.plus(address))"
  }

  /// The bytes of a list of variable length, `size` bytes an item.
  private func list(_ element: ByteView, _ size: Int, _ path: String) throws(ReadFailure)
    -> ByteView
  {
    var cursor = ByteCursor(element, area: "hdf5")
    let count = Int(try cursor.u32("list"))
    let address = try cursor.address(offsetSize, "list")
    let number = Int(try cursor.u32("list"))
    guard count > 0, let address, address > 0 else { return ByteView([]) }
    let object = try heapObject(address, number)
    guard count.times(size) <= object.count else {
      throw ReadFailure(
        "hdf5.damaged", at: .entry(path), found: "\(object.count) bytes in the global heap",
        expected: "expected \(count) items of \(size) bytes")
    }
    try reserveData(count * size, path)
    return object.prefix(count * size)
  }

  /// A list of variable length as text: its items in brackets.
  private func sequence(
    _ element: ByteView, _ base: HDF5Datatype, _ path: String
  ) throws(ReadFailure) -> String {
    let items = try list(element, base.size, path)
    let count = items.count / base.size
    switch base.kind {
    case .integer, .float, .bitfield, .text, .enumeration:
      let leaf = HDF5Leaf(member: "", type: base, offsets: [0])
      try reserveData(count.times(8), path)
      let values = try plain(items, leaf, count, path)
      let series = HDF5Series(member: "", width: 1, values: values, storage: .text)
      return "[" + (0..<count).map { series.text($0) }.joined(separator: ", ") + "]"
    case .variableText:
      var texts: [String] = []
      for i in 0..<count {
        texts.append(try list(items[(i * base.size)..<((i + 1) * base.size)], 1, path).hdf5Text)
      }
      return "[" + texts.joined(separator: ", ") + "]"
    default: return "list of \(count) elements of \(base.size) bytes"
    }
  }

  /// Decodes items that hold no lists.
  private func plain(
    _ raw: ByteView, _ leaf: HDF5Leaf, _ count: Int, _ path: String
  ) throws(ReadFailure) -> ColumnValues {
    try decode(raw, leaf, count: count, stride: leaf.type.size, path)
  }
}
