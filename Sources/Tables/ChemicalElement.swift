/// The chemical elements by symbol.
public enum ChemicalElement {
  /// The symbols in the order of atomic number, from hydrogen.
  public static let symbols: [String] =
    """
    H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br \
    Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho \
    Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es \
    Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og
    """.split(separator: " ").map(String.init)

  private static let exact = Set(symbols)
  private static let lowerCase = Set(symbols.map { $0.lowercased() })

  /// Whether a text is the symbol of an element.
  public static func isSymbol(_ text: String, ignoringCase: Bool = false) -> Bool {
    ignoringCase ? lowerCase.contains(text.lowercased()) : exact.contains(text)
  }
}
