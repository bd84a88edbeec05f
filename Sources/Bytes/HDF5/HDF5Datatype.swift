internal import Tables

/// How a dataset or an attribute stores one element.
public struct HDF5Datatype: Hashable, Sendable {
  /// A member of a compound.
  public struct Member: Hashable, Sendable {
    /// The name.
    public let name: String
    /// Where it starts in the element.
    public let offset: Int
    /// Its type.
    public let type: HDF5Datatype
  }

  /// Where the bits of a number stand.
  public struct Bits: Hashable, Sendable {
    /// The order of the bytes.
    public var order: ByteOrder
    /// The lowest bit that counts, and how many do.
    public var offset: Int, precision: Int
  }

  /// The parts of a floating-point number.
  public struct Float: Hashable, Sendable {
    /// The order of the bytes.
    public var order: ByteOrder
    /// The bit of the sign.
    public var sign: Int
    /// The lowest bit and the number of bits of the exponent and of the mantissa.
    public var exponent: Int, exponentBits: Int, mantissa: Int, mantissaBits: Int
    /// What is subtracted from the exponent.
    public var bias: Int
    /// Whether the leading 1 of the mantissa is left out.
    public var isImplied: Bool
  }

  /// The kinds of elements.
  public indirect enum Kind: Hashable, Sendable {
    case integer(Bits, isSigned: Bool)
    case float(Float)
    case bitfield(Bits)
    /// Text of fixed size: padded with NULs or blanks.
    case text(blankPadded: Bool)
    /// Text of any length, in the global heap.
    case variableText
    case opaque(tag: String)
    case compound([Member])
    case reference
    case enumeration(HDF5Datatype, names: [String], values: [Int64])
    case sequence(HDF5Datatype)
    case array([Int], HDF5Datatype)
    /// A kind that is not read; what it is.
    case other(String)
  }

  /// The bytes of one element.
  public let size: Int
  /// The kind.
  public let kind: Kind

  /// What an element is, in a word or two: `float64`, `uint16 big-endian`, `text`, `compound of 3`.
  public var summary: String {
    switch kind {
    case .integer(let bits, let isSigned):
      "\(isSigned ? "int" : "uint")\(8 * size)\(bits.order == .big ? " big-endian" : "")"
    case .float(let f): "float\(8 * size)\(f.order == .big ? " big-endian" : "")"
    case .bitfield: "bits\(8 * size)"
    case .text, .variableText: "text"
    case .opaque(let tag): tag.isEmpty ? "opaque" : "opaque (\(tag))"
    case .compound(let members): "compound of \(members.count)"
    case .reference: "reference"
    case .enumeration: "enumeration"
    case .sequence: "lists"
    case .array(let dimensions, _): "array of \(dimensions.reduce(1) { $0.times($1) })"
    case .other(let what): what
    }
  }

  /// Whether an element is one plain number.
  public var isNumber: Bool {
    switch kind {
    case .integer, .float, .bitfield: true
    default: false
    }
  }

  /// Whether an element is one text.
  public var isText: Bool {
    switch kind {
    case .text, .variableText: true
    default: false
    }
  }
}

/// Reads a datatype without recursion: types within types wait on a stack.
struct HDF5DatatypeParser {
  /// A type whose inner type is being read.
  private enum Open {
    case enumeration(size: Int, version: Int, count: Int)
    case sequence(size: Int)
    case array(size: Int, dimensions: [Int])
    case complex(size: Int)
    case compound(size: Int, version: Int, left: Int, members: [HDF5Datatype.Member])
  }

  private var open: [Open] = []
  /// The name, offset and array dimensions of the member that is being read, for each open compound.
  private var heads: [(name: String, offset: Int, dimensions: [Int])] = []
  private static let deepest = 32

  /// The datatype at the cursor.
  static func parse(_ cursor: inout ByteCursor) throws(ReadFailure) -> HDF5Datatype {
    var parser = HDF5DatatypeParser()
    return try parser.run(&cursor)
  }

