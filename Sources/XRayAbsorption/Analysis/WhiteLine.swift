internal import NumericalMethods
internal import RealModule

/// Where the white line of a normalised spectrum stands, how high and how wide it is.
///
/// Every estimator is given, because each has been somebody's "peak position": they differ by tenths of
/// an eV for a line that is not symmetric.
public struct WhiteLine: Hashable, Sendable {
  /// A number with its standard uncertainty, as far as the noise gives one.
  public struct Estimate: Hashable, Sendable {
    /// The number.
    public var value: Double
    /// Its standard uncertainty; nil where the noise is not known.
    public var u: Double?
  }

  /// The estimators; energies and widths in eV, `height` in steps, `area` in eV.
  public enum Estimator: String, Hashable, Sendable, CaseIterable {
    /// The energy of the highest point.
    case argmax
    /// Its height.
    case height
    /// The vertex of the parabola through the highest point and its neighbours.
    case parabola
    /// The vertex of the least-squares parabola through seven points.
    case quadratic
    /// The centroid of what stands above 0.8 of the height, and the width there.
    case centroid80, width80
    /// The centroid of what stands above 0.9 of the height, and the width there.
    case centroid90, width90
    /// The first crossing of 0.5 upwards.
    case halfRise = "half_rise"
    /// The full width at half maximum over an arctangent step at e0.
    case fwhm
    /// The area between e0 − 10 eV and e0 + 15 eV.
    case area
  }

  /// The window in eV in which the maximum was looked for.
  public var window: ClosedRange<Double>
  /// The estimates that the spectrum allows.
  public var estimates: [Estimator: Estimate]
  /// Whether dips above the noise part the line above 0.8 of its height.
  public var isMultiple: Bool
  /// The estimator to quote.
  public var best: Estimator { isMultiple ? .quadratic : .centroid80 }

  /// Looks for the white line.
  ///
  /// - Parameters:
  ///   - energy: energies in eV, ascending.
  ///   - norm: the normalised absorption.
  ///   - e0: the edge energy in eV.
  ///   - window: where the maximum is looked for; e0 − 5 eV … e0 + 25 eV unless given.
  /// - Returns: nil where the maximum lies at an end of the window, or there are fewer than 5 points.
  public init?(
    energy: [Double], norm: [Double], e0: Double, window: ClosedRange<Double>? = nil
  ) {
    let window = window ?? (e0 - 5)...(e0 + 25)
    let inside = energy.indices.filter { window.contains(energy[$0]) }
    guard let first = inside.first, let last = inside.last, inside.count >= 5,
      energy.count == norm.count
    else { return nil }
    let curve = Curve(energy, e0: e0, window: first...last)
    let top = curve.top(norm)
    guard top > first, top < last else { return nil }
    self.window = window
    let noise = pointNoise(energy, norm, in: first..<(last + 1))
    var estimates: [Estimator: Estimate] = [:]
    for estimator in Estimator.allCases {
      guard let value = curve.value(estimator, norm) else { continue }
      estimates[estimator] = Estimate(
        value: value, u: noise.flatMap { curve.uncertainty(estimator, norm, noise: $0) })
    }
    self.estimates = estimates
    isMultiple = curve.isMultiple(norm, top: top, noise: noise ?? 0)
  }

  /// The estimators on one grid.
  private struct Curve {
    let energy: [Double]
    let e0: Double
    let window: ClosedRange<Int>
    /// The arctangent step at e0, and the points strictly between e0 − 10 eV and e0 + 15 eV.
    private let step: [Double]
    private let inside: Range<Int>

    init(_ energy: [Double], e0: Double, window: ClosedRange<Int>) {
      self.energy = energy
      self.e0 = e0
      self.window = window
      step = energy.map { 0.5 + Double.atan(($0 - e0) / 0.5) / .pi }
      let first = energy.firstIndex { $0 > e0 - 10 } ?? energy.count
      let last = energy.lastIndex { $0 < e0 + 15 } ?? -1
      inside = first..<max(first, last + 1)
    }

