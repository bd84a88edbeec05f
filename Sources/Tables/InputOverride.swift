/// Something that the user says about an input in place of what the file says, or beside it.
public struct InputOverride: Hashable, Sendable {
  /// What is said.
  public enum Kind: String, Hashable, Sendable { case unit, setting, timeZone = "time_zone", join }

  /// What is said.
  public var kind: Kind
  /// The column, setting or rule, as the user named it.
  public var key: String
  /// The value as the user wrote it: a unit, a quantity, a zone.
  public var value: String
  /// Where it was said: `--unit`, `--set`, `FILE.meta.yaml line 3`, `study.yaml line 7`.
  public var source: String
  /// What the file says instead; nil where it says nothing.
  public var replaced: String?

  /// An override from its parts.
  public init(
    _ kind: Kind, key: String, value: String, source: String, replaced: String? = nil
  ) {
    self.kind = kind
    self.key = key
    self.value = value
    self.source = source
    self.replaced = replaced
  }
}
