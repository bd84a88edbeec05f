internal import Configuration
internal import FilmElasticity
internal import RealModule
internal import Tables
internal import Units

extension VerificationCase {
  /// The response of a strip to a wavy base: closed form, propagators, finite elements.
  static let filmResponse = VerificationCase(
    "film-response", "stress of a flat film on a wavy base",
    keys: [
      .quantity(
        "thickness", in: .nanometre, default: "10 nm", limit: .positive, "of the film"),
      .quantity(
        "wavelength", in: .nanometre, default: "32 nm", limit: .positive, "of the base"),
      .quantity(
        "modulus", in: .gigapascal, default: "25 GPa", limit: .positive, "Young's modulus"),
      .number("poisson", default: "0.24", limit: .between(-1, 0.5), "Poisson's ratio"),
      .choice(
        "base", of: FilmBase.allCases.map(\.rawValue), default: FilmBase.lubricated.rawValue,
        "lubricated or bonded"),
    ]
  ) { values throws(ReadFailure) in
    let strip = FilmStrip(
      thickness: try values.quantity("thickness", Length.self).value.si,
      youngModulus: try values.quantity("modulus", Pressure.self).value.si,
      poissonRatio: try values.number("poisson"), base: try values.choice("base"))
    let wavelength = try values.quantity("wavelength", Length.self).value.si
    let k = 2 * Double.pi / wavelength
    let exact = strip.response(wavenumber: k)
    let layer = FilmLayer(
      thickness: strip.thickness / 3,
      material: ElasticMaterial(
        youngModulus: strip.youngModulus, poissonRatio: strip.poissonRatio))
    let layered = LayeredFilm(layers: [layer, layer, layer], base: strip.base)
    // Deeper than twelve decay lengths nothing is felt to nine digits.
    let cut = LayeredFilm(
      layers: [FilmLayer(thickness: min(strip.thickness, 12 / k), material: layer.material)],
      base: strip.base)
    let rows = min(max(Int((cut.thickness * 16 / wavelength).rounded(.up)), 2), 32)
    // Elements at most a thickness long, as far as 512 columns go.
    let columns = Int(min(max((wavelength / (4 * cut.thickness)).rounded(.up), 8), 256))
    let fine = cut.finiteElementResponse(
      wavenumber: k, columns: 2 * columns, rowsPerLayer: [2 * rows])
    let coarse = cut.finiteElementResponse(
      wavenumber: k, columns: columns, rowsPerLayer: [rows])
    let resolved = wavelength <= 1024 * cut.thickness
    return [
      VerificationRow(
        "response", UnitOf<PressurePerLength>.pascalPerMetre.unit, result: exact,
        reference: layered.response(wavenumber: k),
        source: "4×4 propagators through three layers", tolerance: 1e-9),
      VerificationRow(
        "response_fe", UnitOf<PressurePerLength>.pascalPerMetre.unit, result: fine,
        reference: exact,
        source: "closed form of the strip", tolerance: resolved ? 5e-5 : nil,
        order: order(coarse: coarse, fine: fine, exact: exact),
        expectedOrder: columns == 8 ? 4 : nil),
    ]
  }

