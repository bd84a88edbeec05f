/// The spellings of units that stand beside exact UCUM (docs/units.md).
enum LooseSpelling {
  struct Candidate {
    var factors: [UnitFactor]
    /// 0: as written; 1: by the expected dimension; 100: against the written case.
    var doubt: Int
  }

  /// UCUM symbols that in labels mean something else: attotonne, attodalton, femtotonne, centitonne.
  static let misread: Set<String> = ["at", "au", "ft", "ct"]

  /// Whether exact UCUM is what the writer of a label meant as well.
  ///
  /// It is not for the symbols above, for bare numbers, and for a product behind a quotient, which UCUM
  /// reads from left to right and people do not.
  static func isPlain(_ text: String, _ factors: [UnitFactor]) -> Bool {
    if factors.contains(where: { misread.contains($0.symbol) }) { return false }
    if !factors.isEmpty, factors.allSatisfy({ UInt64($0.symbol) != nil }) { return false }
    guard let slash = text.firstIndex(of: "/") else { return true }
    return !text[slash...].contains(".") || text.contains("(")
  }

  /// The text inside a pair of brackets around the whole, as in a row of units: `[V]`, `(s)`, `<V>`.
  static func unbracketed(_ text: String) -> String? {
    let pairs: [(Character, Character)] = [("[", "]"), ("(", ")"), ("<", ">")]
    for (open, close) in pairs where text.first == open && text.last == close && text.count > 2 {
      let inside = text.dropFirst().dropLast()
      if inside.contains(where: { "[](){}<>".contains($0) }) { return nil }
      if open == "[", UCUM.resolve(text) != nil { return nil }
      return trim(String(inside))
    }
    return nil
  }

