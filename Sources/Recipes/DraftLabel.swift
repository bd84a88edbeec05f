internal import Bytes
internal import Units

/// What labels say beyond the grammar of docs/units.md, in the words that instruments use.
enum DraftLabel {
  /// Units that stand behind a name without brackets, as they are written there.
  private static let suffixes: Set<String> = [
    "eV", "keV", "kev", "ev", "MeV", "nm", "um", "µm", "mm", "cm", "mA", "uA", "µA", "nA", "mV",
    "uV", "µV", "kV", "mAh", "Ah", "ah", "Wh", "wh", "mWh", "mW", "kW", "Hz", "hz", "kHz", "MHz",
    "ms", "us", "ns", "sec", "secs", "seconds", "min", "minutes", "hr", "hrs", "hours", "degC",
    "Ohm", "ohm", "ohms", "Ohms", "mOhm", "kOhm", "nN", "uN", "mN", "pN", "kPa", "MPa", "GPa",
    "deg", "rad", "mbar", "Torr", "torr", "volt", "volts", "ampere", "amps", "celsius", "second",
    "hour", "minute",
  ]

  /// A canonical name with its unit in letters behind it, such as `test_time_second`.
  static func spelled(_ label: String) -> (name: String, unit: String)? {
    let slug = ColumnLabel.slug(label)
    guard let line = slug.lastIndex(of: "_"), case let word = slug[slug.index(after: line)...],
      word.count >= 3 || ["ah", "wh"].contains(word),
      let unit = PhysicalUnit.loose(word == "ah" ? "Ah" : word == "wh" ? "Wh" : String(word))?.unit,
      CanonicalName.dimension(of: String(slug[..<line])) == unit.dimension
    else { return nil }
    return (String(slug[..<line]), unit.ucum)
  }

  /// The unit among the words of a label: the last word that is one, such as `nm` in `Defl_nm_Ex`.
  static func suffix(_ label: String) -> String? {
    let words = label.split { $0 == "_" || $0 == " " || $0 == "." || $0 == "-" }.map(String.init)
    guard words.count > 1 else { return nil }
    for i in words.indices.dropFirst().reversed() {
      let word = words[i]
      if suffixes.contains(word), let unit = unit(word) { return unit }
      // A single letter counts only behind the quantity that it measures.
      let before =
        words[..<i].last { !$0.allSatisfy(\.isNumber) }?.lowercased() ?? ""
      switch word {
      case "s" where before.hasSuffix("time") || before == "t": return "s"
      case "h" where before.hasSuffix("time") || before == "t": return "h"
      case "V" where ["voltage", "potential", "v", "e", "u", "volt"].contains(before): return "V"
      case "A" where ["current", "i"].contains(before): return "A"
      case "C" where ["temperature", "temp", "t"].contains(before): return "Cel"
      case "K" where ["temperature", "temp", "t"].contains(before): return "K"
      case "W" where before == "power": return "W"
      case "N" where ["force", "load"].contains(before): return "N"
      default: continue
      }
    }
    return nil
  }

  private static func unit(_ word: String) -> String? {
    let known = ["ev": "eV", "kev": "keV", "hz": "Hz", "ah": "A.h", "wh": "W.h"]
    if let unit = known[word] { return unit }
    return PhysicalUnit.loose(word)?.unit.ucum
  }

  /// The label as a unit of its own, such as `Amps`, `eV` or `mAh/g`; nil where it is none.
  static func wholeUnit(_ label: String) -> String? {
    if suffixes.contains(label), let unit = unit(label) { return unit }
    // Before a slash one letter is a quantity: I/A, t/s.
    if let slash = label.firstIndex(of: "/"), label[..<slash].count < 2 { return nil }
    guard label.count > 2, let unit = PhysicalUnit.loose(label)?.unit,
      !["1", "[arb'U]", "{count}", "%"].contains(unit.ucum)
    else { return nil }
    return unit.ucum
  }

  // MARK: Energies and clocks

