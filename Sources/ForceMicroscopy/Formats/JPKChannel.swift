internal import Bytes
internal import Tables
internal import Units

/// How the numbers of one channel become values: where they stand, how they are stored and scaled.
struct JPKChannel: Sendable {
  /// How the numbers are given.
  enum Storage: Hashable, Sendable {
    /// A file of big-endian numbers.
    case numbers(NumberLayout)
    /// One value for all points.
    case constant(Double)
    /// A value that grows by the same step from point to point.
    case ramp(start: Double, step: Double)
  }

  /// The channel's own name, such as `vDeflection`.
  var label: String
  /// The member that holds its numbers, below the folder of the segment.
  var file: String
  /// How they are stored; nil where that is not known, with `problem` saying why.
  var storage: Storage?
  /// Whether the values follow from the header alone.
  var isComputed: Bool {
    switch storage {
    case .constant, .ramp: true
    case .numbers, nil: false
    }
  }
  /// From stored number to value.
  var steps: [LinearStep] = []
  /// The steps in words.
  var words: [String] = []
  /// The unit of the values.
  var unit = ColumnUnit.absent
  /// The inverse optical lever sensitivity and the spring constant, of a deflection channel.
  var invOLS: (value: Double, property: JPKProperty)?,
    springConstant: (value: Double, property: JPKProperty)?
  /// What there is to say about the channel.
  private(set) var diagnostics = JPKDiagnostics()

  /// The plan of a channel by the headers of its segment.
  init(_ label: String, _ source: JPKSource) {
    self.label = label
    file = source.own("channel.\(label).data.file.name")?.value ?? "channels/\(label).dat"
    storage = store(source)
    guard storage != nil else { return }
    var slots = JPKSlots(label, source)
    scale(source, &slots)
    for problem in slots.problems {
      diagnostics.warn(
        "jpk.conversion", at: .entry(source.header.member), found: problem,
        expected: "expected a conversion with offset and multiplier; the values before it are given"
      )
    }
  }

  // MARK: Storage

  private mutating func store(_ source: JPKSource) -> Storage? {
    let place = Place.entry(source.header.member)
    if let format = source.channel(label, "file.format")?.value, format != "raw" {
      diagnostics.warn(
        "jpk.encoding", at: place, found: "the data of \(label) are stored as '\(format)'",
        expected: "expected 'raw'; the channel is left out")
      return nil
    }
    let type = source.channel(label, "type")?.value ?? ""
    switch type {
    case "constant-data":
      if let value = source.channel(label, "value")?.number { return .constant(value) }
    case "raster-data":
      if let start = source.channel(label, "start")?.number,
        let step = source.channel(label, "step")?.number
      {
        return .ramp(start: start, step: step)
      }
    default: break
    }
    let encoder = source.channel(label, "encoder.type")?.value
    if let layout = encoder.flatMap({ Self.encoders[$0] }) ?? Self.types[Self.plain(type)] {
      return .numbers(layout)
    }
    diagnostics.warn(
      "jpk.encoding", at: place,
      found: "the data of \(label) are of type '\(type)', encoder '\(encoder ?? "")'",
      expected: "expected short, integer, long, float or double; the channel is left out")
    return nil
  }

  /// A data type without the words around it: `memory-short-data` and `short` are one type.
  private static func plain(_ type: String) -> String {
    var text = Substring(type)
    if text.hasPrefix("memory-") { text = text.dropFirst(7) }
    if text.hasSuffix("-data") { text = text.dropLast(5) }
    return String(text)
  }

  private static let types: [String: NumberLayout] = [
    "byte": .int8, "short": .int16, "integer": .int32, "int": .int32, "long": .int64,
    "float": .float32, "double": .float64,
  ]

  private static let encoders: [String: NumberLayout] = [
    "signedbyte": .int8, "unsignedbyte": .uint8, "signedshort": .int16, "unsignedshort": .uint16,
    "signedinteger": .int32, "unsignedinteger": .uint32, "signedlong": .int64,
    "unsignedlong": .uint64, "float": .float32, "double": .float64,
  ]

  // MARK: Scaling

  private mutating func scale(_ source: JPKSource, _ slots: inout JPKSlots) {
    switch storage {
    case .numbers(let layout): words.append("\(layout.rawValue) big-endian")
    case .constant: words.append("constant")
    case .ramp: words.append("start + point · step")
    case nil: break
    }
    unit = Self.unit(source.channel(label, "unit.unit")?.value)
    switch slots.scaling("encoder") {
    case .linear(let step, let text):
      steps.append(step)
      words.append("encoder: × \(step.multiplier) + \(step.offset)")
      if let text { unit = Self.unit(text) }
    case .none: break
    case .damaged:
      // Counts without their scale have no unit, and no conversion applies to them.
      unit = .absent
      return
    }
    if case .numbers(let layout) = storage, layout.isInteger, steps.isEmpty,
      source.channel(label, "encoder.scaling.type") == nil
    {
      diagnostics.warn(
        "jpk.encoding", at: .entry(source.header.member),
        found: "the whole numbers of \(label) have no encoder scaling",
        expected: "expected offset and multiplier; the numbers are given as stored, without a unit")
      unit = .absent
      return
    }
    for conversion in slots.chain() {
      steps.append(conversion.step)
      words.append(
        "\(conversion.slot): × \(conversion.step.multiplier) + \(conversion.step.offset)")
      unit = Self.unit(conversion.unit)
    }
    if label.lowercased() == "vdeflection" {
      invOLS = slots.factor("distance", unit: .metre)
      springConstant = slots.factor("force", unit: .newton)
    }
  }

