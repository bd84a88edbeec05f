internal import Units

/// A key that names one place in a results document, as `why` and `{from: FILE#KEY}` take it.
///
/// Five spellings are understood:
/// - a JSON Pointer (RFC 6901), such as `/inputs/0/result/stiffness`;
/// - `FILE#KEY`, where FILE is an input's path or the end of it, and KEY a path in that input, with
///   or without `result.` in front;
/// - a path from the top, such as `summary.samples[0].modulus`;
/// - a path with a selector, such as `summary.handover[sample=n10].modulus`;
/// - a bare key or the end of a path, where only one place fits.
public struct ResultPath: Hashable, Sendable, CustomStringConvertible {
  /// One step down the tree.
  public enum Step: Hashable, Sendable {
    /// The field of an object.
    case key(String)
    /// The element of a list, from 0.
    case position(Int)
    /// The one element of a list whose field has that text or number.
    case element(key: String, value: String)
  }

  /// The steps from the root of the document; never a selector once resolved.
  public var steps: [Step]

  /// A path from its steps.
  public init(_ steps: [Step]) { self.steps = steps }

  /// The path in dots and brackets, such as `summary.samples[0].modulus`.
  public var description: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let key):
        text += text.isEmpty ? key : "." + key
      case .position(let n): text += "[\(n)]"
      case .element(let key, let value): text += "[\(key)=\(value)]"
      }
    }
    return text
  }

  /// The path as JSON Pointer.
  public var pointer: String {
    var text = ""
    for step in steps {
      switch step {
      case .key(let key):
        text += "/"
        for scalar in key.unicodeScalars {
          switch scalar {
          case "~": text += "~0"
          case "/": text += "~1"
          default: text.unicodeScalars.append(scalar)
          }
        }
      case .position(let n): text += "/\(n)"
      case .element(let key, let value): text += "/[\(key)=\(value)]"
      }
    }
    return text
  }

  /// A place that a key names.
  public struct Found: Hashable, Sendable {
    /// The path from the root.
    public var path: ResultPath
    /// What stands there.
    public var value: ResultValue
  }

  /// Why a key names no one place.
  public struct Failure: Error, Hashable, Sendable {
    /// What was wrong, one line.
    public var reason: String
    /// Keys that would do, at most twenty.
    public var candidates: [String]
  }

  /// The steps of a path in dots and brackets.
  ///
  /// A dot or bracket inside a selector's value needs no escape, since a selector ends at `]` followed
  /// by a dot, a bracket or the end.
  public static func parse(_ text: String) throws(Failure) -> ResultPath {
    var steps: [Step] = []
    var rest = Substring(text)
    func bad(_ why: String) -> Failure {
      Failure(reason: "key '\(text)': \(why)", candidates: [])
    }
    while !rest.isEmpty {
      if rest.first == "[" {
        guard let end = endOfSelector(rest) else { throw bad("a bracket is not closed") }
        let inside = rest[rest.index(after: rest.startIndex)..<end]
        if let equals = inside.firstIndex(of: "=") {
          steps.append(
            .element(
              key: String(inside[..<equals]),
              value: String(inside[inside.index(after: equals)...])))
        } else if let n = Int(inside), n >= 0 {
          steps.append(.position(n))
        } else {
          throw bad("[\(inside)] is neither a number from 0 nor NAME=VALUE")
        }
        rest = rest[rest.index(after: end)...]
        if rest.first == "." {
          rest = rest.dropFirst()
          if rest.isEmpty { throw bad("it ends in a dot") }
        }
      } else {
        let key = rest.prefix { $0 != "." && $0 != "[" }
        if key.isEmpty { throw bad("a name is missing before a dot") }
        steps.append(.key(String(key)))
        rest = rest[key.endIndex...]
        if rest.first == "." {
          rest = rest.dropFirst()
          if rest.isEmpty { throw bad("it ends in a dot") }
        }
      }
    }
    if steps.isEmpty { throw bad("it is empty") }
    return ResultPath(steps)
  }

  /// The place of the bracket that closes the selector at the start of `text`.
  private static func endOfSelector(_ text: Substring) -> Substring.Index? {
    var i = text.startIndex
    while let close = text[i...].firstIndex(of: "]") {
      let next = text.index(after: close)
      if next == text.endIndex || text[next] == "." || text[next] == "[" { return close }
      i = next
    }
    return nil
  }
}

