internal import Bytes
internal import Tables
internal import Units

/// What recipes do to values that were read: signs by a state, numbers that mean "missing", categories.
enum RecipeValues {
  /// Marks cells as missing that hold one of the recipe's numbers for it, such as -999.
  static func maskNumbers(
    _ words: [String], _ plan: PlannedColumn, _ dialect: TableDialect, _ column: inout Column
  ) {
    guard !words.isEmpty else { return }
    for word in words {
      switch column.values {
      case .integer(let values):
        guard let number = Int64(word) else { continue }
        for (row, value) in values.enumerated() where value == number { column.missing.insert(row) }
      case .real(var values):
        guard let number = converted(word, plan, dialect) else { continue }
        var found = false
        for (row, value) in values.enumerated() where value == number {
          column.missing.insert(row)
          values[row] = .nan
          found = true
        }
        if found { column.values = .real(values) }
      default: continue
      }
    }
  }

  /// What a number that stands for "missing" becomes in the column's unit.
  private static func converted(
    _ word: String, _ plan: PlannedColumn, _ dialect: TableDialect
  ) -> Double? {
    guard case .real(let exponent, let factor, _) = plan.request.kind,
      let number = NumberScanner(decimalMark: dialect.decimalMark, exponent: exponent).parse(word)
        ?? NumberScanner(exponent: exponent).parse(word)
    else { return nil }
    let column = plan.column.column(
      .real([number * factor]), missing: MissingMask(), bytes: [], lines: nil)
    return column.real?.first
  }

  /// Gives an unsigned column the sign that the texts of another one tell.
  ///
  /// Values that are negative in the file keep all signs of the file. A value other than zero beside a
  /// text for zero stays as it is, with a warning, and so does one beside a text without a rule.
  static func applySign(
    _ rule: Recipe.SignRule, to c: Int, in columns: inout [Column], lines: ClosedRange<Int>?,
    _ diagnostics: inout DiagnosticList
  ) {
    let place = lines.map { Place.line($0.lowerBound) } ?? .whole
    guard let state = columns.first(where: { $0.name == rule.column }) else {
      diagnostics.warn(
        "recipe.sign", at: place,
        found: "no column '\(rule.column)', which gives '\(columns[c].label)' its sign",
        expected: "the values have no sign")
      return
    }
    guard case .real(var values) = columns[c].values, let words = words(state) else { return }
    if values.contains(where: { $0 < 0 }) {
      diagnostics.note(
        "recipe.sign-in-file", at: place,
        found: "column '\(columns[c].label)' holds negative values",
        expected: "its signs are those of the file, not of '\(state.label)'")
      return
    }
    var notZero = 0
    var unknown: [String: Int] = [:]
    for row in values.indices where row < words.count && values[row] != 0 {
      if values[row].isNaN { continue }
      let word = RecipeMetadata.trimmed(words[row][...])
      if rule.negative.contains(word) {
        values[row] = -values[row]
      } else if rule.zero.contains(word) {
        notZero += 1
      } else if !rule.positive.contains(word) {
        unknown[word, default: 0] += 1
      }
    }
    var column = columns[c]
    column.origin.steps.append(
      "negative where '\(state.label)' is \(rule.negative.joined(separator: ", "))")
    columns[c] = Column(
      name: column.name, label: column.label, values: .real(values), unit: column.unit,
      missing: column.missing, uncertainty: column.uncertainty, origin: column.origin)
    columns[c].key = column.key
    columns[c].attached = column.attached
    if notZero > 0 {
      diagnostics.warn(
        "recipe.sign", at: place,
        found:
          "\(notZero) value\(notZero == 1 ? "" : "s") of '\(column.label)' other than zero where"
          + " '\(state.label)' says \(rule.zero.joined(separator: ", "))",
        expected: "expected zero there; kept as they are")
    }
    for word in unknown.keys.sorted() {
      diagnostics.warn(
        "recipe.sign", at: place,
        found: "'\(word.prefix(40))' in '\(state.label)' says nothing about the sign",
        expected:
          "expected one of \((rule.negative + rule.positive + rule.zero).joined(separator: ", ")); kept as written",
        count: unknown[word] ?? 1)
    }
  }

  private static func words(_ column: Column) -> [String]? {
    switch column.values {
    case .text(let words): words
    case .category(let levels, let codes):
      codes.map { levels.indices.contains(Int($0)) ? levels[Int($0)] : "" }
    case .integer(let values): values.map { "\($0)" }
    case .real(let values): values.map { Int(exactly: $0).map { "\($0)" } ?? "\($0)" }
    case .instant: nil
    }
  }

