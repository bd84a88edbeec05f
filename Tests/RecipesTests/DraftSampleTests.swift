import Bytes
import DelimitedText
import Reading
import Recipes
import Tables
import Testing
import Units

/// What `recipe learn` drafts for exports in the manner of many instruments.
@Suite struct DraftSampleTests {
  @Test func draftsOfManyMannersAreRight() throws {
    for sample in DraftSample.all {
      let bytes = ByteView(utf8: sample.text)
      let draft = try RecipeDraft(bytes, name: sample.name)
      #expect(draft.table.dialect.delimiter.name == sample.delimiter, "\(sample.name)")
      #expect(draft.table.dialect.decimalMark == sample.mark.utf8.first, "\(sample.name)")
      #expect(draft.table.headerLine?.number == sample.header, "\(sample.name)")
      if let axis = sample.axis { #expect(draft.axis == axis, "\(sample.name)") }
      for (label, unit) in sample.units.sorted(by: { $0.key < $1.key }) {
        #expect(
          draft.columns.first { $0.label == label }?.unit == unit, "\(sample.name): \(label)")
      }
      let recipe = try Recipe(draft.text)
      let dataset = try recipe.read(bytes, name: sample.name, options: ReadOptions())
      #expect(dataset.complete, "\(draft.text)")
      #expect(
        recipe.recognise(FileHead(bytes, name: sample.name)).score >= 50, "\(draft.text)")
    }
    #expect(DraftSample.all.count >= 40)
  }

  /// Spans of time, and texts that are none.
  ///
  /// The seconds are sums of the parts.
  @Test func spansOfTimeAreRead() throws {
    let cases: [(String, Double?)] = [
      ("0:01:02.5", 62.5), ("100:00:10", 360_010), ("1d 02:03:04", 93_784), ("0d 00:00:0", 0),
      ("2-01:00:00", 176_400), ("1.02:03:04.25", 93_784.25), ("12:34.5", 754.5),
      ("-0:00:01", -1), ("1h 2m 3.5s", 3723.5), ("00:00:01,250", 1.25),
      ("3 days 00:00:01", 259_201),
      ("12:30", nil), ("1:60:00", nil), ("5s", nil), ("", nil), ("12", nil), ("1:2:3:4", nil),
      ("abc", nil), ("99999999999:00:00", nil), ("1.5", nil), ("2024-01-05", nil), ("0.1:2", nil),
    ]
    for (text, seconds) in cases {
      let recipe = try Recipe(Self.recipe)
      let rows = "T;U\n0:00:00.5;1\n\(text);2\n"
      let dataset = try recipe.read(
        ByteView(utf8: rows), name: "a.txt", options: ReadOptions())
      let time = try #require(dataset.tables.first?["test_time"])
      #expect(time.unit == .known(.second))
      #expect(time.real?.first == 0.5)
      if let seconds {
        #expect(time.real?.last == seconds, "\(text)")
        #expect(time.missing.count == 0, "\(text)")
      } else {
        #expect(time.missing.count == 1, "\(text)")
        let says = dataset.diagnostics.contains { $0.code == "recipe.duration" }
        #expect(says == !text.isEmpty, "\(text)")
      }
    }
  }

  static let recipe = """
    recipe: 1
    id: spans
    title: Spans of time
    sniff: [{lines: 1, match: '^T', points: 60}]
    text: {delimiter: ';', decimal: "."}
    header: {columns_at: {line: 1}}
    columns:
      - {label: '^T$', name: test_time, type: duration}
      - {label: '^U$', name: voltage, unit: V}
    """

  @Test func spansHaveNoUnitAndNameATime() {
    for (old, new) in [("type: duration", "type: duration, unit: h"), ("test_time", "current")] {
      let parts = Self.recipe.split(separator: old)
      #expect(throws: ReadFailure.self, "\(new)") { try Recipe(parts.joined(separator: new)) }
    }
  }
}
