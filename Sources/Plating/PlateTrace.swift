internal import Materials
internal import Simulation
internal import Tables
internal import Units

extension SimulationTrace {
  /// The trace of a plating configuration.
  init(_ configuration: PlateConfiguration, prefix: String) {
    self.init(
      "plating configuration", input: configuration.input,
      measuredInputs: configuration.measuredInputs, prefix: prefix)
  }

  /// The simulation of a case, and the steps behind its modulus and thickness.
  mutating func add(_ run: CaseRun) -> CaseTrace {
    let plateCase = run.plateCase
    let film = plateCase.film
    let modulus = step(
      "film.modulus", film.modulus.modulus, own: film.modulus.trace, unit: .gigapascal)
    let thickness = step(
      "film.thickness", film.thickness, own: film.thicknessTrace, unit: .nanometre)
    let simulation = simulate(
      "plating of \(plateCase.metal.name) under the film of case \(plateCase.label), "
        + plateCase.solver.words,
      inputs: [modulus, thickness], parameters: plateCase.parameterList,
      formula: plateCase.solver.formula,
      reference: "C. Monroe and J. Newman, J. Electrochem. Soc. 151 (2004) A880; "
        + "S. Timoshenko and J. N. Goodier, Theory of Elasticity, §24")
    return CaseTrace(simulation: simulation, modulus: modulus, thickness: thickness)
  }
}

extension PlateSolver {
  /// The solver in words.
  var words: String {
    switch self {
    case .phaseField: "phase field"
    case .sharp: "sharp-interface model"
    }
  }

  /// The equations solved, in one line.
  fileprivate var formula: String {
    switch self {
    case .phaseField:
      "∂ξ/∂t = −Lσ·(g′ − κ∇²ξ) + Lη·h′·[exp(−αFe/RT) − exp((1−α)Fe/RT)], g = Wξ²(1−ξ)², "
        + "h = ξ²(3−2ξ), κ = 6γℓ, W = 3γ/ℓ, Lη = i0·Vm/6Fℓ, Lσ = i0·Vm²·χ/6FRTℓ, "
        + "e = η − Vm·σn/F, σn = −S_eff·z for each wavenumber"
    case .sharp:
      "z_t = (i0·Vm/F)·[exp(−αFe/RT) − exp((1−α)Fe/RT)]·√(1+z_x²), "
        + "e = η − Vm·σn/F + Vm·γ·K/F, σn = −S_eff·z for each wavenumber"
    }
  }
}
