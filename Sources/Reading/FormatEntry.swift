public import Bytes
public import Tables

/// A format as a value: one that is built in, or one that a user adds as a recipe.
public struct FormatEntry: Sendable {
  /// The recipe behind a format that is one.
  public struct Recipe: Hashable, Sendable {
    /// The SHA-256 of its text in hex.
    public var sha256: String
    /// The file that it was read from; nil for a built-in one.
    public var file: String?

    /// A recipe from its parts.
    public init(sha256: String, file: String?) {
      self.sha256 = sha256
      self.file = file
    }
  }

  /// The id, lower-case with hyphens, such as `asylum-ibw`.
  public let id: String
  /// One line for people.
  public let title: String
  /// What the format measures.
  public let technique: Technique
  /// Lower-case extensions without dot; a `*` stands for anything.
  public let extensions: [String]
  /// How the format is recognised, one line.
  public let recognisedBy: String
  /// Whether the format can summarise a text that is read in pieces.
  public let readsStreams: Bool
  /// The recipe, where the format is one.
  public let recipe: Recipe?
  private let recogniser: @Sendable (FileHead) -> Recognition
  private let reader: @Sendable (ByteView, String, ReadOptions) -> Result<Dataset, ReadFailure>

  /// A format of a type of its own.
  public init(_ format: any FileFormat.Type) {
    id = format.id
    title = format.title
    technique = format.technique
    extensions = format.extensions
    recognisedBy = format.recognisedBy
    readsStreams = format.readsStreams
    recipe = format.recipe
    recogniser = { format.recognise($0) }
    reader = { bytes, name, options in
      do throws(ReadFailure) {
        return .success(try format.read(bytes, name: name, options: options))
      } catch {
        return .failure(error)
      }
    }
  }

  /// A format from its parts.
  public init(
    id: String, title: String, technique: Technique, extensions: [String], recognisedBy: String,
    recipe: Recipe?, recognise: @escaping @Sendable (FileHead) -> Recognition,
    read: @escaping @Sendable (ByteView, String, ReadOptions) -> Result<Dataset, ReadFailure>
  ) {
    self.id = id
    self.title = title
    self.technique = technique
    self.extensions = extensions
    self.recognisedBy = recognisedBy
    readsStreams = false
    self.recipe = recipe
    recogniser = recognise
    reader = read
  }

  /// How sure the format is that the file is its own.
  public func recognise(_ file: FileHead) -> Recognition { recogniser(file) }

  /// Reads the whole file.
  ///
  /// - Throws: what the format throws where the file gives no result.
  public func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    try reader(bytes, name, options).get()
  }

  /// Whether an extension is usual for the format.
  public func isUsual(extension found: String) -> Bool {
    extensions.contains { Self.matches($0, found) }
  }

  /// Whether an extension matches a pattern in which `*` stands for anything.
  static func matches(_ pattern: String, _ text: String) -> Bool {
    if !pattern.utf8.contains(UInt8(ascii: "*")) { return pattern == text }
    let pattern = Array(pattern.utf8)
    let text = Array(text.utf8)
    var (p, t) = (0, 0)
    var star: (p: Int, t: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.p, last.t + 1)
        (p, t) = (last.p + 1, last.t + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
  }
}
