internal import Tables

extension CyclingTest {
  /// Several files as one continued test, in the order of their absolute starts.
  ///
  /// Where every file gives the instant of its time zero, time goes on by that clock; otherwise the
  /// files follow each other in the order given, end to end. Gives the order in which the tests were
  /// taken, by their positions.
  public static func merged(
    _ tests: [CyclingTest], names: [String]
  ) -> (test: CyclingTest, order: [Int])? {
    guard let head = tests.first else { return nil }
    var order = Array(tests.indices)
    let origins = tests.map { $0.records.origin }
    let isDated = origins.allSatisfy { $0 != nil }
    func start(_ i: Int) -> Double {
      (origins[i] ?? 0) + (tests[i].records.time.first ?? 0)
    }
    if isDated { order.sort { (start($0), $0) < (start($1), $1) } }
    var result = CyclingTest(CyclingRecords(time: [], voltage: [], current: []))
    for i in order { result.diagnostics.add(contentsOf: tests[i].diagnostics.all) }
    let first = order.first ?? 0
    let base = origins[first] ?? 0
    var records = tests[first].records
    records.area = order.lazy.compactMap { tests[$0].records.area }.first ?? head.records.area
    // Counters start again with each file, and records are counted through all of them.
    records.rows = nil
    records.stepTypes = nil
    for i in order.dropFirst() {
      let next = tests[i].records
      let end = records.time.last ?? 0
      let shift: Double
      if isDated {
        shift = (origins[i] ?? 0) - base
        if let own = next.time.first, own + shift < end {
          result.diagnostics.warn(
            "cycling.merge-overlap",
            found: "\(names.indices.contains(i) ? names[i] : "a file") starts "
              + "\(CyclingText.short(end - own - shift)) s before the file before it ends",
            expected: "files of one test that follow each other")
        }
      } else {
        shift = end - (next.time.first ?? 0)
      }
      records.append(next, shift: shift)
    }
    if !isDated, tests.count > 1 {
      result.diagnostics.note(
        "cycling.merge-order", found: "not every file gives an absolute start",
        expected: "joined in the order given, end to end")
    }
    for (key, value) in tests[first].records.marks {
      let others = order.compactMap { i in
        tests[i].records.marks.first { $0.key == key }?.value
      }
      if others.contains(where: { $0 != value }) {
        result.diagnostics.warn(
          "cycling.merge-different",
          found: "'\(key)' differs: \(others.joined(separator: ", "))",
          expected: "files of one channel and one test")
      }
    }
    result.records = records
    return (result, order)
  }
}

extension CyclingRecords {
  /// Adds the records of the next file, `shift` seconds later.
  fileprivate mutating func append(_ next: CyclingRecords, shift: Double) {
    let n = count
    breaks += next.breaks.map { $0 + n }
    time += next.time.map { $0 + shift }
    voltage += next.voltage
    current += next.current
    impedance += next.impedance
    incomplete += next.incomplete
    isCut = next.isCut
    charge.append(next.charge)
    energy.append(next.energy)
  }
}

extension ChargeCounters {
  /// Adds the counters of the next file; where one of the two lacks them, none are left.
  fileprivate mutating func append(_ next: ChargeCounters) {
    func joined(_ a: [Double]?, _ b: [Double]?) -> [Double]? {
      guard let a, let b else { return nil }
      // A counter that starts again goes on from where it stood.
      let offset = (b.first ?? 0) < (a.last ?? 0) ? (a.last ?? 0) : 0
      return a + b.map { $0 + offset }
    }
    charging = joined(charging, next.charging)
    discharging = joined(discharging, next.discharging)
    if let a = net, let b = next.net {
      let offset = (a.last ?? 0) - (b.first ?? 0)
      net = a + b.map { $0 + offset }
    } else {
      net = nil
    }
    if let a = increment, let b = next.increment { increment = a + b } else { increment = nil }
    if isEmpty { self = ChargeCounters() }
  }
}
