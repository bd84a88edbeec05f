import Bytes
import DelimitedText
import FormatRegistry
import Reading
import SimulationFiles
import Tables
import TestSupport
import Testing

/// The corpus of published simulation results against its truth file.
@Suite struct SimulationCorpusTests {
  private func truth() throws -> ResultValue {
    try JSONText.parse(FileSource.open(path: Corpus.path("simulation/tables.truth.json")))
  }

  private func keys(_ value: ResultValue?) -> [String] {
    if case .object(let object)? = value { return object.keys }
    return []
  }

  private func read(_ file: String) throws -> Dataset {
    let bytes = try FileSource.open(path: Corpus.path("simulation/" + file))
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let head = FileHead(bytes, name: name)
    let format = try FormatRegistry.choose(head, id: nil, detection: FormatRegistry.detect(head))
    return try format.read(bytes, name: name, options: ReadOptions())
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func tablesHaveTheirRowsAndStatistics() throws {
    let all = try truth()
    var seen = 0
    for file in keys(all) {
      guard let expected = all[file], let labels = expected["columns"]?.elements else { continue }
      let dataset = try read(file)
      #expect(dataset.format == "delimited-table", "\(file)")
      let table = try #require(dataset.tables.first, "\(file)")
      #expect(table.columns.map(\.label) == labels.compactMap(\.text), "\(file)")
      let rows = expected["data_rows"]?.finiteNumber
      let complete = expected["complete_rows"]?.finiteNumber
      // A row with `nan` is whole to us: its cells are missing.
      #expect(
        Double(table.rows) == complete || Double(table.rows) == rows, "\(file): \(table.rows)")
      for column in table.columns {
        guard let wanted = expected["stats"]?[column.label] else { continue }
        let found = try #require(column.statistics, "\(file) \(column.label)")
        for (key, value) in [
          ("min", found.min), ("max", found.max), ("first", found.first), ("last", found.last),
        ] {
          #expect(value == wanted[key]?.finiteNumber, "\(file) \(column.label) \(key)")
        }
        #expect(Double(found.count) == wanted["n"]?.finiteNumber, "\(file) \(column.label)")
      }
      seen += 1
    }
    #expect(seen == 21)
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func columnsHaveTheirNames() throws {
    for (file, names) in [
      (
        "bm1/moose_mfrichtl_1a.csv",
        ["time", "bulk_energy", "time_step", "memory", "free_energy", "wall_time"]
      ),
      ("bm3/ampe_solid_fraction.csv", ["time", "solid_fraction"]),
      ("bm3/ampe_tip_position.csv", ["time", "tip_position"]),
      ("bm8/fipy_8a_1.00r_stats.tsv", ["time", "solid_fraction", "free_energy"]),
      (
        "bm8/fipy_8b_01ab28a0a143.tsv", ["time", "solid_fraction", "particle_count", "free_energy"]
      ),
    ] {
      let dataset = try read(file)
      #expect(dataset.technique == .simulation, "\(file)")
      #expect(dataset.tables.first?.columns.map(\.name) == names, "\(file)")
    }
    let errors = try read("bm7/mmsp_bm7a-x.csv")
    for name in ["time_step", "mesh_size", "l2_error", "memory", "wall_time"] {
      #expect(errors.tables.first?[name] != nil, "\(name)")
    }
    let moose = try read("bm1/moose_mfrichtl_1a.csv")
    let note = try #require(moose.diagnostics.first { $0.code == "table.initial-zeros" })
    #expect(note.found.contains("'total_energy'") && note.found.contains("'dt'"))
    let codes = try read("bm7/pfhub_7a_temporal_all_codes.csv")
    guard case .text(let cells)? = codes.tables.first?.columns.first?.values else {
      Issue.record("no column of codes")
      return
    }
    #expect(Set(cells).count == 7)
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func recordsHaveTheirSeries() throws {
    let all = try truth()
    var seen = 0
    for file in keys(all) where file.hasPrefix("pfhub_meta/") {
      let expected = try #require(all[file])
      let dataset = try read(file)
      #expect(dataset.format == "pfhub-meta" && dataset.technique == .simulation)
      #expect(dataset.metadata.text("benchmark.id") == expected["benchmark"]?["id"]?.text)
      let version = expected["benchmark"]?["version"]
      #expect(
        dataset.metadata.text("benchmark.version")
          == version?.text ?? version?.finiteNumber.map { "\(Int($0))" })
      #expect(dataset.metadata.text("metadata.implementation.name") == expected["code"]?.text)
      let inline = expected["inline"]
      let names = expected["datasets"]?.elements.compactMap(\.text) ?? []
      for name in names {
        let table = dataset[name]
        if inline?[name]?.text == "malformed" {
          #expect(table?.rows == 1)
          #expect(dataset.diagnostics.contains { $0.code == "pfhub.scalar" })
        } else if let rows = inline?[name]?.finiteNumber {
          #expect(table.map { Double($0.rows) } == rows, "\(file) \(name)")
        } else {
          #expect(
            table == nil && dataset.metadata.text("data.\(name).url") != nil, "\(file) \(name)")
        }
      }
      #expect(dataset.tables.count == keys(inline).count)
      seen += 1
    }
    #expect(seen == 7)
    // fipy_1a_travis.meta.yaml by eye.
    let energy = try #require(read("pfhub_meta/fipy_1a_travis.meta.yaml")["free_energy"])
    #expect(energy["free_energy"]?.statistics?.first == 319.09096487896744)
    #expect(energy["time"]?.statistics?.last == 52.746625481564735)
  }
}
