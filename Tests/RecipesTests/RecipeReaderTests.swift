import Bytes
import Reading
import Recipes
import Tables
import Testing

/// What recipes make of small texts, feature by feature.
@Suite struct RecipeReaderTests {
  private func recipe(
    header: String = "columns_at: {match: '^Time'}", data: String = "",
    text: String = "delimiter: tab",
    columns: [String], more: String = ""
  ) throws -> Recipe {
    try Recipe(
      """
      recipe: 1
      id: test-text
      title: A text of a test
      sniff: [{lines: 1-9, match: Time, points: 60}]
      text: {\(text)}
      header:
        \(header)
      data: {\(data)}
      columns:
      \(columns.map { "  - {\($0)}" }.joined(separator: "\n"))
      \(more)
      """)
  }

  private func read(
    _ recipe: Recipe, _ text: String, units: [String: String] = [:]
  ) throws(ReadFailure) -> Dataset {
    var options = ReadOptions()
    options.units = units
    return try recipe.read(ByteView(utf8: text), name: "file.txt", options: options)
  }

  private func code(_ recipe: Recipe, _ text: String) -> String {
    do throws(ReadFailure) {
      return "read: \(try read(recipe, text).diagnostics.map(\.code))"
    } catch {
      return error.diagnostic.code
    }
  }

  private let time = "label: '^Time', name: test_time"

