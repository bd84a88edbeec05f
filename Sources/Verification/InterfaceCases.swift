internal import Configuration
internal import Delamination
internal import FilmElasticity
internal import Materials
internal import RealModule
internal import Simulation
internal import Tables
internal import Units

extension VerificationCase {
  /// Peak, area and unloading of the bilinear law.
  static let cohesiveLaw = VerificationCase(
    "cohesive-law", "peak, area and unloading of the bilinear law",
    keys: [
      .quantity(
        "strength", in: .megapascal, default: "150 MPa", limit: .positive, "greatest traction"),
      .quantity(
        "energy", in: .joulePerSquareMetre, default: "0.3 J/m2", limit: .positive,
        "energy of separation"),
      .quantity(
        "onset_opening", in: .nanometre, default: "0.05 nm", limit: .positive,
        "opening at the greatest traction"),
    ]
  ) { values throws(ReadFailure) in
    let law = CohesiveLaw(
      strength: try values.quantity("strength", Pressure.self).value.si,
      energy: try values.quantity("energy", SurfaceEnergy.self).value.si,
      onsetOpening: try values.quantity("onset_opening", Length.self).value.si)
    guard law.failureOpening > law.onsetOpening else {
      throw values.failure(
        "energy", "verify.energy", found: "less than the energy at the peak of the traction",
        expected: "more than strength·onset_opening/2")
    }
    // The corners of the law are among the openings, so that the trapezoid rule is exact.
    let steps = 500
    let rise = (0...steps).map { law.onsetOpening * Double($0) / Double(steps) }
    let fall = (1...steps).map {
      law.onsetOpening
        + (law.failureOpening - law.onsetOpening) * Double($0) / Double(steps)
    }
    var (peak, area, damage) = (0.0, 0.0, 0.0)
    var last = (opening: 0.0, traction: 0.0)
    var secant = 0.0
    for opening in rise + fall {
      let answer = law.respond(opening: opening, slip: 0, damage: damage)
      damage = answer.damage
      peak = max(peak, answer.normal)
      area += (opening - last.opening) * (answer.normal + last.traction) / 2
      last = (opening, answer.normal)
      for share in [0.75, 0.5, 0.01] {
        let back = law.respond(opening: share * opening, slip: 0, damage: damage)
        secant = max(secant, (back.normal - share * answer.normal).magnitude / law.strength)
      }
    }
    return [
      VerificationRow(
        "peak_traction", .megapascal, result: peak * 1e-6, reference: law.strength * 1e-6,
        source: "strength", tolerance: 1e-6),
      VerificationRow(
        "area", .joulePerSquareMetre, result: area, reference: law.energy, source: "energy",
        tolerance: 1e-6),
      VerificationRow(
        "secant_error", .one, result: secant, reference: 0, source: "straight line to the origin",
        .absolute, tolerance: 1e-6),
    ]
  }

