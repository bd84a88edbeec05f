public import Tables
internal import Units

/// What became of a file that a trace ends in.
public enum SourceCheck: String, Hashable, Sendable {
  /// The file has the hash that the trace names.
  case unchanged = "OK"
  /// The file is there with another content.
  case changed = "CHANGED"
  /// The file is not there, or cannot be read.
  case missing = "MISSING"
}

/// The way of one number back to the bytes it came from, taken from a results document.
public struct TraceChain: Sendable {
  /// A step with its distance from the number.
  public struct Line: Sendable {
    /// How many steps lie between this one and the number.
    public var depth: Int
    /// The id, such as `t17`.
    public var id: String
    /// The step; nil where the document lacks it.
    public var step: ResultValue?
    /// Whether the step stands in full on an earlier line.
    public var isRepeated: Bool
  }

  /// The steps from the number down, each before those it was made from.
  public private(set) var lines: [Line] = []
  private let traces: ResultValue

  /// The chain of a trace.
  ///
  /// - Parameters:
  ///   - trace: the id that stands beside the number.
  ///   - traces: the `traces` object of the document. It may come from a file: steps that are missing,
  ///     repeat or form a circle are shown as such.
  public init(from trace: String, in traces: ResultValue) {
    self.traces = traces
    var seen: Set<String> = []
    var waiting = [(id: trace, depth: 0)]
    while let (id, depth) = waiting.popLast() {
      let step = traces[id]
      let isNew = seen.insert(id).inserted
      lines.append(Line(depth: depth, id: id, step: step, isRepeated: !isNew))
      guard isNew, depth < 1000, case .list(let inputs)? = step?["inputs"] else { continue }
      for input in inputs.reversed() {
        if let id = input.text { waiting.append((id, depth + 1)) }
      }
    }
  }

  /// The chain as indented text, one step a line, each source with what became of it.
  ///
  /// - Parameters:
  ///   - key: the number as it is named, for the first line.
  ///   - value: the number.
  ///   - check: compares a file with the hash that the trace names for it.
  public func text(
    key: String, value: ResultValue, check: (_ file: String, _ sha256: String) -> SourceCheck
  ) -> String {
    var text = "\(escapedControls(key)) = \(Self.words(value))\n"
    for line in lines {
      let indent = String(repeating: "  ", count: min(line.depth, 40) + 1)
      guard let step = line.step else {
        text += "\(indent)\(escapedControls(line.id))  (step missing from the document)\n"
        continue
      }
      let kind = step["kind"]?.text ?? "step"
      var words = Self.description(step)
      if line.isRepeated { words += "  (\(line.id), shown above)" }
      text += indent + padded(escapedControls(kind)) + escapedControls(words) + "\n"
      if !line.isRepeated, let source = step["source"] {
        text += "\(indent)  \(Self.place(source))  \(Self.check(source, check).rawValue)\n"
      }
    }
    return text
  }

  /// The chain as JSON: the number, the steps by id, and each file with what became of it.
  public func json(
    key: String, value: ResultValue, check: (_ file: String, _ sha256: String) -> SourceCheck
  ) -> ResultValue {
    var steps = ResultObject()
    var sources: [ResultValue] = []
    for line in lines where !line.isRepeated {
      steps[line.id] = line.step ?? .null
      guard case .object(var source)? = line.step?["source"] else { continue }
      source["step"] = .text(line.id)
      source["status"] = .text(Self.check(.object(source), check).rawValue)
      sources.append(.object(source))
    }
    return .fields([
      "key": .text(key), "value": value, "trace": .text(lines.first?.id ?? ""),
      "steps": .object(steps), "sources": .list(sources),
    ])
  }

  /// Whether every source is as it was, and no step is missing.
  public func isWhole(check: (_ file: String, _ sha256: String) -> SourceCheck) -> Bool {
    lines.allSatisfy { line in
      guard let step = line.step else { return false }
      return step["source"].map { Self.check($0, check) == .unchanged } ?? true
    }
  }

