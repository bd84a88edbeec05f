import Testing

@testable import Plating

@Suite struct PackedMatrixTests {
  /// A·x = b for matrices whose sizes are and are not whole groups of eight.
  @Test func solvesSystemsOfEverySize() throws {
    for size in [1, 2, 7, 8, 9, 17, 40] {
      var matrix = PackedMatrix(size: size)
      var seed: UInt64 = 7
      for row in 0..<size {
        for column in 0..<size {
          seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          matrix[row, column] = Double(seed >> 40) / 16_777_216 - 0.5
        }
      }
      let x = (0..<size).map { 1 + Double($0) }
      let b = matrix.times(x)
      var factors = matrix
      let rows = factors.factorize()
      let order = try #require(rows)
      for (found, expected) in zip(factors.solve(b, order: order), x) {
        #expect((found - expected).magnitude < 1e-9 * expected)
      }
    }
  }

  @Test func refusesSingularMatrices() {
    var zero = PackedMatrix(size: 3)
    #expect(zero.factorize() == nil)
    var notFinite = PackedMatrix(size: 2)
    notFinite[0, 0] = .infinity
    #expect(notFinite.factorize() == nil)
  }
}
