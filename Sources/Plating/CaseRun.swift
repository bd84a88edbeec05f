internal import Materials
internal import Units

/// The numbers that one run gives, in the units of the contract.
struct CaseNumbers: Sendable {
  let pvInitial, pvFinal, pvRatio: Double
  let growth, farFieldRise, time: Double
  let tipInitial, valleyInitial, tipFinal, valleyFinal, tipExtreme, hoopFinal: Double
  let meanSpeed: Double

  init(_ run: SharpInterfaceRun, kinetics: PlatingKinetics) {
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
  /// A parameter whose uncertainty is propagated: the runs at value ± step.
  struct Variation: Sendable {
    /// The key of the parameter.
    let key: String
    /// How many steps make up one standard uncertainty; 1 unless the uncertainty is too large.
    let scale: Double
    let below: SharpInterfaceRun
    let above: SharpInterfaceRun
  }

  let plateCase: PlateCase
  let run: SharpInterfaceRun
  let numbers: CaseNumbers
  /// Empty where no parameter has an uncertainty.
  let variations: [Variation]
  /// Parameters whose uncertainty was not propagated because a run beside the nominal one stalled.
  let unpropagated: [String]

  init(_ plateCase: PlateCase) {
    self.plateCase = plateCase
    let modulus = plateCase.film.modulus.modulus
    let thickness = plateCase.film.thickness
    let nominal = SharpInterfaceRun(
      plateCase.problem(modulus: modulus.value, thickness: thickness.value))
    run = nominal
    numbers = CaseNumbers(nominal, kinetics: plateCase.kinetics)
    var variations: [Variation] = []
    var unpropagated: [String] = []
    func vary<D>(
      _ key: String, _ parameter: Measured<D>, _ run: (Quantity<D>) -> SharpInterfaceRun
    ) {
      guard let u = parameter.u, u.si > 0, u.si.isFinite else { return }
      // An uncertainty of half the value or more: the slope from ± half the value stands for it.
      let step = min(u.si, parameter.value.si / 2)
      let variation = Variation(
        key: key, scale: u.si / step, below: run(Quantity(si: parameter.value.si - step)),
        above: run(Quantity(si: parameter.value.si + step)))
      if variation.below.status == nominal.status && variation.above.status == nominal.status
        && nominal.status == .finished
      {
        variations.append(variation)
      } else {
        unpropagated.append(key)
      }
    }
    vary("film.modulus", modulus) {
      SharpInterfaceRun(plateCase.problem(modulus: $0, thickness: thickness.value))
    }
    vary("film.thickness", thickness) {
      SharpInterfaceRun(plateCase.problem(modulus: modulus.value, thickness: $0))
    }
    self.variations = variations
    self.unpropagated = unpropagated
  }

  /// The propagated standard uncertainty of a number of a run; nil where nothing was propagated.
  ///
  /// First order: u = √Σ(½[y(p + u) − y(p − u)])² over the uncertain parameters (JCGM 100, 5.1.2).
  func uncertainty(_ value: (SharpInterfaceRun) -> Double) -> Double? {
    guard !variations.isEmpty, unpropagated.isEmpty else { return nil }
    var sum = 0.0
    for variation in variations {
      let part = variation.scale * (value(variation.above) - value(variation.below)) / 2
      sum += part * part
    }
    return sum.squareRoot()
  }
}
