internal import RealModule
internal import Tables

extension SurfaceFindings {
  /// Looks for fronts and peaks in a spectrum, and names them where ion, energy and angle are known.
  ///
  /// A matched filter finds steps; those near one another are fitted to the counts with the detector's
  /// resolution (Poisson likelihood). A front takes the name of the element whose K·E0 lies nearest, as
  /// far as its height and the film above allow: fronts of minor isotopes go to their element, fronts
  /// that the found film explains as buried have no candidate.
  ///
  /// - Parameters:
  ///   - spectrum: The counts.
  ///   - setup: What is known of the measurement.
  ///   - options: The elements that may be there, and the least significance.
  public init(
    _ spectrum: StoredSpectrum, setup: KnownSetup,
    options: SurfaceSearchOptions = SurfaceSearchOptions()
  ) {
    self.init()
    guard spectrum.counts.count > 20, spectrum.counts.allSatisfy({ $0.isFinite && $0 >= 0 })
    else { return }
    // Channels much finer than the resolution are added up: the work stays that of a usual spectrum.
    let factor = Self.binning(spectrum, setup)
    guard factor > 1 else {
      take(SurfaceSearch(spectrum, setup, options))
      return
    }
    var coarse = setup
    if let fine = setup.calibration {
      let first = Double(spectrum.firstChannel) - (fine.channelEnergy == .centre ? 0.5 : 0)
      let n = Double(factor)
      coarse.calibration = ChannelCalibration(
        offset: fine.energy(first), slope: n * (fine.slope + 2 * fine.quadratic * first),
        quadratic: n * n * fine.quadratic)
    }
    let counts = stride(from: 0, to: spectrum.counts.count, by: factor).map { i in
      spectrum.counts[i..<min(i + factor, spectrum.counts.count)].reduce(0, +)
    }
    take(SurfaceSearch(StoredSpectrum(spectrum.name, counts: counts), coarse, options))
    let (n, first) = (Double(factor), Double(spectrum.firstChannel))
    for i in edges.indices {
      edges[i].channel = first + n * edges[i].channel
      edges[i].channelU *= n
      edges[i].height /= n
    }
    for i in peaks.indices { peaks[i].channel = first + n * peaks[i].channel }
  }

  private mutating func take(_ search: SurfaceSearch) {
    var search = search
    search.run()
    edges = search.edges
    peaks = search.peaks
    diagnostics = search.diagnostics
  }

  /// How many channels are added up, so that the resolution is about eight of them.
  private static func binning(_ spectrum: StoredSpectrum, _ setup: KnownSetup) -> Int {
    var sigma = Double(spectrum.counts.count) / 300
    if let slope = setup.calibration?.slope, slope > 0 {
      let fwhm = setup.fwhm.flatMap { $0 > 0 ? $0 : nil } ?? 15
      sigma = min(fwhm / 2.354820045030949 / slope, Double(spectrum.counts.count) / 30)
    }
    guard sigma > 24 else { return 1 }
    return max(1, Int(exactly: (sigma / 8).rounded(.down)) ?? 1)
  }
}

/// The work of ``SurfaceFindings``.
struct SurfaceSearch {
  let spectrum: StoredSpectrum
  let setup: KnownSetup
  let options: SurfaceSearchOptions
  /// Full width at half maximum in keV.
  let fwhm: Double
  /// Whether the resolution was estimated from the spectrum.
  let isEstimated: Bool
  let finder: StepSearch
  let fronts: ElementFronts?
  var edges: [SurfaceFindings.Edge] = []
  var peaks: [SurfaceFindings.Peak] = []
  var diagnostics: [Diagnostic] = []

  /// A front with what it is taken for.
  struct Named {
    var step: SpectrumStep
    var energy: Double
    var u: Double
    var candidates: [SurfaceFindings.Candidate] = []
    /// The element, where one was taken.
    var element: ElementFronts.Element?
    var isMinor = false
    /// Counts per keV.
    var height: Double
    var closing: Closing?
  }

  /// A peak's lower end and its counts.
  struct Closing {
    var lowerEnd: Double
    var lowerSigma: Double
    var area = 0.0
    var areaU = 0.0
    var background = 0.0
    var centroid = 0.0
    var isIsolated = false
  }

