package import Tables
package import Units

/// The steps of a simulation: the configuration, the measured parameters, and what is run.
package struct SimulationTrace {
  package private(set) var graph: TraceGraph
  /// The reading of the configuration; nil for one made by a program.
  package private(set) var configuration: TraceID?
  private let measuredInputs: [String: InputIdentity]
  private var known: [String: TraceID] = [:]

  /// A trace whose first step reads the configuration, `summary` in words.
  package init(
    _ summary: String, input: InputIdentity?, measuredInputs: [String: InputIdentity],
    prefix: String
  ) {
    self.measuredInputs = measuredInputs
    graph = TraceGraph(prefix: prefix)
    guard let input else { return }
    configuration = graph.add(
      .read, "\(summary) \(input.path)",
      source: .init(
        file: input.path, sha256: input.sha256, place: Place.whole.description, bytes: []))
  }

  /// The step behind a parameter: the one it brings, or the reading of the file it was taken from.
  package mutating func step<D>(
    _ key: String, _ parameter: Measured<D>, own: TraceID?, unit: UnitOf<D>
  ) -> TraceID? {
    if let own { return own }
    guard let hash = parameter.source.firstIndex(of: "#"),
      let input = measuredInputs[String(parameter.source[..<hash])]
    else { return nil }
    if let step = known[parameter.source] { return step }
    let path = parameter.source[parameter.source.index(after: hash)...]
    var parameters = ResultObject()
    parameters[key] = .quantity(measured(parameter, unit))
    let id = graph.add(
      .read, "\(key), measured, from \(parameter.source)",
      parameters: parameters,
      source: .init(file: input.path, sha256: input.sha256, place: "key \(path)", bytes: []))
    known[parameter.source] = id
    return id
  }

  /// Adds the simulation of a case.
  package mutating func simulate(
    _ summary: String, inputs: [TraceID?], parameters: ResultObject, formula: String,
    reference: String
  ) -> TraceID {
    graph.add(
      .simulate, summary, inputs: (inputs + [configuration]).compactMap { $0 },
      parameters: parameters, formula: formula, reference: reference)
  }
}

/// The steps behind the numbers of a case.
package struct CaseTrace {
  package let simulation: TraceID
  package let modulus: TraceID?
  package let thickness: TraceID?

  package init(simulation: TraceID, modulus: TraceID?, thickness: TraceID?) {
    self.simulation = simulation
    self.modulus = modulus
    self.thickness = thickness
  }
}
