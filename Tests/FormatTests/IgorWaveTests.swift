import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// Generated waves (tools/generate), whole and with single fields changed.
@Suite struct IgorWaveTests {
  func bytes(_ sample: String) throws -> [UInt8] {
    try FileSource.open(path: TestData.path("afm/" + sample)).array
  }

  func read(_ bytes: [UInt8], _ format: any FileFormat.Type = AsylumForceCurve.self) throws
    -> Dataset
  {
    try format.read(ByteView(bytes), name: "wave.ibw", options: ReadOptions())
  }

  func failure(_ bytes: [UInt8], _ format: any FileFormat.Type = IgorWave.self) -> Diagnostic? {
    switch Reading.read(format, ByteView(bytes), name: "wave.ibw") {
    case .success: nil
    case .failure(let failure): failure.diagnostic
    }
  }

  /// The bytes with a text replaced by one of the same length.
  func replacing(_ old: String, _ new: String, in bytes: [UInt8]) throws -> [UInt8] {
    let range = try #require(ByteView(bytes).firstRange(of: old))
    var changed = bytes
    changed.replaceSubrange(range, with: Array(new.utf8))
    #expect(changed.count == bytes.count)
    return changed
  }

  /// The bytes with a little-endian word changed and the header's checksum made right again.
  func patched(_ bytes: [UInt8], _ offset: Int, _ value: Int32, keepSum: Bool = true) -> [UInt8] {
    var changed = bytes
    for i in 0..<4 { changed[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
    if keepSum {
      changed[2] = 0
      changed[3] = 0
      let sum = stride(from: 0, to: 384, by: 2).reduce(UInt16(0)) {
        $0 &+ (UInt16(changed[$1]) | UInt16(changed[$1 + 1]) << 8)
      }
      changed[2] = UInt8(truncatingIfNeeded: 0 &- sum)
      changed[3] = UInt8(truncatingIfNeeded: (0 &- sum) >> 8)
    }
    return changed
  }

  @Test(arguments: ["version2_float32", "version2_big_endian", "version5_int16"])
  func readsOneDimension(_ name: String) throws {
    let truth = try Truth.of(TestData.path("afm/igor-ibw/\(name).ibw"))
    let dataset = try read(bytes("igor-ibw/\(name).ibw"), IgorWave.self)
    let column = try #require(dataset.tables.first?.columns.last)
    #expect(column.real == truth["data"]?.elements.compactMap(\.finiteNumber))
    #expect(dataset.diagnostics.isEmpty && dataset.complete)
  }

  /// `sfA` 0.5 s (made with it), unit V.
  @Test func givesTheAxisAndTheUnit() throws {
    let table = try #require(
      try read(bytes("igor-ibw/version2_float32.ibw"), IgorWave.self).tables.first)
    #expect(table.columns.map(\.name) == ["time", "ramp"])
    #expect(table["time"]?.real?.prefix(3) == [0, 0.5, 1])
    #expect(table["time"]?.unit.ucum == "s" && table["ramp"]?.unit.ucum == "V")
    #expect(table.indexColumns == ["time"])
  }

  @Test func keepsWholeNumbersWhole() throws {
    let dataset = try read(bytes("igor-ibw/version5_int16.ibw"), IgorWave.self)
    #expect(dataset.tables[0].columns[0].values == .integer((0..<24).map { $0 - 12 }))
    let counts = try read(bytes("igor-ibw/version5_uint8_big_endian.ibw"), IgorWave.self)
    #expect(counts.tables[0].columns.map(\.label) == ["a", "b", "c"])
    for (start, column) in zip([0, 8, 16], counts.tables[0].columns) {
      #expect(column.values == .integer((0..<8).map { Int64(start + $0) }))
    }
  }

  @Test func splitsComplexPoints() throws {
    let dataset = try read(bytes("igor-ibw/version5_complex.ibw"), IgorWave.self)
    let table = try #require(dataset.tables.first)
    #expect(table.columns.map(\.name) == ["turn_real", "turn_imaginary"])
    #expect(table["turn_real"]?.real == (0..<24).map(Double.init))
    #expect(table["turn_imaginary"]?.real == (0..<24).map { Double(24 - $0) })
  }

  @Test func givesAGridForThreeDimensions() throws {
    let dataset = try read(bytes("igor-ibw/version5_cube.ibw"), IgorWave.self)
    #expect(dataset.tables[0].columns.map(\.name) == (0..<4).map { "column_\($0)" })
    let grid = try #require(dataset.grids.first)
    #expect(grid.axes.map(\.count) == [2, 3])
    for (layer, channel) in grid.channels.enumerated() {
      #expect(channel.values == .integer((0..<6).map { Int64(6 * layer + $0) }))
    }
  }

  @Test func readsTexts() throws {
    let dataset = try read(bytes("igor-ibw/version5_text.ibw"), IgorWave.self)
    #expect(dataset.tables[0].columns[0].values == .text(["first", "", "third \u{B5}m"]))
  }

  @Test(arguments: ["elastic_10nm", "order_4nm", "slip_10nm", "failure_20nm", "graphene_1um"])
  func readsMadeCurves(_ name: String) throws {
    let sample = "asylum-ibw/\(name).ibw"
    let truth = try Truth.of(TestData.path("afm/" + sample))
    let dataset = try read(bytes(sample))
    #expect(
      dataset.tables.map(\.name) == truth["segments"]?.elements.compactMap { $0["kind"]?.text })
    let stops = (truth["segments"]?.elements ?? []).compactMap { $0["stop"]?.finiteNumber }
    #expect(dataset.tables.map(\.rows).reduce(0, +) == Int(stops.last ?? 0))
    #expect(dataset.tables[0].rows == Int(stops.first ?? 0))
    for layer in truth["layers"]?.elements ?? [] {
      let parts = dataset.tables.compactMap { table in
        table.columns.first { $0.label == layer["label"]?.text }?.real
      }
      let all = ColumnStatistics(parts.flatMap { $0 })
      #expect(Double(all.count) == layer["n"]?.finiteNumber)
      #expect(all.first == layer["first"]?.finiteNumber && all.last == layer["last"]?.finiteNumber)
      #expect(all.min == layer["min"]?.finiteNumber && all.max == layer["max"]?.finiteNumber)
    }
    #expect(Double(dataset.settingOrigins.count - 2) == truth["note_keys"]?.finiteNumber)
    #expect(dataset.diagnostics.isEmpty)
  }

