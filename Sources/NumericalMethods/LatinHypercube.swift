/// A Latin hypercube: in every dimension exactly one draw in each of `count` equal strata.
///
/// A draw depends on the seed, the count, the dimension and its own number alone, so that any part of
/// the design can be made anywhere. M. D. McKay et al., Technometrics 21 (1979) 239.
public struct LatinHypercube: Sendable {
  /// The number of draws, which is that of the strata.
  public let count: Int
  private let strata: [[Int]]
  private let seed: UInt64

  /// A design of `count` draws in a number of dimensions.
  public init(count: Int, dimensions: Int, seed: UInt64) {
    self.count = max(count, 1)
    self.seed = seed
    var strata: [[Int]] = []
    for dimension in 0..<max(dimensions, 0) {
      var order = Array(0..<self.count)
      var random = CounterRandom(seed: seed, stream: UInt64(dimension) * 2)
      order.shuffle(using: &random)
      strata.append(order)
    }
    self.strata = strata
  }

  /// The numbers of a draw, each from the open interval (0, 1); draws are counted from 0.
  public func draw(_ index: Int) -> [Double] {
    strata.enumerated().map { dimension, order in
      guard order.indices.contains(index) else { return 0.5 }
      let bits = CounterRandom.philox(
        (
          UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32),
          UInt32(truncatingIfNeeded: dimension * 2 + 1), 0
        ), key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
      let within = (Double(bits.0) + 0.5) * 0x1p-32
      return (Double(order[index]) + within) / Double(count)
    }
  }
}
