internal import Tables
internal import Units

/// The tree of results of one spectrum, in the units of the contract.
struct XASResult {
  let a: SpectrumAnalysis
  let options: XASOptions

  private func quantity(
    _ key: String, _ value: Double?, _ unit: String, u: Double? = nil
  ) -> ResultValue {
    guard let value, value.isFinite else { return .null }
    return .quantity(XASUnit.quantity(value, unit, u: u, trace: a.steps[key]))
  }

  private func text(_ value: String?) -> ResultValue { value.map { .text($0) } ?? .null }

  private func number(_ value: Double?) -> ResultValue {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .null
  }

  /// The keys of the contract, in its order.
  func value() -> ResultValue {
    var o = ResultObject()
    o.reserve(40)
    o.add("name", .text(a.name))
    o.add("mode", .text(a.source.signal.mode.rawValue))
    o.add("mu_expression", .text(a.source.signal.expression.text))
    o.add("energy_column", .text(a.source.energyLabel))
    o.add(
      "candidates",
      .list(
        a.source.others.prefix(20).map {
          .fields(["mode": .text($0.mode.rawValue), "mu_expression": .text($0.expression.text)])
        }))
    o.add("element", text(a.element))
    o.add("edge", text(a.edge))
    o.add("element_source", text(a.elementSource))
    o.add("points", .integer(a.source.energy.count))
    o.add("points_used", .integer(a.scan.count))
    o.add("non_finite", .integer(a.scan.nonFinite))
    o.add("backward_steps", .integer(a.scan.backwardSteps))
    o.add("repeated_energies", .integer(a.scan.repeatedEnergies))
    o.add("energy_first", quantity("points", a.scan.energy.first, "eV"))
    o.add("energy_last", quantity("points", a.scan.energy.last, "eV"))
    o.add("energy_step", quantity("points", a.energyStep, "eV"))
    o.add("convention", .text(a.convention.rawValue))
    o.add("normalise", .text(a.scaling.rawValue))
    o.add("e0", quantity("e0", a.e0, "eV", u: a.e0U))
    o.add("e0_grid", quantity("e0_grid", a.gridEdge, "eV"))
    o.add("edge_step", quantity("edge_step", a.curves?.edgeStep, "1", u: a.stepU))
    o.add("edge_step_sensitivity", quantity("edge_step", a.stepSensitivity, "1"))
    o.add("noise", quantity("noise", a.noise, "1"))
    o.add("pre_edge", a.curves.map { line("pre_edge", $0.preEdge, $0.preEdge.degree) } ?? .null)
    o.add(
      "post_edge", a.curves.map { line("post_edge", $0.postCurve, $0.postEdge.degree) } ?? .null)
    o.add("norm_mean", quantity("norm", a.normMean, "1"))
    o.add("flat_mean", quantity("norm", a.flatMean, "1"))
    o.add("peak", peak())
    o.add("calibration", calibration())
    o.add("shift", shift())
    o.add("fit", fit())
    o.add("lcf", mixture())
    o.add(
      "mback",
      a.mback.map { match in
        .fields([
          "scale": quantity("norm", match.scale, "1"),
          "edge_step": quantity("norm", match.edgeStep, "1"),
        ])
      } ?? .null)
    if options.arrays { o.add("arrays", arrays()) }
    return .object(o)
  }

  private func line(_ key: String, _ line: EdgeLine, _ degree: Int) -> ResultValue {
    .fields([
      "from": quantity(key, line.from, "eV"), "to": quantity(key, line.to, "eV"),
      "points": .integer(line.points.count), "degree": .integer(degree),
      "victoreen": .integer(line.victoreen),
      "coefficients": .list(line.coefficients.map { number($0) }),
    ])
  }

  private func window(_ range: ClosedRange<Double>) -> ResultValue {
    .list([.number(range.lowerBound), .number(range.upperBound)])
  }

  private func peak() -> ResultValue {
    guard let peak = a.peak else { return .null }
    var o = ResultObject()
    o.add("window", window(peak.window))
    let order: [WhiteLine.Estimator] = [
      .argmax, .height, .parabola, .quadratic, .centroid80, .width80, .centroid90, .width90,
      .halfRise, .fwhm, .area,
    ]
    for estimator in order {
      let found = peak.estimates[estimator]
      o[estimator.rawValue] = quantity(
        "peak", found?.value, estimator == .height ? "1" : "eV", u: found?.u)
    }
    let best = peak.estimates[peak.best]
    o.add("best", .text(peak.best.rawValue))
    o.add("position", quantity("peak", best?.value, "eV", u: best?.u))
    o.add("multi_peak", .flag(peak.isMultiple))
    if let (hint, distance) = a.aluminiumHint {
      o.add(
        "hint",
        .fields([
          "class": .text(hint.rawValue), "distance": quantity("peak", distance, "eV"),
          "calibration": .text(a.calibration.method.rawValue),
        ]))
    }
    return .object(o)
  }

