public import Tables
internal import Units

/// What a batch of tests says together: one line a cell, and how long they lived.
public struct CyclingSummary: Sendable {
  /// `{"analyzed", "failed", "cells", "lifetime"}` of the contract.
  public var summary: ResultObject
  /// The survival of the batch; none below two lifetimes.
  public var figures: [Figure]
}

/// Summarises the tests of a batch.
///
/// - Parameters:
///   - tests: the analyses in the order of their files, with the paths to print.
///   - failed: how many files could not be analyzed.
public func summarizeCycling(
  _ tests: [(file: String, analysis: CyclingFileAnalysis)], failed: Int
) -> CyclingSummary {
  var summary = ResultObject()
  summary["analyzed"] = .integer(tests.count)
  summary["failed"] = .integer(failed)
  summary["cells"] = cells(tests)
  let lives = tests.compactMap { $0.analysis.analysis.lifetime }
  let curve = SurvivalCurve(lives.map { ($0.time / 3600, $0.isCensored) })
  var lifetime = ResultObject()
  lifetime["n"] = .integer(lives.count)
  lifetime["failed"] = .integer(lives.count { !$0.isCensored })
  lifetime["censored"] = .integer(lives.count { $0.isCensored })
  lifetime["median"] = curve.median.map { .quantity(CyclingUnit.quantity($0, "h")) } ?? .null
  lifetime["survival"] = ResultTable.value(
    [
      ResultColumn("time", "h", curve.times), ResultColumn("at_risk", integers: curve.atRisk),
      ResultColumn("surviving", "1", curve.surviving),
    ], trace: nil)
  summary["lifetime"] = .object(lifetime)
  return CyclingSummary(
    summary: summary, figures: lives.count > 1 ? [survival(curve, lives)] : [])
}

/// The table of cells: columns of one kind each, null where a cell has no value.
private func cells(_ tests: [(file: String, analysis: CyclingFileAnalysis)]) -> ResultValue {
  func column(
    _ name: String, _ unit: String?, _ value: (CyclingFileAnalysis) -> ResultValue
  ) -> ResultValue {
    var fields = ResultObject()
    fields["name"] = .text(name)
    fields["unit"] = .text(unit ?? "")
    fields["values"] = .list(tests.map { value($0.analysis) })
    return .object(fields)
  }
  func number(_ key: String) -> (CyclingFileAnalysis) -> ResultValue {
    { $0.result[key]?.quantity?.value.map { .number($0) } ?? .null }
  }
  var file = ResultObject()
  file["name"] = .text("file")
  file["unit"] = .text("")
  file["values"] = .list(tests.map { .text($0.file) })
  let columns: [ResultValue] = [
    .object(file), column("cell_type", nil) { $0.result["cell_type"] ?? .null },
    column("overpotential_initial", "mV", number("overpotential_initial")),
    column("overpotential_reference", "mV", number("overpotential_reference")),
    column("overpotential_final", "mV", number("overpotential_final")),
    column("lifetime", "h") { $0.result["lifetime"]?["value"] ?? .null },
    column("censored", nil) { $0.result["lifetime"]?["censored"] ?? .null },
    column("ended_by", nil) { $0.result["lifetime"]?["ended_by"] ?? .null },
    column("coulombic_efficiency_mean", "%", number("coulombic_efficiency_mean")),
  ]
  return .fields(["rows": .integer(tests.count), "columns": .list(columns)])
}

/// Survival as a step curve with the censored cells marked.
private func survival(_ curve: SurvivalCurve, _ lives: [CellLifetime]) -> Figure {
  var x = [0.0]
  var y = [1.0]
  for (time, surviving) in zip(curve.times, curve.surviving) {
    x += [time, time]
    y += [y.last ?? 1, surviving]
  }
  let end = lives.map { $0.time / 3600 }.max() ?? 0
  x.append(end)
  y.append(y.last ?? 1)
  let censored = lives.filter { $0.isCensored }.map { $0.time / 3600 }.sorted()
  let height = censored.map { time in
    curve.times.lastIndex { $0 <= time }.map { curve.surviving[$0] } ?? 1
  }
  var series = [Figure.Series("surviving", .line, x: x, y: y)]
  if !censored.isEmpty {
    series.append(.init("test ended alive", .points, x: censored, y: height))
  }
  return Figure(
    id: "survival", title: "Survival of the cells",
    caption: "Kaplan–Meier estimate over \(lives.count) cells; "
      + (curve.median.map { "median \(CyclingText.short($0)) h." }
        ?? "more than half of them survive."),
    xAxis: .init("time under test", unit: "h"), yAxis: .init("part surviving", unit: "1"),
    series: series)
}
