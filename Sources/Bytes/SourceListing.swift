#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
public import Tables

/// Something found in a folder.
public struct FolderEntry: Hashable, Sendable {
  /// What an entry of a folder is.
  public enum Kind: Hashable, Sendable {
    /// A regular file, or a link to one.
    case file
    /// A pipe, device or socket, in words.
    case special(String)
    /// A link that leads nowhere or in a circle.
    case brokenLink
    /// A folder that could not be listed, with the reason.
    case unreadableFolder(String)
  }

  /// The path below the listed folder, separated by `/`; bytes that are no UTF-8 became U+FFFD.
  public var relativePath: String
  /// The bytes of the whole path, for ``FileSource/open(pathBytes:)``.
  public var pathBytes: [UInt8]
  /// What it is.
  public var kind: Kind
  /// The size in bytes; 0 for anything but a file.
  public var size: Int
}

extension FileSource {
  /// Whether the path leads to a folder.
  public static func isFolder(path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }

  /// All files below a folder, sorted by the bytes of their relative paths.
  ///
  /// Hidden entries (names that start with a dot) are left out. Every physical folder is visited
  /// once, real folders before links to folders, so that link loops end and the answer does not
  /// depend on the order in which the system lists names.
  ///
  /// - Throws: `ReadFailure` with a code `io.*` where the folder itself cannot be listed.
  public static func list(folder path: String) throws(ReadFailure) -> [FolderEntry] {
    var walk = FolderWalk(root: Array(path.utf8))
    try walk.run()
    return walk.entries.sorted { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }.map(\.entry)
  }
}

/// A walk through a folder with an explicit stack.
private struct FolderWalk {
  struct Found {
    var sortKey: [UInt8]
    var entry: FolderEntry
  }
  struct Identity: Hashable {
    var device: UInt64
    var inode: UInt64
  }

  let root: [UInt8]
  var entries: [Found] = []
  private var visited: Set<Identity> = []
  /// Relative paths of real folders still to list.
  private var folders: [[UInt8]] = []
  /// Relative paths of links to folders, listed after all real ones.
  private var links: [[UInt8]] = []

  init(root: [UInt8]) { self.root = root }

  mutating func run() throws(ReadFailure) {
    var info = stat()
    guard stat(cString(root), &info) == 0 else {
      throw SourceFailure.system(errno, doing: "looking at the folder")
    }
    if let reason = visit([], info) {
      throw ReadFailure(
        "io.folder", found: "the folder cannot be listed (\(reason))",
        expected: "expected a readable folder")
    }
    while true {
      while let folder = folders.popLast() { enter(folder) }
      guard let next = links.min(by: { $0.lexicographicallyPrecedes($1) }) else { return }
      links.removeAll { $0 == next }
      enter(next)
    }
  }

  private mutating func enter(_ relative: [UInt8]) {
    var info = stat()
    guard stat(cString(absolute(relative)), &info) == 0 else { return }
    if let reason = visit(relative, info) { add(relative, .unreadableFolder(reason), 0) }
  }

  /// Lists one folder; gives the reason where the system refuses.
  private mutating func visit(_ relative: [UInt8], _ info: stat) -> String? {
    let identity = Identity(device: UInt64(info.st_dev), inode: UInt64(info.st_ino))
    guard visited.insert(identity).inserted else { return nil }
    guard let stream = opendir(cString(absolute(relative))) else {
      return SourceFailure.system(errno, doing: "listing").diagnostic.found
    }
    var names: [[UInt8]] = []
    while let record = readdir(stream) {
      let name = withUnsafeBytes(of: &record.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name.first != UInt8(ascii: ".") { names.append(name) }
    }
    closedir(stream)
    for name in names { classify(relative.isEmpty ? name : relative + [0x2F] + name) }
    return nil
  }

  private mutating func classify(_ relative: [UInt8]) {
    let path = cString(absolute(relative))
    var own = stat()
    guard lstat(path, &own) == 0 else { return }
    var target = own
    let isLink = own.st_mode & S_IFMT == S_IFLNK
    if isLink, stat(path, &target) != 0 { return add(relative, .brokenLink, 0) }
    if target.st_mode & S_IFMT == S_IFDIR {
      if isLink { links.append(relative) } else { folders.append(relative) }
    } else if let kind = SourceFailure.kind(ofMode: target.st_mode) {
      add(relative, .special(kind), 0)
    } else {
      add(relative, .file, Int(clamping: target.st_size))
    }
  }

  private mutating func add(_ relative: [UInt8], _ kind: FolderEntry.Kind, _ size: Int) {
    entries.append(
      Found(
        sortKey: relative,
        entry: FolderEntry(
          relativePath: String(decoding: relative, as: UTF8.self), pathBytes: absolute(relative),
          kind: kind, size: size)))
  }

  private func absolute(_ relative: [UInt8]) -> [UInt8] {
    if relative.isEmpty { return root }
    return root.last == 0x2F ? root + relative : root + [0x2F] + relative
  }

  private func cString(_ path: [UInt8]) -> [CChar] {
    path.prefix { $0 != 0 }.map { CChar(bitPattern: $0) } + [0]
  }
}

extension FileSource {
  /// When a file was last changed, in nanoseconds since 1970; nil where the system does not tell.
  public static func modified(pathBytes: [UInt8]) -> Int64? {
    var info = stat()
    guard !pathBytes.contains(0),
      stat(pathBytes.map { CChar(bitPattern: $0) } + [0], &info) == 0
    else { return nil }
    #if canImport(Darwin)
    let time = info.st_mtimespec
    #else
    let time = info.st_mtim
    #endif
    let (nanoseconds, overflow) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? nil : nanoseconds &+ Int64(time.tv_nsec)
  }
}
