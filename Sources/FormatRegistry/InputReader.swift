public import Bytes
public import Reading
public import Tables

/// One input after reading: what it is, how it was recognised, and its dataset or its error.
public struct InputReading: Sendable {
  /// Path, size and hash; the hash is empty where the file could not be opened.
  public var identity: InputIdentity
  /// The scores of all formats; nil where the file could not be opened.
  public var detection: Detection?
  /// The id of the format that read it, or would have.
  public var format: String?
  /// The technique of that format, where one was found.
  public var technique: Technique?
  /// The dataset, or why there is none.
  public var outcome: Result<Dataset, ReadFailure>

  /// A reading from its parts.
  public init(
    identity: InputIdentity, detection: Detection? = nil, format: String? = nil,
    technique: Technique? = nil, outcome: Result<Dataset, ReadFailure>
  ) {
    self.identity = identity
    self.detection = detection
    self.format = format
    self.technique = technique
    self.outcome = outcome
  }

  /// Everything said about the input: the dataset's diagnostics, or the error.
  public var diagnostics: [Diagnostic] {
    switch outcome {
    case .success(let dataset): dataset.diagnostics
    case .failure(let failure): [failure.diagnostic]
    }
  }

  /// The status of the contract: `ok`, `warning` or `error`.
  public var status: String {
    switch outcome {
    case .failure: return "error"
    case .success(let dataset):
      if dataset.diagnostics.contains(where: { $0.severity == .error }) { return "error" }
      return dataset.diagnostics.contains { $0.severity == .warning } ? "warning" : "ok"
    }
  }
}

/// Opens, recognises and reads one input: the way that every command shares.
public struct InputReader: Sendable {
  /// What the user says about how files are read.
  public var options: ReadOptions
  /// The id of the format to use in place of detection.
  public var format: String?
  /// The size in bytes from which text tables are read in pieces, their columns summarised and their
  /// values let go.
  ///
  /// Nil reads every file as a whole. Only for commands that show no more than summaries.
  public var summarisesFrom: Int?
  /// How large the pieces are.
  public var pieces = TextStream.Sizes()
  /// The memory that a file read as a whole may fill; nil for any.
  public var memory = FileSource.physicalMemory

  /// The size from which `inspect` reads text tables in pieces (docs/text.md).
  public static let largeText = 16 << 20
  /// Whether every format is asked, so that all scores can be shown.
  public var explains = false
  /// Whether the identity names the hash of what is read; where nobody asks for it, it is not taken.
  public var hashes = true

  /// A reader with the user's options.
  public init(options: ReadOptions = ReadOptions(), format: String? = nil) {
    self.options = options
    self.format = format
  }

  /// Reads a file, or standard input where the path is `-`; never throws: errors stand in the outcome.
  ///
  /// - Parameters:
  ///   - path: the path to open.
  ///   - pathBytes: the bytes of the path, where its name is no UTF-8.
  ///   - shown: the path to name in messages and results.
  public func read(path: String, pathBytes: [UInt8]? = nil, shown: String? = nil) -> InputReading {
    for _ in 0..<2 {
      if let reading = attempt(path, pathBytes, shown) { return reading }
    }
    return InputReading(
      identity: InputIdentity(path: shown ?? path, bytes: 0, sha256: ""),
      outcome: .failure(FileSource.changed))
  }

  /// The scores of all formats that are asked.
  private func detect(_ head: FileHead) -> Detection {
    explains
      ? FormatRegistry.detect(head, added: options.addedFormats)
      : FormatRegistry.detectQuickly(head, added: options.addedFormats)
  }

  /// One attempt at reading; nil where the file changed meanwhile.
  private func attempt(_ path: String, _ pathBytes: [UInt8]?, _ shown: String?) -> InputReading? {
    var identity = InputIdentity(path: shown ?? path, bytes: 0, sha256: "")
    if path != "-", options.said.timeZone == nil, options.said.join == nil,
      let least = summarisesFrom,
      let stream = TextStream(
        pathBytes: pathBytes ?? Array(path.utf8), least: least, sizes: pieces, hashes: hashes),
      let reading = summarise(stream, identity)
    {
      return reading
    }
    let stored: ByteView
    do {
      try checkMemory(path, pathBytes)
      stored =
        path == "-"
        ? try FileSource.standardInput(cap: options.limits.expansion.memberBytes)
        : try FileSource.open(pathBytes: pathBytes ?? Array(path.utf8), isOnDemand: true)
    } catch {
      return InputReading(identity: identity, outcome: .failure(error))
    }
    identity.bytes = stored.count
    if hashes { identity.sha256 = SHA256.hex(of: stored) }
    var reader = self
    if path != "-" {
      reader.options.companion = Self.companions(of: pathBytes ?? Array(path.utf8))
    }
    let reading = reader.read(bytes: stored, identity: identity)
    return stored.isChanged ? nil : reading
  }

