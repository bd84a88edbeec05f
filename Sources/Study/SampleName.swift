public import Units

/// A sample name of the form `Na@(1ALD-1MLD)10`, taken apart.
///
/// A film of repeated units: `ald` cycles of atomic layer deposition, then `mld` cycles of molecular
/// layer deposition, the whole `repeats` times, on a substrate that may be named.
public struct SampleName: Hashable, Sendable {
  /// How the unit reads: as an alloy, as a laminate, or between the two.
  public enum Kind: String, Hashable, Sendable { case alloy, mixed, laminate }

  /// The substrate: `Li`, `Na`, `Cu`, `Si`; nil where the name has none.
  public var substrate: String?
  /// ALD cycles in the unit; 0 for a bare substrate.
  public var ald: Int
  /// MLD cycles in the unit; 0 for a bare substrate.
  public var mld: Int
  /// How often the unit is repeated; 0 for a bare substrate.
  public var repeats: Int

  /// The film thickness that one ALD and one MLD cycle add, where nothing is measured.
  public static let growthPerPair = Quantity<Length>(0.4, .nanometre)

  static let substrates = ["Li", "Na", "Cu", "Si", "none"]

  /// The name in one spelling: `Na@(1ALD-1MLD)10`, `(1ALD-1MLD)10` or `bare Na`.
  public var text: String {
    if repeats == 0 { return "bare \(substrate ?? "")" }
    let film = "(\(ald)ALD-\(mld)MLD)\(repeats)"
    guard let substrate else { return film }
    return "\(substrate)@\(film)"
  }

  /// Alloy for one or two cycles each, laminate from five each, mixed between; nil for a bare substrate.
  public var kind: Kind? {
    if repeats == 0 { return nil }
    if ald <= 2 && mld <= 2 { return .alloy }
    return ald >= 5 && mld >= 5 ? .laminate : .mixed
  }

  /// ALD and MLD cycles of the whole film.
  public var cycles: (ald: Int, mld: Int) { (ald * repeats, mld * repeats) }

  /// The thickness from growth: repeats · (ald + mld)/2 · growth per pair.
  public func thickness(growthPerPair: Quantity<Length> = Self.growthPerPair) -> Quantity<Length> {
    Quantity(si: Double(repeats) * Double(ald + mld) / 2 * growthPerPair.si)
  }

  /// Finds a sample name in a text.
  ///
  /// `@`, blanks, dashes, underscores and missing parentheses are tolerated: `Li_2ALD-2MLD_25`.
  public init?(in text: Substring) {
    guard text.utf8.count <= 4096, Self.mayName(text) else { return nil }
    let film =
      /(?i)([0-9]{1,4})[ _-]*ALD[ _\-]*([0-9]{1,4})[ _-]*MLD[ _\-)]*(?:[x×][ _-]*)?([0-9]{1,5})/
    if let match = text.firstMatch(of: film), let a = Int(match.1), let b = Int(match.2),
      let n = Int(match.3), a + b > 0, n > 0
    {
      ald = a
      mld = b
      repeats = n
      substrate = Self.substrate(before: text[..<match.range.lowerBound])
      return
    }
    let bare = /(?i)(?:^|[^A-Za-z])bare[ _-]*(Li|Na|Cu|Si)(?![A-Za-z])/
    if let match = text.firstMatch(of: bare) {
      ald = 0
      mld = 0
      repeats = 0
      substrate = Self.spelling(match.1)
      return
    }
    return nil
  }

  /// Finds a sample name in the components of a path, the file name first.
  public init?(inPath path: String) {
    for component in path.split(separator: "/").reversed() {
      if let name = SampleName(in: component) {
        self = name
        return
      }
    }
    return nil
  }

  /// Whether the letters `MLD` or `bare` stand in a text: a batch asks for every folder of every file.
  private static func mayName(_ text: Substring) -> Bool {
    let words = [Array("mld".utf8), Array("bare".utf8)]
    let lower = text.utf8.map { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 }
    return lower.indices.contains { i in
      words.contains { word in lower[i...].starts(with: word) }
    }
  }

  private static func spelling(_ text: Substring) -> String? {
    substrates.first { $0.lowercased() == text.lowercased() }
  }

  /// The substrate that ends the text before the film, separators taken off.
  private static func substrate(before text: Substring) -> String? {
    let separators: Set<Character> = ["@", " ", "_", "-", "("]
    var rest = text
    while let last = rest.last, separators.contains(last) { rest = rest.dropLast() }
    let word = rest.reversed().prefix { $0.isASCII && $0.isLetter }
    guard let name = spelling(Substring(String(word.reversed()))), name != "none" else {
      return nil
    }
    return name
  }
}