  @Test func keepsTheOneByteEncoding() throws {
    let dataset = try read(bytes("asylum-ibw/elastic_10nm.ibw"))
    #expect(dataset.metadata.text("Comment") == "made film, 25 \u{B0}C")
  }

  @Test func cutsAtTheTurningPointWithoutIndexes() throws {
    let changed = try replacing("Indexes:", "Xndexes:", in: bytes("asylum-ibw/elastic_10nm.ibw"))
    let dataset = try read(changed)
    #expect(dataset.tables.map(\.name) == ["approach", "retract"])
    // The sensor's noise may move the turning point by a row or two of 1200.
    #expect(abs(dataset.tables[0].rows - 1200) < 3)
    #expect(dataset.diagnostics.map(\.code) == ["ibw.segments-inferred"])
  }

  /// Indexes beyond the rows, not ascending, or without their directions are not believed.
  @Test func doubtsContradictingIndexes() throws {
    let whole = try bytes("asylum-ibw/elastic_10nm.ibw")
    for (old, new) in [
      ("Indexes: 0,1199,1919", "Indexes: 0,1199,9919"),
      ("Indexes: 0,1199,1919", "Indexes: 0,1999,1919"),
      ("Indexes: 0,1199,1919", "Indexes: 0,x199,1919"),
      ("Direction: NaN,1,-1,", "Direction: NaN,1    "),
    ] {
      let dataset = try read(replacing(old, new, in: whole))
      #expect(dataset.diagnostics.map(\.code) == ["ibw.segments-inferred"], "\(new)")
      #expect(dataset.tables.map(\.rows).reduce(0, +) == 1920)
    }
  }

