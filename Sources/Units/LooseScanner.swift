/// Splits loose unit text into symbols with exponents.
///
/// A blank, `.`, `·`, `*` or a hyphen between letters is a product. After a quotient a product is
/// refused, unless the next exponent is negative: `W/m K` and `mAh/V.g` have two meanings.
struct LooseScanner {
  struct Term: Equatable {
    var symbol: String
    var exponent: Int
  }

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var terms: [Term] = []
  private var outer: [(sign: Int, divided: Bool)] = []
  private var inner = 1
  private var sign = 1
  private var afterQuotient = false
  private var expectsFactor = true

  /// The terms of a text; nil where it cannot be read in one way.
  static func terms(of text: String) -> [Term]? {
    var scanner = LooseScanner(text)
    return scanner.scan() && !scanner.terms.isEmpty ? scanner.terms : nil
  }

  private init(_ text: String) {
    // A with a combining ring is one letter to people.
    var result: [Unicode.Scalar] = []
    for scalar in text.unicodeScalars {
      if scalar == "\u{30A}", result.last == "A" {
        result[result.count - 1] = "Å"
      } else {
        result.append(scalar)
      }
    }
    scalars = result
  }

  private var current: Unicode.Scalar? {
    position < scalars.count ? scalars[position] : nil
  }

  private func peek(_ distance: Int) -> Unicode.Scalar? {
    let i = position + distance
    return i >= 0 && i < scalars.count ? scalars[i] : nil
  }

  private mutating func scan() -> Bool {
    while let c = current {
      if c == " " || c == "\u{A0}" || c == "\u{202F}" || c == "\u{2009}" {
        position += 1
      } else if c == "/" || c == "∕" || c == "÷" {
        if expectsFactor, !terms.isEmpty || position > 0 { return false }
        sign = -1
        afterQuotient = true
        expectsFactor = true
        position += 1
      } else if isProduct(c) {
        if expectsFactor { return false }
        expectsFactor = true
        position += 1
      } else if c == "(" {
        if !expectsFactor, afterQuotient { return false }
        outer.append((inner, afterQuotient))
        inner *= sign
        (sign, afterQuotient, expectsFactor) = (1, false, true)
        position += 1
      } else if c == ")" {
        guard !expectsFactor, let before = outer.popLast() else { return false }
        (inner, afterQuotient) = before
        position += 1
      } else if !factor() {
        return false
      }
    }
    return !expectsFactor && outer.isEmpty
  }

  private func isProduct(_ c: Unicode.Scalar) -> Bool {
    if "·∙⋅×*.".unicodeScalars.contains(c) { return true }
    let isHyphen = c == "-" || c == "‐" || c == "‑"
    return isHyphen && !expectsFactor && (peek(1)?.properties.isAlphabetic ?? false)
  }

  /// One number or symbol with its exponent.
  private mutating func factor() -> Bool {
    let wasQuotient = expectsFactor && sign == -1
    guard let symbol = number() ?? self.symbol() else { return false }
    var exponent = 1
    if symbol.hasPrefix("10*") {
      guard let value = Int(symbol.dropFirst(3)) else { return false }
      exponent = value
    } else if let c = current {
      if let value = scanExponent(c) {
        guard let value, value != 0 else { return false }
        exponent = value
      }
    }
    // What follows a quotient without a sign of its own has two meanings.
    if afterQuotient, !wasQuotient, exponent > 0 { return false }
    if symbol.lowercased() == "per" {
      if expectsFactor { return false }
      (sign, afterQuotient, expectsFactor) = (-1, true, true)
      return true
    }
    let name = symbol.hasPrefix("10*") ? "10*" : symbol
    if name != "1" { terms.append(Term(symbol: name, exponent: exponent * sign * inner)) }
    (sign, expectsFactor) = (1, false)
    return terms.count <= 12
  }

  /// A whole number or a power of ten (`10*15`): `1`, `100`, `1e15`, `10^15`, `10¹⁵`, `1x10^15`.
  private mutating func number() -> String? {
    guard let c = current, isDigit(c) else { return nil }
    let start = position
    while let d = current, isDigit(d) { position += 1 }
    let digits = text(start..<position)
    guard digits.count <= 15 else { return nil }
    if digits == "10", let c = current {
      if c == "*", peek(1).map(isSignOrDigit) == true {
        position += 1
        return signedDigits().map { "10*\($0)" }
      }
      if let value = scanExponent(c) { return value.map { "10*\($0)" } }
    }
    if digits == "1", let e = current, e == "e" || e == "E", let next = peek(1),
      isDigit(next) || next == "+" || next == "-"
    {
      position += 1
      return signedDigits().map { "10*\($0)" }
    }
    if digits == "1", let x = current, x == "x" || x == "X", peek(1) == "1", peek(2) == "0" {
      position += 1
      return number()
    }
    // A number behind a unit is no unit: `cm 2`, `m*5`. Before one it may be a power of ten; `5 V` is a
    // value or a range.
    let isTen = digits.first == "1" && digits.dropFirst().allSatisfy { $0 == "0" }
    return terms.isEmpty && isTen ? digits : nil
  }

