import Cycling
import NumericalMethods
import Tables
import Testing

/// Cells with closed-form answers on many seeds (SymmetricCellGenerator), and single rules by hand.
@Suite struct SymmetricCellTests {
  private func analyze(
    _ records: CyclingRecords, _ change: (inout CyclingOptions) -> Void = { _ in }
  ) -> CyclingAnalysis {
    var options = CyclingOptions()
    options.cell = .symmetric
    change(&options)
    var diagnostics = DiagnosticList()
    return analyzeCycling(records, options: options, diagnostics: &diagnostics)
  }

  @Test func manySeeds() {
    var found = 0
    var missed: [UInt64] = []
    var falseHard: [UInt64] = []
    var falseSoft: [UInt64] = []
    var pulls: [Double] = []
    let seeds = testSetting("INTERPHASE_CYCLING_SEEDS").flatMap { Int($0) } ?? 140
    for seed in 0..<UInt64(seeds) {
      let cell = SymmetricCellGenerator.make(seed: seed)
      let a = analyze(cell.records)
      let hard = a.events.filter { $0.kind == .hardShort }
      let soft = a.events.filter { $0.kind == .softShort || $0.kind == .voltageDrop }
      switch cell.kind {
      case .shortInside, .shortAtReversal:
        if hard.count == 1, soft.isEmpty, let event = hard.first,
          abs(event.time - (cell.eventTime ?? 0)) <= 1.001 * cell.sampling
        {
          found += 1
        } else {
          missed.append(seed)
        }
      case .softShort:
        if !hard.isEmpty { falseHard.append(seed) }
        let shorts = a.events.filter { $0.kind == .softShort }
        if shorts.count == 1, let event = shorts.first,
          abs(event.time - (cell.eventTime ?? 0)) <= 1.001 * cell.sampling,
          abs((event.drop ?? 0) - (cell.depth ?? 0)) < 0.06
        {
          found += 1
        } else {
          missed.append(seed)
        }
      default:
        if !hard.isEmpty { falseHard.append(seed) }
        if !soft.isEmpty { falseSoft.append(seed) }
      }
      if cell.kind == .healthy || cell.kind == .dip {
        for (cycle, exact) in zip(a.cycles, cell.means) {
          if let u = cycle.meanU, let noise = a.halves[cycle.first].noise, noise > 1e-7 {
            pulls.append((cycle.mean - exact) / u)
          }
        }
      }
    }
    #expect(missed.isEmpty, "missed \(missed)")
    #expect(falseHard.isEmpty, "false hard shorts \(falseHard)")
    #expect(falseSoft.isEmpty, "false soft shorts \(falseSoft)")
    let kinds = SymmetricCellGenerator.Kind.allCases
    let shorts = (0..<seeds).count {
      [.shortInside, .shortAtReversal, .softShort].contains(kinds[$0 % kinds.count])
    }
    #expect(found == shorts)
    let rms = rootMeanSquare(pulls) ?? 0
    print(
      "\(seeds) cells: \(shorts) shorts, \(found) found, \(missed.count) missed, "
        + "\(falseHard.count + falseSoft.count) invented; error/u rms \(rms), \(pulls.count) cycles"
    )
    #expect(rms > 0.5 && rms < 2, "rms of error over u: \(rms) over \(pulls.count) cycles")
  }

  /// A log of blocks: seconds, current in A, and the voltage as a function of the time in the block.
  private func log(
    step: Double = 10, _ blocks: [(seconds: Double, current: Double, v: (Double) -> Double)]
  ) -> CyclingRecords {
    var time: [Double] = []
    var voltage: [Double] = []
    var current: [Double] = []
    var t = 0.0
    for block in blocks {
      var own = 0.0
      while own < block.seconds - step / 2 {
        time.append(t)
        voltage.append(block.v(own))
        current.append(block.current)
        own += step
        t += step
      }
    }
    return CyclingRecords(time: time, voltage: voltage, current: current)
  }