  /// A strip that a pressure lifts off springs.
  static let winklerBlister = VerificationCase(
    "winkler-blister", "strip lifted off a Winkler foundation",
    keys: [
      .quantity("pressure", in: .megapascal, default: "1 MPa", limit: .positive, "on |x| ≤ a"),
      .quantity("half_length", in: .nanometre, default: "60 nm", limit: .positive, "a"),
      .quantity("thickness", in: .nanometre, default: "2 nm", limit: .positive, "of the strip"),
      .quantity(
        "interface_stiffness", in: .pascalPerMetre, default: "1e17 Pa/m", limit: .positive,
        "of the foundation"),
      .quantity(
        "modulus", in: .gigapascal, default: "25 GPa", limit: .positive, "Young's modulus"),
      .number("poisson", default: "0.24", limit: .between(-1, 0.5), "Poisson's ratio"),
    ]
  ) { values throws(ReadFailure) in
    let pressure = try values.quantity("pressure", Pressure.self).value.si
    let a = try values.quantity("half_length", Length.self).value.si
    let h = try values.quantity("thickness", Length.self).value.si
    let stiffness = try values.quantity("interface_stiffness", PressurePerLength.self).value.si
    let material = ElasticMaterial(
      youngModulus: try values.quantity("modulus", Pressure.self).value.si,
      poissonRatio: try values.number("poisson"))
    let exact = BlisterFormulas.winklerBlister(
      pressure: pressure, halfLength: a, thickness: h, stiffness: stiffness, material: material)
    // The two deflections of the design notes, at E 25 GPa and ν 0.24.
    let printed: [(h: Double, k: Double, w: Double)] = [
      (2e-9, 1e17, 4.250164439419021e-08), (4e-9, 1e16, 9.643565170577276e-09),
    ]
    let known = printed.first {
      near($0.h, h) && near($0.k, stiffness) && near(pressure, 1e6) && near(a, 60e-9)
        && near(material.youngModulus, 25e9) && near(material.poissonRatio, 0.24)
    }
    let reach = BlisterFormulas.foundationLength(
      stiffness: stiffness, plateStiffness: material.planeStrainModulus * h * h * h / 12)
    let widths = columns(over: a, size: min(h, a / 20), beyond: max(8 * reach, 4 * h), reach / 6)
    let mesh = StripMesh(
      columnWidths: widths.all, rowHeights: [Double](repeating: h / 3, count: 3), element: .q2)
    var problem = PlaneStrainProblem(mesh: mesh, material: material)
    for j in 0..<mesh.nodesAcross {
      problem.fix(0, j, .x)
      problem.fix(mesh.nodesAlong - 1, j, .x)
    }
    problem.addBasePressure(pressure, columns: 0..<widths.free)
    // Springs in both directions, as the cohesive law has them before damage.
    problem.addBaseSprings(normal: stiffness, shear: stiffness, columns: widths.free..<mesh.columns)
    let slender = a / h >= 15 * (1 - 1e-9)
    return [
      VerificationRow(
        "deflection", .metre, result: exact, reference: known?.w,
        source: "independent evaluation of the closed form", tolerance: 1e-9),
      VerificationRow(
        "deflection_fe", .metre, result: problem.solve().map { $0[1] }, reference: exact,
        source: "closed form of the plate", tolerance: slender ? 0.015 : nil),
    ]
  }

  /// Two arms pulled apart.
  static let dcb = VerificationCase(
    "dcb", "double cantilever beam on an elastic interface",
    keys: [
      .quantity("load", in: .newton, default: "60 N", limit: .positive, "on each arm"),
      .quantity("crack_length", in: .millimetre, default: "30 mm", limit: .positive, "a"),
      .quantity(
        "modulus", in: .gigapascal, default: "135.3 GPa", limit: .positive, "along the arms"),
      .quantity("width", in: .millimetre, default: "20 mm", limit: .positive, "of the arms"),
      .quantity("thickness", in: .millimetre, default: "1.5 mm", limit: .positive, "of an arm"),
      .quantity(
        "interface_stiffness", in: .pascalPerMetre, default: "1e14 Pa/m", limit: .positive,
        "under each arm"),
    ]
  ) { values throws(ReadFailure) in
    let load = try values.quantity("load", Force.self).value.si
    let a = try values.quantity("crack_length", Length.self).value.si
    let modulus = try values.quantity("modulus", Pressure.self).value.si
    let width = try values.quantity("width", Length.self).value.si
    let h = try values.quantity("thickness", Length.self).value.si
    let stiffness = try values.quantity("interface_stiffness", PressurePerLength.self).value.si
    let exact = BlisterFormulas.doubleCantilever(
      load: load, crackLength: a, youngModulus: modulus, width: width, thickness: h,
      stiffness: stiffness)
    let isDefault = values.schema.keys.allSatisfy { !values.isGiven($0.path) }
    // ν = 0: the beam's EI is that of plane stress and of plane strain.
    let material = ElasticMaterial(youngModulus: modulus, poissonRatio: 0)
    let reach = BlisterFormulas.foundationLength(
      stiffness: stiffness, plateStiffness: modulus * h * h * h / 12)
    let widths = columns(over: a, size: min(h, a / 20), beyond: max(10 * reach, 4 * h), reach / 6)
    let rows = 4
    let mesh = StripMesh(
      columnWidths: widths.all, rowHeights: [Double](repeating: h / Double(rows), count: rows),
      element: .q2)
    var problem = PlaneStrainProblem(mesh: mesh, material: material)
    for j in 0..<mesh.nodesAcross { problem.fix(mesh.nodesAlong - 1, j, .x) }
    problem.addBaseSprings(normal: stiffness, shear: stiffness, columns: widths.free..<mesh.columns)
    // The load as a uniform shear on the end, Simpson's rule over each element.
    for row in 0..<rows {
      for (j, share) in [(2 * row, 1.0), (2 * row + 1, 4), (2 * row + 2, 1)] {
        problem.forces[2 * mesh.node(0, j) + 1] += load / width / Double(rows) * share / 6
      }
    }
    let middle = 2 * mesh.node(0, mesh.nodesAcross / 2) + 1
    return [
      VerificationRow(
        "opening_clamped", .metre, result: exact.clamped,
        reference: isDefault ? 1.4190687361419067e-3 : nil,
        source: "independent evaluation of the closed form", tolerance: 1e-9),
      VerificationRow(
        "opening", .metre, result: exact.onFoundation,
        reference: isDefault ? 1.5826343670979383e-3 : nil,
        source: "independent evaluation of the closed form", tolerance: 1e-9),
      VerificationRow(
        "opening_fe", .metre, result: problem.solve().map { 2 * $0[middle] },
        reference: exact.onFoundation, source: "closed form of the beam",
        tolerance: a / h >= 15 * (1 - 1e-9) ? 0.015 : nil),
    ]
  }

