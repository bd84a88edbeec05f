internal import IonBeamAnalysis
internal import Tables
internal import Units

/// `unit-magnitude`: the median of a canonical quantity is of a size that is measured in practice.
enum UnitMagnitude: LintRule {
  static let code = "unit-magnitude"
  static let formula =
    "median magnitude (for positions the range) of a column, in its canonical unit"
  static let threshold =
    "outside the table of docs/lint.md, whose limits stand where no instrument works"
  static let source =
    "the technique pages; the limits of cells, levers, monochromators and accelerators"
  static let needs = "a canonical column with a unit and a usual size"

  /// What is usual of a quantity.
  struct Usual {
    var technique: Technique
    var name: String
    var unit: String
    var low: Double, high: Double
    /// Whether the range of the values counts, not their size: a position has an arbitrary zero.
    var isRange = false
    /// Whether the number is the interval of neighbours.
    var isInterval = false
  }

  /// The table of docs/lint.md.
  static let table: [Usual] = [
    Usual(
      technique: .afm, name: "sensor_position", unit: "m", low: 1e-10, high: 3e-4, isRange: true),
    Usual(
      technique: .afm, name: "piezo_position", unit: "m", low: 1e-10, high: 3e-4, isRange: true),
    Usual(technique: .afm, name: "deflection", unit: "m", low: 1e-12, high: 1e-4, isRange: true),
    Usual(technique: .afm, name: "force", unit: "N", low: 1e-13, high: 1e-2, isRange: true),
    Usual(
      technique: .afm, name: "deflection_voltage", unit: "V", low: 1e-5, high: 50, isRange: true),
    Usual(technique: .afm, name: "time", unit: "s", low: 1e-8, high: 0.1, isInterval: true),
    Usual(technique: .xas, name: "photon_energy", unit: "eV", low: 25, high: 150_000),
    Usual(technique: .cycling, name: "voltage", unit: "V", low: 1e-5, high: 1000),
    Usual(technique: .cycling, name: "current", unit: "A", low: 1e-10, high: 1000),
    Usual(
      technique: .cycling, name: "test_time", unit: "s", low: 1e-6, high: 20_000, isInterval: true),
    Usual(technique: .cycling, name: "ambient_temperature", unit: "Cel", low: 0, high: 200),
    Usual(technique: .cycling, name: "temperature_t1", unit: "Cel", low: 0, high: 200),
    Usual(technique: .impedance, name: "frequency", unit: "Hz", low: 1e-5, high: 1e7),
    Usual(technique: .impedance, name: "impedance_real", unit: "Ohm", low: 1e-5, high: 1e9),
    Usual(technique: .impedance, name: "impedance_modulus", unit: "Ohm", low: 1e-5, high: 1e9),
    Usual(technique: .rbs, name: "energy", unit: "keV", low: 20, high: 100_000),
    Usual(technique: .rbs, name: "areal_density", unit: "10*15/cm2", low: 1e-2, high: 1e9),
    Usual(
      technique: .sims, name: "sputter_time", unit: "s", low: 0.05, high: 300, isInterval: true),
  ]

  /// What is usual of a setting of the instrument.
  private static let settings: [(name: String, low: Double, high: Double)] = [
    ("spring_constant", 1e-3, 1e3), ("invols", 1e-10, 1e-5), ("tip_radius", 1e-10, 1e-3),
    ("electrode_area", 1e-7, 1), ("trigger_force", 1e-13, 1e-2),
  ]

  static func check(_ subject: LintSubject) -> [LintCheck] {
    let technique = subject.dataset.technique
    var checks = settingChecks(subject)
    for table in subject.tables {
      for usual in Self.table where usual.technique == technique {
        guard let unit = try? PhysicalUnit(ucum: usual.unit), let column = table[usual.name],
          usual.technique != .afm || isCurve(table),
          let values = subject.values(usual.name, in: table, unit),
          let size = size(values, usual)
        else { continue }
        let holds = size >= usual.low && size <= usual.high
        let what = usual.isRange ? "the range" : usual.isInterval ? "the usual step" : "the median"
        var message =
          "\(what) of '\(column.label)' is \(LintNumbers.short(size)) \(unit.display), usual are "
          + "\(LintNumbers.short(usual.low)) to \(LintNumbers.short(usual.high))"
        if !holds { message += likely(size, usual, unit) }
        checks.append(
          LintCheck(
            holds, size, limit: size > usual.high ? usual.high : usual.low, table,
            at: LintSubject.place(column, row: 0), message))
      }
    }
    return checks + spectrumChecks(subject) + fractionChecks(subject)
  }

  /// What is usual of the beam and the detector of an ion-beam spectrum.
  private static var beam:
    [(
      path: KeyPath<SpectrumRecord, Double?>, name: String, unit: String, low: Double, high: Double
    )]
  {
    [
      (\.energy, "beam energy", "keV", 50, 30_000),
      (\.scattering, "scattering angle", "deg", 10, 180),
      (\.solidAngle, "solid angle", "msr", 0.01, 1000),
      (\.fwhm, "detector resolution", "keV", 1, 500),
    ]
  }

