public import Units

/// Which cells of a column hold no value: a mask, never a magic number.
public struct MissingMask: Hashable, Sendable, Codable {
  /// One bit a cell, set where the value is missing; words beyond the last set bit may be absent.
  private var words: [UInt64] = []
  /// How many cells are missing.
  public private(set) var count = 0

  /// A mask with no missing cell.
  public init() {}

  /// Marks a cell as missing; negative rows are ignored.
  public mutating func insert(_ row: Int) {
    guard row >= 0 else { return }
    let word = row >> 6
    while words.count <= word { words.append(0) }
    let bit = UInt64(1) << UInt64(row & 63)
    if words[word] & bit == 0 {
      words[word] |= bit
      count += 1
    }
  }

  /// Whether the cell is missing.
  public func contains(_ row: Int) -> Bool {
    let word = row >> 6
    guard row >= 0, word < words.count else { return false }
    return words[word] & (UInt64(1) << UInt64(row & 63)) != 0
  }
}

/// The values of a column, kept in the kind in which the file holds them.
public enum ColumnValues: Hashable, Sendable, Codable {
  /// Real numbers. Missing cells hold NaN in memory, and stand in the column's mask.
  case real([Double])
  /// Whole numbers, exact.
  case integer([Int64])
  /// Text as the file holds it.
  case text([String])
  /// Text with few distinct values: levels and, for each row, the index of its level.
  case category(levels: [String], codes: [Int32])
  /// Instants: nanoseconds since 1970-01-01T00:00:00Z.
  case instant([Int64])

  /// The number of rows.
  public var count: Int {
    switch self {
    case .real(let v): v.count
    case .integer(let v): v.count
    case .text(let v): v.count
    case .category(_, let codes): codes.count
    case .instant(let v): v.count
    }
  }
}

/// The unit that stands beside a column.
public enum ColumnUnit: Hashable, Sendable, Codable {
  /// A known unit.
  case known(PhysicalUnit)
  /// The file names a unit that could not be read; the text found.
  case unknown(String)
  /// The file gives no unit.
  case absent

  /// The UCUM text of the contract: `""` for an unknown or absent unit.
  public var ucum: String {
    if case .known(let unit) = self { return unit.ucum }
    return ""
  }

  /// The unit, if known.
  public var unit: PhysicalUnit? {
    if case .known(let unit) = self { return unit }
    return nil
  }
}

/// The standard uncertainty of a column's values, in the column's unit.
public enum ColumnUncertainty: Hashable, Sendable, Codable {
  /// The same for all rows.
  case constant(Double)
  /// A fraction of each value.
  case relative(Double)
  /// One for each row.
  case perRow([Double])
  /// The same for all rows: the last digit that is printed, or the step of a converter.
  case digits(Double)
  /// The square root of a number of counts N; of N + 1 below 10 counts.
  case counting

  /// The standard uncertainty of a value in a row.
  public func u(of value: Double, row: Int) -> Double? {
    switch self {
    case .constant(let u), .digits(let u): u
    case .relative(let fraction): abs(value) * fraction
    case .perRow(let all): all.indices.contains(row) && all[row].isFinite ? all[row] : nil
    case .counting: value < 0 ? nil : (value < 10 ? value + 1 : value).squareRoot()
    }
  }
}

/// Where the values of a column, table or setting came from.
public struct Origin: Hashable, Sendable, Codable {
  /// Byte ranges of the source (of the member where one is named).
  public var bytes: [Range<Int>]
  /// The lines of a text source, from 1, inclusive.
  public var lines: ClosedRange<Int>?
  /// The member of a container or the path of an XML element.
  public var member: String?
  /// The steps from the raw cell to the value, in words: `Float32 little-endian`, `mV → V`.
  public var steps: [String]

  /// An origin from its parts.
  public init(
    bytes: [Range<Int>] = [], lines: ClosedRange<Int>? = nil, member: String? = nil,
    steps: [String] = []
  ) {
    self.bytes = bytes
    self.lines = lines
    self.member = member
    self.steps = steps
  }
}

