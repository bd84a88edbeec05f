import Bytes
import Cycling
import Reading
import Tables
import TestSupport
import Testing
import Units

/// Gamry and PalmSens text, on small texts made in the test.
@Suite struct PotentiostatTextTests {
  private func gamry(_ lines: [String]) throws -> Dataset {
    try GamryText.read(
      ByteView(utf8: lines.joined(separator: "\n") + "\n"), name: "a.dta", options: ReadOptions())
  }

  private func palmsens(_ lines: [String]) throws -> Dataset {
    try PalmSensText.read(
      ByteView(utf8: lines.joined(separator: "\n") + "\n"), name: "a.csv", options: ReadOptions())
  }

  @Test func tablesKeepTheirRowsAroundAnAbort() throws {
    let dataset = try gamry([
      "EXPLAIN", "TAG\tCHARGE", "NOTES\tNOTES\t2\t&Notes...", "CURVE\tTABLE\t9", "a note",
      "AREA\tQUANT\t5,00000E-001\t&Area (cm^2)", "CURVE\tTABLE\t5", "\tPt\tT\tVf\tIm\tOver\tTemp",
      "\t#\ts\tV vs. Ref.\tA\tbits\tdeg C", "\t0\t0,5\t1,25\t-1,0E-003\t..a\t-327,62",
      "EXPERIMENTABORTED\tTOGGLE\tT\tAborted", "\t1\t1,5\t1,5\t2,5E-003\t...\t25,5",
      "CURVE\tTABLE\t1", "\tPt\tT\tVf", "\t#\ts\tV", "\t0\t7,5\t2,5", "EOC\tQUANT\t0,1\tOpen",
    ])
    let first = try #require(dataset.tables.first)
    #expect(dataset.tables.map(\.name) == ["CURVE", "CURVE_2"])
    #expect(first["test_time"]?.real == [0.5, 1.5] && first["voltage"]?.real == [1.25, 1.5])
    #expect(first["current"]?.real == [-1e-3, 2.5e-3])
    #expect(first["record_index"]?.real == [0, 1])
    #expect(first["over"]?.values == .text(["..a", "..."]))
    let temperature = try #require(first["temperature"])
    #expect(temperature.missing.count == 1 && temperature.real?.last == 25.5)
    #expect(dataset.tables[1]["test_time"]?.real == [7.5])
    #expect(abs((dataset.setting("electrode_area")?.value ?? 0) - 0.5e-4) < 1e-18)
    #expect(dataset.metadata.text("NOTES") == "CURVE TABLE 9\na note")
    #expect(dataset.metadata.text("EOC") == "0,1")
    let codes = Set(dataset.diagnostics.map(\.code))
    #expect(codes.isSuperset(of: ["dta.aborted", "dta.no-thermometer", "dta.rows"]))
    #expect(dataset.technique == .cycling)
  }

