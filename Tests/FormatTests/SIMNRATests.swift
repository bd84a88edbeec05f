import Bytes
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Every error and warning of the ion beam data formats, on documents made here.
@Suite struct SIMNRATests {
  /// A document around parts of a sample.
  func document(
    layers: String = "", x: String = "0 1 2", y: String = "5 6 7", calibration: String = "10 2",
    more: String = ""
  ) -> String {
    let parameters = calibration.split(separator: " ").map {
      "<calibrationparameter units=\"keV\">\($0)</calibrationparameter>"
    }.joined()
    return """
      <idf xmlns="http://idf.schemas.itn.pt" xmlns:simnra="http://www.simnra.com/simnra">
      <attributes><simnra:filetype>xnra</simnra:filetype></attributes><sample>
      <structure><layeredstructure><layers>\(layers)</layers></layeredstructure></structure>
      <spectra><spectrum><calibrations><energycalibrations><energycalibration>
      <calibrationparameters>\(parameters)</calibrationparameters>
      </energycalibration></energycalibrations></calibrations>
      <data><simpledata><x>\(x)</x><y>\(y)</y></simpledata></data>\(more)</spectrum></spectra>
      </sample></idf>
      """
  }

  func layer(
    _ thickness: String, _ elements: [(String, String)], units: String = "1e15at/cm2",
    more: String = ""
  ) -> String {
    let parts = elements.map {
      "<layerelement><name>\($0.0)</name><concentration>\($0.1)</concentration></layerelement>"
    }
    return "<layer><layerthickness units=\"\(units)\">\(thickness)</layerthickness>"
      + "<layerelements>\(parts.joined())</layerelements>\(more)</layer>"
  }

  func read(_ text: String) -> Result<Dataset, ReadFailure> {
    Reading.read(SIMNRAFormat.self, ByteView(utf8: text), name: "x.xnra")
  }

  func failure(_ text: String) -> Diagnostic? {
    if case .failure(let failure) = read(text) { return failure.diagnostic }
    return nil
  }

  func codes(_ text: String) throws -> [String] { try read(text).get().diagnostics.map(\.code) }

  @Test func energyIsTheCalibrationPolynomial() throws {
    let dataset = try read(document(x: "1 10 100", calibration: "10 2 0.5")).get()
    let spectrum = try #require(dataset["spectrum"])
    #expect(spectrum["channel"]?.values == .integer([1, 10, 100]))
    // 10 + 2n + 0.5n² by hand.
    #expect(spectrum["energy"]?.real == [12.5, 80, 5210])
    #expect(spectrum["counts"]?.real == [5, 6, 7])
    #expect(spectrum.indexColumns == ["channel"])
    #expect(dataset.diagnostics.map(\.code) == ["axis.gap"])
  }

  @Test func aDummySpectrumIsNone() throws {
    for (x, y) in [("0 1", "0 0"), ("0", "0.0E+0000"), (" ", " \n")] {
      let dataset = try read(document(x: x, y: y)).get()
      #expect(dataset["spectrum"] == nil)
      #expect(dataset.diagnostics.contains { $0.code == "idf.no-spectrum" })
      #expect(dataset.diagnostics.contains { $0.code == "idf.no-data" })
    }
    #expect(try codes(document(x: "0 1", y: "0 1")).isEmpty)
  }

  @Test func warningsOfSpectra() throws {
    #expect(try codes(document(calibration: "")) == ["idf.no-calibration"])
    #expect(try codes(document(calibration: "0 0")) == ["idf.no-calibration"])
    #expect(try codes(document(calibration: "5 words")) == ["idf.no-calibration"])
    #expect(try codes(document(y: "5 6.5 7")) == ["idf.not-counts"])
    #expect(try codes(document(y: "5 -6 7")) == ["idf.not-counts"])
    #expect(try codes(document(y: "5 NaN 7")) == ["idf.missing"])
    #expect(try codes(document(x: "0 2 1")) == ["axis.unordered"])
    #expect(try codes(document(x: "0 1 1")) == ["axis.repeated"])
  }

  @Test func errorsOfSpectra() {
    let lengths = failure(document(x: "0 1"))
    #expect(lengths?.code == "idf.lengths")
    #expect(lengths?.message.contains("2 numbers and y 3") == true)
    let word = failure(document(y: "5 six 7"))
    #expect(word?.code == "idf.number")
    #expect(word?.place == .element("sample/spectra/spectrum/data/simpledata/y"))
    #expect(failure("<xml/>")?.code == "idf.root")
  }

