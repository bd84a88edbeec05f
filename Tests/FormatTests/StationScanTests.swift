import Bytes
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// Scans of single stations: dialects, damage and refusals, on small files made in the test.
@Suite struct StationScanTests {
  func read(_ format: any FileFormat.Type, _ text: String) -> Result<Dataset, ReadFailure> {
    Reading.read(format, ByteView(utf8: text), name: "scan.dat")
  }

  func sample(_ path: String) throws -> [UInt8] {
    try FileSource.open(path: TestData.path("xas/\(path)")).array
  }

  // MARK: pf-9809

  @Test func endMarkOfDOSIsNoRow() throws {
    let bytes = try sample("pf-9809/iron_foil.dat")
    let plain = try Reading.read(PhotonFactoryText.self, ByteView(bytes), name: "a").get()
    let marked = try Reading.read(PhotonFactoryText.self, ByteView(bytes + [0x1A]), name: "a").get()
    #expect(marked["scan"]?.rows == 50)
    #expect(marked["scan"]?.columns.map(\.values) == plain["scan"]?.columns.map(\.values))
    #expect(marked.complete)
  }

  static let factory = """
      9809     SPring-8  01b1
     Mono :   SI(111)       D=  3.13551 A    Initial angle= 12.71700 deg
     BL01B1    Transmission( 2)   Repetition=  1     Points=    2
      Angle(c)  Angle(o)    time/s         1         2
          Mode         0         0         1         2
        Offset         0         0    10.000    20.000
      12.71700  12.71700      1.001234567890 987654321
      12.70000  12.70000      1.00   1000000    500000

    """

  @Test func numbersThatFillTheirFieldsAreTakenApart() throws {
    let data = try read(PhotonFactoryText.self, Self.factory).get()
    let scan = try #require(data["scan"])
    #expect(scan["incident_intensity"]?.real == [1_234_567_890, 1_000_000])
    #expect(scan["transmitted_intensity"]?.real == [987654321, 500_000])
    // 12398.419843320026 / (2 · 3.13551 · sin 12.717°) by Python's math.
    #expect(abs((scan["photon_energy"]?.real?[0] ?? 0) - 8981.270753178453) < 1e-8)
  }

  @Test func stoppedScansAreTold() throws {
    let text = Self.factory.split(separator: "\n").dropLast().joined(separator: "\n") + "\n"
    let data = try read(PhotonFactoryText.self, text).get()
    #expect(data["scan"]?.rows == 1)
    #expect(data.diagnostics.contains { $0.code == "pf-9809.points" && $0.severity == .warning })
    let header = Self.factory.split(separator: "\n").dropLast(2).joined(separator: "\n") + "\n"
    guard case .failure(let failure) = read(PhotonFactoryText.self, header) else {
      Issue.record("a header without rows was read")
      return
    }
    #expect(failure.diagnostic.code == "pf-9809.no-data")
  }

  @Test func withoutSpacingTheAxisStaysAnAngle() throws {
    let text = Self.factory.split(separator: "\n").filter { !$0.contains("Mono") }
    let data = try read(PhotonFactoryText.self, text.joined(separator: "\n") + "\n").get()
    #expect(data["scan"]?["photon_energy"] == nil)
    #expect(data["scan"]?["mono_angle"]?.unit.ucum == "deg")
    #expect(data.diagnostics.contains { $0.code == "xas.no-spacing" })
  }

  @Test func theSecondColumnIsTheObservedAngle() throws {
    let text = Self.factory.map { $0 == "o" ? "0" : String($0) }.joined()
    let data = try read(PhotonFactoryText.self, text).get()
    #expect(data.diagnostics.contains { $0.code == "pf-9809.labels" && $0.place == .line(4) })
    #expect(data["scan"]?["mono_angle"]?.label == "Angle(0)")
  }

  // MARK: srs

  static let srsHead = " &SRS\n SRSRUN=1,SRSDAT=260115,SRSTIM=093000,\n SRSTLE='a, b',\n &END\n"

