internal import ArgumentParser
internal import Interphase

/// `delaminate`: simulates a film pushed off its interface from a configuration.
struct DelaminateCommand: ParsableCommand, ExampleCommand {
  static let configuration = CommandConfiguration(
    commandName: "delaminate",
    abstract: "Simulate a film that plated metal pushes off its interface.",
    discussion: """
      The film over a debonded region is pushed up by the pressure of the metal and held by a cohesive \
      zone. A film without equilibrium at the full load is reported as delaminated, with the share of \
      the load it carries. A configuration is YAML with a unit on every quantity; an empty one stands \
      for the defaults. A measured modulus is taken with film.modulus: {from: results.json#KEY}.
      """)
  static let example = "interphase delaminate docs/examples/delamination.yaml -o delaminated"

  @OptionGroup var simulation: SimulationOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    try simulation.run(.delaminate, common, table: Self.table)
  }

  private static func table(_ outcomes: [SimulationOutcome]) -> String {
    var table = TextTable(
      header: [
        "case", "metal", "thickness", "status", "opening", "opening/thickness", "stable load",
        "max damage",
      ])
    for outcome in outcomes {
      guard case .list(let cases)? = outcome.result["cases"] else { continue }
      for item in cases {
        func number(_ key: String) -> String {
          item[key]?.quantity.map { PeopleText.quantity($0) } ?? "–"
        }
        table.add([
          item["label"]?.text ?? "", item["metal"]?.text ?? "", number("film_thickness"),
          item["status"]?.text ?? "", number("opening"), number("opening_over_thickness"),
          number("stable_load_fraction"), number("max_damage"),
        ])
      }
    }
    return table.text()
  }
}
