internal import CKernels

/// A symmetric banded matrix with its Cholesky factor.
///
/// The factor is made column by column and remembers how far it stands: after a change, only the
/// columns from the changed one on are made again.
public struct SymmetricBandMatrix: Sendable {
  /// The number of rows.
  public let size: Int
  /// The number of diagonals below the main one.
  public let bandwidth: Int
  /// The lower triangle by columns: element (i, j) at j·(bandwidth + 1) + i − j.
  private var values: [Double]
  private var factor: [Double] = []
  private var factored = 0

  /// A matrix of zeros; negative sizes count as 0.
  public init(size: Int, bandwidth: Int) {
    self.size = max(0, size)
    self.bandwidth = max(0, min(bandwidth, max(0, size - 1)))
    values = [Double](repeating: 0, count: self.size * (self.bandwidth + 1))
  }

  /// The place of an element, given in either triangle; nil outside the band.
  private func place(_ i: Int, _ j: Int) -> Int? {
    let (row, column) = i >= j ? (i, j) : (j, i)
    guard column >= 0, row < size, row - column <= bandwidth else { return nil }
    return column * (bandwidth + 1) + row - column
  }

  /// One element; 0 outside the band.
  public subscript(row: Int, column: Int) -> Double {
    place(row, column).map { values[$0] } ?? 0
  }

  /// Adds to an element and its mirror image; outside the band nothing happens.
  public mutating func add(_ x: Double, _ row: Int, _ column: Int) {
    guard x != 0, let place = place(row, column) else { return }
    values[place] += x
    factored = min(factored, min(row, column))
  }

  /// Sets an element and its mirror image; outside the band nothing happens.
  ///
  /// An element that has the value already costs nothing at the next factorisation.
  public mutating func set(_ x: Double, _ row: Int, _ column: Int) {
    guard let place = place(row, column), values[place] != x else { return }
    values[place] = x
    factored = min(factored, min(row, column))
  }

  /// Makes a row and a column those of the unit matrix, times `diagonal`.
  public mutating func isolate(_ row: Int, diagonal: Double = 1) {
    guard row >= 0, row < size else { return }
    let first = max(0, row - bandwidth)
    for other in first...min(size - 1, row + bandwidth) {
      if let place = place(row, other) { values[place] = other == row ? diagonal : 0 }
    }
    factored = min(factored, first)
  }

  /// Factorises what is not factorised yet; false where the matrix is not positive definite.
  public mutating func factorise() -> Bool {
    if factor.isEmpty { factor = [Double](repeating: 0, count: values.count) }
    guard factored < size else { return true }
    factored = ck_band_cholesky(values, &factor, size, bandwidth, factored)
    return factored == size
  }

  /// Solves with the factor; nil where there is none or the length does not fit.
  public func solve(_ right: [Double]) -> [Double]? {
    guard factored == size, right.count == size, !factor.isEmpty || size == 0 else { return nil }
    var x = right
    ck_band_forward(factor, &x, size, bandwidth)
    ck_band_backward(factor, &x, size, bandwidth)
    return x
  }

  /// The product with a vector; nil where the length does not fit.
  public func times(_ x: [Double]) -> [Double]? {
    guard x.count == size else { return nil }
    var y = [Double](repeating: 0, count: size)
    for j in 0..<size {
      let base = j * (bandwidth + 1)
      var sum = values[base] * x[j]
      for t in 1..<max(1, min(bandwidth, size - 1 - j) + 1) {
        sum += values[base + t] * x[j + t]
        y[j + t] += values[base + t] * x[j]
      }
      y[j] += sum
    }
    return y
  }
}
