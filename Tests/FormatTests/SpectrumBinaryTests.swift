import Bytes
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Damages and variants of the binary formats of spectra, on bytes made here or changed samples.
@Suite struct SpectrumBinaryTests {
  func sample(_ path: String) throws -> [UInt8] {
    try FileSource.open(path: TestData.path("rbs/" + path)).array
  }

  func read(_ format: any FileFormat.Type, _ bytes: [UInt8]) -> Result<Dataset, ReadFailure> {
    Reading.read(format, ByteView(bytes), name: "x")
  }

  func failure(_ format: any FileFormat.Type, _ bytes: [UInt8]) -> Diagnostic? {
    if case .failure(let failure) = read(format, bytes) { return failure.diagnostic }
    return nil
  }

  func codes(_ dataset: Dataset) -> Set<String> { Set(dataset.diagnostics.map(\.code)) }

  /// A record of RUMP with its checksum.
  func record(_ type: UInt32, _ data: [UInt8]) -> [UInt8] {
    let filled = data + Array(repeating: 0, count: (4 - data.count % 4) % 4)
    var words = [UInt32(filled.count / 4 + 3), type]
    for i in stride(from: 0, to: filled.count, by: 4) {
      words.append(filled[i..<(i + 4)].reduce(0) { $0 << 8 | UInt32($1) })
    }
    words.append(0 &- words.reduce(0, &+))
    return words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
  }

  func rump(_ mode: UInt8, points: UInt8, _ data: [UInt8]) -> [UInt8] {
    record(0, [0x10, 0x21, 0x12, 0x10, 0, 1, 0, 1])
      + record(0x10, [0, 0, 0, mode, 0, 0, 0, points]) + record(0x11, data)
  }

  @Test func rumpDifferencesOfEveryWidth() throws {
    // 1000; +5; −900 as int16; 70000 as int32; −1.
    let steps: [UInt8] = [
      0, 0, 3, 0xE8, 5, 0x80, 0xFC, 0x7C, 0x80, 0x80, 0, 0, 1, 0x11, 0x70, 0xFF,
    ]
    let dataset = try read(RUMPFile.self, rump(2, points: 5, steps)).get()
    #expect(dataset["spectrum"]?["counts"]?.values == .integer([1000, 1005, 105, 70000, 69999]))
    // Marker 0x07: three zeros behind a start of 7, which is the marker itself.
    let zeros: [UInt8] = [0x80, 7, 7, 3, 7, 0, 7, 4]
    let runs = try read(RUMPFile.self, rump(3, points: 5, zeros)).get()
    #expect(runs["spectrum"]?["counts"]?.values == .integer([7, 7, 7, 7, 7]))
    #expect(failure(RUMPFile.self, rump(3, points: 5, [1, 2, 3, 4]))?.code == "rump-binary.marker")
    // 4096 runs of 255 zeros and as many again: more than a file may give without a promise.
    let run: [UInt8] = [0x80, 7] + (0..<4096).flatMap { _ -> [UInt8] in [7, 255] }
    let endless = (0..<4).flatMap { _ in record(0x15, run) }
    let start = record(0, [0x10, 0x21, 0x12, 0x10, 0, 1, 0, 1])
    #expect(failure(RUMPFile.self, start + endless)?.code == "rump-binary.expansion")
    #expect(failure(RUMPFile.self, rump(7, points: 5, steps))?.code == "rump-binary.data")
    let wide = failure(RUMPFile.self, rump(2, points: 5, [0, 0, 3, 0xE8, 0x80, 0x80, 0, 1]))
    #expect(wide?.code == "rump-binary.truncated")
  }

  @Test func rumpFillingIsNoCounts() throws {
    // 62 or 64 counts of 9, one byte of difference each behind the first, and what fills the last word.
    let head = record(0, [0x10, 0x21, 0x12, 0x10, 0, 1, 0, 1])
    func counts(_ steps: [UInt8]) throws -> (Int?, Bool) {
      let dataset = try read(RUMPFile.self, head + record(0x14, [0, 0, 0, 9] + steps)).get()
      return (
        dataset["spectrum"]?["counts"]?.values.count, codes(dataset).contains("rump-binary.filling")
      )
    }
    // 64 counts are 67 bytes: one more fills the word.
    #expect(try counts([UInt8](repeating: 0, count: 63)) == (64, true))
    // Nothing is a multiple of 64: zero bytes at the end are no counts.
    #expect(try counts([1, 255, 1, 255, 1]) == (6, true))
    #expect(try counts([1, 255, 1, 255]) == (5, false))
    // Behind counts of 0 nothing can be told, and nothing is lost.
    #expect(try counts([0xF7, 0, 0]) == (5, false))
  }

  @Test func rumpTextsMayLackTheirLength() throws {
    // 0x52425320 as a length would be 1.4 GB; with a length of 3, `abc` is the text.
    let bare = record(1, Array("RBS of film".utf8))
    let counted = record(1, [0, 0, 0, 3] + Array("abcd".utf8))
    let head = record(0, [0x10, 0x21, 0x12, 0x10, 0, 1, 0, 1])
    let data = record(0x10, [0, 0, 0, 1, 0, 0, 0, 2]) + record(0x11, [0, 0, 0, 7, 0, 0, 0, 9])
    let dataset = try read(RUMPFile.self, head + bare + counted + data).get()
    #expect(dataset["spectrum"]?["counts"]?.values == .integer([7, 9]))
    #expect(dataset.metadata["comment"] == .text("RBS of film"))
  }

