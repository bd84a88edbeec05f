/// The name and the unit in the label of a column, as instruments write them.
///
/// Read are `name (unit)`, `name [unit]`, `name (unit) [remark]`, `<name>/unit`, `name/unit`,
/// `name / unit`, `name, unit` and, for an expected dimension, `name_unit`.
public struct ColumnLabel: Hashable, Sendable {
  /// The label, untouched.
  public var label: String
  /// The part that names the quantity.
  public var name: String
  /// The text that stands where a unit stands; nil where there is none.
  public var unitText: String?
  /// The unit, where the text could be read.
  public var unit: LooseUnit?

  /// Takes a label apart; the expected dimension settles ambiguous units, else words of the name do.
  public init(_ label: String, expecting expected: Dimension? = nil) {
    self.label = label
    let text = LooseSpelling.trim(label)
    name = text
    if Self.holdsNoUnit(text) { return }
    let found = bracketed(text, expected) || comma(text, expected) || quotient(text, expected)
    if let expected {
      if !found { _ = suffix(text, expected) }
    } else if let unitText, let hint = LabelHint.dimension(of: name),
      let other = Self.unit(unitText, hint), other.remark?.code == "unit.ambiguous"
    {
      // Nobody says what to expect: the name itself tells a temperature in C from a charge.
      unit = other
    }
  }

  /// Labels of more bytes are all name.
  private static let longest = 1024

  /// The name in snake_case: lower-case letters, digits and single underscores.
  public var slug: String { Self.slug(name) }

  /// Labels that look as if they held a unit: missing values, and BioLogic's control value, which is in
  /// V or in mA by the mode of the record.
  private static func holdsNoUnit(_ text: String) -> Bool {
    ["n/a", "#n/a", "control/v/ma"].contains(text.lowercased())
  }

  private mutating func take(_ name: Substring, _ unitText: String, _ unit: LooseUnit?) {
    self.name = LooseSpelling.trim(String(name))
    self.unitText = unitText
    self.unit = unit
  }

  /// `name (unit)`, `name [unit]` and `name (unit) [remark]`.
  private mutating func bracketed(_ text: String, _ expected: Dimension?) -> Bool {
    var end = text[...]
    for attempt in 0..<2 {
      guard let close = end.last, close == ")" || close == "]",
        let open = Self.opening(of: close, in: end)
      else { return false }
      let inside = LooseSpelling.trim(
        String(end[end.index(after: open)..<end.index(before: end.endIndex)]))
      let before = end[..<open]
      guard !LooseSpelling.trim(String(before)).isEmpty else { return false }
      let unit = Self.unit(inside, expected)
      // A bracket that follows an operator or a letter of a function belongs to the name: -Im(Z).
      if unit != nil || (attempt == 0 && Self.looksLikeUnit(inside) && !Self.isCall(before)) {
        // In `name (unit) [x]` the bracket behind the unit is a remark, even if it reads as a unit.
        if attempt == 0, close == "]" || unit == nil, Self.hasUnitBefore(before, expected) {
          end = Substring(LooseSpelling.trim(String(before)))
          continue
        }
        take(before, inside, unit)
        return true
      }
      end = Substring(LooseSpelling.trim(String(before)))
    }
    return false
  }

  private static func hasUnitBefore(_ text: Substring, _ expected: Dimension?) -> Bool {
    let trimmed = Substring(LooseSpelling.trim(String(text)))
    guard let close = trimmed.last, close == ")" || close == "]",
      let open = opening(of: close, in: trimmed)
    else { return false }
    let inside = trimmed[trimmed.index(after: open)..<trimmed.index(before: trimmed.endIndex)]
    return unit(String(inside), expected) != nil
  }

  /// The unit of a text such as `V`, `V vs. Li/Li+` or `mA.h`.
  private static func unit(_ text: String, _ expected: Dimension?) -> LooseUnit? {
    if let unit = PhysicalUnit.loose(text, expecting: expected) { return unit }
    let words = text.split(separator: " ")
    guard words.count > 1, let reference = words.firstIndex(where: { $0 == "vs" || $0 == "vs." })
    else { return nil }
    return PhysicalUnit.loose(words[..<reference].joined(separator: " "), expecting: expected)
  }

  private static func opening(of close: Character, in text: Substring) -> Substring.Index? {
    let open: Character = close == ")" ? "(" : "["
    var depth = 0
    var i = text.endIndex
    while i > text.startIndex {
      i = text.index(before: i)
      if text[i] == close { depth += 1 }
      if text[i] == open {
        depth -= 1
        if depth == 0 { return i }
      }
    }
    return nil
  }

