import Bytes
import DelimitedText
import Reading
import Tables
import TestSupport
import Testing

/// The text tables of the corpus' nasty files, as its MANIFEST says what `inspect` must give.
@Suite struct DelimitedTextCorpusTests {
  struct Row {
    var file: String
    var allowed: [String]
    var place: [String]
    var must: [String]
    var expect: [String]
  }

  /// The patterns between ` && `.
  private static func parts(_ cell: String) -> [String] {
    var patterns: [String] = [""]
    for word in cell.split(separator: " ") {
      if word == "&&" {
        patterns.append("")
      } else {
        patterns[patterns.count - 1] += (patterns[patterns.count - 1].isEmpty ? "" : " ") + word
      }
    }
    return patterns.filter { !$0.isEmpty }
  }

  private func manifest() throws -> [Row] {
    let bytes = try FileSource.open(path: Corpus.path("nasty/MANIFEST.tsv"))
    let lines = TextLines(bytes)
    var rows: [Row] = []
    for line in lines {
      let cells = lines.string(line).split(separator: "\t", omittingEmptySubsequences: false)
        .map(String.init)
      guard cells.count > 11, cells[0].hasPrefix("csv_"), cells[0].hasSuffix(".csv") else {
        continue
      }
      rows.append(
        Row(
          file: cells[0], allowed: cells[7].split(separator: "|").map(String.init),
          place: cells[9].split(separator: "|").map(String.init),
          must: Self.parts(cells[10]),
          expect: cells[11].split(separator: ";").map { $0.filter { $0 != " " } }))
    }
    return rows
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func nastyTablesGiveWhatTheManifestSays() throws {
    let rows = try manifest()
    #expect(rows.count >= 11)
    for row in rows {
      let bytes = try FileSource.open(path: Corpus.path("nasty/" + row.file))
      var diagnostics: [Diagnostic] = []
      var dataset: Dataset?
      #expect(DelimitedTable.recognise(FileHead(bytes, name: row.file)).score == 40, "\(row.file)")
      do {
        let read = try DelimitedTable.read(bytes, name: row.file, options: ReadOptions())
        diagnostics = read.diagnostics
        dataset = read
      } catch {
        diagnostics = [error.diagnostic]
      }
      let worst = diagnostics.map(\.severity).max()
      let status = worst == .error ? "error" : worst == .warning ? "warning" : "ok"
      let words = diagnostics.map { "\($0.place): \($0.message)" }.joined(separator: "\n")
      #expect(row.allowed.contains(status), "\(row.file): \(status)\n\(words)")
      if status != "ok" && !row.allowed.contains("ok") {
        for pattern in row.must {
          #expect(try words.contains(Regex(pattern)), "\(row.file): \(pattern) in \(words)")
        }
        for diagnostic in diagnostics where diagnostic.severity != .note {
          let kind = "\(diagnostic.place)".split(separator: " ").first.map(String.init) ?? "-"
          #expect(row.place.contains(kind), "\(row.file): \(diagnostic.place)")
        }
      }
      if let dataset { check(dataset, row) }
    }
  }

  private func check(_ dataset: Dataset, _ row: Row) {
    guard let table = dataset.tables.first else {
      Issue.record("\(row.file): no table")
      return
    }
    for item in row.expect {
      let parts = item.split(maxSplits: 1, whereSeparator: { $0 == "=" }).map(String.init)
      guard parts.count == 2 else { continue }
      let key = parts[0].filter { $0 != "<" }
      let value = NumberScanner.parse(parts[1])
      let unit = key.split(whereSeparator: { $0 == "[" || $0 == "]" }).dropFirst().first
      let statistics = table.columns.filter { $0.unit.ucum == (unit.map(String.init) ?? "-") }
        .compactMap(\.statistics)
      if key == "rows" {
        #expect(Double(table.rows) == value, "\(row.file): \(table.rows) rows")
      } else if key.hasPrefix("max"), let value, !item.contains("<") {
        let largest = statistics.compactMap(\.max).max() ?? .nan
        #expect(abs(largest - value) <= 1e-12 * value, "\(row.file): \(item) but \(largest)")
      } else if key.hasPrefix("count"), let value {
        #expect(statistics.first.map { Double($0.count) } == value, "\(row.file): \(item)")
      } else if key.hasPrefix("missing"), let value {
        #expect(statistics.first.map { Double($0.missing) } == value, "\(row.file): \(item)")
      }
    }
  }

  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func straightLinesHaveTheirSlopeInAnyDress() throws {
    // reliability.md §13: 2.0, 2000, 2.0e4, 2.0 N/m.
    for (file, slope) in [
      ("csv_decimal_comma.csv", 2.0), ("csv_utf16le_bom.csv", 2000), ("csv_latin1_units.csv", 2e4),
      ("csv_cr_only.csv", 2),
    ] {
      let bytes = try FileSource.open(path: Corpus.path("nasty/" + file))
      let dataset = try DelimitedTable.read(bytes, name: file, options: ReadOptions())
      #expect(dataset.technique == .afm)
      let table = try #require(dataset["data"])
      let x = try #require(table["deflection"]?.real)
      let y = try #require(table["force"]?.real)
      let last = x.count - 1
      #expect(abs((y[last] - y[0]) / (x[last] - x[0]) / slope - 1) < 1e-9, "\(file)")
    }
  }
}
