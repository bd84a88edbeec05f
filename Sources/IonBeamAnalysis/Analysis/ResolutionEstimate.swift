internal import NumericalMethods
internal import RealModule

extension SurfaceSearch {
  /// The resolution that the fronts of a spectrum show, full width at half maximum in keV.
  ///
  /// Nil where the setup states it, where the energies are not known, or where no front is clear. Isotopes
  /// and roughness only widen a front: the sharpest of the clear ones counts.
  static func estimatedResolution(_ spectrum: StoredSpectrum, _ setup: KnownSetup) -> Double? {
    guard (setup.fwhm ?? 0) <= 0, let calibration = setup.calibration, calibration.slope > 0,
      let beam = setup.energy, setup.ion != nil, setup.scattering != nil
    else { return nil }
    let counts = spectrum.counts
    let start = 15 / 2.354820045030949 / calibration.slope
    let finder = StepSearch(counts, sigma: min(start, Double(counts.count) / 30), threshold: 12)
    let steps = finder.all().flatMap(\.steps)
    var best: Double?
    var tried = 0
    for (k, step) in steps.enumerated() where step.kind != .back && tried < 8 {
      guard step.significance > 20,
        calibration.energy(step.position + Double(spectrum.firstChannel)) > 0.25 * beam
      else { continue }
      tried += 1
      // What closes the front, where that is near.
      var end = step.kind == .peak ? step.lowerEnd : nil
      if k + 1 < steps.count, steps[k + 1].kind == .back, end == nil,
        step.position - steps[k + 1].position < 8 * step.sigma
      {
        end = steps[k + 1].position
      }
      // A wide layer's front stands for itself: what closes it is wider by straggling.
      if let low = end, step.position - low > 2.2 * step.sigma { end = nil }
      guard let sigma = width(counts, step, closedAt: end) else { continue }
      let channel = (max(0, sigma * sigma - 1.0 / 12)).squareRoot()
      let fwhm = 2.354820045030949 * channel * calibration.slope
      if fwhm > 4, fwhm < 60 { best = min(best ?? fwhm, fwhm) }
    }
    return best
  }

  /// The standard deviation in channels of a Gaussian that widens a step or a box; nil where the counts do
  /// not tell it to a tenth.
  private static func width(
    _ counts: [Double], _ step: SpectrumStep, closedAt end: Double?
  ) -> Double? {
    let s = step.sigma
    let bottom = end.map { $0 - 4 * s } ?? step.position - 1.5 * s
    let low = max(0, Int(bottom.rounded()))
    let high = min(counts.count, Int((step.position + 5 * s).rounded()))
    guard high - low > 8 else { return nil }
    let data = Array(counts[low..<high])
    let top = max(1, data.max() ?? 1)
    // A layer much thinner than the resolution is a Gaussian.
    let apart = end.map { step.position - $0 } ?? 0
    let box = apart < 1.2 * s ? 0 : apart
    let integral = NormalIntegral.table
    let count = end == nil ? 4 : 6
    // Counts above, position, height, deviation; of a box also its width and the counts below.
    let found = PoissonMinimum(
      start: Array([1e-3 * top, step.position, top, s, box, 1e-3 * top].prefix(count)),
      lower: Array([0, step.position - 4 * s, 0, 0.2 * s, 0, 0].prefix(count)),
      upper: Array(
        [top, step.position + 4 * s, 50 * top, 4 * s, box > 0 ? 12 * s : 0, top].prefix(count)),
      steps: Array(
        [1e-3 * top, 0.01 * s, 1e-3 * top, 0.01 * s, 0.02 * s, 1e-3 * top].prefix(count)),
      counts: data
    ) { p in
      data.indices.map { i in
        let off = p[1] - Double(low + i) - 0.5
        let front = integral(off / p[3])
        guard p.count > 4 else { return p[0] + p[2] * front }
        let back = integral((off - max(p[4], 0.1 * s)) / p[3])
        return p[0] + (p[5] - p[0]) * back + p[2] * (front - back)
      }
    }
    guard let covariance = found.covariance, found.values.count == count else { return nil }
    let sigma = found.values[3]
    let u = max(0, covariance[3, 3]).squareRoot()
    return u > 0 && u < 0.1 * sigma ? sigma : nil
  }
}
