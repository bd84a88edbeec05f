import Cycling
import FormatRegistry
import Tables

/// Reads cycler logs and analyzes them, with results, trace and figures, each timed by itself.
func measureLogs(_ paths: [String], repeats: Int) {
  for path in paths {
    do {
      let name = path.split(separator: "/").last ?? ""
      let (reading, read) = best(of: repeats) { InputReader().read(path: path) }
      let dataset = try read.outcome.get()
      var options = CyclingOptions()
      options.cell = .symmetric
      let (analysis, found) = try best(of: repeats) {
        try analyzeCycling(dataset, input: read.identity, options: options, tracePrefix: "t")
      }
      let rows = dataset.tables.map(\.rows).max() ?? 0
      print("\(name) read\t\(reading)\t\(read.identity.bytes)\t\(rows)")
      print("\(name) analysis\t\(analysis)\t\(rows)\t\(found.analysis.halves.count)")
    } catch {
      print("\(path)\tfailed\t\(error)")
    }
  }
}
