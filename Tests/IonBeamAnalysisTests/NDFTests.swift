import Bytes
import FormatRegistry
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Files of NDF runs and what is wrong with them.
@Suite("NDF runs") struct NDFTests {
  static let geometry = "19\n100 1000\n4He 4He\n2000.0\n20.0\nIBM\n0 140\n11\n2.0 50.0\nflag off\n"

  func read(_ format: any FileFormat.Type, _ text: String) -> Result<Dataset, ReadFailure> {
    Reading.read(format, ByteView(utf8: text), name: "x")
  }

  func code(_ format: any FileFormat.Type, _ text: String) -> String? {
    if case .failure(let failure) = read(format, text) { return failure.diagnostic.code }
    return nil
  }

  @Test func geometryIsASetup() throws {
    let dataset = try read(NDFGeometry.self, Self.geometry).get()
    let record = try #require(dataset.spectrumRecords.first)
    #expect(record.ion == "4He" && record.energy == 2000 && record.fwhm == 20)
    #expect(record.exitAngle == 40 && record.solidAngle == 11)
    #expect(record.calibration?.energy(10) == 70)
    // A negative tilt leads away from the detector: 180 − 140 + 10.
    let tilted = try read(NDFGeometry.self, Self.geometry.replacing("0 140", with: "-10 140")).get()
    #expect(tilted.spectrumRecords.first?.exitAngle == 50)
    #expect(tilted.spectrumRecords.first?.incidence == 10)
    let force = Self.geometry.replacing("100 1000", with: "force 100 1000")
    let cornell = force.replacing("IBM", with: "cornell")
    #expect(NDFGeometry.recognise(FileHead(ByteView(utf8: cornell), name: "x")).score == 90)
    let (setup, _) = try #require(
      try read(NDFGeometry.self, cornell).get().spectrumRecords.first
    ).backscatteringSetup(needsYield: false)
    #expect(setup.geometry.kind == .cornell)
  }

  @Test func mistakesOfGeometry() {
    for (from, to, wanted) in [
      ("4He 4He", "4Xx 4Xx", "ndf.geometry"), ("2000.0", "-5", "ndf.geometry"),
      ("20.0", "words", "ndf.geometry"), ("IBM", "round", "ndf.geometry"),
      ("0 140", "140", "ndf.geometry"), ("2.0 50.0", "-2.0 50.0", "spectrum.slope"),
      ("\n11\n2.0 50.0\nflag off", "", "ndf.geometry"),
    ] {
      #expect(code(NDFGeometry.self, Self.geometry.replacing(from, with: to)) == wanted, "\(to)")
    }
  }

  @Test func mistakesOfTheOthers() throws {
    let fit = "NDF v10\n channel data fit\n1 2 3\n2 4 5\n"
    #expect(
      try read(NDFFit.self, fit).get().tables.map(\.name) == ["spectrum", "simulation_total"])
    let zeros = try read(NDFFit.self, "NDF v10\nchannel data fit Ta\n1 0 3 1\n2 0 5 1\n").get()
    #expect(zeros.tables.map(\.name) == ["simulation_total", "simulation_Ta"])
    #expect(zeros.diagnostics.contains { $0.code == "ndf.no-spectrum" })
    #expect(code(NDFFit.self, "NDF v10\nchannel data fit\n1 2\n") == "ndf.row")
    #expect(code(NDFFit.self, "NDF v10\nchannel data fit\n") == "ndf.no-data")
    #expect(code(NDFFit.self, "NDF v10\n") == "ndf.columns")
    let layers = "1\n100 50 50\nwords\nmolecules 2\n6.9 Ta 2 O 5\n5 Si\n"
    let table = try #require(try read(NDFProfile.self, layers).get()["layers"])
    #expect(abs((table["fraction_O"]?.real?[0] ?? 0) - 2.5 / 7) < 1e-15)
    for (from, to) in [
      ("1\n100", "9\n100"), ("100 50 50", "100 50"), ("100 50 50", "-1 50 50"),
      ("100 50 50", "100 0 0"), ("molecules 2", "molecules 7"), ("6.9 Ta", "Ta"),
    ] {
      #expect(code(NDFProfile.self, layers.replacing(from, with: to)) == "ndf.layers", "\(to)")
    }
    #expect(code(NDFProfile.self, layers.replacing("5 Si", with: "5 Xx")) == "idf.element")
    #expect(code(NDFStructure.self, "0\n5\nSi\n0 1\n0 1\n") == "ndf.structure")
    #expect(code(NDFList.self, "a.dat 1 b\n") == "ndf.list")
  }

  /// The sample files of the corpus are recognised for what they are.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func sampleFilesOfTheCorpus() throws {
    for name in (1...7).map({ "sim/S0\($0).yaml" })
      + ["fit/F1_hybrid_on_Na.yaml", "fit/experimental.yaml"]
    {
      let dataset = try DatasetSampleTests.read(Corpus.path("rbs/\(name)"))
      #expect(dataset.format == "rbs-sample", "\(name)")
      let sample = try dataset.measuredSample()
      #expect(!sample.layers.isEmpty && sample.setup.particles > 0, "\(name)")
    }
  }
}