  init(_ spectrum: StoredSpectrum, _ setup: KnownSetup, _ options: SurfaceSearchOptions) {
    self.spectrum = spectrum
    self.setup = setup
    self.options = options
    let estimate = Self.estimatedResolution(spectrum, setup)
    isEstimated = estimate != nil
    fwhm = setup.fwhm.flatMap { $0 > 0 ? $0 : nil } ?? estimate ?? 15
    let slope = setup.calibration?.slope ?? 0
    var sigma = Double(spectrum.counts.count) / 300
    if slope > 0 { sigma = fwhm / 2.354820045030949 / slope }
    // A channel is an average over its width.
    sigma = min((sigma * sigma + 1.0 / 12).squareRoot(), Double(spectrum.counts.count) / 30)
    finder = StepSearch(spectrum.counts, sigma: sigma, threshold: max(3, options.significance))
    if let ion = setup.ion, let energy = setup.energy, energy > 0, let angles = setup.angles,
      setup.calibration != nil
    {
      fronts = ElementFronts(
        ion: ion, energy: energy, geometry: angles, fwhm: fwhm, physics: setup.physics,
        names: options.elements)
    } else {
      fronts = nil
    }
  }

  /// The energy at a position: whole numbers are lower ends of channels.
  func energy(_ position: Double) -> Double? {
    guard let calibration = setup.calibration else { return nil }
    let shift = calibration.channelEnergy == .centre ? 0.5 : 0
    return calibration.energy(position + Double(spectrum.firstChannel) - shift)
  }

  /// keV per channel at a position; 1 without a calibration.
  func slope(_ position: Double) -> Double {
    guard let calibration = setup.calibration else { return 1 }
    return max(
      1e-9,
      calibration.slope + 2 * calibration.quadratic * (position + Double(spectrum.firstChannel)))
  }

  /// The position of an energy, near one that is known.
  func position(_ energy: Double, near: Double) -> Double {
    var at = near
    for _ in 0..<4 {
      guard let here = self.energy(at) else { return near }
      at += (energy - here) / slope(at)
    }
    return at
  }

  mutating func run() {
    if setup.fwhm == nil {
      diagnostics.append(
        Diagnostic(
          .note, "rbs.resolution-assumed",
          found: "the resolution is not known",
          expected: setup.calibration == nil
            ? "\(RBSUnit.words(2.3548 * finder.sigma, 1)) channels are assumed: --fwhm"
            : isEstimated
              ? "\(RBSUnit.words(fwhm, 1)) keV, as the sharpest front shows it: --fwhm"
              : "15 keV are assumed: --fwhm"))
    }
    if fronts == nil {
      diagnostics.append(
        Diagnostic(
          .note, "rbs.no-candidates",
          found: "edges are not named without ion, energy, scattering angle and calibration",
          expected: "expected --ion, --energy, --scattering, --slope, or --setup FILE"))
    }
    var clusters = finder.all()
    var names: [[Int: Resolved]] = clusters.map { _ in [:] }
    if let fronts {
      for c in clusters.indices { names[c] = resolve(&clusters[c], fronts) }
    }
    var list: [Named] = []
    let steps = clusters.flatMap(\.steps)
    var k = -1
    for (c, cluster) in clusters.enumerated() {
      for (j, step) in cluster.steps.enumerated() {
        k += 1
        guard step.kind != .back, step.sizeU > 0, step.size > 3 * step.sizeU,
          step.positionU < finder.sigma, !isTail(step, steps)
        else { continue }
        let keV = slope(step.position)
        var named = Named(
          step: step, energy: energy(step.position) ?? step.position,
          u: step.positionU * keV, height: step.height / keV, closing: closing(steps, k))
        if let found = names[c][j] {
          named.candidates = found.candidates
          named.element = found.element
        }
        list.append(named)
      }
    }
    if let fronts {
      minor(&list, fronts)
      bury(&list, steps, fronts)
      clean(&list, steps, fronts)
    }
    for k in list.indices where list[k].closing != nil { measure(&list[k], steps, list) }
    write(list)
  }

  /// Whether a front is but the tail of what ends beside it: backs are not quite Gaussian.
  private func isTail(_ step: SpectrumStep, _ steps: [SpectrumStep]) -> Bool {
    steps.contains { other in
      other.kind == .back && step.height < 0.06 * other.size
        && (other.position - step.position).magnitude < 5 * other.sigma
    }
  }