  @Test func headersWithoutACurveAreRefused() {
    for lines in [
      ["EXPLAIN", "TAG\tCV", "DELAY\tTWOPARAM\tF\t3\t1\tInit."],
      ["EXPLAIN", "TAG\tCV", "CURVE\tTABLE\t5"],
      ["EXPLAIN", "TAG\tCV", "CURVE\tTABLE\t5", "\tPt\tT", "\t#\ts"],
    ] {
      #expect {
        try gamry(lines)
      } throws: {
        ($0 as? ReadFailure)?.diagnostic.code == "dta.no-table"
      }
    }
  }

  @Test func pairsOfColumnsAreTables() throws {
    let dataset = try palmsens([
      "Date and time:,2026-01-15 11:52:57", "Notes:", "", "One: a,,One: b,,",
      "Date and time measurement:,2026-01-15 09:30:00,Date and time measurement:,x,,",
      "s,uA,V,mA", "0,1.5,0.5,2", "1,-2.5,0.6,3", "2,3.5,,",
    ])
    #expect(dataset.tables.map(\.name) == ["One", "One_2"])
    #expect(dataset.tables[0]["test_time"]?.real == [0, 1, 2])
    #expect(dataset.tables[0]["current"]?.real == [1.5e-6, -2.5e-6, 3.5e-6])
    #expect(dataset.tables[1]["voltage"]?.real == [0.5, 0.6])
    #expect(dataset.tables[1]["current"]?.real == [2e-3, 3e-3])
    #expect(dataset.metadata.text("Date and time") == "2026-01-15 11:52:57")
    #expect(dataset.diagnostics.isEmpty)
    let codes: [([String], String)] = [
      (["Date and time measurement:,x", "s,V"], "palmsens.no-data"),
      (["Date and time measurement:,x", "s,V", "1,2,3,4"], "palmsens.columns"),
    ]
    for (lines, code) in codes {
      #expect {
        try palmsens(lines)
      } throws: {
        ($0 as? ReadFailure)?.diagnostic.code == code
      }
    }
  }

  /// BCS exports: semicolons, decimal commas, columns that are logged less often.
  @Test func semicolonsDivideEclabNames() throws {
    let text = [
      "BT-Lab ASCII FILE", "Nb header lines : 5",
      "Acquisition started on : 28/02/2024 23:59:58.000",
      "Electrode surface area : 50,0 mm\u{B2}",
      "Ns;time/s;Ecell/V;<I/mA>;Temperature/\u{B0}C;cycle number",
      "0;28/02/2024 23:59:59,5000;1,25;2,5;;0", "0;29/02/2024 00:00:01,5000;1,5;-2,5;24,5;1",
    ].joined(separator: "\r\n")
    let bytes = ByteView(utf8: text + "\r\n")
    #expect(BioLogicText.recognise(FileHead(bytes, name: "a.csv")).score == 95)
    let dataset = try BioLogicText.read(bytes, name: "a.csv", options: ReadOptions())
    let data = try #require(dataset["data"])
    #expect(data["test_time"]?.real == [1.5, 3.5] && data["voltage"]?.real == [1.25, 1.5])
    #expect(data["current"]?.real == [2.5e-3, -2.5e-3])
    #expect(data["ambient_temperature"]?.missing.count == 1)
    #expect(data["cycle_count"]?.real == [0, 1])
    #expect(abs((dataset.setting("electrode_area")?.value ?? 0) - 0.5e-4) < 1e-18)
    // 2024-02-28 23:59:58 is 1 709 164 798 s after 1970.
    #expect(dataset.setting("start_time")?.value == 1_709_164_798)
    #expect(!dataset.diagnostics.contains { $0.severity == .warning })
    // Names alone, without settings.
    let names = ByteView(utf8: "Ns;time/s;Ecell/V;I/mA\n0;0;1.5;2\n0;1;1.5;2\n")
    #expect(BioLogicText.recognise(FileHead(names, name: "a.csv")).score == 80)
    #expect(
      try BioLogicText.read(names, name: "a", options: ReadOptions())["data"]?.columns.count == 4)
  }
}

