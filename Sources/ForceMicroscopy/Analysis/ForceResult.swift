internal import NumericalMethods
internal import RealModule
internal import Tables
internal import Units

/// Builds the `curves[]` entry of the contract for one curve.
struct ForceResult {
  let a: ForceCurveAnalysis
  let options: ForceAnalysisOptions
  let trace: ForceTrace

  /// A unit of a result key; every text here is UCUM that the unit parser knows (tested).
  static func unit(_ ucum: String) -> PhysicalUnit {
    (try? PhysicalUnit(ucum: ucum)) ?? PhysicalUnit(ucum: ucum, dimension: .one, scale: 1)
  }

  /// A value in SI in a unit of the results, correctly rounded.
  static func inUnit(_ si: Double, _ ucum: String) -> Double { unit(ucum).fromSI(si) }

  private func quantity(
    _ value: Double?, _ unit: String, u: Double? = nil, kind: String? = nil,
    trace id: String? = nil,
    source: String? = nil
  ) -> ResultValue {
    guard let value, value.isFinite else { return .null }
    return .quantity(
      MeasuredValue(
        value, Self.unit(unit), u: u, uKind: u == nil ? nil : kind, trace: id.flatMap { trace[$0] },
        source: source))
  }

  private func number(_ x: Double?) -> ResultValue {
    guard let x, x.isFinite else { return .null }
    return .number(x)
  }

  private func estimate(_ key: ForceKey) -> ResultValue {
    guard let e = a.estimates[key] else { return .null }
    let elastic = key.isElastic || key == .stiffness || key == .initialStiffness
    return quantity(
      e.value / key.scale, key.ucum, u: e.u.map { $0 / key.scale },
      kind: e.uSystematic > 0 ? "propagated" : elastic ? "fit" : "propagated",
      trace: key.rawValue)
  }

  /// The whole entry.
  func value() -> ResultValue {
    var r = ResultObject()
    r["curve"] = .integer(a.number)
    r["sample"] = .text(a.sample)
    r["segments"] = .list(
      a.curve.segments.map {
        .fields(["kind": .text($0.kind), "start": .integer($0.start), "stop": .integer($0.stop)])
      })
    r["quality"] = .fields([
      "verdict": .text(a.verdict.rawValue), "flags": .list(a.flags.map { .text($0) }),
    ])
    r["calibration"] = calibration()
    let k = a.curve.reduced ? 1 : a.curve.springConstant?.value.si
    r["baseline"] = baseline(k)
    r["contact"] = contact()
    r["model"] = (a.model?.rawValue ?? a.contactModel?.rawValue).map { .text($0) } ?? .null
    r["q"] = a.model == nil ? .null : number(a.inputs?.q)
    r["poisson_ratio"] =
      a.contactModel != nil
      ? number(a.contactInputs?.poisson) : a.model == nil ? .null : number(a.inputs?.poisson)
    for key in [
      ForceKey.pretension, .e2d, .e2dFilm, .modulus, .bendingStiffness, .youngModulus,
      .workOfAdhesion,
    ] {
      r[key.rawValue] = estimate(key)
    }
    r["fit"] = a.contactFit == nil ? fit(k) : a.contactFitResult(trace: trace["fit"])
    r["models"] = models()
    for key in [
      ForceKey.initialStiffness, .stiffness, .secantStiffness, .maxForce, .adhesionForce,
      .maxDeflection, .loadingWork, .unloadingWork, .hysteresis,
    ] {
      r[key.rawValue] = estimate(key)
    }
    r["failure"] = failure()
    for key in [
      ForceKey.fractureForce, .fractureDeflection, .toughness, .fractureForcePerThickness,
      .toughnessPerThickness, .linearStrength2D, .linearStrength,
    ] {
      r[key.rawValue] = estimate(key)
    }
    return .object(r)
  }

  private func calibration() -> ResultValue {
    let k = a.curve.reduced ? nil : a.curve.springConstant
    let s = a.curve.invOLS
    return .fields([
      "spring_constant": quantity(
        k?.value.si, "N/m", u: k?.u?.si, kind: "user", trace: "spring_constant", source: k?.source),
      "invols": quantity(
        s.map { Self.inUnit($0.value.si, "nm/V") }, "nm/V",
        u: s?.u.map { Self.inUnit($0.si, "nm/V") }, kind: "user",
        trace: "invols", source: s?.source),
      "contact_slope": quantity(a.contactSlope, "1", trace: "approach"),
      "trigger_ratio": quantity(a.triggerRatio, "1", trace: "approach"),
    ])
  }

