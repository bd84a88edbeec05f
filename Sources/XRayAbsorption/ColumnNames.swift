internal import Tables
internal import Units

/// The canonical names of the columns of absorption spectra, by what instruments call them.
///
/// A label counts as a whole, or by words that name a column wherever they stand; labels that
/// could mean two things have no meaning.
enum ColumnNames {
  /// A canonical column: its name and the dimension that its unit must have, where there is one.
  struct Meaning: Hashable {
    var name: String
    var dimension: Dimension?
    /// The unit where the file gives none.
    var unit: String?

    init(_ name: String, _ dimension: Dimension? = nil, unit: String? = nil) {
      self.name = name
      self.dimension = dimension
      self.unit = unit
    }

    /// Whether it is a photon energy: the axis, what was asked for, or what was reached.
    var isEnergy: Bool { name.hasPrefix("photon_energy") }
  }

  private static let energy = Dimension(.mass) * Dimension(.length, 2) / Dimension(.time, 2)

  /// Labels as wholes: words in lower case, joined by `_`.
  private static let table: [(meaning: Meaning, labels: String)] = [
    (Meaning("photon_energy_requested", energy), "setpoint"),
    (Meaning("photon_energy_achieved", energy), "fbk"),
    (
      Meaning("photon_energy", energy),
      "e en ee mono_e monoe energies absenergyname abs_energy_name energy_name enc_energy hv"
    ),
    (Meaning("photon_energy", energy, unit: "eV"), "ev e_ev en_ev"),
    (Meaning("photon_energy", energy, unit: "keV"), "kev enkev e_kev en_kev"),
    (Meaning("encoder"), "encoder enc_raw encoder_steps motor_steps"),
    (
      Meaning("incident_intensity"),
      "i0 io i_0 izero i_zero monitor mon intensity_i0 i_incident i_monitor incident_intensity"
    ),
    (
      Meaning("transmitted_intensity"),
      "it itrans i1 i_1 i_t i_trans itransmission transmitted_intensity transmission_detector"
    ),
    (
      Meaning("reference_intensity"),
      "iref i2 i_2 ir irefer i_ref i_r ireference ref_foil reference_intensity"
    ),
    (
      Meaning("fluorescence_yield"),
      "if ifluor ifluo i_f i_fluor fluor fluo fluorescence fluo_raw lytle tfy pfy fy roi ifl iff"
        + " fluorescence_yield total_fluorescence_yield"
    ),
    (
      Meaning("electron_yield"),
      "tey ey pey aey sampledrain sample_drain drain drain_current sample_current isample"
        + " total_electron_yield electron_yield"
    ),
    (
      Meaning("mu", .one, unit: "1"),
      "mu xmu mutrans mufluor mu_trans mu_fluor intensity mux mu_x mu_e mu_t absorption absorbance"
        + " xanes xas_trans"
    ),
    (
      Meaning("norm", .one, unit: "1"),
      "norm munorm nor mu_norm norm_mu normalized normalised normalized_mu normalised_mu"
    ),
    (Meaning("flat", .one, unit: "1"), "flat muflat flattened flat_mu mu_flat"),
    (Meaning("input_count_rate"), "icr input_count_rate"),
    (Meaning("output_count_rate"), "ocr output_count_rate"),
    (Meaning("dead_time_factor", .one, unit: "1"), "dtfactor dt_factor dead_time_factor"),
    (Meaning("live_time", Dimension(.time)), "livetime live_time"),
    (
      Meaning("dwell_time", Dimension(.time)),
      "count_time counttime time scaler_preset_time scaler_count_time dwell_time dwelltime"
        + " preset_time measurement_time integration_time inttime int_time exposure_time"
        + " time_per_point time_pp"
    ),
    (Meaning("dwell_time", Dimension(.time), unit: "ms"), "acqdwellmsec acq_dwell_msec dwell_ms"),
    (
      Meaning("ring_current", Dimension(.current)),
      "ring_current ringcurrent beam_current current storage_ring_current sr_current srcurrent"
        + " machine_current"
    ),
    (Meaning("wave_number", Dimension(.length, -1)), "k kname k_name"),
    (Meaning("chi", .one, unit: "1"), "chi"),
    (Meaning("pixel", .one, unit: "1"), "pixel pixels"),
  ]

  private static let whole: [String: Meaning] = {
    var result: [String: Meaning] = [:]
    for (meaning, labels) in table {
      for label in labels.split(separator: " ") { result[String(label)] = meaning }
    }
    return result
  }()

