internal import RealModule

/// Adds normal distributions to channels.
///
/// The normal integral is read from a table by cubics whose slopes are exact; the error stays below 1e-10.
struct NormalIntegral: Sendable {
  /// Half the width of the table in standard deviations: the rest is below 1.3e-12.
  static let reach = 7.0
  private static let perSigma = 64.0
  private let values: [Double]
  private let slopes: [Double]

  static let table = NormalIntegral()

  private init() {
    let count = Int(2 * Self.reach * Self.perSigma) + 1
    let points = (0..<count).map { Double($0) / Self.perSigma - Self.reach }
    values = points.map { 0.5 * Double.erfc(-$0 / 2.0.squareRoot()) }
    let norm = 1 / (2 * Double.pi).squareRoot() / Self.perSigma
    slopes = points.map { norm * Double.exp(-$0 * $0 / 2) }
  }

  /// The normal integral at z standard deviations.
  @inline(__always)
  func callAsFunction(_ z: Double) -> Double {
    let at = (z + Self.reach) * Self.perSigma
    guard at > 0 else { return 0 }
    let low = Int(min(at, 1e6))
    guard low + 1 < values.count else { return 1 }
    let t = at - Double(low)
    let s = 1 - t
    return s * s * ((1 + 2 * t) * values[low] + t * slopes[low])
      + t * t * ((3 - 2 * t) * values[low + 1] - s * slopes[low + 1])
  }

  /// Adds `amount` counts, normally distributed about `mean`, to channels with ascending edges.
  ///
  /// - Parameters:
  ///   - edges: One more than `counts`; the channels touch.
  ///   - start: A channel near the distribution's lower end; updated.
  func add(
    _ amount: Double, mean: Double, deviation: Double, edges: [Double], start: inout Int,
    to counts: inout [Double]
  ) {
    let low = mean - Self.reach * deviation
    let high = mean + Self.reach * deviation
    var i = min(max(0, start), counts.count)
    while i > 0, edges[i] > low { i -= 1 }
    while i < counts.count, edges[i + 1] <= low { i += 1 }
    start = i
    guard i < counts.count else { return }
    let scale = 1 / deviation
    var before = self((edges[i] - mean) * scale)
    while i < counts.count, edges[i] < high {
      let next = self((edges[i + 1] - mean) * scale)
      counts[i] += amount * (next - before)
      before = next
      i += 1
    }
  }
}
