import NumericalMethods
import Testing

/// A problem of the NIST Statistical Reference Datasets (https://www.itl.nist.gov/div898/strd/).
private struct Problem: Sendable {
  var name: String
  var x: [Double], y: [Double]
  var starts: [[Double]]
  /// Certified parameters and standard deviations, to 11 digits.
  var parameters: [Double], deviations: [Double]
  var sumOfSquares: Double
  var model: @Sendable (_ b: [Double], _ x: Double) -> Double
}

private func power(_ base: Double, _ n: Int) -> Double { (0..<n).reduce(1) { r, _ in r * base } }

/// e^x by its series on a reduced argument, so that the tests need no mathematics library.
private func exponential(_ x: Double) -> Double {
  let n = 64
  var term = 1.0
  var sum = 1.0
  let t = x / Double(n)
  for k in 1..<24 {
    term *= t / Double(k)
    sum += term
  }
  return power(sum, n)
}

private let problems: [Problem] = [
  Problem(
    name: "Misra1a",
    x: [
      77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1,
      760.0,
    ],
    y: [
      10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47,
      81.78,
    ],
    starts: [[500, 0.0001], [250, 0.0005]], parameters: [2.3894212918E+02, 5.5015643181E-04],
    deviations: [2.7070075241E+00, 7.2668688436E-06], sumOfSquares: 1.2455138894E-01,
    model: { b, x in b[0] * (1 - exponential(-b[1] * x)) }),
  Problem(
    name: "BoxBOD", x: [1, 2, 3, 5, 7, 10], y: [109, 149, 149, 191, 213, 224],
    starts: [[100, 0.75]], parameters: [2.1380940889E+02, 5.4723748542E-01],
    deviations: [1.2354515176E+01, 1.0455993237E-01], sumOfSquares: 1.1680088766E+03,
    model: { b, x in b[0] * (1 - exponential(-b[1] * x)) }),
  Problem(
    name: "Rat42", x: [9, 14, 21, 28, 42, 57, 63, 70, 79],
    y: [8.93, 10.80, 18.59, 22.33, 39.35, 56.11, 61.73, 64.62, 67.08],
    starts: [[100, 1, 0.1], [75, 2.5, 0.07]],
    parameters: [7.2462237576E+01, 2.6180768402E+00, 6.7359200066E-02],
    deviations: [1.7340283401E+00, 8.8295217536E-02, 3.4465663377E-03],
    sumOfSquares: 8.0565229338E+00, model: { b, x in b[0] / (1 + exponential(b[1] - b[2] * x)) }),
  Problem(
    name: "MGH09",
    x: [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625],
    y: [
      0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246,
    ],
    starts: [[0.25, 0.39, 0.415, 0.39]],
    parameters: [1.9280693458E-01, 1.9128232873E-01, 1.2305650693E-01, 1.3606233068E-01],
    deviations: [1.1435312227E-02, 1.9633220911E-01, 8.0842031232E-02, 9.0025542308E-02],
    sumOfSquares: 3.0750560385E-04,
    model: { b, x in b[0] * (x * x + x * b[1]) / (x * x + x * b[2] + b[3]) }),
]

private func fit(
  _ problem: Problem, from start: [Double], lower: [Double]? = nil, upper: [Double]? = nil
) -> NonlinearFit? {
  func residuals(_ p: [Double]) -> [Double] {
    zip(problem.x, problem.y).map { problem.model(p, $0) - $1 }
  }
  return levenbergMarquardt(start, lower: lower, upper: upper) { p, r, j in
    r = residuals(p)
    guard
      let jacobian = centralDifferences(
        p, typical: start.map { $0 * 1e-3 }, residuals: { residuals($0) })
    else { return false }
    j = jacobian
    return r.allSatisfy(\.isFinite)
  }
}

@Test func nonlinearFitsMeetTheCertifiedValuesOfNIST() throws {
  for problem in problems {
    for start in problem.starts {
      let result = try #require(fit(problem, from: start), "\(problem.name)")
      let covariance = try #require(result.inverseNormal)
      #expect(result.converged, "\(problem.name) from \(start)")
      #expect(abs(result.sumOfSquares / problem.sumOfSquares - 1) < 1e-9, "\(problem.name)")
      for i in start.indices {
        #expect(
          abs(result.parameters[i] / problem.parameters[i] - 1) < 1e-6, "\(problem.name) b\(i + 1)")
        let u = (covariance[i, i] * result.residualVariance).squareRoot()
        #expect(abs(u / problem.deviations[i] - 1) < 1e-5, "\(problem.name) sd b\(i + 1)")
      }
    }
  }
}

@Test func boundsHoldAndAreReported() throws {
  let problem = problems[2]
  let result = try #require(
    fit(problem, from: [60, 2, 0.06], lower: [0, 0, 0], upper: [70, 10, 1]))
  #expect(result.parameters[0] == 70)
  #expect(result.atBound == [true, false, false])
  #expect(result.inverseNormal?[0, 0] == 0)
  #expect((result.inverseNormal?[1, 1] ?? 0) > 0)
}

@Test func linearFitSolvesWampler1Exactly() throws {
  // NIST StRD Wampler1: y = 1 + x + … + x⁵ for x = 0…20, all coefficients 1, residual 0.
  var design = DenseMatrix(rows: 21, columns: 6)
  var y: [Double] = []
  for i in 0..<21 {
    for j in 0..<6 { design[i, j] = power(Double(i), j) }
    y.append((0..<6).reduce(0) { $0 + power(Double(i), $1) })
  }
  let result = try #require(solveLeastSquares(design, y))
  for c in result.coefficients { #expect(abs(c - 1) < 1e-8) }
}

@Test func dependentColumnsAreRefused() {
  var design = DenseMatrix(rows: 4, columns: 2)
  for i in 0..<4 {
    design[i, 0] = Double(i + 1)
    design[i, 1] = 2 * Double(i + 1)
  }
  #expect(solveLeastSquares(design, [1, 2, 3, 4]) == nil)
}

@Test func straightLineUncertainties() throws {
  // y = 0.1, 0.9, 2.2, 2.8 at x = 0…3; by hand: slope 0.94, mean 1.5, Σr² = 0.082.
  let line = try #require(fitLine([0, 1, 2, 3], [0.1, 0.9, 2.2, 2.8]))
  #expect(abs(line.slope - 0.94) < 1e-12)
  #expect(abs(line.intercept - 1.5) < 1e-12)
  #expect(abs(line.residual - (0.082 / 2).squareRoot()) < 1e-12)
  #expect(abs(line.slopeU - (0.041 / 5).squareRoot()) < 1e-12)
}
