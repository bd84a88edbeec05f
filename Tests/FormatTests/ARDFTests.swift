import Bytes
import ForceMicroscopy
import Reading
import Tables
import TestSupport
import Testing

/// A generated force map (tools/generate/ardf.py), whole and with single blocks changed.
@Suite struct ARDFTests {
  static let sample = "afm/ardf/map_2x2.ardf"

  func bytes() throws -> [UInt8] { try FileSource.open(path: TestData.path(Self.sample)).array }

  func read(_ bytes: [UInt8]) throws -> Dataset {
    try AsylumARDF.read(ByteView(bytes), name: "map.ardf", options: ReadOptions())
  }

  func failure(_ bytes: [UInt8]) -> Diagnostic? {
    switch Reading.read(AsylumARDF.self, ByteView(bytes), name: "map.ardf") {
    case .success: nil
    case .failure(let failure): failure.diagnostic
    }
  }

  /// Where the blocks of a name start, entries of tables too.
  func places(_ name: String, _ bytes: [UInt8]) -> [Int] {
    let view = ByteView(bytes)
    var result: [Int] = []
    var from = 0
    while let range = view.firstRange(of: name, from: from) {
      result.append(range.lowerBound - 8)
      from = range.upperBound
    }
    return result
  }

  /// The bytes with some replaced and the checksum of the block at `block` made right again.
  func patched(_ bytes: [UInt8], _ block: Int, at offset: Int, _ new: [UInt8]) -> [UInt8] {
    var changed = bytes
    changed.replaceSubrange((block + offset)..<(block + offset + new.count), with: new)
    let size = (0..<4).reduce(0) { $0 | Int(changed[block + 4 + $1]) << (8 * $1) }
    let sum = CRC32.of(ByteView(changed)[(block + 4)..<(block + size)])
    for i in 0..<4 { changed[block + i] = UInt8(truncatingIfNeeded: sum >> (8 * UInt32(i))) }
    return changed
  }

  @Test func readsEveryCurve() throws {
    let truth = try Truth.of(TestData.path(Self.sample))
    let dataset = try read(bytes())
    let curves = truth["curves"]?.elements ?? []
    var names: [String] = []
    for (i, curve) in curves.enumerated() {
      for segment in curve["segments"]?.elements ?? [] {
        let table = try #require(dataset["\(i)/\(segment["kind"]?.text ?? "")"])
        names.append(table.name)
        for layer in segment["layers"]?.elements ?? [] {
          let column = try #require(table.columns.first { $0.label == layer["label"]?.text })
          let found = try #require(column.statistics)
          #expect(Double(found.count) == layer["n"]?.finiteNumber)
          #expect(found.first == layer["first"]?.finiteNumber)
          #expect(found.last == layer["last"]?.finiteNumber)
          #expect(found.min == layer["min"]?.finiteNumber)
          #expect(found.max == layer["max"]?.finiteNumber)
          #expect(column.unit.ucum == "m" && column.storage == .float32)
        }
        let start = segment["start"]?.finiteNumber ?? .nan
        #expect(table["time"]?.real?.first == start * 0.002)
      }
    }
    #expect(dataset.tables.map(\.name) == names + ["curves", "scan"])
    #expect(dataset["curves"]?["line"]?.values == .integer([0, 0, 1, 1]))
    #expect(dataset["curves"]?["point"]?.values == .integer([0, 1, 0, 1]))
    #expect(dataset.diagnostics.map(\.code) == ["ardf.not-read"] && dataset.complete)
  }