  /// The lower end of what a front begins; nil where nothing closes it.
  private func closing(_ steps: [SpectrumStep], _ k: Int) -> Closing? {
    let step = steps[k]
    if step.kind == .peak {
      return Closing(lowerEnd: step.lowerEnd, lowerSigma: step.sigma)
    }
    guard k + 1 < steps.count, steps[k + 1].kind == .back,
      steps[k + 1].size > 0.6 * step.size
    else { return nil }
    // Where the detector's noise is cut off, nothing ends.
    if let beam = setup.energy, let low = energy(steps[k + 1].position),
      let high = energy(step.position), low < 0.12 * beam || high - low > 0.4 * beam
    {
      return nil
    }
    return Closing(lowerEnd: steps[k + 1].position, lowerSigma: steps[k + 1].sigma)
  }

  // MARK: names

  /// What a step of a cluster was taken for.
  private struct Resolved {
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
  private func resolve(
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
      if isBlended, step.kind == .front, j + 1 < changed.steps.count,
        changed.steps[j + 1].kind == .back
      {
        // A front and a back so near may be one peak.
        let back = changed.steps[j + 1]
        let apart = step.position - back.position
        if apart < 6 * finder.sigma {
          var peak = step
          peak.kind = .peak
          peak.width = max(apart, 0.5 * finder.sigma)
          peak.size = max(1, 0.5 * (step.size + back.size) * peak.width)
          var other = changed
          other.steps.replaceSubrange(j...(j + 1), with: [peak])
          other.fit(spectrum.counts)
          if other.deviance < changed.deviance + 10 { changed = other }
        }
      }
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
      penalty: 10 * Double(changed.steps.count) + off * off / (width * width)
        - 2 * Double.log(element.prior))
  }

  /// Fronts of minor isotopes go to their element.
  private func minor(_ list: inout [Named], _ fronts: ElementFronts) {
    for k in list.indices {
      for other in list.indices where other != k && !list[other].isMinor {
        guard let element = list[other].element,
          list[other].step.height > 1.5 * list[k].step.height
        else { continue }
        let shift = list[other].energy - element.main.energy
        for line in element.isotopes where line.name != element.main.name {
          let off = list[k].energy - line.energy - shift
          let ratio = list[k].step.height / list[other].step.height
          let wanted = line.weight / element.main.weight
          guard off.magnitude < max(3 * list[k].u, 0.5 * fwhm), ratio < 2.5 * wanted + 0.01,
            ratio > 0.3 * wanted
          else { continue }
          list[k].isMinor = true
          list[k].element = element
          list[k].candidates = [
            SurfaceFindings.Candidate(
              element: element.nuclei.name, isotope: line.name, energy: line.energy,
              offset: list[k].energy - line.energy, score: 1, arealDensity: nil,
              arealDensityU: nil)
          ]
        }
      }
    }
  }

  /// Takes the candidates from fronts that lie under the film.
  ///
  /// The peaks that close tell how many atoms the film has. A front that nothing closes, which would lie
  /// where it is found if an element began under that film, is buried.
  private func bury(
    _ list: inout [Named], _ steps: [SpectrumStep], _ fronts: ElementFronts
  ) {
    let film = list.filter { $0.closing != nil && !$0.isMinor && $0.element != nil }
    guard !film.isEmpty else { return }
    // The thickness as each peak's width tells it, in atoms of the mixture.
    let total = film.reduce(0.0) { sum, named in
      guard let element = named.element else { return sum }
      let sigma = fronts.meanCrossSection(element, fronts.energy)
      return sum + (named.closing.map { roughArea(named, $0) } ?? 0) / max(sigma, 1e-9)
    }
    guard total > 0 else { return }
    let mixture = film.compactMap { named -> (atomicNumber: Int, amount: Double)? in
      guard let element = named.element, let closing = named.closing else { return nil }
      let sigma = fronts.meanCrossSection(element, fronts.energy)
      return (element.nuclei.atomicNumber, roughArea(named, closing) / max(sigma, 1e-9) / total)
    }
    // How many atoms make the widest peak as wide as it is.
    var amounts: [Double] = []
    for named in film {
      guard let element = named.element, let closing = named.closing else { continue }
      let width = named.energy - (energy(closing.lowerEnd) ?? named.energy)
      guard width > 0.3 * fwhm else { continue }
      var (low, high) = (0.0, 50000.0)
      for _ in 0..<40 {
        let middle = 0.5 * (low + high)
        let end = fronts.buried(
          under: mixture.map { ($0.atomicNumber, $0.amount * middle) },
          kinematic: element.main.kinematic)
        if element.main.energy - end > width { high = middle } else { low = middle }
      }
      amounts.append(0.5 * (low + high))
    }
    let product = setup.particlesSolidAngle
    let counted = product.map { total * 1e12 / $0 }
    amounts.sort()
    // What the counts say, and what the widths say, which see light atoms too.
    let thicknesses = [amounts.isEmpty ? nil : amounts[amounts.count / 2], counted].compactMap {
      $0
    }
    for k in list.indices where list[k].closing == nil && list[k].element != nil {
      guard !list[k].isMinor, let taken = list[k].element, isOpen(list[k].step, steps) else {
        continue
      }
      let lowest = film.map(\.energy).min() ?? 0
      guard list[k].energy < lowest else { continue }
      let own = (list[k].energy - taken.main.energy).magnitude
      for element in fronts.elements where element.prior >= 0.2 {
        let fits = thicknesses.contains { thickness in
          let end = fronts.buried(
            under: mixture.map { ($0.atomicNumber, $0.amount * thickness) },
            kinematic: element.main.kinematic)
          let shift = element.main.energy - end
          return shift > fwhm && (list[k].energy - end).magnitude < max(0.4 * fwhm, 0.12 * shift)
        }
        guard fits, own > 0 else { continue }
        if let product {
          let most = fronts.height(
            element, fraction: 1, others: [(element.nuclei.atomicNumber, 1)])
          // A substrate of one element reaches its full height.
          guard list[k].height > 0.5 * most * product else { continue }
        }
        list[k].element = nil
        list[k].candidates = []
        break
      }
    }
  }

