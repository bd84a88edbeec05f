internal import Bytes
internal import Reading
internal import Tables
internal import Units

/// The columns of a log that is read in pieces, as ``CyclerTable`` makes them of all rows at once.
struct CyclerStream {
  private let plan: [TextColumn]
  private let order: ClockStamp.Order
  private let isGiven: Bool
  private let line: Int

  /// What is assumed of columns and of the unit of elapsed times.
  private var verdicts: [CyclerClock.Verdict?]
  private var unit: WallClock.Unit?
  private var isUnitKnown = false

  private var clocks: [CyclerClock] = []
  private var folds: [ColumnFold] = []
  private var ratio = WallClock.Ratio()
  private var checks = CyclerChecks()
  /// The columns of the last piece before and after elapsed times got their unit; only their heads count.
  private var unsettled: [Column] = []
  private var columns: [Column] = []

  init(_ plan: [TextColumn], order: ClockStamp.Order, isGiven: Bool, line: Int) {
    self.plan = plan
    self.order = order
    self.isGiven = isGiven
    self.line = line
    verdicts = Array(repeating: nil, count: plan.count)
    startOver()
  }

  /// Forgets the rows, not what was learned of them.
  private mutating func startOver() {
    let (order, isGiven) = (order, isGiven)
    clocks = verdicts.map { CyclerClock(order: order, isGiven: isGiven, assumed: $0) }
    folds = Array(repeating: ColumnFold(), count: plan.count)
    ratio = WallClock.Ratio()
    checks = CyclerChecks()
  }

  /// Reads all rows; the columns hold summaries.
  ///
  /// Nil where the stream is refused.
  mutating func read(_ table: inout StreamedTable) throws(ReadFailure) -> [Column]? {
    while true {
      switch try table.next() {
      case .rows(let rows, _): add(rows)
      case .startOver:
        verdicts = Array(repeating: nil, count: plan.count)
        isUnitKnown = false
        startOver()
      case .end:
        if isSettled() { return table.columns(columns, folds) }
        table.startOver()
        startOver()
      }
    }
  }

  private mutating func add(_ rows: NumericTable) {
    var columns = rows.columns(plan)
    for i in columns.indices { columns[i] = clocks[i].add(columns[i]) }
    unsettled = columns
    settle(&columns)
    checks.add(columns)
    for i in columns.indices { folds[i].add(columns[i]) }
    self.columns = columns
  }

  private mutating func settle(_ columns: inout [Column]) {
    guard let main = columns.firstIndex(where: { $0.name == "test_time" }),
      let times = columns[main].real
    else { return }
    let stamps = columns.first { $0.name == "unix_time" && $0.unit.ucum == "s" }?.real ?? []
    ratio.add(times, stamps)
    guard case .absent = columns[main].unit else { return }
    if !isUnitKnown {
      isUnitKnown = true
      unit = WallClock.unit(ratio: ratio.value)
    }
    if let unit { CyclerTimes.apply(unit, to: &columns) }
  }

  /// Whether all rows decide what was assumed; else takes over what they decide.
  private mutating func isSettled() -> Bool {
    var isSettled = true
    for i in clocks.indices {
      let (assumed, found) = clocks[i].verdict
      verdicts[i] = found
      if assumed != found { isSettled = false }
    }
    if isUnitKnown {
      let found = WallClock.unit(ratio: ratio.value)
      if found != unit { isSettled = false }
      unit = found
    }
    return isSettled
  }

  /// Says what there is to say of times, in the order of a table that is read at once.
  func reportTimes(into diagnostics: inout DiagnosticList) {
    for (clock, column) in zip(clocks, unsettled) { clock.report(column, into: &diagnostics) }
    guard let main = unsettled.firstIndex(where: { $0.name == "test_time" }),
      unsettled[main].isNumeric
    else { return }
    if unsettled[main].unit.ucum == "s" {
      CyclerTimes.reportContradiction(
        unsettled[main], WallClock.contradiction(ratio: ratio.value), line, &diagnostics)
    } else if case .absent = unsettled[main].unit {
      CyclerTimes.reportUnit(unsettled, main, unit, line, &diagnostics)
    }
  }

  /// Says what the checks found.
  func reportChecks(into diagnostics: inout DiagnosticList, place: (Int) -> Place) {
    checks.report(columns, into: &diagnostics, place: place)
  }
}
