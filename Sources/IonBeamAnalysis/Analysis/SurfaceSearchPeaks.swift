internal import RealModule
internal import Tables

extension SurfaceSearch {
  /// Where the signal of a closed front begins and ends, in channels.
  private struct Extent {
    var bottom: Double
    var bottomSigma: Double
    var top: Double
    /// The parts of the counts that the isotopes at both ends give.
    var bottomWeight = 1.0
    var topWeight = 1.0
    /// The fitted steps that give the signal.
    var own: [SpectrumStep]
  }

  /// What lies beside a peak.
  private struct Neighbours {
    /// The lower end of what lies above, and how wide it is.
    var above: (position: Double, sigma: Double)?
    /// The upper end of what lies below.
    var below: (position: Double, sigma: Double)?
    /// What reaches into the peak, as it was fitted.
    var steps: [SpectrumStep] = []
  }

  /// Measures the closed signals, and says which of them are not alone.
  mutating func measurePeaks(_ list: inout [Named], _ steps: [SpectrumStep]) {
    for k in list.indices where list[k].closing != nil && !list[k].isMinor {
      measure(&list[k], steps, list)
    }
    var names: [String] = []
    for named in list where named.closing?.isIsolated == false && !named.isMinor {
      if let name = named.element?.nuclei.name, !names.contains(name) { names.append(name) }
    }
    if !names.isEmpty {
      diagnostics.append(
        Diagnostic(
          .note, "rbs.overlap",
          found: "\(names.joined(separator: ", ")): other counts lie beside or under the signal",
          expected: "areas are given where it stands alone; 'rbs fit' tells them apart"))
    }
  }

  /// The counts of a peak above the line between the levels on both sides.
  ///
  /// The window reaches 3.5 standard deviations beyond both ends, less where another signal is near; what
  /// its neighbours, as fitted, give inside is taken off, and what lies outside is added.
  private func measure(_ named: inout Named, _ steps: [SpectrumStep], _ list: [Named]) {
    guard var closing = named.closing, let extent = extent(named, steps),
      let near = neighbours(named, extent, steps, list)
    else { return }
    let sigma = finder.sigma
    let counts = spectrum.counts
    // The window: half way, by their widths, to what is too near; not closer than 2.2 deviations.
    var reachAbove = 3.5
    var ceiling = counts.count
    if let above = near.above {
      let room = (above.position - extent.top) / (sigma + above.sigma)
      reachAbove = min(reachAbove, max(room, (above.position - extent.top) / sigma - 2.5))
      ceiling = min(ceiling, channel(above.position - 2.5 * above.sigma))
    }
    var reachBelow = 3.5
    var floor = 0
    if let below = near.below {
      let room = (extent.bottom - below.position) / (extent.bottomSigma + below.sigma)
      reachBelow = min(
        reachBelow, max(room, (extent.bottom - below.position) / extent.bottomSigma - 2.5))
      floor = max(floor, channel((below.position + 2.5 * below.sigma).rounded(.up)))
    }
    guard reachAbove > 2.2, reachBelow > 2.2 else { return }
    let high = channel((extent.top + reachAbove * sigma).rounded(.up))
    let low = channel(extent.bottom - reachBelow * extent.bottomSigma)
    guard low > 0, low < high, high <= counts.count else { return }
    let wide = max(3, channel(2.5 * sigma))
    let tails = (max(0, low - wide)..<min(counts.count, high + wide)).map { i in
      near.steps.reduce(0) { $0 + Self.counts(of: $1, at: Double(i) + 0.5, from: extent.top) }
    }
    func rest(_ i: Int) -> Double { counts[i] - tails[i - max(0, low - wide)] }
    func level(_ range: Range<Int>, edge: Range<Int>) -> (value: Double, variance: Double) {
      if range.count >= 2 {
        let n = Double(range.count)
        return (
          max(0, range.reduce(0) { $0 + rest($1) } / n),
          range.reduce(0) { $0 + counts[$1] } / (n * n)
        )
      }
      // No room: between nothing and what is there.
      let most = max(
        0, edge.reduce(0) { $0 + rest($1) } / Double(max(1, edge.count)))
      return (most / 2, most * most / 12)
    }
    let upper = level(
      high..<max(high, min(high + wide, ceiling, counts.count)),
      edge: max(low, high - 2)..<min(counts.count, high + 1))
    let lower = level(
      min(low, max(low - wide, floor, 0))..<low, edge: max(0, low - 1)..<min(high, low + 2))
    let sum = counts[low..<high].reduce(0, +)
    let n = Double(high - low)
    let background = 0.5 * n * (upper.value + lower.value)
    let tail = (low..<high).reduce(0) { $0 + counts[$1] - rest($1) }
    let lost = lost(extent, above: reachAbove, below: reachBelow)
    let area = sum - background - tail + lost
    let most = 0.5 * area / max(1, n - (reachAbove + reachBelow - 2.5) * sigma)
    guard area > 0, max(upper.value, lower.value) < most, tail < 0.1 * area,
      lost < 0.05 * area
    else { return }
    closing.area = area
    // Where the levels differ, the background may be nearer to either than the line is. A fitted tail
    // is trusted to a quarter.
    let model = [0.25 * n * (upper.value - lower.value), 0.25 * tail, 0.25 * lost]
    let noise = sum + 0.25 * n * n * (upper.variance + lower.variance)
    closing.areaU = (noise + model.reduce(0) { $0 + $1 * $1 }).squareRoot()
    closing.background = background + tail
    var moment = 0.0
    for i in low..<high {
      let t = (Double(i - low) + 0.5) / n
      moment +=
        (rest(i) - lower.value - t * (upper.value - lower.value)) * (Double(i) + 0.5)
    }
    closing.centroid = moment / max(area - lost, 1e-9)
    closing.isIsolated = true
    named.closing = closing
  }

