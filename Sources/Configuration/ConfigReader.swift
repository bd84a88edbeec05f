public import Tables
internal import Units

/// A configuration that was read: the values of all cases, and what the user should know.
public struct ConfigReading: Sendable {
  /// The values before the cases' own.
  public let base: ConfigValues
  /// The cases in order; one with the label `case` where the file lists none.
  public let cases: [ConfigValues]
  /// Notes and warnings: units that had to be interpreted.
  public let diagnostics: [Diagnostic]
}

extension ConfigSchema {
  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - text: the YAML text; empty for the defaults.
  ///   - set: overrides `KEY=VALUE` of the command line, which stand above the file and its cases.
  /// - Throws: `ReadFailure` at line and column for the first thing that is wrong.
  public func read(_ text: String, set: [String] = []) throws(ReadFailure) -> ConfigReading {
    try read(try ConfigNode.parse(text), set: set)
  }

  /// Reads a configuration from its parsed text.
  public func read(_ root: ConfigNode, set: [String] = []) throws(ReadFailure) -> ConfigReading {
    var reader = ConfigReader(schema: self)
    var values = try reader.defaults()
    guard let entries = root.entries else {
      throw ReadFailure(
        "config.type", at: root.place, found: root.kindPhrase, expected: "a mapping of keys")
    }
    var rest = entries
    var cases: ConfigNode?
    if caseExample != nil, let i = rest.firstIndex(where: { $0.key == "cases" }) {
      cases = rest.remove(at: i).value
    }
    try reader.apply(rest, to: &values)
    let overrides = try set.map { argument throws(ReadFailure) in try ConfigReader.option(argument)
    }
    var list: [ConfigValues] = []
    for node in try ConfigReader.caseNodes(cases) {
      var one = values
      var fields = node.entries ?? []
      guard let i = fields.firstIndex(where: { $0.key == "label" }),
        let label = fields.remove(at: i).value.text, !label.isEmpty
      else {
        throw ReadFailure(
          "config.label", at: node.place, found: "a case without a label",
          expected: "a label of its own for each case")
      }
      guard !list.contains(where: { $0.label == label }) else {
        throw ReadFailure(
          "config.label", at: node.place, found: "a second case is labelled '\(label)'",
          expected: "a label of its own for each case")
      }
      try reader.apply(fields, to: &one)
      try reader.apply(overrides, to: &one, source: "--set")
      one.label = label
      list.append(one)
    }
    try reader.apply(overrides, to: &values, source: "--set")
    if cases == nil {
      values.label = "case"
      list = [values]
    }
    return ConfigReading(base: values, cases: list, diagnostics: reader.notes.all)
  }
}

/// Turns nodes into checked values.
struct ConfigReader {
  let schema: ConfigSchema
  var notes = DiagnosticList()

  init(schema: ConfigSchema) { self.schema = schema }

  /// The values of an empty configuration.
  mutating func defaults() throws(ReadFailure) -> ConfigValues {
    var values = ConfigValues(schema: schema)
    for key in schema.keys {
      guard let text = key.defaultText else { continue }
      let node = ConfigNode(.text(text), at: .whole)
      values.settings[key.path] = ConfigValues.Setting(
        value: try value(of: key, node), source: "default", place: .whole, written: text)
    }
    return values
  }

  /// Sets what the entries say; keys may be dotted, nested or both.
  mutating func apply(
    _ entries: [ConfigNode.Entry], to values: inout ConfigValues, source: String? = nil
  ) throws(ReadFailure) {
    var given: [String: Place] = [:]
    // The pending entries, the next one last, so that nesting needs no recursion.
    var pending = entries.reversed().map { (path: $0.key, entry: $0) }
    while let (path, entry) = pending.popLast() {
      let node = entry.value
      if let key = schema[path], !(node.entries != nil && descends(key, node)) {
        if let first = given[path], source == nil {
          throw ReadFailure(
            "config.repeated-key", at: entry.place,
            found: "the key '\(path)' is repeated, first at \(first)", expected: "each key once")
        }
        given[path] = entry.place
        values.settings[path] = ConfigValues.Setting(
          value: try value(of: key, node, at: entry.place),
          source: source ?? node.line.map { "config line \($0)" } ?? "config",
          place: node.place, written: node.text ?? "…")
      } else if schema.isGroup(path) {
        if node.isEmpty { continue }
        guard let children = node.entries else {
          throw ReadFailure(
            "config.type", at: node.place, found: "\(path): \(node.kindPhrase)",
            expected: "a mapping with the keys of '\(path)'")
        }
        pending += children.reversed().map { (path: "\(path).\($0.key)", entry: $0) }
      } else {
        let option = source == "--set" ? "--set: " : ""
        let near = schema.nearest(to: path).map { "the nearest known key is '\($0)'" }
        throw ReadFailure(
          "config.unknown-key", at: entry.place, found: "\(option)unknown key '\(path)'",
          expected: near ?? "one of the keys that --print-defaults lists")
      }
    }
  }

