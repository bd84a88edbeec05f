internal import NumericalMethods
internal import RealModule

extension SpectrumFitProblem {
  /// The same problem with better start values, found by differential evolution.
  ///
  /// R. Storn, K. Price, J. Global Optim. 11 (1997) 341: rand/1/bin with F between 0.5 and 1 and
  /// CR = 0.9; amounts from a quarter to four times the start, or from 0 to 500 where the start is 0,
  /// within the bounds. The draws come from the seed of the problem.
  public func searched(generations: Int = 40) throws(SimulationFailure) -> SpectrumFitProblem {
    let n = free.count
    guard n > 0 else { return self }
    let start = free.map { $0.target.value(setup, layers) }
    let box = zip(free, start).map { searchRange($0, $1) }
    var problem = self
    var cost = try SpectrumCost(self)
    var random = CounterRandom(seed: 5, stream: seed)
    let size = min(60, max(12, 8 * n))
    var members = (0..<size).map { m in
      box.indices.map { k in
        m == 0
          ? min(max(start[k], box[k].lowerBound), box[k].upperBound)
          : box[k].lowerBound + random.uniform() * (box[k].upperBound - box[k].lowerBound)
      }
    }
    var costs: [Double] = []
    for member in members { costs.append(cost(member)) }
    for _ in 0..<generations {
      for m in members.indices {
        func other() -> Int { min(size - 1, Int(random.uniform() * Double(size))) }
        let (a, b, c) = (other(), other(), other())
        let factor = 0.5 + 0.5 * random.uniform()
        let sure = min(n - 1, Int(random.uniform() * Double(n)))
        var trial = members[m]
        for k in 0..<n where k == sure || random.uniform() < 0.9 {
          let value = members[a][k] + factor * (members[b][k] - members[c][k])
          if box[k].contains(value) {
            trial[k] = value
          } else {
            trial[k] =
              box[k].lowerBound + random.uniform() * (box[k].upperBound - box[k].lowerBound)
          }
        }
        let reached = cost(trial)
        if reached <= costs[m] {
          members[m] = trial
          costs[m] = reached
        }
      }
    }
    if let best = costs.indices.min(by: { costs[$0] < costs[$1] }) {
      let (setup, layers) = state(members[best])
      problem.setup = setup
      problem.layers = layers
    }
    return problem
  }

  private func searchRange(_ parameter: FreeParameter, _ start: Double) -> ClosedRange<Double> {
    let low: Double
    let high: Double
    switch parameter.target {
    case .element, .arealDensity, .roughness:
      (low, high) = start > 0 ? (start / 4, 4 * start) : (0, 500)
    case .particles, .yieldScale: (low, high) = (start / 2, 2 * start)
    case .stoppingScale: (low, high) = (0.8 * start, 1.25 * start)
    case .energy: (low, high) = (0.98 * start, 1.02 * start)
    case .slope: (low, high) = (0.95 * start, 1.05 * start)
    case .offset: (low, high) = (start - 30, start + 30)
    case .fwhm: (low, high) = (start / 2, 2 * start)
    }
    let from = max(low, parameter.lower)
    return from...max(from, min(high, parameter.upper))
  }
}
