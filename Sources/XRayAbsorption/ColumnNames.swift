internal import Tables
internal import Units

/// The canonical names of the columns of absorption spectra, by what instruments call them.
enum ColumnNames {
  /// A canonical column: its name and the dimension that its unit must have, where there is one.
  struct Meaning: Hashable {
    var name: String
    var dimension: Dimension?
    /// The unit where the file gives none.
    var unit: String?
  }

  private static let energy = Dimension(.mass) * Dimension(.length, 2) / Dimension(.time, 2)

  private static let table: [(meaning: Meaning, labels: [String])] = [
    (
      Meaning(name: "photon_energy_requested", dimension: energy),
      ["requested_energy", "energy_requested", "setpoint"]
    ),
    (
      Meaning(name: "photon_energy_achieved", dimension: energy),
      ["energyachieved", "energy_achieved", "fbk"]
    ),
    (
      Meaning(name: "photon_energy", dimension: energy),
      [
        "energy", "e", "en", "ee", "ev", "mono_energy", "mono_e", "energia", "energie",
        "enc_energy",
      ]
    ),
    (
      Meaning(name: "mono_angle", dimension: Dimension(.angle)),
      ["angle", "theta", "bragg", "mono_bragg", "mono_angle"]
    ),
    (Meaning(name: "encoder"), ["encoder", "enc_raw"]),
    (Meaning(name: "incident_intensity"), ["i0", "io", "i_0", "izero", "monitor", "mon"]),
    (Meaning(name: "transmitted_intensity"), ["it", "itrans", "i1"]),
    (Meaning(name: "reference_intensity"), ["iref", "i2", "ir", "irefer"]),
    (
      Meaning(name: "fluorescence_yield"),
      ["if", "ifluor", "fluor", "fluorescence", "lytle", "tfy", "roi"]
    ),
    (Meaning(name: "electron_yield"), ["tey", "ey", "sampledrain", "drain"]),
    (
      Meaning(name: "mu", dimension: .one, unit: "1"),
      ["mu", "xmu", "mutrans", "mufluor", "murefer", "intensity"]
    ),
    (Meaning(name: "norm", dimension: .one, unit: "1"), ["norm", "munorm", "nor"]),
    (Meaning(name: "flat", dimension: .one, unit: "1"), ["flat"]),
    (Meaning(name: "input_count_rate"), ["icr"]),
    (Meaning(name: "output_count_rate"), ["ocr"]),
    (Meaning(name: "dead_time_factor", dimension: .one, unit: "1"), ["dtfactor"]),
    (Meaning(name: "live_time", dimension: Dimension(.time)), ["livetime", "live_time"]),
    (
      Meaning(name: "dwell_time", dimension: Dimension(.time)),
      ["count_time", "counttime", "time", "scaler_preset_time", "dwell_time"]
    ),
    (
      Meaning(name: "ring_current", dimension: Dimension(.current)),
      ["ring_current", "beam_current", "current"]
    ),
    (Meaning(name: "wave_number", dimension: Dimension(.length, -1)), ["k"]),
    (Meaning(name: "chi", dimension: .one, unit: "1"), ["chi"]),
    (Meaning(name: "pixel", dimension: .one, unit: "1"), ["pixel"]),
  ]

  private static let whole: [String: Meaning] = {
    var result: [String: Meaning] = [:]
    for (meaning, labels) in table { for label in labels { result[label] = meaning } }
    return result
  }()

  /// Words that name a column wherever they stand in its label, as in `S1_ifluor` or `I0_EH1`.
  private static let words: Set<String> = [
    "i0", "io", "izero", "itrans", "iref", "irefer", "ifluor", "roi", "lytle", "tfy", "tey",
    "mufluor", "mutrans", "icr", "ocr", "dtfactor", "livetime",
  ]

  /// The meaning of a label, or nil where it is not known.
  static func meaning(of label: String) -> Meaning? {
    let parts = label.lowercased().split { !($0.isLetter || $0.isNumber) }.map(String.init)
    if let meaning = whole[parts.joined(separator: "_")] { return meaning }
    // A line of an element's fluorescence: `AlKa`, `FeKb_sum_cps`.
    if let first = label.split(separator: "_").first, isEmissionLine(first) {
      return whole["ifluor"]
    }
    return parts.first(where: words.contains).flatMap { whole[$0] }
  }

  private static func isEmissionLine(_ word: Substring) -> Bool {
    for ending in ["Ka", "Kb", "La", "Lb"] where word.hasSuffix(ending) {
      return ChemicalElement.isSymbol(String(word.dropLast(2)))
    }
    return false
  }
}
