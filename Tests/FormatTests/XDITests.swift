import Bytes
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// Every error, warning and verdict of the XDI reader, on texts made here.
@Suite struct XDITests {
  static let header = """
    # XDI/1.0 Test/1
    # Element.symbol: Al
    # Element.edge: K
    # Facility.name: F
    # Facility.xray_source: S
    # Beamline.name: B
    # Scan.start_time: 2001-06-26T22:27:31
    # Mono.d_spacing: 3.1356
    """

  /// A file with these further header lines and rows.
  func file(
    _ fields: [String] = ["Column.1: energy eV", "Column.2: mutrans"],
    rows: [String] = ["1560 0.1", "1561 0.2", "1562 0.3"], dashes: Bool = true,
    header: String = XDITests.header
  ) -> String {
    ([header] + fields.map { "# \($0)" } + (dashes ? ["# ///", "# a comment", "#---"] : []) + rows)
      .joined(separator: "\n") + "\n"
  }

  func read(_ text: String, _ options: ReadOptions = ReadOptions()) throws -> Dataset {
    try XDIFormat.read(ByteView(utf8: text), name: "x.xdi", options: options)
  }

  func verdict(_ text: String) throws -> String {
    try read(text).reading["conformance.verdict"] ?? ""
  }

  func codes(_ text: String) throws -> [String] { try read(text).diagnostics.map(\.code) }

  func failure(_ text: String) -> Diagnostic? {
    if case .failure(let failure) = Reading.read(
      XDIFormat.self, ByteView(utf8: text), name: "x.xdi")
    {
      return failure.diagnostic
    }
    return nil
  }

  @Test func aPerfectFile() throws {
    let dataset = try read(file())
    #expect(dataset.diagnostics.isEmpty)
    #expect(dataset.reading["conformance.verdict"] == "valid")
    #expect(dataset.reading["conformance.standard"] == "XDI/1.0")
    let scan = try #require(dataset["scan"])
    #expect(scan.columns.map(\.name) == ["photon_energy", "mu"])
    #expect(scan.columns.map(\.label) == ["energy", "mutrans"])
    #expect(scan.columns.map(\.unit.ucum) == ["eV", "1"])
    #expect(scan["photon_energy"]?.real == [1560, 1561, 1562])
    #expect(scan.indexColumns == ["photon_energy"])
    #expect(dataset.metadata.text("application") == "Test/1")
    #expect(dataset.metadata.text("Mono.d_spacing") == "3.1356")
    #expect(dataset.metadata.text("comments") == "a comment")
    #expect(dataset.settingOrigins["Element.edge"]?.lines == 3...3)
    let origin = scan["mu"]?.origin
    #expect(origin?.lines == 14...16)
  }

  @Test func headersThatBreakTheRules() throws {
    let columns = ["Column.1: energy eV", "Column.2: mutrans"]
    for (line, place) in [
      ("Family.key:", 9), ("Family.key.more: 1", 9), ("Family: 1", 9), ("words", 9),
      ("2Family.key: 1", 9), (".key: 1", 9),
    ] {
      let dataset = try read(file([line] + columns))
      #expect(dataset.reading["conformance.verdict"] == "invalid", "\(line)")
      let flaw = dataset.diagnostics.first { $0.code == "xdi.header" }
      #expect(flaw?.place == .line(place), "\(line)")
      #expect(dataset["scan"]?.rows == 3)
    }
    #expect(try verdict(file(["Family.2key: 1"] + columns)) == "valid")
    let repeated = try read(file(["A.b: 1", "A.b: 2", "A.b.c: 3", "A.b.c: 4"] + columns))
    #expect(repeated.metadata.entries.filter { $0.key == "A.b" }.count == 2)
    #expect(repeated.diagnostics.first { $0.code == "xdi.header" }?.count == 2)
  }

