import NumericalMethods
import RealModule
import TestSupport
import Testing
import XRayAbsorption

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Shifts of simulated pairs over ten conditions, beside the Cramér–Rao bound (`tools/shift-study`).
@Suite struct ShiftStudyTests {
  struct Condition {
    var shape: String
    var step: Double
    var noise: Double
    /// Root of the mean square of the errors over the bound.
    var ratio = 0.0
    /// Shares of pairs whose error lies within u and within 1.96 u, and the mean of u in eV.
    var within = 0.0, withinTwo = 0.0, u = 0.0
    var bound = 0.0
  }

  /// Four-fold aluminium, and six-fold with its two lines and a pre-edge (eV).
  static func curve(_ shape: String, _ energy: Double, shift: Double) -> Double {
    guard shape == "AlO6" else { return ShiftTests.aluminium(energy, shift: shift) }
    let x = energy - shift
    func bell(_ centre: Double, _ width: Double, _ height: Double) -> Double {
      let t = (x - centre) / width
      return height / (1 + t * t)
    }
    let t = (x - 1566.2) / 0.7
    return 0.5 + t / (2 * (1 + t * t).squareRoot()) + bell(1564.6, 0.6, 0.08)
      + bell(1567.6, 1, 0.9) + bell(1571.3, 1.8, 0.8)
  }

  static let truth = -0.3
  static let window = 1554.0...1584.0

  /// The smallest standard deviation that any unbiased estimate of the shift, the scale and the offset
  /// together can have, with noise in both spectra.
  static func bound(_ c: Condition, _ energy: [Double]) -> Double {
    var normal = DenseMatrix(rows: 3, columns: 3)
    for e in energy where window.contains(e) {
      let up = curve(c.shape, e + 1e-4, shift: truth)
      let slope = (up - curve(c.shape, e - 1e-4, shift: truth)) / 2e-4
      let row = [curve(c.shape, e, shift: truth), -slope, 1]
      for i in 0..<3 { for j in 0..<3 { normal[i, j] += row[i] * row[j] } }
    }
    let unit = CholeskyFactor(normal)?.solve([0, 1, 0]) ?? [0, .nan, 0]
    return (2 * unit[1]).squareRoot() * c.noise
  }

  static func run(_ condition: Condition, draws: Int, stream: Int) throws -> Condition {
    var c = condition
    let energy = (0..<Int((50 / c.step).rounded())).map { 1545 + c.step * Double($0) }
    c.bound = bound(c, energy)
    var random = CounterRandom(seed: 20, stream: UInt64(stream))
    for _ in 0..<draws {
      func noisy(_ shift: Double) -> [Double] {
        energy.map { curve(c.shape, $0, shift: shift) + c.noise * random.normal() }
      }
      let reference = noisy(0)
      let fit = try #require(
        SpectrumShift(
          energy: energy, noisy(truth), reference: (energy, reference), window: window))
      let error = fit.shift - truth
      c.ratio += error * error
      c.u += fit.u / Double(draws)
      c.within += error.magnitude < fit.u ? 1 / Double(draws) : 0
      c.withinTwo += error.magnitude < 1.96 * fit.u ? 1 / Double(draws) : 0
    }
    c.ratio = (c.ratio / Double(draws)).squareRoot() / c.bound
    return c
  }

  /// At most 1.25 times the bound; 68 % intervals hold 60–77 %, 95 % intervals at least 90 % (issue 7).
  ///
  /// With `INTERPHASE_DRAWS` set, that many pairs a condition and the table.
  @Test func errorsAreCloseToTheBound() throws {
    let asked = getenv("INTERPHASE_DRAWS").flatMap { Int(String(cString: $0)) }
    let draws = max(30, asked ?? 30)
    var conditions: [Condition] = []
    for shape in ["AlO4", "AlO6"] {
      for (step, noise) in [(0.1, 0.005), (0.2, 0.01), (0.2, 0.02), (0.3, 0.01), (0.3, 0.05)] {
        let c = Condition(shape: shape, step: step, noise: noise)
        conditions.append(try Self.run(c, draws: draws, stream: conditions.count))
      }
    }
    if asked != nil {
      print(
        "| shape | step eV | noise | bound eV | RMS/bound | mean u eV | within u | within 1.96 u |")
      print("|---|---|---|---|---|---|---|---|")
      func text(_ x: Double, _ factor: Double) -> String { "\((x * factor).rounded() / factor)" }
      for c in conditions {
        print(
          "| \(c.shape) | \(c.step) | \(text(100 * c.noise, 10)) % | \(text(c.bound, 1e4)) "
            + "| \(text(c.ratio, 100)) | \(text(c.u, 1e4)) | \(text(100 * c.within, 10)) % "
            + "| \(text(100 * c.withinTwo, 10)) % |")
      }
      for c in conditions {
        #expect(c.ratio <= 1.25 && (0.6...0.77).contains(c.within) && c.withinTwo >= 0.9, "\(c)")
      }
    }
    // Together: 300 pairs tell a ratio to 4 % and shares to 3 %.
    let n = Double(conditions.count)
    let ratio = (conditions.reduce(0) { $0 + $1.ratio * $1.ratio } / n).squareRoot()
    let within = conditions.reduce(0) { $0 + $1.within } / n
    let withinTwo = conditions.reduce(0) { $0 + $1.withinTwo } / n
    #expect(ratio <= 1.25 && (0.6...0.77).contains(within) && withinTwo >= 0.9)
    // The paper's case.
    #expect(conditions[1].u <= 0.02)
  }

  /// Shares of 95 % intervals of the shift that hold the truth (`tools/coverage-study`).
  @Test("Interval coverage, absorption") func coverage() throws {
    let draws = CoverageCount.cases(few: 60)
    var c = Condition(shape: "AlO4", step: 0.2, noise: 0.01)
    c = try Self.run(c, draws: draws, stream: 77)
    print(
      "coverage | xas shift | \(draws) | \((c.withinTwo * 1000).rounded() / 10) % | 0 without u")
    let slack = draws >= 1000 ? 0 : 4 * (0.95 * 0.05 / Double(draws)).squareRoot()
    #expect(c.withinTwo >= 0.93 - slack && c.withinTwo <= 0.97 + slack)
  }
}
