public import Tables
public import Units

/// The elastic modulus of a film, with what it rests on.
public struct MeasuredModulus: Hashable, Sendable {
  /// Young's modulus with its standard uncertainty and source.
  public var modulus: Measured<Pressure>
  /// The trace step that made it, where it comes from results of this run.
  public var trace: TraceID?

  /// A modulus from its parts.
  public init(_ modulus: Measured<Pressure>, trace: TraceID? = nil) {
    self.modulus = modulus
    self.trace = trace
  }

  /// What a modulus is read with, beside the results.
  public struct Context: Hashable, Sendable {
    /// The file's name, for messages and the source.
    public var file: String
    /// The film's thickness, which turns a 2-D modulus into a modulus.
    public var thickness: Measured<Length>?
    /// The 2-D modulus of the substrate that is still in the measured one.
    public var substrate: Measured<ForcePerLength>?
    /// Where the reference to the results stands, for messages.
    public var place: Place

    /// A context from its parts.
    public init(
      file: String, thickness: Measured<Length>? = nil,
      substrate: Measured<ForcePerLength>? = nil, place: Place = .whole
    ) {
      self.file = file
      self.thickness = thickness
      self.substrate = substrate
      self.place = place
    }
  }

  /// The modulus at a path of a results tree: a pressure, a 2-D modulus, or a hand-over record.
  ///
  /// A pressure is taken with its `u`. A 2-D modulus in N/m becomes E = (E₂D − E₂D,substrate)/h, with
  /// u(E) = √(u(E₂D)² + u(E₂D,substrate)²)/h ⊕ E·u(h)/h; it is refused unless the substrate's is given
  /// or the record says `substrate_corrected: true`. A record with status `refused` is refused.
  public static func read(
    _ root: ResultValue, key: String, context: Context
  ) throws(ReadFailure) -> MeasuredModulus {
    let found = try place(of: key, in: root, file: context.file, at: context.place)
    let end = found.value
    // The record that holds the number, and all that hold it: none may be refused.
    let steps = found.path.steps
    let holders = steps.indices.map {
      root.atPointer(ResultPath(Array(steps[..<$0])).pointer)?.value
    }
    for holder in holders {
      try refuse(holder, source: "\(context.file)#\(key)", context)
    }
    let parent = holders.last ?? nil
    var source = "\(context.file)#\(key)"
    if let quantity = end.asQuantity {
      return try modulus(quantity, record: parent, source: source, context)
    }
    try refuse(end, source: source, context)
    guard let quantity = end["modulus"]?.asQuantity else {
      throw ReadFailure(
        "materials.no-quantity", at: context.place, found: "`\(source)` is no quantity",
        expected: "a modulus with a unit, or a hand-over record with `modulus`")
    }
    source += ".modulus"
    return try modulus(quantity, record: end, source: source, context)
  }

  /// The place of a results document that a key names, as ``Tables/ResultPath`` spells keys.
  ///
  /// - Throws: `materials.key` with what the document holds instead.
  public static func place(
    of key: String, in root: ResultValue, file: String, at place: Place
  ) throws(ReadFailure) -> ResultPath.Found {
    do {
      return try root.find(key)
    } catch {
      let near = error.candidates.prefix(5).joined(separator: ", ")
      throw ReadFailure(
        "materials.key", at: place, found: "\(file): \(error.reason)",
        expected: near.isEmpty
          ? "a key such as summary.handover[sample=n10].modulus" : "a key such as \(near)")
    }
  }

  /// The modulus of a hand-over record at hand, such as an element of `summary.handover`.
  public static func handover(
    _ record: ResultValue, context: Context
  ) throws(ReadFailure) -> MeasuredModulus {
    let sample = record["sample"]?.text ?? "film"
    let source = "\(context.file)#\(sample).modulus"
    try refuse(record, source: source, context)
    guard let quantity = record["modulus"]?.asQuantity else {
      throw ReadFailure(
        "materials.no-quantity", at: context.place,
        found: "the hand-over record of `\(sample)` holds no modulus",
        expected: "`modulus` with a unit")
    }
    return try modulus(quantity, record: record, source: source, context)
  }

  /// Throws where a record says that its modulus was refused.
  private static func refuse(
    _ record: ResultValue?, source: String, _ context: Context
  ) throws(ReadFailure) {
    guard let status = record?["status"]?.text, status == "refused" else { return }
    var reasons: [String] = []
    if case .list(let list)? = record?["reasons"] { reasons = list.compactMap(\.text) }
    let why = reasons.isEmpty ? "no reason given" : reasons.joined(separator: ", ")
    throw ReadFailure(
      "materials.refused", at: context.place,
      found: "the modulus of `\(source)` was refused by its analysis (\(why))",
      expected: "a record with status `ready`")
  }

