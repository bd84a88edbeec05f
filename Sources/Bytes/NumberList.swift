extension NumberScanner {
  /// What a text of numbers between blanks holds.
  public struct List: Sendable {
    /// The numbers in order; `nan`, `inf` and numbers beyond the range of Double are NaN.
    public var values: [Double] = []
    /// Where the first word stands that is no number; nil where all are.
    public var bad: Range<Int>?
  }

  /// The numbers of a text that blanks, tabs and line ends divide.
  ///
  /// Words for what is no finite number (`NaN`, `-inf`, …) give NaN. Stops at any other word.
  public func list(_ text: String) -> List {
    var copy = text
    return copy.withUTF8 { list(UnsafeRawBufferPointer($0)) }
  }

  private func list(_ bytes: UnsafeRawBufferPointer) -> List {
    var list = List()
    guard let base = bytes.baseAddress else { return list }
    let end = base + bytes.count
    var p = base
    // A number and its blank take two bytes at least, as a rule five or more.
    list.values.reserveCapacity(bytes.count / 5)
    while true {
      while p < end, Self.isBlank(p.load(as: UInt8.self)) { p += 1 }
      guard p < end else { return list }
      let start = p
      let value = scan(&p, end, exponent)
      if !value.isNaN, p == end || Self.isBlank(p.load(as: UInt8.self)) {
        list.values.append(value.isFinite ? value : .nan)
        continue
      }
      p = start
      while p < end, !Self.isBlank(p.load(as: UInt8.self)) { p += 1 }
      let word = UnsafeRawBufferPointer(start: start, count: p - start)
      guard Self.isNoNumber(word) else {
        list.bad = (start - base)..<(p - base)
        return list
      }
      list.values.append(.nan)
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// Whether a word is `nan` or `inf`, with or without sign, in any case.
  private static func isNoNumber(_ word: UnsafeRawBufferPointer) -> Bool {
    var letters = word[...]
    if let first = letters.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      letters = letters.dropFirst()
    }
    let lower = letters.map { $0 | 0x20 }
    return lower == Array("nan".utf8) || lower == Array("inf".utf8)
  }
}
