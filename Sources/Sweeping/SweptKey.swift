package import Configuration
internal import NumericalMethods
internal import RealModule
package import Units

/// A key of the model that a sweep varies.
package struct SweptKey: Sendable {
  /// What it takes.
  package enum Course: Sendable {
    /// Each of some values in turn.
    case axis([ConfigScalar])
    /// Draws from a distribution.
    case sampled(Distribution)
  }

  /// The key of the model.
  package let key: ConfigKey
  /// The unit of its numbers; nil for words.
  package let unit: PhysicalUnit?
  package let course: Course

  /// The values of an axis; nil for a sampled key.
  package var axisValues: [ConfigScalar]? {
    if case .axis(let values) = course { return values }
    return nil
  }

  /// A value as a configuration would have it: `4.0 nm`.
  func text(_ value: ConfigScalar) -> String {
    switch value {
    case .word(let word): return word
    case .number(let number, _):
      if case .integer = key.variation { return "\(Int(exactly: number) ?? 0)" }
      guard let unit, unit.ucum != "1" else { return "\(number)" }
      return "\(number) \(unit.ucum)"
    }
  }
}

/// How the draws of a key scatter, in the unit of the key.
package enum Distribution: Sendable {
  case normal(mean: Double, sd: Double)
  /// The standard deviation over the mean is `cv`.
  case lognormal(mean: Double, cv: Double)
  case uniform(low: Double, high: Double)
  /// Lognormal, with mean and standard uncertainty of a measured value.
  case measured(ConfigReference)
  /// Lognormal, with the value and standard uncertainty that each case has itself; the cases' draws are
  /// independent of one another.
  case ownOfCases

  /// The value that a share `p` of the draws stays below; nil where a file holds the distribution.
  ///
  /// Lognormal: σ² = ln(1 + cv²), μ = ln mean − σ²/2.
  package func quantile(_ p: Double) -> Double? {
    switch self {
    case .normal(let mean, let sd): return mean + sd * normalQuantile(p)
    case .uniform(let low, let high): return low + p * (high - low)
    case .lognormal(let mean, let cv):
      let variance = Double.log(onePlus: cv * cv)
      return mean * Double.exp(variance.squareRoot() * normalQuantile(p) - variance / 2)
    case .measured, .ownOfCases: return nil
    }
  }

  /// The distribution in words, `lognormal, mean 25.0 GPa, cv 0.2`.
  package func description(unit: PhysicalUnit?) -> String {
    let unit = unit.map { $0.ucum == "1" ? "" : " " + $0.ucum } ?? ""
    switch self {
    case .normal(let mean, let sd): return "normal, mean \(mean)\(unit), sd \(sd)\(unit)"
    case .lognormal(let mean, let cv): return "lognormal, mean \(mean)\(unit), cv \(cv)"
    case .uniform(let low, let high): return "uniform, \(low)\(unit) to \(high)\(unit)"
    case .measured(let reference): return "lognormal, value and u of \(reference.source)"
    case .ownOfCases: return "lognormal, value and u of each case, drawn for each by itself"
    }
  }
}

/// How draws are spread over the distributions.
package struct Sampling: Hashable, Sendable {
  /// The design.
  package enum Method: String, Hashable, Sendable, CaseIterable {
    case latinHypercube = "latin-hypercube"
    case sobol
  }

  package var method: Method
  package var count: Int
  package var seed: UInt64
}
