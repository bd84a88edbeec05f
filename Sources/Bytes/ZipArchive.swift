public import Tables

/// A zip archive, read from its central directory; nothing is ever extracted to disk.
///
/// Stored and deflated members and ZIP64 are read (APPNOTE.TXT 6.3.10 of PKWARE). Every member's
/// CRC-32 and size are verified when it is read.
public struct ZipArchive: Sendable {
  /// A member of the archive.
  public struct Entry: Hashable, Sendable {
    /// The name, separated by `/`.
    public var name: String
    /// The size after decompression.
    public var size: Int
    /// The size in the archive.
    public var compressedSize: Int
    /// Whether the name ends with `/`.
    public var isFolder: Bool
    var method: UInt16
    var crc: UInt32
    /// Where the member's local header and its data start in the archive.
    var headerStart: Int
    var dataStart: Int
    /// Why the whole content is not there, where that is known; ``ZipArchive/salvage(_:)`` gives the rest.
    public internal(set) var damage: ReadFailure?
  }

  /// A member that cannot be read.
  public struct UnreadableEntry: Hashable, Sendable {
    /// The name, as far as it can be shown.
    public var name: String
    /// Why.
    public var failure: ReadFailure
  }

  /// The members in the order of the central directory, without those that are left out.
  public let entries: [Entry]
  /// Warnings: names that were left out.
  public let diagnostics: [Diagnostic]
  /// Members that cannot be read, with the reason; always empty for an archive that is one file.
  public let unreadable: [UnreadableEntry]
  let bytes: ByteView
  let area: String
  let limits: ExpansionLimits
  private let index: [String: Int]

  /// Whether bytes start like a zip archive.
  public static func recognises(_ bytes: ByteView) -> Bool {
    bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6])
  }

  /// Reads the directory of an archive and checks it as a whole.
  ///
  /// - Parameters:
  ///   - bytes: the archive.
  ///   - area: the first part of the codes of errors.
  ///   - limits: caps on what members expand to.
  ///   - isFolder: whether the members are files of their own, as in a zipped folder: then one that
  ///     is encrypted, compressed otherwise, too large or badly named costs only itself and stands in
  ///     ``unreadable``. What is wrong with the directory is an error in any case.
  /// - Throws: `AREA.truncated`, `AREA.directory`, `AREA.members`, `AREA.overlap`, `AREA.duplicate`,
  ///   `AREA.encrypted`, `AREA.method`, `AREA.size` or `AREA.ratio`.
  public init(
    _ bytes: ByteView, area: String = "zip", limits: ExpansionLimits = ExpansionLimits(),
    isFolder: Bool = false
  ) throws(ReadFailure) {
    var directory = ZipDirectory(bytes, area: area, limits: limits, isFolder: isFolder)
    try directory.read()
    self.init(
      bytes, entries: directory.entries, diagnostics: directory.diagnostics.all, area: area,
      limits: limits, unreadable: directory.unreadable)
  }

  /// An archive of members that are known already.
  init(
    _ bytes: ByteView, entries: [Entry], diagnostics: [Diagnostic] = [], area: String,
    limits: ExpansionLimits, unreadable: [UnreadableEntry] = []
  ) {
    self.unreadable = unreadable
    self.bytes = bytes
    self.area = area
    self.limits = limits
    self.entries = entries
    self.diagnostics = diagnostics
    var index: [String: Int] = [:]
    for (i, entry) in entries.enumerated() { index[entry.name] = i }
    self.index = index
  }

  /// The member of that name.
  public subscript(name: String) -> Entry? { index[name].map { entries[$0] } }

  /// The decompressed content of a member, its CRC-32 and size verified.
  ///
  /// - Throws: `AREA.checksum`, `AREA.size`, `AREA.ratio`, `AREA.truncated` or `AREA.damaged`, with
  ///   the member as the place.
  public func read(_ entry: Entry) throws(ReadFailure) -> ByteView {
    if let damage = entry.damage { throw damage }
    let place = Place.entry(entry.name)
    let stored = bytes[entry.dataStart..<(entry.dataStart + entry.compressedSize)]
    var content = stored
    if entry.method == 8, let whole = Inflate.whole(stored, size: entry.size, limits: limits) {
      content = whole
    } else if entry.method == 8 {
      var own = limits
      own.memberBytes = min(limits.memberBytes, entry.size)
      let stream: Inflate.Stream
      do throws(ReadFailure) {
        stream = try Inflate.stream(
          stored, framing: .raw, area: area, limits: own, sizeHint: entry.size,
          place: { _ in place })
      } catch {
        guard error.diagnostic.code == "\(area).size", entry.size < limits.memberBytes else {
          throw error
        }
        throw ReadFailure(
          "\(area).size", at: place,
          found: "the data expand beyond the \(entry.size) bytes that the directory declares",
          expected: "expected exactly that many")
      }
      content = stream.output
    }
    guard content.count == entry.size else {
      throw ReadFailure(
        "\(area).size", at: place,
        found: "the directory declares \(entry.size) bytes, \(content.count) are there",
        expected: "expected exactly that many")
    }
    guard CRC32.of(content) == entry.crc else {
      throw ReadFailure(
        "\(area).checksum", at: place, found: "the CRC-32 of the content is not the stored one",
        expected: "expected undamaged content")
    }
    return content
  }

  /// The content of a member as far as it goes, and what is wrong with it; never throws.
  ///
  /// Where the stored data stop or are damaged, what was decompressed before that is given; where only
  /// the checksum fails, all of it. Of a member that is too large nothing is given.
  public func salvage(_ entry: Entry) -> (content: ByteView, failure: ReadFailure?) {
    var failure = entry.damage
    if failure == nil {
      do throws(ReadFailure) {
        return (try read(entry), nil)
      } catch {
        failure = error
      }
    }
    let end = min(bytes.count, entry.dataStart + max(0, entry.compressedSize))
    guard entry.dataStart <= end else { return (ByteView([]), failure) }
    let stored = bytes[entry.dataStart..<end]
    guard entry.method == 8 else { return (stored, failure) }
    return (Inflate.head(of: stored, framing: .raw, limits: limits), failure)
  }
}
