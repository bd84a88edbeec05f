/// Column names made from labels that no list of canonical names knows.
enum Slug {
  /// Lower-case letters, digits and underscores, with `_` for every run of anything else.
  ///
  /// Capitals inside a word start a new part: `UserIn0` gives `user_in0`.
  static func make(_ label: String, fallback: String) -> String {
    var result = ""
    var previousIsLower = false
    for scalar in label.unicodeScalars {
      let isUpper = scalar >= "A" && scalar <= "Z"
      let isPlain = (scalar >= "a" && scalar <= "z") || (scalar >= "0" && scalar <= "9")
      if isUpper || isPlain {
        if isUpper && previousIsLower { result += "_" }
        result += String(scalar).lowercased()
        previousIsLower = isPlain
      } else {
        if !result.hasSuffix("_") && !result.isEmpty { result += "_" }
        previousIsLower = false
      }
    }
    while result.hasSuffix("_") { result.removeLast() }
    return result.isEmpty ? fallback : result
  }
}
