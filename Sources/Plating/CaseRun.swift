internal import Materials
internal import Simulation
internal import Units

/// The numbers that one run gives, in the units of the contract.
struct CaseNumbers: Sendable {
  let pvInitial, pvFinal, pvRatio: Double
  let growth, farFieldRise, time: Double
  let tipInitial, valleyInitial, tipFinal, valleyFinal, tipExtreme, hoopFinal: Double
  let meanSpeed: Double

  init(_ run: PlatingRun, kinetics: PlatingKinetics) {
    pvInitial = run.initial.peakToValley
    pvFinal = run.final.peakToValley
    pvRatio = pvFinal / pvInitial
    growth = run.final.growth
    farFieldRise = run.final.farFieldRise(over: run.initial)
    time = growth / kinetics.nominalSpeed
    tipInitial = run.initial.tipStress
    valleyInitial = run.initial.valleyStress
    tipFinal = run.final.tipStress
    valleyFinal = run.final.valleyStress
    tipExtreme = run.tipStressExtreme
    hoopFinal = run.final.hoopStress
    meanSpeed = time > 0 ? farFieldRise / time : 0
  }
}

/// A case run at its nominal parameters, and beside them where these have an uncertainty.
struct CaseRun: Sendable {
  let plateCase: PlateCase
  let run: PlatingRun
  let numbers: CaseNumbers
  /// The runs beside the nominal one.
  let propagation: Propagation<PlatingRun>

  /// Runs a case; `run` is its nominal run where that is made already.
  init(_ plateCase: PlateCase, run: PlatingRun? = nil) {
    self.plateCase = plateCase
    let modulus = plateCase.film.modulus.modulus
    let thickness = plateCase.film.thickness
    func solve(_ modulus: Quantity<Pressure>, _ thickness: Quantity<Length>) -> PlatingRun {
      PlatingRun.solve(plateCase.problem(modulus: modulus, thickness: thickness))
    }
    func beside(_ modulus: Quantity<Pressure>, _ thickness: Quantity<Length>) -> PlatingRun {
      var run = solve(modulus, thickness)
      run.phase = nil
      return run
    }
    let nominal = run ?? solve(modulus.value, thickness.value)
    self.run = nominal
    numbers = CaseNumbers(nominal, kinetics: plateCase.kinetics)
    var propagation = Propagation<PlatingRun>()
    let holds = { (run: PlatingRun) in
      run.status == .finished && nominal.status == .finished
    }
    propagation.vary("film.modulus", modulus, holds: holds) { beside($0, thickness.value) }
    propagation.vary("film.thickness", thickness, holds: holds) { beside(modulus.value, $0) }
    self.propagation = propagation
  }

  /// The propagated standard uncertainty of a number of a run; nil where nothing was propagated.
  func uncertainty(_ value: (PlatingRun) -> Double) -> Double? {
    propagation.uncertainty(value)
  }

  /// The propagated uncertainty of each element of a series; nil where nothing was propagated.
  func uncertaintyAlong(_ series: (PlatingRun) -> [Double]) -> [Double]? {
    guard propagation.isComplete else { return nil }
    return propagation.uncertainty(count: series(run).count, along: series)
  }
}
