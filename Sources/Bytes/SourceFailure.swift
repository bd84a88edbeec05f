#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif
internal import Tables

/// Why the system did not give a file's content, in plain words.
enum SourceFailure {
  /// The failure of a system call on a path, from its `errno`.
  static func system(_ code: Int32, doing what: String, isLink: Bool = false) -> ReadFailure {
    switch code {
    case ENOENT where isLink:
      return ReadFailure(
        "io.dangling-link", found: "the link leads to nothing",
        expected: "expected a link to a regular file")
    case ENOENT, ENOTDIR:
      return ReadFailure(
        "io.missing", found: "no such file", expected: "expected the path of a regular file")
    case ELOOP:
      return ReadFailure(
        "io.link-loop", found: "the links on this path form a loop",
        expected: "expected a path that leads to a regular file")
    case EACCES, EPERM:
      return ReadFailure(
        "io.permission", found: "no permission to read", expected: "expected a readable file")
    case ENAMETOOLONG:
      return ReadFailure(
        "io.name-too-long", found: "the path is longer than the system allows",
        expected: "expected a shorter path")
    case ENXIO, ENODEV:
      return notRegular("a socket, a pipe or a device without a partner")
    default:
      return ReadFailure(
        "io.read", found: "\(what) failed with system error \(code)",
        expected: "expected a readable file")
    }
  }

  /// The failure for something that is no regular file.
  static func notRegular(_ what: String) -> ReadFailure {
    ReadFailure("io.not-regular", found: "this is \(what)", expected: "expected a regular file")
  }

  /// What a file type of `stat` is called; nil for a regular file.
  static func kind(ofMode mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFDIR: "a folder"
    case S_IFIFO: "a named pipe (FIFO)"
    case S_IFSOCK: "a socket"
    case S_IFCHR, S_IFBLK: "a device"
    default: "no regular file"
    }
  }
}
