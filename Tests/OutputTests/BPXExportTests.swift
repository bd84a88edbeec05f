import Tables
import Testing
import Units

@testable import Output

/// BPX 1.1: the `bpx` package 1.1.1 parses the same documents (`tools/check-exports`).
@Suite struct BPXExportTests {
  private let provenance = ExportProvenance(input: nil, format: "made", version: "0")

  private func log(settings: [InstrumentSetting] = [], isComplete: Bool = true) -> Dataset {
    var columns = [
      Column(name: "test_time", label: "t", values: .real([0, 1, 2]), unit: .known(.second)),
      Column(name: "voltage", label: "U", values: .real([-0.1, .nan, 0.2]), unit: .known(.volt)),
    ]
    if isComplete {
      columns.append(
        Column(
          name: "current", label: "I", values: .real([1e-3, 1e-3, -1e-3]), unit: .known(.ampere)))
    }
    var dataset = Dataset(
      format: "made", technique: .cycling, tables: [Table(name: "log", columns: columns)])
    dataset.settings = settings
    return dataset
  }

  @Test func cellOnlyWithAllThatItAsksFor() throws {
    let area = InstrumentSetting(
      "electrode_area", 7.85e-5, .squareMetre, key: "area", origin: Origin())
    let capacity = InstrumentSetting(
      "nominal_capacity", 3.6, .coulomb, key: "capacity", origin: Origin())
    let whole = try BPXExport(
      log(settings: [area, capacity]), title: "t", provenance: provenance, isOpenCircuit: false)
    let cell = whole.document["Parameterisation"]?["Cell"]
    #expect(cell?["Electrode area [m2]"] == .number(7.85e-5))
    #expect(cell?["Nominal cell capacity [A.h]"] == .number(1e-3))
    #expect(cell?["Lower voltage cut-off [V]"] == .number(-0.1))
    #expect(cell?["Upper voltage cut-off [V]"] == .number(0.2))
    #expect(whole.notes.map(\.code) == ["bpx.rows-left-out", "bpx.cut-offs"])
    let part = try BPXExport(
      log(settings: [area]), title: "t", provenance: provenance, isOpenCircuit: false)
    #expect(part.document["Parameterisation"]?["Cell"] == nil)
    #expect(
      part.document["Parameterisation"]?["User-defined"]?["Electrode area [m2]"] == .number(7.85e-5)
    )
    #expect(part.document["Validation"]?["log"]?["Time [s]"] == .list([.number(0), .number(2)]))
  }

  @Test func refusesWhatIsNoLog() {
    #expect(throws: ReadFailure.self) {
      try BPXExport(
        log(isComplete: false), title: "t", provenance: provenance, isOpenCircuit: false)
    }
  }
}
