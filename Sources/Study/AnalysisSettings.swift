internal import Bytes
internal import Cycling
internal import ForceMicroscopy
internal import FormatRegistry
internal import IonBeamAnalysis
internal import Reading
public import Tables
internal import Units
internal import XRayAbsorption

/// What the user may say of an input under a name: settings of the instrument, and the options of the
/// analyses by their long names with `_` for `-`.
public enum AnalysisSettings {
  /// One option of one analysis.
  private struct Option {
    var technique: Technique
    var name: String
    /// The unit of a bare number, the allowed words, or the form of the text.
    var unit: String
    /// The default in words; empty where there is none.
    var standard: String
  }

  private static let options: [Option] =
    ForceAnalysisOptions.descriptions.map {
      Option(technique: .afm, name: $0.name, unit: $0.unit, standard: $0.standard)
    }
    + CyclingOptions.descriptions.map {
      Option(technique: .cycling, name: $0.name, unit: $0.unit, standard: $0.standard)
    }
    + XASOptions.descriptions.map {
      Option(technique: .xas, name: $0.name, unit: $0.unit, standard: $0.standard)
    }
    + RBSOptions.descriptions.map {
      Option(technique: .rbs, name: $0.name, unit: $0.unit, standard: $0.standard)
    }

  /// Options that count for the whole batch: what is compared, joined or written at its end.
  private static let ofBatch: [Technique: Set<String>] = [
    .afm: ["joint", "group-by", "include-suspect"],
    .cycling: ["merge"],
    .xas: [
      "reference", "standard", "align", "calibrate", "merge", "blank", "shift-window",
      "lcf-window", "sum-to-one", "non-negative",
    ],
    .rbs: ["setup", "sample", "r33", "stopping", "method", "sensitivity"],
  ]

  /// Names that stand for the same thing as another.
  private static let others = [
    "poisson-ratio": "poisson", "poisson-ratio-u": "poisson-u", "hole-diameter": "hole-radius",
    "no-substrate": "substrate-e2d", "disc": "area", "exit": "scattering",
  ]

  /// The long name of an option that a key means.
  static func optionName(_ key: String) -> String {
    let name = String(key.map { $0 == "_" ? "-" : $0 })
    return name.hasPrefix("poisson-ratio") ? "poisson" + name.dropFirst(13) : name
  }

  /// Whether a key is set by one of the options that are given by name.
  static func isGiven(_ name: String, among given: Set<String>) -> Bool {
    given.contains(name)
      || given.contains { (others[$0] ?? $0) == (others[name] ?? name) }
  }

  /// Whether a name is an option of the analysis of a technique that a single input may have of its own.
  static func isOption(_ name: String, of technique: Technique) -> Bool {
    !(ofBatch[technique]?.contains(name) ?? false)
      && options.contains { $0.technique == technique && $0.name == name }
  }

  /// Whether an option says what a file may say, or what has to be said beside it; the others tune the analysis.
  static func isStatement(_ name: String, of technique: Technique) -> Bool {
    guard isOption(name, of: technique),
      let option = options.first(where: { $0.technique == technique && $0.name == name })
    else { return false }
    if properties.contains(name) || option.standard.contains("file") { return true }
    return unit(of: option) != nil && Double(option.standard) == nil
  }

  /// Properties of a sample that have a default.
  private static let properties: Set<String> = ["poisson", "no-substrate"]

  /// Whether a key said of single inputs is an option that the command line gives.
  static func isBeaten(_ key: String, by given: Set<String>) -> Bool {
    let name = optionName(key)
    return options.contains { $0.name == name } && isGiven(name, among: given)
  }

  /// Whether an option is a flag without a value.
  static func isFlag(_ name: String) -> Bool {
    options.contains { $0.name == name && $0.unit == "true false" }
  }

  /// Whether two options set the same thing.
  static func areSame(_ name: String, _ other: String) -> Bool {
    (others[name] ?? name) == (others[other] ?? other)
  }

  /// The setting of the file that an option replaces.
  static func setting(of name: String) -> String {
    (others[name] ?? name) == "area"
      ? "electrode_area" : String(name.map { $0 == "-" ? "_" : $0 })
  }

  /// Checks a statement before any file is read.
  ///
  /// - Parameters:
  ///   - key: the name.
  ///   - text: what is said.
  ///   - isOfOneInput: whether it is said of single inputs, not of the whole batch.
  /// - Throws: `quantity.unit` where a unit is missing, `option.value` where the text does not fit,
  ///   `option.unknown` where the name is nearly one that is known.
  public static func check(
    _ key: String, _ text: String, isOfOneInput: Bool
  ) throws(ReadFailure) {
    let name = optionName(key)
    let known = options.filter { $0.name == name }
    guard !known.isEmpty else {
      try checkSpelling(key)
      try quantity(key, text, pureNumber: false)
      return
    }
    var first: ReadFailure?
    for option in known {
      do throws(ReadFailure) {
        if isOfOneInput, ofBatch[option.technique]?.contains(name) ?? false {
          throw ReadFailure(
            "option.batch", found: "'\(key)' counts for all inputs together",
            expected: "expected among the options of the command or of the study")
        }
        if let unit = unit(of: option), Double(text) != nil || text.contains("±") {
          try quantity(key, text, pureNumber: unit.dimension == .one)
        }
        try set(name, text, of: option.technique)
        return
      } catch {
        first = first ?? error
      }
    }
    if let first { throw first }
  }

