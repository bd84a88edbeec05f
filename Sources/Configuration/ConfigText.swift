public import Tables
internal import Yams

extension ConfigNode {
  /// The greatest size of a configuration file in bytes.
  public static let greatestSize = 1 << 20
  /// The deepest nesting of mappings and lists.
  static let deepest = 32

  /// Reads one YAML document.
  ///
  /// - Parameters:
  ///   - text: the file's content.
  ///   - greatestSize: the greatest size in bytes.
  /// - Returns: its root; an empty mapping for an empty file.
  /// - Throws: `ReadFailure` with line and column where it is no YAML, holds more than one document,
  ///   repeats a key, uses anchors, or is larger or deeper than a configuration can be.
  public static func parse(
    _ text: String, greatestSize: Int = greatestSize
  ) throws(ReadFailure) -> ConfigNode {
    let text = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
    try YAMLGuard.check(text, greatestSize: greatestSize)
    let root: Node?
    do {
      root = try compose(yaml: text, .basic, .default, .utf8)
    } catch let error as YamlError {
      throw failure(error, in: text)
    } catch {
      throw ReadFailure(
        "config.syntax", found: "the text is no YAML", expected: "a YAML mapping of keys")
    }
    guard let root else { return ConfigNode(.mapping([]), at: .whole) }
    let node = try convert(root, depth: 0)
    if node.isEmpty { return ConfigNode(.mapping([]), at: .whole) }
    return node
  }

  /// The node of our own kind; depth is capped, so the recursion is.
  private static func convert(_ node: Node, depth: Int) throws(ReadFailure) -> ConfigNode {
    let place = place(node.mark)
    guard depth <= deepest else {
      throw ReadFailure(
        "config.depth", at: place, found: "mappings and lists nested more than \(deepest) deep",
        expected: "a configuration of two or three levels")
    }
    switch node {
    case .scalar(let scalar):
      return ConfigNode(.text(scalar.string), at: place)
    case .sequence(let sequence):
      var elements: [ConfigNode] = []
      for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
      return ConfigNode(.list(elements), at: place)
    case .mapping(let mapping):
      var entries: [Entry] = []
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          throw ReadFailure(
            "config.key", at: self.place(key.mark), found: "a key that is no text",
            expected: "a plain key, such as film")
        }
        entries.append(
          Entry(
            key: scalar.string, place: self.place(key.mark),
            value: try convert(value, depth: depth + 1)))
      }
      return ConfigNode(.mapping(entries), at: place)
    case .alias:
      throw ReadFailure(
        "config.alias", at: place, found: "an alias", expected: "the value itself")
    }
  }

  private static func place(_ mark: Mark?) -> Place {
    mark.map { .cell(line: $0.line, column: $0.column) } ?? .whole
  }

  private static func failure(_ error: YamlError, in text: String) -> ReadFailure {
    let yaml =
      "YAML: keys with values, indented by blanks; inside braces a text with [ ] { } or , in quotes"
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _):
      return ReadFailure("config.syntax", at: place(mark), found: problem, expected: yaml)
    case .composer(_, let problem, let mark, _):
      let second = problem.contains("another document")
      return ReadFailure(
        second ? "config.documents" : "config.syntax", at: place(mark),
        found: second ? "a second document" : problem,
        expected: second ? "one YAML document in a file" : yaml)
    case .reader(let problem, let offset, _, _):
      let line = text.prefix(offset ?? 0).count { $0.isNewline } + 1
      return ReadFailure("config.syntax", at: .line(line), found: problem, expected: yaml)
    case .duplicatedKeysInMapping(let keys, let context):
      let names = keys.map { "'\($0)'" }.joined(separator: ", ")
      return ReadFailure(
        "config.repeated-key", at: place(context.mark), found: "the key \(names) is repeated",
        expected: "each key once")
    default:
      return ReadFailure("config.syntax", found: "the text is no YAML", expected: yaml)
    }
  }
}

/// Looks over a text before the YAML parser does, so that a hostile file costs nothing.
enum YAMLGuard {
  private static let flowDepth = 32
  private static let indentation = 160
  private static let dashes = 8

  static func check(_ text: String, greatestSize: Int) throws(ReadFailure) {
    guard text.utf8.count <= greatestSize else {
      throw ReadFailure(
        "config.size", found: "a YAML text of \(text.utf8.count) bytes",
        expected: "at most \(greatestSize) bytes")
    }
    var line = 1
    var lineStart = true  // only blanks and dashes so far
    var column = 0
    var dashCount = 0
    var depth = 0
    var anchors = false
    var before = UInt8(ascii: "\n")
    var start = true  // whether what stands before can begin a value
    for byte in text.utf8 {
      if start, before == UInt8(ascii: "&"), isName(byte) { anchors = true }
      // An alias expands what an anchor holds; together they can grow without bound.
      if start, before == UInt8(ascii: "*"), anchors, isName(byte) {
        throw ReadFailure(
          "config.alias", at: .line(line), found: "a YAML anchor with an alias",
          expected: "the value itself; anchors and aliases are not used in configurations")
      }
      switch byte {
      case UInt8(ascii: "\n"):
        line += 1
        (lineStart, column, dashCount) = (true, 0, 0)
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
      default: break
      }
      if lineStart, byte != UInt8(ascii: "\n") {
        if byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?") { dashCount += 1 }
        lineStart = " \t-?".utf8.contains(byte)
        column += 1
      }
      if depth > flowDepth || dashCount > dashes && lineStart || column > indentation {
        throw ReadFailure(
          "config.depth", at: .line(line), found: "values nested too deep",
          expected: "a configuration of two or three levels")
      }
      start = " \t\n\r[{,:-?".utf8.contains(before)
      before = byte
    }
  }

  private static func isName(_ byte: UInt8) -> Bool {
    byte > UInt8(ascii: " ") && !",[]{}*&".utf8.contains(byte)
  }
}
