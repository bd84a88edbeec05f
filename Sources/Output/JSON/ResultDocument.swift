public import Tables

/// What became of one input: an element of `inputs[]`.
public struct InputReport: Sendable, Codable {
  /// The path as given on the command line, or relative to the directory given.
  public var file: String
  /// The bytes of the path where they are no UTF-8; nil otherwise.
  public var fileBytes: [UInt8]?
  /// The hash of the content, lower-case hex; nil where the file could not be read.
  public var sha256: String?
  /// The size in bytes; nil where the file could not be read.
  public var bytes: Int?
  /// The id of the format; nil where none was recognised.
  public var format: String?
  /// False where rows, columns, tables or metadata were lost.
  public var complete: Bool
  /// What reading and analysis had to say.
  public var diagnostics: [Diagnostic]
  /// What else is printed, in order: `detection`, `tables`, `metadata`, `result`, `provenance`.
  public var fields: ResultObject

  /// A report from its parts.
  public init(
    file: String, fileBytes: [UInt8]? = nil, sha256: String? = nil, bytes: Int? = nil,
    format: String? = nil, complete: Bool = true, diagnostics: [Diagnostic] = [],
    fields: ResultObject = ResultObject()
  ) {
    self.file = file
    self.fileBytes = fileBytes
    self.sha256 = sha256
    self.bytes = bytes
    self.format = format
    self.complete = complete
    self.diagnostics = diagnostics
    self.fields = fields
  }

  /// How an input ended.
  public enum Status: String, Sendable { case ok, warning, error }

  /// The worst of the diagnostics; notes count for nothing.
  public var status: Status {
    switch diagnostics.map(\.severity).max() {
    case .error: .error
    case .warning: .warning
    default: .ok
    }
  }

  /// The JSON object of the input; a failed one never carries a `result`.
  public var result: ResultValue {
    var object = ResultObject()
    object["file"] = .text(file)
    if let fileBytes {
      object["file_bytes"] = .text(
        fileBytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
    }
    object["sha256"] = sha256.map(ResultValue.text) ?? .null
    object["bytes"] = bytes.map(ResultValue.integer) ?? .null
    object["format"] = format.map(ResultValue.text) ?? .null
    object["status"] = .text(status.rawValue)
    object["complete"] = .flag(complete && status != .error)
    object["diagnostics"] = .list(diagnostics.map(\.result))
    for field in fields.fields where !(status == .error && field.key == "result") {
      object[field.key] = field.value
    }
    return .object(object)
  }
}

/// A file of a folder that no format claims: an element of `skipped[]`.
public struct SkippedFile: Hashable, Sendable {
  /// The path relative to the directory given.
  public var file: String
  /// What the content looks like, such as `PNG image`.
  public var looksLike: String
  /// Why it was not read.
  public var reason: String

  /// A skipped file from its parts.
  public init(file: String, looksLike: String, reason: String) {
    self.file = file
    self.looksLike = looksLike
    self.reason = reason
  }

  /// The JSON object.
  public var result: ResultValue {
    .fields(["file": .text(file), "looks_like": .text(looksLike), "reason": .text(reason)])
  }
}

/// The whole document that a command prints, and that stands in `results.json`.
public struct ResultDocument: Sendable {
  /// The version of the JSON layout.
  public static let schema = 1

  /// The version of Interphase.
  public var version: String
  /// The command, such as `afm`.
  public var command: String
  /// What may differ between two runs on the same inputs: `started`, `elapsed_s`, `host`, `from_journal`.
  public var run: ResultObject
  /// Fields between `run` and `inputs`, such as `provenance` with the resolved options.
  public var fields: ResultObject
  /// The inputs, in path order.
  public var inputs: [InputReport]
  /// Files of a folder that were not read.
  public var skipped: [SkippedFile]
  /// What holds for all inputs together.
  public var summary: ResultObject
  /// The steps behind the numbers.
  public var traces: TraceGraph
  /// Adds to an input's report what is made only when it is written: long series, of which a batch need
  /// not hold all at once.
  public var completes: (@Sendable (_ position: Int, _ report: InputReport) -> InputReport)?

