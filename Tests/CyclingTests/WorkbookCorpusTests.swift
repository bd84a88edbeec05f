import Bytes
import Cycling
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing

/// Workbooks and csv of Arbin and LAND against openpyxl 3.1.5 and pandas (the corpus' truth files).
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct WorkbookCorpusTests {
  private func check(_ file: String, format: String, table name: String) throws -> Dataset {
    let path = Corpus.path("cycling/" + file)
    let reading = InputReader().read(path: path)
    #expect(reading.format == format)
    let dataset = try reading.outcome.get()
    let truth = try Truth.of(path)
    let table = try #require(dataset[name])
    #expect(Double(table.rows) == truth["rows"]?.finiteNumber, "\(file)")
    guard case .object(let columns)? = truth["columns"] else {
      Issue.record("\(file): no columns in the truth")
      return dataset
    }
    for key in columns.keys {
      guard let expected = columns[key], let column = table[key] else {
        Issue.record("\(file): no column \(key)")
        continue
      }
      #expect(column.unit.ucum == expected["unit"]?.text, "\(file) \(key)")
      compare(column, expected, "\(file) \(key)")
    }
    if case .object(let vendor)? = truth["vendor_columns"] {
      for label in vendor.keys {
        guard let expected = vendor[label],
          let column = table.columns.first(where: { $0.label == label })
        else {
          Issue.record("\(file): no column labelled \(label)")
          continue
        }
        compare(column, expected, "\(file) \(label)")
      }
    }
    return dataset
  }

  private func compare(_ column: Column, _ truth: ResultValue, _ what: String) {
    guard let found = column.statistics else {
      Issue.record("\(what): no numbers")
      return
    }
    func number(_ key: String) -> Double? { truth[key]?.finiteNumber }
    #expect(Double(found.count) == number("count"), "\(what)")
    #expect(Double(found.missing) == number("missing"), "\(what)")
    let scale = max(abs(number("max") ?? 0), abs(number("min") ?? 0))
    for (key, value) in [
      ("first", found.first), ("min", found.min), ("max", found.max), ("mean", found.mean),
    ] {
      guard let value, let expected = number(key) else { continue }
      #expect(abs(value - expected) <= 1e-12 * scale, "\(what) \(key): \(value)")
    }
  }

  @Test func landWorkbookInHours() throws {
    let dataset = try check("NJK_CC_156_C30_C_x30.xlsx", format: "land-xlsx", table: "Record")
    #expect(dataset["Mode"]?.rows == 61)
    #expect(dataset["Cycle"]?.rows == 31)
    #expect(dataset["Record"]?["record_index"]?.statistics?.last == 62305)
    guard case .category(let levels, _)? = dataset["Record"]?["step_type"]?.values else {
      Issue.record("no states")
      return
    }
    #expect(Set(levels) == ["R", "D_CC", "C_CC"])
  }

  @Test func arbinWorkbook() throws {
    let dataset = try check(
      "bs542_004_gr_li_50ua_50mv_1v_191020_Channel_11.xlsx", format: "arbin-xlsx",
      table: "Channel_11_1")
    // 44123.480400253473 days (cell A2) less 25569, times 86400.
    let start = try #require(dataset["Channel_11_1"]?["unix_time"]?.statistics?.first)
    #expect(abs(start - (44123.480400253473 - 25569) * 86400) < 1e-5)
    #expect(
      dataset.metadata.text("Global_Info: Schedule File Name")
        == "Ben\\bs542_graphite_slow_rate.sdu")
  }

  @Test(arguments: ["sample_data_arbin.csv", "FastCharge_000025_CH8.csv"])
  func arbinText(_ file: String) throws {
    let dataset = try check(file, format: "arbin-csv", table: "data")
    let clock = try #require(dataset["data"]?["unix_time"]?.statistics?.first)
    // 2024-09-20 08:32:34.558 on a clock without zone; DateTime of the other file is in seconds.
    #expect(abs(clock - (file.hasPrefix("Fast") ? 1494645243.4715 : 1726821154.558)) < 1e-3)
  }
}