  /// Words that name a column wherever they stand in its label, as in `S1_ifluor` or `preKB_I0`.
  private static let words: Set<String> = [
    "i0", "io", "izero", "itrans", "iref", "irefer", "ifluor", "roi", "lytle", "tfy", "pfy", "tey",
    "mufluor", "mutrans", "icr", "ocr", "dtfactor", "livetime",
  ]
  /// Words that name a column only as the first of several, as in `I1_EH2`.
  private static let firstWords: Set<String> = ["it", "i1", "i2", "ir", "if", "pey"]
  /// Words of channels that are numbered, as in `ROI3`.
  private static let numbered: [String: String] = [
    "roi": "ifluor", "dtc": "ifluor", "ifch": "ifluor", "fluo": "ifluor", "ifl": "ifluor",
    "icr": "icr", "trueicr": "icr", "ocr": "ocr", "dtfactor": "dtfactor", "eltm": "livetime",
    "if": "ifluor", "iff": "ifluor",
  ]
  /// Words that make a label something about a column, not the column.
  private static let spoilers: Set<String> = [
    "gain", "offset", "dark", "background", "bkg", "sensitivity", "error", "err", "std", "stddev",
    "stderr", "sigma", "sens", "bias", "voltage", "range", "unit", "rel", "suppression", "valve",
  ]
  /// The four voltage-to-frequency channels of P65 at PETRA III.
  private static let p65: [String: String] = [
    "vfc01": "i0", "vfc02": "it", "vfc03": "iref", "vfc04": "ifluor",
  ]

  /// The meaning of a label, or nil where it is not known.
  ///
  /// A unit in brackets should be taken off before (``ColumnHeading``).
  static func meaning(of label: String) -> Meaning? { memo.value(label, found) }

  private static let memo = LabelMemo<Meaning?>()

  private static func found(_ label: String) -> Meaning? {
    if let ratio = ratio(label) { return ratio.meaning }
    let name = processVariable(label) ?? label
    let plain = withoutNumber(
      name.split { !($0.isLetter || $0.isNumber) }.map { $0.lowercased() })
    if let meaning = whole[plain.joined(separator: "_")] { return meaning }
    let split = withoutNumber(camelWords(name))
    if let meaning = whole[split.joined(separator: "_")] ?? axis(plain) ?? axis(split) {
      return meaning
    }
    if plain.contains(where: spoilers.contains) { return nil }
    if let known = plain.first.flatMap({ p65[$0] }), plain.count == 1 { return whole[known] }
    if let word = plain.first(where: words.contains) { return whole[word] }
    if plain.count > 1, let first = plain.first, firstWords.contains(first) { return whole[first] }
    // A line of an element's fluorescence: `AlKa`, `XMAP4:FeKb:sum_cps`, `Mn_Ka_mca1`.
    let parts = label.split { !($0.isLetter || $0.isNumber) }
    if parts.contains(where: isEmissionLine)
      || zip(parts, parts.dropFirst()).contains(where: { isEmissionLine($0 + $1) })
    {
      return whole["ifluor"]
    }
    for word in plain {
      let base = String(word.prefix { !$0.isNumber })
      let number = word.dropFirst(base.count)
      guard let known = numbered[base], number.allSatisfy(\.isNumber) else { continue }
      if !number.isEmpty || base.count > 3 { return whole[known] }
    }
    return nil
  }

  /// What a ratio of intensities is: `ln(I0/It)` an absorption, `TEY/I0` nothing with a name.
  ///
  /// Nil where the label is no such ratio.
  private static func ratio(_ label: String) -> (meaning: Meaning?, isLogarithm: Bool)? {
    guard let slash = label.lastIndex(of: "/") else { return nil }
    let right = label[label.index(after: slash)...].split { !($0.isLetter || $0.isNumber) }
    let divisors: Set = ["incident_intensity", "transmitted_intensity", "reference_intensity"]
    guard let first = right.first, let divisor = whole[first.lowercased()],
      divisors.contains(divisor.name)
    else { return nil }
    let isLogarithm = label.lowercased().hasPrefix("ln") || label.lowercased().hasPrefix("log")
    return (isLogarithm ? whole["mu"] : nil, isLogarithm)
  }

  /// `Energy_c1` is `Energy`: PHOENIX numbers its labels.
  private static func withoutNumber(_ words: [String]) -> [String] {
    guard words.count > 1, let last = words.last, last.first == "c", last.count > 1,
      last.dropFirst().allSatisfy(\.isNumber)
    else { return words }
    return Array(words.dropLast())
  }

