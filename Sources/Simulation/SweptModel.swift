package import Configuration
package import Tables
package import Units

/// One number that a model gives for a case, as a column of a sweep.
package struct ModelOutput: Hashable, Sendable {
  /// What kind of number it is.
  package enum Kind: String, Sendable { case quantity, integer, flag }

  /// The key of the result, which holds the number.
  package let key: String
  /// The unit of the contract.
  package let unit: PhysicalUnit
  package let kind: Kind

  package init(_ key: String, _ unit: PhysicalUnit, _ kind: Kind = .quantity) {
    self.key = key
    self.unit = unit
    self.kind = kind
  }

  /// The number in the result of a case; nil where there is none.
  ///
  /// A flag counts as 1 or 0.
  package func number(in result: ResultObject) -> Double? {
    switch result[key] {
    case .quantity(let quantity)?: quantity.value
    case .integer(let n)?: Double(n)
    case .number(let x)? where x.isFinite: x
    case .flag(let flag)?: flag ? 1 : 0
    default: nil
    }
  }
}

/// What a model gives for one case without uncertainties: the keys of the contract, and what to know.
package struct ModelPoint: Sendable {
  /// `finished`, or why the run ended otherwise.
  package var status: String
  package var result: ResultObject
  package var diagnostics: [Diagnostic]

  package init(status: String, result: ResultObject, diagnostics: [Diagnostic]) {
    self.status = status
    self.result = result
    self.diagnostics = diagnostics
  }
}

/// A model that can be run at many points of its parameters.
package protocol SweptModel: Sendable {
  /// The keys of its configurations.
  static var schema: ConfigSchema { get }
  /// Its numbers, in the order of the columns.
  static var outputs: [ModelOutput] { get }
  /// Runs the case that the values describe, at their values: nothing is propagated.
  static func run(
    _ values: ConfigValues, files: ConfiguredFiles
  ) throws(ReadFailure) -> ModelPoint
  /// Every parameter of a case with its source.
  static func parameters(
    _ values: ConfigValues, files: ConfiguredFiles
  ) throws(ReadFailure) -> ResultObject
}
