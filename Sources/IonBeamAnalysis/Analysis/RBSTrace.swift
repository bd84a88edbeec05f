internal import Tables
internal import Units

/// The steps from files to numbers.
enum RBSTrace {
  static func read(_ graph: inout TraceGraph, _ input: InputIdentity?, _ what: String) -> TraceID? {
    guard let input else { return nil }
    return graph.add(
      .read, what,
      source: TraceStep.Source(
        file: input.path, sha256: input.sha256, place: Place.whole.description, bytes: []))
  }

  static func simulate(
    _ graph: inout TraceGraph, setup: BackscatteringSetup, input: InputIdentity?
  ) -> TraceID {
    let source = read(&graph, input, "measurement and sample")
    var parameters = ResultObject()
    parameters["setup"] = KnownSetup(setup).result
    parameters["physics"] = setup.physics.result
    return graph.add(
      .simulate, "backscattering spectrum", inputs: [source].compactMap { $0 },
      parameters: parameters, formula: "dY = NΩ σ(E) c dx/cos α, E by R⁻¹(R(E₀) − x/cos α)",
      reference: "docs/rbs.md")
  }
}

extension RBSTrace {
  static func fit(
    _ graph: inout TraceGraph, problem: SpectrumFitProblem, layers: [SampleLayer],
    input: InputIdentity?, sample: InputIdentity?
  ) -> TraceID {
    let counts = read(&graph, input, "counts")
    let start = read(&graph, sample, "start values")
    var window = ResultObject()
    window["channels"] = .list(
      problem.ranges.map { .list([.integer($0.lowerBound), .integer($0.upperBound)]) })
    let chosen = graph.add(
      .select, "channels that are fitted", inputs: [counts].compactMap { $0 }, parameters: window)
    var parameters = ResultObject()
    parameters["free"] = .list(problem.free.map { .text($0.target.name(layers)) })
    parameters["tied"] = .list(
      problem.ties.map {
        .text(
          "\($0.target.name(layers)) = \(RBSUnit.words($0.factor, 9)) * \($0.other.name(layers))")
      })
    parameters["physics"] = problem.setup.physics.result
    return graph.add(
      .fit, "sample and setup by maximum Poisson likelihood",
      inputs: [chosen, start].compactMap { $0 }, parameters: parameters,
      formula: "p → p + (JᵀWJ)⁻¹JᵀW(y − μ), W = 1/μ",
      reference: "S. Baker, R. D. Cousins, Nucl. Instrum. Methods 221 (1984) 437; docs/rbs.md")
  }
}