extension ResultValue {
  /// The one place of a results document that a key names.
  ///
  /// - Parameter key: one of the spellings of ``ResultPath``.
  /// - Throws: `ResultPath.Failure` where no place fits, or more than one; with candidates.
  public func find(_ key: String) throws(ResultPath.Failure) -> ResultPath.Found {
    if key.hasPrefix("/"), let found = atPointer(key) { return found }
    if let hash = key.lastIndex(of: "#") {
      return try find(
        String(key[key.index(after: hash)...]), inFile: String(key[..<hash]))
    }
    if key.hasPrefix("/") {
      throw ResultPath.Failure(reason: "nothing stands at \(key)", candidates: [])
    }
    return try find(ResultPath.parse(key), from: [], spelled: key)
  }

  /// The place that a JSON Pointer names; nil where there is none.
  public func atPointer(_ pointer: String) -> ResultPath.Found? {
    var found = ResultPath.Found(path: ResultPath([]), value: self)
    for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      var key = ""
      var escaped = false
      for scalar in part.unicodeScalars {
        if escaped {
          key += scalar == "0" ? "~" : scalar == "1" ? "/" : "~" + String(Character(scalar))
          escaped = false
        } else if scalar == "~" {
          escaped = true
        } else {
          key.unicodeScalars.append(scalar)
        }
      }
      if case .list = found.value {
        guard let n = Int(key), let next = found.value[n] else { return nil }
        found = .init(path: ResultPath(found.path.steps + [.position(n)]), value: next)
      } else {
        guard let next = found.value.child(key) else { return nil }
        found = .init(path: ResultPath(found.path.steps + [.key(key)]), value: next)
      }
    }
    return found
  }

  /// The place below one input that a key names.
  private func find(
    _ key: String, inFile file: String
  ) throws(ResultPath.Failure) -> ResultPath.Found {
    guard case .list(let inputs)? = self["inputs"] else {
      throw ResultPath.Failure(reason: "the document has no inputs", candidates: [])
    }
    let names = inputs.map { $0["file"]?.text ?? "" }
    var fitting = names.indices.filter { names[$0] == file }
    if fitting.isEmpty { fitting = names.indices.filter { names[$0].hasSuffix("/" + file) } }
    guard let input = fitting.first else {
      throw ResultPath.Failure(
        reason: "no input is called '\(file)'",
        candidates: Array(names.prefix(20)).map { "\($0)#\(key)" })
    }
    guard fitting.count == 1 else {
      throw ResultPath.Failure(
        reason: "\(fitting.count) inputs are called '\(file)'",
        candidates: fitting.prefix(20).map { "\(names[$0])#\(key)" })
    }
    let path = try ResultPath.parse(key)
    let base: [ResultPath.Step] = [.key("inputs"), .position(input)]
    let value = inputs[input]
    if let found = value.descend(path.steps, from: base) { return found }
    if let result = value["result"],
      let found = result.descend(path.steps, from: base + [.key("result")])
    {
      return found
    }
    return try value.find(path, from: base, spelled: key)
  }

  /// The place at the path, or else the only place at whose end the path stands.
  private func find(
    _ path: ResultPath, from base: [ResultPath.Step], spelled: String
  ) throws(ResultPath.Failure) -> ResultPath.Found {
    if let found = descend(path.steps, from: base) { return found }
    var all: [ResultPath.Found] = []
    var keys: Set<String> = []
    var waiting: [ResultPath.Found] = [.init(path: ResultPath(base), value: self)]
    while let place = waiting.popLast() {
      if place.path.steps != base,
        let found = place.value.descend(path.steps, from: place.path.steps)
      {
        all.append(found)
      }
      // The steps of the trace are no results; their parameters would shadow them.
      if case .object(let object) = place.value {
        for key in object.keys.reversed() {
          if place.path.steps.isEmpty && key == "traces" { continue }
          keys.insert(key)
          if let value = object[key] {
            waiting.append(.init(path: ResultPath(place.path.steps + [.key(key)]), value: value))
          }
        }
      } else if case .list(let values) = place.value {
        for (n, value) in values.enumerated().reversed() where value.isTree {
          waiting.append(.init(path: ResultPath(place.path.steps + [.position(n)]), value: value))
        }
      }
    }
    if all.count == 1 { return all[0] }
    if all.isEmpty {
      throw ResultPath.Failure(
        reason: "no key fits '\(spelled)'", candidates: nearest(to: path, in: keys))
    }
    throw ResultPath.Failure(
      reason: "\(all.count) keys fit '\(spelled)'",
      candidates: all.prefix(20).map { found in nameOfPlace(found.path, below: base) })
  }

  /// The place at the end of the steps; nil where a step leads nowhere or a selector fits not once.
  private func descend(
    _ steps: [ResultPath.Step], from base: [ResultPath.Step]
  ) -> ResultPath.Found? {
    var found = ResultPath.Found(path: ResultPath(base), value: self)
    var skipped = 0
    for (n, step) in steps.enumerated() {
      if skipped > 0 {
        skipped -= 1
        continue
      }
      switch step {
      case .key(var key):
        // A dot may also stand inside a key, such as those of options.
        var next = found.value.child(key)
        while next == nil, steps.indices.contains(n + skipped + 1),
          case .key(let more) = steps[n + skipped + 1]
        {
          key += "." + more
          skipped += 1
          next = found.value.child(key)
        }
        guard let next else { return nil }
        found = .init(path: ResultPath(found.path.steps + [.key(key)]), value: next)
      case .position(let n):
        guard let next = found.value[n] else { return nil }
        found = .init(path: ResultPath(found.path.steps + [step]), value: next)
      case .element(let key, let wanted):
        guard case .list(let values) = found.value else { return nil }
        let fitting = values.indices.filter { values[$0].child(key)?.plainText == wanted }
        guard fitting.count == 1, let n = fitting.first else { return nil }
        found = .init(path: ResultPath(found.path.steps + [.position(n)]), value: values[n])
      }
    }
    return found
  }

  /// The spelling of a place that a user would type: `FILE#KEY` for inputs, the path for the rest.
  private func nameOfPlace(_ path: ResultPath, below base: [ResultPath.Step]) -> String {
    let steps = path.steps
    guard base.isEmpty, steps.count > 2, steps[0] == .key("inputs"),
      case .position(let n) = steps[1],
      let file = self["inputs"]?[n]?["file"]?.text
    else { return path.description }
    return "\(file)#\(ResultPath(Array(steps.dropFirst(2))))"
  }

  /// Up to five keys of the document, those whose spelling is nearest to the last key of the path.
  private func nearest(to path: ResultPath, in keys: Set<String>) -> [String] {
    guard case .key(let wanted)? = path.steps.last else { return [] }
    let scored = keys.map { ($0, EditDistance.between(wanted, $0)) }
      .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
    let near = scored.filter { $0.1 <= max(2, wanted.count / 3) }
    return (near.isEmpty ? scored : near).prefix(5).map(\.0)
  }

  /// The field of an object, or the value, unit or uncertainty of a quantity.
  private func child(_ key: String) -> ResultValue? {
    guard case .quantity(let quantity) = self else { return self[key] }
    switch key {
    case "value": return quantity.value.map(ResultValue.number) ?? .null
    case "u": return quantity.u.map(ResultValue.number)
    case "unit": return .text(quantity.unit.ucum)
    case "source": return quantity.source.map(ResultValue.text)
    case "trace": return quantity.trace.map { .text($0.text) }
    default: return nil
    }
  }

  private var isTree: Bool {
    switch self {
    case .object, .list: true
    default: false
    }
  }

  /// What a selector compares with: the text, or the number as JSON writes it.
  private var plainText: String? {
    switch self {
    case .text(let text): text
    case .integer(let n): "\(n)"
    case .number(let x): "\(x)"
    case .flag(let flag): flag ? "true" : "false"
    default: nil
    }
  }
}
