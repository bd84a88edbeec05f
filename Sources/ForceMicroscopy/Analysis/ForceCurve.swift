internal import NumericalMethods
internal import Tables
internal import Units

/// One segment of a force curve.
struct ForceSegment: Sendable {
  /// `approach`, `retract`, `dwell`, `modulation`.
  var kind: String
  /// The table it comes from.
  var table: String
  /// The first row and the row after the last, counted over all segments of the curve.
  var start: Int, stop: Int
}

/// One force curve of a file, in SI units, before any analysis.
struct ForceCurve: Sendable {
  /// The number in the file.
  var number: Int
  /// The group of its tables in a file of several curves.
  var group: String?
  /// The segments in time order.
  var segments: [ForceSegment]
  /// Position, growing toward the sample, of the approach and the retract.
  var approachZ: [Double] = [], retractZ: [Double] = []
  /// Deflection of the cantilever (force for a reduced curve) of the approach and the retract.
  var approachSignal: [Double] = [], retractSignal: [Double] = []
  /// −1 where the file's z falls toward the sample.
  var zSign = 1.0
  /// Whether z is the commanded position.
  var commanded = false
  /// Whether the curve is F(δ) already.
  var reduced = false
  /// Whether there is a dwell between approach and retract.
  var dwell = false
  /// Rows left out of approach or retract because a value was missing.
  var missing = 0
  /// The spring constant, and where it came from.
  var springConstant: Measured<ForcePerLength>?
  /// The sensitivity, and where it came from.
  var invOLS: Measured<OpticalLeverSensitivity>?
  /// The radius of the tip, and where it came from.
  var tipRadius: Measured<Length>?
  /// The calibration and trigger as the file gives them.
  var written = WrittenCalibration()
  /// The columns that the numbers come from, for the trace: position, signal.
  var columns: [Column] = []
}

extension ForceCurve {
  /// The curves of a dataset, in the order of their numbers.
  static func all(
    of dataset: Dataset, options: ForceAnalysisOptions, diagnostics: inout DiagnosticList
  ) -> [ForceCurve] {
    var groups: [(name: String, tables: [Table])] = []
    var places: [String: Int] = [:]
    for table in dataset.tables {
      let parts = table.name.split(separator: "/")
      let kind = kind(of: String(parts.last ?? ""))
      guard kind != nil || table["deflection"] != nil && table["force"] != nil else { continue }
      let group = parts.count > 1 ? parts.dropLast().joined(separator: "/") : ""
      if let i = places[group] {
        groups[i].tables.append(table)
      } else {
        places[group] = groups.count
        groups.append((group, [table]))
      }
    }
    var result: [ForceCurve] = []
    for (position, group) in groups.enumerated() {
      let number = group.name.split(separator: "/").last.flatMap { Int($0) } ?? position
      if let curve = curve(
        group.tables, group: group.name.isEmpty ? nil : group.name, number: number,
        dataset: dataset, options: options, diagnostics: &diagnostics)
      {
        result.append(curve)
      }
    }
    return result
  }

  /// Where the values of a column of a text table start; the file as a whole for others.
  private static func firstRow(_ column: Column?) -> Place {
    column?.origin.lines.map { .line($0.lowerBound) } ?? .whole
  }

  /// The option's value, else the file's; an uncertainty given alone goes with the file's value.
  private static func merged<D: PhysicalDimension>(
    _ option: Measured<D>?, _ file: Double?
  ) -> Measured<D>? {
    if let option, option.value.si.isFinite { return option }
    return file.map { Measured(Quantity(si: $0), u: option?.u, source: "file") }
  }

  /// Notes an option that stands above another value of the file; more than 20 % apart it is a warning.
  private static func override<D: PhysicalDimension>(
    _ name: String, _ option: Measured<D>?, _ written: InstrumentSetting?,
    _ diagnostics: inout DiagnosticList
  ) {
    guard let given = option?.value.si, given.isFinite, let written, written.value > 0,
      abs(given - written.value) > 1e-9 * abs(written.value)
    else { return }
    let both =
      "--\(name) is \(given) \(written.unit.ucum), the file's \(written.key) "
      + "\(written.value) \(written.unit.ucum)"
    if abs(given - written.value) > 0.2 * abs(written.value) {
      diagnostics.warn(
        "afm.override", found: both,
        expected: "one value; the option is used; it is more than 20 % off")
    } else {
      diagnostics.note("afm.override", found: both, expected: "one value; the option is used")
    }
  }

  private static func kind(of table: String) -> String? {
    ["approach", "retract", "dwell", "modulation"].first { table.hasPrefix($0) }
  }

