import Bytes
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// Column texts written in the test: how tables are found, and what is said about damage.
@Suite struct BeamlineTextTests {
  /// Twenty rows of an energy, I0 and It around the Al K edge.
  private func rows(_ separator: String = "  ", count: Int = 20) -> [String] {
    (0..<count).map { i in
      ["\(1550 + i).25", "\(1000 + i).5", "\(900 - 7 * i).125"].joined(separator: separator)
    }
  }

  private func read(
    _ lines: [String], as format: any FileFormat.Type = ScanColumnsText.self, end: String = "\n",
    units: [String: String] = [:]
  ) throws -> Dataset {
    var options = ReadOptions()
    options.units = units
    let text = lines.joined(separator: end) + end
    return try format.read(ByteView(Array(text.utf8)), name: "scan.dat", options: options)
  }

  private func detect(_ lines: [String]) -> String? {
    let text = lines.joined(separator: "\n") + "\n"
    let head = FileHead(ByteView(Array(text.utf8)), name: "scan.dat")
    return FormatRegistry.detect(head).candidates.first?.format.id
  }

  private let names = ["photon_energy", "incident_intensity", "transmitted_intensity"]

  @Test func everyMarkAndDelimiter() throws {
    let plain = try #require(try read(["# energy i0 it"] + rows()).tables.first)
    #expect(plain.columns.map(\.name) == names)
    #expect(plain.rows == 20)
    for mark in ["#", ";", "%", "*", "!", "$", ":", " C ", "", "# # "] {
      let set = try read(["\(mark) made for tests", "\(mark) energy  i0  it"] + rows())
      let scan = try #require(set.tables.first)
      #expect(scan.columns.map(\.name) == names, "mark \(mark)")
      #expect(scan.columns.map(\.values) == plain.columns.map(\.values), "mark \(mark)")
      #expect(set.metadata.text("line 1") == "made for tests", "mark \(mark)")
    }
    for separator in ["\t", ", ", ",", ";", " \t "] {
      for end in ["\n", "\r\n", "\r"] {
        let scan = try #require(
          try read(["energy\ti0\tit"] + rows(separator), end: end).tables.first)
        #expect(scan.columns.map(\.values) == plain.columns.map(\.values))
      }
    }
    // A decimal comma is a decimal comma.
    let comma = rows(";").map { String($0.map { $0 == "." ? "," : $0 }) }
    let scan = try #require(try read(["energy;i0;it"] + comma).tables.first)
    #expect(scan.columns.map(\.values) == plain.columns.map(\.values))
  }

  @Test func overrunsAreSplit() throws {
    let set = try read([
      "energy i0 it", "1.550E+03-1.00E+00 2.0", "1.551E+03 1.00E+00-3.5D-01", "1552.5-1.25-0.5",
      "1553.5 1.25 0.5",
    ])
    let scan = try #require(set.tables.first)
    #expect(
      scan.columns.map(\.real) == [
        [1550, 1551, 1552.5, 1553.5], [-1, 1, -1.25, 1.25], [2, -0.35, -0.5, 0.5],
      ])
    #expect(set.complete)
  }

  @Test func whatIsNoRowIsKeptOrTold() throws {
    var lines = ["# energy i0 it"] + rows()
    lines.insert("", at: 5)
    lines.insert("# a comment", at: 8)
    lines.insert("1560.5  broken", at: 12)
    lines += ["end of scan", "ring current 200 mA"]
    let set = try read(lines)
    let scan = try #require(set.tables.first)
    #expect(scan.rows == 20)
    #expect(!set.complete)
    #expect(
      set.diagnostics.filter { $0.severity == .warning }.map { "\($0.code) \($0.place)" } == [
        "xas.damaged-row line 13", "xas.axis-guessed -",
      ])
    #expect(set.metadata.text("line 9") == "a comment")
    #expect(set.metadata.text("line 25") == "end of scan")
    #expect(set.metadata.text("line 26") == "ring current 200 mA")
    // The first and the last row are no labels and no footer when they are damaged.
    for position in [1, 20] {
      lines = ["# energy i0 it"] + rows()
      lines[position] = "15x0.5 1000.5 900.0"
      let cut = try read(lines)
      #expect(cut.tables.first?.rows == 19)
      #expect(cut.diagnostics.map(\.code).contains("xas.damaged-row"))
    }
    let dummy = try read(["#energy i0 it", "#0 0 0"] + rows())
    #expect(dummy.tables.first?.columns.map(\.name) == names)
    #expect(dummy.diagnostics.map(\.code).contains("xas.commented-row"))
  }

  @Test func withoutRowsThereIsAnError() {
    for (lines, code) in [
      (["# energy i0 it"], "xas.no-data"), ([""], "xas.no-data"),
      (["XDAC V1.2 Datafile V1", "E0= 7112.00", "   Energy  I0  It"], "xas.no-data"),
    ] {
      do {
        _ = try read(lines)
        Issue.record("\(lines) is read")
      } catch {
        #expect((error as? ReadFailure)?.diagnostic.code == code)
      }
    }
    #expect(throws: ReadFailure.self) {
      try ScanColumnsText.read(ByteView([]), name: "", options: ReadOptions())
    }
  }

  @Test func unitsOfTheUserStandAboveTheValues() throws {
    let kilo = (0..<20).map { "1.\(550 + $0) 10 9" }
    let guessed = try read(["energy i0 it"] + kilo)
    #expect(guessed.tables.first?.columns.first?.real?.first == 1550)
    #expect(guessed.diagnostics.map(\.code) == ["xas.axis-guessed"])
    let named = try read(["energy i0 it"] + kilo, units: ["energy": "keV"])
    #expect(
      named.tables.first?.columns.first?.values == guessed.tables.first?.columns.first?.values)
    #expect(named.diagnostics.isEmpty)
    let written = try read(["Energy (keV)  I0  It (nA)"] + kilo)
    #expect(written.tables.first?.columns.first?.real?.last == 1569)
    #expect(written.tables.first?.columns.map(\.unit.ucum) == ["eV", "", "nA"])
    #expect(written.diagnostics.isEmpty)
  }

  @Test func labelsSayWhetherItIsAbsorption() {
    for labels in ["energy mu", "# energy(eV)\tI0\tIt", "Energy,TEY,I0", "ee xmu", "E  xmu  chi"] {
      let separator = labels.contains("\t") ? "\t" : labels.contains(",") ? "," : " "
      let count = labels.contains("mu") && !labels.contains("chi") ? 2 : 3
      let body = rows(separator).map {
        $0.split(separator: Character(separator)).prefix(count).joined(separator: separator)
      }
      #expect(detect([labels] + body) == "xas-columns", "\(labels)")
    }
    for labels in [
      "E I1 I2", "time E Ir", "energy voltage i1", "energy counts it", "x y z", "energy a b",
      "Energy Intensity cps",
    ] {
      #expect(detect([labels] + rows(" ")) == "delimited-table", "\(labels)")
    }
  }

  @Test func newerEpicsFilesAreXDI() throws {
    let lines = [
      "#XDI/1.1    Epics StepScan File / 2.0", "# Scan.start_time: 2019-07-09 11:02:47",
      "# Legend.Start: Column.N: Name  units || EpicsPV",
      "# Column.1: Energy eV  ||  13IDE:En:Energy.VAL",
      "# Column.2: I0 counts  ||  13IDE:SIS1:mca2",
      "# Column.3: Al_Ka_mca1 counts  ||  13QX4:MCA1ROI:11:TSTotal", "# ///  Users Comments  ///",
      "#-----", "# Energy I0 Al_Ka_mca1",
    ]
    #expect(detect(lines + rows()) == "xdi")
    let scan = try #require(try read(lines + rows(), as: XDIFormat.self).tables.first)
    #expect(scan.columns.map(\.name) == names.dropLast() + ["fluorescence_yield"])
    #expect(scan.columns[0].unit.ucum == "eV")
  }

  @Test func rowsOfOtherEventsAreNoData() throws {
    let lines = [
      "# CLS Data Acquisition", "#(1)\t\"Event-ID\"\t\"$(AbsEnergyName)\"\t\"I0\"",
      "#(2)\t\"$(Background)\"\t\"$(EdgeEnergy)\"\t\"x\"",
    ]
    let body = (0..<9).map { "1, 155\($0), 100" }
    let set = try read(lines + ["2, 7, 8"] + body + ["2, 7, 9"], as: CLSText.self)
    #expect(set.tables.first?.rows == 9)
    #expect(set.metadata.entries.map(\.value).contains(.text("2, 7, 9")))
    #expect(set.metadata.entries.map(\.value).contains(.text("2, 7, 8")))
  }

  @Test func aStatementNamesTheColumnsOfTheSample() throws {
    let set = try read(
      [
        "# Sample I1 = col 3  I2= col 2, mu = ln(I1/I2)", "#posX\tSAI01-MEAN\tSAI02-MEAN",
        "#0\t0\t0",
      ] + rows("\t"), as: SLSText.self)
    #expect(
      set.tables.first?.columns.map(\.name) == [
        "photon_energy", "transmitted_intensity", "incident_intensity",
      ])
  }
}