  /// Short text without blanks that begins like a unit: reported as unknown rather than lost.
  private static func looksLikeUnit(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, text.unicodeScalars.count <= 16 else {
      return false
    }
    return !text.contains(" ") && (first.properties.isAlphabetic || first == "°" || first == "%")
  }

  private static func isCall(_ before: Substring) -> Bool {
    let word = before.split(whereSeparator: { !$0.isLetter }).last.map { $0.lowercased() }
    let functions: Set = ["im", "re", "ln", "log", "abs", "exp", "sqrt", "phase", "arg", "tan"]
    return before.last?.isLetter == true && word.map(functions.contains) == true
  }

  /// `name/unit`: the first slash whose right side is a unit, unless it belongs to a derivative.
  private mutating func quotient(_ text: String, _ expected: Dimension?) -> Bool {
    // `<Ewe/V>` is `<Ewe>/V`.
    let isAngled = text.first == "<" && text.last == ">"
    let text = isAngled ? String(text.dropFirst().dropLast()) : text
    var i = text.startIndex
    while let slash = text[i...].firstIndex(of: "/") {
      i = text.index(after: slash)
      let left = text[..<slash]
      let right = LooseSpelling.trim(String(text[i...]))
      if left.isEmpty || Self.isDerivative(left, right) { continue }
      if let unit = Self.unit(right, expected) {
        var name = left
        if name.first == "<", LooseSpelling.trim(String(name)).last == ">" {
          name = Substring(LooseSpelling.trim(String(name))).dropFirst().dropLast()
        }
        take(name, right, unit)
        return true
      }
    }
    return false
  }

  /// Whether the slash stands inside dQ/dV and the like, whose right side happens to be a decivolt.
  private static func isDerivative(_ left: Substring, _ right: String) -> Bool {
    func isDifferential(_ word: Substring) -> Bool {
      guard let first = word.first, first == "d" || first == "∂" || first == "Δ" else {
        return false
      }
      return word.dropFirst().first?.isLetter == true
    }
    let word = left.split(whereSeparator: { " (|-+".contains($0) }).last ?? left
    return isDifferential(word) && isDifferential(right[...])
  }

  /// `name, unit`.
  private mutating func comma(_ text: String, _ expected: Dimension?) -> Bool {
    guard let comma = text.lastIndex(of: ","), comma != text.startIndex else { return false }
    let right = LooseSpelling.trim(String(text[text.index(after: comma)...]))
    guard let unit = Self.unit(right, expected) else { return false }
    take(text[..<comma], right, unit)
    return true
  }

  /// `name_unit`, only where the unit has the expected dimension.
  private mutating func suffix(_ text: String, _ expected: Dimension) -> Bool {
    guard let line = text.lastIndex(where: { $0 == "_" || $0 == " " }), line != text.startIndex
    else { return false }
    let right = String(text[text.index(after: line)...])
    guard let unit = PhysicalUnit.loose(right, expecting: expected),
      unit.unit.dimension == expected, unit.remark?.isWarning != true
    else { return false }
    take(text[..<line], right, unit)
    return true
  }

  /// A label in snake_case: lower-case ASCII letters, digits and single underscores; `column` if empty.
  public static func slug(_ label: String) -> String {
    var result = ""
    var gap = false
    for scalar in label.unicodeScalars {
      let piece = slugPiece(scalar)
      if piece.isEmpty {
        gap = true
        continue
      }
      if gap, !result.isEmpty { result += "_" }
      gap = false
      result += piece
    }
    return result.isEmpty ? "column" : result
  }

  private static func slugPiece(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "a"..."z", "0"..."9": String(scalar)
    case "A"..."Z": String(scalar).lowercased()
    case "ä", "Ä", "á", "à", "â", "å", "Å", "\u{212B}", "Á", "À", "Â": "a"
    case "ö", "Ö", "ó", "ò", "ô", "Ó", "ø", "Ø": "o"
    case "ü", "Ü", "ú", "ù", "û", "Ú": "u"
    case "é", "è", "ê", "ë", "É", "È", "Ê": "e"
    case "í", "ì", "î", "ï", "Í": "i"
    case "ç", "Ç": "c"
    case "ñ", "Ñ": "n"
    case "ß": "ss"
    case "µ", "μ": "u"
    case "Ω", "\u{2126}": "ohm"
    case "Δ", "∆": "delta"
    case "°": "deg"
    case "φ", "Φ", "ϕ": "phi"
    case "θ", "Θ": "theta"
    case "χ": "chi"
    case "σ": "sigma"
    case "ω": "omega"
    case "%": "percent"
    default: ""
    }
  }
}