  private static func curve(
    _ tables: [Table], group: String?, number: Int, dataset: Dataset,
    options: ForceAnalysisOptions, diagnostics: inout DiagnosticList
  ) -> ForceCurve? {
    var curve = ForceCurve(number: number, group: group, segments: [])
    curve.written = WrittenCalibration(dataset, group: group)
    curve.springConstant = merged(options.springConstant, curve.written.springConstant?.value)
    curve.invOLS = merged(options.invOLS, curve.written.invOLS?.value)
    let radius = dataset.setting("tip_radius", group: group)?.value
    curve.tipRadius = merged(options.tipRadius, radius.flatMap { $0 > 0 ? $0 : nil })
    override("spring-constant", options.springConstant, curve.written.springConstant, &diagnostics)
    override("invols", options.invOLS, curve.written.invOLS, &diagnostics)
    override(
      "tip-radius", options.tipRadius, dataset.setting("tip_radius", group: group), &diagnostics)
    if let k = curve.springConstant, !(k.value.si > 0) { curve.springConstant = nil }
    if let s = curve.invOLS, !(s.value.si > 0) { curve.invOLS = nil }

    var row = 0
    var approach: Table?
    var retract: Table?
    var dwellAfterApproach = false
    for table in tables {
      let kind = kind(of: String(table.name.split(separator: "/").last ?? "")) ?? "approach"
      curve.segments.append(
        ForceSegment(kind: kind, table: table.name, start: row, stop: row + table.rows))
      row += table.rows
      if kind == "approach", approach == nil { approach = table }
      if kind == "retract", retract == nil, approach != nil {
        retract = table
        curve.dwell = dwellAfterApproach
      }
      if kind == "dwell", approach != nil, retract == nil { dwellAfterApproach = true }
    }
    guard let approach else {
      diagnostics.warn(
        "afm.no-approach", found: "curve \(number) has no approach", expected: "an approach segment"
      )
      return nil
    }
    let position = approach["sensor_position"] ?? approach["piezo_position"]
    if position == nil, let d = si(approach["deflection"]), let f = si(approach["force"]) {
      curve.reduced = true
      (curve.approachZ, curve.approachSignal, curve.missing) = finite(d, f)
      curve.columns = [approach["deflection"], approach["force"]].compactMap { $0 }
      if let low = curve.approachZ.min(), let high = curve.approachZ.max(), low == high {
        diagnostics.add(
          Diagnostic(
            .error, "afm.zero-range", at: firstRow(approach["deflection"]),
            found: "all \(curve.approachZ.count) deflections are the same: their range is zero",
            expected: "a deflection that grows with the force"))
        return nil
      }
      diagnostics.note(
        "afm.reduced-curve",
        found: "deflection and force without a position: taken as F(δ) of the film")
      return curve
    }
    guard let position, let z = si(position) else {
      diagnostics.warn(
        "afm.no-position", found: "curve \(number) has no position column",
        expected: "sensor_position or piezo_position in metres")
      return nil
    }
    if position.name == "piezo_position" {
      curve.commanded = true
      diagnostics.note(
        "afm.commanded-position", found: "no measured position; the commanded one is used")
    }
    guard let (column, d) = signal(approach, curve, options) else {
      diagnostics.warn(
        "afm.no-deflection",
        found: "curve \(number) has no deflection that can be given in metres",
        expected: "deflection, or force with a spring constant, or a voltage with InvOLS")
      return nil
    }
    curve.columns = [position, column]
    (curve.approachZ, curve.approachSignal, curve.missing) = finite(z, d)
    let n = curve.approachZ.count
    let tenth = max(1, n / 10)
    if n > 1, let head = mean(Array(curve.approachZ.prefix(tenth))),
      let tail = mean(Array(curve.approachZ.suffix(tenth))), tail < head
    {
      curve.zSign = -1
      curve.approachZ = curve.approachZ.map { -$0 }
    }
    if let retract, let rz = si(retract[position.name]),
      let (_, rd) = signal(retract, curve, options)
    {
      let (a, b, lost) = finite(rz, rd)
      curve.retractZ = a.map { $0 * curve.zSign }
      curve.retractSignal = b
      curve.missing += lost
    }
    return curve
  }

  /// Deflection in metres, with the column that it comes from.
  private static func signal(
    _ table: Table, _ curve: ForceCurve, _ options: ForceAnalysisOptions
  ) -> (Column, [Double])? {
    if let column = table["deflection"], let d = si(column), column.unit.unit != nil {
      // Metres rest on the file's sensitivity: another one scales them.
      if let wanted = options.invOLS?.value.si, wanted > 0,
        let written = curve.written.invOLS?.value, written > 0, wanted != written
      {
        return (column, d.map { $0 * wanted / written })
      }
      return (column, d)
    }
    if let column = table["deflection_voltage"], let v = si(column),
      let s = curve.invOLS?.value.si
    {
      return (column, v.map { $0 * s })
    }
    if let column = table["force"], let f = si(column),
      let k = curve.written.springConstant?.value ?? curve.springConstant?.value.si
    {
      // The file's forces rest on its own spring constant and sensitivity.
      var scale = 1 / k
      if let wanted = options.invOLS?.value.si, wanted > 0,
        let written = curve.written.invOLS?.value, written > 0
      {
        scale *= wanted / written
      }
      return (column, f.map { $0 * scale })
    }
    return nil
  }

  /// A column in SI units; nil without a known unit.
  private static func si(_ column: Column?) -> [Double]? {
    guard let column, let unit = column.unit.unit, let values = column.real else { return nil }
    if unit.scale == 1, unit.offset == 0 { return values }
    return values.map { $0 * unit.scale + unit.offset }
  }

  /// The rows where both series are finite, and how many are not.
  private static func finite(_ a: [Double], _ b: [Double]) -> ([Double], [Double], Int) {
    let n = min(a.count, b.count)
    var x: [Double] = []
    var y: [Double] = []
    x.reserveCapacity(n)
    y.reserveCapacity(n)
    for i in 0..<n where a[i].isFinite && b[i].isFinite {
      x.append(a[i])
      y.append(b[i])
    }
    return (x, y, max(a.count, b.count) - x.count)
  }
}
