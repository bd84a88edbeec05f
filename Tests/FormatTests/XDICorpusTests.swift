import Bytes
import Reading
import Tables
import TestSupport
import Testing
import XRayAbsorption

/// XDI against larch 2026.3.1 (`read_xdi`) and libxdifile: the truth files of the corpus.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct XDICorpusTests {
  static let folders = ["xas/xdi", "xas/xdi_S_K", "xas/xdi_au", "xas/xdi_bad", "xas/xdi_lib"]

  /// Every XDI file of the corpus, relative to it.
  static func files() throws -> [String] {
    var result: [String] = []
    for folder in folders {
      for entry in try FileSource.list(folder: Corpus.path(folder))
      where entry.relativePath.hasSuffix("xdi") { result.append("\(folder)/\(entry.relativePath)") }
    }
    return result
  }

  func read(_ file: String) throws -> Result<Dataset, ReadFailure> {
    Reading.read(
      XDIFormat.self, try FileSource.open(path: Corpus.path(file)),
      name: String(file.split(separator: "/").last ?? ""))
  }

  @Test func numbersAreThoseOfLarch() throws {
    var compared = 0
    for file in try Self.files() {
      let table = try Truth.of(Corpus.path(file))["table"] ?? .null
      guard let expected = table["columns"]?.elements, !expected.isEmpty else { continue }
      let dataset = try read(file).get()
      let scan = try #require(dataset["scan"])
      #expect(.integer(scan.rows) == table["nrows"], "\(file)")
      for (i, truth) in expected.enumerated() {
        let column = scan.columns[i]
        // larch lowers the case of labels.
        #expect(
          column.label.lowercased() == table["labels"]?[i]?.text?.lowercased(), "\(file) \(i)")
        let found = try #require(column.statistics)
        let scale = max(abs(found.min ?? 0), abs(found.max ?? 0))
        let pairs: [(Double?, String)] = [
          (found.first, "first"), (found.last, "last"), (found.min, "min"), (found.max, "max"),
        ]
        // The truth files hold ten digits.
        for (value, key) in pairs {
          #expect(
            Truth.difference(value, truth[key]?.finiteNumber, scale: scale) < 1e-9,
            "\(file) \(column.label) \(key)")
        }
        let sum = (found.mean ?? 0) * Double(found.count)
        #expect(
          Truth.difference(sum, truth["sum"]?.finiteNumber, scale: scale) < 2e-9,
          "\(file) \(column.label) sum")
        #expect(.integer(found.missing) == truth["nonfinite"], "\(file) \(column.label)")
        compared += 1
      }
    }
    #expect(compared >= 130)
  }

  @Test func metadataAreThoseOfTheReferenceLibrary() throws {
    var compared = 0
    for file in try Self.files() {
      let truth = try Truth.of(Corpus.path(file))["xdifile"] ?? .null
      guard case .object(let families)? = truth["attrs"] else { continue }
      let dataset = try read(file).get()
      for family in families.keys {
        guard case .object(let keys)? = families[family] else { continue }
        for key in keys.keys {
          let values = dataset.metadata.entries.filter {
            $0.key.lowercased() == "\(family).\(key)"
          }
          // libxdifile cuts `|| PV` off columns and keeps the last of repeated fields.
          guard case .text(let value)? = values.last?.value, let expected = keys[key]?.text else {
            Issue.record("\(file): \(family).\(key)")
            continue
          }
          let words = { (text: String) in text.split { $0 == " " || $0 == "\t" } }
          #expect(words(value).starts(with: words(expected)), "\(file): \(family).\(key)")
          compared += 1
        }
      }
      if case .list(let labels)? = truth["labels"] {
        #expect(
          dataset["scan"]?.columns.prefix(labels.count).map(\.label) == labels.map { $0.text })
      }
    }
    #expect(compared > 400)
  }

  /// The verdicts of `BadFiles.txt`, the official table of the XDI project.
  @Test func verdictsAreTheOfficialOnes() throws {
    let valid = ["00", "26", "32"]
    let deviating = ["02", "04", "06", "08", "10", "12", "28", "30", "34"]
    let invalid = ["14", "16", "18", "20", "22", "24"]
    for number in valid + deviating + invalid {
      let verdict: String
      switch try read("xas/xdi_bad/bad_\(number).xdi") {
      case .success(let dataset):
        verdict = dataset.reading["conformance.verdict"] ?? ""
        let warned = dataset.diagnostics.contains { $0.severity == .warning }
        #expect(warned == (verdict != "valid"), "bad_\(number)")
      case .failure(let failure):
        verdict = "invalid"
        #expect(failure.diagnostic.place != .whole)
      }
      let expected =
        valid.contains(number) ? "valid" : deviating.contains(number) ? "deviates" : "invalid"
      #expect(verdict == expected, "bad_\(number)")
    }
  }

  @Test func everyFileIsReadAndRecognised() throws {
    for file in try Self.files() {
      let bytes = try FileSource.open(path: Corpus.path(file))
      #expect(XDIFormat.recognise(FileHead(bytes, name: file)).score == 100, "\(file)")
    }
    for file in ["p65_testfile.xdi", "20K_GOE_Fe_K_240.00000.xdi", "20K_GOE_Fe_K_240.00001.xdi"] {
      let bytes = try FileSource.open(path: Corpus.path("xas/columns/\(file)"))
      #expect(XDIFormat.recognise(FileHead(bytes, name: file)).score == 0, "\(file)")
    }
  }

  @Test func markAndLineEndsChangeNothing() throws {
    let plain = try read("xas/xdi/fe2o3_rt.xdi").get()
    let changed = try read("xas/derived/fe2o3_rt.bomcrlf.xdi").get()
    #expect(plain.metadata == changed.metadata)
    #expect(plain["scan"]?.columns.map(\.values) == changed["scan"]?.columns.map(\.values))
    #expect(changed.reading["conformance.verdict"] == "valid")
  }

  @Test func stepsBackAndRepeatsAreTold() throws {
    let dataset = try read("nasty/xdi_unordered_and_repeated.xdi").get()
    #expect(dataset["scan"]?.rows == 62)
    let back = dataset.diagnostics.first { $0.code == "axis.unordered" }
    #expect(back?.place == .line(41))
    #expect(back?.count == 1)
    let repeated = dataset.diagnostics.first { $0.code == "axis.repeated" }
    #expect(repeated?.count == 1)
    #expect(repeated?.place == .line(61))
  }

  @Test func filesOfTheAustralianSynchrotron() throws {
    let dataset = try read("xas/xdi_au/MEX2_13385_processed.xdi").get()
    #expect(dataset["scan"]?.rows == 520)
    #expect(dataset["scan"]?.columns.count == 9)
    #expect(dataset.metadata.text("Mono.d_spacing") == "3.13897 A.")
    #expect(dataset.reading["conformance.verdict"] == "invalid")
    #expect(
      dataset["scan"]?.columns.map(\.name) == [
        "photon_energy", "mono_angle", "dwell_time", "bim", "incident_intensity",
        "electron_yield", "fluorescence_yield", "fluorescence_yield_2", "mu",
      ])
    #expect(dataset["scan"]?["photon_energy"]?.unit.ucum == "eV")
  }
}
