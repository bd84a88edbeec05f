internal import RealModule

extension SurfaceSearch {
  /// What a step of a cluster was taken for.
  struct Resolved {
    var element: ElementFronts.Element?
    var candidates: [SurfaceFindings.Candidate]
  }

  /// An element in the place of one or several steps.
  private struct Alternative {
    var element: ElementFronts.Element
    var cluster: StepCluster
    /// Which steps it replaces.
    var members: ClosedRange<Int>
    /// Offset and uncertainty of its front in keV.
    var off: Double
    var u: Double
    var deviance: Double
    /// Channels less parameters.
    var degrees: Double
    /// What the number of steps, the offset and the prior cost.
    var penalty: Double
    /// Deviance and penalty in one number; the least is the best.
    var cost = 0.0
  }

  /// Names the fronts of a cluster; fronts of the isotopes of one element become one.
  func resolve(
    _ cluster: inout StepCluster, _ fronts: ElementFronts
  ) -> [Int: Resolved] {
    var names: [Int: Resolved] = [:]
    var j = 0
    while j < cluster.steps.count {
      defer { j += 1 }
      guard cluster.steps[j].kind != .back else { continue }
      var list = fronts.elements.compactMap { alternative(cluster, j, $0, fronts) }
      // Where not even the best one fits the counts, small differences between them say little.
      let excess = list.map { $0.deviance / $0.degrees }.min().map { max(1, $0) } ?? 1
      for i in list.indices { list[i].cost = list[i].deviance / excess + list[i].penalty }
      list.sort { $0.cost < $1.cost }
      guard let best = list.first else { continue }
      // Removing steps must not cost more than chance allows.
      cluster = best.cluster
      let scores = list.map { Double.exp(-0.5 * min($0.cost - best.cost, 400)) }
      let sum = scores.reduce(0, +)
      let candidates = zip(list, scores).compactMap {
        alternative, score -> SurfaceFindings.Candidate? in
        guard score / sum > 1e-4 else { return nil }
        return SurfaceFindings.Candidate(
          element: alternative.element.nuclei.name, isotope: alternative.element.main.name,
          energy: alternative.element.main.energy, offset: alternative.off, score: score / sum,
          arealDensity: nil, arealDensityU: nil)
      }
      names[best.members.lowerBound] = Resolved(element: best.element, candidates: candidates)
      j = best.members.lowerBound
    }
    return names
  }

  /// The cluster with an element in the place of a front and of those of its other isotopes; nil where
  /// the element does not belong there.
  private func alternative(
    _ cluster: StepCluster, _ j: Int, _ element: ElementFronts.Element, _ fronts: ElementFronts
  ) -> Alternative? {
    let near = element.isotopes.filter {
      ($0.energy - element.main.energy).magnitude < 2.5 * fwhm && $0.weight > 0.003
    }
    let weight = near.reduce(0) { $0 + $1.weight }
    guard weight > 0 else { return nil }
    func energy(_ k: Int) -> Double { self.energy(cluster.steps[k].position) ?? 0 }
    func belongs(_ k: Int) -> Bool {
      near.contains { (energy(k) - $0.energy).magnitude < 0.7 * fwhm }
        || (energy(k) - element.blend).magnitude < 0.7 * fwhm
    }
    guard belongs(j) else { return nil }
    var last = j
    while last + 1 < cluster.steps.count, cluster.steps[last + 1].kind != .back,
      belongs(last + 1)
    { last += 1 }
    let mean = near.reduce(0) { $0 + $1.weight * $1.energy } / weight
    let variance = near.reduce(0) {
      $0 + $1.weight / weight * ($1.energy - mean) * ($1.energy - mean)
    }
    let isBlended = near.count > 1 && variance.squareRoot() > 0.03 * fwhm
    // The main isotope must be among them, or lie together with the one that is.
    let reach = 0.7 * fwhm + variance.squareRoot()
    let isMain = (j...last).contains {
      (energy($0) - element.main.energy).magnitude < reach
        || (energy($0) - element.blend).magnitude < 0.7 * fwhm
    }
    guard isMain else { return nil }
    // Fronts that no isotope explains stay.
    if !isBlended { last = j }
    var best = alternative(cluster, j, through: last, element, near, isBlended: isBlended, fronts)
    // Another element's front may lie among those of the isotopes, where the counts say so clearly.
    for end in j..<last {
      let isWithMain = (j...end).contains {
        (energy($0) - element.main.energy).magnitude < reach
          || (energy($0) - element.blend).magnitude < 0.7 * fwhm
      }
      guard isWithMain,
        let other = alternative(
          cluster, j, through: end, element, near, isBlended: isBlended, fronts)
      else { continue }
      if best.map({ other.deviance + other.penalty < $0.deviance + $0.penalty - 30 }) ?? true {
        best = other
      }
    }
    return best
  }

