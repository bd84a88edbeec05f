import Bytes
import FormatRegistry
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Files that carry setup and sample become measurements of the library.
@Suite("RBS files to setups")
struct DatasetSampleTests {
  static func read(_ path: String) throws -> Dataset {
    let bytes = try FileSource.open(path: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let detection = FormatRegistry.detect(FileHead(bytes, name: name))
    guard case .recognised(let format) = detection.verdict else {
      throw ReadFailure("test.format", found: "\(path) is not recognised", expected: "")
    }
    return try format.read(bytes, name: name, options: ReadOptions())
  }

  static func truth() throws -> [(file: String, wanted: ResultValue)] {
    let all = try JSONText.parse(FileSource.open(path: Corpus.path("rbs/reading.json")))
    guard case .object(let object) = all else { return [] }
    return object.keys.compactMap { key in all[key].map { (key, $0) } }
  }

  static let parts: Set<String> = ["idf", "ndf", "ruthelde"]

  @Test(.enabled(if: Corpus.available, "corpus absent")) func setupsAreThoseOfTheTruth() throws {
    var compared = 0
    for (file, wanted) in try Self.truth() where wanted["expect"]?.text == "read" {
      guard let setups = wanted["setup"]?.elements, let part = file.split(separator: "/").first,
        Self.parts.contains(String(part))
      else { continue }
      let records = try Self.read(Corpus.path("rbs/\(file)")).spectrumRecords.filter(\.hasSetup)
      #expect(records.count >= setups.count, "\(file)")
      for (record, setup) in zip(records, setups) {
        let numbers: [(String, Double?)] = [
          ("energy_keV", record.energy), ("charge_uC", record.charge),
          ("incidence_deg", record.incidence), ("scattering_deg", record.scattering),
          ("exit_deg", record.exitAngle), ("solid_angle_msr", record.solidAngle),
          ("fwhm_keV", record.fwhm), ("particles_solid_angle_sr", record.particlesSolidAngle),
        ]
        for (key, found) in numbers {
          guard let expected = setup[key]?.finiteNumber else { continue }
          #expect(Truth.difference(found, expected) < 1e-9, "\(file) \(key)")
          compared += 1
        }
        if let ion = setup["ion"]?.text { #expect(record.ion == ion, "\(file)") }
        if let kind = setup["geometry"]?.text {
          #expect(record.geometry?.rawValue == kind, "\(file)")
        }
      }
    }
    #expect(compared > 30)
  }

  /// Channels, counts, layers and stored simulations of the truth.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func contentsAreThoseOfTheTruth() throws {
    for (file, wanted) in try Self.truth() where wanted["expect"]?.text == "read" {
      guard let part = file.split(separator: "/").first, Self.parts.contains(String(part)),
        !file.hasSuffix(".odf")
      else { continue }
      let dataset = try Self.read(Corpus.path("rbs/\(file)"))
      let spectra = dataset.tables.filter { $0["counts"] != nil }
      #expect(spectra.count == wanted["spectra"]?.elements.count ?? 0, "\(file)")
      for (table, spectrum) in zip(spectra, wanted["spectra"]?.elements ?? []) {
        let counts = try #require(table["counts"]?.real)
        #expect(Double(counts.count) == spectrum["channels"]?.finiteNumber, "\(file)")
        let sum = counts.reduce(0, +)
        #expect(Truth.difference(sum, spectrum["sum"]?.finiteNumber) < 1e-9, "\(file)")
        #expect(Truth.difference(counts.max(), spectrum["max"]?.finiteNumber) < 1e-12, "\(file)")
        let peak = counts.firstIndex { $0 == counts.max() } ?? 0
        let number = table["channel"]?.real?[peak]
        #expect(number == spectrum["argmax"]?.finiteNumber, "\(file)")
      }
      let simulations = dataset.tables.filter { $0["counts_simulated"] != nil }
      #expect(simulations.count == wanted["simulations"]?.elements.count ?? 0, "\(file)")
      for (table, simulation) in zip(simulations, wanted["simulations"]?.elements ?? []) {
        let sum = table["counts_simulated"]?.real?.reduce(0, +) ?? .nan
        #expect(abs(sum - (simulation["sum"]?.finiteNumber ?? .nan)) < 1e-4, "\(file)")
      }
      let layers = wanted["layers"]?.elements ?? []
      let table = dataset["layers"]
      #expect(table?.rows ?? 0 == layers.count, "\(file)")
      for (i, layer) in layers.enumerated() {
        let areal = table?["areal_density"]?.real?[i]
        #expect(Truth.difference(areal, layer["areal"]?.finiteNumber) < 1e-9, "\(file)")
        for (key, isNumber) in [("fractions", false), ("Z", true)] {
          guard case .object(let fractions)? = layer[key] else { continue }
          for name in fractions.keys {
            let symbol = isNumber ? ChemicalElement.symbols[(Int(name) ?? 1) - 1] : name
            let found = table?["fraction_\(symbol)"]?.real?[i]
            #expect(Truth.difference(found, fractions[name]?.finiteNumber) < 2e-6, "\(file)")
          }
        }
      }
    }
  }

  /// A sample file as an input gives the same setup and layers as the file itself.
  @Test func sampleFilesAreDatasets() throws {
    for name in ["film.yaml", "copper.json"] {
      let path = TestData.path("rbs/rbs-sample/\(name)")
      let file = try SampleFile.parse(FileSource.open(path: path).latin1())
      let sample = try Self.read(path).measuredSample()
      #expect(sample.layers.count == file.layers.count)
      for (a, b) in zip(sample.layers, file.layers) {
        #expect(a.name == b.name && a.isSubstrate == b.isSubstrate && a.density == b.density)
        #expect(a.stoppingScale == b.stoppingScale && a.roughness == b.roughness)
        #expect(a.parts.map(\.nuclei) == b.parts.map(\.nuclei))
        for (x, y) in zip(a.parts, b.parts) {
          #expect(abs(x.arealDensity - y.arealDensity) <= 1e-12 * y.arealDensity)
        }
      }
      var setup = sample.setup
      for (i, layer) in setup.detector.foil.enumerated() {
        #expect(abs(layer.arealDensity - file.setup.detector.foil[i].arealDensity) < 1e-9)
      }
      setup.detector.foil = file.setup.detector.foil
      #expect(setup == file.setup, "\(name)")
    }
  }

  /// SIMNRA's file gives, with ZBL95, the reference spectrum of the corpus.
  @Test(.enabled(if: Corpus.available, "corpus absent")) func simnraFileIsSimulated() throws {
    let dataset = try Self.read(Corpus.path("rbs/idf/rbs_rough.xnra"))
    var sample = try dataset.measuredSample()
    #expect(sample.setup.physics.straggling == .yang)
    #expect(sample.setup.physics.geometricSpread)
    #expect(sample.setup.physics.minimumEnergy == 50)
    #expect(sample.layers.map(\.isSubstrate) == [false, true])
    #expect(dataset.diagnostics.contains { $0.code == "idf.stopping" })
    sample.setup.physics.stopping = ElectronicStopping(.zbl95)
    var simulator = try SpectrumSimulator(sample.setup)
    let spectrum = try simulator.simulate(sample.layers)
    #expect(abs(spectrum.total.dropFirst(200).reduce(0, +) / 1_238_486 - 1) < 3e-4)
    let text = try FileSource.open(path: Corpus.path("rbs/idf/rbs_rough.zbl95.csv")).latin1()
    let total = text.split(separator: "\n").filter { $0.first?.isNumber == true }.compactMap {
      $0.split(separator: ",").dropFirst(2).first.flatMap { NumberScanner.parse($0) }
    }
    #expect(total.count > 900)
    let peak = total.max() ?? 1
    let worst = zip(spectrum.total, total).dropFirst(200).map { abs($0 - $1) }.max() ?? 1
    #expect(worst < 2e-3 * peak)
  }

  @Test func whatIsMissingIsNamed() throws {
    var record = SpectrumRecord()
    func message() -> String {
      do throws(ReadFailure) {
        _ = try record.backscatteringSetup()
        return ""
      } catch { return error.diagnostic.message }
    }
    #expect(message().contains("no ion"))
    record.ion = "4Xx"
    #expect(message().contains("4Xx"))
    record.ion = "4He"
    #expect(message().contains("energy of the beam"))
    record.energy = -5
    #expect(message().contains("-5.0 keV"))
    record.energy = 2000
    record.scattering = 30
    #expect(message().contains("30.0°"))
    record.scattering = 165
    #expect(message().contains("--slope"))
    record.calibration = FileCalibration([10, 2], source: "test")
    #expect(message().contains("--charge"))
    record.charge = 10
    #expect(message().contains("solid angle"))
    record.solidAngle = 2
    let (setup, notes) = try record.backscatteringSetup()
    // 10 µC of singly charged ions: 1e-5 C over e = 1.602176634e-19 C (SI 2019).
    #expect(abs(setup.particles / 6.241509074e13 - 1) < 1e-9)
    #expect(setup.geometry.exitAngle == 15)
    #expect(notes.map(\.code) == ["rbs.assumed", "rbs.assumed", "rbs.no-resolution"])
  }
}