  private static func modulus(
    _ quantity: MeasuredValue, record: ResultValue?, source: String, _ context: Context
  ) throws(ReadFailure) -> MeasuredModulus {
    guard let value = quantity.value else {
      throw ReadFailure(
        "materials.no-value", at: context.place, found: "`\(source)` has no value",
        expected: "a modulus")
    }
    if let modulus = try? Quantity<Pressure>(value, unit: quantity.unit) {
      try requirePositive(modulus.si, source, context)
      let u = quantity.u.flatMap { try? Quantity<Pressure>($0, unit: quantity.unit) }
      return MeasuredModulus(
        Measured(modulus, u: u, n: count(record), source: source), trace: quantity.trace)
    }
    guard let planar = try? Quantity<ForcePerLength>(value, unit: quantity.unit) else {
      throw ReadFailure(
        "materials.dimension", at: context.place,
        found: "`\(source)` is in \(quantity.unit.ucum)",
        expected: "a pressure, or a 2-D modulus in N/m")
    }
    let u = quantity.u.flatMap { try? Quantity<ForcePerLength>($0, unit: quantity.unit) }
    let measured = Measured(planar, u: u, n: count(record), source: source)
    let corrected = record?["substrate_corrected"] == .flag(true)
    let film = try withoutSubstrate(measured, corrected: corrected, source, context)
    return MeasuredModulus(film, trace: quantity.trace)
  }

  /// E = (E₂D − E₂D,substrate)/h.
  private static func withoutSubstrate(
    _ planar: Measured<ForcePerLength>, corrected: Bool, _ source: String, _ context: Context
  ) throws(ReadFailure) -> Measured<Pressure> {
    guard corrected || context.substrate != nil else {
      throw ReadFailure(
        "materials.substrate", at: context.place,
        found: "`\(source)` is a 2-D modulus whose substrate is not taken off",
        expected: "`substrate: 340 ± 30 N/m` beside `from`, or `substrate_corrected: true` in it")
    }
    guard let thickness = context.thickness, thickness.value.si > 0 else {
      throw ReadFailure(
        "materials.thickness", at: context.place,
        found: "`\(source)` is a 2-D modulus and no thickness is known",
        expected: "the film's thickness")
    }
    // A correction that was made already is not made again.
    let substrate = corrected ? nil : context.substrate
    let net = planar.value - (substrate?.value ?? .zero)
    let modulus = net / thickness.value
    try requirePositive(modulus.si, source, context)
    var u: Quantity<Pressure>?
    if let planarU = planar.u {
      let substrateU = substrate?.u?.si ?? 0
      let thicknessPart = modulus.si * (thickness.u?.si ?? 0) / thickness.value.si
      let h = thickness.value.si
      let square =
        (planarU.si * planarU.si + substrateU * substrateU) / (h * h)
        + thicknessPart * thicknessPart
      u = Quantity(si: square.squareRoot())
    }
    return Measured(modulus, u: u, n: planar.n, source: source)
  }

  private static func requirePositive(
    _ value: Double, _ source: String, _ context: Context
  ) throws(ReadFailure) {
    guard value > 0, value.isFinite else {
      throw ReadFailure(
        "materials.modulus", at: context.place,
        found: "the modulus of `\(source)` is \(value) Pa", expected: "a modulus above 0")
    }
  }

  private static func count(_ record: ResultValue?) -> Int? {
    if case .integer(let n)? = record?["n"] { return n }
    return nil
  }
}

extension ResultValue {
  /// The quantity that this is, also where it is still an object with `value` and `unit`.
  public var asQuantity: MeasuredValue? {
    if let quantity { return quantity }
    guard case .object(let object) = self, let text = object["unit"]?.text,
      let unit = try? PhysicalUnit(ucum: text), let value = object["value"]
    else { return nil }
    var measured = MeasuredValue(Self.double(value), unit, u: object["u"].flatMap(Self.double))
    measured.trace = object["trace"]?.text.map { TraceID($0) }
    return measured
  }

  private static func double(_ value: ResultValue) -> Double? {
    switch value {
    case .number(let x): x
    case .integer(let i): Double(i)
    default: nil
    }
  }
}
