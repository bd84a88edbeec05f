internal import Configuration
internal import Materials
internal import Plating
internal import RealModule
internal import Simulation
internal import Tables
internal import Units

extension VerificationCase {
  /// The speed of a flat front on coarse and fine cells.
  static let planarFront = VerificationCase(
    "planar-front", "speed of a flat front of the phase field",
    keys: [
      .number(
        "spacing_over_width", default: "0.5", limit: .from(0.05, to: 1.5),
        "size of a cell over the half width of the interface")
    ]
  ) { values throws(ReadFailure) in
    let spacing = try values.number("spacing_over_width")
    let ratio = PlatingChecks.planarSpeedRatio(spacingOverWidth: spacing)
    let finer = PlatingChecks.planarSpeedRatio(spacingOverWidth: spacing / 2)
    let known = [1.0: 0.9745, 0.5: 0.9940, 0.25: 0.9985][spacing]
    var order: Double?
    if let ratio, let finer, ratio < 1, finer < 1 {
      order = Double.log((1 - ratio) / (1 - finer)) / Double.log(2)
    }
    return [
      VerificationRow(
        "speed_ratio", .one, result: ratio, reference: known,
        source: "independent prototype, explicit 5-point steps", .absolute, tolerance: 5e-4,
        order: order, expectedOrder: spacing <= 1 ? 2 : nil)
    ]
  }

  /// The area of a shrinking circle.
  static let circle = VerificationCase("circle", "area of a circle that shrinks by its curvature") {
    _ throws(ReadFailure) in
    [
      VerificationRow(
        "area_rate", .one, result: PlatingChecks.circleAreaRate(), reference: 1,
        source: "motion by curvature, d(R²)/dt = −2L_σκ", tolerance: 0.01)
    ]
  }

  /// The decay of a small wave under a film.
  static let dispersion = VerificationCase(
    "dispersion", "decay of a small wave under a film in the phase field",
    keys: [
      .quantity(
        "wavelength", in: .nanometre, default: "32 nm", limit: .from(8, to: 512), "of the surface"),
      .quantity("thickness", in: .nanometre, default: "10 nm", limit: .positive, "of the film"),
      .quantity("modulus", in: .gigapascal, default: "25 GPa", limit: .positive, "of the film"),
    ]
  ) { values throws(ReadFailure) in
    var plateCase = PlateCase(label: "dispersion")
    plateCase.width = try values.quantity("wavelength", Length.self).value
    plateCase.film.thickness = try values.quantity("thickness")
    plateCase.film.modulus = MeasuredModulus(try values.quantity("modulus"))
    // Cells of 0.25 nm or a little less, an even number of them.
    let columns = 2 * (plateCase.width.value(in: .nanometre) / 0.5).rounded(.up)
    plateCase.spacing = plateCase.width / columns
    try plateCase.checkRanges()
    return [
      VerificationRow(
        "rate_ratio", .one, result: PlatingChecks.dispersion(plateCase), reference: 1,
        source: "linear theory, −M·χ·(S_eff(k) + γk²), after one relaxation time of the profile",
        tolerance: 0.05)
    ]
  }

  /// The phase field beside the sharp-interface model.
  static let phaseFieldTwin = VerificationCase(
    "phase-field-twin", "phase field against the sharp-interface model",
    keys: [
      .quantity("thickness", in: .nanometre, default: "10 nm", limit: .positive, "of the film"),
      .quantity("growth", in: .nanometre, default: "3 nm", limit: .from(0.1, to: 20), "at the end"),
      .quantity(
        "interface_half_width", in: .nanometre, default: "0.5 nm", limit: .from(0.1, to: 1),
        "half width, two cells or more"),
    ]
  ) { values throws(ReadFailure) in
    var plateCase = PlateCase(label: "twin")
    plateCase.film.thickness = try values.quantity("thickness")
    plateCase.stop = .growth(try values.quantity("growth").value)
    plateCase.interfaceHalfWidth = try values.quantity("interface_half_width").value
    let half = plateCase.interfaceHalfWidth.value(in: .nanometre)
    // At least two cells in the half width, an even number over the width.
    let columns = 2 * (plateCase.width.value(in: .nanometre) / half - 1e-9).rounded(.up)
    plateCase.spacing = plateCase.width / columns
    plateCase.windowHeight = Quantity(max(24, 30 * half), .nanometre)
    try plateCase.checkRanges()
    let phase = PlatingChecks.run(plateCase)
    plateCase.solver = .sharp
    let sharp = PlatingChecks.run(plateCase)
    // Published for ℓ 0.5 and 0.25 nm; the difference grows with ℓ.
    let tolerance = half <= 0.25 ? 0.015 : 0.03 * max(1, half / 0.5)
    return [
      VerificationRow(
        "pv_ratio", .one, result: phase.isFinished ? phase.ratio : nil,
        reference: sharp.isFinished ? sharp.ratio : nil, source: "sharp-interface model",
        tolerance: tolerance)
    ]
  }

