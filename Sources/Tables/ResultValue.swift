public import Units

/// A number with its unit, standard uncertainty and trace: the JSON quantity of the contract.
public struct MeasuredValue: Hashable, Sendable {
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
public indirect enum ResultValue: Hashable, Sendable {
  case null
  case flag(Bool)
  case integer(Int)
  /// A number without unit; non-finite ones are printed as null.
  case number(Double)
  case text(String)
  case quantity(MeasuredValue)
  case list([ResultValue])
  case object(ResultObject)

  /// An object from its fields, in order.
  public static func fields(_ fields: KeyValuePairs<String, ResultValue>) -> ResultValue {
    var object = ResultObject()
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
public struct ResultObject: Hashable, Sendable {
  /// The field names in order.
  public private(set) var keys: [String] = []
  private var values: [String: ResultValue] = [:]

  /// An object without fields.
  public init() {}

  /// The value of a field; setting nil removes it.
  public subscript(key: String) -> ResultValue? {
    get { values[key] }
    set {
      if newValue == nil {
        keys.removeAll { $0 == key }
      } else if values[key] == nil {
        keys.append(key)
      }
      values[key] = newValue
    }
  }
}