  @Test func givesTheCalibrationAndAllNotes() throws {
    let dataset = try read(bytes())
    #expect(dataset.setting("spring_constant")?.value == 2.5)
    #expect(dataset.setting("invols", group: "3")?.value == 5.5e-8)
    #expect(dataset.setting("trigger_force")?.value == 2e-8)
    let place = try #require(dataset.setting("spring_constant")?.origin.bytes.first)
    #expect(try ByteView(bytes())[place].latin1() == "SpringConstant:2.5")
    #expect(dataset.metadata.text("Comment") == "made map, 25 \u{B0}C")
    #expect(dataset.metadata.text("volume[0].VolumeComment") == "second try")
    #expect(dataset.metadata.text("image[1].Layer") == "PhaseRetrace")
    #expect(dataset.metadata.text("volume[0].experiment") == "Tip,Ext,Dwell,Ret;")
  }

  @Test func givesTheImagesOfOneScanTogether() throws {
    let dataset = try read(bytes())
    let scan = try #require(dataset["scan"])
    #expect(scan.columns.map(\.name) == ["height", "phase"])
    #expect(scan["phase"]?.real == [90, 91, 92, 93] && scan["phase"]?.unit.ucum == "deg")
    #expect(dataset.grids.first?.axes.map(\.step) == [1e-6, 1e-6])
  }

  @Test func losesOnlyTheCurveOfADamagedBlock() throws {
    var bytes = try bytes()
    let data = try #require(places("VDAT", bytes).dropFirst(4).first)
    bytes[data + 100] ^= 1
    let dataset = try read(bytes)
    #expect(dataset["1/approach"] == nil && dataset["0/approach"] != nil)
    #expect(dataset["2/approach"]?.rows == 38 && dataset["3/retract"]?.rows == 42)
    let lost = try #require(dataset.diagnostics.first { $0.code == "ardf.curve-lost" })
    #expect(lost.place == .byte(data) && lost.message.hasPrefix("1 curves are lost (1)"))
    #expect(dataset.diagnostics.contains { $0.code == "ardf.checksum" && $0.place == .byte(data) })
    #expect(!dataset.complete)
  }

  @Test func findsTheCurvesBehindADamagedHeader() throws {
    var bytes = try bytes()
    let set = try #require(places("VSET", bytes).dropFirst().first)
    bytes[set + 40] ^= 0x10
    let dataset = try read(bytes)
    #expect(dataset["1/approach"] == nil && dataset["2/approach"]?.rows == 38)
    #expect(dataset.diagnostics.contains { $0.message.contains("VSET block is damaged") })
  }

  /// A size that leads nowhere: the pointer of the curve before leads to the next one.
  @Test func followsThePointersWhereASizeIsWrong() throws {
    let bytes = try bytes()
    let data = try #require(places("VDAT", bytes).first)
    let dataset = try read(patched(bytes, data, at: 4, [0x3C, 1, 0, 0]))
    #expect(dataset["0/approach"] == nil && dataset["1/approach"]?.rows == 34)
  }

  @Test func givesTheCurvesOfAStoppedScan() throws {
    var bytes = try bytes()
    let line = try #require(places("VOFF", bytes).last)
    for i in line..<(line + 40) { bytes[i] = 0 }
    let third = try #require(places("VSET", bytes).dropFirst(2).first)
    bytes = Array(bytes[..<third])
    let count = try #require(places("NSET", bytes).first)
    bytes = patched(bytes, count, at: 16, [2])
    let dataset = try read(bytes)
    #expect(dataset.tables.count { $0.name.contains("/") } == 6)
    let stopped = try #require(dataset.diagnostics.first { $0.code == "ardf.stopped" })
    #expect(stopped.message.contains("2 curves are there, the scan has 4 points"))
    #expect(stopped.message.contains("1 of its lines were not begun"))
    // Everything that was measured is there.
    #expect(dataset.complete)
  }

  @Test func findsCurvesWithoutATableOfLines() throws {
    var bytes = try bytes()
    for line in places("VOFF", bytes) { for i in line..<(line + 40) { bytes[i] = 0 } }
    #expect(try read(bytes).tables.count { $0.name.contains("/") } == 11)
  }

