import Bytes
import Cycling
import FormatRegistry
import Tables
import TestSupport
import Testing
import Units

/// Every case of `cycling/analysis.truth.json`: real files against the counters of their vendors and a
/// plain implementation in numpy, analytic ones against their closed form.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct CyclingCorpusTests {
  /// Whether the format of a file is one that this version reads.
  private func outcome(
    _ file: String, args: [String]
  ) throws -> (status: Set<String>, result: ResultValue?, diagnostics: [Diagnostic], read: Bool) {
    var options = CyclingOptions()
    var i = 0
    while i < args.count {
      let name = String(args[i].dropFirst(2))
      try options.setOption(name: name, text: args[i + 1])
      i += 2
    }
    let reading = InputReader().read(path: Corpus.path("cycling/" + file))
    guard case .success(let dataset) = reading.outcome else {
      let isClaimed = reading.format != nil && reading.format != FormatRegistry.fallback
      return (["error"], nil, reading.diagnostics, isClaimed)
    }
    do throws(ReadFailure) {
      let analysis = try analyzeCycling(
        dataset, input: reading.identity, options: options, tracePrefix: "t")
      let all = reading.diagnostics + analysis.diagnostics
      let status = all.contains { $0.severity == .warning } ? "warning" : "ok"
      return ([status], analysis.result, all, true)
    } catch {
      return (["error"], nil, [error.diagnostic], true)
    }
  }

  @Test func everyCase() throws {
    let truth = try Truth.of(Corpus.path("cycling/analysis"))
    var checked = 0
    for entry in truth["cases"]?.elements ?? [] {
      let files = (entry["files"]?.elements ?? []).compactMap { $0.text }
      let args = (entry["args"]?.elements ?? []).compactMap { $0.text }
      guard let file = files.first, files.count == 1 else { continue }
      let what = "\(file) \(args.joined(separator: " "))"
      let found = try outcome(file, args: args)
      guard found.read else { continue }
      for check in entry["checks"]?.elements ?? [] {
        checked += 1
        compare(check, found.status, found.result, found.diagnostics, what)
      }
    }
    #expect(checked > 60)
  }

  private func compare(
    _ check: ResultValue, _ status: Set<String>, _ result: ResultValue?,
    _ diagnostics: [Diagnostic], _ what: String
  ) {
    if let wanted = check["status"]?.elements {
      #expect(!status.isDisjoint(with: wanted.compactMap { $0.text }), "\(what): \(status)")
      return
    }
    if check["no_result"] != nil {
      #expect(result == nil, "\(what): a result")
      return
    }
    if let words = check["diagnostic"]?.text {
      let patterns = words.split(separator: "|").map(String.init)
      let all = diagnostics.map { $0.message.lowercased() }
      #expect(
        all.contains { message in patterns.contains { message.contains($0) } },
        "\(what): no diagnostic of \(words)")
      return
    }
    guard let result else {
      Issue.record("\(what): no result: \(diagnostics.map { $0.message })")
      return
    }
    if let key = check["text"]?.text {
      #expect(result[key]?.text == check["value"]?.text, "\(what): \(key)")
    } else if let key = check["null"]?.text {
      #expect(result[key] == .null, "\(what): \(key)")
    } else if let key = check["quantity"]?.text {
      near(result[key]?.quantity?.value, check, "\(what): \(key)")
      #expect(result[key]?.quantity?.unit.ucum == check["unit"]?.text, "\(what): unit of \(key)")
    } else if let key = check["events"]?.text {
      compareEvents(key, check, result, what)
    } else if check["lifetime"] != nil {
      near(
        result["lifetime"]?["value"]?.finiteNumber, check, "\(what): lifetime",
        wanted: check["lifetime"]?.finiteNumber)
      #expect(result["lifetime"]?["censored"] == check["censored"], "\(what): censored")
      #expect(
        result["lifetime"]?["ended_by"]?.text == check["ended_by"]?.text, "\(what): ended_by")
    } else if let censored = check["lifetime_censored"] {
      #expect(result["lifetime"]?["censored"] == censored, "\(what): censored")
    } else if let name = check["table"]?.text {
      compareTable(name, check, result, what)
    } else {
      Issue.record("\(what): a check of an unknown kind")
    }
  }

  private func near(
    _ found: Double?, _ check: ResultValue, _ what: String, wanted: Double? = nil
  ) {
    let value = wanted ?? check["value"]?.finiteNumber ?? .nan
    let tolerance = check["tolerance"]?.finiteNumber ?? 0
    #expect(abs((found ?? .infinity) - value) <= tolerance, "\(what): \(found ?? .nan), \(value)")
  }

  private func compareEvents(
    _ kind: String, _ check: ResultValue, _ result: ResultValue, _ what: String
  ) {
    let events = (result["events"]?.elements ?? []).filter { $0["kind"]?.text == kind }
    #expect(
      Double(events.count) == check["count"]?.finiteNumber, "\(what): \(events.count) \(kind)")
    for key in [
      "time", "voltage_before", "voltage_after", "residual_resistance", "drop", "recovered_at",
    ] {
      guard let range = check[key]?.elements, let event = events.first,
        let low = range.first?.finiteNumber, let high = range.last?.finiteNumber
      else { continue }
      let value = event[key]?.quantity?.value ?? .nan
      #expect(value >= low && value <= high, "\(what): \(kind).\(key) is \(value)")
    }
  }

  private func compareTable(
    _ name: String, _ check: ResultValue, _ result: ResultValue, _ what: String
  ) {
    let table = result[name]
    if let rows = check["rows"]?.finiteNumber {
      #expect(table?["rows"]?.finiteNumber == rows, "\(what): rows of \(name)")
      return
    }
    let key = check["column"]?.text ?? ""
    let column = table?["columns"]?.elements.first { $0["name"]?.text == key }
    #expect(column?["unit"]?.text == check["unit"]?.text, "\(what): unit of \(key)")
    let index = Int(check["index"]?.finiteNumber ?? -1)
    near(column?["values"]?[index]?.finiteNumber, check, "\(what): \(name).\(key)[\(index)]")
  }
}
