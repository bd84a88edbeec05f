import Recipes
import Tables
import Testing

/// Mistakes in recipes: each is an error with its code, line and column.
@Suite struct RecipeMistakesTests {
  static let good = """
    recipe: 1
    id: my-text
    title: A text
    technique: cycling
    extensions: [txt]
    sniff:
      - {lines: 1-3, match: '^A', points: 60}
    text: {delimiter: tab}
    header:
      columns_at: {match: '^Time'}
    data: {ragged: error}
    columns:
      - {label: '^Time \\((?<unit>.+)\\)$', name: test_time, unit: $unit}
      - {label: '^I$', name: current, unit: mA}
      - {label: '^State$', name: state, type: text}
    """

  /// What stands in the good recipe, what takes its place, code, line, column, and a word of the message.
  static let mistakes: [(String, String, String, Int, Int, String)] = [
    ("recipe: 1", "recipe: 2", "recipe.version", 1, 9, "recipe: 1"),
    ("id: my-text", "id: My Text", "recipe.type", 2, 5, "lower-case"),
    ("title:", "titel:", "recipe.unknown-key", 3, 1, "'title'"),
    ("title: A text\n", "", "recipe.missing-key", 1, 1, "title"),
    ("technique: cycling", "technique: cyclng", "recipe.choice", 4, 12, "'cycling'"),
    ("points: 60", "points: sixty", "recipe.type", 7, 39, "whole number"),
    ("points: 60", "points: 96", "recipe.type", 7, 39, "1 to 95"),
    (
      "points: 60}", "points: 60}\n  - {lines: 2, match: B, points: 40}", "recipe.points", 7, 3,
      "100"
    ),
    ("lines: 1-3", "lines: 3-1", "recipe.type", 7, 13, "range"),
    ("match: '^A'", "match: '^(A'", "recipe.pattern", 7, 25, "character 2"),
    ("match: '^A'", "match: '(?=A)'", "recipe.pattern", 7, 25, "look ahead"),
    ("match: '^A'", "match: '(A)\\1'", "recipe.pattern", 7, 25, "backreference"),
    ("points: 60", "point: 60", "recipe.unknown-key", 7, 31, "'points'"),
    ("delimiter: tab", "delimiter: tabs", "recipe.type", 8, 19, "blanks"),
    ("{delimiter: tab}", "{delimiter: \",\", decimal: \",\"}", "recipe.type", 8, 33, "delimiter"),
    ("{delimiter: tab}", "{encoding: utf8}", "recipe.choice", 8, 18, "'utf-8'"),
    ("columns_at: {match: '^Time'}", "columns_at: {}", "recipe.type", 10, 15, "one of"),
    ("columns_at:", "column_at:", "recipe.unknown-key", 10, 3, "'columns_at'"),
    (
      "columns_at: {match: '^Time'}", "rows: 2\n  columns_at: {line: 3}", "recipe.missing-key", 10,
      3, "row_names"
    ),
    ("ragged: error", "ragged: ignore", "recipe.choice", 11, 16, "error"),
    ("name: current", "name: Current", "recipe.type", 14, 26, "lower-case"),
    ("unit: mA", "unit: mAh", "recipe.unit", 14, 41, "'mA.h'"),
    ("unit: mA", "unit: xyz", "recipe.unit", 14, 41, "UCUM"),
    ("unit: mA", "unit: mV", "recipe.unit", 14, 41, "current"),
    ("unit: $unit", "unit: $unti", "recipe.reference", 13, 62, "'unit'"),
    ("unit: mA", "unit: mA, scale: 0.001", "recipe.missing-key", 14, 45, "why"),
    ("unit: mA", "unit: mA, why: because", "recipe.type", 14, 45, "scale"),
    ("unit: mA", "unit: mA, scale: ten, why: x", "recipe.type", 14, 52, "number"),
    ("unit: mA", "unit: mA, sign: {by: stat, negative: [D]}", "recipe.reference", 14, 5, "'state'"),
    ("unit: mA", "unit: mA, sign: {by: state}", "recipe.missing-key", 14, 51, "negative"),
    ("unit: mA", "unit: mA, each: true", "recipe.missing-key", 14, 45, "key"),
    ("unit: mA", "unit: mA, typ: text", "recipe.unknown-key", 14, 45, "'type'"),
    ("unit: mA", "unit: mA, formats: [HH:mm]", "recipe.type", 14, 45, "clock"),
    ("type: text", "type: clock, formats: [HH:qq]", "recipe.clock-format", 15, 59, "HH:qq"),
    ("type: text", "type: clock, zone: Europe/Berlin", "recipe.choice", 15, 56, "UTC"),
    ("type: text", "type: text, unit: V", "recipe.type", 15, 49, "numbers"),
    ("columns:", "requires: [voltage]\ncolumns:", "recipe.reference", 12, 11, "voltage"),
    (
      "columns:", "checks: [clock-vs-elapse]\ncolumns:", "recipe.choice", 12, 9,
      "'clock-vs-elapsed'"
    ),
    ("title: A text", "title: A text\ntitle: B", "config.repeated-key", 3, 1, "title"),
    ("{delimiter: tab}", "{delimiter: tab", "config.syntax", 9, 1, ""),
    ("title: A text", "title: [a\n", "config.syntax", 5, 1, ""),
  ]