  @Test func keepsWholeCurvesOfACutFile() throws {
    let bytes = try bytes()
    let last = try #require(places("VDAT", bytes).last)
    let dataset = try read(Array(bytes[..<(last + 200)]))
    #expect(dataset["2/retract"]?.rows == 38 && dataset["3/approach"] == nil)
    #expect(dataset.diagnostics.contains { $0.message.contains("a block of its data is cut") })
    #expect(!dataset.complete)
    #expect(failure(Array(bytes[..<100]))?.code == "ardf.truncated")
    #expect(failure(Array(bytes[..<10]))?.code == "ardf.truncated")
  }

  @Test func doubtsOffsetsOfSegments() throws {
    var bytes = try bytes()
    for data in places("VDAT", bytes).prefix(3) {
      bytes = patched(bytes, data, at: 40, [200, 0, 0, 0])
    }
    let dataset = try read(bytes)
    #expect(dataset.diagnostics.contains { $0.code == "ardf.segments-inferred" })
    #expect(dataset["0/approach"]?.rows == 30 && dataset["0/retract"]?.rows == 36)
  }

  @Test func refusesChannelsOfUnequalLength() throws {
    let bytes = try bytes()
    let data = try #require(places("VDAT", bytes).first)
    let dataset = try read(patched(bytes, data, at: 28, [60]))
    #expect(dataset["0/approach"] == nil)
    #expect(
      dataset.diagnostics.contains { $0.message.contains("values") && $0.code == "ardf.curve-lost" }
    )
    let tooMany = try read(patched(bytes, data, at: 28, [67]))
    #expect(tooMany.diagnostics.contains { $0.message.contains("contradicts its own size") })
  }

  @Test func saysThatAChannelIsMissing() throws {
    var bytes = try bytes()
    let data = try #require(places("VDAT", bytes).dropFirst(2).first)
    // The third channel becomes extra data.
    bytes = patched(bytes, data, at: 8, Array("XDAT".utf8))
    let dataset = try read(bytes)
    #expect(dataset["0/approach"]?.columns.count == 3)
    #expect(dataset.diagnostics.contains { $0.code == "ardf.channels" })
    #expect(dataset.diagnostics.contains { $0.message.hasPrefix("1 XDAT blocks") })
  }

  @Test func leavesOutDamagedAndBlankLinesOfImages() throws {
    var bytes = try bytes()
    let row = try #require(places("IDAT", bytes).first)
    bytes[row + 17] ^= 1
    let damaged = try read(bytes)
    #expect(damaged["scan"]?["height"]?.missing.count == 2 && !damaged.complete)
    for i in row..<(row + 24) { bytes[i] = 0 }
    let blank = try read(bytes)
    #expect(blank.diagnostics.contains { $0.code == "ardf.stopped-image" })
    #expect(blank["scan"]?["phase"]?.missing.count == 0)
  }

  @Test func keepsThePartsThatCanBeRead() throws {
    let bytes = try bytes()
    let box = try #require(places("IBOX", bytes).first)
    let image = try read(patched(bytes, box, at: 28, [32]))
    #expect(image.diagnostics.contains { $0.code == "ardf.part-lost" })
    #expect(image["scan"]?.columns.count == 1 && image["3/approach"] != nil && !image.complete)
    let definition = try #require(places("IDEF", bytes).first)
    let other = try read(patched(bytes, definition, at: 16, [3]))
    #expect(other.diagnostics.contains { $0.message.contains("3 × 2 pixels") })
    let note = try #require(places("TOFF", bytes).first)
    let text = try read(patched(bytes, note, at: 24, [1]))
    #expect(text.diagnostics.contains { $0.code == "ardf.text" })
    #expect(text.setting("spring_constant") == nil)
  }

  /// A table that names one volume again and again costs no more than the file holds.
  @Test func readsNoByteTwice() throws {
    var bytes = try bytes()
    let volume = try #require(places("VOLM", bytes).first)
    let entry = Array(bytes[volume..<(volume + 24)])
    for i in 0..<6 { bytes.replaceSubrange((48 + 24 * i)..<(72 + 24 * i), with: entry) }
    let dataset = try read(bytes)
    // Every curve is given once.
    #expect(Set(dataset.tables.map(\.name)).count == dataset.tables.count)
    #expect(dataset.tables.count { $0.name.contains("/") } <= 11)
    let note = try #require(places("TOFF", bytes).first)
    let text = Array(bytes[note..<(note + 32)])
    bytes = Array(bytes[..<2560])
    for i in 0..<4 { bytes.replaceSubrange((note + 32 * i)..<(note + 32 + 32 * i), with: text) }
    #expect(failure(bytes)?.code == "ardf.no-data")
  }

  @Test func refusesWhatIsNoMap() throws {
    let bytes = try bytes()
    #expect(failure(patched(bytes, 0, at: 8, Array("ARDX".utf8)))?.code == "ardf.block")
    let contents = patched(bytes, 16, at: 24, [200])
    #expect(failure(contents)?.code == "ardf.table" && failure(contents)?.place == .byte(32))
    var empty = bytes
    for i in 48..<192 { empty[i] = 0 }
    #expect(failure(empty)?.code == "ardf.no-data")
  }

  @Test func isRecognisedByItsBlocks() throws {
    var bytes = try bytes()
    let head = { FileHead(ByteView(bytes), name: "x.dat") }
    #expect(AsylumARDF.recognise(head()).score == 100)
    bytes[0] ^= 1
    #expect(AsylumARDF.recognise(head()).score == 90)
    bytes[9] ^= 1
    #expect(AsylumARDF.recognise(head()).score == 70)
    #expect(AsylumARDF.recognise(FileHead(ByteView([]), name: "x.ardf")).score == 0)
  }
}

