/// dQ/dV of one half cycle on a regular grid of voltages, and its peaks.
public struct DifferentialCapacity: Sendable, Codable {
  /// A peak of |dQ/dV|.
  public struct Peak: Sendable, Codable {
    /// Position, V; height, A·s/V; area, A·s.
    public var voltage: Double, height: Double, area: Double
  }

  /// The half cycle, from 0.
  public var half: Int
  /// The grid, V, and |dQ/dV| on it, A·s/V.
  public var voltage: [Double], value: [Double]
  /// The peaks by voltage.
  public var peaks: [Peak]

  /// The greatest number of grid points of a half cycle, and of a whole log.
  static let gridLimit = 200_000
  static let totalLimit = 20_000_000

  /// dQ/dV of every half cycle that spans enough of the grid; `isCut` where the grid got too long.
  static func all(
    _ records: CyclingRecords, _ runs: [LoadRun], _ halves: [HalfCycle], options: CyclingOptions
  ) -> (curves: [DifferentialCapacity], isCut: Bool) {
    var curves: [DifferentialCapacity] = []
    var points = 0
    for half in halves.indices {
      if points > totalLimit { return (curves, true) }
      let own = runs[halves[half].runs]
      if let curve = DifferentialCapacity(records, own, half: half, options: options) {
        points += curve.voltage.count
        curves.append(curve)
      }
    }
    return (curves, false)
  }

  init?(
    _ records: CyclingRecords, _ runs: ArraySlice<LoadRun>, half: Int, options: CyclingOptions
  ) {
    self.half = half
    let step = options.differentialStep
    var points: [(v: Double, q: Double)] = []
    for run in runs {
      var i = run.used
      while i < run.last {
        let dt = max(0, records.time[i + 1] - records.time[i])
        let q = 0.5 * abs(records.current[i] + records.current[i + 1]) * dt
        if q > 0 { points.append((0.5 * (records.voltage[i] + records.voltage[i + 1]), q)) }
        i += 1
      }
    }
    guard let curve = Self.cumulated(points),
      let grid = Self.interpolated(curve, step: step)
    else { return nil }
    let window = options.differentialWindow
    guard let derivative = Self.derivative(grid.charge, window: window, step: step) else {
      return nil
    }
    let margin = window / 2
    voltage = Array(grid.voltage[margin..<(grid.voltage.count - margin)])
    value = derivative
    peaks = Self.peaks(voltage, value, step: step)
  }

  /// Charge below each voltage: half of an increment lies below its own mid voltage.
  private static func cumulated(
    _ points: [(v: Double, q: Double)]
  ) -> (v: [Double], q: [Double])? {
    let sorted = points.sorted { $0.v < $1.v }
    var v: [Double] = []
    var q: [Double] = []
    var sum = 0.0
    var i = 0
    while i < sorted.count {
      var own = 0.0
      let at = sorted[i].v
      while i < sorted.count, sorted[i].v == at {
        own += sorted[i].q
        i += 1
      }
      v.append(at)
      q.append(sum + own / 2)
      sum += own
    }
    return v.count >= 2 ? (v, q) : nil
  }

  /// The curve on whole multiples of the step; nil where it spans none or too many.
  private static func interpolated(
    _ curve: (v: [Double], q: [Double]), step: Double
  ) -> (voltage: [Double], charge: [Double])? {
    guard step > 0, let low = curve.v.first, let high = curve.v.last,
      (high - low) / step < Double(gridLimit), let first = Int(exactly: (low / step).rounded(.up)),
      let last = Int(exactly: (high / step).rounded(.down)), last > first
    else { return nil }
    var voltage: [Double] = []
    var charge: [Double] = []
    var k = 0
    for n in first...last {
      let v = Double(n) * step
      while k + 2 < curve.v.count, curve.v[k + 1] < v { k += 1 }
      let width = curve.v[k + 1] - curve.v[k]
      let part = width > 0 ? min(1, max(0, (v - curve.v[k]) / width)) : 0
      voltage.append(v)
      charge.append(curve.q[k] + part * (curve.q[k + 1] - curve.q[k]))
    }
    return (voltage, charge)
  }

