internal import Units

extension ConfigSchema {
  /// A complete, commented configuration that means the same as an empty one (`--print-defaults`).
  ///
  /// Keys without a default stand in it as comments.
  public var defaultsText: String {
    var text = "# \(title)\n"
    var done: Set<String> = []
    for key in keys where !done.contains(key.path) {
      let parts = key.path.split(separator: ".")
      guard parts.count > 1, let group = parts.first.map(String.init) else {
        text += line(key, indent: "", name: key.path)
        done.insert(key.path)
        continue
      }
      let members = keys.filter { $0.path.hasPrefix(group + ".") }
      done.formUnion(members.map(\.path))
      // A group that is a key of its own as well (a preset and its parts) holds dotted comments only.
      let isKey = self[group] != nil
      let isActive = !isKey && members.contains { $0.defaultText != nil }
      if !isKey { text += isActive ? "\(group):\n" : "# \(group):\n" }
      for member in members {
        let name = isKey ? member.path : String(member.path.dropFirst(group.count + 1))
        let shown = isActive ? member : member.asComment
        text += line(shown, indent: isKey ? "" : "  ", name: name)
      }
    }
    if let caseExample {
      text += "# cases:  # each entry overrides dotted keys; without it there is one case, `case`\n"
      text += "#   - {\(caseExample)}\n"
    }
    return text
  }

  private func line(_ key: ConfigKey, indent: String, name: String) -> String {
    let isComment = key.defaultText == nil
    let value = ConfigDefaults.quoted(key.defaultText ?? key.example ?? "…")
    let start = "\(indent)\(isComment ? "# " : "")\(name): \(value)"
    let padding = String(repeating: " ", count: max(1, 40 - start.count))
    return "\(start)\(padding)# \(key.comment)\(ConfigDefaults.hint(key))\n"
  }
}

extension ConfigKey {
  /// The key with its default as an example only.
  fileprivate var asComment: ConfigKey { ConfigKey(commenting: self) }

  private init(commenting key: ConfigKey) {
    path = key.path
    kind = key.kind
    comment = key.comment
    defaultText = nil
    example = key.defaultText ?? key.example
  }
}

enum ConfigDefaults {
  /// The text as a YAML scalar: quoted where YAML would take it for something else.
  static func quoted(_ text: String) -> String {
    if text.hasPrefix("{") || text.hasPrefix("[") { return text }
    let special = text.isEmpty || text.contains(": ") || text.contains(" #") || text.hasSuffix(":")
    guard special || "!&*-?|>@`\"'%#,]}".contains(text.first ?? " ") && !isNumber(text) else {
      return text
    }
    let escaped = text.map { character in
      character == "\"" || character == "\\" ? "\\\(character)" : String(character)
    }
    return "\"\(escaped.joined())\""
  }

  private static func isNumber(_ text: String) -> Bool {
    text.first == "-" && text.dropFirst().first?.isNumber == true
  }

  /// The words and limits of a key, for its comment.
  static func hint(_ key: ConfigKey) -> String {
    switch key.kind {
    case .choice(let words): return " (\(words.joined(separator: " | ")))"
    case .quantity(let unit, let limit, let words, _):
      var parts: [String] = []
      if !limit.description.isEmpty {
        parts.append(unit.ucum == "1" ? "\(limit)" : "\(limit) \(unit.ucum)")
      }
      parts += words.filter { $0 != key.defaultText }.map { "or \($0)" }
      return parts.isEmpty ? "" : " (\(parts.joined(separator: ", ")))"
    case .integer(let limit): return limit.description.isEmpty ? "" : " (\(limit))"
    default: return ""
    }
  }
}
