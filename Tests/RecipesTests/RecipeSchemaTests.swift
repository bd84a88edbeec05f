import Bytes
import Configuration
import Recipes
import Tables
import TestSupport
import Testing

/// docs/recipe.schema.json names the keys that the reader takes, and no others.
@Suite struct RecipeSchemaTests {
  static let docs: String =
    "/" + (#filePath.split(separator: "/").dropLast(3) + ["docs"]).joined(separator: "/")

  private func keys(_ value: ResultValue?) -> [String] {
    guard case .object(let object)? = value?["properties"] else { return [] }
    return Array(object.keys)
  }

  private static func texts() throws -> [String] {
    var texts = BuiltInRecipes.all.map { $0.text }
    for name in ["maccor-text", "cameca-isotopes-text"] {
      let bytes = try FileSource.open(path: "\(docs)/examples/recipes/\(name).yaml")
      texts.append(TextLines.string(bytes))
    }
    return texts
  }

  @Test func everyKeyOfTheRecipesStandsInTheSchema() throws {
    let schema = try JSONText.parse(try FileSource.open(path: Self.docs + "/recipe.schema.json"))
    for text in try Self.texts() {
      let recipe = try Recipe(text)
      let root = try ConfigNode.parse(text)
      let properties = try #require(schema["properties"])
      for entry in root.entries ?? [] {
        #expect(keys(schema).contains(entry.key), "\(recipe.id): \(entry.key)")
        if ["text", "header", "data"].contains(entry.key) {
          for inner in entry.value.entries ?? [] {
            #expect(keys(properties[entry.key]).contains(inner.key), "\(recipe.id): \(inner.key)")
          }
        }
        if ["sniff", "columns"].contains(entry.key) {
          let known = keys(properties[entry.key]?["items"]) + recipe.header.rowNames
          for element in entry.value.elements ?? [] {
            for inner in element.entries ?? [] {
              #expect(known.contains(inner.key), "\(recipe.id): \(inner.key)")
            }
          }
        }
      }
      for key in ["recipe", "id", "title", "sniff", "header", "columns"] {
        #expect(root[key] != nil, "\(recipe.id): \(key)")
      }
    }
  }

  /// A key of the schema with a value of another kind is refused for its value, not for its name.
  @Test func theReaderKnowsEveryKeyOfTheSchema() throws {
    let schema = try JSONText.parse(try FileSource.open(path: Self.docs + "/recipe.schema.json"))
    let base = RecipeMistakesTests.good
    for key in keys(schema) where !base.contains("\(key):") {
      #expect(code(base + "\n\(key): []") != "recipe.unknown-key", "\(key)")
    }
    for part in ["text", "header", "data"] {
      for key in keys(schema["properties"]?[part]) {
        #expect(
          code(
            "recipe: 1\nid: a\ntitle: b\nsniff: [{lines: 1, match: a, points: 50}]\n\(part): {\(key): 1}"
          ) != "recipe.unknown-key", "\(part).\(key)")
      }
    }
    for key in keys(schema["properties"]?["columns"]?["items"])
    where key != "label" && key != "name" {
      #expect(code(base + "\n  - {label: x, name: x, \(key): 1}") != "recipe.unknown-key", "\(key)")
    }
    #expect(code(base + "\n  - {label: x, name: x, lable: 1}") == "recipe.unknown-key")
  }

  private func code(_ text: String) -> String {
    do throws(ReadFailure) {
      _ = try Recipe(text)
      return ""
    } catch {
      return error.diagnostic.code
    }
  }
}
