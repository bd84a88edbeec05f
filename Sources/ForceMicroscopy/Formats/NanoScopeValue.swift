internal import Bytes

/// The value of a NanoScope key: `V [soft scale] (hard scale) hard value`, `S [name] "text"`, or plain.
///
/// `V [Sens. DeflSens] (0.000375 V/LSB) 2.5 V` says that a step of the converter is 0.000375 V and
/// that `@Sens. DeflSens` turns volts into the quantity.
struct NanoScopeValue {
  /// The soft scale: what stands in square brackets; nil where they are absent or empty.
  private(set) var soft: String?
  /// The number in round brackets, per step of the converter.
  private(set) var step: Double?
  /// The unit of `step`, without `/LSB`.
  private(set) var stepUnit = ""
  /// The hard value.
  private(set) var value: Double?
  /// The unit of the hard value.
  private(set) var unit = ""
  /// The text in quotes, else all that follows the brackets.
  private(set) var text = ""

  /// Takes a value apart.
  init(_ source: String) {
    var rest = Self.trimmed(source[...])
    if let kind = rest.first, "VSC".contains(kind),
      rest.dropFirst().first.map({ $0 == " " }) ?? true
    {
      rest = Self.trimmed(rest.dropFirst())
    }
    if rest.first == "[", let close = rest.firstIndex(of: "]") {
      let inside = Self.trimmed(rest[rest.index(after: rest.startIndex)..<close])
      soft = inside.isEmpty ? nil : String(inside)
      rest = Self.trimmed(rest[rest.index(after: close)...])
    }
    if rest.first == "(", let close = Self.closing(rest) {
      (step, stepUnit) = Self.quantity(rest[rest.index(after: rest.startIndex)..<close])
      if stepUnit.hasSuffix("/LSB") { stepUnit = String(stepUnit.dropLast(4)) }
      rest = Self.trimmed(rest[rest.index(after: close)...])
    }
    if rest.first == "\"" {
      let inside = rest.dropFirst()
      text = String(inside.prefix { $0 != "\"" })
    } else {
      text = String(rest)
      (value, unit) = Self.quantity(rest)
    }
  }

  /// A number that may have a decimal comma; nil for anything else.
  static func number(_ text: some StringProtocol) -> Double? {
    NumberScanner.parse(text)
      ?? NumberScanner(decimalMark: UInt8(ascii: ",")).parse(text)
  }

  /// A number and the text behind it.
  private static func quantity(_ text: Substring) -> (Double?, String) {
    let part = trimmed(text)
    let word = part.prefix { $0 != " " && $0 != "\t" }
    guard let number = number(word) else { return (nil, "") }
    return (number, String(trimmed(part.dropFirst(word.count))))
  }

  /// The bracket that closes the first one: units such as `log(Pa)/LSB` hold brackets too.
  private static func closing(_ text: Substring) -> String.Index? {
    var depth = 0
    for i in text.indices {
      if text[i] == "(" { depth += 1 }
      if text[i] == ")" {
        depth -= 1
        if depth == 0 { return i }
      }
    }
    return nil
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var part = text
    while let first = part.first, first == " " || first == "\t" { part = part.dropFirst() }
    while let last = part.last, last == " " || last == "\t" { part = part.dropLast() }
    return part
  }
}