/// A named series of values with its unit, its missing cells, its uncertainty and its origin.
public struct Column: Hashable, Sendable {
  /// The canonical name, snake_case (docs/names.md), or a slug of the label.
  public var name: String
  /// What the file calls it, untouched.
  public var label: String
  /// The values.
  public var values: ColumnValues { didSet { known = Known() } }
  /// The unit.
  public var unit: ColumnUnit
  /// The missing cells.
  public var missing: MissingMask
  /// The standard uncertainty; nil where it is not known.
  public var uncertainty: ColumnUncertainty?
  /// Where the values came from.
  public var origin: Origin
  /// How the file stored the numbers, for exports that are exact in that type.
  public var storage: Storage
  /// What tells columns of one name apart, such as the ion of a channel; nil where the name does.
  public var key: String?
  /// What the file says of this column alone, such as the mass of its ion.
  public var attached = Metadata()

  /// What is known of the values where they were let go; `values` then says no more than their kind.
  public internal(set) var summary: ColumnSummary?
  /// What the look for non-finite values found out on its way.
  private var known = Known()

  /// How the file stored the numbers.
  public enum Storage: String, Hashable, Sendable, Codable { case float32, float64, integer, text }

  /// The statistics of the values where they are known; columns do not differ by that.
  private struct Known: Hashable, Sendable {
    var statistics: ColumnStatistics?

    static func == (_: Known, _: Known) -> Bool { true }
    func hash(into _: inout Hasher) {}
  }

  /// A column from its parts; for real values non-finite cells are added to the mask.
  public init(
    name: String, label: String, values: ColumnValues, unit: ColumnUnit,
    missing: MissingMask = MissingMask(), uncertainty: ColumnUncertainty? = nil,
    origin: Origin = Origin(), storage: Storage? = nil
  ) {
    self.name = name
    self.label = label
    self.values = values
    self.unit = unit
    self.missing = missing
    self.uncertainty = uncertainty
    self.origin = origin
    switch values {
    case .real(let v):
      // The statistics of a long series tell whether all its values are finite.
      known.statistics = StatisticsFold.ofLong(v)
      if known.statistics.map({ $0.missing > 0 }) ?? !StatisticsFold.areFinite(v) {
        for (row, x) in v.enumerated() where !x.isFinite { self.missing.insert(row) }
      }
      self.storage = storage ?? .float64
    case .integer, .instant: self.storage = storage ?? .integer
    case .text, .category: self.storage = storage ?? .text
    }
  }

  /// The number of rows.
  public var count: Int { summary?.rows ?? values.count }

  /// The values as real numbers (NaN where missing); nil for text, categories and instants.
  public var real: [Double]? {
    switch values {
    case .real(let v): v
    case .integer(let v):
      missing.count == 0
        ? v.map { Double($0) }
        : v.enumerated().map { missing.contains($0.offset) ? .nan : Double($0.element) }
    default: nil
    }
  }

  /// The extremes and ends of a column of whole numbers, exactly; nil for any other column.
  public var wholeExtremes: WholeExtremes? {
    if let summary { return summary.whole }
    guard case .integer(let values) = values else { return nil }
    let isWhole = missing.count == 0
    var found: WholeExtremes?
    for (row, value) in values.enumerated() where isWhole || !missing.contains(row) {
      if found == nil { found = WholeExtremes(value) } else { found?.add(value) }
    }
    return found
  }

  /// Count, extremes, mean and ends of the finite values; nil for text, categories and instants.
  public var statistics: ColumnStatistics? {
    if let summary { return summary.statistics }
    if let statistics = known.statistics { return statistics }
    if case .integer(let numbers) = values, missing.count == 0,
      let whole = ColumnStatistics(whole: numbers)
    {
      return whole
    }
    return real.map(ColumnStatistics.init)
  }
}
