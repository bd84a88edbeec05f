public import Bytes
internal import Configuration
internal import FilmElasticity
internal import Materials
internal import Simulation
public import Tables
internal import Units

extension PlateConfiguration {
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
  ) throws(ReadFailure) -> PlateConfiguration {
    var notes = DiagnosticList()
    let text = try DecodedText.decode(bytes, into: &notes)
    let reading = try PlateSchema.schema.read(TextLines.string(text.utf8), set: sets)
    notes.add(contentsOf: reading.diagnostics)
    return try withoutActuallyEscaping(open) { open throws(ReadFailure) in
      let files = ConfiguredFiles(open: open)
      let base = try plateCase(reading.base, files, &notes)
      var cases: [PlateCase] = []
      for values in reading.cases { cases.append(try plateCase(values, files, &notes)) }
      var configuration = try PlateConfiguration(
        base: base, cases: cases, diagnostics: notes.all)
      configuration.input = InputIdentity(
        path: name, bytes: bytes.count, sha256: SHA256.hex(of: bytes))
      configuration.measuredInputs = files.identities
      return configuration
    }
  }

  /// A complete, commented configuration that means the same as an empty one.
  public static func printDefaults() -> String { PlateSchema.schema.defaultsText }

  /// The case that the values of a configuration describe.
  static func plateCase(
    _ values: ConfigValues, _ files: ConfiguredFiles, _ notes: inout DiagnosticList
  ) throws(ReadFailure) -> PlateCase {
    let label = values.label ?? "case"
    var result = PlateCase(
      label: label, metal: try values.metal(code: "plate.metal"), film: try files.film(values))
    result.sources = values.givenSources
    result.solver = try values.choice("solver")
    // The printed defaults name them too: only what differs from the default is worth a note.
    for key in values.given(among: PlateSchema.unused(by: result.solver)) {
      notes.note(
        "plate.unused-key", at: values.place(key), found: "`\(key)` is given",
        expected: "plate with `solver: \(result.solver.rawValue)` does not use it")
    }
    result.base = try values.choice("film.base")
    result.metalCompliance = try values.flag("film.metal_compliance")
    result.fractureStress = try values.optionalQuantity(
      "film.fracture_stress",
      resolve: { reference throws(ReadFailure) in try files.quantity(reference) })
    result.surface = try surface(values, files)
    result.width = try values.quantity("domain.width").value
    result.overpotential = try values.quantity("kinetics.overpotential").value
    result.exchangeCurrentDensity = try values.quantity("kinetics.exchange_current_density").value
    result.transferCoefficient = try values.number("kinetics.transfer_coefficient")
    result.temperature = try values.quantity("kinetics.temperature").value
    result.stop = try stop(values)
    result.windowHeight = try values.quantity("domain.height").value
    result.spacing = try values.quantity("numerics.spacing").value
    result.interfaceHalfWidth = try values.quantity("numerics.interface_half_width").value
    result.points = try values.integer("numerics.points")
    result.tolerance = try values.number("numerics.tolerance")
    result.capillarity = try values.choice("numerics.capillarity")
    result.lineFrom = try values.quantity("line.from").value
    result.lineTo = try values.quantity("line.to").value
    if values.isGiven("numerics.spacing") { try result.checkSpacing(place: values.place) }
    try result.checkRanges(place: values.place)
    return result
  }

  private static func surface(
    _ values: ConfigValues, _ files: ConfiguredFiles
  ) throws(ReadFailure) -> SurfaceShape {
    if let file = values.optionalText("surface.file") {
      for key in ["surface.shape", "surface.height", "surface.radius"] where values.isGiven(key) {
        throw values.failure(
          key, "plate.surface", found: "a shape beside `surface.file`",
          expected: "a file or a shape")
      }
      return try files.profile(file, at: values.place("surface.file"))
    }
    let height = try values.quantity("surface.height", Length.self).value
    if try values.text("surface.shape") == "cosine" { return .cosine(height: height) }
    return .gaussian(height: height, radius: try values.quantity("surface.radius").value)
  }

  private static func stop(_ values: ConfigValues) throws(ReadFailure) -> PlateStop {
    guard let time = try values.optionalQuantity("stop.time", TimeSpan.self) else {
      return .growth(try values.quantity("stop.growth").value)
    }
    if values.isGiven("stop.growth") {
      throw values.failure(
        "stop.time", "plate.stop", found: "a time and a growth to stop at",
        expected: "one of the two")
    }
    return .time(time.value)
  }
}
