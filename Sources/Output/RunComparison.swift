public import Tables
internal import Units

/// What changed from one results document to another: version, options, inputs, numbers.
public struct RunComparison: Sendable {
  /// A fact that is another one now; nil where a document lacks it.
  public struct Change: Hashable, Sendable {
    /// What it is: the dotted name of an option, the path of an input.
    public var key: String
    /// The fact in words, in the first and in the second document.
    public var before: String?, after: String?
  }

  /// A number that is another one now.
  public struct NumberChange: Hashable, Sendable {
    /// The path of the number: `FILE#result.key` or `summary.key`.
    public var key: String
    /// The numbers and their unit; nil where a document lacks the number.
    public var before: Double?, after: Double?
    /// The unit, UCUM.
    public var unit: String
    /// The difference over the standard uncertainty; nil where neither document has one above 0.
    public var inUncertainties: Double?
  }

  /// Version, schema and command, where they differ.
  public private(set) var program: [Change] = []
  /// Options that differ.
  public private(set) var options: [Change] = []
  /// Inputs that are new, gone, of another content or of another status.
  public private(set) var inputs: [Change] = []
  /// Numbers that differ, those with the most uncertainties between them first.
  public private(set) var numbers: [NumberChange] = []
  /// How many numbers both documents have in common.
  public private(set) var compared = 0

  /// Whether nothing differs.
  public var isSame: Bool {
    program.isEmpty && options.isEmpty && inputs.isEmpty && numbers.isEmpty
  }

  /// Compares two documents; what belongs to one run only (`run`, `traces`) is left out.
  public init(_ a: ResultValue, _ b: ResultValue) {
    for key in ["interphase", "schema", "command"] where a[key] != b[key] {
      program.append(Change(key: key, before: Self.words(a[key]), after: Self.words(b[key])))
    }
    options = Self.changes(
      Self.leaves(a["provenance"]?["options"]), Self.leaves(b["provenance"]?["options"]))
    compareInputs(Self.inputs(a), Self.inputs(b))
    compareNumbers(Self.numbers(a), Self.numbers(b))
  }

  private struct Number {
    var value: Double?
    var unit: String
    var u: Double?
  }

  /// The last part of every path that is no result.
  private static let passedOver: Set<String> = ["trace", "sha256", "bytes", "u", "interval"]

  private static func inputs(_ document: ResultValue) -> [(key: String, value: ResultValue)] {
    guard case .list(let list)? = document["inputs"] else { return [] }
    return list.map { ($0["file"]?.text ?? "-", $0) }
  }

  private mutating func compareInputs(
    _ a: [(key: String, value: ResultValue)], _ b: [(key: String, value: ResultValue)]
  ) {
    func facts(_ list: [(key: String, value: ResultValue)]) -> [(String, String)] {
      list.map { key, value in
        let status = value["status"]?.text ?? "none"
        let hash = value["sha256"]?.text.map { "sha256 \($0.prefix(12))…" } ?? "not read"
        return (key, "\(status), \(hash)")
      }
    }
    inputs = Self.changes(facts(a), facts(b))
  }

  /// Facts by their names that differ, in the order of the first list, then of the second.
  private static func changes(_ a: [(String, String)], _ b: [(String, String)]) -> [Change] {
    let (before, after) = (
      Dictionary(a) { first, _ in first }, Dictionary(b) { first, _ in first }
    )
    return a.filter { after[$0.0] != $0.1 }.map {
      Change(key: $0.0, before: $0.1, after: after[$0.0])
    } + b.filter { before[$0.0] == nil }.map { Change(key: $0.0, before: nil, after: $0.1) }
  }

  private mutating func compareNumbers(_ a: [(String, Number)], _ b: [(String, Number)]) {
    let after = Dictionary(b) { first, _ in first }
    var known: Set<String> = []
    for (key, x) in a where known.insert(key).inserted {
      guard let y = after[key] else {
        numbers.append(
          NumberChange(key: key, before: x.value, after: nil, unit: x.unit, inUncertainties: nil))
        continue
      }
      compared += 1
      guard x.value != y.value || x.unit != y.unit else { continue }
      var ratio: Double?
      let u = max(x.u ?? 0, y.u ?? 0)
      if u > 0, x.unit == y.unit, let p = x.value, let q = y.value { ratio = (q - p) / u }
      numbers.append(
        NumberChange(
          key: key, before: x.value, after: y.value,
          unit: x.unit == y.unit ? x.unit : "\(x.unit) → \(y.unit)", inUncertainties: ratio))
    }
    for (key, y) in b where known.insert(key).inserted {
      numbers.append(
        NumberChange(key: key, before: nil, after: y.value, unit: y.unit, inUncertainties: nil))
    }
    let order = numbers.enumerated().sorted { x, y in
      let (p, q) = (
        x.element.inUncertainties?.magnitude ?? -1, y.element.inUncertainties?.magnitude ?? -1
      )
      return p == q ? x.offset < y.offset : p > q
    }
    numbers = order.map(\.element)
  }

