internal import Tables

/// Whether the sign of a current agrees with the counters and the kinds of step beside it.
enum CyclerSign {
  /// Records that a verdict needs.
  private static let leastRecords = 10

  /// Warns where nine in ten records that counters or kinds of step decide have the other sign.
  static func check(_ columns: [Column], into diagnostics: inout DiagnosticList) {
    func values(_ names: [String]) -> [Double]? {
      names.lazy.compactMap { name in columns.first { $0.name == name }?.real }.first
    }
    guard let current = values(["current"]) else { return }
    if let charging = values(
      ["charging_capacity", "schedule_charging_capacity", "step_charging_capacity"]),
      let discharging = values(
        ["discharging_capacity", "schedule_discharging_capacity", "step_discharging_capacity"])
    {
      var votes = Votes()
      for row in current.indices.dropFirst() where row < charging.count && row < discharging.count {
        let charges = charging[row] > charging[row - 1]
        let discharges = discharging[row] > discharging[row - 1]
        if charges != discharges { votes.add(current[row], charges) }
      }
      if votes.report("the charge counters", into: &diagnostics) { return }
    }
    guard let kinds = columns.first(where: { $0.name == "step_type" }) else { return }
    var votes = Votes()
    func count(_ row: Int, _ charges: Bool?) {
      if let charges, row < current.count { votes.add(current[row], charges) }
    }
    switch kinds.values {
    case .text(let texts):
      var last: (text: String, charges: Bool?) = ("", nil)
      for (row, text) in texts.enumerated() {
        if text != last.text { last = (text, charges(text)) }
        count(row, last.charges)
      }
    case .category(let levels, let codes):
      let meaning = levels.map(charges)
      for (row, code) in codes.enumerated() where meaning.indices.contains(Int(code)) {
        count(row, meaning[Int(code)])
      }
    default: return
    }
    _ = votes.report("column '\(kinds.label)'", into: &diagnostics)
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
