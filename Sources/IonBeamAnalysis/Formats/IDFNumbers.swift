internal import Bytes
internal import Tables

/// Numbers as IDF files write them: blank-separated, with exponents of four digits.
enum IDFNumbers {
  /// A text without blanks and line ends around it.
  static func trimmed(_ text: String) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }

  /// The number that an element holds; nil where it is empty or holds something else.
  static func number(_ node: IDFDocument.Node?) -> Double? {
    node.flatMap { NumberScanner.parse($0.text) }
  }

  /// The numbers of a list; words for "no number" become NaN.
  ///
  /// - Throws: `idf.number` at the element, naming the word that is no number.
  static func list(_ node: IDFDocument.Node) throws(ReadFailure) -> [Double] {
    let list = NumberScanner().list(node.element.text)
    if let bad = list.bad {
      let word = ByteView(utf8: node.element.text)[bad].prefix(40).latin1()
      throw ReadFailure(
        "idf.number", at: node.place,
        found: "number \(list.values.count + 1) of the list is `\(word)`",
        expected: "expected numbers separated by blanks (line \(node.element.line))")
    }
    return list.values
  }
}
