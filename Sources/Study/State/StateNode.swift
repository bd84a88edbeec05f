internal import Bytes

/// A value on its way into a stored state or out of it.
enum StateNode {
  case null
  case flag(Bool)
  case integer(Int64)
  case number(Double)
  case text(String)
  case numbers([Double])
  case integers([Int])
  case list([StateNode])
  case object([String: StateNode])
}

/// A state that is no state: cut, damaged, or of another layout.
struct StateFailure: Error {}

/// Writes values as bytes: one for the kind, then lengths and numbers; names stand once.
///
/// Lists and objects have an end instead of a count, so that a value is written while it is walked through.
struct StateWriter {
  private(set) var bytes: [UInt8] = []
  private var names: [String: Int] = [:]

  mutating func addNull() { bytes.append(0) }

  mutating func add(flag: Bool) { bytes.append(flag ? 2 : 1) }

  mutating func add(integer n: Int) {
    bytes.append(3)
    add(plain: n)
  }

  mutating func add(number x: Double) {
    bytes.append(4)
    bytes.append(littleEndian: x)
  }

  mutating func add(text: String) {
    bytes.append(5)
    add(plain: text)
  }

  mutating func add(numbers list: [Double]) {
    bytes.append(6)
    add(count: list.count)
    bytes.append(littleEndian: list)
  }

  mutating func add(integers list: [Int]) {
    bytes.append(7)
    add(count: list.count)
    for n in list { add(plain: n) }
  }

  mutating func beginList() { bytes.append(10) }

  mutating func endList() { bytes.append(12) }

  mutating func beginObject() { bytes.append(11) }

  /// The name of the field that follows: 0 ends the object, so names count from 1.
  mutating func add(key: String) {
    if let known = names[key] {
      add(count: known)
      return
    }
    let number = names.count + 1
    names[key] = number
    add(count: number)
    add(plain: key)
  }

  mutating func endObject() { bytes.append(0) }

  private mutating func add(plain text: String) {
    add(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func add(plain n: Int) {
    add(bits: UInt64(bitPattern: Int64((n << 1) ^ (n >> 63))))
  }

  private mutating func add(count: Int) { add(bits: UInt64(bitPattern: Int64(count))) }

  private mutating func add(bits: UInt64) {
    var rest = bits
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }
}

/// Reads nodes from bytes that may be damaged: every count is checked against what is left, and lists
/// nest 256 deep at most.
struct StateParser {
  private let bytes: [UInt8]
  private var offset = 0
  private var names: [String] = []

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The one value that the bytes hold.
  static func parse(_ bytes: [UInt8]) throws -> StateNode {
    var parser = StateParser(bytes)
    let node = try parser.node(depth: 0)
    guard parser.offset == bytes.count else { throw StateFailure() }
    return node
  }

  private mutating func byte() throws -> UInt8 {
    guard offset < bytes.count else { throw StateFailure() }
    defer { offset += 1 }
    return bytes[offset]
  }

  private mutating func bits() throws -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while shift < 64 {
      let next = try byte()
      value |= UInt64(next & 0x7F) << shift
      if next < 0x80 { return value }
      shift += 7
    }
    throw StateFailure()
  }

  /// A count of things that take `size` bytes or more each.
  private mutating func count(of size: Int) throws -> Int {
    guard let n = Int(exactly: try bits()), n <= (bytes.count - offset) / size else {
      throw StateFailure()
    }
    return n
  }

  private mutating func integer() throws -> Int64 {
    let value = try bits()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }

  private mutating func number() throws -> Double {
    guard bytes.count - offset >= 8 else { throw StateFailure() }
    var value: UInt64 = 0
    for i in 0..<8 { value |= UInt64(bytes[offset + i]) << UInt64(8 * i) }
    offset += 8
    return Double(bitPattern: value)
  }

  private mutating func text() throws -> String {
    let n = try count(of: 1)
    defer { offset += n }
    return String(decoding: bytes[offset..<offset + n], as: UTF8.self)
  }

  /// The name of a field; nil at the end of an object.
  private mutating func name() throws -> String? {
    guard let known = Int(exactly: try bits()), known <= names.count + 1 else {
      throw StateFailure()
    }
    if known == 0 { return nil }
    if known > names.count { names.append(try text()) }
    return names[known - 1]
  }

  private mutating func node(depth: Int) throws -> StateNode {
    guard depth < 256 else { throw StateFailure() }
    switch try byte() {
    case 0: return .null
    case 1: return .flag(false)
    case 2: return .flag(true)
    case 3: return .integer(try integer())
    case 4: return .number(try number())
    case 5: return .text(try text())
    case 6:
      let n = try count(of: 8)
      var list: [Double] = []
      list.reserveCapacity(n)
      for _ in 0..<n { list.append(try number()) }
      return .numbers(list)
    case 7:
      var list: [Int] = []
      for _ in 0..<(try count(of: 1)) {
        guard let n = Int(exactly: try integer()) else { throw StateFailure() }
        list.append(n)
      }
      return .integers(list)
    case 10:
      var list: [StateNode] = []
      while offset < bytes.count, bytes[offset] != 12 { list.append(try node(depth: depth + 1)) }
      guard try byte() == 12 else { throw StateFailure() }
      return .list(list)
    case 11:
      var fields: [String: StateNode] = [:]
      while let key = try name() { fields[key] = try node(depth: depth + 1) }
      return .object(fields)
    default: throw StateFailure()
    }
  }
}
