#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
public import Tables

/// Opens files and standard input as immutable bytes.
///
/// Only regular files are read: the descriptor is opened without waiting and looked at before a byte
/// is read, so that a pipe, a device or a folder under the name of a data file is an error at once.
public enum FileSource {
  /// Files up to this size are read into memory, larger ones are mapped read-only.
  static let largestCopy = 256 << 20
  /// Files from this size on come into memory by parts where that is asked for.
  static let leastOnDemand = 16 << 20

  /// The whole content of a regular file.
  ///
  /// A file that changes while it is read is read once more, then refused with `io.changed`.
  ///
  /// - Throws: `ReadFailure` with a code `io.*` in plain words.
  public static func open(path: String) throws(ReadFailure) -> ByteView {
    try open(pathBytes: Array(path.utf8))
  }

  /// The whole content of a regular file whose name need not be UTF-8.
  ///
  /// - Parameter isOnDemand: whether of a large file only those parts may come into memory that somebody
  ///   looks at; ``ByteView/isChanged`` then tells afterwards whether they belong together.
  public static func open(
    pathBytes: [UInt8], isOnDemand: Bool = false
  ) throws(ReadFailure) -> ByteView {
    if let view = try attempt(pathBytes, isOnDemand) { return view }
    if let view = try attempt(pathBytes, isOnDemand) { return view }
    throw changed
  }

  /// The error of a file that does not stay what it is.
  public static var changed: ReadFailure {
    ReadFailure(
      "io.changed", found: "the file changed while it was read, twice",
      expected: "expected a file that nobody writes to")
  }

  /// The size of a regular file; nil for anything else.
  public static func size(pathBytes: [UInt8]) -> Int? {
    var info = stat()
    guard !pathBytes.contains(0), stat(pathBytes.map { CChar(bitPattern: $0) } + [0], &info) == 0,
      info.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Int(info.st_size)
  }

  /// The memory of this machine in bytes; nil where the system does not tell.
  public static var physicalMemory: Int? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let size = sysconf(Int32(_SC_PAGESIZE))
    guard pages > 0, size > 0 else { return nil }
    let (bytes, overflow) = pages.multipliedReportingOverflow(by: size)
    return overflow ? nil : bytes
  }

  /// Standard input up to its end, at most `cap` bytes.
  public static func standardInput(cap: Int = 1 << 30) throws(ReadFailure) -> ByteView {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let n = chunk.withUnsafeMutableBytes { read(STDIN_FILENO, $0.baseAddress, $0.count) }
      if n < 0 {
        if errno == EINTR { continue }
        throw SourceFailure.system(errno, doing: "reading standard input")
      }
      if n == 0 { return ByteView(bytes) }
      if bytes.count + n > cap {
        throw ReadFailure(
          "io.too-large", at: .byte(cap), found: "standard input goes on beyond \(cap) bytes",
          expected: "expected less, or a higher limit (--max-expand)")
      }
      bytes.append(contentsOf: chunk[0..<n])
    }
  }

  /// The first bytes of a regular file; empty for anything else and for what cannot be read.
  public static func head(pathBytes: [UInt8], count: Int) -> [UInt8] {
    var info = stat()
    // A pipe must not be opened for a look: that would take its bytes away.
    guard !pathBytes.contains(0),
      stat(pathBytes.map { CChar(bitPattern: $0) } + [0], &info) == 0,
      info.st_mode & S_IFMT == S_IFREG, let descriptor = try? openRegular(pathBytes)
    else { return [] }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    let n = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    return Array(bytes.prefix(max(0, n)))
  }

  /// One attempt at reading; nil where the file changed meanwhile.
  private static func attempt(
    _ path: [UInt8], _ isOnDemand: Bool
  ) throws(ReadFailure) -> ByteView? {
    let descriptor = try openRegular(path)
    var isKept = false
    defer { if !isKept { close(descriptor) } }
    var before = stat()
    guard fstat(descriptor, &before) == 0 else {
      throw SourceFailure.system(errno, doing: "looking at the file")
    }
    if before.st_mode & S_IFMT == S_IFDIR {
      throw ReadFailure(
        "io.directory", found: "this is a folder", expected: "expected a regular file")
    }
    if let kind = SourceFailure.kind(ofMode: before.st_mode) {
      throw SourceFailure.notRegular(kind)
    }
    guard let size = Int(exactly: before.st_size), size >= 0 else {
      throw SourceFailure.system(EFBIG, doing: "measuring the file")
    }
    if isOnDemand, size >= leastOnDemand, size <= largestCopy {
      isKept = true
      return ByteView(
        storage: ByteStorage(FileOnDemand(descriptor: descriptor, info: before, count: size)))
    }
    if size > largestCopy { return try map(descriptor, size) }
    var failure: Int32 = 0
    let view = ByteView(capacity: size) { target in
      var filled = 0
      while filled < size {
        let n = pread(
          descriptor, target.baseAddress.map { $0 + filled }, size - filled, off_t(filled))
        if n < 0 {
          if errno == EINTR { continue }
          failure = errno
          return 0
        }
        if n == 0 { break }
        filled += n
      }
      return filled
    }
    if failure != 0 { throw SourceFailure.system(failure, doing: "reading") }
    var after = stat()
    guard view.count == size, fstat(descriptor, &after) == 0, unchanged(before, after) else {
      return nil
    }
    return view
  }

  static func openRegular(_ path: [UInt8]) throws(ReadFailure) -> Int32 {
    guard !path.contains(0) else { throw SourceFailure.system(ENOENT, doing: "opening") }
    let text = path.map { CChar(bitPattern: $0) } + [0]
    while true {
      let descriptor = openDescriptor(text)
      if descriptor >= 0 { return descriptor }
      let code = errno
      if code == EINTR { continue }
      var link = stat()
      let isLink = lstat(text, &link) == 0 && link.st_mode & S_IFMT == S_IFLNK
      throw SourceFailure.system(code, doing: "opening", isLink: isLink)
    }
  }

  private static func map(_ descriptor: Int32, _ size: Int) throws(ReadFailure) -> ByteView {
    guard let base = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), base != MAP_FAILED
    else { throw SourceFailure.system(errno, doing: "mapping the file") }
    return ByteView(
      storage: ByteStorage(base: UnsafeRawPointer(base), count: size) { pointer, count in
        munmap(UnsafeMutableRawPointer(mutating: pointer), count)
      })
  }

  static func unchanged(_ a: stat, _ b: stat) -> Bool {
    #if canImport(Darwin)
    a.st_size == b.st_size && a.st_mtimespec.tv_sec == b.st_mtimespec.tv_sec
      && a.st_mtimespec.tv_nsec == b.st_mtimespec.tv_nsec
    #else
    a.st_size == b.st_size && a.st_mtim.tv_sec == b.st_mtim.tv_sec
      && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec
    #endif
  }
}

/// `open(2)` for reading, without waiting for a partner and without becoming a terminal's owner.
private func openDescriptor(_ path: [CChar]) -> Int32 {
  open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
}
