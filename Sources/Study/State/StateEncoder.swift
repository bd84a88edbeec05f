/// Stores a value of any `Codable` type bit by bit: numbers keep every bit, also those that are not finite.
///
/// Values are written as they come, fields in the order in which their type gives them. The same value gives the same
/// bytes, if it holds no dictionary.
enum StateEncoder {
  /// The bytes of a value.
  static func encode<Value: Encodable>(_ value: Value) throws -> [UInt8] {
    let sink = StateSink()
    try Storing(sink: sink, depth: 0).store(value)
    sink.close(to: 0)
    return sink.writer.bytes
  }
}

/// Where containers write to, and which of them are open.
///
/// A container ends when the one around it goes on: nobody says so.
private final class StateSink {
  // One task writes, and nothing that it calls comes back here: the checks would take a fifth of the time.
  @exclusivity(unchecked) var writer = StateWriter()
  /// The open containers from the outside in, and whether each has fields.
  @exclusivity(unchecked) private var open: [Bool] = []

  /// Opens a container at a depth, or goes on with the one that is open there.
  func open(fields: Bool, at depth: Int) {
    if open.count > depth, open[depth] == fields {
      close(to: depth + 1)
      return
    }
    close(to: depth)
    fields ? writer.beginObject() : writer.beginList()
    open.append(fields)
  }

  /// Ends the containers that are deeper than a depth.
  func close(to depth: Int) {
    while open.count > depth {
      open.removeLast() ? writer.endObject() : writer.endList()
    }
  }
}

private struct Storing: Encoder {
  let sink: StateSink
  /// How many containers stand around the value.
  let depth: Int
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// Writes a value; arrays of plain numbers go in one piece.
  func store<Value: Encodable>(_ value: Value) throws {
    // By the type itself: a cast would take an empty list of anything for numbers.
    if Value.self == Int.self, let n = value as? Int {
      sink.writer.add(integer: n)
    } else if Value.self == Double.self, let x = value as? Double {
      sink.writer.add(number: x)
    } else if Value.self == String.self, let text = value as? String {
      sink.writer.add(text: text)
    } else if Value.self == Bool.self, let flag = value as? Bool {
      sink.writer.add(flag: flag)
    } else if Value.self == [Double].self, let list = value as? [Double] {
      sink.writer.add(numbers: list)
    } else if Value.self == [Int].self, let list = value as? [Int] {
      sink.writer.add(integers: list)
    } else {
      let before = sink.writer.bytes.count
      try value.encode(to: self)
      sink.close(to: depth)
      // A value that says nothing still takes its place.
      if sink.writer.bytes.count == before { sink.writer.addNull() }
    }
  }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    sink.open(fields: true, at: depth)
    return KeyedEncodingContainer(StoringFields(sink: sink, depth: depth + 1))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    sink.open(fields: false, at: depth)
    return StoringList(sink: sink, depth: depth + 1)
  }

  func singleValueContainer() -> any SingleValueEncodingContainer {
    StoringOne(sink: sink, depth: depth)
  }
}

private struct StoringOne: SingleValueEncodingContainer {
  let sink: StateSink
  let depth: Int
  var codingPath: [any CodingKey] { [] }

  mutating func encodeNil() throws { sink.writer.addNull() }
  mutating func encode(_ value: String) throws { sink.writer.add(text: value) }
  mutating func encode(_ value: Bool) throws { sink.writer.add(flag: value) }
  mutating func encode(_ value: Double) throws { sink.writer.add(number: value) }
  mutating func encode(_ value: Float) throws { sink.writer.add(number: Double(value)) }
  mutating func encode(_ value: Int) throws { sink.writer.add(integer: value) }
  mutating func encode(_ value: Int8) throws { sink.writer.add(integer: Int(value)) }
  mutating func encode(_ value: Int16) throws { sink.writer.add(integer: Int(value)) }
  mutating func encode(_ value: Int32) throws { sink.writer.add(integer: Int(value)) }
  mutating func encode(_ value: Int64) throws { sink.writer.add(integer: Int(value)) }
  mutating func encode(_ value: UInt8) throws { sink.writer.add(integer: Int(value)) }
  mutating func encode(_ value: UInt16) throws { sink.writer.add(integer: Int(value)) }
  mutating func encode(_ value: UInt32) throws { sink.writer.add(integer: Int(value)) }
  // By their bits.
  mutating func encode(_ value: UInt) throws { sink.writer.add(integer: Int(bitPattern: value)) }
  mutating func encode(_ value: UInt64) throws {
    sink.writer.add(integer: Int(truncatingIfNeeded: value))
  }

  mutating func encode<T: Encodable>(_ value: T) throws {
    try Storing(sink: sink, depth: depth).store(value)
  }
}

private struct StoringList: UnkeyedEncodingContainer {
  let sink: StateSink
  let depth: Int
  private(set) var count = 0
  var codingPath: [any CodingKey] { [] }

  init(sink: StateSink, depth: Int) {
    self.sink = sink
    self.depth = depth
  }

  private mutating func next() {
    sink.close(to: depth)
    count += 1
  }

  mutating func encodeNil() throws {
    next()
    sink.writer.addNull()
  }

  mutating func encode(_ value: Int) throws {
    next()
    sink.writer.add(integer: value)
  }

  mutating func encode(_ value: Double) throws {
    next()
    sink.writer.add(number: value)
  }

  mutating func encode(_ value: String) throws {
    next()
    sink.writer.add(text: value)
  }

  mutating func encode(_ value: Bool) throws {
    next()
    sink.writer.add(flag: value)
  }

  mutating func encode<T: Encodable>(_ value: T) throws {
    next()
    try Storing(sink: sink, depth: depth).store(value)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type
  ) -> KeyedEncodingContainer<Nested> {
    next()
    return Storing(sink: sink, depth: depth).container(keyedBy: keyType)
  }

  mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    next()
    return Storing(sink: sink, depth: depth).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    next()
    return Storing(sink: sink, depth: depth)
  }
}

private struct StoringFields<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let sink: StateSink
  let depth: Int
  var codingPath: [any CodingKey] { [] }

  private func begin(_ key: String) {
    sink.close(to: depth)
    sink.writer.add(key: key)
  }

  mutating func encodeNil(forKey key: Key) throws {
    begin(key.stringValue)
    sink.writer.addNull()
  }

  mutating func encode(_ value: Int, forKey key: Key) throws {
    begin(key.stringValue)
    sink.writer.add(integer: value)
  }

  mutating func encode(_ value: Double, forKey key: Key) throws {
    begin(key.stringValue)
    sink.writer.add(number: value)
  }

  mutating func encode(_ value: String, forKey key: Key) throws {
    begin(key.stringValue)
    sink.writer.add(text: value)
  }

  mutating func encode(_ value: Bool, forKey key: Key) throws {
    begin(key.stringValue)
    sink.writer.add(flag: value)
  }

  mutating func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    begin(key.stringValue)
    try Storing(sink: sink, depth: depth).store(value)
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy keyType: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    begin(key.stringValue)
    return Storing(sink: sink, depth: depth).container(keyedBy: keyType)
  }

  mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    begin(key.stringValue)
    return Storing(sink: sink, depth: depth).unkeyedContainer()
  }

  mutating func superEncoder() -> any Encoder {
    begin("super")
    return Storing(sink: sink, depth: depth)
  }

  mutating func superEncoder(forKey key: Key) -> any Encoder {
    begin(key.stringValue)
    return Storing(sink: sink, depth: depth)
  }
}
