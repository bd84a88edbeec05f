internal import Bytes
internal import Tables

/// Numbers as COMSOL writes them, complex ones too.
enum ComsolNumber {
  /// `a+bi`, `a-bi`, `bi`; nil for anything else, a plain number too counts with b = 0.
  static func complex(_ text: String) -> (Double, Double)? {
    if let x = NumberScanner.parse(text) { return (x, 0) }
    guard text.last == "i" || text.last == "j" else { return nil }
    let body = Array(text.utf8.dropLast())
    // The sign of the imaginary part is the last one that no exponent stands before.
    let split = body.indices.last { i in
      (body[i] == UInt8(ascii: "+") || body[i] == UInt8(ascii: "-"))
        && (i == 0 || body[i - 1] | 0x20 != UInt8(ascii: "e"))
    }
    guard let split else {
      return NumberScanner.parse(String(decoding: body, as: UTF8.self)).map { (0, $0) }
    }
    let imaginary = NumberScanner.parse(String(decoding: body[split...], as: UTF8.self))
    if split == 0 { return imaginary.map { (0, $0) } }
    guard let imaginary,
      let real = NumberScanner.parse(String(decoding: body[..<split], as: UTF8.self))
    else { return nil }
    return (real, imaginary)
  }

  /// All numbers between blanks, commas, semicolons and tabs in a part of a text, NaN for missing ones.
  ///
  /// - Throws: `comsol.not-a-number` at the line.
  static func numbers(
    _ text: ByteView, _ range: Range<Int>, _ line: Int, complex isComplex: Bool
  ) throws(ReadFailure) -> (real: [Double], imaginary: [Double]) {
    var real: [Double] = []
    var imaginary: [Double] = []
    var i = range.lowerBound
    func isSeparator(_ byte: UInt8) -> Bool {
      byte <= 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";")
    }
    while i < range.upperBound, let byte = text[i] {
      if isSeparator(byte) {
        i += 1
        continue
      }
      var end = i
      while end < range.upperBound, let next = text[end], !isSeparator(next) { end += 1 }
      let token = text[i..<end]
      let start = i
      i = end
      if let x = NumberScanner.parse(token) {
        real.append(x)
        if !imaginary.isEmpty { imaginary.append(0) }
        continue
      }
      let word = TextLines.string(token.prefix(80))
      if ["nan", "inf", "-inf", "+inf", "infinity", "-infinity"].contains(word.lowercased()) {
        real.append(.nan)
        if !imaginary.isEmpty { imaginary.append(.nan) }
        continue
      }
      guard isComplex, let (re, im) = Self.complex(word) else {
        let inside = text[range.lowerBound..<range.upperBound]
        throw ReadFailure(
          "comsol.not-a-number",
          at: .line(line + TextLines.number(ofOffset: start - range.lowerBound, in: inside) - 1),
          found: "'\(word)'", expected: "expected a number")
      }
      while imaginary.count < real.count { imaginary.append(0) }
      real.append(re)
      imaginary.append(im)
    }
    return (real, imaginary)
  }
}
