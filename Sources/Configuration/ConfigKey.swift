public import Units

/// The values that a key allows, in the unit of the key.
public struct ConfigLimit: Hashable, Sendable, CustomStringConvertible {
  private var low: Double
  private var high: Double
  private var includesLow: Bool
  private var includesHigh: Bool

  /// No limit.
  public static let any = above(-.infinity)
  /// Greater than zero.
  public static let positive = above(0)
  /// Zero or greater.
  public static let notNegative = from(0, to: .infinity)
  /// Less than zero.
  public static let negative = below(0)

  /// Greater than a value.
  public static func above(_ low: Double) -> ConfigLimit { between(low, .infinity) }

  /// Less than a value.
  public static func below(_ high: Double) -> ConfigLimit { between(-.infinity, high) }

  /// Between two values, neither of them allowed itself.
  public static func between(_ low: Double, _ high: Double) -> ConfigLimit {
    ConfigLimit(low: low, high: high, includesLow: false, includesHigh: false)
  }

  /// From one value to another, both allowed.
  public static func from(_ low: Double, to high: Double) -> ConfigLimit {
    ConfigLimit(low: low, high: high, includesLow: true, includesHigh: true)
  }

  /// Whether a value is allowed; infinite values and NaN never are.
  public func contains(_ value: Double) -> Bool {
    value.isFinite && (includesLow ? value >= low : value > low)
      && (includesHigh ? value <= high : value < high)
  }

  /// The limits in words, `> 0`; empty where there are none.
  public var description: String {
    let lower = low == -.infinity ? "" : (includesLow ? "≥ " : "> ") + Self.short(low)
    let upper = high == .infinity ? "" : (includesHigh ? "≤ " : "< ") + Self.short(high)
    return [lower, upper].filter { !$0.isEmpty }.joined(separator: " and ")
  }

  private static func short(_ x: Double) -> String {
    x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : "\(x)"
  }
}

/// One key that a configuration may hold: its dotted path, kind, default, limits and comment.
public struct ConfigKey: Sendable {
  /// A quantity that may stand beside `from` in a reference.
  public struct Companion: Sendable {
    let name: String
    let dimension: Dimension

    /// A companion from its name and its kind of quantity.
    public init<D: PhysicalDimension>(_ name: String, _: D.Type) {
      self.name = name
      dimension = D.dimension
    }
  }

  enum Kind: Sendable {
    case quantity(PhysicalUnit, ConfigLimit, words: [String], companions: [Companion])
    case integer(ConfigLimit)
    case flag
    case choice([String])
    case text
    case list
    case tree
    case map(ConfigSchema)
  }

  /// The dotted path, such as `film.thickness`.
  public let path: String
  /// The default as it would be written; nil where the key has none.
  public let defaultText: String?
  /// What the key means, one line.
  public let comment: String
  /// What a key without default may look like, for the printed defaults.
  public let example: String?
  let kind: Kind

  private init(
    _ path: String, _ kind: Kind, default defaultText: String?, example: String?, _ comment: String
  ) {
    self.path = path
    self.kind = kind
    self.defaultText = defaultText
    self.example = example
    self.comment = comment
  }

  /// A quantity with a unit, such as `25 ± 5 GPa`; a pure number for `UnitOf<PureNumber>.one`.
  ///
  /// - Parameters:
  ///   - unit: the unit of the limits and of messages; any unit of its dimension may be written.
  ///   - words: words that may stand instead, such as `none`.
  ///   - companions: quantities that may stand beside `from`.
  public static func quantity<D: PhysicalDimension>(
    _ path: String, in unit: UnitOf<D>, default text: String?, limit: ConfigLimit = .any,
    words: [String] = [], companions: [Companion] = [], example: String? = nil, _ comment: String
  ) -> ConfigKey {
    ConfigKey(
      path, .quantity(unit.unit, limit, words: words, companions: companions), default: text,
      example: example, comment)
  }

  /// A pure number, such as `0.24` or `0.24 ± 0.02`.
  public static func number(
    _ path: String, default text: String?, limit: ConfigLimit = .any, words: [String] = [],
    example: String? = nil, _ comment: String
  ) -> ConfigKey {
    quantity(
      path, in: UnitOf<PureNumber>.one, default: text, limit: limit, words: words,
      example: example, comment)
  }

  /// A whole number.
  public static func integer(
    _ path: String, default value: Int?, limit: ConfigLimit = .any, example: String? = nil,
    _ comment: String
  ) -> ConfigKey {
    ConfigKey(
      path, .integer(limit), default: value.map { "\($0)" }, example: example, comment)
  }

  /// `true` or `false`.
  public static func flag(_ path: String, default value: Bool?, _ comment: String) -> ConfigKey {
    ConfigKey(path, .flag, default: value.map { "\($0)" }, example: "true", comment)
  }

  /// One of several words.
  public static func choice(
    _ path: String, of words: [String], default word: String?, _ comment: String
  ) -> ConfigKey {
    ConfigKey(path, .choice(words), default: word, example: words.first, comment)
  }

  /// Any text.
  public static func text(
    _ path: String, default text: String?, example: String? = nil, _ comment: String
  ) -> ConfigKey {
    ConfigKey(path, .text, default: text, example: example, comment)
  }

  /// A list of texts; a single text counts as a list of one.
  public static func list(
    _ path: String, example: String? = nil, _ comment: String
  ) -> ConfigKey {
    ConfigKey(path, .list, default: nil, example: example, comment)
  }

  /// Anything: the reader gets the node itself.
  public static func tree(
    _ path: String, example: String? = nil, _ comment: String
  ) -> ConfigKey {
    ConfigKey(path, .tree, default: nil, example: example, comment)
  }

  /// A mapping whose keys are names of the user's and whose values follow a schema.
  public static func map(
    _ path: String, of schema: ConfigSchema, example: String? = nil, _ comment: String
  ) -> ConfigKey {
    ConfigKey(path, .map(schema), default: nil, example: example, comment)
  }

  /// What must be written, for messages.
  var expectation: String {
    let sample = defaultText ?? example
    let such = sample.map { ", such as `\($0)`" } ?? ""
    switch kind {
    case .quantity(let unit, let limit, let words, _):
      let isNumber = unit.dimension == .one
      var text = isNumber ? "a pure number" : "a \(Self.name(unit))"
      if !limit.description.isEmpty { text += " \(limit)\(unit == .one ? "" : " " + unit.ucum)" }
      if !isNumber { text += " with its unit" }
      if !words.isEmpty { text += " or \(words.map { "`\($0)`" }.joined(separator: ", "))" }
      return text + such
    case .integer(let limit):
      return "a whole number" + (limit.description.isEmpty ? "" : " \(limit)") + such
    case .flag: return "true or false"
    case .choice(let words): return words.map { "`\($0)`" }.joined(separator: ", ")
    case .text: return "a text" + such
    case .list: return "a list of texts" + such
    case .tree, .map: return "a mapping" + such
    }
  }

  private static func name(_ unit: PhysicalUnit) -> String {
    unit.dimension.name ?? "quantity in \(unit.ucum)"
  }
}
