public import Tables
internal import Units

/// A dataset as the rules see it: columns by canonical name in the unit that a rule wants.
public struct LintSubject: Sendable {
  /// The dataset.
  public let dataset: Dataset

  /// The view of a dataset.
  public init(_ dataset: Dataset) { self.dataset = dataset }

  /// The tables whose values are in memory; a table read in pieces has none.
  var tables: [Table] {
    dataset.tables.filter { table in table.columns.contains { $0.summary == nil && $0.count > 0 } }
  }

  /// A column's values in a unit; nil where the name is absent or measures something else.
  ///
  /// - Parameter bare: whether a column without a unit counts as one in that unit.
  func values(
    _ name: String, in table: Table, _ unit: PhysicalUnit, bare: Bool = false
  ) -> [Double]? {
    guard let column = table[name] else { return nil }
    return Self.values(of: column, unit, bare: bare)
  }

  /// The values of the first of several columns that is there.
  func values(
    anyOf names: [String], in table: Table, _ unit: PhysicalUnit, bare: Bool = false
  ) -> (name: String, values: [Double])? {
    for name in names {
      if let values = values(name, in: table, unit, bare: bare) { return (name, values) }
    }
    return nil
  }

  /// The values of a column in a unit.
  static func values(
    of column: Column, _ unit: PhysicalUnit, bare: Bool = false
  ) -> [Double]? {
    guard column.summary == nil, let real = column.real, !real.isEmpty else { return nil }
    guard let own = column.unit.unit else {
      if case .absent = column.unit, bare { return real }
      return nil
    }
    if own.isEquivalent(to: unit) { return real }
    guard let convert = try? UnitConverter(from: own, to: unit) else { return nil }
    return real.map { convert($0) }
  }

  /// Where a row of a column stands in the file: its line where each row is one, else where the column begins.
  static func place(_ column: Column?, row: Int) -> Place {
    guard let column else { return .whole }
    if let lines = column.origin.lines, lines.count == column.count {
      return .line(lines.lowerBound + row)
    }
    if let member = column.origin.member { return .entry(member) }
    if let lines = column.origin.lines { return .line(lines.lowerBound) }
    if let bytes = column.origin.bytes.first { return .byte(bytes.lowerBound) }
    return .whole
  }

  /// The first metadata entry of the table or the dataset whose last path component is one of the words.
  ///
  /// Keys are compared by their letters and digits in lower case: `Live Time`, `live_time` and `LIVETIME` are one.
  func metadata(_ words: Set<String>, of table: Table? = nil) -> Metadata.Entry? {
    let longest = words.reduce(0) { max($0, $1.utf8.count) }
    for list in [table?.metadata, dataset.metadata] {
      for entry in list?.entries ?? [] {
        if let bare = Self.bare(entry.key, atMost: longest), words.contains(bare) { return entry }
      }
    }
    return nil
  }

  /// The letters and digits of the last component of a key, in lower case.
  static func bare(_ key: String) -> String { bare(key, atMost: .max) ?? "" }

  /// The same of a short key; nil where there are more than a number of bytes.
  private static func bare(_ key: String, atMost longest: Int) -> String? {
    let last = key.utf8.split(separator: UInt8(ascii: "/")).last ?? Substring("").utf8
    var bytes: [UInt8] = []
    for byte in last {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        bytes.append(byte)
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): bytes.append(byte | 0x20)
      case 0x80...:
        return String(Substring(last).lowercased().filter { $0.isLetter || $0.isNumber })
      default: break
      }
      if bytes.count > longest { return nil }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A metadata value as a quantity in a unit; a number without a unit counts as one in `fallback`.
  static func quantity(
    _ value: MetadataValue, _ unit: PhysicalUnit, fallback: PhysicalUnit?
  ) -> Double? {
    switch value {
    case .real(let number):
      return fallback.flatMap { try? $0.convert(number, to: unit) }
    case .integer(let number):
      return fallback.flatMap { try? $0.convert(Double(number), to: unit) }
    case .text(let text):
      guard
        let parsed = try? QuantityText.parse(
          text, dimension: unit.dimension, defaultUnit: fallback)
      else { return nil }
      return try? parsed.unit.convert(parsed.number, to: unit)
    }
  }
}
