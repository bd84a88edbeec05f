import Bytes
import Cycling
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Arbin's files of the corpus against mdbtools 1.0.0, openpyxl 3.1.5 and pandas (the truth files).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct ArbinCorpusTests {
  private func read(_ file: String) throws -> (Dataset, ResultValue) {
    let path = Corpus.path("cycling/" + file)
    let reading = InputReader().read(path: path)
    return (try reading.outcome.get(), try Truth.of(path))
  }

  /// Every column of the truth file: mdb-export writes floats with 8 digits.
  private func compare(_ table: Table, _ truth: ResultValue, _ file: String, limit: Double) {
    #expect(Double(table.rows) == truth["rows"]?.finiteNumber, "\(file)")
    guard case .object(let columns)? = truth["columns"] else {
      Issue.record("\(file): no columns in the truth")
      return
    }
    for name in columns.keys {
      guard let expected = columns[name], let column = table[name] else {
        Issue.record("\(file): no column \(name)")
        continue
      }
      #expect(column.unit.ucum == expected["unit"]?.text, "\(file) \(name)")
      compare(column, expected, "\(file) \(name)", limit)
    }
    var compared = 0
    if case .object(let vendor)? = truth["vendor_columns"] {
      for label in vendor.keys {
        guard let expected = vendor[label],
          let column = table.columns.first(where: { $0.label == label })
        else {
          Issue.record("\(file): no column labelled \(label)")
          continue
        }
        // Clock times are compared in days below.
        if column.name == "unix_time" { continue }
        compared += 1
        compare(column, expected, "\(file) \(label)", limit)
      }
      #expect(compared > 10)
    }
  }

  private func compare(_ column: Column, _ truth: ResultValue, _ what: String, _ limit: Double) {
    guard let found = column.statistics else {
      Issue.record("\(what): no numbers")
      return
    }
    func number(_ key: String) -> Double? { truth[key]?.finiteNumber }
    #expect(Double(found.count) == number("count"), "\(what)")
    #expect(Double(found.missing) == number("missing"), "\(what)")
    let scale = max(abs(number("max") ?? 0), abs(number("min") ?? 0))
    for (key, value) in [
      ("first", found.first), ("last", found.last), ("min", found.min), ("max", found.max),
      ("mean", found.mean),
    ] {
      guard let value, let expected = number(key) else { continue }
      #expect(abs(value - expected) <= limit * scale, "\(what) \(key): \(value)")
    }
  }

  @Test(arguments: [
    "20160805_test001_45_cc_01.res", "arbin_example.res", "aux_one_x_dx.res.gz",
  ])
  func databasesGiveEveryNumber(_ file: String) throws {
    let (dataset, truth) = try read(file)
    #expect(dataset.format == "arbin-res")
    #expect(dataset.complete)
    #expect(!dataset.diagnostics.contains { $0.severity == .warning })
    let table = try #require(dataset.tables.first)
    compare(table, truth, file, limit: 6e-8)
    // DateTime: days since 1899-12-30, of which 25569 lie before 1970.
    let unix = try #require(table["unix_time"]?.statistics?.first)
    let days = try #require(truth["vendor_columns"]?["DateTime"]?["first"]?.finiteNumber)
    #expect(abs(unix - (days - 25569) * 86400) < 2e-6)
  }

  @Test func auxiliaryReadingsAreColumns() throws {
    let (dataset, _) = try read("aux_one_x_dx.res.gz")
    let table = try #require(dataset["data"])
    // mdb-export of Auxiliary_Table: 7235 rows, the first 24.406582 C and 0.1116178 C/s.
    let probe = try #require(table["temperature_t1"])
    #expect(probe.unit.ucum == "Cel")
    #expect(probe.statistics?.count == 7235)
    #expect(abs((probe.statistics?.first ?? 0) - 24.406582) < 1e-6)
    let rate = try #require(table["aux_temperature_1_rate"]?.statistics?.first)
    #expect(abs(rate - 0.1116178) < 1e-7)
    #expect(dataset.metadata.text("Test_Name") == "aux_one_x_dx")
    #expect(dataset["resume"]?.rows == 1)
  }

  @Test func aCutDatabaseGivesTheRowsOfItsPages() throws {
    let (dataset, truth) = try read("trunc_arbin.res")
    let table = try #require(dataset["data"])
    compare(table, truth, "trunc_arbin.res", limit: 6e-8)
    #expect(!dataset.complete)
    let lost = try #require(dataset.diagnostics.first { $0.code == "arbin.lost-rows" })
    #expect(lost.count == 10261 - 9880)
    #expect(lost.severity == .warning)
  }
}
