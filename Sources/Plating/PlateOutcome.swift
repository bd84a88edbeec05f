internal import Materials
public import Simulation
internal import Tables

/// Runs every case of a configuration, one after the other; the same configuration gives the same bits.
///
/// - Parameter tracePrefix: what the ids of the trace start with, so that graphs can be joined.
public func runPlate(_ configuration: PlateConfiguration, tracePrefix: String) -> SimulationOutcome
{
  var trace = SimulationTrace(configuration, prefix: tracePrefix)
  var diagnostics = DiagnosticList()
  diagnostics.add(contentsOf: configuration.diagnostics)
  let runs = configuration.cases.map { CaseRun($0) }
  var cases: [ResultValue] = []
  for run in runs {
    cases.append(.object(caseResult(run, trace: trace.add(run))))
    checkModel(run, into: &diagnostics)
  }
  let names = fileNames(for: runs.map(\.plateCase.label))
  var tables: [SimulationOutcome.NamedTable] = []
  for (run, name) in zip(runs, names) {
    tables.append(.init(name: "series/\(name)-interface.csv", table: interfaceTable(run)))
    tables.append(.init(name: "series/\(name)-history.csv", table: historyTable(run)))
    if let contour = contourTable(run) {
      tables.append(.init(name: "series/\(name)-contour.csv", table: contour))
    }
  }
  return SimulationOutcome(
    result: .fields([
      "parameters": .object(configuration.parameters), "cases": .list(cases),
    ]),
    summary: summary(of: runs), diagnostics: diagnostics.all, tables: tables,
    grids: zip(runs, names).map { fieldGrid($0, name: $1) }, figures: plateFigures(runs),
    trace: trace.graph)
}

/// The orders of the labels: smoothest first, and least stressed tip first.
private func summary(of runs: [CaseRun]) -> ResultValue {
  func labels(by value: (CaseRun) -> Double) -> ResultValue {
    let order = runs.indices.sorted {
      let (a, b) = (value(runs[$0]), value(runs[$1]))
      return a == b ? $0 < $1 : a < b
    }
    return .list(order.map { .text(runs[$0].plateCase.label) })
  }
  return .fields([
    "cases": .integer(runs.count),
    "delaminated": .integer(0),
    "order_pv_ratio": labels { $0.numbers.pvRatio },
    "order_tip_stress_final": labels { $0.numbers.tipFinal.magnitude },
  ])
}
