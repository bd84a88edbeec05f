internal import ArgumentParser
internal import Interphase

/// The options of the force-curve analysis; their names, units and defaults stand in
/// `ForceAnalysisOptions.descriptions`.
struct FilmOptions: ParsableArguments {
  @Option(help: "Spring constant of the cantilever, N/m (default: the file's).")
  var springConstant: String?
  @Option(help: "Inverse optical lever sensitivity, nm/V (default: the file's).")
  var invols: String?
  @Option(help: "Radius of the hole that the film spans, nm; needed for moduli.")
  var holeRadius: String?
  @Option(help: "Diameter of the hole, nm, in place of its radius.")
  var holeDiameter: String?
  @Option(help: "Radius of the tip, nm; needed by the exact models.")
  var tipRadius: String?
  @Option(
    help: "Angle to the axis, degrees: of the side of a cone, of the faces of a pyramid.")
  var halfAngle: String?
  @Option(help: "Poisson ratio of the film (default: 0.2, with a note).")
  var poisson: String?
  @Option(help: "Thickness of the film without the sheet below it, nm.")
  var thickness: String?
  @Option(
    name: .customLong("substrate-e2d"),
    help: "2-D modulus of the sheet that carries the film (graphene: 340), N/m.")
  var substrateE2D: String?
  @Flag(help: "The film stands on no sheet: its 2-D modulus is its own.")
  var noSubstrate = false

  @Option(help: ArgumentHelp("Standard uncertainty of --spring-constant.", visibility: .hidden))
  var springConstantU: String?
  @Option(help: ArgumentHelp("Standard uncertainty of --invols.", visibility: .hidden))
  var involsU: String?
  @Option(help: ArgumentHelp("Standard uncertainty of --hole-radius.", visibility: .hidden))
  var holeRadiusU: String?
  @Option(help: ArgumentHelp("Standard uncertainty of --hole-diameter.", visibility: .hidden))
  var holeDiameterU: String?
  @Option(help: ArgumentHelp("Standard uncertainty of --tip-radius.", visibility: .hidden))
  var tipRadiusU: String?
  @Option(help: ArgumentHelp("Standard uncertainty of --half-angle.", visibility: .hidden))
  var halfAngleU: String?
  @Option(help: ArgumentHelp("Standard uncertainty of --poisson.", visibility: .hidden))
  var poissonU: String?
  @Option(help: ArgumentHelp("Standard uncertainty of --thickness.", visibility: .hidden))
  var thicknessU: String?
  @Option(
    name: .customLong("substrate-e2d-u"),
    help: ArgumentHelp("Standard uncertainty of --substrate-e2d.", visibility: .hidden))
  var substrateE2DU: String?

  @Option(
    help: ArgumentHelp(
      "Film: auto, textbook, membrane, plate. Supported sample: hertz-sphere, hertz-cone, hertz-pyramid, sphere, dmt, jkr (default: auto)."
    ))
  var model: String?
  @Option(help: "Greatest force of the fit, nN; none: up to failure (default: 60).")
  var elasticLimit: String?
  @Option(help: "Failure when the force falls 'to' or 'by' a part of its maximum (default: to).")
  var failureRule: String?
  @Option(help: "That part of the maximum, in per cent (default: 20).")
  var failurePercent: String?
  @Option(help: "Contact point: fit, or a rule such as deviation_from_baseline (default: fit).")
  var contactMethod: String?
  @Option(help: "The sample that all files belong to.")
  var sample: String?
  @Option(help: "What makes curves one sample: folder, file or note:KEY (default: folder).")
  var groupBy: String?
  @Flag(help: "Suspect curves enter the summary.")
  var includeSuspect = false
  @Flag(help: "Fit all elastic curves of a sample with one modulus.")
  var joint = false
  @Option(
    help: ArgumentHelp(
      "A table with a column 'sample' and columns such as 'thickness / nm' that stand above the options.",
      valueName: "FILE"))
  var samples: String?

  /// The options of the analysis; usage errors name the option and what it takes.
  func resolve() throws -> ForceAnalysisOptions {
    let settings: [(String, String?)] = [
      ("spring-constant", springConstant), ("invols", invols), ("hole-radius", holeRadius),
      ("hole-diameter", holeDiameter), ("tip-radius", tipRadius),
      ("half-angle", halfAngle), ("half-angle-u", halfAngleU), ("poisson", poisson),
      ("thickness", thickness), ("substrate-e2d", substrateE2D),
      ("spring-constant-u", springConstantU), ("invols-u", involsU), ("hole-radius-u", holeRadiusU),
      ("hole-diameter-u", holeDiameterU), ("tip-radius-u", tipRadiusU), ("poisson-u", poissonU),
      ("thickness-u", thicknessU), ("substrate-e2d-u", substrateE2DU),
      ("no-substrate", noSubstrate ? "true" : nil), ("model", model),
      ("elastic-limit", elasticLimit), ("failure-rule", failureRule),
      ("failure-percent", failurePercent), ("contact-method", contactMethod), ("sample", sample),
      ("group-by", groupBy), ("include-suspect", includeSuspect ? "true" : nil),
      ("joint", joint ? "true" : nil),
    ]
    if noSubstrate, substrateE2D != nil {
      throw UsageFailure("--no-substrate and --substrate-e2d contradict each other; give one")
    }
    var options = ForceAnalysisOptions()
    for case (let name, let text?) in settings {
      do {
        try options.setOption(name: name, text: text)
      } catch {
        throw UsageFailure("--\(name): \(error.diagnostic.message)")
      }
    }
    if let samples {
      let reading = InputReader().read(path: samples)
      switch reading.outcome {
      case .success(let dataset):
        guard let table = dataset.tables.first else {
          throw UsageFailure("--samples \(samples): no table; expected a column 'sample'")
        }
        do {
          try options.useSamples(table)
        } catch {
          throw UsageFailure(
            "--samples \(samples): \(error.diagnostic.place): \(error.diagnostic.message)")
        }
      case .failure(let failure):
        throw UsageFailure(
          "--samples \(samples): \(failure.diagnostic.place): \(failure.diagnostic.message)")
      }
    }
    return options
  }
}