  /// Layered films against one film, and against finite elements.
  static let laminate = VerificationCase(
    "laminate", "films of layers by propagators"
  ) { _ in
    var rows: [VerificationRow] = []
    let soft = ElasticMaterial(youngModulus: 25e9, poissonRatio: 0.24)
    let hard = ElasticMaterial(youngModulus: 165e9, poissonRatio: 0.22)
    for base in FilmBase.allCases {
      var worst = 0.0
      let one = FilmStrip(
        thickness: 10e-9, youngModulus: soft.youngModulus, poissonRatio: soft.poissonRatio,
        base: base)
      for step in 0...57 {
        let k = 1e-3 * Double.pow(10, Double(step) / 10) / one.thickness
        for count in [2, 5, 25] {
          let layer = FilmLayer(thickness: one.thickness / Double(count), material: soft)
          let film = LayeredFilm(layers: Array(repeating: layer, count: count), base: base)
          worst = max(
            worst, (film.response(wavenumber: k) / one.response(wavenumber: k) - 1).magnitude)
        }
      }
      rows.append(
        VerificationRow(
          "equal_layers_\(base.rawValue)", .one, result: worst, reference: 0,
          source: "closed form of one film, kh 0.001 to 500", .absolute, tolerance: 1e-12))
    }
    for base in FilmBase.allCases {
      let film = LayeredFilm(
        layers: [
          FilmLayer(thickness: 6e-9, material: soft), FilmLayer(thickness: 4e-9, material: hard),
        ], base: base)
      let k = 2 * Double.pi / 32e-9
      let exact = film.response(wavenumber: k)
      let coarse = film.finiteElementResponse(wavenumber: k, columns: 8, rowsPerLayer: [3, 2])
      let fine = film.finiteElementResponse(wavenumber: k, columns: 16, rowsPerLayer: [6, 4])
      rows.append(
        VerificationRow(
          "two_layers_fe_\(base.rawValue)", UnitOf<PressurePerLength>.pascalPerMetre.unit,
          result: fine, reference: exact,
          source: "4×4 propagators", tolerance: 5e-5,
          order: order(coarse: coarse, fine: fine, exact: exact), expectedOrder: 4))
    }
    return rows
  }

  /// Patches of skewed elements carry a constant strain.
  static let patchTest = VerificationCase(
    "patch-test", "constant strain on skewed elements"
  ) { _ in
    PlaneElement.allCases.map { element in
      VerificationRow(
        "strain_error_\(element.rawValue)", .one, result: ElasticityChecks.patchTestError(element),
        reference: 0, source: "constant strain", .absolute, tolerance: 1e-12)
    }
  }

  /// The errors of a manufactured solution and their orders.
  static let elasticityMMS = VerificationCase(
    "elasticity-mms", "manufactured solution on the unit square",
    keys: [
      .choice("element", of: ["q1", "q2", "both"], default: "both", "bilinear or biquadratic"),
      .integer("cells", default: 64, limit: .from(4, to: 128), "along each side"),
    ]
  ) { values throws(ReadFailure) in
    let cells = try values.integer("cells")
    let choice = try values.text("element")
    var rows: [VerificationRow] = []
    for element in PlaneElement.allCases where choice == "both" || choice == element.rawValue {
      let coarse = ElasticityChecks.manufacturedErrors(element, cells: cells / 2)
      let fine = ElasticityChecks.manufacturedErrors(element, cells: cells)
      let orders: (displacement: Double, energy: Double) = element == .q1 ? (2, 2) : (3, 4)
      let refinement = Double.log(Double(cells) / Double(cells / 2))
      func row(
        _ name: String, _ read: KeyPath<ElasticityChecks.ManufacturedErrors, Double>,
        _ expected: Double
      ) -> VerificationRow {
        var row = VerificationRow(
          name, .one, result: fine?[keyPath: read], reference: 0,
          source: "u = sin πx sin πy, v = ½ sin 2πx sin πy", .absolute, tolerance: nil,
          expectedOrder: expected)
        if let fine, let coarse {
          row.order = Double.log(coarse[keyPath: read] / fine[keyPath: read]) / refinement
        }
        row.parameters["element"] = .fields([
          "value": .text(element.rawValue), "source": .text(values.source("element")),
        ])
        return row
      }
      rows.append(row("l2_error", \.displacement, orders.displacement))
      rows.append(row("energy_error", \.energy, orders.energy))
    }
    return rows
  }
}

/// The order of convergence from a mesh to one twice as fine.
func order(coarse: Double?, fine: Double?, exact: Double) -> Double? {
  guard let coarse, let fine, fine != exact, coarse != exact else { return nil }
  return Double.log2(((coarse - exact) / (fine - exact)).magnitude)
}
