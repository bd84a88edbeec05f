public import Tables

/// A node of a configuration file: text, a mapping or a list, with the place where it stands.
///
/// Text is kept as written. YAML's own guesses at numbers, booleans and dates are not made, so that
/// `no` stays a word and `4 nm` a quantity.
public struct ConfigNode: Hashable, Sendable {
  /// One entry of a mapping.
  public struct Entry: Hashable, Sendable {
    /// The key.
    public var key: String
    /// Where the key stands.
    public var place: Place
    /// The value.
    public var value: ConfigNode
  }

  /// What the node holds.
  public enum Content: Hashable, Sendable {
    case text(String)
    case mapping([Entry])
    case list([ConfigNode])
  }

  /// What the node holds.
  public var content: Content
  /// Where it stands.
  public var place: Place

  /// A node from its parts.
  public init(_ content: Content, at place: Place) {
    self.content = content
    self.place = place
  }

  /// The text; nil for a mapping or list.
  public var text: String? {
    if case .text(let text) = content { return text }
    return nil
  }

  /// The entries of a mapping; nil for anything else.
  public var entries: [Entry]? {
    if case .mapping(let entries) = content { return entries }
    return nil
  }

  /// The elements of a list; nil for anything else.
  public var elements: [ConfigNode]? {
    if case .list(let elements) = content { return elements }
    return nil
  }

  /// The value of a key; nil where there is none.
  public subscript(key: String) -> ConfigNode? {
    entries?.first { $0.key == key }?.value
  }

  /// The values of a mapping by their dotted paths, in order; lists count as values.
  ///
  /// For settings that are handed on to another reader with their place.
  public var flattened: [(path: String, value: ConfigNode)] {
    var result: [(path: String, value: ConfigNode)] = []
    var pending = (entries ?? []).reversed().map { (path: $0.key, value: $0.value) }
    while let (path, value) = pending.popLast() {
      if let children = value.entries {
        pending += children.reversed().map { (path: "\(path).\($0.key)", value: $0.value) }
      } else {
        result.append((path, value))
      }
    }
    return result
  }

  /// Whether nothing stands behind the key.
  public var isEmpty: Bool { text?.isEmpty == true }

  /// The line of the node, for sources such as `config line 4`; nil where it stands in no file.
  public var line: Int? {
    switch place {
    case .line(let line), .cell(let line, _): line
    default: nil
    }
  }

  /// What the node is, for messages.
  var kindPhrase: String {
    switch content {
    case .text(let text): text.isEmpty ? "nothing" : "'\(text)'"
    case .mapping: "a mapping"
    case .list: "a list"
    }
  }
}
