internal import NumericalMethods
public import Tables

/// A spectrum brought to the scale of tabulated scattering factors (MBACK).
///
/// Below and above the edge s·mu − Σcᵢ(E − e0)ⁱ is matched to f″ by least squares, both regions weighing
/// alike (Weng, Waldo, Penner-Hahn, J. Synchrotron Rad. 12 (2005) 506). The normalised absorption is
/// that curve less the pre-edge line of f″, over the step of f″: its value 10 eV above the edge less that
/// line at e0.
public struct MbackNormalisation: Hashable, Sendable {
  /// The factor s, in electrons per unit of the absorption.
  public var scale: Double
  /// The step in the scale of the absorption: that of f″ over s.
  public var edgeStep: Double
  /// The coefficients cᵢ of powers of E − e0 in eV, in electrons.
  public var coefficients: [Double]
  /// The energies in eV: those of the spectrum that the table reaches.
  public var energy: [Double]
  /// f″, the curve matched to it, and the normalised absorption at these.
  public var scattering: [Double], matched: [Double], norm: [Double]

  /// f″ at energies in eV, by straight lines between the table's points.
  ///
  /// The table holds Na to Cl from 0.75 to 1.5 times the K edge; nil for other elements.
  public static func table(_ symbol: String) -> (energy: [Double], values: [Double])? {
    var energy: [Double] = []
    var values: [Double] = []
    var isWanted = false
    for line in ScatteringFactors.chantler.split(separator: "\n") {
      let text = line.drop { $0 == " " }
      if text.first?.isLetter == true {
        if isWanted { break }
        isWanted = text == symbol
        continue
      }
      guard isWanted else { continue }
      for pair in text.split(separator: ";") {
        let cells = pair.split(separator: " ").compactMap { Double($0) }
        if cells.count == 2 {
          energy.append(cells[0])
          values.append(cells[1])
        }
      }
    }
    return energy.isEmpty ? nil : (energy, values)
  }

  /// Matches a spectrum.
  ///
  /// The polynomial has order 3, 2 where the regions span less than 800 eV, 1 below 400 eV: over a short
  /// range higher orders take up the oscillations, and with them a sixth of the step of an aluminium
  /// K edge that ends at silicon's.
  ///
  /// - Parameters:
  ///   - spectrum: the spectrum with its e0 and both ranges.
  ///   - element: the symbol of the absorber, Na to Cl.
  ///   - place: what errors say about where.
  public init(
    _ spectrum: NormalisedSpectrum, element: String, place: Place = .whole
  ) throws(ReadFailure) {
    guard let table = Self.table(element), let first = table.energy.first,
      let last = table.energy.last
    else {
      throw ReadFailure(
        "xas.mback", at: place, found: "no scattering factors of '\(element)'",
        expected: "expected Na, Mg, Al, Si, P, S or Cl at its K edge")
    }
    let e0 = spectrum.e0
    let all = spectrum.scan.energy
    let rows = all.indices.filter { all[$0] >= first && all[$0] <= last }
    let energy = rows.map { all[$0] }
    let mu = rows.map { spectrum.scan.mu[$0] }
    let factors = interpolate(energy, table.energy, table.values)
    let (below, above) = (spectrum.preEdge, spectrum.postEdge)
    let pre = energy.indices.filter { energy[$0] >= e0 + below.from && energy[$0] <= e0 + below.to }
    let post = energy.indices.filter {
      energy[$0] >= e0 + above.from && energy[$0] <= e0 + above.to
    }
    guard pre.count >= 3, post.count >= 3, let start = pre.first, let end = post.last else {
      throw ReadFailure(
        "xas.mback", at: place,
        found: "\(pre.count) points below and \(post.count) above the edge within the table",
        expected: "expected 3 or more on either side")
    }
    let span = energy[end] - energy[start]
    let order = span < 400 ? 1 : span < 800 ? 2 : 3
    // Lengths in units of the span, mu in units of the step.
    let unit = abs(spectrum.edgeStep) > 0 ? spectrum.edgeStep : 1
    let region = pre + post
    var design = DenseMatrix(rows: region.count, columns: order + 2)
    var weights: [Double] = []
    for (row, i) in region.enumerated() {
      var power = 1.0
      for k in 0...order {
        design[row, k] = -power
        power *= (energy[i] - e0) / span
      }
      design[row, order + 1] = mu[i] / unit
      weights.append(1 / Double(row < pre.count ? pre.count : post.count))
    }
    let data = region.map { factors[$0] }
    let preRows = start..<((pre.last ?? start) + 1)
    guard let fit = solveLeastSquares(design, data, weights: weights),
      let base = EdgeLine(energy, factors, over: preRows, from: 0, to: 0, degree: 1, centre: e0),
      fit.coefficients[order + 1] != 0
    else {
      throw ReadFailure(
        "xas.mback", at: place, found: "the absorption is a polynomial of the energy",
        expected: "expected an edge")
    }
    let scale = fit.coefficients[order + 1] / unit
    var powers: [Double] = []
    var stretch = 1.0
    for k in 0...order {
      powers.append(fit.coefficients[k] / stretch)
      stretch *= span
    }
    // The steepest rise of the table is its edge; 10 eV on f″ has reached its height.
    let rise = zip(table.energy.indices, table.energy.indices.dropFirst()).max {
      table.values[$0.1] - table.values[$0.0] < table.values[$1.1] - table.values[$1.0]
    }
    let edge = max(e0, rise.map { table.energy[$0.1] } ?? e0)
    let height = interpolate([edge + 10], table.energy, table.values).first ?? 0
    let step = height - base.value(e0)
    self.scale = scale
    edgeStep = step / scale
    coefficients = powers
    self.energy = energy
    scattering = factors
    let matched = zip(energy, mu).map { e, mu in
      scale * mu - powers.reversed().reduce(0) { $0 * (e - e0) + $1 }
    }
    self.matched = matched
    norm = zip(energy, matched).map { ($1 - base.value($0)) / step }
  }
}
