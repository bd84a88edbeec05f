internal import NumericalMethods
public import Tables

/// A spectrum as a sum of standards.
///
/// The standards are interpolated (not-a-knot cubics) onto the spectrum's grid; the weights are linear
/// least squares over the points of a window.
public struct LinearCombination: Hashable, Sendable {
  /// A curve that takes part.
  public struct Curve: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// Its energies in eV, ascending.
    public var energy: [Double]
    /// Its values, usually the normalised absorption.
    public var values: [Double]

    /// A curve from its parts.
    public init(name: String, energy: [Double], values: [Double]) {
      self.name = name
      self.energy = energy
      self.values = values
    }
  }

  /// What a standard contributes.
  public struct Part: Hashable, Sendable {
    /// The standard's name.
    public var name: String
    /// Its weight.
    public var weight: Double
    /// The standard uncertainty of the weight; nil where it is held at 0 by `--non-negative`.
    public var u: Double?
  }

  /// The standards in the order given.
  public var parts: [Part]
  /// The sum of the weights, and its standard uncertainty; nil where it is 1 by demand.
  public var sum: Double, sumU: Double?
  /// Σ(d − f)²/Σd².
  public var rFactor: Double
  /// The sum of squared residuals.
  public var chiSquare: Double
  /// The window asked for in eV.
  public var window: ClosedRange<Double>
  /// The energies of the points in eV, the spectrum and the fit there.
  public var energy: [Double], data: [Double], fit: [Double]

  /// Fits a spectrum by standards.
  ///
  /// - Parameters:
  ///   - spectrum: the spectrum.
  ///   - standards: the standards.
  ///   - window: the energies in eV, from the last point at or below the lower limit to the last point
  ///     at or below the upper one.
  ///   - sumsToOne: whether the weights add up to 1.
  ///   - nonNegative: whether no weight may be below 0.
  ///   - place: what diagnostics say about where.
  ///   - diagnostics: gets a warning where standards do not span the window.
  public init(
    _ spectrum: Curve, standards: [Curve], window: ClosedRange<Double>, sumsToOne: Bool = false,
    nonNegative: Bool = false, place: Place = .whole, diagnostics: inout DiagnosticList
  ) throws(ReadFailure) {
    guard !standards.isEmpty else {
      throw ReadFailure(
        "xas.lcf-standards", at: place, found: "no standard", expected: "expected at least one")
    }
    func last(_ limit: Double) -> Int {
      spectrum.energy.lastIndex { $0 <= limit } ?? 0
    }
    let count = min(spectrum.energy.count, spectrum.values.count)
    let all = Array(last(window.lowerBound)..<min(count, last(window.upperBound) + 1))
    var rows = all
    var splines: [CubicSpline] = []
    for standard in standards {
      let rule = try Self.spline(standard, place)
      let range = (rule.knots.first ?? 0)...(rule.knots.last ?? 0)
      let overlap = all.count { range.contains(spectrum.energy[$0]) }
      guard overlap >= 10 else {
        throw ReadFailure(
          "xas.lcf-overlap", at: place,
          found: "'\(standard.name)' overlaps the window with \(overlap) points of "
            + "'\(spectrum.name)'", expected: "expected at least 10")
      }
      rows.removeAll { !range.contains(spectrum.energy[$0]) }
      splines.append(rule)
    }
    guard rows.count >= 10, rows.count > standards.count else {
      throw ReadFailure(
        "xas.lcf-overlap", at: place,
        found: "\(rows.count) points of '\(spectrum.name)' lie in the window and in every standard",
        expected: "expected at least 10, and more than there are standards")
    }
    if rows.count < all.count {
      diagnostics.warn(
        "xas.lcf-short", at: place,
        found:
          "\(all.count - rows.count) of \(all.count) points of '\(spectrum.name)' lie outside a "
          + "standard", expected: "expected standards that span the window; these are left out")
    }
    var design = DenseMatrix(rows: rows.count, columns: standards.count)
    for (i, row) in rows.enumerated() {
      for (k, rule) in splines.enumerated() { design[i, k] = rule(spectrum.energy[row]) }
    }
    let data = rows.map { spectrum.values[$0] }
    guard
      let mixture = solveMixture(design, data, sumsToOne: sumsToOne, nonNegative: nonNegative),
      let fit = design.times(mixture.coefficients)
    else {
      throw ReadFailure(
        "xas.lcf-dependent", at: place,
        found: "one of the standards is a sum of the others within the window",
        expected: "expected standards that differ")
    }
    self.window = window
    self.data = data
    self.fit = fit
    energy = rows.map { spectrum.energy[$0] }
    parts = standards.indices.map { i in
      Part(
        name: standards[i].name, weight: mixture.coefficients[i],
        u: mixture.isHeld[i] ? nil : max(0, mixture.covariance[i, i]).squareRoot())
    }
    sum = mixture.coefficients.reduce(0, +)
    if !sumsToOne { sumU = max(0, mixture.covariance.values.reduce(0, +)).squareRoot() }
    chiSquare = mixture.sumOfSquares
    let size = data.reduce(0) { $0 + $1 * $1 }
    rFactor = size > 0 ? mixture.sumOfSquares / size : 0
  }

  private static func spline(_ curve: Curve, _ place: Place) throws(ReadFailure) -> CubicSpline {
    let scan = AbsorptionScan(energy: curve.energy, mu: curve.values).averaged()
    guard let spline = CubicSpline(scan.energy, scan.mu) else {
      throw ReadFailure(
        "xas.lcf-overlap", at: place, found: "'\(curve.name)' has \(scan.count) points",
        expected: "expected at least 10")
    }
    return spline
  }
}
