internal import FilmElasticity
internal import Materials
internal import Simulation
internal import Tables
internal import Units

/// The keys of the contract for one case, every quantity with its unit and propagated uncertainty.
func caseResult(_ run: CaseRun, trace steps: CaseTrace) -> ResultObject {
  let trace = steps.simulation
  let plateCase = run.plateCase
  let numbers = run.numbers
  let kinetics = plateCase.kinetics
  func propagated(
    _ value: Double, _ unit: PhysicalUnit, _ read: @escaping (CaseNumbers) -> Double
  ) -> ResultValue {
    let u = run.uncertainty { read(CaseNumbers($0, kinetics: kinetics)) }
    return .quantity(
      MeasuredValue(value, unit, u: u, uKind: u == nil ? nil : "propagated", trace: trace))
  }
  func plain(_ value: Double, _ unit: PhysicalUnit) -> ResultValue {
    .quantity(MeasuredValue(value, unit, trace: trace))
  }
  let film = plateCase.film
  var result = ResultObject()
  result["label"] = .text(plateCase.label)
  result["metal"] = .text(plateCase.metal.name)
  result["status"] = .text(run.run.status.rawValue)
  result["film_thickness"] = .quantity(
    measured(film.thickness, .nanometre, trace: steps.thickness))
  result["film_modulus"] = .quantity(
    measured(film.modulus.modulus, .gigapascal, trace: steps.modulus))
  result["film_poisson"] = .quantity(measured(film.poissonRatio, .one))
  result["solver"] = .text(plateCase.solver.rawValue)
  result["base"] = .text(plateCase.base.rawValue)
  result["pv_initial"] = plain(numbers.pvInitial, .nanometre)
  result["pv_final"] = propagated(numbers.pvFinal, .nanometre, \.pvFinal)
  result["pv_ratio"] = propagated(numbers.pvRatio, .one, \.pvRatio)
  result["growth"] = plain(numbers.growth, .nanometre)
  result["far_field_rise"] = propagated(numbers.farFieldRise, .nanometre, \.farFieldRise)
  result["time"] = plain(numbers.time, .second)
  result["steps"] = .integer(run.run.steps)
  result["tip_stress_initial"] = propagated(numbers.tipInitial, .megapascal, \.tipInitial)
  result["valley_stress_initial"] = propagated(
    numbers.valleyInitial, .megapascal, \.valleyInitial)
  result["tip_stress_final"] = propagated(numbers.tipFinal, .megapascal, \.tipFinal)
  result["valley_stress_final"] = propagated(numbers.valleyFinal, .megapascal, \.valleyFinal)
  result["tip_stress_extreme"] = propagated(numbers.tipExtreme, .megapascal, \.tipExtreme)
  result["hoop_stress_final"] = propagated(numbers.hoopFinal, .megapascal, \.hoopFinal)
  result["mean_speed"] = propagated(numbers.meanSpeed, .nanometrePerSecond, \.meanSpeed)
  result["uncertain_inputs"] = .list(run.propagation.variations.map { .text($0.key) })
  return result
}
