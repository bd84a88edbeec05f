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
    let raster: Raster

    /// Smooths a reference; nil where it has fewer than 10 points in the window.
    ///
    /// - Parameters:
    ///   - energy: its energies in eV, ascending and distinct.
    ///   - norm: its normalised absorption.
    ///   - window: the energies in eV that count; 8 eV beyond are smoothed as well.
    public init?(energy: [Double], norm: [Double], window: ClosedRange<Double>) {
      let wide = (window.lowerBound - 8)...(window.upperBound + 8)
      let from = energy.points(in: wide)
      let inside = energy.points(in: window)
      guard inside.count >= 10, norm.count == energy.count,
        let spline = SmoothingSpline(Array(energy[from]), Array(norm[from]))
      else { return nil }
      self.window = window
      self.spline = spline
      raster = Raster(spline, window)
      points = inside.count
      noise = pointNoise(energy, norm, in: inside) ?? 0
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
    let own = energy.points(in: window).clamped(to: 0..<min(energy.count, y.count))
    guard own.count >= 10 else { return nil }
    let x = Array(energy[own])
    let data = Array(y[own])
    guard let fit = Self.fit(x, data, reference) else { return nil }
    let noise = pointNoise(energy, y, in: own) ?? 0
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
  ///
  /// With δ fixed, scale and offset follow by a straight line; the change of δ is that of the slope's
  /// part that neither of them can take up.
  private static func fit(
    _ x: [Double], _ y: [Double], _ reference: Reference
  ) -> (shift: Double, scale: Double, offset: Double, inverse: Double, sum: Double)? {
    guard var shift = reference.raster.best(x, y) else { return nil }
    let n = Double(x.count)
    let ym = y.reduce(0, +) / n
    var f: [Double] = []
    var g: [Double] = []
    f.reserveCapacity(x.count)
    g.reserveCapacity(x.count)
    for _ in 0..<50 {
      reference.spline.curve(at: x, less: shift, values: &f, slopes: &g)
      var (fm, gm) = (0.0, 0.0)
      for i in f.indices {
        fm += f[i]
        gm += g[i]
      }
      fm /= n
      gm /= n
      var (ff, fg, gg, fy, gy) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for i in f.indices {
        let (a, b, c) = (f[i] - fm, g[i] - gm, y[i] - ym)
        ff += a * a
        fg += a * b
        gg += b * b
        fy += a * c
        gy += b * c
      }
      guard ff > 0 else { return nil }
      let scale = fy / ff
      // What of the slope is orthogonal to the reference and to a constant.
      let own = gg - fg / ff * fg
      guard own > 1e-13 * gg, scale != 0 else { return nil }
      let change = max(-1, min(1, -(gy - fg * scale) / (scale * own)))
      shift += change
      guard change.isFinite else { return nil }
      if change.magnitude < 1e-10 {
        guard shift.magnitude < 20 else { return nil }
        let offset = ym - scale * fm
        var sum = 0.0
        for i in f.indices {
          let r = y[i] - scale * f[i] - offset
          sum += r * r
        }
        return (shift, scale, offset, 1 / (scale * scale * own), sum)
      }
    }
    return nil
  }

  /// A smoothed reference on a fine grid, to look for the δ from which the fit starts.
  struct Raster: Hashable, Sendable {
    /// Points of the grid in one eV, steps of the first and of the second look in points, and how far
    /// both look.
    private static let fineness = 8, stride = 4, reach = 40
    private let low: Double
    private let values: [Double]

    init(_ spline: SmoothingSpline, _ window: ClosedRange<Double>) {
      let margin = Double(Self.reach / Self.fineness) + 1
      low = window.lowerBound - margin
      let wanted = (window.upperBound - low + margin) * Double(Self.fineness)
      let count = 2 + (Int(exactly: min(wanted, 1e6).rounded(.up)) ?? 0)
      let origin = low
      var values: [Double] = []
      var slopes: [Double] = []
      spline.curve(
        at: (0..<count).map { origin + Double($0) / Double(Self.fineness) }, less: 0,
        values: &values, slopes: &slopes)
      self.values = values
    }

    /// The δ in eV, a multiple of an eighth within 5 eV, at which a·f(E − δ) + b with a > 0 leaves least;
    /// every half eV is looked at first, then what lies beside the best of them.
    func best(_ x: [Double], _ y: [Double]) -> Double? {
      let n = Double(x.count)
      let ym = y.reduce(0, +) / n
      var yy = 0.0
      var places: [Int] = []
      var shares: [Double] = []
      places.reserveCapacity(x.count)
      shares.reserveCapacity(x.count)
      for i in x.indices {
        yy += (y[i] - ym) * (y[i] - ym)
        let position = (x[i] - low) * Double(Self.fineness)
        let place = min(
          max(Int(exactly: position.rounded(.down)) ?? 0, Self.reach),
          values.count - 2 - Self.reach)
        places.append(place)
        shares.append(position - Double(place))
      }
      guard values.count > 2 * Self.reach + 2 else { return nil }
      let level = values[values.count / 2]
      func rest(_ k: Int) -> Double? {
        var (fm, ff, fy) = (0.0, 0.0, 0.0)
        for i in places.indices {
          let at = places[i] - k
          let f = values[at] + shares[i] * (values[at + 1] - values[at]) - level
          fm += f
          ff += f * f
          fy += f * (y[i] - ym)
        }
        ff -= fm * fm / n
        return ff > 0 && fy > 0 ? yy - fy * fy / ff : nil
      }
      var best: (k: Int, sum: Double)?
      func look(_ k: Int) {
        if let sum = rest(k), sum < best?.sum ?? .infinity { best = (k, sum) }
      }
      for k in Swift.stride(from: -Self.reach, through: Self.reach, by: Self.stride) { look(k) }
      guard let coarse = best?.k else { return nil }
      for k in max(-Self.reach, coarse - Self.stride + 1)..<min(Self.reach, coarse + Self.stride)
      where k != coarse { look(k) }
      return best.map { Double($0.k) / Double(Self.fineness) }
    }
  }
}
