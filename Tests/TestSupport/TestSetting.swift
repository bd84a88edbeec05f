#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the environment asks of the tests.
public enum TestSetting {
  /// The text of a variable; nil where it is not set.
  public static func text(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
}
