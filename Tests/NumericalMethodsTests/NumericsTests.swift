import NumericalMethods
import Testing

@Test func philoxGivesTheKnownAnswersOfRandom123() {
  // Random123 kat_vectors, philox4x32 with 10 rounds.
  let zero = CounterRandom.philox((0, 0, 0, 0), key: (0, 0))
  #expect(zero == (0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8))
  let f = UInt32.max
  #expect(
    CounterRandom.philox((f, f, f, f), key: (f, f))
      == (0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd))
  #expect(
    CounterRandom.philox(
      (0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), key: (0xa409_3822, 0x299f_31d0))
      == (0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1))
}

@Test func normalDrawsHaveTheirMoments() {
  var random = CounterRandom(seed: 7, stream: 3)
  let x = (0..<20000).map { _ in random.normal() }
  let m = mean(x) ?? .nan
  let s = standardDeviation(x) ?? .nan
  #expect(abs(m) < 4 / 20000.0.squareRoot())
  #expect(abs(s - 1) < 4 / 40000.0.squareRoot())
  let fourth = x.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 20000
  #expect(abs(fourth - 3) < 4 * (96.0 / 20000).squareRoot())
}

@Test func besselFunctionsMeetTheTables() throws {
  // Abramowitz & Stegun, tables 9.8 and 9.11.
  let cases: [(Double, Double, Double, Double, Double)] = [
    (1, 1.266_065_877_752_008, 0.565_159_103_992_485, 0.421_024_438_240_708, 0.601_907_230_197_235),
    (5, 27.239_871_823_604_44, 24.335_642_142_450_53, 0.003_691_098_334_042, 0.004_044_613_445_452),
    (
      0.1, 1.002_501_562_934_096, 0.050_062_526_047_093, 2.427_069_024_702_017,
      9.853_844_780_870_606
    ),
  ]
  for (x, i0, i1, k0, k1) in cases {
    #expect(abs(try #require(ModifiedBessel.first(0, x)) / i0 - 1) < 1e-12)
    #expect(abs(try #require(ModifiedBessel.first(1, x)) / i1 - 1) < 1e-12)
    #expect(abs(try #require(ModifiedBessel.second(0, x)) / k0 - 1) < 1e-11)
    #expect(abs(try #require(ModifiedBessel.second(1, x)) / k1 - 1) < 1e-11)
  }
  #expect(ModifiedBessel.second(0, 0) == nil)
}

@Test func bandedSolverExchangesRows() throws {
  // Zero diagonal: needs pivoting. The solution is checked by multiplying back.
  let n = 40
  var random = CounterRandom(seed: 1)
  var banded = BandedMatrix(size: n, lower: 2, upper: 3)
  var dense = DenseMatrix(rows: n, columns: n)
  for i in 0..<n {
    for j in max(0, i - 2)...min(n - 1, i + 3) where i != j || i % 3 != 0 {
      let v = random.normal()
      banded.add(v, i, j)
      dense[i, j] = v
    }
  }
  let b = (0..<n).map { _ in random.normal() }
  let regular = banded.factorise()
  #expect(regular)
  let x = try #require(banded.solve(b))
  let back = try #require(dense.times(x))
  for i in 0..<n { #expect(abs(back[i] - b[i]) < 1e-9) }
  var singular = BandedMatrix(size: 3, lower: 1, upper: 1)
  singular.add(1, 0, 0)
  let solvable = singular.factorise()
  #expect(!solvable)
}

@Test func tridiagonalSolver() throws {
  // −y″ = 2 on five points of step 1 with y = 0 beyond both ends: y = i(6 − i).
  let x = try #require(
    solveTridiagonal(
      below: [Double](repeating: -1, count: 5), diagonal: [Double](repeating: 2, count: 5),
      above: [Double](repeating: -1, count: 5), right: [Double](repeating: 2, count: 5)))
  for (i, value) in x.enumerated() { #expect(abs(value - Double((i + 1) * (5 - i))) < 1e-12) }
}

@Test func rootsAndMinima() throws {
  let root = try #require(findRoot(in: 0...2) { $0 * $0 * $0 - 2 })
  #expect(abs(root - 1.259_921_049_894_873) < 1e-14)
  #expect(findRoot(in: 0...1) { $0 + 1 } == nil)
  let minimum = findMinimum(in: 0...3) { ($0 - 1.25) * ($0 - 1.25) + 4 }
  #expect(abs(minimum.x - 1.25) < 1e-7)
  #expect(minimum.value == 4 || abs(minimum.value - 4) < 1e-14)
}

@Test func statisticsOfSmallSamples() throws {
  #expect(mean([]) == nil)
  #expect(median([3, 1, 2]) == 2)
  #expect(median([4, 1, 2, 3]) == 2.5)
  // Standard deviation of 2, 4, 4, 4, 5, 5, 7, 9 is √(32/7).
  #expect(abs(try #require(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])) - 2.138_089_935) < 1e-9)
  let w = try #require(weightedMean([1, 3], u: [1, 2]))
  #expect(abs(w.mean - 1.4) < 1e-15)
  #expect(abs(w.u - 0.8.squareRoot()) < 1e-15)
  #expect(abs(try #require(w.reducedChiSquared) - 0.8) < 1e-15)
}

@Test func autocorrelationTimeOfKnownNoise() {
  // First-order autoregression with coefficient 0.6 has τ = (1 + 0.6)/(1 − 0.6) = 4; white noise 1.
  var random = CounterRandom(seed: 5)
  var x = 0.0
  let red = (0..<40000).map { _ in
    x = 0.6 * x + random.normal()
    return x
  }
  let white = (0..<40000).map { _ in random.normal() }
  #expect(abs(autocorrelationTime(red) - 4) < 0.4)
  #expect(abs(autocorrelationTime(white) - 1) < 0.05)
}

@Test func smoothingAndIntegrals() {
  #expect(movingAverage([1, 2, 3, 4, 5], width: 3) == [1.5, 2, 3, 4, 4.5])
  #expect(runningMedian([1, 9, 2, 3, 50], width: 3) == [5, 2, 3, 3, 26.5])
  #expect(trapezoid([0, 1, 3], [0, 2, 4]) == 7)
  // Parabolas are integrated exactly on unequal steps, odd or even in number: ∫₀ x² = x³/3.
  for x in [[0.0, 1, 2.5, 3, 4.5], [0.0, 1, 2.5, 3]] {
    let sum = zip(x, simpsonWeights(x)).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    let end = x[x.count - 1]
    #expect(abs(sum - end * end * end / 3) < 1e-12)
  }
  let h = cubicHermite(1.5, x0: 1, x1: 2, y0: 1, y1: 8, slope0: 3, slope1: 12)
  #expect(abs(h.value - 3.375) < 1e-14)
  #expect(abs(h.slope - 6.75) < 1e-14)
}
