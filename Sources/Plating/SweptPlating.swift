package import Configuration
internal import Materials
package import Simulation
package import Tables
internal import Units

/// Plating under a film at one point of a sweep.
package enum SweptPlating: SweptModel {
  package static var schema: ConfigSchema { PlateSchema.schema }

  package static var outputs: [ModelOutput] {
    [
      .init("pv_initial", .nanometre), .init("pv_final", .nanometre), .init("pv_ratio", .one),
      .init("growth", .nanometre), .init("far_field_rise", .nanometre), .init("time", .second),
      .init("steps", .one, .integer), .init("tip_stress_initial", .megapascal),
      .init("valley_stress_initial", .megapascal), .init("tip_stress_final", .megapascal),
      .init("valley_stress_final", .megapascal), .init("tip_stress_extreme", .megapascal),
      .init("hoop_stress_final", .megapascal), .init("mean_speed", .nanometrePerSecond),
    ]
  }

  package static func run(
    _ values: ConfigValues, files: ConfiguredFiles
  ) throws(ReadFailure) -> ModelPoint {
    var notes = DiagnosticList()
    var plateCase = try PlateConfiguration.plateCase(values, files, &notes)
    // The sweep is the uncertainty: nothing is propagated beside it.
    plateCase.film.modulus.modulus.u = nil
    plateCase.film.thickness.u = nil
    let run = CaseRun(plateCase)
    var diagnostics = DiagnosticList()
    checkModel(run, into: &diagnostics)
    let result = caseResult(
      run, trace: CaseTrace(simulation: TraceID(""), modulus: nil, thickness: nil))
    return ModelPoint(
      status: result["status"]?.text ?? "", result: result,
      diagnostics: diagnostics.all.filter { $0.code != "plate.no-uncertainty" })
  }

  package static func parameters(
    _ values: ConfigValues, files: ConfiguredFiles
  ) throws(ReadFailure) -> ResultObject {
    var notes = DiagnosticList()
    return try PlateConfiguration.plateCase(values, files, &notes).parameterList
  }

  /// The growth rate in 1/s of a small wave of the metal surface, with an ohmic film over it.
  ///
  /// ω = v₀k·coth(kh)/(1+Wa) − [Wa/(1+Wa)]·M·χ·(S_eff(k) + γk²), Wa = κ_s·RT/(i₀Fχ)·k·coth(kh): the
  /// field that the shape itself makes, against stress and surface energy. ω = 0 is the critical line
  /// of thickness and modulus (Monroe and Newman, J. Electrochem. Soc. 152 (2005) A396, with a film of
  /// finite thickness).
  ///
  /// - Parameters:
  ///   - wavelength: in m.
  ///   - conductivity: the film's κ_s in S/m.
  package static func growthRate(
    _ values: ConfigValues, files: ConfiguredFiles, wavelength: Double, conductivity: Double
  ) throws(ReadFailure) -> Double {
    var notes = DiagnosticList()
    return try PlateConfiguration.plateCase(values, files, &notes)
      .growthRate(wavelength: wavelength, conductivity: conductivity)
  }
}
