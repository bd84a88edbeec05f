import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// A generated Nanosurf file (tools/generate/nanosurf_sample.py), whole and with fields changed.
@Suite struct NanosurfTests {
  func bytes() throws -> [UInt8] {
    try FileSource.open(path: TestData.path("afm/nanosurf-nid/map_and_scan.nid")).array
  }

  func read(_ bytes: [UInt8]) throws -> Dataset {
    try NanosurfFile.read(ByteView(bytes), name: "made.nid", options: ReadOptions())
  }

  func failure(_ bytes: [UInt8]) -> Diagnostic? {
    switch Reading.read(NanosurfFile.self, ByteView(bytes), name: "made.nid") {
    case .success: nil
    case .failure(let failure): failure.diagnostic
    }
  }

  func replacing(_ old: String, _ new: String, in bytes: [UInt8]) throws -> [UInt8] {
    let range = try #require(ByteView(bytes).firstRange(of: old))
    var changed = bytes
    changed.replaceSubrange(range, with: Array(new.utf8))
    return changed
  }

  func codes(_ dataset: Dataset) -> [String] { dataset.diagnostics.map(\.code) }

  /// Two curves, the second stopped after 40 of 50 points (made so).
  @Test func readsCurvesAndScans() throws {
    let dataset = try read(bytes())
    #expect(
      dataset.tables.map(\.name)
        == ["0/approach", "0/retract", "1/approach", "1/retract", "scan", "scan_2"])
    #expect(dataset.tables.map(\.rows) == [50, 50, 40, 50, 24, 24])
    #expect(dataset.diagnostics.isEmpty && dataset.complete)
    // A deflection in newtons is a force.
    #expect(
      dataset.tables[0].columns.map(\.name)
        == ["force", "sensor_position", "piezo_position", "time"])
    let force = try #require(dataset["0/retract"]?["force"]?.real)
    // Stored from far to near; in time order the retract starts in contact.
    #expect(force[0] > 1.5e-7 && abs(force[49]) < 1e-8)
    let height = try #require(dataset["0/retract"]?["sensor_position"]?.real)
    #expect(height[0] > height[49])
    #expect(dataset["1/retract"]?["time"]?.real?.first == 40 * 0.01)
    #expect(dataset["1/retract"]?["time"]?.real?[1] == 40 * 0.01 + 0.02)
    #expect(dataset.setting("spring_constant")?.value == 2.5)
    #expect(abs((dataset.setting("invols")?.value ?? 0) - 8e-8) < 1e-20)
    #expect(dataset.setting("trigger_force")?.value == 2e-7)
    #expect(dataset.metadata.text("Operator") == "made for tests, 5 \u{B5}m")
  }

  /// The scan of 5 × 3 µm has 6 × 4 points, those of the outermost lines included.
  @Test func givesTheAxesOfBothScans() throws {
    let dataset = try read(bytes())
    #expect(dataset.grids.map(\.name) == ["scan", "scan_2"])
    for grid in dataset.grids {
      #expect(grid.axes.map(\.count) == [6, 4] && grid.axes.map(\.unit.ucum) == ["m", "m"])
      #expect(abs(grid.axes[0].step - 1e-6) < 1e-18 && abs(grid.axes[1].step - 1e-6) < 1e-18)
    }
  }

  /// The same numbers with every way of storing them.
  @Test func readsOtherStorage() throws {
    let whole = try bytes()
    let height = try #require(try read(whole)["scan"]?["height"]?.real)
    let start = whole.count - 96
    var big = try replacing(
      "SaveBits=16\r\nSaveSign=Signed\r\nSaveOrder=Intel",
      "SaveBits=16\r\nSaveSign=Signed\r\nSaveOrder=Motorola", in: whole)
    for i in stride(from: big.count - 96, to: big.count - 48, by: 2) { big.swapAt(i, i + 1) }
    #expect(try read(big)["scan"]?["height"]?.real == height)
    var unsigned = try replacing(
      "SaveBits=16\r\nSaveSign=Signed", "SaveBits=16\r\nSaveSign=Unsigned", in: whole)
    let shift = unsigned.count - whole.count
    for i in stride(from: start + shift + 1, to: start + shift + 48, by: 2) { unsigned[i] ^= 0x80 }
    #expect(try read(unsigned)["scan"]?["height"]?.real == height)
  }

  @Test func keepsWholeLinesOfACutFile() throws {
    let whole = try bytes()
    // Four blocks of 2 × 50 × 4 bytes, two of 6 × 4 × 2.
    let cut = try read(Array(whole.prefix(whole.count - 96 - 100)))
    #expect(!cut.complete && cut.tables.count == 4)
    let warning = try #require(cut.diagnostics.first { $0.code == "nid.truncated" })
    #expect(warning.message.contains("9 lines of 3 of 6 blocks"))
    #expect(cut["1/retract"]?["sensor_position"] == nil && cut["1/retract"]?["force"] != nil)
    #expect(failure(Array(whole.prefix(whole.count - 1696 + 10)))?.code == "nid.no-data")
    #expect(failure(Array(whole.prefix(500)))?.code == "nid.header")
  }

  @Test func refusesBlocksWithoutAnExtent() throws {
    let whole = try bytes()
    for (old, new, code) in [
      ("SaveBits=32", "SaveBits=12", "nid.block"), ("Points=50", "Pointx=50", "nid.block"),
      ("Lines=2", "Lines=2222222222", "nid.block"),
      ("SaveMode=Binary", "SaveMode=ASCII", "nid.save-mode"),
      ("[DataSet-0:7]", "[DataSet-9:7]", "nid.block"),
      ("[DataSet]", "[DataSex]", "nid.header"),
    ] {
      #expect(failure(try replacing(old, new, in: whole))?.code == code, "\(new)")
    }
  }

  @Test func saysWhatItCannotRead() throws {
    let whole = try bytes()
    for (old, new, code) in [
      ("Dim2Range=", "Dim2Rangx=", "nid.no-scale"), ("Dim0Unit=m", "Dim0Unix=m", "nid.no-axis"),
      ("FwModTime", "FwModTimx", "nid.no-time"),
      ("Prop0=D[2.5]", "Prop0=D[0.0]", "nid.no-spring-constant"),
      ("Frame=Spec forward", "Frame=Spec forwarx", "nid.frame"),
      ("Gr3-Ch1=DataSet-3:1", "Gr3-Cx1=DataSet-3:1", "nid.unlisted"),
      ("Version=2\r\nGroup", "Version 2\r\nGroup", "nid.line"),
      ("SaveOrder=Intel", "SaveOrder=Inte!", "nid.save-mode"),
      ("LineDim1Points=40", "LineDim1Points=39", "nid.line-points"),
    ] {
      #expect(codes(try read(replacing(old, new, in: whole))).contains(code), "\(new)")
    }
    #expect(codes(try read(whole + [0, 0])) == ["nid.trailing"])
  }
}