  /// Whether nothing ends between a front and the next one below.
  func isOpen(_ step: SpectrumStep, _ steps: [SpectrumStep]) -> Bool {
    guard step.kind == .front else { return false }
    let next = steps.first { $0.position < step.position && $0.size > 0.25 * step.size }
    return next?.kind != .back || step.position - (next?.position ?? 0) > 60 * finder.sigma
  }

  func roughArea(_ named: Named, _ closing: Closing) -> Double {
    named.step.kind == .peak
      ? named.step.size : named.step.size * (named.step.position - closing.lowerEnd)
  }

  // MARK: peaks

  /// The counts of a peak above the line between the levels on both sides.
  private func measure(_ named: inout Named, _ steps: [SpectrumStep], _ list: [Named]) {
    guard var closing = named.closing else { return }
    let sigma = finder.sigma
    let counts = spectrum.counts
    var top = named.step.position
    if let element = named.element, !named.isMinor {
      // The element's heavier isotopes end above, its lighter ones below.
      let shift = named.energy - element.main.energy
      if let heaviest = element.isotopes.first {
        top = max(top, position(heaviest.energy + shift, near: top))
      }
      if let lightest = element.isotopes.last {
        closing.lowerEnd = min(
          closing.lowerEnd,
          position(
            (energy(closing.lowerEnd) ?? 0) - (element.main.energy - lightest.energy),
            near: closing.lowerEnd))
      }
    }
    let high = Int((top + 3.5 * sigma).rounded(.up))
    let low = Int((closing.lowerEnd - 3.5 * max(sigma, closing.lowerSigma)).rounded(.down))
    let wide = max(3, Int((2.5 * sigma).rounded()))
    // Other features must leave room for the background.
    var ceiling = counts.count
    var floor = 0
    for step in steps {
      let isOwn =
        step.position <= named.step.position + 0.5 * sigma
        && step.lowerEnd >= (named.closing?.lowerEnd ?? 0) - 0.5 * sigma
      guard !isOwn else { continue }
      let minor = list.contains {
        $0.isMinor && $0.step.position == step.position
          && $0.element?.nuclei.name == named.element?.nuclei.name
      }
      guard !minor else { continue }
      if step.lowerEnd > named.step.position {
        ceiling = min(ceiling, Int(step.lowerEnd - 2.5 * step.sigma))
      } else if step.position < named.step.position {
        floor = max(floor, Int((step.position + 2.5 * step.sigma).rounded(.up)))
      }
    }
    // Minor isotopes of other elements stand above their fronts.
    for other in list where !other.isMinor {
      guard let element = other.element, element.nuclei.name != named.element?.nuclei.name,
        other.step.position < named.step.position
      else { continue }
      let shift = other.energy - element.main.energy
      for line in element.isotopes {
        let amount = line.weight / element.main.weight * other.step.height
        guard amount > 0.01 * named.step.height else { continue }
        let at = position(line.energy + shift, near: other.step.position)
        if at < named.step.position {
          floor = max(floor, Int((at + 2.5 * sigma).rounded(.up)))
        } else {
          floor = max(floor, Int(named.step.position))
        }
      }
    }
    guard low > 0, low < high, low >= floor, high <= min(ceiling, counts.count) else { return }
    let above = high..<min(high + wide, ceiling, counts.count)
    let below = max(low - wide, floor, 0)..<low
    guard below.count >= 2 else { return }
    func mean(_ range: Range<Int>) -> Double {
      range.isEmpty ? 0 : counts[range].reduce(0, +) / Double(range.count)
    }
    let (upper, lower) = (mean(above), mean(below))
    let sum = counts[low..<high].reduce(0, +)
    let n = Double(high - low)
    let background = 0.5 * n * (upper + lower)
    let area = sum - background
    let noise =
      0.25 * n * n
      * (upper / Double(max(1, above.count)) + lower / Double(max(1, below.count)))
    guard area > 0, max(upper, lower) < 0.5 * area / max(1, n - 7 * sigma + 2.5 * sigma) else {
      return
    }
    closing.area = area
    closing.areaU = (sum + noise).squareRoot()
    closing.background = background
    var moment = 0.0
    for i in low..<high {
      let t = (Double(i - low) + 0.5) / n
      moment += (counts[i] - lower - t * (upper - lower)) * (Double(i) + 0.5)
    }
    closing.centroid = moment / area
    closing.isIsolated = true
    named.closing = closing
  }

