import Bytes
import Cycling
import FormatRegistry
import Output
import Reading
import Tables
import TestSupport
import Testing
import Units

/// Cycling tables given back as Battery Data Format: labels and definitions of ontology 1.3.0.
@Suite struct BDFExportTests {
  private func column(_ name: String, _ values: [Double], _ unit: PhysicalUnit) -> Column {
    Column(name: name, label: name, values: .real(values), unit: .known(unit))
  }

  private func table(_ extra: [Column] = [], current: Bool = true) -> Table {
    var columns = [
      column("current", [0, 1, -1], .ampere), column("test_time", [0, 1, 1], .second),
      column("voltage", [3, 3.5, 3], .volt),
    ]
    if !current { columns.removeFirst() }
    return Table(name: "data", columns: columns + extra)
  }

  @Test func requiredColumnsComeFirstUnderTheirLabels() throws {
    let export = try BDFExport(
      table([
        column("cycle_count", [0, 0, 1], .one), column("odd", [1, 2, 3], .one),
        column("step_id", [1, 2, 1], .one), column("ambient_temperature", [20, 21, 22], .celsius),
        Column(name: "step_type", label: "State", values: .text(["R", "C", "D"]), unit: .absent),
      ]), isOpenCircuit: false)
    let text = String(decoding: CSVWriter.bytes(export.table), as: UTF8.self)
    #expect(
      text
        == "Test Time / s,Voltage / V,Current / A,Cycle Count / 1,Step ID,Step Type,"
        + "Ambient Temperature / degC\n0.0,3.0,0.0,0,1,R,20.0\n1.0,3.5,1.0,0,2,C,21.0\n1.0,3.0,-1.0,1,1,D,22.0\n"
    )
    #expect(export.leftOut.map(\.column.name) == ["odd"])
  }

  @Test func onlyColumnsWhoseDefinitionHoldsAreGiven() throws {
    let export = try BDFExport(
      table([
        column("cycle_count", [1, 2, 1], .one), column("step_count", [1, 1.5, 2], .one),
        column("charging_capacity", [0, 1, 0.5], .ampereHour),
        column("schedule_charging_capacity", [0, 1, 0.5], .ampereHour),
        column("step_charging_capacity", [0, 1, 0], .ampereHour),
        column("discharging_capacity", [0, 0, 1], .ampereHour),
        column("net_capacity", [0, 1, 0], .milliampereHour),
        column("record_index", [1, 1, 2], .one),
      ]), isOpenCircuit: false)
    #expect(
      export.table.columns.dropFirst(3).map(\.name) == [
        "Schedule Charging Capacity / Ah", "Step Charging Capacity / Ah",
        "Discharging Capacity / Ah",
      ])
    #expect(
      Set(export.leftOut.map(\.column.name)) == [
        "cycle_count", "step_count", "charging_capacity", "net_capacity", "record_index",
      ])
  }

  @Test func whatBDFRequiresIsRequired() throws {
    #expect(throws: ReadFailure.self) { try BDFExport(table(current: false), isOpenCircuit: false) }
    let open = try BDFExport(table(current: false), isOpenCircuit: true)
    #expect(open.table["Current / A"]?.real == [0, 0, 0])
    #expect(open.notes.map(\.code) == ["bdf.current-zero"])
    let falling = Table(
      name: "data",
      columns: [
        column("test_time", [0, 2, 1], .second), column("voltage", [3, 3, 3], .volt),
        column("current", [0, 0, 0], .ampere),
      ])
    do {
      _ = try BDFExport(falling, isOpenCircuit: false)
      Issue.record("a falling time was exported")
    } catch {
      #expect(error.diagnostic.code == "bdf.time-falls")
    }
    let gap = Table(
      name: "data",
      columns: [
        column("test_time", [0, .nan, 1], .second), column("voltage", [3, 4, .nan], .volt),
        column("current", [0, 0, 0], .ampere),
      ])
    let export = try BDFExport(gap, isOpenCircuit: false)
    #expect(export.table.rows == 2)
    #expect(export.table["Voltage / V"]?.missing.contains(1) == true)
    #expect(export.notes.map(\.code) == ["bdf.rows-without-time"])
  }

  /// What is written is read again with the same bits.
  @Test func exportsAreReadBack() throws {
    let samples = [
      "maccor-text/dialect1.txt", "bdf/labels.bdf.csv", "pec-csv/export.csv",
      "basytec-text/export.txt", "novonix-csv/log.csv",
    ]
    for sample in samples {
      let path = TestData.path("cycling/" + sample)
      let bytes = try FileSource.open(path: path)
      let name = String(sample.split(separator: "/").last ?? "")
      guard
        case .recognised(let format) = FormatRegistry.detect(FileHead(bytes, name: name)).verdict
      else {
        Issue.record("\(sample): not recognised")
        continue
      }
      let dataset = try format.read(bytes, name: name, options: ReadOptions())
      let source = try #require(BDFExport.tables(of: dataset).first)
      let export = try BDFExport(source, isOpenCircuit: false)
      let again = try BDFText.read(
        ByteView(CSVWriter.bytes(export.table)), name: "x.bdf.csv", options: ReadOptions())
      for name in ["test_time", "voltage", "current", "unix_time"] where source[name] != nil {
        #expect(again["data"]?[name]?.real == source[name]?.real, "\(sample) \(name)")
      }
      #expect(again["data"]?.columns.count == export.table.columns.count)
    }
  }
}
