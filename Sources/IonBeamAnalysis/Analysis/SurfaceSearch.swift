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
    /// The standard uncertainty of `lowerEnd` in channels.
    var lowerU: Double
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
    measurePeaks(&list, steps)
    write(list)
  }

  /// Whether a front is but the tail of what ends beside it: backs are not quite Gaussian.
  func isTail(_ step: SpectrumStep, _ steps: [SpectrumStep]) -> Bool {
    steps.contains { other in
      other.kind == .back && step.height < 0.06 * other.size
        && (other.position - step.position).magnitude < 5 * other.sigma
    }
  }

  /// The lower end of what a front begins; nil where nothing closes it.
  private func closing(_ steps: [SpectrumStep], _ k: Int) -> Closing? {
    let step = steps[k]
    if step.kind == .peak {
      return Closing(
        lowerEnd: step.lowerEnd, lowerSigma: step.sigma, lowerU: step.widthU)
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
    return Closing(
      lowerEnd: steps[k + 1].position, lowerSigma: steps[k + 1].sigma,
      lowerU: steps[k + 1].positionU)
  }

  // MARK: results

  private mutating func write(_ list: [Named]) {
    let isCalibrated = setup.calibration != nil
    let film = filmMixture(list)
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
        let amount = density(named, closing, candidates[i], film)
        candidates[i].arealDensity = amount?.value
        candidates[i].arealDensityU = amount?.u
      }
      peaks.append(
        SurfaceFindings.Peak(
          energy: isCalibrated ? named.energy : nil, centroid: energy(closing.centroid),
          width: isCalibrated
            ? (named.step.position - closing.lowerEnd)
              * slope(named.step.position) : nil,
          channel: closing.centroid + Double(spectrum.firstChannel), area: closing.area,
          areaU: closing.areaU, background: closing.background, candidates: candidates))
    }
  }
}
