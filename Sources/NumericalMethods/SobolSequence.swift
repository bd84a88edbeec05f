/// The Sobol sequence with the direction numbers of Joe and Kuo, scrambled or not.
///
/// Points come in the order of Gray codes. Direction numbers: S. Joe and F. Y. Kuo, SIAM J. Sci. Comput.
/// 30 (2008) 2635, the set that favours two-dimensional projections. Scrambling: nested uniform, A. B.
/// Owen, in Monte Carlo and Quasi-Monte Carlo Methods (1995) 299; each bit is flipped by a random bit of
/// the seed, the dimension and the bits above it, so that a point depends on nothing else.
public struct SobolSequence: Sendable {
  /// The greatest number of dimensions.
  public static let mostDimensions = 1 + primitives.count

  private static let bits = 32
  private let directions: [[UInt32]]
  private let seed: UInt64?

  /// A sequence in a number of dimensions, at most ``mostDimensions``; without a seed not scrambled.
  public init(dimensions: Int, seed: UInt64?) {
    self.seed = seed
    directions = (0..<min(max(dimensions, 0), Self.mostDimensions)).map(Self.directions)
  }

  /// The numbers of a point, counted from 0: in [0, 1), or in (0, 1) where scrambled.
  public func point(_ index: Int) -> [Double] {
    let number = UInt32(truncatingIfNeeded: index)
    let gray = number ^ (number >> 1)
    return directions.enumerated().map { dimension, directions in
      var value: UInt32 = 0
      for (bit, direction) in directions.enumerated() where gray >> bit & 1 == 1 {
        value ^= direction
      }
      guard let seed else { return Double(value) * 0x1p-32 }
      let scrambled = Self.scramble(value, dimension: dimension, seed: seed)
      return (Double(scrambled) + 0.5) * 0x1p-32
    }
  }

  /// Flips each bit by a random bit that depends on the bits above it.
  private static func scramble(_ value: UInt32, dimension: Int, seed: UInt64) -> UInt32 {
    var result: UInt32 = 0
    for bit in 0..<bits {
      let above = bit == 0 ? 0 : value >> UInt32(bits - bit)
      let random = CounterRandom.philox(
        (above, UInt32(bit), UInt32(truncatingIfNeeded: dimension), 0x536F_626F),
        key: (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
      let shift = UInt32(bits - 1 - bit)
      result |= (value >> shift & 1 ^ (random.0 & 1)) << shift
    }
    return result
  }

  /// The direction numbers of a dimension, the one of the lowest bit of the index first.
  private static func directions(_ dimension: Int) -> [UInt32] {
    guard dimension > 0 else { return (0..<bits).map { 1 << UInt32(bits - 1 - $0) } }
    let (coefficients, starts) = primitives[dimension - 1]
    let degree = starts.count
    var numbers = starts.enumerated().map { $1 << UInt32(bits - 1 - $0) }
    while numbers.count < bits {
      let i = numbers.count
      var value = numbers[i - degree] ^ (numbers[i - degree] >> UInt32(degree))
      for k in 1..<max(degree, 1) where coefficients >> UInt32(degree - 1 - k) & 1 == 1 {
        value ^= numbers[i - k]
      }
      numbers.append(value)
    }
    return numbers
  }

  /// For each dimension after the first: the inner coefficients of its primitive polynomial, and the
  /// first direction numbers, whose count is the polynomial's degree.
  private static let primitives: [(UInt32, [UInt32])] = [
    (0, [1]), (1, [1, 3]), (1, [1, 3, 1]), (2, [1, 1, 1]), (1, [1, 1, 3, 3]),
    (4, [1, 3, 5, 13]), (2, [1, 1, 5, 5, 17]), (4, [1, 1, 5, 5, 5]), (7, [1, 1, 7, 11, 19]),
    (11, [1, 1, 5, 1, 1]), (13, [1, 1, 1, 3, 11]), (14, [1, 3, 5, 5, 31]),
    (1, [1, 3, 3, 9, 7, 49]), (13, [1, 1, 1, 15, 21, 21]), (16, [1, 3, 1, 13, 27, 49]),
    (19, [1, 1, 1, 15, 7, 5]), (22, [1, 3, 1, 15, 13, 25]), (25, [1, 1, 5, 5, 19, 61]),
    (1, [1, 3, 7, 11, 23, 15, 103]), (4, [1, 3, 7, 13, 13, 15, 69]),
  ]
}
