internal import FilmElasticity
internal import Materials
internal import Tables
internal import Units

/// One setting as a configuration gives it: a value of the kind that its key asks for.
struct PlateSetting: Sendable {
  enum Value: Sendable {
    case quantity(MeasuredValue)
    case number(Double)
    case flag(Bool)
    case text(String)
  }

  var value: Value
  /// `config line N`, `--set`, or `FILE#KEY`.
  var source: String
  var place: Place
}

/// The keys of a configuration that a case is made of, and how each one changes the case.
enum PlateKeys {
  /// Sets one key of a case; the key and the kind of its value have been checked before.
  static func apply(_ key: String, _ setting: PlateSetting, to plateCase: inout PlateCase) {
    plateCase.sources[key] = setting.source
    switch setting.value {
    case .quantity(let value): apply(key, value, source: setting.source, to: &plateCase)
    case .number(let value): apply(key, value, source: setting.source, to: &plateCase)
    case .flag(let value):
      if key == "film.metal_compliance" { plateCase.metalCompliance = value }
    case .text(let value): apply(key, value, source: setting.source, to: &plateCase)
    }
  }

  private static func apply(
    _ key: String, _ value: MeasuredValue, source: String, to plateCase: inout PlateCase
  ) {
    func measured<D>(_ old: Measured<D>) -> Measured<D> {
      guard let number = value.value, let quantity = try? Quantity<D>(number, unit: value.unit)
      else { return old }
      let u = value.u.flatMap { try? Quantity<D>($0, unit: value.unit) }
      return Measured(quantity, u: u, source: source)
    }
    func exact<D>(_ old: Quantity<D>) -> Quantity<D> { measured(Measured(old)).value }
    switch key {
    case "metal.molar_volume":
      plateCase.metal.molarVolume = measured(plateCase.metal.molarVolume)
    case "metal.surface_energy":
      plateCase.metal.surfaceEnergy = measured(plateCase.metal.surfaceEnergy)
    case "metal.modulus": plateCase.metal.youngModulus = measured(plateCase.metal.youngModulus)
    case "metal.pressure": plateCase.metal.pressure = measured(plateCase.metal.pressure)
    case "film.thickness": plateCase.film.thickness = measured(plateCase.film.thickness)
    case "film.modulus":
      plateCase.film.modulus = MeasuredModulus(
        measured(plateCase.film.modulus.modulus), trace: value.trace)
    case "film.fracture_stress":
      plateCase.fractureStress = measured(plateCase.fractureStress ?? Measured(.zero))
    case "surface.height":
      let height = exact(plateCase.surface.height)
      switch plateCase.surface {
      case .gaussian(_, let radius):
        plateCase.surface = .gaussian(height: height, radius: radius)
      case .cosine: plateCase.surface = .cosine(height: height)
      case .profile: break
      }
    case "surface.radius":
      if case .gaussian(let height, let radius) = plateCase.surface {
        plateCase.surface = .gaussian(height: height, radius: exact(radius))
      }
    case "domain.width": plateCase.width = exact(plateCase.width)
    case "kinetics.overpotential": plateCase.overpotential = exact(plateCase.overpotential)
    case "kinetics.exchange_current_density":
      plateCase.exchangeCurrentDensity = exact(plateCase.exchangeCurrentDensity)
    case "kinetics.temperature": plateCase.temperature = exact(plateCase.temperature)
    case "stop.growth": plateCase.stop = .growth(exact(.zero))
    case "stop.time": plateCase.stop = .time(exact(.zero))
    case "line.from": plateCase.lineFrom = exact(plateCase.lineFrom)
    case "line.to": plateCase.lineTo = exact(plateCase.lineTo)
    default: break
    }
  }

  private static func apply(
    _ key: String, _ value: Double, source: String, to plateCase: inout PlateCase
  ) {
    let measured = Measured<PureNumber>(Quantity(si: value), source: source)
    switch key {
    case "metal.poisson": plateCase.metal.poissonRatio = measured
    case "film.poisson": plateCase.film.poissonRatio = measured
    case "kinetics.transfer_coefficient": plateCase.transferCoefficient = value
    case "numerics.points": plateCase.points = Int(exactly: value.rounded()) ?? 0
    case "numerics.tolerance": plateCase.tolerance = value
    default: break
    }
  }

  private static func apply(
    _ key: String, _ value: String, source: String, to plateCase: inout PlateCase
  ) {
    switch key {
    case "metal":
      guard let preset = Metal.preset(value) else { return }
      plateCase.metal = preset
    case "metal.name": plateCase.metal.name = value
    case "film.base": plateCase.base = FilmBase(rawValue: value) ?? plateCase.base
    case "film.fracture_stress": plateCase.fractureStress = nil
    case "solver": plateCase.solver = PlateSolver(rawValue: value) ?? plateCase.solver
    case "surface.shape":
      let height = plateCase.surface.height
      switch value {
      case "cosine": plateCase.surface = .cosine(height: height)
      case "gaussian":
        if case .gaussian = plateCase.surface { break }
        plateCase.surface = .gaussian(height: height, radius: Quantity(4, .nanometre))
      default: break
      }
    case "numerics.capillarity":
      plateCase.capillarity = Capillarity(rawValue: value) ?? plateCase.capillarity
    default: break
    }
  }
}
