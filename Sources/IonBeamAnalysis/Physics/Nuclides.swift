internal import Tables

/// A natural isotope.
public struct Isotope: Hashable, Sendable, Codable {
  /// The symbol of the element.
  public let symbol: String
  /// The atomic number.
  public let atomicNumber: Int
  /// The number of nucleons.
  public let massNumber: Int
  /// The atomic mass in u.
  public let mass: Double
  /// The atom fraction within the natural element.
  public let abundance: Double

  /// The name with the mass number in front, such as `12C`.
  public var name: String { "\(massNumber)\(symbol)" }

  /// The natural isotopes of an element in order of mass; none for an element without any.
  ///
  /// Source: atomic mass evaluations AME2016 and AME2020, abundances of IUPAC.
  public static func natural(of atomicNumber: Int) -> [Isotope] {
    atomicNumber >= 0 && atomicNumber < byNumber.count ? byNumber[atomicNumber] : []
  }

  private static let byNumber: [[Isotope]] = {
    let table = PhysicsTables.isotopes
    var result: [[Isotope]] = Array(repeating: [], count: 93)
    for row in stride(from: 0, to: table.count - 3, by: 4) {
      guard let z = Int(exactly: table[row]), let a = Int(exactly: table[row + 1]), z > 0, z < 93
      else { continue }
      result[z].append(
        Isotope(
          symbol: ChemicalElement.symbols[z - 1], atomicNumber: z, massNumber: a,
          mass: table[row + 2], abundance: table[row + 3]))
    }
    return result
  }()
}

/// What an ion can meet: an element with its natural isotopes, or one isotope.
public struct TargetNuclei: Hashable, Sendable, Codable {
  /// The name as it was given: `C`, `12C`.
  public let name: String
  /// The atomic number.
  public let atomicNumber: Int
  /// The isotopes; their abundances add to 1.
  public let isotopes: [Isotope]
  /// The fraction of each isotope.
  public let fractions: [Double]

  /// The nuclei of a name; nil for what is no element, or has no natural isotope.
  ///
  /// `C` and `natC` are the natural element, `12C` one isotope.
  public init?(_ name: String) {
    var rest = Substring(name)
    if rest.hasPrefix("nat") { rest = rest.dropFirst(3) }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    let symbol = String(rest.dropFirst(digits.count))
    guard let position = ChemicalElement.symbols.prefix(92).firstIndex(of: symbol) else {
      return nil
    }
    var isotopes = Isotope.natural(of: position + 1)
    if !digits.isEmpty { isotopes = isotopes.filter { "\($0.massNumber)" == digits } }
    let total = isotopes.reduce(0) { $0 + $1.abundance }
    guard total > 0 else { return nil }
    self.name = name
    atomicNumber = position + 1
    self.isotopes = isotopes
    fractions = isotopes.map { $0.abundance / total }
  }

  /// Why a name gives no nuclei, as the end of a sentence.
  static func whyNot(_ name: String) -> String {
    let symbol = String(name.drop { $0.isASCII && $0.isNumber })
    guard ChemicalElement.isSymbol(symbol) else { return "is no element" }
    return symbol == name
      ? "has no natural isotopes: masses and stopping are known up to U, without Tc, Pm, Po to Ac"
      : "is no natural isotope of \(symbol)"
  }

  /// The mean atomic mass in u.
  public var mass: Double {
    zip(isotopes, fractions).reduce(0) { $0 + $1.0.mass * $1.1 }
  }

  /// The most abundant isotope.
  public var principal: Isotope {
    isotopes.max { $0.abundance < $1.abundance } ?? isotopes[0]
  }
}

/// The ion of a beam.
public struct Ion: Hashable, Sendable, Codable {
  /// The name, such as `4He`.
  public let name: String
  /// The atomic number.
  public let atomicNumber: Int
  /// The mass in u.
  public let mass: Double
  /// The number of nucleons.
  public let massNumber: Int

  /// The ion of a name: `4He`, `He`, `1H`, `H+`, `alpha`, `p`, `d`; nil for anything else.
  ///
  /// A bare symbol is the most abundant isotope.
  public init?(_ name: String) {
    let known = ["alpha": "4He", "a": "4He", "p": "1H", "proton": "1H", "d": "2H", "D": "2H"]
    let bare = String(name.prefix { $0.isASCII && ($0.isLetter || $0.isNumber) })
    guard let nuclei = TargetNuclei(known[bare] ?? bare) else { return nil }
    let isotope = nuclei.principal
    self.name = isotope.name
    atomicNumber = isotope.atomicNumber
    mass = isotope.mass
    massNumber = isotope.massNumber
  }
}
