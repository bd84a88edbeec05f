internal import NumericalMethods
internal import RealModule
internal import Tables
internal import Units

/// `kk-residual`: real and imaginary part of an impedance belong together.
enum KramersKronigResidual: LintRule {
  static let code = "kk-residual"
  static let formula =
    "√(s_A² − s_B²): rms residuals over |Z| of R0 + Σ R_k/(1 + jωτ_k) + jωL + 1/(jωC) with common (A) and "
    + "with separate (B) coefficients for Z' and Z''"
  static let threshold = "more than 2 %, and significant (F test, about p < 0.001)"
  static let source =
    "B. A. Boukamp, J. Electrochem. Soc. 142 (1995) 1885; M. Schönleber, D. Klotz, E. Ivers-Tiffée, "
    + "Electrochim. Acta 131 (2014) 20"
  static let needs = "at least 10 frequencies with two parts of the impedance"

  private static let limit = 0.02

  static func check(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table -> [LintCheck] in
      guard let spectrum = ImpedanceColumns(table, subject) else { return [] }
      return spectrum.sweeps.compactMap { rows in
        guard let result = violation(spectrum.points(rows)) else { return nil }
        let holds = result.violation <= limit || !result.isSignificant
        return LintCheck(
          holds, result.violation, limit: limit, table,
          at: LintSubject.place(spectrum.column, row: rows.first ?? 0),
          "the Kramers-Kronig relations are missed by \(LintNumbers.percent(result.violation)) of |Z|"
            + (holds
              ? ""
              : "; the cell drifted, a sign is reversed, the parts are swapped, or one of them has another unit")
        )
      }
    }
  }

  /// One point: angular frequency and the two parts.
  struct Point {
    var omega: Double
    var real: Double
    var imaginary: Double
  }

  /// The systematic part of the residual; nil for fewer than ten points.
  static func violation(_ points: [Point]) -> (violation: Double, isSignificant: Bool)? {
    let used = points.filter { $0.omega > 0 && ($0.real != 0 || $0.imaginary != 0) }
    guard used.count >= 10, let low = used.map(\.omega).min(), let high = used.map(\.omega).max(),
      high > 2 * low
    else { return nil }
    let decades = Double.log10(high / low)
    // The separate fit: as many terms as AICc allows. The common one may take more, so that it is never
    // the number of terms that it fails for.
    let data = 2 * Double(used.count)
    var separate: (score: Double, fit: Fit)?
    var common: (variance: Double, fit: Fit)?
    var terms = 3
    while Double(terms) <= min(0.9 * Double(used.count), 6 * decades + 6) {
      if let fit = fit(used, terms, low, high, isCommon: true) {
        let free = data - Double(fit.coefficients)
        let variance = free > 0 ? fit.sum / free : .infinity
        if common.map({ variance < $0.variance }) ?? true { common = (variance, fit) }
      }
      if Double(terms) <= 0.45 * Double(used.count),
        let fit = fit(used, terms, low, high, isCommon: false)
      {
        let p = Double(fit.coefficients)
        let score =
          fit.sum > 0
          ? data * .log(fit.sum / data) + 2 * p + 2 * p * (p + 1) / max(1, data - p - 1)
          : -.infinity
        if separate.map({ score < $0.score }) ?? true { separate = (score, fit) }
      }
      terms = max(terms + 1, terms * 4 / 3)
    }
    guard let common, let separate else { return nil }
    let freeA = data - Double(common.fit.coefficients)
    let freeB = data - Double(separate.fit.coefficients)
    guard freeA > 0, freeB > 0 else { return nil }
    let b = separate.fit.sum / freeB
    // The ratio of the variances; 3.3 standard deviations above 1 stand for p < 0.001.
    let ratio = b > 0 ? common.variance / b : .infinity
    let spread = (2 / freeA + 2 / freeB).squareRoot()
    return (max(0, common.variance - b).squareRoot(), ratio > 1 + 3.3 * spread)
  }

  private struct Fit {
    var sum: Double
    var coefficients: Int
  }

  /// A linear fit of both parts with weights 1/|Z|².
  private static func fit(
    _ points: [Point], _ terms: Int, _ low: Double, _ high: Double, isCommon: Bool
  ) -> Fit? {
    // Time constants half a decade beyond both ends.
    let first = 1 / (high * 10.0.squareRoot())
    let span = (high * 10 / low)
    let times = (0..<terms).map { k in
      first * .pow(span, terms > 1 ? Double(k) / Double(terms - 1) : 0)
    }
    let own = terms + 3
    let columns = isCommon ? own : 2 * (terms + 2) - 1
    var design: [Double] = []
    design.reserveCapacity(2 * points.count * columns)
    var data: [Double] = []
    for part in 0..<2 {
      for point in points {
        let size = (point.real * point.real + point.imaginary * point.imaginary).squareRoot()
        guard size > 0, size.isFinite else { return nil }
        let scale = 1 / size
        // Real part: 1, Σ 1/(1+x²); imaginary part: −Σ x/(1+x²), ω, −1/ω.
        let real = times.map { scale / (1 + point.omega * point.omega * $0 * $0) }
        let imaginary = times.map {
          -scale * point.omega * $0 / (1 + point.omega * point.omega * $0 * $0)
        }
        let inductance = scale * point.omega / high
        let capacitance = -scale * low / point.omega
        let row: [Double]
        if isCommon {
          row =
            part == 0
            ? [scale] + real + [0, 0] : [0] + imaginary + [inductance, capacitance]
        } else {
          let zeros = [Double](repeating: 0, count: terms + 2)
          row =
            part == 0
            ? [scale] + real + zeros
            : [Double](repeating: 0, count: terms + 1) + imaginary + [inductance, capacitance]
        }
        design += row
        data.append((part == 0 ? point.real : point.imaginary) * scale)
      }
    }
    var matrix = DenseMatrix(rows: 2 * points.count, columns: columns)
    matrix.values = design
    guard let fit = solveLeastSquares(matrix, data) else { return nil }
    return Fit(sum: fit.sumOfSquares, coefficients: columns)
  }
}
