import Bytes
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing
import Units

/// What users say about inputs, and clocks, ranges and uncertainties, which hold for every format.
@Suite struct InputStatementTests {
  private func read(
    _ text: String, name: String = "a.csv", _ change: (inout InputStatements) -> Void = { _ in }
  ) throws -> InputReading {
    var said = InputStatements()
    change(&said)
    var options = ReadOptions()
    try options.take(said)
    let bytes = ByteView(utf8: text)
    return InputReader(options: options).read(
      bytes: bytes, identity: InputIdentity(path: name, bytes: bytes.count, sha256: ""))
  }

  private func dataset(_ reading: InputReading) throws -> Dataset { try reading.outcome.get() }

  private func said(_ key: String, _ text: String, _ source: String = "--set") -> InputStatement {
    InputStatement(key: key, text: text, source: source)
  }

  private static let rows = (0..<20).map { "\($0),\(Double($0) / 100 + 3)\n" }.joined()

  @Test func unitsOfColumns() throws {
    let text = "Time (s),foo (xyz)\n" + Self.rows
    let plain = try dataset(try read(text))
    #expect(plain.diagnostics.contains { $0.code == "unit.unknown" })
    let given = try dataset(
      try read(text) { $0.units = [said("foo (xyz)", "mV", "--unit"), said("bar", "m", "--unit")] })
    #expect(given.tables[0].columns[1].unit.ucum == "mV")
    #expect(given.diagnostics.contains { $0.code == "override.unused" && $0.found.contains("bar") })
    #expect(given.overrides.map(\.key) == ["foo (xyz)"])
    // The label says mV: both are named, and the factor of 1000 is a warning.
    let other = try dataset(
      try read("Time (s),Voltage (mV)\n" + Self.rows) {
        $0.units = [said("voltage", "V", "--unit")]
      })
    let warning = other.diagnostics.first { $0.code == "override.unit" }
    #expect(warning?.severity == .warning && warning?.found.contains("mV") == true)
    #expect(other.tables[0]["voltage"]?.real?.first == 3)
    #expect(other.overrides.first?.replaced == "mV")
    // Another dimension is an error that names both.
    let wrong = try read("Time (s),Voltage (mV)\n" + Self.rows) {
      $0.units = [said("voltage", "nm", "--unit")]
    }
    guard case .failure(let failure) = wrong.outcome else {
      Issue.record("a length was taken for a voltage")
      return
    }
    #expect(failure.diagnostic.code == "unit.mismatch")
    #expect(failure.diagnostic.message.contains("length"))
    #expect(failure.diagnostic.message.contains("voltage"))
  }

  @Test func settingsOfTheInstrument() throws {
    let path = try #require(TestData.samples("afm").first { $0.hasSuffix(".ibw") })
    let bytes = try FileSource.open(path: TestData.path(path))
    func curve(_ text: String) throws -> InputReading {
      var said = InputStatements()
      said.settings = [self.said("spring_constant", text)]
      var options = ReadOptions()
      try options.take(said)
      return InputReader(options: options).read(
        bytes: bytes, identity: InputIdentity(path: "c.ibw", bytes: bytes.count, sha256: ""))
    }
    let plain = try InputReader().read(
      bytes: bytes, identity: InputIdentity(path: "c.ibw", bytes: bytes.count, sha256: "")
    ).outcome.get()
    let own = try #require(plain.setting("spring_constant"))
    let near = try dataset(try curve("\(own.value * 1.1) ± 0.1 N/m"))
    #expect(near.setting("spring_constant")?.u == 0.1)
    #expect(near.diagnostics.first { $0.code == "override.value" }?.severity == .note)
    let far = try dataset(try curve("\(own.value * 2000) mN/m"))
    #expect(abs((far.setting("spring_constant")?.value ?? 0) / own.value - 2) < 1e-12)
    #expect(far.diagnostics.first { $0.code == "override.value" }?.severity == .warning)
    #expect(far.overrides.first?.replaced == "\(own.value) N/m")
    for (text, code) in [
      ("35 V", "unit.mismatch"), ("35", "quantity.unit"), ("x", "quantity.number"),
    ] {
      guard case .failure(let failure) = try curve(text).outcome else {
        Issue.record("'\(text)' was taken")
        continue
      }
      #expect(failure.diagnostic.code == code, "\(text)")
    }
  }

  @Test func theStrongerSourceCounts() {
    var flags = InputStatements()
    flags.units = [said("a", "m", "--unit")]
    var sidecar = InputStatements()
    sidecar.units = [said("a", "nm", "x.meta.yaml"), said("b", "V", "x.meta.yaml")]
    sidecar.timeZone = said("time_zone", "UTC", "x.meta.yaml")
    flags.fill(from: sidecar)
    #expect(flags.units.map(\.text) == ["m", "V"])
    #expect(flags.timeZone?.source == "x.meta.yaml")
  }

  private static func clock(_ stamps: [String]) -> String {
    "Time (s),Date\n" + stamps.enumerated().map { "\($0 * 600),\($1)\n" }.joined()
  }

