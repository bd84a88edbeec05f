internal import NumericalMethods
internal import RealModule

/// A step of the counts in a spectrum, or a narrow peak.
struct SpectrumStep: Sendable {
  enum Kind: Sendable {
    /// Counts rise towards lower channels: atoms begin.
    case front
    /// Counts fall towards lower channels: atoms end.
    case back
    /// Both within a few resolutions.
    case peak
  }
  var kind: Kind
  /// The position in channels; of a peak its upper end.
  var position: Double
  /// Counts per channel; of a peak its area.
  var size: Double
  /// The width of a peak in channels.
  var width = 0.0
  /// The standard deviation of the resolution in channels.
  var sigma: Double
  /// Where the parts of a front lie: offsets in channels and weights that add to 1.
  var shape: [(offset: Double, weight: Double)] = [(0, 1)]
  /// The response of the filter in standard deviations.
  var significance: Double
  /// Standard uncertainties of position and size.
  var positionU = 0.0
  var sizeU = 0.0
  var widthU = 0.0

  /// The lower end in channels.
  var lowerEnd: Double { kind == .peak ? position - width : position }
  /// Counts per channel at the top.
  var height: Double {
    kind == .peak ? size / max(width, 2.5 * sigma) : size
  }
}

/// Steps near one another, fitted together to the counts.
struct StepCluster {
  var steps: [SpectrumStep]
  /// Channels of the window.
  var window: Range<Int>
  private(set) var deviance = 0.0
  private(set) var expected: [Double] = []

  init(_ steps: [SpectrumStep], window: Range<Int>) {
    self.steps = steps
    self.window = window
  }

  /// Parameters of all steps: base, slope of plateaus, straggling of peaks.
  private static let shared = 3
  /// Parameters of a step: position, size and a third.
  private static let perStep = 3

  private static func model(
    _ p: [Double], _ steps: [SpectrumStep], _ window: Range<Int>
  ) -> [Double] {
    var values = [Double](repeating: p[0], count: window.count)
    let integral = NormalIntegral.table
    for (k, step) in steps.enumerated() {
      let at = p[shared + perStep * k]
      let size = p[shared + 1 + perStep * k]
      let third = p[shared + 2 + perStep * k]
      for part in step.shape {
        let place = at + part.offset
        let amount = size * part.weight
        switch step.kind {
        case .front, .back:
          let scale = 1 / (step.kind == .back ? third : step.sigma)
          let sign = step.kind == .back ? -1.0 : 1.0
          for (i, channel) in window.enumerated() {
            let off = place - Double(channel) - 0.5
            values[i] += sign * amount * (1 + p[1] * max(0, off)) * integral(off * scale)
          }
        case .peak:
          let scale = 1 / step.sigma
          let width = max(third, 0.02 * step.sigma)
          // The variance of straggling grows with the energy that is lost.
          let wide = scale / (1 + p[2] * width * scale).squareRoot()
          for (i, channel) in window.enumerated() {
            let off = place - Double(channel) - 0.5
            values[i] +=
              amount / width * (integral(off * scale) - integral((off - width) * wide))
          }
        }
      }
    }
    return values
  }