  private static func spectrumChecks(_ subject: LintSubject) -> [LintCheck] {
    guard subject.dataset.technique == .rbs else { return [] }
    return subject.dataset.spectrumRecords.flatMap { record -> [LintCheck] in
      // A setup without counts may be of another technique.
      guard let table = subject.dataset[record.table], table["counts"] != nil else { return [] }
      return beam.compactMap { usual -> LintCheck? in
        guard let value = record[keyPath: usual.path], value > 0 else { return nil }
        let holds = value >= usual.low && value <= usual.high
        return LintCheck(
          holds, value, limit: value > usual.high ? usual.high : usual.low,
          table,
          "the \(usual.name) is \(LintNumbers.short(value)) \(usual.unit), usual are "
            + "\(LintNumbers.short(usual.low)) to \(LintNumbers.short(usual.high))"
            + (holds ? "" : "; another unit: MeV under keV, rad under deg, sr under msr"))
      }
    }
  }

  /// Atom fractions above 1 are per cent.
  private static func fractionChecks(_ subject: LintSubject) -> [LintCheck] {
    subject.tables.flatMap { table in
      table.columns.compactMap { column -> LintCheck? in
        guard column.name.hasPrefix("fraction_"), column.unit.ucum == "1", let values = column.real,
          let largest = LintNumbers.extremes(values)?.high
        else { return nil }
        let holds = largest <= 1.001
        return LintCheck(
          holds, largest, limit: 1.001, table, at: LintSubject.place(column, row: 0),
          "the largest of '\(column.label)' is \(LintNumbers.short(largest))"
            + (holds ? "" : "; per cent under a fraction"))
      }
    }
  }

  /// Whether a table holds a cantilever's signal; other waves of an experiment may be anything.
  private static func isCurve(_ table: Table) -> Bool {
    ["deflection", "deflection_voltage", "force"].contains { table[$0] != nil }
  }

  private static func size(_ values: [Double], _ usual: Usual) -> Double? {
    if usual.isRange {
      guard let ends = LintNumbers.extremes(LintNumbers.sample(values)), ends.high > ends.low,
        values.count > 10
      else { return nil }
      return ends.high - ends.low
    }
    if usual.isInterval {
      guard values.count > 10 else { return nil }
      let steps = zip(values.dropFirst(), values).map { $0 - $1 }.filter { $0 > 0 }
      return LintNumbers.medianMagnitude(steps)
    }
    return LintNumbers.medianMagnitude(values)
  }

  /// The factor that brings a size back to what is usual, as the unit that the numbers seem to have.
  private static func likely(_ size: Double, _ usual: Usual, _ unit: PhysicalUnit) -> String {
    let middle = (usual.low.squareRoot() * usual.high.squareRoot())
    if unit.ucum == "Cel" { return "; the numbers seem to be in K" }
    let prefixes = [
      (1e-3, "m"), (1e-6, "u"), (1e-9, "n"), (1e-12, "p"), (1e3, "k"), (1e6, "M"), (1e9, "G"),
    ]
    let fitting = prefixes.filter { size * $0.0 >= usual.low && size * $0.0 <= usual.high }
    // Of several the smallest step that explains it, then the nearer to the middle.
    let best = fitting.min {
      let steps = (exponent($0.0), exponent($1.0))
      return steps.0 != steps.1
        ? steps.0 < steps.1 : (size * $0.0 - middle).magnitude < (size * $1.0 - middle).magnitude
    }
    guard let best else { return "; another unit, or another column" }
    // keV holds its prefix already.
    let base = unit.ucum.hasPrefix("k") && unit.ucum != "kg" ? String(unit.ucum.dropFirst()) : nil
    if let base {
      return "; the numbers seem to be in \(best.0 == 1e-3 ? base : best.1 + unit.ucum)"
    }
    return "; the numbers seem to be in \(best.1)\(unit.ucum)"
  }

  /// How many steps of a thousand a factor is.
  private static func exponent(_ factor: Double) -> Int {
    let size = factor >= 1 ? factor : 1 / factor
    return size < 1e4 ? 1 : size < 1e7 ? 2 : size < 1e10 ? 3 : 4
  }

  private static func settingChecks(_ subject: LintSubject) -> [LintCheck] {
    guard let table = subject.dataset.tables.first else { return [] }
    return settings.flatMap { usual in
      subject.dataset.settings.filter { $0.name == usual.name && $0.value != 0 }.map { setting in
        let size = setting.value.magnitude
        let holds = size >= usual.low && size <= usual.high
        let slip = size > usual.high ? 1e3 : 1e-3
        return LintCheck(
          holds, size, limit: size > usual.high ? usual.high : usual.low, table,
          "\(setting.name) is \(LintNumbers.short(setting.value)) \(setting.unit.display)"
            + (holds ? "" : "; \(LintNumbers.words(slip))"))
      }
    }
  }
}
