/// A symbol of a unit text with its exponent: `cm` and −2, `10*` and 15, `{count}`, a whole number.
struct UnitFactor: Hashable, Sendable {
  var symbol: String
  var exponent: Int
}

extension PhysicalUnit {
  /// The longest unit text that is read.
  static let longestText = 120
  /// The greatest exponent of a symbol; powers of ten may have more.
  static let greatestExponent = 30

  /// A unit from its UCUM text, exactly as written.
  ///
  /// - Throws: ``UnitError`` naming the part that is no UCUM.
  public init(ucum text: String) throws(UnitError) {
    try self.init(ucum: text, factors: UCUM.factors(of: text))
  }

  /// A unit from its symbols, under the given text.
  init(ucum text: String, factors: [UnitFactor]) throws(UnitError) {
    var dimension = Dimension.one
    var exact: ExactFactor? = .one
    var approximate = 1.0
    var offset: ExactFactor?
    var arbitrary = false
    for factor in factors {
      guard let atom = UCUM.meaning(of: factor.symbol),
        let power = atom.dimension.power(factor.exponent)
      else { throw .unknown(text: text, part: factor.symbol) }
      guard let product = dimension.product(power) else { throw .outOfRange(text: text) }
      dimension = product
      let scaled = atom.factor.power(factor.exponent)
      exact = exact.flatMap { e in scaled.flatMap(e.times) }
      if exact == nil {
        // Beyond 64 bits the factor is a Double; powers are small whole numbers here.
        let base = scaled?.double ?? Self.wholePower(atom.factor.double, factor.exponent)
        approximate *= base
      } else {
        approximate = exact?.double ?? 1
      }
      arbitrary = arbitrary || (atom.arbitrary && factor.exponent != 0)
      if factors.count == 1, factor.exponent == 1 { offset = atom.offset }
    }
    guard approximate.isFinite, approximate >= .leastNormalMagnitude else {
      throw .outOfRange(text: text)
    }
    self.init(
      ucum: text, dimension: dimension, scale: approximate, exactScale: exact,
      exactOffset: offset, isArbitrary: arbitrary)
  }

  private static func wholePower(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<min(abs(exponent), 1000) { result *= base }
    return exponent < 0 ? 1 / result : result
  }

  /// The symbols of the unit text; empty for `1`.
  var factors: [UnitFactor] { (try? UCUM.factors(of: ucum)) ?? [] }
}

extension UCUM {
  /// What a symbol means: an atom with or without prefix, a whole number or an annotation.
  static func meaning(of symbol: String) -> UCUMAtom? {
    if symbol.hasPrefix("{") {
      let dimension = symbol == "{count}" ? Count.dimension : .one
      return UCUMAtom(dimension: dimension, factor: .one, metric: false)
    }
    if let number = UInt64(symbol), number > 0 {
      return UCUMAtom(dimension: .one, factor: ExactFactor(number), metric: false)
    }
    // An annotation behind a unit says what is measured and does not change the unit.
    let bare = symbol.firstIndex(of: "{").map { String(symbol[..<$0]) } ?? symbol
    return resolve(bare)
  }

  /// The symbols and exponents of a unit text, parentheses multiplied out.
  static func factors(of text: String) throws(UnitError) -> [UnitFactor] {
    let bytes = Array(text.utf8)
    guard bytes.count <= PhysicalUnit.longestText else { throw .outOfRange(text: text) }
    guard !bytes.isEmpty else { throw .unknown(text: text, part: text) }
    var factors: [UnitFactor] = []
    var outer: [Int] = []  // signs of the open parentheses
    var sign = 1  // +1 after a product, −1 after a quotient
    var inner = 1  // the sign of the innermost parenthesis
    var expectsSymbol = true
    var i = 0
    func failure(at place: Int) -> UnitError {
      .unknown(text: text, part: String(decoding: bytes[min(place, bytes.count)...], as: UTF8.self))
    }
    if bytes[0] == UInt8(ascii: "/") {
      sign = -1
      i = 1
    }
    while i < bytes.count {
      let byte = bytes[i]
      if !expectsSymbol {
        switch byte {
        case UInt8(ascii: "."): sign = 1
        case UInt8(ascii: "/"): sign = -1
        case UInt8(ascii: ")"):
          guard let before = outer.popLast() else { throw failure(at: i) }
          inner = before
          i += 1
          continue
        default: throw failure(at: i)
        }
        expectsSymbol = true
        i += 1
        continue
      }
      if byte == UInt8(ascii: "(") {
        outer.append(inner)
        inner *= sign
        sign = 1
        i += 1
        continue
      }
      let start = i
      let (symbol, exponent, end) = scanSymbol(bytes, from: i)
      guard end > start, meaning(of: symbol) != nil else { throw failure(at: start) }
      let limit = symbol.hasPrefix("10") ? 400 : PhysicalUnit.greatestExponent
      guard let exponent, abs(exponent) <= limit else { throw .outOfRange(text: text) }
      if symbol != "1", exponent != 0 {
        factors.append(UnitFactor(symbol: symbol, exponent: exponent * sign * inner))
      }
      expectsSymbol = false
      i = end
    }
    guard !expectsSymbol, outer.isEmpty else { throw failure(at: bytes.count) }
    return factors
  }

  /// One symbol with its exponent: a number, a bracketed or plain atom, an annotation.
  ///
  /// The exponent is nil where it is too long.
  private static func scanSymbol(
    _ bytes: [UInt8], from start: Int
  ) -> (symbol: String, exponent: Int?, end: Int) {
    func isDigit(_ i: Int) -> Bool {
      i < bytes.count && bytes[i] >= UInt8(ascii: "0") && bytes[i] <= UInt8(ascii: "9")
    }
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    func annotationEnd(_ i: Int) -> Int {
      guard i < bytes.count, bytes[i] == UInt8(ascii: "{"),
        let close = bytes[i...].firstIndex(of: UInt8(ascii: "}"))
      else { return i }
      return close + 1
    }
    var i = start
    if isDigit(i) {
      while isDigit(i) { i += 1 }
      let isTen = text(start..<i) == "10" && i < bytes.count && (bytes[i] == 42 || bytes[i] == 94)
      if !isTen { return (text(start..<i), 1, i) }
      i += 1
    } else {
      var depth = 0
      while i < bytes.count {
        let byte = bytes[i]
        if byte == UInt8(ascii: "[") { depth += 1 }
        if byte == UInt8(ascii: "]") { depth -= 1 }
        if depth <= 0, byte != UInt8(ascii: "]"), isDigit(i) || ".()/{+-".utf8.contains(byte) {
          break
        }
        i += 1
      }
    }
    let atomEnd = i
    var exponent: Int? = 1
    var j = i
    if j < bytes.count, j > start, bytes[j] == UInt8(ascii: "-") || bytes[j] == UInt8(ascii: "+") {
      j += 1
    }
    if isDigit(j), j > start {
      let digits = j
      while isDigit(j) { j += 1 }
      exponent = j - digits <= 3 ? Int(text(i..<j).filter { $0 != "+" }) : nil
      i = j
    }
    let end = annotationEnd(i)
    return (text(start..<atomEnd) + text(i..<end), exponent, end)
  }
}