  @Test func cutAndAbortedScansAreTold() throws {
    let rows = "   15000.00 1.0 2.0 3.0 4.0 5.0\n 6.0\n   14990.00 1.0 2.0 3.0 4.0 5.0\n 6.0\n"
    let cut = try read(SRSText.self, Self.srsHead + rows).get()
    #expect(cut["scan"]?.rows == 2)
    #expect(cut["scan"]?.columns.count == 7)
    #expect(cut.diagnostics.contains { $0.code == "srs.cut" })
    #expect(!cut.complete)
    #expect(cut.metadata.text("SRSTLE") == "a, b")
    let aborted = try read(SRSText.self, Self.srsHead + rows + " DATA ABORTED\n").get()
    #expect(aborted.diagnostics.contains { $0.code == "srs.aborted" && $0.place == .line(9) })
    let inside = try read(
      SRSText.self, Self.srsHead + rows + "   14980.00 1.0 2.0 3.0 4.0 5.0\n"
    ).get()
    #expect(inside["scan"]?.rows == 2)
    #expect(inside.diagnostics.contains { $0.code == "text.cut-row" })
    guard case .failure(let failure) = read(SRSText.self, Self.srsHead + " END OF DATA\n") else {
      Issue.record("a scan without points was read")
      return
    }
    #expect(failure.diagnostic.code == "srs.no-data")
  }

  /// Diamond's acquisition writes a line of labels behind the header and no end mark.
  @Test func labelledColumnsOfDiamond() throws {
    let data = try read(
      SRSText.self, Self.srsHead + "pgm_energy\tca61sr\tca62sr\n700.1\t1.0\t2.0\n700.2\t1.1\t2.1\n"
    ).get()
    #expect(data["scan"]?.columns.map(\.label) == ["pgm_energy", "ca61sr", "ca62sr"])
    #expect(data["scan"]?.rows == 2)
    #expect(data.complete)
    #expect(!data.diagnostics.contains { $0.code == "srs.cut" })
  }

  // MARK: ssrl

  /// F floating of the VAX: 1 is 80 40 00 00, π is 49 41 DB 0F (VAX MACRO constants), 0 is all zeros.
  @Test func numbersOfTheVAX() throws {
    // Offsets of the sample made with the numbers below: the file's own bytes are replaced.
    var bytes = try sample("ssrl-binary/collector_1.001")
    let row = 800 + 8 * 28 + 16
    let numbers: [[UInt8]] = [
      [0x80, 0x40, 0, 0], [0x49, 0x41, 0xDB, 0x0F], [0x80, 0xC0, 0, 0], [0, 0, 0, 0],
      [0, 0x80, 0, 0], [0x80, 0, 0, 0], [0xFF, 0x7F, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0xFF],
    ]
    for (i, number) in numbers.enumerated() {
      bytes.replaceSubrange((row + 4 * i)..<(row + 4 * i + 4), with: number)
    }
    let data = try Reading.read(SSRLBinary.self, ByteView(bytes), name: "a.001").get()
    let first = try #require(data["scan"]).columns.map { $0.real?[0] ?? 0 }
    #expect(first[0] == 1)
    #expect(abs(first[1] - Double.pi) < 2e-7)
    #expect(first[2] == -1)
    #expect(first[3] == 0)
    #expect(first[4].isNaN)
    // The least and the greatest: 2^-128 and (1 - 2^-24) 2^127.
    #expect(first[5] == 0x1p-128)
    #expect(first[6] == 0x1p127 - 0x1p103)
    #expect(first[7] == -(0x1p127 - 0x1p103))
    #expect(data["scan"]?.columns[4].missing.count == 1)
  }

  @Test func countsThatContradictTheBytesAreTold() throws {
    let bytes = try sample("ssrl-binary/collector_2.002")
    let cut = try Reading.read(
      SSRLBinary.self, ByteView(Array(bytes.dropLast(40))), name: "a"
    ).get()
    #expect(cut["scan"]?.rows == 38)
    #expect(cut.diagnostics.contains { $0.code == "ssrl-binary.truncated" })
    #expect(!cut.complete)
    let longer = try Reading.read(SSRLBinary.self, ByteView(bytes + [1, 2, 3]), name: "a").get()
    #expect(longer.diagnostics.contains { $0.code == "ssrl-binary.trailing" })
    var other = bytes
    other[28] = UInt8(ascii: "7")
    for (bytes, code) in [
      (other, "ssrl-binary.version"), (Array(bytes.prefix(700)), "ssrl-binary.truncated"),
      (Array(bytes.prefix(1050)), "ssrl-binary.no-data"),
      (bytes.prefix(80) + Array("PTS: many".utf8) + bytes.dropFirst(89), "ssrl-binary.counts"),
    ] {
      guard case .failure(let failure) = Reading.read(SSRLBinary.self, ByteView(bytes), name: "a")
      else {
        Issue.record("\(code) was read")
        continue
      }
      #expect(failure.diagnostic.code == code)
    }
  }

