public import Tables
internal import Materials
internal import Simulation
internal import Units

extension PlateCase {
  /// The greatest number of points over the width.
  static let mostPoints = SimulationKeys.mostPoints

  /// Throws where a setting is out of its range, naming its key.
  ///
  /// - Parameter place: where a key stands in the configuration.
  public func checkRanges(place: (String) -> Place = { _ in .whole }) throws(ReadFailure) {
    func require(
      _ holds: Bool, _ key: String, _ found: String, _ expected: String
    ) throws(ReadFailure) {
      if holds { return }
      throw ReadFailure(
        "plate.range", at: place(key), found: "`\(key)` of case `\(label)` is \(found)",
        expected: expected)
    }
    func positive(_ value: Double, _ key: String, _ unit: String) throws(ReadFailure) {
      try require(
        value > 0 && value.isFinite, key, "\(value) \(unit)", "a value above 0")
    }
    try positive(film.thickness.value.value(in: .nanometre), "film.thickness", "nm")
    try positive(film.modulus.modulus.value.value(in: .gigapascal), "film.modulus", "GPa")
    let nu = film.poissonRatio.value.si
    try require(nu > -1 && nu < 0.5, "film.poisson", "\(nu)", "a value in (-1, 0.5)")
    let metalNu = metal.poissonRatio.value.si
    try require(
      metalNu > -1 && metalNu < 0.5, "metal.poisson", "\(metalNu)", "a value in (-1, 0.5)")
    try positive(metal.molarVolume.value.si, "metal.molar_volume", "m3/mol")
    try positive(metal.surfaceEnergy.value.si, "metal.surface_energy", "J/m2")
    try positive(metal.youngModulus.value.si, "metal.modulus", "Pa")
    if let fractureStress {
      try positive(fractureStress.value.si, "film.fracture_stress", "Pa")
    }
    try require(
      overpotential.si < 0 && overpotential.si > -10, "kinetics.overpotential",
      "\(overpotential.si) V", "a negative value above -10 V")
    try positive(exchangeCurrentDensity.si, "kinetics.exchange_current_density", "A/m2")
    try require(
      transferCoefficient > 0 && transferCoefficient < 1, "kinetics.transfer_coefficient",
      "\(transferCoefficient)", "a value in (0, 1)")
    try require(
      temperature.si >= 1 && temperature.si <= 10_000, "kinetics.temperature",
      "\(temperature.si) K", "a value from 1 K to 10000 K")
    try positive(width.value(in: .nanometre), "domain.width", "nm")
    switch stop {
    case .growth(let length): try positive(length.value(in: .nanometre), "stop.growth", "nm")
    case .time(let time): try positive(time.si, "stop.time", "s")
    }
    try require(growth.isFinite, "stop", "a growth beyond all bounds", "a finite growth")
    try require(
      points >= 16 && points <= Self.mostPoints && points % 2 == 0, "numerics.points", "\(points)",
      "an even number from 16 to \(Self.mostPoints)")
    try require(
      tolerance >= 1e-10 && tolerance <= 1e-2, "numerics.tolerance", "\(tolerance)",
      "a value from 1e-10 to 1e-2")
    if solver == .phaseField { try checkPhaseField(require, place) }
    try checkSurface(require)
    try require(
      lineFrom < lineTo, "line.to", "\(lineFrom.si) m to \(lineTo.si) m",
      "`line.from` left of `line.to`")
  }

  /// The greatest number of columns of a phase field: the film's answer takes their square.
  static let mostColumns = 32_768
  /// The most bytes of a phase field.
  static let mostBytes = 2_147_483_648.0

  /// Throws where the cells of the phase field do not fit the width, to 10⁻⁶.
  func checkSpacing(place: (String) -> Place = { _ in .whole }) throws(ReadFailure) {
    let cells = width / spacing
    if spacing.si > 0, cells.isFinite, cells >= 0.5,
      (cells - cells.rounded()).magnitude <= 1e-6 * cells
    {
      return
    }
    throw ReadFailure(
      "plate.spacing", at: place("numerics.spacing"),
      found: "\(rounded(spacing.value(in: .nanometre))) nm does not divide the width of "
        + "\(rounded(width.value(in: .nanometre))) nm",
      expected: "a whole number of cells over the width")
  }

  private func checkPhaseField(
    _ require: (Bool, String, String, String) throws(ReadFailure) -> Void,
    _ place: (String) -> Place
  ) throws(ReadFailure) {
    let half = interfaceHalfWidth.value(in: .nanometre)
    try require(
      half > 0 && half.isFinite, "numerics.interface_half_width", "\(half) nm", "a value above 0")
    let height = windowHeight.value(in: .nanometre)
    try require(
      height > 0 && height.isFinite, "domain.height", "\(height) nm", "a value above 0")
    try checkSpacing(place: place)
    let columns = (width / spacing).rounded()
    let rows = (windowHeight / spacing).rounded(.up)
    let bytes = columns * rows * 8
    guard bytes <= Self.mostBytes else {
      throw ReadFailure(
        "plate.grid", at: place("numerics.spacing"),
        found: "a phase field of \(rounded(columns)) × \(rounded(rows)) cells, "
          + "\(rounded(bytes / 1_073_741_824)) GiB",
        expected: "at most 2 GiB: a larger numerics.spacing or a smaller domain")
    }
    try require(
      columns >= 8 && columns <= Double(Self.mostColumns), "numerics.spacing",
      "\(rounded(spacing.value(in: .nanometre))) nm, \(rounded(columns)) columns",
      "8 to \(Self.mostColumns) columns over the width")
    let needed = PhaseFieldWindow(
      halfWidth: half, spacing: spacing.value(in: .nanometre), rows: 4
    ).needed(for: surface.height.value(in: .nanometre))
    try require(
      height >= needed, "domain.height", "\(rounded(height)) nm",
      "at least \(rounded(needed)) nm: the bump, 12 half widths (at least 6 nm) below it and 10 above"
    )
  }

  private func checkSurface(
    _ require: (Bool, String, String, String) throws(ReadFailure) -> Void
  ) throws(ReadFailure) {
    let height = surface.height.value(in: .nanometre)
    switch surface {
    case .gaussian(_, let radius):
      let nanometres = radius.value(in: .nanometre)
      try require(
        nanometres > 0 && nanometres.isFinite, "surface.radius", "\(nanometres) nm",
        "a value above 0")
    case .cosine: break
    case .profile(let positions, let heights):
      try require(
        positions.count == heights.count && positions.count >= 2, "surface.file",
        "a profile of \(min(positions.count, heights.count)) points", "two points or more")
      let rising = zip(positions, positions.dropFirst()).allSatisfy { $0 < $1 }
      try require(rising, "surface.file", "positions that do not rise", "rising positions")
    }
    try require(
      height > 0 && height.isFinite, "surface.height", "\(height) nm", "a value above 0")
  }
}
