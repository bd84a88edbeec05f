public import Tables

/// Corrections of measured signals.
public enum SignalCorrections {
  /// Counts without dead time: ROI·ICR/OCR/live time.
  ///
  /// - Parameters:
  ///   - roi: counts in the region of interest.
  ///   - input: the rate of what arrives.
  ///   - output: the rate of what is counted, in the unit of `input`.
  ///   - live: the live time in s; nil leaves counts.
  /// - Returns: what is not finite where a rate is missing or 0.
  public static func deadTime(
    _ roi: [Double], input: [Double], output: [Double], live: [Double]? = nil
  ) -> [Double] {
    let count = min(roi.count, min(input.count, min(output.count, live?.count ?? .max)))
    return (0..<count).map { i in
      let value = roi[i] * input[i] / output[i]
      return live.map { value / $0[i] } ?? value
    }
  }

  /// Double normalisation: the absorption over that of a blank without the absorber.
  ///
  /// The blank is interpolated linearly; both were divided by their I0 before. Points outside the
  /// blank's range, and those where it is not above 0, are left out.
  public static func divide(
    _ scan: AbsorptionScan, by blank: AbsorptionScan, place: Place = .whole,
    diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> AbsorptionScan {
    let below = blank.averaged()
    guard let first = below.energy.first, let last = below.energy.last else {
      throw ReadFailure(
        "xas.blank", at: place, found: "a blank without points",
        expected: "expected a scan over the same energies")
    }
    let values = interpolate(scan.energy, below.energy, below.mu)
    var result = scan
    let kept = scan.energy.indices.filter {
      scan.energy[$0] >= first && scan.energy[$0] <= last && values[$0] > 0
    }
    result.energy = kept.map { scan.energy[$0] }
    result.mu = kept.map { scan.mu[$0] / values[$0] }
    guard kept.count >= 10 else {
      throw ReadFailure(
        "xas.blank", at: place, found: "the blank is above 0 at \(kept.count) points of the scan",
        expected: "expected at least 10")
    }
    if kept.count < scan.count {
      diagnostics.warn(
        "xas.blank", at: place,
        found: "the blank gives no value above 0 at \(scan.count - kept.count) points",
        expected: "expected a blank over the whole scan; they are left out")
    }
    return result
  }

  /// Removes over-absorption from a fluorescence spectrum: mu·α/(α + 1 − norm).
  ///
  /// α is the sample's absorption apart from the edge over the edge's (Tröger et al., Phys. Rev. B 46
  /// (1992) 3283). A norm of 1 + α or more no thickness can give: an error.
  public static func overAbsorption(
    _ values: [Double], norm: [Double], alpha: Double, place: Place = .whole
  ) throws(ReadFailure) -> [Double] {
    guard alpha > 0, alpha.isFinite, values.count == norm.count else {
      throw ReadFailure(
        "xas.over-absorption", at: place, found: "α = \(alpha)", expected: "expected α above 0")
    }
    if let top = norm.max(), top >= 1 + alpha {
      throw ReadFailure(
        "xas.over-absorption", at: place,
        found: "the normalised absorption reaches \(EdgeModel.number(top)), 1 + α is "
          + "\(EdgeModel.number(1 + alpha))", expected: "expected a larger α")
    }
    return zip(values, norm).map { $0 * alpha / (alpha + 1 - $1) }
  }
}

/// What the position of aluminium's white line hints at.
///
/// Lines of oxides are published 1 to 4 eV apart for one material, so that this is a hint, to be read
/// with the calibration: four-fold aluminium 1565.4–1566.5 eV, five-fold about 1567, six-fold two lines
/// at 1567.2–1568 and 1570.5–1572, metal 1559.6 and 1563 (Ildefonse et al., Cement Concrete Res. 28
/// (1998) 391; Fulton et al., J. Phys. Chem. B 119 (2015) 8380).
public enum AluminiumHint: String, Hashable, Sendable, CaseIterable {
  /// Oxygen four-fold, five-fold, six-fold about aluminium; the metal.
  case tetrahedral = "AlO4"
  case fivefold = "AlO5"
  case octahedral = "AlO6"
  case metal = "metal"

  /// Where its lines are published, in eV.
  public var lines: [ClosedRange<Double>] {
    switch self {
    case .tetrahedral: [1565.4...1566.5]
    case .fivefold: [1566.8...1567.1]
    case .octahedral: [1567.2...1568, 1570.5...1572]
    case .metal: [1563...1563]
    }
  }

  /// The name in words.
  public var words: String { self == .metal ? "Al metal" : rawValue }

  /// The class nearest to a white line, and its distance in eV (0 within a published range).
  ///
  /// Returns nil outside 1559…1576 eV.
  public static func nearest(to line: Double) -> (hint: AluminiumHint, distance: Double)? {
    guard line > 1559, line < 1576 else { return nil }
    var best: (hint: AluminiumHint, distance: Double)?
    for hint in allCases {
      for range in hint.lines {
        let distance = max(0, max(range.lowerBound - line, line - range.upperBound))
        if distance < best?.distance ?? .infinity { best = (hint, distance) }
      }
    }
    return best
  }
}

extension SpectrumAnalysis {
  /// What the white line of a spectrum at the Al K edge hints at, and its distance in eV from the published lines.
  public var aluminiumHint: (hint: AluminiumHint, distance: Double)? {
    guard element == "Al", edge == "K", let peak,
      let line = peak.estimates[peak.best]?.value, line.isFinite
    else { return nil }
    return AluminiumHint.nearest(to: line)
  }
}