  @Test func deviations() throws {
    let columns = ["Column.1: energy eV", "Column.2: mutrans"]
    func with(_ old: String, _ new: String) -> String {
      file(header: Self.header.replacing(old, with: new))
    }
    let cases: [(String, String)] = [
      (with("Al", "Xx"), "xdi.element"), (with("Element.symbol", "Other.symbol"), "xdi.element"),
      (with("edge: K", "edge: Q"), "xdi.edge"), (with("22:27:31", "25:27:31"), "xdi.date"),
      (with("2001-06-26T", "26 June 2001 "), "xdi.date"), (with("3.1356", "wide"), "xdi.value"),
      (file(["Facility.energy: 7.00 units"] + columns), "xdi.value"),
      (file(["Sample.temperature: room"] + columns), "xdi.value"),
      (file(dashes: false), "xdi.dashes"), (file(["Column.1: energy eV"]), "xdi.columns"),
      (file(columns + ["Column.3: i0"]), "xdi.columns"),
      (file(["Column.1: energy eV", "Column.3: i0"]), "xdi.columns"),
      (
        file().replacing("# Facility.name", with: "; left out\n# Facility.name"), "xdi.comment-mark"
      ),
      (
        file(
          ["Column.1: angle deg", "Column.2: mutrans"],
          header: Self.header.replacing("Mono.d_spacing", with: "Mono.name")), "xdi.d-spacing"
      ),
    ]
    for (text, code) in cases {
      let dataset = try read(text)
      #expect(dataset.reading["conformance.verdict"] == "deviates", "\(code)")
      #expect(dataset.diagnostics.map(\.code).contains(code), "\(code)")
      #expect(dataset["scan"]?.rows == 3)
    }
    for good in [
      "Facility.energy: 7.00 GeV", "Facility.current: 100 mA", "Sample.temperature: 10 K",
    ] {
      #expect(try verdict(file([good] + columns)) == "valid", "\(good)")
    }
    let bare = file().replacing("# Beamline.name: B\n", with: "")
    #expect(try codes(bare) == ["xdi.recommended"])
    #expect(try verdict(bare) == "valid")
    #expect(try verdict(file().replacing("# XDI/1.0 Test/1\n", with: "")) == "invalid")
  }

