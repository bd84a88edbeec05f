public import Tables

/// A step and peaks to be fitted to an edge, as text such as `atan@1567.1[width=0.5]+gauss@1571`.
///
/// A term is a shape, `@`, its centre in eV and, in brackets, what is fixed (`key=value`) or where the
/// fit starts (`key~value`). Keys of steps: `center`, `width`, `height`; of peaks: `center`, `fwhm`,
/// `area`, and `fraction` of `pvoigt`.
public struct EdgeModel: Hashable, Sendable {
  /// The shape of a term.
  public enum Shape: String, Hashable, Sendable, CaseIterable {
    /// Steps: height·(atan((E − c)/w)/π + ½) and height·½(1 + erf((E − c)/w)).
    case atan, erf
    /// Peaks of an area, a centre and a full width at half maximum.
    case gauss, lorentz
    /// (1 − fraction)·gauss + fraction·lorentz of one width.
    case pvoigt

    /// Whether it is a step.
    public var isStep: Bool { self == .atan || self == .erf }

    /// The parameters of the shape, in the order of its derivatives.
    public var keys: [Key] {
      switch self {
      case .atan, .erf: [.center, .width, .height]
      case .gauss, .lorentz: [.center, .fwhm, .area]
      case .pvoigt: [.center, .fwhm, .area, .fraction]
      }
    }
  }

  /// A parameter of a term.
  public enum Key: String, Hashable, Sendable, CaseIterable {
    /// The centre in eV.
    case center
    /// The width w of a step in eV, and its height.
    case width, height
    /// The full width at half maximum of a peak in eV, and its area.
    case fwhm, area
    /// The share of the Lorentzian.
    case fraction
  }

  /// What is said about a parameter.
  public struct Setting: Hashable, Sendable {
    /// Its value, or where the fit starts.
    public var value: Double
    /// Whether it is held.
    public var isFixed: Bool

    /// A value that is held, or a start.
    public init(_ value: Double, isFixed: Bool) {
      self.value = value
      self.isFixed = isFixed
    }
  }

  /// One step or peak.
  public struct Term: Hashable, Sendable {
    /// The shape.
    public var shape: Shape
    /// What is said about its parameters; the others are open.
    public var settings: [Key: Setting]

    /// A term with a centre to start from, in eV.
    public init(_ shape: Shape, at center: Double, _ settings: [Key: Setting] = [:]) {
      self.shape = shape
      self.settings = settings
      if settings[.center] == nil {
        self.settings[.center] = Setting(center, isFixed: false)
      }
    }

    /// The term as it is written.
    public var text: String {
      let center = settings[.center]
      let rest = shape.keys.compactMap { key -> String? in
        guard let setting = settings[key], key != .center || setting.isFixed else { return nil }
        return "\(key.rawValue)\(setting.isFixed ? "=" : "~")\(EdgeModel.number(setting.value))"
      }
      return "\(shape.rawValue)@\(EdgeModel.number(center?.value ?? 0))"
        + (rest.isEmpty ? "" : "[\(rest.joined(separator: ","))]")
    }
  }

  /// The terms in the order of the text.
  public var terms: [Term]

  /// A model of terms.
  public init(_ terms: [Term]) { self.terms = terms }

  /// The model as it is written.
  public var text: String { terms.map(\.text).joined(separator: "+") }

  /// Reads a model.
  public init(_ text: String) throws(ReadFailure) {
    terms = []
    for part in Self.split(text) { terms.append(try Self.term(part, of: text)) }
    guard terms.count <= 32 else {
      throw Self.failure("\(terms.count) terms", "expected at most 32")
    }
    guard terms.count(where: { $0.shape.isStep }) <= 1 else {
      throw Self.failure("two steps in '\(text)'", "expected at most one of atan and erf")
    }
  }

  private static func failure(_ found: String, _ expected: String) -> ReadFailure {
    ReadFailure("xas.fit-model", found: found, expected: expected)
  }

  /// The terms of a sum: a `+` before a letter and outside brackets parts two of them.
  private static func split(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    let letters = Array(text.filter { !$0.isWhitespace })
    for (i, letter) in letters.enumerated() {
      if letter == "[" { depth += 1 }
      if letter == "]" { depth -= 1 }
      let next = i + 1 < letters.count ? letters[i + 1] : "x"
      if letter == "+", depth == 0, next.isLetter {
        parts.append("")
      } else {
        parts[parts.count - 1].append(letter)
      }
    }
    return parts
  }

  private static func term(_ part: String, of text: String) throws(ReadFailure) -> Term {
    let halves = part.split(separator: "@", omittingEmptySubsequences: false)
    guard halves.count == 2, let shape = Shape(rawValue: halves[0].lowercased()) else {
      throw failure(
        "the term '\(part)' of '\(text)'",
        "expected atan, erf, gauss, lorentz or pvoigt, then @ and the centre in eV")
    }
    let rest = halves[1].split(separator: "[", omittingEmptySubsequences: false)
    guard let center = rest.first.flatMap(value), rest.count <= 2 else {
      throw failure("the centre of '\(part)'", "expected a number of eV after @")
    }
    var settings: [Key: Setting] = [:]
    if rest.count == 2 {
      guard rest[1].hasSuffix("]") else {
        throw failure("'\(part)'", "expected a closing bracket at the end of the term")
      }
      for item in rest[1].dropLast().split(separator: ",", omittingEmptySubsequences: false) {
        let sign = item.first { $0 == "=" || $0 == "~" }
        let words = item.split(
          omittingEmptySubsequences: false, whereSeparator: { $0 == "=" || $0 == "~" })
        guard let sign, words.count == 2, let key = Key(rawValue: words[0].lowercased()),
          shape.keys.contains(key), let number = value(words[1])
        else {
          throw failure(
            "'\(item)' in '\(part)'",
            "expected \(shape.keys.map(\.rawValue).joined(separator: ", ")) with = or ~ and a number"
          )
        }
        guard isAllowed(key, number) else {
          throw failure(
            "\(key.rawValue) \(number) in '\(part)'",
            "expected widths above 0 and a fraction from 0 to 1")
        }
        settings[key] = Setting(number, isFixed: sign == "=")
      }
    }
    return Term(shape, at: center, settings)
  }

  private static func isAllowed(_ key: Key, _ value: Double) -> Bool {
    switch key {
    case .width, .fwhm: value > 0
    case .fraction: value >= 0 && value <= 1
    default: true
    }
  }

  private static func value(_ text: Substring) -> Double? {
    guard text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }),
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }

  /// A number with at most five decimals.
  static func number(_ x: Double) -> String {
    let rounded = (x * 1e5).rounded() / 1e5
    let text = "\(x.magnitude < 1e9 && rounded != 0 ? rounded : x)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
