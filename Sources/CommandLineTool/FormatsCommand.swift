internal import ArgumentParser
internal import Interphase

/// `formats`: every format read and written.
struct FormatsCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "List every format that is read and written.")
  static let example = "interphase formats"

  @OptionGroup var common: CommonOptions

  func run() throws {
    let formats = FormatRegistry.all.sorted {
      ($0.technique.rawValue, $0.id) < ($1.technique.rawValue, $1.id)
    }
    if common.json {
      let list = formats.map { format -> ResultValue in
        .fields([
          "id": .text(format.id), "title": .text(format.title),
          "technique": .text(format.technique.rawValue),
          "extensions": .list(format.extensions.map { .text($0) }),
          "recognised_by": .text(format.recognisedBy), "reads": .flag(true), "writes": .flag(false),
          "recipe": .null,
        ])
      }
      let written = ExportFormat.allCases.map { format -> ResultValue in
        .fields([
          "id": .text(format.rawValue), "title": .text(format.title), "technique": .text("any"),
          "extensions": .list([.text(format.rawValue)]), "recognised_by": .null,
          "reads": .flag(false), "writes": .flag(true), "recipe": .null,
        ])
      }
      Terminal.out(bytes: JSONWriter.document(.fields(["formats": .list(list + written)])))
      return
    }
    var table = TextTable(header: ["format", "technique", "extensions", "recognised by"])
    for format in formats {
      table.add([
        format.id, format.technique.rawValue,
        format.extensions.map { "." + $0 }.joined(separator: " "), format.recognisedBy,
      ])
    }
    Terminal.out(table.text())
    let names = ExportFormat.allCases.map { "\($0.rawValue) (\($0.title))" }
    Terminal.out("\nwritten: \(names.joined(separator: ", "))")
  }
}

/// The formats that `export` writes.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case csv, bdf, xdi, vti, xlsx, bpx

  var title: String {
    switch self {
    case .bpx: "Battery Parameter eXchange, model Partial with the measured series, for cycling"
    case .xlsx: "a workbook with a sheet a table, names and units in its first rows"
    case .vti: "VTK image data, one file a grid"
    case .xdi: "XAS Data Interchange, one file a spectrum"
    case .csv: "one file a table, with CSVW and Frictionless metadata"
    case .bdf: "Battery Data Format, one csv a test, for cycling"
    }
  }
}