  /// Whether a mapping under a key holds longer keys rather than the value itself.
  private func descends(_ key: ConfigKey, _ node: ConfigNode) -> Bool {
    guard schema.isGroup(key.path), let entries = node.entries else { return false }
    return !entries.contains { ["value", "from"].contains($0.key) }
  }

  /// The checked value of a node.
  mutating func value(
    of key: ConfigKey, _ node: ConfigNode, at keyPlace: Place? = nil
  ) throws(ReadFailure) -> ConfigValues.Value {
    let place = node.isEmpty ? keyPlace ?? node.place : node.place
    let path = key.path
    let expected = key.expectation
    switch key.kind {
    case .tree: return .tree(node)
    case .map(let inner): return .map(try map(inner, node, key))
    case .list:
      let nodes = node.elements ?? [node]
      var texts: [String] = []
      for element in nodes {
        guard let text = element.text, !text.isEmpty else {
          throw ReadFailure(
            "config.type", at: place, found: "\(path): \(element.kindPhrase)", expected: expected)
        }
        texts.append(text)
      }
      return .list(texts)
    case .quantity(let unit, let limit, let words, let companions):
      if let entries = node.entries {
        if node["from"] != nil { return .reference(try reference(key, node, companions)) }
        return try spread(key, entries, node)
      }
      guard let text = node.text, !text.isEmpty else {
        throw ReadFailure(
          "config.type", at: place, found: "\(path): \(node.kindPhrase)", expected: expected)
      }
      if words.contains(text) { return .word(text) }
      let quantity = try Self.quantity(text, unit, key.path, node.place, key.expectation)
      note(quantity, key.path, node.place)
      guard let number = try? quantity.value(in: unit), limit.contains(number) else {
        throw ReadFailure(
          "config.range", at: place, found: "\(path): '\(text)' is out of range", expected: expected
        )
      }
      return .quantity(quantity)
    case .integer(let limit):
      guard let text = node.text, let number = Int(text) else {
        throw ReadFailure(
          "config.number", at: place, found: "\(path): \(node.kindPhrase) is no whole number",
          expected: expected)
      }
      guard limit.contains(Double(number)) else {
        throw ReadFailure(
          "config.range", at: place, found: "\(path): \(number) is out of range", expected: expected
        )
      }
      return .integer(number)
    case .flag:
      switch node.text {
      case "true", "True", "yes", "on": return .flag(true)
      case "false", "False", "no", "off": return .flag(false)
      default:
        throw ReadFailure(
          "config.choice", at: place, found: "\(path): \(node.kindPhrase) is neither",
          expected: expected)
      }
    case .choice(let words):
      guard let text = node.text, words.contains(text) else {
        throw ReadFailure(
          "config.choice", at: place, found: "\(path): \(node.kindPhrase) is not known",
          expected: expected)
      }
      return .text(text)
    case .text:
      guard let text = node.text, !text.isEmpty else {
        throw ReadFailure(
          "config.type", at: place, found: "\(path): \(node.kindPhrase)", expected: expected)
      }
      return .text(text)
    }
  }

  /// `{value: 25 GPa, u: 5 GPa}`.
  private mutating func spread(
    _ key: ConfigKey, _ entries: [ConfigNode.Entry], _ node: ConfigNode
  ) throws(ReadFailure) -> ConfigValues.Value {
    var parts: [String: String] = [:]
    for entry in entries {
      guard ["value", "u"].contains(entry.key), let text = entry.value.text else {
        throw ReadFailure(
          "config.unknown-key", at: entry.place,
          found: "unknown key '\(key.path).\(entry.key)'",
          expected: "{value: …, u: …} or {from: FILE#KEY}")
      }
      parts[entry.key] = text
    }
    guard let value = parts["value"] else {
      throw ReadFailure(
        "config.type", at: node.place, found: "\(key.path): a mapping without 'value'",
        expected: key.expectation)
    }
    let text = parts["u"].map { "\(value) ± \($0)" } ?? value
    return try self.value(of: key, ConfigNode(.text(text), at: node.place))
  }

  /// `{from: results.json#KEY, substrate: 340 ± 30 N/m}`.
  private mutating func reference(
    _ key: ConfigKey, _ node: ConfigNode, _ companions: [ConfigKey.Companion]
  ) throws(ReadFailure) -> ConfigReference {
    var reference = ConfigReference(file: "", key: "", companions: [:], place: node.place)
    for entry in node.entries ?? [] {
      guard let text = entry.value.text, !text.isEmpty else {
        throw ReadFailure(
          "config.type", at: entry.place,
          found: "\(key.path).\(entry.key): \(entry.value.kindPhrase)", expected: "a text")
      }
      if entry.key == "from" {
        guard let hash = text.firstIndex(of: "#"), hash != text.startIndex,
          text.index(after: hash) != text.endIndex
        else {
          throw ReadFailure(
            "config.reference", at: entry.value.place, found: "\(key.path): from: '\(text)'",
            expected: "FILE#KEY, such as results.json#summary.modulus")
        }
        reference.file = String(text[..<hash])
        reference.key = String(text[text.index(after: hash)...])
      } else if let companion = companions.first(where: { $0.name == entry.key }) {
        let path = "\(key.path).\(entry.key)"
        let quantity = try Self.quantity(
          text, companion.dimension, path, entry.value.place,
          "a \(companion.dimension.name ?? "quantity") with its unit")
        note(quantity, path, entry.value.place)
        reference.companions[entry.key] = quantity
      } else {
        let known = (["from"] + companions.map(\.name)).joined(separator: ", ")
        throw ReadFailure(
          "config.unknown-key", at: entry.place,
          found: "unknown key '\(key.path).\(entry.key)'", expected: "known here: \(known)")
      }
    }
    return reference
  }

