/// Which file an analysis works on: the path as given, its size and its hash.
public struct InputIdentity: Hashable, Sendable, Codable {
  /// The path as given on the command line, or relative to the directory given.
  public var path: String
  /// The size in bytes.
  public var bytes: Int
  /// SHA-256 of the content as stored, lower-case hex.
  public var sha256: String

  /// An identity from its parts.
  public init(path: String, bytes: Int, sha256: String) {
    self.path = path
    self.bytes = bytes
    self.sha256 = sha256
  }
}
