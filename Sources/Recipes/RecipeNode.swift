internal import Configuration
internal import Tables

/// A mapping of a recipe whose keys are known: what is not known is an error at its place.
struct RecipeNode {
  let path: String
  let place: Place
  private let node: ConfigNode

  /// - Throws: `recipe.type` where it is no mapping, `recipe.unknown-key` for a key that is not known.
  init(_ node: ConfigNode, path: String, keys: [String]) throws(ReadFailure) {
    self.node = node
    self.path = path
    place = node.place
    guard let entries = node.entries else {
      throw ReadFailure(
        "recipe.type", at: node.place, found: "\(path.isEmpty ? "the recipe" : path) is no mapping",
        expected: "the keys \(keys.joined(separator: ", "))")
    }
    for entry in entries where !keys.contains(entry.key) {
      throw ReadFailure(
        "recipe.unknown-key", at: entry.place, found: "unknown key '\(Self.join(path, entry.key))'",
        expected: Self.nearest(entry.key, among: keys))
    }
  }

  private static func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  /// The words that name the nearest of the choices, or all of them.
  static func nearest(_ word: String, among choices: [String]) -> String {
    let ranked = choices.map { ($0, EditDistance.between(word, $0)) }.min { $0.1 < $1.1 }
    if let (best, distance) = ranked, distance <= max(2, best.count / 2) {
      return "the nearest known one is '\(best)'"
    }
    return "expected one of \(choices.joined(separator: ", "))"
  }

  /// How many keys are given.
  var keyCount: Int { node.entries?.count ?? 0 }

  subscript(key: String) -> ConfigNode? { node[key] }

  /// Whether the key is given.
  func has(_ key: String) -> Bool { node[key] != nil }

  /// Where the key stands; where the mapping stands for one that is not given.
  func place(_ key: String) -> Place { node.entries?.first { $0.key == key }?.place ?? place }

  /// Where the value of a key stands.
  func valuePlace(_ key: String) -> Place { node[key]?.place ?? place }

  func type(_ key: String, _ expected: String) -> ReadFailure {
    let what = node[key].map { $0.text.map { "'\($0)'" } ?? "a list or mapping" } ?? "nothing"
    return ReadFailure(
      "recipe.type", at: valuePlace(key), found: "\(Self.join(path, key)): \(what)",
      expected: expected)
  }

  func missing(_ key: String, _ expected: String) -> ReadFailure {
    ReadFailure(
      "recipe.missing-key", at: place, found: "no key '\(Self.join(path, key))'",
      expected: expected)
  }

  /// The text of a key that may be absent.
  func text(_ key: String, mayBeEmpty: Bool = false) throws(ReadFailure) -> String? {
    guard let value = node[key] else { return nil }
    guard let text = value.text, mayBeEmpty || !text.isEmpty else {
      throw type(key, "expected a text")
    }
    return text
  }

  /// The text of a key that has to be there.
  func requiredText(_ key: String, _ example: String) throws(ReadFailure) -> String {
    guard let text = try text(key) else { throw missing(key, "such as \(example)") }
    return text
  }

  func choice(_ key: String, _ words: [String]) throws(ReadFailure) -> String? {
    guard let text = try text(key) else { return nil }
    guard words.contains(text) else {
      throw ReadFailure(
        "recipe.choice", at: valuePlace(key), found: "\(Self.join(path, key)): '\(text)'",
        expected: Self.nearest(text, among: words))
    }
    return text
  }

  func flag(_ key: String) throws(ReadFailure) -> Bool? {
    guard node[key] != nil else { return nil }
    switch node[key]?.text {
    case "true": return true
    case "false": return false
    default: throw type(key, "expected true or false")
    }
  }

  func integer(_ key: String, _ range: ClosedRange<Int>) throws(ReadFailure) -> Int? {
    guard node[key] != nil else { return nil }
    guard let number = node[key]?.text.flatMap({ Int($0) }), range.contains(number) else {
      throw type(
        key, "expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A list of texts; a single text counts as a list of one.
  func texts(_ key: String, mayBeEmpty: Bool = false) throws(ReadFailure) -> [String] {
    guard let value = node[key] else { return [] }
    var texts: [String] = []
    for element in value.elements ?? [value] {
      guard let text = element.text, mayBeEmpty || !text.isEmpty else {
        throw ReadFailure(
          "recipe.type", at: element.place,
          found: "\(Self.join(path, key)): an empty or nested entry",
          expected: "expected a list of texts")
      }
      texts.append(text)
    }
    return texts
  }

  /// The elements of a list; none where the key is absent.
  func elements(_ key: String) throws(ReadFailure) -> [ConfigNode] {
    guard let value = node[key] else { return [] }
    guard let elements = value.elements else { throw type(key, "expected a list") }
    return elements
  }

  /// The pattern of a key.
  func pattern(_ key: String) throws(ReadFailure) -> LinePattern? {
    guard let text = try text(key) else { return nil }
    do throws(PatternFailure) {
      return try LinePattern(text)
    } catch {
      throw ReadFailure(
        "recipe.pattern", at: valuePlace(key),
        found:
          "\(Self.join(path, key)): \(error.found) at character \(error.position) of the pattern",
        expected: error.expected)
    }
  }

  func requiredPattern(_ key: String) throws(ReadFailure) -> LinePattern {
    guard let pattern = try pattern(key) else { throw missing(key, "a regular expression") }
    return pattern
  }
}
