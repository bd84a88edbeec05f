import Bytes
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// SPEC files made in the test: dialects and damage.
@Suite struct SPECTests {
  static let head = "#F a.spec\n#E 1\n#D Thu Jan 15 09:30:00 2026\n\n"

  func read(_ text: String) -> Result<Dataset, ReadFailure> {
    Reading.read(SPECFormat.self, ByteView(utf8: text), name: "a.spec")
  }

  func dataset(_ text: String) throws -> Dataset { try read(text).get() }

  func codes(_ dataset: Dataset) -> [String] { dataset.diagnostics.map(\.code) }

  @Test func repeatedNumbersCountUp() throws {
    let scan = "#S 2 ascan x 0 1 1 1\n#N 2\n#L x  det\n0 1\n1 2\n\n"
    let dataset = try dataset(Self.head + scan + "#S 7 ct\n#N 1\n#L det\n1\n\n" + scan + scan)
    #expect(dataset.tables.map(\.name) == ["2.1", "7.1", "2.2", "2.3"])
    #expect(dataset.metadata.text("F") == "a.spec")
    #expect(dataset["2.2"]?.metadata.text("S") == "2 ascan x 0 1 1 1")
  }

  @Test func labelsAreSplitAtTwoBlanksOrOne() throws {
    let scan = { (labels: String) in Self.head + "#S 1 a\n#N 3\n#L \(labels)\n1 2 3\n4 5 6\n" }
    #expect(
      try dataset(scan("Two Theta  I 0  det"))["1.1"]?.columns.map(\.label) == [
        "Two Theta", "I 0", "det",
      ])
    #expect(try dataset(scan("tth I0 det"))["1.1"]?.columns.map(\.label) == ["tth", "I0", "det"])
    #expect(
      try dataset(scan("Two Theta\tI0\tdet"))["1.1"]?.columns.map(\.label) == [
        "Two Theta", "I0", "det",
      ])
    let odd = try dataset(scan("tth  I0"))
    #expect(odd["1.1"]?.columns.map(\.label) == ["tth", "I0", "col3"])
    #expect(codes(odd).contains("spec.labels"))
  }

  /// Rows with more or fewer numbers than their scan has columns cost themselves, no other row and no other scan.
  @Test func oddRowsAreLeftOutAndCounted() throws {
    func scan(_ number: Int, _ rows: [String]) -> String {
      "#S \(number) a\n#N 3\n#L x  I0  det\n\(rows.joined(separator: "\n"))\n\n"
    }
    let good = (0..<6).map { "\($0) 5 7" }
    for (odd, left) in [(["0 5", "1 5 7 9"], 4), (["0 5 7 9", "1 5 7 9", "2 5 7 9"], 3)] {
      let rows = odd + good.dropFirst(odd.count)
      let dataset = try dataset(Self.head + scan(1, good) + scan(2, Array(rows)) + scan(3, good))
      #expect(dataset.tables.map(\.rows) == [6, left, 6])
      // As many rows of four numbers as of three: the scan says three.
      #expect(dataset["2.1"]?.columns.map(\.label) == ["x", "I0", "det"])
      let bad = try #require(dataset.diagnostics.first { $0.code == "spec.bad-row" })
      #expect(bad.count == odd.count && bad.severity == .warning && !dataset.complete)
    }
  }

  @Test func spectraAreKeptAside() throws {
    let dataset = try dataset(
      Self.head
        + "#S 1 mesh\n#@CALIB 0 1 0\n#N 2\n#L x  det\n0 1\n@A 1 2\\\n3 4\n1 2\n@A 5 6 \\\n 7 8\n")
    #expect(dataset["1.1"]?.columns.map(\.real) == [[0, 1], [1, 2]])
    #expect(dataset.grids.map(\.name) == ["1.1 @A"])
    #expect(dataset.grids.first?.axes.map(\.count) == [4, 2])
    #expect(dataset.grids.first?.channels.first?.real == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(dataset.complete)
    let alone = try self.dataset(Self.head + "#S 1 ct\n#N 1\n#L a\n@A 1 2 3\n")
    #expect(alone["1.1"]?.rows == 0 && alone.grids.first?.channels.first?.real == [1, 2, 3])
    let uneven = try self.dataset(
      Self.head + "#S 1 m\n#N 1\n#L x\n0\n@A 1 2\n1\n@A 1 2 3\n")
    #expect(codes(uneven).contains("spec.mca") && !uneven.complete)
    #expect(uneven["1.1"]?.rows == 2)
    // A spectrum that is cut off does not swallow the next scan.
    let cut = try self.dataset(
      Self.head + "#S 1 m\n#N 1\n#L x\n0\n@A 1 2\\\n#S 2 m\n#N 1\n#L x\n5\n")
    #expect(cut.tables.map(\.rows) == [1, 1])
  }

  @Test func oneBadScanCostsNoOther() throws {
    let good = "#N 2\n#L x  det\n0 1\n1 2\n2 3\n\n"
    let dataset = try dataset(
      Self.head + "#S 1 a\n" + good + "#S 2 a\n#N 2\n#L x  det\n0 1\nbroken line here\n1 2\n5\n\n"
        + "#S 3 a\n#N 2\n#L x  det\n\n#S 4 a\n" + good)
    #expect(dataset.tables.map(\.rows) == [3, 2, 0, 3])
    #expect(!dataset.complete)
    let bad = try #require(dataset.diagnostics.first { $0.code == "spec.bad-row" })
    #expect(bad.count == 2 && bad.place == .line(16))
    #expect(dataset.diagnostics.first { $0.code == "spec.empty-scan" }?.severity == .note)
  }

  @Test func headersInBetweenAndSecondLabels() throws {
    let dataset = try dataset(
      Self.head + "#S 1 a\n#N 1\n#L x\n1\n#L y  z\n1 2\n3 4\n\n#F b.spec\n#E 2\n#O0 mot\nstray\n"
        + "#S 1 a\n#N 1\n#L x\n7\n")
    #expect(dataset.tables.map(\.name) == ["1.1", "1.1 part 2", "1.2"])
    #expect(dataset["1.1 part 2"]?.columns.map(\.real) == [[1, 3], [2, 4]])
    #expect(dataset.metadata.entries.filter { $0.key == "F" }.count == 2)
    #expect(dataset.metadata.text("O0") == "mot")
    #expect(codes(dataset).contains("spec.stray-line") && !dataset.complete)
  }

  @Test func anglesOfTheMonochromatorAndEnergiesInKeV() throws {
    let angles = try dataset(
      Self.head + "#S 1 zapline mono 14.2 14.0 3 0.1\n#N 2\n#L mono  I0\n14.2 1\n14.1 2\n14.0 3\n")
    #expect(angles["1.1"]?.columns.first?.name == "mono_angle")
    let energies = try dataset(
      Self.head + "#S 1 a\n#N 2\n#L Energy  I0\n7.11 1\n7.111 2\n7.1125 3\n")
    #expect(energies["1.1"]?["photon_energy"]?.real == [7110, 7111, 7112.5])
    #expect(energies["1.1"]?["photon_energy"]?.unit.ucum == "eV")
    // An energy that is counted beside a motor repeats without a warning.
    let motor = try dataset(Self.head + "#S 1 a\n#N 2\n#L x  Energy\n0 7112\n1 7112\n2 7112\n")
    #expect(!codes(motor).contains { $0.hasPrefix("axis.") })
    #expect(motor["1.1"]?.indexColumns == ["x"])
  }

  @Test func manyEmptyScansAreCounted() throws {
    var text = Self.head + "#S 1 a\n#N 1\n#L x\n1\n"
    for i in 2...3000 { text += "#S \(i) a\n" }
    let dataset = try dataset(text)
    #expect(dataset.tables.count == 1001)
    let note = try #require(dataset.diagnostics.first { $0.code == "spec.empty-scan" })
    #expect(note.count == 2999)
  }

  @Test func whatHoldsNoDataIsRefused() {
    for (text, code) in [
      ("#F a\n#E 1\n", "spec.no-scan"), (Self.head + "#S 1 a\n#N 1\n#L x\n", "spec.no-data"),
      (Self.head + "#S 1 a\n#N 2\n#L x  y\nword word\n", "spec.no-data"),
    ] {
      guard case .failure(let failure) = read(text) else {
        Issue.record("\(text) is read")
        continue
      }
      #expect(failure.diagnostic.code == code)
    }
  }

  @Test func otherFormatsAreNotTaken() {
    for text in [
      "# XDI/1.0\n# Column.1: energy eV\n#----\n1 2\n", "a,b\n1,2\n", "#L x  y\n1 2\n",
      "# S 1\n1 2\n", "#SV 1\n1 2\n",
    ] {
      let head = FileHead(ByteView(utf8: text), name: "a.dat")
      #expect(SPECFormat.recognise(head).score == 0, "\(text)")
    }
  }
}
