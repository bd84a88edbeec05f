internal import Bytes
internal import Tables

extension NewareMember {
  /// The main records: everything up to version 5, voltage and current alone from version 8 on.
  func main(into diagnostics: inout DiagnosticList) throws(ReadFailure) -> NewareSeries {
    try checkVersion(into: &diagnostics)
    var series: NewareSeries
    if let layout = NewareRowLayout.ndc(version) {
      let records = try records(
        size: layout.size, index: layout.index?.at ?? 0, into: &diagnostics)
      series = NewareSeries(records, layout, fixedRange: 0)
      series.sort(into: &diagnostics)
    } else if version == 6 {
      series = try version6(&diagnostics)
    } else {
      let records = try records(size: 8, into: &diagnostics)
      series = NewareSeries()
      series.index = records.slots(plus: 1)
      series.voltage = records.reals(.float32, at: 0, over: isMilli ? 1e4 : 1)
      series.current = records.reals(.float32, at: 4, over: isMilli ? 1e3 : 1)
    }
    series.origin = origin("little-endian")
    series.checkGaps(into: &diagnostics)
    return series
  }

  /// Version 6: one record holds times, values and charges.
  private func version6(
    _ diagnostics: inout DiagnosticList
  ) throws(ReadFailure) -> NewareSeries {
    let records = try records(size: 38, into: &diagnostics)
    var series = NewareSeries()
    series.index = records.slots(plus: 1)
    series.stepTime = records.reals(.uint32, at: 0, over: 1e3)
    series.voltage = records.reals(.float32, at: 5)
    series.current = records.reals(.float32, at: 9)
    series.chargeIn = records.reals(.float32, at: 13)
    series.chargeOut = records.reals(.float32, at: 17)
    series.energyIn = records.reals(.float32, at: 21)
    series.energyOut = records.reals(.float32, at: 25)
    series.unixTime = records.reals(.uint32, at: 30)
    series.stepCount = NewareSeries.changes([records.integers(.uint32, at: 34)])
    series.testTime = NewareSeries.elapsed(series.stepTime, series.stepCount)
    return series
  }

  /// The steps of the test in their order: cycle (from 1), step of the program, kind.
  struct Steps {
    var cycle: [Int64] = []
    var step: [Int64] = []
    var type: [Int64] = []
  }

  /// The records of a `data_step.ndc`.
  func steps(into diagnostics: inout DiagnosticList) throws(ReadFailure) -> Steps {
    let records = try records(size: version < 16 ? 37 : 100, into: &diagnostics)
    return Steps(
      cycle: records.integers(.uint32, at: 0).map { $0 + 1 },
      step: records.integers(.uint32, at: 4), type: records.integers(.uint8, at: 24))
  }

  /// Times and charges of some of the main records, which are named by their index.
  struct RunInfo {
    var index: [Int64] = []
    /// Time since the start of the step and time to the next main record, in ms.
    var stepTime: [Int64] = []
    var interval: [Int64] = []
    var unixTime: [Double] = []
    /// The running number of the step, from 1.
    var stepCount: [Int64] = []
    /// In Ah and Wh, without sign.
    var chargeIn: [Double] = []
    var chargeOut: [Double] = []
    var energyIn: [Double] = []
    var energyOut: [Double] = []
  }

  /// The records of a `data_runInfo.ndc`, sorted by index, the first of repeated ones.
  func runInfo(into diagnostics: inout DiagnosticList) throws(ReadFailure) -> RunInfo {
    let size =
      switch version {
      case 8: 42
      case 9: 45
      case 11, 12: 47
      case ..<16: 55
      default: 100
      }
    // Versions 8 and 9 have no milliseconds; version 8 has three bytes less before the interval.
    let shift = version == 8 ? -3 : 0
    let records = try records(size: size, into: &diagnostics)
    var info = RunInfo()
    info.index = records.integers(.uint32, at: 41 + shift)
    info.stepTime = records.integers(.uint32, at: 0)
    info.interval = records.integers(.int32, at: 29 + shift)
    info.unixTime = records.reals(.uint32, at: 33 + shift)
    if version > 9 {
      for (row, ms) in records.reals(.uint16, at: 45).enumerated() {
        info.unixTime[row] = (info.unixTime[row] * 1000 + ms) / 1000
      }
    }
    info.stepCount = NewareSeries.changes([records.integers(.uint32, at: 37 + shift)])
    // mAs → Ah
    let divisor = isMilli ? 3.6e6 : 1
    func charge(_ at: Int) -> [Double] {
      records.reals(.float32, at: at, over: divisor).map { abs($0) }
    }
    info.chargeIn = charge(5)
    info.chargeOut = charge(9)
    info.energyIn = charge(13)
    info.energyOut = charge(17)
    info.sort()
    return info
  }
}

extension NewareMember.RunInfo {
  /// Sorts by index and keeps the first of repeated records.
  mutating func sort() {
    guard index.indices.dropFirst().contains(where: { index[$0] <= index[$0 - 1] }) else { return }
    var rows: [Int] = []
    for row in index.indices.sorted(by: { (index[$0], $0) < (index[$1], $1) })
    where rows.last.map({ index[$0] != index[row] }) ?? true { rows.append(row) }
    func pick<T>(_ values: [T]) -> [T] { rows.compactMap { $0 < values.count ? values[$0] : nil } }
    index = pick(index)
    stepTime = pick(stepTime)
    interval = pick(interval)
    unixTime = pick(unixTime)
    stepCount = pick(stepCount)
    chargeIn = pick(chargeIn)
    chargeOut = pick(chargeOut)
    energyIn = pick(energyIn)
    energyOut = pick(energyOut)
  }
}