/// The Gamry and PalmSens files of the corpus against their truth (own parse; pyimpspec 5.1.3).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct PotentiostatTextCorpusTests {
  private func read(_ format: any FileFormat.Type, _ path: String) throws -> Dataset {
    let bytes = try FileSource.open(path: Corpus.path(path))
    #expect(format.recognise(FileHead(bytes, name: path)).score >= 80, "\(path)")
    return try format.read(bytes, name: path, options: ReadOptions())
  }

  @Test(arguments: ["gamry_chronoa_data.dta", "gamry_ocp_data.dta", "palmsens_chronopot.csv"])
  func curvesAreThoseOfTheTruth(_ file: String) throws {
    let isGamry = file.hasPrefix("gamry")
    let dataset = try read(isGamry ? GamryText.self : PalmSensText.self, "cycling/" + file)
    let tables = try Truth.of(Corpus.path("cycling/" + file))["tables"]?.elements ?? []
    #expect(dataset.tables.count == tables.count && !tables.isEmpty)
    for (table, truth) in zip(dataset.tables, tables) {
      #expect(Double(table.rows) == truth["rows"]?.finiteNumber)
      guard case .object(let columns)? = truth["columns"] else { continue }
      for name in columns.keys {
        guard let found = table[name]?.statistics, let wanted = columns[name] else {
          Issue.record("\(file): no column \(name)")
          continue
        }
        #expect(table[name]?.unit.ucum == wanted["unit"]?.text)
        #expect(Double(found.count) == wanted["count"]?.finiteNumber)
        for (key, value) in [
          ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
          ("mean", found.mean),
        ] {
          #expect(
            Truth.difference(value, wanted[key]?.finiteNumber) < 1e-12, "\(file) \(name) \(key)")
        }
      }
    }
    #expect(dataset.complete && !dataset.diagnostics.contains { $0.severity != .note })
  }

  @Test func aHeaderWithoutACurveIsRefused() throws {
    #expect {
      try read(GamryText.self, "cycling/gamry_cv_data_incompleteheader.dta")
    } throws: {
      ($0 as? ReadFailure)?.diagnostic.code == "dta.no-table"
    }
  }

  @Test(arguments: [
    ("gamry/exampleDataGamry.DTA", "gamry/exampleDataGamry.DTA"),
    ("gamry/data.dta", "gamry/data.dta"), ("gamry/eispot_data.dta", "gamry/eispot_data.dta"),
    ("damaged/dta_bom_cr.DTA", "gamry/exampleDataGamry.DTA"),
    ("damaged/dta_decimalcomma.DTA", "gamry/exampleDataGamry.DTA"),
    ("damaged/dta_utf16le.DTA", "gamry/exampleDataGamry.DTA"),
  ])
  func spectraHaveTheirPoints(_ file: String, _ original: String) throws {
    let dataset = try read(GamryText.self, "impedance/" + file)
    #expect(dataset.technique == .impedance)
    let spectra = try Truth.of(Corpus.path("impedance/" + original))["spectra"]?.elements ?? []
    let table = try #require(dataset.tables.first { $0["frequency"] != nil })
    for (name, key) in [
      ("frequency", "f"), ("impedance_real", "re"), ("impedance_imaginary", "im"),
    ] {
      let wanted = (spectra.first?[key]?.elements ?? []).compactMap(\.finiteNumber)
      let found = table[name]?.real ?? []
      #expect(found.count == wanted.count && !found.isEmpty, "\(file) \(name)")
      #expect(
        zip(found, wanted).allSatisfy { Truth.difference($0, $1) < 1e-9 }, "\(file) \(name)")
    }
  }

  @Test func aTestCutBeforeItsSpectrumSaysSo() throws {
    let dataset = try read(GamryText.self, "impedance/damaged/dta_midline.DTA")
    #expect(!dataset.complete)
    #expect(dataset.diagnostics.contains { $0.code == "dta.no-spectrum" })
  }

  @Test func areasOfTextExportsAreSettings() throws {
    let bytes = try FileSource.open(path: Corpus.path("cycling/biologic_mb.mpt"))
    let cell = try BioLogicText.read(bytes, name: "mb", options: ReadOptions())
    #expect(abs((cell.setting("electrode_area")?.value ?? 0) - 0.5e-4) < 1e-15)
    let odd = try FileSource.open(path: Corpus.path("cycling/biologic_gcpl.issue_226.I.mpt"))
    let dataset = try BioLogicText.read(odd, name: "226", options: ReadOptions())
    // The text export knows the unit that the binary hides.
    #expect(abs((dataset.setting("electrode_area")?.value ?? 0) - 113.1e-6) < 1e-12)
  }
}
