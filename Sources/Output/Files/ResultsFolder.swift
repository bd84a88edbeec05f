#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import Synchronization

/// A results folder, held by one run at a time.
///
/// A file appears under its final name only when it is whole: it is written under a temporary name in
/// the same folder, brought to the disk, renamed, and the folder brought to the disk. After a kill at
/// any instant no half file stands under a final name; temporaries left behind are removed by the next
/// run. The lock is advisory (`flock` on `.lock`) and falls with the process that holds it.
public final class ResultsFolder: Sendable {
  /// The path.
  public let path: String
  private let files: any FileSystem
  private let lock: Int32
  private let earlier: Mutex<EarlierFiles>

  /// What temporary names start with.
  static let temporaryPrefix = ".interphase-tmp-"

  /// Makes the folder where needed, takes its lock and removes temporaries that a killed run left.
  ///
  /// Throws `OutputFailure` of kind `inUse` where another run holds the folder.
  public init(_ path: String, files: any FileSystem = SystemFiles()) throws(OutputFailure) {
    let path = path.isEmpty ? "." : path
    self.path = path
    self.files = files
    do {
      try files.makeFolder(path)
    } catch {
      throw OutputFailure(.system, path: path, reason: error.reason)
    }
    let lockPath = path + "/.lock"
    let descriptor: Int32
    do {
      descriptor = try files.openForAppending(lockPath)
    } catch {
      throw OutputFailure(.system, path: lockPath, reason: error.reason)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      files.close(descriptor)
      if number == EWOULDBLOCK {
        throw OutputFailure(
          .inUse, path: path,
          reason: "another run holds this results folder; wait for it or choose another with -o")
      }
      throw OutputFailure(.system, path: lockPath, reason: SystemError(number).reason)
    }
    lock = descriptor
    earlier = Mutex(EarlierFiles(crateOf: path))
    removeLeftovers(in: path)
    for sub in ["figures", "fields", "series"] { removeLeftovers(in: path + "/" + sub) }
  }

  deinit { files.close(lock) }

  /// Writes a file; `name` may hold folders, which are made.
  ///
  /// - Returns: the path relative to the folder.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws(OutputFailure) -> String {
    try AtomicFile.write(bytes, to: path + "/" + name, files: files)
    return name
  }

  /// Gives a file that something else wrote under a temporary name its final one.
  ///
  /// - Parameters:
  ///   - name: the final name in this folder.
  ///   - make: writes the file at the path it is given, which does not exist yet.
  public func write(
    _ name: String, make: (_ temporary: String) throws(OutputFailure) -> Void
  ) throws(OutputFailure) {
    let temporary = path + "/" + AtomicFile.temporaryName(for: name)
    files.remove(temporary)
    do {
      try make(temporary)
    } catch {
      files.remove(temporary)
      throw error
    }
    do throws(SystemError) {
      let descriptor = try files.openForAppending(temporary)
      defer { files.close(descriptor) }
      try files.synchronise(descriptor)
      try files.rename(temporary, to: path + "/" + name)
      try files.synchroniseFolder(path)
    } catch {
      files.remove(temporary)
      throw OutputFailure(.system, path: path + "/" + name, reason: error.reason)
    }
  }

  /// Remembers the figures that the journal of an earlier run names.
  public func remember(figuresOf lines: [JournalText.Line]) {
    earlier.withLock { earlier in
      for line in lines { earlier.add(figuresOf: line.head) }
    }
  }

  /// Removes the files that earlier runs wrote, by their crate or journal, and this one did not.
  ///
  /// A file whose content is no longer that of the crate stays: somebody changed it.
  public func removeStale(keeping names: [String]) {
    let kept =
      names + [
        Journal.name, "results.json", "results.csv", "results.sqlite", "report.html",
        "ro-crate-metadata.json",
      ]
    for name in earlier.withLock({ $0.stale(in: path, keeping: kept) }) {
      files.remove(path + "/" + name)
    }
  }

  /// Whether the run that wrote the journal also wrote the crate, which comes last.
  public var isFinished: Bool {
    func changed(_ name: String) -> (Int, Int)? {
      var status = stat()
      guard stat(path + "/" + name, &status) == 0 else { return nil }
      #if canImport(Darwin)
      let time = status.st_mtimespec
      #else
      let time = status.st_mtim
      #endif
      return (Int(time.tv_sec), Int(time.tv_nsec))
    }
    guard let crate = changed("ro-crate-metadata.json") else { return false }
    return changed(Journal.name).map { $0 <= crate } ?? true
  }

  /// The size of a file of the folder; nil where there is none.
  public func size(of name: String) -> Int? {
    var status = stat()
    guard stat(path + "/" + name, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return Int(status.st_size)
  }

  private func removeLeftovers(in folder: String) {
    guard let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(Self.temporaryPrefix) { names.append(name) }
    }
    for name in names { files.remove(folder + "/" + name) }
  }
}

/// Writes one file so that it is either whole or not there.
public enum AtomicFile {
  /// Writes the bytes under a temporary name in the same folder, then renames.
  ///
  /// On failure an earlier file of that name is untouched and no temporary stays behind.
  public static func write(
    _ bytes: [UInt8], to path: String, files: any FileSystem = SystemFiles()
  ) throws(OutputFailure) {
    let (folder, name) = split(path)
    let temporary = (folder.isEmpty ? "" : folder + "/") + temporaryName(for: name)
    do throws(SystemError) {
      if !folder.isEmpty { try files.makeFolder(folder) }
      files.remove(temporary)
      try fill(temporary, bytes, files)
      try files.rename(temporary, to: path)
      try files.synchroniseFolder(folder)
    } catch {
      files.remove(temporary)
      throw OutputFailure(.system, path: path, reason: error.reason)
    }
  }

  private static func fill(
    _ temporary: String, _ bytes: [UInt8], _ files: any FileSystem
  ) throws(SystemError) {
    let descriptor = try files.create(temporary)
    defer { files.close(descriptor) }
    var written = 0
    while written < bytes.count {
      let n = try files.write(descriptor, bytes, from: written)
      if n == 0 { throw SystemError(EIO) }
      written += n
    }
    try files.synchronise(descriptor)
  }

  static func temporaryName(for name: String) -> String {
    ResultsFolder.temporaryPrefix + SafeName.make(name)
  }

  /// The folder (without a slash at its end) and the name of a path.
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }
}
