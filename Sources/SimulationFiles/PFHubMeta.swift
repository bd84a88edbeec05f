public import Bytes
internal import Configuration
public import Reading
public import Tables
internal import Units

/// A record of PFHub, NIST's collection of phase-field benchmarks: what was run, and its data.
///
/// Inline values become tables; data behind a `url` are named and not fetched.
public enum PFHubMeta: FileFormat {
  /// `pfhub-meta`.
  public static let id = "pfhub-meta"
  /// One line for people.
  public static let title = "PFHub benchmark record (meta.yaml)"
  /// What it holds.
  public static let technique = Technique.simulation
  /// Extensions of YAML.
  public static let extensions = ["yaml", "yml"]
  /// How it is recognised.
  public static let recognisedBy = "the top-level keys benchmark (with id) and data"

  /// 95 for `benchmark` with `id`, `data` and `metadata`; 75 without the last.
  public static func recognise(_ file: FileHead) -> Recognition {
    let keys = YAMLText.keys(file)
    guard keys.contains("benchmark"), keys.contains("data") else { return .none }
    let hasId = keys.contains("benchmark.id")
    let hasMetadata = keys.contains("metadata")
    let score = hasId && hasMetadata ? 95 : hasId || hasMetadata ? 75 : 50
    return Recognition(
      score, ["the top-level keys benchmark, data" + (hasMetadata ? " and metadata" : "")])
  }

  /// Records may hold series, so that they may be longer than a configuration.
  private static let greatestSize = 16 << 20

  /// Reads the record.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let source = try YAMLText(bytes, into: &diagnostics)
    let root = try ConfigNode.parse(source.text, greatestSize: greatestSize)
    guard root.entries != nil, let data = root["data"] else {
      throw ReadFailure(
        "pfhub.no-data", at: root.place, found: "no key `data`",
        expected: "a PFHub record with benchmark, metadata and data")
    }
    var dataset = Dataset(format: id, technique: technique, tables: [])
    dataset.reading["encoding"] = source.encoding
    for entry in root.entries ?? [] where entry.key != "data" {
      for leaf in entry.value.leaves(under: entry.key) {
        dataset.keep(leaf.path, leaf.text, at: leaf.place)
      }
    }
    for key in ["id", "version"] where root["benchmark"]?[key]?.text?.isEmpty ?? true {
      diagnostics.warn(
        "pfhub.benchmark", at: root["benchmark"]?.place ?? root.place,
        found: "no benchmark.\(key)", expected: "the benchmark that was run, such as 1a, version 1")
    }
    if data.isEmpty {
      diagnostics.warn(
        "pfhub.no-series", at: data.place, found: "`data` is empty", expected: "a list of series")
    } else if data.elements == nil {
      throw ReadFailure(
        "pfhub.no-data", at: data.place, found: "`data` is no list",
        expected: "a list of series with `name` and `values` or `url`")
    }
    for (number, node) in (data.elements ?? []).enumerated() {
      read(node, number, &dataset, &diagnostics)
    }
    dataset.keep(source.comments)
    dataset.diagnostics = diagnostics.all
    if diagnostics.all.contains(where: { $0.code == "pfhub.values" }) { dataset.complete = false }
    return dataset
  }

  /// The keys of a series in PFHub's records.
  private static let known: Set = [
    "name", "values", "url", "format", "description", "type", "transform", "schema",
  ]

  private static func read(
    _ node: ConfigNode, _ number: Int, _ dataset: inout Dataset,
    _ diagnostics: inout DiagnosticList
  ) {
    guard let entries = node.entries else {
      diagnostics.warn(
        "pfhub.values", at: node.place, found: "data[\(number)] is no mapping",
        expected: "a series with `name` and `values` or `url`")
      return
    }
    let given = node["name"]?.text ?? ""
    let name = given.isEmpty ? "data_\(number + 1)" : given
    if given.isEmpty {
      diagnostics.warn(
        "pfhub.no-name", at: node.place, found: "data[\(number)] has no name",
        expected: "read as '\(name)'")
    }
    for entry in entries where entry.key != "values" && entry.key != "name" {
      if !known.contains(entry.key) {
        diagnostics.note(
          "pfhub.unknown-key", at: entry.place,
          found: "the key '\(entry.key)' of the series '\(name)'",
          expected: "none of PFHub's; it stands among the metadata")
      }
      if entry.key == "transform", let steps = entry.value.elements {
        // Vega: `as` is the new name of `expr` over the row `datum`.
        for step in steps {
          if let expression = step["expr"]?.text, let target = step["as"]?.text {
            dataset.keep("data.\(name).transform.\(target)", expression, at: step.place)
          } else {
            for leaf in step.leaves(under: "data.\(name).transform") {
              dataset.keep(leaf.path, leaf.text, at: leaf.place)
            }
          }
        }
        continue
      }
      for leaf in entry.value.leaves(under: "data.\(name).\(entry.key)") {
        dataset.keep(leaf.path, leaf.text, at: leaf.place)
      }
    }
    if let url = node["url"]?.text, !url.isEmpty {
      diagnostics.note(
        "pfhub.url", at: node["url"]?.place ?? node.place,
        found: "the series '\(name)' stands at \(url.prefix(200))",
        expected: "not followed: give the file itself")
    }
    guard let values = node["values"] else {
      if node["url"] == nil {
        diagnostics.warn(
          "pfhub.no-series", at: node.place, found: "the series '\(name)' has no values and no url",
          expected: "one of them")
      }
      return
    }
    if let table = PFHubSeries(name, values, &diagnostics).table { dataset.tables.append(table) }
  }
}
