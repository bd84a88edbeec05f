internal import Tables

/// Reads back what ``StateEncoder`` stored.
enum StateDecoder {
  /// The value that the bytes hold.
  ///
  /// - Parameter renaming: what the ids of trace steps become.
  /// - Throws: an error of any kind where the bytes are damaged or of another type.
  static func decode<Value: Decodable>(
    _ type: Value.Type, from bytes: [UInt8], renaming: TraceRenaming? = nil
  ) throws -> Value {
    var info: [CodingUserInfoKey: any Sendable] = [:]
    if let key = TraceRenaming.key, let renaming { info[key] = renaming }
    return try Restoring(node: try StateParser.parse(bytes), userInfo: info).value(type)
  }
}

private struct Restoring: Decoder {
  let node: StateNode
  let userInfo: [CodingUserInfoKey: Any]
  var codingPath: [any CodingKey] { [] }

  func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
    switch (node, type) {
    case (.numbers(let list), is [Double].Type): return try cast(list)
    case (.integers(let list), is [Int].Type): return try cast(list)
    case (.text(let text), is String.Type): return try cast(text)
    case (.number(let x), is Double.Type): return try cast(x)
    case (.number(let x), is Float.Type): return try cast(Float(x))
    case (.flag(let flag), is Bool.Type): return try cast(flag)
    case (.integer(let n), let type as any FixedWidthInteger.Type):
      return try cast(Self.integer(n, type))
    default:
      // The standard types ask for themselves; whatever did not fit above is of another layout.
      switch type {
      case is [Double].Type, is [Int].Type, is String.Type, is Double.Type, is Float.Type,
        is Bool.Type, is any FixedWidthInteger.Type:
        throw StateFailure()
      default: return try Value(from: self)
      }
    }
  }

  private static func integer(_ n: Int64, _ type: any FixedWidthInteger.Type) throws -> Any {
    func make<I: FixedWidthInteger>(_: I.Type) throws -> I {
      if let value = I(exactly: n) { return value }
      // Stored by their bits.
      guard !I.isSigned, let value = I(exactly: UInt64(bitPattern: n)) else { throw StateFailure() }
      return value
    }
    return try make(type)
  }

  private func cast<Value>(_ value: Any) throws -> Value {
    guard let value = value as? Value else { throw StateFailure() }
    return value
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let fields) = node else { throw StateFailure() }
    return KeyedDecodingContainer(RestoringFields(fields: fields, userInfo: userInfo))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    switch node {
    case .list(let list): return RestoringList(list: list, userInfo: userInfo)
    case .null: return RestoringList(list: [], userInfo: userInfo)
    default: throw StateFailure()
    }
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer {
    RestoringOne(from: self)
  }
}

private struct RestoringOne: SingleValueDecodingContainer {
  let from: Restoring
  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool {
    if case .null = from.node { return true }
    return false
  }

  func decode<T: Decodable>(_ type: T.Type) throws -> T { try from.value(type) }
}

private struct RestoringList: UnkeyedDecodingContainer {
  let list: [StateNode]
  let userInfo: [CodingUserInfoKey: Any]
  var currentIndex = 0
  var codingPath: [any CodingKey] { [] }
  var count: Int? { list.count }
  var isAtEnd: Bool { currentIndex >= list.count }

  init(list: [StateNode], userInfo: [CodingUserInfoKey: Any]) {
    self.list = list
    self.userInfo = userInfo
  }

  private mutating func next() throws -> Restoring {
    guard list.indices.contains(currentIndex) else { throw StateFailure() }
    defer { currentIndex += 1 }
    return Restoring(node: list[currentIndex], userInfo: userInfo)
  }

  mutating func decodeNil() throws -> Bool {
    guard list.indices.contains(currentIndex), case .null = list[currentIndex] else {
      return false
    }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T { try next().value(type) }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try next().container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try next().unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder { try next() }
}

private struct RestoringFields<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let fields: [String: StateNode]
  let userInfo: [CodingUserInfoKey: Any]
  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { fields.keys.compactMap { Key(stringValue: $0) } }

  private func at(_ key: String) throws -> Restoring {
    guard let node = fields[key] else { throw StateFailure() }
    return Restoring(node: node, userInfo: userInfo)
  }

  func contains(_ key: Key) -> Bool { fields[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool {
    if case .null? = fields[key.stringValue] { return true }
    return false
  }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try at(key.stringValue).value(type)
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try at(key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try at(key.stringValue).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { try at("super") }

  func superDecoder(forKey key: Key) throws -> any Decoder { try at(key.stringValue) }
}
