import Foundation
import NumericalMethods
import RealModule
import Tables
import TestSupport
import Testing

@testable import XRayAbsorption

@Suite struct LinearCombinationTests {
  typealias Curve = LinearCombination.Curve

  /// scipy 1.17.1 `CubicSpline(x, y, bc_type='not-a-knot')` at 0.3, 2.9, 7.75, −0.5 and 11.5.
  @Test func splineAgreesWithScipy() throws {
    let x = [0, 1, 2.5, 3, 4.2, 6, 7.5, 8, 9.9, 11]
    let y = [1, 3, 2, 5, -1, 0.5, 4, 4, 2, 8.0]
    let spline = try #require(CubicSpline(x, y))
    for (at, wanted) in zip([0.3, 2.9, 7.75, -0.5, 11.5], Self.scipy) {
      #expect((spline(at) - wanted).magnitude < 1e-12 * max(1, wanted.magnitude), "\(at)")
    }
    for i in x.indices { #expect((spline(x[i]) - y[i]).magnitude < 1e-14) }
    let parabola = try #require(CubicSpline([0, 1, 3], [0, 1, 9]))
    #expect((parabola(2) - 4).magnitude < 1e-14)
    let line = try #require(CubicSpline([0, 2], [1, 2]))
    #expect((line(1) - 1.5).magnitude < 1e-15)
    #expect(CubicSpline([0, 0], [1, 2]) == nil && CubicSpline([0], [1]) == nil)
  }

  static let scipy: [Double] = [
    2.801270941553719, 4.588490452289793, 4.092573185275334, -5.559436403670711,
    14.628744539612573,
  ]

  static func curve(_ name: String, _ path: String) throws -> Curve {
    let text = try String(contentsOfFile: Corpus.path(path), encoding: .utf8)
    let rows = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("#") }.map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
    return Curve(name: name, energy: rows.map { $0[0] }, values: rows.map { $0[1] })
  }

  /// The Au L3 example of larch: weights to 1e-4, R to 1 % (design page, section 5).
  @Test(.enabled(if: Corpus.available, "corpus absent")) func goldAgreesWithLarch() throws {
    let unknown = try Self.curve("unknown", "xas/lcf_Au/unknown.dat")
    let standards = try (1...6).map { try Self.curve("s\($0)", "xas/lcf_Au/s\($0).dat") }
    for (sumsToOne, wanted, r) in [
      (false, [0.31349, 0.49715, 0.07618, -0.07917, -0.03096, 0.22093], 1.350e-5),
      (true, [0.32050, 0.50136, 0.08168, -0.09174, -0.07781, 0.26601], 1.886e-5),
    ] {
      var diagnostics = DiagnosticList()
      let fit = try LinearCombination(
        unknown, standards: standards, window: 11870...12030, sumsToOne: sumsToOne,
        diagnostics: &diagnostics)
      #expect(diagnostics.all.isEmpty)
      for (part, weight) in zip(fit.parts, wanted) {
        #expect((part.weight - weight).magnitude < 1e-4, "\(part.name)")
        #expect((part.u ?? 0) > 0.001 && (part.u ?? 1) < 0.2)
      }
      #expect((fit.rFactor / r - 1).magnitude < 0.01)
      #expect(!sumsToOne || (fit.sum - 1).magnitude < 1e-12)
    }
    // No negative weight: scipy's nnls on the same grid.
    var diagnostics = DiagnosticList()
    for (sumsToOne, wanted) in Self.nonNegative {
      let fit = try LinearCombination(
        unknown, standards: standards, window: 11870...12030, sumsToOne: sumsToOne,
        nonNegative: true, diagnostics: &diagnostics)
      for (part, weight) in zip(fit.parts, wanted) {
        #expect((part.weight - weight).magnitude < 1e-5, "\(part.name): \(part.weight)")
        #expect((part.u == nil) == (weight == 0))
      }
    }
  }

  /// scipy 1.17.1: `nnls`, and `minimize` by SLSQP with the sum held, on not-a-knot cubics.
  static let nonNegative: [(Bool, [Double])] = [
    (
      false,
      [
        0.31514992667978176, 0.4652811151431478, 0.058169096568743944, 0, 0.06421301864580263,
        0.09462390788619471,
      ]
    ),
    (
      true,
      [
        0.3230929009371173, 0.46434794868269813, 0.06104992439490426, 0, 0.029561363340970898,
        0.12194786263558716,
      ]
    ),
  ]

  /// Weights come back from a mixture with noise, and u holds what it says: 68 % within u.
  @Test func weightsHaveHonestUncertainties() throws {
    let energy = (0..<150).map { 1555 + 0.25 * Double($0) }
    func standard(_ center: Double) throws -> [Double] {
      try EdgeFitTests.curve(
        "atan@1566[width=0.6,height=1]+gauss@\(center)[fwhm=3,area=3]", energy)
    }
    let all = try [1566.0, 1568, 1572].map {
      Curve(name: "\($0)", energy: energy, values: try standard($0))
    }
    let grid = energy.dropFirst(10).dropLast(10).map { $0 + 0.1 }
    let truth = [0.5, 0.3, 0.2]
    for sumsToOne in [false, true] {
      var random = CounterRandom(seed: 11)
      var inside = 0
      for _ in 0..<200 {
        var values = [Double](repeating: 0, count: grid.count)
        for (curve, weight) in zip(all, truth) {
          let spline = try #require(CubicSpline(curve.energy, curve.values))
          for i in grid.indices { values[i] += weight * spline(grid[i]) }
        }
        for i in grid.indices { values[i] += 0.01 * random.normal() }
        var diagnostics = DiagnosticList()
        let fit = try LinearCombination(
          Curve(name: "x", energy: Array(grid), values: values), standards: all,
          window: 1555...1600, sumsToOne: sumsToOne, diagnostics: &diagnostics)
        for (part, weight) in zip(fit.parts, truth)
        where (part.weight - weight).magnitude < part.u ?? 0 { inside += 1 }
      }
      #expect((360...460).contains(inside), "\(inside) of 600")
    }
  }

  @Test func standardsMustOverlapAndDiffer() throws {
    let energy = (0..<100).map { 1555 + 0.25 * Double($0) }
    let curve = Curve(
      name: "a", energy: energy,
      values: try EdgeFitTests.curve("atan@1566[width=1,height=1]", energy))
    var far = curve
    far.energy = energy.map { $0 + 24 }
    for (standards, window, code) in [
      ([far], 1555.0...1580.0, "xas.lcf-overlap"), ([curve], 1600...1610, "xas.lcf-overlap"),
      ([curve, curve], 1555...1580, "xas.lcf-dependent"), ([], 1555...1580, "xas.lcf-standards"),
    ] {
      #expect(Self.failure(curve, standards, window) == code)
    }
    far.energy = energy.map { $0 + 3 }
    var diagnostics = DiagnosticList()
    let fit = try LinearCombination(
      curve, standards: [far], window: 1555...1580, diagnostics: &diagnostics)
    #expect(diagnostics.all.map(\.code) == ["xas.lcf-short"] && fit.parts.count == 1)
  }

  static func failure(
    _ curve: Curve, _ standards: [Curve], _ window: ClosedRange<Double>
  ) -> String? {
    var diagnostics = DiagnosticList()
    do throws(ReadFailure) {
      _ = try LinearCombination(
        curve, standards: standards, window: window, diagnostics: &diagnostics)
      return nil
    } catch {
      return error.diagnostic.code
    }
  }
}
