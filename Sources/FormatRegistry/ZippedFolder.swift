public import Bytes
internal import Reading
internal import Synchronization
public import Tables

/// A zip archive that stands for a folder of files: its members are inputs of their own.
///
/// The archive is opened when its first member is read and let go when its last one was, so that many
/// archives are never in memory together; members are decompressed one at a time, each by the job that
/// reads it. The members of a 64-bit zip, and any number of them, are read (limits: `ReadLimits`).
public final class ZippedFolder: Sendable {
  /// The bytes of the archive's path.
  public let pathBytes: [UInt8]
  private let limits: ExpansionLimits
  /// Whether the directory is lost and the members are found by their own headers.
  private let isSalvaged: Bool
  private let state: Mutex<State>

  private struct State {
    var archive: ZipArchive?
    var waiting = 0
  }

  /// A member as it is listed.
  public struct Member: Sendable {
    /// The name within the archive, separated by `/`.
    public var name: String
    /// Why it cannot be read; nil where it can.
    public var problem: ReadFailure?
  }

  /// What an archive holds.
  public struct Listing: Sendable {
    /// The archive.
    public var folder: ZippedFolder
    /// Its files.
    public var members: [Member]
    /// What is wrong with the archive as a whole, where some of its members are left.
    public var problem: ReadFailure?
  }

  private init(_ pathBytes: [UInt8], limits: ExpansionLimits, isSalvaged: Bool, waiting: Int) {
    self.pathBytes = pathBytes
    self.limits = limits
    self.isSalvaged = isSalvaged
    state = Mutex(State(archive: nil, waiting: waiting))
  }

  /// The files of an archive, in the order of the directory; nil where the file is no such archive.
  ///
  /// Folders, hidden members and what macOS adds (`__MACOSX`) are passed over. Of an archive without a
  /// directory, as an interrupted copy leaves it, the whole members are listed.
  ///
  /// - Parameters:
  ///   - pathBytes: the path of the file.
  ///   - reader: the options of the batch; a file that is read as a given format is no folder.
  /// - Throws: `zip.*` where the directory of the archive is damaged or nothing is in it, `io.*` where
  ///   the file cannot be read.
  public static func list(
    _ pathBytes: [UInt8], reader: InputReader
  ) throws(ReadFailure) -> Listing? {
    let start = ByteView(FileSource.head(pathBytes: pathBytes, count: 4))
    guard ZipArchive.recognises(start) else { return nil }
    let path = String(decoding: pathBytes, as: UTF8.self)
    let name = String(path.split(separator: "/").last ?? "")
    // The first members tell most archives that are files, without a look at the whole.
    let first = FileHead(
      ByteView(FileSource.head(pathBytes: pathBytes, count: 65536)), name: name)
    guard ContentKind.zipKind(first) == nil else { return nil }
    if let id = reader.format, let format = FormatRegistry.format(id: id),
      format.extensions.contains(first.pathExtension)
    {
      return nil
    }
    let bytes = try FileSource.open(pathBytes: pathBytes)
    let limits = reader.options.limits.expansion
    var problem: ReadFailure?
    var archive: ZipArchive
    do throws(ReadFailure) {
      archive = try ZipArchive(bytes, limits: limits, isFolder: true)
    } catch {
      guard error.diagnostic.code == "zip.truncated" else { throw error }
      archive = try ZipArchive(salvaging: bytes, limits: limits)
      problem = ReadFailure(
        "zip.truncated", at: error.diagnostic.place,
        found: "\(error.diagnostic.found); what stands behind its "
          + "\(archive.entries.count) whole members is lost",
        expected: error.diagnostic.expected)
    }
    guard isFolder(archive, FileHead(bytes, name: name)) else { return nil }
    var members = archive.entries.filter { !$0.isFolder && !isHidden($0.name) }.map {
      Member(name: $0.name, problem: nil)
    }
    members += archive.unreadable.filter { !$0.name.hasSuffix("/") && !isHidden($0.name) }.map {
      Member(name: $0.name, problem: $0.failure)
    }
    guard !members.isEmpty else {
      throw ReadFailure(
        "zip.empty", found: "the archive holds no file", expected: "expected at least one member")
    }
    let readable = members.count { $0.problem == nil }
    return Listing(
      folder: ZippedFolder(
        pathBytes, limits: limits, isSalvaged: problem != nil, waiting: readable),
      members: members, problem: problem)
  }