/// The layout sample, compared with magic-afm 1.0.0b3 (the corpus' truth file).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct ARDFCorpusTests {
  @Test func readsTheLayoutSample() throws {
    let path = Corpus.path("afm/ardf/layout_fmap_3x3.ardf")
    let truth = try Truth.of(path)
    let dataset = try AsylumARDF.read(
      FileSource.open(path: path), name: "layout.ardf", options: ReadOptions())
    let volume = try #require(truth["volumes"]?.elements.first)
    let curves = volume["curves"]?.elements ?? []
    #expect(curves.count == 9)
    for (i, curve) in curves.enumerated() {
      let map = try #require(dataset["curves"])
      #expect(map["line"]?.real?[i] == curve["line"]?.finiteNumber)
      #expect(map["point"]?.real?[i] == curve["point"]?.finiteNumber)
      for (key, column) in [("z", "piezo_position"), ("d", "deflection")] {
        for segment in ["approach", "retract"] {
          let table = try #require(dataset["\(i)/\(segment)"])
          let found = try #require(table[column]?.statistics)
          let wanted = try #require(curve["\(key)_\(segment)_nm"])
          let scale = max(abs(found.min ?? 0), abs(found.max ?? 0))
          #expect(Double(found.count) == wanted["n"]?.finiteNumber)
          for (name, value) in [
            ("first", found.first), ("last", found.last), ("min", found.min),
            ("max", found.max), ("mean", found.mean),
          ] {
            let expected = wanted[name]?.finiteNumber.map { $0 * 1e-9 }
            #expect(
              Truth.difference(value, expected, scale: scale) < 2e-6, "\(i) \(segment) \(name)")
          }
        }
      }
    }
    #expect(dataset.tables.count { $0.name.contains("/") } == 18)
    #expect(dataset.setting("spring_constant")?.value == truth["k"]?.finiteNumber)
    let sensitivity = try #require(dataset.setting("invols")?.value)
    #expect(
      Truth.difference(sensitivity * 1e9, truth["invols_nm_per_V"]?.finiteNumber) < 1e-12)
    #expect(dataset["0/approach"]?["time"]?.real?[1] == truth["t_step"]?.finiteNumber)
    #expect(!dataset.diagnostics.contains { $0.severity > .note } && dataset.complete)
  }
}