    func top(_ y: [Double]) -> Int {
      window.reduce(window.lowerBound) { y[$1] > y[$0] ? $1 : $0 }
    }

    func value(_ estimator: Estimator, _ y: [Double]) -> Double? {
      let top = top(y)
      switch estimator {
      case .argmax: return energy[top]
      case .height: return y[top]
      case .parabola: return parabola(y, top)
      case .quadratic: return quadratic(y, top)
      case .centroid80: return run(y, top, 0.8)?.centroid
      case .width80: return run(y, top, 0.8)?.width
      case .centroid90: return run(y, top, 0.9)?.centroid
      case .width90: return run(y, top, 0.9)?.width
      case .halfRise: return halfRise(y, top)
      case .fwhm: return fullWidth(y, top)
      case .area: return area(y)
      }
    }

    /// Linear propagation of the noise: each point that matters is moved in turn.
    func uncertainty(_ estimator: Estimator, _ y: [Double], noise: Double) -> Double? {
      if estimator == .argmax { return argmaxUncertainty(y, noise) }
      guard noise > 0, let base = value(estimator, y) else { return nil }
      let reach = reach(of: estimator, y)
      var moved = y
      var sum = 0.0
      for i in reach {
        moved[i] = y[i] + 0.1 * noise
        if let value = value(estimator, moved) {
          let slope = (value - base) / (0.1 * noise)
          sum += slope * slope
        }
        moved[i] = y[i]
      }
      return sum.squareRoot() * noise
    }

    /// The points that an estimator looks at.
    private func reach(of estimator: Estimator, _ y: [Double]) -> ClosedRange<Int> {
      let top = top(y)
      let whole = 0...(energy.count - 1)
      func around(_ from: Int, _ to: Int) -> ClosedRange<Int> {
        (from...max(from, to)).clamped(to: whole)
      }
      switch estimator {
      case .argmax, .height: return top...top
      case .parabola: return around(top - 1, top + 1)
      case .quadratic: return around(top - 3, top + 3)
      case .centroid80, .width80:
        let run = extent(y, top, 0.8 * y[top])
        return around(run.lowerBound - 1, run.upperBound + 1)
      case .centroid90, .width90:
        let run = extent(y, top, 0.9 * y[top])
        return around(run.lowerBound - 1, run.upperBound + 1)
      case .halfRise:
        let crossing = risingPoint(y, top) ?? top
        return around(crossing - 1, crossing)
      case .fwhm: return window
      case .area:
        return inside.isEmpty ? 0...0 : around(inside.lowerBound, inside.upperBound - 1)
      }
    }

    private func argmaxUncertainty(_ y: [Double], _ noise: Double) -> Double {
      let top = top(y)
      let near = window.filter { y[$0] >= y[top] - 2 * noise }.map { energy[$0] }
      let half = ((near.max() ?? 0) - (near.min() ?? 0)) / 2
      let step = (energy[min(top + 1, energy.count - 1)] - energy[max(top - 1, 0)]) / 2
      return max(half, step / 12.0.squareRoot())
    }

    private func parabola(_ y: [Double], _ top: Int) -> Double? {
      guard top > 0, top + 1 < y.count else { return nil }
      let (a, b) = (energy[top - 1] - energy[top], energy[top + 1] - energy[top])
      let (p, q) = (y[top - 1] - y[top], y[top + 1] - y[top])
      let curvature = (p / a - q / b) / (a - b)
      guard curvature < 0, curvature.isFinite else { return nil }
      let slope = p / a - curvature * a
      return energy[top] - slope / (2 * curvature)
    }

    private func quadratic(_ y: [Double], _ top: Int) -> Double? {
      let range = max(0, top - 3)..<min(y.count, top + 4)
      guard
        let line = EdgeLine(
          energy, y, over: range, from: 0, to: 0, degree: 2, centre: energy[top]),
        line.degree == 2, line.coefficients[2] < 0
      else { return nil }
      return energy[top] - line.coefficients[1] / (2 * line.coefficients[2])
    }

