import Bytes
import Cycling
import Reading
import Tables
import Testing

/// Small `.mpr` files made in the test: what sizes settle, what is refused, what is said.
@Suite struct BioLogicMPRTests {
  private func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  private func bytes(_ value: Float) -> [UInt8] { bytes(value.bitPattern) }
  private func bytes(_ value: Double) -> [UInt8] { bytes(value.bitPattern) }

  private let magic =
    Array("BIO-LOGIC MODULAR FILE\u{1A}".utf8) + [UInt8](repeating: 32, count: 25)
    + [0, 0, 0, 0]

  private func module(_ name: String, _ payload: [UInt8], version: UInt32 = 3) -> [UInt8] {
    func padded(_ text: String, _ n: Int) -> [UInt8] {
      Array((text + String(repeating: " ", count: n)).utf8.prefix(n))
    }
    return Array("MODULE".utf8) + padded(name, 10) + padded(name, 25)
      + bytes(UInt32(payload.count)) + bytes(version) + Array("01/15/26".utf8) + payload
  }

  private func data(_ ids: [UInt16], _ rows: [[UInt8]], count: Int? = nil) -> [UInt8] {
    let head = bytes(UInt32(count ?? rows.count)) + [UInt8(ids.count)] + ids.flatMap { bytes($0) }
    return head + [UInt8](repeating: 0, count: 406 - head.count) + rows.flatMap { $0 }
  }

  private func read(_ modules: [UInt8]) throws -> Dataset {
    try BioLogicBinary.read(ByteView(magic + modules), name: "a.mpr", options: ReadOptions())
  }

  private func failure(_ modules: [UInt8]) -> String? {
    do throws(ReadFailure) {
      _ = try BioLogicBinary.read(ByteView(magic + modules), name: "a", options: ReadOptions())
      return nil
    } catch {
      return error.diagnostic.code
    }
  }

  @Test func columnsBeforeAndBehindUnknownSizesStand() throws {
    // 300 and 301−1: 12 bytes for two unknown columns, 4 + 8 or 8 + 4.
    let rows = (0..<3).map { k in
      bytes(Double(k)) + [UInt8](repeating: 7, count: 12) + bytes(Float(0.5)) + [UInt8(k)]
    }
    let dataset = try read(module("VMP data", data([4, 60, 61, 6, 1], rows)))
    let table = try #require(dataset["data"])
    #expect(table.columns.map(\.name) == ["test_time", "voltage", "mode"])
    #expect(table["test_time"]?.real == [0, 1, 2] && table["voltage"]?.real == [0.5, 0.5, 0.5])
    #expect(table["mode"]?.values == .integer([0, 1, 2]))
    let warning = try #require(dataset.diagnostics.first { $0.code == "mpr.unknown-column" })
    #expect(warning.found.contains("60, 61") && warning.expected.contains("2 columns"))
    #expect(!dataset.complete)
  }

  @Test func theSizeOfARecordSettlesAnAmbiguousNumber() throws {
    // 498 is a harmonic (4 bytes) beside spectra, a charge (8 bytes) elsewhere.
    let short = try read(module("VMP data", data([4, 498], [bytes(1.0) + bytes(Float(2))])))
    #expect(short["data"]?.columns.last?.label == "|Ece h2|/V")
    let long = try read(module("VMP data", data([4, 498], [bytes(1.0) + bytes(2.0)])))
    #expect(long["data"]?["step_charging_capacity"]?.real == [0.002])
    // 174: the potential, or a phase where Ewe stands beside it.
    let mean = try read(module("VMP data", data([4, 174], [bytes(1.0) + bytes(Float(2))])))
    #expect(mean["data"]?["voltage"]?.real == [2])
    let phase = try read(
      module("VMP data", data([4, 6, 430], [bytes(1.0) + bytes(Float(2)) + bytes(Float(-45))])))
    #expect(phase["data"]?.columns.last?.label == "Phase(Zwe-ce)/deg")
    #expect(phase["data"]?["voltage"]?.real == [2])
  }

  @Test func currentIsMadeFromCharges() throws {
    let charges: [(Double, Double)] = [(5, 0), (5, 1), (15, 0.5), (25, -0.25)]
    let rows = charges.map { bytes($0.0) + bytes($0.1) + bytes(Float(1)) }
    let table = try #require(try read(module("VMP data", data([4, 7, 6], rows)))["data"])
    // 3600 dq/dt mA: nothing in the first row and where the time stands still.
    #expect(table["current"]?.real == [0, 0, 0.18, -0.09])
    #expect(table["current"]?.origin.steps.first?.contains("3600") == true)
  }

  @Test func errorsSayWhatDoesNotFit() {
    let row = bytes(1.0) + bytes(Float(2))
    #expect(failure(module("VMP Set", [4])) == "mpr.no-data")
    #expect(failure(module("VMP data", data([4, 6], [row, row], count: 3))) == "mpr.rows")
    #expect(failure(module("VMP data", data([4, 6], [row + [0]]))) == "mpr.rows")
    #expect(failure(module("VMP data", data([4, 6], [row]), version: 7)) == "mpr.version")
    #expect(failure(module("VMP data", data([], []))) == "mpr.columns")
    #expect(failure(module("VMP data", [1, 0, 0, 0, 1])) == "mpr.truncated")
    #expect(failure(module("VMP data", [1, 0, 0, 0, 1, 4, 0])) == "mpr.truncated")
    #expect(failure([]) == "mpr.no-data")
    let cut = Array(module("VMP data", data([4, 6], [row, row])).dropLast(row.count + 1))
    #expect(failure(cut) == "mpr.truncated")
    let other = ByteView(utf8: "BIO-LOGIC something else")
    #expect(BioLogicBinary.recognise(FileHead(other, name: "a.mpr")).score == 0)
  }

  @Test func whatStandsBehindTheDataIsNamed() throws {
    let file = module("VMP data", data([4, 6], [bytes(1.0) + bytes(Float(2))]))
    let whole = try read(file + module("VMP new", [1, 2, 3]))
    #expect(whole.diagnostics.contains { $0.code == "mpr.unknown-module" })
    let rest = try read(file + Array("garbage".utf8))
    #expect(rest["data"]?.rows == 1 && !rest.complete)
    #expect(rest.diagnostics.contains { $0.code == "mpr.module" && $0.found.contains("7 bytes") })
    let head = try read(file + Array("MODULEVMP LOG".utf8))
    #expect(head.diagnostics.contains { $0.code == "mpr.truncated" } && !head.complete)
    // A settings module whose length is wrong, either way, hides no data.
    for length in [3, 300] {
      var settings = module("VMP Set", [4] + [UInt8](repeating: 0, count: 99))
      settings.replaceSubrange(41..<45, with: bytes(UInt32(length)))
      let found = try read(settings + file)
      #expect(found["data"]?.rows == 1)
      #expect(found.diagnostics.contains { $0.code == "mpr.module-length" })
    }
    var log = [UInt8](repeating: 0, count: 0x260)
    log.replaceSubrange(0x249..<0x251, with: bytes(45356.0))
    let started = try read(file + module("VMP LOG", log))
    #expect(started.metadata.text("Acquisition started on") == "03/05/2024 00:00:00.000")
    // 2024-03-05 00:00 is 1 709 596 800 s after 1970.
    #expect(started.setting("start_time")?.value == 1_709_596_800)
  }
}
