internal import ArgumentParser
internal import Foundation
internal import Interphase

/// Where recipes for further text formats are.
struct RecipeOptions: ParsableArguments {
  @Option(
    name: .customLong("recipes"),
    help: ArgumentHelp(
      "A folder of recipes (YAML) for further text formats; repeatable. "
        + "$XDG_CONFIG_HOME/interphase/recipes is looked at as well.",
      valueName: "DIR"))
  var folders: [String] = []

  /// The formats that the recipes make; those of `--recipes` stand above the user's usual ones.
  ///
  /// - Throws: `ValidationError` where a folder is none, or a recipe in it cannot be read.
  func formats() throws -> [FormatEntry] {
    var recipes: [Recipe] = []
    let environment = ProcessInfo.processInfo.environment
    let usual =
      environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      ?? environment["HOME"].map { $0 + "/.config" }
    var places = folders
    for folder in folders where !FileSource.isFolder(path: folder) {
      throw ValidationError("--recipes: '\(folder)' is no folder")
    }
    if let usual, FileSource.isFolder(path: usual + "/interphase/recipes") {
      places.append(usual + "/interphase/recipes")
    }
    for place in places {
      do throws(RecipeFolder.Failure) {
        let known = Set(recipes.map(\.id))
        recipes += try RecipeFolder.read(place).filter { !known.contains($0.id) }
      } catch {
        throw ValidationError(escapedControls(error.text))
      }
    }
    return recipes.map(\.entry)
  }
}