  static func trim(_ text: String) -> String {
    func isBlank(_ c: Unicode.Scalar) -> Bool { c.properties.isWhitespace || c == "\u{FEFF}" }
    var scalars = Substring(text).unicodeScalars
    while let first = scalars.first, isBlank(first) { scalars.removeFirst() }
    while let last = scalars.last, isBlank(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// The UCUM text of a whole phrase that is no composition of symbols.
  static func phrase(_ text: String) -> String? {
    let folded = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return phrases[folded]
  }

  private static let phrases: [String: String] = {
    var table: [String: String] = [:]
    func add(_ ucum: String, _ texts: String...) { for text in texts { table[text] = ucum } }
    add("1", "-", "–", "—", "none", "unitless", "dimensionless", "1", "no unit")
    add("%", "percent", "pct", "per cent", "wt%", "wt.%", "at%", "at.%", "mol%", "vol%")
    add(
      "[arb'U]", "a.u.", "a.u", "a. u.", "au", "arb. units", "arb. unit", "arb.units", "arb.unit",
      "arb.u.", "arb. u.", "arb", "arb.", "arb units", "arbitrary units", "arbitrary", "norm.",
      "norm", "normalized", "normalised")
    add(
      "Cel", "deg c", "deg. c", "degc", "deg.c", "degree c", "degrees c", "celsius", "deg celsius")
    add("Cel", "degrees celsius", "degree celsius", "° c")
    add("[degF]", "deg f", "deg. f", "degf", "degrees f", "fahrenheit", "degrees fahrenheit")
    add("10*15/cm2", "tfu")
    add("mm[Hg]", "mmhg", "mm hg")
    return table
  }()

  /// A spelling: its UCUM factors and the prefixes that may stand before it.
  private struct Entry {
    var factors: [UnitFactor]
    var prefixes: String
  }

  private static let allPrefixes = "yzafpnumcdkMGT"

  /// Spellings in the case in which they stand here.
  private static let symbols: [String: Entry] = {
    var table: [String: Entry] = [:]
    func add(_ spelling: String, _ factors: [(String, Int)], _ prefixes: String = allPrefixes) {
      table[spelling] = Entry(
        factors: factors.map { UnitFactor(symbol: $0.0, exponent: $0.1) }, prefixes: prefixes)
    }
    for (unit, atom) in [("A", "A"), ("W", "W"), ("VA", "V.A")] {
      let factors = atom.split(separator: ".").map { (String($0), 1) }
      for hour in ["h", "hr", "Hr", "H"] where !(unit == "VA" && hour == "H") {
        add(unit + hour, factors + [("h", 1)])
      }
      add(unit + "s", factors + [("s", 1)])
    }
    add("VA", [("V", 1), ("A", 1)])
    add("Vs", [("V", 1), ("s", 1)])
    add("Nm", [("N", 1), ("m", 1)], "mukM")
    add("Ohmm", [("Ohm", 1), ("m", 1)], "mkM")
    add("Ohmcm", [("Ohm", 1), ("cm", 1)], "mkM")
    add("at", [], "")
    add("c", [("{count}", 1)], "")
    add("A_h", [("A", 1), ("h", 1)])
    return table
  }()

  /// Words, in any case.
  private static let words: [String: Entry] = {
    var table: [String: Entry] = [:]
    func add(_ factors: [(String, Int)], _ prefixes: String, _ spellings: String...) {
      let entry = Entry(
        factors: factors.map { UnitFactor(symbol: $0.0, exponent: $0.1) }, prefixes: prefixes)
      for spelling in spellings { table[spelling] = entry }
    }
    add([("s", 1)], "fpnum", "sec", "secs", "second", "seconds")
    add([("min", 1)], "", "min", "mins", "minute", "minutes")
    add([("h", 1)], "", "hr", "hrs", "hour", "hours")
    add([("d", 1)], "", "day", "days")
    add([("A", 1)], "fpnumk", "amp", "amps", "ampere", "amperes")
    add([("V", 1)], "num" + "kM", "volt", "volts")
    add([("W", 1)], "num" + "kMG", "watt", "watts")
    add([("N", 1)], "pnum" + "kM", "newton", "newtons")
    add([("J", 1)], "afpnum" + "kM", "joule", "joules")
    add([("Pa", 1)], "m" + "kMG", "pascal", "pascals")
    add([("C", 1)], "pnum", "coulomb", "coulombs", "coul")
    add([("Hz", 1)], "mkMGT", "hertz")
    add([("Ohm", 1)], "umkMG", "ohm", "ohms")
    add([("S", 1)], "num", "siemens")
    add([("F", 1)], "pnum", "farad", "farads")
    add([("K", 1)], "m", "kelvin", "kelvins")
    add([("m", 1)], "fpnumck", "metre", "metres", "meter", "meters")
    add([("um", 1)], "", "micron", "microns")
    add([("Ao", 1)], "", "angstrom", "angstroms", "ang", "angs", "ångström", "aa")
    add([("g", 1)], "num" + "k", "gram", "grams", "gramme")
    add([("L", 1)], "um", "litre", "litres", "liter", "liters")
    add([("mol", 1)], "num", "mole", "moles")
    add([("T", 1)], "num", "tesla")
    add([("eV", 1)], "mkM", "electronvolt", "electronvolts")
    add([("deg", 1)], "", "deg", "degs", "degree", "degrees")
    add([("rad", 1)], "um", "radian", "radians")
    add([("{count}", 1)], "", "count", "counts", "cts", "cnts")
    add([("{count}", 1), ("s", -1)], "", "cps")
    add([("10*", 3), ("{count}", 1), ("s", -1)], "", "kcps")
    add([], "", "atom", "atoms", "ion", "ions", "electrons")
    add([("[in_i]", 1)], "", "inch", "inches")
    add([("[ft_i]", 1)], "", "ft", "foot", "feet")
    add([("[psi]", 1)], "", "psi")
    add([("[ppm]", 1)], "", "ppm")
    add([("[ppb]", 1)], "", "ppb")
    add([("10*", 15), ("cm", -2)], "", "tfu")
    return table
  }()

  private static let longPrefixes: [(String, String)] = [
    ("femto", "f"), ("pico", "p"), ("nano", "n"), ("micro", "u"), ("mikro", "u"), ("milli", "m"),
    ("centi", "c"), ("kilo", "k"), ("mega", "M"), ("giga", "G"), ("tera", "T"),
  ]

  /// Every meaning of a symbol, surest first.
  static func candidates(for symbol: String) -> [Candidate] {
    if symbol == "10*" || symbol.hasPrefix("{") || UInt64(symbol) != nil {
      return [Candidate(factors: [UnitFactor(symbol: symbol, exponent: 1)], doubt: 0)]
    }
    var result: [Candidate] = []
    if let factors = spelled(symbol) { result.append(Candidate(factors: factors, doubt: 0)) }
    if !misread.contains(symbol), UCUM.resolve(symbol) != nil {
      result.append(
        Candidate(factors: [UnitFactor(symbol: symbol, exponent: 1)], doubt: 0))
    }
    for other in byDimension[symbol] ?? [] {
      result.append(Candidate(factors: [UnitFactor(symbol: other, exponent: 1)], doubt: 1))
    }
    result += againstCase(symbol)
    return result
  }

  /// Readings that only the expected dimension can call for.
  private static let byDimension: [String: [String]] = [
    "A": ["Ao"], "C": ["Cel"], "F": ["[degF]"], "deg": ["Cel"],
  ]

  private static func spelled(_ symbol: String) -> [UnitFactor]? {
    if let factors = writtenOut(symbol) { return factors }
    if let entry = symbols[symbol] ?? words[symbol.lowercased()] { return entry.factors }
    if let first = symbol.first {
      let rest = String(symbol.dropFirst())
      if let entry = symbols[rest] ?? words[rest.lowercased()], entry.prefixes.contains(first) {
        return prefixed(entry.factors, String(first))
      }
    }
    let folded = symbol.lowercased()
    for (word, prefix) in longPrefixes where folded.hasPrefix(word) {
      let rest = String(symbol.dropFirst(word.count))
      if let entry = symbols[rest] ?? words[rest.lowercased()], !entry.prefixes.isEmpty {
        return prefixed(entry.factors, prefix)
      }
      if UCUM.atoms[rest]?.metric == true {
        return [UnitFactor(symbol: prefix + rest, exponent: 1)]
      }
    }
    return nil
  }

  /// A prefix in letters before a symbol in capitals: `microN` is the micronewton, `micron` the length.
  private static func writtenOut(_ symbol: String) -> [UnitFactor]? {
    guard let capital = symbol.dropFirst().firstIndex(where: \.isUppercase),
      let (_, prefix) = longPrefixes.first(where: { $0.0 == symbol[..<capital].lowercased() }),
      symbol[..<capital] != symbol[..<capital].uppercased()
    else { return nil }
    let rest = String(symbol[capital...])
    guard UCUM.atoms[rest]?.metric == true else { return nil }
    return [UnitFactor(symbol: prefix + rest, exponent: 1)]
  }

  private static func prefixed(_ factors: [UnitFactor], _ prefix: String) -> [UnitFactor]? {
    guard var first = factors.first, UCUM.atoms[first.symbol]?.metric == true else { return nil }
    first.symbol = prefix + first.symbol
    return [first] + factors.dropFirst()
  }

  /// Symbols that differ from the written one in case only.
  ///
  /// Where the text mixes cases its prefix is taken as meant (`mS` may be ms, not Ms). Atoms of one
  /// letter need an expected dimension.
  private static func againstCase(_ symbol: String) -> [Candidate] {
    let mixed = symbol != symbol.lowercased() && symbol != symbol.uppercased()
    return (byCase[symbol.lowercased()] ?? []).compactMap { prefix, atom in
      guard prefix + atom != symbol else { return nil }
      var doubt = LooseReading.againstCase
      if mixed, !symbol.hasPrefix(prefix) { doubt += 10 }
      if atom.utf8.count == 1 { doubt += LooseReading.needsDimension }
      return Candidate(factors: [UnitFactor(symbol: prefix + atom, exponent: 1)], doubt: doubt)
    }
  }

  private static let byCase: [String: [(prefix: String, atom: String)]] = {
    let plain = ["min", "h", "d", "Ao", "deg"]
    let metric = [
      "m", "g", "s", "A", "K", "mol", "Hz", "N", "Pa", "J", "W", "C", "V", "F", "Ohm", "S", "T",
      "H",
      "eV", "bar", "L", "rad", "Cel",
    ]
    let prefixes = ["", "p", "n", "u", "m", "c", "k", "M", "G"]
    var table: [String: [(prefix: String, atom: String)]] = [:]
    for (prefix, atom) in plain.map({ ("", $0) })
      + metric.flatMap({ atom in prefixes.map { ($0, atom) } })
    {
      table[(prefix + atom).lowercased(), default: []].append((prefix, atom))
    }
    return table
  }()
}