  private mutating func run(_ cursor: inout ByteCursor) throws(ReadFailure) -> HDF5Datatype {
    var done = try begin(&cursor)
    while true {
      guard let type = done else {
        done = try begin(&cursor)
        continue
      }
      guard let outer = open.popLast() else { return type }
      switch outer {
      case .sequence(let size): done = HDF5Datatype(size: size, kind: .sequence(type))
      case .complex(let size):
        done = HDF5Datatype(
          size: size,
          kind: .compound([
            .init(name: "r", offset: 0, type: type),
            .init(name: "i", offset: type.size, type: type),
          ]))
      case .array(let size, let dimensions):
        done = HDF5Datatype(size: size, kind: .array(dimensions, type))
      case .enumeration(let size, let version, let count):
        done = try enumeration(&cursor, type, size: size, version: version, count: count)
      case .compound(let size, let version, let left, var members):
        let head = heads.popLast() ?? ("", 0, [])
        let member =
          head.dimensions.isEmpty
          ? type
          : HDF5Datatype(
            size: head.dimensions.reduce(type.size) { $0.times($1) },
            kind: .array(head.dimensions, type))
        guard head.offset.plus(member.size) <= size else {
          throw damaged(cursor, "the member '\(head.name)' reaches beyond its compound")
        }
        members.append(.init(name: head.name, offset: head.offset, type: member))
        if left > 1 {
          open.append(.compound(size: size, version: version, left: left - 1, members: members))
          try beginMember(&cursor, version: version, size: size)
          done = nil
        } else {
          done = HDF5Datatype(size: size, kind: .compound(members))
        }
      }
    }
  }

  private func damaged(_ cursor: ByteCursor, _ found: String) -> ReadFailure {
    ReadFailure(
      "hdf5.damaged", at: cursor.place, found: found, expected: "expected a whole datatype")
  }

  /// Reads the start of a type; nil where another stands within it.
  private mutating func begin(_ cursor: inout ByteCursor) throws(ReadFailure) -> HDF5Datatype? {
    let lead = try cursor.u8("datatype")
    let bits = Int(try cursor.unsigned(3, "datatype"))
    let size = Int(try cursor.u32("size of datatype"))
    let version = Int(lead >> 4)
    guard version >= 1, version <= 5, size > 0 else {
      throw damaged(cursor, "a datatype of version \(version) and \(size) bytes")
    }
    guard open.count < Self.deepest else {
      throw damaged(cursor, "types within types, \(open.count) deep")
    }
    let order: ByteOrder = bits & 1 == 0 ? .little : .big
    switch lead & 15 {
    case 0, 4:
      let field = HDF5Datatype.Bits(
        order: order, offset: Int(try cursor.u16("bit offset")),
        precision: Int(try cursor.u16("precision")))
      guard size <= 8, field.precision > 0, field.offset + field.precision <= 8 * size else {
        return HDF5Datatype(size: size, kind: .other("an integer of \(size) bytes"))
      }
      return HDF5Datatype(
        size: size,
        kind: lead & 15 == 4
          ? .bitfield(field) : .integer(field, isSigned: bits & 8 != 0))
    case 1: return try float(&cursor, bits, size)
    case 2:
      try cursor.skip(2, "time")
      return HDF5Datatype(size: size, kind: .other("a time"))
    case 3: return HDF5Datatype(size: size, kind: .text(blankPadded: bits & 15 == 2))
    case 5:
      let length = bits & 255
      let tag = try cursor.slice(length, "tag").latin1(cutAtNUL: true)
      // The tag is padded to eight bytes, written so in its length or not.
      try cursor.skip(min((8 - length % 8) % 8, cursor.remaining), "tag")
      return HDF5Datatype(size: size, kind: .opaque(tag: tag))
    case 6:
      let count = bits & 0xFFFF
      guard count > 0 else { throw damaged(cursor, "a compound without members") }
      open.append(.compound(size: size, version: version, left: count, members: []))
      try beginMember(&cursor, version: version, size: size)
    case 7: return HDF5Datatype(size: size, kind: .reference)
    case 8:
      open.append(.enumeration(size: size, version: version, count: bits & 0xFFFF))
    case 9:
      guard bits & 15 != 1 else {
        // The type of a character follows, which says nothing more.
        try skipCharacter(&cursor)
        return HDF5Datatype(size: size, kind: .variableText)
      }
      open.append(.sequence(size: size))
    case 10:
      let rank = Int(try cursor.u8("rank of array"))
      if version < 3 { try cursor.skip(3, "array") }
      var dimensions: [Int] = []
      for _ in 0..<rank { dimensions.append(Int(try cursor.u32("size of array"))) }
      if version < 3 { try cursor.skip(4 * rank, "array") }
      guard dimensions.reduce(1, { $0.times($1) }) <= size else {
        throw damaged(cursor, "an array of \(dimensions) elements in \(size) bytes")
      }
      open.append(.array(size: size, dimensions: dimensions))
    case 11: open.append(.complex(size: size))
    default: throw damaged(cursor, "a datatype of class \(lead & 15)")
    }
    return nil
  }

