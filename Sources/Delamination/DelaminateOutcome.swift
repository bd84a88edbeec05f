internal import Materials
public import Simulation
internal import Tables
internal import Units

/// Runs every case of a configuration, one after the other; the same configuration gives the same bits.
///
/// - Parameter tracePrefix: what the ids of the trace start with, so that graphs can be joined.
public func runDelaminate(
  _ configuration: DelaminateConfiguration, tracePrefix: String
) -> SimulationOutcome {
  var trace = SimulationTrace(
    "delamination configuration", input: configuration.input,
    measuredInputs: configuration.measuredInputs, prefix: tracePrefix)
  var diagnostics = DiagnosticList()
  diagnostics.add(contentsOf: configuration.diagnostics)
  let runs = configuration.cases.map(DelaminateCaseRun.init)
  var cases: [ResultValue] = []
  for run in runs { cases.append(.object(delaminateResult(run, trace: trace.add(run)))) }
  checkDelamination(runs, into: &diagnostics)
  let names = fileNames(for: runs.map(\.item.label))
  let tables = zip(runs, names).map { run, name in
    SimulationOutcome.NamedTable(
      name: "series/\(name)-interface.csv", table: undersideTable(run))
  }
  return SimulationOutcome(
    result: .fields([
      "parameters": .object(configuration.parameters), "cases": .list(cases),
    ]),
    summary: summary(of: runs), diagnostics: diagnostics.all, tables: tables,
    figures: delaminateFigures(runs), trace: trace.graph)
}

/// The number of cases, of those that delaminate, and the labels, least lifted first.
private func summary(of runs: [DelaminateCaseRun]) -> ResultValue {
  // Those that come off stand last, the one that holds the larger share of the load first.
  let order = runs.indices.sorted { a, b in
    let (x, y) = (runs[a], runs[b])
    switch (x.openingOverThickness, y.openingOverThickness) {
    case (let u?, let v?): return u == v ? a < b : u < v
    case (nil, nil):
      let (f, g) = (x.run.stableFraction, y.run.stableFraction)
      return f == g ? a < b : f > g
    case (let u, _): return u != nil
    }
  }
  return .fields([
    "cases": .integer(runs.count),
    "delaminated": .integer(runs.count { $0.run.delaminates }),
    "order_opening_over_thickness": .list(order.map { .text(runs[$0].item.label) }),
  ])
}

extension SimulationTrace {
  /// The simulation of a case, and the steps behind its modulus and thickness.
  fileprivate mutating func add(_ run: DelaminateCaseRun) -> CaseTrace {
    let film = run.item.film
    let modulus = step(
      "film.modulus", film.modulus.modulus, own: film.modulus.trace, unit: .gigapascal)
    let thickness = step(
      "film.thickness", film.thickness, own: film.thicknessTrace, unit: .nanometre)
    let simulation = simulate(
      "delamination of the film of case \(run.item.label) under the pressure of "
        + "\(run.item.metal.name), cohesive zone",
      inputs: [modulus, thickness], parameters: run.item.parameterList,
      formula: "plane strain, nine-node elements; t = (1 − d)·K·δ, K = σc/δ0, "
        + "d = δf(δ − δ0)/[δ(δf − δ0)], δf = 2Gc/σc",
      reference: "A. Turon et al., Mechanics of Materials 38 (2006) 1072")
    return CaseTrace(simulation: simulation, modulus: modulus, thickness: thickness)
  }
}

/// The keys of the contract for one case, every quantity with its unit and propagated uncertainty.
func delaminateResult(_ run: DelaminateCaseRun, trace steps: CaseTrace) -> ResultObject {
  let trace = steps.simulation
  let item = run.item
  let film = item.film
  func propagated(
    _ unit: PhysicalUnit, _ read: @escaping (DelaminationRun) -> Double
  ) -> ResultValue {
    let u = run.propagation.uncertainty(read)
    return .quantity(
      MeasuredValue(read(run.run), unit, u: u, uKind: u == nil ? nil : "propagated", trace: trace))
  }
  let holds = !run.run.delaminates
  var result = ResultObject()
  result["label"] = .text(item.label)
  result["metal"] = .text(item.metal.name)
  result["status"] = .text(holds ? "finished" : "delaminated")
  result["film_thickness"] = .quantity(
    measured(film.thickness, .nanometre, trace: steps.thickness))
  result["film_modulus"] = .quantity(
    measured(film.modulus.modulus, .gigapascal, trace: steps.modulus))
  result["film_poisson"] = .quantity(measured(film.poissonRatio, .one))
  result["bond"] = .text(item.bond.rawValue)
  result["pressure"] = .quantity(measured(item.pressure, .megapascal))
  result["opening"] = holds ? propagated(.nanometre) { $0.opening * 1e9 } : .null
  result["opening_over_thickness"] =
    holds ? propagated(.one) { $0.opening / $0.problem.geometry.thickness } : .null
  result["delaminates"] = .flag(!holds)
  result["stable_load_fraction"] = .quantity(
    MeasuredValue(run.run.stableFraction, .one, trace: trace))
  result["max_damage"] = propagated(.one, \.maximumDamage)
  result["crack_length"] = propagated(.nanometre) { $0.crackLength * 1e9 }
  result["process_zone_length"] = propagated(.nanometre) { $0.processZoneLength * 1e9 }
  result["load_steps"] = .integer(run.run.loadSteps)
  result["iterations"] = .integer(run.run.iterations)
  result["uncertain_inputs"] = .list(run.propagation.variations.map { .text($0.key) })
  return result
}
