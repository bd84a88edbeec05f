/// A square matrix stored by rows in groups of eight columns, with LU factors and matrix products.
///
/// Rows are padded with zeros to whole groups, so that the inner loops run on groups and index checks
/// cost nothing that counts.
struct PackedMatrix: Sendable {
  typealias Group = SIMD8<Double>

  /// The number of rows and columns.
  let size: Int
  /// Groups in a row.
  let groups: Int
  private(set) var storage: [Group]

  /// A zero matrix.
  init(size: Int) {
    self.size = size
    groups = (size + 7) / 8
    storage = Array(repeating: .zero, count: size * groups)
  }

  /// The element of a row and a column.
  subscript(row: Int, column: Int) -> Double {
    get { storage[row * groups + column >> 3][column & 7] }
    set { storage[row * groups + column >> 3][column & 7] = newValue }
  }

  /// A vector padded to whole groups.
  static func pack(_ vector: [Double]) -> [Group] {
    var packed = [Group](repeating: .zero, count: (vector.count + 7) / 8)
    for (i, value) in vector.enumerated() { packed[i >> 3][i & 7] = value }
    return packed
  }

  /// The product with a vector of `size` elements.
  func times(_ vector: [Double]) -> [Double] {
    let packed = Self.pack(vector)
    var result = [Double](repeating: 0, count: size)
    for row in 0..<size {
      var sum = Group.zero
      let start = row * groups
      for g in 0..<groups { sum += storage[start + g] * packed[g] }
      result[row] = sum.sum()
    }
    return result
  }

  /// Replaces a row by `scale` times the same row of another matrix of the same size.
  mutating func setRow(_ row: Int, to other: PackedMatrix, scale: Double) {
    let start = row * groups
    let factor = Group(repeating: scale)
    for g in 0..<groups { storage[start + g] = other.storage[start + g] * factor }
  }

  /// Replaces the matrix by its LU factors; returns the row order, nil where a pivot is 0 or not finite.
  mutating func factorize() -> [Int]? {
    var order = Array(0..<size)
    for k in 0..<size {
      var pivot = k
      var greatest = self[k, k].magnitude
      for row in (k + 1)..<max(size, k + 1) {
        let candidate = self[row, k].magnitude
        if candidate > greatest {
          greatest = candidate
          pivot = row
        }
      }
      guard greatest > 0, greatest.isFinite else { return nil }
      if pivot != k {
        order.swapAt(pivot, k)
        for g in 0..<groups { storage.swapAt(pivot * groups + g, k * groups + g) }
      }
      eliminate(below: k, inverse: 1 / self[k, k])
    }
    return order
  }

  /// Takes multiples of row k from the rows below, and leaves the multipliers in column k.
  private mutating func eliminate(below k: Int, inverse: Double) {
    let first = k >> 3
    let lane = k & 7
    // In the group that holds column k only the lanes to its right change.
    var head = storage[k * groups + first]
    for i in 0...lane { head[i] = 0 }
    let width = groups - first - 1
    let source = k * groups + first + 1
    for row in (k + 1)..<max(size, k + 1) {
      let start = row * groups + first
      let multiplier = storage[start][lane] * inverse
      if multiplier == 0 { continue }
      let factor = Group(repeating: multiplier)
      storage[start] -= head * factor
      storage[start][lane] = multiplier
      for g in 0..<width { storage[start + 1 + g] -= storage[source + g] * factor }
    }
  }

  /// Solves L·U·x = b with the factors of ``factorize()`` and the row order it gave.
  func solve(_ b: [Double], order: [Int]) -> [Double] {
    var x = [Group](repeating: .zero, count: groups)
    for row in 0..<size {
      let start = row * groups
      let last = row >> 3
      var sum = Group.zero
      for g in 0..<last { sum += storage[start + g] * x[g] }
      var value = b[order[row]] - sum.sum()
      for lane in 0..<(row & 7) { value -= storage[start + last][lane] * x[last][lane] }
      x[last][row & 7] = value
    }
    for row in stride(from: size - 1, through: 0, by: -1) {
      let start = row * groups
      let own = row >> 3
      var sum = Group.zero
      for g in (own + 1)..<max(groups, own + 1) { sum += storage[start + g] * x[g] }
      var value = x[own][row & 7] - sum.sum()
      let diagonal = storage[start + own]
      let lanes = min(8, size - own * 8)
      for lane in ((row & 7) + 1)..<max(lanes, (row & 7) + 1) {
        value -= diagonal[lane] * x[own][lane]
      }
      x[own][row & 7] = value / diagonal[row & 7]
    }
    return (0..<size).map { x[$0 >> 3][$0 & 7] }
  }
}