  /// A rigidly bonded film under pressure.
  static let pressurisedFilm = VerificationCase(
    "pressurised-film", "film bonded rigidly beyond a debonded region, under pressure",
    keys: [
      .quantity("thickness", in: .nanometre, default: "4 nm", limit: .positive, "of the film"),
      .quantity(
        "initial_damage", in: .nanometre, default: "8 nm", limit: .positive,
        "half width of the debonded region"),
      .quantity(
        "modulus", in: .gigapascal, default: "25 GPa", limit: .positive, "Young's modulus"),
      .number("poisson", default: "0.24", limit: .between(-1, 0.5), "Poisson's ratio"),
      .quantity("pressure", in: .megapascal, default: "100 MPa", limit: .positive, "on the film"),
    ]
  ) { values throws(ReadFailure) in
    let a = try values.quantity("initial_damage", Length.self)
    var item = DelaminateCase(label: "case")
    item.film.thickness = try values.quantity("thickness")
    item.film.modulus = MeasuredModulus(try values.quantity("modulus"))
    item.film.poissonRatio = try values.quantity("poisson")
    item.load = .pressure(try values.quantity("pressure"))
    item.initialDamage = a
    item.halfLength = Measured(Quantity(si: 5 * a.value.si), source: a.source)
    item.bond = .rigid
    item.columns = 200
    item.rows = 16
    let outcome = runDelaminate(
      try DelaminateConfiguration(base: item, cases: [item]), tracePrefix: "v")
    // CalculiX 2.20, CPE8 200×16, at 100 MPa, 25 GPa, ν 0.24; deflections scale with p·a/E.
    let runs: [(h: Double, a: Double, w: Double)] = [
      (4, 8, 0.3294755), (10, 8, 0.09218404), (4, 40, 89.61014),
    ]
    let nanometres = (a: a.value.si * 1e9, h: item.film.thickness.value.si * 1e9)
    let known = runs.first { near($0.a / $0.h, nanometres.a / nanometres.h) }
    var reference: Double?
    if let known, near(item.film.poissonRatio.value.si, 0.24) {
      reference =
        known.w * nanometres.a / known.a * item.pressure.value.si / 100e6 * 25e9
        / item.film.modulus.modulus.value.si
    }
    return [
      VerificationRow(
        "deflection", .nanometre,
        result: outcome.result["cases"]?[0]?["opening"]?.quantity?.value, reference: reference,
        source: "CalculiX 2.20, CPE8, 200×16", tolerance: 0.015)
    ]
  }

