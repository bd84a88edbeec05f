import NumericalMethods
import Testing

/// Propagated uncertainties against closed forms.
@Suite struct UncertaintyPropagationTests {
  private func matrix(_ rows: [[Double]]) -> DenseMatrix {
    var m = DenseMatrix(rows: rows.count, columns: rows[0].count)
    for (i, row) in rows.enumerated() { for (j, x) in row.enumerated() { m[i, j] = x } }
    return m
  }

  /// y = aᵀx and z = bᵀx of random correlated inputs: u² = aᵀCa and cov(y, z) = aᵀCb, exactly.
  @Test func linearFunctionsAreExact() throws {
    var random = CounterRandom(seed: 5, stream: 0)
    for _ in 0..<200 {
      let n = 2 + Int(random.uniform() * 5)
      let root = (0..<n).map { _ in (0..<n).map { _ in random.normal() } }
      var c = DenseMatrix(rows: n, columns: n)
      for i in 0..<n {
        for j in 0..<n { c[i, j] = (0..<n).reduce(0) { $0 + root[i][$1] * root[j][$1] } }
      }
      let x = (0..<n).map { _ in random.normal() }
      let (a, b) = ((0..<n).map { _ in random.normal() }, (0..<n).map { _ in random.normal() })
      let inputs = try #require(JointInputs(x, covariance: c))
      func dot(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + $1.0 * $1.1 } }
      let found = try #require(inputs.linear { [dot(a, $0), dot(b, $0)] })
      func form(_ p: [Double], _ q: [Double]) -> Double {
        (0..<n).reduce(0) { s, i in (0..<n).reduce(s) { $0 + p[i] * c[i, $1] * q[$1] } }
      }
      let size = (form(a, a) * form(b, b)).squareRoot()
      #expect(abs(found.covariance[0, 0] - form(a, a)) < 1e-9 * form(a, a))
      #expect(abs(found.covariance[0, 1] - form(a, b)) < 1e-9 * size)
    }
  }

  /// The product of JCGM 100 §5.1.6: (u/y)² = Σ(u/x)²; a shared factor correlates two products.
  @Test func productsAndSharedInputs() throws {
    let inputs = try #require(JointInputs([35, 2, 3], u: [1.8, 0.02, 0.03]))
    let found = try #require(inputs.linear { [$0[0] * $0[1], $0[0] * $0[2]] })
    let relative = (found.covariance[0, 0]).squareRoot() / 70
    #expect(abs(relative - ((1.8 / 35) * (1.8 / 35) + 1e-4).squareRoot()) < 1e-6)
    // cov = (∂y/∂k)(∂z/∂k)u²(k) = 2·3·1.8².
    #expect(abs(found.covariance[0, 1] - 6 * 1.8 * 1.8) < 1e-9)
    // An exact input and one that repeats another.
    let twin = try #require(
      JointInputs([1, 1, 5], covariance: matrix([[4, 4, 0], [4, 4, 0], [0, 0, 0]])))
    let difference = try #require(twin.linear { [$0[0] - $0[1] + $0[2]] })
    #expect(abs(difference.covariance[0, 0]) < 1e-12 && difference.values == [5])
    #expect(JointInputs([1, 1], covariance: matrix([[1, 2], [2, 1]])) == nil)
    #expect(JointInputs([1], covariance: matrix([[-1]])) == nil)
    #expect(JointInputs([1, 2], u: [1]) == nil)
    #expect(twin.linear { _ in [.nan] } == nil)
  }

  /// Draws: a sum is normal; the square of a normal number about 0 is χ² with one degree of freedom.
  @Test func draws() throws {
    let inputs = try #require(JointInputs([1, 2], u: [0.3, 0.4]))
    let sum = try #require(inputs.monteCarlo { $0[0] + $0[1] })
    // Means of 10 000 draws have 1 % of u, standard deviations 0.7 %.
    #expect(abs(sum.mean - 3) < 4 * 0.005 && abs(sum.u - 0.5) < 4 * 0.5 / 141)
    #expect(abs(sum.interval.lowerBound - (3 - 0.98)) < 0.05)
    #expect(abs(sum.interval.upperBound - (3 + 0.98)) < 0.05)
    let zero = try #require(JointInputs([0], u: [1]))
    let square = try #require(zero.monteCarlo { $0[0] * $0[0] })
    // χ²₁: mean 1, variance 2, 97.5 % quantile 5.0239 (tables of χ²).
    #expect(abs(square.mean - 1) < 0.06 && abs(square.u - 2.0.squareRoot()) < 0.12)
    #expect(abs(square.interval.upperBound - 5.0239) < 0.35)
    // First order sees nothing there, which is why draws are needed.
    #expect(try #require(zero.linear { [$0[0] * $0[0]] }).covariance[0, 0] < 1e-20)
    #expect(
      inputs.monteCarlo(seed: 9, { $0[0] })?.mean == inputs.monteCarlo(seed: 9, { $0[0] })?.mean)
    #expect(inputs.monteCarlo { $0[0] > 1 ? .nan : $0[0] } == nil)
  }

  /// A lever constant that all specimens share does not average out.
  @Test func meansKeepTheSharedPart() throws {
    let values = [10.0, 12, 11, 13, 9]
    let shared = values.map { 0.05 * $0 }
    let mean = try #require(SpecimenMean(values, shared: [shared]))
    #expect(abs(mean.mean - 11) < 1e-12 && mean.n == 5)
    #expect(abs(mean.sharedU - 0.55) < 1e-12)
    let deviation = 2.5.squareRoot()
    #expect(abs((mean.standardDeviation ?? 0) - deviation) < 1e-12)
    #expect(abs(mean.u - (2.5 / 5 + 0.3025).squareRoot()) < 1e-12)
    #expect(SpecimenMean([2])?.standardError == nil)
    #expect(SpecimenMean([]) == nil && SpecimenMean([1, .nan]) == nil)
    // Against draws of the shared input and of each specimen.
    let inputs = try #require(JointInputs([1] + values, u: [0.05] + values.map { _ in deviation }))
    let drawn = try #require(
      inputs.monteCarlo { x in x[0] * x.dropFirst().reduce(0, +) / Double(values.count) })
    #expect(abs(drawn.u / mean.u - 1) < 0.04)
  }
}
