package import Configuration
internal import Units

/// The keys of a configuration; one file serves `plate`, `delaminate` and sweeps over them.
package enum SimulationKeys {
  /// The greatest number of points of a surface: the matrix of one without symmetry stays below 40 MB.
  package static let mostPoints = 2048

  package static let metal: [ConfigKey] = [
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
      "pressure on a film that the metal lifts (delaminate)"),
  ]

  package static let film: [ConfigKey] = [
    .quantity(
      "film.thickness", in: .nanometre, default: "4 nm", limit: .positive, "thickness of the film"),
    .quantity(
      "film.modulus", in: .gigapascal, default: "25 GPa", limit: .positive,
      companions: [.init("substrate", ForcePerLength.self)],
      "Young's modulus: 25 ± 5 GPa, or {from: results.json#KEY}"),
    .number(
      "film.poisson", default: "0.24", limit: .between(-1, 0.5), "Poisson's ratio of the film"),
    .choice(
      "film.base", of: ["lubricated", "bonded"], default: "lubricated",
      "whether the film slides on the metal (plate)"),
    .flag("film.metal_compliance", default: true, "whether the metal gives way (plate)"),
    .quantity(
      "film.fracture_stress", in: .megapascal, default: "none", limit: .positive, words: ["none"],
      "stress at which the film breaks, for a warning (plate)"),
  ]

  /// The keys that only `plate` uses.
  package static let plating = process + numerics

  /// The keys of the group `film` that only `plate` uses.
  package static let platingFilm = ["film.base", "film.metal_compliance", "film.fracture_stress"]

  private static let process: [ConfigKey] = [
    .choice(
      "solver", of: ["phase-field", "sharp"], default: "phase-field",
      "an order parameter on a grid, or its twin with a sharp interface"),
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
      "height of the phase field's window, which follows the interface"),
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
      "size of a cell of the phase field"),
    .quantity(
      "numerics.interface_half_width", in: .nanometre, default: "0.5 nm", limit: .positive,
      "half width l of the phase field: 1/2 (1 - tanh(s/2l))"),
    .integer(
      "numerics.points", default: 256, limit: .from(16, to: Double(mostPoints)),
      "points over the width, even (solver: sharp)"),
    .number(
      "numerics.tolerance", default: "1e-6", limit: .from(1e-10, to: 1e-2),
      "allowed local error of a step, as a share of the roughness (solver: sharp)"),
    .choice(
      "numerics.capillarity", of: ["full", "constant"], default: "full",
      "how curvature enters the kinetics"),
    .quantity("line.from", in: .nanometre, default: "-16 nm", "end A of the line A–B"),
    .quantity("line.to", in: .nanometre, default: "16 nm", "end B of the line A–B"),
  ]

  /// The keys that only `delaminate` uses.
  package static let delamination: [ConfigKey] = [
    .quantity(
      "load.pressure", in: .megapascal, default: "preset", limit: .positive, words: ["preset"],
      "pressure of the plated metal: the metal's own, or 100 MPa"),
    .quantity(
      "load.overpotential", in: .volt, default: nil, limit: .positive, example: "13.5 mV",
      "in place of the pressure: p = F·Δφ/Vm"),
    .quantity(
      "geometry.initial_damage", in: .nanometre, default: "8 nm", limit: .positive,
      "half width of the debonded region"),
    .quantity(
      "geometry.half_length", in: .nanometre, default: "50 nm", limit: .positive,
      "half length of the film"),
    .choice(
      "interface.bond", of: ["cohesive", "rigid"], default: "cohesive",
      "whether the interface can open"),
    .quantity(
      "interface.strength", in: .megapascal, default: "150 MPa", limit: .positive,
      "greatest traction"),
    .quantity(
      "interface.energy", in: .joulePerSquareMetre, default: "0.3 J/m2", limit: .positive,
      "energy of separation"),
    .quantity(
      "interface.onset_opening", in: .nanometre, default: "0.05 nm", limit: .positive,
      "opening at the greatest traction"),
    .choice(
      "interface.mixed_mode", of: ["effective", "bk", "power"], default: "effective",
      "how opening and shear act together; bk and power need the two keys below"),
    .quantity(
      "interface.shear_strength", in: .megapascal, default: nil, limit: .positive,
      example: "150 MPa", "greatest shear traction"),
    .quantity(
      "interface.shear_energy", in: .joulePerSquareMetre, default: nil, limit: .positive,
      example: "0.6 J/m2", "energy of separation in shear"),
    .number(
      "interface.exponent", default: "2", limit: .from(0.5, to: 10),
      "exponent of the mixed-mode law"),
    .integer(
      "mesh.columns", default: 100, limit: .from(4, to: 2000), "elements along the half length"),
    .integer("mesh.rows", default: 3, limit: .from(1, to: 32), "elements over the thickness"),
    .integer("loading.steps", default: 6, limit: .from(1, to: 10_000), "load steps"),
  ]
}