  @Test func readsTheGoodOne() throws {
    let recipe = try Recipe(Self.good)
    #expect(recipe.id == "my-text")
    #expect(recipe.columns.count == 3)
    #expect(recipe.sha256.count == 64)
  }

  @Test func namesLineColumnAndTheNearestChoice() {
    for (old, new, code, line, column, word) in Self.mistakes {
      guard let range = Self.good.firstRange(of: old) else {
        Issue.record("'\(old)' does not stand in the recipe")
        continue
      }
      let text = Self.good.replacingCharacters(range, new)
      do throws(ReadFailure) {
        _ = try Recipe(text)
        Issue.record("'\(new)' was taken")
      } catch {
        let found = error.diagnostic
        #expect(found.code == code, "\(new): \(found)")
        if code != "config.syntax" {
          #expect(
            found.place == .cell(line: line, column: column),
            "\(new): \(found.place) \(found.message)")
        } else {
          #expect("\(found.place)".contains("line"), "\(new): \(found.place)")
        }
        #expect(found.message.contains(word), "\(new): \(found.message)")
      }
    }
  }

  /// Every recipe with one byte left out, doubled or changed: read or refused, never a trap.
  @Test func takesOrRefusesDamagedRecipes() {
    let bytes = Array(Self.good.utf8)
    var refused = 0
    for i in bytes.indices {
      for change in 0..<3 {
        var damaged = bytes
        switch change {
        case 0: damaged.remove(at: i)
        case 1: damaged.insert(bytes[i], at: i)
        default: damaged[i] = "{}[]:'$\\(".utf8.dropFirst(i % 9).first ?? 0x20
        }
        do throws(ReadFailure) {
          _ = try Recipe(String(decoding: damaged, as: UTF8.self))
        } catch {
          refused += 1
          #expect(
            error.diagnostic.code.hasPrefix("recipe.") || error.diagnostic.code.hasPrefix("config.")
          )
        }
      }
    }
    #expect(refused > 500)
  }
}

extension String {
  fileprivate func firstRange(of text: String) -> Range<String.Index>? {
    var i = startIndex
    while i < endIndex {
      if self[i...].hasPrefix(text) { return i..<index(i, offsetBy: text.count) }
      i = index(after: i)
    }
    return nil
  }

  fileprivate func replacingCharacters(_ range: Range<String.Index>, _ new: String) -> String {
    String(self[..<range.lowerBound]) + new + String(self[range.upperBound...])
  }
}