  /// Whether a label means the energy of a photon or another particle, not one of charging.
  static func isPhotonEnergy(_ label: String, _ hasCharge: Bool) -> Bool {
    if hasCharge { return false }
    let lower = label.lowercased()
    let words = ColumnLabel.slug(label).split(separator: "_")
    return lower.contains("energ") || ["ev", "kev", "enkev", "ee", "hv"].contains(lower)
      || words.contains("e") || words.contains("ee")
  }

  /// The unit of an energy without one, by its size; nil for any other column.
  static func energyUnit(_ label: String, _ first: Double?, _ hasCharge: Bool) -> String? {
    guard isPhotonEnergy(label, hasCharge), let first else { return nil }
    let lower = label.lowercased()
    if lower.contains("kev") { return "keV" }
    if lower == "ev" { return "eV" }
    if (100..<200_000).contains(first) { return "eV" }
    return lower.contains("energ") && (1..<100).contains(first) ? "keV" : nil
  }

  /// The unit of a date in numbers: seconds of Unix, or days of a spreadsheet.
  static func clockUnit(_ label: String, _ first: Double?) -> String? {
    guard let first, looksLikeClock(label) || label.lowercased().contains("unix") else {
      return nil
    }
    if (5e8..<5e9).contains(first) { return "s" }
    if (5e11..<5e12).contains(first) { return "ms" }
    return (20_000..<80_000).contains(first) ? "d" : nil
  }

  static func looksLikeClock(_ label: String) -> Bool {
    let lower = label.lowercased()
    return [
      "date", "datum", "clock", "timestamp", "time stamp", "dpt time", "absolute time", "abs time",
      "time of day", "uhrzeit", "system time", "real time", "epoch",
    ].contains { lower.contains($0) }
  }

  /// Whether a label says that a time is counted from a start.
  static func namesSpan(_ label: String) -> Bool {
    let lower = label.lowercased()
    return [
      "total", "test", "step", "elapsed", "cumulative", "duration", "run", "relative", "prog",
    ]
    .contains { lower.contains($0) }
  }

  /// The usual unit of what a cycler names without one.
  static func usualOfCyclers(_ label: String) -> String? {
    let slug = ColumnLabel.slug(label)
    if slug.contains("spec") || slug.contains("d_") && slug.hasPrefix("d") { return nil }
    if slug.contains("capacity") || slug == "amp_hr" { return "A.h" }
    if slug.contains("energy") { return "W.h" }
    return nil
  }

  /// Whether spectra and sweeps are drawn over a column of that name.
  static func isAxis(_ label: String) -> Bool {
    let slug = ColumnLabel.slug(label)
    let words = [
      "wavenumber", "wave_number", "raman_shift", "wavelength", "2theta", "two_theta", "2_theta",
      "angle", "theta", "binding_energy", "kinetic_energy", "energy", "potential", "voltage",
      "distance", "depth", "position", "displacement", "extension", "temperature", "q", "wave",
      "shift", "channel", "mass", "cycle",
    ]
    return words.contains { slug == $0 || slug.hasPrefix("\($0)_") }
  }

  // MARK: Columns that lines above the rows describe

  /// What lines such as `# Column.3: time seconds` or `Column 2 = current (mA)` say, by the column from 0.
  static func declared(_ preamble: [String]) -> [Int: (name: String, unit: String?)] {
    guard
      let pattern = try? LinePattern(
        "(?i)^[#%;\\s]*col(?:umn)?[.\\s]*#?(?<n>\\d{1,4})\\s*[:=]\\s*(?<text>\\S.*)$")
    else { return [:] }
    var result: [Int: (name: String, unit: String?)] = [:]
    for line in preamble {
      guard let match = pattern.match(line), let n = match["n"].flatMap({ Int($0) }), n >= 1,
        let text = match["text"]
      else { continue }
      let label = ColumnLabel(RecipeMetadata.trimmed(text[...]))
      if let unit = label.unit {
        result[n - 1] = (label.name, unit.unit.ucum)
        continue
      }
      let words = text.split(separator: " ").map(String.init)
      if words.count == 2, let unit = PhysicalUnit.loose(words[1])?.unit.ucum {
        result[n - 1] = (words[0], unit)
      } else {
        result[n - 1] = (words.first ?? text, nil)
      }
    }
    return result
  }
}
