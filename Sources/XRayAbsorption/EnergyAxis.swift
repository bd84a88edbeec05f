internal import Bytes
internal import RealModule
internal import Tables
internal import Units

/// The energy axis of a spectrum: its unit, its order, and how angles and steps become energies.
enum EnergyAxis {
  /// h·c in eV·Å (CODATA 2018, exact).
  static let hc = 12398.419843320026
  /// The electronvolt.
  static let electronvolt = PhysicalUnit.electronvolt

  /// What a file tells of its monochromator.
  struct Monochromator {
    /// The distance d of the lattice planes in Å.
    var spacing: Double?
    /// Where the file says so, for the provenance.
    var source = "Mono.d_spacing"
    /// Motor steps per degree, where the axis counts steps.
    var stepsPerDegree: Double?
    /// Whether an axis without unit may be in millidegrees, as SRS wrote them.
    var mayBeMillidegrees = false
  }

  /// The name of the column that serves as axis: an energy, else an angle, else the first.
  static func index(of columns: [Column]) -> [String] {
    for name in [
      "photon_energy", "photon_energy_achieved", "photon_energy_requested", "mono_angle",
      "encoder", "wave_number", "pixel",
    ] where columns.contains(where: { $0.name == name }) {
      return [name]
    }
    return columns.first.map { [$0.name] } ?? []
  }

  /// Gives energy columns their unit, adds one where the axis is an angle or counts steps, and checks
  /// its order.
  ///
  /// Energies in another unit become eV. A column without unit is judged by its values, which is a
  /// warning; one that turns out to hold angles or steps keeps its values and its label under the name
  /// `mono_angle` or `encoder`.
  ///
  /// - Parameters:
  ///   - columns: named by ``ColumnNames``, with the file's unit where it has one.
  ///   - mono: what the file tells of its monochromator.
  ///   - axis: the column that is the axis where no label says which (`0` for the first).
  ///   - place: where a row stands in the file.
  static func complete(
    _ columns: inout [Column], mono: Monochromator = Monochromator(), axis: Int? = nil,
    place: (_ row: Int) -> Place, into diagnostics: inout DiagnosticList
  ) {
    let known: Set = ["mono_angle", "encoder", "wave_number", "pixel"]
    if let axis, columns.indices.contains(axis), columns[axis].real != nil,
      !columns.contains(where: { $0.name.hasPrefix("photon_energy") || known.contains($0.name) })
    {
      columns[axis].name = "photon_energy"
    }
    var guesses: [(unit: AxisUnit, labels: [String])] = []
    for i in columns.indices where columns[i].name.hasPrefix("photon_energy") {
      guard let unit = convert(&columns[i], mono, named: i != axis) else { continue }
      if let k = guesses.firstIndex(where: { $0.unit == unit }) {
        guesses[k].labels.append(columns[i].label)
      } else {
        guesses.append((unit, [columns[i].label]))
      }
    }
    for guess in guesses { warn(guess.unit, guess.labels, into: &diagnostics) }
    if !columns.contains(where: { $0.name.hasPrefix("photon_energy") }) {
      if let angle = angle(of: columns), let energies = energies(angle, mono) {
        columns.append(energies)
      } else if let steps = columns.first(where: { $0.name == "encoder" }),
        let energies = energies(steps, mono)
      {
        columns.append(energies)
      }
    }
    let name = index(of: columns).first
    if let column = columns.first(where: { $0.name == name }), name?.hasPrefix("photon") == true,
      let values = column.real
    {
      checkOrder(values, column.label, place, into: &diagnostics)
    }
  }

  /// The same where only the spacing is known.
  static func complete(
    _ columns: inout [Column], spacing: Double?, axis: Int? = nil, place: (_ row: Int) -> Place,
    into diagnostics: inout DiagnosticList
  ) {
    complete(
      &columns, mono: Monochromator(spacing: spacing), axis: axis, place: place, into: &diagnostics)
  }

