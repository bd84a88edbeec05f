internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// What the columns of a PSTrace export are: pairs told by their units, or a spectrum told by labels.
struct PalmSensColumns {
  /// Whether the file is a spectrum.
  let isImpedance: Bool
  /// The columns of each table.
  let groups: [[Int]]
  private let labels: [String]

  private struct Meaning {
    var name: String
    var unit: String
    var isNegated = false
  }

  /// `freq / Hz, neg. Phase / °, Idc / uA, Z / ohm, Z' / ohm, -Z'' / ohm, Cs / F`.
  private static let spectrum: [String: Meaning] = [
    "freq": Meaning(name: "frequency", unit: "Hz"),
    "frequency": Meaning(name: "frequency", unit: "Hz"),
    "neg.phase": Meaning(name: "impedance_phase", unit: "deg", isNegated: true),
    "-phase": Meaning(name: "impedance_phase", unit: "deg", isNegated: true),
    "phase": Meaning(name: "impedance_phase", unit: "deg"),
    "idc": Meaning(name: "current", unit: "A"), "edc": Meaning(name: "voltage", unit: "V"),
    "z": Meaning(name: "impedance_modulus", unit: "Ohm"),
    "z'": Meaning(name: "impedance_real", unit: "Ohm"),
    "-z''": Meaning(name: "impedance_imaginary", unit: "Ohm", isNegated: true),
    "-z\"": Meaning(name: "impedance_imaginary", unit: "Ohm", isNegated: true),
    "z''": Meaning(name: "impedance_imaginary", unit: "Ohm"),
    "cs": Meaning(name: "series_capacitance", unit: "F"),
    "cp": Meaning(name: "parallel_capacitance", unit: "F"),
    "time": Meaning(name: "test_time", unit: "s"), "t": Meaning(name: "test_time", unit: "s"),
  ]

  init(_ labels: [String]) {
    self.labels = labels
    let bases = Set(labels.map { Self.base($0).base })
    isImpedance = bases.contains { $0.hasPrefix("freq") } && bases.contains("z'")
    groups =
      isImpedance || labels.count % 2 == 1
      ? [Array(labels.indices)]
      : stride(from: 0, to: labels.count, by: 2).map { [$0, $0 + 1] }
  }

  /// `base / unit`, the base in lower case without blanks; a unit alone has no base.
  private static func base(_ label: String) -> (base: String, unit: String) {
    if let slash = label.lastIndex(of: "/") {
      let before = label[..<slash].lowercased().filter { $0 != " " }
      let after = label[label.index(after: slash)...].drop { $0 == " " }
      if !before.isEmpty, !after.isEmpty { return (before, String(after)) }
    }
    return ("", label)
  }

  /// The quantity that a unit alone stands for.
  private static func meaning(ofUnit unit: PhysicalUnit) -> Meaning? {
    for (symbol, name) in [("s", "test_time"), ("V", "voltage"), ("A", "current")] {
      if let known = try? PhysicalUnit(ucum: symbol), known.dimension == unit.dimension {
        return Meaning(name: name, unit: symbol)
      }
    }
    return nil
  }

  /// The plan for reading.
  func plan(
    options: ReadOptions, line: Int, into diagnostics: inout DiagnosticList
  ) -> [TextColumn] {
    labels.enumerated().map { c, label in
      let (base, text) = Self.base(label)
      let known = Self.spectrum[base]
      let expected = known.flatMap { try? PhysicalUnit(ucum: $0.unit) }
      let given = options.units[label] ?? known.flatMap { options.units[$0.name] }
      let loose = PhysicalUnit.loose(given ?? text, expecting: expected?.dimension)
      if loose == nil, !text.isEmpty {
        diagnostics.warn(
          "unit.unknown", at: .cell(line: line, column: c + 1),
          found: "the unit '\(text)' of column \(c + 1)",
          expected: "expected a unit such as s, V or uA")
      }
      let meaning = known ?? (base.isEmpty ? loose.flatMap { Self.meaning(ofUnit: $0.unit) } : nil)
      let slug = ColumnLabel.slug(base.isEmpty ? label : base)
      return TextColumn(
        name: meaning?.name ?? (slug.isEmpty ? "column_\(c + 1)" : slug), label: label,
        written: loose.map { .known($0.unit) } ?? (text.isEmpty ? .absent : .unknown(text)),
        target: meaning.flatMap { try? PhysicalUnit(ucum: $0.unit) },
        isNegated: meaning?.isNegated ?? false, kind: .real())
    }
  }
}