  /// Ohm's law with an offset: 30 mV at 1 mA, 2 mV more in both directions.
  @Test func ohmicCellWithOffset() throws {
    let records = log(
      (0..<20).map { half in
        let s = half % 2 == 0 ? 1.0 : -1.0
        return (3600, s * 1e-3, { _ in s * 0.030 + 0.002 })
      })
    let a = analyze(records) { $0.area = 2 }
    #expect(a.halves.count == 20 && a.cycles.count == 10 && a.events.isEmpty)
    let cycle = try #require(a.cycles.first)
    #expect(abs(cycle.mean - 0.030) < 1e-12 && abs(cycle.offset - 0.002) < 1e-12)
    #expect(abs(cycle.hysteresis - 0.060) < 1e-12)
    #expect(abs((cycle.resistance ?? 0) - 30) < 1e-9)
    // 1 mA over an hour: the first half cycle has no interval before it.
    #expect(abs(a.halves[0].charge - 3.59) < 1e-9 && abs(a.halves[1].charge - 3.6) < 1e-9)
    let halved = analyze(records) { $0.perElectrode = true }
    #expect(abs(halved.cycles[0].mean - 0.015) < 1e-12)
  }

  /// A titration: pulses with rests between belong to one half cycle.
  @Test func titrationIsOneHalfCycle() {
    var blocks: [(seconds: Double, current: Double, v: (Double) -> Double)] = []
    for half in 0..<4 {
      let s = half % 2 == 0 ? 1.0 : -1.0
      for _ in 0..<10 {
        blocks.append((600, s * 1e-3, { _ in s * 0.05 }))
        blocks.append((300, 0, { _ in 0 }))
      }
    }
    let a = analyze(log(blocks))
    #expect(a.halves.count == 4 && a.cycles.count == 2)
    #expect(abs(a.halves[1].duration - 10 * 590) < 1e-9)
    #expect(a.halves[1].records == 600)
  }

  /// A smaller current alone is no short, a greater one alone no polarisation.
  @Test func rateTestIsNoFailure() {
    let rates = [1.0, 1, 1, 1, 5, 5, 5, 5, 0.3, 0.3, 0.3, 0.3, 1, 1, 1, 1]
    let records = log(
      step: 30,
      rates.flatMap { rate in
        [1.0, -1.0].map { s in
          (3600.0, s * rate * 1e-3, { (_: Double) in s * 0.02 * rate })
        }
      })
    let a = analyze(records)
    #expect(a.events.isEmpty, "\(a.events)")
    #expect(a.lifetime?.isCensored == true)
  }

  @Test func polarisationEndsTheCell() throws {
    let records = log(
      step: 60,
      (0..<60).flatMap { cycle in
        [1.0, -1.0].map { s in
          (1800.0, s * 1e-3, { (_: Double) in s * 0.03 * (cycle < 40 ? 1 : 2.5) })
        }
      })
    let a = analyze(records)
    let event = try #require(a.events.first)
    #expect(event.kind == .polarisation && a.events.count == 1)
    #expect(event.half == 80 && abs(event.time - 40 * 3600) < 1e-6)
    #expect(a.lifetime?.endedBy == .polarisation && a.lifetime?.cycles == 40)
    #expect(abs((a.lifetime?.time ?? 0) - 40 * 3600) < 1e-6)
  }

  /// The first records of a half cycle still show the voltage of the one before.
  @Test func recordsOfTheOtherSignAreLeftOut() {
    let records = log(
      (0..<8).map { half in
        let s = half % 2 == 0 ? 1.0 : -1.0
        return (2000, s * 1e-3, { t in t < 15 && half > 0 ? -s * 0.03 : s * 0.03 })
      })
    let a = analyze(records)
    #expect(a.cycles.allSatisfy { abs($0.mean - 0.03) < 1e-12 })
    #expect(abs(a.halves[1].firstVoltage + 0.03) < 1e-12)
  }

