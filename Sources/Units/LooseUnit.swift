/// A unit read from text as instruments and people write it, with what had to be decided for it.
public struct LooseUnit: Hashable, Sendable {
  /// Something that the user may or must know about the reading.
  public struct Remark: Hashable, Sendable {
    /// Whether it is a warning; a note else.
    public var isWarning: Bool
    /// The stable code: `unit.ambiguous`, `unit.case` or `unit.mismatch`.
    public var code: String
    /// What was found and how it was read.
    public var text: String
  }

  /// The unit, in canonical UCUM text.
  public var unit: PhysicalUnit
  /// What was decided by the expected dimension or against the case as written.
  public var remark: Remark?
}

extension PhysicalUnit {
  /// A unit from the text of a label or of a user; nil where it cannot be read.
  ///
  /// Exact UCUM comes first, then the spellings of docs/units.md. Where a text has two readings
  /// (`A`: ampere or ångström) the expected dimension decides, with a remark. No reading changes a
  /// number silently: what fits neither the table nor the expected dimension is nil, or keeps its
  /// written meaning with a warning.
  public static func loose(_ text: String, expecting expected: Dimension? = nil) -> LooseUnit? {
    LooseUnitCache.unit(text, expected, read: readLoose)
  }

  private static func readLoose(_ text: String, expecting expected: Dimension?) -> LooseUnit? {
    let trimmed = LooseSpelling.trim(text)
    guard !trimmed.isEmpty, trimmed.utf8.count <= longestText else { return nil }
    if let phrase = LooseSpelling.phrase(trimmed), let unit = try? PhysicalUnit(ucum: phrase) {
      return LooseUnit(unit: unit, remark: mismatch(trimmed, unit, expected))
    }
    if let inside = LooseSpelling.unbracketed(trimmed) {
      return readLoose(inside, expecting: expected)
    }
    var exact: PhysicalUnit?
    if let unit = try? PhysicalUnit(ucum: trimmed), LooseSpelling.isPlain(trimmed, unit.factors) {
      exact = unit.canonical
      if fits(unit, expected) { return LooseUnit(unit: unit.canonical, remark: nil) }
    }
    let readings = LooseReading.all(of: trimmed)
    if let reading = choose(readings, expected) {
      return LooseUnit(unit: reading.unit, remark: reading.remark(of: trimmed))
    }
    guard let written = exact ?? readings.first(where: { $0.doubt == 0 })?.unit else { return nil }
    return LooseUnit(unit: written, remark: mismatch(trimmed, written, expected))
  }

  /// The surest reading that fits; among readings against the written case only a unique one.
  private static func choose(_ readings: [LooseReading], _ expected: Dimension?) -> LooseReading? {
    let fitting = readings.filter { reading in
      guard expected == nil else { return fits(reading.unit, expected) }
      return reading.doubt == 0
        || (LooseReading.againstCase..<LooseReading.needsDimension).contains(reading.doubt)
    }
    guard let least = fitting.map(\.doubt).min() else { return nil }
    let surest = fitting.filter { $0.doubt == least }
    guard let first = surest.first else { return nil }
    if least < LooseReading.againstCase { return first }
    return surest.allSatisfy { $0.unit.isEquivalent(to: first.unit) } ? first : nil
  }

  /// Whether a unit can stand for the expected dimension; counts and angles may for pure numbers.
  private static func fits(_ unit: PhysicalUnit, _ expected: Dimension?) -> Bool {
    guard let expected else { return true }
    if unit.dimension == expected { return !unit.isArbitrary || expected == .one }
    return expected == .one && [Count.dimension, PlaneAngle.dimension].contains(unit.dimension)
  }

  private static func mismatch(
    _ text: String, _ unit: PhysicalUnit, _ expected: Dimension?
  ) -> LooseUnit.Remark? {
    guard let expected, !fits(unit, expected) else { return nil }
    let meaning = unit.isArbitrary ? "an arbitrary unit" : unit.dimension.phrase
    return LooseUnit.Remark(
      isWarning: true, code: "unit.mismatch",
      text: "unit '\(text)' is \(meaning) where \(expected.phrase) is expected; kept as written")
  }
}

/// One reading of a loose unit text.
struct LooseReading {
  /// A reading by the expected dimension adds 1, one against the written case 100.
  static let againstCase = 100
  /// A reading against the case that needs an expected dimension adds this as well.
  static let needsDimension = 10000

  var unit: PhysicalUnit
  var doubt: Int

  func remark(of text: String) -> LooseUnit.Remark? {
    if doubt == 0 { return nil }
    if doubt >= Self.againstCase {
      return LooseUnit.Remark(
        isWarning: true, code: "unit.case",
        text: "unit '\(text)' read as '\(unit.ucum)' against its upper and lower case")
    }
    return LooseUnit.Remark(
      isWarning: false, code: "unit.ambiguous",
      text: "unit '\(text)' read as '\(unit.ucum)', \(unit.dimension.phrase)")
  }

  /// Every reading of the text, in the order of preference within one doubt.
  static func all(of text: String) -> [LooseReading] {
    guard let terms = LooseScanner.terms(of: text),
      !terms.allSatisfy({ UInt64($0.symbol) != nil })
    else { return [] }
    var partial: [(factors: [UnitFactor], doubt: Int)] = [([], 0)]
    for term in terms {
      let candidates = LooseSpelling.candidates(for: term.symbol)
      if candidates.isEmpty { return [] }
      var next: [(factors: [UnitFactor], doubt: Int)] = []
      for (factors, doubt) in partial {
        for candidate in candidates {
          let powers = candidate.factors.map {
            UnitFactor(symbol: $0.symbol, exponent: $0.exponent * term.exponent)
          }
          next.append((factors + powers, doubt + candidate.doubt))
        }
      }
      // The cap keeps a hostile text of many ambiguous symbols cheap.
      partial = Array(next.prefix(256))
    }
    return partial.compactMap { factors, doubt in
      guard let unit = PhysicalUnit.canonical(factors) else { return nil }
      return LooseReading(unit: unit, doubt: doubt)
    }
  }
}
