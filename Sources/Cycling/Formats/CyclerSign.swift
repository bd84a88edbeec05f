internal import Tables

/// Whether the sign of a current agrees with the counters and the kinds of step beside it.
struct CyclerSign {
  /// Records that a verdict needs.
  private static let leastRecords = 10

  private var counters = Votes()
  private var steps = Votes()
  /// The counters of the record before.
  private var before: (charging: Double, discharging: Double)?
  private var lastStep: (text: String, charges: Bool?) = ("", nil)

  private static let charging = [
    "charging_capacity", "schedule_charging_capacity", "step_charging_capacity",
  ]
  private static let discharging = [
    "discharging_capacity", "schedule_discharging_capacity", "step_discharging_capacity",
  ]

  /// Takes up the records of the next piece.
  mutating func add(_ columns: [Column]) {
    func values(_ names: [String]) -> [Double]? {
      names.lazy.compactMap { name in columns.first { $0.name == name }?.real }.first
    }
    guard let current = values(["current"]) else { return }
    if let charging = values(Self.charging), let discharging = values(Self.discharging) {
      for row in 0..<min(current.count, charging.count, discharging.count) {
        let now = (charging: charging[row], discharging: discharging[row])
        if let before {
          let charges = now.charging > before.charging
          let discharges = now.discharging > before.discharging
          if charges != discharges { counters.add(current[row], charges) }
        }
        before = now
      }
    }
    guard let kinds = columns.first(where: { $0.name == "step_type" }) else { return }
    switch kinds.values {
    case .text(let texts):
      for (row, text) in texts.enumerated() {
        if text != lastStep.text { lastStep = (text, Self.charges(text)) }
        if let charges = lastStep.charges, row < current.count { steps.add(current[row], charges) }
      }
    case .category(let levels, let codes):
      let meaning = levels.map(Self.charges)
      for (row, code) in codes.enumerated() where meaning.indices.contains(Int(code)) {
        if let charges = meaning[Int(code)], row < current.count {
          steps.add(current[row], charges)
        }
      }
    default: return
    }
  }

  /// Warns where nine in ten records that counters or kinds of step decide have the other sign.
  func report(_ columns: [Column], into diagnostics: inout DiagnosticList) {
    if counters.report("the charge counters", into: &diagnostics) { return }
    guard let kinds = columns.first(where: { $0.name == "step_type" }) else { return }
    _ = steps.report("column '\(kinds.label)'", into: &diagnostics)
  }

  /// Whether a kind of step is a charge; nil where its words do not say.
  static func charges(_ text: String) -> Bool? {
    let word = text.lowercased().filter { $0.isLetter }
    if word == "c" { return true }
    if word == "d" { return false }
    if word.contains("dchg") || word.contains("disch") || word.contains("dch") { return false }
    return word.contains("chg") || word.contains("charge") ? true : nil
  }

  private struct Votes {
    private var agree = 0
    private var contradict = 0

    mutating func add(_ current: Double, _ charges: Bool) {
      if current > 0 { if charges { agree += 1 } else { contradict += 1 } }
      if current < 0 { if charges { contradict += 1 } else { agree += 1 } }
    }

    func report(_ what: String, into diagnostics: inout DiagnosticList) -> Bool {
      guard contradict >= CyclerSign.leastRecords, contradict >= 9 * agree else { return false }
      diagnostics.warn(
        "cycler.sign", found: "the sign of the current contradicts \(what)",
        expected: "expected a positive current while the cell is charged", count: contradict)
      return true
    }
  }
}
