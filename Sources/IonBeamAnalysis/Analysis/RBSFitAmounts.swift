public import Tables
internal import Units

/// What a batch needs of a fit: amounts with the uncertainty of counting.
public struct RBSFitAmounts: Hashable, Sendable, Codable {
  /// An areal density or a thickness.
  public struct Amount: Hashable, Sendable, Codable {
    /// The element or the layer.
    public var name: String
    /// In 1e15 at/cm2, or in nm.
    public var value: Double
    /// The standard uncertainty of counting; nil where the fit has none.
    public var u: Double?
    /// The standard uncertainty of a density, relative: common to all spectra of a batch.
    public var common = 0.0
  }

  /// The elements of the film.
  public var arealDensity: [Amount]
  /// The layers of the film whose density is stated.
  public var thickness: [Amount]

  /// What several fits say together: `areal_density` of every element, `thickness` of every layer.
  ///
  /// Each is `{n, mean, sd, weighted_mean, u, chi2_dof}`: u is that of the weighted mean, with that of the
  /// density where it has one; chi2_dof tells whether the values scatter as counting says.
  public static func summary(_ fits: [RBSFitAmounts], failed: Int) -> ResultObject {
    func collected(_ all: [[Amount]], _ unit: PhysicalUnit) -> ResultObject {
      var object = ResultObject()
      for name in all.flatMap({ $0.map(\.name) }) where object[name] == nil {
        object[name] = statistics(all.compactMap { $0.first { $0.name == name } }, unit)
      }
      return object
    }
    var o = ResultObject()
    o["files"] = .integer(fits.count + failed)
    o["failed"] = .integer(failed)
    o["areal_density"] = .object(collected(fits.map(\.arealDensity), RBSUnit.tfu))
    o["thickness"] = .object(collected(fits.map(\.thickness), .nanometre))
    return o
  }

  private static func statistics(_ values: [Amount], _ unit: PhysicalUnit) -> ResultValue {
    let n = values.count
    let mean = values.reduce(0) { $0 + $1.value } / Double(max(1, n))
    let squares = values.reduce(0) { $0 + ($1.value - mean) * ($1.value - mean) }
    let weighted = values.compactMap { amount -> (Double, Double)? in
      guard let u = amount.u, u > 0 else { return nil }
      return (amount.value, 1 / (u * u))
    }
    let weight = weighted.reduce(0) { $0 + $1.1 }
    let isWhole = weighted.count == n && weight > 0
    let best = isWhole ? weighted.reduce(0) { $0 + $1.0 * $1.1 } / weight : nil
    let chi = best.map { best in
      weighted.reduce(0) { $0 + ($1.0 - best) * ($1.0 - best) * $1.1 }
    }
    let common = values.map(\.common).max() ?? 0
    let u = best.map { (1 / weight + common * common * $0 * $0).squareRoot() }
    return .fields([
      "n": .integer(n), "mean": RBSUnit.quantity(n > 0 ? mean : nil, unit),
      "sd": RBSUnit.quantity(n > 1 ? (squares / Double(n - 1)).squareRoot() : nil, unit),
      "weighted_mean": RBSUnit.quantity(best, unit, u: u),
      "u": RBSUnit.quantity(u, unit),
      "chi2_dof": RBSUnit.number(n > 1 ? chi.map { $0 / Double(n - 1) } : nil),
    ])
  }
}

extension RBSFit {
  /// What a batch needs of the fit.
  public var amounts: RBSFitAmounts {
    let densities = names.map { name in
      RBSFitAmounts.Amount(
        name: name, value: Self.filmDensity(name, fit.layers),
        u: uncertainty(gradient { _, layers in Self.filmDensity(name, layers) }))
    }
    let film = fit.layers.indices.filter { !fit.layers[$0].isSubstrate }
    let thicknesses = film.compactMap { l -> RBSFitAmounts.Amount? in
      guard let value = Self.thickness(fit.layers[l]), let density = fit.layers[l].density else {
        return nil
      }
      return RBSFitAmounts.Amount(
        name: fit.layers[l].name, value: value,
        u: uncertainty(gradient { Self.thickness($1[l]) ?? value }),
        common: (fit.layers[l].densityUncertainty ?? 0) / density)
    }
    return RBSFitAmounts(arealDensity: densities, thickness: thicknesses)
  }

  /// What several fits say together (see ``RBSFitAmounts/summary(_:failed:)``).
  public static func summary(_ fits: [RBSFit], failed: Int) -> ResultObject {
    RBSFitAmounts.summary(fits.map(\.amounts), failed: failed)
  }
}
