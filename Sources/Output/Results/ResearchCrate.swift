public import Tables

/// The file `ro-crate-metadata.json`: RO-Crate 1.1 with the profile Process Run Crate 0.5.
///
/// It says which program made which files from which inputs. Inputs lie outside the folder and may
/// not travel with it, so they are described by name, size and hash and not as parts of the crate.
public struct ResearchCrate: Sendable {
  /// A file of the results folder.
  public struct Output: Sendable, Codable {
    /// The path in the folder.
    public var path: String
    /// The size in bytes.
    public var bytes: Int
    /// SHA-256, lower-case hex; empty for a file that differs from run to run.
    public var sha256: String

    /// A file from its parts.
    public init(path: String, bytes: Int, sha256: String) {
      self.path = path
      self.bytes = bytes
      self.sha256 = sha256
    }
  }

  /// The name of the results, such as the title of the study.
  public var name: String
  /// One or two sentences about the results.
  public var description: String
  /// The licence of the results as an address or text; nil where nobody gave one.
  public var license: String?
  /// The version of Interphase.
  public var version: String
  /// The command with its arguments, without absolute paths.
  public var command: String
  /// When the run started and ended, ISO 8601 with zone.
  public var started: String, ended: String
  /// The inputs.
  public var inputs: [InputReport]
  /// The files made.
  public var outputs: [Output]

  /// A crate from its parts.
  public init(
    name: String, description: String, license: String? = nil, version: String, command: String,
    started: String, ended: String, inputs: [InputReport], outputs: [Output]
  ) {
    self.name = name
    self.description = description
    self.license = license
    self.version = version
    self.command = command
    self.started = started
    self.ended = ended
    self.inputs = inputs
    self.outputs = outputs
  }

  /// The document.
  public var result: ResultValue {
    let parts = outputs.map { Self.id(SafeName.urlEncoded($0.path, keepingSlashes: true)) }
    var graph: [ResultValue] = [
      .fields([
        "@id": .text("ro-crate-metadata.json"), "@type": .text("CreativeWork"),
        "conformsTo": Self.id("https://w3id.org/ro/crate/1.1"), "about": Self.id("./"),
      ]),
      .fields([
        "@id": .text("./"), "@type": .text("Dataset"), "name": .text(name),
        "description": .text(description), "datePublished": .text(ended),
        "license": .text(license ?? "No licence was stated for these results."),
        "conformsTo": Self.id(Self.profile), "hasPart": .list(parts),
        "mentions": .list([Self.id("#run")]),
      ]),
      .fields([
        "@id": .text(Self.profile), "@type": .text("CreativeWork"),
        "name": .text("Process Run Crate"), "version": .text("0.5"),
      ]),
      .fields([
        "@id": .text("#interphase"), "@type": .text("SoftwareApplication"),
        "name": .text("Interphase"), "softwareVersion": .text(version), "version": .text(version),
      ]),
      action(parts),
    ]
    for (i, input) in inputs.enumerated() { graph.append(entity(input, i)) }
    for (output, part) in zip(outputs, parts) {
      var object = ResultObject()
      object["@id"] = part["@id"]
      object["@type"] = .text("File")
      object["name"] = .text(output.path)
      object["encodingFormat"] = .text(Self.mediaType(output.path))
      if !output.sha256.isEmpty {
        object["contentSize"] = .text("\(output.bytes)")
        object["sha256"] = .text(output.sha256)
      }
      graph.append(.object(object))
    }
    return .fields([
      "@context": .list([
        .text("https://w3id.org/ro/crate/1.1/context"),
        .text("https://w3id.org/ro/terms/workflow-run/context"),
      ]),
      "@graph": .list(graph),
    ])
  }

  private static let profile = "https://w3id.org/ro/wfrun/process/0.5"

  private static func id(_ text: String) -> ResultValue { .fields(["@id": .text(text)]) }

  private func action(_ parts: [ResultValue]) -> ResultValue {
    let failed = inputs.filter { $0.status == .error }
    let nothing = !inputs.isEmpty && failed.count == inputs.count
    var object = ResultObject()
    object["@id"] = .text("#run")
    object["@type"] = .text("CreateAction")
    object["name"] = .text(command)
    object["instrument"] = Self.id("#interphase")
    object["object"] = .list(inputs.indices.map { Self.id("#input-\($0 + 1)") })
    object["result"] = .list(parts)
    object["startTime"] = .text(started)
    object["endTime"] = .text(ended)
    object["actionStatus"] = Self.id(
      "http://schema.org/\(nothing ? "FailedActionStatus" : "CompletedActionStatus")")
    if !failed.isEmpty {
      let lines = failed.map { input in
        let first = input.diagnostics.first { $0.severity == .error }
        return "\(input.file): \(first?.place.description ?? "-"): \(first?.message ?? "failed")"
      }
      object["error"] = .text(lines.joined(separator: "\n"))
    }
    return .object(object)
  }

  private func entity(_ input: InputReport, _ i: Int) -> ResultValue {
    var object = ResultObject()
    object["@id"] = .text("#input-\(i + 1)")
    object["@type"] = .text("CreativeWork")
    object["name"] = .text(input.file)
    object["encodingFormat"] = input.format.map(ResultValue.text)
    object["contentSize"] = input.bytes.map { .text("\($0)") }
    object["sha256"] = input.sha256.map(ResultValue.text)
    return .object(object)
  }

  private static func mediaType(_ path: String) -> String {
    switch path.split(separator: ".").last {
    case "json": "application/json"
    case "jsonl": "application/jsonl"
    case "csv": "text/csv"
    case "svg": "image/svg+xml"
    case "html": "text/html"
    case "sqlite": "application/vnd.sqlite3"
    case "yaml": "application/yaml"
    default: "application/octet-stream"
    }
  }
}
