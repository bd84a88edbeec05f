internal import NumericalMethods
internal import Tables
internal import Units

extension ForceCurveAnalysis {
  /// Points, residual and covariance of the fit of a contact model, as `fit` of the contract.
  func contactFitResult(trace: TraceID?) -> ResultValue {
    guard let fit = contactFit, let noise,
      let k = curve.reduced ? 1 : curve.springConstant?.value.si
    else { return .null }
    func force(_ x: Double) -> ResultValue {
      .quantity(MeasuredValue(x * 1e9, ForceResult.unit("nN"), trace: trace))
    }
    var chi = 0.0
    for r in fit.residuals { chi += r * r }
    chi /= k * k * noise * noise * Double(max(1, fit.degreesOfFreedom))
    var covariance = ResultValue.null
    if let c = fit.covariance {
      var names = ["young_modulus", "contact", "offset"]
      var units = ["Pa", "nm", "nN"]
      var scales = [1, 1e9, 1e9]
      if fit.model.isAdhesive {
        names.append("work_of_adhesion")
        units.append("mJ/m2")
        scales.append(1e3)
      }
      covariance = .fields([
        "keys": .list(names.map { .text($0) }), "units": .list(units.map { .text($0) }),
        "matrix": .list(
          scales.indices.map { i in
            .list(scales.indices.map { .number(c[i, $0] * scales[i] * scales[$0]) })
          }),
      ])
    }
    let rows = fit.data.count
    let top = fit.data.force[fit.data.contact].max().map { $0 - fit.baseline }
    return .fields([
      "points": .integer(rows), "segment": .text(fit.model.isAdhesive ? "retract" : "approach"),
      "force_limit": top.map { force($0) } ?? .null, "rms_residual": force(fit.rms),
      "reduced_chi_squared": .number(chi), "noise_correlation": .number(fit.correlation),
      "covariance": covariance,
    ])
  }
}
