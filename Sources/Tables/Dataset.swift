/// The measuring techniques that Interphase knows.
public enum Technique: String, Hashable, Sendable, CaseIterable, Codable {
  case afm, xas, rbs, cycling, impedance, sims, simulation, any
}

/// Columns of equal length.
public struct Table: Hashable, Sendable, Codable {
  /// The name: a canonical one (`approach`, `scan`, `spectrum`) or the file's own.
  public var name: String
  /// The columns, in the file's order.
  public var columns: [Column]
  /// The names of the columns that serve as axis (time, energy, channel).
  public var indexColumns: [String]
  /// What the file says of this table alone; what it says of all stands in the dataset's metadata.
  public var metadata = Metadata()

  /// A table from its columns; a name that repeats gets `_2`, `_3`, unless keys tell the columns apart.
  public init(name: String, columns: [Column], indexColumns: [String] = []) {
    self.name = name
    self.indexColumns = indexColumns
    var seen: [String: Int] = [:]
    self.columns = columns.map { column in
      if column.key != nil { return column }
      var column = column
      let n = (seen[column.name] ?? 0) + 1
      seen[column.name] = n
      if n > 1 { column.name = "\(column.name)_\(n)" }
      return column
    }
  }

  /// The number of rows: the length of the longest column.
  public var rows: Int { columns.map(\.count).max() ?? 0 }

  /// The first column of that canonical name.
  public subscript(name: String) -> Column? { columns.first { $0.name == name } }
}

/// An axis of a grid: `count` points at `origin + i·step`.
public struct GridAxis: Hashable, Sendable {
  /// The name of the axis, such as `x`.
  public var name: String
  /// The number of points.
  public var count: Int
  /// The position of the first point and the distance of two, in `unit`.
  public var origin: Double, step: Double
  /// The unit of origin and step.
  public var unit: ColumnUnit

  /// An axis from its parts.
  public init(name: String, count: Int, origin: Double, step: Double, unit: ColumnUnit) {
    self.name = name
    self.count = count
    self.origin = origin
    self.step = step
    self.unit = unit
  }
}

/// An array of rank two or more: axes, and one or more channels in the order x fastest.
public struct Grid: Hashable, Sendable {
  /// The name of the grid.
  public var name: String
  /// The axes, the fastest first.
  public var axes: [GridAxis]
  /// The channels; each holds as many values as the product of the axes' counts.
  public var channels: [Column]

  /// A grid from its parts.
  public init(name: String, axes: [GridAxis], channels: [Column]) {
    self.name = name
    self.axes = axes
    self.channels = channels
  }
}

/// A value of a file's metadata.
public enum MetadataValue: Hashable, Sendable, Codable {
  case text(String)
  case integer(Int64)
  case real(Double)
}

/// A file's own keys and values, in the file's order; keys may repeat.
public struct Metadata: Hashable, Sendable {
  /// One key and its value.
  public struct Entry: Hashable, Sendable, Codable {
    /// The key as the file spells it.
    public var key: String
    /// The value.
    public var value: MetadataValue
  }
  /// All entries in the file's order.
  public private(set) var entries: [Entry] = []
  private var index: [String: Int] = [:]

  /// No metadata.
  public init() {}

  /// Adds an entry; a repeated key is kept beside the earlier one.
  public mutating func append(_ key: String, _ value: MetadataValue) {
    if index[key] == nil { index[key] = entries.count }
    entries.append(Entry(key: key, value: value))
  }

  /// Adds a text entry.
  public mutating func append(_ key: String, _ value: String) { append(key, .text(value)) }

  /// The first value of a key, case-sensitive.
  public subscript(key: String) -> MetadataValue? { index[key].map { entries[$0].value } }

  /// The first value of a key as text.
  public func text(_ key: String) -> String? {
    switch self[key] {
    case .text(let s): s
    case .integer(let i): "\(i)"
    case .real(let x): "\(x)"
    case nil: nil
    }
  }

  /// The number of entries.
  public var count: Int { entries.count }
}

/// What one input holds: tables, grids and metadata, with the diagnostics of reading them.
public struct Dataset: Sendable {
  /// The id of the format that read it.
  public var format: String
  /// The technique, or `.any` where the content does not tell.
  public var technique: Technique
  /// The tables.
  public var tables: [Table]
  /// Arrays of higher rank.
  public var grids: [Grid]
  /// All header keys of the file.
  public var metadata: Metadata
  /// What the reader had to say.
  public var diagnostics: [Diagnostic]
  /// False where rows, columns, tables or metadata were lost.
  public var complete: Bool
  /// How the text was read (`encoding`, `decimal mark`, `delimiter`), for the provenance.
  public var reading: [String: String]
  /// Where a setting of `metadata` stands in the file, by key, where the format tells.
  public var settingOrigins: [String: Origin]
  /// The settings that analyses need, under canonical names and in SI units.
  public var settings: [InstrumentSetting]
  /// What the user says in place of the file, as far as it was used.
  public var overrides: [InputOverride] = []

  /// A dataset from its parts.
  public init(
    format: String, technique: Technique, tables: [Table], grids: [Grid] = [],
    metadata: Metadata = Metadata(), diagnostics: [Diagnostic] = [], complete: Bool = true,
    reading: [String: String] = [:], settingOrigins: [String: Origin] = [:],
    settings: [InstrumentSetting] = []
  ) {
    self.format = format
    self.technique = technique
    self.tables = tables
    self.grids = grids
    self.metadata = metadata
    self.diagnostics = diagnostics
    self.complete = complete
    self.reading = reading
    self.settingOrigins = settingOrigins
    self.settings = settings
  }

  /// The first table of that name.
  public subscript(table: String) -> Table? { tables.first { $0.name == table } }
}
