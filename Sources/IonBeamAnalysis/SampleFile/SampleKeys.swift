internal import Configuration
internal import Tables
internal import Units

/// A mapping of a sample file, read key by key; every key that nobody asks for is an error.
struct SampleKeys {
  let path: String
  let place: Place
  private let entries: [ConfigNode.Entry]

  /// The mapping at a path; throws for anything else and for keys that are not among `known`.
  init(_ node: ConfigNode, _ path: String, known: [String]) throws(ReadFailure) {
    guard let entries = node.entries else {
      throw ReadFailure(
        "config.type", at: node.place, found: "\(path): no mapping of keys",
        expected: "expected keys such as \(known.prefix(3).joined(separator: ", "))")
    }
    for entry in entries where !known.contains(entry.key) {
      let near = known.min {
        EditDistance.between(entry.key, $0) < EditDistance.between(entry.key, $1)
      }
      throw ReadFailure(
        "config.unknown-key", at: entry.place,
        found: "\(path.isEmpty ? "" : path + ": ")unknown key '\(entry.key)'",
        expected: near.map { "did you mean '\($0)'? known: \(known.joined(separator: ", "))" } ?? ""
      )
    }
    self.path = path
    place = node.place
    self.entries = entries
  }

  /// The value of a key; nil where it is absent or empty.
  subscript(key: String) -> ConfigNode? {
    entries.first { $0.key == key }.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// A number in a unit: bare, or with its own unit of the same dimension; nil where it is absent.
  func number(
    _ key: String, in unit: PhysicalUnit, atLeast least: Double = -.infinity,
    isAbove: Bool = false
  ) throws(ReadFailure) -> Double? {
    guard let node = self[key] else { return nil }
    return try Self.number(node, name(key), in: unit, atLeast: least, isAbove: isAbove)
  }

  /// A number in a unit with its standard uncertainty where it states one; nil where it is absent.
  func measured(
    _ key: String, in unit: PhysicalUnit, atLeast least: Double = -.infinity,
    isAbove: Bool = false
  ) throws(ReadFailure) -> (value: Double, u: Double?)? {
    guard let node = self[key] else { return nil }
    let value = try Self.number(node, name(key), in: unit, atLeast: least, isAbove: isAbove)
    let text = try? QuantityText.parse(
      node.text ?? "", dimension: unit.dimension, defaultUnit: unit)
    return (value, try? text?.uncertainty(in: unit))
  }

  /// A number in a unit, which must be there.
  func needed(
    _ key: String, in unit: PhysicalUnit, atLeast least: Double = -.infinity,
    isAbove: Bool = false
  ) throws(ReadFailure) -> Double {
    guard let value = try number(key, in: unit, atLeast: least, isAbove: isAbove) else {
      throw ReadFailure(
        "config.missing", at: place, found: "\(name(key)): no value",
        expected: "expected a number, in \(unit.ucum) unless it carries its unit")
    }
    return value
  }

  /// The number of a node in a unit.
  static func number(
    _ node: ConfigNode, _ name: String, in unit: PhysicalUnit,
    atLeast least: Double = -.infinity, isAbove: Bool = false
  ) throws(ReadFailure) -> Double {
    let expectation =
      "expected a number in \(unit.ucum), or with a unit of the same dimension"
    guard let text = node.text else {
      throw ReadFailure(
        "config.type", at: node.place, found: "\(name): no number", expected: expectation)
    }
    let value: Double
    do {
      value = try QuantityText.parse(text, dimension: unit.dimension, defaultUnit: unit)
        .value(in: unit)
    } catch {
      let code: String
      switch error {
      case .mismatch, .unexpected, .arbitrary: code = "config.dimension"
      case .noUnit, .unknown: code = "config.unit"
      default: code = "config.number"
      }
      throw ReadFailure(
        code, at: node.place, found: "\(name): \(error.found)", expected: expectation)
    }
    guard value.isFinite, isAbove ? value > least : value >= least else {
      throw ReadFailure(
        "config.range", at: node.place, found: "\(name): '\(text)' is out of range",
        expected: "expected \(isAbove ? "more than" : "at least") \(least) \(unit.ucum)")
    }
    return value
  }

  /// A whole number; nil where it is absent.
  func integer(_ key: String, in range: ClosedRange<Int>) throws(ReadFailure) -> Int? {
    guard let node = self[key] else { return nil }
    guard let text = node.text, let value = Int(text), range.contains(value) else {
      throw ReadFailure(
        "config.number", at: node.place, found: "\(name(key)): '\(node.text ?? "…")'",
        expected: "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// One of a few words; nil where it is absent.
  func choice<C: RawRepresentable & CaseIterable>(
    _ key: String, _: C.Type
  ) throws(ReadFailure) -> C? where C.RawValue == String {
    guard let node = self[key] else { return nil }
    if let text = node.text, let value = C(rawValue: text.lowercased()) { return value }
    throw ReadFailure(
      "config.choice", at: node.place, found: "\(name(key)): '\(node.text ?? "…")'",
      expected: "expected \(C.allCases.map(\.rawValue).joined(separator: ", "))")
  }

  /// true or false; nil where it is absent.
  func flag(_ key: String) throws(ReadFailure) -> Bool? {
    guard let node = self[key] else { return nil }
    switch node.text?.lowercased() {
    case "true", "yes", "on": return true
    case "false", "no", "off": return false
    default:
      throw ReadFailure(
        "config.choice", at: node.place, found: "\(name(key)): '\(node.text ?? "…")'",
        expected: "expected true or false")
    }
  }

  /// A text; nil where it is absent.
  func text(_ key: String) throws(ReadFailure) -> String? {
    guard let node = self[key] else { return nil }
    guard let text = node.text else {
      throw ReadFailure(
        "config.type", at: node.place, found: "\(name(key)): no text", expected: "expected a text")
    }
    return text
  }
}
