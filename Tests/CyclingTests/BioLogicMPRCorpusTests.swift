import Bytes
import Cycling
import Reading
import Tables
import TestSupport
import Testing
import Units

/// Every `.mpr` of the corpus against galvani 0.6.0 (columns in the file) and the formulas of the vendor's
/// text export (derived ones); every pair of a binary and its text export against each other.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct BioLogicMPRCorpusTests {
  static let files = [
    "00_test_01_OCV_C01.mpr", "250116_kigr_gen6_01_01_GCPL_CD8.mpr", "GCPL-0.mpr",
    "HAC_NH3_01_02_GCPL_C04.mpr", "MB-0.mpr", "ZMO_D_A_C03.mpr", "biologic_ca.mpr",
    "biologic_cp.issue_149.mpr", "biologic_cp.mpr", "biologic_gcpl.issue_149.mpr",
    "biologic_gcpl.issue_211.mpr", "biologic_gcpl.issue_226.I.mpr", "biologic_gcpl.mpr",
    "biologic_gcpl.pr_182.1.mpr", "biologic_geis.issue_149.mpr", "biologic_lsv.mpr",
    "biologic_mb.issue_149.mpr", "biologic_mb.issue_95.mpr", "biologic_mb.mpr",
    "biologic_ocv.mpr", "biologic_peis.mpr", "biologic_wait.mpr",
    "jdb11-1_e1_s3_squidTest_data_C15.mpr.gz", "test_C01.mpr", "trunc_biologic_gcpl.mpr",
  ]

  private func open(_ path: String) throws -> ByteView {
    let bytes = try FileSource.open(path: Corpus.path(path))
    return Gzip.recognises(bytes) ? try Gzip.inflate(bytes) : bytes
  }

  private func read(_ path: String) throws -> Dataset {
    try BioLogicBinary.read(open(path), name: path, options: ReadOptions())
  }

  /// Count, missing, ends, extremes and mean, within `relative` of the largest magnitude.
  private func compare(
    _ column: Column, _ truth: ResultValue, _ what: String, relative: Double
  ) {
    guard let found = column.statistics else {
      Issue.record("\(what): no numbers")
      return
    }
    func number(_ key: String) -> Double? { truth[key]?.finiteNumber }
    let scale = max(abs(number("max") ?? 0), abs(number("min") ?? 0))
    #expect(Double(found.count) == number("count"), "\(what)")
    #expect(Double(found.missing) == number("missing"), "\(what)")
    for (key, value) in [
      ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
      ("mean", found.mean),
    ] {
      let expected = number(key)
      if value == nil && expected == nil { continue }
      #expect(
        abs((value ?? .nan) - (expected ?? .nan)) <= relative * scale,
        "\(what) \(key): \(value ?? .nan), \(expected ?? .nan)")
    }
  }

  @Test(arguments: files) func everyFileGivesThePeersNumbers(_ file: String) throws {
    let bytes = try open("cycling/" + file)
    #expect(BioLogicBinary.recognise(FileHead(bytes, name: file)).score == 100)
    let dataset = try read("cycling/" + file)
    let truth = try Truth.of(Corpus.path("cycling/" + file))
    let table = try #require(dataset["data"])
    #expect(Double(table.rows) == truth["rows"]?.finiteNumber)
    guard case .object(let columns)? = truth["columns"] else {
      Issue.record("no columns in the truth")
      return
    }
    for name in columns.keys {
      guard let column = table[name], let expected = columns[name] else {
        Issue.record("\(file): no column \(name)")
        continue
      }
      #expect(column.unit.ucum == expected["unit"]?.text, "\(file) \(name)")
      compare(column, expected, "\(file) \(name)", relative: 1e-12)
    }
    if case .object(let vendor)? = truth["vendor_columns"] {
      for label in vendor.keys {
        guard let expected = vendor[label] else { continue }
        guard let column = table.columns.first(where: { $0.label == label }) else {
          Issue.record("\(file): no column \(label)")
          continue
        }
        // Those in canonical units are compared above.
        if column.origin.steps.contains(where: { $0.contains("→") || $0.contains("sign") }) {
          continue
        }
        compare(column, expected, "\(file) \(label)", relative: 1e-12)
      }
    }
    #expect(!dataset.diagnostics.contains { $0.severity == .error })
    #expect(dataset.complete == !file.hasPrefix("trunc_"))
  }

  static let pairs = [
    "HAC_NH3_01_02_GCPL_C04", "ZMO_D_A_C03", "biologic_ca", "biologic_cp.issue_149",
    "biologic_cp", "biologic_gcpl.issue_149", "biologic_gcpl.issue_211",
    "biologic_gcpl.issue_226.I", "biologic_gcpl.pr_182.1", "biologic_geis.issue_149",
    "biologic_lsv", "biologic_mb.issue_149", "biologic_mb.issue_95", "biologic_mb.issue_95.de",
    "biologic_mb", "biologic_mb.old", "biologic_ocv", "biologic_ocv.old", "biologic_peis",
    "biologic_wait",
  ]

  /// EC-Lab's name for a column differs between versions and techniques.
  private func plain(_ label: String) -> String {
    switch label {
    case "<Ewe/V>": "<Ewe>/V"
    case "Pwe/W": "P/W"
    case "Energy we charge/W.h": "Energy charge/W.h"
    case "Energy we discharge/W.h": "Energy discharge/W.h"
    default: label
    }
  }

  /// Every column that both files hold, row by row, within the digits of the text.
  @Test(arguments: pairs) func binaryAndTextAreOne(_ pair: String) throws {
    var stem = pair
    for ending in [".de", ".old"] where stem.hasSuffix(ending) {
      stem.removeLast(ending.count)
    }
    let binary = try read("cycling/\(stem).mpr")
    let path = "cycling/\(pair).mpt" + (pair.hasSuffix("211") ? ".gz" : "")
    let text = try BioLogicText.read(open(path), name: pair, options: ReadOptions())
    #expect(binary.technique == text.technique)
    let (mine, theirs) = (try #require(binary["data"]), try #require(text["data"]))
    #expect(mine.rows == theirs.rows)
    var compared: Set<String> = []
    for column in mine.columns {
      guard
        let other = theirs.columns.first(where: { plain($0.label) == plain(column.label) }),
        let expected = other.real, let found = column.real
      else { continue }
      compared.insert(plain(column.label))
      #expect(column.unit.ucum == other.unit.ucum, "\(pair) \(column.label)")
      let scale = expected.reduce(0) { max($0, abs($1)) }
      // Floats are written with eight digits, Doubles with sixteen; stamps to 0.1 ms; EC-Lab computes
      // some of the derived values with Floats.
      let isStamp = other.origin.steps.contains("minus 'Acquisition started on'")
      let limit = isStamp ? 6e-5 : 2e-7 * scale
      // The text leaves out harmonics above 100 kHz: −1 for distortions, 0 for amplitudes.
      let isHarmonic =
        pair.contains("geis")
        && ["THD", "NSD", "NSR", "|Ewe h", "|I h"].contains { column.label.hasPrefix($0) }
      let frequency = isHarmonic ? mine["frequency"]?.real ?? [] : []
      let wrong = zip(found, expected).enumerated().filter { row, values in
        abs(values.0 - values.1) > limit
          && !(isHarmonic && frequency[row] > 1e5 && values.1 <= 0)
      }
      let allowed = column.label == "Capacity/mA.h" && pair == "biologic_cp.issue_149" ? 3 : 0
      #expect(
        wrong.count == allowed,
        "\(pair) \(column.label): \(wrong.count) rows, first \(wrong.first.map { "\($0)" } ?? "")")
    }
    // All that the binary holds or gives stands in the text.
    let alone = mine.columns.map(\.label).filter {
      !compared.contains(plain($0)) && !$0.hasPrefix("Energy ce")
    }
    #expect(theirs.rows == 0 || alone.isEmpty, "\(pair): \(alone)")
  }

  @Test func areasMassesAndStartAreThoseOfTheText() throws {
    let cell = try read("cycling/biologic_mb.mpr")
    let area = try #require(cell.setting("electrode_area"))
    #expect(area.value == 0.5e-4 && area.unit.ucum == "m2")
    #expect(area.origin.bytes.first?.count == 4)
    #expect(cell.metadata.text("Acquisition started on") == "08/23/2021 11:44:40.646")
    #expect(cell.setting("active_material_mass") == nil)
    let carbon = try read("cycling/biologic_gcpl.pr_182.1.mpr")
    #expect(abs((carbon.setting("active_material_mass")?.value ?? 0) - 6.52e-6) < 1e-12)
    #expect(abs((carbon.setting("electrode_area")?.value ?? 0) - 1.767e-4) < 1e-10)
    // 113.1 mm2 by its own text export.
    let odd = try read("cycling/biologic_gcpl.issue_226.I.mpr")
    #expect(odd.setting("electrode_area") == nil)
    #expect(odd.diagnostics.contains { $0.code == "mpr.area" && $0.severity == .warning })
    for file in ["biologic_gcpl.mpr", "GCPL-0.mpr", "HAC_NH3_01_02_GCPL_C04.mpr"] {
      let dataset = try read("cycling/" + file)
      #expect(dataset.setting("electrode_area") == nil, "\(file)")
      #expect(dataset.setting("active_material_mass") == nil, "\(file)")
      #expect(!dataset.diagnostics.contains { $0.severity == .warning }, "\(file)")
    }
    let loops = try read("cycling/biologic_cp.issue_149.mpr")
    #expect(loops.metadata.text("Loop indexes") == "0 11 22 33 44")
  }

  @Test func cutFilesGiveTheirWholeRows() throws {
    let cut = try read("cycling/trunc_biologic_gcpl.mpr")
    #expect(cut["data"]?.rows == 7272 && !cut.complete)
    let warning = try #require(cut.diagnostics.first { $0.code == "mpr.truncated" })
    #expect(warning.found.contains("7272 of 12057") && warning.expected.contains("4785"))
    let nasty = try read("nasty/mpr_truncated_data.mpr")
    #expect(nasty["data"]?.rows == 257 && !nasty.complete)
    #expect(
      nasty.diagnostics.contains {
        $0.message.contains("VMP data") && $0.message.contains("19614")
          && $0.message.contains("13012")
      })
    let long = try read("nasty/mpr_module_length_4g.mpr")
    #expect(long["data"]?.rows == 392 && !long.complete)
    #expect(long.diagnostics.contains { $0.message.contains("4294967280") })
    #expect(long.metadata.text("Run on channel") != nil)
    let wait = try read("cycling/biologic_wait.mpr")
    #expect(wait["data"]?.rows == 0 && wait.complete)
    #expect(wait.diagnostics.map(\.code) == ["mpr.no-rows"])
    let spectrum = try read("impedance/damaged/mpr_cut60.mpr")
    #expect(spectrum["data"]?.rows == 32 && !spectrum.complete)
    for file in ["mpr_cut20bytes.mpr", "mpr_hugecount.mpr"] {
      #expect(throws: ReadFailure.self) { try read("impedance/damaged/" + file) }
    }
  }

  @Test func anUnknownColumnShiftsNoOther() throws {
    let damaged = try read("nasty/mpr_unknown_column_id.mpr")
    let seed = try read("cycling/250116_kigr_gen6_01_01_GCPL_CD8.mpr")
    let (mine, whole) = (try #require(damaged["data"]), try #require(seed["data"]))
    #expect(
      damaged.diagnostics.contains { $0.code == "mpr.unknown-column" && $0.found.contains("251") })
    #expect(mine["unknown_251"]?.real == whole.columns.first { $0.label == "dq/mA.h" }?.real)
    for column in mine.columns where column.name != "unknown_251" {
      #expect(column.values == whole[column.name]?.values, "\(column.name)")
    }
  }

  @Test(arguments: ["geis.issue_149", "geis", "peis"])
  func spectraHaveTheirPoints(_ file: String) throws {
    let path = "impedance/biologic/\(file).mpr"
    let dataset = try read(path)
    #expect(dataset.technique == .impedance)
    let spectra = try Truth.of(Corpus.path(path))["spectra"]?.elements ?? []
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
      let modulus = abs(re[point]) + abs(im[point])
      #expect(Truth.difference(frequency[row], f[point]) < 1e-9)
      #expect(abs(real[row] - re[point]) < 1e-9 * modulus)
      #expect(abs(imaginary[row] - im[point]) < 1e-9 * modulus)
    }
  }
}
