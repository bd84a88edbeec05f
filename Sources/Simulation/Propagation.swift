package import Units

/// The runs beside the nominal one, at value ± uncertainty of each uncertain parameter.
package struct Propagation<Run: Sendable>: Sendable {
  /// A parameter whose uncertainty is propagated: the runs at value ± step.
  package struct Variation: Sendable {
    /// The key of the parameter.
    package let key: String
    /// How many steps make up one standard uncertainty; 1 unless the uncertainty is too large.
    package let scale: Double
    package let below: Run
    package let above: Run
  }

  /// Empty where no parameter has an uncertainty.
  package private(set) var variations: [Variation] = []
  /// Parameters whose uncertainty was not propagated because a run beside the nominal one failed.
  package private(set) var unpropagated: [String] = []

  package init() {}

  /// Runs beside the nominal value of a parameter that has an uncertainty.
  ///
  /// - Parameters:
  ///   - holds: whether a run can stand for the nominal one.
  ///   - run: the run at another value.
  package mutating func vary<D>(
    _ key: String, _ parameter: Measured<D>, holds: (Run) -> Bool, _ run: (Quantity<D>) -> Run
  ) {
    guard let u = parameter.u, u.si > 0, u.si.isFinite else { return }
    // An uncertainty of half the value or more: the slope from ± half the value stands for it.
    let step = min(u.si, parameter.value.si.magnitude / 2)
    guard step > 0 else { return }
    let variation = Variation(
      key: key, scale: u.si / step, below: run(Quantity(si: parameter.value.si - step)),
      above: run(Quantity(si: parameter.value.si + step)))
    if holds(variation.below) && holds(variation.above) {
      variations.append(variation)
    } else {
      unpropagated.append(key)
    }
  }

  /// Whether there is an uncertainty to propagate, and all of it was.
  package var isComplete: Bool { !variations.isEmpty && unpropagated.isEmpty }

  /// The propagated standard uncertainty of a number of a run; nil where nothing was propagated.
  ///
  /// First order: u = √Σ(½[y(p + u) − y(p − u)])² over the uncertain parameters (JCGM 100, 5.1.2).
  package func uncertainty(_ value: (Run) -> Double) -> Double? {
    guard isComplete else { return nil }
    var sum = 0.0
    for variation in variations {
      let part = variation.scale * (value(variation.above) - value(variation.below)) / 2
      sum += part * part
    }
    return sum.squareRoot()
  }

  /// The propagated uncertainty of each of `count` elements of a series; nil where nothing was
  /// propagated.
  package func uncertainty(count: Int, along series: (Run) -> [Double]) -> [Double]? {
    guard isComplete else { return nil }
    var sums = [Double](repeating: 0, count: count)
    for variation in variations {
      for (i, (above, below)) in zip(series(variation.above), series(variation.below)).enumerated()
      where i < sums.count {
        let part = variation.scale * (above - below) / 2
        sums[i] += part * part
      }
    }
    return sums.map { $0.squareRoot() }
  }
}