  /// Ways in which microscopes write the segments of 20 rows (afm.md §2.1), each with its parts.
  @Test func readsEveryWayOfWritingSegments() throws {
    let cases: [(indexes: String, directions: String, parts: [String])] = [
      ("0,9,19", "NaN,1,-1,", ["approach 10", "retract 10"]),
      ("0,9,19,", "Nan,1,-1", ["approach 10", "retract 10"]),
      ("0, 9, 19", "nan, 1, -1 ", ["approach 10", "retract 10"]),
      ("9,19", "1,-1", ["approach 10", "retract 10"]),
      ("0,9,14,19", "NaN,1,0,-1", ["approach 10", "dwell 5", "retract 5"]),
      ("0,9,14,19", "NaN,1,-1,0", ["approach 10", "retract 5", "dwell 5"]),
      ("0,9,9,19", "NaN,1,0,-1", ["approach 10", "retract 10"]),
      (
        "0,4,9,11,14,19", "NaN,1,0,1,0,-1",
        ["approach 5", "dwell 5", "approach_2 2", "dwell_2 3", "retract 5"]
      ),
    ]
    for (indexes, directions, parts) in cases {
      let note = "InvOLS: 5e-08\rSpringConstant: 1\rIndexes: \(indexes)\rDirection: \(directions)\r"
      let dataset = try read(wave(rows: 20, note: note))
      #expect(dataset.tables.map { "\($0.name) \($0.rows)" } == parts, "\(indexes) \(directions)")
      #expect(!dataset.diagnostics.contains { $0.code == "ibw.segments-inferred" })
    }
  }

