internal import Bytes
internal import RealModule
internal import Tables
internal import Units

/// The energy axis of a spectrum: its unit, its order, and how angles become energies.
enum EnergyAxis {
  /// h·c in eV·Å (CODATA 2018, exact).
  static let hc = 12398.419843320026
  /// The electronvolt.
  static let electronvolt = PhysicalUnit.electronvolt

  /// The name of the column that serves as axis: an energy, else an angle, else the first.
  static func index(of columns: [Column]) -> [String] {
    for name in [
      "photon_energy", "photon_energy_achieved", "photon_energy_requested", "mono_angle",
    ] where columns.contains(where: { $0.name == name }) {
      return [name]
    }
    return columns.first.map { [$0.name] } ?? []
  }

  /// Gives the energy column its unit, adds one where the axis is an angle, and checks its order.
  static func complete(
    _ columns: inout [Column], spacing: Double?, rows: XDIRows, _ text: DecodedText,
    into diagnostics: inout DiagnosticList
  ) {
    if let i = columns.firstIndex(where: { $0.name.hasPrefix("photon_energy") }) {
      if columns[i].unit == .absent { guessUnit(&columns[i], into: &diagnostics) }
      guard case .real(let values) = columns[i].values else { return }
      checkOrder(
        values, columns[i].label, lines: { rows.lines(of: $0, text) }, into: &diagnostics)
    } else if let angle = columns.first(where: { $0.name == "mono_angle" }), let spacing,
      let energies = energies(angle, spacing)
    {
      columns.append(energies)
    }
  }

  /// Bragg's law, E = hc / (2 d sin θ).
  private static func energies(_ angle: Column, _ spacing: Double) -> Column? {
    guard case .real(let angles) = angle.values, let unit = angle.unit.unit,
      unit.dimension == Dimension(.angle)
    else { return nil }
    let values = angles.map { theta in
      let sine = Double.sin(theta * unit.scale)
      return sine > 0 ? hc / (2 * spacing * sine) : .nan
    }
    var origin = angle.origin
    origin.steps.append("E = hc/(2 d sin θ), d = \(spacing) Å (Mono.d_spacing)")
    return Column(
      name: "photon_energy", label: angle.label, values: .real(values), unit: .known(electronvolt),
      missing: angle.missing, origin: origin)
  }

  /// An energy without unit is in keV where no value reaches 120 and the steps are below 0.005.
  private static func guessUnit(_ column: inout Column, into diagnostics: inout DiagnosticList) {
    guard case .real(let values) = column.values else { return }
    let finite = values.filter(\.isFinite)
    let steps = zip(finite, finite.dropFirst()).map { abs($1 - $0) }.filter { $0 > 0 }
    let isKilo = (finite.max() ?? 0) < 120 && (steps.min() ?? 1) < 0.005
    if isKilo {
      column.values = .real(values.map { $0 * 1000 })
      column.origin.steps.append("keV → eV (guessed)")
    }
    column.unit = .known(electronvolt)
    diagnostics.warn(
      "xas.axis-guessed", found: "the energy column `\(column.label)` has no unit",
      expected: "taken as \(isKilo ? "keV" : "eV") from its values; set it with --unit")
  }

  /// Warns about steps against the direction of the scan, repeated and impossible energies.
  private static func checkOrder(
    _ values: [Double], _ label: String, lines: ([Int]) -> [Int],
    into diagnostics: inout DiagnosticList
  ) {
    let finite = values.indices.filter { values[$0].isFinite }
    let steps = zip(finite, finite.dropFirst()).map { (row: $1, step: values[$1] - values[$0]) }
    let descends = steps.filter { $0.step < 0 }.count > steps.filter { $0.step > 0 }.count
    let back = steps.filter { descends ? $0.step > 0 : $0.step < 0 }.map(\.row)
    // A stable sort: of equal energies the first row stands, the later ones repeat it.
    let order = finite.sorted { (values[$0], $0) < (values[$1], $1) }
    let repeated = zip(order, order.dropFirst()).filter { values[$0] == values[$1] }.map(\.1)
    let impossible = finite.filter { values[$0] <= 0 }
    func places(_ rows: [Int]) -> [Place] { lines(Array(rows.prefix(11))).map { Place.line($0) } }
    let direction = descends ? "fall" : "rise"
    if !back.isEmpty {
      let places = places(back)
      diagnostics.warn(
        "axis.unordered", at: places.first ?? .whole,
        found: "the energy steps back in column `\(label)`",
        expected: "expected it to \(direction) from row to row; the rows keep their order",
        count: back.count, places: Array(places.dropFirst()))
    }
    if !repeated.isEmpty {
      let places = places(repeated.sorted())
      diagnostics.warn(
        "axis.repeated", at: places.first ?? .whole,
        found: "an energy is repeated in column `\(label)`",
        expected: "expected every energy once; all rows are kept", count: repeated.count,
        places: Array(places.dropFirst()))
    }
    if !impossible.isEmpty {
      let places = places(impossible)
      diagnostics.warn(
        "axis.not-positive", at: places.first ?? .whole,
        found: "an energy of 0 or below in column `\(label)`",
        expected: "expected positive photon energies; the scan may have been aborted",
        count: impossible.count, places: Array(places.dropFirst()))
    }
  }
}

extension XDIRows {
  /// The lines of ascending rows: those that hold as many cells as the table has columns.
  func lines(of wanted: [Int], _ text: DecodedText) -> [Int] {
    guard let last = wanted.last, let span = table.lines else { return [] }
    let dialect = TableDialect(delimiter: .blanks)
    let lines = TextLines(text.utf8, from: table.bytes.lowerBound, number: span.lowerBound)
    var result: [Int] = []
    var row = 0
    for line in lines {
      let cells = dialect.cells(text.utf8[line.range])
      guard cells.count == labels.count, cells.first?.hasPrefix("#") == false else { continue }
      if result.count < wanted.count, wanted[result.count] == row { result.append(line.number) }
      row += 1
      if row > last { break }
    }
    return result
  }
}
