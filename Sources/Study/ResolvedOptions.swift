internal import ForceMicroscopy
internal import Tables
internal import Units

extension ForceAnalysisOptions {
  /// Every option with its value, defaults included, for the provenance.
  var resolvedOptions: ResultObject {
    var list = ResultObject()
    func quantity<D>(_ key: String, _ measured: Measured<D>?, _ unit: UnitOf<D>) {
      list[key] =
        measured.map {
          .quantity(
            MeasuredValue(
              $0.value.value(in: unit), unit.unit, u: $0.u?.value(in: unit), source: $0.source))
        } ?? .null
    }
    quantity("spring_constant", springConstant, .newtonPerMetre)
    quantity("hole_radius", holeRadius, .nanometre)
    quantity("tip_radius", tipRadius, .nanometre)
    quantity("half_angle", halfAngle, .degree)
    quantity("poisson", poissonRatio, .one)
    quantity("thickness", thickness, .nanometre)
    quantity("substrate_e2d", substrateE2D, .newtonPerMetre)
    list["no_substrate"] = .flag(noSubstrate)
    list["model"] = .text(contactModel?.rawValue ?? model.rawValue)
    quantity("elastic_limit", elasticLimit.map { Measured($0) }, .nanonewton)
    list["failure_rule"] = .text(failureRule.rawValue)
    list["failure_percent"] = .number(failurePercent)
    list["contact_method"] = .text(contactMethod.rawValue)
    list["include_suspect"] = .flag(includeSuspect)
    if joint { list["joint"] = .flag(joint) }
    if !bySample.isEmpty {
      var samples = ResultObject()
      for name in bySample.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        var settings = ResultObject()
        for setting in bySample[name] ?? [] { settings[setting.name] = .text(setting.text) }
        samples[name] = .object(settings)
      }
      list["samples"] = .object(samples)
    }
    return list
  }
}
