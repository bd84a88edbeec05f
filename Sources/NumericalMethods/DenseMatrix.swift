/// A dense matrix of real numbers, row by row.
public struct DenseMatrix: Hashable, Sendable, Codable {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The elements, row by row.
  public var values: [Double]

  /// A matrix of zeros; negative sizes count as 0.
  public init(rows: Int, columns: Int) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    values = [Double](repeating: 0, count: self.rows * self.columns)
  }

  /// The unit matrix.
  public static func identity(_ n: Int) -> DenseMatrix {
    var m = DenseMatrix(rows: n, columns: n)
    for i in 0..<m.rows { m[i, i] = 1 }
    return m
  }

  /// One element.
  public subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  /// AᵀA; nil for a matrix without rows.
  public var gram: DenseMatrix? {
    guard rows > 0 else { return nil }
    var result = DenseMatrix(rows: columns, columns: columns)
    for row in 0..<rows {
      for a in 0..<columns {
        let x = values[row * columns + a]
        for b in 0...a { result.values[a * columns + b] += x * values[row * columns + b] }
      }
    }
    for a in 0..<columns {
      for b in 0..<a { result[b, a] = result[a, b] }
    }
    return result
  }

  /// The matrix times a number.
  public func scaled(by factor: Double) -> DenseMatrix {
    var m = self
    for i in m.values.indices { m.values[i] *= factor }
    return m
  }

  /// The product with a vector; nil where the sizes do not fit.
  public func times(_ x: [Double]) -> [Double]? {
    guard x.count == columns else { return nil }
    var y = [Double](repeating: 0, count: rows)
    for i in 0..<rows {
      var sum = 0.0
      for j in 0..<columns { sum += values[i * columns + j] * x[j] }
      y[i] = sum
    }
    return y
  }
}

/// The Cholesky factor of a symmetric positive definite matrix whose rows and columns were scaled.
///
/// The matrix is first scaled to a unit diagonal, which is within a factor n of the best diagonal
/// scaling (van der Sluis, Numer. Math. 14 (1969) 14).
public struct CholeskyFactor: Sendable {
  private let n: Int
  private let scale: [Double]
  private let lower: [Double]

  /// The factor; nil where the matrix is not square or not positive definite in double precision.
  public init?(_ matrix: DenseMatrix) {
    guard matrix.rows == matrix.columns else { return nil }
    let n = matrix.rows
    var scale = [Double](repeating: 1, count: n)
    for i in 0..<n {
      let d = matrix[i, i]
      guard d > 0, d.isFinite else { return nil }
      scale[i] = 1 / d.squareRoot()
    }
    var l = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = matrix[i, j] * scale[i] * scale[j]
        for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
        if i == j {
          guard sum > 1e-15, sum.isFinite else { return nil }
          l[i * n + i] = sum.squareRoot()
        } else {
          l[i * n + j] = sum / l[j * n + j]
        }
      }
    }
    self.n = n
    self.scale = scale
    lower = l
  }

  /// The solution x of A x = b; nil where the length of b does not fit.
  public func solve(_ b: [Double]) -> [Double]? {
    guard b.count == n else { return nil }
    var x = b
    for i in 0..<n {
      var sum = b[i] * scale[i]
      for k in 0..<i { sum -= lower[i * n + k] * x[k] }
      x[i] = sum / lower[i * n + i]
    }
    for i in stride(from: n - 1, through: 0, by: -1) {
      var sum = x[i]
      for k in (i + 1)..<max(n, i + 1) { sum -= lower[k * n + i] * x[k] }
      x[i] = sum / lower[i * n + i]
    }
    for i in 0..<n { x[i] *= scale[i] }
    return x
  }

  /// The inverse of the matrix, symmetric.
  public func inverse() -> DenseMatrix {
    var result = DenseMatrix(rows: n, columns: n)
    for j in 0..<n {
      var unit = [Double](repeating: 0, count: n)
      unit[j] = 1
      guard let column = solve(unit) else { continue }
      for i in 0..<n { result[i, j] = column[i] }
    }
    for i in 0..<n {
      for j in 0..<i {
        let mean = (result[i, j] + result[j, i]) / 2
        result[i, j] = mean
        result[j, i] = mean
      }
    }
    return result
  }
}
