package import Materials
package import Tables
package import Units

/// The parameters that a run used, by their keys in a configuration, with value, unit and source.
package struct ParameterList {
  package private(set) var list = ResultObject()
  private let sources: [String: String]

  /// An empty list; `sources` says where each setting came from.
  package init(sources: [String: String]) { self.sources = sources }

  private func source(_ key: String) -> String { sources[key] ?? "default" }

  package mutating func text(_ key: String, _ value: ResultValue) {
    list[key] = .fields(["value": value, "source": .text(source(key))])
  }

  package mutating func quantity<D>(
    _ key: String, _ parameter: Measured<D>, _ unit: UnitOf<D>
  ) {
    var value = measured(parameter, unit)
    // A source that words its origin beside the rank, `default (handbook)`, ranks as `default`.
    let own = parameter.source
    value.source = sources[key] ?? (own.isEmpty || own.hasPrefix("default (") ? "default" : own)
    list[key] = .quantity(value)
  }

  package mutating func exact<D>(_ key: String, _ parameter: Quantity<D>, _ unit: UnitOf<D>) {
    quantity(key, Measured(parameter, source: source(key)), unit)
  }

  package mutating func number(_ key: String, _ value: Double) {
    list[key] = .quantity(MeasuredValue(value, .one, source: source(key)))
  }

  package mutating func add(_ metal: Metal) {
    text("metal", .text(metal.name))
    quantity("metal.molar_volume", metal.molarVolume, .cubicCentimetrePerMole)
    quantity("metal.surface_energy", metal.surfaceEnergy, .joulePerSquareMetre)
    quantity("metal.modulus", metal.youngModulus, .gigapascal)
    quantity("metal.poisson", metal.poissonRatio, .one)
  }

  package mutating func add(_ film: FilmParameters) {
    quantity("film.thickness", film.thickness, .nanometre)
    quantity("film.modulus", film.modulus.modulus, .gigapascal)
    quantity("film.poisson", film.poissonRatio, .one)
  }
}
