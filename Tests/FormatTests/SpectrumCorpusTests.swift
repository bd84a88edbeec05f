import Bytes
import FormatRegistry
import IonBeamAnalysis
import Reading
import Tables
import TestSupport
import Testing

/// Spectra against `rbs/reading.json` of the corpus (values read by independent programs).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct SpectrumCorpusTests {
  /// The formats of this suite, by the folders and endings of their files.
  static let formats: [String: String] = [
    "mca/Alcatraz14.Spc": "ortec-spc", "mca/Mendocino_07-10-13_Acq-10-10-13.Spe": "ortec-spe",
    "mca/SGM102432.spe": "ortec-spe", "mca/digibase_5min_30_1.spe": "ortec-spe",
    "mca/eu_calib_7cm.Spe": "ortec-spe", "mca/hpge_dummy_test_01.iec": "iec1455",
    "mca/hpge_dummy_test_02a.iec": "iec1455", "mca_rbs/exp2027.chn": "ortec-chn",
    "mca_rbs/exp2027.cnf": "canberra-cnf", "mca_rbs/exp2027.csv": "spectrum-text",
    "mca_rbs/exp2027.n42": "n42", "mca_rbs/exp2027.spc": "ortec-spc",
    "mca_rbs/exp2027.spc_float.spc": "ortec-spc", "mca_rbs/exp2027.spe": "ortec-spe",
    "mca_rbs/exp2027.tka": "canberra-tka", "mca_rbs/exp2027.txt": "spectrum-text",
    "synthetic/exp2027_amptek.mca": "amptek-mca", "synthetic/exp2027_fast.mpa": "fastcomtec-mpa",
    "synthetic/exp2027_german.csv": "spectrum-text",
    "synthetic/exp2027_onecol_bom.txt": "spectrum-text",
    "synthetic/exp2027_tab_utf16.txt": "spectrum-text", "jabs/experimental.dat": "spectrum-text",
    "jabs/multicol_data.dat": "spectrum-text", "jabs/point_by_point_ref.dat": "spectrum-text",
    "jabs/strange_data.dat": "spectrum-text", "ndf/spectrum.odf": "spectrum-text",
    "ndf/spectrum_n.odf": "spectrum-text", "rump/MnPt_rc43_excerpt.RBS": "rump-macro",
    "rump/exp2027_mode0.rbs": "rump-binary", "rump/exp2027_mode1.rbs": "rump-binary",
    "rump/exp2027_mode2.rbs": "rump-binary", "rump/exp2027_mode3.rbs": "rump-binary",
    "bad/exp2027_badsum.rbs": "rump-binary", "bad/truncated.chn": "ortec-chn",
    "bad/truncated.cnf": "canberra-cnf",
  ]

  static let files = formats.keys.sorted()

  func bytes(_ file: String) throws -> ByteView {
    try FileSource.open(path: Corpus.path("rbs/\(file)"))
  }

  /// The format that the content shows, under its own name and, but for `.tka`, under any other.
  func format(_ file: String, _ bytes: ByteView) throws -> any FileFormat.Type {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    for name in file.hasSuffix(".tka") ? [name] : [name, "unnamed"] {
      let detection = FormatRegistry.detect(FileHead(bytes, name: name))
      guard case .recognised(let found) = detection.verdict else {
        Issue.record(
          "\(file) as \(name): \(detection.candidates.map { "\($0.format.id) \($0.score)" })")
        continue
      }
      #expect(found.id == Self.formats[file], "\(file) as \(name)")
    }
    return try #require(FormatRegistry.format(id: Self.formats[file] ?? ""))
  }

  func truth(_ file: String) throws -> ResultValue {
    let all = try JSONText.parse(FileSource.open(path: Corpus.path("rbs/reading.json")))
    return try #require(all[file])
  }

  @Test(arguments: files) func readsWhatTheTruthSays(_ file: String) throws {
    let bytes = try bytes(file)
    let truth = try truth(file)
    let answer = Reading.read(try format(file, bytes), bytes, name: file)
    switch truth["expect"]?.text {
    case "refuse":
      guard case .failure(let failure) = answer else {
        Issue.record("\(file) is read")
        return
      }
      #expect(failure.diagnostic.place != .whole, "\(file)")
    case "damaged":
      switch answer {
      case .failure(let failure):
        #expect(failure.diagnostic.message.contains("lost"), "\(failure)")
      case .success(let dataset):
        #expect(!dataset.complete && dataset.diagnostics.contains { $0.message.contains("lost") })
      }
    default: try compare(answer.get(), truth, file)
    }
  }

  func compare(_ dataset: Dataset, _ truth: ResultValue, _ file: String) throws {
    let spectra = truth["spectra"]?.elements ?? []
    let records = dataset.spectrumRecords
    #expect(records.count == spectra.count, "\(file)")
    for (record, expected) in zip(records, spectra) {
      let table = try #require(dataset[record.table])
      let counts = try #require(table["counts"])
      let channels = try #require(table["channel"]?.real)
      func check(_ found: Double?, _ key: String, _ tolerance: Double = 1e-9) {
        guard let wanted = expected[key]?.finiteNumber else { return }
        #expect(
          Truth.difference(found, wanted) <= tolerance,
          "\(file) \(key): \(found ?? .nan), expected \(wanted)")
      }
      let values = counts.real ?? []
      check(Double(table.rows), "channels")
      check(values.reduce(0, +), "sum")
      check(counts.statistics?.max, "max")
      check(
        values.firstIndex { $0 == counts.statistics?.max }.map { channels[$0] }, "argmax")
      check(channels.first, "first_channel")
      check(record.liveTime, "live_s", 1e-7)
      check(record.realTime, "real_s", 1e-7)
      // Binary files and fits hold the coefficients in single precision or rounded.
      check(record.calibration?.offset, "offset", 2e-4)
      check(record.calibration?.slope, "slope", 1e-6)
      check(record.calibration?.energy(1000), "slope1000", 1e-5)
      if let start = expected["start"]?.text { #expect(record.start == start, "\(file)") }
      if expected["uncalibrated"] == .flag(true) {
        #expect(record.calibration == nil && table["energy"] == nil, "\(file)")
        #expect(dataset.diagnostics.contains { $0.code == "spectrum.no-calibration" })
      }
    }
    for (record, expected) in zip(records, truth["setup"]?.elements ?? []) {
      let found: [(String, Double?)] = [
        ("charge_uC", record.charge), ("energy_keV", record.energy),
        ("exit_deg", record.exitAngle), ("fwhm_keV", record.fwhm),
        ("incidence_deg", record.incidence), ("scattering_deg", record.scattering),
        ("solid_angle_msr", record.solidAngle),
      ]
      for (key, value) in found {
        guard let wanted = expected[key]?.finiteNumber else { continue }
        #expect(
          Truth.difference(value, wanted) <= 1e-9, "\(file) \(key): \(value ?? .nan), \(wanted)")
      }
      #expect(record.geometry?.rawValue == expected["geometry"]?.text, "\(file)")
      #expect(record.ion == expected["ion"]?.text, "\(file)")
    }
  }
}
