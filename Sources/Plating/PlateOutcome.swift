internal import FilmElasticity
internal import Materials
public import Tables
internal import Units

/// What a plating simulation gives: results, tables, figures, diagnostics and the trace.
public struct PlateOutcome: Sendable {
  /// A table and the path under which it is written, relative to the output folder.
  public struct NamedTable: Sendable {
    /// The path, such as `series/case-history.csv`.
    public var name: String
    /// The table.
    public var table: Table
  }

  /// `parameters` and `cases[]`.
  public var result: ResultValue
  /// `cases`, `delaminated`, and the orders of the labels.
  public var summary: ResultValue
  /// What the user must or may know.
  public var diagnostics: [Diagnostic]
  /// Interface and history of every case.
  public var tables: [NamedTable]
  /// Morphology, stress along the interface, and the history.
  public var figures: [Figure]
  /// The steps behind every number.
  public var trace: TraceGraph
}

/// Runs every case of a configuration, one after the other; the same configuration gives the same bits.
///
/// - Parameter tracePrefix: what the ids of the trace start with, so that graphs can be joined.
public func runPlate(_ configuration: PlateConfiguration, tracePrefix: String) -> PlateOutcome {
  var trace = PlateTrace(configuration, prefix: tracePrefix)
  var diagnostics = DiagnosticList()
  diagnostics.add(contentsOf: configuration.diagnostics)
  let runs = configuration.cases.map(CaseRun.init)
  var cases: [ResultValue] = []
  for run in runs {
    cases.append(.object(caseResult(run, trace: trace.add(run))))
    checkModel(run, into: &diagnostics)
  }
  let names = fileNames(for: runs.map(\.plateCase.label))
  var tables: [PlateOutcome.NamedTable] = []
  for (run, name) in zip(runs, names) {
    tables.append(.init(name: "series/\(name)-interface.csv", table: interfaceTable(run)))
    tables.append(.init(name: "series/\(name)-history.csv", table: historyTable(run)))
  }
  return PlateOutcome(
    result: .fields([
      "parameters": .object(configuration.parameters), "cases": .list(cases),
    ]),
    summary: summary(of: runs), diagnostics: diagnostics.all, tables: tables,
    figures: plateFigures(runs), trace: trace.graph)
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

/// File names for labels: letters, digits, dots and dashes; a repeated one gets a number.
func fileNames(for labels: [String]) -> [String] {
  var used: Set<String> = []
  return labels.map { label in
    var slug = ""
    for scalar in label.unicodeScalars {
      let keep = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      if keep || scalar == "." {
        slug.unicodeScalars.append(scalar)
      } else if !slug.isEmpty && !slug.hasSuffix("-") {
        slug.append("-")
      }
    }
    while slug.hasSuffix("-") || slug.hasSuffix(".") { slug.removeLast() }
    while slug.hasPrefix(".") { slug.removeFirst() }
    if slug.isEmpty { slug = "case" }
    var name = slug
    var n = 2
    while !used.insert(name.lowercased()).inserted {
      name = "\(slug)-\(n)"
      n += 1
    }
    return name
  }
}
