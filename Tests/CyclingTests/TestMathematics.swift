#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The exponential function of the system's library, for known answers.
func exponential(_ x: Double) -> Double { exp(x) }

/// The natural logarithm of the system's library, for known answers.
func logarithm(_ x: Double) -> Double { log(x) }

/// A setting of the environment; nil where it is not set.
func testSetting(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
