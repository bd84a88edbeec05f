internal import Bytes
internal import Tables

/// The files that earlier runs left in a results folder, as their crate and their journal name them.
///
/// Only such files are ever removed, and only where their content is still the one that was written.
struct EarlierFiles: Sendable {
  /// Size and hash by name; nil where only the name is known (figures of a run that did not end).
  private(set) var files: [String: (bytes: Int, sha256: String)?] = [:]

  /// The files that the crate of a folder names.
  init(crateOf folder: String) {
    guard let bytes = try? FileSource.open(path: folder + "/ro-crate-metadata.json"),
      let crate = try? JSONText.parse(bytes, area: "crate"),
      case .list(let graph)? = crate["@graph"]
    else { return }
    for entity in graph where entity["@type"]?.text == "File" {
      guard let name = entity["name"]?.text, Self.isInside(name) else { continue }
      guard let hash = entity["sha256"]?.text,
        let size = entity["contentSize"]?.text.flatMap({ Int($0) })
      else { continue }
      files[name] = (size, hash)
    }
  }

  /// Adds figures that a journal names, with the numbers beside them.
  mutating func add(figuresOf line: ResultValue) {
    guard case .list(let figures)? = line["figures"] else { return }
    for figure in figures {
      guard let name = figure.text, Self.isInside(name), name.hasPrefix("figures/"),
        name.hasSuffix(".svg")
      else { continue }
      for file in [name, name.dropLast(4) + ".csv"] where files[file] == nil {
        files.updateValue(nil, forKey: file)
      }
    }
  }

  /// Whether a name leads to a file of the folder or of one in it.
  private static func isInside(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.utf8.contains(0) }
  }

  /// The files that may be removed: of no use to this run, and as they were written.
  func stale(in folder: String, keeping names: [String]) -> [String] {
    let kept = Set(names)
    let wanted = files.keys.filter { !kept.contains($0) }
    return wanted.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.filter { name in
      guard let known = files[name] ?? nil else { return true }
      guard let bytes = try? FileSource.open(path: "\(folder)/\(name)"), bytes.count == known.bytes
      else { return false }
      return SHA256.hex(of: bytes) == known.sha256
    }
  }
}
