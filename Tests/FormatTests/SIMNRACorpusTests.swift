import Bytes
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Ion beam data files against `rbs/reading.json` of the corpus (values read by independent scripts).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct SIMNRACorpusTests {
  static let files: [(String, any FileFormat.Type)] = [
    ("idf/rbs_rough.xnra", SIMNRAFormat.self), ("idf/jabs_export.xml", IDFFormat.self),
    ("idf/dialect_percent.xml", IDFFormat.self), ("idf/dialect_two_beams.xml", IDFFormat.self),
    ("idf/dialect_ndf_result.xml", IDFFormat.self),
  ]

  func bytes(_ file: String) throws -> ByteView {
    try FileSource.open(path: Corpus.path("rbs/\(file)"))
  }

  func read(_ file: String, _ format: any FileFormat.Type) throws -> Dataset {
    try Reading.read(format, bytes(file), name: file).get()
  }

  func truth(_ file: String) throws -> ResultValue {
    let all = try JSONText.parse(FileSource.open(path: Corpus.path("rbs/reading.json")))
    return try #require(all[file])
  }

  func close(_ found: Double?, _ expected: ResultValue?, _ tolerance: Double = 1e-9) -> Bool {
    Truth.difference(found, expected?.finiteNumber) <= tolerance
  }

  func sum(_ column: Column?) -> Double? { column?.real?.reduce(0, +) }

  @Test func spectraAreThoseOfTheFiles() throws {
    for (file, format) in Self.files {
      let spectra = try truth(file)["spectra"]?.elements ?? []
      let tables = try read(file, format).tables.filter { $0.name.hasPrefix("spectrum") }
      #expect(tables.count == spectra.count, "\(file)")
      for (table, expected) in zip(tables, spectra) {
        let counts = table["counts"]
        #expect(.integer(table.rows) == expected["channels"], "\(file)")
        #expect(close(sum(counts), expected["sum"]), "\(file)")
        #expect(close(counts?.statistics?.max, expected["max"]), "\(file)")
        // The first energies give offset and slope back.
        let channels = try #require(table["channel"]?.real)
        let energies = try #require(table["energy"]?.real)
        let slope = (energies[9] - energies[0]) / (channels[9] - channels[0])
        #expect(close(slope, expected["slope"], 1e-12), "\(file)")
        #expect(close(energies[0] - slope * channels[0], expected["offset"], 1e-10), "\(file)")
        let peak = channels[counts?.real?.firstIndex { $0 == counts?.statistics?.max } ?? 0]
        #expect(close(peak, expected["argmax"]), "\(file)")
        #expect(table["energy"]?.unit.ucum == "keV")
      }
    }
  }

  @Test func simulationsAreThoseOfTheFiles() throws {
    for (file, format) in Self.files {
      let simulations = try truth(file)["simulations"]?.elements ?? []
      let tables = try read(file, format).tables.filter { $0.name.hasPrefix("simulation") }
      #expect(tables.count == simulations.count, "\(file)")
      for (table, expected) in zip(tables, simulations) {
        if let name = expected["name"]?.text { #expect(table.name == "simulation_\(name)") }
        #expect(.integer(table.rows) == expected["channels"], "\(file) \(table.name)")
        // The truth holds four decimals.
        let off = (sum(table["counts_simulated"]) ?? .nan) - (expected["sum"]?.finiteNumber ?? .nan)
        #expect(abs(off) < 1e-4, "\(table.name)")
      }
    }
  }

  /// SIMNRA's own spectra as the corpus' scripts wrote them to CSV.
  @Test func everyChannelOfSIMNRA() throws {
    let csv = try bytes("idf/rbs_rough.simnra.csv").latin1()
    let lines = csv.split(separator: "\n").filter { !$0.hasPrefix("#") }
    let names = try #require(lines.first).split(separator: ",").map(String.init)
    let dataset = try read("idf/rbs_rough.xnra", SIMNRAFormat.self)
    var compared = 0
    for (i, name) in names.enumerated() {
      let short = name.split(separator: " ").first.map(String.init) ?? name
      guard let column = dataset["simulation_\(short)"]?["counts_simulated"]?.real else { continue }
      let expected = lines.dropFirst().compactMap {
        NumberScanner.parse($0.split(separator: ",", omittingEmptySubsequences: false)[i])
      }
      #expect(expected.count <= column.count)
      let largest = column.max() ?? 1
      for (a, b) in zip(column, expected) where abs(a - b) > 1e-6 * largest {
        Issue.record("\(name): \(a) is not \(b)")
        break
      }
      compared += 1
    }
    #expect(compared >= 4)
  }

  @Test func layersAreThoseOfTheFiles() throws {
    for (file, format) in Self.files {
      let layers = try truth(file)["layers"]?.elements ?? []
      let table = try read(file, format)["layers"]
      #expect((table?.rows ?? 0) == layers.count, "\(file)")
      for (i, layer) in layers.enumerated() {
        #expect(close(table?["areal_density"]?.real?[i], layer["areal"]), "\(file)")
        #expect(table?["areal_density"]?.unit.ucum == "10*15/cm2")
        guard case .object(let fractions)? = layer["fractions"] else { continue }
        let present = table?.columns.filter {
          $0.name.hasPrefix("fraction_") && ($0.real?[i] ?? 0) > 0
        }
        #expect(Set(present?.map(\.label) ?? []) == Set(fractions.keys), "\(file)")
        for element in fractions.keys {
          #expect(
            close(table?["fraction_\(element)"]?.real?[i], fractions[element], 2e-6),
            "\(file) \(element)")
        }
      }
    }
    let rough = try read("idf/rbs_rough.xnra", SIMNRAFormat.self)["layers"]?["roughness_fwhm"]
    #expect(rough?.missing.contains(1) == true)
    #expect(abs((rough?.real?[0] ?? 0) - 100) < 1e-9)
  }

  @Test func setupsStandInTheMetadata() throws {
    let keys = [
      ("energy_keV", "beam/beamenergy"), ("incidence_deg", "geometry/incidenceangle"),
      ("scattering_deg", "geometry/scatteringangle"),
      ("solid_angle_msr", "detection/detector/solidangle"), ("charge_uC", "beam/charge"),
      (
        "fwhm_keV",
        "calibrations/detectorresolutions/detectorresolution/resolutionparameters/resolutionparameter"
      ),
    ]
    for (file, format) in Self.files {
      let dataset = try read(file, format)
      for (i, setup) in (try truth(file)["setup"]?.elements ?? []).enumerated() {
        let base =
          file.contains("two_beams")
          ? "sample/spectra/spectrum[\(i + 1)]" : "sample/spectra/spectrum"
        for (key, path) in keys {
          guard let expected = setup[key] else { continue }
          let found = dataset.metadata.text("\(base)/\(path)").flatMap { NumberScanner.parse($0) }
          #expect(close(found, expected), "\(file) \(key)")
        }
        #expect(dataset.metadata.text("\(base)/beam/beamparticle") == setup["ion"]?.text)
        #expect(
          dataset.metadata.text("\(base)/geometry/geometrytype")?.lowercased()
            == setup["geometry"]?.text)
      }
    }
  }

  @Test func columnsPointAtTheirBytes() throws {
    let source = try bytes("idf/rbs_rough.xnra")
    let dataset = try read("idf/rbs_rough.xnra", SIMNRAFormat.self)
    let column = try #require(dataset["simulation_total"]?["counts_simulated"])
    let range = try #require(column.origin.bytes.first)
    let words = source[range].latin1().split { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r" }
    #expect(words.count == column.count)
    #expect(NumberScanner.parse(words[500]) == column.real?[500])
    #expect(
      column.origin.member
        == "sample/spectra/spectrum/process/simulations/simulation[1]/simpledata/y")
    let energy = dataset.settingOrigins["sample/spectra/spectrum/beam/beamenergy"]
    #expect(source[energy?.bytes.first ?? 0..<0].latin1() == " 1.50000000000000E+0003")
  }

  @Test func dialectsAreToldOf() throws {
    func codes(_ file: String) throws -> Set<String> {
      Set(try read(file, IDFFormat.self).diagnostics.map(\.code))
    }
    #expect(
      try codes("idf/dialect_percent.xml").isSuperset(of: ["idf.percent", "idf.layer-count"]))
    #expect(try codes("idf/dialect_two_beams.xml").contains("idf.no-spectrum"))
    #expect(try codes("idf/dialect_ndf_result.xml").contains("idf.no-spectrum"))
  }

  @Test func recognisedByContentAlone() throws {
    for (file, format) in Self.files {
      let head = FileHead(try bytes(file), name: "x")
      #expect(format.recognise(head).score >= 90, "\(file)")
      let other: any FileFormat.Type = format.id == "xnra" ? IDFFormat.self : SIMNRAFormat.self
      #expect(other.recognise(head).score == 0, "\(file)")
    }
  }

  @Test func damagedAndHostileFilesAreRefused() throws {
    let cut = #expect(throws: ReadFailure.self) {
      try read("bad/truncated.xnra", SIMNRAFormat.self)
    }
    #expect(cut?.diagnostic.code == "xml.truncated")
    for name in ["idf_billion_laughs", "idf_xxe_file", "idf_deep_nesting"] {
      let source = try FileSource.open(path: Corpus.path("nasty/\(name).xnra"))
      let recognised = [
        SIMNRAFormat.recognise(FileHead(source, name: name)).score,
        IDFFormat.recognise(FileHead(source, name: name)).score,
      ]
      #expect(recognised.max() ?? 0 >= 90)
      let failure = #expect(throws: ReadFailure.self) {
        try Reading.read(IDFFormat.self, source, name: name).get()
      }
      #expect(failure?.diagnostic.place == .line(2))
    }
  }
}
