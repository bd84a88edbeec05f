public import FilmElasticity
public import Materials
public import Units

/// The equations that are solved.
public enum PlateSolver: String, Hashable, Sendable, CaseIterable {
  /// An order parameter on a grid, which needs no line to follow.
  case phaseField = "phase-field"
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
  public var solver = PlateSolver.phaseField
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
  /// The height of the phase field's window.
  public var windowHeight = Quantity<Length>(24, .nanometre)
  /// The size of a cell of the phase field.
  public var spacing = Quantity<Length>(0.25, .nanometre)
  /// The half width ℓ of the phase field's interface, ξ = ½(1 − tanh(s/2ℓ)).
  public var interfaceHalfWidth = Quantity<Length>(0.5, .nanometre)
  /// The number of points over the width of the sharp-interface model, even.
  public var points = 256
  /// The allowed local error of a step of the sharp-interface model, as a share of the roughness.
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
    -> PlatingRun.Problem
  {
    let strip = FilmStrip(
      thickness: thickness.si, youngModulus: modulus.si,
      poissonRatio: film.poissonRatio.value.si, base: base)
    let widthInNanometres = width.value(in: .nanometre)
    let window = solver == .phaseField ? self.window : nil
    return PlatingRun.Problem(
      film: FilmOnMetal(
        film: strip, metalPlaneStrainModulus: metalCompliance ? metal.planeStrainModulus.si : nil),
      kinetics: kinetics, capillarity: capillarity, width: widthInNanometres,
      heights: surface.heights(points: columns, width: widthInNanometres), growth: growth,
      tolerance: tolerance, intervals: 60, window: window)
  }

  /// The points over the width: those of the sharp-interface model, or the columns of the phase field.
  var columns: Int {
    guard solver == .phaseField else { return points }
    return Int(exactly: (width / spacing).rounded()) ?? points
  }

  /// The grid of the phase field; its cells are `spacing` to the rounding of width over columns.
  private var window: PhaseFieldWindow {
    let spacing = width.value(in: .nanometre) / Double(max(columns, 1))
    let rows = (windowHeight.value(in: .nanometre) / spacing - 1e-9).rounded(.up)
    return PhaseFieldWindow(
      halfWidth: interfaceHalfWidth.value(in: .nanometre), spacing: spacing,
      rows: max(4, Int(exactly: rows) ?? 4))
  }
}
