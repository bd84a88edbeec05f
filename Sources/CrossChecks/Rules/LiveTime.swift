internal import IonBeamAnalysis
internal import Tables
internal import Units

/// `live-time`: a detector is live no longer than it measured, and most of that time.
enum LiveTime: LintRule {
  static let code = "live-time"
  static let formula = "live time over real time; output over input count rate"
  static let threshold = "above 1 (by more than 0.1 %), or a dead time above 30 %"
  static let source =
    "live time = real time − dead time; beyond 30 % pile-up and dead-time corrections are no longer sure "
    + "(G. F. Knoll, Radiation Detection and Measurement, 4th ed., ch. 4 and 17)"
  static let needs = "live and real time, or input and output count rates"

  private static let most = 1.001
  private static let least = 0.7

  static func check(_ subject: LintSubject) -> [LintCheck] {
    var checks: [LintCheck] = []
    for table in subject.tables {
      checks += inMetadata(subject, table)
      checks += inColumns(subject, table)
    }
    return checks
  }

  private static let live: Set = [
    "livetime", "elapsedlivetime", "timelive", "livetimes", "elive", "elivetime",
  ]
  private static let real: Set = [
    "realtime", "elapsedrealtime", "truetime", "timereal", "realtimes", "erealtime", "ereal",
  ]

  private static func inMetadata(_ subject: LintSubject, _ table: Table) -> [LintCheck] {
    // Only what stands in the table's own metadata, or in the dataset's where it has one spectrum.
    let record = subject.dataset.spectrumRecords.first { $0.table == table.name }
    if let live = record?.liveTime, let real = record?.realTime, live > 0 || real > 0 {
      return [judge(live / real, "live over real time", table, .whole)]
    }
    guard subject.dataset.tables.count == 1 || table.metadata.count > 0,
      table["counts"] != nil || table["intensity"] != nil,
      let liveEntry = subject.metadata(live, of: table),
      let realEntry = subject.metadata(real, of: table),
      let live = LintSubject.quantity(liveEntry.value, .second, fallback: .second),
      let real = LintSubject.quantity(realEntry.value, .second, fallback: .second),
      real > 0 || live > 0
    else { return [] }
    return [judge(live / real, "live over real time", table, .whole)]
  }

  private static func inColumns(_ subject: LintSubject, _ table: Table) -> [LintCheck] {
    var checks: [LintCheck] = []
    let pairs = [
      ("live_time", "real_time"), ("elapsed_live_time", "elapsed_real_time"),
      ("live_time", "elapsed_real_time"),
    ]
    for (a, b) in pairs {
      guard let live = table[a]?.real, let real = table[b]?.real else { continue }
      checks += worst(live, real, "'\(a)' over '\(b)'", table, a)
      break
    }
    for suffix in [""] + (2...40).map({ "_\($0)" }) {
      let input = "input_count_rate\(suffix)"
      guard let icr = table[input]?.real, let ocr = table["output_count_rate\(suffix)"]?.real else {
        break
      }
      checks += worst(ocr, icr, "output over input count rate", table, input, areCounts: true)
    }
    return checks
  }

  /// The row with the largest ratio beyond 1, else the one with the least.
  private static func worst(
    _ live: [Double], _ real: [Double], _ what: String, _ table: Table, _ column: String,
    areCounts: Bool = false
  ) -> [LintCheck] {
    var low = (row: 0, ratio: Double.infinity)
    var high = (row: 0, ratio: -Double.infinity)
    for row in 0..<min(live.count, real.count) where real[row] > 0 && live[row] >= 0 {
      // Counts scatter: a ratio within three standard deviations of the limit says nothing.
      let scatter = areCounts ? 3 / max(real[row], 1).squareRoot() : 0
      var ratio = live[row] / real[row]
      if ratio > 1 { ratio = max(1, ratio - scatter) } else { ratio = min(1, ratio + scatter) }
      if ratio < low.ratio { low = (row, ratio) }
      if ratio > high.ratio { high = (row, ratio) }
    }
    guard low.ratio.isFinite, high.ratio.isFinite else { return [] }
    let chosen = high.ratio > most ? high : low
    return [
      judge(chosen.ratio, what, table, LintSubject.place(table[column], row: chosen.row))
    ]
  }

  private static func judge(
    _ ratio: Double, _ what: String, _ table: Table, _ place: Place
  ) -> LintCheck {
    let holds = ratio <= most && ratio >= least
    var message = "\(what) is \(LintNumbers.short(ratio))"
    if ratio > most {
      message +=
        LintNumbers.slip(ratio).map { "; \(LintNumbers.words($0))" } ?? "; the two are swapped"
    } else if ratio < least {
      let slip = LintNumbers.slip(ratio)
      message +=
        slip.map { "; \(LintNumbers.words($0))" }
        ?? "; a dead time of \(LintNumbers.percent(1 - ratio)): count rate too high"
    }
    return LintCheck(holds, ratio, limit: ratio > 1 ? most : least, table, at: place, message)
  }
}
