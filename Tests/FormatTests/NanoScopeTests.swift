import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// Generated NanoScope files (tools/generate/nanoscope_sample.py), whole and with fields changed.
@Suite struct NanoScopeTests {
  func bytes(_ sample: String) throws -> [UInt8] {
    try FileSource.open(path: TestData.path("afm/nanoscope/" + sample)).array
  }

  func read(_ bytes: [UInt8]) throws -> Dataset {
    try NanoScopeFile.read(ByteView(bytes), name: "made.spm", options: ReadOptions())
  }

  func failure(_ bytes: [UInt8]) -> Diagnostic? {
    switch Reading.read(NanoScopeFile.self, ByteView(bytes), name: "made.spm") {
    case .success: nil
    case .failure(let failure): failure.diagnostic
    }
  }

  /// The bytes with a text replaced by one of the same length.
  func replacing(_ old: String, _ new: String, in bytes: [UInt8]) throws -> [UInt8] {
    let range = try #require(ByteView(bytes).firstRange(of: old))
    var changed = bytes
    changed.replaceSubrange(range, with: Array(new.utf8))
    #expect(changed.count == bytes.count, "\(new)")
    return changed
  }

  func codes(_ dataset: Dataset) -> [String] { dataset.diagnostics.map(\.code) }

  /// 160 of 200 samples in the approach, 20 held, and 0.8 V of trigger (made with them).
  @Test func readsARampWithAHold() throws {
    let dataset = try read(bytes("ramp_with_hold.spm"))
    #expect(dataset.tables.map(\.name) == ["approach", "dwell", "retract"])
    #expect(dataset.tables.map(\.rows) == [160, 20, 200])
    #expect(codes(dataset) == ["nanoscope.several-spring-constants"])
    let approach = dataset.tables[0]
    #expect(
      approach.columns.map(\.name)
        == ["deflection_voltage", "deflection", "force", "sensor_position", "time"])
    let volts = try #require(approach["deflection_voltage"]?.real)
    // Stored from the turning point outward: the first row is far from the surface.
    #expect(abs(volts[0] - 0.2) < 0.02 && abs(volts[159] - 1) < 0.02)
    let height = try #require(approach["sensor_position"]?.real)
    #expect(abs(height[0] + 270e-9) < 1e-9 && abs(height[159] - 270e-9) < 1e-9)
    // 40 V at 160 V/s over 200 samples; the retract at 80 V/s after 0.5 s of hold.
    let step = 40.0 / 160 / 200
    #expect(abs((dataset.tables[1]["time"]?.real?[0] ?? 0) - 160 * step) < 1e-12)
    #expect(abs((dataset.tables[1]["time"]?.real?[1] ?? 0) - 160 * step - 0.025) < 1e-12)
    let retract = try #require(dataset.tables[2]["time"]?.real)
    #expect(abs(retract[0] - 160 * step - 0.5) < 1e-12)
    #expect(abs(retract[1] - retract[0] - 2 * step) < 1e-12)
    #expect(dataset.setting("spring_constant")?.value == 0.12)
    #expect(abs((dataset.setting("invols")?.value ?? 0) - 25e-9) < 1e-20)
    #expect(dataset.setting("trigger_voltage")?.value == 0.8)
  }

  /// 32-bit samples 256 times the scale, and a sensitivity without a unit (made so).
  @Test func readsAVolumeOf32Bits() throws {
    let dataset = try read(bytes("volume_3x3.spm"))
    #expect(dataset.tables.count == 19 && dataset.tables[2].name == "1/approach")
    #expect(dataset["8/retract"]?.rows == 60 && dataset["scan"]?.rows == 9)
    #expect(codes(dataset) == ["nanoscope.unit-assumed", "nanoscope.scale-inferred"])
    let volts = try #require(dataset["0/approach"]?["deflection_voltage"]?.real)
    #expect(abs((volts.max() ?? 0) - volts[0] - 0.8) < 0.02)
    // 40 V of 13 nm/V in 60 steps; the retract starts at the turning point.
    let ramp = try #require(dataset["0/retract"]?["piezo_position"]?.real)
    #expect(abs(ramp[0] - 520e-9) < 1e-15 && abs(ramp[59] - 520e-9 / 60) < 1e-15)
    let grid = try #require(dataset.grids.first)
    #expect(grid.axes.map(\.count) == [3, 3] && abs(grid.axes[0].step - 2e-6 / 3) < 1e-15)
  }

  @Test func readsAnImageOfAnOlderVersion() throws {
    let dataset = try read(bytes("image_12x8.000"))
    #expect(dataset.tables.map(\.name) == ["scan"] && dataset.diagnostics.isEmpty)
    #expect(dataset.tables[0].columns.map(\.name) == ["height", "phase"])
    #expect(dataset.tables[0].columns.map(\.unit.ucum) == ["m", "deg"])
    #expect(abs(dataset.grids[0].axes[1].step - 50e-9) < 1e-15)
  }

  /// The trigger decides; without one the converter's 16 bits do.
  @Test func infersTheStepOf32Bits() throws {
    let whole = try bytes("volume_3x3.spm")
    let off = try read(replacing("mode: Relative", "mode: Off     ", in: whole))
    #expect(codes(off) == ["nanoscope.unit-assumed", "nanoscope.scale-inferred"])
    #expect(off.setting("trigger_voltage") == nil)
    let volts = try #require(off["0/approach"]?["deflection_voltage"]?.real)
    #expect(abs((volts.max() ?? 0) - volts[0] - 0.8) < 0.02)
    // A trigger 256 times as high says that the numbers are as written.
    let high = try read(replacing("V/LSB) 0.800000 V", "V/LSB) 204.8000 V", in: whole))
    #expect(!codes(high).contains("nanoscope.scale-inferred"))
  }

  @Test func keepsWholeCurvesOfACutVolume() throws {
    let whole = try bytes("volume_3x3.spm")
    let cut = try read(Array(whole.prefix(4096 + 480 * 4 + 100)))
    #expect(!cut.complete && cut.tables.count == 8)
    #expect(
      cut["3/retract"]?.columns.first?.real == (try read(whole))["3/retract"]?.columns.first?.real)
    let warning = try #require(cut.diagnostics.first { $0.code == "nanoscope.truncated" })
    #expect(warning.message.contains("4 of 9 curves"))
    #expect(codes(cut).contains("nanoscope.image-lost"))
    #expect(failure(Array(whole.prefix(4096 + 100)))?.code == "nanoscope.no-data")
    #expect(failure(Array(whole.prefix(600)))?.code == "nanoscope.header")
  }

  /// Of a single ramp the approach is kept, and what there is of the retract.
  @Test func keepsTheApproachOfACutRamp() throws {
    let whole = try bytes("ramp_with_hold.spm")
    // Height is whole at 4096; deflection starts at 4936: 200 samples of block, then 50 of retract.
    let cut = try read(Array(whole.prefix(4936 + 500)))
    #expect(cut.tables.map(\.name) == ["approach", "retract"] || cut.tables.count == 3)
    #expect(!cut.complete)
    #expect(cut.diagnostics.contains { $0.code == "nanoscope.truncated" })
  }

  /// Without calibration there are volts and no invented force.
  @Test func inventsNoForce() throws {
    let whole = try bytes("volume_3x3.spm")
    let noSpring = try read(replacing("Spring Constant: 0.12", "Spring Constanx: 0.12", in: whole))
    #expect(codes(noSpring).contains("nanoscope.no-spring-constant"))
    #expect(noSpring["0/approach"]?["force"] == nil && noSpring["0/approach"]?["deflection"] != nil)
    #expect(noSpring.setting("spring_constant") == nil)
    let noSense = try read(replacing("@Sens. DeflSens: V", "@Sens. DeflSenx: V", in: whole))
    #expect(codes(noSense).contains("nanoscope.no-sensitivity"))
    #expect(noSense["0/approach"]?["deflection"] == nil && noSense["0/approach"]?["force"] == nil)
    #expect(noSense["0/approach"]?["deflection_voltage"] != nil)
  }

  @Test func saysWhatItCannotRead() throws {
    let whole = try bytes("volume_3x3.spm")
    for (old, new, code) in [
      ("Ramp Size: V", "Ramp Sixe: V", "nanoscope.no-position"),
      ("Samps/line: 60 60\r\n\\Spring", "Sampx/line: 6 0  \r\n\\Spring", ""),
      ("\\*Ciao image list", "\\*Ciao imagx list", "nanoscope.unknown-section"),
      ("\\Data type: AFM", "xData type: AFM", "nanoscope.line"),
      (
        "Ramp channel: S [Zsweep] \"Z\"", "Ramp channel: S [Bias  ] \"B\"", "nanoscope.ramp-channel"
      ),
      (
        "@4:Z scale: V [Sens. DeflSens] (0.0003750000 V/LSB)",
        "@4:X scale: V [Sens. DeflSens] (0.0003750000 V/LSB)", "nanoscope.no-scale"
      ),
    ] {
      let dataset = try read(replacing(old, new, in: whole))
      if code.isEmpty {
        // The force list gives the samples where the channel does not.
        #expect(dataset["0/approach"]?.rows == 60)
      } else {
        #expect(codes(dataset).contains(code), "\(new)")
      }
    }
    #expect(
      failure(try replacing("Data offset: 4096", "Data offsex: 4096", in: whole))?.code
        == "nanoscope.no-offset")
  }

  @Test func countsTheBytesBehindTheData() throws {
    let dataset = try read(bytes("image_12x8.000") + [1, 2, 3])
    #expect(dataset.metadata["trailing_bytes"] == .integer(3))
    #expect(codes(dataset) == ["nanoscope.trailing"])
  }

  /// A header that declares samples beyond any memory costs nothing.
  @Test func staysSmallForHugeCounts() throws {
    let whole = try bytes("volume_3x3.spm")
    let own = try replacing(
      "Samps/line: 60 60\r\n\\Spring Constant: 0.12",
      "Samps/line: 999999999 999999999          ", in: whole)
    #expect(codes(try read(own)).contains("nanoscope.data-length"))
  }
}
