public import Tables
internal import Units

extension Diagnostic {
  /// The JSON object of the contract: severity, code, place, message, and count and places of repeats.
  public var result: ResultValue {
    var fields = ResultObject()
    fields["severity"] = .text(severity.rawValue)
    fields["code"] = .text(code)
    fields["place"] = .text(place.description)
    fields["message"] = .text(message)
    if count > 1 { fields["count"] = .integer(count) }
    if !places.isEmpty { fields["places"] = .list(places.map { .text($0.description) }) }
    return .object(fields)
  }
}

extension Metadata {
  /// An object of the file's keys; the values of a key that repeats become a list.
  public var result: ResultValue {
    var groups: [String: [ResultValue]] = [:]
    var order: [String] = []
    for entry in entries {
      if groups[entry.key] == nil { order.append(entry.key) }
      groups[entry.key, default: []].append(entry.value.result)
    }
    var fields = ResultObject()
    for key in order {
      let values = groups[key] ?? []
      fields[key] = values.count == 1 ? values[0] : .list(values)
    }
    return .object(fields)
  }
}

extension MetadataValue {
  /// The value as text or number.
  public var result: ResultValue {
    switch self {
    case .text(let text): .text(text)
    case .integer(let number): .integer(Int(number))
    case .real(let number): .number(number)
    }
  }
}

extension Table {
  /// The JSON table of the contract: name, rows, and one object a column.
  public var result: ResultValue {
    var fields = ResultObject()
    fields["name"] = .text(name)
    fields["rows"] = .integer(rows)
    if !indexColumns.isEmpty { fields["index"] = .list(indexColumns.map(ResultValue.text)) }
    fields["columns"] = .list(columns.map(\.result))
    if metadata.count > 0 { fields["metadata"] = metadata.result }
    return .object(fields)
  }
}

extension Grid {
  /// The JSON object of a grid: its axes and one object a channel.
  public var result: ResultValue {
    .fields([
      "name": .text(name),
      "axes": .list(
        axes.map {
          .fields([
            "name": .text($0.name), "count": .integer($0.count), "origin": .number($0.origin),
            "step": .number($0.step), "unit": .text($0.unit.ucum),
          ])
        }),
      "channels": .list(channels.map(\.result)),
    ])
  }
}

extension Column {
  /// The JSON column of the contract: names, unit and statistics.
  ///
  /// Whole-number columns give their least, greatest, first and last value exactly. Text, categories
  /// and instants have no statistics: `count` is the number of cells that hold something.
  public var result: ResultValue {
    var fields = ResultObject()
    fields["name"] = .text(name)
    fields["label"] = .text(label)
    fields["unit"] = .text(unit.ucum)
    if let quantity = quantityName { fields["quantity"] = .text(quantity) }
    fields["type"] = .text(values.typeName)
    if let key { fields["key"] = .text(key) }
    if attached.count > 0 { fields["attached"] = attached.result }
    let statistics = statistics
    fields["count"] = .integer(statistics?.count ?? max(0, count - missing.count))
    fields["missing"] = .integer(statistics?.missing ?? min(count, missing.count))
    let whole = wholeStatistics
    fields["min"] = whole?.min ?? number(statistics?.min)
    fields["max"] = whole?.max ?? number(statistics?.max)
    fields["mean"] = number(statistics?.mean)
    fields["first"] = whole?.first ?? number(statistics?.first)
    fields["last"] = whole?.last ?? number(statistics?.last)
    if case .unknown(let text) = unit { fields["unit_text"] = .text(text) }
    if let distinct = distinctValues(limit: 100) {
      fields["distinct"] = .list(distinct.values.map(ResultValue.text))
      fields["distinct_count"] = distinct.count.map { .integer($0) } ?? .null
    }
    switch uncertainty {
    case .constant(let u): fields["uncertainty"] = .fields(["constant": .number(u)])
    case .relative(let u): fields["uncertainty"] = .fields(["relative": .number(u)])
    case .perRow: fields["uncertainty"] = .text("per row")
    case .digits(let u):
      fields["uncertainty"] = .fields(["kind": .text("digits"), "constant": .number(u)])
    case .counting: fields["uncertainty"] = .fields(["kind": .text("counts")])
    case nil: break
    }
    return .object(fields)
  }

  /// What the column measures, such as `voltage`; nil for text, for an unknown unit and for a
  /// dimension without a usual name.
  public var quantityName: String? {
    switch values {
    case .real, .integer: unit.unit.flatMap { $0.isArbitrary ? "arbitrary" : $0.dimension.name }
    case .text, .category, .instant: nil
    }
  }

  /// The different texts of a column of words in order of appearance; nil for any other column.
  ///
  /// The count is nil beyond ``DistinctWords/most``.
  public func distinctValues(limit: Int) -> (values: [String], count: Int?)? {
    var words = DistinctWords()
    if let summary {
      guard let known = summary.words else { return nil }
      words = known
    } else {
      switch values {
      case .text(let cells):
        for (row, cell) in cells.enumerated() where !missing.contains(row) { words.add(cell) }
      case .category(let levels, let codes):
        var isNew = [Bool](repeating: true, count: levels.count)
        for (row, code) in codes.enumerated() where !missing.contains(row) {
          let level = Int(code)
          guard levels.indices.contains(level), isNew[level] else { continue }
          isNew[level] = false
          words.add(levels[level])
        }
      case .real, .integer, .instant: return nil
      }
    }
    return (Array(words.first.prefix(limit)), words.count)
  }

  private func number(_ value: Double?) -> ResultValue { value.map(ResultValue.number) ?? .null }

  private var wholeStatistics:
    (
      min: ResultValue, max: ResultValue, first: ResultValue, last: ResultValue
    )?
  {
    guard let whole = wholeExtremes else { return nil }
    return (
      .integer(Int(whole.min)), .integer(Int(whole.max)), .integer(Int(whole.first)),
      .integer(Int(whole.last))
    )
  }
}

extension ColumnValues {
  /// The kind of the values in one word: number, integer, text, category or instant.
  var typeName: String {
    switch self {
    case .real: "number"
    case .integer: "integer"
    case .text: "text"
    case .category: "category"
    case .instant: "instant"
    }
  }
}

extension Dataset {
  /// Where a setting comes from, in words: the file's own key, or what the user said.
  public func source(of setting: InstrumentSetting) -> String {
    overrides.contains { $0.source == setting.key } ? setting.key : "file's \(setting.key)"
  }

  /// The fields of an input that `inspect` prints: tables, grids, settings, metadata and how the
  /// text was read.
  public var resultFields: ResultObject {
    var fields = ResultObject()
    fields["technique"] = .text(technique.rawValue)
    fields["tables"] = .list(tables.map(\.result))
    if !grids.isEmpty { fields["grids"] = .list(grids.map(\.result)) }
    if !settings.isEmpty {
      var object = ResultObject()
      for setting in settings {
        let name = setting.group.map { "\($0)/\(setting.name)" } ?? setting.name
        object[name] = .quantity(
          MeasuredValue(
            setting.value, setting.unit, u: setting.u, source: source(of: setting)))
      }
      fields["settings"] = .object(object)
    }
    fields["metadata"] = metadata.result
    if !reading.isEmpty {
      var object = ResultObject()
      for key in reading.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        object[key] = reading[key].map(ResultValue.text)
      }
      fields["reading"] = .object(object)
    }
    return fields
  }
}
