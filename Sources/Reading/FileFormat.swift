public import Bytes
public import Tables

/// How sure a format is that a file is its own, and why.
public struct Recognition: Hashable, Sendable {
  /// 0…100: 100 = magic and a structural check, 80–95 = magic or several text marks, 50–70 = one mark.
  public var score: Int
  /// What was recognised, for `inspect --explain`.
  public var reasons: [String]

  /// A score with its reasons.
  public init(_ score: Int, _ reasons: [String]) {
    self.score = score
    self.reasons = reasons
  }

  /// Not this format.
  public static let none = Recognition(0, [])
}

/// What a format may look at to recognise a file: the first 64 kB, the last 4 kB and the name.
public struct FileHead: Sendable {
  /// The first 64 kB.
  public let head: ByteView
  /// The last 4 kB.
  public let tail: ByteView
  /// The number of bytes of the whole file.
  public let size: Int
  /// What was given as the file, for ``sheetNames`` and ``hdf5``: their lists may stand anywhere.
  let content: ByteView
  /// The file name without folders, `.gz` taken off.
  public let name: String

  /// The head of a whole source.
  public init(_ bytes: ByteView, name: String) {
    head = bytes.prefix(65536)
    tail = bytes.suffix(4096)
    size = bytes.count
    content = bytes
    self.name = name
  }

  /// The head of a text that is read in pieces.
  public init(_ stream: TextStream, name: String) {
    head = stream.head.prefix(65536)
    tail = stream.tail
    size = stream.size
    content = stream.head
    self.name = name
  }

  /// Whether the first `count` bytes may hold one of some words of ASCII.
  ///
  /// Recognition asks this before it takes a text apart. A text in 16 bits may hold anything.
  public func mayHold(_ words: String..., within count: Int = 65536) -> Bool {
    let part = head.prefix(count)
    if part.starts(with: [0xFF, 0xFE]) || part.starts(with: [0xFE, 0xFF])
      || part.prefix(4096).withBytes({ $0.contains(0) })
    {
      return true
    }
    return words.contains { part.firstRange(of: $0) != nil }
  }

  /// The names of the sheets where the file is a workbook (`.xlsx`); nil for any other file.
  ///
  /// Reads the archive's directory and the list of sheets, never a sheet.
  public var sheetNames: [String]? {
    guard SpreadsheetWorkbook.mayBe(head) else { return nil }
    return (try? SpreadsheetWorkbook(content))?.sheets.map(\.name)
  }

  /// The file as an HDF5 container; nil for any other file, and for one whose superblock is damaged.
  ///
  /// Opened anew each time. Recognition looks at a few groups and attributes, never at data.
  public var hdf5: HDF5File? {
    guard HDF5File.signaturePosition(head) != nil else { return nil }
    return try? HDF5File(content)
  }

  /// The lower-case extension without dot; empty where there is none.
  public var pathExtension: String {
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return name[name.index(after: dot)...].lowercased()
  }
}

/// What the user may say about how a file is read.
public struct ReadOptions: Sendable {
  /// Units by column name or label, which stand above those of the file (`--unit COLUMN=UNIT`).
  public var units: [String: String] = [:]
  /// The zone of clock times that the file gives none for (`--time-zone NAME`).
  public var timeZone: TimeZoneRules?
  /// What the user says about the input, with where it was said.
  public var said = InputStatements()
  /// What a study says about inputs whose path fits a pattern; the first that fits counts.
  public var saidByPattern: [(pattern: String, said: InputStatements)] = []
  /// The limits of reliability.md §3.
  public var limits = ReadLimits()
  /// Whether numbers whose checksum fails are given too, with a warning (`--salvage`).
  public var salvage = false
  /// The content of another file in the folder of the input, by its plain name; nil where there is
  /// none, or where the input is no file of a folder.
  public var companion: @Sendable (String) -> ByteView? = { _ in nil }

  /// The rest of a large text of which `bytes` is the head.
  ///
  /// Its columns are summarised piece by piece, and their values let go. Only for formats that ``FileFormat/readsStreams``.
  public var stream: TextStream?

  /// Formats that the user adds to those of Interphase; one with the id of a known format takes its place.
  public var addedFormats: [FormatEntry] = []

  /// The defaults.
  public init() {}
}

/// Caps that keep a hostile file from using up the machine.
public struct ReadLimits: Sendable {
  /// Decompressed sizes and their ratio to the compressed ones.
  public var expansion = ExpansionLimits()
  /// Nesting of XML and JSON.
  public var nesting = 256
  /// Columns of one text table.
  public var columns = 16384
  /// Bytes of one line of text.
  public var lineBytes = 64 << 20

  /// The defaults.
  public init() {}
}

/// A file format: one type in one file, listed in one line of the registry.
///
/// A format takes bytes, never a path, so that files, standard input, members of containers, tests
/// and fuzzers share one entry.
public protocol FileFormat: Sendable {
  /// The id, lower-case with hyphens, such as `asylum-ibw`.
  static var id: String { get }
  /// One line for people.
  static var title: String { get }
  /// What the format measures.
  static var technique: Technique { get }
  /// Lower-case extensions without dot; they break ties and never decide alone.
  static var extensions: [String] { get }
  /// How the format is recognised, one line.
  static var recognisedBy: String { get }

  /// Whether the format can summarise a text that is read in pieces (``ReadOptions/stream``).
  static var readsStreams: Bool { get }

  /// The recipe, where the format is one.
  static var recipe: FormatEntry.Recipe? { get }

  /// How sure the format is that the file is its own. Never throws, reads nothing but the head.
  static func recognise(_ file: FileHead) -> Recognition

  /// Reads the whole file.
  ///
  /// - Parameters:
  ///   - bytes: the file's content, decompressed where it was a plain `.gz`.
  ///   - name: the file name without folders, for messages and table names.
  ///   - options: what the user says about the file.
  /// - Returns: the dataset, with warnings and notes in its `diagnostics`.
  /// - Throws: `ReadFailure` where the file gives no result.
  static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset
}

extension FileFormat {
  /// As a rule a file is read as a whole.
  public static var readsStreams: Bool { false }

  /// As a rule a format is written in Swift.
  public static var recipe: FormatEntry.Recipe? { nil }
}