  /// Atoms per area of a candidate that gives a peak: A cos α/(NΩ σ̄).
  private func density(
    _ named: Named, _ closing: Closing, _ candidate: SurfaceFindings.Candidate
  ) -> (value: Double, u: Double)? {
    guard let fronts, let product = setup.particlesSolidAngle, product > 0,
      let element = fronts.elements.first(where: { $0.nuclei.name == candidate.element })
    else { return nil }
    let cosIn = Double.cos(fronts.geometry.incidence * Double.pi / 180)
    let cosOut = max(0.01, Double.cos(fronts.geometry.exitAngle * Double.pi / 180))
    let k = element.main.kinematic
    let z = element.nuclei.atomicNumber
    // The part of the width that the ion lost on its way in, by the element's own stopping.
    let sIn = (fronts.physics.stopping(fronts.ion, z, fronts.energy) ?? 1) / cosIn
    let sOut = (fronts.physics.stopping(fronts.ion, z, k * fronts.energy) ?? 1) / cosOut
    let upper = energy(named.step.position) ?? candidate.energy
    let lower = energy(named.closing?.lowerEnd ?? named.step.lowerEnd) ?? candidate.energy
    func before(_ seen: Double) -> Double {
      max(0.2, 1 - max(0, candidate.energy - seen) * sIn / (k * sIn + sOut) / fronts.energy)
        * fronts.energy
    }
    // The mean of 1/E² between two energies is 1/(E1 E2).
    let mean = (before(upper) * before(lower)).squareRoot()
    let sigma = fronts.meanCrossSection(element, mean)
    guard sigma > 0, cosIn > 0 else { return nil }
    let factor = cosIn / (product * sigma * 1e-12)
    return (closing.area * factor, closing.areaU * factor)
  }

  // MARK: results

  private mutating func write(_ list: [Named]) {
    let isCalibrated = setup.calibration != nil
    for named in list {
      let channel = named.step.position + Double(spectrum.firstChannel)
      edges.append(
        SurfaceFindings.Edge(
          energy: isCalibrated ? named.energy : nil, u: isCalibrated ? named.u : nil,
          channel: channel, channelU: named.step.positionU, height: named.step.height,
          significance: named.step.significance, candidates: named.candidates))
      guard let closing = named.closing, closing.isIsolated, !named.isMinor else { continue }
      var candidates = named.candidates
      for i in candidates.indices {
        let amount = density(named, closing, candidates[i])
        candidates[i].arealDensity = amount?.value
        candidates[i].arealDensityU = amount?.u
      }
      peaks.append(
        SurfaceFindings.Peak(
          energy: isCalibrated ? named.energy : nil, centroid: energy(closing.centroid),
          width: isCalibrated
            ? (named.step.position - (named.closing?.lowerEnd ?? named.step.lowerEnd))
              * slope(named.step.position) : nil,
          channel: closing.centroid + Double(spectrum.firstChannel), area: closing.area,
          areaU: closing.areaU, background: closing.background, candidates: candidates))
    }
  }
}
