/// The exponents of the base quantities that a unit is made of.
///
/// The base is that of the SI (m, kg, s, A, K, mol, cd) plus the plane angle and the count of things,
/// which the SI calls 1 but which must not be mixed up with pure numbers (a count rate is no
/// frequency). Exponents are held in twelfths, so that halves, thirds, quarters and sixths are exact.
public struct Dimension: Hashable, Sendable {
  /// The base quantities, in the order of their exponents.
  public enum Base: Int, CaseIterable, Sendable {
    case length, mass, time, current, temperature, amount, luminousIntensity, angle, count

    /// The symbol of the coherent unit.
    public var symbol: String {
      switch self {
      case .length: "m"
      case .mass: "kg"
      case .time: "s"
      case .current: "A"
      case .temperature: "K"
      case .amount: "mol"
      case .luminousIntensity: "cd"
      case .angle: "rad"
      case .count: "{count}"
      }
    }
  }

  /// Exponents in twelfths, one for each ``Base``.
  private var twelfths: SIMD16<Int16>

  /// The dimension of a pure number.
  public static let one = Dimension()

  /// A pure number.
  public init() { twelfths = .zero }

  /// A base quantity to a whole power.
  public init(_ base: Base, _ exponent: Int = 1) {
    twelfths = .zero
    twelfths[base.rawValue] = Int16(clamping: exponent * 12)
  }

  /// The exponent of one base quantity, as numerator over 12.
  public func twelfths(of base: Base) -> Int { Int(twelfths[base.rawValue]) }

  /// The product of two dimensions.
  public static func * (a: Dimension, b: Dimension) -> Dimension {
    var r = a
    r.twelfths = a.twelfths &+ b.twelfths
    return r
  }

  /// The quotient of two dimensions.
  public static func / (a: Dimension, b: Dimension) -> Dimension {
    var r = a
    r.twelfths = a.twelfths &- b.twelfths
    return r
  }

  /// The dimension to a rational power; nil where an exponent is no whole number of twelfths.
  public func power(_ numerator: Int, over denominator: Int = 1) -> Dimension? {
    guard denominator != 0 else { return nil }
    var r = self
    for base in Base.allCases {
      let (product, overflow) = Int(twelfths[base.rawValue]).multipliedReportingOverflow(
        by: numerator)
      guard !overflow, product % denominator == 0, let value = Int16(exactly: product / denominator)
      else { return nil }
      r.twelfths[base.rawValue] = value
    }
    return r
  }
}

extension Dimension: CustomStringConvertible {
  /// The dimension in base units, such as `kg.s-2`; `1` for a pure number.
  public var description: String {
    var parts: [String] = []
    for base in Base.allCases {
      let e = twelfths(of: base)
      if e == 0 { continue }
      if e == 12 {
        parts.append(base.symbol)
      } else if e % 12 == 0 {
        parts.append("\(base.symbol)\(e / 12)")
      } else {
        parts.append("\(base.symbol)(\(e)/12)")
      }
    }
    return parts.isEmpty ? "1" : parts.joined(separator: ".")
  }
}
