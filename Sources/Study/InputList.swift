internal import Bytes
public import FormatRegistry
public import Tables

/// One file that a command was asked to read.
public struct BatchInput: Sendable {
  /// The path to open; `-` is standard input.
  public var path: String
  /// The bytes of the path, where its name is no UTF-8.
  public var pathBytes: [UInt8]
  /// The path as shown: as given, or relative to the folder given.
  public var shown: String
  /// The folder argument that it was found in; nil for a file named itself.
  public var root: String?
  /// Why it cannot be opened at all (a device, a broken link), found while listing.
  public var problem: ReadFailure?

  /// The name of the folder that holds the file.
  public var folderName: String {
    let parts = path.split(separator: "/")
    return parts.count >= 2 ? String(parts[parts.count - 2]) : ""
  }
}

/// The files that a list of command-line arguments stands for.
public enum InputList {
  /// The files of the arguments, in sorted order of the shown paths, each once.
  ///
  /// A folder stands for every file below it; hidden files, studies and results folders of our own
  /// are left out. A folder without any file is an error.
  ///
  /// - Throws: `ReadFailure` with a code `io.*` where an argument that is a folder cannot be listed.
  public static func expand(_ arguments: [String]) throws(ReadFailure) -> [BatchInput] {
    var inputs: [BatchInput] = []
    let folders = arguments.filter { $0 != "-" && FileSource.isFolder(path: $0) }
    for argument in arguments {
      guard folders.contains(argument) else {
        inputs.append(
          BatchInput(path: argument, pathBytes: Array(argument.utf8), shown: argument))
        continue
      }
      let entries: [FolderEntry]
      do {
        entries = try FileSource.list(folder: argument)
      } catch {
        throw ReadFailure(
          error.diagnostic.code, at: error.diagnostic.place,
          found: "\(argument): \(error.diagnostic.found)", expected: error.diagnostic.expected)
      }
      let own = resultsFolders(entries)
      for entry in entries {
        if own.contains(where: { entry.relativePath.hasPrefix($0) }) || isOurs(entry) { continue }
        // One folder: paths relative to it. Several: the folder as given stands before.
        let prefix = argument.hasSuffix("/") ? argument : argument + "/"
        inputs.append(
          BatchInput(
            path: prefix + entry.relativePath, pathBytes: entry.pathBytes,
            shown: folders.count == 1 && arguments.count == 1
              ? entry.relativePath : prefix + entry.relativePath,
            root: argument, problem: problem(entry)))
      }
    }
    inputs.sort { $0.shown.utf8.lexicographicallyPrecedes($1.shown.utf8) }
    var seen: Set<[UInt8]> = []
    return inputs.filter { seen.insert($0.pathBytes).inserted }
  }

  private static func isOurs(_ entry: FolderEntry) -> Bool {
    let name = entry.relativePath.split(separator: "/").last ?? ""
    return name == "study.yaml" || name.hasSuffix(".meta.yaml")
  }

  /// Folders that hold both `results.json` and `report.html`, with a slash at the end.
  private static func resultsFolders(_ entries: [FolderEntry]) -> [String] {
    var reports: Set<Substring> = []
    var results: Set<Substring> = []
    for entry in entries {
      let path = entry.relativePath[...]
      if path.hasSuffix("/report.html") { reports.insert(path.dropLast("report.html".count)) }
      if path.hasSuffix("/results.json") { results.insert(path.dropLast("results.json".count)) }
    }
    return reports.intersection(results).map(String.init).sorted()
  }

  private static func problem(_ entry: FolderEntry) -> ReadFailure? {
    switch entry.kind {
    case .file: nil
    case .special(let what):
      ReadFailure("io.not-regular", found: "it is \(what)", expected: "expected a regular file")
    case .brokenLink:
      ReadFailure(
        "io.broken-link", found: "it is a link that leads to no file",
        expected: "expected a regular file")
    case .unreadableFolder(let reason):
      ReadFailure(
        "io.folder", found: "the folder cannot be listed (\(reason))",
        expected: "expected a readable folder")
    }
  }
}

extension BatchInput {
  /// Reads the file; what the listing found wrong with it stands in the outcome.
  public func read(with reader: InputReader) -> InputReading {
    if let problem {
      return InputReading(
        identity: InputIdentity(path: shown, bytes: 0, sha256: ""), outcome: .failure(problem))
    }
    return reader.read(path: path, pathBytes: pathBytes, shown: shown)
  }
}