  private func channel(_ position: Double) -> Int {
    Int(exactly: min(max(position, -1e9), 1e9).rounded(.down)) ?? 0
  }

  /// The ends of a closed signal with all isotopes of its element.
  private func extent(_ named: Named, _ steps: [SpectrumStep]) -> Extent? {
    guard let closing = named.closing else { return nil }
    var extent = Extent(
      bottom: closing.lowerEnd, bottomSigma: max(finder.sigma, closing.lowerSigma),
      top: named.step.position, own: [named.step])
    if named.step.kind == .front,
      let back = steps.first(where: { $0.kind == .back && $0.position == closing.lowerEnd })
    {
      extent.own.append(back)
    }
    if let element = named.element {
      // The element's heavier isotopes end above, its lighter ones below.
      let shift = named.energy - element.main.energy
      if let heaviest = element.isotopes.first {
        extent.top = max(extent.top, position(heaviest.energy + shift, near: extent.top))
        extent.topWeight = heaviest.weight
      }
      if let lightest = element.isotopes.last {
        extent.bottom = min(
          extent.bottom,
          position(
            (energy(closing.lowerEnd) ?? 0) - (element.main.energy - lightest.energy),
            near: closing.lowerEnd))
        extent.bottomWeight = lightest.weight
      }
    }
    return extent
  }

  /// What lies beside a signal; nil where something lies in it.
  private func neighbours(
    _ named: Named, _ extent: Extent, _ steps: [SpectrumStep], _ list: [Named]
  ) -> Neighbours? {
    let sigma = finder.sigma
    var near = Neighbours()
    func addAbove(_ position: Double, _ sigma: Double) {
      if near.above.map({ position < $0.position }) ?? true { near.above = (position, sigma) }
    }
    func addBelow(_ position: Double, _ sigma: Double) {
      if near.below.map({ position > $0.position }) ?? true { near.below = (position, sigma) }
    }
    func element(_ step: SpectrumStep) -> String? {
      list.first { $0.step.position == step.position }?.element?.nuclei.name
    }
    for step in steps where !extent.own.contains(where: { $0.position == step.position }) {
      // What the counts do not bear out is no neighbour.
      guard step.size > 3 * step.sizeU, step.height > 0.01 * named.step.height,
        step.kind == .back || !isTail(step, steps)
      else { continue }
      let name = element(step)
      let isInside =
        step.position <= extent.top + 0.5 * sigma && step.lowerEnd >= extent.bottom - 0.5 * sigma
      if isInside, name == nil || name == named.element?.nuclei.name { continue }
      if step.lowerEnd > extent.top {
        addAbove(step.lowerEnd, step.sigma)
        if step.kind != .front { near.steps.append(step) }
      } else if step.position < extent.bottom {
        addBelow(step.position, step.sigma)
        if step.kind != .back { near.steps.append(step) }
      } else {
        return nil
      }
    }
    // Minor isotopes of other elements stand above their fronts.
    for other in list where !other.isMinor && other.step.position < named.step.position {
      guard let element = other.element, element.nuclei.name != named.element?.nuclei.name else {
        continue
      }
      let shift = other.energy - element.main.energy
      for line in element.isotopes {
        let amount = line.weight / element.main.weight * other.step.height
        guard amount > 0.01 * named.step.height else { continue }
        let at = position(line.energy + shift, near: other.step.position)
        guard at < extent.bottom else { return nil }
        addBelow(at, sigma)
      }
    }
    return near
  }

