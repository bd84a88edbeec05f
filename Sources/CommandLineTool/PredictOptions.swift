internal import ArgumentParser
internal import Interphase

/// The options of `afm --predict`: the deflections of a film at given forces, without any file.
struct PredictOptions: ParsableArguments {
  @Flag(help: "Predict the deflections of a film at --forces; no FILE.")
  var predict = false
  @Option(name: .customLong("e2d"), help: "2-D modulus of film and sheet together, N/m.")
  var e2d: String?
  @Option(help: "Pretension, N/m.")
  var pretension: String?
  @Option(help: "Bending stiffness, fJ (default: e2d h²/12(1 − ν²) from the thickness).")
  var bendingStiffness: String?
  @Option(help: ArgumentHelp("Forces, nN, divided by commas.", valueName: "nN,nN…"))
  var forces: String?

  /// The value of an option, which must be there.
  private func required<D>(
    _ name: String, _ text: String?, _ unit: UnitOf<D>
  ) throws -> Quantity<D> {
    guard let text else { throw UsageFailure("--predict needs --\(name)") }
    return try Self.quantity(name, text, unit)
  }

  private static func quantity<D>(
    _ name: String, _ text: String, _ unit: UnitOf<D>
  ) throws -> Quantity<D> {
    do {
      let parsed = try QuantityText.parse(text, dimension: D.dimension, defaultUnit: unit.unit)
      return try parsed.measured(D.self, source: "option").value
    } catch {
      throw UsageFailure("--\(name): \(error.found); \(error.expected)")
    }
  }

  /// The prediction and its document.
  func document(_ options: ForceAnalysisOptions, run: ResultObject) throws -> ResultDocument {
    guard let hole = options.holeRadius?.value else {
      throw UsageFailure("--predict needs --hole-radius")
    }
    let film = FilmPrediction(
      e2d: try required("e2d", e2d, .newtonPerMetre),
      pretension: try required("pretension", pretension, .newtonPerMetre), holeRadius: hole,
      tipRadius: options.tipRadius?.value,
      poissonRatio: options.poissonRatio?.value.si ?? 0.2, thickness: options.thickness?.value,
      bendingStiffness: try bendingStiffness.map {
        try Self.quantity("bending-stiffness", $0, .femtojoule)
      }, model: options.model)
    guard let forces else { throw UsageFailure("--predict needs --forces") }
    let list = try forces.split(separator: ",").map {
      try Self.quantity("forces", String($0), UnitOf<Force>.nanonewton)
    }
    let deflections: [Quantity<Length>]
    do {
      deflections = try predictForceCurve(film, forces: list)
    } catch {
      throw UsageFailure("--predict: \(error.diagnostic.message)")
    }
    var summary = ResultObject()
    summary["prediction"] = predictionResult(forces: list, deflections: deflections)
    return ResultDocument(
      version: interphaseVersion, command: "afm", run: run, inputs: [], summary: summary)
  }

  /// The prediction as a table for the terminal.
  static func table(_ document: ResultDocument) -> String {
    var table = TextTable(header: ["force / nN", "deflection / nm"], rightAligned: [0, 1])
    let prediction = document.summary["prediction"]
    guard case .list(let forces)? = prediction?["force"]?["values"],
      case .list(let deflections)? = prediction?["deflection"]?["values"]
    else { return "" }
    for (force, deflection) in zip(forces, deflections) {
      guard case .number(let f) = force, case .number(let d) = deflection else { continue }
      table.add([brief(f), brief(d)])
    }
    return table.text()
  }
}
