import Bytes
import Cycling
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Every Maccor, BDF, Novonix, Basytec and PEC log of the corpus against the vendor's numbers (parsed
/// with pandas by the corpus' truth files), and the made-up vectors.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct CyclerTextCorpusTests {
  static let files: [(String, any FileFormat.Type)] = [
    ("PredictionDiagnostics_000109_tztest.010", MaccorText.self),
    ("maccor_001.txt.gz", MaccorText.self), ("maccor_example.txt", MaccorText.self),
    ("maccor_two.txt", MaccorText.self), ("sample_data_maccor.csv", MaccorText.self),
    ("SINTEF__LiGrR2032__2024-04-30__25degC__Landt.bdf.csv", BDFText.self),
    ("batmo_bdf.csv.gz", BDFText.self), ("test_machine_readable.bdf", BDFText.self),
    ("test_missing_required.bdf", BDFText.self), ("test_with_capacity.bdf", BDFText.self),
    ("vec1_ohmic.csv", BDFText.self), ("vec2_dip.csv", BDFText.self),
    ("vec3_hard_short.csv", BDFText.self), ("vec4_soft_short.csv", BDFText.self),
    ("sample_data_novonix.csv", NovonixText.self), ("sample_data_basytec.txt", BasytecText.self),
    ("Test25205.csv", PECText.self),
  ]

  static func open(_ file: String) throws -> ByteView {
    let bytes = try FileSource.open(path: Corpus.path("cycling/" + file))
    return Gzip.recognises(bytes) ? try Gzip.inflate(bytes) : bytes
  }

  private func name(_ file: String) -> String {
    file.hasSuffix(".gz") ? String(file.dropLast(3)) : file
  }

  /// Count, missing, ends, extremes and mean, 1e-9 of the largest magnitude.
  private func compare(_ column: Column, _ truth: ResultValue, _ what: String) {
    guard let found = column.statistics else {
      Issue.record("\(what): no numbers")
      return
    }
    func number(_ key: String) -> Double? { truth[key]?.finiteNumber }
    let scale = max(abs(number("max") ?? 0), abs(number("min") ?? 0))
    #expect(Double(found.count) == number("count"), "\(what)")
    #expect(Double(found.missing) == number("missing"), "\(what)")
    for (key, value) in [
      ("min", found.min), ("max", found.max), ("mean", found.mean), ("first", found.first),
      ("last", found.last),
    ] {
      guard let expected = number(key) else { continue }
      #expect(
        abs((value ?? .nan) - expected) <= 1e-9 * scale, "\(what) \(key): \(value ?? .nan)")
    }
  }

  @Test(arguments: files.indices) func everyLogGivesTheVendorsNumbers(_ index: Int) throws {
    let (file, format) = Self.files[index]
    let bytes = try Self.open(file)
    let detection = FormatRegistry.detect(FileHead(bytes, name: name(file)))
    guard case .recognised(let detected) = detection.verdict else {
      Issue.record("\(file): not recognised")
      return
    }
    #expect(detected.id == format.id, "\(file)")
    let dataset = try format.read(bytes, name: name(file), options: ReadOptions())
    let truth = try Truth.of(Corpus.path("cycling/" + file))
    let table = try #require(dataset["data"])
    #expect(Double(table.rows) == truth["rows"]?.finiteNumber, "\(file)")
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
      compare(column, expected, "\(file) \(name)")
    }
    if case .object(let vendor)? = truth["vendor_columns"] {
      for label in vendor.keys {
        guard let expected = vendor[label] else { continue }
        let column = table.columns.first {
          $0.label == label || $0.label == label.trimmed
            || label.hasPrefix("T1[")
              && $0.label.hasPrefix("T1[")
        }
        guard let column else {
          Issue.record("\(file): no column labelled \(label)")
          continue
        }
        if column.origin.steps == ["decimal text"] { compare(column, expected, "\(file) \(label)") }
      }
    }
    #expect(!dataset.diagnostics.contains { $0.severity == .error })
  }

  /// Numbers of the specification (cycling.md, "Reference numbers" and section 5).
  @Test func maccorTimesAndSignsAreSettled() throws {
    let two = try MaccorText.read(
      try Self.open("maccor_two.txt"), name: "maccor_two.txt", options: ReadOptions())
    let time = try #require(two["data"]?["test_time"]?.real)
    #expect((time.last ?? 0) - (time.first ?? 0) == 12_720)
    #expect(two.diagnostics.contains { $0.code == "cycler.time-settled" })
    #expect(!two.complete)
    let example = try MaccorText.read(
      try Self.open("maccor_example.txt"), name: "maccor_example.txt", options: ReadOptions())
    #expect(example["data"]?["test_time"]?.real?.last == 2220)
    #expect(example.metadata.text("current sign")?.hasPrefix("from 'State'") == true)
    let signed = try MaccorText.read(
      try Self.open("PredictionDiagnostics_000109_tztest.010"), name: "x.010",
      options: ReadOptions())
    #expect(signed.metadata.text("current sign") == "as in the file")
    #expect(example.metadata.text("Date of Test") == "01/15/2025")
  }

  @Test func signsAgainstTheCountersAreReported() throws {
    let batmo = try BDFText.read(
      try Self.open("batmo_bdf.csv.gz"), name: "batmo_bdf.csv", options: ReadOptions())
    #expect(batmo.diagnostics.contains { $0.code == "cycler.sign" && $0.severity == .warning })
    for (file, format) in Self.files where !file.hasPrefix("batmo") {
      let dataset = try format.read(
        try Self.open(file), name: name(file), options: ReadOptions())
      #expect(!dataset.diagnostics.contains { $0.code == "cycler.sign" }, "\(file)")
    }
  }

  @Test func aFileWithoutCurrentIsReadWithAWarning() throws {
    let dataset = try BDFText.read(
      try Self.open("test_missing_required.bdf"), name: "x.bdf", options: ReadOptions())
    let missing = dataset.diagnostics.filter { $0.code == "bdf.missing-column" }
    #expect(missing.count == 1)
    #expect(missing.first?.found.contains("current") == true)
  }

  /// Rows and warnings by the truth files of cellpy's broken fixtures.
  @Test func inventedTextGoesToTheLastResort() throws {
    for (file, rows, voltages) in [
      ("custom_nan_inf.csv", 60, 57), ("custom_truncated.csv", 59, 59),
    ] {
      let bytes = try Self.open(file)
      guard
        case .recognised(let format) = FormatRegistry.detect(FileHead(bytes, name: file)).verdict
      else {
        Issue.record("\(file): not recognised")
        continue
      }
      #expect(format.id == "cycler-text")
      let dataset = try format.read(bytes, name: file, options: ReadOptions())
      let table = try #require(dataset["data"])
      #expect(table.rows == rows, "\(file)")
      #expect(table["voltage"]?.statistics?.count == voltages, "\(file)")
      #expect(table["voltage"]?.unit == .absent)
      let warnings = Set(dataset.diagnostics.filter { $0.severity == .warning }.map(\.code))
      #expect(warnings.isSuperset(of: ["cycler.generic", "cycler.time-unit", "unit.absent"]))
      #expect(warnings.contains(rows == 60 ? "text.missing" : "text.cut-row"), "\(file)")
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = self[...]
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
