/// What becomes of the ids of trace steps while a stored state is read.
///
/// Ids start with the position of their input in its batch (`f12.3`), which another file in the folder
/// moves.
public struct TraceRenaming: Sendable {
  /// The position in the ids of the state, from 1.
  public var from: Int
  /// The position from now on.
  public var to: Int

  /// A renaming from one position to another.
  public init(from: Int, to: Int) {
    self.from = from
    self.to = to
  }

  /// The key of a decoder's `userInfo` that holds a renaming.
  public static let key = CodingUserInfoKey(rawValue: "interphase.trace-renaming")

  /// The id with the new position behind its letters; one with another position stays.
  public func name(_ id: String) -> String {
    let letters = id.prefix { $0.isLetter }
    let rest = id[letters.endIndex...]
    let old = "\(from)."
    return rest.hasPrefix(old) ? "\(letters)\(to).\(rest.dropFirst(old.count))" : id
  }

  fileprivate static func of(_ decoder: any Decoder) -> TraceRenaming? {
    key.flatMap { decoder.userInfo[$0] as? TraceRenaming }
  }
}

extension TraceID: Codable {
  /// Reads an id, with the renaming of the decoder.
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    self.init(TraceRenaming.of(decoder)?.name(text) ?? text)
  }

  /// Stores the text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension TraceGraph: Codable {
  /// Reads the steps.
  public init(from decoder: any Decoder) throws {
    self.init(steps: try decoder.singleValueContainer().decode([TraceStep].self))
  }

  /// Stores the steps.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(steps)
  }
}

extension ResultValue: Codable {
  private enum Tag: Int, Codable {
    case null, flag, integer, number, text, quantity, list, object, numbers
  }

  /// Reads a tree.
  public init(from decoder: any Decoder) throws {
    var container = try decoder.unkeyedContainer()
    switch try container.decode(Tag.self) {
    case .null: self = .null
    case .flag: self = .flag(try container.decode(Bool.self))
    case .integer: self = .integer(try container.decode(Int.self))
    case .number: self = .number(try container.decode(Double.self))
    case .text: self = .text(try container.decode(String.self))
    case .quantity: self = .quantity(try container.decode(MeasuredValue.self))
    case .list: self = .list(try container.decode([ResultValue].self))
    case .object: self = .object(try container.decode(ResultObject.self))
    case .numbers: self = .list(try container.decode([Double].self).map { .number($0) })
    }
  }

  /// Stores a tree; a list of plain numbers takes no more than the numbers.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    switch self {
    case .null: try container.encode(Tag.null.rawValue)
    case .flag(let flag):
      try container.encode(Tag.flag.rawValue)
      try container.encode(flag)
    case .integer(let n):
      try container.encode(Tag.integer.rawValue)
      try container.encode(n)
    case .number(let x):
      try container.encode(Tag.number.rawValue)
      try container.encode(x)
    case .text(let text):
      try container.encode(Tag.text.rawValue)
      try container.encode(text)
    case .quantity(let quantity):
      try container.encode(Tag.quantity.rawValue)
      try container.encode(quantity)
    case .list(let list):
      var numbers: [Double] = []
      for case .number(let x) in list { numbers.append(x) }
      if numbers.count == list.count, !list.isEmpty {
        try container.encode(Tag.numbers.rawValue)
        try container.encode(numbers)
      } else {
        try container.encode(Tag.list.rawValue)
        try container.encode(list)
      }
    case .object(let object):
      try container.encode(Tag.object.rawValue)
      try container.encode(object)
    }
  }
}

extension ResultObject: Codable {
  /// Reads the fields in order; a text under `trace` is the id of a step.
  public init(from decoder: any Decoder) throws {
    let renaming = TraceRenaming.of(decoder)
    var container = try decoder.unkeyedContainer()
    self.init()
    while !container.isAtEnd {
      let key = try container.decode(String.self)
      let value = try container.decode(ResultValue.self)
      if key == "trace", case .text(let id) = value, let renaming {
        self[key] = .text(renaming.name(id))
      } else {
        self[key] = value
      }
    }
  }

  /// Stores names and values in order.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for key in keys {
      try container.encode(key)
      try container.encode(self[key] ?? .null)
    }
  }
}

extension Metadata: Codable {
  /// Reads the entries.
  public init(from decoder: any Decoder) throws {
    self.init()
    for entry in try decoder.singleValueContainer().decode([Entry].self) {
      append(entry.key, entry.value)
    }
  }

  /// Stores the entries.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(entries)
  }
}

extension Column: Codable {
  private enum Keys: String, CodingKey {
    case name, label, values, unit, missing, uncertainty, origin, storage
  }

  /// Reads a column.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Keys.self)
    self.init(
      name: try container.decode(String.self, forKey: .name),
      label: try container.decode(String.self, forKey: .label),
      values: try container.decode(ColumnValues.self, forKey: .values),
      unit: try container.decode(ColumnUnit.self, forKey: .unit),
      missing: try container.decode(MissingMask.self, forKey: .missing),
      uncertainty: try container.decodeIfPresent(ColumnUncertainty.self, forKey: .uncertainty),
      origin: try container.decode(Origin.self, forKey: .origin),
      storage: try container.decode(Storage.self, forKey: .storage))
  }

  /// Stores a column whose values are in memory; one that kept only its summary cannot be stored.
  public func encode(to encoder: any Encoder) throws {
    guard summary == nil else {
      throw EncodingError.invalidValue(
        name, .init(codingPath: encoder.codingPath, debugDescription: "the values were let go"))
    }
    var container = encoder.container(keyedBy: Keys.self)
    try container.encode(name, forKey: .name)
    try container.encode(label, forKey: .label)
    try container.encode(values, forKey: .values)
    try container.encode(unit, forKey: .unit)
    try container.encode(missing, forKey: .missing)
    try container.encodeIfPresent(uncertainty, forKey: .uncertainty)
    try container.encode(origin, forKey: .origin)
    try container.encode(storage, forKey: .storage)
  }
}