  /// Fits positions and sizes; fronts that vanish are taken out.
  mutating func fit(_ counts: [Double]) {
    guard !steps.isEmpty, window.count > Self.shared + Self.perStep * steps.count else { return }
    let data = Array(counts[window])
    let top = max(1, data.max() ?? 1)
    let above = steps[0].position + 3 * steps[0].sigma
    let beyond = window.filter { Double($0) > above }
    let base = beyond.isEmpty ? 0 : beyond.reduce(0) { $0 + counts[$1] } / Double(beyond.count)
    let hasPeak = steps.contains { $0.kind == .peak }
    var start = [max(base, 1e-3), 0, 0]
    var lower = [0, -0.01, 0]
    var upper = [2 * top, 0.03, hasPeak ? 3 : 0]
    var widths = [max(1e-3 * top, 1e-3), 1e-5, 1e-2]
    for step in steps {
      let s = step.sigma
      start += [step.position, step.size, step.kind == .peak ? max(step.width, 0.3 * s) : s]
      lower += [step.position - 2.5 * s, 0, step.kind == .peak ? 0 : s]
      upper += [
        step.position + 2.5 * s, 50 * max(step.size, 1),
        step.kind == .peak ? 6 * s : step.kind == .back ? 4 * s : s,
      ]
      widths += [0.01 * s, max(1e-3 * step.size, 1e-3), 0.02 * s]
    }
    let (steps, window) = (steps, window)
    let found = PoissonMinimum(
      start: start, lower: lower, upper: upper, steps: widths, counts: data
    ) { Self.model($0, steps, window) }
    deviance = found.deviance
    expected = Self.model(found.values, steps, window)
    for k in self.steps.indices {
      let i = Self.shared + Self.perStep * k
      let p = found.values
      self.steps[k].position = p[i]
      self.steps[k].size = p[i + 1]
      func u(_ j: Int) -> Double { found.covariance.map { max(0, $0[j, j]).squareRoot() } ?? 0 }
      let s = steps[k].sigma
      // A parameter on its bound is not determined: 0 would say that it is exact.
      self.steps[k].positionU = found.covariance == nil || u(i) == 0 ? s : u(i)
      self.steps[k].sizeU = found.covariance == nil || u(i + 1) == 0 ? p[i + 1] : u(i + 1)
      switch steps[k].kind {
      case .back: self.steps[k].sigma = p[i + 2]
      case .peak:
        self.steps[k].width = p[i + 2]
        // The width of a peak narrower than the resolution is seen through its square.
        let least = s * 12.0.squareRoot() * Double.pow(2 / max(p[i + 1], 2), 0.25)
        self.steps[k].widthU = min(max(u(i + 2), p[i + 2] < least ? least / 2 : 0), least)
        self.steps[k].positionU = max(
          min(self.steps[k].positionU, least / 2 + s / max(p[i + 1], 1).squareRoot()),
          s / max(p[i + 1], 1).squareRoot())
      case .front: break
      }
    }
  }
}

/// The steps of a spectrum, found by a matched filter and fitted.
struct StepSearch {
  /// Counts by channel.
  let counts: [Double]
  /// The standard deviation of the resolution in channels.
  let sigma: Double
  let threshold: Double

  init(_ counts: [Double], sigma: Double, threshold: Double) {
    self.counts = counts
    self.sigma = max(0.8, sigma)
    self.threshold = threshold
  }

  /// The response of the filter in standard deviations, positive at fronts.
  ///
  /// The filter is the derivative of a Gaussian. What the slope of a plateau gives, the median over
  /// sixteen deviations, is taken off.
  func response(_ values: [Double], variance: [Double]) -> [Double] {
    let reach = max(3, Int((4 * sigma).rounded()))
    let weights = (-reach...reach).map { k -> Double in
      let z = Double(k) / sigma
      return -z * Double.exp(-z * z / 2)
    }
    var sums = [Double](repeating: 0, count: values.count)
    var noises = sums
    for c in values.indices {
      var sum = 0.0
      var noise = 0.0
      for (i, k) in (-reach...reach).enumerated() {
        // Beyond the lower end the counts are those at the end, beyond the upper one none.
        let at = max(0, c + k)
        let isInside = at < values.count
        sum += weights[i] * (isInside ? values[at] : 0)
        noise += weights[i] * weights[i] * max(isInside ? variance[at] : 0, 0.3)
      }
      sums[c] = sum
      noises[c] = noise
    }
    let wide = max(8, Int((8 * sigma).rounded()))
    return values.indices.map { c in
      let near = sums[max(0, c - wide)...min(values.count - 1, c + wide)].sorted()
      return (sums[c] - near[near.count / 2]) / noises[c].squareRoot()
    }
  }

  /// Positions of the extremes of a response beyond the threshold, of either sign.
  private func extremes(_ response: [Double], _ least: Double) -> [(channel: Int, value: Double)] {
    let reach = max(1, Int(sigma))
    return response.indices.compactMap { c in
      let value = response[c]
      guard value.magnitude >= least else { return nil }
      for k in 1...reach {
        for other in [c - k, c + k] where response.indices.contains(other) {
          if response[other] * (value > 0 ? 1 : -1) > value.magnitude { return nil }
          if other < c, response[other] == value { return nil }
        }
      }
      return (c, value)
    }
  }

  /// Mean counts of a few channels around one.
  private func level(_ at: Int) -> Double {
    let low = max(0, at - max(1, Int(sigma / 2)))
    let high = min(counts.count - 1, at + max(1, Int(sigma / 2)))
    guard low <= high else { return 0 }
    return counts[low...high].reduce(0, +) / Double(high - low + 1)
  }

