internal import Bytes
internal import Tables

/// One column of a log that is read in pieces: its clock times or spans on their way to seconds.
///
/// What all cells decide in a table that is read at once is assumed here from the first piece; at the
/// end ``verdict`` says what all of them decide. Where that is something else, the rows are read again.
struct CyclerClock {
  /// What the cells of a column are.
  enum Verdict: Equatable {
    /// As they stand: words, or numbers that need no more.
    case plain
    /// Clock times.
    case stamps(ClockStamp.Order)
    /// Spans of time.
    case spans
  }

  private let order: ClockStamp.Order
  private let isGiven: Bool
  private var assumed: Verdict?
  private var cells = 0
  private var bad = 0
  private var evidence: (order: ClockStamp.Order, isSure: Bool) = (.monthFirst, false)
  private var isZoned = true
  private var last: (text: String, value: Double)?
  private var sample: [String] = []
  private var scale: CyclerTimes.StampScale?
  private var hasFirst = false
  private var isText = false
  private var isStamped = false

  /// A column of which nothing was read; `order` is that of day and month where nothing tells.
  init(order: ClockStamp.Order, isGiven: Bool, assumed: Verdict? = nil) {
    self.order = order
    self.isGiven = isGiven
    self.assumed = assumed
  }

  /// The cells of the next piece, in seconds where they are times.
  mutating func add(_ column: Column) -> Column {
    switch column.values {
    case .text(let cells):
      isText = true
      isStamped = column.name == "unix_time"
      return isStamped ? stamps(column, cells) : spans(column, cells)
    case .real, .integer: return column.name == "unix_time" ? numbers(column) : column
    default: return column
    }
  }

  private mutating func stamps(_ column: Column, _ texts: [String]) -> Column {
    cells += texts.count
    if !evidence.isSure { evidence = ClockStamp.evidence(of: texts) }
    let known: Verdict = assumed ?? .stamps(evidence.isSure ? evidence.order : order)
    let chosen: ClockStamp.Order
    if case .stamps(let order) = known { chosen = order } else { chosen = evidence.order }
    var seconds: [Double] = []
    seconds.reserveCapacity(texts.count)
    for text in texts {
      if let last, last.text == text {
        seconds.append(last.value)
        continue
      }
      let stamp = ClockStamp(text, order: chosen)
      if let stamp, !stamp.hasZone { isZoned = false }
      let value = stamp?.seconds ?? .nan
      if stamp == nil { bad += 1 }
      seconds.append(value)
      last = (text, value)
    }
    if assumed == nil { assumed = bad * 2 < cells ? known : .plain }
    if assumed == .plain {
      var column = column
      column.name = "clock"
      return column
    }
    return CyclerTimes.replaced(column, seconds, step: "clock time → s since 1970-01-01")
  }

  private mutating func spans(_ column: Column, _ texts: [String]) -> Column {
    cells += texts.count
    if sample.count < CyclerTimes.spanSample {
      let more = texts.lazy.filter { !$0.isEmpty }.prefix(CyclerTimes.spanSample - sample.count)
      sample.append(contentsOf: more)
    }
    let areSpans = CyclerTimes.areSpans(sample)
    if assumed == nil, !sample.isEmpty { assumed = areSpans ? .spans : .plain }
    // Words that are none cost nothing; those that could be are counted.
    guard assumed == .spans || areSpans else { return column }
    var seconds: [Double] = []
    seconds.reserveCapacity(texts.count)
    for text in texts {
      let span = CyclerDuration(text)
      if span == nil, !text.isEmpty { bad += 1 }
      seconds.append(span?.seconds ?? .nan)
    }
    guard assumed == .spans else { return column }
    return CyclerTimes.replaced(column, seconds, step: "hh:mm:ss → s")
  }

  private mutating func numbers(_ column: Column) -> Column {
    guard case .absent = column.unit, let values = column.real else { return column }
    if !hasFirst, let first = values.first(where: { $0.isFinite }) {
      hasFirst = true
      scale = CyclerTimes.StampScale(first: first)
    }
    return scale?.applied(to: column, values) ?? column
  }

  /// What was assumed, and what all cells decide.
  var verdict: (assumed: Verdict, found: Verdict) {
    let known = assumed ?? .plain
    guard isText else { return (known, known) }
    guard bad * 2 < cells else { return (known, .plain) }
    if isStamped { return (known, .stamps(evidence.isSure ? evidence.order : order)) }
    return (known, CyclerTimes.areSpans(sample) ? .spans : .plain)
  }

  /// Says what there is to say of the column, `column` giving its label.
  func report(_ column: Column, into diagnostics: inout DiagnosticList) {
    switch assumed {
    case .stamps(let chosen)? where isText:
      CyclerTimes.reportStamps(
        column, bad, evidence, isGiven, isZoned, chosen, &diagnostics)
    case .spans?: CyclerTimes.reportSpans(column, bad, &diagnostics)
    default: scale?.report(column, &diagnostics)
    }
  }
}
