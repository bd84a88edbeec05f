internal import Configuration
internal import NumericalMethods
internal import RealModule
internal import Simulation
internal import Tables
internal import Units

/// Reads the axes and the distributions of a sweep.
struct SweepKeys {
  let schema: ConfigSchema
  let files: ConfiguredFiles

  /// The most values of one axis.
  private static let mostValues = SweepConfiguration.mostRows

  /// The axes, in order.
  func axes(_ node: ConfigNode?) throws(ReadFailure) -> [SweptKey] {
    guard let node else { return [] }
    let isAxis = { (node: ConfigNode) in ["values", "from", "to"].contains { node[$0] != nil } }
    var result: [SweptKey] = []
    for (key, entry) in try schema.leaves(of: node, in: "sweep.axes", endsAt: isAxis) {
      result.append(
        SweptKey(
          key: key, unit: try unit(key, entry), course: .axis(try axis(key, entry.value))))
    }
    return result
  }

  /// The unit of a key's numbers; nil for words.
  private func unit(_ key: ConfigKey, _ entry: ConfigNode.Entry) throws(ReadFailure)
    -> PhysicalUnit?
  {
    switch key.variation {
    case .quantity(let unit)?: return unit
    case .integer?: return .one
    case .word?: return nil
    case nil:
      throw ReadFailure(
        "sweep.axis", at: entry.place, found: "`\(key.path)` holds no single value",
        expected: "a quantity, a number or a word")
    }
  }

  private func axis(_ key: ConfigKey, _ node: ConfigNode) throws(ReadFailure) -> [ConfigScalar] {
    let shape = "{values: [...]}, or {from, to, count} with spacing: linear or log"
    if let list = node.elements { return try values(key, list, at: node.place) }
    guard let entries = node.entries else {
      throw ReadFailure(
        "sweep.axis", at: node.place, found: "\(key.path): '\(node.text ?? "")'", expected: shape)
    }
    let known = ["values", "from", "to", "count", "spacing"]
    for entry in entries where !known.contains(entry.key) {
      throw ReadFailure(
        "config.unknown-key", at: entry.place, found: "unknown key '\(key.path).\(entry.key)'",
        expected: "known here: \(known.joined(separator: ", "))")
    }
    if let values = node["values"] {
      guard let list = values.elements, entries.count == 1 else {
        throw ReadFailure(
          "sweep.axis", at: values.place, found: "\(key.path): values that are no list, or more",
          expected: shape)
      }
      return try self.values(key, list, at: values.place)
    }
    guard let from = node["from"], let to = node["to"], let count = node["count"] else {
      throw ReadFailure(
        "sweep.axis", at: node.place, found: "\(key.path): not all of from, to and count",
        expected: shape)
    }
    return try span(
      key, from: try number(key, from), to: try number(key, to),
      count: try Self.count(count, "\(key.path).count"), spacing: node["spacing"], at: node.place)
  }

  private func values(
    _ key: ConfigKey, _ list: [ConfigNode], at place: Place
  ) throws(ReadFailure) -> [ConfigScalar] {
    guard !list.isEmpty else {
      throw ReadFailure(
        "sweep.axis", at: place, found: "\(key.path): no values", expected: "one value or more")
    }
    var result: [ConfigScalar] = []
    for node in list {
      let value = try schema.checked(key, node)
      if case .number(_, let u?) = value, u > 0 {
        throw ReadFailure(
          "sweep.axis", at: node.place, found: "\(key.path): a value with an uncertainty",
          expected: "a plain value; a spread goes under `sample:`")
      }
      guard !result.contains(value) else {
        throw ReadFailure(
          "sweep.axis", at: node.place, found: "\(key.path): '\(node.text ?? "")' a second time",
          expected: "each value once")
      }
      result.append(value)
    }
    return result
  }