  @Test func takesTheUnitFromTheLabelAndConverts() throws {
    let recipe = try recipe(columns: [
      "label: '^Time \\((?<unit>.+)\\)$', name: test_time, unit: $unit",
      "label: '^I$', name: current, unit: mA",
      "label: '^Q$', name: charge, scale: 0.001, why: mAh under Ah, unit: A.h",
    ])
    let table = try #require(
      try read(recipe, "Time (Min)\tI\tQ\tNew/V\n0\t1.1\t2\t5\n1.5\t-3\t4\t6\n").tables.first)
    #expect(table["test_time"]?.real == [0, 90])
    #expect(table["test_time"]?.label == "Time (Min)")
    #expect(table["current"]?.real == [1.1e-3, -3e-3])
    #expect(table["charge"]?.real == [2e-3, 4e-3])
    #expect(table["charge"]?.origin.steps.contains("× 0.001: mAh under Ah") == true)
    #expect(table["new"]?.unit.ucum == "V")
  }

  @Test func givesSignsByAState() throws {
    let recipe = try recipe(columns: [
      time + ", unit: s",
      "label: '^I$', name: current, unit: A, sign: {by: state, negative: [D], positive: [C], zero: [R]}",
      "label: '^S$', name: state, type: category",
    ])
    let dataset = try read(recipe, "Time\tI\tS\n0\t0\tR\n1\t2\tC\n2\t3\tD\n3\t4\tR\n4\t5\tX\n")
    let table = try #require(dataset.tables.first)
    #expect(table["current"]?.real == [0, 2, -3, 4, 5])
    #expect(dataset.diagnostics.filter { $0.code == "recipe.sign" }.count == 2)
    #expect(
      table["state"]?.values == .category(levels: ["R", "C", "D", "X"], codes: [0, 1, 2, 0, 3]))
    let signed = try read(recipe, "Time\tI\tS\n0\t-1\tC\n1\t2\tD\n")
    #expect(signed.tables.first?["current"]?.real == [-1, 2])
    #expect(signed.diagnostics.map(\.code) == ["recipe.sign-in-file"])
  }

  @Test func tellsKeyedColumnsApart() throws {
    let recipe = try recipe(
      header: "columns_at: {match: '^#Time'}\n  rows: 2\n  row_names: [ion, kind]\n  strip: '^#'",
      columns: [
        "kind: '^Time', name: time, unit: s",
        "kind: '^N$', each: true, name: intensity, key: $ion, unit: \"{count}\", attach: {mass_u: \"1\"}",
      ])
    let table = try #require(
      try read(recipe, "#\tH-\tO-\tH-\n#Time\tN\tN\tN\n0\t1\t2\t3\n1\t4\t5\t6\n").tables.first)
    #expect(table.columns.map(\.name) == ["time", "intensity", "intensity", "intensity"])
    #expect(table.columns.map(\.key) == [nil, "H-", "O-", "H- (2)"])
    #expect(table.columns[2].label == "O-")
    #expect(table.columns[3].real == [3, 6])
    #expect(table.columns[1].attached["mass_u"] == .real(1))
  }

  @Test func readsSectionsRepeatedHeadersAndEnds() throws {
    let sections = try recipe(
      data: "sections: {match: '^== (?<name>.+) ==$', name: $name}", columns: [time + ", unit: s"])
    let text = "made by a test\n== a ==\nTime\tx\n0\t1\n1\t2\n== b ==\nTime\tx\n0\t3\n"
    let dataset = try read(sections, text)
    #expect(dataset.tables.map(\.name) == ["a", "b"])
    #expect(dataset.tables.map(\.rows) == [2, 1])
    #expect(dataset.metadata.text("line 1") == "made by a test")
    let repeated = try recipe(data: "repeat_header: true", columns: [time + ", unit: s"])
    let joined = try read(repeated, "Time\tx\n0\t1\n1\t2\nTime\tx\n2\t3.5\n")
    #expect(joined.tables.first?["test_time"]?.real == [0, 1, 2])
    #expect(joined.tables.first?["x"]?.real == [1, 2, 3.5])
    let ends = try recipe(data: "ends: {match: '^\\s*$'}", columns: [time + ", unit: s"])
    let ended = try read(ends, "Time\tx\n0\t1\n\nsummary: fine\n")
    #expect(ended.tables.first?.rows == 1)
    #expect(ended.metadata.entries.last?.value == .text("summary: fine"))
    #expect(ended.complete)
    let lost = try read(ends, "Time\tx\n0\t1\n\n1\t2\n2\t3\n")
    #expect(!lost.complete)
    #expect(
      lost.diagnostics.contains { $0.code == "recipe.rows-after-end" && $0.place == .line(4) })
    let starts = try recipe(data: "starts: {match: '^\\d'}", columns: [time + ", unit: s"])
    #expect(try read(starts, "Time\tx\n----\n0\t1\n").tables.first?.rows == 1)
    #expect(code(starts, "Time\tx\n----\n") == "recipe.data-start")
  }

  @Test func treatsRaggedRowsAsSaid() throws {
    let text = "Time\tx\ty\n" + (0..<9).map { "\($0)\t1\t2\n" }.joined() + "9\t1\n"
    let columns = [time + ", unit: s"]
    #expect(code(try recipe(data: "ragged: error", columns: columns), text) == "text.ragged-row")
    let padded = try read(try recipe(data: "ragged: pad", columns: columns), text)
    #expect(padded.tables.first?.rows == 10)
    #expect(padded.tables.first?["y"]?.missing.count == 1)
    let dropped = try read(try recipe(data: "ragged: drop", columns: columns), text)
    #expect(dropped.tables.first?.rows == 9)
    #expect(!dropped.complete)
    #expect(dropped.diagnostics.contains { $0.code == "text.ragged-row" })
  }

  @Test func takesWordsAndNumbersForMissing() throws {
    let recipe = try recipe(
      text: "delimiter: tab, missing: [bad, \"-999\"]",
      columns: [
        time + ", unit: min", "label: x, name: x, unit: mV",
        "label: n, name: n, type: integer, unit: \"1\"",
      ])
    let table = try #require(
      try read(recipe, "Time\tx\tn\n0\t-999\t1\n1\tbad\t-999\n2\t3\t3\n").tables.first)
    #expect(table["x"]?.missing.count == 2)
    #expect(table["n"]?.missing.count == 1)
    #expect(table["x"]?.real?.last == 3)
  }

  @Test func readsUnitsRowsCountedHeadersAndQuotes() throws {
    let units = try recipe(
      header: "columns_at: {line: 2}\n  units_row: true\n  metadata: [{key_value: ':'}]",
      text: "delimiter: ';', decimal: ','", columns: [time])
    let dataset = try read(units, "Operator: N. N.\nTime;x\nms;V\n1,5;2\n2,5;3\n")
    #expect(dataset.tables.first?["test_time"]?.real == [1.5e-3, 2.5e-3])
    #expect(dataset.metadata.text("Operator") == "N. N.")
    #expect(dataset.settingOrigins["Operator"]?.bytes == [0..<15])
    let counted = try recipe(
      header: "columns_at: {count_from: '^Nb header lines : (\\d+)'}", text: "delimiter: ','",
      columns: [time + ", unit: s", "label: '^a,b$', name: word, type: text"])
    let table = try #require(
      try read(counted, "File\nNb header lines : 3\nTime,\"a,b\"\n1,\"x,y\"\n").tables.first)
    #expect(table["word"]?.values == .text(["x,y"]))
    let unquoted = try recipe(
      text: "delimiter: ',', quote: none",
      columns: [time + ", unit: s", "label: w, name: w, type: text"])
    #expect(
      try read(unquoted, "Time,w\n1,\"x\n2,y\"\n").tables.first?["w"]?.values
        == .text(["\"x", "y\""]))
    let single = try recipe(
      text: "delimiter: ',', quote: \"'\"",
      columns: [time + ", unit: s", "label: w, name: w, type: text"])
    #expect(try read(single, "Time,w\n1,'x,''y'\n").tables.first?["w"]?.values == .text(["x,'y"]))
  }

  @Test func keepsClocksAsTextAndMakesInstantsOnlyWithAZone() throws {
    func columns(_ zone: String) -> [String] {
      [
        time + ", unit: s",
        "label: C, name: clock, type: clock, formats: [\"H:mm:ss\", \"MM/dd/yyyy h:mm:ss a\"], date: \"01/15/2025\", zone: \(zone)",
      ]
    }
    let text = "Time\tC\n0\t23:59:59\n1\t0:00:01\n2\t01/16/2025 1:00:00 AM\n3\tnoon\n"
    let plain = try read(try recipe(columns: columns("unknown")), text)
    #expect(plain.tables.first?.columns.map(\.name) == ["test_time", "clock"])
    #expect(plain.diagnostics.map(\.code) == ["recipe.clock"])
    #expect(plain.diagnostics.first?.place == .line(5))
    let zoned = try read(try recipe(columns: columns("+01:00")), text)
    // 2025-01-15T23:59:59+01:00 is 1736981999 s after 1970 (date -d on a second machine).
    #expect(
      zoned.tables.first?["instant"]?.values
        == .instant([1_736_981_999, 1_736_982_001, 1_736_985_600, 0].map { $0 * 1_000_000_000 }))
    #expect(zoned.tables.first?["instant"]?.missing.count == 1)
  }

  @Test func refusesWhatIsNotThere() throws {
    let plain = try recipe(columns: [
      time + ", unit: s", "label: V, name: voltage, unit: V, required: true",
    ])
    #expect(code(plain, "Time\tx\n1\t2\n") == "recipe.required-column")
    #expect(code(plain, "x\ty\n1\t2\n") == "recipe.header")
    #expect(code(plain, "Time\tV\n") == "text.no-data")
    #expect(code(plain, "") == "text.empty")
    let encoded = try recipe(text: "encoding: utf-16le", columns: [time + ", unit: s"])
    #expect(code(encoded, "Time\tV\n1\t2\n").contains("recipe.encoding"))
    let asked = try recipe(columns: [time + ", unit: s"], more: "overrides: [active_mass]")
    #expect(code(asked, "Time\tV\n1\t2\n").contains("recipe.override"))
  }

  @Test func recognisesByItsMarks() throws {
    let recipe = try Recipe(
      """
      recipe: 1
      id: test-text
      title: A text of a test
      extensions: ["0*"]
      sniff:
        - {lines: 1, match: '^Made by', points: 50}
        - {lines: 2-4, match: '^Time', points: 40}
        - {lines: 1-4, match: 'simulated', reject: true}
      text: {delimiter: tab}
      header: {columns_at: {match: '^Time'}}
      columns: [{label: '^Time', name: time, unit: s}, {label: '^V', name: voltage, unit: V}]
      requires: [voltage]
      """)
    func score(_ text: String) -> Int {
      recipe.recognise(FileHead(ByteView(utf8: text), name: "a.012")).score
    }
    #expect(score("Made by X\nTime\tV\n") == 90)
    #expect(score("Made by X\n\n\n\nTime\tV\n") == 50)
    #expect(score("Time\tV\n") == 0)
    #expect(score("Made by X\nTime\tx\n") == 0)
    #expect(score("Made by X, simulated\nTime\tV\n") == 0)
    #expect(score("\0\0\0\u{1}") == 0)
    #expect(recipe.entry.isUsual(extension: "012"))
    #expect(!recipe.entry.isUsual(extension: "102"))
    #expect(recipe.entry.recipe?.sha256 == recipe.sha256)
  }
}
