internal import FilmElasticity
internal import Materials
public import Tables
internal import Units

extension PlateCase {
  /// Every parameter that the run used, by its key in a configuration, with value, unit and source.
  public var parameterList: ResultObject {
    var list = ResultObject()
    func source(_ key: String) -> String { sources[key] ?? "default" }
    func text(_ key: String, _ value: ResultValue) {
      list[key] = .fields(["value": value, "source": .text(source(key))])
    }
    func quantity<D>(_ key: String, _ parameter: Measured<D>, _ unit: UnitOf<D>) {
      var value = measured(parameter, unit)
      // A source that words its origin beside the rank, `default (handbook)`, ranks as `default`.
      let own = parameter.source
      value.source = sources[key] ?? (own.isEmpty || own.hasPrefix("default (") ? "default" : own)
      list[key] = .quantity(value)
    }
    func exact<D>(_ key: String, _ parameter: Quantity<D>, _ unit: UnitOf<D>) {
      quantity(key, Measured(parameter, source: source(key)), unit)
    }
    func number(_ key: String, _ value: Double) {
      list[key] = .quantity(MeasuredValue(value, .one, source: source(key)))
    }
    text("metal", .text(metal.name))
    quantity("metal.molar_volume", metal.molarVolume, .cubicCentimetrePerMole)
    quantity("metal.surface_energy", metal.surfaceEnergy, .joulePerSquareMetre)
    quantity("metal.modulus", metal.youngModulus, .gigapascal)
    quantity("metal.poisson", metal.poissonRatio, .one)
    quantity("film.thickness", film.thickness, .nanometre)
    quantity("film.modulus", film.modulus.modulus, .gigapascal)
    quantity("film.poisson", film.poissonRatio, .one)
    text("film.base", .text(base.rawValue))
    text("film.metal_compliance", .flag(metalCompliance))
    if let fractureStress {
      quantity("film.fracture_stress", fractureStress, .megapascal)
    } else {
      text("film.fracture_stress", .text("none"))
    }
    text("solver", .text(solver.rawValue))
    text("surface.shape", .text(surface.name))
    exact("surface.height", surface.height, .nanometre)
    if case .gaussian(_, let radius) = surface { exact("surface.radius", radius, .nanometre) }
    exact("domain.width", width, .nanometre)
    exact("kinetics.overpotential", overpotential, .volt)
    exact(
      "kinetics.exchange_current_density", exchangeCurrentDensity, .amperePerSquareMetre)
    number("kinetics.transfer_coefficient", transferCoefficient)
    exact("kinetics.temperature", temperature, .kelvin)
    switch stop {
    case .growth(let length): exact("stop.growth", length, .nanometre)
    case .time(let time): exact("stop.time", time, .second)
    }
    number("numerics.points", Double(points))
    number("numerics.tolerance", tolerance)
    text("numerics.capillarity", .text(capillarity.rawValue))
    exact("line.from", lineFrom, .nanometre)
    exact("line.to", lineTo, .nanometre)
    return list
  }
}
