import Bytes
import Cycling
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Every Neware and LAND file of the corpus against its truth: fastnda 1.3.1 with the file's own cycle
/// numbers for binary files, pandas for the vendor's text, a byte-level decode for `.ccs`.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct NewareCorpusTests {
  static let files = [
    "21_10_7_85.ndax", "46_1_5_60_bts16.ndax", "BTS85-36-6-5-110-20240424.ndax",
    "TESTCELL0001-Test_Data_Collection_Ndc17.ndax", "Unit27_Example_Data_File.ndax", "empty.ndax",
    "interp-test.ndax", "navani_test_ndc5.ndax", "nw4-120-1-6-53.ndax",
    "trunc_nw4-120-1-6-53.ndax", "nda_v8.nda", "nda_v22.nda", "new_nda_file.nda", "TestFile.nda",
    "interp-test.csv", "neware_uio.csv.gz", "trunc_neware_uio.csv", "utf16_neware_uio_head.csv",
    "neware_nested_head.csv", "landt_csv_head.csv", "LANHE_GPCL_head.ccs",
  ]

  private func open(_ file: String) throws -> ByteView {
    let bytes = try FileSource.open(path: Corpus.path("cycling/" + file))
    return Gzip.recognises(bytes) ? try Gzip.inflate(bytes) : bytes
  }

  private func read(_ file: String) throws -> Dataset {
    let bytes = try open(file)
    let head = FileHead(bytes, name: file)
    let detection = FormatRegistry.detect(head)
    let format = try FormatRegistry.choose(head, id: nil, detection: detection)
    return try format.read(bytes, name: file, options: ReadOptions())
  }

  /// Half of the last digit of the vendor's export: 5e-5 V, 5e-7 A, 1 ms; 1e-6 for all else.
  private func limit(_ column: Column, _ scale: Double) -> Double {
    switch column.unit.ucum {
    case "V": 5e-5
    case "A": 5e-7
    case "s": 1e-3 + 1e-12 * scale
    default: 1e-6 * scale
    }
  }

  private func compare(_ column: Column, _ truth: ResultValue, _ what: String) {
    guard let found = column.statistics else {
      Issue.record("\(what): no numbers")
      return
    }
    func number(_ key: String) -> Double? { truth[key]?.finiteNumber }
    let limit = limit(column, max(abs(number("max") ?? 0), abs(number("min") ?? 0)))
    #expect(Double(found.count) == number("count"), "\(what)")
    #expect(Double(found.missing) == number("missing"), "\(what)")
    for (key, value) in [
      ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
      ("mean", found.mean),
    ] {
      #expect(
        abs((value ?? .nan) - (number(key) ?? .nan)) <= limit,
        "\(what) \(key): \(value ?? .nan), expected \(number(key) ?? .nan)")
    }
  }

  @Test(arguments: files) func everyFileGivesItsTruth(_ file: String) throws {
    let dataset = try read(file)
    let truth = try Truth.of(Corpus.path("cycling/" + file))
    let table = try #require(dataset["data"])
    #expect(Double(table.rows) == truth["rows"]?.finiteNumber)
    if case .object(let columns)? = truth["columns"] {
      for name in columns.keys {
        guard let column = table[name], let expected = columns[name] else {
          Issue.record("\(file): no column \(name)")
          continue
        }
        #expect(column.unit.ucum == expected["unit"]?.text, "\(file) \(name)")
        compare(column, expected, "\(file) \(name)")
      }
    }
    for part in ["vendor_columns", "aux_columns"] {
      guard case .object(let columns)? = truth[part] else { continue }
      for label in columns.keys {
        guard let expected = columns[label] else { continue }
        if part == "aux_columns" {
          // `aux1_temperature_degC` is our `temperature_t1`.
          let number = label.dropFirst(3).first.flatMap { Int(String($0)) } ?? 1
          let name =
            label.contains("temperature") ? "temperature_t\(number)" : "aux\(number)_voltage"
          let column = try #require(table[name], "\(file) \(name)")
          compare(column, expected, "\(file) \(label)")
        } else if let column = table.columns.first(where: { $0.label == label }),
          column.origin.steps == ["decimal text"]
        {
          compare(column, expected, "\(file) \(label)")
        }
      }
    }
    if case .object(let kinds)? = truth["step_types"], let column = table["step_type"],
      case .category(let levels, let codes) = column.values
    {
      for kind in kinds.keys {
        let code = levels.firstIndex(of: kind).map { Int32($0) }
        #expect(Double(codes.count { $0 == code }) == kinds[kind]?.finiteNumber, "\(file) \(kind)")
      }
    }
    #expect(!dataset.diagnostics.contains { $0.severity == .error })
    #expect(dataset.complete == !file.hasPrefix("trunc"))
  }

  @Test func timesBetweenRunInformationAreThoseOfTheVendorsExport() throws {
    let binary = try #require(try read("interp-test.ndax")["data"])
    let text = try #require(try read("interp-test.csv")["data"])
    #expect(binary.rows == 333)
    for (name, limit) in [
      ("test_time", 1e-3), ("step_time", 1e-3), ("voltage", 5e-5), ("current", 5e-7),
      ("cycle_count", 0), ("step_id", 0), ("record_index", 0),
    ] {
      let (a, b) = (binary[name]?.real ?? [], text[name]?.real ?? [])
      #expect(a.count == 333 && b.count == 333, "\(name)")
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= limit }, "\(name)")
    }
  }

  @Test func landStepsAndChargesClose() throws {
    let dataset = try read("LANHE_GPCL_head.ccs")
    let table = try #require(dataset["data"])
    #expect(table.rows == 35983)
    #expect(table["step_count"]?.statistics?.max == 2)
    // Neither the elapsed times nor the charges of the steps are contradicted by the records.
    #expect(dataset.diagnostics.filter { $0.severity != .note }.isEmpty, "\(dataset.diagnostics)")
    #expect(dataset.metadata.text("program step 2 kind") == "D_CC")
    let charge = table["charge_increment"]?.real?.reduce(0, +) ?? 0
    let times = table["test_time"]?.real ?? []
    let current = table["current"]?.real ?? []
    var integral = 0.0
    for row in times.indices.dropFirst() {
      integral += abs(current[row]) * (times[row] - times[row - 1]) / 3600
    }
    #expect(abs(charge / integral - 1) < 4e-6)
  }

  @Test func partsOfAnArchiveAreReadBesideEachOther() throws {
    let archive = try open("nw4-120-1-6-53.ndax")
    let zip = try ZipArchive(archive)
    var parts: [String: ByteView] = [:]
    for entry in zip.entries where entry.name.hasSuffix(".ndc") {
      parts[entry.name] = try zip.read(entry)
    }
    let main = try #require(parts["data.ndc"])
    #expect(NewareMemberFile.recognise(FileHead(main, name: "data.ndc")).score == 90)
    let alone = try NewareMemberFile.read(main, name: "data.ndc", options: ReadOptions())
    #expect(alone["data"]?.rows == 18700)
    #expect(alone["data"]?["test_time"] == nil)
    #expect(alone.diagnostics.contains { $0.code == "neware.no-run-info" })
    var options = ReadOptions()
    let files = parts
    options.companion = { files[$0] }
    let together = try NewareMemberFile.read(main, name: "data.ndc", options: options)
    let whole = try #require(try read("nw4-120-1-6-53.ndax")["data"])
    #expect(together["data"]?["test_time"]?.values == whole["test_time"]?.values)
    #expect(together["data"]?["cycle_count"]?.values == whole["cycle_count"]?.values)
  }

  @Test func aCutArchiveGivesAllThatIsWhole() throws {
    let dataset = try read("trunc_nw4-120-1-6-53.ndax")
    let whole = try #require(try read("nw4-120-1-6-53.ndax")["data"])
    let table = try #require(dataset["data"])
    #expect(table["voltage"]?.values == whole["voltage"]?.values)
    #expect(table["current"]?.values == whole["current"]?.values)
    let codes = dataset.diagnostics.map(\.code)
    #expect(codes.contains("neware.cut-archive"))
    #expect(codes.contains("neware.damaged-member"))
    #expect(codes.contains("neware.no-times"))
    // Where the run information reaches, the times are those of the whole file.
    let times = try #require(table["test_time"]?.real)
    let wholeTimes = try #require(whole["test_time"]?.real)
    let known = times.filter(\.isFinite).count
    #expect(known > 1000)
    #expect(Array(times.prefix(known)) == Array(wholeTimes.prefix(known)))
  }
}
