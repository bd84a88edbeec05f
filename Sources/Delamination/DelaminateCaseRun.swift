internal import Materials
internal import Simulation
internal import Units

/// A case run at its nominal parameters, and beside them where these have an uncertainty.
struct DelaminateCaseRun: Sendable {
  let item: DelaminateCase
  let run: DelaminationRun
  let propagation: Propagation<DelaminationRun>

  init(_ item: DelaminateCase) {
    self.item = item
    let inputs = item.inputs
    let nominal = DelaminationRun(item.problem(inputs))
    run = nominal
    var propagation = Propagation<DelaminationRun>()
    let holds = { (run: DelaminationRun) in !run.delaminates && !nominal.delaminates }
    func beside(_ change: (inout DelaminateCase.Inputs) -> Void) -> DelaminationRun {
      var inputs = inputs
      change(&inputs)
      return DelaminationRun(item.problem(inputs))
    }
    propagation.vary("film.modulus", item.film.modulus.modulus, holds: holds) { value in
      beside { $0.modulus = value.si }
    }
    propagation.vary("film.thickness", item.film.thickness, holds: holds) { value in
      beside { $0.thickness = value.si }
    }
    propagation.vary("load.pressure", item.pressure, holds: holds) { value in
      beside { $0.pressure = value.si }
    }
    if item.bond == .cohesive {
      propagation.vary("interface.strength", item.strength, holds: holds) { value in
        beside { $0.strength = value.si }
      }
      propagation.vary("interface.energy", item.energy, holds: holds) { value in
        beside { $0.energy = value.si }
      }
    }
    self.propagation = propagation
  }

  /// The opening over the thickness at the nominal parameters; nil without equilibrium.
  var openingOverThickness: Double? {
    run.delaminates ? nil : run.opening / run.problem.geometry.thickness
  }
}