  // MARK: - Units

  private enum AxisUnit: String {
    case electronvolts = "eV"
    case kiloelectronvolts = "keV"
    case degrees, millidegrees
    case steps = "encoder steps"
  }

  /// Brings one energy column to eV, or names it by what it is; returns the unit that was guessed.
  private static func convert(
    _ column: inout Column, _ mono: Monochromator, named: Bool
  ) -> AxisUnit? {
    guard let values = column.real else { return nil }
    switch column.unit {
    case .known(let unit) where unit.dimension == Dimension(.angle):
      column.name = "mono_angle"
    case .known(let unit):
      guard unit != electronvolt, unit.dimension == electronvolt.dimension,
        let exponent = unit.decimalExponent(to: electronvolt)
      else { return nil }
      column.values = .real(scaled(values, exponent))
      column.unit = .known(electronvolt)
      column.origin.steps.append("\(unit.ucum) → eV")
    case .unknown: return nil
    case .absent:
      let guess = guess(values, mono, named: named)
      switch guess {
      case .electronvolts: column.unit = .known(electronvolt)
      case .kiloelectronvolts:
        column.values = .real(scaled(values, 3))
        column.unit = .known(electronvolt)
        column.origin.steps.append("keV → eV (guessed)")
      case .degrees, .millidegrees:
        column.name = "mono_angle"
        column.unit = (try? PhysicalUnit(ucum: "deg")).map { .known($0) } ?? .absent
        if guess == .millidegrees {
          column.values = .real(scaled(values, -3))
          column.origin.steps.append("millidegrees → degrees (guessed)")
        }
      case .steps:
        column.name = "encoder"
        column.unit = .known(.one)
      }
      return guess
    }
    return nil
  }

  private static func scaled(_ values: [Double], _ exponent: Int) -> [Double] {
    // By way of the decimal text: 1.5596 keV is 1559.6 eV, not 1559.6000000000001.
    let scanner = NumberScanner(exponent: exponent)
    return values.map { $0.isFinite ? scanner.parse("\($0)") ?? .nan : $0 }
  }

  /// The unit of an axis by its values: the rule that readers of beamline files share.
  ///
  /// Degrees where it falls and stays below 90, motor steps above 200 000, keV where no value reaches
  /// 120 and the smallest step is below 0.005, millidegrees where it falls between 1000 and 90 000 in a
  /// file of SRS, else eV. A column whose label says energy is in degrees only where the lattice spacing
  /// is known: at the edges of Li (55 eV) and Al (73 eV) energies fall below 90 eV too.
  private static func guess(_ values: [Double], _ mono: Monochromator, named: Bool) -> AxisUnit {
    var most = -Double.infinity
    var least = Double.infinity
    var smallest = Double.infinity
    var previous: Double?
    var falls = 0
    for value in values where value.isFinite && value > 0 {
      most = max(most, value)
      least = min(least, value)
      if let previous, previous != value {
        smallest = min(smallest, abs(value - previous))
        falls += value < previous ? 1 : -1
      }
      previous = value
    }
    if falls > 0, most < 90, !named || mono.spacing != nil { return .degrees }
    if most > 200_000 { return .steps }
    if most < 120, smallest < 0.005 { return .kiloelectronvolts }
    if mono.mayBeMillidegrees, falls > 0, least >= 1000, most <= 90_000 { return .millidegrees }
    return .electronvolts
  }

  private static func warn(
    _ unit: AxisUnit, _ labels: [String], into diagnostics: inout DiagnosticList
  ) {
    let names = labels.prefix(8).map { "`\($0)`" }.joined(separator: ", ")
    let several = labels.count > 1
    diagnostics.warn(
      "xas.axis-guessed",
      found: "the energy column\(several ? "s" : "") \(names) \(several ? "have" : "has") no unit",
      expected: "taken as \(unit.rawValue) from \(several ? "their" : "its") values; set it with"
        + " --unit")
  }

