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
    let inside = energy.points(in: window)
    guard inside.count >= 5, energy.count == norm.count else { return nil }
    let curve = Curve(energy, e0: e0, window: inside)
    let top = curve.top(norm)
    guard top > inside.lowerBound, top < inside.upperBound - 1 else { return nil }
    self.window = window
    let noise = pointNoise(energy, norm, in: inside)
    estimates = curve.estimates(norm, top: top, noise: noise)
    isMultiple = curve.isMultiple(norm, top: top, noise: noise ?? 0)
  }

  /// The estimators on one grid.
  private struct Curve {
    let energy: [Double]
    let e0: Double
    let window: Range<Int>
    /// The arctangent step at e0 over the window, and the points strictly between e0 − 10 eV and
    /// e0 + 15 eV.
    private let step: [Double]
    private let inside: Range<Int>

    init(_ energy: [Double], e0: Double, window: Range<Int>) {
      self.energy = energy
      self.e0 = e0
      self.window = window
      step = energy[window].map { 0.5 + Double.atan(($0 - e0) / 0.5) / .pi }
      let first = energy.partition { $0 > e0 - 10 }
      inside = first..<max(first, energy.partition { $0 >= e0 + 15 })
    }

    /// The first of the highest points in the window.
    func top(_ y: [Double]) -> Int {
      var top = window.lowerBound
      for i in window where y[i] > y[top] { top = i }
      return top
    }

    /// All estimates that the curve allows.
    ///
    /// Uncertainties carry the noise linearly: each point that an estimator looks at is moved in turn.
    func estimates(_ y: [Double], top: Int, noise: Double?) -> [Estimator: Estimate] {
      var list: [Estimator: Estimate] = [:]
      list.reserveCapacity(Estimator.allCases.count)
      let sigma = noise.flatMap { $0 > 0 ? $0 : nil }
      var moved = y
      /// The root of the summed squares of an estimator's slopes by some points, times the noise.
      func carried(
        _ points: some Sequence<Int>, _ base: Double, _ value: ([Double], Int) -> Double?
      ) -> Double? {
        guard let sigma else { return nil }
        var sum = 0.0
        for i in points {
          moved[i] = y[i] + 0.1 * sigma
          if let other = value(moved, self.top(moved, movedAt: i, from: top)) {
            let slope = (other - base) / (0.1 * sigma)
            sum += slope * slope
          }
          moved[i] = y[i]
        }
        return sum.squareRoot() * sigma
      }
      func around(_ from: Int, _ to: Int) -> Range<Int> {
        max(0, from)..<min(y.count, max(from, to) + 1)
      }
      list[.argmax] = Estimate(
        value: energy[top], u: noise.map { argmaxUncertainty(y, top, $0) })
      list[.height] = Estimate(value: y[top], u: sigma)
      if let value = parabola(y, top) {
        let u = carried(around(top - 1, top + 1), value) { self.parabola($0, $1) }
        list[.parabola] = Estimate(value: value, u: u)
      }
      if let value = quadratic(y, top) {
        let u = carried(around(top - 3, top + 3), value) { self.quadratic($0, $1) }
        list[.quadratic] = Estimate(value: value, u: u)
      }
      for (share, centroid, width) in [
        (0.8, Estimator.centroid80, Estimator.width80), (0.9, .centroid90, .width90),
      ] {
        guard let run = run(y, top, share) else { continue }
        let u = sigma.map { runUncertainty(y, top, share, run, noise: $0, &moved) }
        list[centroid] = Estimate(value: run.centroid, u: u?.centroid)
        list[width] = Estimate(value: run.width, u: u?.width)
      }
      if let i = risingPoint(y, top), let value = halfRise(y, top) {
        let u = carried(around(i - 1, i), value) { self.halfRise($0, $1) }
        list[.halfRise] = Estimate(value: value, u: u)
      }
      if let (value, points) = fullWidth(y, top) {
        // A point matters that bounds a crossing, is the maximum, or would become it.
        let height = line(y, points[0]) - 0.1 * (sigma ?? 0)
        let matter = window.filter { points.contains($0) || line(y, $0) >= height - 1e-12 }
        let u = carried(matter, value) { self.fullWidth($0, $1)?.width }
        list[.fwhm] = Estimate(value: value, u: u)
      }
      if let (value, slope) = area(y) {
        list[.area] = Estimate(value: value, u: sigma.map { slope * $0 })
      }
      return list
    }

    /// The highest point after one was moved up.
    private func top(_ y: [Double], movedAt i: Int, from top: Int) -> Int {
      guard i != top, window.contains(i), y[i] >= y[top] else { return top }
      return y[i] > y[top] ? i : min(i, top)
    }

    private func argmaxUncertainty(_ y: [Double], _ top: Int, _ noise: Double) -> Double {
      let level = y[top] - 2 * noise
      let first = window.first { y[$0] >= level } ?? top
      let last = window.last { y[$0] >= level } ?? top
      let half = (energy[last] - energy[first]) / 2
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
        let line = LowPolynomial(energy, y, over: range, degree: 2, centre: energy[top]),
        line.c2 < 0
      else { return nil }
      return energy[top] - line.c1 / (2 * line.c2)
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
    private struct Run {
      var points: ClosedRange<Int>
      var from: Double, to: Double
      var weight = 0.0, moment = 0.0
      var centroid: Double { moment / weight }
      var width: Double { to - from }
    }

    private func run(_ y: [Double], _ top: Int, _ share: Double) -> Run? {
      let level = share * y[top]
      let points = extent(y, top, level)
      let (lower, upper) = (points.lowerBound, points.upperBound)
      func crossing(_ below: Int, _ above: Int) -> Double {
        energy[below] + (energy[above] - energy[below]) * (level - y[below])
          / (y[above] - y[below])
      }
      var run = Run(points: points, from: energy[lower], to: energy[lower])
      var height = y[lower] - level
      func add(_ x: Double, _ h: Double) {
        let step = x - run.to
        run.weight += step * (height + h) / 2
        run.moment += step * (run.to * height + x * h) / 2
        (run.to, height) = (x, h)
      }
      if lower > 0 {
        run.from = crossing(lower - 1, lower)
        (run.to, height) = (run.from, 0)
        add(energy[lower], y[lower] - level)
      }
      for i in points.dropFirst() { add(energy[i], y[i] - level) }
      if upper + 1 < y.count { add(crossing(upper + 1, upper), 0) }
      return run.weight > 0 ? run : nil
    }

    /// The uncertainties of centroid and width; a point inside moves the centroid by its share alone.
    private func runUncertainty(
      _ y: [Double], _ top: Int, _ share: Double, _ run: Run, noise: Double,
      _ moved: inout [Double]
    ) -> (centroid: Double, width: Double) {
      let change = 0.1 * noise
      let (lower, upper) = (run.points.lowerBound, run.points.upperBound)
      var (centroid, width) = (0.0, 0.0)
      for i in max(0, lower - 1)..<min(y.count, upper + 2) {
        if i > lower, i < upper, i != top, !window.contains(i) || y[i] + change < y[top] {
          let weight = change * (energy[i + 1] - energy[i - 1]) / 2
          let slope = weight * (energy[i] - run.centroid) / (run.weight + weight) / change
          centroid += slope * slope
          continue
        }
        moved[i] = y[i] + change
        if let other = self.run(moved, self.top(moved, movedAt: i, from: top), share) {
          let slope = (other.centroid - run.centroid) / change
          centroid += slope * slope
          let widening = (other.width - run.width) / change
          width += widening * widening
        }
        moved[i] = y[i]
      }
      return (centroid.squareRoot() * noise, width.squareRoot() * noise)
    }

    /// The first point at or above 0.5 behind one below it, from 30 eV before the maximum.
    private func risingPoint(_ y: [Double], _ top: Int) -> Int? {
      let start = energy.partition { $0 > energy[top] - 30 }
      return (max(1, start)..<max(1, start, y.count)).first { y[$0] >= 0.5 && y[$0 - 1] < 0.5 }
    }

    private func halfRise(_ y: [Double], _ top: Int) -> Double? {
      risingPoint(y, top).map { i in
        energy[i - 1] + (energy[i] - energy[i - 1]) * (0.5 - y[i - 1]) / (y[i] - y[i - 1])
      }
    }

    /// The area, and the root of the sum of its squared slopes by every point.
    private func area(_ y: [Double]) -> (value: Double, slope: Double)? {
      guard inside.count > 1 else { return nil }
      var (sum, squares, before) = (0.0, 0.0, 0.0)
      for i in inside.dropLast() {
        let step = energy[i + 1] - energy[i]
        sum += step * (y[i] + y[i + 1]) / 2
        squares += (before + step) * (before + step) / 4
        before = step
      }
      return (sum, (squares + before * before / 4).squareRoot())
    }

    /// The curve above the arctangent step.
    private func line(_ y: [Double], _ i: Int) -> Double {
      window.contains(i)
        ? y[i] - step[i - window.lowerBound]
        : y[i] - (0.5 + Double.atan((energy[i] - e0) / 0.5) / .pi)
    }

    /// The full width over the arctangent step, and the points that it rests on, the maximum first.
    private func fullWidth(_ y: [Double], _ top: Int) -> (width: Double, points: [Int])? {
      var peak = top
      for i in window where line(y, i) > line(y, peak) { peak = i }
      let half = line(y, peak) / 2
      guard half > 0 else { return nil }
      var left = peak
      while left > 0, line(y, left) >= half { left -= 1 }
      var right = peak
      while right + 1 < energy.count, line(y, right) >= half { right += 1 }
      guard line(y, left) < half, line(y, right) < half else { return nil }
      func crossing(_ below: Int, _ above: Int) -> Double {
        energy[below] + (energy[above] - energy[below]) * (half - line(y, below))
          / (line(y, above) - line(y, below))
      }
      return (
        crossing(right, right - 1) - crossing(left, left + 1),
        [peak, left, left + 1, right - 1, right]
      )
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
