import Bytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The development corpus of real instrument files, which is not part of the repository.
///
/// It stands where the environment variable `INTERPHASE_CORPUS` says, else in `../shared/corpus`
/// beside the package; tests that need it are skipped where it is absent.
public enum Corpus {
  /// The folder of the corpus, or nil where there is none.
  public static let root: String? = {
    if let named = getenv("INTERPHASE_CORPUS") {
      let path = String(cString: named)
      return FileSource.isFolder(path: path) ? path : nil
    }
    // …/Tests/TestSupport/Corpus.swift; a worktree stands one level deeper than a plain checkout.
    let package = #filePath.split(separator: "/").dropLast(3)
    for parent in [package.dropLast(), package.dropLast(2)] {
      let path = "/" + (parent + ["shared", "corpus"]).joined(separator: "/")
      if FileSource.isFolder(path: path) { return path }
    }
    return nil
  }()

  /// Whether the corpus is there.
  public static var available: Bool { root != nil }

  /// The path of a file of the corpus.
  public static func path(_ relative: String) -> String {
    (root ?? "corpus-absent") + "/" + relative
  }
}