  /// All numbers of the results and the summary, by path.
  private static func numbers(_ document: ResultValue) -> [(String, Number)] {
    var found: [(String, Number)] = []
    for (file, input) in inputs(document) {
      walk(input["result"] ?? .null, "\(file)#result", &found)
    }
    walk(document["summary"] ?? .null, "summary", &found)
    return found
  }

  private static func walk(
    _ root: ResultValue, _ path: String, _ found: inout [(String, Number)]
  ) {
    var open = [(value: root, path: path)]
    while let (value, path) = open.popLast() {
      switch value {
      case .number, .integer:
        found.append((path, Number(value: value.plainNumber, unit: "1", u: nil)))
      case .quantity(let q): found.append((path, Number(value: q.value, unit: q.unit.ucum, u: q.u)))
      case .list(let list):
        for (i, element) in list.enumerated().reversed() {
          // What has a name is compared with what has the same name.
          let name = ["sample", "file", "label", "name"].lazy.compactMap { key in
            element[key]?.text.map { "\(key)=\($0)" }
          }.first
          open.append((element, "\(path)[\(name ?? "\(i)")]"))
        }
      case .object(let object):
        if let unit = object["unit"]?.text, let number = object["value"] {
          found.append(
            (
              path,
              Number(value: number.plainNumber, unit: unit, u: object["u"]?.plainNumber)
            ))
        } else {
          for key in object.keys.reversed() where !passedOver.contains(key) {
            open.append((object[key] ?? .null, "\(path).\(key)"))
          }
        }
      default: break
      }
    }
  }

  private static func leaves(_ value: ResultValue?) -> [(String, String)] {
    var found: [(String, String)] = []
    var open = [(value: value ?? .null, path: "")]
    while let (value, path) = open.popLast() {
      if case .object(let object) = value, object["unit"] == nil || object["value"] == nil {
        for key in object.keys.reversed() {
          open.append((object[key] ?? .null, path.isEmpty ? key : "\(path).\(key)"))
        }
      } else if value != .null {
        found.append((path, TraceChain.words(value)))
      }
    }
    return found
  }

  private static func words(_ value: ResultValue?) -> String? { value.map(TraceChain.words) }
}

extension RunComparison {
  /// The comparison as JSON.
  public var result: ResultValue {
    func list(_ changes: [Change]) -> ResultValue {
      .list(
        changes.map {
          .fields([
            "key": .text($0.key), "before": $0.before.map { .text($0) } ?? .null,
            "after": $0.after.map { .text($0) } ?? .null,
          ])
        })
    }
    return .fields([
      "same": .flag(isSame), "program": list(program), "options": list(options),
      "inputs": list(inputs), "compared": .integer(compared),
      "numbers": .list(
        numbers.map {
          .fields([
            "key": .text($0.key), "before": $0.before.map { .number($0) } ?? .null,
            "after": $0.after.map { .number($0) } ?? .null, "unit": .text($0.unit),
            "difference_in_u": $0.inUncertainties.map { .number($0) } ?? .null,
          ])
        }),
    ])
  }

  /// The comparison in words, at most `most` numbers of it.
  public func text(most: Int = 50) -> String {
    var lines: [String] = []
    func add(_ title: String, _ changes: [Change]) {
      guard !changes.isEmpty else { return }
      lines.append(title)
      for change in changes {
        lines.append(
          escapedControls(
            "  \(change.key): \(change.before ?? "not there") → \(change.after ?? "not there")"))
      }
    }
    add("program", program)
    add("options", options)
    add("inputs", inputs)
    if !numbers.isEmpty {
      lines.append("numbers")
      for change in numbers.prefix(most) {
        func shown(_ x: Double?) -> String { x.map { PeopleText.number($0) } ?? "not there" }
        let far = change.inUncertainties.map { "  (\(PeopleText.number($0)) u)" } ?? ""
        let unit = change.unit == "1" ? "" : " \(change.unit)"
        lines.append(
          escapedControls(
            "  \(change.key): \(shown(change.before)) → \(shown(change.after))\(unit)\(far)"))
      }
      if numbers.count > most { lines.append("  and \(numbers.count - most) more (--json)") }
    }
    lines.append(
      isSame
        ? "no difference in \(compared) numbers"
        : "\(numbers.count) of \(compared) numbers in common or new differ")
    return lines.joined(separator: "\n")
  }
}
