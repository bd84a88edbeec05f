import Bytes
import ForceMicroscopy
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// The text formats of force curves: dialects, segments, settings, and what is refused.
@Suite struct ForceTextTests {
  func read(
    _ format: any FileFormat.Type, _ text: String, units: [String: String] = [:]
  ) throws -> Dataset {
    var options = ReadOptions()
    options.units = units
    return try format.read(ByteView(utf8: text), name: "curve", options: options)
  }

  func score(_ format: any FileFormat.Type, _ text: String, name: String = "curve.txt") -> Int {
    format.recognise(FileHead(ByteView(utf8: text), name: name)).score
  }

  func verdict(_ text: String, name: String = "curve.txt") -> String? {
    let head = FileHead(ByteView(utf8: text), name: name)
    return try? FormatRegistry.choose(head, id: nil, detection: FormatRegistry.detect(head)).id
  }

  func code(_ body: () throws -> Dataset) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? ReadFailure)?.diagnostic.code
    }
  }

  // MARK: AFM Workshop

  @Test func workshopColumnsInAnyOrder() throws {
    let dataset = try read(
      AFMWorkshopText.self,
      """
      Force-Distance Curve
      Force Constant, nN/nm:\t0.25
      Light Lever Gain, mV/nm:\t20

      Retract Force(nN),Extend Z-Sense(nm),Extend Force(nN),Retract Z-Sense(nm),Extend L-R(mV)
      4,100,1,250,0.5
      3,200,2,150,0.75

      """)
    #expect(dataset.tables.map(\.name) == ["approach", "retract"])
    let approach = try #require(dataset["approach"])
    #expect(
      approach.columns.map(\.name) == ["sensor_position", "force", "lateral_deflection_voltage"])
    #expect(approach["sensor_position"]?.real == [100e-9, 200e-9])
    #expect(approach["lateral_deflection_voltage"]?.real == [0.5e-3, 0.75e-3])
    #expect(dataset["retract"]?["force"]?.real == [4e-9, 3e-9])
    #expect(dataset.setting("spring_constant")?.value == 0.25)
    // 20 mV/nm is 2e7 V/m.
    #expect(dataset.setting("invols")?.value == 1e-6 / 20)
    #expect(dataset.setting("spring_constant")?.origin.lines == 2...2)
    #expect(approach["force"]?.origin.lines == 6...7)
  }

  @Test func workshopDefaultCalibrationIsNone() throws {
    let text = """
      Force-Distance Curve
      Force Constant, nN/nm:\t1.000000
      Light Lever Gain, mV/nm:\t40
      Extend Z-Sense(nm),Extend T-B(V),Retract Z-Sense(nm),Retract T-B(V)
      1,2,3,4

      """
    let dataset = try read(AFMWorkshopText.self, text)
    #expect(dataset.diagnostics.map(\.code) == ["afmworkshop.default-calibration"])
    #expect(dataset.diagnostics.first?.place == .line(2))
    #expect(dataset.settings.map(\.name) == ["invols"])
  }

  @Test func workshopSegmentsOfDifferentLength() throws {
    let dataset = try read(
      AFMWorkshopText.self,
      """
      Force-Distance Curve
      Extend Z-Sense(nm);Extend T-B(V);Retract Z-Sense(nm);Retract T-B(V)
      1,5;0,1;9;0,3
      2,5;0,2;8;0,2
      3,5;0,3;;
      4,5;0,4;;

      """)
    #expect(dataset.tables.map(\.rows) == [4, 2])
    #expect(dataset["approach"]?["deflection_voltage"]?.real == [0.1, 0.2, 0.3, 0.4])
    #expect(dataset.diagnostics.map(\.code) == ["afmworkshop.short-segment"])
    #expect(dataset.reading["delimiter"] == ";")
    // A hole within a segment is a missing value, and said to be one.
    let holed = try read(
      AFMWorkshopText.self,
      "Force-Distance Curve\nExtend Z-Sense(nm),Extend T-B(V),Retract Z-Sense(nm)\n1,,3\n2,5,\n")
    #expect(holed["approach"]?["deflection_voltage"]?.missing.count == 1)
    #expect(holed.diagnostics.contains { $0.code == "text.missing" && $0.count == 1 })
  }

  @Test func workshopRefusals() throws {
    #expect(
      code { try read(AFMWorkshopText.self, "Force-Distance Curve\nDate:\t1\n") }
        == "afmworkshop.labels")
    #expect(
      code {
        try read(AFMWorkshopText.self, "Force-Distance Curve\nExtend Z(nm),Extend T-B(V)\n\n")
      } == "afmworkshop.no-data")
    let other = try read(
      AFMWorkshopText.self, "Extend Z-Sense(nm),Extend T-B(V),Temperature(Cel)\n1,2,3\n")
    #expect(other.tables.map(\.name) == ["approach", "other"])
    #expect(other.diagnostics.map(\.code).contains("afmworkshop.column"))
    // Volts under the name of a force are no force.
    let wrong = try read(AFMWorkshopText.self, "Extend Z-Sense(nm),Extend Force(V)\n1,2\n")
    #expect(wrong["approach"]?["force"] == nil)
    #expect(wrong.diagnostics.map(\.code) == ["unit.mismatch"])
  }

  // MARK: afmformats

  let tabHead = """
    # afmformats 0.18.7
    # BEGIN METADATA
    # {
    #   "imaging mode": "creep-compliance",
    #   "spring constant": 0.5,
    #   "z range": NaN
    # }
    # END METADATA
    # force\theight (piezo)\tsegment\ttime

    """

  @Test func tabSegmentsByImagingMode() throws {
    let rows = "1e-9\t5e-6\t0\t0\n2e-9\t4e-6\t0\t1\n2e-9\t4e-6\t1\t2\n1e-9\t5e-6\t2\t3\n"
    let dataset = try read(AFMFormatsText.self, tabHead + rows)
    #expect(dataset.tables.map(\.name) == ["approach", "dwell", "retract"])
    #expect(dataset.tables.map(\.rows) == [2, 1, 1])
    #expect(dataset["dwell"]?["piezo_position"]?.real == [4e-6])
    #expect(dataset["dwell"]?["force"]?.origin.lines == 12...12)
    #expect(dataset.metadata["spring constant"] == .real(0.5))
    #expect(dataset.metadata["z range"] == .text("NaN"))
    #expect(dataset.settingOrigins["spring constant"]?.lines == 5...5)
    #expect(dataset.diagnostics.isEmpty)
    let plain = tabHead.replacing("creep-compliance", with: "force-distance")
    let words = "1e-9\t5e-6\tFalse\t0\n2e-9\t4e-6\tTrue\t1\n2e-9\t4e-6\tFalse\t2\n"
    #expect(
      try read(AFMFormatsText.self, plain + words).tables.map(\.name)
        == ["approach", "retract", "approach_2"])
  }

  @Test func tabTellsWhatIsWrong() throws {
    let unknown = try read(AFMFormatsText.self, tabHead + "1e-9\t5e-6\t0\t0\n2e-9\t4e-6\tx\t1\n")
    #expect(unknown.diagnostics.map(\.code) == ["tab.segment"])
    #expect(unknown.tables.map(\.rows) == [2])
    let bare = try read(
      AFMFormatsText.self, "# force\theight (measured)\n1e-9\t3e-6\n2e-9\t1e-6\n1e-9\t2e-6\n")
    #expect(bare.tables.map(\.rows) == [2, 1])
    #expect(bare.diagnostics.map(\.code) == ["tab.segments-inferred"])
    let broken = tabHead.replacing("\"spring constant\": 0.5", with: "\"spring constant\" 0.5")
    let damaged = try read(AFMFormatsText.self, broken + "1e-9\t5e-6\t0\t0\n")
    #expect(damaged.diagnostics.map(\.code) == ["tab.metadata"])
    #expect(damaged.metadata.text("line 5") == "\"spring constant\" 0.5,")
    let short = tabHead.replacing("\"z range\": NaN", with: "\"point count\": 3")
    let lost = try read(AFMFormatsText.self, short + "1e-9\t5e-6\t0\t0\n")
    #expect(lost.diagnostics.map(\.code) == ["tab.point-count"])
    #expect(!lost.complete)
    #expect(code { try read(AFMFormatsText.self, tabHead) } == "tab.no-data")
    #expect(code { try read(AFMFormatsText.self, "# only this\n1\n") } == "tab.names")
  }

  // MARK: Optics11

  func optics(_ middle: String, _ rows: String) -> String {
    """
    Date\t01/02/2026\tTime\t10:00:00\tStatus\tOK
    C:\\data\\matrix_scan01
    k (N/m)\t0,50
    Tip radius (um)\t9,5
    \(middle)
    Time (s)\tLoad (uN)\tIndentation (nm)\tCantilever (nm)\tPiezo (nm)\tAuxiliary
    \(rows)
    """
  }

  let ramp = """
    0\t0\t0\t0\t0\t1
    1\t1\t10\t2\t10\t1
    2\t2\t20\t4\t20\t1
    3\t2\t20\t4\t20\t1
    4\t1\t10\t2\t10\t1
    5\t0\t0\t0\t0\t1

    """

  @Test func opticsStepsByTimes() throws {
    let profile =
      "D[Z1] (nm)\t20\tt[1] (s)\t2\nD[Z2] (nm)\t20\tt[2] (s)\t1\nD[Z3] (nm)\t0\tt[3] (s)\t2"
    let byProfile = try read(OpticsText.self, optics(profile, ramp))
    #expect(byProfile.tables.map(\.name) == ["approach", "dwell", "retract"])
    #expect(byProfile.tables.map(\.rows) == [2, 1, 3])
    #expect(byProfile["approach"]?["force"]?.real == [0, 1e-6])
    #expect(byProfile["approach"]?["deflection"]?.real == [0, 2e-9])
    #expect(byProfile["approach"]?["piezo_position"]?.unit.ucum == "m")
    #expect(byProfile.setting("spring_constant")?.value == 0.5)
    #expect(byProfile.setting("tip_radius")?.value == 9.5e-6)
    #expect(byProfile.metadata.text("line 2") == "C:\\data\\matrix_scan01")
    #expect(byProfile.metadata.text("Status") == "OK")
    // The unit of Auxiliary is not given.
    #expect(byProfile.diagnostics.map(\.code) == ["unit.absent"])
    let byTimes = try read(
      OpticsText.self, optics("Step absolute start times (s)\t0.5,2.5,3.5", ramp))
    #expect(byTimes.tables.map(\.name) == ["approach", "dwell", "retract"])
    #expect(byTimes.tables.map(\.rows) == [3, 1, 2])
  }

  /// Results above the rows are no steps; a step that is missing is not passed over in silence.
  @Test func opticsDamagedProfile() throws {
    let steps = [
      "D[Z1] (nm)\t20\tt[1] (s)\t2", "D[Z2] (nm)\t20\tt[2] (s)\t1", "D[Z3] (nm)\t0\tt[3] (s)\t2",
    ]
    let results = "P[max] (uN)\t2\nD[max] (nm)\t20\nD[final] (nm)\t1"
    let whole = try read(
      OpticsText.self, optics(steps.joined(separator: "\n") + "\n" + results, ramp))
    #expect(whole.tables.map(\.name) == ["approach", "dwell", "retract"])
    #expect(whole.metadata.text("D[max] (nm)") == "20")
    for lost in 0..<3 {
      let rest = steps.indices.filter { $0 != lost }.map { steps[$0] }.joined(separator: "\n")
      let dataset = try read(OpticsText.self, optics(rest, ramp))
      #expect(dataset.diagnostics.map(\.code).contains("optics.segments-inferred"), "\(lost)")
    }
  }

  @Test func opticsTurningPoint() throws {
    for middle in ["", "D[Z1] (nm)\t20\tt[1] (s)\t200\nD[Z2] (nm)\t0\tt[2] (s)\t2"] {
      let dataset = try read(OpticsText.self, optics(middle, ramp))
      #expect(dataset.tables.map(\.name) == ["approach", "retract"])
      #expect(dataset.tables.map(\.rows) == [3, 3])
      #expect(dataset.diagnostics.map(\.code) == ["unit.absent", "optics.segments-inferred"])
    }
    #expect(code { try read(OpticsText.self, optics("", "")) } == "optics.no-data")
    #expect(code { try read(OpticsText.self, "k (N/m)\t1\n") } == "optics.labels")
  }

  @Test func opticsNeedsItsMarks() throws {
    #expect(score(OpticsText.self, optics("", ramp)) == 100)
    #expect(verdict(optics("", ramp)) == "optics11-txt")
    // Another table of time and load stays with the fallback.
    #expect(verdict("Time (s)\tLoad (N)\n0\t1\n1\t2\n2\t3\n") == "delimited-table")
  }

  // MARK: NT-MDT

  /// `rows` lines of position, approach and retract that meet at the last row.
  func nova(rows: Int, decimals: Bool = true) -> String {
    (0..<rows).map { i in
      let cells = ["\(-8 * (rows - 1 - i)),5", "\(i),25", "\(i),\(i < rows - 1 ? "95" : "25")"]
      let line = cells.joined(separator: "\t")
      return decimals ? line : String(line.map { $0 == "," ? "." : $0 })
    }
    .joined(separator: "\n") + "\n"
  }

  @Test func ntmdtTakesNothingElse() throws {
    #expect(verdict(nova(rows: 20)) == "ntmdt-txt")
    #expect(verdict(nova(rows: 20, decimals: false)) == "delimited-table")
    #expect(verdict(nova(rows: 8)) == "delimited-table", "too short to be sure")
    #expect(verdict("z\tapproach\tretract\n" + nova(rows: 20)) == "delimited-table")
    let uneven = nova(rows: 20) + "900,5\t1,25\t1,25\n"
    #expect(verdict(uneven) == "delimited-table")
    let apart =
      String(
        nova(rows: 20).split(separator: "\n").map { "\($0.split(separator: "\t")[0])\t1,0\t9,0" }
          .joined(separator: "\n")) + "\n"
    #expect(verdict(apart) == "delimited-table", "two series that never meet are no curve")
    let wide = nova(rows: 20).replacing("\n", with: "\t1,0\n")
    #expect(verdict(wide) == "delimited-table")
  }

  @Test func ntmdtUnitsByOption() throws {
    let dataset = try read(
      NTMDTText.self, nova(rows: 3), units: ["column_1": "nm", "column_2": "nA"])
    #expect(dataset.tables.first?.columns.map(\.unit.ucum) == ["nm", "nA", ""])
    #expect(dataset.tables.first?.columns.first?.real == [-16.5, -8.5, 0.5])
    #expect(dataset.diagnostics.map(\.code) == ["ntmdt.units"])
    #expect(code { try read(NTMDTText.self, "1,5\t2,5\n") } == "text.ragged-row")
    #expect(code { try read(NTMDTText.self, "\n") } == "ntmdt.no-data")
  }

  // MARK: HDF5

  @Test func namesEveryHDF5() throws {
    let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
    for block in [0, 512, 1024, 4096] {
      let bytes = [UInt8](repeating: 0x20, count: block) + signature + [0, 0, 0]
      let head = FileHead(ByteView(bytes), name: "data.bin")
      let failure = #expect(throws: ReadFailure.self) {
        try FormatRegistry.choose(head, id: nil, detection: FormatRegistry.detect(head))
      }
      #expect(failure?.diagnostic.code == "hdf5.unsupported")
      #expect(failure?.diagnostic.place == .byte(block))
    }
  }
}

extension String {
  fileprivate func replacing(_ old: String, with new: String) -> String {
    var result = ""
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(old) {
        result += new
        rest = rest.dropFirst(old.count)
      } else {
        result.append(rest.removeFirst())
      }
    }
    return result
  }
}
