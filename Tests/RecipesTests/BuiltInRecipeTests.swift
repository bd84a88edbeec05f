import FormatRegistry
import Reading
import Recipes
import Testing

/// The recipes that are compiled in: valid, and registered under their ids.
///
/// `CheckFormatTests` holds them to what every format is held to.
@Suite struct BuiltInRecipeTests {
  @Test func areValidAndRegistered() throws {
    #expect(!BuiltInRecipes.all.isEmpty)
    for format in BuiltInRecipes.all {
      let recipe = try format.loaded.get()
      #expect(recipe.id == format.id)
      #expect(recipe.title == format.title && !format.title.isEmpty)
      #expect(FormatRegistry.format(id: format.id) != nil, "\(format.id)")
      #expect(format.recipe?.sha256 == recipe.sha256)
      #expect(format.recognisedBy.contains("line"))
    }
  }
}
