internal import NumericalMethods
internal import RealModule

/// How far a spectrum lies above a reference, by least squares over the whole edge.
///
/// The reference is smoothed by a natural cubic spline (λ by generalised cross-validation); then
/// y(E) = a·f(E − δ) + b over the points of the window. δ > 0 means higher energy. The uncertainty
/// counts the noise of both spectra and grows where the shapes differ.
public struct SpectrumShift: Hashable, Sendable {
  /// δ in eV and its standard uncertainty.
  public var shift: Double, u: Double
  /// The factor a and the offset b.
  public var scale: Double, offset: Double
  /// The window in eV.
  public var window: ClosedRange<Double>
  /// The sum of squares over (n − 3)(σ² + a²σ_ref²): about 1 where the shapes agree.
  public var reducedChiSquare: Double
  /// The number of points.
  public var points: Int
  /// The smallest shift that would be told from none, 1.96·u.
  public var detectable: Double { 1.96 * u }
  /// Whether the shapes differ by far more than the noise.
  public var shapesDiffer: Bool { reducedChiSquare > 3 }

  /// A reference made ready for many spectra: smoothed around a window.
  public struct Reference: Hashable, Sendable {
    /// The energies in eV that count.
    public let window: ClosedRange<Double>
    /// The points of the reference in the window, and the noise of one.
    public let points: Int, noise: Double
    let spline: SmoothingSpline

    /// Smooths a reference; nil where it has fewer than 10 points in the window.
    ///
    /// - Parameters:
    ///   - energy: its energies in eV, ascending and distinct.
    ///   - norm: its normalised absorption.
    ///   - window: the energies in eV that count; 8 eV beyond are smoothed as well.
    public init?(energy: [Double], norm: [Double], window: ClosedRange<Double>) {
      let wide = (window.lowerBound - 8)...(window.upperBound + 8)
      let from = energy.indices.filter { wide.contains(energy[$0]) }
      let inside = energy.indices.filter { window.contains(energy[$0]) }
      guard let first = inside.first, let last = inside.last, inside.count >= 10,
        norm.count == energy.count,
        let spline = SmoothingSpline(from.map { energy[$0] }, from.map { norm[$0] })
      else { return nil }
      self.window = window
      self.spline = spline
      points = inside.count
      noise = pointNoise(energy, norm, in: first..<(last + 1)) ?? 0
    }
  }

  /// Fits the shift.
  ///
  /// - Parameters:
  ///   - energy: the energies of the spectrum in eV, ascending.
  ///   - y: its normalised absorption.
  ///   - reference: the energies and the normalised absorption of the reference.
  ///   - window: the energies in eV that count.
  /// - Returns: nil where fewer than 10 points of either lie in the window, or no shift fits.
  public init?(
    energy: [Double], _ y: [Double], reference: (energy: [Double], norm: [Double]),
    window: ClosedRange<Double>
  ) {
    guard
      let ready = Reference(energy: reference.energy, norm: reference.norm, window: window)
    else { return nil }
    self.init(energy: energy, y, reference: ready)
  }

  /// Fits the shift against a reference that was made ready.
  ///
  /// Returns nil where fewer than 10 points of the spectrum lie in the window, or no shift fits.
  public init?(energy: [Double], _ y: [Double], reference: Reference) {
    let window = reference.window
    let own = energy.indices.filter { window.contains(energy[$0]) && $0 < y.count }
    guard let first = own.first, let last = own.last, own.count >= 10 else { return nil }
    let x = own.map { energy[$0] }
    let data = own.map { y[$0] }
    guard let fit = Self.fit(x, data, reference.spline) else { return nil }
    let noise = pointNoise(energy, y, in: first..<(last + 1)) ?? 0
    let variance = noise * noise + reference.noise * reference.noise
    shift = fit.shift
    scale = fit.scale
    offset = fit.offset
    self.window = window
    points = x.count
    let spare = Double(max(1, x.count - 3))
    reducedChiSquare = variance > 0 ? fit.sum / (spare * variance) : 0
    let growth = reducedChiSquare > 1.5 ? reducedChiSquare : 1
    u = (fit.inverse * (variance > 0 ? variance * growth : fit.sum / spare)).squareRoot()
  }

  /// The best δ on a coarse raster, then Gauss–Newton in all three parameters.
  private static func fit(
    _ x: [Double], _ y: [Double], _ spline: SmoothingSpline
  ) -> (shift: Double, scale: Double, offset: Double, inverse: Double, sum: Double)? {
    var best: (shift: Double, sum: Double)?
    for k in -40...40 {
      let shift = Double(k) / 8
      guard let line = straightLine(spline.values(at: x, less: shift), y) else { continue }
      if line.scale > 0, line.sum < best?.sum ?? .infinity { best = (shift, line.sum) }
    }
    guard var shift = best?.shift else { return nil }
    for _ in 0..<50 {
      let f = x.map { spline($0 - shift) }
      guard let line = straightLine(f.map(\.value), y) else { return nil }
      var design = DenseMatrix(rows: x.count, columns: 3)
      for i in x.indices {
        design[i, 0] = f[i].value
        design[i, 1] = -line.scale * f[i].slope
        design[i, 2] = 1
      }
      let residual = x.indices.map { y[$0] - line.scale * f[$0].value - line.offset }
      guard let step = solveLeastSquares(design, residual) else { return nil }
      let change = max(-1, min(1, step.coefficients[1]))
      shift += change
      if change.magnitude < 1e-10 {
        guard shift.magnitude < 20 else { return nil }
        return (shift, line.scale, line.offset, max(0, step.inverseNormal[1, 1]), line.sum)
      }
    }
    return nil
  }

  private static func straightLine(
    _ f: [Double], _ y: [Double]
  ) -> (scale: Double, offset: Double, sum: Double)? {
    let n = Double(f.count)
    let (fm, ym) = (f.reduce(0, +) / n, y.reduce(0, +) / n)
    var (ff, fy) = (0.0, 0.0)
    for (a, b) in zip(f, y) {
      ff += (a - fm) * (a - fm)
      fy += (a - fm) * (b - ym)
    }
    guard ff > 0 else { return nil }
    let scale = fy / ff
    let offset = ym - scale * fm
    let sum = zip(f, y).reduce(0) {
      let r = $1.1 - scale * $1.0 - offset
      return $0 + r * r
    }
    return (scale, offset, sum)
  }
}
