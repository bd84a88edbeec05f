internal import NumericalMethods
internal import RealModule
public import Tables
internal import Units

extension RBSFit {
  private static let microgram = RBSUnit.unit("ug/cm2")
  /// µg/cm2 of 1e15 at/cm2 of a mass of 1 u.
  private static let massPerDensity = 1e15 * 1.66053906892e-24 * 1e6

  /// The mass of a layer in µg/cm2.
  static func mass(_ layer: SampleLayer) -> Double {
    massPerDensity * layer.parts.reduce(0) { $0 + $1.arealDensity * $1.nuclei.mass }
  }

  /// The thickness of a layer in nm at the density that the user states; nil without one.
  static func thickness(_ layer: SampleLayer) -> Double? {
    layer.density.map { 10 * mass(layer) / $0 }
  }

  /// The tree of the contract.
  ///
  /// - Parameter arrays: whether spectrum and profile are written point by point.
  public func result(arrays: Bool = true) -> ResultValue {
    var o = ResultObject()
    o["chi2_dof"] = RBSUnit.number(fit.chiSquarePerDegree)
    o["deviance_dof"] = RBSUnit.number(fit.deviancePerDegree)
    o["dof"] = .integer(fit.degreesOfFreedom)
    o["converged"] = .flag(fit.converged)
    o["iterations"] = .integer(fit.iterations)
    o["range"] = .list(
      ranges.map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) })
    o["parameters"] = .list(parameters())
    o["free"] = .list(fit.free.map { .text($0.target.name(start)) })
    let n = fit.free.count
    o["covariance"] = matrix(n) { i, j in fit.covariance?[i, j] }
    o["correlation"] = matrix(n) { i, j in
      guard let c = fit.covariance, c[i, i] > 0, c[j, j] > 0 else { return nil }
      return i == j ? 1 : c[i, j] / (c[i, i] * c[j, j]).squareRoot()
    }
    var densities = ResultObject()
    var parts = ResultObject()
    for name in names {
      let slope = gradient { _, layers in Self.filmDensity(name, layers) }
      let split = self.parts(slope)
      densities[name] = quantity(
        Self.filmDensity(name, fit.layers), RBSUnit.tfu, u: split.counting)
      parts[name] = .fields([
        "counting": quantity(split.counting, RBSUnit.tfu),
        "charge": quantity(split.charge, RBSUnit.tfu),
        "stopping": quantity(split.stopping, RBSUnit.tfu),
      ])
    }
    o["areal_density"] = .object(densities)
    o["layers"] = .list(fit.layers.indices.map { layer($0) })
    (o["thickness"], o["thickness_u_parts"]) = filmThickness()
    o["u_parts"] = .object(parts)
    if arrays {
      var elements = ResultObject()
      for element in profile.elements {
        elements[element.name] = RBSUnit.series(element.fraction, "1", u: element.u)
      }
      o["profile"] = .fields([
        "depth": RBSUnit.series(profile.depth, "10*15/cm2"), "elements": .object(elements),
      ])
      o["spectrum"] = RBSResult.spectrum(
        fit.spectrum, fit.setup.detector.calibration, measured: measured.counts)
    }
    if options.sensitivity { o["stopping_sensitivity"] = spread() }
    o["setup"] = KnownSetup(fit.setup).result
    o["physics"] = fit.setup.physics.result
    return .object(o)
  }

  private func quantity(_ value: Double?, _ unit: PhysicalUnit, u: Double? = nil) -> ResultValue {
    // What no free parameter moves has no uncertainty; 0 would say that it is exact.
    RBSUnit.quantity(value, unit, u: u == 0 ? nil : u, kind: "fit", trace: step)
  }

  private func matrix(_ n: Int, _ value: (Int, Int) -> Double?) -> ResultValue {
    guard fit.covariance != nil else { return .null }
    return .list((0..<n).map { i in .list((0..<n).map { RBSUnit.number(value(i, $0)) }) })
  }

  /// Every parameter of setup and sample: the free ones, those that follow, and those that were held.
  private func parameters() -> [ResultValue] {
    let free = fit.free.map(\.target)
    let tied = problem.ties.map(\.target)
    var held: [FitTarget] = [.particles, .energy, .offset, .slope, .fwhm]
    for (l, layer) in start.enumerated() {
      let isWhole = free.contains(.arealDensity(layer: l))
      held += isWhole ? [] : layer.parts.indices.map { .element(layer: l, part: $0) }
      if layer.roughness > 0 { held.append(.roughness(layer: l)) }
      if layer.yieldScale != 1 { held.append(.yieldScale(layer: l)) }
      if layer.stoppingScale != 1 { held.append(.stoppingScale(layer: l)) }
    }
    let all = free + tied + held.filter { !free.contains($0) && !tied.contains($0) }
    return all.map { target in
      let k = free.firstIndex(of: target)
      var u = k.flatMap { k in fit.covariance.map { max(0, $0[k, k]).squareRoot() } }
      if let k, fit.atBound[k] { u = nil }
      let tie = problem.ties.first { $0.target == target }
      if tie != nil { u = uncertainty(gradient { target.value($0, $1) }) }
      let isScaled = fit.chiSquarePerDegree > 1.5
      var o = ResultObject()
      o["name"] = .text(target.name(start))
      o["value"] = RBSUnit.number(target.value(fit.setup, fit.layers))
      o["unit"] = .text(target.unit)
      o["u"] = RBSUnit.number(u)
      o["u_scaled"] =
        isScaled ? RBSUnit.number(u.map { $0 * fit.chiSquarePerDegree.squareRoot() }) : .null
      o["start"] = RBSUnit.number(
        k.map { fit.start[$0] } ?? target.value(problem.setup, problem.layers))
      o["free"] = .flag(k != nil)
      o["at_bound"] = .flag(k.map { fit.atBound[$0] } ?? false)
      o["tied_to"] = RBSUnit.text(
        tie.map { "\(RBSUnit.words($0.factor, 9)) * \($0.other.name(start))" })
      return .object(o)
    }
  }

  private func layer(_ l: Int) -> ResultValue {
    let layer = fit.layers[l]
    let total = layer.arealDensity
    var elements = ResultObject()
    for (p, part) in layer.parts.enumerated() {
      let density = uncertainty(gradient { _, layers in layers[l].parts[p].arealDensity })
      let fraction = uncertainty(
        gradient { _, layers in
          layers[l].arealDensity > 0
            ? layers[l].parts[p].arealDensity / layers[l].arealDensity : 0
        })
      elements[part.nuclei.name] = .fields([
        "areal_density": quantity(part.arealDensity, RBSUnit.tfu, u: density),
        "fraction": quantity(total > 0 ? part.arealDensity / total : nil, .one, u: fraction),
      ])
    }
    var o = ResultObject()
    o["name"] = .text(layer.name)
    o["substrate"] = .flag(layer.isSubstrate)
    o["areal_density"] = quantity(
      total, RBSUnit.tfu, u: uncertainty(gradient { _, layers in layers[l].arealDensity }))
    o["elements"] = .object(elements)
    o["roughness_fwhm"] = quantity(
      layer.roughness, RBSUnit.tfu,
      u: uncertainty(gradient { _, layers in layers[l].roughness }))
    let massU = uncertainty(gradient { _, layers in Self.mass(layers[l]) })
    o["mass"] = quantity(Self.mass(layer), Self.microgram, u: massU)
    o["density"] =
      layer.density.map {
        RBSUnit.quantity(
          $0, .gramPerCubicCentimetre, u: layer.densityUncertainty, kind: "user",
          source: layer.densitySource)
      } ?? .null
    o["density_source"] = RBSUnit.text(
      layer.density == nil ? nil : layer.densitySource ?? "stated by the user")
    let isThick = !layer.isSubstrate && layer.density != nil
    let (thickness, parts) = thickness(isThick ? [l] : [])
    o["thickness"] = thickness
    o["thickness_u_parts"] = parts
    return .object(o)
  }

  /// The layers of the film; all, where none is a substrate.
  private var film: [SampleLayer] { fit.layers.filter { !$0.isSubstrate } }

  /// The film's thickness in nm: null unless every layer of it has a density.
  private func filmThickness() -> (ResultValue, ResultValue) {
    thickness(
      totalThickness == nil ? [] : fit.layers.indices.filter { !fit.layers[$0].isSubstrate })
  }

  /// The film's thickness in nm; nil unless every layer of it has a density.
  public var totalThickness: Double? {
    let parts = film.compactMap(Self.thickness)
    return film.isEmpty || parts.count < film.count ? nil : parts.reduce(0, +)
  }

  /// The thickness in nm of some layers together, and the parts of its uncertainty; null for none.
  ///
  /// u is that of counting and of the densities together: t = m/ρ. Densities of one source, such as an
  /// option, err together; others each for itself.
  private func thickness(_ layers: [Int]) -> (ResultValue, ResultValue) {
    guard !layers.isEmpty else { return (.null, .null) }
    func sum(_ sample: [SampleLayer]) -> Double {
      layers.compactMap { Self.thickness(sample[$0]) }.reduce(0, +)
    }
    let split = parts(gradient { _, sample in sum(sample) })
    let density = Self.densityPart(layers.map { fit.layers[$0] })
    let u = split.counting.map { ($0 * $0 + density * density).squareRoot() }
    return (
      quantity(sum(fit.layers), .nanometre, u: u),
      .fields([
        "counting": quantity(split.counting, .nanometre),
        "charge": quantity(split.charge, .nanometre),
        "stopping": quantity(split.stopping, .nanometre),
        "density": quantity(density, .nanometre),
      ])
    )
  }

  /// What the uncertainties of their densities add to that of the thickness of some layers, in nm.
  static func densityPart(_ layers: [SampleLayer]) -> Double {
    var sources: [String] = []
    var sums: [Double] = []
    for layer in layers {
      guard let density = layer.density, let u = layer.densityUncertainty,
        let thickness = thickness(layer)
      else { continue }
      let source = layer.densitySource ?? layer.name
      let part = thickness * u / density
      if let known = sources.firstIndex(of: source) {
        sums[known] += part
      } else {
        sources.append(source)
        sums.append(part)
      }
    }
    return sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// What the stopping sets give, and how far apart they lie.
  private func spread() -> ResultValue {
    var sets = ResultObject()
    for other in sensitivity {
      var densities = ResultObject()
      for (name, value) in zip(names, other.arealDensity) {
        densities[name] = quantity(value, RBSUnit.tfu)
      }
      sets[other.set.rawValue] = .fields([
        "areal_density": .object(densities), "chi2_dof": .number(other.chiSquarePerDegree),
      ])
    }
    var spread = ResultObject()
    for (k, name) in names.enumerated() {
      let values = sensitivity.map { $0.arealDensity[k] }
      let range = values.max().flatMap { high in values.min().map { high - $0 } }
      spread[name] = quantity(range, RBSUnit.tfu)
    }
    return .fields(["sets": .object(sets), "spread": .object(spread)])
  }
}
