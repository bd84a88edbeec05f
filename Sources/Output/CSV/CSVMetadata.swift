public import Tables
internal import Units

/// The sidecar `NAME.csv-metadata.json`: W3C CSV on the Web, with units, origin and hashes.
///
/// Keys that CSVW does not know stand under absolute URLs or its own prefixes, so that validators
/// stay silent; the Frictionless table schema stands under an absolute URL too.
public enum CSVMetadata {
  /// The key of a column's unit: QUDT's property for UCUM codes.
  static let ucumKey = "http://qudt.org/schema/qudt/ucumCode"

  /// The sidecar of one CSV file.
  ///
  /// - Parameters:
  ///   - table: the table that the file holds.
  ///   - file: the name of the CSV file.
  ///   - provenance: what the table was made from.
  public static func document(
    _ table: Table, file: String, provenance: ExportProvenance
  ) -> ResultValue {
    var object = ResultObject()
    object["@context"] = .list([
      .text("http://www.w3.org/ns/csvw"), .fields(["@language": .text("en")]),
    ])
    object["url"] = .text(SafeName.urlEncoded(file))
    object["dc:title"] = .text(table.name)
    for (key, value) in provenance.jsonld { object[key] = value }
    object["dialect"] = .fields([
      "encoding": .text("utf-8"), "delimiter": .text(","), "quoteChar": .text("\""),
      "doubleQuote": .flag(true), "lineTerminators": .list([.text("\n")]), "header": .flag(true),
      "headerRowCount": .integer(1),
    ])
    object["tableSchema"] = .fields(["columns": .list(columns(of: table))])
    // CSVW takes keys of objects under foreign keys for terms of its own, so the schema is text.
    object["https://specs.frictionlessdata.io/table-schema/"] = .text(
      String(decoding: JSONWriter.line(DataPackage.schema(table)), as: UTF8.self))
    return .object(object)
  }

  private static func columns(of table: Table) -> [ResultValue] {
    // A key tells columns of one name apart; CSVW knows only names, which must differ.
    var names = UniqueNames()
    return table.columns.map { column in
      var object = ResultObject()
      let name = column.key.map { "\(column.name) \($0)" } ?? column.name
      object["name"] = .text(SafeName.urlEncoded(names.unused(name)))
      object["titles"] = .text(CSVWriter.header(column))
      object["datatype"] = .text(datatype(column))
      if !column.label.isEmpty { object["dc:description"] = .text(column.label) }
      if case .known(let unit) = column.unit {
        object[ucumKey] = .text(unit.ucum)
        object["schema:unitText"] = .text(unit.ucum)
      }
      return .object(object)
    }
  }

  /// The type of the file's own numbers: `float` where it holds 32 bits.
  private static func datatype(_ column: Column) -> String {
    switch column.values {
    case .real: column.storage == .float32 ? "float" : "double"
    case .integer: "long"
    case .text, .category: "string"
    case .instant: "dateTime"
    }
  }
}

/// What an exported file was made from and by what.
public struct ExportProvenance: Sendable {
  /// The input; nil for numbers that were computed.
  public var input: InputIdentity?
  /// The id of the format that read the input.
  public var format: String?
  /// The version of Interphase.
  public var version: String

  /// A provenance from its parts.
  public init(input: InputIdentity?, format: String?, version: String) {
    self.input = input
    self.format = format
    self.version = version
  }

  /// The fields of CSVW's sidecar, under prefixes and absolute URLs.
  var jsonld: [(String, ResultValue)] {
    var fields: [(String, ResultValue)] = [
      ("http://www.w3.org/ns/prov#wasGeneratedBy", .text("interphase \(version)"))
    ]
    if let input {
      fields.append(("http://www.w3.org/ns/prov#wasDerivedFrom", .text(input.path)))
      fields.append(("https://schema.org/sha256", .text(input.sha256)))
      fields.append(("https://schema.org/contentSize", .text("\(input.bytes) B")))
    }
    if let format { fields.append(("https://schema.org/encodingFormat", .text(format))) }
    return fields
  }
}
