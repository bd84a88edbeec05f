internal import Bytes
internal import ForceMicroscopy
internal import FormatRegistry
internal import Reading
internal import Tables
internal import Units

extension ForceAnalysisOptions {
  private static let metrePerVolt = PhysicalUnit(
    ucum: "m/V", dimension: OpticalLeverSensitivity.dimension, scale: 1)

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
    if let invOLS {
      list["invols"] = .quantity(
        MeasuredValue(invOLS.value.si, Self.metrePerVolt, u: invOLS.u?.si, source: invOLS.source))
    }
    if let sample { list["sample"] = .text(sample) }
    switch groupBy {
    case .folder: break
    case .file: list["group_by"] = .text("file")
    case .note(let key): list["group_by"] = .text("note:\(key)")
    }
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

extension InputReader {
  /// What the user says about how files are read, for the journal: results depend on all of it.
  var resolved: ResultObject {
    var list = ResultObject()
    list["format"] = format.map { .text($0) } ?? .null
    list["salvage"] = .flag(options.salvage)
    list["max_expand"] = .integer(options.limits.expansion.memberBytes)
    var units = ResultObject()
    for column in options.units.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
      units[column] = .text(options.units[column] ?? "")
    }
    list["units"] = .object(units)
    var recipes = ResultObject()
    for format in options.addedFormats {
      recipes[format.id] = format.recipe.map { .text($0.sha256) }
    }
    list["recipes"] = .object(recipes)
    list["time_zone"] = options.timeZone.map { .text($0.name) } ?? .null
    list["said"] = options.said.resolved
    list["said_of"] = .list(
      options.saidByPattern.map {
        .fields(["files": .text($0.pattern), "said": $0.said.resolved])
      })
    return list
  }
}

extension InputStatements {
  /// Every statement with where it was said.
  fileprivate var resolved: ResultValue {
    let all = units + settings + [timeZone, join].compactMap { $0 }
    return .list(
      all.map {
        .fields(["key": .text($0.key), "text": .text($0.text), "source": .text($0.source)])
      })
  }
}