  /// Counts of a fitted step in the channel about a position; of fronts above and backs below `top` none,
  /// for they are the level on which the peak stands.
  private static func counts(
    of step: SpectrumStep, at centre: Double, from top: Double
  ) -> Double {
    let integral = NormalIntegral.table
    return step.shape.reduce(0) { sum, part in
      let off = step.position + part.offset - centre
      let amount = step.size * part.weight
      switch step.kind {
      case .front: return sum + (step.position < top ? amount * integral(off / step.sigma) : 0)
      case .back: return sum + (step.position > top ? amount * integral(-off / step.sigma) : 0)
      case .peak:
        let width = max(step.width, 0.02 * step.sigma)
        return sum
          + amount / width * (integral(off / step.sigma) - integral((off - width) / step.sigma))
      }
    }
  }

  /// Counts of a signal outside a window that reaches some standard deviations beyond its ends, as it was
  /// fitted.
  private func lost(_ extent: Extent, above: Double, below: Double) -> Double {
    // The integral of the normal distribution's tail: what a front has beyond z deviations.
    func beyond(_ z: Double) -> Double {
      Double.exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() - z * NormalIntegral.table(-z)
    }
    guard let step = extent.own.first else { return 0 }
    guard step.kind == .peak else {
      let sigma = extent.bottomSigma
      return step.size
        * (step.sigma * beyond(above) * extent.topWeight
          + sigma * beyond(below) * extent.bottomWeight)
    }
    let width = max(step.width / step.sigma, 0.02)
    return step.size / width
      * ((beyond(above) - beyond(above + width)) * extent.topWeight
        + (beyond(below) - beyond(below + width)) * extent.bottomWeight)
  }

  /// What the closed signals say of the film: atomic numbers and parts of the atoms.
  func filmMixture(_ list: [Named]) -> [(atomicNumber: Int, amount: Double)] {
    guard let fronts else { return [] }
    let film = list.compactMap { named -> (atomicNumber: Int, amount: Double)? in
      guard let element = named.element, let closing = named.closing, !named.isMinor else {
        return nil
      }
      let sigma = fronts.meanCrossSection(element, fronts.energy)
      return (element.nuclei.atomicNumber, roughArea(named, closing) / max(sigma, 1e-9))
    }
    let total = film.reduce(0) { $0 + $1.amount }
    return total > 0 ? film.map { ($0.atomicNumber, $0.amount / total) } : []
  }

  /// Atoms per area of a candidate that gives a peak: A cos α/(NΩ σ̄).
  ///
  /// The cross section is averaged over the energies between which the ion scattered. They follow from the
  /// ends of the peak: the mixture's stopping says which part of the loss lies on the way in.
  func density(
    _ named: Named, _ closing: Closing, _ candidate: SurfaceFindings.Candidate,
    _ film: [(atomicNumber: Int, amount: Double)]
  ) -> (value: Double, u: Double)? {
    guard let fronts, let product = setup.particlesSolidAngle, product > 0,
      let element = fronts.elements.first(where: { $0.nuclei.name == candidate.element })
    else { return nil }
    let cosIn = Double.cos(fronts.geometry.incidence * Double.pi / 180)
    guard cosIn > 0 else { return nil }
    let k = element.main.kinematic
    let mixture = film.isEmpty ? [(element.nuclei.atomicNumber, 1)] : film
    let surface = k * fronts.energy
    let upper = min(surface, energy(named.step.position) ?? candidate.energy)
    let lower = min(upper, energy(closing.lowerEnd) ?? candidate.energy)
    let from = fronts.depth(of: upper, in: mixture, kinematic: k)
    let to = fronts.depth(of: lower, in: mixture, kinematic: k)
    let energies = [from, 0.5 * (from + to), to].map {
      fronts.entering(mixture, amount: $0)
    }
    let sigmas = energies.map { $0 > 0 ? fronts.meanCrossSection(element, $0) : 0 }
    guard sigmas.allSatisfy({ $0 > 0 }) else { return nil }
    let sigma = (sigmas[0] + 4 * sigmas[1] + sigmas[2]) / 6
    // σ goes as 1/E²: the ends of the peak, and how the loss is shared, move the mean energy.
    let lossIn = fronts.energy - energies[1]
    let lossSeen = surface - 0.5 * (upper + lower)
    let share = lossSeen > 0 ? lossIn / lossSeen : 1 / (2 * k)
    let ends =
      0.5 * slope(named.step.position)
      * (named.step.positionU * named.step.positionU + closing.lowerU * closing.lowerU).squareRoot()
    let spread = [share * ends, 0.02 * lossIn].map { 2 * $0 / energies[1] }
    let factor = cosIn / (product * sigma * 1e-12)
    let counted = closing.areaU / closing.area
    let relative = (spread.reduce(counted * counted) { $0 + $1 * $1 }).squareRoot()
    let value = closing.area * factor
    return (value, value * relative)
  }
}
