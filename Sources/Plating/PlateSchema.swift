internal import Configuration
internal import Simulation

/// The keys of a plating configuration, with their defaults and comments.
enum PlateSchema {
  static let schema = ConfigSchema(
    title: "Plating of a metal under an elastic film (interphase plate)",
    keys: SimulationKeys.metal + SimulationKeys.film + SimulationKeys.plating
      + SimulationKeys.delamination,
    caseExample: "label: (1ALD-1MLD)25, film.thickness: 10 nm")

  /// Keys that a solver does not look at.
  static func unused(by solver: PlateSolver) -> [String] {
    let own =
      switch solver {
      case .phaseField: ["numerics.points", "numerics.tolerance"]
      case .sharp: ["domain.height", "numerics.spacing", "numerics.interface_half_width"]
      }
    return own + SimulationKeys.delamination.map(\.path)
  }
}
