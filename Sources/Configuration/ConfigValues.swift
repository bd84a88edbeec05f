public import Tables
public import Units

/// A value that stands in another file: `{from: results.json#KEY}`, with what stands beside it.
public struct ConfigReference: Hashable, Sendable {
  /// The file as written, relative to the configuration.
  public var file: String
  /// The key of the file, behind `#`.
  public var key: String
  /// The quantities beside `from`, by name.
  public var companions: [String: QuantityText]
  /// Where the reference stands.
  public var place: Place

  /// `FILE#KEY`, the source of the value.
  public var source: String { "\(file)#\(key)" }
}

/// The values of one case: what the file and the options say, and the defaults for the rest.
///
/// Every value was checked when the configuration was read. A method throws where it is asked for a
/// key that the schema does not have in that kind, or for a value that the user must still give.
public struct ConfigValues: Sendable {
  enum Value: Sendable {
    case quantity(QuantityText)
    case word(String)
    case reference(ConfigReference)
    case integer(Int)
    case flag(Bool)
    case text(String)
    case list([String])
    case tree(ConfigNode)
    case map([(name: String, values: ConfigValues)])
  }

  struct Setting: Sendable {
    var value: Value
    var source: String
    var place: Place
    var written: String
  }

  /// The label of the case; nil outside `cases:`.
  public internal(set) var label: String?
  /// The schema.
  public let schema: ConfigSchema
  var settings: [String: Setting] = [:]

  init(schema: ConfigSchema) { self.schema = schema }

  /// Where a value comes from: `default`, `config line N`, `--set`, or `FILE#KEY`.
  public func source(_ path: String) -> String {
    guard let setting = settings[path] else { return "default" }
    if case .reference(let reference) = setting.value { return reference.source }
    return setting.source
  }

  /// Where a value stands in the file; the file as a whole for defaults and options.
  public func place(_ path: String) -> Place { settings[path]?.place ?? .whole }

  /// Whether the user gave the value.
  public func isGiven(_ path: String) -> Bool {
    settings[path].map { $0.source != "default" } ?? false
  }

  /// Whether there is a value at all.
  public func has(_ path: String) -> Bool { settings[path] != nil }

  /// The value as written; nil where there is none.
  public func writtenText(_ path: String) -> String? { settings[path]?.written }

  /// A failure at the place of a key, for checks that only the simulation can make.
  public func failure(
    _ path: String, _ code: String, found: String, expected: String
  ) -> ReadFailure {
    let option = settings[path]?.source == "--set" ? "--set " : ""
    return ReadFailure(
      code, at: place(path), found: "\(option)\(path): \(found)", expected: expected)
  }

  /// The word that stands instead of a quantity, such as `none`; nil for a quantity.
  public func word(_ path: String) -> String? {
    if case .word(let word)? = settings[path]?.value { return word }
    return nil
  }

  /// The reference to another file; nil for a value that stands here.
  public func reference(_ path: String) -> ConfigReference? {
    if case .reference(let reference)? = settings[path]?.value { return reference }
    return nil
  }

  /// A quantity; nil where a word stands for it or there is none.
  ///
  /// - Parameter resolve: gives the value of a reference; without it a reference is an error.
  public func optionalQuantity<D: PhysicalDimension>(
    _ path: String, _ kind: D.Type = D.self,
    resolve: ((ConfigReference) throws(ReadFailure) -> Measured<D>)? = nil
  ) throws(ReadFailure) -> Measured<D>? {
    guard let setting = settings[path] else { return nil }
    switch setting.value {
    case .word: return nil
    case .quantity(let text):
      do {
        return try text.measured(D.self, source: setting.source)
      } catch {
        throw failure(path, "config.dimension", found: error.found, expected: error.expected)
      }
    case .reference(let reference):
      guard let resolve else {
        throw failure(
          path, "config.reference", found: "a value from \(reference.source)",
          expected: "the value itself; it cannot be taken from a file here")
      }
      var value = try resolve(reference)
      try check(path, value)
      if value.source.isEmpty { value.source = reference.source }
      return value
    default: throw notOfKind(path, "a quantity")
    }
  }

  /// A quantity that must be there.
  ///
  /// - Parameter resolve: gives the value of a reference; without it a reference is an error.
  public func quantity<D: PhysicalDimension>(
    _ path: String, _ kind: D.Type = D.self,
    resolve: ((ConfigReference) throws(ReadFailure) -> Measured<D>)? = nil
  ) throws(ReadFailure) -> Measured<D> {
    guard let value = try optionalQuantity(path, kind, resolve: resolve) else {
      throw missing(path)
    }
    return value
  }

  /// A pure number that must be there.
  public func number(_ path: String) throws(ReadFailure) -> Double {
    try quantity(path, PureNumber.self).value.si
  }

  /// A whole number that must be there.
  public func integer(_ path: String) throws(ReadFailure) -> Int {
    if case .integer(let value) = try setting(path).value { return value }
    throw notOfKind(path, "a whole number")
  }

  /// A flag that must be there.
  public func flag(_ path: String) throws(ReadFailure) -> Bool {
    if case .flag(let value) = try setting(path).value { return value }
    throw notOfKind(path, "true or false")
  }

  /// A text or a chosen word that must be there.
  public func text(_ path: String) throws(ReadFailure) -> String {
    if case .text(let value) = try setting(path).value { return value }
    throw notOfKind(path, "a text")
  }

  /// A text or a chosen word; nil where there is none.
  public func optionalText(_ path: String) -> String? {
    if case .text(let value)? = settings[path]?.value { return value }
    return nil
  }

  /// A chosen word as a value of an enumeration whose raw values are the words.
  public func choice<Choice: RawRepresentable>(
    _ path: String, _: Choice.Type = Choice.self
  ) throws(ReadFailure) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: try text(path)) else { throw notOfKind(path, "a choice") }
    return choice
  }

  /// A list of texts; empty where there is none.
  public func list(_ path: String) -> [String] {
    if case .list(let values)? = settings[path]?.value { return values }
    return []
  }

  /// The node itself of a key of the kind `tree`; nil where there is none.
  public func tree(_ path: String) -> ConfigNode? {
    if case .tree(let node)? = settings[path]?.value { return node }
    return nil
  }

  /// The named entries of a key of the kind `map`, in order; empty where there are none.
  public func map(_ path: String) -> [(name: String, values: ConfigValues)] {
    if case .map(let entries)? = settings[path]?.value { return entries }
    return []
  }

  private func setting(_ path: String) throws(ReadFailure) -> Setting {
    guard let setting = settings[path] else { throw missing(path) }
    return setting
  }

  private func missing(_ path: String) -> ReadFailure {
    failure(
      path, "config.missing", found: "no value",
      expected: schema[path]?.expectation ?? "a key of the schema")
  }

  private func notOfKind(_ path: String, _ kind: String) -> ReadFailure {
    failure(
      path, "config.type", found: "\(writtenText(path) ?? "no value") is not \(kind)",
      expected: schema[path]?.expectation ?? "a key of the schema")
  }

  /// Checks a resolved value against the limits of its key.
  private func check<D>(_ path: String, _ value: Measured<D>) throws(ReadFailure) {
    guard case .quantity(let unit, let limit, _, _)? = schema[path]?.kind,
      let typed = try? UnitOf<D>(unit)
    else { return }
    let number = value.value.value(in: typed)
    guard limit.contains(number) else {
      throw failure(
        path, "config.range", found: "\(number) \(unit.ucum) is out of range",
        expected: schema[path]?.expectation ?? "")
    }
  }
}
