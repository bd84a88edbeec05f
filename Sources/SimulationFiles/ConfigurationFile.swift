public import Bytes
internal import Configuration
public import Reading
public import Tables

/// A configuration of `plate`, `delaminate` or `sweep`: what it sets, with the lines.
///
/// Reading it here checks the YAML only; the command itself checks keys, units and ranges.
public enum ConfigurationFile: FileFormat {
  /// `config-yaml`.
  public static let id = "config-yaml"
  /// One line for people.
  public static let title = "Configuration of plate, delaminate or sweep"
  /// What it is for.
  public static let technique = Technique.simulation
  /// Extensions of YAML.
  public static let extensions = ["yaml", "yml"]
  /// How it is recognised.
  public static let recognisedBy = "a top-level mapping film or sweep"

  private static let known: [String] = [
    "metal", "film", "cases", "solver", "surface", "domain", "kinetics", "stop", "numerics", "line",
    "load", "geometry", "interface", "mesh", "loading", "sweep",
  ]

  /// 85 for `film:` or `sweep:` with keys below, 60 for two other keys of a configuration.
  public static func recognise(_ file: FileHead) -> Recognition {
    let keys = YAMLText.keys(file)
    guard !keys.contains("study"), !keys.contains("benchmark") else { return .none }
    let heads = Set(keys.map { String($0.prefix { $0 != "." }) })
    let top = known.filter(heads.contains)
    if let main = ["sweep", "film"].first(where: { top.contains($0) }) {
      return Recognition(85, ["the top-level key \(main)"])
    }
    return top.count >= 2
      ? Recognition(60, ["the top-level keys \(top.joined(separator: ", "))"]) : .none
  }

  /// Reads keys and values.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    var diagnostics = DiagnosticList()
    let source = try YAMLText(bytes, into: &diagnostics)
    let root = try ConfigNode.parse(source.text)
    guard let entries = root.entries, !entries.isEmpty else {
      throw ReadFailure(
        "config.type", at: root.place, found: "no mapping of keys",
        expected: "a mapping such as `film: {thickness: 4 nm}`")
    }
    var dataset = Dataset(format: id, technique: technique, tables: [])
    dataset.metadata.append("configuration", kind(root))
    var keys: [String] = []
    var values: [String] = []
    var lines: [Int64] = []
    var last: Int64 = 1
    for leaf in root.leaves(under: "") {
      dataset.keep(leaf.path, leaf.text, at: leaf.place)
      if case .cell(let line, _) = leaf.place { last = Int64(line) }
      keys.append(leaf.path)
      values.append(leaf.text)
      lines.append(last)
    }
    dataset.keep(source.comments)
    let origin = Origin(bytes: [0..<bytes.count], steps: ["text"])
    dataset.tables = [
      Table(
        name: "keys",
        columns: [
          Column(name: "key", label: "key", values: .text(keys), unit: .absent, origin: origin),
          Column(
            name: "value", label: "value", values: .text(values), unit: .absent, origin: origin),
          Column(
            name: "line", label: "line", values: .integer(lines), unit: .absent, origin: origin),
        ])
    ]
    dataset.diagnostics = diagnostics.all
    dataset.reading["encoding"] = source.encoding
    return dataset
  }

  /// The command that the configuration is for.
  private static func kind(_ root: ConfigNode) -> String {
    let keys = Set((root.entries ?? []).map { String($0.key.prefix { $0 != "." }) })
    if keys.contains("sweep") {
      let command = root["sweep"]?["command"]?.text ?? root["sweep.command"]?.text ?? "plate"
      return "sweep of \(command)"
    }
    let ofDelaminate: Set = ["load", "geometry", "interface", "mesh", "loading"]
    let ofPlate: Set = ["solver", "surface", "domain", "kinetics", "stop", "numerics", "line"]
    let forPlate = !keys.isDisjoint(with: ofPlate)
    let forDelaminate = !keys.isDisjoint(with: ofDelaminate)
    return forPlate == forDelaminate
      ? "plate or delaminate" : forPlate ? "plate" : "delaminate"
  }
}