  /// Skips the type of a character of variable-length text.
  private func skipCharacter(_ cursor: inout ByteCursor) throws(ReadFailure) {
    let lead = try cursor.u8("datatype")
    try cursor.skip(7, "datatype")
    switch lead & 15 {
    case 0: try cursor.skip(4, "datatype")
    case 3: break
    default: throw damaged(cursor, "text of a class \(lead & 15)")
    }
  }

  private func float(
    _ cursor: inout ByteCursor, _ bits: Int, _ size: Int
  ) throws(ReadFailure) -> HDF5Datatype {
    let offset = Int(try cursor.u16("bit offset"))
    let precision = Int(try cursor.u16("precision"))
    let exponent = Int(try cursor.u8("exponent"))
    let exponentBits = Int(try cursor.u8("exponent"))
    let mantissa = Int(try cursor.u8("mantissa"))
    let mantissaBits = Int(try cursor.u8("mantissa"))
    let bias = Int(try cursor.u32("bias"))
    let sign = bits >> 8 & 255
    let whole = 8 * size
    guard bits & 0x41 != 0x41, size <= 16, offset + precision <= whole, sign < whole,
      exponentBits > 0, exponentBits < 32, exponent + exponentBits <= whole, mantissaBits > 0,
      mantissa + mantissaBits <= whole
    else {
      return HDF5Datatype(
        size: size, kind: .other("a floating-point number of \(size) bytes in an unusual layout"))
    }
    return HDF5Datatype(
      size: size,
      kind: .float(
        .init(
          order: bits & 1 == 0 ? .little : .big, sign: sign, exponent: exponent,
          exponentBits: exponentBits, mantissa: mantissa, mantissaBits: mantissaBits, bias: bias,
          isImplied: bits >> 4 & 3 == 2)))
  }

  private mutating func beginMember(
    _ cursor: inout ByteCursor, version: Int, size: Int
  ) throws(ReadFailure) {
    let start = cursor.offset
    let name = try cursor.nulText("name of a member")
    if version < 3 {
      try cursor.skip((8 - (cursor.offset - start) % 8) % 8, "name of a member")
    }
    let offset = try cursor.length(version < 3 ? 4 : size.bytesNeeded, "offset of a member")
    var dimensions: [Int] = []
    if version == 1 {
      let rank = Int(try cursor.u8("rank of a member"))
      try cursor.skip(11, "member")
      for i in 0..<4 {
        let count = Int(try cursor.u32("size of a member"))
        if i < rank { dimensions.append(count) }
      }
    }
    heads.append((name, offset, dimensions))
  }

  private func enumeration(
    _ cursor: inout ByteCursor, _ base: HDF5Datatype, size: Int, version: Int, count: Int
  ) throws(ReadFailure) -> HDF5Datatype {
    guard case .integer(let bits, let isSigned) = base.kind else {
      throw damaged(cursor, "an enumeration over something that is no integer")
    }
    var names: [String] = []
    for _ in 0..<count {
      let start = cursor.offset
      names.append(try cursor.nulText("name of a value"))
      if version < 3 {
        try cursor.skip((8 - (cursor.offset - start) % 8) % 8, "name of a value")
      }
    }
    var values: [Int64] = []
    for _ in 0..<count {
      let view = try cursor.slice(base.size, "value of an enumeration")
      values.append(HDF5Numbers.integer(view, 0, base.size, bits, isSigned: isSigned).value)
    }
    return HDF5Datatype(size: size, kind: .enumeration(base, names: names, values: values))
  }
}
