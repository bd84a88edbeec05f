import Bytes
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// Text of the Advanced Light Source: the header dialects that als.bcs 0.5.0 and xaspy read.
@Suite struct BCSTests {
  func read(_ text: String) -> Result<Dataset, ReadFailure> {
    Reading.read(BCSFormat.self, ByteView(utf8: text), name: "SigScan1.txt")
  }

  static let rows =
    "Time (s)\tMono Energy\tIzero\tTEY\t\n0.0\t1560.0\t2.0\t1.0\t\n1.1\t1560.5\t2.1\t1.5\t\n"

  @Test func oneMotor() throws {
    let dataset = try read(
      "Date: 7/4/2023\nFlying Scan\nMono Energy\nStart: 1560\nStop: 1561\nIncrement: 0.5\n"
        + "X Center: 0.2\nBi-directional: Yes\nStay at End: No\nDescription Length: 0\n\n"
        + Self.rows
    ).get()
    let table = try #require(dataset["scan"])
    #expect(
      table.columns.map(\.name) == [
        "time_s", "photon_energy", "incident_intensity", "electron_yield",
      ])
    #expect(table.columns.map(\.real).last == [1, 1.5])
    #expect(table.indexColumns == ["photon_energy"])
    #expect(dataset.metadata.text("Scan type") == "Flying Scan")
    #expect(dataset.metadata.text("Motor") == "Mono Energy")
    #expect(dataset.metadata.text("X Center") == "0.2")
  }

  @Test func aTrajectoryWithItsMemo() throws {
    let dataset = try read(
      "Date: 07/04/2023\r\nFrom File\r\nNone\r\nC:\\scans\\al.txt\r\nDelay After Move (s): 0.1\r\n"
        + "Count Time (s): 1\r\nScan Number: 2\r\nDecription Length: 18\r\nfirst: 1 a\r\n12 b c\r\n"
        + Self.rows
    ).get()
    #expect(dataset.metadata.text("Pause motor") == "None")
    #expect(dataset.metadata.text("Scan file") == "C:\\scans\\al.txt")
    let memo = dataset.metadata.entries.filter { $0.key == "Description" }.map(\.value)
    #expect(memo == [.text("first: 1 a"), .text("12 b c")])
    #expect(dataset["scan"]?.rows == 2)
  }

  /// The numbers of a time scan's header are no data.
  @Test func aTimeScan() throws {
    let text =
      "Date: 07/04/2023\n12\nmy time scan\n100\n0 1.2 0 0 1.0\n\nTime (s)\tI0 ES\tEY\n0\t1\t2\n1\t3\t4\n"
    let dataset = try read(text).get()
    #expect(dataset["scan"]?.columns.map(\.real) == [[0, 1], [1, 3], [2, 4]])
    #expect(dataset.metadata.text("Samples") == "100")
    #expect(dataset.metadata.text("Timing") == "0 1.2 0 0 1.0")
    #expect(dataset.metadata.text("Description") == "my time scan")
    let head = FileHead(ByteView(utf8: text), name: "TimeScan1.txt")
    #expect(BCSFormat.recognise(head).score >= 80)
  }

  @Test func framesAndTextColumns() throws {
    let dataset = try read(
      "Date: 07/04/2023\nStay at End: No\nFrame\tEnergy\tImage\tHall Probe\n1\t1560\ta.fits\tNaN\n"
        + "2\t1561\tb.fits\tNaN\n"
    ).get()
    let table = try #require(dataset["scan"])
    #expect(table.columns.map { $0.values.count } == [2, 2, 2, 2])
    #expect(table.columns[2].values == .text(["a.fits", "b.fits"]))
    #expect(table.columns[3].missing.count == 2)
  }

  @Test func whatHoldsNoDataIsRefused() {
    for (text, code) in [
      ("Date: 07/04/2023\nStay at End: No\n", "bcs.no-labels"),
      ("Date: 07/04/2023\nStay at End: No\nTime (s)\tEnergy\n", "bcs.no-data"),
    ] {
      guard case .failure(let failure) = read(text) else {
        Issue.record("\(text) is read")
        continue
      }
      #expect(failure.diagnostic.code == code)
    }
  }
}

/// FDMNES against larch 2026.3.1: the truth file of the corpus.
@Suite struct FDMNESTests {
  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func numbersAreThoseOfLarch() throws {
    let path = Corpus.path("xas/columns/FDMNES_2022_Mo2C_out.dat")
    let dataset = try Reading.read(
      FDMNESFormat.self, try FileSource.open(path: path), name: "FDMNES_2022_Mo2C_out.dat"
    ).get()
    let truth = try Truth.of(path)["table"] ?? .null
    let table = try #require(dataset["spectrum"])
    #expect(.integer(table.rows) == truth["nrows"])
    for (column, truth) in zip(table.columns, truth["columns"]?.elements ?? []) {
      let found = try #require(column.statistics)
      for (value, key) in [
        (found.first, "first"), (found.last, "last"), (found.min, "min"), (found.max, "max"),
        (column.real?.reduce(0, +), "sum"),
      ] {
        #expect(
          Truth.difference(value, truth[key]?.finiteNumber, scale: abs(found.max ?? 0)) < 1e-8,
          "\(column.label) \(key)")
      }
    }
    #expect(table.columns.map(\.name) == ["relative_energy", "mu", "photon_energy"])
    // The line says 20000.000 = E_edge; the first row -25.000.
    #expect(table["photon_energy"]?.real?.first == 19975)
    #expect(table.indexColumns == ["photon_energy"])
    #expect(dataset.metadata.text("Z") == "42")
  }

  @Test func aHeaderAloneIsRefused() {
    let head = "1559.6 13 1 1 = E_edge, Z, n_edge, j_edge\n Energy <xanes>\n"
    for (text, code) in [(head, "fdmnes.no-data"), ("1 2 = E_edge, Z\n", "fdmnes.header")] {
      let result = Reading.read(FDMNESFormat.self, ByteView(utf8: text), name: "a.txt")
      guard case .failure(let failure) = result else {
        Issue.record("\(text) is read")
        continue
      }
      #expect(failure.diagnostic.code == code)
    }
  }
}
