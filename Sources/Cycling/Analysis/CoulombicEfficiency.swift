internal import Tables

/// The Coulombic efficiency by the reservoir method, charges in C.
///
/// D. Aurbach et al., J. Electrochem. Soc. 136 (1989) 3198; B. D. Adams et al., Adv. Energy Mater. 8
/// (2018) 1702097.
public struct ReservoirEfficiency: Sendable, Codable {
  /// (n Q_c + Q_s)/(n Q_c + Q_T).
  public var efficiency: Double
  /// Cycles between reservoir and final stripping.
  public var cycles: Int
  /// Plated in the reservoir, plated in each cycle (median), stripped at the end.
  public var reservoir: Double, plated: Double, stripped: Double

  /// The reservoir of the half cycles of a plating cell (− plates, + strips); nil where there is none.
  ///
  /// The reservoir is the last plating half cycle that holds at least 1.5 times the median charge of
  /// the later ones, of which there are two or more, equal within 20 %.
  init?(_ halves: [HalfCycle]) {
    let plating = halves.indices.filter { halves[$0].sign < 0 }
    guard plating.count >= 3 else { return nil }
    var found: Int?
    for position in stride(from: plating.count - 3, through: 0, by: -1) {
      let later = plating[(position + 1)...].map { halves[$0].charge }
      var selector = MedianSelector()
      for charge in later { selector.add(charge) }
      guard let median = selector.plainMedian(), median > 0 else { continue }
      if !later.allSatisfy({ abs($0 - median) <= 0.2 * median }) { break }
      if halves[plating[position]].charge >= 1.5 * median {
        found = position
        break
      }
    }
    guard let found else { return nil }
    let start = plating[found]
    let later = Array(plating[(found + 1)...])
    let strippings = halves.indices.filter { $0 > start && halves[$0].sign > 0 }
    guard let last = strippings.last, let end = later.last, last > end else { return nil }
    let platedSum = halves[start].charge + later.reduce(0) { $0 + halves[$1].charge }
    let strippedSum = strippings.reduce(0) { $0 + halves[$1].charge }
    guard platedSum > 0 else { return nil }
    var selector = MedianSelector()
    for i in later { selector.add(halves[i].charge) }
    efficiency = strippedSum / platedSum
    cycles = later.count
    reservoir = halves[start].charge
    plated = selector.plainMedian() ?? 0
    stripped = halves[last].charge
  }
}

extension CyclingAnalysis {
  /// Whether charging follows discharging in a cycle, so that Q+/Q− is the efficiency.
  var isAnode: Bool { cell == .half && options.working == .anode }

  /// The formula of the Coulombic efficiency; nil where none is stated.
  var efficiencyFormula: String? {
    switch cell {
    case .full: "Q-/Q+"
    case .half: isAnode ? "Q+/Q- (plating or lithiation first)" : "Q-/Q+"
    case .symmetric, .unknown: nil
    }
  }

  /// Efficiencies and retention of every cycle, where the kind of cell defines them.
  mutating func addEfficiencies(_ diagnostics: inout DiagnosticList) {
    if options.efficiency == .reservoir {
      reservoir = isAnode ? ReservoirEfficiency(halves) : nil
      if reservoir == nil {
        diagnostics.note(
          "cycling.no-reservoir",
          found: isAnode
            ? "no plating half cycle stands out as a reservoir with a final stripping behind it"
            : "a cell that is no '--cell half --working anode'",
          expected: "a reservoir of at least 1.5 times two or more equal cycles")
      }
    }
    guard cell == .full || cell == .half else { return }
    let reference = options.retentionReference - 1
    let base = cycles.indices.contains(reference) ? capacity(cycles[reference]) : 0
    for i in cycles.indices {
      let cycle = cycles[i]
      let (out, into) =
        isAnode ? (cycle.charging, cycle.discharging) : (cycle.discharging, cycle.charging)
      if into > 0 { cycles[i].coulombicEfficiency = out / into }
      if cycle.chargingEnergy > 0 {
        cycles[i].energyEfficiency = cycle.dischargingEnergy / cycle.chargingEnergy
      }
      if base > 0 { cycles[i].retention = capacity(cycle) / base }
    }
  }

  /// The capacity that retention follows.
  func capacity(_ cycle: CellCycle) -> Double { isAnode ? cycle.charging : cycle.discharging }

  /// The cycle at which 80 % are left, between two cycles linearly; censored where it is not reached.
  var cyclesToEighty: (value: Double, isCensored: Bool)? {
    guard cell == .full || cell == .half, let last = cycles.last, last.retention != nil else {
      return nil
    }
    let start = max(0, options.retentionReference - 1)
    guard start < cycles.count else { return nil }
    var before: (cycle: Double, retention: Double)?
    for i in start..<cycles.count {
      guard let retention = cycles[i].retention else { continue }
      if retention < 0.8 {
        guard let before, before.retention > retention else {
          return (Double(i + 1), false)
        }
        let part = (before.retention - 0.8) / (before.retention - retention)
        return (before.cycle + part * (Double(i + 1) - before.cycle), false)
      }
      before = (Double(i + 1), retention)
    }
    return (Double(cycles.count), true)
  }
}