  /// Texts as levels in the order in which they appear.
  static func categories(_ values: ColumnValues) -> ColumnValues {
    guard case .text(let texts) = values else { return values }
    var levels: [String] = []
    var codes: [String: Int32] = [:]
    var result: [Int32] = []
    result.reserveCapacity(texts.count)
    for text in texts {
      if let code = codes[text] {
        result.append(code)
      } else {
        let code = Int32(truncatingIfNeeded: levels.count)
        codes[text] = code
        levels.append(text)
        result.append(code)
      }
    }
    return .category(levels: levels, codes: result)
  }
}

/// The clock times of a column.
struct RecipeClock {
  let rule: Recipe.ColumnRule
  /// The date of times that have none, as the file writes it.
  let date: String

  /// The instants of a column where the zone is known; a warning for texts in none of the formats.
  func read(
    _ column: Column, lines: ClosedRange<Int>?, _ diagnostics: inout DiagnosticList
  ) -> Column? {
    guard case .text(let texts) = column.values else { return nil }
    var instants: [Int64] = []
    var missing = MissingMask()
    var odd = 0
    var firstOdd = ""
    var firstRow: Int?
    var day = startOfDates
    var before: Int64?
    var lastText: String?
    var lastMoment: ClockFormat.Moment?
    for (row, text) in texts.enumerated() {
      if text != lastText {
        lastText = text
        lastMoment = rule.formats.lazy.compactMap { $0.moment(text) }.first
      }
      guard let moment = lastMoment else {
        if !text.isEmpty {
          odd += 1
          if firstRow == nil { (firstRow, firstOdd) = (row, text) }
        }
        missing.insert(row)
        instants.append(0)
        continue
      }
      if moment.days == nil, let before, before - moment.nanoseconds > Self.halfDay {
        day = day.map { $0 + 1 }  // past midnight
      }
      if moment.days == nil { before = moment.nanoseconds }
      guard let zone = rule.zone, let days = moment.days ?? day else {
        missing.insert(row)
        instants.append(0)
        continue
      }
      let seconds = days * 86400 - Int64(zone) * 60
      let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
      let (sum, over) = nanoseconds.addingReportingOverflow(moment.nanoseconds)
      if overflow || over { missing.insert(row) }
      instants.append(overflow || over ? 0 : sum)
    }
    if odd > 0 {
      let line = lines.flatMap { $0.count == texts.count ? $0.lowerBound + (firstRow ?? 0) : nil }
      diagnostics.warn(
        "recipe.clock", at: line.map { .line($0) } ?? .whole,
        found: "'\(firstOdd.prefix(40))' in column '\(column.label)'",
        expected: "expected \(rule.formats.map(\.source).joined(separator: " or ")); kept as text",
        count: odd)
    }
    guard rule.zone != nil, missing.count < texts.count else { return nil }
    var origin = column.origin
    origin.steps.append("clock text → UTC")
    return Column(
      name: "instant", label: column.label, values: .instant(instants), unit: .absent,
      missing: missing, origin: origin)
  }

  private static let halfDay: Int64 = 43_200_000_000_000

  /// The day that the date of the recipe names; nil where there is none.
  private var startOfDates: Int64? {
    if date.isEmpty { return nil }
    let iso = ["yyyy-MM-dd", "yyyy/MM/dd"].compactMap { ClockFormat($0) }
    return (rule.formats.compactMap(\.dateOnly) + iso).lazy.compactMap { $0.moment(date)?.days }
      .first
  }
}

/// What the columns of a recipe's table are looked at for: valid ranges, and axes that step back or stand still.
struct RecipeChecks {
  let lines: ClosedRange<Int>?
  let rows: Int

  static let axes: [String] = [
    "test_time", "time", "sputter_time", "photon_energy", "frequency", "mass_u", "channel", "depth",
  ]

  func run(_ columns: [Column], into diagnostics: inout DiagnosticList) {
    var ranges = RangeCheck()
    ranges.add(columns)
    ranges.report(columns, into: &diagnostics, line: line(ofRow:))
    for column in columns {
      guard let code = Self.orderCode(column), let values = column.real else { continue }
      var order = OrderCheck()
      order.add(values)
      order.report(column, code: code, into: &diagnostics, line: line(ofRow:))
      guard let first = values.first, values.count > 2, values.allSatisfy({ $0 == first }) else {
        continue
      }
      diagnostics.warn(
        "series.constant", at: lines.map { .line($0.lowerBound) } ?? .whole,
        found: "column '\(column.label)' is constant: all \(values.count) values are the same",
        expected: "expected an axis with a range above zero")
    }
  }

  private static func orderCode(_ column: Column) -> String? {
    switch column.name {
    case "test_time", "time", "sputter_time": "series.restart"
    case "photon_energy": "axis.unordered"
    default: nil
    }
  }

  /// The line of a row, where every line between the first and the last row holds one.
  private func line(ofRow row: Int) -> Int? {
    lines.flatMap { $0.count == rows ? $0.lowerBound + row : nil }
  }
}
