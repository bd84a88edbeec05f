public import Tables
internal import Units

/// The file `datapackage.json` of a folder of CSV files: a Frictionless tabular data package.
public struct DataPackage: Sendable {
  /// One CSV file of the package.
  public struct Resource: Sendable {
    var file: String
    var title: String
    var schema: ResultValue
    /// Whether a row has no value at all; Frictionless takes such a row for an error unless it may skip it.
    var hasBlankRow: Bool
    var bytes: Int
    var sha256: String
    var provenance: ExportProvenance
  }

  /// The name of the package; made lower-case, with `-` for what Frictionless does not allow.
  public var name: String
  /// The files, in the order in which they were added.
  public private(set) var resources: [Resource] = []

  /// An empty package.
  public init(name: String) { self.name = name }

  /// Adds a file that holds a table.
  public mutating func add(
    file: String, table: Table, bytes: Int, sha256: String, provenance: ExportProvenance
  ) {
    resources.append(
      Resource(
        file: file, title: table.name, schema: Self.schema(table),
        hasBlankRow: Self.hasBlankRow(table), bytes: bytes, sha256: sha256, provenance: provenance))
  }

  /// The document.
  public var result: ResultValue {
    var names = UniqueNames()
    var list: [ResultValue] = []
    for resource in resources {
      var object = ResultObject()
      object["name"] = .text(names.unused(Self.identifier(resource.file)))
      object["path"] = .text(resource.file)
      object["profile"] = .text("tabular-data-resource")
      object["title"] = .text(resource.title)
      object["format"] = .text("csv")
      object["mediatype"] = .text("text/csv")
      object["encoding"] = .text("utf-8")
      object["bytes"] = .integer(resource.bytes)
      object["hash"] = .text("sha256:\(resource.sha256)")
      var dialect = ResultObject()
      dialect["delimiter"] = .text(",")
      dialect["lineTerminator"] = .text("\n")
      if resource.hasBlankRow { dialect["skipBlankRows"] = .flag(true) }
      object["dialect"] = .object(dialect)
      object["schema"] = resource.schema
      if let input = resource.provenance.input {
        object["sources"] = .list([
          .fields(["title": .text(input.path), "sha256": .text(input.sha256)])
        ])
      }
      list.append(.object(object))
    }
    var package = ResultObject()
    package["profile"] = .text("tabular-data-package")
    package["name"] = .text(Self.identifier(name))
    if let version = resources.first?.provenance.version {
      package["description"] = .text("Tables exported by interphase \(version)")
    }
    package["resources"] = .list(list)
    return .object(package)
  }

  /// The Frictionless table schema of a table.
  public static func schema(_ table: Table) -> ResultValue {
    .fields([
      "fields": .list(
        table.columns.map { column in
          var field = ResultObject()
          field["name"] = .text(CSVWriter.header(column))
          field["type"] = .text(type(column.values))
          if !column.label.isEmpty { field["title"] = .text(column.label) }
          if case .known(let unit) = column.unit { field["unit"] = .text(unit.ucum) }
          return .object(field)
        }),
      "missingValues": .list([.text("")]),
    ])
  }

  private static func hasBlankRow(_ table: Table) -> Bool {
    (0..<table.rows).contains { row in
      table.columns.allSatisfy { column in
        if row >= column.count || column.missing.contains(row) { return true }
        switch column.values {
        case .real(let values): return !values[row].isFinite
        case .text(let values): return values[row].isEmpty
        default: return false
        }
      }
    }
  }

  private static func type(_ values: ColumnValues) -> String {
    switch values {
    case .real: "number"
    case .integer: "integer"
    case .text, .category: "string"
    // Frictionless reads `datetime` to microseconds only; text keeps every digit.
    case .instant: "string"
    }
  }

  /// A Frictionless name: lower-case letters, digits, `-`, `_` and `.`.
  static func identifier(_ text: String) -> String {
    var out = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9", "-", "_", ".": out.unicodeScalars.append(scalar)
      case "A"..."Z":
        if let lower = Unicode.Scalar(scalar.value + 32) { out.unicodeScalars.append(lower) }
      default: out.append("-")
      }
    }
    return out.isEmpty ? "table" : out
  }
}
