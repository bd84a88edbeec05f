/// A run of records under current of one sign.
struct LoadRun: Sendable {
  /// +1 or −1.
  var sign: Double
  /// The first and the last record, positions in the arrays.
  var first: Int, last: Int
  /// The first record that is used: after those that still show the voltage of the other sign.
  var used: Int
}

/// Where a log is under load: threshold and runs.
struct LoadRuns: Sendable {
  /// The current below which a record rests, A.
  var restCurrent: Double
  /// The runs in time order; too short ones left out.
  var runs: [LoadRun] = []

  init(_ records: CyclingRecords, options: CyclingOptions) {
    let current = records.current
    let n = records.count
    var selector = MedianSelector()
    // A percentile of a long log from every k-th record: the threshold is a fiftieth of it.
    let stride = max(1, n / 200_000)
    var i = 0
    while i < n {
      selector.add(abs(current[i]))
      i += stride
    }
    restCurrent = max(options.restFraction * (selector.quantile(0.95) ?? 0), options.restCurrent)
    find(records)
  }

  private mutating func find(_ records: CyclingRecords) {
    let n = records.count
    let current = records.current
    let limit = restCurrent
    var breaks = records.breaks.makeIterator()
    var nextBreak = breaks.next() ?? n
    var start = 0
    var state = 0.0
    for i in 0..<n {
      let x = current[i]
      let s = x > limit ? 1.0 : x < -limit ? -1.0 : 0
      let broken = i == nextBreak
      if broken { nextBreak = breaks.next() ?? n }
      if s != state || broken {
        close(state, start, i - 1, records)
        state = s
        start = i
      }
    }
    close(state, start, n - 1, records)
  }

  private mutating func close(
    _ sign: Double, _ first: Int, _ last: Int, _ records: CyclingRecords
  ) {
    guard sign != 0, last >= first else { return }
    let count = last - first + 1
    if count < 3, records.time[last] - records.time[first] < 1 { return }
    var used = first
    let voltage = records.voltage
    if sign * voltage[last] > 0 {
      let most = min(count - 1, max(2, count / 100))
      while used < first + most, sign * voltage[used] < 0 { used += 1 }
    }
    runs.append(LoadRun(sign: sign, first: first, last: last, used: used))
  }
}
