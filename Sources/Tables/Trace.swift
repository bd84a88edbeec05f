/// The identity of a trace step, stable within one results file.
public struct TraceID: Hashable, Sendable, Comparable {
  /// The text, such as `t17`.
  public let text: String

  /// An identity from its text.
  public init(_ text: String) { self.text = text }

  /// The order of the texts' bytes.
  public static func < (a: TraceID, b: TraceID) -> Bool { a.text < b.text }
}

/// One step on the way of a number from bytes to the report.
public struct TraceStep: Hashable, Sendable, Codable {
  /// What the step does.
  public enum Kind: String, Hashable, Sendable, Codable {
    case read, convert, override, select, fit, compute, aggregate, simulate
  }

  /// A place in a file, with the hash of the whole file.
  public struct Source: Hashable, Sendable, Codable {
    /// The path as given on the command line.
    public var file: String
    /// SHA-256 of the file, lower-case hex.
    public var sha256: String
    /// Where in the file, in the words of ``Place``.
    public var place: String
    /// The byte ranges; empty where the place is no byte range.
    public var bytes: [Range<Int>]

    /// A source from its parts.
    public init(file: String, sha256: String, place: String, bytes: [Range<Int>]) {
      self.file = file
      self.sha256 = sha256
      self.place = place
      self.bytes = bytes
    }
  }

  /// The identity.
  public var id: TraceID
  /// What it does.
  public var kind: Kind
  /// One line for people.
  public var summary: String
  /// The steps it builds on.
  public var inputs: [TraceID]
  /// Parameters by name.
  public var parameters: ResultObject
  /// The rows used, inclusive.
  public var rows: ClosedRange<Int>?
  /// The file and place a `read` step reads.
  public var source: Source?
  /// The formula in words or symbols.
  public var formula: String?
  /// Where the formula stands: paper or standard.
  public var reference: String?
}

/// The graph of all steps of one run; ids are given in the order in which steps are added.
public struct TraceGraph: Sendable {
  /// The steps in order.
  public private(set) var steps: [TraceStep] = []
  /// What ids start with, so that graphs made side by side can be joined.
  private let prefix: String
  /// How far the steps of each prefix stand behind the numbers of their ids.
  private var offsets: [String: Int]

  /// An empty graph whose ids start with `prefix`.
  public init(prefix: String = "t") {
    self.prefix = prefix
    offsets = [prefix: 0]
  }

  /// Adds a step and gives its id.
  public mutating func add(
    _ kind: TraceStep.Kind, _ summary: String, inputs: [TraceID] = [],
    parameters: ResultObject = ResultObject(), rows: ClosedRange<Int>? = nil,
    source: TraceStep.Source? = nil, formula: String? = nil, reference: String? = nil
  ) -> TraceID {
    let id = TraceID("\(prefix)\(steps.count + 1)")
    steps.append(
      TraceStep(
        id: id, kind: kind, summary: summary, inputs: inputs, parameters: parameters, rows: rows,
        source: source, formula: formula, reference: reference))
    return id
  }

  /// The step of an id.
  public subscript(id: TraceID) -> TraceStep? {
    // An id is a prefix and a number, and a prefix may end in digits itself.
    var number = 0
    var factor = 1
    var rest = Substring(id.text)
    while let last = rest.last, let digit = last.wholeNumberValue, last.isASCII, factor < 1 << 50 {
      rest.removeLast()
      number += digit * factor
      factor *= 10
      if let offset = offsets[String(rest)], steps.indices.contains(offset + number - 1),
        steps[offset + number - 1].id == id
      {
        return steps[offset + number - 1]
      }
    }
    return nil
  }

  /// A graph of steps that exist already, such as those of a journal.
  public init(steps: [TraceStep]) {
    self.steps = steps
    prefix = "t"
    offsets = [:]
    for (place, step) in steps.enumerated() {
      let text = step.id.text
      let digits = text.reversed().prefix { $0.isASCII && $0.isNumber }.count
      let start = String(text.dropLast(digits))
      guard let number = Int(text.suffix(digits)), offsets[start] == nil else { continue }
      offsets[start] = place - (number - 1)
    }
  }

  /// Adds the steps of another graph, whose ids must start with another prefix.
  public mutating func join(_ other: TraceGraph) {
    for (prefix, offset) in other.offsets where offsets[prefix] == nil {
      offsets[prefix] = steps.count + offset
    }
    steps.append(contentsOf: other.steps)
  }
}
