internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// What the columns of text tables of force curves are, by the words that makers use.
enum ForceTextColumn {
  /// The canonical names with the slugs that mean them; the unit decides where a slug stands twice.
  private static let words: [(name: String, slugs: Set<String>)] = [
    (
      "sensor_position",
      [
        "sensor_position", "z_sense", "z_sensor", "zsnsr", "height_measured", "measured_height",
        "height_sensor", "strain_gauge_height", "capacitive_sensor_height",
      ]
    ),
    (
      "piezo_position",
      ["piezo_position", "piezo", "z_piezo", "z_drive", "height_piezo", "height", "z", "raw"]
    ),
    ("deflection", ["deflection", "defl", "cantilever"]),
    ("force", ["force", "load", "deflection", "defl"]),
    ("deflection_voltage", ["t_b", "deflection_voltage", "deflection", "defl", "deflv"]),
    ("lateral_deflection_voltage", ["l_r", "lateral", "lateral_deflection_voltage"]),
    ("time", ["time", "t"]),
  ]

  /// The column of a label.
  ///
  /// A name whose unit measures something else keeps its slug with the unit behind it, so that no
  /// analysis takes volts for newtons.
  ///
  /// - Parameters:
  ///   - label: the whole label as the file writes it.
  ///   - part: the part that names the quantity and its unit (`T-B(V)` of `Extend T-B(V)`).
  ///   - unit: the unit that the format defines where the label has none.
  ///   - kind: what the first rows say about the cells.
  ///   - place: where the label stands.
  static func column(
    _ label: String, part: String, unit fallback: String? = nil, kind: NumericTable.Kind,
    place: Place, options: ReadOptions, into diagnostics: inout DiagnosticList
  ) -> TextColumn {
    // A bracket that is no unit belongs to the name: height (measured).
    let isKnown = slugIsKnown(ColumnLabel.slug(part))
    let parsed = isKnown ? nil : ColumnLabel(part)
    let slug = ColumnLabel.slug(parsed?.name ?? part)
    let hints = words.filter { $0.slugs.contains(slug) }
    let given =
      hints.compactMap { options.units[$0.name] }.first ?? options.units[label]
      ?? options.units[ColumnLabel.slug(label)] ?? options.units[slug]
    let text = given ?? parsed?.unitText ?? fallback
    var written = ColumnUnit.absent
    var loose: LooseUnit?
    if let text {
      loose =
        hints.lazy.compactMap { hint -> LooseUnit? in
          guard let expected = CanonicalName.entry(hint.name)?.unit?.dimension,
            let unit = PhysicalUnit.loose(text, expecting: expected),
            unit.unit.dimension == expected
          else { return nil }
          return unit
        }.first ?? PhysicalUnit.loose(text)
      written = loose.map { .known($0.unit) } ?? .unknown(text)
    }
    report(label, text, loose, kind, place, &diagnostics)
    var name = slug
    var target: PhysicalUnit?
    if let unit = loose?.unit {
      let fitting = hints.first { CanonicalName.entry($0.name)?.unit?.dimension == unit.dimension }
      if let fitting {
        name = fitting.name
        target = CanonicalName.entry(name)?.unit
      } else if !hints.isEmpty || CanonicalName.entry(slug) != nil {
        name = "\(slug)_\(ColumnLabel.slug(unit.ucum))"
        diagnostics.warn(
          "unit.mismatch", at: place,
          found: "column '\(label)' is given in \(unit.ucum), which does not measure \(slug)",
          expected: "the column is called \(name); --unit \(slug)=UNIT names another unit")
      }
    } else if let first = hints.first {
      name = first.name
    }
    return TextColumn(
      name: name, label: label, written: written, target: target,
      kind: kind == .text && !hints.isEmpty ? .real() : kind)
  }

  private static func slugIsKnown(_ slug: String) -> Bool {
    words.contains { $0.slugs.contains(slug) }
  }

  private static func report(
    _ label: String, _ text: String?, _ unit: LooseUnit?, _ kind: NumericTable.Kind,
    _ place: Place, _ diagnostics: inout DiagnosticList
  ) {
    guard let text else {
      if kind == .text { return }
      diagnostics.warn(
        "unit.absent", at: place, found: "no unit for column '\(label)'",
        expected: "expected a unit in the label, or --unit COLUMN=UNIT")
      return
    }
    guard let unit else {
      diagnostics.warn(
        "unit.unknown", at: place, found: "the unit '\(text)' of column '\(label)'",
        expected: "expected a unit such as nm, V or nN")
      return
    }
    if let remark = unit.remark {
      diagnostics.add(
        Diagnostic(
          remark.isWarning ? .warning : .note, remark.code, at: place,
          found: "column '\(label)': \(remark.text)", expected: ""))
    }
  }
}

extension Column {
  /// The rows of a range as a column of their own; `lines` are those of the rows, where known.
  func rows(_ range: Range<Int>, lines: ClosedRange<Int>?) -> Column {
    let kept = range.clamped(to: 0..<count)
    let cut: ColumnValues =
      switch values {
      case .real(let v): .real(Array(v[kept]))
      case .integer(let v): .integer(Array(v[kept]))
      case .text(let v): .text(Array(v[kept]))
      case .category(let levels, let codes): .category(levels: levels, codes: Array(codes[kept]))
      case .instant(let v): .instant(Array(v[kept]))
      }
    var mask = MissingMask()
    if missing.count > 0 {
      for row in kept where missing.contains(row) { mask.insert(row - kept.lowerBound) }
    }
    var origin = origin
    if let lines { origin.lines = lines }
    return Column(
      name: name, label: label, values: cut, unit: unit, missing: mask, origin: origin,
      storage: storage)
  }
}

extension NumericTable {
  /// The lines of a range of rows, where every line between the first and the last row holds one.
  func lines(ofRows rows: Range<Int>) -> ClosedRange<Int>? {
    guard !rows.isEmpty, let first = line(ofRow: rows.lowerBound),
      let last = line(ofRow: rows.upperBound - 1)
    else { return nil }
    return first...last
  }
}