  /// A version 5 wave of one float32 channel `ZSnsr` with a note.
  private func wave(rows: Int, note: String) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 384)
    func put(_ offset: Int, _ value: Int, _ size: Int = 4) {
      for i in 0..<size { bytes[offset + i] = UInt8(truncatingIfNeeded: value >> (8 * i)) }
    }
    put(0, 5, 2)
    put(4, 320 + 4 * rows)
    put(12, note.utf8.count)
    put(40, 64)
    put(76, rows)
    put(80, 2, 2)
    put(132, rows)
    put(136, 1)
    for axis in 0..<2 { put(148 + 8 * axis, Int(1.0.bitPattern), 8) }
    bytes[212] = UInt8(ascii: "m")
    bytes = patched(bytes, 384 - 4, 0)
    for row in 0..<rows {
      let bits = Float(min(row, rows - row)).bitPattern
      bytes += (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
    }
    let label = Array("ZSnsr".utf8)
    return bytes + Array(note.utf8) + [UInt8](repeating: 0, count: 32) + label
      + [UInt8](repeating: 0, count: 32 - label.count)
  }

  /// Versions 1 and 3 differ from version 2 in their first header: 8, 20 and 16 bytes (TN003).
  @Test func readsVersions1And3() throws {
    let second = try bytes("igor-ibw/version2_float32.ibw")
    let expected = try read(second, IgorWave.self)
    func little(_ value: Int, _ size: Int) -> [UInt8] {
      (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let size = 110 + 24 * 4 + 16
    let rest = Array(second[16...])
    let note = "k: 3\r"
    let formula = "sin(x)"
    let data = rest.prefix(size)
    let first = little(1, 2) + little(size, 4) + little(0, 2) + data
    let third =
      little(3, 2) + little(size, 4) + little(note.utf8.count, 4) + little(formula.utf8.count, 4)
      + little(0, 4) + little(0, 2) + data + Array(note.utf8) + Array(formula.utf8)
    for (bytes, version) in [(first, 1), (third, 3)] {
      let dataset = try read(bytes, IgorWave.self)
      #expect(dataset.tables[0].columns.map(\.real) == expected.tables[0].columns.map(\.real))
      #expect(dataset.tables[0].columns.map(\.unit) == expected.tables[0].columns.map(\.unit))
      #expect(dataset.metadata["wave_version"] == .integer(Int64(version)))
      #expect(dataset.diagnostics.isEmpty && dataset.complete, "version \(version)")
      #expect(IgorWave.recognise(FileHead(ByteView(bytes), name: "x")).score >= 80)
    }
    let noted = try read(third, IgorWave.self)
    #expect(noted.metadata.text("k") == "3" && noted.metadata.text("formula") == formula)
  }

  /// 2^30 points of 4 bytes: `wfmSize` has the low 32 bits of 320 + 2^32; 24 whole points are there.
  @Test func believesSizesBeyond32Bits() throws {
    let bytes = try bytes("igor-ibw/version5_complex.ibw")
    var large = patched(bytes, 4, 320)
    large = patched(large, 76, 1 << 28)
    large = patched(large, 132, 1 << 28)
    let dataset = try read(large, IgorWave.self)
    let warning = try #require(dataset.diagnostics.first { $0.code == "ibw.truncated" })
    #expect(warning.message.contains("24 of 268435456 rows") && !dataset.complete)
  }

  /// Every row stays in some table, also where the segments leave some out.
  @Test func keepsRowsOutsideTheSegments() throws {
    let changed = try replacing(
      "Indexes: 0,1199,1919", "Indexes: 0,1199,1909", in: bytes("asylum-ibw/elastic_10nm.ibw"))
    let dataset = try read(changed)
    #expect(dataset.tables.map(\.name) == ["approach", "retract", "remainder"])
    #expect(dataset.tables.map(\.rows) == [1200, 710, 10])
  }

  @Test func namesChannelsByLabel() throws {
    var changed = try bytes("asylum-ibw/elastic_10nm.ibw")
    changed = try replacing("Defl\0", "DflV\0", in: changed)
    let dataset = try read(changed)
    #expect(dataset.tables[0].columns.map(\.label) == ["Raw", "DflV", "ZSnsr", "x"])
    #expect(dataset.tables[0].columns[1].name == "dflv")
    #expect(dataset.tables[0].columns[1].unit == .unknown("m"))
    #expect(dataset.diagnostics.map(\.code) == ["unit.unknown"])
    let volts = try read(
      replacing("Defl\0race", "DeflV\0ace", in: bytes("asylum-ibw/elastic_10nm.ibw")))
    #expect(volts.tables[0]["deflection_voltage"]?.unit.ucum == "V")
  }

  @Test func warnsOfTwoSpringConstants() throws {
    let changed = try replacing(
      "Springconstant2: 0\r", "SpringConstant: 40\r", in: bytes("asylum-ibw/elastic_10nm.ibw"))
    let dataset = try read(changed)
    #expect(dataset.metadata.text("SpringConstant") == "35")
    let warning = try #require(dataset.diagnostics.first)
    #expect(warning.code == "ibw.repeated-setting" && warning.message.contains("40"))
  }

  @Test func warnsOfAWrongChecksum() throws {
    var changed = try bytes("asylum-ibw/elastic_10nm.ibw")
    changed[2] ^= 1
    let dataset = try read(changed)
    #expect(dataset.diagnostics.map(\.code) == ["ibw.checksum"])
    #expect(dataset.tables[0].rows == 1200)
  }

  /// One case for each place where a header is refused: field changed, code and place expected.
  @Test func refusesHeadersThatDoNotClose() throws {
    let whole = try bytes("igor-ibw/version5_int16.ibw")
    let cases: [(offset: Int, value: Int32, code: String, place: Int)] = [
      (76, 2_147_483_647, "ibw.sizes", 76), (76, -1, "ibw.sizes", 76), (76, 25, "ibw.sizes", 76),
      (4, 319, "ibw.sizes", 4), (12, -5, "ibw.sizes", 12), (80, 0x11, "ibw.sizes", 76),
      (80, 0x100, "ibw.type", 80), (80, 0x42, "ibw.type", 80),
      (132, 23, "ibw.dimensions", 132), (136, 65536, "ibw.dimensions", 132),
    ]
    for (offset, value, code, place) in cases {
      let diagnostic = failure(patched(whole, offset, value))
      #expect(diagnostic?.code == code, "byte \(offset) = \(value)")
      #expect(diagnostic?.place == .byte(place), "byte \(offset) = \(value)")
    }
    #expect(failure([])?.code == "ibw.truncated")
    #expect(failure(Array(whole.prefix(383)))?.code == "ibw.truncated")
    #expect(failure([99, 0] + whole.dropFirst(2))?.code == "ibw.version")
    #expect(failure([7, 3] + whole.dropFirst(2))?.code == "ibw.version")
  }

  @Test func refusesTextIndexesOutOfOrder() throws {
    let whole = try bytes("igor-ibw/version5_text.ibw")
    let index = whole.count - 12
    for (offset, value) in [(index, Int32(-1)), (index + 4, 2), (index + 8, 99)] {
      let diagnostic = failure(patched(whole, offset, value))
      #expect(diagnostic?.code == "ibw.text-index" && diagnostic?.place == .byte(offset))
    }
    #expect(failure(patched(whole, 52, 8))?.code == "ibw.text-index")
    #expect(failure(whole, AsylumForceCurve.self)?.code == "ibw.text-wave")
  }

  /// A cut in the note keeps its whole lines, one before the labels leaves the columns unnamed.
  @Test func salvagesWhatIsWhole() throws {
    let whole = try bytes("asylum-ibw/elastic_10nm.ibw")
    let note = try #require(ByteView(whole).firstRange(of: "VerDate:")).lowerBound
    let cut = try read(Array(whole.prefix(note + 30)))
    #expect(!cut.complete && cut.metadata.text("VerDate") == "160212")
    #expect(cut.metadata.text("Version") == nil)
    #expect(cut.diagnostics.contains { $0.code == "ibw.truncated" && $0.severity == .warning })
    // 10 values of the first column: no whole column, no whole row.
    #expect(failure(Array(whole.prefix(384 + 40)), AsylumForceCurve.self)?.code == "ibw.truncated")
    // One and a half columns: one whole column.
    let columns = try read(Array(whole.prefix(384 + 1920 * 6)), IgorWave.self)
    #expect(columns.tables[0].columns.count == 2 && columns.tables[0].rows == 1920)
    #expect(columns.diagnostics.first?.message.contains("1 of 3 columns") == true)
  }

  @Test func doesNotSalvageBehindAWrongChecksum() throws {
    let whole = try bytes("asylum-ibw/elastic_10nm.ibw")
    var cut = Array(whole.prefix(384 + 1920 * 10))
    cut[2] ^= 1
    #expect(failure(cut, AsylumForceCurve.self)?.code == "ibw.truncated")
  }

  @Test func countsMissingValues() throws {
    var changed = try bytes("asylum-ibw/elastic_10nm.ibw")
    changed[386] = 0xC0
    changed[387] = 0x7F
    let dataset = try read(changed)
    #expect(dataset.diagnostics.map(\.code) == ["ibw.missing-values"])
    #expect(dataset.tables[0].columns[0].missing.count == 1)
  }

  /// A step that is no number is not used: the time comes from the note, 2000 points a second.
  @Test func doubtsAScalingThatIsNoNumber() throws {
    let whole = try bytes("asylum-ibw/elastic_10nm.ibw")
    let dataset = try read(patched(whole, 152, 0x7FF8_0000))
    #expect(dataset.diagnostics.map(\.code) == ["ibw.scaling"])
    #expect(dataset.tables[0]["time"]?.real?[1] == 1.0 / 2000)
  }

  @Test func warnsOfLabelsThatRepeatOrLack() throws {
    let whole = try bytes("asylum-ibw/elastic_10nm.ibw")
    let twice = try read(replacing("ZSnsr\0race", "Raw\0\0\0race", in: whole))
    #expect(twice.diagnostics.map(\.code) == ["ibw.duplicate-column"])
    #expect(
      twice.tables[0].columns.map(\.name)
        == ["piezo_position", "deflection", "piezo_position_2", "time"])
    let few = try read(patched(whole, 40, 96))
    #expect(few.diagnostics.contains { $0.code == "ibw.labels" })
    #expect(
      few.tables[0].columns.map(\.name)
        == ["piezo_position", "deflection", "column_2", "time"])
  }

  @Test func keepsToTheLimitOfColumns() throws {
    var options = ReadOptions()
    options.limits.columns = 2
    let view = ByteView(try bytes("igor-ibw/version5_uint8_big_endian.ibw"))
    let plain = try IgorWave.read(view, name: "wave.ibw", options: options)
    #expect(plain.tables[0].columns.map(\.values) == [.integer((0..<24).map { Int64($0) })])
    #expect(plain.diagnostics.map(\.code) == ["ibw.many-columns"])
    let refused = #expect(throws: ReadFailure.self) {
      try AsylumForceCurve.read(view, name: "wave.ibw", options: options)
    }
    #expect(refused?.diagnostic.code == "ibw.many-columns")
  }
}
