import NumericalMethods
import Testing

@Suite struct SamplingTests {
  /// Exactly one draw in each stratum of every dimension, and other draws for another seed.
  @Test func latinHypercubeFillsEveryStratum() {
    for count in [1, 2, 7, 256, 1000] {
      let design = LatinHypercube(count: count, dimensions: 3, seed: 7)
      for dimension in 0..<3 {
        let strata = (0..<count).map { Int(design.draw($0)[dimension] * Double(count)) }
        #expect(strata.sorted() == Array(0..<count))
      }
    }
    let one = LatinHypercube(count: 64, dimensions: 2, seed: 1)
    let other = LatinHypercube(count: 64, dimensions: 2, seed: 2)
    #expect((0..<64).map(one.draw) != (0..<64).map(other.draw))
    #expect((0..<64).map { one.draw($0)[0] } != (0..<64).map { one.draw($0)[1] })
    // A dimension more leaves those before it as they are.
    let wider = LatinHypercube(count: 64, dimensions: 3, seed: 1)
    #expect((0..<64).allSatisfy { Array(wider.draw($0).prefix(2)) == one.draw($0) })
  }

  /// Points of scipy 1.16's `qmc.Sobol(d=21, scramble=False)`, which uses the same direction numbers.
  @Test func sobolPointsAreThoseOfScipy() {
    let sequence = SobolSequence(dimensions: 21, seed: nil)
    #expect(sequence.point(0) == Array(repeating: 0, count: 21))
    let expected: [Int: [Double]] = [
      1: Array(repeating: 0.5, count: 21),
      5: [
        0.875, 0.875, 0.125, 0.375, 0.875, 0.625, 0.875, 0.375, 0.375, 0.125, 0.375, 0.875, 0.875,
        0.125, 0.875, 0.375, 0.875, 0.375, 0.375, 0.625, 0.625,
      ],
      37: [
        0.921875, 0.640625, 0.578125, 0.921875, 0.765625, 0.296875, 0.171875, 0.796875, 0.609375,
        0.171875, 0.015625, 0.078125, 0.578125, 0.859375, 0.109375, 0.484375, 0.796875, 0.421875,
        0.046875, 0.140625, 0.953125,
      ],
      63: [
        0.015625, 0.796875, 0.359375, 0.453125, 0.859375, 0.140625, 0.578125, 0.140625, 0.828125,
        0.578125, 0.421875, 0.671875, 0.546875, 0.765625, 0.328125, 0.765625, 0.078125, 0.390625,
        0.953125, 0.234375, 0.234375,
      ],
    ]
    for (index, point) in expected { #expect(sequence.point(index) == point, "\(index)") }
  }

  /// Owen's scrambling keeps the net: 2^k points have one in each of 2^k strata of every dimension,
  /// and one in each box of the first two dimensions.
  @Test func scramblingKeepsTheNet() {
    for seed in [1 as UInt64, 99] {
      let sequence = SobolSequence(dimensions: 6, seed: seed)
      let points = (0..<256).map(sequence.point)
      for dimension in 0..<6 {
        #expect(points.map { Int($0[dimension] * 256) }.sorted() == Array(0..<256))
      }
      let boxes = points.map { Int($0[0] * 16) * 16 + Int($0[1] * 16) }
      #expect(boxes.sorted() == Array(0..<256))
    }
    let a = SobolSequence(dimensions: 2, seed: 1).point(5)
    #expect(a != SobolSequence(dimensions: 2, seed: 2).point(5))
    #expect(a == SobolSequence(dimensions: 2, seed: 1).point(5))
  }

  /// scipy.stats.norm.ppf (scipy 1.16).
  @Test func normalQuantiles() {
    let expected: [(Double, Double)] = [
      (1e-300, -37.0470962993612), (1e-12, -7.034483825301131), (0.001, -3.090232306167813),
      (0.025, -1.9599639845400545), (0.3, -0.5244005127080409), (0.8413447460685429, 1.0),
      (0.999999, 4.753424308817087),
    ]
    for (p, x) in expected { #expect(abs(normalQuantile(p) / x - 1) < 1e-14, "\(p)") }
    #expect(abs(normalQuantile(0.5)) < 1e-16)
    #expect(normalQuantile(0) == -.infinity && normalQuantile(1) == .infinity)
    #expect(normalQuantile(-1).isNaN && normalQuantile(.nan).isNaN)
  }

  /// numpy.quantile's default, by hand for five values.
  @Test func quantilesInterpolate() {
    #expect(quantile([5, 1, 4, 2, 3], 0.05) == 1.2)
    #expect(quantile([5, 1, 4, 2, 3], 0.5) == 3)
    #expect(quantile([7], 0.95) == 7)
    #expect(quantile([], 0.5) == nil)
  }

  /// The function of Ishigami and Homma (1990): S = 0.3139, 0.4424, 0 in closed form for a = 7, b = 0.1.
  @Test func firstOrderIndicesOfIshigami() throws {
    let sequence = SobolSequence(dimensions: 3, seed: 3)
    let points = (0..<4096).map { sequence.point($0).map { Double.pi * (2 * $0 - 1) } }
    let y = points.map { x in
      sine(x[0]) + 7 * sine(x[1]) * sine(x[1]) + 0.1 * x[2] * x[2] * x[2] * x[2] * sine(x[0])
    }
    for (dimension, expected) in [0.3139, 0.4424, 0].enumerated() {
      let index = try #require(
        firstOrderIndex(inputs: points.map { $0[dimension] }, outputs: y, groups: 32))
      #expect(abs(index - expected) < 0.02, "\(dimension): \(index)")
    }
    #expect(firstOrderIndex(inputs: [1, 2, 3], outputs: [2, 2, 2], groups: 2) == nil)
    // A full factorial of y = 3a + b: variances 9/4 and 2/3, nothing by chance.
    let a = [0.0, 0, 0, 1, 1, 1]
    let b = [0.0, 1, 2, 0, 1, 2]
    let sum = zip(a, b).map { 3 * $0 + $1 }
    for (inputs, expected) in [(a, 27.0 / 35), (b, 8.0 / 35)] {
      let index = try #require(
        firstOrderIndex(inputs: inputs, outputs: sum, groups: 16, drawn: false))
      #expect(abs(index - expected) < 1e-14)
    }
    // Inputs on a grid: the groups are its values.
    #expect(firstOrderIndex(inputs: [1, 1, 2, 2], outputs: [3, 3, 5, 5], groups: 16) == 1)
  }
}

/// The sine by its series after reduction, so that the test needs no library.
private func sine(_ x: Double) -> Double {
  var sum = x
  var term = x
  for k in 1..<20 {
    term *= -x * x / Double(2 * k * (2 * k + 1))
    sum += term
  }
  return sum
}