  private func baseline(_ k: Double?) -> ResultValue {
    guard let k, !a.curve.reduced, let noise = a.noise else { return .null }
    var offset = a.baseline.map { ($0.value(at: $0.centre), $0.interceptU) }
    var slope = a.baseline.map { ($0.slope, $0.slopeU) }
    if let fit = a.fit {
      offset = (fit.parameters.offset, fit.u(3) ?? .nan)
      slope = (fit.parameters.slope, fit.u(4) ?? .nan)
    }
    if let fit = a.contactFit { offset = (fit.baseline / k, (fit.u(2) ?? .nan) / k) }
    let id = a.fit == nil && a.contactFit == nil ? "baseline" : "fit"
    return .fields([
      "offset": quantity(
        offset.map { $0.0 * k * 1e9 }, "nN", u: offset.map { $0.1 * k * 1e9 }, kind: "fit",
        trace: id),
      // 1 N/m = 1000 nN/um.
      "slope": quantity(
        slope.map { $0.0 * k * 1e3 * a.curve.zSign }, "nN/um", u: slope.map { $0.1 * k * 1e3 },
        kind: "fit", trace: id),
      "noise": quantity(noise * k * 1e9, "nN", trace: "baseline"),
    ])
  }

  private func contact() -> ResultValue {
    let indices = a.candidates.map { Double($0.index) }
    var list = ResultObject()
    for c in a.candidates { list[c.method.rawValue] = .integer(c.index) }
    return .fields([
      "position": quantity(
        a.contact.map { $0 * 1e9 }, "nm", u: a.contactU.map { $0 * 1e9 }, kind: "fit",
        trace: a.fit == nil && a.contactFit == nil ? "approach" : "fit"),
      "index": a.contactIndex.map { .integer($0) } ?? .null,
      "method": .text(a.method.rawValue), "candidates": .object(list),
      "spread": number(standardDeviation(indices)),
    ])
  }

  private func fit(_ k: Double?) -> ResultValue {
    guard let fit = a.fit, let k, let noise = a.noise else { return .null }
    let chi = rootMeanSquare(fit.residuals).map {
      $0 * $0 * Double(fit.residuals.count) / (noise * noise * Double(max(1, fit.degreesOfFreedom)))
    }
    var covariance = ResultValue.null
    if let c = fit.covariance, a.model != nil {
      // In N/m, N/m, nm, nm and 1.
      let units = [1, 1, 1e9, 1e9, 1]
      let names = ["e2d", "pretension", "contact", "offset", "slope"]
      covariance = .fields([
        "keys": .list(names.map { .text($0) }),
        "units": .list(["N/m", "N/m", "nm", "nm", "1"].map { .text($0) }),
        "matrix": .list(
          (0..<5).map { i in .list((0..<5).map { .number(c[i, $0] * units[i] * units[$0]) }) }),
      ])
    }
    return .fields([
      "points": .integer(fit.rows.count),
      "force_limit": quantity(a.limitForce.map { Self.inUnit($0, "nN") }, "nN", trace: "fit"),
      "rms_residual": quantity(fit.rms * k * 1e9, "nN", trace: "fit"),
      "reduced_chi_squared": number(chi), "noise_correlation": number(fit.correlation),
      "covariance": covariance,
      "sufficient_force": quantity(
        a.sufficientForce.map { Self.inUnit($0, "nN") }, "nN", trace: "fit"),
    ])
  }

  private func models() -> ResultValue {
    var r = ResultObject()
    for m in a.models where a.verdict != .rejected {
      var one = ResultObject()
      one["e2d"] = quantity(m.e2d, "N/m", u: m.e2dU, kind: "fit", trace: "fit")
      one["e2d_film"] = quantity(m.e2dFilm, "N/m", u: m.e2dU, kind: "fit", trace: "fit")
      let h = a.inputs?.thickness
      one["modulus"] = quantity(
        m.modulus.map { $0 / 1e9 }, "GPa", u: m.e2dU.flatMap { u in h.map { u / $0 / 1e9 } },
        kind: "fit", trace: "fit")
      one["pretension"] = quantity(
        m.pretension, "N/m", u: m.pretensionU, kind: "fit", trace: "fit")
      one["rms_residual"] = quantity(m.rms * 1e9, "nN", trace: "fit")
      r[m.model.rawValue] = .object(one)
    }
    return .object(r)
  }

  private func failure() -> ResultValue {
    .fields([
      "detected": .flag(a.failure != nil), "rule": .text(options.failureRule.rawValue),
      "percent": .number(options.failurePercent),
      "index": a.failure.map { .integer($0.index) } ?? .null,
      "events": .list(
        a.drops.map { d in
          let scale = a.curve.springConstant != nil || a.curve.reduced ? 1e9 : Double.nan
          return .fields([
            "index": .integer(d.index),
            "force": quantity(d.before * scale, "nN", trace: "force"),
            "deflection": quantity(
              d.index < a.depth.count ? a.depth[d.index] * 1e9 : nil, "nm", trace: "force"),
            "drop": .number(d.by), "remaining": .number(d.to),
          ])
        }),
    ])
  }
}
