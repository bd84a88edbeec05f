public import Bytes
public import Tables

/// Whether every number of a results document, and of the report beside it, leads to what it was made from.
public struct WhyAudit: Sendable {
  /// A file that steps end in, with the hash they name.
  public struct Source: Hashable, Sendable {
    /// The path.
    public var file: String
    /// The hash, lower-case hex.
    public var sha256: String
  }

  /// How many numbers the document holds.
  public private(set) var numbers = 0
  /// How many of them lead to what.
  public private(set) var bases: [WhyAnswer.Basis: Int] = [:]
  /// How many numbers the report shows; nil without a report.
  public private(set) var shown: Int?
  /// What leads nowhere, and why.
  public private(set) var unresolved: [String] = []
  /// The files behind the numbers, in the order of the document.
  public private(set) var sources: [Source] = []

  private var known: Set<String> = []
  private var files: Set<Source> = []

  /// Asks for every number of a document.
  ///
  /// - Parameters:
  ///   - document: what `results.json` holds.
  ///   - report: the bytes of `report.html`; nil where there is none.
  public init(_ document: ResultValue, report: ByteView? = nil) {
    var inputs: [ResultValue] = []
    if case .list(let list)? = document["inputs"] { inputs = list }
    for input in inputs { add(file: input) }
    for place in Self.places(document) {
      numbers += 1
      ask(for: place, in: document, inputs: inputs)
    }
    if let report { read(report, document, inputs: inputs.count) }
  }

  /// The places of all numbers; the steps of traces are what they lead to.
  public static func places(_ document: ResultValue) -> [ResultPath] {
    var found: [ResultPath] = []
    var open: [(value: ResultValue, path: [ResultPath.Step])] = [(document, [])]
    while let (value, path) = open.popLast() {
      switch value {
      case .number, .integer, .quantity: found.append(ResultPath(path))
      case .list(let list):
        for (n, element) in list.enumerated().reversed() {
          open.append((element, path + [.position(n)]))
        }
      case .object(let object):
        for field in object.fields.reversed() where !path.isEmpty || field.key != "traces" {
          open.append((field.value, path + [.key(field.key)]))
        }
      default: break
      }
    }
    return found
  }

  private mutating func ask(
    for place: ResultPath, in document: ResultValue, inputs: [ResultValue]
  ) {
    guard (try? document.find(place.pointer))?.path == place else {
      unresolved.append("\(place.pointer): no key of its own")
      return
    }
    let owner = WhyAnswer.owner(of: place, in: document)
    bases[owner.basis, default: 0] += 1
    if let id = owner.id { walk(id, document["traces"], from: place.pointer) }
  }

  /// Follows the steps behind an id; each is looked at once.
  private mutating func walk(_ id: String, _ traces: ResultValue?, from place: String) {
    var open = [id]
    while let id = open.popLast() {
      guard known.insert(id).inserted else { continue }
      guard let step = traces?[id] else {
        unresolved.append("\(place): step \(id) is missing")
        continue
      }
      if let source = step["source"] { add(file: source) }
      var inputs: [String] = []
      if case .list(let list)? = step["inputs"] { inputs = list.compactMap { $0.text } }
      let isGiven = step["kind"]?.text == TraceStep.Kind.override.rawValue
      if inputs.isEmpty, step["source"] == nil, step["parameters"] == nil, !isGiven {
        unresolved.append("\(place): step \(id) is made from nothing")
      }
      open += inputs.reversed()
    }
  }

  private mutating func add(file: ResultValue) {
    guard let name = file["file"]?.text, let hash = file["sha256"]?.text else { return }
    let source = Source(file: name, sha256: hash)
    if files.insert(source).inserted { sources.append(source) }
  }

  /// Looks for the numbers of a report: links of the class `q`, and those without a link.
  private mutating func read(_ report: ByteView, _ document: ResultValue, inputs: Int) {
    let text = String(decoding: report.array, as: UTF8.self)
    var count = 0
    var rest = Substring(text)
    while let mark = rest.range(of: "class=\"q\"") {
      rest = rest[mark.upperBound...]
      count += 1
      guard rest.hasPrefix(" href=\"#"), let end = rest.dropFirst(8).firstIndex(of: "\"") else {
        unresolved.append("report.html: \(rest.dropFirst().prefix { $0 != "<" }) leads nowhere")
        continue
      }
      let id = String(rest.dropFirst(8)[..<end])
      if id == "inputs" || id == "provenance" { continue }
      if id.hasPrefix("in-"), let n = Int(id.dropFirst(3)), (1...max(1, inputs)).contains(n) {
        continue
      }
      walk(id, document["traces"], from: "report.html")
    }
    shown = count
  }
}

extension Substring {
  /// Where a text first stands; a search without Foundation.
  fileprivate func range(of text: StaticString) -> Range<Index>? {
    let wanted = Array(String(describing: text).utf8)
    guard let first = wanted.first else { return nil }
    var from = startIndex
    while let start = utf8[from...].firstIndex(of: first) {
      if utf8[start...].starts(with: wanted) {
        return start..<utf8.index(start, offsetBy: wanted.count)
      }
      from = utf8.index(after: start)
    }
    return nil
  }
}
