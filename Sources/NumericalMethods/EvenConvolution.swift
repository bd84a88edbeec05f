internal import CKernels
internal import RealModule

/// The action of an even kernel on a periodic series: y_i = Σ_d kernel_|d|·z_(i + d).
///
/// The kernel is made from its eigenvalues, one for each cosine. A series that is its own mirror image
/// may be given by its half.
public struct EvenConvolution: Sendable {
  /// The number of points of a period.
  public let points: Int
  /// Whether series are given from their centre outwards: points/2 + 1 numbers, for even `points`.
  public let mirrored: Bool
  private let kernel: [Double]
  private var extended: [Double]

  /// The kernel with eigenvalue 0 for the mean and `modes[m − 1]` for m waves in a period.
  public init(modes: [Double], points: Int, mirrored: Bool) {
    let points = max(2, points)
    self.points = points
    self.mirrored = mirrored && points % 2 == 0
    let half = points / 2
    kernel = Self.kernel(modes: modes, points: points)
    extended = [Double](repeating: 0, count: (self.mirrored ? half + 1 : points) + 2 * half)
  }

  /// The numbers of the kernel for distances 0 to points/2.
  private static func kernel(modes: [Double], points: Int) -> [Double] {
    let half = points / 2
    let cosines = (0..<points).map { Double.cos(2 * .pi * Double($0) / Double(points)) }
    return (0...half).map { distance in
      var sum = 0.0
      for (i, value) in modes.prefix(half).enumerated() {
        sum += (2 * (i + 1) == points ? 1.0 : 2.0) * value * cosines[(i + 1) * distance % points]
      }
      // A point half a period away is reached from both sides.
      return sum / Double(points) / (2 * distance == points ? 2 : 1)
    }
  }

  /// The number of numbers in a series.
  public var count: Int { mirrored ? points / 2 + 1 : points }

  /// Applies the kernel to a series; nothing happens where its length is another.
  public mutating func apply(to series: [Double], into result: inout [Double]) {
    guard series.count == count, result.count == count else { return }
    let half = points / 2
    for i in 0..<series.count { extended[half + i] = series[i] }
    for d in 1...half {
      extended[half - d] = series[mirrored ? d : points - d]
      extended[half + count - 1 + d] = series[mirrored ? half - d : d - 1]
    }
    ck_even_convolution(kernel, extended, &result, half, count)
  }
}

/// An even kernel on a series that goes on at both ends: y_i = Σ_d kernel_|d|·z_(i + d).
///
/// - Parameters:
///   - kernel: the weights for distances 0, 1 …
///   - extended: the series with as many numbers before and behind it as the kernel reaches.
/// - Returns: the series without what goes on; empty where it has no number.
public func evenConvolution(kernel: [Double], extended: [Double]) -> [Double] {
  let half = kernel.count - 1
  let count = extended.count - 2 * half
  guard half >= 0, count > 0 else { return [] }
  var result = [Double](repeating: 0, count: count)
  ck_even_convolution(kernel, extended, &result, half, count)
  return result
}
