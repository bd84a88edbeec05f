public import Tables
public import Units

extension ResultValue {
  /// The keys that a quantity of the contract may have.
  private static let quantityKeys: Set<String> = [
    "value", "unit", "u", "u_kind", "interval", "trace", "source",
  ]

  /// The tree with every object that is a quantity turned into one.
  ///
  /// A quantity is an object with `value` (a number or null) and `unit` (text that `unit` knows),
  /// and beside them only `u`, `u_kind`, `interval`, `trace` and `source`. An object with any other
  /// key stays an object, so that nothing is lost.
  public func recognisingQuantities(unit: (String) -> PhysicalUnit?) -> ResultValue {
    var stack: [OpenContainer] = []
    var current = self
    while true {
      var finished: ResultValue? = current
      if case .list(let values) = current, !values.isEmpty {
        stack.append(OpenContainer(keys: nil, members: values))
        finished = nil
      } else if case .object(let object) = current {
        if let quantity = Self.quantity(object, unit) {
          finished = .quantity(quantity)
        } else if !object.keys.isEmpty {
          stack.append(
            OpenContainer(keys: object.keys, members: object.keys.map { object[$0] ?? .null }))
          finished = nil
        }
      }
      if let finished, let whole = Self.finish(finished, &stack) { return whole }
      guard let top = stack.last else { return current }
      current = top.members[top.done.count]
    }
  }

  /// A list or object whose members are being worked on, with the results so far.
  private struct OpenContainer {
    var keys: [String]?
    var members: [ResultValue]
    var done: [ResultValue] = []
  }

  /// Hands a finished value to its container, and that to its own; gives the root once it is whole.
  private static func finish(
    _ finished: ResultValue, _ stack: inout [OpenContainer]
  ) -> ResultValue? {
    var value = finished
    while let top = stack.indices.last {
      stack[top].done.append(value)
      if stack[top].done.count < stack[top].members.count { return nil }
      let open = stack.removeLast()
      guard let keys = open.keys else {
        value = .list(open.done)
        continue
      }
      var object = ResultObject()
      for (key, member) in zip(keys, open.done) { object[key] = member }
      value = .object(object)
    }
    return value
  }

  /// The quantity that an object is; nil for any other object.
  private static func quantity(
    _ object: ResultObject, _ unit: (String) -> PhysicalUnit?
  ) -> MeasuredValue? {
    guard object.keys.allSatisfy(quantityKeys.contains), let value = object["value"],
      value == .null || value.finiteNumber != nil, let text = object["unit"]?.text,
      let unit = unit(text)
    else { return nil }
    var measured = MeasuredValue(value.finiteNumber, unit)
    for key in object.keys {
      switch (key, object[key]) {
      case ("value", _), ("unit", _), (_, .null): break
      case ("u", let u?) where u.finiteNumber != nil: measured.u = u.finiteNumber
      case ("u_kind", .text(let kind)): measured.uKind = kind
      case ("trace", .text(let id)): measured.trace = TraceID(id)
      case ("source", .text(let source)): measured.source = source
      case ("interval", .list(let ends)):
        guard ends.count == 2, let low = ends[0].finiteNumber, let high = ends[1].finiteNumber,
          low <= high
        else { return nil }
        measured.interval = low...high
      default: return nil
      }
    }
    return measured
  }

  /// The number that this is, whole or not; nil for anything else.
  public var finiteNumber: Double? {
    switch self {
    case .integer(let i): Double(i)
    case .number(let x) where x.isFinite: x
    default: nil
    }
  }
}
