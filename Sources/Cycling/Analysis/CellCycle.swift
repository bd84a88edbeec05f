/// Two half cycles that make a cycle, and what follows from the pair; SI units.
public struct CellCycle: Sendable, Codable {
  /// Positions of its half cycles, in time order.
  public var first: Int, second: Int
  /// The start on the clock of the test, s.
  public var start: Double
  /// Charge while charging and discharging, C, and energy, J.
  public var charging: Double, discharging: Double
  public var chargingEnergy: Double, dischargingEnergy: Double
  /// Half the difference of the two half cycles, V: mean, median, plateau, end.
  public var mean: Double, median: Double, plateau: Double, end: Double
  /// The standard uncertainties of mean, median, plateau and end; nil without a noise.
  public var meanU: Double?, medianU: Double?, plateauU: Double?, endU: Double?
  /// The larger nucleation overpotential of the two; nil where neither has one.
  public var nucleation: Double?
  /// Difference and half sum of the mean voltages.
  public var hysteresis: Double, offset: Double
  /// The mean of |I| over both.
  public var current: Double
  /// Overpotential over current, Ω; nil without current.
  public var resistance: Double?
  /// Coulombic efficiency, energy efficiency and retention, as fractions; nil where not defined.
  public var coulombicEfficiency: Double?, energyEfficiency: Double?, retention: Double?
}

/// Pairs half cycles and computes the cycles.
struct CyclePairing {
  let cell: CellType
  let working: WorkingElectrode?
  /// Resolution and accuracy of the voltage, V.
  let resolution: Double
  let accuracy: Double
  /// 0.5 where overpotentials are those of one electrode.
  let share: Double

  /// The cycles; each half cycle of a pair learns its number.
  ///
  /// Symmetric and unknown cells pair in order, half cells with the anode working pair (−, +), all
  /// others (+, −).
  func cycles(_ halves: inout [HalfCycle], leavingLast: Bool) -> [CellCycle] {
    var result: [CellCycle] = []
    let end = leavingLast ? halves.count - 1 : halves.count
    var wanted: Double?
    switch cell {
    case .symmetric, .unknown: wanted = nil
    case .half: wanted = working == .anode ? -1 : 1
    case .full: wanted = 1
    }
    var i = 0
    while i + 1 < end {
      if let wanted, halves[i].sign != wanted {
        i += 1
        continue
      }
      halves[i].cycle = result.count
      halves[i + 1].cycle = result.count
      result.append(pair(halves, i, i + 1))
      i += 2
    }
    return result
  }

  private func pair(_ halves: [HalfCycle], _ i: Int, _ j: Int) -> CellCycle {
    let (up, down) = halves[i].sign > 0 ? (halves[i], halves[j]) : (halves[j], halves[i])
    func half(_ a: Double, _ b: Double) -> Double { share * (a - b) }
    let mean = half(up.mean, down.mean)
    let time = up.duration + down.duration
    let current =
      time > 0
      ? (up.current * up.duration + down.current * down.duration) / time
      : (up.current + down.current) / 2
    let nucleations = [up.nucleation, down.nucleation].compactMap { $0 }
    var cycle = CellCycle(
      first: i, second: j, start: halves[i].start, charging: up.charge, discharging: down.charge,
      chargingEnergy: up.energy, dischargingEnergy: down.energy, mean: mean,
      median: half(up.median, down.median), plateau: half(up.plateau, down.plateau),
      end: half(up.lastVoltage, down.lastVoltage),
      nucleation: nucleations.max().map { $0 * 2 * share }, hysteresis: up.mean - down.mean,
      offset: (up.mean + down.mean) / 2, current: current,
      resistance: current > 0 ? mean / current : nil)
    cycle.meanU = uncertainty(up.meanU, down.meanU)
    // The median of normal noise spreads √(π/2) times as much as the mean.
    let wider = 1.2533
    cycle.medianU = uncertainty(up.meanU.map { $0 * wider }, down.meanU.map { $0 * wider })
    func plateau(_ half: HalfCycle) -> Double? {
      half.noise.map { wider * $0 / half.plateauCount.squareRoot() }
    }
    cycle.plateauU = uncertainty(plateau(up), plateau(down))
    cycle.endU = uncertainty(up.noise, down.noise)
    return cycle
  }

  /// Two half cycles in quadrature, halved, with resolution and accuracy.
  private func uncertainty(_ a: Double?, _ b: Double?) -> Double? {
    guard let a, let b else { return nil }
    let own = (a * a + b * b) / 4 + resolution * resolution / 12 + accuracy * accuracy
    return own.squareRoot() * 2 * share
  }
}
