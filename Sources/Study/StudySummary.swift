internal import ForceMicroscopy
internal import Plating
internal import Simulation
internal import Tables
internal import Units

extension Study {
  /// Fills `summary`, the assumptions and the warnings of the study as a whole.
  func writeSummary(_ run: inout StudyRun, force: ForceAnalysisOptions) {
    run.assumptions = assumptions(run, force)
    for sample in run.samples where sample.handover != nil {
      if let h = sample.thickness?.value, h.value(in: .nanometre) < 3, !force.noSubstrate {
        run.diagnostics.append(
          Diagnostic(
            .warning, "study.thin-film",
            found: "the film of \(sample.name) is \(h.value(in: .nanometre)) nm thick",
            expected: "below 3 nm on a sheet the mechanics is the sheet's"))
      }
    }
    var summary = ResultObject()
    summary["samples"] = .list(run.samples.map { element($0, run) })
    summary["handover"] = run.force?.summary["handover"] ?? .list([])
    summary["plate"] = run.plating?.summary
    summary["assumptions"] = .list(
      run.assumptions.map {
        .fields([
          "key": .text($0.key), "value": .text($0.value), "source": .text($0.source),
          "used_by": .list($0.usedBy.map { .text($0) }),
        ])
      })
    summary["comparisons"] = .list([])
    run.summary = summary
  }

  /// The element of `summary.samples[]`.
  private func element(_ sample: StudySample, _ run: StudyRun) -> ResultValue {
    var fields = ResultObject()
    fields["sample"] = .text(sample.name)
    fields["substrate"] = sample.film?.substrate.map { .text($0) } ?? .null
    if let film = sample.film, film.repeats > 0 {
      fields["unit"] = .fields([
        "ald": .integer(film.ald), "mld": .integer(film.mld), "repeats": .integer(film.repeats),
      ])
      fields["kind"] = film.kind.map { .text($0.rawValue) } ?? .null
    } else {
      fields["unit"] = .null
      fields["kind"] = .null
    }
    if let thickness = sample.thickness {
      fields["thickness"] = .quantity(
        MeasuredValue(
          thickness.value.value(in: .nanometre), UnitOf<Length>.nanometre.unit,
          u: thickness.u?.value(in: .nanometre),
          trace: sample.handover?["thickness"]?.quantity?.trace, source: thickness.source))
    } else {
      fields["thickness"] = .null
    }
    var files = ResultObject()
    for technique in Technique.allCases {
      if let n = sample.files[technique] { files[technique.rawValue] = .integer(n) }
    }
    fields["files"] = .object(files)
    if let record = sample.handover { addMechanics(record, sample, to: &fields) }
    run.addLogs(of: sample.name, to: &fields)
    run.addBackscattering(of: sample.name, to: &fields)
    if !sample.plateCases.isEmpty { fields["plate"] = .list(sample.plateCases) }
    return .object(fields)
  }

  private func addMechanics(
    _ record: ResultValue, _ sample: StudySample, to fields: inout ResultObject
  ) {
    fields["modulus"] = record["modulus"] ?? .null
    if let refusal = sample.refusal { fields["modulus_refused"] = .text(refusal) }
    let statistics = sample.statistics?["statistics"]
    if let modulus = statistics?["modulus"] {
      var spread = ResultObject()
      for key in ["n", "mean", "sd", "se"] { spread[key] = modulus[key] }
      fields["modulus_spread"] = .object(spread)
    }
    for key in ["fracture_force", "toughness"] { fields[key] = record[key] ?? .null }
    for (key, source) in [
      ("fracture_force_per_thickness", "fracture_force"), ("toughness_per_thickness", "toughness"),
    ] {
      fields[key] =
        perThickness(record[source]?.quantity, sample.thickness, key: key).map { .quantity($0) }
        ?? .null
    }
  }

  /// A quantity over the film thickness in nm, both uncertainties in quadrature.
  private func perThickness(
    _ quantity: MeasuredValue?, _ thickness: Measured<Length>?, key: String
  ) -> MeasuredValue? {
    guard let quantity, let value = quantity.value, let h = thickness?.value.value(in: .nanometre),
      h > 0, let unit = try? PhysicalUnit(ucum: quantity.unit.ucum + "/nm")
    else { return nil }
    var u: Double?
    if let own = quantity.u {
      let a = own / h
      let b = value / (h * h) * (thickness?.u?.value(in: .nanometre) ?? 0)
      u = (a * a + b * b).squareRoot()
    }
    return MeasuredValue(
      value / h, unit, u: u, uKind: u == nil ? nil : "propagated", trace: quantity.trace)
  }

  private func assumptions(_ run: StudyRun, _ force: ForceAnalysisOptions) -> [Assumption] {
    var list: [Assumption] = []
    let grown = run.samples.filter { $0.thickness?.source == "growth" }
    if !grown.isEmpty {
      let g = settings.growthPerPair
      let u = g.u.map { " ± \($0.value(in: .nanometre))" } ?? ""
      list.append(
        Assumption(
          key: "growth_per_pair",
          value: "\(g.value.value(in: .nanometre))\(u) nm per ALD and MLD pair", source: g.source,
          usedBy: grown.map { "thickness of \($0.name)" }))
    }
    let measured = run.samples.filter { $0.handover != nil }
    if !measured.isEmpty {
      let curves = measured.map { "moduli of \($0.name)" }
      if force.poissonRatio == nil {
        list.append(
          Assumption(key: "poisson_ratio", value: "0.2", source: "default", usedBy: curves))
      }
      if force.substrateE2D != nil {
        list.append(
          Assumption(
            key: "substrate_bonding",
            value: "film and sheet perfectly bonded, with one Poisson ratio",
            source: "model", usedBy: curves))
      }
    }
    if run.plating != nil {
      let plated = run.samples.filter { !$0.plateCases.isEmpty }.map { "plating under \($0.name)" }
      list.append(
        Assumption(
          key: "plating_parameters",
          value: "what is not measured is a default; the table of parameters names each source",
          source: "default", usedBy: plated))
      list.append(
        Assumption(
          key: "film_reference", value: "the stress-free film is flat", source: "model",
          usedBy: plated))
    }
    return list
  }
}
