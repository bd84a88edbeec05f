import Bytes
import FormatRegistry
import Reading
import Recipes
import Tables
import TestSupport
import Testing

/// Recipes over real exports: the numbers of the design page and of the truth files.
@Suite(.enabled(if: Corpus.available, "corpus absent")) struct RecipeCorpusTests {
  static let root: String =
    "/"
    + (#filePath.split(separator: "/").dropLast(3) + ["docs", "examples", "recipes"])
    .joined(separator: "/")

  private func example(_ name: String) throws -> FormatEntry {
    try RecipeFolder.read(file: "\(Self.root)/\(name).yaml").entry
  }

  private func read(_ path: String, _ added: [FormatEntry] = []) throws -> InputReading {
    var reader = InputReader()
    reader.options.addedFormats = added
    return reader.read(path: Corpus.path(path))
  }

  /// The numbers of data-model.md §8: 37 rows, 0–2220 s, ±0.61 mA; 2165 rows, −2.42573…9.68414 A.
  @Test func maccorRecipeReadsBothFiles() throws {
    let recipe = try example("maccor-text")
    let cases = [
      ("cycling/maccor_example.txt", 37, 0.0, 2220.0, -0.61e-3, 0.61e-3, 1e-12),
      (
        "cycling/PredictionDiagnostics_000109_tztest.010", 2165, 1_804_441.3, 1_837_417.86,
        -2.42573,
        9.68414, 5e-6
      ),
    ]
    for (file, rows, first, last, least, most, tolerance) in cases {
      let reading = try read(file, [recipe])
      #expect(reading.format == "maccor-text")
      #expect(reading.diagnostics.contains { $0.code == "recipe.replaces" })
      let dataset = try reading.outcome.get()
      let table = try #require(dataset.tables.first)
      #expect(table.rows == rows)
      let time = try #require(table["test_time"]?.statistics)
      #expect(time.first == first)
      #expect(time.last == last)
      let current = try #require(table["current"]?.statistics)
      #expect(abs((current.min ?? 0) - least) <= tolerance)
      #expect(abs((current.max ?? 0) - most) <= tolerance)
      #expect(table["clock"]?.real == nil)
      #expect(
        dataset.metadata.text("test_date")?.hasPrefix(
          file.contains("example") ? "01/15/2025" : "10/10/2019") == true)
      #expect(dataset.reading["recipe_sha256"]?.count == 64)
    }
  }

  static let profiles: [String] = Corpus.list("sims/iontof_profile") + Corpus.list("sims/synthetic")

  @Test func profilesHaveTheNumbersOfTheirTruth() throws {
    var files = 0
    for path in Self.profiles where path.contains("iontof_profile") && !path.hasSuffix(".json") {
      let truth = try Truth.of(Corpus.path(path))
      let reading = try read(path)
      #expect(reading.format == "iontof-profile", "\(path)")
      let dataset = try reading.outcome.get()
      #expect(dataset.complete, "\(path)")
      let table = try #require(dataset.tables.first)
      #expect(Double(table.rows) == truth["points"]?.finiteNumber, "\(path)")
      let channels = table.columns.filter { $0.key != nil }
      #expect(Double(channels.count) == truth["channels"]?.finiteNumber, "\(path)")
      for (name, key) in [
        ("sputter_time", "time"), ("ion_dose", "dose"), ("ion_fluence", "fluence"),
      ] {
        #expect(
          table[name]?.statistics?.last == truth[key + "_last"]?.finiteNumber, "\(path) \(name)")
      }
      for (channel, expected) in zip(channels, truth["channel"]?.elements ?? []) {
        let statistics = try #require(channel.statistics)
        let label = expected["label"]?.text ?? ""
        #expect(channel.label == label, "\(path)")
        #expect(Double(statistics.missing) == expected["n_inf"]?.finiteNumber, "\(path) \(label)")
        #expect(channel.name == (label.contains(" / ( ") ? "intensity_ratio" : "intensity"))
        if case .real(let mass)? = channel.attached["mass_u"] {
          #expect(mass == expected["mz"]?.finiteNumber, "\(path) \(label)")
        } else {
          #expect(
            expected["mz"]?.finiteNumber == nil || channel.name == "intensity_ratio",
            "\(path) \(label)")
        }
        let sum = (statistics.mean ?? 0) * Double(statistics.count)
        if let wanted = expected["sum"]?.finiteNumber, statistics.missing == 0 {
          #expect(
            abs(sum - wanted) <= 1e-9 * max(1, abs(wanted)), "\(path) \(label): \(sum), \(wanted)")
        }
        #expect(statistics.max == expected["max"]?.finiteNumber, "\(path) \(label)")
      }
      files += 1
    }
    #expect(files == 11)
  }

  /// Half-height thicknesses of made profiles stand elsewhere; here they only have to be read whole.
  @Test func spectraMadeAndDamagedFilesAreRead() throws {
    for path in Corpus.list("sims/iontof_spectrum") where !path.hasSuffix(".json") {
      let truth = try Truth.of(Corpus.path(path))
      let reading = try read(path)
      #expect(reading.format == "iontof-spectrum", "\(path)")
      let table = try #require(try reading.outcome.get().tables.first)
      #expect(Double(table.rows) == truth["rows"]?.finiteNumber)
      let counts = try #require(table["counts"]?.real)
      #expect(counts.reduce(0, +) == truth["counts_total"]?.finiteNumber)
      #expect(table["mass_u"]?.statistics?.last == truth["mz_last"]?.finiteNumber)
    }
    for n in 1...8 {
      let reading = try read("sims/synthetic/laminate_0\(n).txt")
      #expect(reading.format == "iontof-profile")
      #expect(reading.status == "ok")
    }
    for (damaged, whole) in [
      ("prof_", "iontof_profile/I241213h_M_PCBM-ref_2D_neg-B1 - NF.txt"),
      ("spec_", "iontof_spectrum/P_HEA19_Bi1_1.txt"),
    ] {
      let expected = try #require(try read("sims/\(whole)").outcome.get().tables.first)
      for variant in ["utf16le", "bom_cr"] {
        let found = try #require(
          try read("sims/damaged/\(damaged)\(variant).txt").outcome.get().tables.first)
        #expect(
          found.columns.map(\.values).elementsEqual(expected.columns.map(\.values), by: Self.same))
      }
      let cut = try read("sims/damaged/\(damaged)midline.txt").outcome.get()
      #expect(!cut.complete)
      #expect(cut.diagnostics.contains { $0.code == "text.cut-row" })
      let rows = try #require(cut.tables.first?.rows)
      #expect(rows > 0 && rows < expected.rows)
    }
  }

  private static func same(_ a: ColumnValues, _ b: ColumnValues) -> Bool {
    if case .real(let x) = a, case .real(let y) = b {
      return x.map(\.bitPattern) == y.map(\.bitPattern)
    }
    return a == b
  }

  /// A recipe that is new here: five masses of 100 points each (the binary twin's shape is [5, 100]).
  @Test func isotopesRecipeReadsItsSections() throws {
    let recipe = try example("cameca-isotopes-text")
    let reading = try read("sims/cameca/is01 R1 KH03-27 01.is_txt", [recipe])
    #expect(reading.format == "cameca-isotopes-text")
    let dataset = try reading.outcome.get()
    #expect(dataset.tables.map(\.name) == ["1H", "2H", "12C", "16O", "16O 1H"])
    #expect(dataset.tables.allSatisfy { $0.rows == 100 })
    #expect(dataset.tables.first?.metadata.text("mass_u") == "1.006")
    #expect(dataset.tables.first?["counts"]?.real?.first == 57322)
  }

  /// What the recipes claim, no other format claims as well.
  @Test func nothingElseClaimsTheFiles() throws {
    for path in Self.profiles + Corpus.list("sims/iontof_spectrum") where path.hasSuffix(".txt") {
      let bytes = try FileSource.open(path: Corpus.path(path))
      let candidates = FormatRegistry.detect(FileHead(bytes, name: "a.txt")).candidates
      #expect(candidates.filter { $0.score >= 80 }.count == 1, "\(path)")
      #expect(candidates.filter { $0.score >= 50 }.count == 1, "\(path)")
    }
  }
}

extension Corpus {
  /// The files of a folder of the corpus by their paths in it, without those below other folders.
  static func list(_ folder: String) -> [String] {
    do throws(ReadFailure) {
      return try FileSource.list(folder: path(folder)).filter { $0.kind == .file }
        .map { "\(folder)/\($0.relativePath)" }
    } catch {
      return []
    }
  }
}
