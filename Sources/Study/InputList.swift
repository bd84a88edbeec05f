internal import Bytes
public import FormatRegistry
internal import Output
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
  /// The archive that holds it and its name there; nil for a file on the disk.
  public var member: (folder: ZippedFolder, name: String)?

  /// The bytes of the path of the file on the disk: of the archive, for a member.
  public var storedPathBytes: [UInt8] { member?.folder.pathBytes ?? pathBytes }

  /// The name of the folder that holds the file; an archive is a folder without its extension.
  public var folderName: String {
    let parts = path.split(separator: "/")
    guard parts.count >= 2 else { return "" }
    let name = parts[parts.count - 2]
    guard let member, !member.name.contains("/"), let dot = name.lastIndex(of: "."),
      dot != name.startIndex
    else { return String(name) }
    return String(name[..<dot])
  }
}

/// The files that a list of command-line arguments stands for.
public enum InputList {
  /// The files of the arguments, in sorted order of the shown paths, each once.
  ///
  /// A folder stands for every file below it; hidden files, studies and results folders of our own
  /// are left out. A folder without any file is an error. A zip archive that no format claims stands
  /// for its members, as a folder does; it is shown as the folder `archive.zip`.
  ///
  /// - Throws: `ReadFailure` with a code `io.*` where an argument that is a folder cannot be listed.
  public static func expand(
    _ arguments: [String], reader: InputReader = InputReader()
  ) throws(ReadFailure) -> [BatchInput] {
    var inputs: [BatchInput] = []
    let folders = arguments.filter { $0 != "-" && FileSource.isFolder(path: $0) }
    for argument in arguments {
      guard folders.contains(argument) else {
        inputs += members(
          of: BatchInput(path: argument, pathBytes: Array(argument.utf8), shown: argument), reader)
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
      let names = Set(entries.map(\.relativePath))
      for entry in entries {
        if own.contains(where: { entry.relativePath.hasPrefix($0) })
          || isOurs(entry.relativePath, among: names)
        {
          continue
        }
        // One folder: paths relative to it. Several: the folder as given stands before.
        let prefix = argument.hasSuffix("/") ? argument : argument + "/"
        inputs += members(
          of: BatchInput(
            path: prefix + entry.relativePath, pathBytes: entry.pathBytes,
            shown: folders.count == 1 && arguments.count == 1
              ? entry.relativePath : prefix + entry.relativePath,
            root: argument, problem: problem(entry)), reader)
      }
    }
    inputs.sort { $0.shown.utf8.lexicographicallyPrecedes($1.shown.utf8) }
    var seen: Set<[UInt8]> = []
    return inputs.filter { seen.insert($0.pathBytes).inserted }
  }

  /// The members of an archive; the input itself for any other file.
  private static func members(of input: BatchInput, _ reader: InputReader) -> [BatchInput] {
    guard input.problem == nil, input.path != "-" else { return [input] }
    do throws(ReadFailure) {
      guard let archive = try ZippedFolder.list(input.pathBytes, reader: reader) else {
        return [input]
      }
      let names = Set(archive.members.map(\.name))
      var inputs = archive.members.filter { !isOurs($0.name, among: names) }.map { member in
        BatchInput(
          path: "\(input.path)/\(member.name)",
          pathBytes: input.pathBytes + [0x2F] + Array(member.name.utf8),
          shown: "\(input.shown)/\(member.name)", root: input.root ?? input.path,
          problem: member.problem, member: (archive.folder, member.name))
      }
      if let problem = archive.problem {
        var damaged = input
        damaged.problem = problem
        inputs.append(damaged)
      }
      return inputs
    } catch {
      var damaged = input
      damaged.problem = error
      return [damaged]
    }
  }

  /// `study.yaml`, and `FILE.meta.yaml` beside FILE; PFHub's records have such names too, but no FILE.
  private static func isOurs(_ path: String, among all: Set<String>) -> Bool {
    let name = path.split(separator: "/").last ?? ""
    if name == "study.yaml" { return true }
    let ending = ".meta.yaml"
    return name.hasSuffix(ending) && all.contains(String(path.dropLast(ending.count)))
  }

  /// Folders that hold both `results.json` and `report.html`, or a journal of ours, with a slash at the
  /// end.
  private static let journalMark = Array("{\"journal\":1,".utf8)

  private static func resultsFolders(_ entries: [FolderEntry]) -> [String] {
    var reports: Set<Substring> = []
    var results: Set<Substring> = []
    for entry in entries {
      let path = entry.relativePath[...]
      if path.hasSuffix("/report.html") { reports.insert(path.dropLast("report.html".count)) }
      if path.hasSuffix("/results.json") { results.insert(path.dropLast("results.json".count)) }
    }
    let unfinished = entries.filter {
      $0.relativePath.hasSuffix("/\(Journal.name)")
        && FileSource.head(pathBytes: $0.pathBytes, count: journalMark.count) == journalMark
    }.map { String($0.relativePath.dropLast(Journal.name.count)) }
    return (reports.intersection(results).map(String.init) + unfinished).sorted()
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
  ///
  /// - Parameters:
  ///   - reader: the reader of the batch.
  ///   - given: long names of options of the command line, which count in place of what is said of this input.
  public func read(with reader: InputReader, beating given: Set<String> = []) -> InputReading {
    if let problem {
      return InputReading(
        identity: InputIdentity(path: shown, bytes: 0, sha256: ""), outcome: .failure(problem))
    }
    let base = reader
    let reader: InputReader
    do throws(ReadFailure) {
      reader = try self.reader(base, beating: given)
    } catch {
      return InputReading(
        identity: InputIdentity(path: shown, bytes: 0, sha256: ""), outcome: .failure(error))
    }
    if let member {
      return reader.read(member: member.name, of: member.folder, shown: shown)
    }
    return reader.read(path: path, pathBytes: pathBytes, shown: shown)
  }
}