  // MARK: - Bragg's law

  /// The observed angle where the file has several, else the first.
  private static func angle(of columns: [Column]) -> Column? {
    let angles = columns.filter { $0.name == "mono_angle" }
    let observed: Set = ["o", "obs", "observed", "read", "readback", "encoder", "enc"]
    return angles.first { column in
      column.label.lowercased().split { !$0.isLetter }.contains { observed.contains(String($0)) }
    } ?? angles.first
  }

  /// E = hc / (2 d sin θ), from angles or from steps.
  private static func energies(_ axis: Column, _ mono: Monochromator) -> Column? {
    guard let values = axis.real, let spacing = mono.spacing, spacing > 0 else { return nil }
    var scale = Double.pi / 180
    var origin = axis.origin
    if axis.name == "encoder" {
      guard let steps = mono.stepsPerDegree, steps != 0 else { return nil }
      scale /= steps
      origin.steps.append("θ = steps/\(steps) degrees")
    } else if let unit = axis.unit.unit {
      guard unit.dimension == Dimension(.angle) else { return nil }
      scale = unit.scale
    } else {
      return nil
    }
    origin.steps.append("E = hc/(2 d sin θ), d = \(spacing) Å (\(mono.source))")
    let energies = values.map { value in
      let sine = Double.sin(value * scale)
      return sine > 0 ? hc / (2 * spacing * sine) : .nan
    }
    return Column(
      name: "photon_energy", label: axis.label, values: .real(energies),
      unit: .known(electronvolt), missing: axis.missing, origin: origin)
  }

  // MARK: - Order

  /// Warns about steps against the direction of the scan, repeated and impossible energies.
  private static func checkOrder(
    _ values: [Double], _ label: String, _ place: (Int) -> Place,
    into diagnostics: inout DiagnosticList
  ) {
    // Most scans rise from point to point: nothing to look for.
    if (values.first ?? 1) > 0, zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) { return }
    let finite = values.indices.filter { values[$0].isFinite }
    let steps = zip(finite, finite.dropFirst()).map { (row: $1, step: values[$1] - values[$0]) }
    let descends = steps.filter { $0.step < 0 }.count > steps.filter { $0.step > 0 }.count
    let back = steps.filter { descends ? $0.step > 0 : $0.step < 0 }.map(\.row)
    // A stable sort: of equal energies the first row stands, the later ones repeat it.
    let isAscending = zip(finite, finite.dropFirst()).allSatisfy { values[$0] <= values[$1] }
    let order =
      isAscending ? finite : finite.sorted { (values[$0], $0) < (values[$1], $1) }
    let repeated = zip(order, order.dropFirst()).filter { values[$0] == values[$1] }.map(\.1)
    let impossible = finite.filter { values[$0] <= 0 }
    func places(_ rows: [Int]) -> (first: Place, others: [Place]) {
      let places = rows.prefix(11).map(place)
      return (places.first ?? .whole, Array(places.dropFirst()))
    }
    if !back.isEmpty {
      let (first, others) = places(back)
      diagnostics.warn(
        "axis.unordered", at: first, found: "the energy steps back in column `\(label)`",
        expected:
          "expected it to \(descends ? "fall" : "rise") from row to row; the rows keep their"
          + " order", count: back.count, places: others)
    }
    if !repeated.isEmpty {
      let (first, others) = places(repeated.sorted())
      diagnostics.warn(
        "axis.repeated", at: first, found: "an energy is repeated in column `\(label)`",
        expected: "expected every energy once; all rows are kept", count: repeated.count,
        places: others)
    }
    if !impossible.isEmpty {
      let (first, others) = places(impossible)
      diagnostics.warn(
        "axis.not-positive", at: first, found: "an energy of 0 or below in column `\(label)`",
        expected: "expected positive photon energies; the scan may have been aborted",
        count: impossible.count, places: others)
    }
  }
}