  @Test func labels() throws {
    func names(_ text: String) throws -> [String] {
      try read(text)["scan"]?.columns.map(\.label) ?? []
    }
    let rows = ["# e xmu", "1560 0.1", "1561 0.2"]
    #expect(try names(file([], rows: rows)) == ["e", "xmu"])
    #expect(try names(file(["Column.1: energy eV"], rows: rows)) == ["energy", "col2"])
    #expect(try names(file([], rows: ["1560 0.1"])) == ["col1", "col2"])
    let all = try read(
      file(
        [
          "Column.1: energy keV || PV:1", "Column.2: S1_ifluor counts || X", "Column.3: I0_EH1",
          "Column.4: TEY", "Column.5: AlKa_sum_cps", "Column.6: BIM furlong", "Column.7: time s",
        ], rows: ["1.56012345 1 2 3 4 5 6", "1.5602 1 2 3 4 5 6"]))
    #expect(
      all["scan"]?.columns.map(\.name) == [
        "photon_energy", "fluorescence_yield", "incident_intensity", "electron_yield",
        "fluorescence_yield_2", "bim", "dwell_time",
      ])
    // The power of ten goes in before rounding: the nearest Double to 1560.12345.
    #expect(all["scan"]?["photon_energy"]?.real?[0] == 1560.12345)
    #expect(all["scan"]?["bim"]?.unit == .unknown("furlong"))
    #expect(all.diagnostics.map(\.code) == ["unit.unknown"])
    var options = ReadOptions()
    options.units = ["BIM": "V"]
    let set = try read(file(["Column.1: energy eV", "Column.2: BIM furlong"]), options)
    #expect(set["scan"]?["bim"]?.unit.ucum == "V")
  }

  @Test func energiesFromAngles() throws {
    let dataset = try read(
      file(["Column.1: angle deg", "Column.2: mutrans"], rows: ["60 0.1", "30 0.2"]))
    // E = hc/(2 d sin θ) with hc = 12398.419843320026 eV·Å and d = 3.1356 Å; Python's math.sin.
    let energies = dataset["scan"]?["photon_energy"]?.real ?? []
    #expect(abs(energies[0] - 2282.890366777) < 1e-6)
    #expect(abs(energies[1] - 3954.082103368) < 1e-6)
    #expect(dataset["scan"]?["mono_angle"]?.real == [60, 30])
  }

  @Test func energiesWithoutUnit() throws {
    let plain = try read(file(["Column.1: energy", "Column.2: mutrans"]))
    #expect(plain["scan"]?["photon_energy"]?.unit.ucum == "eV")
    #expect(plain.diagnostics.map(\.code) == ["xas.axis-guessed"])
    let kilo = try read(
      file(["Column.1: energy", "Column.2: mutrans"], rows: ["1.5600 0.1", "1.5605 0.2"]))
    #expect(kilo["scan"]?["photon_energy"]?.real?[0] == 1560)
  }

  @Test func orderOfTheEnergies() throws {
    func found(_ energies: [Double]) throws -> [String] {
      let rows = energies.map { "\($0) 0.1" }
      return try read(file(rows: rows)).diagnostics.map { "\($0.code) \($0.place) \($0.count)" }
    }
    #expect(
      try found([1, 2, 3, 2, 3, 1]) == ["axis.unordered line 17 2", "axis.repeated line 17 3"])
    #expect(try found([3, 2, 1]) == [])
    #expect(try found([3, 2, 1, 1.5]) == ["axis.unordered line 17 1"])
    #expect(try found([1, 2, 0]) == ["axis.unordered line 16 1", "axis.not-positive line 16 1"])
  }

  @Test func rowsThatBreakTheRules() throws {
    #expect(try verdict(file(rows: ["1560 0.1", "1561 nan"])) == "invalid")
    let missing = try read(file(rows: ["1560 0.1", "1561 -inf"]))
    #expect(missing["scan"]?["mu"]?.missing.count == 1)
    for (row, code) in [
      ("1561", "text.ragged-row"), ("1561 0.1 0.2", "text.ragged-row"),
      ("1561 word", "text.not-a-number"), ("1561 1.2.3", "text.not-a-number"),
    ] {
      #expect(failure(file(rows: ["1560 0.1", row, "1562 0.2"]))?.code == code)
      // One bad row in a thousand is left out with a warning.
      var rows = (0..<1000).map { "\(1560 + $0) 0.1" }
      rows[500] = row
      let dataset = try read(file(rows: rows))
      #expect(dataset["scan"]?.rows == 999)
      #expect(dataset.reading["conformance.verdict"] == "invalid")
      #expect(!dataset.complete)
    }
    #expect(failure(file(rows: []))?.code == "xdi.no-data")
    #expect(failure("# XDI/1.0")?.code == "xdi.no-data")
    #expect(failure("")?.code == "xdi.no-data")
    let open = String(file().dropLast())
    #expect(try codes(open) == ["text.no-final-newline"])
  }

  @Test func limits() {
    var options = ReadOptions()
    options.limits.columns = 1
    let failure = #expect(throws: ReadFailure.self) { try read(file(), options) }
    #expect(failure?.diagnostic.code == "xdi.too-many-columns")
    let fields = (0...100_001).map { "A.k\($0): 1" }
    #expect(self.failure(file(fields))?.code == "xdi.header-size")
  }

  @Test func recognisesOnlyItsOwn() {
    func score(_ text: String) -> Int {
      XDIFormat.recognise(FileHead(ByteView(utf8: text), name: "x.xdi")).score
    }
    #expect(score(file()) == 100)
    #expect(score("\u{FEFF}#XDI/1.1 GSE\n#---\n1 2\n") == 90)
    for text in ["", "1 2\n3 4\n", "# PETRA III\n# XDI/1.0\n", "# XDI/x", "XDI/1.0"] {
      #expect(score(text) == 0, "\(text)")
    }
  }
}
