internal import Bytes
package import Configuration
package import Simulation
package import Tables
package import Units

/// What the records of a sweep mean: enough to make every output from them without the configuration.
///
/// A shard carries its plan in the first line of its file; that is how `merge` knows what it merges.
package struct SweepPlan: Sendable {
  /// A key that varies.
  package struct Varied: Sendable {
    package var key: String
    /// Nil for words.
    package var unit: PhysicalUnit?
    /// The values of an axis; nil for a sampled key.
    package var values: [ConfigScalar]?
    /// The distribution in words; nil for an axis.
    package var distribution: String?
  }

  /// The configuration's path, as given; no part of what marks the plan.
  package var file: String
  /// The plan as a tree.
  package let tree: ResultValue

  package let version: String
  package let command: String
  package let cases: [String]
  package let varied: [Varied]
  package let sampling: Sampling?
  package let outputs: [ModelOutput]
  package let orderings: [Ordering]
  package let control: Int?
  package let points: Int
  package let parameters: ResultValue
  package let diagnostics: [Diagnostic]
  /// The configuration, then the base and the files with measured values.
  package let inputs: [InputIdentity]

  /// The axes among the varied keys, by position.
  package var axes: [Int] { varied.indices.filter { varied[$0].values != nil } }

  /// The sampled keys, by position.
  package var sampled: [Int] { varied.indices.filter { varied[$0].values == nil } }

  /// The draws at each combination of the axes' values.
  package var draws: Int { sampling?.count ?? 1 }

  /// The tree of a configuration's plan.
  package static func tree(_ configuration: SweepConfiguration, version: String) -> ResultValue {
    func identity(_ input: InputIdentity) -> ResultValue {
      .fields([
        "file": .text(input.path), "bytes": .integer(input.bytes), "sha256": .text(input.sha256),
      ])
    }
    func scalar(_ value: ConfigScalar) -> ResultValue {
      switch value {
      case .number(let number, _): .number(number)
      case .word(let word): .text(word)
      }
    }
    var tree = ResultObject()
    tree["version"] = .text(version)
    tree["command"] = .text(configuration.command.rawValue)
    tree["points"] = .integer(configuration.points)
    tree["cases"] = .list(configuration.labels.map(ResultValue.text))
    tree["varied"] = .list(
      configuration.varied.map { item in
        var fields = ResultObject()
        fields["key"] = .text(item.key.path)
        fields["unit"] = item.unit.map { .text($0.ucum) }
        switch item.course {
        case .axis(let values): fields["values"] = .list(values.map(scalar))
        case .sampled(let distribution):
          fields["distribution"] = .text(distribution.description(unit: item.unit))
        }
        return .object(fields)
      })
    if let sampling = configuration.sampling {
      tree["sample"] = .fields([
        "method": .text(sampling.method.rawValue), "count": .integer(sampling.count),
        "seed": .text("\(sampling.seed)"),
      ])
    }
    tree["outputs"] = .list(
      configuration.outputs.map {
        .fields([
          "key": .text($0.key), "unit": .text($0.unit.ucum), "kind": .text($0.kind.rawValue),
        ])
      })
    tree["orderings"] = .list(configuration.orderings.map { .text($0.expression) })
    tree["control"] = configuration.control.map(ResultValue.integer)
    if let wave = configuration.wave {
      tree["wave"] = .fields([
        "wavelength": .quantity(MeasuredValue(wave.wavelength * 1e9, .nanometre)),
        "conductivity": .quantity(MeasuredValue(wave.conductivity, .siemensPerMetre)),
      ])
    }
    // The cases whole, so that another setting anywhere is another plan.
    tree["settings"] = .list(configuration.cases.map(settings))
    tree["parameters"] = .object(configuration.parameters)
    tree["inputs"] = .list(
      [identity(configuration.input)] + configuration.otherInputs.map(identity))
    tree["diagnostics"] = .list(
      configuration.diagnostics.map {
        .list([
          .text($0.severity.rawValue), .text($0.code), .text($0.place.description), .text($0.found),
          .text($0.expected),
        ])
      })
    return .object(tree)
  }

  /// What a case sets beside the defaults.
  private static func settings(_ values: ConfigValues) -> ResultValue {
    var fields = ResultObject()
    for key in values.schema.keys.map(\.path) where values.isGiven(key) {
      fields[key] = .text(values.writtenText(key) ?? "")
    }
    return .object(fields)
  }

  /// The plan of a tree, as JSON gives it back; nil where something is missing.
  package init?(_ tree: ResultValue, file: String) {
    guard let version = tree["version"]?.text, let command = tree["command"]?.text,
      case .integer(let points)? = tree["points"], points >= 1,
      points <= SweepConfiguration.mostRows,
      let cases = Self.texts(tree["cases"]), !cases.isEmpty,
      case .list(let varied)? = tree["varied"], case .list(let outputs)? = tree["outputs"],
      let orderings = Self.texts(tree["orderings"]), case .list(let inputs)? = tree["inputs"],
      case .list(let notes)? = tree["diagnostics"], let parameters = tree["parameters"]
    else { return nil }
    self.file = file
    self.tree = tree
    self.version = version
    self.command = command
    self.points = points
    self.cases = cases
    self.parameters = parameters.recognisingQuantities { try? PhysicalUnit(ucum: $0) }
    var keys: [Varied] = []
    for item in varied {
      guard let key = item["key"]?.text else { return nil }
      let unit = item["unit"]?.text.flatMap { try? PhysicalUnit(ucum: $0) }
      var values: [ConfigScalar]?
      if case .list(let list)? = item["values"] {
        values = list.compactMap { value in
          value.text.map { .word($0) } ?? value.finiteNumber.map { .number($0, u: nil) }
        }
        guard values?.count == list.count, !list.isEmpty else { return nil }
      }
      keys.append(
        Varied(key: key, unit: unit, values: values, distribution: item["distribution"]?.text))
    }
    self.varied = keys
    var sampling: Sampling?
    if let sample = tree["sample"] {
      guard let method = sample["method"]?.text.flatMap(Sampling.Method.init(rawValue:)),
        case .integer(let count)? = sample["count"], count >= 1,
        let seed = sample["seed"]?.text.flatMap({ UInt64($0) })
      else { return nil }
      sampling = Sampling(method: method, count: count, seed: seed)
    }
    self.sampling = sampling
    var columns: [ModelOutput] = []
    for item in outputs {
      guard let key = item["key"]?.text, let text = item["unit"]?.text,
        let unit = try? PhysicalUnit(ucum: text),
        let kind = item["kind"]?.text.flatMap(ModelOutput.Kind.init(rawValue:))
      else { return nil }
      columns.append(ModelOutput(key, unit, kind))
    }
    self.outputs = columns
    self.orderings = orderings.compactMap {
      try? Ordering($0, outputs: columns.map(\.key), labels: cases, at: .whole)
    }
    if case .integer(let every)? = tree["control"] { control = every } else { control = nil }
    diagnostics = notes.compactMap { note in
      guard let severity = note[0]?.text.flatMap(Diagnostic.Severity.init(rawValue:)),
        let code = note[1]?.text, let place = note[2]?.text, let found = note[3]?.text,
        let expected = note[4]?.text
      else { return nil }
      return Diagnostic(
        severity, code, found: place == "-" ? found : "\(place): \(found)", expected: expected)
    }
    self.inputs = inputs.compactMap { input in
      guard let path = input["file"]?.text, case .integer(let bytes)? = input["bytes"],
        let hash = input["sha256"]?.text
      else { return nil }
      return InputIdentity(path: path, bytes: bytes, sha256: hash)
    }
    // The axes and draws must make up the points, or rows could not be placed.
    var product = sampling?.count ?? 1
    for key in keys {
      let (next, overflow) = product.multipliedReportingOverflow(by: key.values?.count ?? 1)
      guard !overflow else { return nil }
      product = next
    }
    guard product == points, self.orderings.count == orderings.count, !self.inputs.isEmpty else {
      return nil
    }
  }

  private static func texts(_ value: ResultValue?) -> [String]? {
    guard case .list(let list)? = value else { return nil }
    let texts = list.compactMap(\.text)
    return texts.count == list.count ? texts : nil
  }
}
