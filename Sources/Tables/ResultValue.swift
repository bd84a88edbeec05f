public import Units

/// A number with its unit, standard uncertainty and trace: the JSON quantity of the contract.
public struct MeasuredValue: Hashable, Sendable, Codable {
  /// The value in `unit`; nil where there is no number (a diagnostic says why).
  public var value: Double?
  /// The unit.
  public var unit: PhysicalUnit
  /// The standard uncertainty (1 sigma) in `unit`; nil where it is not known, 0 where exact.
  public var u: Double?
  /// What kind of evidence `u` rests on: `digits`, `resolution`, `datasheet`, `fit`, `repeat`, `user`, `propagated`.
  public var uKind: String?
  /// The 95 % interval where the distribution is not normal.
  public var interval: ClosedRange<Double>?
  /// The id of the trace step that made the number.
  public var trace: TraceID?
  /// Where a setting came from, for parameters: `file`, `option`, `default`, `config line 4`.
  public var source: String?

  /// A measured value from its parts; a non-finite value or uncertainty becomes nil.
  public init(
    _ value: Double?, _ unit: PhysicalUnit, u: Double? = nil, uKind: String? = nil,
    interval: ClosedRange<Double>? = nil, trace: TraceID? = nil, source: String? = nil
  ) {
    self.value = value.flatMap { $0.isFinite ? $0 : nil }
    self.unit = unit
    self.u = u.flatMap { $0.isFinite ? $0 : nil }
    self.uKind = uKind
    self.interval = interval
    self.trace = trace
    self.source = source
  }
}

/// A tree of results, in the order in which it is printed.
public enum ResultValue: Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  /// A number without unit; non-finite ones are printed as null.
  case number(Double)
  case text(String)
  indirect case quantity(MeasuredValue)
  case list([ResultValue])
  case object(ResultObject)

  /// An object from its fields, in order.
  public static func fields(_ fields: KeyValuePairs<String, ResultValue>) -> ResultValue {
    var object = ResultObject()
    object.reserve(fields.count)
    for (key, value) in fields { object[key] = value }
    return .object(object)
  }

  /// The field of an object; nil for anything else.
  public subscript(key: String) -> ResultValue? {
    if case .object(let object) = self { return object[key] }
    return nil
  }

  /// The element of a list; nil for anything else or out of range.
  public subscript(position: Int) -> ResultValue? {
    if case .list(let list) = self, list.indices.contains(position) { return list[position] }
    return nil
  }

  /// The quantity, if this is one.
  public var quantity: MeasuredValue? {
    if case .quantity(let q) = self { return q }
    return nil
  }

  /// The text, if this is one.
  public var text: String? {
    if case .text(let s) = self { return s }
    return nil
  }
}

/// Fields by name, in the order in which they were first set.
public struct ResultObject: Sendable {
  /// A name with its value.
  public struct Field: Hashable, Sendable {
    /// The name.
    public let key: String
    /// The value.
    public var value: ResultValue
  }

  /// The fields in order.
  public private(set) var fields: [Field] = []
  /// Where a name stands, kept as soon as there are too many fields to look through.
  private var places: [String: Int] = [:]
  private static let few = 48

  /// An object without fields.
  public init() {}

  /// The field names in order.
  public var keys: [String] { fields.map(\.key) }

  /// The value of a field; setting nil removes it.
  public subscript(key: String) -> ResultValue? {
    get { place(of: key).map { fields[$0].value } }
    set {
      guard let place = place(of: key) else {
        if let newValue { add(key, newValue) }
        return
      }
      if let newValue {
        fields[place].value = newValue
      } else {
        fields.remove(at: place)
        places = [:]
        if fields.count > Self.few { index(from: 0) }
      }
    }
  }

  /// Adds a field whose name is known not to be there yet, without looking for it.
  public mutating func add(_ key: String, _ value: ResultValue) {
    fields.append(Field(key: key, value: value))
    if fields.count > Self.few { index(from: fields.count == Self.few + 1 ? 0 : fields.count - 1) }
  }

  /// Makes room for so many fields.
  public mutating func reserve(_ count: Int) { fields.reserveCapacity(count) }

  private mutating func index(from first: Int) {
    for place in first..<fields.count where places[fields[place].key] == nil {
      places[fields[place].key] = place
    }
  }

  private func place(of key: String) -> Int? {
    fields.count > Self.few ? places[key] : fields.firstIndex { $0.key == key }
  }
}

extension ResultObject: Hashable {
  /// Whether both hold the same fields in the same order.
  public static func == (a: ResultObject, b: ResultObject) -> Bool { a.fields == b.fields }

  /// Feeds the fields.
  public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