  /// Refuses a file that the machine's memory cannot hold with its columns, before a byte is read.
  private func checkMemory(_ path: String, _ pathBytes: [UInt8]?) throws(ReadFailure) {
    guard path != "-", let memory, options.limits.expansion.memberBytes < .max,
      let size = FileSource.size(pathBytes: pathBytes ?? Array(path.utf8)),
      size > memory / Self.memoryPerByte
    else { return }
    throw ReadFailure(
      "io.too-large", at: .byte(0),
      found:
        "the file has \(size) bytes; with its columns it takes about \(Self.memoryPerByte) times that,"
        + " and this machine has \(memory) bytes of memory",
      expected:
        "expected a smaller file: split it ('interphase inspect' summarises tables of text of any size),"
        + " or try with --limits off")
  }

  /// Bytes of memory that a byte of a file takes once it is read: the text, its columns, and those that an
  /// analysis makes.
  private static let memoryPerByte = 4

  /// Reads a large text in pieces; nil where it has to be read as a whole.
  ///
  /// Every error is left to that, so that it says the same for files of any size.
  private func summarise(_ stream: TextStream, _ known: InputIdentity) -> InputReading? {
    let name = String(known.path.split(separator: "/").last ?? "")
    let head = FileHead(stream, name: name)
    let detection = detect(head)
    guard
      let chosen = try? FormatRegistry.choose(
        head, id: format, detection: detection, added: options.addedFormats),
      chosen.readsStreams
    else { return nil }
    var options = options
    options.stream = stream
    guard var dataset = try? chosen.read(stream.head, name: name, options: options),
      let hash = stream.sha256, (try? dataset.finish(options)) != nil
    else { return nil }
    var identity = known
    identity.bytes = stream.size
    identity.sha256 = hash
    return InputReading(
      identity: identity, detection: detection, format: chosen.id, technique: dataset.technique,
      outcome: .success(dataset))
  }

  /// Other files in the folder of a path, by their plain names.
  private static func companions(of path: [UInt8]) -> @Sendable (String) -> ByteView? {
    let folder = path[..<(path.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0)]
    return { name in
      guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")),
        !name.utf8.contains(0)
      else { return nil }
      return try? FileSource.open(pathBytes: Array(folder) + Array(name.utf8))
    }
  }

  /// Reads bytes that are already in memory.
  public func read(bytes stored: ByteView, identity: InputIdentity) -> InputReading {
    var name = String(identity.path.split(separator: "/").last ?? "")
    var content = stored
    // A stream that is cut gives what it holds, if a reader makes whole records of it.
    var cut: ReadFailure?
    if stored.starts(with: [0x1F, 0x8B]) {
      do {
        content = try Gzip.inflate(stored, limits: options.limits.expansion)
      } catch {
        content = Gzip.head(of: stored, limits: options.limits.expansion)
        guard error.diagnostic.code == "gzip.truncated", content.count > 0 else {
          return InputReading(identity: identity, outcome: .failure(error))
        }
        cut = error
      }
      if name.lowercased().hasSuffix(".gz") { name = String(name.dropLast(3)) }
    }
    let head = FileHead(content, name: name)
    let detection = detect(head)
    do {
      let chosen = try FormatRegistry.choose(
        head, id: format, detection: detection, added: options.addedFormats)
      do {
        var dataset = try chosen.read(content, name: name, options: options)
        if let file = chosen.recipe?.file, FormatRegistry.format(id: chosen.id) != nil {
          dataset.diagnostics.append(
            Diagnostic(
              .note, "recipe.replaces",
              found: "the recipe \(file) stands in the place of the built-in format \(chosen.id)",
              expected: ""))
        }
        if content.count != stored.count { dataset.reading["compression"] = "gzip" }
        try dataset.finish(options)
        if let cut {
          var warning = cut.diagnostic
          warning.severity = .warning
          dataset.diagnostics.insert(warning, at: 0)
          dataset.complete = false
        }
        return InputReading(
          identity: identity, detection: detection, format: chosen.id,
          technique: dataset.technique, outcome: .success(dataset))
      } catch {
        return InputReading(
          identity: identity, detection: detection, format: chosen.id,
          technique: chosen.technique, outcome: .failure(cut ?? error))
      }
    } catch {
      return InputReading(
        identity: identity, detection: detection, format: nil, technique: nil,
        outcome: .failure(cut ?? error))
    }
  }
}
