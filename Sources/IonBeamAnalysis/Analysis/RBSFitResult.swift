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
    o["thickness"] = filmThickness()
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
    RBSUnit.quantity(value, unit, u: u, kind: "fit", trace: step)
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
        RBSUnit.quantity($0, .gramPerCubicCentimetre, source: layer.densitySource)
      } ?? .null
    o["density_source"] = RBSUnit.text(
      layer.density == nil ? nil : layer.densitySource ?? "stated by the user")
    o["thickness"] =
      layer.isSubstrate
      ? .null
      : quantity(
        Self.thickness(layer), .nanometre,
        u: massU.flatMap { u in layer.density.map { 10 * u / $0 } })
    return .object(o)
  }

  /// The layers of the film; all, where none is a substrate.
  private var film: [SampleLayer] { fit.layers.filter { !$0.isSubstrate } }

  /// The film's thickness in nm: null unless every layer of it has a density.
  private func filmThickness() -> ResultValue {
    guard let value = totalThickness else { return .null }
    let slope = gradient { _, layers in
      layers.filter { !$0.isSubstrate }.compactMap(Self.thickness).reduce(0, +)
    }
    return quantity(value, .nanometre, u: uncertainty(slope))
  }

  /// The film's thickness in nm; nil unless every layer of it has a density.
  public var totalThickness: Double? {
    let parts = film.compactMap(Self.thickness)
    return film.isEmpty || parts.count < film.count ? nil : parts.reduce(0, +)
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

  // MARK: a batch

  /// What several fits say together: `areal_density` of every element, `thickness` of every layer.
  ///
  /// Each is `{n, mean, sd, weighted_mean, u, chi2_dof}`: u is that of the weighted mean, chi2_dof tells
  /// whether the values scatter as their uncertainties say.
  public static func summary(_ fits: [RBSFit], failed: Int) -> ResultObject {
    var elements: [String] = []
    var layers: [String] = []
    for fit in fits {
      for name in fit.names where !elements.contains(name) { elements.append(name) }
      for layer in fit.film where !layers.contains(layer.name) { layers.append(layer.name) }
    }
    var densities = ResultObject()
    for name in elements {
      densities[name] = statistics(
        fits.filter { $0.names.contains(name) }.map { fit in
          (
            filmDensity(name, fit.fit.layers),
            fit.uncertainty(fit.gradient { _, layers in filmDensity(name, layers) })
          )
        }, RBSUnit.tfu)
    }
    var thicknesses = ResultObject()
    for name in layers {
      let values = fits.compactMap { fit -> (Double, Double?)? in
        guard let l = fit.fit.layers.firstIndex(where: { $0.name == name }),
          let value = thickness(fit.fit.layers[l])
        else { return nil }
        return (value, fit.uncertainty(fit.gradient { thickness($1[l]) ?? value }))
      }
      if !values.isEmpty { thicknesses[name] = statistics(values, .nanometre) }
    }
    var o = ResultObject()
    o["files"] = .integer(fits.count + failed)
    o["failed"] = .integer(failed)
    o["areal_density"] = .object(densities)
    o["thickness"] = .object(thicknesses)
    return o
  }

  private static func statistics(
    _ values: [(value: Double, u: Double?)], _ unit: PhysicalUnit
  ) -> ResultValue {
    let n = values.count
    let mean = values.reduce(0) { $0 + $1.value } / Double(max(1, n))
    let squares = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
    let weighted = values.compactMap { pair -> (Double, Double)? in
      guard let u = pair.u, u > 0 else { return nil }
      return (pair.value, 1 / (u * u))
    }
    let weight = weighted.reduce(0) { $0 + $1.1 }
    let isWhole = weighted.count == n && weight > 0
    let best = isWhole ? weighted.reduce(0) { $0 + $1.0 * $1.1 } / weight : nil
    let chi = best.map { best in
      weighted.reduce(0) { $0 + ($1.0 - best) * ($1.0 - best) * $1.1 }
    }
    let u = isWhole ? (1 / weight).squareRoot() : nil
    return .fields([
      "n": .integer(n), "mean": RBSUnit.quantity(n > 0 ? mean : nil, unit),
      "sd": RBSUnit.quantity(n > 1 ? (squares / Double(n - 1)).squareRoot() : nil, unit),
      "weighted_mean": RBSUnit.quantity(best, unit, u: u),
      "u": RBSUnit.quantity(u, unit),
      "chi2_dof": RBSUnit.number(n > 1 ? chi.map { $0 / Double(n - 1) } : nil),
    ])
  }
}