/// A real file of Nanosurf against NSFopen 2.2.4 (the corpus' truth file).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct NanosurfCorpusTests {
  func compare(_ column: Column?, _ truth: ResultValue?, turned: Bool = false, _ what: String) {
    guard let found = column?.statistics, let truth else {
      Issue.record("\(what): column or truth absent")
      return
    }
    let scale = max(abs(truth["max"]?.finiteNumber ?? 0), abs(truth["min"]?.finiteNumber ?? 0))
    #expect(Double(found.count) == truth["n"]?.finiteNumber, "\(what)")
    for (key, value) in [
      (turned ? "last" : "first", found.first), (turned ? "first" : "last", found.last),
      ("min", found.min), ("max", found.max), ("mean", found.mean),
    ] {
      #expect(
        Truth.difference(value, truth[key]?.finiteNumber, scale: scale) < 1e-9, "\(what) \(key)")
    }
  }

  @Test func readsAMapOfCurves() throws {
    let path = Corpus.path("afm/nanosurf/spectroscopy.nid")
    let dataset = try NanosurfFile.read(
      FileSource.open(path: path), name: "spectroscopy.nid", options: ReadOptions())
    let truth = try #require(try Truth.of(path)["channels"])
    #expect(dataset.diagnostics.isEmpty && dataset.complete)
    for (way, table) in [("Forward", "scan"), ("Backward", "scan_2")] {
      for (name, channel) in [
        ("height", "Z-Axis"), ("amplitude", "Amplitude"), ("phase", "Phase"),
        ("sensor_position", "Z-Axis Sensor"),
      ] {
        let wanted = truth["Image|\(way)|\(channel)"]
        let column = dataset[table]?[name]
        #expect(column?.label == channel)
        compare(column, wanted, "\(table) \(channel)")
      }
    }
    for (way, table) in [("Forward", "approach"), ("Backward", "retract")] {
      for (name, channel) in [("force", "Deflection"), ("sensor_position", "Z-Axis Sensor")] {
        let wanted = truth["Spec|\(way)|\(channel)"]
        let curves = dataset.tables.filter { $0.name.hasSuffix("/\(table)") }
        #expect(Double(curves.count) == wanted?["curves"]?.finiteNumber)
        // NSFopen leaves the backward curves in the order of the file, against time.
        let turned = table == "retract"
        compare(curves.first?[name], wanted?["first"], turned: turned, "first \(table) \(channel)")
        compare(curves.last?[name], wanted?["last"], turned: turned, "last \(table) \(channel)")
      }
    }
    #expect(dataset.setting("spring_constant")?.value == 2.72436)
    #expect(dataset.setting("trigger_force")?.value == 2.72436e-7)
    // 2.72436 N/m times the range in metres is the range in newtons, 1.99075e-6.
    let invols = try #require(dataset.setting("invols")?.value)
    #expect(Truth.difference(2.72436 * invols * 10, 1.99075e-6) < 1e-5)
  }
}
