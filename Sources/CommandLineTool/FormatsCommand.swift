internal import ArgumentParser
internal import Interphase

/// `formats`: every format read and written.
struct FormatsCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "List every format that is read and written.")
  static let example = "interphase formats"

  @OptionGroup var recipes: RecipeOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let formats = FormatRegistry.entries(added: try recipes.formats()).sorted {
      ($0.technique.rawValue, $0.id) < ($1.technique.rawValue, $1.id)
    }
    if common.json {
      let list = formats.map { format -> ResultValue in
        var fields = ResultObject()
        fields["id"] = .text(format.id)
        fields["title"] = .text(format.title)
        fields["technique"] = .text(format.technique.rawValue)
        fields["extensions"] = .list(format.extensions.map { .text($0) })
        fields["recognised_by"] = .text(format.recognisedBy)
        fields["reads"] = .flag(true)
        fields["writes"] = .flag(false)
        fields["recipe"] = .flag(format.recipe != nil)
        if let recipe = format.recipe {
          fields["recipe_sha256"] = .text(recipe.sha256)
          fields["recipe_file"] = recipe.file.map { .text($0) } ?? .null
        }
        return .object(fields)
      }
      let written = ExportFormat.allCases.map { format -> ResultValue in
        .fields([
          "id": .text(format.rawValue), "title": .text(format.title), "technique": .text("any"),
          "extensions": .list([.text(format.rawValue)]), "recognised_by": .null,
          "reads": .flag(false), "writes": .flag(true), "recipe": .flag(false),
        ])
      }
      Terminal.out(bytes: JSONWriter.document(.fields(["formats": .list(list + written)])))
      return
    }
    var table = TextTable(header: ["format", "technique", "extensions", "recipe", "recognised by"])
    for format in formats {
      table.add([
        format.id, format.technique.rawValue,
        format.extensions.map { "." + $0 }.joined(separator: " "),
        format.recipe.map { $0.file == nil ? "built in" : "added" } ?? "", format.recognisedBy,
      ])
    }
    Terminal.out(table.text())
    let names = ExportFormat.allCases.map { "\($0.rawValue) (\($0.title))" }
    Terminal.out("\nwritten: \(names.joined(separator: ", "))")
  }
}

/// The formats that `export` writes.
enum ExportFormat: String, CaseIterable, ExpressibleByArgument {
  case csv, bdf, xdi, idf, vti, xlsx, bpx

  var title: String {
    switch self {
    case .bpx: "Battery Parameter eXchange, model Partial with the measured series, for cycling"
    case .xlsx: "a workbook with a sheet a table, names and units in its first rows"
    case .vti: "VTK image data, one file a grid"
    case .xdi: "XAS Data Interchange, one file a spectrum"
    case .idf: "Ion beam data format (SIMNRA's .xnra), one file a spectrum"
    case .csv: "one file a table, with CSVW and Frictionless metadata"
    case .bdf: "Battery Data Format, one csv a test, for cycling"
    }
  }
}