  @Test func simulationsAreNamedByTheirTarget() throws {
    let simulations = [("total", ""), ("partialelement", "C "), ("partialelement", "12C ")].map {
      "<simulation><simulationtype>\($0.0)</simulationtype>"
        + "<initialtargetparticle>\($0.1)</initialtargetparticle><simpledata><x>0 1 2</x>"
        + "<y>1 2.5 3</y></simpledata></simulation>"
    }
    let text = document(
      more: "<process><simulations>\(simulations.joined())"
        + "<simulation><simulationtype>pileup</simulationtype><simpledata><x>0</x><y>0</y>"
        + "</simpledata></simulation></simulations></process>")
    let dataset = try read(text).get()
    #expect(
      dataset.tables.map(\.name)
        == ["spectrum", "simulation_total", "simulation_C", "simulation_12C"])
    #expect(dataset["simulation_12C"]?["counts_simulated"]?.real == [1, 2.5, 3])
    #expect(dataset.diagnostics.map(\.code) == ["idf.no-simulation"])
  }

  @Test func layersWithMoleculesPercentAndRoughness() throws {
    let rough = "<layeruniformity mode=\"FWHM\">100</layeruniformity>"
    let text = document(
      layers: layer("1000", [("Ta 2 O 5", "100"), ("Si", "0")], more: rough)
        + layer("0", [("C", "1")]) + layer("500", [("Ta ?=0.30 O ?=0.70", "0.5"), ("12C", "0.5")]))
    let dataset = try read(text).get()
    let layers = try #require(dataset["layers"])
    #expect(layers["areal_density"]?.real == [1000, 500])
    #expect(layers["areal_density"]?.unit.ucum == "10*15/cm2")
    #expect(layers["roughness_fwhm"]?.missing.contains(1) == true)
    let fractions = ["Ta": [2.0 / 7, 0.15], "O": [5.0 / 7, 0.35], "12C": [0, 0.5]]
    for (element, expected) in fractions {
      let found = layers["fraction_\(element)"]?.real ?? []
      #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-15 }, "\(element)")
      #expect(found.count == 2)
    }
    #expect(dataset.diagnostics.map(\.code) == ["idf.percent", "idf.empty-layer"])
  }

  @Test func warningsOfLayers() throws {
    #expect(try codes(document(layers: layer("1", [("C", "1")], units: ""))) == ["idf.unit"])
    #expect(
      try codes(document(layers: layer("1", [("C", "1")], units: "furlongs"))) == ["unit.unknown"])
    let sigma = "<layeruniformity mode=\"sigma\">100</layeruniformity>"
    #expect(
      try codes(document(layers: layer("1", [("C", "1")], more: sigma))) == ["idf.roughness"])
    let text = document(layers: layer("1", [("C", "1")]))
      .replacing("<layers>", with: "<nlayers>2</nlayers><layers>")
    #expect(try codes(text) == ["idf.layer-count"])
  }

  @Test func errorsOfLayers() {
    for (thickness, elements, code) in [
      ("", [("C", "1")], "idf.layer"), ("-5", [("C", "1")], "idf.layer"),
      ("5", [("C", "")], "idf.layer"), ("5", [("Xy", "1")], "idf.element"),
      ("5", [("", "1")], "idf.element"), ("5", [("c", "1")], "idf.element"),
    ] {
      let found = failure(document(layers: layer(thickness, elements)))
      #expect(found?.code == code, "\(thickness) \(elements)")
      #expect(found?.place.description.hasPrefix("element sample/structure") == true)
    }
  }

  @Test func everyLeafIsKeptByItsPath() throws {
    let text = document(
      more: "<beam><beamenergy units=\"keV\"> 1.5E+0003</beamenergy></beam>"
        + "<note>a</note><note>b</note>")
    let metadata = try read(text).get().metadata
    #expect(metadata.text("attributes/filetype") == "xnra")
    #expect(metadata.text("sample/spectra/spectrum/beam/beamenergy") == "1.5E+0003")
    #expect(metadata.text("sample/spectra/spectrum/beam/beamenergy@units") == "keV")
    #expect(metadata.text("sample/spectra/spectrum/note[2]") == "b")
    #expect(metadata.text("sample/spectra/spectrum/data/simpledata/y") == nil)
  }

  @Test func recognisesOnlyItsOwn() {
    func score(_ format: any FileFormat.Type, _ text: String) -> Int {
      format.recognise(FileHead(ByteView(utf8: text), name: "x")).score
    }
    #expect(score(SIMNRAFormat.self, document()) == 100)
    #expect(score(IDFFormat.self, document()) == 0)
    let plain = document().replacing("xnra", with: "other")
    #expect(score(SIMNRAFormat.self, plain) == 0)
    #expect(score(IDFFormat.self, plain) == 95)
    for text in ["", "<svg/>", "idf.schemas.itn.pt", "<idf/>"] {
      #expect(score(SIMNRAFormat.self, text) == 0)
      #expect(score(IDFFormat.self, text) == 0)
    }
  }
}
