internal import Bytes
public import Tables

/// Recipes in the files of a folder.
public enum RecipeFolder {
  /// A recipe that cannot be read.
  public struct Failure: Error, Sendable {
    /// The path of its file.
    public let file: String
    /// What is wrong with it.
    public let diagnostic: Diagnostic

    /// `FILE: PLACE: what was found; what was expected`.
    public var text: String { "\(file): \(diagnostic.place): \(diagnostic.message)" }
  }

  /// The recipes of the `.yaml` and `.yml` files of a folder, in the order of their names.
  ///
  /// - Throws: `Failure` at the first one that is wrong, or that has the id of another one.
  public static func read(_ folder: String) throws(Failure) -> [Recipe] {
    let entries: [FolderEntry]
    do throws(ReadFailure) {
      entries = try FileSource.list(folder: folder)
    } catch {
      throw Failure(file: folder, diagnostic: error.diagnostic)
    }
    var recipes: [Recipe] = []
    for entry in entries {
      let name = entry.relativePath
      guard entry.kind == .file, !name.contains("/"),
        name.hasSuffix(".yaml") || name.hasSuffix(".yml")
      else { continue }
      let file = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      let recipe = try read(file: file)
      if let other = recipes.first(where: { $0.id == recipe.id }) {
        throw Failure(
          file: file,
          diagnostic: Diagnostic(
            .error, "recipe.repeated-id",
            found: "the id '\(recipe.id)' of \(other.file ?? "another recipe")",
            expected: "an id of its own for each recipe"))
      }
      recipes.append(recipe)
    }
    return recipes
  }

  /// The recipe of a file.
  ///
  /// - Throws: `Failure` where it cannot be opened or read.
  public static func read(file: String) throws(Failure) -> Recipe {
    do throws(ReadFailure) {
      let bytes = try FileSource.open(path: file)
      guard bytes.count <= Recipe.greatestSize else {
        throw ReadFailure(
          "config.size", found: "a recipe of \(bytes.count) bytes",
          expected: "at most \(Recipe.greatestSize) bytes")
      }
      var diagnostics = DiagnosticList()
      let text = try DecodedText.decode(bytes, into: &diagnostics)
      return try Recipe(TextLines.string(text.utf8), file: file)
    } catch {
      throw Failure(file: file, diagnostic: error.diagnostic)
    }
  }
}
