extension PhysicalUnit {
  /// The unit for people: `mA·cm⁻²`, `µm`, `Å`, `°C`, `Ω`; empty for a pure number.
  public var display: String {
    factors.map { factor in
      let (atom, annotation) = Self.splitAnnotation(factor.symbol)
      if atom.isEmpty {
        return String(annotation.dropFirst().dropLast()) + Self.superscript(factor.exponent)
      }
      if atom == "10*" || atom == "10^" { return "10" + Self.superscript(factor.exponent) }
      return Self.displaySymbol(atom) + Self.superscript(factor.exponent)
    }.joined(separator: "·")
  }

  private static let displayAtoms: [String: String] = [
    "Ao": "Å", "Cel": "°C", "[degF]": "°F", "deg": "°", "'": "′", "''": "″", "[arb'U]": "arb. u.",
    "[ppm]": "ppm", "[ppb]": "ppb", "[ppth]": "‰", "[pptr]": "ppt", "Ohm": "Ω", "[psi]": "psi",
    "m[Hg]": "mHg", "m[H2O]": "mH₂O", "[in_i]": "in", "[ft_i]": "ft", "[pi]": "π", "[c]": "c",
    "[h]": "h", "[k]": "k", "[e]": "e", "[g]": "g", "[lb_av]": "lb", "[oz_av]": "oz",
    "[lbf_av]": "lbf", "[mil_i]": "mil", "gf": "gf", "att": "at", "cal_th": "cal",
  ]

  private static func displaySymbol(_ symbol: String) -> String {
    if let whole = displayAtoms[symbol] { return whole }
    if UCUM.atoms[symbol] != nil { return symbol }
    for length in [1, 2] where symbol.utf8.count > length {
      let prefix = String(symbol.prefix(length))
      let atom = String(symbol.dropFirst(length))
      if UCUM.prefixes[prefix] != nil, UCUM.atoms[atom]?.metric == true {
        return (prefix == "u" ? "µ" : prefix) + (displayAtoms[atom] ?? atom)
      }
    }
    return symbol
  }

  private static func superscript(_ exponent: Int) -> String {
    if exponent == 1 { return "" }
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(
      "\(exponent)".map { character in
        character == "-" ? "⁻" : character.wholeNumberValue.map { digits[$0] } ?? character
      })
  }
}