  @Test func textHeadersThatLackSomethingAreTold() throws {
    let head = "SSRL   MicroEXAFS Data Collector 1.0\nPTS: 2 COLS: 3\n"
    let rows = "Data:\nRequested Energy\nI0\n\n1 2 3\n2 3 4\n"
    let data = try read(SSRLText.self, head + rows).get()
    #expect(Set(data.diagnostics.map(\.code)) == ["ssrl.labels", "ssrl.header", "ssrl.crystal"])
    #expect(data["scan"]?.columns.map(\.label) == ["Requested Energy", "I0", "col3"])
    let wrong = try read(
      SSRLText.self,
      "SSRL   EXAFS Data Collector 1.3\nPTS: 3 COLS: 2\nWeights:\n1 1\nOffsets:\n0 0\nData:\n"
        + "Energy\nI0\nI1\n\n1 2 3\n2 3 4\n"
    ).get()
    #expect(Set(wrong.diagnostics.map(\.code)) == ["ssrl.counts", "ssrl.points", "ssrl.crystal"])
    guard case .failure(let failure) = read(SSRLText.self, head) else { return }
    #expect(failure.diagnostic.code == "ssrl.no-data")
  }

  // MARK: x15b, x10c, lytle

  @Test func framesThatBreakEndTheRows() throws {
    let bytes = try sample("x15b/sulfur")
    var broken = bytes
    broken[212 + 64 * 10] = 57
    let data = try Reading.read(X15BFile.self, ByteView(broken), name: "a").get()
    #expect(data["scan"]?.rows == 10)
    #expect(data.diagnostics.contains { $0.code == "x15b.rows" && $0.place == .byte(212 + 640) })
    // A header whose length does not count its own marks.
    let longer = bytes.prefix(212) + [UInt8](repeating: 0, count: 8) + bytes.dropFirst(212)
    let other = try Reading.read(X15BFile.self, ByteView(Array(longer)), name: "a").get()
    #expect(other["scan"]?.rows == 40)
    for (bytes, code) in [
      (Array(bytes.prefix(270)), "x15b.truncated"),
      (bytes.prefix(212) + [UInt8](repeating: 0, count: 640), "x15b.frame"),
    ] {
      guard case .failure(let failure) = Reading.read(X15BFile.self, ByteView(bytes), name: "a")
      else {
        Issue.record("\(code) was read")
        continue
      }
      #expect(failure.diagnostic.code == code)
    }
  }

  @Test func headersWithoutRowsAreRefused() {
    for (format, text, code) in [
      (X10CText.self as any FileFormat.Type, "EXAFS     1\n NPTS NCHAN\n 3 2\n", "x10c.no-data"),
      (X10CText.self, "EXAFS     1\n NPTS NCHAN\n 3 2\n DATA START\n", "x10c.no-data"),
      (LytleText.self, " NPTS  NS CUEDGE DSPACE\n 3 4 1. 1.92\n", "lytle.no-data"),
      (ColumnPairs.self, "E_1,a_1,b\n1,2\n", "column-pairs.labels"),
      (ColumnPairs.self, "E_1,a_1,E_2,a_2\n1,2,x,y\n", "text.not-a-number"),
    ] {
      guard case .failure(let failure) = read(format, text) else {
        Issue.record("\(code) was read")
        continue
      }
      #expect(failure.diagnostic.code == code)
    }
  }

  @Test func stepsWithoutSpacingStaySteps() throws {
    let data = try read(
      LytleText.self,
      " NPTS  NS CUEDGE DSPACE STPDEG\n 2 1 1. 0.0 4000.\n 85000. 1.0\n 84000. 2.0\n"
    ).get()
    #expect(data["scan"]?.columns.map(\.name) == ["encoder", "incident_intensity"])
    #expect(data.diagnostics.map(\.code) == ["xas.no-spacing"])
    let merged = try read(
      LytleText.self,
      " NPTS  NS CUEDGE DSPACE STPDEG\n 2 1 1.00.0 4000.\n 85000. 1.0\n 84000. 2.0\n"
    ).get()
    #expect(merged.diagnostics.contains { $0.code == "lytle.parameters" && $0.place == .line(2) })
  }

