internal import Configuration
package import Tables

/// An inequality over the cases of a sweep, such as `pv_ratio: a > b > c`.
package struct Ordering: Hashable, Sendable {
  /// The expression as written.
  package let expression: String
  /// The output that is compared.
  package let key: String
  /// Whether magnitudes are compared: `|tip_stress_final|`.
  package let magnitudes: Bool
  /// The cases by number, from left to right.
  package let cases: [Int]
  /// Whether each case is above the one to its right; one less than the cases.
  package let descending: [Bool]

  /// Reads an expression.
  ///
  /// - Throws: `sweep.ordering` naming what is not known.
  package init(
    _ expression: String, outputs: [String], labels: [String], at place: Place
  ) throws(ReadFailure) {
    func failure(_ found: String, _ expected: String) -> ReadFailure {
      ReadFailure(
        "sweep.ordering", at: place, found: "`\(expression)`: \(found)", expected: expected)
    }
    guard let colon = expression.firstIndex(of: ":") else {
      throw failure("no `:`", "an output and case labels, such as \"pv_ratio: a > b\"")
    }
    var key = Self.trimmed(expression[..<colon])
    magnitudes = key.hasPrefix("|") && key.hasSuffix("|") && key.count > 2
    if magnitudes { key = String(key.dropFirst().dropLast()) }
    guard outputs.contains(key) else {
      throw failure("no output is called `\(key)`", "one of \(outputs.joined(separator: ", "))")
    }
    var cases: [Int] = []
    var signs: [Bool] = []
    var label = ""
    func take() throws(ReadFailure) {
      let name = Self.trimmed(Substring(label))
      guard let index = labels.firstIndex(of: name) else {
        throw failure(
          "no case is labelled `\(name)`", "labels among \(labels.joined(separator: ", "))")
      }
      cases.append(index)
      label = ""
    }
    for character in expression[expression.index(after: colon)...] {
      if character == ">" || character == "<" {
        try take()
        signs.append(character == ">")
      } else {
        label.append(character)
      }
    }
    try take()
    guard cases.count > 1 else { throw failure("one case alone", "two cases or more, with > or <") }
    self.expression = expression
    self.key = key
    self.cases = cases
    descending = signs
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0 == " " || $0 == "\t" }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }

  /// Whether the inequality holds for the numbers of the cases; nil where one that it needs is missing.
  package func holds(_ numbers: [Double?]) -> Bool? {
    var values: [Double] = []
    for index in cases {
      guard numbers.indices.contains(index), let number = numbers[index] else { return nil }
      values.append(magnitudes ? number.magnitude : number)
    }
    for (i, falls) in descending.enumerated() {
      if falls ? values[i] <= values[i + 1] : values[i] >= values[i + 1] { return false }
    }
    return true
  }
}
