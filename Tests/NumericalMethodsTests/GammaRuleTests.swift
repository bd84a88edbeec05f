import NumericalMethods
import Testing

@Suite("Gamma rule")
struct GammaRuleTests {
  /// Moments of a gamma distribution of shape k and scale θ: E[xⁿ] = θⁿ k (k+1) … (k+n−1).
  @Test func momentsAreExact() throws {
    for (mean, deviation) in [(1000.0, 42.466), (30.0, 20.0), (5.0, 5.0), (2.0, 4.0)] {
      for count in [4, 24, 112] {
        let rule = try #require(GammaRule(mean: mean, deviation: deviation, count: count))
        let shape = (mean / deviation) * (mean / deviation)
        let scale = deviation * deviation / mean
        var wanted = 1.0
        for n in 0..<6 {
          let found = zip(rule.points, rule.weights).reduce(0.0) { sum, pair in
            sum + pair.1 * (0..<n).reduce(1.0) { power, _ in power * pair.0 }
          }
          #expect(abs(found / wanted - 1) < 1e-9, "\(mean) \(deviation) \(count) moment \(n)")
          wanted *= scale * (shape + Double(n))
        }
      }
    }
    #expect(GammaRule(mean: 0, deviation: 1, count: 4) == nil)
    #expect(GammaRule(mean: 1, deviation: -1, count: 4) == nil)
  }
}