  @Test func asterisksAndBadRowsAreTold() throws {
    let rows = (0..<200).map { " \(8000 + $0). 1.0 2.0\n" }
    let head = "EXAFS     1\n NPTS NCHAN\n 200 2\n DATA START\n"
    var changed = rows
    changed[3] = " 8003. ******** 2.0\n"
    changed[5] = " 8005. 1.0\n"
    let data = try read(X10CText.self, head + changed.joined()).get()
    #expect(data["scan"]?.rows == 199)
    #expect(data["scan"]?.columns[1].missing.count == 1)
    #expect(
      Set(data.diagnostics.map(\.code)) == ["text.missing", "text.ragged-row", "x10c.points"])
    #expect(!data.complete)
    for row in stride(from: 0, to: 200, by: 50) { changed[row] = " bad 1.0 2.0\n" }
    guard case .failure(let failure) = read(X10CText.self, head + changed.joined()) else {
      Issue.record("too many bad rows were left out")
      return
    }
    #expect(failure.diagnostic.place == .cell(line: 5, column: 1))
  }

  // MARK: dispersive-csv

  @Test func pixelsThatSkipAreTold() throws {
    let rows = (1...20).map { "\($0),0.5\n" }
    let whole = try read(DispersiveCSV.self, ", 0\n" + rows.joined()).get()
    #expect(whole["scan"]?.rows == 20)
    #expect(whole.diagnostics.map(\.code) == ["dispersive-csv.axis"])
    let skipped = try read(
      DispersiveCSV.self, ", 0\n" + (rows[..<5] + rows[6...]).joined()
    ).get()
    #expect(
      skipped.diagnostics.contains { $0.code == "dispersive-csv.pixels" && $0.place == .line(7) })
    for text in [", 0\n", ", 0\n\n"] {
      guard case .failure(let failure) = read(DispersiveCSV.self, text) else {
        Issue.record("a file without rows was read")
        continue
      }
      #expect(failure.diagnostic.code == "dispersive-csv.no-data")
    }
  }

  // MARK: column-pairs

  @Test func everyPairHasItsOwnLength() throws {
    let data = try read(
      ColumnPairs.self, "E_20;ZnPc_20;E_40;ZnPc_40\n280,5;1,5;281;2\n280,6;1,6;;\n280,8;;;\n"
    ).get()
    #expect(data.tables.map(\.name) == ["ZnPc_20", "ZnPc_40"])
    #expect(data.tables.map(\.rows) == [3, 1])
    #expect(data.tables[0].columns.map(\.name) == ["photon_energy", "mu"])
    #expect(data.tables[0]["photon_energy"]?.real == [280.5, 280.6, 280.8])
    #expect(data.diagnostics.contains { $0.code == "text.missing" && $0.count == 1 })
    #expect(data.diagnostics.contains { $0.code == "xas.axis-guessed" && $0.count == 2 })
    let kilo = try read(
      ColumnPairs.self,
      "# made\nEnergy (keV)\tfilm\tEnergy (keV)\tfoil\n1.5596\t1\t1.56\t2\n1.5600\t1\t1.57\t2\n"
    ).get()
    #expect(kilo.tables.map(\.name) == ["film", "foil"])
    #expect(kilo.tables[0]["photon_energy"]?.real == [1559.6, 1560])
    #expect(kilo.diagnostics.isEmpty)
  }

  @Test func otherTablesAreNoPairs() {
    for text in [
      "energy,i0,it,mu\n1,2,3,4\n", "E_1,a_1\n1,2\n", "Time,V,Time,I\n1,2,3,4\n",
      "Ewe/V,I/mA,Ewe/V,I/mA\n1,2,3,4\n",
    ] {
      #expect(
        ColumnPairs.recognise(FileHead(ByteView(utf8: text), name: "a.csv")).score == 0, "\(text)")
    }
  }
}
