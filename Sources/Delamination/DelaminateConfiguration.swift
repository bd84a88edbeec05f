public import Bytes
internal import Configuration
internal import Materials
internal import Simulation
public import Tables
internal import Units

/// What `delaminate` runs: cases, the parameters as given, and what reading them had to say.
public struct DelaminateConfiguration: Sendable {
  /// The cases in order.
  public var cases: [DelaminateCase]
  /// Every parameter before the cases' own settings, with its source.
  public var parameters: ResultObject
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// The configuration file; nil for a configuration made by a program.
  public var input: InputIdentity?
  /// The files from which measured parameters were taken, by the name in their `source`.
  public var measuredInputs: [String: InputIdentity] = [:]

  /// A configuration from its cases; `base` gives the parameters that are printed.
  ///
  /// - Throws: ``ReadFailure`` where a setting is out of range or two cases have one label.
  public init(base: DelaminateCase, cases: [DelaminateCase], diagnostics: [Diagnostic] = [])
    throws(ReadFailure)
  {
    var labels: Set<String> = []
    for item in cases {
      guard labels.insert(item.label).inserted else {
        throw ReadFailure(
          "delaminate.label", found: "two cases are labelled `\(item.label)`",
          expected: "a label of its own for each case")
      }
      try item.checkRanges()
    }
    guard !cases.isEmpty else {
      throw ReadFailure("delaminate.no-cases", found: "no case", expected: "at least one case")
    }
    self.cases = cases
    parameters = base.parameterList
    self.diagnostics = diagnostics
  }

  static let schema = ConfigSchema(
    title: "Delamination of a film by the pressure of plated metal (interphase delaminate)",
    keys: SimulationKeys.metal + SimulationKeys.film + SimulationKeys.delamination
      + SimulationKeys.plating,
    caseExample: "label: (1ALD-1MLD)25, film.thickness: 10 nm")

  /// Keys that the model does not look at.
  private static let unused =
    SimulationKeys.platingFilm + SimulationKeys.plating.map(\.path)

  /// A complete, commented configuration that means the same as an empty one.
  public static func printDefaults() -> String { schema.defaultsText }

  /// Reads a configuration.
  ///
  /// - Parameters:
  ///   - bytes: the YAML text; empty for the defaults.
  ///   - name: the file's name, for the trace.
  ///   - sets: `KEY=VALUE` of the command line, which stand above the file.
  ///   - open: gives the content of a file that the configuration names, relative to it.
  /// - Throws: ``ReadFailure`` at line and column for the first thing that is wrong.
  public static func read(
    _ bytes: ByteView, name: String, sets: [String] = [],
    open: (String) throws(ReadFailure) -> ByteView
  ) throws(ReadFailure) -> DelaminateConfiguration {
    var notes = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &notes)
    let reading = try schema.read(TextLines.string(text.utf8), set: sets)
    notes.add(contentsOf: reading.diagnostics)
    return try withoutActuallyEscaping(open) { open throws(ReadFailure) in
      let files = ConfiguredFiles(open: open)
      let base = try delaminateCase(reading.base, files, &notes)
      var cases: [DelaminateCase] = []
      for values in reading.cases { cases.append(try delaminateCase(values, files, &notes)) }
      var configuration = try DelaminateConfiguration(
        base: base, cases: cases, diagnostics: notes.all)
      configuration.input = InputIdentity(
        path: name, bytes: bytes.count, sha256: SHA256.hex(of: bytes))
      configuration.measuredInputs = files.identities
      return configuration
    }
  }

  /// The case that the values of a configuration describe.
  static func delaminateCase(
    _ values: ConfigValues, _ files: ConfiguredFiles, _ notes: inout DiagnosticList
  ) throws(ReadFailure) -> DelaminateCase {
    func quantity<D: PhysicalDimension>(_ key: String) throws(ReadFailure) -> Measured<D> {
      try values.quantity(
        key, resolve: { reference throws(ReadFailure) in try files.quantity(reference) })
    }
    func optional<D: PhysicalDimension>(_ key: String) throws(ReadFailure) -> Measured<D>? {
      try values.optionalQuantity(
        key, resolve: { reference throws(ReadFailure) in try files.quantity(reference) })
    }
    var result = DelaminateCase(
      label: values.label ?? "case", metal: try values.metal(code: "delaminate.metal"),
      film: try files.film(values))
    result.sources = values.givenSources
    for key in values.given(among: unused) {
      notes.note(
        "delaminate.unused-key", at: values.place(key), found: "`\(key)` is given",
        expected: "delaminate does not use it")
    }
    let pressure: Measured<Pressure>? = try optional("load.pressure")
    if let potential: Measured<Voltage> = try optional("load.overpotential") {
      if values.isGiven("load.pressure"), pressure != nil {
        throw values.failure(
          "load.overpotential", "delaminate.load", found: "a pressure and an overpotential",
          expected: "one of the two")
      }
      result.load = .overpotential(potential)
    } else if let pressure {
      result.load = .pressure(pressure)
    }
    result.initialDamage = try quantity("geometry.initial_damage")
    result.halfLength = try quantity("geometry.half_length")
    result.bond = try values.choice("interface.bond")
    result.strength = try quantity("interface.strength")
    result.energy = try quantity("interface.energy")
    result.onsetOpening = try quantity("interface.onset_opening")
    result.mixedMode = try values.choice("interface.mixed_mode")
    result.shearStrength = try optional("interface.shear_strength")
    result.shearEnergy = try optional("interface.shear_energy")
    result.exponent = try values.number("interface.exponent")
    result.columns = try values.integer("mesh.columns")
    result.rows = try values.integer("mesh.rows")
    result.steps = try values.integer("loading.steps")
    try result.checkRanges(place: values.place)
    return result
  }
}
