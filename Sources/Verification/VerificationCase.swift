public import Configuration
public import Tables
internal import Units

/// A problem whose answer is known, with parameters that a reader can change.
public struct VerificationCase: Sendable {
  /// The id on the command line.
  public let id: String
  /// What is checked, one line.
  public let title: String
  /// The parameters.
  public let keys: [ConfigKey]
  private let body: @Sendable (ConfigValues) throws(ReadFailure) -> [VerificationRow]

  /// A case from its parameters and its computation.
  public init(
    _ id: String, _ title: String, keys: [ConfigKey] = [],
    _ body: @escaping @Sendable (ConfigValues) throws(ReadFailure) -> [VerificationRow]
  ) {
    self.id = id
    self.title = title
    self.keys = keys
    self.body = body
  }

  /// Whether a `KEY=VALUE` can be meant for this case; `ID.KEY=VALUE` is meant for it alone.
  public func takes(_ set: String) -> Bool { own(set) != nil }

  /// The `KEY=VALUE` without the id before it; nil where this case has no such key.
  private func own(_ set: String) -> String? {
    var text = set[...]
    if text.hasPrefix(id + ".") { text = text.dropFirst(id.count + 1) }
    let key = text.prefix { $0 != "=" }
    return keys.contains { $0.path == key } ? String(text) : nil
  }

  /// Runs the case with the overrides that are meant for it.
  ///
  /// - Throws: ``ReadFailure`` where an override is no value of its key.
  public func run(sets: [String] = []) throws(ReadFailure) -> [VerificationRow] {
    let schema = ConfigSchema(title: title, keys: keys)
    let values = try schema.read("", set: sets.compactMap(own)).base
    var parameters = ResultObject()
    for key in keys {
      guard let written = values.writtenText(key.path) else { continue }
      parameters[key.path] = .fields([
        "value": .text(written), "source": .text(values.source(key.path)),
      ])
    }
    return try body(values).map { row in
      var row = row
      row.id = id
      var all = parameters
      for name in row.parameters.keys { all[name] = row.parameters[name] }
      row.parameters = all
      return row
    }
  }
}

/// The cases of `verify`; a new one is a line here.
public enum Verification {
  /// All cases in the order in which they are run.
  public static let all: [VerificationCase] = [
    .filmResponse, .laminate, .patchTest, .elasticityMMS, .elasticityLarge, .cohesiveLaw,
    .winklerBlister, .dcb,
    .pressurisedFilm, .delaminateReference, .planarFront, .circle,
    .dispersion, .phaseFieldTwin, .plateReference, .spinodal, .manufacturedAllenCahn, .nucleation,
  ]

  /// The case of an id.
  public static func named(_ id: String) -> VerificationCase? { all.first { $0.id == id } }
}
