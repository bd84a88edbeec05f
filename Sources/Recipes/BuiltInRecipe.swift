public import Bytes
public import Reading
public import Tables

/// A format of Interphase that is a recipe: its text is compiled in.
public protocol BuiltInRecipe: FileFormat {
  /// The YAML text.
  static var text: String { get }
  /// The recipe, read once.
  static var loaded: Result<Recipe, ReadFailure> { get }
}

extension BuiltInRecipe {
  /// The line of the recipe.
  public static var title: String { (try? loaded.get().title) ?? id }

  /// The technique of the recipe.
  public static var technique: Technique { (try? loaded.get().technique) ?? .any }

  /// The extensions of the recipe.
  public static var extensions: [String] { (try? loaded.get().extensions) ?? [] }

  /// The marks of the recipe.
  public static var recognisedBy: String { (try? loaded.get().recognisedBy) ?? "" }

  /// The hash of the recipe.
  public static var recipe: FormatEntry.Recipe? {
    (try? loaded.get()).map { FormatEntry.Recipe(sha256: $0.sha256, file: nil) }
  }

  /// The points of the recipe's marks.
  public static func recognise(_ file: FileHead) -> Recognition {
    (try? loaded.get().recognise(file)) ?? .none
  }

  /// Reads the file as the recipe says.
  public static func read(
    _ bytes: ByteView, name: String, options: ReadOptions
  ) throws(ReadFailure) -> Dataset {
    try loaded.get().read(bytes, name: name, options: options)
  }

  static func load() -> Result<Recipe, ReadFailure> {
    do throws(ReadFailure) {
      return .success(try Recipe(text))
    } catch {
      return .failure(error)
    }
  }
}

/// Every recipe that is compiled in.
public enum BuiltInRecipes {
  /// The formats.
  public static let all: [any BuiltInRecipe.Type] = [IONTOFProfile.self, IONTOFSpectrum.self]
}
