internal import Configuration
internal import Simulation

/// The keys of a plating configuration, with their defaults and comments.
enum PlateSchema {
  static let schema = ConfigSchema(
    title: "Plating of a metal under an elastic film (interphase plate)",
    keys: SimulationKeys.metal + SimulationKeys.film + SimulationKeys.plating
      + SimulationKeys.delamination,
    caseExample: "label: (1ALD-1MLD)25, film.thickness: 10 nm")

  /// Keys that the sharp-interface solver does not look at.
  static let unused =
    ["domain.height", "numerics.spacing", "numerics.interface_half_width"]
    + SimulationKeys.delamination.map(\.path)
}