  /// The words of a label in lower case; `EnergyAchieved` are two.
  private static func camelWords(_ label: String) -> [String] {
    var result: [String] = []
    var word = ""
    var wasLower = false
    for character in label {
      let isWord = character.isLetter || character.isNumber
      if !isWord || (wasLower && character.isUppercase) {
        if !word.isEmpty { result.append(word.lowercased()) }
        word = ""
      }
      if isWord { word.append(character) }
      wasLower = character.isLowercase
    }
    if !word.isEmpty { result.append(word.lowercased()) }
    return result
  }

  /// The last part of an EPICS name, `Energy fbk` of `MONO16061I1001:Energy:fbk`; nil for other labels.
  private static func processVariable(_ label: String) -> String? {
    guard label.contains(":"), !label.contains(" ") else { return nil }
    var parts = label.split(separator: ":").map(String.init)
    guard parts.count > 1, var last = parts.popLast() else { return nil }
    var suffix = ""
    if let dot = last.lastIndex(of: ".") {
      if last[dot...] == ".RBV" { suffix = " readback" }
      last = String(last[..<dot])
    }
    let isRole = achieved.contains(last.lowercased()) || requested.contains(last.lowercased())
    return (isRole ? (parts.last ?? "") + " " : "") + last + suffix
  }

  private static let achieved: Set<String> = [
    "achieved", "readback", "rbv", "rb", "feedback", "fbk", "actual", "measured", "encoder", "enc",
    "read", "monitor",
  ]
  private static let requested: Set<String> = [
    "requested", "setpoint", "sp", "set", "setting", "target", "demand", "nominal", "request",
  ]
  /// Words that may stand beside `energy` without making it another energy.
  private static let beside: Set<String> = [
    "mono", "monochromator", "dcm", "pgm", "sgm", "photon", "photons", "x", "ray", "xray",
    "incident", "bragg", "abs", "e", "en", "alt", "ev", "kev", "calibrated", "scan", "axis",
    "value", "position", "pos", "beamline", "in",
  ]

  /// Energies and angles of the monochromator: all words must be of its vocabulary.
  private static func axis(_ all: [String]) -> Meaning? {
    // `BL1606-ID-1 Energy Setting`: the beamline's name says nothing of the column.
    let isNamed = all.first.map { $0.hasPrefix("bl") && $0.last?.isNumber == true } ?? false
    let words = isNamed ? all.dropFirst().filter { $0 != "id" && !$0.allSatisfy(\.isNumber) } : all
    let energies: Set = ["energy", "energia", "energie"]
    let angles: Set = ["angle", "theta", "bragg"]
    let roles = words.filter { achieved.contains($0) || requested.contains($0) }
    let isShort = !roles.isEmpty && words.contains { $0 == "e" || $0 == "en" }
    if words.contains(where: energies.contains) || isShort {
      let rest = words.filter { !energies.contains($0) && !beside.contains($0) }
      guard rest.allSatisfy({ achieved.contains($0) || requested.contains($0) }) else { return nil }
      let unit = words.contains("kev") ? "keV" : words.contains("ev") ? "eV" : nil
      if rest.contains(where: requested.contains) {
        return Meaning("photon_energy_requested", energy, unit: unit)
      }
      return Meaning(rest.isEmpty ? "photon_energy" : "photon_energy_achieved", energy, unit: unit)
    }
    guard words.contains(where: angles.contains) else { return nil }
    let others: Set = ["mono", "monochromator", "dcm", "deg", "degrees", "bragg", "o", "c"]
    let calculated: Set = ["drive", "calculated", "calc", "observed", "obs"]
    let fits = words.allSatisfy {
      angles.contains($0) || others.contains($0) || calculated.contains($0)
        || achieved.contains($0) || requested.contains($0)
    }
    return fits ? Meaning("mono_angle", Dimension(.angle)) : nil
  }

  private static func isEmissionLine(_ word: some StringProtocol) -> Bool {
    let letters = word.prefix { $0.isLetter }
    guard word.dropFirst(letters.count).allSatisfy(\.isNumber) else { return false }
    for ending in ["Ka", "Kb", "La", "Lb"] where letters.hasSuffix(ending) {
      return ChemicalElement.isSymbol(String(letters.dropLast(2)))
    }
    return false
  }
}
