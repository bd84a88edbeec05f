internal import Bytes
internal import Reading
internal import Tables
internal import Units

extension Dataset {
  /// What holds for the columns of every format, after its reader: the user's statements, clocks,
  /// valid ranges and uncertainties.
  ///
  /// - Throws: `unit.mismatch` where a statement measures something else than what it replaces.
  mutating func finish(_ options: ReadOptions) throws(ReadFailure) {
    var found = DiagnosticList()
    try apply(units: options.said.units, &found)
    try apply(settings: options.said.settings, &found)
    readClocks(options, &found)
    if let join = options.said.join { self.join(join, &found) }
    checkRanges(&found)
    noteMissingUnits(&found)
    for t in tables.indices {
      for c in tables[t].columns.indices {
        if tables[t].columns[c].label.isEmpty {
          tables[t].columns[c].label = tables[t].columns[c].name
        }
        tables[t].columns[c].stateUncertainty()
      }
    }
    diagnostics += found.all
  }

  /// Says which columns of numbers have no unit, where the format's own reader has not said so.
  private func noteMissingUnits(_ found: inout DiagnosticList) {
    if diagnostics.contains(where: { $0.code == "unit.absent" || $0.code == "text.no-header" }) {
      return
    }
    var labels: [String] = []
    for table in tables {
      for column in table.columns where column.unit == .absent {
        switch column.values {
        case .real, .integer: if !labels.contains(column.label) { labels.append(column.label) }
        case .text, .category, .instant: break
        }
      }
    }
    if labels.isEmpty { return }
    let list = labels.prefix(8).map { "'\($0)'" }.joined(separator: ", ")
    found.note(
      "unit.absent", found: "no unit for column \(list)\(labels.count > 8 ? " and others" : "")",
      expected: "the file gives none; --unit COLUMN=UNIT does")
  }

  /// Warns of values outside what physics allows, where the format's own reader has not looked.
  private func checkRanges(_ found: inout DiagnosticList) {
    if diagnostics.contains(where: { $0.code == "axis.range" }) { return }
    for table in tables {
      for (index, column) in table.columns.enumerated() {
        guard column.summary == nil, let known = CanonicalName.entry(column.name),
          !known.range.description.isEmpty, let unit = known.unit,
          column.unit.unit?.ucum == unit.ucum, let values = column.real,
          let row = values.firstIndex(where: { !known.range.contains($0) })
        else { continue }
        let count = values.count { !known.range.contains($0) }
        var place = Place.whole
        if let lines = column.origin.lines, lines.count == values.count {
          place = .cell(line: lines.lowerBound + row, column: index + 1)
        }
        found.warn(
          "axis.range", at: place,
          found: "\(values[row]) \(unit.ucum) in row \(row + 1) of column '\(column.label)'"
            + (tables.count > 1 ? " of table '\(table.name)'" : ""),
          expected: "expected \(known.meaning) \(known.range)", count: count)
      }
    }
  }
}

extension Column {
  /// States the uncertainty that follows from how the values are written, where the reader gives none.
  ///
  /// Counts have √N. Numbers printed with a fixed number of decimals have q/√12 for a last place q
  /// (JCGM 100 §4.3.7). Numbers of more than nine digits are a computer's, not an instrument's, and
  /// nothing is said of them.
  mutating func stateUncertainty() {
    guard uncertainty == nil, summary == nil, let unit = unit.unit else { return }
    if unit.ucum == "{count}" || unit.ucum == "1", CanonicalName.entry(name)?.name == "counts" {
      if let values = real, values.allSatisfy({ $0.isNaN || ($0 >= 0 && $0 == $0.rounded()) }) {
        uncertainty = .counting
      }
      return
    }
    guard case .real(let values) = values, origin.steps.first == "decimal text",
      unit.dimension != .one, unit.dimension != Count.dimension,
      let factor = writtenFactor(unit), let place = PrintedDigits(values, over: factor)
    else { return }
    uncertainty = .digits(place.lastPlace * abs(factor) / 12.0.squareRoot())
  }

  /// The size of the unit that is written in units of the column; nil where a step is no change of unit.
  private func writtenFactor(_ unit: PhysicalUnit) -> Double? {
    let steps = origin.steps.dropFirst().filter { $0 != "sign reversed" }
    guard let step = steps.first else { return 1 }
    guard steps.count == 1, let arrow = step.firstRange(of: " → "),
      let from = try? PhysicalUnit(ucum: String(step[..<arrow.lowerBound])),
      step[arrow.upperBound...] == unit.ucum
    else { return nil }
    return try? from.convertDifference(1, to: unit)
  }
}

/// The last place that the numbers of a column are printed with.
struct PrintedDigits {
  /// One unit of the last place, in the unit that is written.
  let lastPlace: Double

  /// Looks at up to 400 values; nil where fewer than ten are finite or their last places differ.
  init?(_ values: [Double], over factor: Double) {
    guard values.count >= 10, factor != 0 else { return nil }
    let step = max(1, values.count / 400)
    var seen = 0
    var last = Int.max
    var greatest = 0.0
    var places: [(size: Double, place: Int)] = []
    for row in stride(from: 0, to: values.count, by: step) {
      let value = values[row]
      guard value.isFinite else { continue }
      seen += 1
      guard value != 0, let digits = Self.digits(value / factor) else { continue }
      if digits.count > 9 { return nil }
      last = min(last, digits.place)
      greatest = max(greatest, abs(value))
      places.append((abs(value), digits.place))
    }
    guard seen >= 10, last != .max else { return nil }
    // With an exponent the large numbers end earlier than the small ones.
    guard places.contains(where: { $0.size * 10 >= greatest && $0.place == last }),
      let place = Double("1e\(last)")
    else { return nil }
    lastPlace = place
  }

  /// The number of significant digits of a number and the power of ten of the last one.
  ///
  /// A quotient that is one unit of its 17th digit off the decimal number counts as that.
  private static func digits(_ value: Double) -> (count: Int, place: Int)? {
    var text = "\(abs(value))"
    var exponent = 0
    if let e = text.firstIndex(of: "e") {
      exponent = Int(text[text.index(after: e)...]) ?? 0
      text = String(text[..<e])
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    var digits = Array(parts.joined().utf8).map { Int($0) - 48 }
    var place = exponent - (parts.count > 1 ? parts[1].utf8.count : 0)
    if digits.count > 15 {
      let cut = digits.count - 15
      let up = digits[15] >= 5
      digits.removeLast(cut)
      place += cut
      if up {
        var i = digits.count - 1
        while i >= 0, digits[i] == 9 {
          digits[i] = 0
          i -= 1
        }
        guard i >= 0 else { return nil }
        digits[i] += 1
      }
    }
    while digits.count > 1, digits.last == 0 {
      digits.removeLast()
      place += 1
    }
    while digits.first == 0 { digits.removeFirst() }
    return digits.isEmpty ? nil : (digits.count, place)
  }
}
