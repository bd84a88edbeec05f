internal import Materials
internal import Simulation
internal import Tables
internal import Units

/// Says which films come off, where a case leaves the range of the model, and what its numbers lack.
func checkDelamination(_ runs: [DelaminateCaseRun], into diagnostics: inout DiagnosticList) {
  for run in runs {
    let item = run.item
    let label = item.label
    if run.run.delaminates {
      diagnostics.warn(
        "delaminate.unstable",
        found: "case `\(label)` delaminates at "
          + "\(Int((100 * run.run.stableFraction).rounded())) % of the load of "
          + "\(rounded(item.pressure.value.value(in: .megapascal))) MPa",
        expected: "a load that the interface can carry; there is no equilibrium beyond")
    } else if let ratio = run.openingOverThickness, ratio > 0.3 {
      diagnostics.warn(
        "delaminate.geometry",
        found: "case `\(label)`: the film opens by \(rounded(ratio)) of its thickness",
        expected: "at most 0.3, where linear elasticity holds")
    }
    for key in run.propagation.unpropagated {
      diagnostics.warn(
        "delaminate.not-propagated",
        found: "the uncertainty of `\(key)` of case `\(label)` was not propagated: "
          + "the film delaminates within it",
        expected: "a smaller uncertainty or a smaller load")
    }
    for variation in run.propagation.variations where variation.scale > 1 {
      diagnostics.warn(
        "delaminate.uncertainty-large",
        found: "the uncertainty of `\(variation.key)` of case `\(label)` is half its value or more",
        expected: "an uncertainty for which first-order propagation holds")
    }
    let given = item.initialDamage.value.si
    if (item.snappedDamage - given).magnitude > 1e-6 * given {
      diagnostics.warn(
        "delaminate.snapped",
        found: "case `\(label)`: the debonded region of \(rounded(given * 1e9)) nm ends inside an "
          + "element; \(rounded(item.snappedDamage * 1e9)) nm was taken",
        expected: "`geometry.initial_damage` at an element edge, a multiple of "
          + "\(rounded(item.halfLength.value.value(in: .nanometre) / Double(item.columns))) nm")
    }
  }
  // One line for all cases that share a modulus.
  var told: [Measured<Pressure>] = []
  for run in runs {
    let modulus = run.item.film.modulus.modulus
    guard modulus.u == nil, !told.contains(modulus) else { continue }
    told.append(modulus)
    let labels = runs.filter { $0.item.film.modulus.modulus == modulus }.map {
      "`\($0.item.label)`"
    }
    let which =
      labels.count == 1
      ? "case \(labels[0])" : "\(labels.count) cases, \(labels[0]) to \(labels[labels.count - 1])"
    diagnostics.warn(
      "delaminate.no-uncertainty",
      found:
        "the film's modulus of \(which) (\(rounded(modulus.value.value(in: .gigapascal))) GPa, "
        + "\(modulus.source)) has no uncertainty",
      expected: "`VALUE ± U`, so that the results carry one")
  }
}