    /// The contiguous points about the maximum at or above a level.
    private func extent(_ y: [Double], _ top: Int, _ level: Double) -> ClosedRange<Int> {
      var from = top
      while from > 0, y[from - 1] >= level { from -= 1 }
      var to = top
      while to + 1 < y.count, y[to + 1] >= level { to += 1 }
      return from...to
    }

    /// What stands above a share of the maximum: its ends by linear interpolation, or the end of the
    /// spectrum.
    private func run(
      _ y: [Double], _ top: Int, _ share: Double
    ) -> (centroid: Double, width: Double)? {
      let level = share * y[top]
      let points = extent(y, top, level)
      func crossing(_ below: Int, _ above: Int) -> Double {
        energy[below] + (energy[above] - energy[below]) * (level - y[below])
          / (y[above] - y[below])
      }
      var x = Array(energy[points])
      var h = points.map { y[$0] - level }
      if points.lowerBound > 0 {
        x.insert(crossing(points.lowerBound - 1, points.lowerBound), at: 0)
        h.insert(0, at: 0)
      }
      if points.upperBound + 1 < y.count {
        x.append(crossing(points.upperBound + 1, points.upperBound))
        h.append(0)
      }
      var weight = 0.0
      var moment = 0.0
      for i in x.indices.dropLast() {
        let step = x[i + 1] - x[i]
        weight += step * (h[i] + h[i + 1]) / 2
        moment += step * (x[i] * h[i] + x[i + 1] * h[i + 1]) / 2
      }
      guard weight > 0, let first = x.first, let last = x.last else { return nil }
      return (moment / weight, last - first)
    }

    /// The first point at or above 0.5 behind one below it, from 30 eV before the maximum.
    private func risingPoint(_ y: [Double], _ top: Int) -> Int? {
      (1..<max(1, y.count)).first {
        energy[$0] > energy[top] - 30 && y[$0] >= 0.5 && y[$0 - 1] < 0.5
      }
    }

    private func halfRise(_ y: [Double], _ top: Int) -> Double? {
      risingPoint(y, top).map { i in
        energy[i - 1] + (energy[i] - energy[i - 1]) * (0.5 - y[i - 1]) / (y[i] - y[i - 1])
      }
    }

    private func area(_ y: [Double]) -> Double? {
      guard inside.count > 1 else { return nil }
      var sum = 0.0
      for i in inside.dropLast() { sum += (energy[i + 1] - energy[i]) * (y[i] + y[i + 1]) / 2 }
      return sum
    }

    private func fullWidth(_ y: [Double], _ top: Int) -> Double? {
      func line(_ i: Int) -> Double { y[i] - step[i] }
      var peak = top
      for i in window where line(i) > line(peak) { peak = i }
      let half = line(peak) / 2
      guard half > 0 else { return nil }
      var left = peak
      while left > 0, line(left) >= half { left -= 1 }
      var right = peak
      while right + 1 < energy.count, line(right) >= half { right += 1 }
      guard line(left) < half, line(right) < half else { return nil }
      func crossing(_ below: Int, _ above: Int) -> Double {
        energy[below] + (energy[above] - energy[below]) * (half - line(below))
          / (line(above) - line(below))
      }
      return crossing(right, right - 1) - crossing(left, left + 1)
    }

    /// Whether maxima above 0.8 of the height are parted by a dip of more than 3σ√2.
    func isMultiple(_ y: [Double], top: Int, noise: Double) -> Bool {
      let level = 0.8 * y[top]
      let dip = 3 * noise * 2.0.squareRoot()
      for direction in [-1, 1] {
        var lowest = y[top]
        var i = top + direction
        while i >= 0, i < y.count, y[i] >= level {
          if y[i] > lowest + max(dip, 1e-12 * y[top].magnitude) { return true }
          lowest = min(lowest, y[i])
          i += direction
        }
      }
      return false
    }
  }
}
