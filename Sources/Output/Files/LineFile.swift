#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import Synchronization

/// A file of lines that grows while a run goes on, held by one run at a time.
///
/// A line goes out in one write. It is on the disk at the latest 50 ms after, with the lines beside it,
/// or when the file is finished.
public final class LineFile: Sendable {
  /// The path.
  public let path: String
  private let files: any FileSystem
  private let lock: Int32
  private let file = Mutex<GrowingFile?>(nil)

  /// Takes hold of a file, which need not exist; nothing is written yet.
  ///
  /// Throws `OutputFailure` of kind `inUse` where another run holds it.
  public init(_ path: String, files: any FileSystem = SystemFiles()) throws(OutputFailure) {
    self.path = path
    self.files = files
    let (folder, name) = AtomicFile.split(path)
    let lockPath = (folder.isEmpty ? "" : folder + "/") + ".\(name).lock"
    let descriptor: Int32
    do throws(SystemError) {
      if !folder.isEmpty { try files.makeFolder(folder) }
      descriptor = try files.openForAppending(lockPath)
    } catch {
      throw OutputFailure(.system, path: lockPath, reason: error.reason)
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      files.close(descriptor)
      throw OutputFailure(
        .inUse, path: path, reason: "another run writes this file; wait for it or choose another -o"
      )
    }
    lock = descriptor
  }

  deinit { files.close(lock) }

  /// Starts the file with what it keeps of an earlier run, in one step.
  public func start(keeping bytes: [UInt8]) throws(OutputFailure) {
    try AtomicFile.write(bytes, to: path, files: files)
    let opened = try GrowingFile(path, files: files)
    file.withLock { $0 = opened }
  }

  /// Adds a line, which ends in a newline; what fails is thrown by ``finish()``.
  public func append(_ line: [UInt8]) { file.withLock { $0 }?.append(line) }

  /// Brings all lines to the disk and throws what went wrong while they were written.
  public func finish() throws(OutputFailure) { try file.withLock { $0 }?.finish() }
}