  /// The exponent behind a symbol: nil where none stands here, .some(nil) where it is damaged.
  private mutating func scanExponent(_ c: Unicode.Scalar) -> Int?? {
    if let value = superscripts() { return .some(value) }
    if isDigit(c) { return .some(signedDigits()) }
    if c == "^" || (c == "*" && peek(1) == "*") {
      position += c == "*" && peek(1) == "*" ? 2 : 1
      let bracket = current == "(" || current == "{"
      if bracket { position += 1 }
      guard let value = signedDigits() else { return .some(nil) }
      if bracket {
        guard current == ")" || current == "}" else { return .some(nil) }
        position += 1
      }
      return .some(value)
    }
    if isMinus(c) || c == "+", let next = peek(1), isDigit(next) { return .some(signedDigits()) }
    return nil
  }

  private mutating func signedDigits() -> Int? {
    var negative = false
    if let c = current, isMinus(c) || c == "+" {
      negative = c != "+"
      position += 1
    }
    let start = position
    while let d = current, isDigit(d) { position += 1 }
    guard position > start, position - start <= 3, let value = Int(text(start..<position))
    else { return nil }
    return negative ? -value : value
  }

  private mutating func superscripts() -> Int? {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹".unicodeScalars)
    var value = 0
    var count = 0
    var negative = false
    while let c = current {
      if c == "⁻", count == 0 {
        negative = true
      } else if let digit = digits.firstIndex(of: c), count < 3 {
        value = value * 10 + digit
        count += 1
      } else {
        break
      }
      position += 1
    }
    return count == 0 ? nil : (negative ? -value : value)
  }

  /// A symbol: letters, bracketed UCUM atoms and annotations, with special letters written out.
  private mutating func symbol() -> String? {
    var name = ""
    while let c = current {
      switch c {
      case "µ", "μ": name += "u"
      case "Ω", "\u{2126}", "Å", "\u{212B}":
        position += 1
        return name + (c == "Ω" || c == "\u{2126}" ? "Ohm" : "Ao")
      case "%", "‰":
        guard name.isEmpty else { return name }
        position += 1
        return c == "%" ? "%" : "[ppth]"
      case "℃", "℉":
        guard name.isEmpty else { return name }
        position += 1
        return c == "℃" ? "Cel" : "[degF]"
      case "°", "º", "˚":
        position += 1
        if name == "A" { return "Ao" }
        guard name.isEmpty else { return nil }
        return degree()
      case "[":
        guard let close = scalars[position...].firstIndex(of: "]") else { return nil }
        name += text(position..<close + 1)
        position = close
      case "{":
        guard let close = scalars[position...].firstIndex(of: "}") else { return nil }
        name += text(position..<close + 1)
        position = close + 1
        return name
      default:
        let isWord = c.properties.isAlphabetic && c.isASCII
        guard isWord || c == "'" || c == "_" else { return name.isEmpty ? nil : name }
        name.unicodeScalars.append(c)
      }
      position += 1
    }
    return name.isEmpty ? nil : name
  }

  /// What follows a degree sign: a temperature scale or nothing.
  private mutating func degree() -> String {
    var i = position
    while i < scalars.count, scalars[i] == " " { i += 1 }
    guard i < scalars.count, scalars[i] == "C" || scalars[i] == "F",
      i + 1 == scalars.count || !scalars[i + 1].properties.isAlphabetic
    else { return "deg" }
    position = i + 1
    return scalars[i] == "C" ? "Cel" : "[degF]"
  }

  private func isDigit(_ c: Unicode.Scalar) -> Bool { c >= "0" && c <= "9" }
  private func isMinus(_ c: Unicode.Scalar) -> Bool { c == "-" || c == "−" || c == "–" }
  private func isSignOrDigit(_ c: Unicode.Scalar) -> Bool { isDigit(c) || isMinus(c) || c == "+" }

  private func text(_ range: Range<Int>) -> String {
    var result = ""
    result.unicodeScalars.append(contentsOf: scalars[range])
    return result
  }
}