  /// Whether the members are files of their own.
  ///
  /// Formats look at the raw bytes, where an archive within the archive shows its own members: a folder
  /// of JPK files would pass for one of them. So the names of the directory decide against a format
  /// where one of them has the extension of an instrument's format.
  private static func isFolder(_ archive: ZipArchive, _ head: FileHead) -> Bool {
    let names = archive.entries.map(\.name)
    guard ContentKind.zipKind(names: names) == nil else { return false }
    if case .unrecognised = FormatRegistry.detect(head).verdict { return true }
    let extensions = Set(
      FormatRegistry.all.filter { $0.id != FormatRegistry.fallback }.flatMap { $0.extensions })
    return names.contains { name in
      name.lastIndex(of: ".").map {
        extensions.contains(name[name.index(after: $0)...].lowercased())
      } ?? false
    }
  }

  private static func isHidden(_ name: String) -> Bool {
    name.split(separator: "/").contains {
      $0 == "__MACOSX" || $0.hasPrefix(".") && $0 != "." && $0 != ".."
    }
  }

  /// The content of a member; the archive is let go once every member was read.
  ///
  /// - Throws: `zip.*` at the member where it is damaged, `io.*` where the archive cannot be read again.
  func content(_ name: String) throws(ReadFailure) -> ByteView {
    let archive = try open()
    defer { finish() }
    return try Self.content(of: name, in: archive)
  }

  private static func content(
    of name: String, in archive: ZipArchive
  ) throws(ReadFailure) -> ByteView {
    guard let entry = archive[name], !entry.isFolder else {
      throw ReadFailure(
        "zip.member", at: .entry(name), found: "the archive has no member of this name",
        expected: "expected an archive that nobody writes to")
    }
    return try archive.read(entry)
  }

  private func open() throws(ReadFailure) -> ZipArchive {
    let result = state.withLock { state -> Result<ZipArchive, ReadFailure> in
      if let archive = state.archive { return .success(archive) }
      do throws(ReadFailure) {
        let bytes = try FileSource.open(pathBytes: pathBytes)
        let archive =
          isSalvaged
          ? try ZipArchive(salvaging: bytes, limits: limits)
          : try ZipArchive(bytes, limits: limits, isFolder: true)
        state.archive = archive
        return .success(archive)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func finish() {
    state.withLock { state in
      state.waiting -= 1
      if state.waiting <= 0 { state.archive = nil }
    }
  }

  /// The bytes behind a path that leads to a file, or through an archive to one of its members.
  ///
  /// - Throws: `io.*` where no file stands on the way, `zip.*` where the member cannot be read.
  public static func open(
    path: String, limits: ExpansionLimits = ExpansionLimits()
  ) throws(ReadFailure) -> ByteView {
    let failure: ReadFailure
    do throws(ReadFailure) {
      return try FileSource.open(path: path)
    } catch {
      failure = error
    }
    var slash = path.lastIndex(of: "/")
    while let here = slash, here != path.startIndex {
      let archive = Array(path[..<here].utf8)
      if ZipArchive.recognises(ByteView(FileSource.head(pathBytes: archive, count: 4))) {
        let bytes = try FileSource.open(pathBytes: archive)
        let members: ZipArchive
        do throws(ReadFailure) {
          members = try ZipArchive(bytes, limits: limits, isFolder: true)
        } catch {
          guard error.diagnostic.code == "zip.truncated" else { throw error }
          members = try ZipArchive(salvaging: bytes, limits: limits)
        }
        return try content(of: String(path[path.index(after: here)...]), in: members)
      }
      slash = path[..<here].lastIndex(of: "/")
    }
    throw failure
  }
}

extension InputReader {
  /// Reads a member of a zipped folder.
  ///
  /// - Parameters:
  ///   - member: its name in the archive.
  ///   - folder: the archive.
  ///   - shown: the path to name in messages and results.
  public func read(member: String, of folder: ZippedFolder, shown: String) -> InputReading {
    var identity = InputIdentity(path: shown, bytes: 0, sha256: "")
    do throws(ReadFailure) {
      let content = try folder.content(member)
      identity.bytes = content.count
      identity.sha256 = SHA256.hex(of: content)
      return read(bytes: content, identity: identity)
    } catch {
      return InputReading(identity: identity, outcome: .failure(error))
    }
  }
}
