internal import Tables
internal import Units

/// The figures of one test.
struct CyclingFigures {
  let records: CyclingRecords
  let a: CyclingAnalysis
  let stem: String

  init(_ records: CyclingRecords, _ analysis: CyclingAnalysis, file: String) {
    self.records = records
    a = analysis
    let base = file.split(separator: "/").last.map(String.init) ?? file
    // The extension stays: a log and its text export may lie side by side.
    stem = base
  }

  /// Trace, first and last cycles, overpotential, efficiencies, dQ/dV: those that there are numbers for.
  func all() -> [Figure] {
    guard records.count > 1 else { return [] }
    return [trace(), firstAndLast(), overpotential(), efficiency(), differential()]
      .compactMap { $0 }
  }

  /// Columns of the decimated trace; each keeps its first, lowest, highest and last record.
  private static let columns = 1500

  /// A span of records in hours from `origin` and millivolts or volts, every extreme kept.
  private func decimated(
    _ range: ClosedRange<Int>, origin: Double, scale: Double
  ) -> (x: [Double], y: [Double]) {
    let time = records.time
    let voltage = records.voltage
    let n = range.count
    let width = max(1, (n + Self.columns - 1) / Self.columns)
    var x: [Double] = []
    var y: [Double] = []
    func add(_ i: Int) {
      x.append((time[i] - origin) / 3600)
      y.append(voltage[i] * scale)
    }
    var start = range.lowerBound
    while start <= range.upperBound {
      let end = min(start + width - 1, range.upperBound)
      var low = start
      var high = start
      for i in start...end {
        if voltage[i] < voltage[low] { low = i }
        if voltage[i] > voltage[high] { high = i }
      }
      var last = -1
      for i in [start, min(low, high), max(low, high), end] where i > last {
        add(i)
        last = i
      }
      start = end + 1
    }
    return (x, y)
  }

  /// Millivolts for cells below 2 V, volts for others.
  private var unit: (name: String, scale: Double) {
    var high = 0.0
    for v in records.voltage { high = max(high, abs(v)) }
    return high < 2 ? ("mV", 1e3) : ("V", 1)
  }

  private func trace() -> Figure {
    let (name, scale) = unit
    let (x, y) = decimated(0...(records.count - 1), origin: 0, scale: scale)
    let marks = a.events.prefix(12).map { event in
      Figure.Mark(
        x: event.time / 3600, y: records.voltage[event.record] * scale,
        label: Self.words(event.kind))
    }
    var caption = "Cell voltage over time, \(records.count) records; every extreme is drawn"
    if let life = a.lifetime {
      caption +=
        "; lifetime \(CyclingText.short(life.time / 3600)) h"
        + (life.isCensored ? ", no failure by then" : "")
    }
    return Figure(
      id: "\(stem)-trace", title: "\(stem): voltage over time", caption: caption + ".",
      xAxis: .init("time", unit: "h"), yAxis: .init("cell voltage", unit: name),
      series: [.init("voltage", .line, x: x, y: y)], marks: Array(marks))
  }

  static func words(_ kind: CellEvent.Kind) -> String {
    switch kind {
    case .hardShort: "hard short"
    case .softShort: "soft short"
    case .voltageDrop: "drop"
    case .polarisation: "polarisation"
    }
  }

  private func firstAndLast() -> Figure? {
    guard let first = a.cycles.first, let last = a.cycles.last, a.cycles.count > 1 else {
      return nil
    }
    let (name, scale) = unit
    var series: [Figure.Series] = []
    for (cycle, number) in [(first, 1), (last, a.cycles.count)] {
      let range = a.halves[cycle.first].first...a.halves[cycle.second].last
      let (x, y) = decimated(range, origin: records.time[range.lowerBound], scale: scale)
      series.append(.init("cycle \(number)", .line, x: x, y: y))
    }
    return Figure(
      id: "\(stem)-first-last", title: "\(stem): first and last cycle",
      caption: "Cell voltage over the time since the start of the cycle.",
      xAxis: .init("time in the cycle", unit: "h"), yAxis: .init("cell voltage", unit: name),
      series: series)
  }

  private func overpotential() -> Figure? {
    guard a.cycles.count > 1 else { return nil }
    let x = a.cycles.indices.map { Double($0 + 1) }
    let mean = a.cycles.map { $0.mean * 1e3 }
    var series: [Figure.Series] = []
    if a.cycles.allSatisfy({ $0.meanU != nil }) {
      let u = a.cycles.map { ($0.meanU ?? 0) * 1e3 }
      series.append(
        .init(
          "mean", .band, x: x, y: zip(mean, u).map { $0 - $1 }, u: zip(mean, u).map { $0 + $1 }))
    }
    series.append(.init("mean", .line, x: x, y: mean))
    series.append(.init("plateau", .dashed, x: x, y: a.cycles.map { $0.plateau * 1e3 }))
    let marks = a.events.prefix(12).compactMap { event -> Figure.Mark? in
      let cycle = a.cycles.lastIndex { $0.first <= event.half } ?? 0
      guard a.cycles.indices.contains(cycle) else { return nil }
      return Figure.Mark(
        x: Double(cycle + 1), y: mean[cycle], label: Self.words(event.kind))
    }
    let whose = a.options.perElectrode ? "of one electrode" : "of the cell"
    return Figure(
      id: "\(stem)-overpotential", title: "\(stem): overpotential",
      caption: "Overpotential \(whose) by cycle: mean with its standard uncertainty, and plateau.",
      xAxis: .init("cycle", unit: "1"), yAxis: .init("overpotential", unit: "mV"), series: series,
      marks: Array(marks))
  }

  private func efficiency() -> Figure? {
    guard let formula = a.efficiencyFormula, a.cycles.count > 1 else { return nil }
    let x = a.cycles.indices.map { Double($0 + 1) }
    func percent(_ value: (CellCycle) -> Double?) -> [Double] {
      a.cycles.map { value($0).map { $0 * 100 } ?? .nan }
    }
    return Figure(
      id: "\(stem)-efficiency", title: "\(stem): efficiency and retention",
      caption: "Coulombic efficiency (\(formula)), and capacity over that of cycle "
        + "\(a.options.retentionReference).",
      xAxis: .init("cycle", unit: "1"), yAxis: .init("efficiency, retention", unit: "%"),
      series: [
        .init("Coulombic efficiency", .points, x: x, y: percent { $0.coulombicEfficiency }),
        .init("retention", .points, x: x, y: percent { $0.retention }),
      ])
  }

  private func differential() -> Figure? {
    guard let first = a.differential.first, let last = a.differential.last else { return nil }
    let chosen =
      a.differential.count <= 4
      ? a.differential
      : Array(a.differential.prefix(2)) + Array(a.differential.suffix(2))
    let marks = (first.half == last.half ? [first] : [first, last]).flatMap { curve in
      curve.peaks.prefix(6).map {
        Figure.Mark(
          x: $0.voltage, y: $0.height / 3.6, label: "\(CyclingText.short($0.voltage)) V")
      }
    }
    return Figure(
      id: "\(stem)-dqdv", title: "\(stem): differential capacity",
      caption: "|dQ/dV| of the first and the last half cycles, with the peaks of the outer two.",
      xAxis: .init("cell voltage", unit: "V"),
      yAxis: .init("differential capacity", unit: "mA.h/V"),
      series: chosen.map {
        .init("half cycle \($0.half + 1)", .line, x: $0.voltage, y: $0.value.map { $0 / 3.6 })
      }, marks: marks)
  }
}
