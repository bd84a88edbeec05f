internal import Materials
internal import Simulation
internal import Tables
internal import Units

/// Says where a case leaves the range in which the model holds, and what its numbers lack.
func checkModel(_ run: CaseRun, into diagnostics: inout DiagnosticList) {
  let plateCase = run.plateCase
  let label = plateCase.label
  let modulus = plateCase.film.modulus.modulus
  if run.run.status == .stalled {
    diagnostics.warn(
      "plate.stalled",
      found: "case `\(label)` stalled at a growth of \(rounded(run.numbers.growth)) nm "
        + "of \(rounded(plateCase.growth)) nm",
      expected: "a run to the end: the stress leaves the range of the kinetics")
  }
  if run.run.status == .overhang {
    diagnostics.warn(
      "plate.overhang",
      found: "case `\(label)`: the interface folds over at a growth of "
        + "\(rounded(run.numbers.growth)) nm of \(rounded(plateCase.growth)) nm",
      expected: "one height for each position: the film's stress is known for such surfaces only")
  }
  if plateCase.solver == .phaseField { checkPhaseField(run, into: &diagnostics) }
  if modulus.u == nil {
    diagnostics.warn(
      "plate.no-uncertainty",
      found: "the film's modulus of case `\(label)` "
        + "(\(rounded(modulus.value.value(in: .gigapascal))) GPa, \(modulus.source)) "
        + "has no uncertainty",
      expected: "`VALUE ± U`, so that the results carry one")
  }
  for key in run.propagation.unpropagated {
    diagnostics.warn(
      "plate.not-propagated",
      found: "the uncertainty of `\(key)` of case `\(label)` was not propagated: "
        + "a run beside the nominal one stalled",
      expected: "a smaller uncertainty or a smaller growth")
  }
  for variation in run.propagation.variations where variation.scale > 1 {
    diagnostics.warn(
      "plate.uncertainty-large",
      found: "the uncertainty of `\(variation.key)` of case `\(label)` is half its value or more",
      expected: "an uncertainty for which first-order propagation holds")
  }
  let thickness = plateCase.film.thickness.value
  let slenderness = plateCase.surface.height / thickness
  if slenderness > 0.3 {
    diagnostics.warn(
      "plate.geometry",
      found: "case `\(label)`: a bump of \(rounded(plateCase.surface.height.value(in: .nanometre)))"
        + " nm under a film of \(rounded(thickness.value(in: .nanometre))) nm, "
        + "height over thickness \(rounded(slenderness))",
      expected: "at most 0.3, where linear elasticity holds")
  }
  if let fracture = plateCase.fractureStress {
    let limit = fracture.value.value(in: .megapascal)
    if run.run.greatestStress > limit {
      diagnostics.warn(
        "plate.fracture-stress",
        found:
          "case `\(label)`: the interface stress reaches \(rounded(run.run.greatestStress)) MPa",
        expected: "less than the film's fracture stress of \(rounded(limit)) MPa")
    }
  }
  let stalling = plateCase.overpotential.si.magnitude / plateCase.kinetics.voltsPerStress
  if -run.numbers.tipExtreme > stalling {
    diagnostics.note(
      "plate.dissolution",
      found: "case `\(label)`: the tip is compressed by \(rounded(-run.numbers.tipExtreme)) MPa, "
        + "more than the \(rounded(stalling)) MPa that stop plating; it dissolves for a while")
  }
}

/// Says where the phase field is too coarse for its interface, or its interface too wide.
private func checkPhaseField(_ run: CaseRun, into diagnostics: inout DiagnosticList) {
  let plateCase = run.plateCase
  let cells = plateCase.interfaceHalfWidth / plateCase.spacing
  if cells < 2 * (1 - 1e-9) {
    diagnostics.warn(
      "plate.resolution",
      found:
        "case `\(plateCase.label)`: \(rounded(cells)) cells in the half width of the interface",
      expected: "two or more: below, the speed of a flat front is 1 % off and more")
  }
  if run.run.drivingForce > 0.3 {
    diagnostics.warn(
      "plate.driving-force",
      found: "case `\(plateCase.label)`: the driving force of plating reaches "
        + "\(rounded(run.run.drivingForce)) of the barrier between metal and film",
      expected: "at most 0.3, where the profile keeps its shape: a smaller interface_half_width")
  }
}
