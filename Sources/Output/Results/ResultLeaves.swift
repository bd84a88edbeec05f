public import Tables
internal import Units

/// A number, text or flag of a result with the key that leads to it.
public struct ResultLeaf: Hashable, Sendable {
  /// The key in dots and brackets, such as `curves[0].modulus`.
  public var key: String
  /// A quantity, number, text or flag; null where there is no value.
  public var value: ResultValue

  /// A leaf from its parts.
  public init(key: String, value: ResultValue) {
    self.key = key
    self.value = value
  }

  /// The UCUM unit of a quantity; nil for anything else.
  public var unit: String? { value.quantity?.unit.ucum }
}

extension ResultValue {
  /// All leaves in order; a quantity is one leaf.
  ///
  /// - Parameters:
  ///   - prefix: what keys start with.
  ///   - longestList: lists of plain values longer than this are left out.
  ///   - series: whether the unit of a series (`values`, `unit`) is a leaf even where its values are not.
  public func leaves(
    prefix: String = "", longestList: Int = .max, series: Bool = true
  ) -> [ResultLeaf] {
    var leaves: [ResultLeaf] = []
    var waiting: [ResultLeaf] = [ResultLeaf(key: prefix, value: self)]
    while let next = waiting.popLast() {
      switch next.value {
      case .object(let object):
        if !series, case .list(let values)? = object["values"], values.count > longestList,
          object["unit"] != nil
        {
          continue
        }
        for key in object.keys.reversed() {
          waiting.append(
            ResultLeaf(
              key: next.key.isEmpty ? key : "\(next.key).\(key)", value: object[key] ?? .null))
        }
      case .list(let values):
        let plain = values.allSatisfy {
          switch $0 {
          case .object, .list: false
          default: true
          }
        }
        if plain && values.count > longestList { continue }
        for (n, value) in values.enumerated().reversed() {
          waiting.append(ResultLeaf(key: "\(next.key)[\(n)]", value: value))
        }
      default: leaves.append(next)
      }
    }
    return leaves
  }
}

/// The results of all inputs as one table: a row an input, a column a key.
///
/// Where a result has a list with at most one element in every input (one curve a file), the
/// `LIST[0].` in front of its keys is left out. Tables (`columns`), series, matrices of covariance and
/// correlation, lists of plain values longer than eight and keys of more than sixty-four elements of a list
/// stand in the JSON and the database only.
public struct WideResults: Sendable {
  /// A column: a key in one unit.
  public struct Column: Hashable, Sendable {
    /// The key in full, as ``ResultLeaf`` has it.
    public var key: String
    /// The key as the column is called.
    public var name: String
    /// The UCUM unit; nil where the key holds no quantity.
    public var unit: String?
    /// Whether some input gives an uncertainty.
    public var hasU: Bool

    /// The header cell: `name / unit`, or the name.
    public var header: String { unit.map { "\(name) / \($0)" } ?? name }
    /// The header cell of the uncertainty.
    public var uHeader: String { "u(\(name))" + (unit.map { " / \($0)" } ?? "") }
  }

  /// The columns, in the order in which their keys first occur.
  public private(set) var columns: [Column] = []
  /// For each input its values by position in `columns`.
  public private(set) var rows: [[Int: ResultValue]] = []

  private struct Identity: Hashable {
    var key: String
    var unit: String?
  }

  /// The table of the inputs' results.
  public init(_ inputs: [InputReport]) {
    let results = inputs.map {
      $0.status == .error ? ResultValue.null : $0.fields["result"] ?? .null
    }
    let single = Self.singleLists(results)
    var index: [Identity: Int] = [:]
    let all = results.map {
      $0.leaves(longestList: 8, series: false).filter {
        !Self.isFarDown($0.key) && !Self.isInTable($0.key)
      }
    }
    for leaves in all {
      for leaf in leaves where leaf.value != .null {
        let identity = Identity(key: leaf.key, unit: leaf.unit)
        if index[identity] == nil {
          index[identity] = columns.count
          columns.append(
            Column(
              key: leaf.key, name: Self.shortened(leaf.key, single), unit: leaf.unit, hasU: false))
        }
        if leaf.value.quantity?.u != nil, let i = index[identity] { columns[i].hasU = true }
      }
    }
    rows = all.map { leaves in
      var row: [Int: ResultValue] = [:]
      for leaf in leaves where leaf.value != .null {
        if let i = index[Identity(key: leaf.key, unit: leaf.unit)] { row[i] = leaf.value }
      }
      return row
    }
  }

  /// The fields of results that are lists of objects, never of more than one.
  private static func singleLists(_ results: [ResultValue]) -> [String] {
    var single: [String] = []
    for result in results {
      guard case .object(let object) = result else { continue }
      for key in object.keys where !single.contains(key) {
        let lengths = results.map { result -> Int in
          guard case .list(let values)? = result[key] else { return 0 }
          return values.count
        }
        if case .list(let values)? = object[key], case .object? = values.first,
          lengths.allSatisfy({ $0 <= 1 })
        {
          single.append(key)
        }
      }
    }
    return single
  }

  private static func shortened(_ key: String, _ single: [String]) -> String {
    for list in single where key.hasPrefix(list + "[0].") {
      return String(key.dropFirst(list.count + 4))
    }
    return key
  }

  /// Whether a key is part of a table, which stands in a file of its own, or of a matrix.
  private static func isInTable(_ key: String) -> Bool {
    key.split(separator: ".").contains { part in
      ["columns[", "covariance[", "correlation["].contains { part.hasPrefix($0) }
    }
  }

  /// Whether a key goes through an element of a list beyond the sixty-fourth.
  private static func isFarDown(_ key: String) -> Bool {
    key.split(separator: "[").dropFirst().contains { part in
      (Int(part.prefix { $0.isNumber }) ?? 0) >= 64
    }
  }
}
