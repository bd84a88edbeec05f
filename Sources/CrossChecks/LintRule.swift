public import Tables

/// How a rule ended on a dataset.
public enum LintOutcome: String, Sendable, CaseIterable {
  /// The check holds.
  case pass
  /// It does not.
  case warn
  /// The dataset lacks what the rule compares.
  case notApplicable = "not-applicable"
}

/// What one rule found.
public struct LintFinding: Hashable, Sendable {
  /// The rule's code, such as `charge-vs-integral`.
  public var code: String
  /// Pass, warn or not applicable.
  public var outcome: LintOutcome
  /// The number that was compared; nil where the rule did not apply.
  public var value: Double?
  /// The limit that it was compared with.
  public var threshold: Double?
  /// Where it stands.
  public var place: Place
  /// The table, where the dataset has several.
  public var table: String?
  /// What was found and its likely cause.
  public var message: String
}

/// A physics cross-check: two things that a file says of one quantity, compared.
///
/// A rule is one file in `Rules/` and one line in ``CrossChecks/rules``.
public protocol LintRule: Sendable {
  /// The stable code, lower-case with hyphens.
  static var code: String { get }
  /// What is compared, as a formula.
  static var formula: String { get }
  /// When it warns, in words.
  static var threshold: String { get }
  /// Where formula and threshold come from.
  static var source: String { get }
  /// What the dataset must hold for the rule to apply.
  static var needs: String { get }

  /// Compares; an empty list means that the rule does not apply.
  static func check(_ subject: LintSubject) -> [LintCheck]
}

/// One comparison of a rule: the value, its limit, and what to say where it fails.
public struct LintCheck: Hashable, Sendable {
  /// Whether the limit is kept.
  public var holds: Bool
  /// The number compared, and its limit.
  public var value: Double, threshold: Double
  /// Where it stands.
  public var place: Place
  /// The table's name.
  public var table: String
  /// What was found; for a failure with its likely cause.
  public var message: String

  init(
    _ holds: Bool, _ value: Double, limit threshold: Double, _ table: Table,
    at place: Place = .whole, _ message: String
  ) {
    self.holds = holds
    self.value = value
    self.threshold = threshold
    self.place = place
    self.table = table.name
    self.message = message
  }
}
