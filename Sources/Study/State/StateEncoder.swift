/// Stores a value of any `Codable` type bit by bit: numbers keep every bit, also those that are not finite.
///
/// The same value gives the same bytes, if it holds no dictionary whose keys are no texts.
enum StateEncoder {
  /// The bytes of a value.
  static func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
    let box = NodeBox()
    try Storing(box: box, codingPath: []).store(value)
    var writer = StateWriter()
    writer.add(box.node)
    return writer.bytes
  }
}

/// A place that a value is put into.
private final class NodeBox {
  enum Content {
    case leaf(StateNode)
    case list([NodeBox])
    case object([String: NodeBox])
  }

  var content = Content.leaf(.null)

  var node: StateNode {
    switch content {
    case .leaf(let node): node
    case .list(let list): .list(list.map(\.node))
    case .object(let fields): .object(fields.mapValues(\.node))
    }
  }

  func append() -> NodeBox {
    let box = NodeBox()
    guard case .list(var list) = content else {
      content = .list([box])
      return box
    }
    content = .leaf(.null)
    list.append(box)
    content = .list(list)
    return box
  }

  func field(_ key: String) -> NodeBox {
    let box = NodeBox()
    guard case .object(var fields) = content else {
      content = .object([key: box])
      return box
    }
    content = .leaf(.null)
    fields[key] = box
    content = .object(fields)
    return box
  }
}

private struct Storing: Encoder {
  let box: NodeBox
  let codingPath: [any CodingKey]
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// Puts a value into the box; arrays of plain numbers go in one piece.
  func store<Value: Encodable>(_ value: Value) throws {
    // By the type itself: a cast would take an empty list of anything for numbers.
    if Value.self == [Double].self, let list = value as? [Double] {
      box.content = .leaf(.numbers(list))
    } else if Value.self == [Int].self, let list = value as? [Int] {
      box.content = .leaf(.integers(list))
    } else if Value.self == String.self, let text = value as? String {
      box.content = .leaf(.text(text))
    } else if Value.self == Double.self, let x = value as? Double {
      box.content = .leaf(.number(x))
    } else if Value.self == Float.self, let x = value as? Float {
      box.content = .leaf(.number(Double(x)))
    } else if Value.self == Bool.self, let flag = value as? Bool {
      box.content = .leaf(.flag(flag))
    } else if let n = value as? any FixedWidthInteger {
      box.content = .leaf(.integer(Int64(truncatingIfNeeded: n)))
    } else {
      try value.encode(to: self)
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    if case .leaf = box.content { box.content = .object([:]) }
    return KeyedEncodingContainer(StoringFields(box: box, codingPath: codingPath))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    if case .leaf = box.content { box.content = .list([]) }
    return StoringList(box: box, codingPath: codingPath)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    StoringOne(box: box, codingPath: codingPath)
  }
}

private struct StoringOne: SingleValueEncodingContainer {
  let box: NodeBox
  let codingPath: [any CodingKey]

  mutating func encodeNil() throws { box.content = .leaf(.null) }

  mutating func encode<T: Encodable>(_ value: T) throws {
    try Storing(box: box, codingPath: codingPath).store(value)
  }
}

private struct StoringList: UnkeyedEncodingContainer {
  let box: NodeBox
  let codingPath: [any CodingKey]
  private(set) var count = 0

  init(box: NodeBox, codingPath: [any CodingKey]) {
    self.box = box
    self.codingPath = codingPath
  }

  private mutating func next() -> NodeBox {
    count += 1
    return box.append()
  }

  mutating func encodeNil() throws { _ = next() }

  mutating func encode<T: Encodable>(_ value: T) throws {
    try Storing(box: next(), codingPath: codingPath).store(value)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    Storing(box: next(), codingPath: codingPath).container(keyedBy: keyType)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    Storing(box: next(), codingPath: codingPath).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder { Storing(box: next(), codingPath: codingPath) }
}

private struct StoringFields<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let box: NodeBox
  let codingPath: [any CodingKey]

  mutating func encodeNil(forKey key: Key) throws { _ = box.field(key.stringValue) }

  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    try Storing(box: box.field(key.stringValue), codingPath: codingPath).store(value)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    Storing(box: box.field(key.stringValue), codingPath: codingPath).container(keyedBy: keyType)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    Storing(box: box.field(key.stringValue), codingPath: codingPath).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    Storing(box: box.field("super"), codingPath: codingPath)
  }

  mutating func superEncoder(forKey key: Key) -> any Encoder {
    Storing(box: box.field(key.stringValue), codingPath: codingPath)
  }
}
