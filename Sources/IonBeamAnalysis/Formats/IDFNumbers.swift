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
    let scanner = NumberScanner()
    let bytes = ByteView(utf8: node.element.text)
    var values: [Double] = []
    var i = 0
    func isBlank(_ byte: UInt8?) -> Bool {
      byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
    }
    while i < bytes.count {
      while isBlank(bytes[i]) { i += 1 }
      let start = i
      while i < bytes.count, !isBlank(bytes[i]) { i += 1 }
      guard i > start else { break }
      let word = bytes[start..<i]
      if let value = scanner.parse(word) {
        values.append(value)
      } else if ["nan", "-nan", "inf", "-inf", "+inf"].contains(word.latin1().lowercased()) {
        values.append(.nan)
      } else {
        throw ReadFailure(
          "idf.number", at: node.place,
          found: "number \(values.count + 1) of the list is `\(word.prefix(40).latin1())`",
          expected: "expected numbers separated by blanks (line \(node.element.line))")
      }
    }
    return values
  }
}
