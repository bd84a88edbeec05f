internal import Bytes
internal import Configuration
internal import Reading
internal import Tables

/// The text of a YAML file and its top-level keys.
struct YAMLText {
  /// The text without byte order mark, in UTF-8.
  let text: String
  /// How the bytes were read.
  let encoding: String
  /// Lines that are comments, with their numbers.
  private(set) var comments: [(line: Int, text: String)] = []

  init(_ bytes: ByteView, into diagnostics: inout DiagnosticList) throws(ReadFailure) {
    let decoded = try DecodedText.decode(bytes, into: &diagnostics)
    text = TextLines.string(decoded.utf8)
    encoding = decoded.encoding.rawValue
    let lines = TextLines(decoded.utf8)
    for line in lines {
      let words = lines.string(line).drop { $0 == " " || $0 == "\t" }
      if words.first == "#" { comments.append((line.number, String(words.dropFirst()))) }
    }
    if !decoded.endsWithNewline {
      diagnostics.note(
        "text.no-final-newline",
        at: .line(TextLines.number(ofOffset: decoded.utf8.count, in: decoded.utf8)),
        found: "the last line has no line end", expected: "its last value may be cut")
    }
  }

  /// The keys at the margin of the first and last lines of a file, with the keys one step below each
  /// as `key.inner`; nothing where the text cannot be a YAML mapping.
  static func keys(_ file: FileHead) -> Set<String> {
    var found = margin(file.head, isHead: true)
    if found.isEmpty { return [] }
    if file.size > file.head.count { found.formUnion(margin(file.tail, isHead: false)) }
    return found
  }

  private static func margin(_ part: ByteView, isHead: Bool) -> Set<String> {
    var notes = DiagnosticList()
    guard let decoded = try? DecodedText.decode(part, into: &notes) else { return [] }
    let lines = TextLines(decoded.utf8)
    var keys: Set<String> = []
    var outer = ""
    var isFirst = !isHead
    for line in lines {
      let bytes = decoded.utf8[line.range]
      guard let first = bytes[0] else { continue }
      if isFirst {
        // The tail starts inside a line.
        isFirst = false
        continue
      }
      switch first {
      case UInt8(ascii: "#"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "%"): continue
      case UInt8(ascii: " "):
        guard !outer.isEmpty, let key = key(TextLines.string(bytes).drop { $0 == " " }) else {
          continue
        }
        keys.insert("\(outer).\(key)")
      default:
        guard let key = key(TextLines.string(bytes)[...]) else {
          if isHead { return [] }
          continue
        }
        outer = key
        keys.insert(key)
      }
    }
    return keys
  }

  /// `key` of `key: value`, `key:` and `"key": value`.
  private static func key(_ line: Substring) -> String? {
    guard let colon = line.firstIndex(of: ":") else { return nil }
    let after = line.index(after: colon)
    guard after == line.endIndex || line[after] == " " || line[after] == "\t" else { return nil }
    let key = line[..<colon].filter { $0 != "\"" && $0 != "'" }
    guard !key.isEmpty, key.count <= 64,
      key.allSatisfy({ $0.isLetter || $0.isNumber || "_-. ".contains($0) })
    else { return nil }
    return String(key)
  }
}

extension ConfigNode {
  /// The texts in a node by their paths, with `[N]` for the elements of lists, in order.
  func leaves(under path: String) -> [(path: String, text: String, place: Place)] {
    var result: [(path: String, text: String, place: Place)] = []
    var pending = [(path: path, node: self)]
    while let (path, node) = pending.popLast() {
      switch node.content {
      case .text(let text): result.append((path, text, node.place))
      case .mapping(let entries):
        pending += entries.reversed().map {
          (path: path.isEmpty ? $0.key : "\(path).\($0.key)", node: $0.value)
        }
      case .list(let elements):
        pending += elements.enumerated().reversed().map {
          (path: "\(path)[\($0.offset)]", node: $0.element)
        }
      }
    }
    return result
  }
}

extension Dataset {
  /// Keeps the comments of a YAML file.
  mutating func keep(_ comments: [(line: Int, text: String)]) {
    for comment in comments { keep("comment", comment.text, at: .line(comment.line)) }
  }

  /// Keeps a setting with the line where it stands.
  mutating func keep(_ key: String, _ text: String, at place: Place) {
    metadata.append(key, text)
    switch place {
    case .line(let line), .cell(let line, _):
      if settingOrigins[key] == nil { settingOrigins[key] = Origin(lines: line...line) }
    default: break
    }
  }
}