  /// All steps from high channels to low ones, in groups that were fitted together.
  func all() -> [StepCluster] {
    guard counts.count > 20 else { return [] }
    let response = response(counts, variance: counts)
    let found = extremes(response, threshold).reversed()
    var steps: [SpectrumStep] = []
    let wide = Int((2.5 * sigma).rounded())
    for (channel, value) in found {
      let high = level(channel - wide)
      let low = level(channel + wide)
      if value > 0 {
        steps.append(
          SpectrumStep(
            kind: .front, position: Double(channel) + 0.5, size: max(1, high - low), sigma: sigma,
            significance: value))
      } else if let last = steps.last, last.kind == .front,
        last.position - Double(channel) < 5 * sigma
      {
        // A front and a back that close: a peak. Its filter response spreads it by 2.8 deviations.
        let apart = last.position - Double(channel) - 0.5
        let inside = max(0, Int(Double(channel) - 2 * sigma))...Int(last.position + 2 * sigma)
        let ground = min(level(inside.lowerBound), level(inside.upperBound))
        let area = inside.reduce(0.0) {
          $0 + (counts.indices.contains($1) ? counts[$1] - ground : 0)
        }
        let width = max(0, apart * apart - 8 * sigma * sigma).squareRoot()
        let middle = 0.5 * (last.position + Double(channel) + 0.5)
        steps[steps.count - 1] = SpectrumStep(
          kind: .peak, position: middle + width / 2, size: max(area, 1), width: width,
          sigma: sigma, significance: last.significance)
      } else {
        steps.append(
          SpectrumStep(
            kind: .back, position: Double(channel) + 0.5, size: max(1, low - high), sigma: sigma,
            significance: -value))
      }
    }
    return fitted(steps)
  }

  /// Steps nearer than five deviations are fitted together; what their residuals still show is added.
  private func fitted(_ steps: [SpectrumStep]) -> [StepCluster] {
    var groups: [[SpectrumStep]] = []
    for step in steps {
      // A front and what closes it belong together even where they are a little apart.
      let reach = step.kind == .back && groups.last?.last?.kind == .front ? 8.0 : 5.0
      if let last = groups.last?.last, last.lowerEnd - step.position < reach * sigma,
        groups[groups.count - 1].count < 6
      {
        groups[groups.count - 1].append(step)
      } else {
        groups.append([step])
      }
    }
    var result: [StepCluster] = []
    for (g, group) in groups.enumerated() {
      let above = g > 0 ? groups[g - 1].last.map(\.lowerEnd) : nil
      let below = g + 1 < groups.count ? groups[g + 1].first.map(\.position) : nil
      guard let cluster = cluster(group, above: above, below: below) else { continue }
      result.append(cluster)
    }
    return result
  }

  /// The window of a group, and its fit.
  private func cluster(
    _ group: [SpectrumStep], above: Double?, below: Double?
  ) -> StepCluster? {
    guard let first = group.first, let last = group.last else { return nil }
    var high = first.position + 6 * sigma
    if let above { high = min(high, max(first.position + sigma, (first.position + above) / 2)) }
    var low = last.lowerEnd - 6 * sigma
    if let below { low = max(low, min(last.lowerEnd - sigma, (last.lowerEnd + below) / 2)) }
    let window =
      max(0, Int(low.rounded()))..<min(counts.count, max(1, Int(high.rounded()) + 1))
    guard window.count > 8 else { return nil }
    var cluster = StepCluster(group, window: window)
    cluster.fit(counts)
    for _ in 0..<2 where cluster.expected.count == window.count {
      let off = window.enumerated().map { counts[$1] - cluster.expected[$0] }
      let response = response(off, variance: cluster.expected.map { max($0, 1) })
      let edge = Int(2 * sigma)
      let best = response.indices.dropFirst(edge).dropLast(edge)
        .max { response[$0] < response[$1] }
      guard let best, response[best] > max(threshold, 5), cluster.steps.count < 6 else { break }
      let at = Double(window.lowerBound + best) + 0.5
      let size = cluster.steps.map(\.height).max() ?? 1
      var more = cluster.steps
      more.append(
        SpectrumStep(
          kind: .front, position: at, size: 0.2 * size, sigma: sigma,
          significance: response[best]))
      more.sort { $0.position > $1.position }
      var next = StepCluster(more, window: window)
      next.fit(counts)
      guard cluster.deviance - next.deviance > 30 else { break }
      cluster = next
    }
    return cluster
  }
}
