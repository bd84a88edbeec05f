import NumericalMethods
import Testing

/// exp(z) Kₙ(z) against `scipy.special.kve` of SciPy 1.17.1.
@Suite struct ComplexBesselTests {
  @Test func meetsSciPy() throws {
    let c = 0.5.squareRoot()
    let cases: [(Double, Double, (Double, Double), (Double, Double))] = [
      (
        0.1 * c, -0.1 * c, (2.6502392492168476, 0.6481466111368118),
        (7.97206607544235, 7.1248880443495075)
      ),
      (
        c, -c, (1.0942362718997376, 0.3854676994465817), (1.348527772005139, 0.8226368845584858)
      ),
      (
        10 * c, -10 * c, (0.36418427765880923, 0.14733822391553253),
        (0.3719963218423269, 0.16498894627746047)
      ),
      (
        300 * c, -300 * c, (0.06684047949991181, 0.027663218312266334),
        (0.06688668845837423, 0.027774499283125656)
      ),
      (
        2, 1, (0.7840813885355584, -0.16987818843193), (0.9162765625415065, -0.2696536559007193)
      ),
      (
        0.5, -1.5, (0.8130603903522633, 0.5158664260901968),
        (0.7721377724120585, 0.7958524554741686)
      ),
      (5, 0, (0.547807564313519, 0), (0.6002738587883125, 0)),
    ]
    for (a, b, zero, one) in cases {
      for (order, expected) in [(0, zero), (1, one)] {
        let k = try #require(ModifiedBessel.scaledSecond(order, real: a, imaginary: b))
        #expect(abs(k.real - expected.0) < 2e-13 * abs(expected.0), "\(a) \(b) \(order)")
        #expect(abs(k.imaginary - expected.1) < 2e-13 * abs(expected.0), "\(a) \(b) \(order)")
      }
    }
    #expect(ModifiedBessel.scaledSecond(2, real: 1, imaginary: 0) == nil)
    #expect(ModifiedBessel.scaledSecond(0, real: -1, imaginary: 0) == nil)
    #expect(ModifiedBessel.scaledSecond(0, real: 1, imaginary: 9) == nil)
  }
}