  private static func unit(_ text: String?) -> ColumnUnit {
    guard let text, !text.isEmpty else { return .absent }
    if let unit = PhysicalUnit.loose(text)?.unit { return .known(unit) }
    return .unknown(text)
  }
}

/// The calibration slots of a channel: each is reached from its base slot by one conversion.
struct JPKSlots {
  /// One conversion.
  struct Conversion {
    var slot: String
    var step: LinearStep
    var unit: String?
    var multiplier: JPKProperty?
  }

  /// A `scaling` block.
  enum Scaling {
    case linear(LinearStep, unit: String?)
    case none
    case damaged
  }

  private let label: String
  private let source: JPKSource
  /// The slot that the encoder gives.
  private let base: String?
  /// What is wrong with the conversions, in words.
  private(set) var problems: [String] = []

  init(_ label: String, _ source: JPKSource) {
    self.label = label
    self.source = source
    base = source.channel(label, "conversion-set.conversions.base")?.value
  }

  /// The conversions from the encoder's slot to the one that is given.
  ///
  /// That is the channel's default; for the deflection force, else distance, else the default
  /// (afm.md §3): a calibration that is in the file is used.
  mutating func chain() -> [Conversion] {
    let written = source.channel(label, "conversion-set.conversions.default")?.value ?? base
    var wanted = written.map { [$0] } ?? []
    if label.lowercased() == "vdeflection" {
      let better = ["force", "distance"].filter { isDefined($0) }
      wanted = better + wanted
    }
    for slot in wanted {
      if let chain = conversions(to: slot) { return chain }
    }
    let list = source.channel(label, "conversion-set.conversions.list")?.value ?? ""
    for slot in list.split(separator: " ").map(String.init).reversed() where isDefined(slot) {
      if !wanted.contains(slot), let chain = conversions(to: slot) {
        problems.append("the slot '\(written ?? "")' of \(label) is not defined")
        return chain
      }
    }
    if let written, written != base, problems.isEmpty {
      problems.append("the slot '\(written)' of \(label) is not defined")
    }
    return []
  }

  private func isDefined(_ slot: String) -> Bool {
    let key = "conversion-set.conversion.\(slot)"
    return source.channel(label, "\(key).defined")?.value == "true"
      || source.channel(label, "\(key).defined") == nil
        && source.channel(label, "\(key).scaling.multiplier") != nil
  }

  /// The conversions to a slot; nil where one of them is not there.
  private mutating func conversions(to slot: String) -> [Conversion]? {
    var chain: [Conversion] = []
    var seen: Set<String> = []
    var slot = slot
    while slot != base {
      guard seen.insert(slot).inserted else {
        problems.append("the conversions of \(label) lead from '\(slot)' back to it")
        return nil
      }
      // Without a named base the chain begins where no conversion leads further back.
      guard isDefined(slot) else { return base == nil && !chain.isEmpty ? chain.reversed() : nil }
      let key = "conversion-set.conversion.\(slot)"
      guard case .linear(let step, let unit) = scaling(key) else {
        if problems.isEmpty {
          problems.append("the conversion '\(slot)' of \(label) has no scaling")
        }
        return nil
      }
      chain.append(
        Conversion(
          slot: slot, step: step, unit: unit,
          multiplier: source.channel(label, "\(key).scaling.multiplier")))
      guard let below = source.channel(label, "\(key).base-calibration-slot")?.value else {
        break
      }
      slot = below
    }
    return chain.reversed()
  }

  /// The `scaling` block below a key: `encoder` or a conversion.
  mutating func scaling(_ key: String) -> Scaling {
    let multiplier = source.channel(label, "\(key).scaling.multiplier")
    let offset = source.channel(label, "\(key).scaling.offset")
    let type = source.channel(label, "\(key).scaling.type")?.value ?? "linear"
    let style = source.channel(label, "\(key).scaling.style")?.value ?? "offsetmultiplier"
    let unit =
      source.channel(label, "\(key).scaling.unit.unit")?.value
      ?? source.channel(label, "\(key).scaling.unit")?.value
    if ["none", "identity", "null"].contains(type) {
      return key == "encoder"
        ? .none : .linear(LinearStep(multiplier: 1, offset: 0), unit: unit)
    }
    if multiplier == nil, offset == nil, key == "encoder" { return .none }
    guard type == "linear", style == "offsetmultiplier" else {
      problems.append("\(key) of \(label) has a scaling '\(type)' of style '\(style)'")
      return .damaged
    }
    for property in [multiplier, offset].compactMap({ $0 }) where property.number == nil {
      problems.append("\(property.key) is '\(property.value)', which is no number")
      return .damaged
    }
    guard let factor = multiplier?.number else {
      problems.append("\(key) of \(label) has no multiplier")
      return .damaged
    }
    return .linear(LinearStep(multiplier: factor, offset: offset?.number ?? 0), unit: unit)
  }

  /// The multiplier of a slot, where it is defined and gives that unit.
  mutating func factor(_ slot: String, unit: PhysicalUnit) -> (
    value: Double, property: JPKProperty
  )? {
    guard isDefined(slot) else { return nil }
    let before = problems
    defer { problems = before }
    guard case .linear(let step, let text) = scaling("conversion-set.conversion.\(slot)"),
      let text, PhysicalUnit.loose(text)?.unit.ucum == unit.ucum,
      let property = source.channel(label, "conversion-set.conversion.\(slot).scaling.multiplier")
    else { return nil }
    // A force straight from volts has no spring constant of its own.
    let below = source.channel(label, "conversion-set.conversion.\(slot).base-calibration-slot")
    if slot == "force", below?.value != "distance" { return nil }
    return (step.multiplier, property)
  }
}
