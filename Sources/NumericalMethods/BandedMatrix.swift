/// A square banded matrix, factorised with row exchanges.
///
/// Element (i, j) is stored for −lower ≤ j − i ≤ upper; row exchanges may fill `lower` more above.
public struct BandedMatrix: Sendable {
  /// The number of rows.
  public let size: Int
  /// The number of diagonals below the main one.
  public let lower: Int
  /// The number of diagonals above the main one.
  public let upper: Int
  private let width: Int
  private var values: [Double]
  private var pivots: [Int] = []

  /// A matrix of zeros.
  public init(size: Int, lower: Int, upper: Int) {
    self.size = max(0, size)
    self.lower = max(0, lower)
    self.upper = max(0, upper)
    width = 2 * self.lower + self.upper + 1
    values = [Double](repeating: 0, count: self.size * width)
  }

  /// Adds to one element; outside the band nothing happens.
  public mutating func add(_ x: Double, _ row: Int, _ column: Int) {
    let offset = column - row + lower
    guard offset >= 0, offset <= lower + upper, row >= 0, row < size, column >= 0, column < size
    else { return }
    values[row * width + offset] += x
  }

  /// Factorises in place (Gaussian elimination with partial pivoting); false where singular.
  public mutating func factorise() -> Bool {
    pivots = [Int](repeating: 0, count: size)
    let reach = lower + upper
    for k in 0..<size {
      let last = min(size - 1, k + lower)
      var pivot = k
      var best = abs(values[k * width + lower])
      for i in (k + 1)..<max(last + 1, k + 1) {
        let candidate = abs(values[i * width + (k - i + lower)])
        if candidate > best {
          best = candidate
          pivot = i
        }
      }
      guard best > 0, best.isFinite else { return false }
      pivots[k] = pivot
      let end = min(size - 1, k + reach)
      if pivot != k {
        for j in k...end {
          values.swapAt(k * width + (j - k + lower), pivot * width + (j - pivot + lower))
        }
      }
      let inverse = 1 / values[k * width + lower]
      let rowK = k * width + lower - k
      for i in (k + 1)..<max(last + 1, k + 1) {
        let rowI = i * width + lower - i
        let factor = values[rowI + k] * inverse
        values[rowI + k] = factor
        if factor == 0 { continue }
        for j in (k + 1)..<max(end + 1, k + 1) { values[rowI + j] -= factor * values[rowK + j] }
      }
    }
    return true
  }

  /// Solves with the factors; nil where not factorised or where the length does not fit.
  public func solve(_ b: [Double]) -> [Double]? {
    guard b.count == size, pivots.count == size else { return nil }
    var x = b
    let reach = lower + upper
    for k in 0..<size {
      if pivots[k] != k { x.swapAt(k, pivots[k]) }
      let xk = x[k]
      if xk == 0 { continue }
      for i in (k + 1)..<max(min(size - 1, k + lower) + 1, k + 1) {
        x[i] -= values[i * width + (k - i + lower)] * xk
      }
    }
    for k in stride(from: size - 1, through: 0, by: -1) {
      var sum = x[k]
      let row = k * width + lower - k
      for j in (k + 1)..<max(min(size - 1, k + reach) + 1, k + 1) { sum -= values[row + j] * x[j] }
      x[k] = sum / values[row + k]
    }
    return x
  }
}

/// Solves a tridiagonal system without row exchanges (Thomas); nil where sizes differ or a pivot is 0.
///
/// - Parameters:
///   - below: the diagonal below the main one; its first element is not used.
///   - diagonal: the main diagonal.
///   - above: the diagonal above the main one; its last element is not used.
///   - right: the right-hand side.
public func solveTridiagonal(
  below: [Double], diagonal: [Double], above: [Double], right: [Double]
) -> [Double]? {
  let n = diagonal.count
  guard below.count == n, above.count == n, right.count == n, n > 0 else { return nil }
  var c = above
  var x = right
  guard diagonal[0] != 0 else { return nil }
  c[0] /= diagonal[0]
  x[0] /= diagonal[0]
  for i in 1..<max(n, 1) {
    let pivot = diagonal[i] - below[i] * c[i - 1]
    guard pivot != 0, pivot.isFinite else { return nil }
    c[i] /= pivot
    x[i] = (x[i] - below[i] * x[i - 1]) / pivot
  }
  for i in stride(from: n - 2, through: 0, by: -1) { x[i] -= c[i] * x[i + 1] }
  return x
}
