internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// What the columns of an EC-Lab text export are.
///
/// EC-Lab writes the unit behind the last slash of a name, and none only for pure numbers.
struct BioLogicColumns {
  /// The canonical names, in cycling.md and impedance.md, with their unit.
  private struct Meaning {
    var name: String
    var unit: String?
    /// Of several columns with one meaning the one with the least rank takes the name.
    var rank = 0
    var isNegated = false
  }

  /// One column's label taken apart.
  private struct Label {
    var text: String
    var base: String
    var unitText: String?
  }

  /// Whether the file is a spectrum and nothing else.
  let isImpedance: Bool
  /// Whether the control values stand in columns for V and for mA as well.
  private let isControlSplit: Bool
  private let labels: [Label]
  private var meanings: [Meaning?]

  init(_ names: [String]) {
    labels = names.map(Self.label)
    let bases = Set(labels.map(\.base))
    let hasSpectrum = bases.isSuperset(of: ["freq", "re(z)", "-im(z)"])
    isControlSplit = labels.count { $0.base == "control" && $0.unitText != nil } >= 2
    isImpedance = hasSpectrum && !bases.contains("mode") && !bases.contains("nschanges")
    let table = isImpedance ? Self.shared.merging(Self.impedance) { $1 } : Self.shared
    meanings = labels.map { table[$0.base] }
    // Ewe stands before <Ewe> before Ecell; the others keep their own names.
    for (i, meaning) in meanings.enumerated() {
      guard let meaning else { continue }
      let rivals = meanings.enumerated().filter { $0.element?.name == meaning.name }
      if let best = rivals.min(by: { ($0.element?.rank ?? 0) < ($1.element?.rank ?? 0) }),
        best.element?.rank != meaning.rank
      {
        meanings[i] = nil
      }
    }
  }

  /// The place of the time column, whose cells may be clock times.
  var time: Int? { labels.firstIndex { $0.base == "time" } }

  private static let shared: [String: Meaning] = [
    "time": Meaning(name: "test_time", unit: "s"),
    "steptime": Meaning(name: "step_time", unit: "s"),
    "ewe": Meaning(name: "voltage", unit: "V"),
    "<ewe>": Meaning(name: "voltage", unit: "V", rank: 1),
    "ecell": Meaning(name: "voltage", unit: "V", rank: 2),
    "<ecell>": Meaning(name: "voltage", unit: "V", rank: 3),
    "ece": Meaning(name: "counter_electrode_potential", unit: "V"),
    "<ece>": Meaning(name: "counter_electrode_potential", unit: "V", rank: 1),
    "i": Meaning(name: "current", unit: "A"),
    "<i>": Meaning(name: "current", unit: "A", rank: 1),
    "cyclenumber": Meaning(name: "cycle_count", unit: "1"),
    "ns": Meaning(name: "step_id", unit: "1"),
    "halfcycle": Meaning(name: "half_cycle", unit: "1"),
    "(q-qo)": Meaning(name: "net_capacity", unit: "A.h"),
    "qcharge": Meaning(name: "step_charging_capacity", unit: "A.h"),
    "qdischarge": Meaning(name: "step_discharging_capacity", unit: "A.h"),
    "freq": Meaning(name: "frequency", unit: "Hz"),
    "p": Meaning(name: "power", unit: "W"),
    "pwe": Meaning(name: "power", unit: "W", rank: 1),
    "temperature": Meaning(name: "ambient_temperature", unit: "Cel"),
  ]

  private static let impedance: [String: Meaning] = [
    "re(z)": Meaning(name: "impedance_real", unit: "Ohm"),
    "-im(z)": Meaning(name: "impedance_imaginary", unit: "Ohm", isNegated: true),
    "im(z)": Meaning(name: "impedance_imaginary", unit: "Ohm", rank: 1),
    "|z|": Meaning(name: "impedance_modulus", unit: "Ohm"),
    "phase(z)": Meaning(name: "impedance_phase", unit: "deg"),
    "re(zce)": Meaning(name: "counter_impedance_real", unit: "Ohm"),
    "-im(zce)": Meaning(name: "counter_impedance_imaginary", unit: "Ohm", isNegated: true),
    "re(zwe-ce)": Meaning(name: "cell_impedance_real", unit: "Ohm"),
    "-im(zwe-ce)": Meaning(name: "cell_impedance_imaginary", unit: "Ohm", isNegated: true),
    "re(y)": Meaning(name: "admittance_real", unit: "S"),
    "im(y)": Meaning(name: "admittance_imaginary", unit: "S"),
    "cs": Meaning(name: "series_capacitance", unit: "F"),
    "cp": Meaning(name: "parallel_capacitance", unit: "F"),
    "|ewe|": Meaning(name: "potential_amplitude", unit: "V"),
    "|i|": Meaning(name: "current_amplitude", unit: "A"),
    "irange": Meaning(name: "current_range", unit: "1"),
  ]

