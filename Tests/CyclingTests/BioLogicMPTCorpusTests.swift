import Bytes
import Cycling
import Reading
import Tables
import TestSupport
import Testing

/// Every EC-Lab text export of the corpus against the vendor's numbers (parsed with pandas), and the
/// spectra against pyimpspec 5.1.3 (the corpus' truth files).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct BioLogicMPTCorpusTests {
  static let files = [
    "HAC_NH3_01_02_GCPL_C04.mpt", "Sample_data_biologic_no_header.mpt", "ZMO_D_A_C03.mpt",
    "biologic_ca.mpt", "biologic_cp.issue_149.mpt", "biologic_cp.mpt",
    "biologic_gcpl.issue_149.mpt", "biologic_gcpl.issue_211.mpt.gz",
    "biologic_gcpl.issue_226.I.mpt", "biologic_gcpl.pr_182.1.mpt", "biologic_geis.issue_149.mpt",
    "biologic_lsv.mpt", "biologic_mb.issue_149.mpt", "biologic_mb.issue_95.de.mpt",
    "biologic_mb.issue_95.mpt", "biologic_mb.mpt", "biologic_mb.old.mpt", "biologic_ocv.mpt",
    "biologic_ocv.old.mpt", "biologic_peis.mpt", "biologic_wait.mpt", "biologic_wait.old.mpt",
    "Sample_data_biologic_01_MB_CA1.txt", "ZMO_D_A_C03.txt",
  ]

  private func open(_ path: String) throws -> ByteView {
    let bytes = try FileSource.open(path: Corpus.path(path))
    return Gzip.recognises(bytes) ? try Gzip.inflate(bytes) : bytes
  }

  private func read(_ path: String) throws -> Dataset {
    try BioLogicText.read(open(path), name: path, options: ReadOptions())
  }

  /// Count, missing, ends, extremes and mean; 2e-6 of the largest magnitude, 1.2 ms for times.
  private func compare(_ column: Column, _ truth: ResultValue, _ what: String) {
    guard let found = column.statistics else {
      Issue.record("\(what): no numbers")
      return
    }
    func number(_ key: String) -> Double? { truth[key]?.finiteNumber }
    let scale = max(abs(number("max") ?? 0), abs(number("min") ?? 0))
    let limit =
      column.unit.ucum == "s" && column.name.hasSuffix("time")
      ? 1.2e-3 + 1e-9 * scale : 2e-6 * scale
    #expect(Double(found.count) == number("count"), "\(what)")
    #expect(Double(found.missing) == number("missing"), "\(what)")
    for (key, value) in [
      ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
      ("mean", found.mean),
    ] {
      let expected = number(key)
      if value == nil && expected == nil { continue }
      #expect(
        abs((value ?? .nan) - (expected ?? .nan)) <= limit, "\(what) \(key): \(value ?? .nan)")
    }
  }

  @Test(arguments: files) func everyExportGivesTheVendorsNumbers(_ file: String) throws {
    let bytes = try open("cycling/" + file)
    #expect(BioLogicText.recognise(FileHead(bytes, name: file)).score >= 80)
    let dataset = try read("cycling/" + file)
    let truth = try Truth.of(Corpus.path("cycling/" + file))
    let table = try #require(dataset["data"])
    #expect(Double(table.rows) == truth["rows"]?.finiteNumber)
    guard case .object(let columns)? = truth["columns"] else {
      Issue.record("no columns in the truth")
      return
    }
    for name in columns.keys where table.rows > 0 {
      guard let column = table[name], let expected = columns[name] else {
        Issue.record("\(file): no column \(name)")
        continue
      }
      #expect(column.unit.ucum == expected["unit"]?.text, "\(file) \(name)")
      compare(column, expected, "\(file) \(name)")
    }
    var compared = 0
    if case .object(let vendor)? = truth["vendor_columns"] {
      for label in vendor.keys {
        // Canonical columns are compared above, in their own unit.
        guard let expected = vendor[label],
          let column = table.columns.first(where: { $0.label == label }),
          column.origin.steps == ["decimal text"]
        else { continue }
        compared += 1
        compare(column, expected, "\(file) \(label)")
      }
    }
    #expect(compared > 0 || table.rows == 0)
    #expect(!dataset.diagnostics.contains { $0.severity == .error })
    if let declared = truth["header_lines"]?.finiteNumber, declared > 3 {
      #expect(dataset.metadata.text("Nb header lines") == "\(Int(declared))")
      let origin = try #require(dataset.settingOrigins["Nb header lines"])
      #expect(origin.lines == 2...2)
    }
  }

  @Test(arguments: ["data", "exampleDataBioLogic", "geis.issue_149", "geis", "peis"])
  func spectraHaveTheirPoints(_ file: String) throws {
    let path = "impedance/biologic/\(file).mpt"
    let dataset = try read(path)
    #expect(dataset.technique == .impedance)
    try compareSpectra(dataset, with: path)
  }

  /// The rows with a frequency above zero, in order, are the points of all sweeps.
  private func compareSpectra(_ dataset: Dataset, with path: String) throws {
    let truth = try Truth.of(Corpus.path(path))
    let spectra = truth["spectra"]?.elements ?? []
    #expect(!spectra.isEmpty)
    func points(_ key: String) -> [Double] {
      spectra.flatMap { $0[key]?.elements ?? [] }.compactMap(\.finiteNumber)
    }
    let table = try #require(dataset["data"])
    let frequency = try #require(table["frequency"]?.real)
    let real = try #require(table["impedance_real"]?.real)
    let imaginary = try #require(table["impedance_imaginary"]?.real)
    let rows = frequency.indices.filter { frequency[$0] > 0 }
    let (f, re, im) = (points("f"), points("re"), points("im"))
    #expect(rows.count == f.count)
    for (row, point) in zip(rows, f.indices) {
      #expect(Truth.difference(frequency[row], f[point]) < 1e-6)
      let modulus = abs(re[point]) + abs(im[point])
      #expect(abs(real[row] - re[point]) < 1e-6 * modulus)
      #expect(abs(imaginary[row] - im[point]) < 1e-6 * modulus)
    }
  }

  @Test func damagedExportsGiveWhatTheirTruthSays() throws {
    let truth = try JSONText.parse(
      FileSource.open(path: Corpus.path("impedance/damaged/damaged.truth.json")))
    var seen = 0
    for entry in truth.elements {
      guard let file = entry["file"]?.text, let original = entry["made_from"]?.text,
        original.hasSuffix(".mpt"), let expect = entry["expect"]?.text
      else { continue }
      seen += 1
      let bytes = try FileSource.open(path: Corpus.path("impedance/damaged/" + file))
      switch expect {
      case "same":
        #expect(BioLogicText.recognise(FileHead(bytes, name: file)).score >= 80, "\(file)")
        let dataset = try BioLogicText.read(bytes, name: file, options: ReadOptions())
        try compareSpectra(dataset, with: "impedance/" + original)
        #expect(dataset.complete)
      case "prefix":
        let dataset = try BioLogicText.read(bytes, name: file, options: ReadOptions())
        #expect(Double(dataset["data"]?.rows ?? 0) == entry["complete_rows"]?.finiteNumber)
        #expect(!dataset.complete)
        #expect(
          dataset.diagnostics.contains { $0.code == "text.cut-row" && $0.severity == .warning })
      default:
        #expect(throws: ReadFailure.self) {
          try BioLogicText.read(bytes, name: file, options: ReadOptions())
        }
      }
    }
    #expect(seen == 6)
    let empty = try FileSource.open(path: Corpus.path("nasty/empty.mpt"))
    #expect(throws: ReadFailure.self) {
      try BioLogicText.read(empty, name: "empty.mpt", options: ReadOptions())
    }
  }
}
