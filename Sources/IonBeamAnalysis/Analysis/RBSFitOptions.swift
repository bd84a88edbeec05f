internal import Tables

/// What a fit changes, where, and how.
public struct RBSFitOptions: Hashable, Sendable {
  /// How the minimum is found.
  public enum Method: String, Hashable, Sendable, CaseIterable {
    /// From the start values.
    case lm
    /// A search by differential evolution first.
    case global
  }

  /// The ranges that count; none for the default.
  public var ranges: [SampleFile.FitSection.Range] = []
  /// The names of the free parameters; nil for the default.
  public var free: [String]?
  /// Names that are not free.
  public var fixed: [String] = []
  /// Parameters that follow others.
  public var ties: [SampleFile.FitSection.Tie] = []
  /// Bounds by name.
  public var bounds: [SampleFile.FitSection.Bound] = []
  /// How the minimum is found.
  public var method = Method.lm
  /// The relative standard uncertainty of charge and solid angle; stands in `u_parts`.
  public var chargeUncertainty = 0.02
  /// The relative standard uncertainty of the stopping of each element; stands in `u_parts`.
  public var stoppingUncertainty = 0.04
  /// Whether the fit is repeated under each shipped stopping set.
  public var sensitivity = false
  /// The seed of the random numbers.
  public var seed: UInt64 = 0

  /// The options of a sample file's `fit:` section, where it has one.
  public init(_ section: SampleFile.FitSection? = nil) {
    guard let section else { return }
    ranges = section.ranges
    free = section.free
    ties = section.ties
    bounds = section.bounds
  }

  /// The problem of the options.
  ///
  /// - Throws: `rbs.parameter` for a name that the sample does not have, for one that is both free and
  ///   tied, and where nothing is free; `rbs.range` where no channel is in a range.
  func problem(
    _ setup: BackscatteringSetup, _ layers: [SampleLayer], counts: [Double], firstChannel: Int
  ) throws(ReadFailure) -> SpectrumFitProblem {
    func target(_ name: String) throws(ReadFailure) -> FitTarget {
      if let target = FitTarget(name, layers: layers) { return target }
      throw ReadFailure(
        "rbs.parameter", found: "no parameter is called '\(name)'",
        expected: "expected particles, energy, offset, slope, fwhm, "
          + layers.flatMap { layer in layer.parts.map { "\(layer.name).\($0.nuclei.name)" } }
          .joined(separator: ", ")
          + " or LAYER.areal_density, .roughness_fwhm, .yield_scale, .stopping_scale")
    }
    var ties: [FitTie] = []
    for tie in self.ties {
      ties.append(
        FitTie(try target(tie.target), to: try target(tie.other), factor: tie.factor))
    }
    var held: [FitTarget] = []
    for name in fixed { held.append(try target(name)) }
    var parameters: [FreeParameter] = []
    for name in free ?? SampleFile.defaultFree(setup, layers) {
      let wanted = try target(name)
      let isTied = ties.contains { $0.target == wanted }
      if isTied, free != nil {
        throw ReadFailure(
          "rbs.parameter", found: "'\(name)' is both free and tied",
          expected: "expected one of the two")
      }
      guard !isTied, !held.contains(wanted), !parameters.contains(where: { $0.target == wanted })
      else { continue }
      var parameter = FreeParameter(wanted)
      for bound in bounds where try target(bound.name) == wanted {
        parameter = FreeParameter(wanted, lower: bound.lower, upper: bound.upper)
      }
      parameters.append(parameter)
    }
    for bound in bounds { _ = try target(bound.name) }
    guard !parameters.isEmpty else {
      throw ReadFailure(
        "rbs.parameter", found: "nothing is free", expected: "expected a free parameter: --free")
    }
    for parameter in parameters {
      guard case .arealDensity(let layer) = parameter.target else { continue }
      let both = parameters.contains {
        if case .element(layer, _) = $0.target { return true }
        return false
      }
      if both {
        throw ReadFailure(
          "rbs.parameter",
          found: "\(parameter.target.name(layers)) and elements of that layer are free",
          expected: "expected the layer's total, or its elements")
      }
    }
    var problem = SpectrumFitProblem(
      setup: setup, layers: layers, counts: counts, firstChannel: firstChannel,
      ranges: try channels(setup, layers, counts: counts.count, firstChannel: firstChannel),
      free: parameters)
    problem.ties = ties
    problem.steps = 100
    problem.seed = seed
    return problem
  }

  /// The channels that count.
  ///
  /// Without ranges: from 15 % of the beam's energy, at least twice the least energy that is simulated, to
  /// five resolutions above the highest edge.
  private func channels(
    _ setup: BackscatteringSetup, _ layers: [SampleLayer], counts: Int, firstChannel: Int
  ) throws(ReadFailure) -> [ClosedRange<Int>] {
    let calibration = setup.detector.calibration
    let last = firstChannel + counts - 1
    guard counts > 0 else {
      throw ReadFailure("rbs.range", found: "no channels", expected: "expected counts")
    }
    var wanted = ranges
    if wanted.isEmpty {
      let angle = setup.geometry.scattering * .pi / 180
      let highest = layers.flatMap(\.parts).flatMap(\.nuclei.isotopes).compactMap {
        Kinematics.factor(ion: setup.ion.mass, target: $0.mass, angle: angle)
      }.max()
      wanted = [
        SampleFile.FitSection.Range(
          lower: .energy(max(0.15 * setup.energy, 2 * setup.physics.minimumEnergy)),
          upper: .energy((highest ?? 1) * setup.energy + 5 * setup.detector.fwhm))
      ]
    }
    var result: [ClosedRange<Int>] = []
    for range in wanted {
      guard let channels = range.channels(calibration, count: last + 1),
        channels.upperBound >= firstChannel, channels.lowerBound <= last
      else {
        throw ReadFailure(
          "rbs.range", found: "no channel of the spectrum lies in a range that was asked for",
          expected: "expected channels from \(firstChannel) to \(last)")
      }
      result.append(max(channels.lowerBound, firstChannel)...min(channels.upperBound, last))
    }
    return result
  }
}