  /// The cluster with a front and a back that are near as one peak; nil where there is none.
  private func asPeak(_ cluster: StepCluster, _ j: Int) -> StepCluster? {
    let step = cluster.steps[j]
    guard step.kind == .front, j + 1 < cluster.steps.count, cluster.steps[j + 1].kind == .back
    else { return nil }
    let back = cluster.steps[j + 1]
    let apart = step.position - back.position
    guard apart < 6 * finder.sigma else { return nil }
    var peak = step
    peak.kind = .peak
    peak.width = max(apart, 0.5 * finder.sigma)
    peak.size = max(1, 0.5 * (step.size + back.size) * peak.width)
    var other = cluster
    other.steps.replaceSubrange(j...(j + 1), with: [peak])
    other.fit(spectrum.counts)
    return other
  }

  /// The cluster with an element in the place of some of its steps.
  private func alternative(
    _ cluster: StepCluster, _ j: Int, through last: Int, _ element: ElementFronts.Element,
    _ near: [ElementFronts.Line], isBlended: Bool, _ fronts: ElementFronts
  ) -> Alternative? {
    let keV = slope(cluster.steps[j].position)
    let weight = near.reduce(0) { $0 + $1.weight }
    let mean = near.reduce(0) { $0 + $1.weight * $1.energy } / weight
    let peaks = (j...last).filter { cluster.steps[$0].kind == .peak }
    let strongest =
      (peaks.isEmpty ? Array(j...last) : peaks)
      .max { cluster.steps[$0].height < cluster.steps[$1].height } ?? j
    var step = cluster.steps[strongest]
    var changed = cluster
    if isBlended {
      step.shape = near.map { (($0.energy - element.main.energy) / keV, $0.weight / weight) }
      // The size of a peak is its area.
      step.size = (j...last).reduce(0) {
        let other = cluster.steps[$1]
        let isArea = step.kind == .peak && other.kind != .peak
        return $0 + other.size * (isArea ? 2.5 * other.sigma : 1)
      }
      step.position = position(element.main.energy, near: step.position)
      if step.kind == .peak { step.width = min(step.width, 2 * step.sigma) }
    }
    if isBlended || last > j || !cluster.steps[j].shape.allSatisfy({ $0.offset == 0 }) {
      if !isBlended { step.shape = [(0, 1)] }
      changed.steps.replaceSubrange(j...last, with: [step])
      // What ends below has the same isotopes.
      if j + 1 < changed.steps.count, changed.steps[j + 1].kind == .back, step.kind == .front {
        changed.steps[j + 1].shape = step.shape
        changed.steps[j + 1].sigma = step.sigma
        if isBlended {
          changed.steps[j + 1].position += (element.main.energy - mean) / keV
        }
      }
      changed.fit(spectrum.counts)
      if isBlended, let other = asPeak(changed, j), other.deviance < changed.deviance + 10 {
        changed = other
      }
    } else if let other = asPeak(changed, j), other.deviance < changed.deviance - 6 {
      // A peak's lower end is wider by straggling; isotopes must not be what explains that.
      changed = other
    }
    let fitted = changed.steps[j]
    let at = self.energy(fitted.position) ?? 0
    let off = at - (isBlended ? element.main.energy : element.blend)
    let u = fitted.positionU * keV
    guard off.magnitude <= max(3 * u, 0.5 * fwhm), fitted.size > 3 * fitted.sizeU else {
      return nil
    }
    if let product = setup.particlesSolidAngle, fitted.kind == .front,
      !(j + 1 < changed.steps.count && changed.steps[j + 1].kind == .back)
    {
      // No pure element gives more.
      let most = fronts.height(
        element, fraction: 1, others: [(element.nuclei.atomicNumber, 1)])
      if fitted.height / keV > 1.15 * most * product { return nil }
    }
    let width = (u * u + 0.0049 * fwhm * fwhm).squareRoot()
    return Alternative(
      element: element, cluster: changed, members: j...j, off: off, u: u,
      deviance: changed.deviance,
      degrees: Double(max(1, changed.window.count - 2 - 3 * changed.steps.count)),
      // A front and what closes it are as much as a peak.
      penalty: 10 * Double(changed.steps.count { $0.kind != .back }) + off * off / (width * width)
        - 2 * Double.log(element.prior))
  }
}
