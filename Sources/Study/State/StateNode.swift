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

/// Writes nodes as bytes: one for the kind, then lengths and numbers; names stand once.
struct StateWriter {
  private(set) var bytes: [UInt8] = []
  private var names: [String: Int] = [:]

  mutating func add(_ node: StateNode) {
    switch node {
    case .null: bytes.append(0)
    case .flag(let flag): bytes.append(flag ? 2 : 1)
    case .integer(let n):
      bytes.append(3)
      add(integer: n)
    case .number(let x):
      bytes.append(4)
      add(number: x)
    case .text(let text):
      bytes.append(5)
      add(text)
    case .numbers(let list):
      bytes.append(6)
      add(count: list.count)
      bytes.reserveCapacity(bytes.count + 8 * list.count)
      for x in list { add(number: x) }
    case .integers(let list):
      bytes.append(7)
      add(count: list.count)
      for n in list { add(integer: Int64(n)) }
    case .list(let list):
      bytes.append(8)
      add(count: list.count)
      for element in list { add(element) }
    case .object(let fields):
      bytes.append(9)
      add(count: fields.count)
      for key in fields.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        if let known = names[key] {
          add(count: known)
        } else {
          add(count: names.count)
          names[key] = names.count
          add(key)
        }
        add(fields[key] ?? .null)
      }
    }
  }

  private mutating func add(_ text: String) {
    add(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  private mutating func add(number x: Double) {
    var bits = x.bitPattern
    for _ in 0..<8 {
      bytes.append(UInt8(truncatingIfNeeded: bits))
      bits >>= 8
    }
  }

  private mutating func add(integer n: Int64) {
    add(bits: UInt64(bitPattern: (n << 1) ^ (n >> 63)))
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

  private mutating func name() throws -> String {
    guard let known = Int(exactly: try bits()), known <= names.count else { throw StateFailure() }
    if known == names.count { names.append(try text()) }
    return names[known]
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
    case 8:
      var list: [StateNode] = []
      for _ in 0..<(try count(of: 1)) { list.append(try node(depth: depth + 1)) }
      return .list(list)
    case 9:
      var fields: [String: StateNode] = [:]
      for _ in 0..<(try count(of: 2)) {
        let key = try name()
        fields[key] = try node(depth: depth + 1)
      }
      return .object(fields)
    default: throw StateFailure()
    }
  }
}
