internal import Bytes
internal import Tables

/// Numbers as IDF files write them: blank-separated, with exponents of four digits.
enum IDFNumbers {
  /// The bytes without those of zero: UTF-16 shows as bytes with zeros in between.
  static func withoutZeros(_ bytes: ByteView) -> ByteView {
    guard bytes.withBytes({ $0.contains(0) }) else { return bytes }
    return ByteView(bytes.array.filter { $0 != 0 })
  }

  /// A text without blanks and line ends around it.
  static func trimmed(_ text: String) -> String {
    // Where ASCII stands at both ends, bytes tell as much as characters.
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    let utf8 = text.utf8
    guard let start = utf8.firstIndex(where: { !isBlank($0) }),
      let end = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    if utf8[start] < 0x80, utf8[end] < 0x80 {
      let behind = utf8.index(after: end)
      if start == utf8.startIndex, behind == utf8.endIndex { return text }
      return String(text[start..<behind])
    }
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