  @Test func clocksBecomeInstantsOnlyWithAZone() throws {
    let stamps = (0..<6).map { "2023-10-29 01:\($0)0:00" }
    let plain = try dataset(try read(Self.clock(stamps)))
    #expect(plain.tables[0]["clock_elapsed"]?.real?.last == 3000)
    #expect(plain.tables[0]["instant"] == nil)
    let zoned = try dataset(
      try read(Self.clock(stamps)) { $0.timeZone = said("time_zone", "+02:00", "--time-zone") })
    // 2023-10-28 23:00:00 UTC by GNU date.
    #expect(
      zoned.tables[0]["instant"]?.values
        == .instant((0..<6).map { (1_698_534_000 + 600 * $0) * 1_000_000_000 }))
    #expect(zoned.diagnostics.contains { $0.code == "time.zone-given" })
    #expect(zoned.overrides.first?.kind == .timeZone)
    let own = try dataset(try read(Self.clock(stamps.map { $0 + "Z" })))
    #expect(own.tables[0]["instant"]?.count == 6 && own.tables[0]["clock_elapsed"] == nil)
    let free = try dataset(try read(Self.clock((1...6).map { "03/0\($0)/2023 10:00" })))
    #expect(free.diagnostics.contains { $0.code == "time.day-month-ambiguous" })
    let night = try dataset(
      try read(Self.clock(["23:40:00", "23:50:00", "00:00:00", "00:10:00", "00:20:00"])))
    #expect(night.tables[0]["clock_elapsed"]?.real?.last == 2400)
    #expect(night.diagnostics.contains { $0.code == "time.midnight" && $0.place == .line(4) })
    let back = try dataset(
      try read(Self.clock(["2023-10-29 02:50:00", "2023-10-29 02:00:00", "2023-10-29 02:10:00"])))
    #expect(back.diagnostics.contains { $0.code == "time.clock-change" && $0.severity == .warning })
    let serial = try dataset(
      try read("Timestamp,V (V)\n" + (0..<9).map { "\(1_700_000_000 + $0),1.5\n" }.joined()))
    #expect(
      serial.tables[0]["instant"]?.values
        == .instant((0..<9).map { (1_700_000_000 + $0) * 1_000_000_000 }))
    // Words that only look a little like it stay words.
    let words = try dataset(
      try read("Time (s),State\n" + (0..<9).map { "\($0),rest \($0)\n" }.joined()))
    #expect(words.tables[0].columns.count == 2)
  }

  @Test func segmentsAreJoinedOnRequest() throws {
    let text =
      "Time (s),V (V)\n"
      + ([0, 1, 2, 0, 1, 2].map { "\($0),1.5\n" }.joined())
    let plain = try dataset(try read(text))
    #expect(plain.diagnostics.contains { $0.code == "series.restart" })
    let joined = try dataset(try read(text) { $0.join = said("join", "end-to-end", "--join") })
    #expect(joined.tables[0]["time"]?.real == [0, 1, 2, 2, 3, 4])
    #expect(joined.diagnostics.contains { $0.code == "series.joined" })
    #expect(!joined.diagnostics.contains { $0.code == "series.restart" })
    #expect(joined.overrides.first?.replaced == "2 segments")
    let apart = try dataset(try read(text) { $0.join = said("join", "clock", "--join") })
    #expect(apart.diagnostics.contains { $0.code == "series.not-joined" })
  }

  @Test func printedDigitsAndCountsGiveUncertainties() throws {
    let made = try dataset(
      try read(
        "Time (s),Voltage (mV)\n" + (0..<20).map { "\($0),\(300 + $0).\($0 % 10)5\n" }.joined()))
    // 0.01 mV / √12 in V.
    guard case .digits(let u)? = made.tables[0]["voltage"]?.uncertainty else {
      Issue.record("no uncertainty of printed digits")
      return
    }
    #expect(abs(u - 0.01e-3 / 12.0.squareRoot()) < 1e-20)
    // A computer's digits say nothing; neither do numbers with an exponent.
    for cell in ["0.1234567890123", "1.234e-"] {
      let rows = (0..<20).map {
        "\($0),\(cell)\(cell.hasSuffix("-") ? "\($0 % 9 + 1)" : "\($0 + 11)")\n"
      }
      let other = try dataset(try read("Time (s),Voltage (V)\n" + rows.joined()))
      #expect(other.tables[0]["voltage"]?.uncertainty == nil, "\(cell)")
    }
    let counts = try dataset(
      try read("Channel,Counts\n" + (0..<20).map { "\($0),\($0 * 5)\n" }.joined()) {
        $0.units = [said("counts", "{count}", "--unit")]
      })
    let u4 = counts.tables[0]["counts"]?.uncertainty
    #expect(
      u4 == .counting && u4?.u(of: 4, row: 0) == 5.0.squareRoot() && u4?.u(of: 100, row: 0) == 10)
  }

  @Test func valuesThatPhysicsForbidsAreNamed() throws {
    let rows = (0..<12).map { "\($0),\($0 == 7 ? -300 : 20)\n" }.joined()
    let cold = try dataset(try read("Time (s),Temperature (C)\n" + rows))
    let warnings = cold.diagnostics.filter { $0.code == "axis.range" }
    #expect(warnings.count == 1 && warnings.first?.place == .cell(line: 9, column: 2))
  }
}