  private static func check(
    _ source: ResultValue, _ check: (String, String) -> SourceCheck
  ) -> SourceCheck {
    guard let file = source["file"]?.text, let hash = source["sha256"]?.text else {
      return .missing
    }
    return check(file, hash)
  }

  /// The words of a step: summary, formula, parameters, rows, reference.
  private static func description(_ step: ResultValue) -> String {
    var words = step["summary"]?.text ?? ""
    if let formula = step["formula"]?.text { words += (words.isEmpty ? "" : ": ") + formula }
    if case .object(let parameters)? = step["parameters"] {
      for key in parameters.keys {
        words += "; \(key) = \(Self.words(parameters[key] ?? .null))"
      }
    }
    if case .list(let rows)? = step["rows"], case .integer(let low)? = rows.first,
      case .integer(let high)? = rows.last
    {
      words += "; rows \(low)–\(high)"
    }
    if let reference = step["reference"]?.text { words += " [\(reference)]" }
    return words
  }

  /// `FILE bytes A–B (sha256 …)`.
  private static func place(_ source: ResultValue) -> String {
    let file = escapedControls(source["file"]?.text ?? "?")
    var text = file
    var ranges: [String] = []
    if case .list(let list)? = source["bytes"] {
      for case .list(let range) in list {
        if case .integer(let low)? = range.first, case .integer(let high)? = range.last {
          ranges.append("\(low)–\(high)")
        }
      }
    }
    if !ranges.isEmpty {
      text += " bytes " + ranges.prefix(4).joined(separator: ", ")
      if ranges.count > 4 { text += " and \(ranges.count - 4) more ranges" }
    } else if let place = source["place"]?.text, place != "-" {
      text += " " + escapedControls(place)
    }
    let hash = source["sha256"]?.text ?? ""
    return text + " (sha256 \(escapedControls(String(hash.prefix(12))))…)"
  }

  /// A value as people read it; a quantity also where it is still an object of a parsed document.
  public static func words(_ value: ResultValue) -> String {
    switch value {
    case .null: return "no value"
    case .flag(let flag): return flag ? "yes" : "no"
    case .integer(let n): return "\(n)"
    case .number(let x): return PeopleText.number(x)
    case .text(let text): return escapedControls(text)
    case .quantity(let quantity):
      return PeopleText.quantity(quantity) + (quantity.source.map { " (\($0))" } ?? "")
    case .object(let object):
      if let unit = object["unit"]?.text, let number = object["value"] {
        let text = PeopleText.value(number.plainNumber, u: object["u"]?.plainNumber)
        let shown = PeopleText.unit(unit)
        let bracketed = text.contains("±") && !shown.isEmpty && !text.hasPrefix("(")
        let source = object["source"]?.text.map { " (\(escapedControls($0)))" } ?? ""
        return (bracketed ? "(\(text))" : text) + (shown.isEmpty ? "" : " \(shown)") + source
      }
      return escapedControls(String(decoding: JSONWriter.line(value), as: UTF8.self))
    case .list: return escapedControls(String(decoding: JSONWriter.line(value), as: UTF8.self))
    }
  }

  private func padded(_ kind: String) -> String {
    kind + String(repeating: " ", count: max(2, 10 - kind.utf8.count))
  }
}

extension ResultValue {
  /// The trace id beside a number; nil where there is none.
  public var traceID: String? {
    if case .quantity(let quantity) = self { return quantity.trace?.text }
    return self["trace"]?.text
  }

  /// The number of a plain value.
  var plainNumber: Double? {
    switch self {
    case .number(let x): x
    case .integer(let n): Double(n)
    default: nil
    }
  }
}

/// Text with every control character and direction mark as `\u{..}`, safe for a terminal.
public func escapedControls(_ text: String) -> String {
  guard text.unicodeScalars.contains(where: \.isControlOrMark) else { return text }
  var out = ""
  for scalar in text.unicodeScalars {
    if scalar.isControlOrMark {
      out += "\\u{\(String(scalar.value, radix: 16))}"
    } else {
      out.unicodeScalars.append(scalar)
    }
  }
  return out
}
