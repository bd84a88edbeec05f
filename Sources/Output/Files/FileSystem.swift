#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Why a file of the results could not be written or read.
public struct OutputFailure: Error, Hashable, Sendable {
  /// What kind of failure it is.
  public enum Kind: String, Hashable, Sendable {
    /// The operating system refused.
    case system
    /// Another run holds the folder.
    case inUse
    /// A journal belongs to another run.
    case journal
    /// A database refused.
    case database
  }

  /// What kind of failure it is.
  public var kind: Kind
  /// The file or folder.
  public var path: String
  /// What went wrong, in plain words.
  public var reason: String

  /// A failure from its parts.
  public init(_ kind: Kind, path: String, reason: String) {
    self.kind = kind
    self.path = path
    self.reason = reason
  }
}

/// The calls that writing needs; tests put one that fails in its place.
public protocol FileSystem: Sendable {
  /// Creates a new file for writing; fails where one exists.
  func create(_ path: String) throws(SystemError) -> Int32
  /// Opens a file for appending and reading, made where it does not exist.
  func openForAppending(_ path: String) throws(SystemError) -> Int32
  /// Writes some of the bytes from `start` on and gives how many.
  func write(_ descriptor: Int32, _ bytes: [UInt8], from start: Int) throws(SystemError) -> Int
  /// Waits until the file's content is on the disk.
  func synchronise(_ descriptor: Int32) throws(SystemError)
  /// Closes a file.
  func close(_ descriptor: Int32)
  /// Gives a file its final name in one step.
  func rename(_ from: String, to: String) throws(SystemError)
  /// Removes a file; silent where there is none.
  func remove(_ path: String)
  /// Makes a folder with its parents; silent where it exists.
  func makeFolder(_ path: String) throws(SystemError)
  /// Waits until the names in a folder are on the disk.
  func synchroniseFolder(_ path: String) throws(SystemError)
}

/// An error number of the operating system.
public struct SystemError: Error, Hashable, Sendable {
  /// The number, as `errno` has it.
  public var number: Int32

  /// An error from its number.
  public init(_ number: Int32) { self.number = number }

  /// Why a write of nothing, or a disk that gives up, fails.
  enum Cause { case ioError }

  init(_ cause: Cause) { self.init(EIO) }

  /// The reason in plain words, the same in every locale.
  public var reason: String {
    switch number {
    case ENOENT: "no such file or folder"
    case EACCES, EPERM: "permission denied"
    case EEXIST: "already exists"
    case ENOTDIR: "a part of the path is no folder"
    case EISDIR: "is a folder"
    case ENOSPC: "no space left on the disk"
    case EDQUOT: "disk quota exceeded"
    case EFBIG: "file too large for the file system"
    case EROFS: "read-only file system"
    case EIO: "input/output error of the disk"
    case EMFILE, ENFILE: "too many open files"
    case ENAMETOOLONG: "name too long"
    case ELOOP: "too many links"
    default: "system error \(number)"
    }
  }
}

/// The file system of the machine.
public struct SystemFiles: FileSystem {
  /// The machine's file system.
  public init() {}

  private func retrying(_ call: () -> Int32) throws(SystemError) -> Int32 {
    while true {
      let result = call()
      if result >= 0 { return result }
      if errno != EINTR { throw SystemError(errno) }
    }
  }

  /// Creates a new file for writing, never through a link.
  public func create(_ path: String) throws(SystemError) -> Int32 {
    try retrying { open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666) }
  }

  /// Opens a file for appending and reading, never through a link.
  public func openForAppending(_ path: String) throws(SystemError) -> Int32 {
    try retrying { open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0o666) }
  }

  /// Writes some of the bytes and gives how many; an interrupted call is repeated.
  public func write(
    _ descriptor: Int32, _ bytes: [UInt8], from start: Int
  ) throws(SystemError) -> Int {
    guard start >= 0, start < bytes.count else { return 0 }
    while true {
      let count = bytes.withUnsafeBytes { buffer in
        #if canImport(Glibc)
        Glibc.write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
        #elseif canImport(Musl)
        Musl.write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
        #elseif canImport(Darwin)
        Darwin.write(descriptor, buffer.baseAddress.map { $0 + start }, buffer.count - start)
        #endif
      }
      if count >= 0 { return count }
      if errno != EINTR { throw SystemError(errno) }
    }
  }

  /// Waits until the file is on the disk.
  public func synchronise(_ descriptor: Int32) throws(SystemError) {
    _ = try retrying { fsync(descriptor) }
  }

  /// Closes a file.
  public func close(_ descriptor: Int32) {
    #if canImport(Glibc)
    _ = Glibc.close(descriptor)
    #elseif canImport(Musl)
    _ = Musl.close(descriptor)
    #elseif canImport(Darwin)
    _ = Darwin.close(descriptor)
    #endif
  }

  /// Gives a file its final name in one step.
  public func rename(_ from: String, to: String) throws(SystemError) {
    #if canImport(Glibc)
    _ = try retrying { Glibc.rename(from, to) }
    #elseif canImport(Musl)
    _ = try retrying { Musl.rename(from, to) }
    #elseif canImport(Darwin)
    _ = try retrying { Darwin.rename(from, to) }
    #endif
  }

  /// Removes a file; silent where there is none.
  public func remove(_ path: String) { _ = unlink(path) }

  /// Makes a folder with its parents.
  public func makeFolder(_ path: String) throws(SystemError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
      if mkdir(made, 0o777) != 0 {
        let number = errno
        // A parent that exists may refuse with any reason; only its being a folder counts.
        var status = stat()
        guard stat(made, &status) == 0 else { throw SystemError(number) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw SystemError(ENOTDIR) }
      }
    }
  }

  /// Waits until the names in a folder are on the disk.
  public func synchroniseFolder(_ path: String) throws(SystemError) {
    let descriptor = try retrying { open(path.isEmpty ? "." : path, O_RDONLY | O_CLOEXEC) }
    defer { close(descriptor) }
    // Some file systems cannot do this for folders, and say so; the rename itself has happened.
    if fsync(descriptor) != 0, errno != EINVAL, errno != ENOTSUP { throw SystemError(errno) }
  }
}
