public import FilmElasticity
public import Materials
public import Units

/// The equations that are solved.
public enum PlateSolver: String, Hashable, Sendable, CaseIterable {
  /// The surface as a line that moves: the sharp-interface twin of the phase field.
  case sharp
}

/// Where a run ends.
public enum PlateStop: Hashable, Sendable {
  /// At a nominal growth v₀·t.
  case growth(Quantity<Length>)
  /// After a time.
  case time(Quantity<TimeSpan>)
}

/// Everything that one run of the plating model needs.
public struct PlateCase: Hashable, Sendable {
  /// The name in results and figures.
  public var label: String
  /// The plated metal.
  public var metal: Metal
  /// The film over it.
  public var film: FilmParameters
  /// How the film's base follows the metal.
  public var base = FilmBase.lubricated
  /// Whether the metal gives way under the film's stress.
  public var metalCompliance = true
  /// The stress at which the film breaks; nil where it is not known.
  public var fractureStress: Measured<Pressure>?
  /// The equations solved.
  public var solver = PlateSolver.sharp
  /// The surface at the start.
  public var surface = SurfaceShape.gaussian(
    height: Quantity(4, .nanometre), radius: Quantity(4, .nanometre))
  /// The width of the periodic domain.
  public var width = Quantity<Length>(64, .nanometre)
  /// The overpotential η, negative for plating.
  public var overpotential = Quantity<Voltage>(-0.1, .volt)
  /// The exchange current density i₀, which sets the clock and nothing else.
  public var exchangeCurrentDensity = Quantity<CurrentDensity>(10, .amperePerSquareMetre)
  /// The transfer coefficient α.
  public var transferCoefficient = 0.5
  /// The temperature.
  public var temperature = Quantity<Temperature>(298.15, .kelvin)
  /// Where the run ends.
  public var stop = PlateStop.growth(Quantity(3, .nanometre))
  /// The number of points over the width, even.
  public var points = 256
  /// The allowed local error of a step, as a share of the roughness.
  public var tolerance = 1e-6
  /// How curvature enters the kinetics.
  public var capillarity = Capillarity.full
  /// The ends of the line A–B along which the stress is drawn.
  public var lineFrom = Quantity<Length>(-16, .nanometre)
  /// The end B of the line.
  public var lineTo = Quantity<Length>(16, .nanometre)
  /// Where each setting came from, by its key in a configuration; `default` for all others.
  public var sources: [String: String] = [:]

  /// A case with the default settings of everything but its metal and film.
  public init(label: String, metal: Metal = .lithium, film: FilmParameters = .assumed) {
    self.label = label
    self.metal = metal
    self.film = film
  }

  /// The kinetics in the units of the solver.
  var kinetics: PlatingKinetics {
    PlatingKinetics(
      overpotential: overpotential.si, exchangeCurrentDensity: exchangeCurrentDensity.si,
      transferCoefficient: transferCoefficient, temperature: temperature.si,
      molarVolume: metal.molarVolume.value.si, surfaceEnergy: metal.surfaceEnergy.value.si)
  }

  /// The nominal growth at the end in nm.
  var growth: Double {
    switch stop {
    case .growth(let length): length.value(in: .nanometre)
    case .time(let time): time.si * kinetics.nominalSpeed
    }
  }

  /// The problem for the solver, with a modulus and thickness that may be other than the film's.
  func problem(modulus: Quantity<Pressure>, thickness: Quantity<Length>)
    -> SharpInterfaceRun.Problem
  {
    let strip = FilmStrip(
      thickness: thickness.si, youngModulus: modulus.si,
      poissonRatio: film.poissonRatio.value.si, base: base)
    let widthInNanometres = width.value(in: .nanometre)
    return SharpInterfaceRun.Problem(
      film: FilmOnMetal(
        film: strip, metalPlaneStrainModulus: metalCompliance ? metal.planeStrainModulus.si : nil),
      kinetics: kinetics, capillarity: capillarity, width: widthInNanometres,
      heights: surface.heights(points: points, width: widthInNanometres), growth: growth,
      tolerance: tolerance, intervals: 60)
  }
}
