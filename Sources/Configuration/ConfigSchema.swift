internal import Tables

/// The keys that a configuration may hold, in the order in which the defaults are printed.
public struct ConfigSchema: Sendable {
  /// What the configuration is for, the first line of the printed defaults.
  public let title: String
  /// The keys.
  public let keys: [ConfigKey]
  /// An entry of `cases:` for the printed defaults; nil where there are no cases.
  public let caseExample: String?
  private let byPath: [String: Int]

  /// A schema; of two keys with one path the first counts.
  public init(title: String, keys: [ConfigKey], caseExample: String? = nil) {
    self.title = title
    self.keys = keys
    self.caseExample = caseExample
    byPath = Dictionary(
      keys.enumerated().map { ($1.path, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The key of a path.
  public subscript(path: String) -> ConfigKey? { byPath[path].map { keys[$0] } }

  /// Whether a longer path begins with this one.
  func isGroup(_ path: String) -> Bool {
    keys.contains { $0.path.hasPrefix(path + ".") }
  }

  /// The known key, group or last part of a key that is most like an unknown one.
  ///
  /// Nil where none is near: more than a third of the letters would have to change.
  func nearest(to path: String) -> String? {
    var candidates = keys.map(\.path)
    if caseExample != nil { candidates.append("cases") }
    for key in keys {
      var parts = key.path.split(separator: ".").dropLast()
      while !parts.isEmpty {
        let group = parts.joined(separator: ".")
        if !candidates.contains(group) { candidates.append(group) }
        parts = parts.dropLast()
      }
    }
    func last(_ path: String) -> String { path.split(separator: ".").last.map(String.init) ?? path }
    var best: (path: String, distance: Int)?
    for candidate in candidates {
      // A key in the wrong group is as near as its own name is.
      let whole = EditDistance.between(path, candidate)
      let part = EditDistance.between(last(path), last(candidate)) + 1
      let distance = min(whole, part)
      if distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    guard let best, best.distance <= max(2, last(path).count / 3 + 1) else { return nil }
    return best.path
  }
}
