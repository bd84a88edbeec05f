public import Tables

/// The answer to `why`: the chain behind any value of a results document.
///
/// A number with a trace of its own has its chain. One without (a count, a statistic) has that of the
/// nearest object around it, or of a number beside it that was found together with it; beyond that, a value of an input leads to the file, one of the summary
/// to all files, and an option or a fact of the run says what it is.
public struct WhyAnswer: Sendable {
  /// What the chain belongs to.
  public enum Basis: String, Hashable, Sendable {
    /// The value itself.
    case value
    /// The object around it.
    case around
    /// A number beside it.
    case beside
    /// The input that it was found in.
    case input
    /// All inputs of the run.
    case run
    /// What the user or the defaults say; no file is behind it.
    case given
  }

  /// What the chain belongs to.
  public var basis: Basis
  /// The chain.
  public var chain: TraceChain

  /// The chain behind a place of a document.
  public init(_ place: ResultPath, in document: ResultValue) {
    let owner = Self.owner(of: place, in: document)
    basis = owner.basis
    if let id = owner.id {
      guard let neighbour = owner.neighbour else {
        chain = TraceChain(from: id, in: document["traces"] ?? .null)
        return
      }
      var traces = ResultObject()
      if case .object(let known)? = document["traces"] { traces = known }
      traces["beside"] = .fields([
        "kind": .text("compute"), "summary": .text("found together with \(neighbour)"),
        "inputs": .list([.text(id)]),
      ])
      chain = TraceChain(from: "beside", in: .object(traces))
      return
    }
    let inputs = Self.inputs(document)
    if basis == .input, case .position(let n) = place.steps[1] {
      chain = TraceChain(from: "input", in: .fields(["input": Self.step(of: inputs[n])]))
      return
    }
    var made = ResultObject()
    if basis == .run {
      for (n, input) in inputs.enumerated() { made["input-\(n + 1)"] = Self.step(of: input) }
      made["all"] = .fields([
        "kind": .text("aggregate"), "summary": .text("made from all inputs of the run"),
        "inputs": .list(inputs.indices.map { .text("input-\($0 + 1)") }),
      ])
    } else {
      made["all"] = .fields([
        "kind": .text("override"),
        "summary": .text(
          owner.giver.map { "given: \($0)" }
            ?? "an option, a default, or a fact of the run itself; no file is behind it"),
        "inputs": .list([]),
      ])
    }
    chain = TraceChain(from: "all", in: .object(made))
  }

  /// What a place belongs to.
  struct Owner {
    var basis: Basis
    /// The id of the step behind it; nil where no step is.
    var id: String?
    /// The number beside it that the step made.
    var neighbour: ResultPath?
    /// Who gave it.
    var giver: String?
  }

  /// What a place belongs to.
  static func owner(of place: ResultPath, in document: ResultValue) -> Owner {
    let traces = document["traces"]
    var steps = place.steps
    var values: [ResultValue] = []
    var at: ResultValue? = document
    for step in steps {
      switch step {
      case .key(let key): at = at?[key]
      case .position(let n): at = at?[n]
      case .element: at = nil
      }
      values.append(at ?? .null)
    }
    while let value = values.last {
      if let id = value.traceID, traces?[id] != nil {
        // A quantity of a parsed document is an object, and its number a part of it.
        let isOwn =
          steps.count == place.steps.count
          || (steps.count == place.steps.count - 1 && value["unit"] != nil)
        return Owner(basis: isOwn ? .value : .around, id: id)
      }
      // A parameter says itself where it comes from.
      if let giver = value["source"]?.text, givers.contains(where: { giver.hasPrefix($0) }) {
        return Owner(basis: .given, giver: giver)
      }
      values.removeLast()
      steps.removeLast()
      guard case .object(let object)? = values.last, steps.count > 2 else { continue }
      for field in object.fields {
        if let id = field.value.traceID, traces?[id] != nil {
          return Owner(
            basis: .beside, id: id, neighbour: ResultPath(steps + [.key(field.key)]))
        }
      }
    }
    guard case .key(let part)? = place.steps.first, part == "summary" || part == "inputs" else {
      return Owner(basis: .given)
    }
    if part == "inputs", place.steps.count > 1, case .position(let n) = place.steps[1],
      inputs(document).indices.contains(n)
    {
      return Owner(basis: .input)
    }
    return Owner(basis: .run)
  }

  /// What the source of a number starts with that no file is behind.
  private static let givers = [
    "option", "default", "study", "config", "override", "flag", "--", "user", "growth",
  ]

  private static func inputs(_ document: ResultValue) -> [ResultValue] {
    guard case .list(let inputs)? = document["inputs"] else { return [] }
    return inputs
  }

  /// The step of a value that was found while an input was read and analyzed.
  private static func step(of input: ResultValue) -> ResultValue {
    var fields = ResultObject()
    fields["kind"] = .text("read")
    fields["summary"] = .text(
      "found while the file was read as \(input["format"]?.text ?? "an unknown format") and analyzed"
    )
    fields["inputs"] = .list([])
    if let file = input["file"]?.text, let hash = input["sha256"]?.text {
      var source = ResultObject()
      source["file"] = .text(file)
      source["sha256"] = .text(hash)
      source["place"] = .text("-")
      if case .integer(let n)? = input["bytes"], n > 0 {
        source["bytes"] = .list([.list([.integer(0), .integer(n - 1)])])
      }
      fields["source"] = .object(source)
    }
    return .object(fields)
  }
}
