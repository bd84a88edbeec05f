import Configuration
import Units

/// The keys of simulation.md §Config, as a simulation would declare them.
enum Example {
  static let schema = ConfigSchema(
    title: "interphase plate: the plating model",
    keys: [
      .choice("metal", of: ["Li", "Na"], default: "Li", "preset of the metal"),
      .quantity(
        "metal.molar_volume", in: .cubicCentimetrePerMole, default: nil, limit: .positive,
        example: "13 cm3/mol", "instead of the preset's"),
      .quantity(
        "film.thickness", in: .nanometre, default: "4 nm", limit: .positive, "thickness of the film"
      ),
      .quantity(
        "film.modulus", in: .gigapascal, default: "25 GPa", limit: .positive,
        companions: [.init("substrate", ForcePerLength.self)], "Young's modulus"),
      .number("film.poisson", default: "0.24", limit: .between(-1, 0.5), "Poisson's ratio"),
      .choice("film.base", of: ["lubricated", "bonded"], default: "lubricated", "under the film"),
      .flag("film.metal_compliance", default: true, "whether the metal gives way"),
      .quantity(
        "film.fracture_stress", in: .megapascal, default: "none", limit: .positive,
        words: ["none"], "warns above it"),
      .choice("solver", of: ["phase-field", "sharp"], default: "phase-field", "the model"),
      .quantity(
        "kinetics.overpotential", in: .volt, default: "-0.1 V", limit: .negative, "of plating"),
      .quantity(
        "kinetics.temperature", in: .kelvin, default: "298.15 K", limit: .positive, "of the cell"),
      .quantity("stop.growth", in: .nanometre, default: "3 nm", limit: .positive, "nominal growth"),
      .quantity("stop.time", in: .second, default: nil, example: "0.5 s", "or a time"),
      .integer("numerics.points", default: 256, limit: .from(8, to: 65536), "along the surface"),
      .number("numerics.tolerance", default: "1e-6", limit: .positive, "of the integrator"),
      .text("surface.file", default: nil, example: "profile.csv", "a measured profile"),
      .list("orderings", example: "[\"a > b\"]", "inequalities over labels"),
      .tree("axes", example: "{film.thickness: {from: 4 nm}}", "axes of a sweep"),
      .map(
        "samples",
        of: ConfigSchema(
          title: "sample",
          keys: [
            .quantity("thickness", in: .nanometre, default: nil, limit: .positive, "of the film"),
            .text("metal", default: nil, "under the film"),
            .list("files", "patterns"),
          ]), "samples by name"),
    ],
    caseExample: "label: thick, film.thickness: 20 nm")
}
