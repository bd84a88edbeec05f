/// Names of worksheets: at most 31 characters, none of `[ ] : * ? / \`, each once whatever its case.
struct SheetNames {
  /// The longest name, in UTF-16 units as spreadsheets count.
  static let limit = 31

  private var used: Set<String> = ["history"]

  /// The name of the next sheet for a table.
  mutating func next(_ table: String) -> String {
    var base = ""
    for scalar in table.unicodeScalars {
      switch scalar {
      case "[", "]", ":", "*", "?", "/", "\\": base.unicodeScalars.append("_")
      default:
        base.unicodeScalars.append(scalar.properties.generalCategory == .control ? "_" : scalar)
      }
    }
    // Spreadsheets keep the apostrophe at either end for quoting.
    while base.hasPrefix("'") { base.removeFirst() }
    while base.hasSuffix("'") { base.removeLast() }
    if base.isEmpty { base = "table" }
    var name = Self.cut(base, to: Self.limit)
    var number = 2
    while !used.insert(name.lowercased()).inserted {
      let ending = " (\(number))"
      name = Self.cut(base, to: Self.limit - ending.utf16.count) + ending
      number += 1
    }
    return name
  }

  private static func cut(_ text: String, to count: Int) -> String {
    var out = ""
    var length = 0
    for character in text {
      length += character.utf16.count
      if length > count { break }
      out.append(character)
    }
    return out
  }
}
