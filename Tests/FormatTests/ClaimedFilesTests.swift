import Bytes
import FormatRegistry
import Reading
import Tables
import TestSupport
import Testing
import Units

/// Every file that a format claims gives tables that say what they hold (data model §1, §4, §7).
@Suite struct ClaimedFilesTests {
  /// What is wrong with a column; nil where nothing is.
  ///
  /// A column has a name in snake_case, a label, a unit or a word why not, and a count that with the
  /// missing cells makes up its rows.
  private static func flaw(_ column: Column, in table: Table, _ dataset: Dataset) -> String? {
    let name = column.name
    if name.isEmpty || ColumnLabel.slug(name) != name.lowercased() {
      return "the name '\(name)' is no slug"
    }
    if column.label.isEmpty { return "'\(name)' has no label" }
    switch column.values {
    case .real, .integer:
      guard let statistics = column.statistics else { return "'\(name)' has no statistics" }
      if statistics.count + statistics.missing != column.count {
        return "'\(name)' counts \(statistics.count) + \(statistics.missing) of \(column.count)"
      }
      if statistics.count > 0 {
        guard let low = statistics.min, let high = statistics.max, let mean = statistics.mean,
          low.isFinite, high.isFinite, low <= high, mean.isFinite
        else { return "'\(name)' has no least, greatest or mean value" }
      }
      if case .known = column.unit { return nil }
      let said = dataset.diagnostics.contains { diagnostic in
        diagnostic.code.contains("unit") || diagnostic.code == "text.no-header"
          || diagnostic.found.contains("unit") || diagnostic.expected.contains("unit")
      }
      return said ? nil : "'\(name)' has no unit, and nothing says why"
    case .text, .category, .instant: return nil
    }
  }

  /// What is wrong with a file that is read; nil where nothing is.
  private static func flaws(_ dataset: Dataset) -> [String] {
    var found: [String] = []
    for table in dataset.tables {
      for column in table.columns {
        if let flaw = flaw(column, in: table, dataset) { found.append("\(table.name): \(flaw)") }
      }
    }
    for grid in dataset.grids {
      for channel in grid.channels where channel.name.isEmpty {
        found.append("grid \(grid.name): a channel without name")
      }
    }
    return found
  }

  /// The formats that give a file 80 points or more.
  private static func claims(_ head: FileHead) -> [String] {
    FormatRegistry.detect(head).candidates.filter { $0.score >= 80 }.map { $0.format.id }
  }

  private static func check(_ folder: String, to limit: Int) throws -> (
    files: Int, claimed: Int, columns: Int, flaws: [String], doubles: [String], times: [Double]
  ) {
    var result = (
      files: 0, claimed: 0, columns: 0, flaws: [String](), doubles: [String](), times: [Double]()
    )
    for entry in try FileSource.list(folder: folder) {
      guard case .file = entry.kind, !entry.relativePath.hasSuffix(".truth.json") else { continue }
      let path = folder + "/" + entry.relativePath
      guard let bytes = try? FileSource.open(path: path), bytes.count <= limit else { continue }
      result.files += 1
      let name = String(entry.relativePath.split(separator: "/").last ?? "")
      let head = FileHead(bytes, name: name)
      let started = ContinuousClock.now
      let claims = Self.claims(head)
      result.times.append((ContinuousClock.now - started) / .milliseconds(1))
      if claims.count > 1 { result.doubles.append("\(entry.relativePath): \(claims)") }
      var reader = InputReader()
      reader.hashes = false
      let reading = reader.read(
        bytes: bytes, identity: InputIdentity(path: name, bytes: bytes.count, sha256: ""))
      guard case .success(let dataset) = reading.outcome else { continue }
      result.claimed += 1
      result.columns += dataset.tables.reduce(0) { $0 + $1.columns.count }
      let flaws = Self.flaws(dataset)
      if let first = flaws.first {
        result.flaws.append(
          "\(entry.relativePath) (\(dataset.format)): \(first)"
            + (flaws.count > 1 ? " and \(flaws.count - 1) more" : ""))
      }
    }
    return result
  }

  @Test func samplesSayWhatTheyHold() throws {
    let result = try Self.check(TestData.path(""), to: 2 << 20)
    #expect(result.claimed > 80)
    #expect(result.doubles.isEmpty, "\(result.doubles.joined(separator: "\n"))")
    #expect(result.flaws.isEmpty, "\(result.flaws.joined(separator: "\n"))")
  }

  /// The same over the corpus, with files that two formats claim.
  ///
  /// Files of up to 300 kB, unless `INTERPHASE_ALL_FILES` is set.
  @Test(.enabled(if: Corpus.available, "corpus absent"))
  func corpusFilesSayWhatTheyHold() throws {
    let limit = TestSetting.text("INTERPHASE_ALL_FILES") == nil ? 300 << 10 : Int.max
    let result = try Self.check(Corpus.path(""), to: limit)
    print(
      "\(result.files) files, \(result.claimed) read, \(result.columns) columns, "
        + "\(result.flaws.count) with a flaw, \(result.doubles.count) claimed twice")
    let times = result.times.sorted()
    let mean = times.reduce(0, +) / Double(max(1, times.count))
    print("asking all formats: mean \(mean) ms a file, longest \(times.last ?? 0) ms")
    #if !DEBUG
    // A busy machine may stop in the middle of a file: the middle of all counts.
    #expect(times[times.count / 2] <= 2)
    #endif
    #expect(result.claimed > 200)
    #expect(result.doubles.isEmpty, "\(result.doubles.joined(separator: "\n"))")
    #expect(result.flaws.isEmpty, "\(result.flaws.joined(separator: "\n"))")
  }
}