  @Test func cnfHeadersMayStandOnce() throws {
    var bytes = try sample("canberra-cnf/oxide.cnf")
    let whole = try read(CanberraSpectrumFile.self, bytes).get()
    var place = 112
    while bytes[place + 1] == 0x20, bytes[place + 2] == 0x01 {
      let start = (0..<4).reduce(0) { $0 | Int(bytes[place + 10 + $1]) << (8 * $1) }
      for i in 0..<3 { bytes[start + i] = 0 }
      place += 48
    }
    let once = try read(CanberraSpectrumFile.self, bytes).get()
    #expect(once["spectrum"]?["counts"]?.values == whole["spectrum"]?["counts"]?.values)
    #expect(once.spectrumRecords == whole.spectrumRecords)
    // A pointer to nothing stays an error.
    bytes[112 + 11] &+= 1
    #expect(failure(CanberraSpectrumFile.self, bytes) != nil)
  }

  @Test func rumpRefusesWrongSums() throws {
    var bytes = try sample("rump-binary/mode2.rbs")
    bytes[bytes.count - 6] ^= 1
    let sum = failure(RUMPFile.self, bytes)
    #expect(sum?.code == "rump-binary.checksum")
    if case .byte(let place)? = sum?.place { #expect(place > 200) }
    let cut = Array(try sample("rump-binary/mode3.rbs").dropLast(12))
    let salvaged = try read(RUMPFile.self, cut).get()
    #expect(!salvaged.complete && codes(salvaged).contains("rump-binary.truncated"))
    #expect(salvaged["spectrum"]?.rows == 1024)
    #expect(failure(RUMPFile.self, [0, 0, 0, 1, 0, 0, 0, 0])?.code == "rump-binary.length")
    let beam =
      record(0, [0x10, 0x21, 0x12, 0x10, 0, 1, 0, 1])
      + record(0x111, [0xBF, 0x80, 0, 0] + Array(repeating: 0, count: 20))
    #expect(failure(RUMPFile.self, beam)?.code == "rump-binary.value")
  }

  @Test func chnTrailerMayBeOldOrCut() throws {
    var bytes = try sample("ortec-chn/oxide.Chn")
    let trailer = 32 + 4 * 128
    bytes[trailer] = 0x9B  // −101
    bytes[trailer + 14] = 0x80  // a third coefficient, which no straight line has
    let old = try read(OrtecChannelFile.self, bytes).get()
    #expect(old.spectrumRecords.first?.calibration?.coefficients == [19.375, 6.75])
    let cut = try read(OrtecChannelFile.self, Array(bytes.prefix(trailer + 100))).get()
    #expect(!cut.complete && codes(cut).contains("ortec-chn.trailer"))
    let without = try read(OrtecChannelFile.self, Array(bytes.prefix(trailer))).get()
    #expect(without.spectrumRecords.first?.calibration == nil)
    #expect(
      failure(OrtecChannelFile.self, Array(bytes.prefix(200)))?.code == "spectrum.truncated")
    bytes[30] = 0
    #expect(failure(OrtecChannelFile.self, bytes)?.code == "ortec-chn.channels")
    bytes[0] = 1
    #expect(failure(OrtecChannelFile.self, bytes)?.code == "ortec-chn.mark")
  }

  @Test func spcPointersMustLieInTheFile() throws {
    let whole = try sample("ortec-spc/oxide.Spc")
    var bytes = whole
    bytes[34] = 200
    #expect(failure(OrtecRecordFile.self, bytes)?.code == "ortec-spc.pointer")
    bytes = whole
    bytes[60] = 200
    #expect(failure(OrtecRecordFile.self, bytes)?.place == .byte(60))
    bytes = whole
    bytes[64] = 0
    #expect(failure(OrtecRecordFile.self, bytes)?.code == "ortec-spc.spectrum")
    bytes[2] = 9
    #expect(failure(OrtecRecordFile.self, bytes)?.code == "ortec-spc.type")
    let short = try read(OrtecRecordFile.self, Array(whole.dropLast(100))).get()
    #expect(!short.complete && codes(short).contains("spectrum.short"))
  }

  @Test func cnfWithTwoSpectraAndDamages() throws {
    let whole = try sample("canberra-cnf/oxide.cnf")
    // Acquisition and data listed once more: a second spectrum.
    var twice = whole
    twice.replaceSubrange(256..<304, with: whole[112..<160])
    twice.replaceSubrange(304..<352, with: whole[208..<256])
    let two = try read(CanberraSpectrumFile.self, twice).get()
    #expect(two.tables.map(\.name) == ["spectrum_1", "spectrum_2"])
    #expect(two.tables[0].columns[2].values == two.tables[1].columns[2].values)
    var bytes = whole
    bytes[122 + 2] = 9
    #expect(failure(CanberraSpectrumFile.self, bytes)?.code == "canberra-cnf.pointer")
    bytes = whole
    bytes[122] = 9
    #expect(failure(CanberraSpectrumFile.self, bytes)?.code == "canberra-cnf.block")
    bytes = whole
    bytes[512 + 48 + 128] = 0x51
    #expect(failure(CanberraSpectrumFile.self, bytes)?.code == "canberra-cnf.kind")
    bytes[113] = 0
    #expect(failure(CanberraSpectrumFile.self, bytes)?.code == "canberra-cnf.directory")
    let short = try read(CanberraSpectrumFile.self, Array(whole.dropLast(40))).get()
    #expect(codes(short).contains("spectrum.short"))
    #expect(
      failure(CanberraSpectrumFile.self, Array(whole.dropLast(900)))?.code == "spectrum.truncated")
  }
}