  /// The openings of the design notes, the mesh, and a film that comes off.
  static let delaminateReference = VerificationCase(
    "delaminate-reference", "openings under Li and Na, meshes, and a film that comes off"
  ) { _ throws(ReadFailure) in
    let table: [(h: Double, lithium: Double, sodium: Double)] = [
      (4, 0.35308, 0.11620), (6, 0.07441, 0.03202), (8, 0.03047, 0.01545), (10, 0.01730, 0.009572),
      (16, 0.006955, 0.004086), (20, 0.004908, 0.002895),
    ]
    func film(_ h: Double, _ metal: Metal = .lithium) -> DelaminateCase {
      var item = DelaminateCase(label: "\(h) nm, \(metal.name)", metal: metal)
      item.film.thickness = Measured(Quantity(h, .nanometre), source: "reference")
      return item
    }
    func results(_ cases: [DelaminateCase]) throws(ReadFailure) -> [ResultValue] {
      let outcome = runDelaminate(
        try DelaminateConfiguration(base: DelaminateCase(label: "case"), cases: cases),
        tracePrefix: "v")
      if case .list(let list)? = outcome.result["cases"] { return list }
      return []
    }
    let opening = "opening_over_thickness"
    let cases = table.flatMap { [film($0.h), film($0.h, .sodium)] }
    let wanted = table.flatMap { [$0.lithium, $0.sodium] }
    var rows: [VerificationRow] = []
    for (found, reference) in zip(try results(cases), wanted) {
      var row = VerificationRow(
        opening, .one, result: found[opening]?.quantity?.value, reference: reference,
        source: "independent finite-element prototype, converged", tolerance: 5e-3)
      row.parameters["film.thickness"] = found["film_thickness"] ?? .null
      row.parameters["metal"] = found["metal"] ?? .null
      rows.append(row)
    }
    let meshes = [(50, 2), (100, 3), (200, 4), (400, 8)].map { columns, rows in
      var item = film(4)
      item.label = "\(columns)×\(rows)"
      item.columns = columns
      item.rows = rows
      return item
    }
    let openings = try results(meshes).compactMap { $0[opening]?.quantity?.value }
    rows.append(
      VerificationRow(
        "mesh_spread", .one,
        result: openings.count == 4
          ? (openings.max() ?? 0) / (openings.min() ?? 1) - 1 : nil,
        reference: 0, source: "meshes 50×2 to 400×8 agree", .absolute, tolerance: 2e-3))
    var loose = film(4)
    loose.initialDamage = Measured(Quantity(16, .nanometre), source: "reference")
    loose.halfLength = Measured(Quantity(80, .nanometre), source: "reference")
    loose.strength = Measured(Quantity(100, .megapascal), source: "reference")
    loose.energy = Measured(Quantity(0.2, .joulePerSquareMetre), source: "reference")
    rows.append(
      VerificationRow(
        "stable_load_fraction", .one,
        result: try results([loose]).first?["stable_load_fraction"]?.quantity?.value,
        reference: 0.365, source: "independent prototype: 33 to 40 %", .absolute,
        tolerance: 0.035))
    return rows
  }
}

/// Whether two numbers agree but for rounding.
private func near(_ a: Double, _ b: Double) -> Bool { (a - b).magnitude <= 1e-9 * b.magnitude }

/// Columns of elements over a free length and a held one beyond it, small near the border.
///
/// - Parameters:
///   - size: the size of elements in the free part.
///   - fine: the size that the held part asks for.
private func columns(
  over length: Double, size: Double, beyond: Double, _ fine: Double
) -> (all: [Double], free: Int) {
  let most = 400.0
  let left = Int(min(max((length / size).rounded(.up), 1), most))
  let right = Int(min(max((beyond / min(fine, size)).rounded(.up), 1), most))
  return (
    [Double](repeating: length / Double(left), count: left)
      + [Double](repeating: beyond / Double(right), count: right), left
  )
}
