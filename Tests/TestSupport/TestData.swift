import Bytes
import Tables

/// The generated samples of the repository, `TestData/`, with the truth beside each.
public enum TestData {
  /// The folder.
  public static let root: String =
    "/" + (#filePath.split(separator: "/").dropLast(3) + ["TestData"]).joined(separator: "/")

  /// The path of a sample.
  public static func path(_ relative: String) -> String { root + "/" + relative }

  /// The samples of a folder by relative path, without truth files, sorted.
  public static func samples(_ folder: String) -> [String] {
    do throws(ReadFailure) {
      return try FileSource.list(folder: path(folder))
        .filter { $0.kind == .file && !$0.relativePath.hasSuffix(".truth.json") }
        .map { folder + "/" + $0.relativePath }
    } catch {
      return []
    }
  }
}
