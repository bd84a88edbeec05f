import Bytes
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Cross sections and stopping tables that users bring.
@Suite("RBS tables of users")
struct TableFileTests {
  static let helium = Ion("4He")

  static func bytes(_ corpus: String) throws -> ByteView {
    try FileSource.open(path: Corpus.path("rbs/\(corpus)"))
  }

  /// Points, ends and largest values as an independent reading of the files gives them.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func r33OfTheCorpus() throws {
    var compared = 0
    for (file, wanted) in try DatasetSampleTests.truth() {
      guard let r33 = wanted["r33"] else { continue }
      let dataset = try DatasetSampleTests.read(Corpus.path("rbs/\(file)"))
      let table = try #require(dataset["cross_section"])
      let name = r33["unit"]?.text == "rr" ? "cross_section_ratio" : "cross_section"
      #expect(dataset.format == "r33")
      #expect(Double(table.rows) == r33["points"]?.finiteNumber, "\(file)")
      #expect(table["energy"]?.statistics?.min == r33["energy_min"]?.finiteNumber, "\(file)")
      #expect(table[name]?.statistics?.max == r33["sigma_max"]?.finiteNumber, "\(file)")
      compared += 1
    }
    #expect(compared == 6)
  }

  @Test(.enabled(if: Corpus.available, "corpus absent")) func r33ForSimulations() throws {
    let helium = try #require(Self.helium)
    func load(_ file: String, _ angle: Double, force: Bool = false) throws -> MeasuredCrossSection {
      var notes = DiagnosticList()
      return try MeasuredCrossSection.r33(
        Self.bytes("r33/\(file)"), ion: helium, scattering: angle, force: force, into: &notes)
    }
    let carbon = try load("c2aa0o.r33", 170)
    #expect(carbon.atomicNumber == 6 && carbon.massNumber == 12 && carbon.kind == .ratio)
    #expect(carbon.energies.first == 1564 && carbon.values.last == 37.6)
    for (file, angle, code) in [
      ("c2aa0o.r33", 165.0, "r33.angle"), ("he4pp0a.r33", 161.4, "r33.unfit"),
      ("li7pa0n.r33", 160, "r33.unfit"),
    ] {
      let failure = #expect(throws: ReadFailure.self) { try load(file, angle) }
      #expect(failure?.diagnostic.code == code)
    }
    #expect(try load("c2aa0o.r33", 165, force: true).energies.count == 121)
  }

  @Test func r33Dialects() throws {
    let helium = try #require(Self.helium)
    func read(
      _ reaction: String, _ more: String, _ rows: String
    ) throws(ReadFailure) -> (MeasuredCrossSection, [String]) {
      var notes = DiagnosticList()
      let text = "Comment: x\nmore\n\nReaction: \(reaction)\nTheta: 170\n\(more)Data:\n\(rows)"
      let data = try MeasuredCrossSection.r33(
        ByteView(utf8: text), ion: helium, scattering: 170.5, into: &notes)
      return (data, notes.all.map(\.code))
    }
    let (a, codes) = try read("natSi(a,a0)natSi", "Units: mb\n", "2000 200\n1000 100\nEndData:\n")
    #expect(a.massNumber == nil && a.atomicNumber == 14 && a.kind == .millibarn)
    #expect(a.energies == [1000, 2000] && a.values == [100, 200])
    #expect(codes == ["axis.unordered"])
    let (b, more) = try read(
      "12C(a,a)12C", "Units: rr\nEnfactors: 1000, 0\nSigfactors: 0.5, 0\n",
      "1,0,4,0\n2.5,0,6,0")
    #expect(b.energies == [1000, 2500] && b.values == [2, 3])
    #expect(more == ["text.no-final-newline", "r33.no-end"])
    for (reaction, keys, rows, code) in [
      ("12C(a,p)15N", "", "1 2\n2 3\n", "r33.unfit"),
      ("12C(a,a1)12C", "", "1 2\n2 3\n", "r33.unfit"),
      ("12C(a,a0)12C", "Units: barns\n", "1 2\n2 3\n", "r33.units"),
      ("12C(a,a0)12C", "Units: tot\n", "1 2\n2 3\n", "r33.unfit"),
      ("12C(a,a0)12C", "Distribution: Angle\n", "1 2\n2 3\n", "r33.unfit"),
      ("12C(a,a0)12C", "", "1 2\n2 words\n", "r33.row"),
      ("12C(a,a0)12C", "", "1 2\n2 -3\n", "r33.row"),
      ("12C(a,a0)12C", "", "\n", "r33.no-data"), ("12C(a,a0)12C", "", "1 2\n", "r33.unfit"),
    ] {
      let failure = #expect(throws: ReadFailure.self) { try read(reaction, keys, rows) }
      #expect(failure?.diagnostic.code == code, "\(reaction) \(keys)")
    }
  }

  /// Both files hold values of the ZBL95 formula: spectra must be those of the built-in set.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func importedStopping() throws {
    let helium = try #require(Self.helium)
    let dataset = try DatasetSampleTests.read(Corpus.path("rbs/idf/rbs_rough.xnra"))
    var sample = try dataset.measuredSample()
    sample.layers[0].roughness = 0
    sample.setup.physics.geometricSpread = false
    func spectrum(_ files: [String]) throws -> [Double] {
      var stopping = ElectronicStopping(.zbl95)
      var notes = DiagnosticList()
      for file in files {
        try stopping.add(Self.bytes("stopping/\(file)"), ion: helium, into: &notes)
      }
      var setup = sample.setup
      setup.physics.stopping = stopping
      var simulator = try SpectrumSimulator(setup)
      return try simulator.simulate(sample.layers).total
    }
    let built = try spectrum([])
    let peak = built.max() ?? 1
    for file in ["zbl95_He_C_O_Al.csv", "zbl95_He_C_to_Al.gsto"] {
      let found = try spectrum([file])
      let total = found.dropFirst(200).reduce(0, +) / built.dropFirst(200).reduce(0, +)
      #expect(abs(total - 1) < 1e-5, "\(file)")
      #expect(found.count == built.count)
      let worst = zip(found, built).dropFirst(100).map { abs($0 - $1) }.max() ?? peak
      #expect(worst < 1e-4 * peak, "\(file) \(worst / peak)")
    }
  }

  @Test func stoppingDialects() throws {
    let helium = try #require(Self.helium)
    func add(_ text: String, _ ion: Ion) throws(ReadFailure) -> ElectronicStopping {
      var stopping = ElectronicStopping(.zbl95)
      var notes = DiagnosticList()
      try stopping.add(ByteView(utf8: text), ion: ion, into: &notes)
      return stopping
    }
    let csv = try add("# x\nE_keV_per_u,Z6,Al\n100,10,20\n200,20,40\n", helium)
    let energy = 100 * helium.mass
    #expect(abs((csv(helium, 6, energy) ?? 0) - 10) < 1e-12)
    #expect(abs((csv(helium, 13, 2 * energy) ?? 0) - 40) < 1e-12)
    let head = "type=electronic\nz1=2\nz2=14\nsto-unit=Jm2\nx-unit=MeV/u\nformat=ascii\n"
    let gsto = try add(
      head + "x-points=2\nx-scale=arb\n\n0.1\n0.2\n1.602176634e-36\n3e-36\n", helium)
    // 1.602176634e-36 J m² are 1e-17 eV m², and a layer of 1e15/cm² has 1e19 atoms a m²: 100 eV.
    #expect(abs((gsto(helium, 14, energy) ?? 0) - 100) < 1e-9)
    let proton = try #require(Ion("1H"))
    for (text, ion, code) in [
      ("E_keV_per_u,Z6\n100,10\n200,-1\n", helium, "stopping.values"),
      ("E_keV_per_u,Z6\n100,10\n100,11\n", helium, "stopping.energies"),
      ("E_keV_per_u,Q6\n100,10\n200,11\n", helium, "stopping.header"),
      ("E_keV_per_u,Z6\n100,10,3\n200,11\n", helium, "stopping.row"),
      (head + "x-points=3\nx-scale=arb\n\n1 2 3 4 5\n", helium, "stopping.truncated"),
      (head + "x-points=999999\nx-scale=arb\n\n1 2 3 4 5\n", helium, "stopping.truncated"),
      (head + "x-points=2\nx-scale=arb\n\n1 2 3 4\n", proton, "stopping.ion"),
      ("words", helium, "stopping.form"),
    ] {
      let failure = #expect(throws: ReadFailure.self) { try add(text, ion) }
      #expect(failure?.diagnostic.code == code, "\(text)")
    }
  }

  /// The generated SRIM layout in eV/Å gives the numbers of its truth; a decimal comma changes nothing.
  @Test func srimUnits() throws {
    let helium = try #require(Self.helium)
    let path = TestData.path("rbs/stopping/He in Al made.txt")
    let bytes = try FileSource.open(path: path)
    let truth = try Truth.of(path)
    let column = truth["columns"]?.elements.first { $0["name"]?.text == "Al" }
    let comma = ByteView(utf8: bytes.latin1().replacing(".", with: ","))
    for source in [bytes, comma] {
      var stopping = ElectronicStopping(.zbl95)
      var notes = DiagnosticList()
      try stopping.add(source, ion: helium, into: &notes)
      // The first row, 100 keV, of an ion of 4.003 u.
      let found = stopping(helium, 13, 100 * helium.mass / 4.003)
      #expect(Truth.difference(found, column?["first"]?.finiteNumber) < 1e-9)
    }
  }
}
