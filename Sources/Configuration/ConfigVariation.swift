public import Tables
public import Units

extension ConfigKey {
  /// How a key can be varied over many runs.
  public enum Variation: Hashable, Sendable {
    /// Numbers in a unit.
    case quantity(PhysicalUnit)
    /// Whole numbers.
    case integer
    /// Words.
    case word
  }

  /// How the key can be varied; nil for keys that hold no single value.
  public var variation: Variation? {
    switch kind {
    case .quantity(let unit, _, _, _): .quantity(unit)
    case .integer: .integer
    case .flag, .choice, .text: .word
    case .list, .tree, .map: nil
    }
  }
}

extension ConfigSchema {
  /// The leaves of a mapping whose keys are keys of this schema, dotted, nested or both.
  ///
  /// What stands behind a key is given as it is: a mapping ends a path where `endsAt` says so.
  ///
  /// - Throws: `config.unknown-key`, `config.repeated-key` or `config.type`, at line and column.
  public func leaves(
    of node: ConfigNode, in group: String, endsAt isLeaf: (ConfigNode) -> Bool
  ) throws(ReadFailure) -> [(key: ConfigKey, entry: ConfigNode.Entry)] {
    guard let entries = node.entries else {
      if node.isEmpty { return [] }
      throw ReadFailure(
        "config.type", at: node.place, found: "\(group): \(node.kindPhrase)",
        expected: "a mapping of keys")
    }
    var leaves: [(key: ConfigKey, entry: ConfigNode.Entry)] = []
    var pending = entries.reversed().map { (path: $0.key, entry: $0) }
    while let (path, entry) = pending.popLast() {
      if let key = self[path], entry.value.entries == nil || isLeaf(entry.value) || !isGroup(path) {
        if leaves.contains(where: { $0.key.path == path }) {
          throw ReadFailure(
            "config.repeated-key", at: entry.place, found: "\(group): '\(path)' is repeated",
            expected: "each key once")
        }
        leaves.append((key, entry))
      } else if isGroup(path), let children = entry.value.entries {
        pending += children.reversed().map { (path: "\(path).\($0.key)", entry: $0) }
      } else {
        let near = nearest(to: path).map { "the nearest known key is '\($0)'" }
        throw ReadFailure(
          "config.unknown-key", at: entry.place, found: "\(group): unknown key '\(path)'",
          expected: near ?? "one of the keys that --print-defaults lists")
      }
    }
    return leaves
  }

  /// A value in the unit of a key, or a word, as a configuration would have it; checked.
  ///
  /// - Throws: what reading the key in a configuration throws.
  public func checked(_ key: ConfigKey, _ node: ConfigNode) throws(ReadFailure) -> ConfigScalar {
    var reader = ConfigReader(schema: self)
    switch try reader.value(of: key, node) {
    case .quantity(let text):
      guard case .quantity(let unit, _, _, _) = key.kind, let number = try? text.value(in: unit)
      else { return .word(text.text) }
      return .number(number, u: (try? text.uncertainty(in: unit)) ?? nil)
    case .integer(let number): return .number(Double(number), u: nil)
    case .word(let word), .text(let word): return .word(word)
    case .flag(let flag): return .word(flag ? "true" : "false")
    case .reference, .list, .tree, .map:
      throw ReadFailure(
        "config.type", at: node.place, found: "\(key.path): \(node.kindPhrase)",
        expected: key.expectation)
    }
  }
}

/// One value of a key: a number in the key's unit, or a word.
public enum ConfigScalar: Hashable, Sendable {
  /// A number, with its standard uncertainty where it has one.
  case number(Double, u: Double?)
  /// A word.
  case word(String)
}

extension ConfigValues {
  /// Puts a value in place of the one that a key has, written as in a configuration.
  ///
  /// - Parameter source: what ``source(_:)`` says of it.
  /// - Throws: what reading the key in a configuration throws.
  public mutating func replace(
    _ path: String, with text: String, source: String, at place: Place = .whole
  ) throws(ReadFailure) {
    try replace(path, with: ConfigNode(.text(text), at: place), source: source)
  }

  /// Puts a node in place of the value that a key has.
  public mutating func replace(
    _ path: String, with node: ConfigNode, source: String
  ) throws(ReadFailure) {
    var reader = ConfigReader(schema: schema)
    let entry = ConfigNode.Entry(key: path, place: node.place, value: node)
    try reader.apply([entry], to: &self, source: source)
  }

  /// Puts a reference to another file in place of the value that a key has.
  public mutating func replace(
    _ path: String, with reference: ConfigReference
  ) throws(ReadFailure) {
    guard case .quantity? = schema[path]?.kind else {
      throw failure(
        path, "config.type", found: "a value from \(reference.source)", expected: "a quantity")
    }
    settings[path] = Setting(
      value: .reference(reference), source: reference.source, place: reference.place,
      written: reference.source)
  }
}
