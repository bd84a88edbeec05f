internal import FilmElasticity
public import Materials
public import Units

/// How the film is held outside the debonded region.
public enum InterfaceBond: String, Hashable, Sendable, CaseIterable {
  /// By a cohesive zone that can open.
  case cohesive
  /// Rigidly: the underside does not move.
  case rigid
}

/// What pushes the film up.
public enum DelaminateLoad: Hashable, Sendable {
  /// The pressure of the metal's preset.
  case preset
  /// A pressure.
  case pressure(Measured<Pressure>)
  /// The pressure that stops plating at an overpotential, p = F·Δφ/Vₘ.
  case overpotential(Measured<Voltage>)
}

/// Everything that one run of the delamination model needs.
public struct DelaminateCase: Hashable, Sendable {
  /// The name in results and figures.
  public var label: String
  /// The plated metal, which gives the pressure.
  public var metal: Metal
  /// The film.
  public var film: FilmParameters
  /// What pushes it up.
  public var load = DelaminateLoad.preset
  /// The half width a₀ of the debonded region.
  public var initialDamage = Measured<Length>(Quantity(8, .nanometre), source: "default")
  /// The half length L of the film.
  public var halfLength = Measured<Length>(Quantity(50, .nanometre), source: "default")
  /// How the film is held.
  public var bond = InterfaceBond.cohesive
  /// The greatest traction σ_c.
  public var strength = Measured<Pressure>(Quantity(150, .megapascal), source: "default")
  /// The energy of separation G_c.
  public var energy = Measured<SurfaceEnergy>(
    Quantity(0.3, .joulePerSquareMetre), source: "default")
  /// The opening δ₀ at the greatest traction.
  public var onsetOpening = Measured<Length>(Quantity(0.05, .nanometre), source: "default")
  /// How opening and shear act together.
  public var mixedMode = MixedMode.effective
  /// The greatest shear traction, for the laws that tell the modes apart.
  public var shearStrength: Measured<Pressure>?
  /// The energy of separation in shear, for the laws that tell the modes apart.
  public var shearEnergy: Measured<SurfaceEnergy>?
  /// The exponent of the mixed-mode law.
  public var exponent = 2.0
  /// Elements along the half length and over the thickness.
  public var columns = 100
  /// Elements over the thickness.
  public var rows = 3
  /// Load steps.
  public var steps = 6
  /// Where each setting came from, by its key in a configuration; `default` for all others.
  public var sources: [String: String] = [:]

  /// A case with the default settings of everything but its metal and film.
  public init(label: String, metal: Metal = .lithium, film: FilmParameters = .assumed) {
    self.label = label
    self.metal = metal
    self.film = film
  }

  /// The full pressure on the film, with its uncertainty where the load has one.
  public var pressure: Measured<Pressure> {
    switch load {
    case .preset: return metal.pressure
    case .pressure(let pressure): return pressure
    case .overpotential(let potential):
      let factor = PhysicalConstants.faraday / metal.molarVolume.value.si
      return Measured(
        Quantity(si: potential.value.si * factor),
        u: potential.u.map { Quantity(si: $0.si * factor) },
        source: potential.source)
    }
  }

  /// The columns of elements over the debonded region: a₀ to the nearest element edge.
  var damagedColumns: Int {
    let share = initialDamage.value.si / halfLength.value.si
    return Int((min(max(share, 0), 1) * Double(columns)).rounded())
  }

  /// The half width of the debonded region on the mesh, in m.
  var snappedDamage: Double {
    halfLength.value.si * Double(damagedColumns) / Double(columns)
  }

  /// The parameters that a run beside the nominal one may change.
  struct Inputs {
    var modulus, thickness, pressure, strength, energy: Double
  }

  /// The nominal parameters in SI units.
  var inputs: Inputs {
    Inputs(
      modulus: film.modulus.modulus.value.si, thickness: film.thickness.value.si,
      pressure: pressure.value.si, strength: strength.value.si, energy: energy.value.si)
  }

  /// The problem for the solver.
  func problem(_ inputs: Inputs) -> DelaminationRun.Problem {
    var law = CohesiveLaw(
      strength: inputs.strength, energy: inputs.energy, onsetOpening: onsetOpening.value.si)
    law.mixedMode = mixedMode
    law.exponent = exponent
    if let shearStrength { law.shearStrength = shearStrength.value.si }
    if let shearEnergy { law.shearEnergy = shearEnergy.value.si }
    return DelaminationRun.Problem(
      geometry: CohesiveFilm.Geometry(
        thickness: inputs.thickness, halfLength: halfLength.value.si, columns: columns,
        damagedColumns: damagedColumns, rows: rows,
        material: ElasticMaterial(
          youngModulus: inputs.modulus, poissonRatio: film.poissonRatio.value.si)),
      law: bond == .cohesive ? law : nil, pressure: inputs.pressure, steps: steps)
  }
}
