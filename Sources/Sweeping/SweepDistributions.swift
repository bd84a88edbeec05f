internal import Configuration
internal import Tables
internal import Units

extension SweepKeys {
  /// The distribution that stands behind a key of `sample:`.
  func distribution(
    _ key: ConfigKey, _ unit: PhysicalUnit, _ entry: ConfigNode.Entry
  ) throws(ReadFailure) -> Distribution {
    let node = entry.value
    let shape =
      "{normal: {mean, sd}}, {lognormal: {mean, cv}}, {uniform: {low, high}}, "
      + "{from: FILE#KEY} or {from: cases}"
    if node["from"]?.text == "cases", node.entries?.count == 1 { return .ownOfCases }
    if node["from"] != nil { return .measured(try reference(key, node)) }
    guard let entries = node.entries, entries.count == 1, let only = entries.first,
      let fields = Self.fields[only.key]
    else {
      throw ReadFailure(
        "sweep.distribution", at: entry.place,
        found: "\(key.path): \(node.text.map { "'\($0)'" } ?? "no one distribution")",
        expected: shape)
    }
    var numbers: [Double] = []
    for field in fields {
      guard let value = only.value[field] else {
        throw ReadFailure(
          "sweep.distribution", at: only.place, found: "\(key.path): \(only.key) without \(field)",
          expected: shape)
      }
      let isRatio = field == "cv"
      let number = try self.number(
        value, isRatio ? .one : unit, "\(key.path).\(field)", key,
        isDifference: field == "sd")
      numbers.append(number)
    }
    for extra in only.value.entries ?? [] where !fields.contains(extra.key) {
      throw ReadFailure(
        "config.unknown-key", at: extra.place, found: "unknown key '\(key.path).\(extra.key)'",
        expected: "known here: \(fields.joined(separator: ", "))")
    }
    let (a, b) = (numbers[0], numbers[1])
    func require(_ holds: Bool, _ expected: String) throws(ReadFailure) {
      if holds { return }
      throw ReadFailure(
        "sweep.distribution", at: only.place,
        found: "\(key.path): \(only.key) with \(fields[0]) \(a) and \(fields[1]) \(b)",
        expected: expected)
    }
    switch only.key {
    case "normal":
      try require(b > 0, "an sd above 0")
      return .normal(mean: a, sd: b)
    case "lognormal":
      try require(a != 0 && b > 0 && b <= 10, "a mean other than 0 and a cv from 0 to 10")
      return .lognormal(mean: a, cv: b)
    default:
      try require(a < b, "low below high")
      return .uniform(low: a, high: b)
    }
  }

  private static let fields: [String: [String]] = [
    "normal": ["mean", "sd"], "lognormal": ["mean", "cv"], "uniform": ["low", "high"],
  ]

  private func number(
    _ node: ConfigNode, _ unit: PhysicalUnit, _ path: String, _ key: ConfigKey, isDifference: Bool
  ) throws(ReadFailure) -> Double {
    let expected =
      unit.ucum == "1" ? "a pure number" : "a quantity with its unit, such as 5 \(unit.ucum)"
    guard let text = node.text, !text.isEmpty else {
      throw ReadFailure(
        "config.type", at: node.place, found: "\(path): no value", expected: expected)
    }
    do throws(UnitError) {
      let quantity = try QuantityText.parse(text, dimension: unit.dimension)
      if isDifference { return try quantity.unit.convertDifference(quantity.number, to: unit) }
      let number = try quantity.value(in: unit)
      guard number.isFinite else { throw .outOfRange(text: text) }
      return number
    } catch {
      let code: String
      switch error {
      case .noUnit, .unknown: code = "config.unit"
      case .mismatch, .unexpected, .arbitrary: code = "config.dimension"
      default: code = "config.number"
      }
      throw ReadFailure(code, at: node.place, found: "\(path): \(error.found)", expected: expected)
    }
  }

  /// `{from: results.json#KEY, substrate: 340 ± 30 N/m}`.
  private func reference(
    _ key: ConfigKey, _ node: ConfigNode
  ) throws(ReadFailure) -> ConfigReference {
    // The key's own reader knows references and what may stand beside them.
    var values = try schema.read("").base
    try values.replace(key.path, with: node, source: "config")
    guard let reference = values.reference(key.path) else {
      throw ReadFailure(
        "sweep.distribution", at: node.place, found: "\(key.path): no reference",
        expected: "{from: FILE#KEY}")
    }
    return reference
  }
}
