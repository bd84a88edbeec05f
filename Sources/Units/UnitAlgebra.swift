extension PhysicalUnit {
  /// The product of two units; nil where the text would be too long or the factor out of range.
  public func times(_ other: PhysicalUnit) -> PhysicalUnit? {
    Self.canonical(factors + other.factors)
  }

  /// The quotient of two units; nil where the text would be too long or the factor out of range.
  public func over(_ other: PhysicalUnit) -> PhysicalUnit? {
    Self.canonical(
      factors + other.factors.map { UnitFactor(symbol: $0.symbol, exponent: -$0.exponent) })
  }

  /// The unit to a rational power; nil where an exponent would be no whole number.
  public func power(_ numerator: Int, over denominator: Int = 1) -> PhysicalUnit? {
    guard denominator != 0, abs(numerator) <= 1000 else { return nil }
    var powers: [UnitFactor] = []
    for factor in Self.merged(factors) {
      let product = factor.exponent * numerator
      guard product % denominator == 0 else { return nil }
      powers.append(UnitFactor(symbol: factor.symbol, exponent: product / denominator))
    }
    return Self.canonical(powers)
  }

  /// The same unit in canonical text: powers of ten, then what is multiplied, then what is divided by.
  ///
  /// `mA.cm-2` becomes `mA/cm2` and `cm-2` becomes `/cm2`.
  public var canonical: PhysicalUnit { Self.canonical(factors) ?? self }

  /// A unit from symbols; nil where it is too long or out of range.
  static func canonical(_ factors: [UnitFactor]) -> PhysicalUnit? {
    let merged = merged(factors)
    let readable = merged.allSatisfy { factor in
      abs(factor.exponent) <= (factor.symbol.hasPrefix("10") ? 400 : greatestExponent)
    }
    guard readable else { return nil }
    return try? PhysicalUnit(ucum: canonicalText(merged), factors: merged)
  }

  /// Equal symbols joined, in order of first occurrence; exponents of 0 left out.
  static func merged(_ factors: [UnitFactor]) -> [UnitFactor] {
    var result: [UnitFactor] = []
    for factor in factors {
      if let i = result.firstIndex(where: { $0.symbol == factor.symbol }) {
        result[i].exponent += factor.exponent
      } else {
        result.append(factor)
      }
    }
    return result.filter { $0.exponent != 0 }
  }

  private static func canonicalText(_ factors: [UnitFactor]) -> String {
    func isTen(_ factor: UnitFactor) -> Bool { factor.symbol == "10*" || factor.symbol == "10^" }
    var text = ""
    func append(_ factor: UnitFactor, _ sign: Int) {
      let exponent = factor.exponent * sign
      let (atom, annotation) = splitAnnotation(factor.symbol)
      let isNumber = UInt64(atom) != nil || atom.isEmpty
      // Whole numbers and annotations take no exponent in UCUM: they are repeated.
      let one = exponent == 1 || isNumber ? atom + annotation : "\(atom)\(exponent)\(annotation)"
      for _ in 0..<(isNumber ? min(exponent, 40) : 1) {
        if sign < 0 { text += "/" } else if !text.isEmpty { text += "." }
        text += one
      }
    }
    for factor in factors where isTen(factor) { append(factor, 1) }
    for factor in factors where !isTen(factor) && factor.exponent > 0 { append(factor, 1) }
    for factor in factors where !isTen(factor) && factor.exponent < 0 { append(factor, -1) }
    return text.isEmpty ? "1" : text
  }

  static func splitAnnotation(_ symbol: String) -> (atom: String, annotation: String) {
    guard let brace = symbol.firstIndex(of: "{") else { return (symbol, "") }
    return (String(symbol[..<brace]), String(symbol[brace...]))
  }
}
