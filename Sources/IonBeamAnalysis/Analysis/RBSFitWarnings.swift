internal import NumericalMethods
internal import Tables

extension RBSFit {
  /// Whether a parameter is an amount of atoms.
  private func isAmount(_ target: FitTarget) -> Bool {
    switch target {
    case .element, .arealDensity: return true
    default: return false
    }
  }

  /// What must be known of the fit.
  func warnings() -> [Diagnostic] {
    var list = RBSValidity.warnings(fit.setup, fit.layers)
    let names = fit.free.map { $0.target.name(start) }
    if !fit.converged {
      list.append(
        Diagnostic(
          .warning, "rbs.not-converged", found: "no minimum after \(fit.iterations) steps",
          expected: "expected other start values, fewer free parameters, or --method global"))
    }
    if fit.chiSquarePerDegree > 1.5 {
      list.append(
        Diagnostic(
          .warning, "rbs.chi2",
          found: "chi2 is \(RBSUnit.words(fit.chiSquarePerDegree)) per degree of freedom",
          expected: "expected about 1: the sample lacks something; u_scaled carries the misfit"))
    }
    for (k, name) in names.enumerated() where fit.atBound[k] {
      list.append(
        Diagnostic(
          .warning, "rbs.at-bound",
          found: "\(name) ended on its bound \(RBSUnit.words(fit.values[k], 6))",
          expected: "its uncertainty is not known, and others are computed as if it were exact"))
    }
    if let covariance = fit.covariance {
      for i in names.indices {
        for j in 0..<i where covariance[i, i] > 0 && covariance[j, j] > 0 {
          let r = covariance[i, j] / (covariance[i, i] * covariance[j, j]).squareRoot()
          guard r.magnitude > 0.98 else { continue }
          list.append(
            Diagnostic(
              .warning, "rbs.correlated",
              found: "\(names[j]) and \(names[i]) have the correlation \(RBSUnit.words(r, 4))",
              expected: "the spectrum can hardly tell them apart; fix or tie one"))
        }
      }
    } else {
      list.append(
        Diagnostic(
          .warning, "rbs.undetermined",
          found: "the spectrum does not determine all of \(names.joined(separator: ", "))",
          expected: "expected fewer free parameters; no uncertainty is given"))
    }
    for (k, name) in names.enumerated() where !fit.atBound[k] {
      guard let u = fit.covariance.map({ max(0, $0[k, k]).squareRoot() }),
        u > 1.5 * fit.values[k].magnitude, isAmount(fit.free[k].target)
      else { continue }
      list.append(
        Diagnostic(
          .warning, "rbs.undetermined",
          found: "\(name) is \(RBSUnit.words(fit.values[k], 6)) with u = \(RBSUnit.words(u, 6))",
          expected: "the spectrum does not determine it; fix it, or take it as an upper limit"))
    }
    for parameter in fit.free {
      guard case .element(let l, let p) = parameter.target,
        start[l].parts[p].nuclei.mass <= fit.setup.ion.mass
      else { continue }
      list.append(
        Diagnostic(
          .warning, "rbs.hydrogen-free",
          found: "\(parameter.target.name(start)) is free, but no \(fit.setup.ion.name) is "
            + "scattered back from it",
          expected: "it is seen through its stopping only; fix it or tie it to another element"))
    }
    if !fit.layers.contains(where: { !$0.isSubstrate && $0.density != nil }) {
      list.append(
        Diagnostic(
          .note, "rbs.no-density", found: "no density is stated",
          expected: "areal densities only; a thickness in nm needs density: of the layer"))
    }
    let calibration = fit.setup.detector.calibration
    if let first = fit.wanted.first {
      let lowest = calibration.energy(Double(first + measured.firstChannel))
      let thin = RBSValidity.thinWarning(fit.setup, fit.layers, above: lowest) { back in
        fit.wanted.reduce(0) { sum, i in
          calibration.energy(Double(i + measured.firstChannel)) < back
            ? sum + measured.counts[i] : sum
        }
      }
      if let thin { list.append(thin) }
    }
    return list
  }
}