  /// The tables of both solvers.
  static let plateReference = VerificationCase(
    "plate-reference", "plating at the defaults: both solvers against independent prototypes"
  ) { _ throws(ReadFailure) in
    var rows: [VerificationRow] = []
    for line in sharpTable {
      for (growth, (ratio, tip)) in zip([1.0, 2, 3, 4], zip(line.ratios, line.tips)) {
        let found = PlatingChecks.run(plateCase(line.thickness, growth, .sharp))
        func row(
          _ name: String, _ unit: PhysicalUnit, _ result: Double, _ known: Double,
          _ tolerance: Double
        ) {
          rows.append(
            referenceRow(
              name, unit, found.isFinished ? result : nil, known, tolerance, line.thickness,
              growth, .sharp))
        }
        row("pv_ratio", .one, found.ratio, ratio, 5e-3)
        row("tip_stress_final", .megapascal, found.tipFinal, tip, 1e-2)
        if growth == 1 {
          row("tip_stress_initial", .megapascal, found.tipInitial, line.tipInitial, 1e-3)
        }
        if growth == 3 {
          row("valley_stress_final", .megapascal, found.valleyFinal, line.valley, 1e-2)
          row("far_field_rise", .nanometre, found.rise, line.rise, 3e-3)
        }
      }
    }
    for line in phaseTable {
      var item = plateCase(line.thickness, 3, .phaseField)
      item.capillarity = line.isConstant ? .constant : .full
      let found = PlatingChecks.run(item)
      for (name, unit, result, known) in [
        ("pv_ratio", PhysicalUnit.one, found.ratio, line.ratio),
        ("tip_stress_final", .megapascal, found.tipFinal, line.tip),
      ] {
        var row = referenceRow(
          name, unit, found.isFinished ? result : nil, known, 5e-3, line.thickness, 3, .phaseField)
        row.parameters["numerics.capillarity"] = .text(item.capillarity.rawValue)
        rows.append(row)
      }
    }
    return rows
  }
}

/// Li, 25 GPa, bump 4 × 4 nm: one film at 1, 2, 3 and 4 nm of growth; valley and rise at 3 nm.
private struct SharpLine {
  let thickness, tipInitial: Double
  let ratios, tips: [Double]
  let valley, rise: Double
}

private let sharpTable: [SharpLine] = [
  SharpLine(
    thickness: 4, tipInitial: -1008.98, ratios: [0.776956, 0.671265, 0.624317, 0.592715],
    tips: [-318.888, -118.144, -65.13, -42.8374], valley: 37.7148, rise: 2.84932),
  SharpLine(
    thickness: 10, tipInitial: -1628.02, ratios: [0.665613, 0.465699, 0.33803, 0.249162],
    tips: [-581.157, -209.25, -101.391, -62.2717], valley: 53.2063, rise: 3.31757),
  SharpLine(
    thickness: 20, tipInitial: -1800.77, ratios: [0.567065, 0.313446, 0.172022, 0.0963217],
    tips: [-686.982, -257.318, -101.406, -47.6219], valley: 51.2413, rise: 3.67033),
]

/// The same films in the phase field, at 3 nm of growth.
private struct PhaseLine {
  let thickness, ratio, tip: Double
  let isConstant: Bool
}

private let phaseTable: [PhaseLine] = [
  PhaseLine(
    thickness: 4, ratio: 0.62869, tip: -65.5061, isConstant: false),
  PhaseLine(
    thickness: 10, ratio: 0.342551, tip: -102.949, isConstant: false),
  PhaseLine(
    thickness: 20, ratio: 0.17533, tip: -103.453, isConstant: false),
  PhaseLine(
    thickness: 4, ratio: 0.608366, tip: -61.7025, isConstant: true),
  PhaseLine(
    thickness: 10, ratio: 0.330524, tip: -96.4832, isConstant: true),
  PhaseLine(
    thickness: 20, ratio: 0.167525, tip: -95.949, isConstant: true),
]

private func plateCase(_ thickness: Double, _ growth: Double, _ solver: PlateSolver) -> PlateCase {
  var item = PlateCase(label: "reference")
  item.solver = solver
  item.film.thickness = Measured(Quantity(thickness, .nanometre), source: "reference")
  item.stop = .growth(Quantity(growth, .nanometre))
  return item
}

private func referenceRow(
  _ name: String, _ unit: PhysicalUnit, _ result: Double?, _ known: Double, _ tolerance: Double,
  _ thickness: Double, _ growth: Double, _ solver: PlateSolver
) -> VerificationRow {
  var row = VerificationRow(
    name, unit, result: result, reference: known,
    source: solver == .sharp
      ? "independent prototype: SciPy BDF to 1e-7, 512 points"
      : "independent prototype: explicit 5-point steps, ℓ 0.5 nm, cells of 0.25 nm",
    tolerance: tolerance)
  row.parameters["film.thickness"] = .quantity(MeasuredValue(thickness, .nanometre))
  row.parameters["stop.growth"] = .quantity(MeasuredValue(growth, .nanometre))
  row.parameters["solver"] = .text(solver.rawValue)
  return row
}