  /// The first derivative of a cubic fitted to a moving window, without the ends.
  ///
  /// A. Savitzky, M. J. E. Golay, Anal. Chem. 36 (1964) 1627; closed form of the weights after
  /// H. H. Madden, Anal. Chem. 50 (1978) 1383.
  static func derivative(_ y: [Double], window: Int, step: Double) -> [Double]? {
    let m = window / 2
    guard window % 2 == 1, m >= 2, y.count > window else { return nil }
    let h = Double(m)
    let scale =
      (2 * h + 3) * (2 * h + 1) * (2 * h - 1) * (h + 2) * (h + 1) * h * (h - 1)
    let a = 25 * (3 * h * h * h * h + 6 * h * h * h - 3 * h + 1) / scale
    let b = 35 * (3 * h * h + 3 * h - 1) / scale
    let weights = (1...m).map { i -> Double in
      let x = Double(i)
      return a * x - b * x * x * x
    }
    var result: [Double] = []
    result.reserveCapacity(y.count - 2 * m)
    for i in m..<(y.count - m) {
      var sum = 0.0
      for j in 1...m { sum += weights[j - 1] * (y[i + j] - y[i - j]) }
      result.append(sum / step)
    }
    return result
  }

  /// Peaks of a prominence of at least 5 % of the maximum.
  private static func peaks(_ x: [Double], _ y: [Double], step: Double) -> [Peak] {
    guard let top = y.max(), top > 0 else { return [] }
    var result: [Peak] = []
    var i = 1
    while i + 1 < y.count {
      var end = i
      while end + 1 < y.count, y[end + 1] == y[i] { end += 1 }
      defer { i = end + 1 }
      guard y[i] > y[i - 1], end + 1 < y.count, y[i] > y[end + 1], y[i] >= 0.05 * top else {
        continue
      }
      let peak = (i + end) / 2
      let (left, leftMin) = valley(y, from: peak, step: -1)
      let (right, rightMin) = valley(y, from: peak, step: 1)
      guard y[peak] - max(leftMin, rightMin) >= 0.05 * top else { continue }
      let (at, height) = parabola(x, y, at: peak, step: step)
      var area = 0.0
      for k in left..<right { area += 0.5 * (y[k] + y[k + 1]) * step }
      result.append(Peak(voltage: at, height: height, area: area))
    }
    return result
  }

  /// The deepest point between a peak and the next higher one, and its value.
  private static func valley(_ y: [Double], from peak: Int, step: Int) -> (Int, Double) {
    var lowest = peak
    var i = peak + step
    while y.indices.contains(i), y[i] <= y[peak] {
      if y[i] < y[lowest] { lowest = i }
      i += step
    }
    return (lowest, y[lowest])
  }

  /// The vertex of a parabola by least squares through four points to either side.
  private static func parabola(
    _ x: [Double], _ y: [Double], at peak: Int, step: Double
  ) -> (Double, Double) {
    let m = min(4, peak, y.count - 1 - peak)
    guard m >= 1 else { return (x[peak], y[peak]) }
    var s2 = 0.0
    var s4 = 0.0
    var sy = 0.0
    var sxy = 0.0
    var sxxy = 0.0
    for k in -m...m {
      let t = Double(k)
      s2 += t * t
      s4 += t * t * t * t
      sy += y[peak + k]
      sxy += t * y[peak + k]
      sxxy += t * t * y[peak + k]
    }
    let n = Double(2 * m + 1)
    let c = (n * sxxy - s2 * sy) / (n * s4 - s2 * s2)
    let b = sxy / s2
    let a = (sy - c * s2) / n
    guard c < 0 else { return (x[peak], y[peak]) }
    let t = -b / (2 * c)
    guard abs(t) <= Double(m) else { return (x[peak], y[peak]) }
    return (x[peak] + t * step, a + b * t / 2)
  }
}