  /// 50 mΩ in series show within a second after the current starts: |V_z − V_b|/|I_z − I_b|.
  @Test func ohmicDrop() throws {
    var records = log(
      step: 0.5,
      [
        (60, 0, { _ in 0.001 }), (60, 1.0, { t in 0.051 + 0.001 * t }), (60, 0, { _ in 0 }),
        (60, -1.0, { t in -0.05 - 0.001 * t }),
      ])
    let a = analyze(records)
    // z is the second record, 0.5 s after the first, 1 s after b.
    #expect(abs((a.halves[0].resistance ?? 0) - 0.0505) < 1e-12)
    records = log(step: 5, [(60, 0, { _ in 0 }), (60, 1.0, { _ in 0.05 })])
    #expect(analyze(records).halves[0].resistance == nil)
  }

  /// A log in open circuit: no half cycle, no lifetime, no failure.
  @Test func openCircuitHasNoHalfCycle() {
    let a = analyze(log([(3600, 0, { _ in 3.2 })]))
    #expect(a.halves.isEmpty && a.lifetime == nil && a.events.isEmpty)
    let empty = analyze(CyclingRecords(time: [], voltage: [], current: []))
    #expect(empty.halves.isEmpty)
  }

  @Test func detectsSymmetricCellsOnly() {
    let symmetric = log(
      (0..<6).map { half in
        let s = half % 2 == 0 ? 1.0 : -1.0
        return (600, s * 1e-3, { _ in s * 0.03 })
      })
    let full = log(
      (0..<6).map { half in
        let s = half % 2 == 0 ? 1.0 : -1.0
        return (600, s * 1e-3, { t in 3.6 + s * (0.1 + t * 1e-4) })
      })
    #expect(analyze(symmetric) { $0.cell = nil }.cell == .symmetric)
    let unknown = analyze(full) { $0.cell = nil }
    #expect(unknown.cell == .unknown && unknown.lifetime == nil)
    #expect(unknown.cycles.allSatisfy { $0.coulombicEfficiency == nil })
    // 600 s up, 600 s down at the same current: each charge but the first is the same.
    let stated = analyze(full) { $0.cell = .full }
    #expect(abs((stated.cycles[1].coulombicEfficiency ?? 0) - 1) < 1e-12)
  }

  /// The example of Adams (2018): Q_T 5, n 10, Q_c 1, Q_s 4.9 give 99.3333 %.
  @Test func reservoirMethod() throws {
    var blocks: [(seconds: Double, current: Double, v: (Double) -> Double)] = [
      (10, 0, { _ in 0 }), (1800, -1e-3, { _ in -0.05 }), (1800, 1e-3, { _ in 0.05 }),
      (5 * 3600, -1e-3, { _ in -0.05 }),
    ]
    for _ in 0..<10 {
      blocks.append((3600, 1e-3, { _ in 0.05 }))
      blocks.append((3600, -1e-3, { _ in -0.05 }))
    }
    blocks.append((4.9 * 3600, 1e-3, { _ in 0.05 }))
    let a = analyze(log(blocks)) {
      $0.cell = .half
      $0.working = .anode
      $0.efficiency = .reservoir
    }
    let reservoir = try #require(a.reservoir)
    #expect(reservoir.cycles == 10)
    #expect(abs(reservoir.efficiency - 14.9 / 15) < 1e-9)
    #expect(abs(reservoir.reservoir / 3.6 - 5) < 1e-9 && abs(reservoir.stripped / 3.6 - 4.9) < 1e-9)
    #expect(abs((a.cycles[0].coulombicEfficiency ?? 0) - 1) < 1e-12)
  }

