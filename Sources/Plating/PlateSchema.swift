internal import Configuration
internal import FilmElasticity
internal import Units

/// The keys of a plating configuration, with their defaults and comments.
enum PlateSchema {
  static let schema = ConfigSchema(
    title: "Plating of a metal under an elastic film (interphase plate)",
    keys: metal + film + process + numerics + otherCommands,
    caseExample: "label: (1ALD-1MLD)25, film.thickness: 10 nm")

  private static let metal: [ConfigKey] = [
    .text("metal", default: "Li", "preset Li or Na; the keys below replace its constants"),
    .text("metal.name", default: nil, example: "K", "the name of a metal that is no preset"),
    .quantity(
      "metal.molar_volume", in: .cubicCentimetrePerMole, default: nil, limit: .positive,
      example: "13.00 cm3/mol", "molar volume"),
    .quantity(
      "metal.surface_energy", in: .joulePerSquareMetre, default: nil, limit: .positive,
      example: "0.5 J/m2", "energy of the interface of metal and film"),
    .quantity(
      "metal.modulus", in: .gigapascal, default: nil, limit: .positive, example: "4.91 GPa",
      "Young's modulus of the metal"),
    .number(
      "metal.poisson", default: nil, limit: .between(-1, 0.5), example: "0.362",
      "Poisson's ratio of the metal"),
    .quantity(
      "metal.pressure", in: .megapascal, default: nil, limit: .positive, example: "100 MPa",
      "pressure on a film that the metal lifts (not used by plate)"),
  ]

  private static let film: [ConfigKey] = [
    .quantity(
      "film.thickness", in: .nanometre, default: "4 nm", limit: .positive, "thickness of the film"),
    .quantity(
      "film.modulus", in: .gigapascal, default: "25 GPa", limit: .positive,
      companions: [.init("substrate", ForcePerLength.self)],
      "Young's modulus: 25 ± 5 GPa, or {from: results.json#KEY}"),
    .number(
      "film.poisson", default: "0.24", limit: .between(-1, 0.5), "Poisson's ratio of the film"),
    .choice(
      "film.base", of: FilmBase.allCases.map(\.rawValue), default: FilmBase.lubricated.rawValue,
      "whether the film slides on the metal"),
    .flag("film.metal_compliance", default: true, "whether the metal gives way"),
    .quantity(
      "film.fracture_stress", in: .megapascal, default: "none", limit: .positive, words: ["none"],
      "stress at which the film breaks, for a warning"),
  ]

  private static let process: [ConfigKey] = [
    .choice(
      "solver", of: ["sharp", "phase-field"], default: "sharp",
      "this version solves the sharp-interface twin of the phase field"),
    .choice(
      "surface.shape", of: ["gaussian", "cosine"], default: "gaussian",
      "a bump at the centre, or one wave over the width"),
    .quantity(
      "surface.height", in: .nanometre, default: "4 nm", limit: .positive,
      "highest less lowest point"),
    .quantity(
      "surface.radius", in: .nanometre, default: "4 nm", limit: .positive,
      "standard deviation of the Gaussian"),
    .text(
      "surface.file", default: nil, example: "profile.csv",
      "a profile in place of shape, height and radius: columns position_x and interface_height"),
    .quantity(
      "domain.width", in: .nanometre, default: "64 nm", limit: .positive, "width, periodic"),
    .quantity(
      "domain.height", in: .nanometre, default: "24 nm", limit: .positive,
      "height of the phase field's window (not used by solver: sharp)"),
    .quantity(
      "kinetics.overpotential", in: .volt, default: "-0.1 V", limit: .between(-10, 0),
      "overpotential, negative for plating"),
    .quantity(
      "kinetics.exchange_current_density", in: .amperePerSquareMetre, default: "10 A/m2",
      limit: .positive, "sets the clock only"),
    .number(
      "kinetics.transfer_coefficient", default: "0.5", limit: .between(0, 1),
      "transfer coefficient"),
    .quantity(
      "kinetics.temperature", in: .kelvin, default: "298.15 K", limit: .from(1, to: 10_000),
      "temperature"),
    .quantity(
      "stop.growth", in: .nanometre, default: "3 nm", limit: .positive,
      "nominal growth v0·t at the end"),
    .quantity(
      "stop.time", in: .second, default: nil, limit: .positive, example: "0.5 s",
      "time at the end, in place of growth"),
  ]

  private static let numerics: [ConfigKey] = [
    .quantity(
      "numerics.spacing", in: .nanometre, default: "0.25 nm", limit: .positive,
      "grid of the phase field (not used by solver: sharp)"),
    .quantity(
      "numerics.interface_half_width", in: .nanometre, default: "0.5 nm", limit: .positive,
      "half width of the phase field (not used by solver: sharp)"),
    .integer(
      "numerics.points", default: 256, limit: .from(16, to: Double(PlateCase.mostPoints)),
      "points over the width, even"),
    .number(
      "numerics.tolerance", default: "1e-6", limit: .from(1e-10, to: 1e-2),
      "allowed local error of a step, as a share of the roughness"),
    .choice(
      "numerics.capillarity", of: Capillarity.allCases.map(\.rawValue),
      default: Capillarity.full.rawValue, "how curvature enters the kinetics"),
    .quantity("line.from", in: .nanometre, default: "-16 nm", "end A of the line A–B"),
    .quantity("line.to", in: .nanometre, default: "16 nm", "end B of the line A–B"),
  ]

  /// Keys of the delamination model, so that one file serves both commands.
  private static let otherCommands: [ConfigKey] = [
    .tree("load", "delaminate only"), .tree("geometry", "delaminate only"),
    .tree("interface", "delaminate only"), .tree("mesh", "delaminate only"),
    .tree("loading", "delaminate only"),
  ]

  /// Keys that the sharp-interface solver does not look at.
  static let unused = [
    "domain.height", "numerics.spacing", "numerics.interface_half_width", "load", "geometry",
    "interface", "mesh", "loading",
  ]
}