  private mutating func map(
    _ inner: ConfigSchema, _ node: ConfigNode, _ key: ConfigKey
  ) throws(ReadFailure) -> [(name: String, values: ConfigValues)] {
    guard let entries = node.entries else {
      if node.isEmpty { return [] }
      throw ReadFailure(
        "config.type", at: node.place, found: "\(key.path): \(node.kindPhrase)",
        expected: key.expectation)
    }
    var result: [(name: String, values: ConfigValues)] = []
    for entry in entries {
      var reader = ConfigReader(schema: inner)
      var values = try reader.defaults()
      if !entry.value.isEmpty {
        guard let fields = entry.value.entries else {
          throw ReadFailure(
            "config.type", at: entry.value.place,
            found: "\(key.path).\(entry.key): \(entry.value.kindPhrase)", expected: "a mapping")
        }
        try reader.apply(fields, to: &values)
      }
      notes.add(contentsOf: reader.notes.all)
      result.append((entry.key, values))
    }
    return result
  }

  private mutating func note(_ quantity: QuantityText, _ path: String, _ place: Place) {
    guard let remark = quantity.remark else { return }
    let text = "\(path): \(remark.text)"
    if remark.isWarning {
      notes.warn(remark.code, at: place, found: text, expected: "the unit in UCUM, such as nm")
    } else {
      notes.note(remark.code, at: place, found: text)
    }
  }

  private static func quantity(
    _ text: String, _ unit: PhysicalUnit, _ path: String, _ place: Place, _ expectation: String
  ) throws(ReadFailure) -> QuantityText {
    try quantity(text, unit.dimension, path, place, expectation)
  }

  private static func quantity(
    _ text: String, _ dimension: Dimension, _ path: String, _ place: Place, _ expectation: String
  ) throws(ReadFailure) -> QuantityText {
    do {
      return try QuantityText.parse(text, dimension: dimension)
    } catch {
      let found = "\(path): \(error.found)"
      switch error {
      case .noUnit, .unknown:
        throw ReadFailure("config.unit", at: place, found: found, expected: expectation)
      case .mismatch, .unexpected, .arbitrary:
        throw ReadFailure("config.dimension", at: place, found: found, expected: expectation)
      case .noNumber:
        throw ReadFailure("config.number", at: place, found: found, expected: expectation)
      case .badUncertainty:
        throw ReadFailure("config.uncertainty", at: place, found: found, expected: expectation)
      case .outOfRange:
        throw ReadFailure("config.range", at: place, found: found, expected: expectation)
      }
    }
  }

  /// `KEY=VALUE` of the command line; a value in braces or brackets is read as YAML.
  static func option(_ argument: String) throws(ReadFailure) -> ConfigNode.Entry {
    guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
      throw ReadFailure(
        "config.set", found: "--set \(argument)", expected: "--set KEY=VALUE")
    }
    let key = String(argument[..<equals])
    let text = String(argument[argument.index(after: equals)...])
    var node = ConfigNode(.text(text), at: .whole)
    if text.hasPrefix("{") || text.hasPrefix("[") {
      do {
        node = try ConfigNode.parse(text)
      } catch {
        throw ReadFailure(
          "config.set", found: "--set \(key): \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
      node.place = .whole
    }
    return ConfigNode.Entry(key: key, place: .whole, value: node)
  }

  /// The entries of `cases:`; none where the key is absent.
  static func caseNodes(_ node: ConfigNode?) throws(ReadFailure) -> [ConfigNode] {
    guard let node else { return [] }
    guard let elements = node.elements, !elements.isEmpty else {
      throw ReadFailure(
        "config.type", at: node.place, found: "cases: \(node.kindPhrase)",
        expected: "a list of cases, each with a label")
    }
    guard elements.count <= 10_000 else {
      throw ReadFailure(
        "config.size", at: node.place, found: "\(elements.count) cases", expected: "at most 10000")
    }
    for element in elements where element.entries == nil {
      throw ReadFailure(
        "config.type", at: element.place, found: "cases: \(element.kindPhrase)",
        expected: "a mapping with a label and the keys of the case")
    }
    return elements
  }
}