  private func calibration() -> ResultValue {
    let c = a.calibration
    var o = ResultObject()
    o.add("method", .text(c.method.rawValue))
    o.add("shift", quantity("calibration", c.shift, "eV"))
    o.add("reference", text(c.reference))
    o.add("reference_energy", quantity("calibration", c.referenceEnergy, "eV"))
    if let edge = c.edge {
      var table = ResultObject()
      table["value"] = .quantity(XASUnit.quantity(edge.energy, "eV", source: edge.source))
      table["element"] = .text(edge.symbol)
      table["edge"] = .text(edge.edge)
      table["source"] = .text(edge.source)
      o.add("edge_table", .object(table))
    } else {
      o.add("edge_table", .null)
    }
    o.add(
      "reference_channel_e0",
      quantity(
        "reference_channel_e0", c.channel?.value, "eV", u: c.channel?.u))
    return .object(o)
  }

  private func shift() -> ResultValue {
    guard let shift = a.shift else { return .null }
    var o = ResultObject()
    o.add("value", quantity("shift", shift.shift, "eV", u: shift.u))
    o.add("reference", text(a.shiftReference))
    o.add("window", window(shift.window))
    o.add("scale", number(shift.scale))
    o.add("offset", number(shift.offset))
    o.add("reduced_chi_square", number(shift.reducedChiSquare))
    o.add("detectable", quantity("shift", shift.detectable, "eV"))
    o.add(
      "e0_difference",
      quantity(
        "e0_difference", a.e0Difference?.value, "eV", u: a.e0Difference?.u))
    o.add(
      "peak_difference",
      quantity(
        "peak_difference", a.peakDifference?.value, "eV", u: a.peakDifference?.u))
    return .object(o)
  }

  private func parameter(
    _ parameter: EdgeFit.Parameter, _ unit: String
  ) -> ResultValue {
    guard parameter.isFixed else {
      return quantity("fit", parameter.value, unit, u: parameter.u)
    }
    var o = ResultObject()
    o["value"] = number(parameter.value)
    o["unit"] = .text(unit)
    o["fixed"] = .flag(true)
    return .object(o)
  }

  private func fit() -> ResultValue {
    guard let fit = a.fit else { return .null }
    var o = ResultObject()
    // As asked for; what `auto` found, or the starts that were left open, stand in the trace.
    o["model"] = .text(options.fit.flatMap { $0 == "auto" ? nil : $0 } ?? fit.model.text)
    o["array"] = .text(options.fitArray.rawValue)
    o["window"] = window(fit.window)
    o["step"] =
      fit.step.map { step in
        .fields([
          "shape": .text(step.shape.rawValue), "center": parameter(step.center, "eV"),
          "width": parameter(step.width, "eV"), "height": parameter(step.height, "1"),
        ])
      } ?? .null
    o["peaks"] = .list(
      fit.peaks.map { peak in
        var fields = ResultObject()
        fields["shape"] = .text(peak.shape.rawValue)
        fields["center"] = parameter(peak.center, "eV")
        fields["fwhm"] = parameter(peak.fwhm, "eV")
        fields["area"] = parameter(peak.area, "eV")
        fields["height"] = parameter(peak.height, "1")
        fields["fraction"] = peak.fraction.map { parameter($0, "1") } ?? .null
        return .object(fields)
      })
    o["chi_square"] = number(fit.chiSquare)
    o["reduced_chi_square"] = number(fit.reducedChiSquare)
    o["bic"] = number(fit.bic)
    o["points"] = .integer(fit.points)
    o["free_parameters"] = .integer(fit.freeParameters)
    o["determined"] = .flag(fit.isSound)
    return .object(o)
  }

  private func mixture() -> ResultValue {
    guard let mixture = a.mixture else { return .null }
    var o = ResultObject()
    o["standards"] = .list(
      mixture.parts.map {
        .fields([
          "name": .text($0.name), "weight": quantity("lcf", $0.weight, "1", u: $0.u),
        ])
      })
    o["sum"] = quantity("lcf", mixture.sum, "1", u: mixture.sumU)
    o["r_factor"] = number(mixture.rFactor)
    o["window"] = window(mixture.window)
    o["points"] = .integer(mixture.energy.count)
    return .object(o)
  }

  private func arrays() -> ResultValue {
    func list(_ values: [Double]) -> ResultValue { .list(values.map { number($0) }) }
    guard let curves = a.curves else {
      return .fields([
        "energy": list(a.energy), "mu": list(a.scan.mu), "pre_edge": .null, "post_edge": .null,
        "norm": a.norm.isEmpty ? .null : list(a.norm), "flat": .null,
      ])
    }
    return .fields([
      "energy": list(curves.scan.energy), "mu": list(curves.scan.mu), "pre_edge": list(curves.pre),
      "post_edge": list(curves.post), "norm": list(a.norm), "flat": list(a.flat),
    ])
  }
}

extension NormalisedSpectrum {
  /// The post-edge curve itself in powers of E − e0, in the scale of the absorption.
  var postCurve: EdgeLine { postHoldsPre ? postEdge : postEdge.adding(preEdge) }
}