  private func span(
    _ key: ConfigKey, from: Double, to: Double, count: Int, spacing: ConfigNode?, at place: Place
  ) throws(ReadFailure) -> [ConfigScalar] {
    let word = spacing?.text ?? "linear"
    guard word == "linear" || word == "log" else {
      throw ReadFailure(
        "sweep.axis", at: spacing?.place ?? place, found: "\(key.path): spacing '\(word)'",
        expected: "linear or log")
    }
    if word == "log", !(from * to > 0) {
      throw ReadFailure(
        "sweep.axis", at: spacing?.place ?? place,
        found: "\(key.path): spacing: log from \(from) to \(to)", expected: "two values above 0")
    }
    guard from != to, count > 1 else {
      throw ReadFailure(
        "sweep.axis", at: place, found: "\(key.path): from \(from) to \(to) in \(count)",
        expected: "two different ends and a count of 2 or more; or {values: [...]}")
    }
    var result: [ConfigScalar] = []
    for i in 0..<count {
      let part = Double(i) / Double(count - 1)
      var value = from + part * (to - from)
      if word == "log" { value = from * Double.pow(to / from, part) }
      if i == 0 { value = from }
      if i == count - 1 { value = to }
      if case .integer? = key.variation, value != value.rounded() {
        throw ReadFailure(
          "sweep.axis", at: place, found: "\(key.path): \(value) on the way",
          expected: "whole numbers only")
      }
      result.append(.number(value, u: nil))
    }
    return result
  }

  /// A number in the unit of the key.
  private func number(_ key: ConfigKey, _ node: ConfigNode) throws(ReadFailure) -> Double {
    guard case .number(let value, _) = try schema.checked(key, node) else {
      throw ReadFailure(
        "sweep.axis", at: node.place, found: "\(key.path): '\(node.text ?? "")' is a word",
        expected: "a quantity; words go under `values:`")
    }
    return value
  }

  /// A count of 1 to a million.
  static func count(_ node: ConfigNode, _ path: String) throws(ReadFailure) -> Int {
    guard let text = node.text, let count = Int(text), count >= 1, count <= mostValues else {
      throw ReadFailure(
        "sweep.count", at: node.place, found: "\(path): '\(node.text ?? "")'",
        expected: "a whole number from 1 to \(mostValues)")
    }
    return count
  }

  /// The sampled keys with the design; nil where nothing is sampled.
  func sample(
    _ node: ConfigNode?
  ) throws(ReadFailure) -> (keys: [SweptKey], sampling: Sampling)? {
    guard let node, !node.isEmpty else { return nil }
    var sampling = Sampling(method: .latinHypercube, count: 0, seed: 1)
    var rest: [ConfigNode.Entry] = []
    for entry in node.entries ?? [] {
      switch entry.key {
      case "method":
        guard let method = Sampling.Method(rawValue: entry.value.text ?? "") else {
          throw ReadFailure(
            "sweep.method", at: entry.value.place, found: "method '\(entry.value.text ?? "")'",
            expected: Sampling.Method.allCases.map(\.rawValue).joined(separator: " or "))
        }
        sampling.method = method
      case "count": sampling.count = try Self.count(entry.value, "sample.count")
      case "seed":
        guard let seed = entry.value.text.flatMap({ UInt64($0) }) else {
          throw ReadFailure(
            "sweep.seed", at: entry.value.place, found: "seed '\(entry.value.text ?? "")'",
            expected: "a whole number from 0")
        }
        sampling.seed = seed
      default: rest.append(entry)
      }
    }
    guard sampling.count > 0 else {
      throw ReadFailure(
        "sweep.count", at: node.place, found: "`sample:` without a count",
        expected: "count: 256, the number of draws")
    }
    let words = ["normal", "lognormal", "uniform", "from"]
    let isSpread = { (node: ConfigNode) in words.contains { node[$0] != nil } }
    var keys: [SweptKey] = []
    let leaves = try schema.leaves(
      of: ConfigNode(.mapping(rest), at: node.place), in: "sweep.sample", endsAt: isSpread)
    for (key, entry) in leaves {
      guard case .quantity(let unit)? = key.variation else {
        throw ReadFailure(
          "sweep.distribution", at: entry.place, found: "`\(key.path)` is no quantity",
          expected: "a key that holds a quantity; others go under `axes:`")
      }
      let spread = try distribution(key, unit, entry)
      keys.append(SweptKey(key: key, unit: unit, course: .sampled(spread)))
    }
    guard !keys.isEmpty else {
      throw ReadFailure(
        "sweep.distribution", at: node.place, found: "`sample:` without a key",
        expected: "a key with a distribution, such as film.modulus")
    }
    return (keys, sampling)
  }
}
