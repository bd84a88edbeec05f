public import Tables

/// The answer to `why`: the chain behind any value of a results document.
///
/// A number with a trace of its own has its chain. One without (a count, a statistic, an option) has that
/// of the nearest object around it; beyond that, a value of an input leads to the file, one of the summary
/// to all files, and an option or a fact of the run says what it is.
public struct WhyAnswer: Sendable {
  /// What the chain belongs to.
  public enum Basis: String, Hashable, Sendable {
    /// The value itself.
    case value
    /// The object around it.
    case around
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
    var traces = ResultObject()
    if case .object(let known)? = document["traces"] { traces = known }
    var steps = place.steps
    var isOwn = true
    while !steps.isEmpty {
      if let id = Self.value(at: steps, in: document)?.traceID, traces[id] != nil {
        basis = isOwn ? .value : .around
        chain = TraceChain(from: id, in: .object(traces))
        return
      }
      isOwn = false
      steps.removeLast()
    }
    let inputs = Self.inputs(document)
    if case .key("inputs")? = place.steps.first, place.steps.count > 1,
      case .position(let n) = place.steps[1], inputs.indices.contains(n)
    {
      basis = .input
      chain = TraceChain(from: "input", in: .fields(["input": Self.step(of: inputs[n])]))
      return
    }
    var made = ResultObject()
    if case .key(let part)? = place.steps.first, part == "summary" || part == "inputs" {
      basis = .run
      for (n, input) in inputs.enumerated() { made["input-\(n + 1)"] = Self.step(of: input) }
      made["all"] = .fields([
        "kind": .text("aggregate"), "summary": .text("made from all inputs of the run"),
        "inputs": .list(inputs.indices.map { .text("input-\($0 + 1)") }),
      ])
    } else {
      basis = .given
      made["all"] = .fields([
        "kind": .text("override"),
        "summary": .text("an option, a default, or a fact of the run itself; no file is behind it"),
        "inputs": .list([]),
      ])
    }
    chain = TraceChain(from: "all", in: .object(made))
  }

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

  private static func value(
    at steps: [ResultPath.Step], in document: ResultValue
  ) -> ResultValue? {
    var value: ResultValue? = document
    for step in steps {
      switch step {
      case .key(let key): value = value?[key]
      case .position(let n): value = value?[n]
      case .element: return nil
      }
    }
    return value
  }
}
