internal import Materials
internal import Tables
internal import Units

/// The steps of a run: the configuration, the measured parameters, and one simulation for each case.
struct PlateTrace {
  private(set) var graph: TraceGraph
  private let configuration: PlateConfiguration
  private var configurationStep: TraceID?
  private var measured: [String: TraceID] = [:]

  init(_ configuration: PlateConfiguration, prefix: String) {
    self.configuration = configuration
    graph = TraceGraph(prefix: prefix)
    guard let input = configuration.input else { return }
    configurationStep = graph.add(
      .read, "plating configuration \(input.path)",
      source: .init(
        file: input.path, sha256: input.sha256, place: Place.whole.description, bytes: []))
  }

  /// The step behind a parameter: the one it brings, or the reading of the file it was taken from.
  mutating func step<D>(
    _ key: String, _ parameter: Measured<D>, own: TraceID?, unit: UnitOf<D>
  ) -> TraceID? {
    if let own { return own }
    guard let hash = parameter.source.firstIndex(of: "#"),
      let input = configuration.measuredInputs[String(parameter.source[..<hash])]
    else { return nil }
    if let known = measured[parameter.source] { return known }
    let path = parameter.source[parameter.source.index(after: hash)...]
    var parameters = ResultObject()
    parameters[key] = .quantity(Plating.measured(parameter, unit))
    let id = graph.add(
      .read, "\(key), measured, from \(parameter.source)",
      parameters: parameters,
      source: .init(file: input.path, sha256: input.sha256, place: "key \(path)", bytes: []))
    measured[parameter.source] = id
    return id
  }

  /// The simulation of a case, and the steps behind its modulus and thickness.
  mutating func add(_ run: CaseRun) -> CaseTrace {
    let plateCase = run.plateCase
    let film = plateCase.film
    let modulus = step(
      "film.modulus", film.modulus.modulus, own: film.modulus.trace, unit: .gigapascal)
    let thickness = step(
      "film.thickness", film.thickness, own: film.thicknessTrace, unit: .nanometre)
    let simulation = graph.add(
      .simulate,
      "plating of \(plateCase.metal.name) under the film of case \(plateCase.label), "
        + "sharp-interface model",
      inputs: [modulus, thickness, configurationStep].compactMap { $0 },
      parameters: plateCase.parameterList,
      formula: "z_t = (i0·Vm/F)·[exp(−αFe/RT) − exp((1−α)Fe/RT)]·√(1+z_x²), "
        + "e = η − Vm·σn/F + Vm·γ·K/F, σn = −S_eff·z for each wavenumber",
      reference: "C. Monroe and J. Newman, J. Electrochem. Soc. 151 (2004) A880; "
        + "S. Timoshenko and J. N. Goodier, Theory of Elasticity, §24")
    return CaseTrace(simulation: simulation, modulus: modulus, thickness: thickness)
  }
}

/// The steps behind the numbers of a case.
struct CaseTrace {
  let simulation: TraceID
  let modulus: TraceID?
  let thickness: TraceID?
}