  /// Q = Q0/(1 + exp(−(V − V0)/s)): the height is Q0/4s at V0, the area Q0.
  @Test func differentialCapacityOfALogisticCurve() throws {
    let (q0, v0, s, n) = (2.0, 3.4, 5e-3, 4000)
    var time: [Double] = []
    var voltage: [Double] = []
    for i in 0..<n {
      let q = q0 * (1e-5 + (1 - 2e-5) * Double(i) / Double(n - 1))
      time.append(q * 3600)
      voltage.append(v0 - s * logarithm(q0 / q - 1))
    }
    let records = CyclingRecords(
      time: time, voltage: voltage, current: [Double](repeating: 1e-3, count: n))
    let a = analyze(records) {
      $0.differential = true; $0.cell = .full
    }
    let peak = try #require(a.differential.first?.peaks.first)
    #expect(a.differential.first?.peaks.count == 1)
    #expect(abs(peak.voltage - v0) < 1e-4)
    // 0.2 % low by the window of eleven points, as the width is five of them.
    #expect(abs(peak.height / 3.6 - 100) < 0.5)
    #expect(abs(peak.area / 3.6 - q0) < 0.01)
  }

  /// Table 4.1A of Klein and Moeschberger, Survival Analysis, 2nd ed.: the 6-MP group of Freireich (1963).
  @Test func kaplanMeier() {
    let failed = [6.0, 6, 6, 7, 10, 13, 16, 22, 23]
    let censored = [6.0, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    let curve = SurvivalCurve(failed.map { ($0, false) } + censored.map { ($0, true) })
    #expect(curve.times == [6, 7, 10, 13, 16, 22, 23])
    #expect(curve.atRisk == [21, 17, 15, 12, 11, 7, 6])
    let wanted = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    for (found, truth) in zip(curve.surviving, wanted) { #expect(abs(found - truth) < 5.1e-4) }
    #expect(curve.median == 23)
    #expect(SurvivalCurve([(5, true), (6, true)]).median == nil)
  }

  /// One more or less, a log whose parts are given as two tests is the log.
  @Test func mergedFilesAreOneTest() throws {
    let whole = log(
      (0..<12).map { half in
        let s = half % 2 == 0 ? 1.0 : -1.0
        return (1000, s * 1e-3, { _ in s * 0.03 })
      })
    let cut = 437
    func part(_ range: Range<Int>, from start: Double) -> CyclingTest {
      CyclingTest(
        CyclingRecords(
          time: whole.time[range].map { $0 - start }, voltage: Array(whole.voltage[range]),
          current: Array(whole.current[range])))
    }
    let first = part(0..<cut, from: 0)
    let second = part(cut..<whole.count, from: whole.time[cut] - 10)
    let merged = try #require(CyclingTest.merged([first, second], names: ["a", "b"]))
    let a = analyze(merged.test.records)
    let b = analyze(whole)
    #expect(merged.order == [0, 1])
    #expect(a.halves.count == b.halves.count && a.cycles.count == b.cycles.count)
    #expect(abs(a.cycles[2].mean - b.cycles[2].mean) < 1e-12)
  }

  @Test func optionsFromText() throws {
    var options = CyclingOptions()
    try options.setOption(name: "disc", text: "10")
    #expect(abs((options.area ?? 0) - 0.7854) < 1e-4)
    try options.setOption(name: "area", text: "50 mm2")
    #expect(abs((options.area ?? 0) - 0.5) < 1e-12)
    try options.setOption(name: "reference_cycles", text: "5-20")
    #expect(options.referenceCycles == 5...20)
    try options.setOption(name: "voltage-accuracy", text: "0.3mV")
    #expect(abs((options.voltageAccuracy ?? 0) - 3e-4) < 1e-15)
    for (name, text) in [
      ("cell", "coin"), ("area", "-1"), ("area", "1 V"), ("settle", "0"), ("dqdv-window", "10"),
      ("reference-cycles", "9-3"), ("no-such", "1"), ("rest-current", "1e400"),
    ] {
      #expect(throws: ReadFailure.self) { try options.setOption(name: name, text: text) }
    }
  }
}
