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
