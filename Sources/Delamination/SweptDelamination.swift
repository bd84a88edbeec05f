package import Configuration
internal import Materials
package import Simulation
package import Tables
internal import Units

/// Delamination of a film at one point of a sweep.
package enum SweptDelamination: SweptModel {
  package static var schema: ConfigSchema { DelaminateConfiguration.schema }

  package static var outputs: [ModelOutput] {
    [
      .init("pressure", .megapascal), .init("opening", .nanometre),
      .init("opening_over_thickness", .one), .init("delaminates", .one, .flag),
      .init("stable_load_fraction", .one), .init("max_damage", .one),
      .init("crack_length", .nanometre), .init("process_zone_length", .nanometre),
      .init("load_steps", .one, .integer), .init("iterations", .one, .integer),
    ]
  }

  package static func run(
    _ values: ConfigValues, files: ConfiguredFiles
  ) throws(ReadFailure) -> ModelPoint {
    var notes = DiagnosticList()
    var item = try DelaminateConfiguration.delaminateCase(values, files, &notes)
    // The sweep is the uncertainty: nothing is propagated beside it.
    item.film.modulus.modulus.u = nil
    item.film.thickness.u = nil
    item.strength.u = nil
    item.energy.u = nil
    switch item.load {
    case .preset: item.metal.pressure.u = nil
    case .pressure(var pressure):
      pressure.u = nil
      item.load = .pressure(pressure)
    case .overpotential(var potential):
      potential.u = nil
      item.load = .overpotential(potential)
      item.metal.molarVolume.u = nil
    }
    let run = DelaminateCaseRun(item)
    var diagnostics = DiagnosticList()
    checkDelamination([run], into: &diagnostics)
    let result = delaminateResult(
      run, trace: CaseTrace(simulation: TraceID(""), modulus: nil, thickness: nil))
    return ModelPoint(
      status: result["status"]?.text ?? "", result: result,
      diagnostics: diagnostics.all.filter { $0.code != "delaminate.no-uncertainty" })
  }

  package static func parameters(
    _ values: ConfigValues, files: ConfiguredFiles
  ) throws(ReadFailure) -> ResultObject {
    var notes = DiagnosticList()
    return try DelaminateConfiguration.delaminateCase(values, files, &notes).parameterList
  }
}