  /// A document from its parts.
  public init(
    version: String, command: String, run: ResultObject = ResultObject(),
    fields: ResultObject = ResultObject(), inputs: [InputReport] = [],
    skipped: [SkippedFile] = [], summary: ResultObject = ResultObject(),
    traces: TraceGraph = TraceGraph()
  ) {
    self.version = version
    self.command = command
    self.run = run
    self.fields = fields
    self.inputs = inputs
    self.skipped = skipped
    self.summary = summary
    self.traces = traces
  }

  /// The document as a tree; `traces` is absent where no step was recorded.
  public var result: ResultValue {
    var object = head
    object["inputs"] = .list(inputs.indices.map { complete($0).result })
    object["skipped"] = .list(skipped.map(\.result))
    object["summary"] = .object(summary)
    if !traces.steps.isEmpty { object["traces"] = traces.result }
    return .object(object)
  }

  /// The report of an input with all that is written of it.
  func complete(_ position: Int) -> InputReport {
    completes?(position, inputs[position]) ?? inputs[position]
  }

  /// The fields before `inputs`.
  private var head: ResultObject {
    var object = ResultObject()
    object["interphase"] = .text(version)
    object["schema"] = .integer(Self.schema)
    object["command"] = .text(command)
    object["run"] = .object(run)
    for field in fields.fields { object[field.key] = field.value }
    return object
  }

  /// The bytes of `results.json`, and of stdout with `--json`.
  ///
  /// Those of ``result``, without making all of it at once.
  public var json: [UInt8] {
    var all: [UInt8] = []
    json { all += $0 }
    return all
  }

  /// The same in pieces, so that a large document never stands in memory as a whole.
  public func json(_ put: ([UInt8]) -> Void) {
    var stream = JSONStream(pretty: true)
    func flush(over size: Int) {
      guard stream.out.bytes.count > size else { return }
      put(stream.out.bytes)
      stream.out.bytes.removeAll(keepingCapacity: true)
    }
    stream.out.bytes.reserveCapacity(1 << 17)
    stream.out.add(UInt8(ascii: "{"))
    var isFirst = true
    func begin(_ key: String) {
      if !isFirst { stream.out.add(UInt8(ascii: ",")) }
      isFirst = false
      stream.newline(1)
      stream.key(key)
    }
    func list<Item>(_ key: String, _ items: [Item], _ value: (Item) -> ResultValue) {
      begin(key)
      guard !items.isEmpty else { return stream.out.add("[]" as StaticString) }
      stream.out.add(UInt8(ascii: "["))
      for (n, item) in items.enumerated() {
        if n > 0 { stream.out.add(UInt8(ascii: ",")) }
        stream.newline(2)
        stream.write(value(item), depth: 2)
        flush(over: 1 << 16)
      }
      stream.newline(1)
      stream.out.add(UInt8(ascii: "]"))
    }
    for field in head.fields {
      begin(field.key)
      stream.write(field.value, depth: 1)
    }
    list("inputs", Array(inputs.indices)) { complete($0).result }
    list("skipped", skipped) { $0.result }
    begin("summary")
    stream.write(.object(summary), depth: 1)
    if !traces.steps.isEmpty {
      begin("traces")
      for (n, step) in traces.steps.enumerated() {
        stream.out.add(n > 0 ? UInt8(ascii: ",") : UInt8(ascii: "{"))
        stream.newline(2)
        stream.key(step.id.text)
        stream.write(step.result, depth: 2)
        flush(over: 1 << 16)
      }
      stream.newline(1)
      stream.out.add(UInt8(ascii: "}"))
    }
    stream.out.add("\n}\n" as StaticString)
    flush(over: 0)
  }
}
