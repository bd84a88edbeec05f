internal import ArgumentParser
internal import Interphase

/// `plate`: simulates plating under a film from a configuration.
struct PlateCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "plate",
    abstract: "Simulate plating of an alkali metal under a film.",
    discussion: """
      Solves the phase field or its twin with a sharp interface, under a film that is flat where it is \
      free of stress. A configuration is YAML with a unit on every quantity; an empty one stands for the defaults. A measured modulus is \
      taken with film.modulus: {from: results.json#KEY}.
      """)
  static let example = "interphase plate docs/examples/films.yaml -o plated"

  @OptionGroup var simulation: SimulationOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    try simulation.run(.plate, common, table: Self.table)
  }

  private static func table(_ outcomes: [SimulationOutcome]) -> String {
    var table = TextTable(
      header: ["case", "metal", "solver", "status", "PV/PV0", "tip stress", "valley stress"])
    for outcome in outcomes {
      guard case .list(let cases)? = outcome.result["cases"] else { continue }
      for plate in cases {
        func number(_ key: String) -> String {
          plate[key]?.quantity.map { PeopleText.quantity($0) } ?? "–"
        }
        table.add([
          plate["label"]?.text ?? "", plate["metal"]?.text ?? "", plate["solver"]?.text ?? "",
          plate["status"]?.text ?? "", number("pv_ratio"), number("tip_stress_final"),
          number("valley_stress_final"),
        ])
      }
    }
    return table.text()
  }
}