  /// The unit of an option that is a quantity; `N` is the word for a whole number there.
  private static func unit(of option: Option) -> PhysicalUnit? {
    option.unit == "N" ? nil : try? PhysicalUnit(ucum: option.unit)
  }

  private static func quantity(
    _ key: String, _ text: String, pureNumber: Bool
  ) throws(ReadFailure) {
    do throws(UnitError) {
      let parsed = try QuantityText.parse(
        text, dimension: nil, defaultUnit: pureNumber ? .one : nil)
      guard parsed.hasUnit || pureNumber else { throw .noUnit(text: text, expected: .one) }
    } catch {
      throw ReadFailure(
        error.code, found: "\(key): \(error.found)",
        expected: "expected a number with its unit, such as 35 ± 1.8 N/m")
    }
  }

  /// Sets an option on defaults, to see whether its text fits.
  private static func set(
    _ name: String, _ text: String, of technique: Technique
  ) throws(ReadFailure) {
    switch technique {
    case .afm:
      var options = ForceAnalysisOptions()
      try options.setOption(name: name, text: text)
    case .cycling:
      var options = CyclingOptions()
      try options.setOption(name: name, text: text)
    case .xas:
      var options = XASOptions()
      try options.setOption(name: name, text: text)
    case .rbs:
      var options = RBSOptions()
      try options.setOption(name: name, text: text)
    default: break
    }
  }

  /// Refuses a name that is a slip of the pen beside one that is known; other names are the user's own.
  private static func checkSpelling(_ key: String) throws(ReadFailure) {
    let names = SettingNames.all + options.map { String($0.name.map { $0 == "-" ? "_" : $0 }) }
    let key = String(key.map { $0 == "-" ? "_" : $0 })
    guard key.utf8.count >= 4, !names.contains(where: { $0 == key.lowercased() }) else { return }
    let limit = key.utf8.count <= 6 ? 1 : 2
    let near = names.map { ($0, EditDistance.between(key, $0)) }.min { $0.1 < $1.1 }
    guard let (name, distance) = near, distance <= limit else { return }
    throw ReadFailure(
      "option.unknown", found: "no setting is called '\(key)'",
      expected: "did you mean '\(name)'?")
  }

  /// What to write in place of a text that is no UCUM unit; nil where nothing is near.
  public static func unitHint(_ text: String) -> String? {
    if let unit = PhysicalUnit.loose(text)?.unit.ucum, unit != text { return unit }
    let units = Set(CanonicalName.all.compactMap { $0.unit?.ucum }).sorted()
    let near = units.map { ($0, EditDistance.between(text, $0)) }.min { $0.1 < $1.1 }
    guard let (unit, distance) = near, distance * 2 < text.count else { return nil }
    return unit
  }
}

extension StudyReader {
  /// The reader for one input of a technique: the options of its analysis with what its sidecar and the
  /// study's patterns say of it, which count after the options given on the command line.
  ///
  /// - Throws: the reason where a sidecar cannot be read or a statement does not fit the analysis.
  func own(for input: BatchInput, _ technique: Technique?) throws(ReadFailure) -> StudyReader {
    guard let technique = selection.technique ?? technique else { return self }
    let said = try input.reader(reader, beating: given).options.said.settings
    guard !said.isEmpty else { return self }
    var own = self
    // The strongest statement stands first.
    for statement in said.reversed() {
      let name = AnalysisSettings.optionName(statement.key)
      guard AnalysisSettings.isOption(name, of: technique) else { continue }
      do throws(ReadFailure) {
        try own.set(name, statement, of: technique)
      } catch {
        throw ReadFailure(
          error.diagnostic.code,
          found: "\(statement.source) \(statement.key): \(error.diagnostic.found)",
          expected: error.diagnostic.expected)
      }
    }
    return own
  }

  private mutating func set(
    _ name: String, _ statement: InputStatement, of technique: Technique
  ) throws(ReadFailure) {
    let text = statement.text
    switch technique {
    case .afm:
      try force.setOption(name: name, text: text)
      // What the study says of a sample is weaker than what is said of the file.
      if sampleOfFile != nil {
        for sample in force.bySample.keys.sorted() {
          force.bySample[sample]?.removeAll { AnalysisSettings.optionName($0.name) == name }
        }
      }
    case .cycling:
      try cycling.setOption(name: name, text: text)
      if AnalysisSettings.areSame(name, "area") {
        cycling.areaSource =
          statement.source.hasPrefix("--")
          ? "option" : statement.source.hasPrefix("study.yaml") ? "study" : "sidecar"
      }
    case .xas: try absorption.setOption(name: name, text: text)
    case .rbs: try backscattering?.options.setOption(name: name, text: text)
    default: break
    }
  }
}
