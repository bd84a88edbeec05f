internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// One table of a Gamry file on its way to columns under canonical names.
enum GamryTable {
  /// A canonical name and its unit.
  private struct Meaning {
    var name: String
    var unit: String
    init(_ name: String, _ unit: String) {
      self.name = name
      self.unit = unit
    }
  }

  private static let shared: [String: Meaning] = [
    "pt": Meaning("record_index", "1"), "t": Meaning("test_time", "s"),
    "time": Meaning("test_time", "s"), "vf": Meaning("voltage", "V"),
    "im": Meaning("current", "A"), "vdc": Meaning("voltage", "V"), "idc": Meaning("current", "A"),
    "freq": Meaning("frequency", "Hz"), "zreal": Meaning("impedance_real", "Ohm"),
    "zimag": Meaning("impedance_imaginary", "Ohm"), "zmod": Meaning("impedance_modulus", "Ohm"),
    "zphz": Meaning("impedance_phase", "deg"),
    "zrealdrcor": Meaning("impedance_real_drift_corrected", "Ohm"),
    "zimagdrcor": Meaning("impedance_imaginary_drift_corrected", "Ohm"),
    "temp": Meaning("temperature", "Cel"), "pwr": Meaning("power", "W"),
    "cycle": Meaning("cycle_count", "1"),
  ]

  /// The columns of a table; none where it has no row.
  static func read(
    _ block: GamryDocument.Block, _ text: DecodedText, options: ReadOptions,
    into diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> (table: Table, complete: Bool)? {
    let body = text.utf8.prefix(block.end)
    let delimiter: TableDialect.Delimiter = block.hasEmptyCell ? .character(0x09) : .blanks
    guard !block.names.isEmpty, block.start < block.end,
      let survey = TableLayout.survey(
        body, from: block.start, line: block.firstLine, delimiter: delimiter,
        maximumColumns: options.limits.columns)
    else { return nil }
    // Between tabs, the one that a row starts with makes an empty first cell.
    let lead = block.hasEmptyCell ? 1 : 0
    var plan = columns(block, survey.kinds, lead, options, &diagnostics)
    if lead == 1 {
      plan.insert(TextColumn(name: "", label: "", written: .absent, kind: .text), at: 0)
    }
    var rules = NumericTable.Rules()
    rules.trailingDelimiter = true
    rules.distrustsShortLastCell = true
    // EXPERIMENTABORTED may stand between the rows.
    rules.comment = UInt8(ascii: "E")
    rules.lineBytes = options.limits.lineBytes
    let rows = try NumericTable.parse(
      text, from: block.start, upTo: block.end, line: block.firstLine, dialect: survey.dialect,
      columns: plan.map(\.request), rules: rules, into: &diagnostics)
    guard rows.rows > 0 else { return nil }
    var series = Array(rows.columns(plan, of: text).dropFirst(lead))
    maskThermometer(&series, &diagnostics)
    if let time = series.first(where: { $0.name == "test_time" }) {
      rows.checkOrder(time, code: "series.restart", into: &diagnostics)
    }
    if let declared = block.declared, declared != rows.rows {
      diagnostics.note(
        "dta.rows", at: .line(block.line),
        found: "\(block.name) announces \(declared) rows, \(rows.rows) are there",
        expected: "a test that was stopped has fewer, and so has a file cut at the end of a line")
    }
    let axis = series.contains { $0.name == "frequency" } ? "frequency" : "test_time"
    return (
      Table(
        name: block.name, columns: series,
        indexColumns: series.contains { $0.name == axis } ? [axis] : []), rows.complete
    )
  }

  private static func columns(
    _ block: GamryDocument.Block, _ kinds: [NumericTable.Kind], _ lead: Int,
    _ options: ReadOptions, _ diagnostics: inout DiagnosticList
  ) -> [TextColumn] {
    let isSpectrum = block.names.contains { $0.lowercased() == "freq" }
    return block.names.enumerated().map { c, label in
      var meaning = shared[label.lowercased().filter { $0 != " " }]
      if isSpectrum, label.lowercased() == "ierange" { meaning = Meaning("current_range", "1") }
      let target = meaning.flatMap { try? PhysicalUnit(ucum: $0.unit) }
      let seen = c + lead < kinds.count ? kinds[c + lead] : .undecided
      let slug = ColumnLabel.slug(label)
      let name = meaning?.name ?? (slug.isEmpty ? "column_\(c + 1)" : slug)
      let place = Place.cell(line: block.namesLine, column: c + 2)
      let given = options.units[name] ?? options.units[label]
      let written = unit(
        given ?? (c < block.units.count ? block.units[c] : ""), label, target, place, &diagnostics)
      return TextColumn(
        name: name, label: label, written: written, target: target,
        kind: seen == .text && target != nil ? .real() : seen)
    }
  }

  private static func unit(
    _ text: String, _ label: String, _ target: PhysicalUnit?, _ place: Place,
    _ diagnostics: inout DiagnosticList
  ) -> ColumnUnit {
    switch text {
    case "", "bits": return .absent
    case "#": return .known(.one)
    case "deg C": return (try? PhysicalUnit(ucum: "Cel")).map { .known($0) } ?? .absent
    case "°", "\u{FFFD}", "deg": return .known(.degree)
    default: break
    }
    // `V vs. Ref.` is a potential in V.
    let short = text.hasPrefix("V vs.") ? "V" : text
    guard let loose = PhysicalUnit.loose(short, expecting: target?.dimension) else {
      diagnostics.warn(
        "unit.unknown", at: place, found: "the unit '\(text)' of column '\(label)'",
        expected: "expected a unit such as V, A or ohm")
      return .unknown(text)
    }
    return .known(loose.unit)
  }

  /// Without a thermometer Gamry writes temperatures below the absolute zero.
  private static func maskThermometer(
    _ series: inout [Column], _ diagnostics: inout DiagnosticList
  ) {
    guard let i = series.firstIndex(where: { $0.name == "temperature" }),
      case .real(let values) = series[i].values
    else { return }
    let bad = values.count { $0 < -273.15 }
    guard bad > 0 else { return }
    let old = series[i]
    series[i] = Column(
      name: old.name, label: old.label, values: .real(values.map { $0 < -273.15 ? .nan : $0 }),
      unit: old.unit, missing: old.missing, origin: old.origin, storage: old.storage)
    diagnostics.note(
      "dta.no-thermometer", found: "\(bad) temperatures below the absolute zero",
      expected: "Gamry writes them where no thermometer is connected; counted as missing")
  }
}
