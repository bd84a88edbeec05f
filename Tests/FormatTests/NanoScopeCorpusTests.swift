import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// Real NanoScope files against the corpus' truth (an own reading, checked against the trigger).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct NanoScopeCorpusTests {
  func read(_ file: String) throws -> (Dataset, ResultValue) {
    let path = Corpus.path("afm/bruker/" + file)
    let dataset = try NanoScopeFile.read(
      FileSource.open(path: path), name: file, options: ReadOptions())
    return (dataset, try Truth.of(path))
  }

  /// Statistics of a truth file; `stored` series run from the turning point outward.
  func compare(
    _ column: Column?, _ truth: ResultValue?, reversed: Bool, factor: Double = 1, _ what: String
  ) {
    guard let found = column?.statistics, let truth else {
      Issue.record("\(what): column or truth absent")
      return
    }
    func number(_ key: String) -> Double? { truth[key]?.finiteNumber.map { $0 * factor } }
    let scale = max(abs(number("max") ?? 0), abs(number("min") ?? 0))
    #expect(Double(found.count) == truth["n"]?.finiteNumber, "\(what)")
    for (key, value) in [
      (reversed ? "last" : "first", found.first), (reversed ? "first" : "last", found.last),
      ("min", found.min), ("max", found.max), ("mean", found.mean),
    ] {
      #expect(Truth.difference(value, number(key), scale: scale) < 1e-9, "\(what) \(key)")
    }
  }

  @Test(arguments: [
    ("Egel4_single_4byte.spm", "approach", "retract"),
    ("Egel2_FV_truncated.spm", "0/approach", "0/retract"),
  ])
  func readsCurves(_ file: String, _ approach: String, _ retract: String) throws {
    let (dataset, truth) = try read(file)
    let channel = try #require(truth["channels"]?.elements.first)
    let first = channel["first_curve_V"]
    let k = try #require(channel["k_N_per_m"]?.finiteNumber)
    let s = try #require(truth["DeflSens_nm_per_V"]?.finiteNumber) * 1e-9
    for (table, key, turned) in [
      (approach, "approach_stored", true), (retract, "retract_stored", false),
    ] {
      for (name, factor) in [("deflection_voltage", 1), ("deflection", s), ("force", s * k)] {
        let column = dataset[table]?[name]
        #expect(column?.label == channel["name"]?.text)
        compare(column, first?[key], reversed: turned, factor: factor, "\(file) \(table) \(name)")
      }
    }
    let readable = try #require(channel["curves_readable"]?.finiteNumber)
    let curves = dataset.tables.filter { $0.name.hasSuffix("approach") }
    #expect(Double(curves.count) == readable)
    // Peak less baseline, where the baseline is the median of the first fifth.
    let heights = curves.compactMap { $0["deflection_voltage"]?.real }.map { v in
      let head = v.prefix(v.count / 5).sorted()
      return (v.max() ?? 0) - (head[head.count / 2] + head[(head.count - 1) / 2]) / 2
    }
    let mean = heights.reduce(0, +) / Double(heights.count)
    let wanted = try #require(channel["own_peak_minus_baseline_V"]?["mean"]?.finiteNumber)
    #expect(abs(mean - wanted) < 1e-3)
    #expect(dataset.setting("spring_constant")?.value == k)
    #expect(Truth.difference(dataset.setting("invols")?.value, s) < 1e-12)
    #expect(dataset.setting("trigger_voltage")?.value == truth["trigger_V"]?.finiteNumber)
    #expect(dataset.metadata.text("Version") == truth["version"]?.text)
    let sections = dataset.metadata.entries.filter { $0.key == "section" }.map(\.value)
    let names = (truth["sections"]?.elements ?? []).compactMap(\.text).dropLast()
    #expect(sections == names.map { .text($0) })
  }

  @Test func countsTheCurvesOfACutVolume() throws {
    let (dataset, _) = try read("Egel2_FV_truncated.spm")
    #expect(!dataset.complete)
    let warning = try #require(dataset.diagnostics.first { $0.code == "nanoscope.truncated" })
    #expect(warning.severity == .warning && warning.message.contains("128 of 256 curves"))
    #expect(dataset.diagnostics.contains { $0.code == "nanoscope.scale-inferred" })
    #expect(dataset.diagnostics.contains { $0.code == "nanoscope.unit-assumed" })
  }

  /// The bytes of a column, read again by hand, are its values.
  @Test func originsHoldTheBytesOfTheValues() throws {
    let (dataset, _) = try read("Egel4_single_4byte.spm")
    let bytes = try FileSource.open(path: Corpus.path("afm/bruker/Egel4_single_4byte.spm"))
    for table in dataset.tables {
      let column = try #require(table["deflection_voltage"])
      let range = try #require(column.origin.bytes.first)
      let raw = try #require(
        bytes[range].integers(.int32, count: column.count, order: .little))
      let values = raw.map { Double($0) * 0.000375 }
      #expect(column.real == (table.name == "approach" ? values.reversed() : values))
    }
  }

  /// `interphase afm`: 1.171 … 5.834 nN and a trigger ratio of 1.026 (afm.md §6).
  @Test func analysesARamp() throws {
    let (dataset, _) = try read("Egel4_single_4byte.spm")
    let force = try #require(dataset["approach"]?["force"]?.statistics)
    #expect(abs((force.min ?? 0) * 1e9 - 1.1711) < 1e-3)
    #expect(abs((force.max ?? 0) * 1e9 - 5.8337) < 1e-3)
    let analysis = analyzeForceCurves(
      dataset, input: InputIdentity(path: "x.spm", bytes: 0, sha256: ""), sample: "cells",
      options: ForceAnalysisOptions(), tracePrefix: "t")
    guard case .list(let curves)? = analysis.result["curves"],
      case .quantity(let ratio)? = curves.first?["calibration"]?["trigger_ratio"]
    else {
      Issue.record("no trigger ratio")
      return
    }
    #expect(abs((ratio.value ?? 0) - 1.026) < 1e-3)
  }
}
