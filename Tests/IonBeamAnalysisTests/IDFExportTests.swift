import Bytes
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// What we write as IDF reads back as what it was.
@Suite("IDF export") struct IDFExportTests {
  static func reread(_ export: IDFExport) throws -> Dataset {
    let bytes = ByteView(export.bytes)
    #expect(SIMNRAFormat.recognise(FileHead(bytes, name: "x")).score == 100)
    return try Reading.read(SIMNRAFormat.self, bytes, name: "x.xnra").get()
  }

  static func paths() -> [String] {
    var all = ["xnra", "idf"].flatMap { TestData.samples("rbs/\($0)") }.map { TestData.path($0) }
    if Corpus.available {
      all += [
        "rbs_rough.xnra", "jabs_export.xml", "dialect_percent.xml", "dialect_two_beams.xml",
        "dialect_ndf_result.xml",
      ].map { Corpus.path("rbs/idf/\($0)") }
    }
    return all
  }

  /// Setup, layers, counts and stored simulations, of every file and every spectrum in it.
  @Test func readsBackTheSame() throws {
    var compared = 0
    for path in Self.paths() {
      let dataset = try DatasetSampleTests.read(path)
      for record in dataset.spectrumRecords where record.scattering != nil {
        let again = try Self.reread(IDFExport(dataset, record: record))
        let suffix = record.table.dropFirst("spectrum".count)
        let counts = dataset[record.table]?["counts"]?.real
        #expect(again["spectrum"]?["counts"]?.real == counts, "\(path)")
        #expect(again["spectrum"]?["channel"]?.values == dataset[record.table]?["channel"]?.values)
        #expect(again["spectrum"]?["energy"]?.real == dataset[record.table]?["energy"]?.real)
        let other = try #require(again.spectrumRecords.first)
        #expect(other.ion == record.ion && other.energy == record.energy, "\(path)")
        #expect(other.exitAngle == record.exitAngle && other.fwhm == record.fwhm, "\(path)")
        #expect(other.incidence == record.incidence && other.solidAngle == record.solidAngle)
        var mine = again.simulationRecord("spectrum")
        mine.table = record.table
        var wanted = dataset.simulationRecord(record.table)
        // The absent and the written zero are the same.
        do {
          mine.energySpread = mine.energySpread ?? 0
          wanted.energySpread = wanted.energySpread ?? 0
          wanted.geometricSpread = wanted.geometricSpread ?? false
        }
        #expect(mine == wanted, "\(path)")
        let simulations = dataset.tables.filter {
          $0.name.hasPrefix("simulation_") && $0.name.hasSuffix(suffix)
        }
        for table in simulations {
          let name = String(table.name.dropLast(suffix.count))
          #expect(
            again[name]?["counts_simulated"]?.real == table["counts_simulated"]?.real,
            "\(path) \(name)")
        }
        guard record.hasSetup, record.calibration != nil else { continue }
        let a = try dataset.measuredSample(record: record)
        let b = try again.measuredSample()
        #expect(a.layers.map(\.name) == b.layers.map(\.name), "\(path)")
        for (x, y) in zip(a.layers, b.layers) {
          #expect(x.roughness == y.roughness && x.parts.map(\.nuclei) == y.parts.map(\.nuclei))
          for (p, q) in zip(x.parts, y.parts) {
            #expect(abs(p.arealDensity - q.arealDensity) <= 1e-14 * p.arealDensity, "\(path)")
          }
        }
        #expect(a.setup.particles == b.setup.particles, "\(path)")
        #expect(a.setup.geometry.exitAngle == b.setup.geometry.exitAngle, "\(path)")
        #expect(a.setup.physics == b.setup.physics, "\(path)")
        #expect(a.setup.detector.channels == b.setup.detector.channels, "\(path)")
        compared += 1
      }
    }
    #expect(compared >= (Corpus.available ? 7 : 2))
  }

  /// A setup with everything the format has a place for, with a simulation and counts.
  @Test func everythingThatHasAPlace() throws {
    let path = TestData.path("rbs/rbs-sample/film.yaml")
    var file = try SampleFile.parse(FileSource.open(path: path).latin1())
    file.layers[1].stoppingScale = 1
    file.setup.detector.spot = ApertureShape(.rectangular, 5, 2)
    file.setup.detector.aperture = ApertureShape(.circular, 10)
    file.setup.detector.distance = 100
    file.setup.detector.channels = 1024
    file.setup.detector.calibration.quadratic = 1e-5
    file.setup.energySpread = 1.25
    file.setup.physics.geometricSpread = true
    var simulator = try SpectrumSimulator(file.setup)
    let spectrum = try simulator.simulate(file.layers)
    let counts = spectrum.total.map { $0.rounded() }
    var export = IDFExport(file.setup, layers: file.layers, measured: counts, spectrum: spectrum)
    export.notes = ["a < b & \"c\"", "\u{1}x"]
    #expect(export.problems.isEmpty)
    let again = try Self.reread(export)
    let sample = try again.measuredSample()
    #expect(again["spectrum"]?["counts"]?.real == counts)
    #expect(again["simulation_total"]?["counts_simulated"]?.real == spectrum.total)
    #expect(again["simulation_18O"]?["counts_simulated"]?.real == spectrum.counts(of: "18O"))
    var setup = sample.setup
    #expect(abs(setup.energySpread - 1.25) < 1e-15)
    #expect(setup.detector.foil.first?.arealDensity == 150)
    setup.energySpread = file.setup.energySpread
    setup.detector.foil = file.setup.detector.foil
    setup.geometry.exit = file.setup.geometry.exit
    #expect(setup == file.setup)
    #expect(sample.layers.map(\.roughness) == [50, 0, 0])
    #expect(again.diagnostics.map(\.code).allSatisfy { $0 == "idf.not-counts" })
  }

  /// A calibration of channel centres is written as one of lower edges.
  @Test func centresBecomeEdges() throws {
    let path = TestData.path("rbs/rbs-sample/copper.json")
    let file = try SampleFile.parse(FileSource.open(path: path).latin1())
    var setup = file.setup
    setup.detector.calibration = ChannelCalibration(
      offset: 10, slope: 2, quadratic: 0.01, channelEnergy: .centre)
    let again = try Self.reread(IDFExport(setup, layers: file.layers))
    let calibration = try again.measuredSample().setup.detector.calibration
    for channel in [0, 1, 100, 777] {
      let wanted = setup.detector.calibration.lowerEdge(channel)
      #expect(abs(calibration.lowerEdge(channel) - wanted) < 1e-9)
    }
  }

  @Test func whatHasNoPlaceIsSaid() throws {
    let path = TestData.path("rbs/rbs-sample/film.yaml")
    let file = try SampleFile.parse(FileSource.open(path: path).latin1())
    let export = IDFExport(file.setup, layers: file.layers)
    #expect(export.problems.map(\.code) == ["export.idf-left-out"])
    #expect(export.problems.first?.message.contains("'under'") == true)
  }
}