  /// `base/unit`; the base in lower case without blanks.
  private static func label(_ text: String) -> Label {
    // BCS exports write <Ewe/V> for <Ewe>/V; a lost degree sign is still one.
    var plain = String(text.map { $0 == "\u{FFFD}" ? "°" : $0 })
    if plain.first == "<", plain.last == ">", let slash = plain.lastIndex(of: "/") {
      plain =
        plain[..<slash] + ">" + plain[slash..<plain.index(before: plain.endIndex)]
    }
    func base(_ part: some StringProtocol) -> String {
      String(part.lowercased().filter { $0 != " " })
    }
    if base(plain) == "control/v/ma" {
      return Label(text: text, base: "control/v/ma", unitText: "V/mA")
    }
    let parsed = ColumnLabel(plain)
    guard let unit = parsed.unitText, plain.hasSuffix("/" + unit) else {
      return Label(text: text, base: base(plain), unitText: nil)
    }
    return Label(text: text, base: base(plain.dropLast(unit.count + 1)), unitText: unit)
  }

  /// The plan for reading, with a warning where a unit is not known or two labels are equal.
  func plan(
    kinds: [NumericTable.Kind], options: ReadOptions, at placeOf: (Int) -> Place,
    into diagnostics: inout DiagnosticList
  ) -> [TextColumn] {
    var seen: Set<String> = []
    return labels.enumerated().map { c, label in
      let meaning = meanings[c]
      let place = placeOf(c)
      if !label.text.isEmpty, !seen.insert(label.text).inserted {
        diagnostics.warn(
          "text.duplicate-column", at: place, found: "the column name '\(label.text)' occurs again",
          expected: "expected different names; the later one gets a number")
      }
      let target = meaning?.unit.flatMap { try? PhysicalUnit(ucum: $0) }
      let name = meaning?.name ?? Self.slug(label, position: c + 1)
      return TextColumn(
        name: name, label: label.text,
        written: unit(label, name, target, place, options, &diagnostics), target: target,
        isNegated: meaning?.isNegated ?? false,
        kind: kind(c < kinds.count ? kinds[c] : .undecided, label, target))
    }
  }

  /// What the cells of a column are taken for.
  ///
  /// A column with a canonical unit holds numbers, whatever a damaged first row says; clock times alone
  /// are text. A column of empty cells without a name is looked at as text.
  private func kind(
    _ seen: NumericTable.Kind, _ label: Label, _ target: PhysicalUnit?
  ) -> NumericTable.Kind {
    if seen == .undecided && label.text.isEmpty { return .text }
    return seen == .text && target != nil && label.base != "time" ? .real() : seen
  }

  private static func slug(_ label: Label, position: Int) -> String {
    if label.base.isEmpty { return "column_\(position)" }
    if label.base == "control/v/ma" { return "control" }
    let name = label.unitText.map { label.text.dropLast($0.count + 1) } ?? label.text[...]
    // The sign is part of the meaning: -Im(Z) is not Im(Z).
    return (label.base.hasPrefix("-") ? "minus_" : "") + ColumnLabel.slug(String(name))
  }

  private func unit(
    _ label: Label, _ name: String, _ target: PhysicalUnit?, _ place: Place,
    _ options: ReadOptions, _ diagnostics: inout DiagnosticList
  ) -> ColumnUnit {
    if label.text.isEmpty { return .absent }
    let given = options.units[name] ?? options.units[label.text]
    guard let text = given ?? label.unitText else { return .known(.one) }
    if given == nil, label.base == "control/v/ma" {
      let found = "the unit 'V/mA' of column '\(label.text)' is V or mA by the mode of each row"
      if isControlSplit {
        diagnostics.note(
          "unit.by-mode", at: place, found: found,
          expected: "columns of their own give the values in V and in mA")
      } else {
        diagnostics.warn(
          "unit.unknown", at: place, found: found,
          expected: "the values are given as they stand")
      }
      return .unknown(text)
    }
    guard let loose = PhysicalUnit.loose(text, expecting: target?.dimension) else {
      diagnostics.warn(
        "unit.unknown", at: place, found: "the unit '\(text)' of column '\(label.text)'",
        expected: "expected a unit such as V, mA or mA.h")
      return .unknown(text)
    }
    return .known(loose.unit)
  }
}
