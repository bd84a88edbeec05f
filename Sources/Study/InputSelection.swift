public import FormatRegistry
public import Output
internal import Reading
public import Tables

/// Which files of a folder a command works on, and which it passes over.
///
/// A file that no format recognises is passed over, unless its extension belongs to a technique that
/// the command is about: then it is an input that failed, so that nobody's data vanish.
public struct InputSelection: Sendable {
  /// The technique of the command; nil for `inspect` and `run`, which take all.
  public var technique: Technique?

  /// A selection for one technique, or for all.
  public init(technique: Technique? = nil) { self.technique = technique }

  /// Extensions that say nothing about the technique.
  static let generic: Set<String> = [
    "txt", "csv", "tsv", "dat", "asc", "xml", "json", "yaml", "yml",
  ]

  /// What becomes of one file.
  public enum Decision: Sendable {
    /// It is an input.
    case take
    /// It is passed over.
    case skip(SkippedFile)
    /// It was named on the command line but is of another technique.
    case refuse(ReadFailure)
  }

  /// Decides about one file after it was read.
  public func decide(_ input: BatchInput, _ reading: InputReading) -> Decision {
    if case .failure(let failure) = reading.outcome, reading.format == nil {
      guard input.root != nil, failure.diagnostic.code.hasPrefix("format."),
        !belongs(extension: Self.pathExtension(input.shown))
      else { return .take }
      return .skip(
        SkippedFile(
          file: input.shown, looksLike: Self.kind(reading) ?? failure.diagnostic.found,
          reason: "no format recognises it"))
    }
    guard let technique, let found = reading.technique, found != technique else { return .take }
    // A spectrum named beside logs is a log without any load.
    if technique == .cycling, found == .impedance, input.root == nil { return .take }
    if found == .any {
      // A table of settings beside the curves is no curve that failed.
      guard input.root != nil, !belongs(extension: Self.pathExtension(input.shown)) else {
        return .take
      }
      return .skip(
        SkippedFile(
          file: input.shown, looksLike: reading.format ?? "",
          reason: "its columns belong to no technique"))
    }
    // A damaged file of another technique is that command's business.
    let reason = "it belongs to '\(found.rawValue)', this is '\(technique.rawValue)'"
    if input.root != nil {
      return .skip(SkippedFile(file: input.shown, looksLike: reading.format ?? "", reason: reason))
    }
    return .refuse(
      ReadFailure(
        "format.other-technique",
        found: "the file was read as \(reading.format ?? "another format")",
        expected: "\(reason); use 'interphase \(found.rawValue)' or 'interphase inspect'"))
  }

  /// What the content looks like, such as `a PNG picture`; nil where the failure says more.
  private static func kind(_ reading: InputReading) -> String? {
    guard case .failure(let failure) = reading.outcome,
      failure.diagnostic.code == "format.unrecognised",
      case .unrecognised(let kind)? = reading.detection?.verdict
    else { return nil }
    return kind.hasPrefix("it is ") ? String(kind.dropFirst(6)) : kind
  }

  private func belongs(extension found: String) -> Bool {
    if Self.generic.contains(found) { return false }
    return FormatRegistry.all.contains { format in
      (technique == nil || format.technique == technique) && format.extensions.contains(found)
    }
  }

  /// The lower-case extension of a path, `.gz` taken off.
  static func pathExtension(_ path: String) -> String {
    var name = path.split(separator: "/").last ?? ""
    if name.lowercased().hasSuffix(".gz") { name = name.dropLast(3) }
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}

extension InputReading {
  /// The element of `inputs[]` for this input, with further fields after the fixed ones.
  public func report(
    _ input: BatchInput, fields: ResultObject = ResultObject(), more: [Diagnostic] = []
  ) -> InputReport {
    var complete = false
    if case .success(let dataset) = outcome { complete = dataset.complete }
    var fields = fields
    fields["provenance"] = provenance
    let repaired = input.shown.unicodeScalars.contains("\u{FFFD}")
    return InputReport(
      file: input.shown, fileBytes: repaired ? input.pathBytes : nil,
      sha256: identity.sha256.isEmpty ? nil : identity.sha256,
      bytes: identity.sha256.isEmpty ? nil : identity.bytes, format: format, complete: complete,
      diagnostics: diagnostics + more, fields: fields)
  }

  /// How the file was read and what the user said in its place: `inputs[].provenance`.
  public var provenance: ResultValue? {
    guard let format else { return nil }
    var fields = ResultObject()
    if let found = detection?.candidates.first(where: { $0.format.id == format }) {
      fields["score"] = .integer(found.score)
    }
    guard case .success(let dataset) = outcome else { return .object(fields) }
    for key in dataset.reading.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      let name = String(key.map { $0 == " " ? "_" : $0 })
      fields[name] = dataset.reading[key].map(ResultValue.text)
    }
    if !dataset.overrides.isEmpty {
      fields["overrides"] = .list(
        dataset.overrides.map { override in
          var item = ResultObject()
          item["kind"] = .text(override.kind.rawValue)
          item["key"] = .text(override.key)
          item["value"] = .text(override.value)
          item["source"] = .text(override.source)
          item["replaced"] = override.replaced.map { .text($0) }
          return .object(item)
        })
    }
    return .object(fields)
  }

  /// The scores of all formats, for `--explain` and `detection[]`.
  public var detectionResult: ResultValue {
    .list(
      (detection?.candidates ?? []).map {
        .fields([
          "format": .text($0.format.id), "score": .integer($0.score),
          "reasons": .list($0.reasons.map { .text($0) }),
        ])
      })
  }
}
